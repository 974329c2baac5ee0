"""`python -m fairlead.migrations "what changed"`: write the next script from what the schema says now."""

import sys
import tempfile
from pathlib import Path

from alembic import command
from alembic.script import ScriptDirectory

from fairlead.store.migration import config, upgrade
from fairlead.store.sqlite import Sqlite


def main(what: str) -> None:
    """Compare a store made by the scripts there are with the schema, and write the difference as a script to check."""
    with tempfile.TemporaryDirectory() as folder:
        database = Sqlite(Path(folder) / "empty.db")
        upgrade(database)
        settings = config()
        number = len(list(ScriptDirectory.from_config(settings).walk_revisions())) + 1
        with database.engine().begin() as connection:
            settings.attributes["connection"] = connection
            command.revision(settings, what, autogenerate=True, rev_id=f"{number:04}")


if __name__ == "__main__":
    main(sys.argv[1])
