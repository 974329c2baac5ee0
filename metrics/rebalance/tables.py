"""The plans of a rebalancing as tables."""

import math
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from metrics.actors import named
from metrics.ordering import Integers, Numbers
from metrics.rebalance.problem import CLOSE, NO_MOVES, Leftovers, Problem


@dataclass(frozen=True)
class Frontier:
    """The plans of a rebalancing, as tables, and what could not be taken into account.

    - steps: one row per plan, by n_moves: n_moves, highest (load / capacity of the most loaded person; infinite while
      somebody without any capacity holds what they could hand on), highest_hours (that person's load), person (who
      that is, of several the first by id), n_highest (people as loaded as that), floor (no plan of so many moves gets
      below), gap (highest - floor, 0 where proven), is_proven.
    - moves: one row per plan and move: n_moves (the plan), item, from_person, to_person, hours, n_alike (items like it
      that the receiver has finished), is_accepted, from_ratio_before, from_ratio_after, to_ratio_before,
      to_ratio_after (load / capacity before everything and after the whole plan).
    - loads: one row per plan and person: n_moves, person, load_hours, capacity_hours, load_ratio (infinite for load
      without capacity, NaN for neither).
    - forgotten: accepted moves that could not be made: item, person, why.
    - left_out: what, n (items).
    - floor: no plan within the budget gets the highest ratio below this; more moves are worth no more where it is the
      last step's highest.
    """

    steps: pd.DataFrame
    moves: pd.DataFrame
    loads: pd.DataFrame
    forgotten: pd.DataFrame
    left_out: pd.DataFrame
    floor: float


@dataclass(frozen=True)
class Step:
    """A plan (item, person; without the accepted moves), the level it reaches, and one that no such plan gets below."""

    plan: Integers
    level: float
    floor: float

    @property
    def is_proven(self) -> bool:
        """Whether no plan of so many moves is better, as far as the solver can tell levels apart."""
        return self.level <= self.floor * (1 + 2 * CLOSE)


STEP_TYPES = {
    "n_moves": "int64", "highest": "float64", "highest_hours": "float64", "person": "str", "n_highest": "int64",
    "floor": "float64", "gap": "float64", "is_proven": "bool",
}  # fmt: skip


def told(start: Problem, posed: Problem, steps: list[Step], floor: float, leftovers: Leftovers) -> Frontier:
    """The tables. `start` is the problem as it is, without the accepted moves; `floor` is that of the whole budget."""
    as_it_is = Step(NO_MOVES, start.level_after(NO_MOVES), start.level_after(NO_MOVES))
    is_told_twice = len(posed.accepted) == 0
    plans = [(start, as_it_is), *((posed, step) for step in steps[is_told_twice:])]
    rows = [_step(*plan) for plan in plans]
    moves = [_moves(*plan) for plan in plans]
    loads = [_loads(*plan) for plan in plans]
    last = steps[-1]
    floor = last.level if replace(last, floor=floor).is_proven else floor
    parts = (_steps(rows), _joined(moves), _joined(loads), leftovers.forgotten, leftovers.left_out)
    return Frontier(*parts, _ratio(posed, floor))


def nothing(posed: Problem, leftovers: Leftovers) -> Frontier:
    """The tables where there is nobody: no rows."""
    as_it_is = Step(NO_MOVES, 0.0, 0.0)
    moves, loads = _moves(posed, as_it_is), _loads(posed, as_it_is)
    return Frontier(_steps([]), moves, loads, leftovers.forgotten, leftovers.left_out, math.nan)


def _joined(tables: list[pd.DataFrame]) -> pd.DataFrame:
    return pd.concat(tables, ignore_index=True)


def _steps(rows: list[dict[str, object]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(STEP_TYPES)).astype(STEP_TYPES)


def _step(posed: Problem, step: Step) -> dict[str, object]:
    load = posed.load_after(step.plan)
    counts = (posed.capacity > 0) | (load > 0)
    level = np.where(counts, posed.levels(load), -1.0)
    most = int(level.argmax())
    highest, floor = _ratio(posed, step.level), _ratio(posed, step.floor)
    is_any = bool(counts.any())
    return {
        "n_moves": len(posed.accepted) + len(step.plan),
        "highest": highest,
        "highest_hours": load[most] if is_any else math.nan,
        "person": posed.people[most] if is_any else None,
        "n_highest": int((level >= level[most] * (1 - CLOSE)).sum()) if is_any else 0,
        "floor": highest if step.is_proven else floor,
        # Which of two infinite levels is lower is known, by how much is not a ratio.
        "gap": 0.0 if step.is_proven else highest - floor if math.isfinite(floor) else math.nan,
        "is_proven": step.is_proven,
    }


def _ratio(posed: Problem, level: float) -> float:
    """A level as people know it; NaN where nobody has capacity or anything to hand on."""
    if level >= posed.infinite_from * (1 - CLOSE):
        return math.inf
    return level if (posed.capacity > 0).any() else math.nan


def _moves(posed: Problem, step: Step) -> pd.DataFrame:
    every = np.concatenate([posed.accepted, step.plan])
    item, person = every.T
    giver = posed.holder[item]
    before, after = (_ratios(posed, load) for load in (posed.before, _loads_after(posed, every)))
    moves = pd.DataFrame(
        {
            "n_moves": np.full(len(every), len(every), dtype=np.int64),
            "item": named(posed.items, item),
            "from_person": named(posed.people, giver),
            "to_person": named(posed.people, person),
            "hours": posed.hours[item],
            "n_alike": posed.n_alike[item, person],
            "is_accepted": np.arange(len(every)) < len(posed.accepted),
            "from_ratio_before": before[giver],
            "from_ratio_after": after[giver],
            "to_ratio_before": before[person],
            "to_ratio_after": after[person],
        }
    )
    order = {"from_person": True, "hours": False, "item": True}
    return moves.sort_values(list(order), ascending=list(order.values()), ignore_index=True)


def _loads(posed: Problem, step: Step) -> pd.DataFrame:
    every = np.concatenate([posed.accepted, step.plan])
    load = _loads_after(posed, every)
    return pd.DataFrame(
        {
            "n_moves": np.full(len(load), len(every), dtype=np.int64),
            "person": posed.people,
            "load_hours": load,
            "capacity_hours": posed.capacity,
            "load_ratio": _ratios(posed, load),
        }
    )


def _loads_after(posed: Problem, moves: Integers) -> Numbers:
    """Whole loads in hours, with what those without capacity cannot hand on."""
    loads: Numbers = posed.before + posed.load_after(moves) - posed.load
    return loads


def _ratios(posed: Problem, load: Numbers) -> Numbers:
    """Load / capacity: infinite for load without capacity, NaN for neither."""
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios: Numbers = np.where(load > CLOSE, load, 0.0) / posed.capacity
    return ratios
