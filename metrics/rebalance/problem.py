"""The tables of a rebalancing as arrays, with what the lead has decided already applied."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from fairlead import keys
from fairlead.errors import FrameError
from metrics.actors import NOBODY
from metrics.ordering import Flags, Integers, Numbers

Moves = Sequence[tuple[str, str]]
"""Items (ids), each with the person (id) it goes to."""
NO_MOVES = np.empty((0, 2), dtype=np.int64)
"""The plan that leaves everything as it is: no row of item and person."""

CLOSE = 1e-5
"""Levels that differ by no more than this part of themselves count as equal: the solver is no more exact."""


@dataclass(frozen=True)
class Problem:
    """People (by id) with what they carry, items (by id) and who could take them.

    `scale` is what a load is divided by: the capacity, or for those without any something so small that whatever
    they could hand on outweighs every overload of the others. `load` is in hours, after the `accepted` moves; of
    those without capacity only what they could hand on counts. `before` is everybody's whole load as it is. `allowed`
    and `n_alike` are items x people, `n_moves` are left beyond the accepted ones. From the level `infinite_from` on
    somebody without capacity has something to hand on.
    """

    people: pd.Series
    items: pd.Series
    capacity: Numbers
    scale: Numbers
    before: Numbers
    load: Numbers
    hours: Numbers
    holder: Integers
    allowed: Flags
    n_alike: Integers
    accepted: Integers
    n_moves: int
    infinite_from: float

    def levels(self, load: Numbers) -> Numbers:
        """How loaded each person is; infinity would not do for comparing those without capacity."""
        return load / self.scale

    def load_after(self, plan: Integers) -> Numbers:
        """The load of each person after a plan: rows of item and person."""
        item, person = plan.T
        taken = np.bincount(person, self.hours[item], minlength=len(self.load))
        given = np.bincount(self.holder[item], self.hours[item], minlength=len(self.load))
        return self.load + taken - given

    def level_after(self, plan: Integers) -> float:
        """How loaded the most loaded person is after a plan."""
        return float(self.levels(self.load_after(plan)).max())


@dataclass(frozen=True)
class Decisions:
    """What the lead has said, and whether started items may move."""

    pinned: Collection[str]
    accepted: Moves
    rejected: Moves
    with_started: bool


@dataclass(frozen=True)
class Leftovers:
    """What could not be used: accepted moves (item, person, why) and items (what, n)."""

    forgotten: pd.DataFrame
    left_out: pd.DataFrame


def problem(
    people: pd.DataFrame, items: pd.DataFrame, fits: pd.DataFrame, decisions: Decisions, *, budget: int
) -> tuple[Problem, Leftovers]:
    """Raises `FrameError` where people or items are named twice, or a capacity or fixed load is no number."""
    people, items = _checked(people, items)
    holder = keys.positions(items["person"], people["person"])
    is_usable = (holder != NOBODY) & (items["hours"] > 0).to_numpy()
    left_out = _left_out(items, holder)
    items, holder = items[is_usable].reset_index(drop=True), holder[is_usable]
    accepted, forgotten = _accepted(people, items, holder, decisions)
    n_alike, could = _fitting(people, items, fits)
    allowed = could & _movable(people, items, holder, decisions)
    allowed[accepted[:, 0]] = False
    _forbid(allowed, _places(items, people, decisions.rejected))
    posed = _posed(people, items, holder, allowed, n_alike, accepted, max(budget - len(accepted), 0))
    return posed, Leftovers(forgotten, left_out)


def _checked(people: pd.DataFrame, items: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Both by id, so that the order of rows cannot matter, with ids as text."""
    people = people.assign(person=people["person"].astype("str")).sort_values("person", ignore_index=True)
    text = {"item": items["item"].astype("str"), "person": items["person"].astype("str")}
    items = items.assign(**text).sort_values("item", ignore_index=True)
    for name, table, key in (("people", people, "person"), ("items", items, "item")):
        if table[key].duplicated().any():
            n = int(table[key].duplicated().sum())
            raise FrameError(f"{name}: {key} must name one row; {n} rows repeat one. Unite them before rebalancing.")
    hours = people[["capacity_hours", "fixed_hours"]].to_numpy(dtype=float)
    n_bad = int((~(np.isfinite(hours) & (hours >= 0))).any(axis=1).sum())
    if n_bad:
        raise FrameError(f"people: capacity_hours and fixed_hours must be 0 or more; {n_bad} rows are not.")
    return people, items


def _left_out(items: pd.DataFrame, holder: Integers) -> pd.DataFrame:
    is_held = items["person"].notna().to_numpy()
    has_hours = (items["hours"] > 0).to_numpy()
    counts = {
        "items nobody holds": ~is_held,
        "items held by somebody not among these people": is_held & (holder == NOBODY),
        "items without hours": (holder != NOBODY) & ~has_hours,
    }
    n = [int(mask.sum()) for mask in counts.values()]
    return pd.DataFrame({"what": pd.Series(list(counts), dtype="str"), "n": pd.Series(n, dtype="int64")})


