"""`python -m fairlead.migrations "what changed"`: write the next script from what the schema says now."""

import sys
import tempfile
from pathlib import Path

from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import make_url

from fairlead.store.sqlite import Sqlite
from fairlead.store.upgrade import config, upgrade


def main(what: str) -> None:
    """Compare a store made by the scripts there are with the schema, and write the difference as a script to check."""
    with tempfile.TemporaryDirectory() as folder:
        database = Sqlite(make_url(f"sqlite:///{Path(folder) / 'empty.db'}"))
        upgrade(database)
        settings = config()
        number = len(list(ScriptDirectory.from_config(settings).walk_revisions())) + 1
        with database.engine().begin() as connection:
            settings.attributes["connection"] = connection
            command.revision(settings, what, autogenerate=True, rev_id=f"{number:04}")


if __name__ == "__main__":
    main(sys.argv[1])
