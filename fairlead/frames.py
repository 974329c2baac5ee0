"""The door of the house: every table enters through `conform` or `from_rows`, and all of them together are `Frames`.

What the tables hold is declared in `fairlead.tables`.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Self

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pandera.errors import SchemaErrors

from fairlead import arrow, keys
from fairlead.errors import FrameError
from fairlead.tables import IDENTITY, TABLES

__all__ = ["IDENTITY", "TABLES", "Frames", "columns", "conform", "dtypes", "empty", "from_rows", "key_columns"]

ZONE = r"(?:Z|UTC|[T ].*[+-]\d{2}:?\d{2})$"
"""How an instant written as text ends where it tells its zone."""
HALF_CHARACTER = r"[\ud800-\udfff]"
Row = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Frames:
    """All tables at once, conformed and with dictionary-encoded keys. Treat as immutable."""

    issues: pd.DataFrame
    issue_labels: pd.DataFrame
    issue_assignees: pd.DataFrame
    issue_milestones: pd.DataFrame
    issue_links: pd.DataFrame
    issue_events: pd.DataFrame
    board_items: pd.DataFrame
    pull_requests: pd.DataFrame
    pull_request_labels: pd.DataFrame
    pull_request_issues: pd.DataFrame
    pull_request_events: pd.DataFrame
    reviews: pd.DataFrame
    comments: pd.DataFrame
    files: pd.DataFrame
    milestones: pd.DataFrame
    milestone_changes: pd.DataFrame
    past_forecasts: pd.DataFrame
    releases: pd.DataFrame
    accounts: pd.DataFrame
    people: pd.DataFrame
    teams: pd.DataFrame
    team_accounts: pd.DataFrame
    team_members: pd.DataFrame
    time_off: pd.DataFrame
    statuses: pd.DataFrame
    tombstones: pd.DataFrame
    sync_runs: pd.DataFrame

    @classmethod
    def of(cls, tables: Mapping[str, pd.DataFrame]) -> Self:
        """Conform the given tables; those not given are empty. Raises `FrameError`."""
        conformed = {name: conform(name, tables.get(name, empty(name))) for name in TABLES}
        return cls(**keys.encode(conformed, {name: key_columns(name) for name in TABLES}))

    def tables(self) -> dict[str, pd.DataFrame]:
        """The tables by name, in the declared order."""
        return {name: getattr(self, name) for name in TABLES}


@cache
def columns(name: str) -> dict[str, Any]:
    """The declared columns of a table, in order, as pandera column specifications."""
    return dict(TABLES[name].to_schema().columns)


@cache
def dtypes(name: str) -> dict[str, str]:
    """Column → the name of its declared type."""
    return {column: str(spec.dtype) for column, spec in columns(name).items()}


@cache
def key_columns(name: str) -> list[str]:
    """The columns of a table that hold ids."""
    return [column for column, spec in columns(name).items() if (spec.metadata or {}).get("key")]


def empty(name: str) -> pd.DataFrame:
    """The table without rows, every column with its declared type."""
    return _empty(name).copy()


@cache
def _empty(name: str) -> pd.DataFrame:
    return arrow.to_frame(pa.table({column: pa.nulls(0) for column in columns(name)}), dtypes(name))


def from_rows(name: str, rows: Iterable[Row]) -> pd.DataFrame:
    """Rows as a conformed table, whole columns at a time; of rows that name the same thing the last one counts.

    Absent values may be left out. Instants are datetimes or ISO text, both with their zone, days `YYYY-MM-DD`.

    Raises:
        FrameError: as `conform`.
    """
    key = IDENTITY[name]
    last = list({tuple(row.get(column) for column in key): row for row in rows}.values())
    cells = {column: [row.get(column) for row in last] for column in columns(name)}
    try:
        arrays = {column: _array(values, dtypes(name)[column]) for column, values in cells.items()}
    except (pa.ArrowInvalid, pa.ArrowTypeError, UnicodeEncodeError):  # `conform` mends it, or says what is wrong
        return conform(name, pd.DataFrame(cells, dtype="object"))
    return conform(name, arrow.to_frame(pa.table(arrays), dtypes(name)))


def _array(values: Sequence[Any], dtype: str) -> pa.Array:
    wanted = arrow.TYPES[dtype]
    if not pa.types.is_timestamp(wanted):
        return pa.array(values, wanted)
    # As text first: Arrow takes a text without a zone for an instant only where it is not asked for one.
    found = pa.array(values)
    is_day = wanted.tz is None and pa.types.is_string(found.type)
    return pc.cast(pc.cast(found, pa.date32()), wanted) if is_day else pc.cast(found, wanted)


def conform(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Drop undeclared columns, give the rest their declared type and order, refuse what does not fit.

    Halves of characters (lone surrogates, which no UTF-8 can hold) become U+FFFD: one title must not stop a sync.

    Raises:
        FrameError: names the table, the columns and how many rows are at fault. Values are never shown, because
            they may be people's names or text from a tracker.
    """
    if name not in TABLES:
        raise FrameError(f"{name}: there is no such table. Tables: {', '.join(TABLES)}.")
    if frame.empty and set(columns(name)) <= set(frame.columns):
        return empty(name)
    # Pandera takes longer over a page of a few rows than everything else in a sync: it sees only what needs it.
    fitted = frame if _is_fit(name, frame) else _fitted(name, frame)
    doubled = int(fitted.duplicated(list(IDENTITY[name])).sum())
    if doubled:
        raise FrameError(f"{name}: {', '.join(IDENTITY[name])} must name one row; {doubled} rows repeat one.")
    return fitted[list(columns(name))].reset_index(drop=True)


