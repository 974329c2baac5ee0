"""Store → frames: whole columns at a time, through Arrow."""

from collections.abc import Sequence

import pyarrow as pa
from adbc_driver_manager.dbapi import Cursor

from fairlead import frames, keys
from fairlead.frames import Frames
from fairlead.store import statements, values
from fairlead.store.database import fetch


def tables(cursor: Cursor, projects: Sequence[str], names: Sequence[str], *, dialect: str) -> dict[str, pa.Table]:
    """The named tables as the database holds them."""
    return {name: fetch(cursor, *statements.rows(name, projects, dialect), dialect=dialect) for name in names}


def as_frames(found: dict[str, pa.Table]) -> Frames:
    """The tables as frames; what was not read is empty.

    They passed `frames.conform` when they were written and are not checked again: at a million pull requests that
    would take longer than reading them.
    """
    typed = {name: values.to_frame(name, found.get(name, values.nothing(name))) for name in frames.TABLES}
    return Frames(**keys.encode(typed, {name: frames.key_columns(name) for name in frames.TABLES}))
