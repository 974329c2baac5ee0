"""Learning from what we said week by week, the open ends included: for forecasts made now.

Forecasts at parts of a window that is known only in hindsight hint at its end, and those resolved so far are the quick
ones. What was said every week has neither fault once open milestones count as "at least so long" (Kaplan & Meier 1958).
But a milestone that was forecast eighty times is one case, not eighty: with few of them little is learned.
"""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from metrics.forecast.recalibration import believed, ratios, reached, times
from metrics.instants import DAY, WEEK, Micros
from metrics.ordering import Integers, Numbers

SPAN_WEEKS = 52
"""What was said longer ago tells of another organisation."""
LEAST = 8
"""The forecasts of effectively fewer closed milestones teach nothing."""
DOUBT = 5
"""With effectively so many closed milestones, half of what was learned (as a logarithm) is believed."""
MOST = 2.0
"""No forecast is stretched or shrunk more than that: who is further off has another trouble than calibration."""


@dataclass(frozen=True)
class Said:
    """Weekly forecasts: quantiles at the learned levels as first made (rows: forecasts), how, when, and what it took.

    `actual` are weeks and `known_at` (micros) is when that was known, `NEVER` while the milestone is open; `milestone`
    are numbers.
    """

    weeks: Numbers
    actual: Numbers
    way: npt.NDArray[np.str_]
    at: Micros
    known_at: Micros
    milestone: Integers
    _learned: dict[tuple[int, str], tuple[Numbers | None, int]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def factors(self, at: int, *, way: str) -> tuple[Numbers | None, int]:
        """By which factors to multiply a forecast made in that way at an instant, and from how many that is learned.

        Learned from what was said in the year before, as known when the day began (UTC): all forecasts of a day share
        it, and it is found once. None where what had ended by then were effectively fewer than eight milestones; with
        few more, factors stay close to one.
        """
        key = at - at % DAY, way
        if key not in self._learned:
            self._learned[key] = self._factors(*key)
        return self._learned[key]

    def _factors(self, at: int, way: str) -> tuple[Numbers | None, int]:
        rows = np.flatnonzero((self.at < at) & (self.at > at - SPAN_WEEKS * WEEK) & (self.way == way))
        is_over = self.known_at[rows] <= at
        n_milestones = effective(self.milestone[rows][is_over])
        if n_milestones < LEAST:
            return None, 0
        lasted = np.where(is_over, self.actual[rows], (at - self.at[rows]) / WEEK)
        found = reached(ratios(lasted, self.weeks[rows]), is_over, np.ones(len(rows)))
        return np.clip(believed(found, n_milestones, DOUBT), 1 / MOST, MOST), int(is_over.sum())


def effective(milestone: Integers) -> float:
    """How many milestones, forecast equally often, would tell as much as these rows do? After Kish (1965)."""
    return len(milestone) ** 2 / float(np.sum(times(milestone))) if len(milestone) else 0.0
