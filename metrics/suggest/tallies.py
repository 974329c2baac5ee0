"""How often had somebody done something by an instant, how recently, and when last? Answered for millions at once."""

from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
import pandas as pd

from metrics.instants import DAY, Micros
from metrics.ordering import LARGEST, Flags, Integers, Numbers, distinct, is_first

HALF_LIFE_DAYS = 90
"""After so many days what somebody did counts half."""
HALF_LIFE = HALF_LIFE_DAYS * DAY
LONG_AGO = np.iinfo(np.int64).min // 4
"""When something was done that never was. Far from the smallest number, so that it can be subtracted."""


@dataclass(frozen=True)
class Ruler:
    """Instants as small numbers, in their order: whole `unit`s since `since`, or places among the `times`."""

    since: int
    unit: int
    n: int
    times: Micros | None = None

    def marks(self, at: Micros) -> Integers:
        """The last mark at or before each instant, -1 before the first."""
        if self.times is not None:
            return np.searchsorted(self.times, at, side="right") - 1
        marks: Integers = np.clip((at - self.since) // self.unit, -1, self.n - 1)
        return marks


def _ruled(at: Micros, n_groups: int) -> tuple[Ruler, Integers]:
    """The finest unit that all instants share, or, where numbers would grow too large, their places; and the marks."""
    if not len(at):
        return Ruler(0, 1, 1), at
    since = int(at.min())
    unit = max(int(np.gcd.reduce(at - since)), 1)
    n = (int(at.max()) - since) // unit + 1
    if n * n_groups < LARGEST:
        return Ruler(since, unit, n), (at - since) // unit
    by = np.argsort(at)
    times = distinct(at[by])
    marks = np.empty(len(at), dtype=np.int64)
    marks[by] = np.cumsum(np.append(False, at[by][1:] != at[by][:-1]))
    return Ruler(since, 1, len(times), times), marks


@dataclass(frozen=True)
class Tally:
    """Deeds by group (any number) and instant, sorted by both. Build it with `tally`."""

    ruler: Ruler
    key: Integers
    group: Integers
    at: Micros

    @cached_property
    def _starts(self) -> Integers:
        """Where the group of each deed starts."""
        return np.maximum.accumulate(np.where(is_first(self.group), np.arange(len(self.group)), 0))

    @cached_property
    def _grown(self) -> Numbers:
        """Sums that double with time instead of halving: those can be added up once for all instants.

        They run within groups: one sum over all of them would lose old groups behind young ones.
        """
        doubled = pd.Series(np.exp2((self.at - self.ruler.since) / HALF_LIFE))
        return np.asarray(doubled.groupby(self._starts).cumsum(), dtype=np.float64)

    @property
    def groups(self) -> Integers:
        """The groups, each once, sorted."""
        return distinct(self.group)

    def _places(self, group: Integers, at: Micros) -> tuple[Integers, Flags]:
        """The last deed of each group by the instant, and whether there is one."""
        place = np.searchsorted(self.key, group * self.ruler.n + self.ruler.marks(at), side="right") - 1
        there = place >= 0
        there[there] = self.group[place[there]] == group[there]
        return place[there], there

    def count(self, group: Integers, at: Micros) -> Integers:
        """How often by then."""
        place, there = self._places(group, at)
        counts = np.zeros(len(group), dtype=np.int64)
        counts[there] = place - self._starts[place] + 1
        return counts

    def last(self, group: Integers, at: Micros) -> Micros:
        """When last, by then; `LONG_AGO` where never."""
        place, there = self._places(group, at)
        last = np.full(len(group), LONG_AGO)
        last[there] = self.at[place]
        return last

    def weight(self, group: Integers, at: Micros) -> Numbers:
        """How often by then, each time counting half after `HALF_LIFE_DAYS`, a quarter after twice that, and so on."""
        place, there = self._places(group, at)
        weights = np.zeros(len(group))
        weights[there] = self._grown[place] * np.exp2(-(at[there] - self.ruler.since) / HALF_LIFE)
        return weights

    def first_of_days(self) -> Self:
        """Only the first deed of each group on each day (UTC)."""
        return self._of_those(is_first(self.group, self.at // DAY))

    def firsts(self) -> Self:
        """Only the first deed of each group."""
        return self._of_those(is_first(self.group))

    def _of_those(self, chosen: Flags) -> Self:
        return type(self)(self.ruler, self.key[chosen], self.group[chosen], self.at[chosen])


def tally(group: Integers, at: Micros) -> Tally:
    """Deeds by group and instant, ready to be asked. Negative groups are no groups."""
    group, at = group[group >= 0], at[group >= 0]
    ruler, marks = _ruled(at, int(group.max(initial=0)) + 1)
    # One sort of plain numbers, which hold everything there is to know of a deed.
    key = np.sort(group * ruler.n + marks)
    group, mark = np.divmod(key, ruler.n)
    times = ruler.times[mark] if ruler.times is not None else ruler.since + mark * ruler.unit
    return Tally(ruler, key, group, times)
