"""Opening a store: made, upgraded, or refused in words that do not tell the password."""

import re
import shutil
import sqlite3
import ssl
import stat
import threading
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import make_url

from fairlead import frames, store
from fairlead.errors import StoreError
from fairlead.store import migration, postgresql
from fairlead.store.schema import metadata
from tests.store.conftest import QUOTED, sql
from tests.store.tables import rows

NEXT = '''
import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{last}"


def upgrade():
    """A later Fairlead."""
    op.add_column("issues", sa.Column("mood", sa.Text()))
'''


def path_of(url) -> Path:
    return Path(url.removeprefix("sqlite:///"))


@pytest.fixture
def later(monkeypatch, tmp_path):
    """Make this Fairlead one that knows one migration more."""

    def become_later():
        folder = tmp_path / "migrations"
        shutil.copytree(migration.MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
        last = max(path.name[:4] for path in (folder / "versions").glob("0*.py"))
        (folder / "versions" / "9999_later.py").write_text(NEXT.format(last=last), "utf-8")
        monkeypatch.setattr(migration, "MIGRATIONS", folder)

    return become_later


def test_an_old_store_is_upgraded_with_its_rows_and_an_old_fairlead_refuses_it(url, later, monkeypatch):
    with store.open(url) as opened:
        opened.write({"issues": rows("issues", {"id": "i1"})}, source="s", cursors={"issues": "here"})
    with monkeypatch.context():
        later()
        with store.open(url) as opened:
            assert len(opened.read().issues) == 1
    monkeypatch.undo()
    with pytest.raises(
        StoreError, match=r"newer Fairlead \(schema 9999, this one knows up to \d{4}\).*Update Fairlead"
    ):
        store.open(url)
    with store.Store(store._database(url)) as unchecked:
        assert unchecked.cursors("s") == {"issues": "here"}


def test_the_migrations_make_the_tables_that_the_code_declares(nowhere):
    store.open(nowhere).close()
    with store._database(nowhere).engine().connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": migration.VERSION_TABLE})
        differences = compare_metadata(context, metadata)
    assert differences == [], 'tables changed: run python -m fairlead.migrations "what changed" and check the script'


def test_every_declared_table_is_in_the_schema_with_its_identity():
    for name in frames.TABLES:
        assert [column.name for column in metadata.tables[name].columns] == list(frames.columns(name))
        assert {column.name for column in metadata.tables[name].primary_key} == set(frames.IDENTITY[name])


def test_a_migration_that_fails_leaves_the_store_as_it_was(nowhere, monkeypatch):
    def half(settings, _):
        settings.attributes["connection"].exec_driver_sql("create table half (n integer)")
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setattr(command, "upgrade", half)
        with pytest.raises(ZeroDivisionError):
            store.open(nowhere)
    with store.open(nowhere) as opened:
        assert opened.read().issues.empty


def test_tables_of_something_else_are_left_alone(nowhere):
    if nowhere.startswith("sqlite"):
        path_of(nowhere).parent.mkdir()
    sql(nowhere, "create table issues (n integer)")
    with pytest.raises(StoreError, match="holds tables that are not Fairlead's"):
        store.open(nowhere)
    assert sql(nowhere, "select count(*) from issues") == [(0,)]


def test_a_store_made_anew_does_not_count_from_where_the_old_one_did(tmp_path):
    versions = set()
    for name in ("a", "b"):
        with store.open(f"sqlite:///{tmp_path}/{name}.db") as opened:
            versions.add(opened.version())
    assert len(versions) == 2


def test_folder_and_files_are_for_their_owner_alone(tmp_path):
    with store.open(f"sqlite:///{tmp_path}/new/deep/fairlead.db") as opened, opened.sync_lock():
        opened.write({"issues": rows("issues", {"id": "i1"})}, source="s")
        files = sorted((tmp_path / "new/deep").iterdir())
        assert {path.suffix for path in files} == {".db", ".db-shm", ".db-wal", ".lock", ".pid"}
        assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
        assert stat.S_IMODE((tmp_path / "new/deep").stat().st_mode) == 0o700


def test_sqlite_is_set_up_to_survive_a_power_cut_and_to_be_read_while_written(tmp_path):
    with store.open(f"sqlite:///{tmp_path}/f.db") as opened, opened._connections.cursor() as cursor:
        found = []
        for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout"):
            cursor.execute(f"pragma {name}")
            found += cursor.fetchall()[0]
    assert found == ["wal", 2, 1, 30_000]


def test_a_path_with_signs_that_mean_something_elsewhere_is_only_a_path(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with store.open("sqlite:///odd %20 folder #1/it's.db") as opened:
        opened.write({}, source="s")
    assert (tmp_path / "odd %20 folder #1" / "it's.db").stat().st_size > 0


@pytest.mark.parametrize(
    "address",
    [
        "",
        "fairlead.db",
        "mysql://u:s3cret@h/d",
        "postgresql://u:s3:cret@h:port/d",
        "postgresql://u:s3@cret@127.0.0.1:1/x",
        "postgresql://u:s3@h/cret@127.0.0.1:1/x",
        "postgresql://127.0.0.1:1/x?password=s3@cret",
        "sqlite:////",
        "sqlite://",
        "sqlite:///:memory:",
    ],
)
def test_an_unfit_address_is_refused_in_words_without_quoting_it(address):
    with pytest.raises(StoreError, match=r"sqlite:///folder/fairlead\.db|cannot be opened|Is a directory") as caught:
        store.open(address)
    assert "cret" not in str(caught.value)


def test_the_database_of_another_program_is_left_exactly_as_it_is(tmp_path):
    path = tmp_path / "other.db"
    sql(f"sqlite:///{path}", "create table theirs (n integer)")
    before = path.read_bytes()
    with pytest.raises(StoreError, match="not Fairlead's"):
        store.open(f"sqlite:///{path}")
    assert path.read_bytes() == before
    assert not path.with_name("other.db-wal").exists()


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("not a database, and longer than the header of one " * 40)
    before = path.read_bytes()
    with pytest.raises(StoreError, match=r"notes\.txt: the file is not a SQLite database"):
        store.open(f"sqlite:///{path}")
    assert path.read_bytes() == before


def test_a_folder_that_cannot_be_made_is_said(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match=r"fairlead\.db: (File exists|Not a directory)"):
        store.open(f"sqlite:///{tmp_path}/file/fairlead.db")


def test_a_wrong_password_is_said_but_not_shown(server):
    wrong = server.replace(QUOTED, "hunter2")
    with pytest.raises(StoreError, match=r"postgresql://127\.0\.0\.1:\d+/postgres: the sign-in was refused") as caught:
        store.open(f"{wrong}/postgres")
    assert "hunter2" not in f"{caught.value!r} {caught.value.__cause__!r}"


def test_a_database_that_is_not_there_is_said(server):
    with pytest.raises(StoreError, match="there is no such database") as caught:
        store.open(f"{server}/absent")
    assert QUOTED not in str(caught.value)


def test_a_server_that_does_not_answer_is_said():
    with pytest.raises(StoreError, match=r"127\.0\.0\.1:1/d: nothing answers there"):
        store.open("postgresql://u:s3cret@127.0.0.1:1/d")


def test_the_password_may_come_from_the_environment(server, template, monkeypatch):
    monkeypatch.setenv("PGPASSWORD", "p@ss:w/rd")
    with store.open(f"{server.replace(f':{QUOTED}', '')}/{template}") as opened, opened.sync_lock():
        assert opened.read().issues.empty


@pytest.mark.parametrize(
    ("asked", "is_encrypted", "is_certificate_checked", "is_host_checked"),
    [
        ("", False, False, False),
        ("?sslmode=disable", False, False, False),
        ("?sslmode=require", True, False, False),
        ("?sslmode=verify-ca", True, True, False),
        ("?sslmode=verify-full", True, True, True),
    ],
)
def test_both_drivers_encrypt_as_the_address_asks(asked, is_encrypted, is_certificate_checked, is_host_checked):
    context = postgresql._encryption(make_url(f"postgresql://u@h/d{asked}"))
    assert (context is not None) == is_encrypted
    assert (context is not None and context.verify_mode == ssl.CERT_REQUIRED) == is_certificate_checked
    assert (context is not None and context.check_hostname) == is_host_checked


def test_a_failed_write_says_nothing_of_its_values_and_the_store_works_on(opened):
    sql_to_break = "drop table issue_labels"
    with opened._connections.cursor() as cursor:
        cursor.execute(sql_to_break)
        cursor.fetchall()
    version = opened.version()
    tables = {
        "issues": rows("issues", {"id": "i1"}),
        "issue_labels": rows("issue_labels", {"issue": "i1", "label": "hush"}),
    }
    with pytest.raises(StoreError, match="the database refused") as caught:
        opened.write(tables, source="s")
    assert not re.search("hush|i1|insert", str(caught.value), re.IGNORECASE)
    assert opened.version() == version
    assert opened.read(tables=["issues"]).issues.empty


def test_threads_share_a_store(opened):
    def work(name):
        for n in range(5):
            opened.write({"issues": rows("issues", {"id": f"{name}{n}"})}, source="s")
            opened.read(tables=["issues"])

    threads = [threading.Thread(target=work, args=(name,)) for name in "abc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(opened.read().issues) == 15


def test_only_one_sqlite_library_holds_the_file_while_the_store_is_open(tmp_path, monkeypatch):
    """Two in one process do not see each other's locks; Python's own is for migrations and the lock beside the file."""
    store.open(f"sqlite:///{tmp_path}/f.db").close()
    connected = []
    real = sqlite3.connect
    monkeypatch.setattr(
        sqlite3,
        "connect",
        lambda path, *given, **more: (connected.append(Path(path).name), real(path, *given, **more))[1],
    )
    with store.open(f"sqlite:///{tmp_path}/f.db") as opened, opened.sync_lock():
        opened.write({"issues": rows("issues", {"id": "i1"})}, source="s", cursors={"a": "b"})
        opened.read()
    assert connected == ["f.db.lock"]


def test_what_a_killed_writer_left_in_the_log_is_there_for_the_next(tmp_path):
    """The log beside the file holds what was committed; a copy of both is a store."""
    with store.open(f"sqlite:///{tmp_path}/f.db") as opened:
        opened.write({"issues": rows("issues", {"id": "i1"})}, source="s")
        shutil.copytree(tmp_path, tmp_path.parent / f"{tmp_path.name}-copy")
    with closing(store.open(f"sqlite:///{tmp_path.parent / f'{tmp_path.name}-copy'}/f.db")) as copied:
        assert len(copied.read().issues) == 1
