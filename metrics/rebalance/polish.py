"""Among plans that are as good, the gentler one: less work moves, and to those who have done more like it."""

import numpy as np

from metrics.ordering import Flags, Integers, Numbers
from metrics.rebalance.problem import Problem

SWEEPS = 3
ROUNDING = 1e-9


def gentlest(problem: Problem, plan: Integers) -> Integers:
    """A plan as good as the given one, with no more moves, none of them without need.

    One move at a time is dropped or exchanged for a better one that leaves the highest level where it is: fewer hours,
    then more finished work like it, then the receiver who is less loaded, then by id. Not the best of all such plans.
    """
    level = problem.level_after(plan) * (1 + ROUNDING)
    plan = _without_needless(problem, plan[np.lexsort((plan[:, 1], plan[:, 0]))], level)
    for _ in range(SWEEPS):
        changed = plan
        for row in range(len(plan)):
            changed = _exchanged(problem, changed, row, level)
        if np.array_equal(changed, plan):
            break
        plan = changed
    return _without_needless(problem, plan, level)


def _without_needless(problem: Problem, plan: Integers, level: float) -> Integers:
    for row in reversed(range(len(plan))):
        fewer = np.delete(plan, row, axis=0)
        if problem.level_after(fewer) <= level:
            plan = fewer
    return plan


def _exchanged(problem: Problem, plan: Integers, row: int, level: float) -> Integers:
    """The plan with the best move of another item of the same person, or to another person, in place of one."""
    others = np.delete(plan, row, axis=0)
    load = problem.load_after(others)
    giver = problem.holder[plan[row, 0]]
    item = np.setdiff1d(np.flatnonzero(problem.holder == giver), others[:, 0])
    keeps = _keeps(problem, load, item, level)
    at, person = np.nonzero(keeps)
    after = (load[person] + problem.hours[item[at]]) / problem.scale[person]
    gentle = np.lexsort((person, item[at], after, -problem.n_alike[item[at], person], problem.hours[item[at]]))
    best = np.array([item[at][gentle[0]], person[gentle[0]]])
    return np.insert(others, row, best, axis=0)


def _keeps(problem: Problem, load: Numbers, item: Integers, level: float) -> Flags:
    """Whether everybody is at the level when the item goes to the person: items x people."""
    hours = problem.hours[item][:, None]
    giver = problem.holder[item]
    is_above = load > level * problem.scale
    others_fit = is_above.sum() - is_above[giver] == 0
    giver_fits = load[giver] - problem.hours[item] <= level * problem.scale[giver]
    taker_fits = load + hours <= level * problem.scale
    keeps: Flags = problem.allowed[item] & taker_fits & (others_fit & giver_fits)[:, None]
    return keeps