def _is_fit(name: str, frame: pd.DataFrame) -> bool:
    """Whether every declared column is there, of its type, and passes its checks; says not why it is not."""
    declared = _empty(name).dtypes
    if not set(declared.index) <= set(frame.columns) or not (frame.dtypes[declared.index] == declared).all():
        return False
    return all(_passes(frame[column], spec) for column, spec in columns(name).items())


def _passes(values: pd.Series, spec: Any) -> bool:  # noqa: ANN401 (pandera's column)
    if not spec.nullable and values.isna().any():
        return False
    return all(values.dropna().isin(check.statistics["allowed_values"]).all() for check in spec.checks)


def _fitted(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """What pandera makes of it. Raises `FrameError`."""
    whole = _of_whole_characters(frame)
    _refuse_naive_instants(name, whole)
    try:
        return TABLES[name].validate(whole, lazy=True)
    except SchemaErrors as error:
        raise FrameError(_faults(name, error.failure_cases)) from None


def _refuse_naive_instants(name: str, frame: pd.DataFrame) -> None:
    """An instant without a zone could be anywhere within a day; coercion would silently call it UTC."""
    instants = [column for column, spec in columns(name).items() if str(spec.dtype) == "datetime64[us, UTC]"]
    naive = {column: _n_naive(frame[column]) for column in instants if column in frame}
    if any(naive.values()):
        named = ", ".join(column for column, n in naive.items() if n)
        raise FrameError(f"{name}: {named}: {max(naive.values())} rows have no time zone. Give instants in UTC.")


def _n_naive(values: pd.Series) -> int:
    """How many instants have no zone; what is no instant at all is not counted, coercion refuses it."""
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        return 0 if values.dt.tz is not None else int(values.notna().sum())
    if not (pd.api.types.is_object_dtype(values.dtype) or pd.api.types.is_string_dtype(values.dtype)):
        return 0
    text = values.dropna().astype("str")
    unzoned = text[~text.str.contains(ZONE)]
    return int(pd.to_datetime(unzoned, errors="coerce", format="mixed", utc=True).notna().sum())


def _of_whole_characters(frame: pd.DataFrame) -> pd.DataFrame:
    """Only `object` columns can hold halves; pandas' text types cannot."""
    objects = [column for column in frame if pd.api.types.is_object_dtype(frame[column].dtype)]
    mended = frame[objects].replace(HALF_CHARACTER, "\N{REPLACEMENT CHARACTER}", regex=True)
    return frame.assign(**{str(column): mended[column] for column in objects})


def _faults(name: str, cases: pd.DataFrame) -> str:
    """`issues.title: 3 rows are missing a value; issues.url: the column is absent`, without any value."""
    real = cases[~cases["check"].astype(str).str.startswith("dtype")]  # only repeats what coerce_dtype has said
    named = real.assign(column=real["column"].where(real["check"] != "column_in_dataframe", real["failure_case"]))
    counts = Counter(zip(named["column"], named["check"], strict=True))
    return "; ".join(f"{name}.{column}: {_says(check, n)}" for (column, check), n in sorted(counts.items()))


def _says(check: str, n: int) -> str:
    if check == "column_in_dataframe":
        return "the column is absent"
    if check == "not_nullable":
        return f"{n} rows are missing a value"
    if check.startswith("coerce_dtype"):
        return f"{n} rows are not of the declared type"
    return f"{n} rows do not pass {check.partition('(')[0]}"
