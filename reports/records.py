"""Rows of a table as plain records, for words about each of them."""

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

Record = Mapping[str, Any]
"""A row of a table, column → value."""


def records(rows: pd.DataFrame) -> list[Record]:
    """Every row as a record, in order."""
    return [{str(name): value for name, value in row.items()} for row in rows.to_dict("records")]


def said_of(rows: pd.DataFrame, say: Callable[[Record], str]) -> pd.Series:
    """What is said of each row, as a column of text."""
    return pd.Series([say(row) for row in records(rows)], index=rows.index, dtype="str")
