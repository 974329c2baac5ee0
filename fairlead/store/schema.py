"""The database's tables, made from `fairlead.frames`, and the few that only the store needs.

A change here or in `fairlead.frames` needs a migration (`python -m fairlead.migrations "what changed"`); a test
compares the two.
"""

from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Date, DateTime, Double, Index, MetaData, Table, Text
from sqlalchemy.types import TypeEngine

from fairlead import frames

CHILDREN = {
    "issues": {
        "issue_labels": "issue",
        "issue_assignees": "issue",
        "issue_milestones": "issue",
        "issue_links": "issue",
        "issue_events": "issue",
        "board_items": "issue",
    },
    "pull_requests": {
        "pull_request_labels": "pull_request",
        "pull_request_issues": "pull_request",
        "pull_request_events": "pull_request",
        "reviews": "pull_request",
        "comments": "pull_request",
        "files": "pull_request",
    },
    "milestones": {"past_forecasts": "milestone"},
    "teams": {"team_accounts": "team"},
}
"""Parent → its child tables and their column that names the parent. Children are replaced whole with their parent."""

OWNED = {"board_items": "board", "sync_runs": "source"}
"""Tables read whole by owner → the column that names the owner, who needs no row of its own to have none of these."""

ITEMS = ("issues", "pull_requests", "milestones")
"""The tables whose rows a source can hold no longer; tombstones stand for those."""

SCOPED_BY = {child: (parent, CHILDREN[parent][child]) for parent in ITEMS for child in CHILDREN[parent]} | {
    "milestone_changes": ("milestones", "milestone")
}
"""Tables without a project of their own: the parent that has one, and the column that names the parent."""

_TYPES: dict[str, TypeEngine[Any]] = {
    "string[pyarrow]": Text(),
    "Int64": BigInteger(),
    "float64": Double(),
    "bool": Boolean(),
    # SQLite has neither instants nor days: microseconds since 1970 and YYYY-MM-DD compare and sort as they should.
    "datetime64[us, UTC]": DateTime(timezone=True).with_variant(BigInteger(), "sqlite"),
    "datetime64[us]": Date().with_variant(Text(), "sqlite"),
}

metadata = MetaData(naming_convention={"pk": "pk_%(table_name)s", "ix": "ix_%(table_name)s_%(column_0_name)s"})


def _table(name: str) -> Table:
    key = frames.IDENTITY[name]
    columns = [
        Column(column, _TYPES[str(spec.dtype)], primary_key=column in key, nullable=bool(spec.nullable))
        for column, spec in frames.columns(name).items()
    ]
    # Rows of several key columns are short and read by their first: SQLite keeps them in that order, without a copy.
    return Table(name, metadata, *columns, sqlite_with_rowid=len(key) == 1)


TABLES: dict[str, Table] = {name: _table(name) for name in frames.TABLES}

for _name, (_, _column) in SCOPED_BY.items():
    if frames.IDENTITY[_name][0] != _column:
        Index(None, TABLES[_name].c[_column])
for _each in TABLES.values():
    if "project" in _each.c:
        Index(None, _each.c.project)

CURSORS = Table(
    "cursors",
    metadata,
    Column("source", Text, primary_key=True),
    Column("stream", Text, primary_key=True),
    Column("cursor", Text, nullable=False),
    sqlite_with_rowid=False,
)
"""Where each source goes on from, by stream."""

MILESTONES_SEEN = Table(
    "milestones_seen",
    metadata,
    Column("milestone", Text, primary_key=True),
    Column("observed_at", _TYPES["datetime64[us, UTC]"], nullable=False),
    sqlite_with_rowid=False,
)
"""When each milestone was last observed, changed or not: before that, a change seen now cannot have happened."""

COUNTERS = Table(
    "counters",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
"""`version` is raised by every transaction that writes, `edition` by those that finish something worth showing."""

ACCESS_LOG = Table(
    "access_log",
    metadata,
    Column("at", _TYPES["datetime64[us, UTC]"], nullable=False, index=True),
    Column("who", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("view", Text, nullable=False),
)
"""Who looked at what, and when. Nothing tells two looks of one instant apart, and nothing needs to."""

SHARED_LINKS = Table(
    "shared_links",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("report", Text, nullable=False),
    Column("choices", Text, nullable=False),
    Column("titles", Boolean, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("made_at", _TYPES["datetime64[us, UTC]"], nullable=False),
    Column("expires_at", _TYPES["datetime64[us, UTC]"], nullable=False),
    Column("revoked_at", _TYPES["datetime64[us, UTC]"]),
)
"""The links to one report that leads have made; `choices` is a JSON object of texts."""

FORGOTTEN = Table(
    "forgotten",
    metadata,
    Column("hash", Text, primary_key=True),
    Column("at", _TYPES["datetime64[us, UTC]"], nullable=False),
    sqlite_with_rowid=False,
)
"""Account and person ids that must not come back, as `forgetting.digest` makes them, and when they were erased."""

CONSTANTS = Table(
    "constants",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
    sqlite_with_rowid=False,
)
"""What is decided once, when the table is made: `salt`."""
