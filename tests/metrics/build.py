"""Rows for tests: name what matters, the rest is missing or harmless. Every table comes back conformed."""

from collections import defaultdict
from typing import Any

import pandas as pd

from fairlead import keys
from fairlead.frames import TABLES, columns, conform, empty, key_columns

Row = dict[str, Any]

LONG_AGO = pd.Timestamp("2020-01-01T00:00Z")
PARENTS = {"issue_events": "issue", "pull_request_events": "pull_request"}


def utc(text: str) -> pd.Timestamp:
    """`utc("2024-01-05")`, `utc("2024-01-05 16:30")`: an instant in UTC."""
    return pd.Timestamp(text, tz="UTC").as_unit("us")


def day(text: str) -> pd.Timestamp:
    """A whole day, without a zone."""
    return pd.Timestamp(text).as_unit("us")


def frame(name: str, rows: list[Row]) -> pd.DataFrame:
    """The table of those rows, conformed. Text in instant columns is read as UTC.

    Unnamed optional columns are missing. Unnamed required ones get a default: `id` and `key` are numbered, `seq`
    counts on within its item in the order given, instants lie in 2020, texts are the column's name.
    """
    if not rows:
        return empty(name)
    unknown = sorted({column for row in rows for column in row} - set(columns(name)))
    assert not unknown, f"{name} has no column {', '.join(unknown)}"
    return conform(name, pd.DataFrame([_filled(name, row, number) for number, row in enumerate(_counted(name, rows))]))


def encoded(**tables: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The same tables with ids as codes over one shared dictionary, as the store gives them."""
    return keys.encode(tables, {name: key_columns(name) for name in tables})


def shuffled(table: pd.DataFrame, seed: int = 1) -> pd.DataFrame:
    """The same rows in another order."""
    return table.sample(frac=1, random_state=seed)


def table_of(name: str):
    """A builder for one table: `table_of("reviews")(dict(author="a"), dict(author="b"))`."""
    assert name in TABLES
    return lambda *rows: frame(name, list(rows))


issues = table_of("issues")
issue_events = table_of("issue_events")
pull_requests = table_of("pull_requests")
pull_request_events = table_of("pull_request_events")
reviews = table_of("reviews")
milestones = table_of("milestones")
milestone_changes = table_of("milestone_changes")
accounts = table_of("accounts")
people = table_of("people")
time_off = table_of("time_off")


def issue(number: str, **values: Any) -> Row:
    """An issue, open and not started unless told otherwise."""
    return {"id": number, "key": number, "status_category": "todo", **values}


def pull_request(number: str, **values: Any) -> Row:
    """A pull request, open and ready unless told otherwise; `merged_at` or `closed_at` set its state."""
    state = "merged" if values.get("merged_at") else "closed" if values.get("closed_at") else "open"
    return {"id": number, "key": number, "state": state, **values}


def moved(item: str, at: str, new: str, old: str | None = None, **values: Any) -> Row:
    """An issue changes its status category."""
    return {"issue": item, "at": at, "field": "status_category", "old": old, "new": new, **values}


def added(item: str, at: str, value: str, field: str = "milestone", **values: Any) -> Row:
    """An issue gets a milestone (or assignee, label)."""
    return {"issue": item, "at": at, "field": field, "new": value, **values}


def removed(item: str, at: str, value: str, field: str = "milestone", **values: Any) -> Row:
    """An issue loses a milestone (or assignee, label)."""
    return {"issue": item, "at": at, "field": field, "old": value, **values}


def happened(item: str, at: str, kind: str, subject: str | None = None, **values: Any) -> Row:
    """Something happens to a pull request."""
    return {"pull_request": item, "at": at, "kind": kind, "subject": subject, **values}


def _counted(name: str, rows: list[Row]) -> list[Row]:
    """Histories get their position in the order given."""
    if name not in PARENTS:
        return rows
    seen: dict[Any, int] = defaultdict(int)
    counted = []
    for row in rows:
        item = row[PARENTS[name]]
        counted.append({"seq": seen[item], **row})
        seen[item] += 1
    return counted


def _filled(name: str, row: Row, number: int) -> Row:
    """One row with every declared column."""
    filled = {}
    for column, spec in columns(name).items():
        value = row.get(column, None if spec.nullable else _default(name, column, number))
        filled[column] = utc(value) if isinstance(value, str) and _is_instant(spec) else value
    return filled


def _default(name: str, column: str, number: int) -> Any:
    spec = columns(name)[column]
    kind = str(spec.dtype)
    if column in {"id", "key"}:
        return f"{name}-{number}"
    if _is_instant(spec):
        return LONG_AGO
    if kind in {"bool", "Int64", "float64"}:
        return {"bool": False, "Int64": 0, "float64": 0.0}[kind]
    if kind == "datetime64[us]":
        return day("2020-01-01")
    allowed = [check.statistics.get("allowed_values") for check in spec.checks if check.statistics]
    return str(next(iter(allowed[0]))) if allowed else column


def _is_instant(spec: Any) -> bool:
    return str(spec.dtype) == "datetime64[us, UTC]"
