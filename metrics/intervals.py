"""State at any instant: events → intervals by replay, and how many intervals are open, at most and on average.

Intervals are half-open, `[start_at, end_at)`; a missing `end_at` means that it has not ended by `as_of`. What ends at
an instant and what starts at it are never open together. Tables of intervals keep ids as they came, plain or encoded.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd

from fairlead import keys
from metrics import sweep
from metrics.histories import Spells, codes, spells, stacked
from metrics.instants import MISSING, NEVER, Micros, instants, micros, micros_of
from metrics.ordering import Flags, Integers, is_first, order, repeated, starts_and_counts

SPAN = ["start_at", "end_at"]
"""The columns of an interval."""
EVER = 0
"""Since ever: nothing that is tracked here is older than 1970. A number near the smallest one would not sort well."""

ACTIVE, DONE, DROPPED = 0, 1, 2
PULL_REQUEST_STATES = pd.CategoricalDtype(["active", "done", "dropped"])
PULL_REQUEST_CHANGES = pd.Series(["reopened", "merged", "closed"], dtype="str")
"""Which kind of event leads to which state, in the order of the states."""


def states(issue_events: pd.DataFrame, *, field: str, as_of: pd.Timestamp) -> pd.DataFrame:
    """In which state was each issue when? For fields that hold one value at a time, such as `status_category`.

    What an issue was before its first event is unknown and not told. Setting a value that holds changes nothing.
    Returns one row per stretch, by item and time: item, state (missing where the value was cleared), start_at, end_at
    (UTC, missing while it lasts), is_last (whether it is the item's state at `as_of`).
    """
    is_told = (issue_events["field"] == field) & (issue_events["at"] <= as_of)
    events = issue_events.loc[is_told, ["issue", "seq", "at", "new"]]
    state = events["new"].astype("category")
    found = spells(codes(events["issue"]), codes(state), micros(events["at"]), _seq(events))
    return _state_table(events["issue"], state, found)


def _seq(events: pd.DataFrame) -> Integers:
    return events["seq"].to_numpy(np.int64)


def _state_table(item: pd.Series, state: pd.Series, found: Spells) -> pd.DataFrame:
    """`item` and `state` per event."""
    columns = _taken({"item": item, "state": state}, found)
    return columns.assign(is_last=found.end == NEVER)


def _taken(columns: dict[str, pd.Series], found: Spells) -> pd.DataFrame:
    taken = {name: column.take(found.row).reset_index(drop=True) for name, column in columns.items()}
    return pd.DataFrame(taken).assign(start_at=instants(found.start), end_at=instants(found.end))


def pull_request_states(
    pull_requests: pd.DataFrame, pull_request_events: pd.DataFrame, *, as_of: pd.Timestamp
) -> pd.DataFrame:
    """When was each pull request open (`active`, drafts too), merged (`done`), or closed unmerged (`dropped`)?

    A merge is final: nothing that happens later changes it. Where the history lacks the merge or has no closing at
    all, the pull request's own `merged_at` and `closed_at` tell of it.
    Returns what `states` returns, for pull requests created by `as_of`.
    """
    known = pull_requests[pull_requests["created_at"] <= as_of].reset_index(drop=True)
    history = _pull_request_history(known, pull_request_events, as_of=as_of)
    found = spells(*(history[column].to_numpy() for column in ("row", "state", "at", "seq")))
    state = pd.Series(pd.Categorical.from_codes(history["state"].to_numpy(), dtype=PULL_REQUEST_STATES))
    return _state_table(known["id"].take(history["row"].to_numpy()), state, found)


def closed_pull_requests(known: pd.DataFrame, pull_request_events: pd.DataFrame, *, as_of: pd.Timestamp) -> pd.Series:
    """Whether each pull request in `known` is closed at `as_of`, merged or not. Indexed like `known`."""
    spans = pull_request_states(known, pull_request_events, as_of=as_of)
    still_open = spans.loc[spans["is_last"] & (spans["state"] == "active"), "item"]
    is_created = (known["created_at"] <= as_of).to_numpy()
    return pd.Series(is_created & ~keys.is_in(known["id"], still_open), index=known.index)


def _pull_request_history(known: pd.DataFrame, events: pd.DataFrame, *, as_of: pd.Timestamp) -> pd.DataFrame:
    """Everything that opens or closes a pull request: row (in `known`), at, seq, state."""
    changes = _closings(known["id"], events, as_of=as_of)
    created, closed = micros(known["created_at"]), _by(known["closed_at"], as_of)
    merged = _by(known["merged_at"], as_of)
    merges = changes[changes["state"] == DONE]
    np.minimum.at(merged, merges["row"].to_numpy(), merges["at"].to_numpy())
    before = changes[changes["at"].to_numpy() < merged[changes["row"]]]
    untold = np.flatnonzero((closed != NEVER) & (merged == NEVER) & ~np.isin(np.arange(len(known)), changes["row"]))
    done = np.flatnonzero(merged != NEVER)
    last = changes["seq"].max() + 1 if len(changes) else 0
    parts = [
        pd.DataFrame({"row": np.arange(len(known)), "at": created, "seq": -1, "state": ACTIVE}),
        before.assign(at=np.maximum(before["at"], created[before["row"]])),
        pd.DataFrame({"row": untold, "at": np.maximum(closed, created)[untold], "seq": last, "state": DROPPED}),
        pd.DataFrame({"row": done, "at": np.maximum(merged, created)[done], "seq": last, "state": DONE}),
    ]
    return pd.concat(parts, ignore_index=True)


def _closings(ids: pd.Series, events: pd.DataFrame, *, as_of: pd.Timestamp) -> pd.DataFrame:
    """The closings, merges and re-openings that were known: row (in `ids`), at, seq, state."""
    state = keys.positions(events["kind"], PULL_REQUEST_CHANGES)
    is_told = (state >= 0) & (events["at"] <= as_of).to_numpy()
    changes = events.loc[is_told, ["pull_request", "at", "seq"]]
    row = keys.positions(changes["pull_request"], ids)
    told = {"row": row, "at": micros(changes["at"]), "seq": _seq(changes), "state": state[is_told]}
    return pd.DataFrame(told)[row >= 0]


def _by(column: pd.Series, as_of: pd.Timestamp) -> Micros:
    """Instants up to `as_of`; `NEVER` where it is missing or later."""
    at = micros(column)
    return np.where((at == MISSING) | (at > micros_of(as_of)), NEVER, at)


def issue_sets(issue_events: pd.DataFrame, *, field: str, as_of: pd.Timestamp) -> pd.DataFrame:
    """Who or what was in each issue's set when? For fields that hold several: assignee, label, milestone.

    Adding what is in, or removing what is not, changes nothing. Stretches of no length are left out.
    Returns one row per stretch: item, value, start_at, end_at (UTC, missing while it lasts).
    """
    is_told = (issue_events["field"] == field) & (issue_events["at"] <= as_of)
    events = issue_events.loc[is_told, ["issue", "seq", "at", "old", "new"]]
    added, removed = events[events["new"].notna()], events[events["old"].notna()]
    parts = [removed.assign(value=removed["old"]), added.assign(value=added["new"])]
    changes = stacked([part[["issue", "value", "at", "seq"]] for part in parts])
    is_added = np.arange(len(changes)) >= len(removed)
    return _set_table(changes["issue"], changes["value"], changes, is_added)


def pull_request_sets(
    pull_request_events: pd.DataFrame, *, added: str, removed: str, as_of: pd.Timestamp
) -> pd.DataFrame:
    """Who or what was in each pull request's set when? `added` and `removed` are the kinds of event that say so.

    Returns what `issue_sets` returns; events without a subject are left out.
    """
    about = pull_request_events["kind"].isin([added, removed]) & (pull_request_events["at"] <= as_of)
    events = pull_request_events[about]
    events = events[events["subject"].notna()]
    return _set_table(events["pull_request"], events["subject"], events, (events["kind"] == added).to_numpy())


def _set_table(item: pd.Series, value: pd.Series, events: pd.DataFrame, is_added: Flags) -> pd.DataFrame:
    value_code = codes(value)
    pair = codes(item) * (value_code.max(initial=0) + 1) + value_code
    found = spells(pair, is_added.astype(np.int64), micros(events["at"]), _seq(events))
    inside = is_added[found.row] & (found.start < found.end)
    return _taken({"item": item, "value": value}, Spells(found.row[inside], found.start[inside], found.end[inside]))


def union(spans: pd.DataFrame, *, by: list[str]) -> pd.DataFrame:
    """The same time, told once: overlapping and touching intervals that agree in the columns `by` become one.

    Intervals without length vanish. Returns the columns `by`, start_at, end_at, one row per stretch.
    """
    start, end = edges(spans["start_at"], spans["end_at"])
    spans, start, end = spans[start < end], start[start < end], end[start < end]
    sorted_ = order(*(codes(spans[column]) for column in by), start)
    is_new = is_first(*(codes(spans[column])[sorted_] for column in by))
    group = np.cumsum(is_new, dtype=np.int64)
    reached = pd.Series(end[sorted_]).groupby(group).cummax().to_numpy()
    begins = is_first(group) | (start[sorted_] > np.append(0, reached)[:-1])
    first = np.flatnonzero(begins)
    stop = reached[np.append(first[1:], len(group))[: len(first)] - 1]
    return _taken({name: spans[name] for name in by}, Spells(sorted_[first], start[sorted_[first]], stop))


def intersect(left: pd.DataFrame, right: pd.DataFrame, *, on: str) -> pd.DataFrame:
    """The time that intervals of both tables share, where they agree in the id column `on`.

    A missing start_at means since ever. Returns one row per pair that overlaps, in the order of `left`, then `right`:
    the columns of `left`, those of `right` that `left` has not, start_at, end_at of what they share.
    """
    code = codes(stacked([left[[on]], right[[on]]])[on])
    start, end = edges(right["start_at"], right["end_at"])
    by_code = order(code[len(left) :])
    firsts, counts = starts_and_counts(code[len(left) :][by_code], int(code.max(initial=-1)) + 1)
    of_left, nth = repeated(counts[code[: len(left)]])
    of_right = by_code[firsts[code[: len(left)]][of_left] + nth]
    since, until = edges(left["start_at"], left["end_at"])
    since, until = np.maximum(since[of_left], start[of_right]), np.minimum(until[of_left], end[of_right])
    shared = np.flatnonzero(since < until)
    own = right[right.columns.difference(left.columns, sort=False)]
    parts = [_rows(left, of_left[shared]), _rows(own, of_right[shared])]
    return pd.concat(parts, axis=1).assign(start_at=instants(since[shared]), end_at=instants(until[shared]))


def _rows(table: pd.DataFrame, row: Integers) -> pd.DataFrame:
    return table.take(row).reset_index(drop=True)


def edges(starts: pd.Series, ends: pd.Series) -> tuple[Micros, Micros]:
    """Micros of both ends; a missing start is `EVER`, a missing end `NEVER`."""
    start, end = micros(starts), micros(ends)
    return np.where(start == MISSING, EVER, start), np.where(end == MISSING, NEVER, end)


def open_at(starts: pd.Series, ends: pd.Series, *, at: pd.DatetimeIndex) -> npt.NDArray[np.int64]:
    """How many intervals are open at each of the instants `at` (sorted, UTC)?"""
    start, end = edges(starts, ends)
    everything = np.zeros(len(start), dtype=np.int64)
    counts = sweep.open_counts(everything, start, end, at=micros(at.to_series()), n_groups=1)
    return np.asarray(counts[0], dtype=np.int64)


def open_on(  # noqa: PLR0913 (three columns of intervals, three of instants)
    group: Integers, start: Micros, end: Micros, *, grid: Micros, first: Integers, past: Integers
) -> npt.NDArray[np.int64]:
    """How many intervals of each group are open at the instants `grid[first:past]` of that group?

    `grid` is sorted and shared; `first` and `past` hold one place in it per group. Returns the counts of the first
    group, then of the second, and so on.
    """
    length = past - first + 1  # one place more, where everything is over
    begins = np.cumsum(length) - length
    edges = (np.clip(np.searchsorted(grid, edge), first[group], past[group]) - first[group] for edge in (start, end))
    opened, closed = (np.bincount(begins[group] + edge, minlength=int(length.sum())) for edge in edges)
    is_real = np.ones(int(length.sum()), dtype=bool)
    is_real[begins + length - 1] = False
    counts: Integers = np.cumsum(opened - closed)[is_real]
    return counts


def occupancy(
    groups: pd.Series, starts: pd.Series, ends: pd.Series, *, start: pd.Timestamp, end: pd.Timestamp
) -> pd.DataFrame:
    """How many intervals of each group were open within `[start, end)`, at most and on average?

    Returns one row per group with an interval, in the order of the ids: group, max_open (count), mean_open (time
    average, count; NaN where the window has no length).
    """
    names = groups.astype("str").drop_duplicates().sort_values(ignore_index=True)
    group = keys.positions(groups.astype("str"), names)
    since, until = micros_of(start), micros_of(end)
    opened, closed = edges(starts, ends)
    means = sweep.time_average(group, opened, closed, since=since, until=until, n_groups=len(names))
    opened, closed = np.maximum(opened, since), np.minimum(closed, until)
    seen = opened < closed
    peaks = _peaks(group[seen], opened[seen], closed[seen], n_groups=len(names))
    return pd.DataFrame({"group": names, "max_open": peaks, "mean_open": means})


def _peaks(group: Integers, start: Micros, end: Micros, *, n_groups: int) -> Integers:
    """The most intervals of each group that are open at once."""
    step = np.repeat([-1, 1], len(group))
    edge_group = np.tile(group, 2)
    sorted_ = order(edge_group, np.concatenate([end, start]), step)
    peaks = np.zeros(n_groups, dtype=np.int64)
    # Every interval ends, so that each group's steps add up to zero and the next group starts from nothing.
    np.maximum.at(peaks, edge_group[sorted_], np.cumsum(step[sorted_]))
    return peaks
