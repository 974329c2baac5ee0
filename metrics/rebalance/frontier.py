"""What each further move buys: the frontier of plans with none, one, two … moves."""

import time
from collections.abc import Collection
from dataclasses import replace

import pandas as pd

from metrics.ordering import Integers
from metrics.rebalance import polish, proof, search
from metrics.rebalance.problem import CLOSE, Decisions, Moves, Problem, problem
from metrics.rebalance.tables import Frontier, Step, nothing, told


def frontier(  # noqa: PLR0913 (three tables and the lead's decisions)
    people: pd.DataFrame,
    items: pd.DataFrame,
    fits: pd.DataFrame,
    *,
    budget: int = 8,
    pinned: Collection[str] = (),
    accepted: Moves = (),
    rejected: Moves = (),
    with_started: bool = False,
    seconds: float = 10.0,
) -> Frontier:
    """Which fewest moves of items lower the highest load, and by how much?

    Load is compared as hours / capacity; with a capacity of 1 for everybody it is the plain load. With each number of
    moves up to `budget` the highest ratio is as low as it can be; a plan with more moves is told only where it is
    lower. Among plans as low the gentler is preferred, not searched for exhaustively: fewer hours moved, then receivers
    who have done more like it. What happens below the highest is not improved: no move is made for that.

    `people`: person, capacity_hours (0 or more), fixed_hours (load that cannot move). `items`: item, person (who holds
    it), hours, is_started. `fits`: item, person, n_alike: who besides its holder could take it. Started items stay
    unless `with_started`. `pinned` items stay. `accepted` moves (item, person) are made in every plan but the one of
    no moves, and count; the lead may accept what the rules would not propose. `rejected` moves are not made.

    Nobody without capacity receives anything, and what they could hand on goes before all else: the highest is
    infinite until nothing of it is left, lower where the one who has most of it has less. What they cannot hand on
    (fixed hours, kept items, items that nobody could take) nobody can change: it does not count for the highest.

    The result does not depend on the order of rows. After `seconds` the best plans found so far are told, with what is
    known about better ones; only then may two runs differ. Raises `FrameError` for doubled people or items and for
    capacities or fixed hours that are no numbers.
    """
    ends_at = time.monotonic() + seconds  # a stopwatch, not a clock: figures do not depend on what time it is
    decisions = Decisions(pinned, accepted, rejected, with_started)
    posed, leftovers = problem(people, items, fits, decisions, budget=budget)
    if not len(posed.people):
        return nothing(posed, leftovers)
    start = posed
    if len(posed.accepted):
        start, _ = problem(people, items, fits, replace(decisions, accepted=()), budget=0)
    best = _best(posed, ends_at)
    return told(start, posed, _fewest(posed, best), best[-1].floor, leftovers)


def _best(posed: Problem, ends_at: float) -> list[Step]:
    """The best plan with at most 0, 1, 2 … moves beyond the accepted ones.

    From the most moves down: what so many cannot reach, fewer cannot either.
    """
    plans = search.plans(posed)
    steps: list[Step] = []
    floor = 0.0
    for n_moves in reversed(range(len(plans))):
        # Every number of moves gets its share of the time that is left.
        seconds = (ends_at - time.monotonic()) / (n_moves + 1)
        steps.append(_proven(posed, plans[n_moves], n_moves, floor=floor, seconds=seconds))
        floor = steps[-1].floor
    return steps[::-1]


def _proven(posed: Problem, plan: Integers, n_moves: int, *, floor: float, seconds: float) -> Step:
    """The plan or a better one, and what no plan of so many moves gets below."""
    step = Step(plan, posed.level_after(plan), floor)
    if step.is_proven:
        return step
    answer = proof.better(posed, step.level, n_moves, floor=floor, seconds=seconds)
    if answer.plan is not None and posed.level_after(answer.plan) < step.level:
        step = Step(answer.plan, posed.level_after(answer.plan), floor)
    return replace(step, floor=max(floor, min(answer.floor, step.level)))


def _fewest(posed: Problem, steps: list[Step]) -> list[Step]:
    """Those that are lower than all with fewer moves, without moves that are not needed; the first in any case."""
    told = [steps[0]]
    for step in steps[1:]:
        if step.level < told[-1].level * (1 - CLOSE):
            gentle = replace(step, plan=polish.gentlest(posed, step.plan))
            # A plan of fewer moves that its own turn had not time to find.
            told = [told[0], *(fewer for fewer in told[1:] if len(fewer.plan) < len(gentle.plan)), gentle]
    return told
