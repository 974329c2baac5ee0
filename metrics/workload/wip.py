"""How much each person has in progress, with shared items split among those who share them."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from metrics.instants import NEVER, Micros, instants, instants_or_never, micros, micros_of
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
    Returns one row per instant and person who held anything at one of them, by person: at, person, wip (items, a
    fraction), n_items (items held, shared ones counted in full).
    """
    instant = np.sort(micros(at.to_series()))
    since, until = (instant[0], instant[-1] + 1) if len(instant) else (0, 0)
    shares = _shares(assignments[assignments["is_active"]], since=since, until=until)
    n_items, wip = (
        open_counts(shares.person, shares.start, shares.end, at=instant, n_groups=len(shares.people), weight=weight)
        for weight in (None, shares.part)
    )
    busy = np.flatnonzero(n_items.any(axis=1))
    return pd.DataFrame(
        {
            "at": instants(np.tile(instant, len(busy))),
            "person": pd.Series(np.repeat(shares.people[busy], len(instant)), dtype="str"),
            "wip": wip[busy].ravel(),
            "n_items": n_items[busy].astype(np.int64).ravel(),
        }
    )


def weekly_wip(assignments: pd.DataFrame, *, weeks: pd.DatetimeIndex, as_of: pd.Timestamp) -> pd.DataFrame:
    """How did each person's average WIP move from week to week? `weeks` holds the instants at which weeks start.

    A week ends where the next one starts, the last one at `as_of`. Averages are over time (area / length), shared items
    split as in `wip_over_time`.
    Returns one row per week and person who held anything in one of them, by week and person: week_at (its start),
    person, wip (items in progress), not_started (items assigned and not started).
    """
    edges = np.append(micros(weeks.to_series()), micros_of(as_of))
    averages = _averages(assignments, edges).rename(columns={"at": "week_at"})
    return averages[["week_at", "person", "wip", "not_started"]]


def _averages(assignments: pd.DataFrame, edges: Micros) -> pd.DataFrame:
    """Average WIP between each of the edges and the next: at (the edge), person, wip, not_started."""
    since, until = int(edges[0]), int(edges[-1])
    active = assignments["is_active"]
    kinds = {
        "wip": _shares(assignments[active], since=since, until=until),
        "not_started": _shares(assignments[~active], since=since, until=until),
    }
    people = kinds["wip"].people.union(kinds["not_started"].people)
    windows = list(zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True))
    columns = {
        name: np.concatenate([np.empty(0), *(_average(shares, people, *window) for window in windows)])
        for name, shares in kinds.items()
    }
    at = instants(np.repeat(edges[:-1], len(people)))
    return pd.DataFrame({"at": at, "person": pd.Series(np.tile(people, len(windows)), dtype="str"), **columns})


def _average(shares: Shares, people: pd.Index, since: int, until: int) -> Counts:
    place = people.get_indexer(shares.people)
    person = place[shares.person]
    window = {"since": since, "until": until, "n_groups": len(people)}
    return time_average(person, shares.start, shares.end, **window, weight=shares.part)


def _shares(assignments: pd.DataFrame, *, since: int, until: int) -> Shares:
    """Who held what part of which item at some time in `[since, until)`."""
    start, end = micros(assignments["start_at"]), instants_or_never(assignments["end_at"])
    within = np.flatnonzero((start < until) & (end > since))
    rows, start, end = assignments[["person", "issue"]].take(within), start[within], end[within]
    person, people = pd.factorize(rows["person"], sort=True)
    item, items = pd.factorize(rows["issue"])
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