def _places(items: pd.DataFrame, people: pd.DataFrame, pairs: Moves) -> Integers:
    """Rows of item and person for pairs of ids; `NOBODY` where unknown."""
    named = pd.DataFrame(list(pairs), columns=["item", "person"], dtype="str")
    rows = [keys.positions(named["item"], items["item"]), keys.positions(named["person"], people["person"])]
    return np.column_stack(rows)


def _forbid(allowed: Flags, places: Integers) -> None:
    item, person = places[(places != NOBODY).all(axis=1)].T
    allowed[item, person] = False


def _accepted(
    people: pd.DataFrame, items: pd.DataFrame, holder: Integers, decisions: Decisions
) -> tuple[Integers, pd.DataFrame]:
    """Rows of item, person that must be made; and those that cannot, each with the reason."""
    pairs = sorted(set(decisions.accepted))
    places = _places(items, people, pairs)
    item, person = places.T
    capacity = np.append(people["capacity_hours"].to_numpy(dtype=float), 0.0)
    reasons = {
        "the item is finished or unknown": item == NOBODY,
        "the person is unknown": person == NOBODY,
        "the person has it already": np.append(holder, NOBODY)[item] == person,
        "the item is pinned": np.isin([name for name, _ in pairs], list(decisions.pinned)),
        "the move is also rejected": np.array([pair in set(decisions.rejected) for pair in pairs], dtype=bool),
        "the person has no capacity": capacity[person] == 0,
    }
    why = np.select(list(reasons.values()), list(reasons), default="")
    possible = np.flatnonzero(why == "")
    why[possible[pd.Series(item[possible]).duplicated()]] = "the item goes to somebody else"
    told = pd.DataFrame(pairs, columns=["item", "person"], dtype="str").assign(why=pd.Series(why, dtype="str"))
    return places[why == ""], told[why != ""].reset_index(drop=True)


def _fitting(people: pd.DataFrame, items: pd.DataFrame, fits: pd.DataFrame) -> tuple[Integers, Flags]:
    """How many like it each person has finished, and whether they could take it: items x people."""
    n_alike = np.zeros((len(items), len(people)), dtype=np.int64)
    could = np.zeros(n_alike.shape, dtype=bool)
    item = keys.positions(fits["item"].astype("str"), items["item"])
    person = keys.positions(fits["person"].astype("str"), people["person"])
    known = (item != NOBODY) & (person != NOBODY)
    np.maximum.at(n_alike, (item[known], person[known]), fits["n_alike"].to_numpy(np.int64)[known])
    could[item[known], person[known]] = True
    return n_alike, could


def _movable(people: pd.DataFrame, items: pd.DataFrame, holder: Integers, decisions: Decisions) -> Flags:
    """Which item may go to whom, skills aside: to somebody else who has any capacity, unless it has to stay."""
    stays = items["item"].isin(list(decisions.pinned)).to_numpy()
    stays = stays | (items["is_started"].to_numpy(bool) & (not decisions.with_started))
    is_elsewhere = holder[:, None] != np.arange(len(people))
    can_take = (people["capacity_hours"] > 0).to_numpy(bool)
    movable: Flags = is_elsewhere & can_take & ~stays[:, None]
    return movable


def _posed(  # noqa: PLR0913, PLR0917 (the parts of one problem)
    people: pd.DataFrame,
    items: pd.DataFrame,
    holder: Integers,
    allowed: Flags,
    n_alike: Integers,
    accepted: Integers,
    n_moves: int,
) -> Problem:
    hours, n = items["hours"].to_numpy(dtype=float), len(people)
    capacity, fixed = (people[name].to_numpy(dtype=float) for name in ("capacity_hours", "fixed_hours"))
    now = holder.copy()
    now[accepted[:, 0]] = accepted[:, 1]
    can_go = allowed.any(axis=1)
    loads = fixed + np.bincount(now, hours, minlength=n)
    stranded = np.bincount(now[can_go], hours[can_go], minlength=n)
    load = np.where(capacity > 0, loads, stranded)
    scale, infinite_from = _scales(capacity, load, hours[can_go & (capacity[now] == 0)])
    return Problem(
        people=people["person"],
        items=items["item"],
        capacity=capacity,
        scale=scale,
        before=fixed + np.bincount(holder, hours, minlength=n),
        load=load,
        hours=hours,
        holder=holder,
        allowed=allowed,
        n_alike=n_alike,
        accepted=accepted,
        n_moves=n_moves,
        infinite_from=infinite_from,
    )


def _scales(capacity: Numbers, load: Numbers, stranded: Numbers) -> tuple[Numbers, float]:
    """What loads are divided by, and the least level of somebody with something stranded.

    Even if one person took all that is stranded, the least of it would outweigh that.
    """
    has_any = capacity > 0
    if not len(stranded):
        return np.where(has_any, capacity, 1.0), np.inf
    highest = float(((load[has_any] + stranded.sum()) / capacity[has_any]).max())
    return np.where(has_any, capacity, stranded.min() / (2 * highest)), 2 * highest
