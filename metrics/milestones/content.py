"""Stays as numbers, and the point at which the scope of a milestone was settled."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from fairlead import calendar, keys
from metrics import intervals
from metrics.histories import codes
from metrics.instants import NEVER, Micros, instants, instants_or_never
from metrics.milestones.members import ACTIVE, DONE, DROPPED
from metrics.ordering import Flags, Integers

WINDOW_SHARE = 0.1
ONE_DAY = pd.Timedelta(days=1)


@dataclass(frozen=True)
class Content:
    """Stays in milestones: `milestone` is the row in `known`, `pair` numbers milestone and item together.

    What happened after a milestone was closed is taken out, so that its numbers stay what they were then.
    """

    milestone: Integers
    pair: Integers
    state: Integers
    start: Micros
    end: Micros

    def where(self, rows: Flags) -> "Content":
        """Some of the stays."""
        return Content(*(column[rows] for column in (self.milestone, self.pair, self.state, self.start, self.end)))

    def scope_at(self, at: Micros) -> Flags:
        """Which stays are scope of their milestone at an instant of that milestone. `NEVER` finds none."""
        when = at[self.milestone]
        found: Flags = (self.state != DROPPED) & (self.start <= when) & (when < self.end)
        return found


def content(known: pd.DataFrame, stays: pd.DataFrame) -> Content:
    """The stays in the milestones of `known`."""
    return numbered(known, stays)[0]


def numbered(known: pd.DataFrame, stays: pd.DataFrame) -> tuple[Content, Integers]:
    """The stays in the milestones of `known`, and the row of `stays` that each comes from."""
    milestone = keys.positions(stays["milestone"], known["id"])
    start, end = intervals.edges(stays["start_at"], stays["end_at"])
    closed = np.append(instants_or_never(known["closed_at"]), NEVER)[milestone]
    item = codes(stays["item"])
    pair = np.asarray(pd.factorize(milestone * (item.max(initial=0) + 1) + item)[0], dtype=np.int64)
    state = codes(stays["state"])
    end = np.where(end > closed, NEVER, end)
    is_theirs = (milestone >= 0) & (start <= closed)
    return Content(milestone, pair, state, start, end).where(is_theirs), np.flatnonzero(is_theirs)


def commitments(known: pd.DataFrame, stays: pd.DataFrame, *, zone: str = "UTC") -> pd.DataFrame:
    """When was the scope of each milestone settled, and which rule says so?

    At the end of its commitment day in `zone`, because a plan is put together over a day. That day is the planned
    start (rule `start_on`); else the first day on which a member was being worked on or was finished (`first_work`; a
    pull request is worked on while it is open); else the day on which a tenth of the time from creation to the end of
    the first due date is over (`planned_window`); else there is none (`none`).

    Returns one row per milestone: milestone (id), committed_at (UTC; may lie ahead of what is known), rule.
    """
    committed_at, rule = settled(known, content(known, stays), zone=zone)
    return pd.DataFrame({"milestone": known["id"].astype("str"), "committed_at": committed_at, "rule": rule})


def settled(known: pd.DataFrame, held: Content, *, zone: str) -> tuple[pd.Series, pd.Series]:
    """`commitments` of stays that are numbers already."""
    worked_on = calendar.local_days(instants(first_work(held, len(known))), zone)
    planned_on = calendar.local_days(_first_tenth(known, zone), zone)
    start_on = known["start_on"]
    rule = np.select(
        [start_on.notna(), worked_on.notna(), planned_on.notna()], ["start_on", "first_work", "planned_window"], "none"
    )
    committed_at = calendar.day_starts(start_on.fillna(worked_on).fillna(planned_on) + ONE_DAY, zone)
    return committed_at, pd.Series(rule, dtype="str")


def first_work(held: Content, n: int) -> Micros:
    """When a member of each milestone was first worked on, or was finished as a member; `NEVER` where none was."""
    joined = np.full(held.pair.max(initial=-1) + 1, NEVER)
    np.minimum.at(joined, held.pair, held.start)
    is_finish = (held.state == DONE) & (held.start > joined[held.pair])
    is_work = (held.state == ACTIVE) | is_finish
    first = np.full(n, NEVER)
    np.minimum.at(first, held.milestone[is_work], held.start[is_work])
    return first


def first_joining(held: Content, n: int) -> Micros:
    """When the first member of each milestone joined; `NEVER` where none did."""
    first = np.full(n, NEVER)
    np.minimum.at(first, held.milestone, held.start)
    return first


def _first_tenth(known: pd.DataFrame, zone: str) -> pd.Series:
    """When a tenth of the planned time is over; missing where there is no planned time."""
    created = known["created_at"]
    planned = calendar.day_starts(known["first_due_on"] + ONE_DAY, zone) - created
    tenth: pd.Series = created + planned.where(planned > pd.Timedelta(0)) * WINDOW_SHARE
    return tenth.astype("datetime64[us, UTC]")
