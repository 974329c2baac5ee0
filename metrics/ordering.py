"""The order of millions of rows by several keys at once, what sorted rows tell, and rows that have many parts."""

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

Integers = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
LARGEST = 2**63 - 1


def order(*keys: Integers) -> Integers:
    """Row numbers sorted by the given integer keys, most significant first; rows that agree in all keep their order.

    Neighbouring keys are packed into one integer as far as their ranges allow, so that there are fewer sorts than
    keys: up to four times as quick as `np.lexsort` on millions of rows. Instants of whole seconds pack well because
    their common divisor is taken out.
    """
    if len(keys[0]) == 0:
        return np.empty(0, dtype=np.int64)
    least, *rest = _packed([_reduced(key) for key in keys])
    row = np.argsort(least, kind="stable")
    for word in rest:
        row = row[np.argsort(word[row], kind="stable")]
    return row


def text_order(ids: pd.Series) -> Integers:
    """Numbers that sort as the ids do as text, from 0 without gaps; -1 where the id is missing.

    Comparing millions of ids as text takes seconds. A sorted dictionary, such as the store's, gives the order away;
    whether it is sorted is looked up, not believed.
    """
    if not isinstance(ids.dtype, pd.CategoricalDtype):
        return pd.factorize(ids, sort=True)[0].astype(np.int64)
    codes = ids.cat.codes.to_numpy()
    is_used = np.zeros(len(ids.cat.categories) + 1, dtype=bool)
    is_used[codes] = True
    used = np.flatnonzero(is_used[:-1])
    text = pa.array(ids.cat.categories, pa.large_string()).take(pa.array(used))
    place = np.full(len(is_used), -1)
    if pc.all(pc.less(text[:-1], text[1:])).as_py():
        place[used] = np.arange(len(used))
    else:
        place[used[pc.sort_indices(text).to_numpy()]] = np.arange(len(used))
    return place[codes]


def _reduced(key: Integers) -> Integers:
    from_zero = key - np.int64(key.min())
    divisor = int(np.gcd.reduce(from_zero))
    return from_zero // divisor if divisor > 1 else from_zero


def _packed(keys: list[Integers]) -> list[Integers]:
    """As few integers as hold all keys, least significant first."""
    words, size = [keys[-1]], int(keys[-1].max()) + 1
    for key in keys[-2::-1]:
        values = int(key.max()) + 1
        if size * values <= LARGEST:
            words[-1] = words[-1] + key * size
            size *= values
        else:
            words.append(key)
            size = values
    return words


def repeated(counts: Integers) -> tuple[Integers, Integers]:
    """For rows that have `counts` parts each: the row number of every part, and its number within the row."""
    row = np.repeat(np.arange(len(counts)), counts)
    return row, np.arange(len(row)) - np.repeat(np.cumsum(counts) - counts, counts)


def starts_and_counts(sorted_codes: Integers, n: int) -> tuple[Integers, Integers]:
    """Where each of the codes 0 … n-1 starts in a sorted list of codes, and how often it occurs."""
    counts = np.bincount(sorted_codes, minlength=n)
    return np.cumsum(counts) - counts, counts


def is_first(*sorted_keys: Integers | Numbers) -> Flags:
    """Whether each row differs in any of the keys from the row before it; the first one does."""
    differs = np.zeros(len(sorted_keys[0]), dtype=bool)
    differs[:1] = True
    for key in sorted_keys:
        differs[1:] |= key[1:] != key[:-1]
    return differs


def is_last(*sorted_keys: Integers | Numbers) -> Flags:
    """Whether each row differs in any of the keys from the row after it; the last one does."""
    return np.append(is_first(*sorted_keys), True)[1:]


def distinct(ordered: Integers) -> Integers:
    """Sorted numbers, each once. On millions of different ones much quicker than `np.unique`."""
    once: Integers = ordered[is_first(ordered)]
    return once


def is_among(values: Integers, ordered: Integers) -> Flags:
    """Whether each value is one of the sorted ones."""
    place = np.searchsorted(ordered, values)
    there = place < len(ordered)
    there[there] = ordered[place[there]] == values[there]
    return there
