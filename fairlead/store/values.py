"""Frames ↔ Arrow tables as the databases hold them."""

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from fairlead import arrow, frames

REPLACEMENT = "�"


def without_nul(frame: pd.DataFrame) -> pd.DataFrame:
    """Text with its NUL characters replaced: PostgreSQL cannot hold them, and one title must not stop a sync."""
    text = [str(name) for name in frame if pd.api.types.is_string_dtype(frame[name].dtype)]
    faulty = [name for name in text if _may_hold_nul(frame[name])]
    return frame.assign(**{name: frame[name].str.replace("\0", REPLACEMENT, regex=False) for name in faulty})


def _may_hold_nul(text: pd.Series) -> bool:
    """Whether a NUL lies anywhere in the memory of the text; asking each value takes a hundred times as long."""
    found = pa.array(text, from_pandas=True)
    buffers = [chunk.buffers()[-1] for chunk in getattr(found, "chunks", [found])]
    return any(buffer is not None and b"\0" in buffer.to_pybytes() for buffer in buffers)


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
    return arrow.to_frame(table, frames.dtypes(name) | more)


def nothing(name: str) -> pa.Table:
    """A table without rows."""
    return pa.table({column: pa.nulls(0) for column in frames.columns(name)})
