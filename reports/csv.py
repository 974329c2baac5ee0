"""Tables as CSV: the same numbers as on screen, safe to open in a spreadsheet."""

import pandas as pd

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""A cell that begins with one of these may be run as a formula by a spreadsheet."""


def to_csv(table: pd.DataFrame) -> str:
    """The table as CSV text with newline line ends; instants as ISO 8601 in UTC, days as YYYY-MM-DD, missing as empty.

    Text that a spreadsheet would run gets a leading apostrophe; numbers stay numbers, negative ones too.
    """
    return table.apply(_written).to_csv(index=False, lineterminator="\n")


def _written(column: pd.Series) -> pd.Series:
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        return _dated(column)
    if pd.api.types.is_numeric_dtype(column.dtype):
        return column
    # A bare carriage return inside a cell is not quoted, and spreadsheets would begin a new row, and cell, behind it.
    text = column.astype("str").str.replace(r"\r\n?", "\n", regex=True)
    return text.where(~text.str.startswith(FORMULA_STARTS).fillna(False).astype(bool), "'" + text)


def _dated(column: pd.Series) -> pd.Series:
    is_instant = isinstance(column.dtype, pd.DatetimeTZDtype)
    written: pd.Series = column.dt.strftime("%Y-%m-%dT%H:%M:%SZ" if is_instant else "%Y-%m-%d")
    return written
