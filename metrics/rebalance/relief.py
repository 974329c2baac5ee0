"""The plans for those who can be helped: the most loaded, with nothing to hand on, must not hide everybody else."""

import time
from dataclasses import dataclass
from typing import Any

import pandas as pd

from metrics.rebalance.frontier import frontier
from metrics.rebalance.problem import Moves
from metrics.rebalance.tables import Frontier

ENOUGH = 1.0
"""Whoever has no more than this to do for their time needs no relief."""


@dataclass(frozen=True)
class Relief:
    """Plans for those who can be helped; `blocked` are people (ids) whose load no move lowers, most loaded first."""

    frontier: Frontier
    blocked: tuple[str, ...]


def relief(  # noqa: PLR0913 (three tables and the lead's decisions)
    people: pd.DataFrame,
    items: pd.DataFrame,
    fits: pd.DataFrame,
    *,
    with_started: bool = False,
    accepted: Moves = (),
    seconds: float = 10.0,
    **decisions: Any,  # noqa: ANN401 (those of `frontier`)
) -> Relief:
    """Which fewest moves lower the highest load of those whose load a move can lower?

    Takes what `frontier` takes, and raises what it raises. While no move beyond the accepted ones lowers the highest
    load, whoever bears it is set aside and receives nothing, and the next are looked at, down to those who have time
    enough: for them nothing moves but what is accepted. Who hands on or receives what is accepted is not set aside.
    `seconds` are for all of it: who is looked at later gets what is left.
    """
    ends_at = time.monotonic() + seconds  # a stopwatch, as in `frontier`
    decisions |= {"with_started": with_started, "accepted": accepted}
    movable = items if with_started else items[~items["is_started"]]
    settled = _of_accepted(items, accepted)
    blocked: list[str] = []
    while True:
        rest = people[~people["person"].isin(blocked)]
        theirs = items[items["person"].isin(rest["person"])]
        found = frontier(rest, theirs, fits, seconds=ends_at - time.monotonic(), **decisions)
        if not (found.steps["highest"].head(1) > ENOUGH).any():
            return Relief(frontier(rest, theirs, fits, **decisions | {"budget": 0}), tuple(blocked))
        ahead = found.steps.iloc[int(found.moves["is_accepted"].any()) :]
        loads = found.loads[found.loads["n_moves"] == ahead["n_moves"].iloc[0]]
        stuck = [] if len(ahead) > 1 else _stuck(loads, _could_hand_on(movable, fits, rest))
        if not set(stuck) - settled:
            return Relief(found, tuple(blocked))
        blocked += [person for person in stuck if person not in settled]


def _of_accepted(items: pd.DataFrame, accepted: Moves) -> set[str]:
    """Who hands on or receives what has been accepted."""
    givers = items.loc[items["item"].isin([item for item, _ in accepted]), "person"]
    return {*givers, *(person for _, person in accepted)}


def _could_hand_on(movable: pd.DataFrame, fits: pd.DataFrame, people: pd.DataFrame) -> pd.Series:
    """Who of these people holds something that another of them knows and has time for."""
    able = people.loc[people["capacity_hours"] > 0, "person"]
    takers = fits.loc[fits["person"].isin(able), ["item", "person"]]
    pairs = movable[["item", "person"]].merge(takers, on="item", suffixes=("", "_to"))
    return pairs.loc[pairs["person"] != pairs["person_to"], "person"]


def _stuck(loads: pd.DataFrame, could: pd.Series) -> list[str]:
    """Who bears the highest load; and the next as long as they have too much and nothing that could be handed on."""
    over = loads[loads["load_ratio"] > ENOUGH]
    if over.empty:
        return []
    over = over.assign(could=over["person"].isin(could))
    ordered = over.sort_values(["load_ratio", "could", "person"], ascending=[False, True, True], ignore_index=True)
    first = int(ordered["could"].argmax()) if ordered["could"].any() else len(ordered)
    return list(ordered["person"].iloc[: max(first, 1)])
