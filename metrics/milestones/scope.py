"""Scope and done items of milestones over time."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from fairlead import calendar
from metrics import intervals
from metrics.instants import NEVER, Micros, instants, instants_or_never, micros, micros_of
from metrics.milestones.content import Content, content, first_joining, settled
from metrics.milestones.members import DONE, DROPPED
from metrics.ordering import Flags, Integers, repeated


@dataclass(frozen=True)
class Window:
    """The instants at which each milestone is looked at: places `first` (included) to `past` (not) of a sorted grid."""

    grid: Micros
    first: Integers
    past: Integers

    def counts(self, held: Content, rows: Flags) -> Integers:
        """How many of the chosen stays there are, milestone by milestone, instant by instant."""
        some = held.where(rows)
        return intervals.open_on(some.milestone, some.start, some.end, grid=self.grid, first=self.first, past=self.past)

    def points(self) -> tuple[Integers, Micros]:
        """Milestone and instant of each count."""
        milestone, nth = repeated(self.past - self.first)
        return milestone, self.grid[self.first[milestone] + nth]


def scope_history(
    known: pd.DataFrame,
    stays: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
    at: pd.DatetimeIndex | None = None,
    zone: str = "UTC",
) -> pd.DataFrame:
    """How much was in each milestone at each of the instants `at` (default: `as_of`), and how far has it grown?

    Scope are the members that are not dropped (closed as not planned, or closed unmerged). Added and removed compare
    the set of items with that of the commitment point (see `commitments`), so that leaving and coming back is neither.
    Items done before they joined are scope and done, though nothing was finished. Closed milestones stand still.

    Returns one row per milestone and instant: milestone (id), at (UTC), scope, done, open, dropped (members that are
    no scope), committed, added_after, removed_after (items; missing before the commitment point;
    scope = committed + added_after - removed_after), progress (done / scope, 0–1; NaN where there is no scope).

    Raises:
        ValueError: an instant lies after `as_of`.
    """
    instants_at = instants_of(at, as_of=as_of)
    held = content(known, stays)
    return counted(known, held, settled(known, held, zone=zone)[0], at=instants_at)


def instants_of(at: pd.DatetimeIndex | None, *, as_of: pd.Timestamp) -> pd.DatetimeIndex:
    """The instants asked for in order; `as_of` where none are. Raises `ValueError` where one lies after it."""
    instants_at = pd.DatetimeIndex([as_of]) if at is None else at.sort_values()
    if len(instants_at) and instants_at[-1] > as_of:
        raise ValueError("at: an instant lies after as_of, where nothing is known. Give earlier ones.")
    return instants_at


def counted(known: pd.DataFrame, held: Content, committed_at: pd.Series, *, at: pd.DatetimeIndex) -> pd.DataFrame:
    """`scope_history` of stays that are numbers already, at sorted instants."""
    grid, committed = micros(at.to_series()), instants_or_never(committed_at)
    window = Window(grid, np.zeros(len(known), dtype=np.int64), np.full(len(known), len(grid)))
    milestone, when = window.points()
    is_scope, is_original = held.state != DROPPED, held.scope_at(committed)
    was_committed = np.zeros(held.pair.max(initial=-1) + 1, dtype=bool)
    was_committed[held.pair[is_original]] = True
    scope, done = window.counts(held, is_scope), window.counts(held, held.state == DONE)
    kept = window.counts(held, is_scope & was_committed[held.pair])
    original = np.bincount(held.milestone[is_original], minlength=len(known))[milestone]
    is_before = when < committed[milestone]
    return pd.DataFrame(
        {
            "milestone": _ids(known, milestone),
            "at": instants(when),
            "scope": scope,
            "done": done,
            "open": scope - done,
            "dropped": window.counts(held, ~is_scope),
            "committed": _unless(is_before, original),
            "added_after": _unless(is_before, scope - kept),
            "removed_after": _unless(is_before, original - kept),
            "progress": done / np.where(scope > 0, scope, np.nan),
        }
    )


def _ids(known: pd.DataFrame, row: Integers) -> pd.Series:
    return known["id"].astype("str").take(row).reset_index(drop=True)


def _unless(is_missing: Flags, values: Integers) -> pd.api.extensions.ExtensionArray:
    return pd.arrays.IntegerArray(values.astype(np.int64), is_missing)


def burn_up(known: pd.DataFrame, stays: pd.DataFrame, *, as_of: pd.Timestamp, zone: str = "UTC") -> pd.DataFrame:
    """How did scope and done items of each milestone rise, day by day?

    From the milestone's creation (or its first member, where that is not known) to its closing or `as_of`, at the end
    of each day in `zone`; the last day counts up to `as_of`. Draw it beside `commitments`.

    Returns one row per milestone and day: milestone (id), at (UTC), scope, done (items).
    """
    held = content(known, stays)
    window = _daily(known, held, as_of=as_of, zone=zone)
    milestone, at = window.points()
    scope, done = window.counts(held, held.state != DROPPED), window.counts(held, held.state == DONE)
    return pd.DataFrame({"milestone": _ids(known, milestone), "at": instants(at), "scope": scope, "done": done})


def _daily(known: pd.DataFrame, held: Content, *, as_of: pd.Timestamp, zone: str) -> Window:
    joined = first_joining(held, len(known))
    created = instants_or_never(known["created_at"])
    begins = np.where(created == NEVER, joined, created)
    grid = _day_ends(int(begins.min(initial=NEVER)), as_of=as_of, zone=zone)
    first = np.searchsorted(grid, begins)
    past = np.minimum(np.searchsorted(grid, instants_or_never(known["closed_at"])) + 1, len(grid))
    return Window(grid, first, np.maximum(first, past))


def _day_ends(since: int, *, as_of: pd.Timestamp, zone: str) -> Micros:
    """The end of each day in `zone` from `since`, and `as_of`; nothing where `since` lies after it."""
    until = micros_of(as_of)
    if since > until:
        return np.empty(0, dtype=np.int64)
    edges = calendar.local_days(instants(np.array([since, until])), zone)
    days = pd.Series(pd.date_range(edges.iloc[0], edges.iloc[1], freq="D").as_unit("us")).iloc[1:]
    ends = micros(calendar.day_starts(days, zone))
    return np.append(ends[ends < until], until)
