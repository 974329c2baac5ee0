"""Leaves: what is split into parts that are in the same milestone is counted by its parts."""

import numpy as np
import pandas as pd

from fairlead import keys
from metrics import intervals
from metrics.histories import codes, stacked
from metrics.instants import NEVER, instants
from metrics.intervals import SPAN
from metrics.milestones.fields import with_beginnings
from metrics.ordering import Integers, order

DEEPEST = 8
"""How many levels of parts are followed: as many as GitHub allows, and an end for issues that are parts in a circle."""


def leaves(
    members: pd.DataFrame, issue_events: pd.DataFrame, *, as_of: pd.Timestamp, issues: pd.DataFrame | None = None
) -> pd.DataFrame:
    """When did each member count? `members` is what `membership` gives.

    While a part of it (a sub-issue, or a part of one) is in the same milestone, an item is counted by its parts, done
    or not, so that no work counts twice. Parts are replayed from events; where an issue's history tells of no parent,
    its present one in `issues` holds, if that is given. An item that is part of itself is not split.

    Returns one row per stay that counts: milestone, item (ids as they came), start_at, end_at (UTC; missing while it
    lasts), those of items without parts first.
    """
    parts = parents(issue_events, as_of=as_of, issues=issues)
    split = keys.is_in(members["item"], parts["parent"])
    if not split.any():
        return members
    ids = pd.concat([parts["item"], parts["parent"]]).drop_duplicates().reset_index(drop=True)
    numbered = parts[SPAN].assign(item=keys.positions(parts["item"], ids), above=keys.positions(parts["parent"], ids))
    place, milestone = keys.positions(members["item"], ids), codes(members["milestone"])
    above = _all_above(numbered)
    above = above[np.isin(above["above"], place[split])]
    below = members[SPAN].assign(item=place, milestone=milestone)[place >= 0]
    held = intervals.intersect(below, above, on="item")
    covered = held[SPAN].assign(pair=held["milestone"] * len(ids) + held["above"])
    pair = milestone * len(ids) + place
    counted = intervals.intersect(members[split].assign(pair=pair[split]), _gaps(covered, pair[split]), on="pair")
    return stacked([members[~split], counted[list(members)]])


def parents(issue_events: pd.DataFrame, *, as_of: pd.Timestamp, issues: pd.DataFrame | None = None) -> pd.DataFrame:
    """Which issue was part of which other when?

    Returns one row per stretch: item, parent (ids), start_at, end_at (UTC; missing while it lasts).
    """
    now = None if issues is None else pd.DataFrame({"issue": issues["id"], "value": issues["parent"]})
    events = with_beginnings(issue_events, "parent", now=now)
    found = intervals.issue_sets(events, field="parent", as_of=as_of).rename(columns={"value": "parent"})
    found = found.assign(item=found["item"].astype("str"), parent=found["parent"].astype("str"))
    return found[found["item"] != found["parent"]].reset_index(drop=True)


def _all_above(parts: pd.DataFrame) -> pd.DataFrame:
    """Not only what an item is part of, but also what that is part of: item, above, start_at, end_at."""
    upwards = parts.rename(columns={"item": "via"})
    levels = [parts]
    while len(levels[-1]) and len(levels) < DEEPEST:
        higher = intervals.intersect(levels[-1].rename(columns={"above": "via"}), upwards, on="via")
        levels.append(higher.loc[higher["item"] != higher["above"], list(parts)])
    return pd.concat(levels, ignore_index=True)


def _gaps(covered: pd.DataFrame, pairs: Integers) -> pd.DataFrame:
    """The time that is not covered, for each of `pairs`: pair, start_at, end_at, from the beginning of time."""
    joined = intervals.union(covered, by=["pair"])
    start, end = intervals.edges(joined["start_at"], joined["end_at"])
    known = np.unique(pairs)
    ever, never = (np.full(len(known), edge) for edge in (intervals.EVER, NEVER))
    covers = joined["pair"].to_numpy(np.int64)
    ends_pair, ends = np.concatenate([covers, known]), np.concatenate([start, never])
    starts_pair, starts = np.concatenate([covers, known]), np.concatenate([end, ever])
    by_start, by_end = order(starts_pair, starts), order(ends_pair, ends)
    gaps = {"pair": starts_pair[by_start], "start": starts[by_start], "end": ends[by_end]}
    kept = gaps["start"] < gaps["end"]
    return pd.DataFrame(
        {"pair": gaps["pair"][kept], "start_at": instants(gaps["start"][kept]), "end_at": instants(gaps["end"][kept])}
    )
