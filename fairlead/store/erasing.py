"""Erase a person from every table, and keep them out of what is written later."""

from collections.abc import Callable, Collection, Iterator, Mapping

import pandas as pd
from adbc_driver_manager.dbapi import Cursor
from sqlalchemy import Column, delete, select, update
from sqlalchemy.sql.dml import UpdateBase

from fairlead import forgetting
from fairlead.errors import StoreError
from fairlead.forgetting import Erased, Traces
from fairlead.store import statements, values
from fairlead.store.bound import change, texts
from fairlead.store.database import fetch
from fairlead.store.schema import ACCESS_LOG, CONSTANTS, FORGOTTEN, SHARED_LINKS, TABLES

KNOWING = ("accounts", "people")
"""The tables that say who is who."""


def salt(cursor: Cursor, *, dialect: str) -> str:
    """The store's salt. Raises `StoreError` where somebody has taken it out."""
    found = texts(cursor, select(CONSTANTS.c.value).where(CONSTANTS.c.name == "salt"), dialect=dialect)
    if not found:
        raise StoreError("store: its salt is gone. Restore a copy of the store.")
    return found[0]


def traces(cursor: Cursor, person: str, emails: Collection[str], *, dialect: str) -> Traces:
    """By what is the person known? Raises `StoreError` where nobody or several are."""
    found = {name: fetch(cursor, statements.whole(TABLES[name], dialect), dialect=dialect) for name in KNOWING}
    accounts, people = (values.to_frame(name, found[name]) for name in KNOWING)
    return forgetting.traces(person, accounts, people, emails=emails)


def erase(cursor: Cursor, found: Traces, at: pd.Timestamp, *, dialect: str) -> Erased:
    """Erase a person within the transaction at hand."""
    own = salt(cursor, dialect=dialect)
    for each in found.ids:
        kept = {"hash": forgetting.digest(each, own), "at": at}
        change(cursor, statements.add(FORGOTTEN, kept, dialect), dialect=dialect)
    rows = {name: _erased(cursor, name, found, dialect) for name in TABLES}
    for ghost in forgetting.ghosts(found.accounts["id"], found.accounts["source"]).to_dict("records"):
        stands = {str(name): each for name, each in ghost.items() if pd.notna(each)}
        change(cursor, statements.add(TABLES["accounts"], stands, dialect), dialect=dialect)
    n_chosen = _replaced(cursor, ACCESS_LOG.c.view, found.are_chosen, dialect)
    n_named = _replaced(cursor, SHARED_LINKS.c.name, found.is_theirs, dialect)
    return Erased(
        len(found.accounts),
        {name: n for name, n in rows.items() if n},
        _replaced(cursor, ACCESS_LOG.c.who, found.is_theirs, dialect) + n_chosen,
        _replaced(cursor, SHARED_LINKS.c.made_by, found.is_theirs, dialect) + n_named,
    )


def keep_out(cursor: Cursor, tables: Mapping[str, pd.DataFrame], *, dialect: str) -> dict[str, pd.DataFrame]:
    """Conformed tables without whoever was forgotten; as they are where nobody was."""
    forgotten = frozenset(texts(cursor, select(FORGOTTEN.c.hash), dialect=dialect))
    if not forgotten:
        return dict(tables)
    return forgetting.without(tables, forgotten, salt(cursor, dialect=dialect))


def _erased(cursor: Cursor, name: str, found: Traces, dialect: str) -> int:
    """Erase a person from a table; in how many places they were. What is put in their place is not counted."""
    done = [(each, change(cursor, each, dialect=dialect)) for each in _erasing(name, found, dialect)]
    return sum(n for each, n in done if not each.is_insert)


def _erasing(name: str, found: Traces, dialect: str) -> Iterator[UpdateBase]:
    """People go, accounts go, and ghosts stand where accounts stood."""
    table = TABLES[name]
    if name == "accounts":
        yield delete(table).where(table.c.id.in_([*found.accounts["id"]]))
        return
    yield from (delete(table).where(table.c[each].in_(found.people)) for each in forgetting.of_people(name))
    for ghost, ids in found.accounts.groupby(found.accounts["id"].map(forgetting.ghost))["id"]:
        for column in forgetting.of_accounts(name):
            yield from statements.rename(name, column, [*ids], str(ghost), dialect)


def _replaced(cursor: Cursor, column: Column[str], is_theirs: Callable[[str], bool], dialect: str) -> int:
    """Take what names the person out of a column of texts; in how many rows."""
    held = texts(cursor, select(column).distinct(), dialect=dialect)
    theirs = [each for each in held if is_theirs(each)]
    if not theirs:
        return 0
    taken = update(column.table).where(column.in_(theirs)).values({column.name: forgetting.NAME})
    return change(cursor, taken, dialect=dialect)
