"""The plain bootstrap without drawing anything: the exact chance that nothing remains after each whole week.

What the usual tools simulate, kept as a baseline and as a check of the simulation.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from metrics.forecast.engine import HORIZON
from metrics.ordering import Numbers

ROUNDING = 1e-9


class Chances(NamedTuple):
    """The chance (0–1) that nothing remains after 0, 1, 2 … weeks; ok, done, no_throughput or never."""

    status: str
    done: Numbers

    def quantile(self, q: float) -> float:
        """After how many whole weeks is it done with that chance? Infinite where not within the horizon."""
        reached = np.flatnonzero(self.done >= q - ROUNDING)
        return float(reached[0]) if len(reached) else float("inf")

    def share_by(self, weeks: float) -> float:
        """The chance that it is done after so many weeks."""
        return float(self.done[min(int(weeks), len(self.done) - 1)]) if weeks >= 0 else 0.0


def plain_bootstrap(
    samples: npt.ArrayLike,
    remaining: float,
    *,
    growth_per_week: float = 0.0,
    focus: float = 1.0,
    horizon: int = HORIZON,
) -> Chances:
    """When is it done if every week to come is one of the past ones, each as likely as the others?

    `samples` are items finished per past week, of which the share `focus` (0–1) was for this; scope grows by
    `growth_per_week` items. Never means that it is not done within the horizon, more likely than not.
    """
    pace = np.asarray(samples, dtype=np.int64)
    if remaining <= 0:
        return Chances("done", np.ones(horizon + 1))
    if not pace.any():
        return Chances("no_throughput", np.zeros(horizon + 1))
    week = np.arange(horizon + 1)
    needed = np.ceil((remaining + growth_per_week * week) / focus - ROUNDING).astype(np.int64)
    done = _absorbed(np.bincount(pace) / len(pace), needed)
    return Chances("ok" if done[-1] >= 0.5 else "never", done)


def _absorbed(chance: Numbers, needed: npt.NDArray[np.int64]) -> Numbers:
    """The chance that the sum of weekly draws has reached what is needed, week by week."""
    total, done = np.ones(1), np.zeros(len(needed))
    for week in range(1, len(needed)):
        total = np.convolve(total, chance)
        done[week] = done[week - 1] + float(total[needed[week] :].sum())
        total = total[: needed[week]]
    return np.minimum(done, 1.0)
