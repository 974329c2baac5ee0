"""Bring a store to the schema this Fairlead knows, or refuse it in words."""

import threading
from contextlib import closing
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from fairlead.errors import StoreError
from fairlead.store.database import PATIENCE_MS, Database, in_words
from fairlead.store.schema import metadata

MIGRATIONS = Path(__file__).parents[1] / "migrations"
VERSION_TABLE = "fairlead_schema"

_TABLES_THERE = {
    "sqlite": "select name from sqlite_master where type = 'table'",
    "postgresql": "select tablename::text from pg_tables where schemaname = current_schema()",
}
_ONE_AT_A_TIME = threading.Lock()


def upgrade(database: Database) -> None:
    """Create or migrate the tables where needed, all in one transaction.

    Raises:
        StoreError: the store was written by a newer Fairlead, or the tables in it are not Fairlead's.
    """
    with _ONE_AT_A_TIME, in_words(database.where):
        if _is_current(database):
            return
        with database.sync_lock(patience_ms=PATIENCE_MS):
            if not _is_current(database):
                _migrate(database)


def _migrate(database: Database) -> None:
    engine = database.engine()
    with engine.begin() as connection:
        settings = config()
        settings.attributes["connection"] = connection
        command.upgrade(settings, "head")


def config() -> Config:
    """Alembic's settings, without a file."""
    settings = Config()
    settings.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    settings.set_main_option("path_separator", "os")
    return settings


def _is_current(database: Database) -> bool:
    script = ScriptDirectory.from_config(config())
    found = _revision(database)
    known = {each.revision for each in script.walk_revisions()}
    if found is not None and found not in known:
        raise StoreError(
            f"{database.where}: was written by a newer Fairlead (schema {found}, this one knows up to "
            f"{script.get_current_head()}). Update Fairlead; nothing was changed."
        )
    return found == script.get_current_head()


def _revision(database: Database) -> str | None:
    """The schema the store is at; none where it is empty."""
    with closing(database.connect()) as connection, connection.cursor() as cursor:
        cursor.execute(_TABLES_THERE[database.dialect])
        there = {name for (name,) in cursor.fetchall()}
        if VERSION_TABLE in there:
            cursor.execute(f"select version_num from {VERSION_TABLE}")  # noqa: S608 (a constant)
            return str(cursor.fetchall()[0][0])
    is_foreign = there if database.dialect == "sqlite" else there & set(metadata.tables)
    if is_foreign:
        raise StoreError(
            f"{database.where}: holds tables that are not Fairlead's. Name an empty place in [store] url; "
            "nothing was changed."
        )
    return None
