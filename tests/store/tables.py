"""Rows for the store's tests, made from what `fairlead.frames` declares."""

from functools import cache
from typing import Any

import pandas as pd

from fairlead import frames

AWKWARD: dict[str, list[Any]] = {
    "string[pyarrow]": ["🚀 naïve \u202eright-to-left", "", "'; drop table issues; -- \\ \" %s $1 ? \t\n", "x" * 2000],
    "Int64": [2**63 - 1, -(2**63), 0, 7],
    "float64": [0.1, -1e308, 0.0, 5e-324],
    "bool": [True, False, True, False],
    "datetime64[us, UTC]": [
        "9999-12-31T23:59:59.999999Z", "0001-01-01T00:00:00Z", "1969-12-31T23:59:59.999999Z",
        "2024-02-29T12:00:00.000001Z",
    ],
    "datetime64[us]": ["9999-12-31", "0001-01-01", "1969-12-31", "2024-02-29"],
}  # fmt: skip


def allowed(spec: Any) -> list[str] | None:
    """The values a column may have where they are listed."""
    listed = [check.statistics["allowed_values"] for check in spec.checks if "allowed_values" in check.statistics]
    return [*listed[0]] * 4 if listed else None


@cache
def awkward(name: str) -> pd.DataFrame:
    """Four rows with the values most likely to be bent, and a fifth with everything missing that may be."""
    columns = {}
    for column, spec in frames.columns(name).items():
        values = (allowed(spec) or AWKWARD[str(spec.dtype)])[:4]
        columns[column] = [*values, _fifth(name, column, values)]
    return frames.conform(name, typed(name, pd.DataFrame(columns, dtype="object")))


def _fifth(name: str, column: str, values: list[Any]) -> Any:
    spec = frames.columns(name)[column]
    is_free_text = str(spec.dtype) == "string[pyarrow]" and not allowed(spec)
    if column in frames.IDENTITY[name] and is_free_text:
        return "plain"
    return None if spec.nullable else values[0]


def rows(name: str, *given: dict[str, Any]) -> pd.DataFrame:
    """A conformed table; what is not given is missing or, where it must not be, some value."""
    specs = frames.columns(name)
    some = {column: (allowed(spec) or AWKWARD[str(spec.dtype)])[3] for column, spec in specs.items()}
    blank = {column: None if spec.nullable else some[column] for column, spec in specs.items()}
    bare = pd.DataFrame([blank | row for row in given], columns=list(specs), dtype="object")
    return frames.conform(name, typed(name, bare))


def typed(name: str, bare: pd.DataFrame) -> pd.DataFrame:
    """Instants from text, so that `conform` need not guess their zone."""
    instants = [column for column, spec in frames.columns(name).items() if str(spec.dtype) == "datetime64[us, UTC]"]
    parsed = {column: pd.Series(bare[column], dtype="datetime64[us, UTC]") for column in instants}
    return bare.assign(**parsed)


def plain(name: str, table: pd.DataFrame) -> pd.DataFrame:
    """A table with ids as text and rows by identity, to compare."""
    text = table.astype(dict.fromkeys(frames.key_columns(name), "str"))
    return text.sort_values(list(frames.IDENTITY[name]), ignore_index=True)


def assert_holds(found: frames.Frames, name: str, expected: pd.DataFrame) -> None:
    """The table holds exactly these rows, types included."""
    pd.testing.assert_frame_equal(plain(name, getattr(found, name)), plain(name, expected))
