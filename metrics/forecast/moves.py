"""What moved the remaining work of milestones: finishes and arrivals, to be asked at any instant.

Replayed once over everything known, then asked at many instants. What is told of an instant is what would have been
told by the data known then: every move carries its own instant and that of the item's next move.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from fairlead import calendar
from metrics.instants import NEVER, Micros, instants
from metrics.milestones.content import Content, content
from metrics.milestones.members import ACTIVE
from metrics.milestones.turns import turns
from metrics.ordering import Flags, Integers, is_last, order, starts_and_counts

OUT, OPEN, FINISHED = 0, 1, 2
KIND_OF_STATE = np.array([OPEN, OPEN, FINISHED, OUT, OUT])
"""What members are by their state (to do, active, done, dropped); the last is for what is no member (`turns.OUT`)."""
MONDAY = pd.Timestamp("1970-01-05")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Moves:
    """Items of one milestone that came, went, were finished or reopened, oldest first.

    `was` and `kind` tell what each item was before and after (`OUT`, `OPEN`, `FINISHED`), `until` when it moved again
    (`NEVER` where it did not) and `then` what it became; `week` is the number of the ISO week of `at`. `worked_at` is
    when a member was first worked on or finished, `NEVER` where none was.
    """

    worked_at: int
    at: Micros
    was: Integers
    kind: Integers
    until: Micros
    then: Integers
    week: Integers

    def counts(self, at: int) -> tuple[int, int]:
        """How much is scope, and how much of it remains, at an instant."""
        kind = self.kind[(self.at <= at) & (at < self.until)]
        return int(np.sum(kind != OUT)), int(np.sum(kind == OPEN))

    def weekly(self, at: int, *, first: int, past: int) -> tuple[Integers, Integers]:
        """Finished items and net arrivals of the weeks `first` (included) to `past` (not), as known at an instant.

        A finish that was taken back is none, and what is opened again is no arrival. An item that arrives finished, or
        leaves when it is, changes nothing about what remains.
        """
        told = (self.at <= at) & (self.week >= first) & (self.week < past)
        stands = ~((self.until <= at) & (self.then == OPEN))
        finished = self._per_week(told & stands & (self.was == OPEN) & (self.kind == FINISHED), first, past)
        came = self._per_week(told & (self.was == OUT) & (self.kind == OPEN), first, past)
        went = self._per_week(told & (self.was == OPEN) & (self.kind == OUT), first, past)
        return finished, came - went

    def _per_week(self, rows: Flags, first: int, past: int) -> Integers:
        return np.asarray(np.bincount(self.week[rows] - first, minlength=max(past - first, 0)), dtype=np.int64)

    def began_at(self, at: int) -> int:
        """When work on it began, as known at an instant: else when its first item came; `NEVER` where none had."""
        joined = int(self.at[0]) if len(self.at) else NEVER
        began = self.worked_at if self.worked_at <= at else joined
        return began if began <= at else NEVER

    def finished_at(self) -> int:
        """When the last remaining item was finished or went; `NEVER` where some remain, or there never were any."""
        about = (self.was == OPEN) | (self.kind == OPEN)
        is_left = self.counts(NEVER - 1)[1] > 0
        return NEVER if is_left or not about.any() else int(self.at[about][-1])


def moves(known: pd.DataFrame, stays: pd.DataFrame, *, zone: str = "UTC") -> list[Moves]:
    """The moves of each milestone in `known`, in its order. What happened after a closing is left out.

    `known` and `stays` are what `milestones.as_known` and `milestones.stays` give.
    """
    return of_content(content(known, stays), len(known), zone=zone)


def of_content(held: Content, n: int, *, zone: str) -> list[Moves]:
    """`moves` of stays that are numbers already, for `n` milestones."""
    pair, milestone, at, was, kind = _changes(held)
    by_item = order(pair, at)
    pair, milestone, at, was, kind = (column[by_item] for column in (pair, milestone, at, was, kind))
    ends = is_last(pair)
    until = np.where(ends, NEVER, np.append(at, NEVER)[1:])
    then = np.where(ends, -1, np.append(kind, -1)[1:])
    week = week_numbers(instants(at), zone)
    by_time = order(milestone, at, pair)
    columns = [column[by_time] for column in (at, was, kind, until, then, week)]
    firsts, counts = starts_and_counts(milestone[by_time], n)
    worked_at = _first_work(held, milestone[by_time], columns[0], (columns[1] == OPEN) & (columns[2] == FINISHED), n=n)
    rows = zip(worked_at, firsts, firsts + counts, strict=True)
    return [Moves(int(worked), *(column[first:past] for column in columns)) for worked, first, past in rows]


def _first_work(held: Content, milestone: Integers, at: Micros, is_finish: Flags, *, n: int) -> Micros:
    first = np.full(n, NEVER)
    is_active = held.state == ACTIVE
    np.minimum.at(first, held.milestone[is_active], held.start[is_active])
    np.minimum.at(first, milestone[is_finish], at[is_finish])
    return first


def _changes(held: Content) -> tuple[Integers, Integers, Micros, Integers, Integers]:
    """Item in milestone, milestone, instant, what it was, what it became; only what changes something."""
    found = turns(held, np.arange(len(held.pair)))
    stay, milestone, at, was, now = (found[name].to_numpy() for name in ("row", "milestone", "at", "was", "now"))
    before, after = KIND_OF_STATE[was], KIND_OF_STATE[now]
    is_change = before != after
    pair = held.pair[stay]
    return pair[is_change], milestone[is_change], at[is_change], before[is_change], after[is_change]


def week_numbers(at: pd.Series, zone: str) -> Integers:
    """Numbers of ISO weeks in the zone; successive weeks have successive numbers."""
    days = (calendar.week_starts(at, zone) - MONDAY).dt.days
    return np.asarray(days.to_numpy(np.int64) // 7, dtype=np.int64)


def week_number(at: int, zone: str) -> int:
    """`week_numbers` of one instant, a thousand times as quick."""
    local = (EPOCH + timedelta(microseconds=at)).astimezone(ZoneInfo(zone))
    return (local.toordinal() - MONDAY.toordinal()) // 7
