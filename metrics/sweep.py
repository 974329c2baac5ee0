"""How many are open at given instants, and on average. Intervals are half-open: what ends at an instant is over."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from metrics.instants import Micros
from metrics.ordering import Integers, repeated, starts_and_counts

Counts = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Overlaps:
    """Where two lists of intervals meet: places in the first list and in the second, start and end."""

    first: Integers
    second: Integers
    start: Micros
    end: Micros


@dataclass(frozen=True)
class Stretches:
    """Intervals of things that are named by a number, sorted by it."""

    of: Integers
    start: Micros
    end: Micros

    def within(self, of: Integers, start: Micros, end: Micros) -> Overlaps:
        """Where they meet the given intervals of the same things. A stretch that starts as one ends meets it too."""
        n = max(int(of.max(initial=-1)), int(self.of.max(initial=-1))) + 1
        firsts, counts = starts_and_counts(self.of, n)
        which, nth = repeated(counts[of])
        stretch = firsts[of][which] + nth
        starts, ends = np.maximum(start[which], self.start[stretch]), np.minimum(end[which], self.end[stretch])
        meet = (starts <= ends) & (starts < self.end[stretch])
        return Overlaps(which[meet], stretch[meet], starts[meet], ends[meet])


def open_counts(  # noqa: PLR0913 (an interval has several parts)
    group: Integers, start: Micros, end: Micros, *, at: Micros, n_groups: int, weight: Counts | None = None
) -> Counts:
    """How much is open in each group (rows) at each of the sorted instants `at` (columns)?

    Each interval counts with its weight, one where none is given.
    """
    first, past = np.searchsorted(at, start), np.searchsorted(at, end)
    seen = np.flatnonzero(first < past)
    weights = np.ones(len(seen)) if weight is None else weight[seen]
    width = len(at) + 1
    opened, closed = (group[seen] * width + edge[seen] for edge in (first, past))
    changes = np.bincount(opened, weights, n_groups * width) - np.bincount(closed, weights, n_groups * width)
    # Fractions such as 1/3 do not cancel exactly; what is below a millionth of an item is nothing.
    counts: Counts = np.cumsum(changes.reshape(n_groups, width)[:, :-1], axis=1, dtype=np.float64)
    return np.round(counts, 9)


def time_average(  # noqa: PLR0913 (an interval has several parts)
    group: Integers, start: Micros, end: Micros, *, since: int, until: int, n_groups: int, weight: Counts | None = None
) -> Counts:
    """How much is open in each group on average over `[since, until)`? NaN where that is no time at all."""
    weights = np.ones(len(group)) if weight is None else weight
    length = np.maximum(np.minimum(end, until) - np.maximum(start, since), 0)
    area = np.bincount(group, weights * length, n_groups)
    return area / (until - since) if until > since else np.full(n_groups, np.nan)
