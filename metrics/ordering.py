"""The order of millions of rows by several keys at once, and the expansion of rows that have many of something."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pandas as pd

Integers = npt.NDArray[np.int64]
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


def order_by_name(*keys: Integers, names: Callable[[Integers], pd.DataFrame]) -> Integers:
    """Like `order`, with rows that agree in all keys put in the order of their names.

    `names` gives the names of the rows it is asked for. It is asked only for rows that agree with another, because
    comparing millions of ids as text takes seconds.
    """
    row = order(*keys)
    if len(row) == 0:
        return row
    as_before = np.logical_and.reduce([key[row][1:] == key[row][:-1] for key in keys])
    tied = np.flatnonzero(np.append(False, as_before) | np.append(as_before, False))
    run = np.cumsum(~np.append(False, as_before))[tied]
    labels = names(row[tied]).reset_index(drop=True)
    labels.insert(0, "run", run)
    row[tied] = row[tied][labels.sort_values(list(labels.columns)).index]
    return row


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
