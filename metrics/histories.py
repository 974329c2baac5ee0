"""Histories: events in any order → stretches of one state; and ids as numbers, to tell histories apart."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from metrics.instants import NEVER, Micros
from metrics.ordering import Integers, is_first, is_last, order


@dataclass(frozen=True)
class Spells:
    """Stretches of one state, sorted by history and time. `row` is the row of the event that began each."""

    row: Integers
    start: Micros
    end: Micros


def spells(history: Integers, state: Integers, at: Micros, seq: Integers) -> Spells:
    """When was each history (an item, say) in which state? Events may come in any order.

    A state that is set while it holds changes nothing. A state left at the instant it was entered is kept, with no
    length: it was passed through. The last stretch of a history ends `NEVER`.
    """
    sorted_ = order(history, at, seq)
    row = sorted_[is_first(history[sorted_], state[sorted_])]
    start = at[row]
    end: Micros = np.where(is_last(history[row]), NEVER, np.append(start, NEVER)[1:])
    return Spells(row, start, end)


def codes(ids: pd.Series) -> Integers:
    """A number for each id, equal where ids are equal; -1 where it is missing. The numbers' order means nothing."""
    if isinstance(ids.dtype, pd.CategoricalDtype):
        return np.asarray(ids.cat.codes, dtype=np.int64)
    return np.asarray(pd.factorize(ids, sort=True)[0], dtype=np.int64)


def stacked(tables: list[pd.DataFrame]) -> pd.DataFrame:
    """The rows of tables with the same columns. Ids over one dictionary keep it, without being hashed one by one."""
    columns = {str(name): _stacked([table[name] for table in tables]) for name in tables[0]}
    return pd.DataFrame(columns)


def _stacked(parts: list[pd.Series]) -> pd.Series:
    dtype = parts[0].dtype
    if isinstance(dtype, pd.CategoricalDtype) and all(part.dtype is dtype for part in parts):
        number = np.concatenate([part.cat.codes.to_numpy() for part in parts])
        return pd.Series(pd.Categorical.from_codes(number, dtype=dtype, validate=False))
    return pd.concat(parts, ignore_index=True)
