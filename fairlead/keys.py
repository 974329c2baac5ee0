"""Ids as dictionary codes: joins of millions of rows on strings become joins on integers.

`encode` gives every id column of a set of tables one shared dictionary; `positions` and `codes` use it where it is
there and fall back to hashing the strings where it is not, so metrics read the same for both.
"""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

Positions = npt.NDArray[np.int64]


def encode(tables: Mapping[str, pd.DataFrame], columns: Mapping[str, list[str]]) -> dict[str, pd.DataFrame]:
    """Turn the named columns into categoricals over one dictionary, which holds every value once, sorted."""
    parts = [pa.array(tables[name][column], pa.large_string()) for name in tables for column in columns[name]]
    values = pc.unique(pa.chunked_array(parts, pa.large_string())).drop_null()
    dictionary = pd.Index(values.take(pc.sort_indices(values)).to_pandas(), dtype="str")
    dtype = pd.CategoricalDtype(dictionary)
    lookup = pa.array(dictionary, pa.large_string())
    return {
        name: frame.assign(**{column: _encoded(frame[column], lookup, dtype) for column in columns[name]})
        for name, frame in tables.items()
    }


def _encoded(values: pd.Series, lookup: pa.Array, dtype: pd.CategoricalDtype) -> pd.Series:
    return pd.Series(pd.Categorical.from_codes(_index_in(values, lookup), dtype=dtype), index=values.index)


def _index_in(values: pd.Series, lookup: pa.Array) -> Positions:
    found = pc.index_in(pa.array(values, pa.large_string()), value_set=lookup, skip_nulls=True)
    return np.asarray(found.fill_null(-1), dtype=np.int64)


def positions(values: pd.Series, among: pd.Series) -> Positions:
    """For each value, the row number in `among` (unique ids) that holds it; -1 where none does or it is missing."""
    if _share_dictionary(values, among):
        row_of_code = np.full(len(values.cat.categories) + 1, -1, dtype=np.int64)
        row_of_code[among.cat.codes.to_numpy()] = np.arange(len(among))
        row_of_code[-1] = -1
        return row_of_code[values.cat.codes.to_numpy()]
    return _index_in(values, pa.array(among, pa.large_string()))


def is_in(values: pd.Series, among: pd.Series) -> npt.NDArray[np.bool_]:
    """Whether each value occurs in `among`, which may repeat. Missing values are in nothing."""
    return positions(values, among.drop_duplicates().dropna()) >= 0


def _share_dictionary(left: pd.Series, right: pd.Series) -> bool:
    both = isinstance(left.dtype, pd.CategoricalDtype) and isinstance(right.dtype, pd.CategoricalDtype)
    return both and left.cat.categories.equals(right.cat.categories)
