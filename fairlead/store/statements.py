"""SQL, built by SQLAlchemy for the dialect at hand."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Dialect,
    FromClause,
    Select,
    Table,
    bindparam,
    column,
    delete,
    literal,
    literal_column,
    select,
    table,
    true,
    union_all,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql import ClauseElement
from sqlalchemy.sql.dml import UpdateBase

from fairlead.store import schema

DIALECTS: dict[str, Dialect] = {
    "sqlite": sqlite.dialect(),
    "postgresql": postgresql.dialect(paramstyle="numeric_dollar"),  # type: ignore[no-untyped-call]  # it has no types
}
_INSERTS: dict[str, Callable[[Table], Any]] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
_FIRST = {"TEXT": "''", "BIGINT": "0", "BOOLEAN": "0", "DOUBLE": "0.5"}
"""A value of each SQLite type; see `_typed`."""


def incoming(name: str) -> str:
    """The temporary table that holds a batch's rows of a table."""
    return f"incoming_{name}"


@cache
def upsert(into: Table, dialect: str, updated: tuple[str, ...] | None = None) -> str:
    """Put the incoming rows into a table; rows that are there take the new values, of `updated` alone where given."""
    batch = _batch(into)
    named = [each.name for each in into.c]
    # Without a condition SQLite reads "on conflict" as part of a join.
    statement = _INSERTS[dialect](into).from_select(named, select(*(batch.c[each] for each in named)).where(true()))
    key = [each.name for each in into.primary_key]
    changed = [each for each in named if each not in key and (updated is None or each in updated)]
    if not changed:
        return _text(statement.on_conflict_do_nothing(index_elements=key), dialect)
    values = {each: statement.excluded[each] for each in changed}
    return _text(statement.on_conflict_do_update(index_elements=key, set_=values), dialect)


@cache
def forget_children(child: str, parent: str, by: str, dialect: str) -> str:
    """Delete the rows of a child table that belong to the incoming parents."""
    batch = _batch(schema.TABLES[parent])
    return _text(delete(schema.TABLES[child]).where(schema.TABLES[child].c[by].in_(select(batch.c.id))), dialect)


@cache
def forget_owned(name: str, dialect: str) -> str:
    """Delete the rows of a table that belong to the owner given as parameter."""
    owned = schema.TABLES[name]
    return _text(delete(owned).where(owned.c[schema.OWNED[name]] == bindparam("owner")), dialect)


@cache
def forget_gone(name: str, by: str, dialect: str) -> str:
    """Delete the rows of a table whose column names an incoming tombstone."""
    found, gone = schema.TABLES[name], _batch(schema.TABLES["tombstones"])
    return _text(delete(found).where(found.c[by].in_(select(gone.c.id))), dialect)


@cache
def forget_tombstones(of: str, dialect: str) -> str:
    """Delete the tombstones of incoming items: they are back."""
    stones = schema.TABLES["tombstones"]
    return _text(delete(stones).where(stones.c.id.in_(select(_batch(schema.TABLES[of]).c.id))), dialect)


@cache
def milestones_before(dialect: str) -> str:
    """The incoming milestones as they are stored, where they were observed before, and when."""
    stored, seen, batch = schema.TABLES["milestones"], schema.MILESTONES_SEEN, _batch(schema.TABLES["milestones"])
    known = select(*stored.c, seen.c.observed_at).join(seen, seen.c.milestone == stored.c.id)
    return _text(_typed(known.where(stored.c.id.in_(select(batch.c.id))), dialect), dialect)


def rows(name: str, projects: Sequence[str], dialect: str) -> tuple[str, tuple[str, ...]]:
    """All rows of a table, or those of some projects; the statement and its parameters."""
    source = schema.TABLES[name]
    if not projects:
        return _text(_typed(select(*source.c), dialect), dialect), ()
    if "project" in source.c:
        chosen = select(*source.c).where(source.c.project.in_(projects))
    elif name in schema.SCOPED_BY:
        parent, by = schema.SCOPED_BY[name]
        of = schema.TABLES[parent]
        chosen = select(*source.c).where(source.c[by].in_(select(of.c.id).where(of.c.project.in_(projects))))
    else:
        return rows(name, (), dialect)
    return _text(_typed(chosen, dialect), dialect), tuple(projects)


@cache
def whole(source: Table, dialect: str) -> str:
    """All rows of a table, of frames or not."""
    return _text(_typed(select(*source.c), dialect), dialect)


def bound(statement: ClauseElement, dialect: str) -> tuple[str, dict[str, Any]]:
    """A statement with values in it as one without; and the values, in the order in which it takes them."""
    compiled = statement.compile(dialect=DIALECTS[dialect], compile_kwargs={"render_postcompile": True})
    taken = compiled.params
    return str(compiled), {name: taken[name] for name in getattr(compiled, "positiontup", None) or ()}


def rename(name: str, by: str, ids: Sequence[str], to: str, dialect: str) -> Iterator[UpdateBase]:
    """Put one id into the place of several in a column; rows that become one row are one."""
    of, held = schema.TABLES[name], schema.TABLES[name].c[by]
    if not held.primary_key:
        yield update(of).where(held.in_(ids)).values({by: to})
        return
    moved = select(*(literal(to).label(by) if each is held else each for each in of.c)).where(held.in_(ids))
    yield _INSERTS[dialect](of).from_select([each.name for each in of.c], moved).on_conflict_do_nothing()
    yield delete(of).where(held.in_(ids))


def add(into: Table, row: Mapping[str, object], dialect: str) -> UpdateBase:
    """Put a row into a table, unless there is one of its identity."""
    added: UpdateBase = _INSERTS[dialect](into).values(row).on_conflict_do_nothing()
    return added


def ids(name: str, project: str, dialect: str) -> tuple[str, tuple[str, ...]]:
    """The ids of a project's rows in a table, of all where the table knows no projects; and the parameters."""
    source = schema.TABLES[name]
    if "project" not in source.c:
        return _text(select(source.c.id), dialect), ()
    return _text(select(source.c.id).where(source.c.project.in_([project])), dialect), (project,)


def _typed(chosen: Select[Any], dialect: str) -> ClauseElement:
    """SQLite's columns have no type of their own and the driver takes the first rows': the first row shows it here.

    `database.fetch` takes that row off again.
    """
    if dialect != "sqlite":
        return chosen
    kinds = [each.type.dialect_impl(DIALECTS[dialect]).compile(DIALECTS[dialect]) for each in chosen.selected_columns]
    first: list[ColumnElement[Any]] = [
        literal_column(_FIRST[kind]).label(each.name) for kind, each in zip(kinds, chosen.selected_columns, strict=True)
    ]
    return union_all(select(*first), chosen)


def _batch(of: Table) -> FromClause:
    return table(incoming(of.name), *(column(each.name) for each in of.c))


def _text(statement: ClauseElement, dialect: str) -> str:
    return str(statement.compile(dialect=DIALECTS[dialect], compile_kwargs={"render_postcompile": True}))
