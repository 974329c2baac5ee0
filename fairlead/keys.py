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
    """Turn the named columns into categoricals over one dictionary, which holds every value once, sorted.

    All columns are hashed in one go: hashing the dictionary anew for each of them took fourteen times as long.
    """
    named = [(name, column) for name in tables for column in columns[name]]
    codes, dictionary = _encoded([tables[name][column] for name, column in named])
    dtype = pd.CategoricalDtype(dictionary)
    of = {key: pd.Categorical.from_codes(each, dtype=dtype) for key, each in zip(named, codes, strict=True)}
    return {
        name: frame.assign(**{column: of[name, column] for column in columns[name]}) for name, frame in tables.items()
    }


def recoded(
    tables: Mapping[str, pd.DataFrame], columns: Mapping[str, list[str]], aliases: pd.Series
) -> dict[str, pd.DataFrame]:
    """The tables with ids that have an alias called by it, over a dictionary of nothing but the ids that are left.

    `aliases` holds the alias of each id in its index. The tables are such as `encode` gives, with fewer rows or not.
    """
    named = [(name, column) for name in tables for column in columns[name]]
    before = tables[named[0][0]][named[0][1]].cat.categories
    codes = {key: tables[key[0]][key[1]].cat.codes.to_numpy() for key in named}
    is_used = np.zeros(len(before) + 1, dtype=bool)
    for each in codes.values():
        is_used[each] = True
    kept = np.flatnonzero(is_used[:-1])
    left = pd.Series(before[kept], dtype="str")
    place, dictionary = pd.factorize(left.map(aliases).astype("str").fillna(left), sort=True)
    code = np.full(len(before) + 1, -1, dtype=np.int32)
    code[kept] = place
    dtype = pd.CategoricalDtype(pd.Index(dictionary, dtype="str"))
    return {
        name: frame.assign(
            **{column: pd.Categorical.from_codes(code[codes[name, column]], dtype=dtype) for column in columns[name]}
        )
        for name, frame in tables.items()
    }


def _encoded(series: list[pd.Series]) -> tuple[list[npt.NDArray[np.int32]], pd.Index]:
    """The codes of each, -1 where missing, and the sorted values the codes stand for."""
    chunks = [chunk for each in series for chunk in _chunks(each)]
    hashed = pc.dictionary_encode(pa.chunked_array(chunks, pa.large_string())).chunks  # all have the same dictionary
    values = hashed[0].dictionary if hashed else pa.array([], pa.large_string())
    order = pc.sort_indices(values)
    rank = np.full(len(values) + 1, -1, dtype=np.int32)
    rank[order.to_numpy()] = np.arange(len(values), dtype=np.int32)
    found = [rank[chunk.indices.fill_null(-1).to_numpy()] for chunk in hashed]
    ends = np.cumsum([len(each) for each in series])
    codes = np.concatenate([np.empty(0, dtype=np.int32), *found])
    parts = [codes[end - len(each) : end] for each, end in zip(series, ends, strict=True)]
    return parts, pd.Index(values.take(order).to_pandas(), dtype="str")


def _chunks(values: pd.Series) -> list[pa.Array]:
    arrays = pa.array(values, pa.large_string())
    return arrays.chunks if isinstance(arrays, pa.ChunkedArray) else [arrays]


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
