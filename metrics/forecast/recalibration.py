"""Learning from our own forecasts: by which factor were they off, at each level, once it was known how things ended?

A factor on the time left (split conformal prediction on the ratio of actual to forecast) can stretch the tail beyond
the longest trial, which moving levels about cannot. Forecasts of one milestone err together: it is milestones that
teach, not forecasts.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from metrics.forecast.engine import HORIZON
from metrics.forecast.outlook import LEVELS, MEMBERS
from metrics.instants import Micros
from metrics.ordering import Flags, Integers, Numbers

LEAST = 5
"""The forecasts of fewer milestones say too little about their tails."""
DOUBT = 2
"""With so many milestones, half of what was learned (as a logarithm) is believed."""
RECENT = 100
"""As many of the last resolved forecasts are learned from: how an organisation works changes."""
STEP = 10
"""Every so many levels a factor is learned; between them they are interpolated."""
LEARNED = np.arange(STEP - 1, MEMBERS, STEP)
ONE_DAY = 1 / 7


@dataclass(frozen=True)
class Resolved:
    """Forecasts whose end is known.

    `weeks` are their quantiles at the learned levels as first made (one row per forecast), `way` tells how each was
    made, `actual` the weeks it really took, `known_at` (micros) when that was known, `milestone` (numbers) of which.
    """

    weeks: Numbers
    actual: Numbers
    way: npt.NDArray[np.str_]
    known_at: Micros
    milestone: Integers

    def known_by(self, at: int, *, way: str) -> "Resolved":
        """The last ones known by an instant made in the same way; in any way where those are of too few milestones."""
        before = self.known_at <= at
        alike = before & (self.way == way)
        rows = np.flatnonzero(alike if n_distinct(self.milestone[alike]) >= LEAST else before)
        return self.take(rows[np.argsort(self.known_at[rows], kind="stable")][-RECENT:])

    def take(self, rows: Integers) -> "Resolved":
        """Some of them, in that order."""
        return Resolved(
            weeks=self.weeks[rows],
            actual=self.actual[rows],
            way=self.way[rows],
            known_at=self.known_at[rows],
            milestone=self.milestone[rows],
        )

    def factors(self, at: int, *, way: str) -> tuple[Numbers | None, int]:
        """By which factors to multiply a forecast made in that way at an instant, and from how many that is learned."""
        known = self.known_by(at, way=way)
        found = factors(known)
        return found, 0 if found is None else len(known.actual)


def factors(resolved: Resolved) -> Numbers | None:
    """By which factor must each of the learned levels be multiplied? Nothing where too few milestones were closed.

    Every milestone weighs the same, however often it was forecast. With few of them factors stay closer to one.
    """
    n = n_distinct(resolved.milestone)
    if n < LEAST:
        return None
    off = ratios(resolved.actual, resolved.weeks)
    found = reached(off, np.ones(len(off), dtype=bool), 1 / times(resolved.milestone))
    return believed(found, n, DOUBT)


def ratios(lasted: Numbers, said: Numbers) -> Numbers:
    """How many times as long as said (columns) did it last? Less than a day counts as one, never as the horizon."""
    found: Numbers = np.maximum(lasted, ONE_DAY)[:, None] / np.clip(said, ONE_DAY, HORIZON)
    return found


def reached(off: Numbers, is_over: Flags, weight: Numbers) -> Numbers:
    """Within which ratio did as many forecasts end as their level (column) says, those still open followed so far?

    Kaplan & Meier (1958), weighted. A level that was not reached takes the ratio of the last one that was; one where
    none was stays as it is.
    """
    place = np.argsort(off, axis=0, kind="stable")
    heavy = weight[place]
    at_risk = np.cumsum(heavy[::-1], axis=0)[::-1]
    survival = np.cumprod(1 - np.where(is_over[place], heavy / at_risk, 0), axis=0)
    is_reached = survival <= 1 - LEVELS[LEARNED] + 1e-9
    found = np.take_along_axis(off, place, axis=0)[is_reached.argmax(axis=0), np.arange(len(LEARNED))]
    last = np.maximum.accumulate(np.where(is_reached.any(axis=0), np.arange(len(LEARNED)), -1))
    carried: Numbers = np.where(last < 0, 1.0, found[last])
    return carried


def believed(found: Numbers, n: float, doubt: float) -> Numbers:
    """Factors found from `n` milestones, as far as so many are believed: half way (as logarithms) with `doubt`."""
    shrunk: Numbers = found ** (n / (n + doubt))
    return shrunk


def times(milestone: Integers) -> Integers:
    """How often does each row's milestone occur?"""
    _, place, n = np.unique(milestone, return_inverse=True, return_counts=True)
    return np.asarray(n[place], dtype=np.int64)


def n_distinct(milestone: Integers) -> int:
    """Of how many milestones are the rows?"""
    return len(np.unique(milestone))


def recalibrated(weeks: Numbers, factor: Numbers | None) -> Numbers:
    """A forecast's quantiles times the factors; they still rise. What is beyond the horizon then is never."""
    if factor is None:
        return weeks
    stretched = weeks * np.exp(np.interp(LEVELS, LEVELS[LEARNED], np.log(factor)))
    rising = np.maximum.accumulate(stretched)
    return np.where(rising > HORIZON, np.inf, rising)
