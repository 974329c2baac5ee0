"""What a plan that reaches a level cannot contain; often that is everything, and nothing is left to solve.

All of it is exact: a move is struck out only if no plan of so many moves with it keeps everybody at the level.
"""

from dataclasses import dataclass

import numpy as np

from metrics.ordering import Flags, Integers, Numbers, starts_and_counts
from metrics.rebalance.problem import Problem

ROUNDS = 6
"""Each round strikes out what the one before made impossible; more than a few change little."""
BISECTIONS = 12


@dataclass(frozen=True)
class Screened:
    """The moves that are left (items x people), and how many items each person has to hand on, and can at most."""

    allowed: Flags
    need: Integers
    most: Integers


def screened(problem: Problem, level: float, n_moves: int) -> Screened | None:
    """Which moves can a plan of at most so many contain that brings everybody to the level? None: no plan does."""
    allowed = problem.allowed
    for _ in range(ROUNDS):
        left = _round(problem, allowed, level, n_moves)
        if left is None or left.allowed.sum() == allowed.sum():
            return left
        allowed = left.allowed
    return left


def _round(problem: Problem, allowed: Flags, level: float, n_moves: int) -> Screened | None:
    room = level * problem.scale - problem.load
    largest = _largest(problem, allowed, n_moves)
    need = (largest < -room[:, None]).sum(axis=1)
    spare = n_moves - int(need.sum())
    if spare < 0:
        return None
    # Nobody hands on more than they need to and what is left when everybody has what they need.
    most = need + spare
    everybody = np.arange(len(room))
    # Who takes an item stays at the level only if it fits beside what is left after handing on the largest ones.
    fits = problem.hours[:, None] <= room + largest[everybody, most]
    # Who has to hand on gets there only with items that are large enough, the largest others besides.
    others = largest[everybody, np.maximum(most - 1, 0)]
    suffices = (problem.hours + others[problem.holder] >= -room[problem.holder]) & (most > 0)[problem.holder]
    # Who is below the level hands something on only to take something else: otherwise the move can be dropped.
    has_reason = (need > 0) | allowed.any(axis=0)
    return Screened(allowed & fits & (suffices & has_reason[problem.holder])[:, None], need, most)


def _largest(problem: Problem, allowed: Flags, n: int) -> Numbers:
    """How many hours leave each person at most with 0, 1, … n moves: people x (n + 1)."""
    can_go = np.flatnonzero(allowed.any(axis=1))
    holder, hours = problem.holder[can_go], problem.hours[can_go]
    by_size = can_go[np.lexsort((-hours, holder))]
    firsts, _ = starts_and_counts(problem.holder[by_size], len(problem.load))
    nth = np.arange(len(by_size)) - firsts[problem.holder[by_size]]
    sizes = np.zeros((len(problem.load), n + 1))
    few = by_size[nth < n]
    sizes[problem.holder[few], nth[nth < n] + 1] = problem.hours[few]
    return np.cumsum(sizes, axis=1)


def floor(problem: Problem, n_moves: int, *, at_most: float) -> float:
    """A level that no plan of so many moves gets below, if there is one that reaches `at_most`."""
    low, high = 0.0, at_most
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        low, high = (middle, high) if screened(problem, middle, n_moves) is None else (low, middle)
    return low
