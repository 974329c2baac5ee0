"""Learning from our own forecasts: by which factor were they off, at each level, once it was known how things ended?

A factor on the time left (split conformal prediction on the ratio of actual to forecast) can stretch the tail beyond
the longest trial, which moving levels about cannot.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from metrics.forecast.engine import HORIZON
from metrics.forecast.outlook import LEVELS, MEMBERS

Numbers = npt.NDArray[np.float64]

LEAST = 30
"""Fewer resolved forecasts say too little about their tails."""
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
    made, `actual` the weeks it really took, `known_at` (micros) when that was known.
    """

    weeks: Numbers
    actual: Numbers
    way: npt.NDArray[np.str_]
    known_at: npt.NDArray[np.int64]

    def known_by(self, at: int, *, way: str) -> "Resolved":
        """The last ones known by an instant that were made in the same way, or in any way where those are too few."""
        before = self.known_at <= at
        alike = before & (self.way == way)
        rows = np.flatnonzero(alike if alike.sum() >= LEAST else before)
        rows = rows[np.argsort(self.known_at[rows], kind="stable")][-RECENT:]
        return Resolved(self.weeks[rows], self.actual[rows], self.way[rows], self.known_at[rows])

    def factors(self, at: int, *, way: str) -> tuple[Numbers | None, int]:
        """By which factors to multiply a forecast made in that way at an instant, and from how many that is learned."""
        known = self.known_by(at, way=way)
        found = factors(known)
        return found, 0 if found is None else len(known.actual)


def factors(resolved: Resolved) -> Numbers | None:
    """By which factor each of the learned levels must be multiplied; nothing where too few forecasts are resolved.

    Forecasts of less than a day count as a day, and those of never as the horizon.
    """
    n = len(resolved.actual)
    if n < LEAST:
        return None
    said = np.clip(resolved.weeks, ONE_DAY, HORIZON)
    ratios = np.sort(np.maximum(resolved.actual, ONE_DAY)[:, None] / said, axis=0)
    rank = np.ceil(LEVELS[LEARNED] * (n + 1) - 1e-9).astype(np.int64)
    found: Numbers = ratios[np.minimum(rank, n) - 1, np.arange(len(LEARNED))]
    return found


def recalibrated(weeks: Numbers, factor: Numbers | None) -> Numbers:
    """A forecast's quantiles times the factors; they still rise. What never ends stays so."""
    if factor is None:
        return weeks
    stretched = weeks * np.exp(np.interp(LEVELS, LEVELS[LEARNED], np.log(factor)))
    rising: Numbers = np.maximum.accumulate(stretched)
    return rising
