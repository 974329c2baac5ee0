"""Groups too small to be shown: figures of a few people are figures of persons."""

import numpy as np
import pandas as pd

SMALLEST = 5
"""Figures of fewer people than this are not shown to those who may not see people."""


def suppressed(groups: pd.DataFrame, *, k: int = SMALLEST, totals_shown: bool) -> pd.Series:
    """Which groups must not be shown?

    Groups of fewer than `k` people. Where a total over the groups is shown beside them, what is hidden together can be
    had by subtraction; so the next smallest groups (ties by name) are hidden as well until at least two are and they
    hold at least `k` people. A group of nobody has nothing to hide and hides nobody, so it is shown and never counts; a
    group of unknown size is hidden and taken to add nobody.

    Assumes that nobody is in two of the groups. Where all groups together hold fewer than `k` people the total itself
    tells of too few: then no total may be shown.

    Takes one row per group: group (name or id), n (people). Returns whether each is hidden, in the same order and with
    the same index.
    """
    n = groups["n"].to_numpy(dtype=float, na_value=np.nan)
    is_small = np.isnan(n) | (n > 0) & (n < k)
    if not totals_shown or not is_small.any():
        return pd.Series(is_small, index=groups.index, name="is_hidden")
    size = np.nan_to_num(n)
    candidates = np.flatnonzero(is_small | (n > 0))
    by_size = np.lexsort(
        (pd.factorize(groups["group"], sort=True)[0][candidates], size[candidates], ~is_small[candidates])
    )
    queue = candidates[by_size]
    before = np.cumsum(size[queue]) - size[queue]
    is_needed = (before < k) | (np.arange(len(queue)) < 2)
    hidden = is_small.copy()
    hidden[queue[is_needed]] = True
    return pd.Series(hidden, index=groups.index, name="is_hidden")
