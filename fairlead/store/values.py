"""Frames ↔ Arrow tables as the databases hold them."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from fairlead import frames

_TEXT = pd.StringDtype("pyarrow", na_value=np.nan)


def without_nul(frame: pd.DataFrame) -> pd.DataFrame:
    """Text with its NUL characters replaced: PostgreSQL cannot hold them, and one title must not stop a sync."""
    held = [column for column in frame if pd.api.types.is_string_dtype(frame[column].dtype)]
    faulty = [column for column in held if frame[column].str.contains("\0", regex=False, na=False).any()]
    return frame.assign(**{column: frame[column].str.replace("\0", "�", regex=False) for column in faulty})


def arrow(frame: pd.DataFrame, *, dialect: str) -> pa.Table:
    """A conformed frame as an Arrow table. SQLite gets whole numbers and text alone."""
    arrays = {column: pa.array(frame[column], from_pandas=True) for column in frame}
    days = {column for column in frame if pa.types.is_timestamp(arrays[column].type) and arrays[column].type.tz is None}
    native = {column: pc.cast(it, pa.date32()) if column in days else it for column, it in arrays.items()}
    return pa.table({column: _plain(it) if dialect == "sqlite" else it for column, it in native.items()})


def _plain(values: pa.Array) -> pa.Array:
    if pa.types.is_date(values.type):
        return pc.cast(values, pa.string())
    return (
        pc.cast(values, pa.int64())
        if pa.types.is_timestamp(values.type) or pa.types.is_boolean(values.type)
        else values
    )


def frame(name: str, table: pa.Table) -> pd.DataFrame:
    """What the database gave, with the types `fairlead.frames` declares. Values are not checked again: they were."""
    dtypes = {column: str(spec.dtype) for column, spec in frames.columns(name).items()}
    return pd.DataFrame({column: column_of(table[column], dtype) for column, dtype in dtypes.items()}, copy=False)


def column_of(values: pa.ChunkedArray, dtype: str) -> pd.Series:
    """One column as the declared type, from either database's form of it."""
    if dtype == "string[pyarrow]":
        return pd.Series(_TEXT.__from_arrow__(values.cast(pa.large_string())), copy=False)
    if dtype == "Int64":
        return pd.Series(pd.Int64Dtype().__from_arrow__(values.cast(pa.int64())), copy=False)
    if dtype == "datetime64[us, UTC]":
        return _instants(values).dt.tz_localize("UTC")
    if dtype == "datetime64[us]":
        return _instants(values.cast(pa.date32()).cast(pa.timestamp("us")))
    return pd.Series(values.to_numpy(), dtype=dtype, copy=False)


def _instants(values: pa.ChunkedArray) -> pd.Series:
    micros = values.cast(pa.int64()).fill_null(np.iinfo(np.int64).min).to_numpy()  # the smallest whole number is NaT
    return pd.Series(micros.view("datetime64[us]"), copy=False)


def nothing(name: str) -> pa.Table:
    """A table without rows."""
    return pa.table({column: pa.array([], pa.null()) for column in frames.columns(name)})
