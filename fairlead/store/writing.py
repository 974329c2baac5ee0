"""Frames → store: a batch is laid beside the tables, then put into them by a few statements."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace

import pandas as pd
from adbc_driver_manager.dbapi import Cursor
from sqlalchemy import Table

from fairlead import frames, observed
from fairlead.store import erasing, statements, values
from fairlead.store.database import fetch, run
from fairlead.store.schema import CHILDREN, CURSORS, ITEMS, MILESTONES_SEEN, TABLES

COUNTED = "update counters set value = value + 1 where name = '{}'"


@dataclass(frozen=True)
class Batch:
    """What one transaction writes, checked.

    `kept` names the columns in which rows that are there already stay as they are, by table; the rows of the tables in
    `replaced` take the place of all that are there, those of the tables in `whole` of all that belong to the owner
    named; `is_edition` says that it finishes something worth showing.
    """

    frames: dict[str, pd.DataFrame]
    cursors: pd.DataFrame
    observed_at: pd.Timestamp | None = None
    kept: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    replaced: Collection[str] = ()
    whole: Mapping[str, str] = field(default_factory=dict)
    is_edition: bool = False


def conformed(tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The tables as the store can hold them. Raises `FrameError`."""
    return {name: frames.conform(name, values.holdable(name, table)) for name, table in tables.items()}


def cursor_rows(source: str, cursors: Mapping[str, str | None]) -> pd.DataFrame:
    """The cursors to store; those of `None` stay as they are."""
    kept = [(source, stream, cursor) for stream, cursor in cursors.items() if cursor is not None]
    return pd.DataFrame(kept, columns=["source", "stream", "cursor"], dtype="str")


def write(cursor: Cursor, batch: Batch, *, dialect: str) -> None:
    """Write a batch within the transaction at hand."""
    # First, because it makes other writers wait: nobody else can change what is compared and replaced below.
    count(cursor, is_edition=batch.is_edition)
    batch = replace(batch, frames=erasing.keep_out(cursor, batch.frames, dialect=dialect))
    laid = [name for name, rows in batch.frames.items() if len(rows)]
    for name in laid:
        _lay(cursor, TABLES[name], batch.frames[name], dialect)
    if batch.observed_at is not None and "milestones" in laid and "milestone_changes" not in batch.frames:
        _observe(cursor, batch.frames["milestones"], batch.observed_at, dialect)
    for statement in _forgetting(batch, laid, dialect):
        run(cursor, statement)
    for name, owner in batch.whole.items():
        run(cursor, statements.forget_owned(name, dialect), owner)
    for name in laid:
        _put(cursor, TABLES[name], dialect, _updated(name, batch.kept))
    if len(batch.cursors):
        _lay(cursor, CURSORS, batch.cursors, dialect)
        _put(cursor, CURSORS, dialect)


def count(cursor: Cursor, *, is_edition: bool) -> None:
    """Raise the version, and the edition where something worth showing is finished. Other writers wait from here on."""
    run(cursor, COUNTED.format("version"))
    if is_edition:
        run(cursor, COUNTED.format("edition"))


def _lay(cursor: Cursor, into: Table, rows: pd.DataFrame, dialect: str) -> None:
    """Lay rows beside the table they are for."""
    laid = values.to_arrow(rows, dialect=dialect)
    cursor.adbc_ingest(statements.incoming(into.name), laid, mode="create", temporary=True)


def _put(cursor: Cursor, into: Table, dialect: str, updated: tuple[str, ...] | None = None) -> None:
    """Put what was laid beside a table into it."""
    run(cursor, statements.upsert(into, dialect, updated))
    run(cursor, f"drop table {statements.incoming(into.name)}")


def _updated(name: str, kept: Mapping[str, tuple[str, ...]]) -> tuple[str, ...] | None:
    """The columns that rows which are there take from the batch; none named means all."""
    return tuple(column for column in frames.columns(name) if column not in kept[name]) if name in kept else None


def _forgetting(batch: Batch, laid: Collection[str], dialect: str) -> Iterator[str]:
    """What has to go before the batch can be put: replaced tables, gone items, children of items that come anew."""
    yield from (f"delete from {TABLES[name].name}" for name in batch.replaced)  # noqa: S608 (our own names)
    if "tombstones" in laid:
        yield from (statements.forget_gone(name, by, dialect) for name, by in _held_by_items())
    for parent, children in CHILDREN.items():
        if parent in laid:
            known = [child for child in children if child in batch.frames]
            yield from (statements.forget_children(child, parent, children[child], dialect) for child in known)
    yield from (statements.forget_tombstones(name, dialect) for name in ITEMS if name in laid)


def _held_by_items() -> Iterator[tuple[str, str]]:
    """The tables of items and of what hangs on them, with the column that holds the item's id."""
    for item in ITEMS:
        yield item, "id"
        yield from CHILDREN.get(item, {}).items()


def _observe(cursor: Cursor, milestones: pd.DataFrame, observed_at: pd.Timestamp, dialect: str) -> None:
    """Write what has changed since the milestones were last observed, and that they were observed now."""
    stored = fetch(cursor, statements.milestones_before(dialect), dialect=dialect)
    before = values.to_frame("milestones", stored, observed_at="datetime64[us, UTC]")
    changed = observed.changes(before, milestones, observed_at=observed_at)
    if len(changed):
        _lay(cursor, TABLES["milestone_changes"], changed, dialect)
        # Two observations of one instant: the later value counts, what was there before stays what it was.
        _put(cursor, TABLES["milestone_changes"], dialect, updated=("new",))
    now = observed.instants(before, milestones, observed_at=observed_at)
    _lay(cursor, MILESTONES_SEEN, now[["milestone", "observed_at"]], dialect)
    _put(cursor, MILESTONES_SEEN, dialect)
