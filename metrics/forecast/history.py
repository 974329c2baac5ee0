"""Everything that forecasts are made of, replayed once and asked at any instant.

What is asked of an instant reads nothing later: moves, closings and due dates carry the instant they became known.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from fairlead import calendar, keys
from metrics.forecast import moves as moves_of
from metrics.forecast import recalibration
from metrics.forecast.engine import DEFAULT, Futures, seed_of
from metrics.forecast.moves import Moves
from metrics.forecast.outlook import Outlook, look_ahead
from metrics.forecast.reference import Ended, ended
from metrics.forecast.standing import Standing, standing
from metrics.forecast.weekly import Said
from metrics.instants import NEVER, WEEK, Micros, instants, instants_or_never, micros
from metrics.milestones.dates import due_dates
from metrics.ordering import Integers, Numbers


@dataclass(frozen=True)
class Due:
    """A due date as known at an instant: the end of its day, and whether it was observed to be said by then."""

    ends_at: int
    is_observed: bool


@dataclass(frozen=True)
class History:
    """Milestones (rows of `known`), what moved them, how they ended, and when which due date was said.

    `said` are the observed due dates, ordered by row and time: row, said_at, the end of the day; `due` is the end of
    the due date as it is now, `NEVER` without one. `learned` are past forecasts of the organisation to learn from
    (`said` of a weekly backtest); without them, or with those of too few closed milestones (see `Said.factors`),
    forecasts stay as the simulation gives them.
    """

    known: pd.DataFrame
    moves: list[Moves]
    ended: Ended
    kin: Integers
    closed_at: Micros
    said: tuple[Integers, Micros, Micros]
    due: Micros
    zone: str
    learned: Said | None = None

    @cached_property
    def ids(self) -> list[str]:
        """The milestones' ids."""
        return [str(each) for each in self.known["id"]]

    @cached_property
    def over_at(self) -> Micros:
        """When each milestone was over; `NEVER` while it is not closed."""
        over = np.full(len(self.known), NEVER)
        over[self.ended.milestone] = self.ended.over_at
        return over

    def due_at(self, milestone: int, at: int) -> Due:
        """Its due date as known at an instant; where none had been observed, the one it has now, told apart."""
        said_at, ends_at = self.said_of(milestone)
        n = int(np.searchsorted(said_at, at, side="right"))
        return Due(int(ends_at[n - 1]), True) if n else Due(int(self.due[milestone]), False)

    def said_of(self, milestone: int) -> tuple[Micros, Micros]:
        """When which due date was observed to be said, oldest first: said_at, the end of the day."""
        row, said_at, ends_at = self.said
        first, past = np.searchsorted(row, [milestone, milestone + 1])
        return said_at[first:past], ends_at[first:past]

    def slips(self, at: int) -> Numbers:
        """By how many weeks the milestones closed by an instant missed the first due date observed of each."""
        closed_at, slips = self._slipped
        return slips[closed_at <= at]

    @cached_property
    def _slipped(self) -> tuple[Micros, Numbers]:
        row, _, ends_at = self.said
        first, place = np.unique(row, return_index=True)
        is_over = self.over_at[first] != NEVER
        return self.closed_at[first][is_over], ((self.over_at[first] - ends_at[place]) / WEEK)[is_over]

    def over_on(self, milestone: str) -> pd.Timestamp:
        """The day on which a milestone was over, or on which nothing remained in an open one; missing before."""
        row = self.ids.index(milestone)
        return day_of(min(int(self.over_at[row]), self.moves[row].finished_at()), self.zone)

    def standing(self, milestone: int, at: int) -> Standing:
        """Where it stood at an instant."""
        moves = self.moves[milestone]
        began_at = moves.began_at(at)
        week = moves_of.week_number(at, self.zone)
        began_week = moves_of.week_number(began_at, self.zone) if began_at != NEVER else week
        return standing(moves, at=at, week=week, began_week=began_week)

    def past(self, milestone: int, at: int) -> Ended:
        """The milestones it can be compared with: closed by then."""
        return self.ended.known_by(at, kin=int(self.kin[milestone]))

    def outlook(self, milestone: int, at: int, *, futures: Futures = DEFAULT) -> Outlook:
        """How much longer it may take, as of an instant."""
        seed = seed_of(self.ids[milestone], at)
        return look_ahead(self.standing(milestone, at), self.past(milestone, at), seed=seed, futures=futures)

    def recalibrated(self, outlook: Outlook, at: int) -> tuple[Numbers, int]:
        """The quantiles of an outlook after learning from what was said before an instant, and how many those were."""
        if self.learned is None or outlook.status == "done":
            return outlook.weeks, 0
        factor, n = self.learned.factors(at, way=outlook.way)
        return recalibration.recalibrated(outlook.weeks, factor), n


def replayed(
    known: pd.DataFrame,
    stays: pd.DataFrame,
    milestone_changes: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
    zone: str = "UTC",
) -> History:
    """The history up to `as_of`; `known` and `stays` are what `milestones.as_known` and `milestones.stays` give."""
    moves = moves_of.moves(known, stays, zone=zone)
    closed_at = instants_or_never(known["closed_at"].where(known["closing_is_dated"]))
    kin = known[["project", "kind"]].astype("str").agg("\n".join, axis=1) if len(known) else known["project"]
    kin_codes = np.asarray(pd.factorize(kin)[0], dtype=np.int64)
    said = due_dates(milestone_changes, as_of=as_of)
    row = keys.positions(said["milestone"], known["id"].astype("str"))
    by_row = np.argsort(row, kind="stable")[np.sum(row < 0) :]
    return History(
        known=known,
        moves=moves,
        ended=ended(moves, closed_at, kin_codes),
        kin=kin_codes,
        closed_at=closed_at,
        said=(row[by_row], micros(said["said_at"])[by_row], day_ends(said["due_on"], zone)[by_row]),
        due=day_ends(known["due_on"], zone),
        zone=zone,
    )


def day_ends(days: pd.Series, zone: str) -> Micros:
    """The instant at which each day is over in the zone; `NEVER` where there is none."""
    return instants_or_never(calendar.day_starts(days + pd.Timedelta(days=1), zone))


def days_of(at: Micros, zone: str) -> pd.Series:
    """The days in the zone that instants belong to; one that ends a day belongs to it. Missing where `NEVER`."""
    return calendar.local_days(instants(np.where(at == NEVER, NEVER, at - 1)), zone)


def day_of(at: int, zone: str) -> pd.Timestamp:
    """The day of one instant."""
    return pd.Timestamp(days_of(np.array([at]), zone).iloc[0])


def weeks_until(at: int, later: int) -> float:
    """Weeks from one instant to another; NaN where that is `NEVER`."""
    return (later - at) / WEEK if later != NEVER else float("nan")
