"""Learning from what we said week by week, the open ends included: for forecasts made now.

Forecasts at parts of a window that is known only in hindsight hint at its end, and those resolved so far are the quick
ones. What was said every week has neither fault once open milestones count as "at least so long" (Kaplan & Meier 1958).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from metrics.forecast.engine import HORIZON
from metrics.forecast.outlook import LEVELS
from metrics.forecast.recalibration import LEARNED, LEAST, ONE_DAY
from metrics.forecast.reference import WEEK
from metrics.histories import Flags

Numbers = npt.NDArray[np.float64]

SPAN_WEEKS = 52
"""What was said longer ago tells of another organisation."""


@dataclass(frozen=True)
class Said:
    """Weekly forecasts: quantiles at the learned levels as first made (rows: forecasts), how, when, and what it took.

    `actual` are weeks and `known_at` (micros) is when that was known, `NEVER` while the milestone is open.
    """

    weeks: Numbers
    actual: Numbers
    way: npt.NDArray[np.str_]
    at: npt.NDArray[np.int64]
    known_at: npt.NDArray[np.int64]

    def factors(self, at: int, *, way: str) -> tuple[Numbers | None, int]:
        """By which factors to multiply a forecast made in that way at an instant, and from how many that is learned.

        None with fewer than 30 forecasts of the last year that had ended by then. A level that even the longest waits
        have not reached takes the longest.
        """
        rows = np.flatnonzero((self.at < at) & (self.at > at - SPAN_WEEKS * WEEK) & (self.way == way))
        is_over = self.known_at[rows] <= at
        if is_over.sum() < LEAST:
            return None, 0
        lasted = np.where(is_over, self.actual[rows], (at - self.at[rows]) / WEEK)
        ratios = np.maximum(lasted, ONE_DAY)[:, None] / np.clip(self.weeks[rows], ONE_DAY, HORIZON)
        return _reached(ratios, is_over), int(is_over.sum())


def _reached(ratios: Numbers, is_over: Flags) -> Numbers:
    """Within which ratio as many forecasts ended as their level (column) says, those still open followed so far."""
    n = len(ratios)
    place = np.argsort(ratios, axis=0, kind="stable")
    survival = np.cumprod(1 - is_over[place] / (n - np.arange(n))[:, None], axis=0)
    is_reached = survival <= 1 - LEVELS[LEARNED] + 1e-9
    first = np.where(is_reached.any(axis=0), is_reached.argmax(axis=0), n - 1)
    found: Numbers = np.take_along_axis(ratios, place, axis=0)[first, np.arange(len(LEARNED))]
    return found
