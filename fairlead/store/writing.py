"""Frames → store: a batch is laid beside the tables, then put into them by a few statements."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
from adbc_driver_manager.dbapi import Cursor
from sqlalchemy import Table

from fairlead import frames, observed
from fairlead.store import statements, values
from fairlead.store.database import fetch, run
from fairlead.store.schema import CHILDREN, CURSORS, MILESTONES_SEEN, TABLES


@dataclass(frozen=True)
class Batch:
    """What one transaction writes, checked."""

    frames: dict[str, pd.DataFrame]
    cursors: pd.DataFrame


def batch(tables: Mapping[str, pd.DataFrame], *, source: str, cursors: Mapping[str, str | None]) -> Batch:
    """Conform the tables and lay out the cursors. Raises `FrameError`."""
    conformed = {name: frames.conform(name, values.without_nul(table)) for name, table in tables.items()}
    kept = [(source, stream, cursor) for stream, cursor in cursors.items() if cursor is not None]
    return Batch(conformed, pd.DataFrame(kept, columns=["source", "stream", "cursor"], dtype="str"))


def write(cursor: Cursor, batch: Batch, *, observed_at: pd.Timestamp | None, dialect: str) -> None:
    """Write a batch within the transaction at hand."""
    # First, because it makes other writers wait: nobody else can change what is compared and replaced below.
    run(cursor, "update counters set value = value + 1")
    for name, rows in batch.frames.items():
        _lay(cursor, TABLES[name], rows, dialect)
    if observed_at is not None and "milestones" in batch.frames and "milestone_changes" not in batch.frames:
        _observe(cursor, batch.frames["milestones"], observed_at, dialect)
    for statement in _forgetting(batch.frames, dialect):
        run(cursor, statement)
    for name in batch.frames:
        _put(cursor, TABLES[name], dialect)
    _lay(cursor, CURSORS, batch.cursors, dialect)
    _put(cursor, CURSORS, dialect)


def _lay(cursor: Cursor, into: Table, rows: pd.DataFrame, dialect: str) -> None:
    """Lay rows beside the table they are for."""
    laid = values.to_arrow(rows, dialect=dialect)
    cursor.adbc_ingest(statements.incoming(into.name), laid, mode="create", temporary=True)


def _put(cursor: Cursor, into: Table, dialect: str, updated: tuple[str, ...] | None = None) -> None:
    """Put what was laid beside a table into it."""
    run(cursor, statements.upsert(into, dialect, updated))
    run(cursor, f"drop table {statements.incoming(into.name)}")


def _forgetting(given: Mapping[str, pd.DataFrame], dialect: str) -> list[str]:
    return [
        statements.forget_children(child, parent, by, dialect)
        for parent, children in CHILDREN.items()
        for child, by in children.items()
        if parent in given and child in given
    ]


def _observe(cursor: Cursor, milestones: pd.DataFrame, observed_at: pd.Timestamp, dialect: str) -> None:
    """Write what has changed since the milestones were last observed, and that they were observed now."""
    stored = fetch(cursor, statements.milestones_before(dialect), dialect=dialect)
    before = values.to_frame("milestones", stored, observed_at="datetime64[us, UTC]")
    _lay(cursor, TABLES["milestone_changes"], observed.changes(before, milestones, observed_at=observed_at), dialect)
    # Two observations of one instant: the later value counts, what was there before stays what it was.
    _put(cursor, TABLES["milestone_changes"], dialect, updated=("new",))
    now = observed.instants(before, milestones, observed_at=observed_at)
    _lay(cursor, MILESTONES_SEEN, now[["milestone", "observed_at"]], dialect)
    _put(cursor, MILESTONES_SEEN, dialect)
