"""Frames ↔ Arrow tables as the databases hold them."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from fairlead import frames

_ARROW = {
    "string[pyarrow]": pa.large_string(),
    "Int64": pa.int64(),
    "float64": pa.float64(),
    "bool": pa.bool_(),
    "datetime64[us, UTC]": pa.timestamp("us", "UTC"),
    "datetime64[us]": pa.timestamp("us"),
}
_PANDAS = {pa.large_string(): pd.StringDtype("pyarrow", na_value=np.nan), pa.int64(): pd.Int64Dtype()}
REPLACEMENT = "�"


def without_nul(frame: pd.DataFrame) -> pd.DataFrame:
    """Text with its NUL characters replaced: PostgreSQL cannot hold them, and one title must not stop a sync."""
    text = [str(name) for name in frame if pd.api.types.is_string_dtype(frame[name].dtype)]
    faulty = [name for name in text if frame[name].str.contains("\0", regex=False, na=False).any()]
    return frame.assign(**{name: frame[name].str.replace("\0", REPLACEMENT, regex=False) for name in faulty})


def to_arrow(frame: pd.DataFrame, *, dialect: str) -> pa.Table:
    """A conformed frame as an Arrow table. SQLite gets whole numbers, floats and text alone."""
    arrays = {name: _days(pa.array(frame[name], from_pandas=True)) for name in frame}
    return pa.table({name: _plain(array) if dialect == "sqlite" else array for name, array in arrays.items()})


def _days(values: pa.Array) -> pa.Array:
    """Instants without a zone are days."""
    return pc.cast(values, pa.date32()) if values.type == pa.timestamp("us") else values


def _plain(values: pa.Array) -> pa.Array:
    if pa.types.is_date(values.type):
        return pc.cast(values, pa.string())
    is_counted = pa.types.is_timestamp(values.type) or pa.types.is_boolean(values.type)
    return pc.cast(values, pa.int64()) if is_counted else values


def to_frame(name: str, table: pa.Table, **more: str) -> pd.DataFrame:
    """What the database gave, as the types `fairlead.frames` declares; `more` names the types of further columns.

    Values are not checked again: they were when they were written.
    """
    dtypes = {column: str(spec.dtype) for column, spec in frames.columns(name).items()} | more
    shape = pa.schema([(column, _ARROW[dtype]) for column, dtype in dtypes.items()])
    rows: pd.DataFrame = table.cast(shape).to_pandas(types_mapper=_PANDAS.get, split_blocks=True)
    return rows


def nothing(name: str) -> pa.Table:
    """A table without rows."""
    return pa.table({column: pa.nulls(0) for column in frames.columns(name)})
