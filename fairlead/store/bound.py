"""Single statements with values in them: the values are always bound, never written into the SQL."""

import pyarrow as pa
from adbc_driver_manager.dbapi import Cursor
from sqlalchemy import Select
from sqlalchemy.sql import ClauseElement

from fairlead.store import statements, values


def change(cursor: Cursor, statement: ClauseElement, *, dialect: str) -> int:
    """Run a statement that changes rows; how many it changed."""
    text, taken = statements.bound(statement, dialect)
    row = pa.table({name: values.bound(value, dialect=dialect) for name, value in taken.items()})
    cursor.executemany(text, row)
    return cursor.rowcount


def texts(cursor: Cursor, chosen: Select[str], *, dialect: str) -> list[str]:
    """The texts that a statement of one column asks for."""
    text, taken = statements.bound(chosen, dialect)
    cursor.execute(text, tuple(taken.values()) or None)
    return [found for (found,) in cursor.fetchall()]
