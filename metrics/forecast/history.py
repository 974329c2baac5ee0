"""Everything that forecasts are made of, replayed once and asked at any instant.

What is asked of an instant reads nothing later: moves, closings and due dates carry the instant they became known.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from fairlead import calendar
from metrics.forecast import moves as moves_of
from metrics.forecast.engine import DEFAULT, Futures, seed_of
from metrics.forecast.moves import Moves
from metrics.forecast.outlook import Outlook, Standing, look_ahead, standing
from metrics.forecast.reference import WEEK, Ended, ended
from metrics.instants import NEVER, Micros, instants, micros
from metrics.milestones.content import instants_or_never
from metrics.milestones.dates import due_dates
from metrics.ordering import Integers

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Due:
    """A due date as known at an instant: the end of its day, and whether it was observed to be said by then."""

    ends_at: int
    is_observed: bool


@dataclass(frozen=True)
class History:
    """Milestones (rows of `known`), what moved them, how they ended, and when which due date was said.

    `said` are the observed due dates by milestone and time: row, said_at, the end of the day; `due` is the end of the
    due date as it is now, `NEVER` without one.
    """

    known: pd.DataFrame
    moves: list[Moves]
    ended: Ended
    kin: Integers
    closed_at: Micros
    said: tuple[Integers, Micros, Micros]
    due: Micros
    zone: str

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
        row, said_at, ends_at = self.said
        seen = ends_at[(row == milestone) & (said_at <= at)]
        return Due(int(seen[-1]), True) if len(seen) else Due(int(self.due[milestone]), False)

    def slips(self, at: int) -> Numbers:
        """By how many weeks the milestones closed by an instant missed the first due date observed of each."""
        row, _, ends_at = self.said
        first, place = np.unique(row, return_index=True)
        counted = (self.closed_at[first] <= at) & (self.over_at[first] != NEVER)
        slipped: Numbers = (self.over_at[first] - ends_at[place])[counted] / WEEK
        return slipped

    def standing(self, milestone: int, at: int) -> Standing:
        """Where it stood at an instant."""
        moves = self.moves[milestone]
        began_at = moves.began_at(at)
        weeks = moves_of.week_numbers(instants(np.array([at, began_at if began_at != NEVER else at])), self.zone)
        return standing(moves, at=at, week=int(weeks[0]), began_week=int(weeks[1]))

    def past(self, milestone: int, at: int) -> Ended:
        """The milestones it can be compared with: closed by then."""
        return self.ended.known_by(at, kin=int(self.kin[milestone]))

    def outlook(self, milestone: int, at: int, *, futures: Futures = DEFAULT) -> Outlook:
        """How much longer it may take, as of an instant."""
        seed = seed_of(self.ids[milestone], at)
        return look_ahead(self.standing(milestone, at), self.past(milestone, at), seed=seed, futures=futures)


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
    closed_at = instants_or_never(known["closed_at"])
    kin = known[["project", "kind"]].astype("str").agg("\n".join, axis=1) if len(known) else known["project"]
    kin_codes = np.asarray(pd.factorize(kin)[0], dtype=np.int64)
    said = due_dates(milestone_changes, as_of=as_of)
    row = pd.Index(known["id"].astype("str")).get_indexer(pd.Index(said["milestone"]))
    columns = (row, micros(said["said_at"]), day_ends(said["due_on"], zone))
    return History(
        known=known,
        moves=moves,
        ended=ended(moves, closed_at, kin_codes),
        kin=kin_codes,
        closed_at=closed_at,
        said=tuple(np.asarray(column)[row >= 0] for column in columns),  # type: ignore[arg-type]  # three of them
        due=day_ends(known["due_on"], zone),
        zone=zone,
    )


def day_ends(days: pd.Series, zone: str) -> Micros:
    """The instant at which each day is over in the zone; `NEVER` where there is none."""
    return instants_or_never(calendar.day_starts(days + pd.Timedelta(days=1), zone))


def day_of(at: int, zone: str) -> pd.Timestamp:
    """The day in the zone that an instant belongs to; one that ends a day belongs to it."""
    return pd.Timestamp(calendar.local_days(instants(np.array([at - 1])), zone).iloc[0])


def weeks_until(at: int, later: int) -> float:
    """Weeks from one instant to another; NaN where that is `NEVER`."""
    return (later - at) / WEEK if later != NEVER else float("nan")
