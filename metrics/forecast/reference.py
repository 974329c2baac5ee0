"""The outside view: how long milestones like this one took, and how they ended."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from metrics.forecast.moves import Moves
from metrics.instants import NEVER, WEEK, Micros
from metrics.ordering import Flags, Integers, Numbers

LEAST = 5
"""Fewer milestones are no class to refer to."""
CLOSE_KIN = 10
"""From so many milestones of the same project and kind on, others are left out."""


@dataclass(frozen=True)
class Ended:
    """Milestones that were closed: when known to be, when they began and were over, and whether work was left.

    A milestone is over when nothing remained for good, or when it was closed with work left. `kin` numbers project and
    kind; all are rows of one list of milestones, `milestone` is the place in it.
    """

    milestone: Integers
    kin: Integers
    began_at: Micros
    over_at: Micros
    closed_at: Micros
    has_left: Flags

    @property
    def weeks(self) -> Numbers:
        """How long each took."""
        return (self.over_at - self.began_at) / WEEK

    def where(self, rows: Flags) -> "Ended":
        """Some of them."""
        columns = (self.milestone, self.kin, self.began_at, self.over_at, self.closed_at)
        milestone, kin, began_at, over_at, closed_at = (column[rows] for column in columns)
        return Ended(milestone, kin, began_at, over_at, closed_at, self.has_left[rows])

    def known_by(self, at: int, *, kin: int) -> "Ended":
        """Those that had been closed by an instant: of the same kin where there are enough, else all."""
        before = self.where(self.closed_at <= at)
        alike = before.where(before.kin == kin)
        return alike if len(alike.kin) >= CLOSE_KIN else before


def ended(moves: list[Moves], closed_at: Micros, kin: Integers) -> Ended:
    """The closed ones among milestones; `closed_at` is `NEVER` where one is open, or its closing is not dated.

    Those that ended in the instant they began tell nothing of how long it takes and are left out.
    """
    finished_at = np.array([each.finished_at() for each in moves], dtype=np.int64)
    over_at = np.minimum(finished_at, closed_at)
    began_at = np.array([each.began_at(int(over)) for each, over in zip(moves, over_at, strict=True)], dtype=np.int64)
    everything = Ended(np.arange(len(moves)), kin, began_at, over_at, closed_at, finished_at > closed_at)
    return everything.where((closed_at != NEVER) & (began_at < over_at))


def weeks_left(took: Numbers, elapsed_weeks: float) -> Numbers:
    """How much longer took those that took longer than this one has so far? Sorted; empty where too few did."""
    longer = np.sort(took[took > elapsed_weeks]) - elapsed_weeks
    return longer if len(longer) >= LEAST else np.empty(0)


def weeks_to_closing(past: Ended, elapsed_weeks: float) -> tuple[Numbers, Numbers]:
    """When would this one be closed with work left? Weeks from now, and the chance (0–1) of each.

    Kaplan & Meier (1958): milestones whose work ran out were only followed until then. What is missing to one is the
    chance that it never happens.
    """
    longer = past.where(past.weeks > elapsed_weeks)
    took, place = np.unique(longer.weeks - elapsed_weeks, return_inverse=True)
    if len(longer.kin) < LEAST:
        return np.empty(0), np.empty(0)
    closings, gone = np.bincount(place, longer.has_left), np.bincount(place)
    at_risk = len(longer.kin) - np.cumsum(gone) + gone
    survival = np.cumprod(1 - closings / at_risk)
    return took, np.append(1.0, survival)[:-1] - survival


def drawn(weeks: Numbers, chance: Numbers, *, trials: int, seed: int) -> npt.NDArray[np.float32]:
    """So many draws, in random order, evenly spread over the chances; infinite where it never happens."""
    level = (np.random.default_rng(seed).permutation(trials) + 0.5) / trials
    place = np.searchsorted(np.cumsum(chance), level)
    return np.append(weeks, np.inf)[np.minimum(place, len(weeks))].astype(np.float32)
