"""Is there a better plan? Mixed-integer programming over the moves that the screen has left."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from metrics.ordering import Integers, Numbers
from metrics.rebalance import screen
from metrics.rebalance.problem import CLOSE, Problem
from metrics.rebalance.screen import Screened

INFEASIBLE = 2
"""How `scipy.optimize.milp` says that there is no solution."""


@dataclass(frozen=True)
class Answer:
    """A better plan, if one was found, and a level that no plan gets below."""

    plan: Integers | None
    floor: float


@dataclass(frozen=True)
class Program:
    """The moves that are left, one a variable: item, who gives, who takes, hours.

    The last variable is the level, as a part of the one to get below: the solver's tolerances are absolute, so what it
    sees has to be of the order of 1.
    """

    item: Integers
    giver: Integers
    taker: Integers
    hours: Numbers

    def matrix(
        self, row: npt.ArrayLike, value: npt.ArrayLike, variable: npt.ArrayLike, n_rows: int
    ) -> sparse.csr_array:
        """Coefficients of constraints, one a row."""
        shape = (n_rows, len(self.item) + 1)
        return sparse.csr_array((np.asarray(value, dtype=float), (np.asarray(row), np.asarray(variable))), shape=shape)


def better(problem: Problem, highest: float, n_moves: int, *, floor: float, seconds: float) -> Answer:
    """Is there a plan of at most so many moves below the level `highest`?"""
    below = highest * (1 - CLOSE)
    left = screen.screened(problem, below, n_moves)
    if left is None or not left.allowed.any():
        return Answer(None, highest)
    if seconds <= 0:
        return Answer(None, floor)
    floor = max(floor, screen.floor(problem, n_moves, at_most=below))
    answer = _solved(problem, left, below, floor / below, n_moves, seconds)
    return Answer(answer.plan, min(answer.floor * below, highest))


def _solved(  # noqa: PLR0913, PLR0917 (the parts of one program)
    problem: Problem, left: Screened, below: float, floor: float, n_moves: int, seconds: float
) -> Answer:
    """Levels as parts of `below`."""
    item, taker = np.nonzero(left.allowed)
    program = Program(item, problem.holder[item], taker, problem.hours[item])
    n = len(item)
    loads = _loads(problem, program, below)
    constraints = [loads, _one_taker(program), _few(program, n_moves), *_handing_on(program, left)]
    result = milp(
        np.append(np.zeros(n), 1.0),
        integrality=np.append(np.ones(n), 0.0),
        bounds=Bounds(np.append(np.zeros(n), floor), np.ones(n + 1)),
        constraints=constraints,
        options={"time_limit": seconds, "mip_rel_gap": CLOSE / 10},
    )
    if result.status == INFEASIBLE:
        return Answer(None, math.inf)
    known = floor if result.mip_dual_bound is None else max(floor, float(result.mip_dual_bound))
    if result.x is None:
        return Answer(None, known)
    chosen = result.x[:n] > 0.5
    return Answer(np.column_stack([item[chosen], taker[chosen]]), known)


def _loads(problem: Problem, program: Program, below: float) -> LinearConstraint:
    """(Load before + taken - given) / scale <= level, for everybody: who takes no part holds the level up, too."""
    n, people = len(program.item), np.arange(len(problem.load))
    move = np.arange(n)
    scale = problem.scale * below
    taken, given = program.hours / scale[program.taker], program.hours / scale[program.giver]
    matrix = program.matrix(
        np.concatenate([program.taker, program.giver, people]),
        np.concatenate([taken, -given, np.full(len(people), -1.0)]),
        np.concatenate([move, move, np.full(len(people), n)]),
        len(people),
    )
    return LinearConstraint(matrix, -np.inf, -problem.load / scale)


def _one_taker(program: Program) -> LinearConstraint:
    items, row = np.unique(program.item, return_inverse=True)
    matrix = program.matrix(row, np.ones(len(row)), np.arange(len(row)), len(items))
    return LinearConstraint(matrix, -np.inf, 1)


def _few(program: Program, n_moves: int) -> LinearConstraint:
    n = len(program.item)
    return LinearConstraint(program.matrix(np.zeros(n, dtype=int), np.ones(n), np.arange(n), 1), -np.inf, n_moves)


def _handing_on(program: Program, left: Screened) -> list[LinearConstraint]:
    """What follows for whole items anyway, and is far from following for parts of them."""
    move = np.arange(len(program.item))
    n_people = len(left.need)
    gives = program.matrix(program.giver, np.ones(len(move)), move, n_people)
    idle = left.need == 0
    taken = program.matrix(program.taker, left.most[program.taker], move, n_people)
    only_if_taking = (gives - taken)[np.flatnonzero(idle)]
    return [LinearConstraint(gives, left.need, left.most), LinearConstraint(only_if_taking, -np.inf, 0)]
