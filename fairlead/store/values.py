"""Frames ↔ Arrow tables as the databases hold them."""

import hashlib

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from fairlead import arrow, frames

REPLACEMENT = "�"


KEY_BYTES = 2_000
"""A text in a key may be as long as that: PostgreSQL's index rows end at 2,704 bytes."""


def holdable(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """A table's rows as any database can hold them: one odd title or path must not stop a sync.

    NUL characters become U+FFFD. Over-long texts in keys are cut, with a digest that keeps them apart.
    """
    keys = [column for column in {*frames.IDENTITY[name], *frames.key_columns(name)} if column in frame]
    mended = _without_nul(frame)
    return mended.assign(**{column: _cut(mended[column]) for column in keys if _is_too_long(mended[column])})


def _is_too_long(text: pd.Series) -> bool:
    if not pd.api.types.is_string_dtype(text.dtype):
        return False
    longest = pc.max(pc.binary_length(pa.array(text, from_pandas=True))).as_py()
    return longest is not None and longest > KEY_BYTES


def _cut(text: pd.Series) -> pd.Series:
    length = pd.Series(pc.binary_length(pa.array(text, from_pandas=True)).to_numpy(zero_copy_only=False), text.index)
    return text.mask(length > KEY_BYTES, text[length > KEY_BYTES].map(_short))


def _short(text: str) -> str:
    digest = hashlib.sha256(text.encode()).hexdigest()[:16]
    return f"{text[: KEY_BYTES // 10]}…{digest}"


def _without_nul(frame: pd.DataFrame) -> pd.DataFrame:
    """PostgreSQL cannot hold NUL characters."""
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


def bound(value: object, *, dialect: str) -> pa.Array:
    """One value as a statement's parameter; a text is mended as `holdable` mends those of tables."""
    if isinstance(value, pd.Timestamp):
        instant = pa.array([value.floor("us").to_pydatetime()], pa.timestamp("us", "UTC"))
        return _plain(instant) if dialect == "sqlite" else instant
    if isinstance(value, bool):
        return pa.array([int(value) if dialect == "sqlite" else value])
    return pa.array([_mended(str(value))], pa.string())


def _mended(text: str) -> str:
    """Without NUL, and without halves of characters, which a provider of identities may send as anybody may."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", REPLACEMENT)


def to_frame(name: str, table: pa.Table, **more: str) -> pd.DataFrame:
    """What the database gave, as the types `fairlead.frames` declares; `more` names the types of further columns.

    Values are not checked again: they were when they were written.
    """
    return arrow.to_frame(table, frames.dtypes(name) | more)


def nothing(name: str) -> pa.Table:
    """A table without rows."""
    return pa.table({column: pa.nulls(0) for column in frames.columns(name)})
