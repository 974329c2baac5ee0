"""Where a milestone stands at an instant: all that its own futures are drawn from, and what a what-if changes."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from metrics.forecast.moves import Moves
from metrics.instants import NEVER, WEEK

WINDOW_WEEKS = 26


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What is known of a milestone at an instant.

    `finished` and `arrived` are the items finished and the net arrivals of scope in the same past weeks.
    """

    scope: int
    remaining: float
    elapsed_weeks: float
    finished: npt.NDArray[np.number]
    arrived: npt.NDArray[np.number]


def standing(moves: Moves, *, at: int, week: int, began_week: int) -> Standing:
    """Where a milestone stands at an instant in the ISO week number `week`, having begun in another.

    The week in which it began counts whole, or its first finishes would be no sample; the running week does not.
    """
    scope, remaining = moves.counts(at)
    began_at = moves.began_at(at)
    first = max(began_week, week - WINDOW_WEEKS) if began_at != NEVER else week
    finished, arrived = moves.weekly(at, first=first, past=week)
    elapsed_weeks = (at - began_at) / WEEK if began_at != NEVER else 0.0
    return Standing(scope=scope, remaining=remaining, elapsed_weeks=elapsed_weeks, finished=finished, arrived=arrived)
