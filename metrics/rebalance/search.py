"""Good plans quickly: a search that always takes something off the person who is the most loaded.

No plan that lowers the highest load is lost by that: as long as somebody is above the level a plan reaches, some move
of it takes an item off that person, so its moves can be made in that order. Only the width of the search makes it
miss plans; `metrics.rebalance.proof` finds those, or proves that there are none.
"""

from dataclasses import dataclass

import numpy as np

from metrics.ordering import Flags, Integers, Numbers, order, repeated, starts_and_counts
from metrics.rebalance.problem import CLOSE, NO_MOVES, Problem

WIDTH = 64
"""Half-made plans kept after each move. Twice as many found nothing better in trials."""
CROWD = 8
"""Options looked at per plan kept: the same moves in another order are one plan."""
STEEP, FLAT = 8, 4.0
"""The penalty of a load grows with its eighth power, above four times the highest start linearly, or the loads of
those without capacity would drown all others."""


@dataclass(frozen=True)
class States:
    """Half-made plans, one a row: load of each person, what has moved, the moves so far, a number for their set."""

    load: Numbers
    has_moved: Flags
    plans: Integers
    mark: Integers


@dataclass(frozen=True)
class Options:
    """A next move for a state, one a place: the state's row, the item, who takes it."""

    state: Integers
    item: Integers
    person: Integers

    def take(self, places: Integers) -> "Options":
        """Those at the given places."""
        return Options(self.state[places], self.item[places], self.person[places])


def plans(problem: Problem) -> list[Integers]:
    """The best plan found with at most 0, 1, 2 … moves: rows of item and person, none that is not needed."""
    states = _start(problem)
    found = [NO_MOVES]
    highest = problem.level_after(found[0])
    marks = np.random.default_rng(0).integers(0, 2**62, problem.allowed.shape)
    for _ in range(problem.n_moves):
        states = _step(problem, states, marks, unit=_unit(problem))
        levels = (states.load / problem.scale).max(axis=1)
        is_better = len(levels) > 0 and levels.min() < highest * (1 - CLOSE)
        found.append(states.plans[levels.argmin()] if is_better else found[-1])
        highest = float(levels.min()) if is_better else highest
    return found


def _start(problem: Problem) -> States:
    n_items = len(problem.items)
    nothing = np.empty((1, 0, 2), dtype=np.int64)
    return States(problem.load[None], np.zeros((1, n_items), dtype=bool), nothing, np.zeros(1, dtype=np.int64))


def _unit(problem: Problem) -> float:
    """The highest level at the start among people with capacity."""
    return float(np.max(problem.load / problem.scale, where=problem.capacity > 0, initial=CLOSE))


def _step(problem: Problem, states: States, marks: Integers, *, unit: float) -> States:
    top = (states.load / problem.scale).argmax(axis=1)
    options = _options(problem, states, top)
    giver = problem.holder[options.item]
    hours = problem.hours[options.item]
    penalty = _penalties(states.load / problem.scale / unit).sum(axis=1)[options.state]
    for who, more in ((options.person, hours), (giver, -hours)):
        load, scale = states.load[options.state, who], problem.scale[who] * unit
        penalty += _penalties((load + more) / scale) - _penalties(load / scale)
    mark = states.mark[options.state] + marks[options.item, options.person]
    best = _best(penalty, mark)
    return _moved(problem, states, options.take(best), mark[best])


def _options(problem: Problem, states: States, top: Integers) -> Options:
    """Everything that the most loaded person of each state could hand on, to everybody who could take it."""
    can_go = np.flatnonzero(problem.allowed.any(axis=1))
    by_holder = can_go[order(problem.holder[can_go])] if len(can_go) else can_go
    firsts, counts = starts_and_counts(problem.holder[by_holder], len(problem.load))
    state, nth = repeated(counts[top])
    item = by_holder[firsts[top][state] + nth]
    is_there = ~states.has_moved[state, item]
    state, item = state[is_there], item[is_there]
    row, person = np.nonzero(problem.allowed[item])
    return Options(state[row], item[row], person)


def _penalties(level: Numbers) -> Numbers:
    steep = np.minimum(level, FLAT) ** STEEP
    return steep + STEEP * FLAT ** (STEEP - 1) * np.maximum(level - FLAT, 0.0)


def _best(penalty: Numbers, mark: Integers) -> Integers:
    """The places of the options with the least penalty, each set of moves once."""
    crowd = np.argsort(penalty, kind="stable")[: WIDTH * CROWD]
    _, first = np.unique(mark[crowd], return_index=True)
    return crowd[np.sort(first)][:WIDTH]


def _moved(problem: Problem, states: States, chosen: Options, mark: Integers) -> States:
    row = np.arange(len(mark))
    load, has_moved = states.load[chosen.state], states.has_moved[chosen.state]
    load[row, problem.holder[chosen.item]] -= problem.hours[chosen.item]
    load[row, chosen.person] += problem.hours[chosen.item]
    has_moved[row, chosen.item] = True
    move = np.stack([chosen.item, chosen.person], axis=1)[:, None]
    return States(load, has_moved, np.concatenate([states.plans[chosen.state], move], axis=1), mark)
