"""Joining and leaving milestones, and which two of these are the halves of one move."""

import numpy as np
import pandas as pd

from fairlead import keys
from metrics import intervals
from metrics.histories import codes, stacked
from metrics.instants import HOUR, MISSING, NEVER, micros
from metrics.milestones.turns import KEY, Names, joined, left
from metrics.ordering import Integers

NONE = -1


def edges(members: pd.DataFrame, names: Names, *, since: int) -> pd.DataFrame:
    """Every joining and leaving from `since` on (micros): milestone, item, at, what, is_join.

    What leaves and comes back in the same instant has done neither.
    """
    start, end = intervals.edges(members["start_at"], members["end_at"])
    recent = members[(start >= since) | ((end >= since) & (end != NEVER))]
    stays = intervals.union(recent, by=["milestone", "item"])
    milestone = keys.positions(stays["milestone"], names.milestones)
    item = keys.positions(stays["item"], names.items)
    parts = []
    for column, what, is_join in (("start_at", joined, True), ("end_at", left, False)):
        at = micros(stays[column])
        told = {"milestone": milestone, "item": item, "at": at, "what": what(milestone), "is_join": is_join}
        parts.append(pd.DataFrame(told)[(at != MISSING) & (at >= since)])
    return stacked(parts)


def others(found: pd.DataFrame, kinds: Integers) -> Integers:
    """Where each joining item came from and each leaving one went: the number of that milestone, `NONE` without one.

    `found` are edges with actor. Two edges are halves of a move if the item leaves one milestone and joins another of
    the same kind (`kinds`, by milestone; negative = any) in the same instant, or within an hour by the same actor. Each
    edge is half of one move at most, the nearest in time; of equally near ones that of the first milestone by id.
    """
    other = np.full(len(found), NONE)
    halves = _candidates(found.assign(actor=codes(found["actor"])), kinds)
    milestone = found["milestone"].to_numpy()
    while len(halves):
        is_best = ~halves["leave"].duplicated() & ~halves["join"].duplicated()
        leave, join = (halves.loc[is_best, name].to_numpy() for name in ("leave", "join"))
        other[leave], other[join] = milestone[join], milestone[leave]
        halves = halves[(other[halves["leave"]] == NONE) & (other[halves["join"]] == NONE)]
    return other


def _candidates(found: pd.DataFrame, kinds: Integers) -> pd.DataFrame:
    """Pairs of row numbers that may be halves of a move, nearest first: leave, join."""
    numbered = found.assign(row=np.arange(len(found)), hour=found["at"] // HOUR)
    columns = ["item", "hour", "row", "milestone", "at", "actor"]
    leaves, joins = (numbered.loc[numbered["is_join"] == is_join, columns] for is_join in (False, True))
    # By the hour and its neighbours: one item that comes and goes a thousand times must not give a million pairs.
    near = [leaves.assign(hour=leaves["hour"] + shift).merge(joins, on=["item", "hour"]) for shift in (-1, 0, 1)]
    pairs = pd.concat(near, ignore_index=True)
    apart = (pairs["at_x"] - pairs["at_y"]).abs()
    is_same_actor = (pairs["actor_x"] == pairs["actor_y"]) & (pairs["actor_x"] >= 0)
    kind_x, kind_y = (kinds[pairs[name]] for name in ("milestone_x", "milestone_y"))
    is_kin = (kind_x == kind_y) | (kind_x < 0) | (kind_y < 0)
    fits = (pairs["milestone_x"] != pairs["milestone_y"]) & is_kin & ((apart == 0) | ((apart <= HOUR) & is_same_actor))
    by = ["item", "apart", "at_x", "at_y", "milestone_x", "milestone_y"]
    halves = pairs.assign(apart=apart)[fits].sort_values(by)
    return pd.DataFrame({"leave": halves["row_x"].to_numpy(), "join": halves["row_y"].to_numpy()})


def with_actors(found: pd.DataFrame, acts: pd.DataFrame) -> pd.DataFrame:
    """The same rows with the actor of each, missing where nobody is told."""
    told: pd.DataFrame = found.merge(acts, on=KEY, how="left")
    return told
