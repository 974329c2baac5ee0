"""Scope and done items of milestones over time, and what scope they set out with."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from fairlead import calendar, keys
from metrics import intervals
from metrics.instants import MISSING, NEVER, Micros, instants, micros, micros_of
from metrics.intervals import Flags
from metrics.milestones.members import ACTIVE, DONE, DROPPED
from metrics.ordering import Integers

WINDOW_SHARE = 0.1
RULES = ["start_on", "first_work", "planned_window", "none"]
ONE_DAY = pd.Timedelta(days=1)


@dataclass(frozen=True)
class Content:
    """Stays as numbers. `milestone` is the row in `known`, `pair` names a milestone and item together.

    What happened after a milestone was closed is taken out: its numbers stay as they were then.
    """

    milestone: Integers
    pair: Integers
    state: Integers
    start: Micros
    end: Micros

    def where(self, rows: Flags) -> "Content":
        """Some of the stays."""
        return Content(*(column[rows] for column in (self.milestone, self.pair, self.state, self.start, self.end)))


def content(known: pd.DataFrame, stays: pd.DataFrame) -> Content:
    """The stays in the milestones of `known`."""
    milestone = keys.positions(stays["milestone"], known["id"])
    start, end = intervals.edges(stays["start_at"], stays["end_at"])
    closed = closings(known)[milestone]
    item = intervals.codes(stays["item"])
    pair = pd.factorize(milestone * (item.max(initial=0) + 1) + item)[0].astype(np.int64)
    state = stays["state"].cat.codes.to_numpy(np.int64)
    kept = (milestone >= 0) & (start <= closed)
    return Content(milestone, pair, state, start, np.where(end > closed, NEVER, end)).where(kept)


def closings(known: pd.DataFrame) -> Micros:
    """When each milestone was closed; `NEVER` while open, or where it is not known."""
    closed = micros(known["closed_at"])
    return np.where(closed == MISSING, NEVER, closed)


def commitments(
    known: pd.DataFrame, stays: pd.DataFrame, *, as_of: pd.Timestamp, zone: str = "UTC"
) -> pd.DataFrame:
    """When was the scope of each milestone settled, and which rule says so?

    The end of the commitment day in `zone`, because a plan is put together over its first day. That day is the planned
    start (`start_on`); else the first day on which work on a member was under way or a member was finished
    (`first_work`; a pull request is worked on while open); else the day after a tenth of the time from creation to the
    first due date (`planned_window`); else unknown (`none`).

    Returns one row per milestone: milestone (id), committed_at (UTC; may lie after `as_of`), rule.
    """
    first_work = instants(_first_work(content(known, stays), len(known)))
    due_at = calendar.day_starts(known["first_due_on"] + ONE_DAY, zone)
    tenth = known["created_at"] + (due_at - known["created_at"]).where(due_at > known["created_at"]) * WINDOW_SHARE
    days = [known["start_on"], calendar.local_days(first_work, zone), calendar.local_days(tenth, zone)]
    rule = np.select([day.notna() for day in days], RULES[:-1], RULES[-1])
    day = days[0].fillna(days[1]).fillna(days[2])
    committed_at = calendar.day_starts(day + ONE_DAY, zone)
    return pd.DataFrame({"milestone": known["id"].astype("str"), "committed_at": committed_at, "rule": rule})


def _first_work(held: Content, n: int) -> Micros:
    """When work on a member was first under way in each milestone; `NEVER` where it was not."""
    joined = np.full(held.pair.max(initial=-1) + 1, NEVER)
    np.minimum.at(joined, held.pair, held.start)
    is_finish = (held.state == DONE) & (held.start > joined[held.pair])
    is_work = (held.state == ACTIVE) | is_finish
    first = np.full(n, NEVER)
    np.minimum.at(first, held.milestone[is_work], held.start[is_work])
    return first


def scope_history(
    known: pd.DataFrame,
    stays: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
    at: pd.DatetimeIndex | None = None,
    zone: str = "UTC",
) -> pd.DataFrame:
    """How much was in each milestone at each of the instants `at` (default: `as_of`), and how has that grown?

    Scope are the members that are not dropped (closed as not planned, or closed unmerged). What was added and removed
    since the commitment point compares the two sets of items, so that leaving and coming back is neither. Items done
    before they joined are scope and done. Closed milestones stand still at their closing.

    Returns one row per milestone and instant: milestone (id), at (UTC), scope, done, open, dropped (members not
    counted as scope), committed, added_after, removed_after (items; missing before the commitment point, which holds
    scope = committed + added_after - removed_after), progress (done / scope, 0–1; NaN where there is no scope).

    Raises:
        ValueError: an instant lies after `as_of`.
    """
    at = pd.DatetimeIndex([as_of]) if at is None else at.sort_values()
    if len(at) and at[-1] > as_of:
        raise ValueError("at: an instant lies after as_of; nothing is known of it. Give earlier ones.")
    grid = micros(at.to_series())
    held, n = content(known, stays), len(known)
    committed_at = commitments(known, stays, as_of=as_of, zone=zone)["committed_at"]
    window = (grid, np.zeros(n, dtype=np.int64), np.full(n, len(grid)))
    return _measured(known, held, _settled(committed_at, as_of), window)
