"""How much each person has in progress, with shared items split among those who share them."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from metrics.instants import MISSING, NEVER, Micros, instants, micros, micros_of
from metrics.ordering import Integers, order, repeated, starts_and_counts
from metrics.sweep import Counts, open_counts, time_average


@dataclass(frozen=True)
class Shares:
    """Stretches with an unchanging set of holders: person (place in `people`), start, end, part of the item (1/n)."""

    people: pd.Index
    person: Integers
    start: Micros
    end: Micros
    part: Counts


def wip_over_time(assignments: pd.DataFrame, *, at: pd.DatetimeIndex) -> pd.DataFrame:
    """How many items did each person have in progress at the instants `at`? Takes what `assignments` gives.

    An item held by n people at an instant counts 1/n for each, so that the sum over people is the number of items.
    Returns one row per instant and person who held anything at one of them: at, person, wip (items, a fraction), n_items (whole
    items held, shared ones counted in full).
    """
    shares = _shares(assignments[assignments["is_active"]])
    instant = np.sort(micros(at.to_series()))
    spans = {"start": shares.start, "end": shares.end, "at": instant, "n_groups": len(shares.people)}
    n_items = open_counts(shares.person, **spans)
    wip = open_counts(shares.person, **spans, weight=shares.part)
    busy = np.flatnonzero(n_items.any(axis=1))
    return pd.DataFrame(
        {
            "at": instants(np.tile(instant, len(busy))),
            "person": pd.Series(np.repeat(shares.people[busy], len(instant)), dtype="str"),
            "wip": wip[busy].ravel(),
            "n_items": n_items[busy].astype(np.int64).ravel(),
        }
    )


def average_wip(assignments: pd.DataFrame, *, start: pd.Timestamp, as_of: pd.Timestamp) -> pd.DataFrame:
    """How many items did each person have in progress on average over `[start, as_of)`? Takes what `assignments` gives.

    Time average (area / length), shared items split as in `wip_over_time`.
    Returns one row per person in `assignments`, by id: person, wip (items in progress), not_started (items assigned and not
    started); NaN where the window has no length.
    """
    people = assignments["person"].drop_duplicates().sort_values(ignore_index=True)
    averages = pd.DataFrame({"person": people.astype("str")})
    for name, is_active in (("wip", True), ("not_started", False)):
        averages[name] = _average(assignments[assignments["is_active"] == is_active], people, start, as_of)
    return averages


def weekly_wip(assignments: pd.DataFrame, *, weeks: pd.DatetimeIndex, as_of: pd.Timestamp) -> pd.DataFrame:
    """How did each person's average WIP move from week to week? `weeks` holds the instants at which weeks start.

    The last week may be running: its average is over what has passed of it.
    Returns one row per week and person: week_at (its start), person, wip, not_started.
    """
    ends = [*weeks[1:], min(as_of, weeks[-1] + pd.Timedelta(days=7))] if len(weeks) else []
    parts = [
        average_wip(assignments, start=start, as_of=end).assign(week_at=start)
        for start, end in zip(weeks, ends, strict=True)
    ]
    empty = average_wip(assignments.iloc[:0], start=as_of, as_of=as_of).assign(week_at=pd.Series(dtype="datetime64[us, UTC]"))
    return pd.concat(parts or [empty], ignore_index=True)[["week_at", "person", "wip", "not_started"]]


def _average(rows: pd.DataFrame, people: pd.Series, start: pd.Timestamp, as_of: pd.Timestamp) -> Counts:
    shares = _shares(rows)
    window = {"since": micros_of(start), "until": micros_of(as_of), "n_groups": len(shares.people)}
    average = time_average(shares.person, shares.start, shares.end, **window, weight=shares.part)
    return pd.Series(average, index=shares.people).reindex(people).fillna(0.0 if as_of > start else np.nan).to_numpy()


def _shares(rows: pd.DataFrame) -> Shares:
    person, people = pd.factorize(rows["person"], sort=True)
    item, items = pd.factorize(rows["issue"])
    start, end = micros(rows["start_at"]), micros(rows["end_at"])
    end = np.where(end == MISSING, NEVER, end)
    shared = _is_shared(item, person, len(items))
    row, segment_start, segment_end, part = _segments(item[shared], start[shared], end[shared])
    alone = ~shared
    return Shares(
        people,
        np.concatenate([person[alone], person[shared][row]]),
        np.concatenate([start[alone], segment_start]),
        np.concatenate([end[alone], segment_end]),
        np.concatenate([np.ones(int(alone.sum())), part]),
    )


def _is_shared(item: Integers, person: Integers, n_items: int) -> np.ndarray:
    """Whether more than one person ever held the row's item."""
    lowest, highest = np.full(n_items, NEVER), np.full(n_items, -1)
    np.minimum.at(lowest, item, person)
    np.maximum.at(highest, item, person)
    return (lowest < highest)[item]


def _segments(item: Integers, start: Micros, end: Micros) -> tuple[Integers, Micros, Micros, Counts]:
    """Cut each interval where the holders of its item change: row, start, end, part (1/holders)."""
    edge_item, edge = np.tile(item, 2), np.concatenate([start, end])
    sorted_ = order(edge_item, edge)
    edge_item, edge = edge_item[sorted_], edge[sorted_]
    begins = np.flatnonzero((edge_item[1:] == edge_item[:-1]) & (edge[1:] > edge[:-1]))
    of, opened, closed = edge_item[begins], edge[begins], edge[begins + 1]
    firsts, counts = starts_and_counts(of, int(item.max(initial=-1)) + 1)
    row, nth = repeated(counts[item])
    segment = firsts[item][row] + nth
    inside = (opened[segment] >= start[row]) & (closed[segment] <= end[row])
    row, segment = row[inside], segment[inside]
    holders = np.bincount(segment, minlength=len(of))
    return row, opened[segment], closed[segment], 1 / holders[segment]
