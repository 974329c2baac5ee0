"""The panel on what could move: the fewest moves that lower the highest load, as the reader has decided on them.

Nothing is written to GitHub or Jira: the plan is text and a table to take along.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

import charts.workload as draw
from fairlead.scope import Scope
from metrics import rebalance, terms
from reports import privacy, words
from reports.names import facts, named
from reports.panel import Panel
from reports.records import Record, records, said_of
from reports.workload.ahead import only_chosen, untold
from reports.workload.measured import Measured

BUDGET = 5
MOST_MOVES = 8
SECONDS = 5.0
"""The longest that a plan is looked for."""
GONE = "nobody here holds the item alone any more"
Pair = tuple[str, str]
"""Key of an item, id of the person it goes to."""


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What a reader decided: how many moves at most, of started items too, moves accepted and rejected, items kept."""

    budget: int = BUDGET
    with_started: bool = False
    accepted: tuple[Pair, ...] = ()
    rejected: tuple[Pair, ...] = ()
    pinned: tuple[str, ...] = ()


NOTHING = Wish()


@dataclass(frozen=True)
class Plan:
    """What the plan is made of: every step of the frontier, and the moves of the one that was asked for.

    `forgotten` are accepted moves that cannot be made, each with the reason.
    """

    steps: pd.DataFrame
    moves: pd.DataFrame
    blocked: tuple[str, ...]
    names: Mapping[str, str]
    forgotten: Mapping[Pair, str]


def plan(measured: Measured, scope: Scope, *, wish: Wish = NOTHING) -> Plan:
    """The moves that lower the highest load most, within what the reader decided."""
    items = _items(measured)
    ids = dict(zip(items["key"], items["item"], strict=True))
    fits = _fits(measured, scope)
    found = rebalance.relief(
        _people(measured) if measured.is_told else _people(measured).head(0),
        items,
        fits,
        budget=MOST_MOVES,
        with_started=wish.with_started,
        pinned=tuple(ids[key] for key in wish.pinned if key in ids),
        accepted=tuple((ids[key], person) for key, person in wish.accepted if key in ids),
        rejected=tuple((ids[key], person) for key, person in wish.rejected if key in ids),
        seconds=SECONDS,
    )
    names = _names(measured)
    blocked = tuple(sorted(names[person] for person in found.blocked))
    forgotten = _forgotten(ids, found.frontier, wish)
    return Plan(found.frontier.steps, _moves(measured, found.frontier, fits, wish), blocked, names, forgotten)


def _forgotten(ids: Mapping[str, str], found: rebalance.Frontier, wish: Wish) -> Mapping[Pair, str]:
    """What was accepted and cannot be made: key and person → why."""
    keys = {item: key for key, item in ids.items()}
    unmade = {(keys[row["item"]], row["person"]): row["why"] for row in records(found.forgotten)}
    return unmade | {pair: GONE for pair in wish.accepted if pair[0] not in ids}


def _people(measured: Measured) -> pd.DataFrame:
    """Time, and the load that nobody can take off them: reviews, and their part of what is shared."""
    loads, parts = _seen(measured), measured.parts
    shared = parts[parts["issue"].duplicated(keep=False)].groupby("person")["hours"].sum()
    fixed = loads["review_hours"] + loads["person"].map(shared).astype("float64").fillna(0.0)
    return loads[["person", "capacity_hours"]].assign(fixed_hours=fixed)


def _items(measured: Measured) -> pd.DataFrame:
    """What one person holds alone: item, key, person, hours, is_started."""
    parts = measured.parts
    is_alone = ~parts["issue"].duplicated(keep=False) & (parts["hours"] > 0)
    alone = parts[is_alone & parts["person"].isin(_seen(measured)["person"])].reset_index(drop=True)
    keys = facts(measured.frames.issues, alone["issue"], ["key"])["key"].astype("str")
    return pd.DataFrame(
        {
            "item": alone["issue"],
            "key": keys,
            "person": alone["person"],
            "hours": alone["hours"],
            # What is held by somebody who is not there has stopped anyway.
            "is_started": alone["is_active"] & alone["person"].isin(_present(measured)),
        }
    )


def _seen(measured: Measured) -> pd.DataFrame:
    """The loads of those whom the viewer may look at closely: others neither hand on nor receive, nor are named."""
    return privacy.closely(measured.frames, measured.loads)


def _present(measured: Measured) -> pd.Series:
    """Who works at all within the next two weeks."""
    return measured.loads.loc[measured.loads["capacity_hours"] > 0, "person"]


def _fits(measured: Measured, scope: Scope) -> pd.DataFrame:
    """Who could take what: who has finished work like it and is not overloaded already."""
    frames = measured.frames
    among = set(_seen(measured)["person"])
    found = rebalance.fits(measured.assignments, frames.issues, frames.issue_events, as_of=scope.as_of, people=among)
    overloaded = measured.overloads.loc[measured.overloads["is_flagged"], "person"]
    return found[~found["person"].isin(overloaded)]


def _names(measured: Measured) -> Mapping[str, str]:
    people = measured.frames.people["id"].astype("str")
    return dict(zip(people, named(measured.frames, people), strict=True))


def _moves(measured: Measured, found: rebalance.Frontier, fits: pd.DataFrame, wish: Wish) -> pd.DataFrame:
    """The moves of the largest step within the budget, by whom they come from; what is accepted in any case."""
    most = max(wish.budget, int(found.moves.groupby("n_moves")["is_accepted"].sum().max())) if len(found.moves) else 0
    reached = found.steps.loc[found.steps["n_moves"] <= most, "n_moves"]
    step = int(reached.max()) if len(reached) else 0
    moves = found.moves[found.moves["n_moves"] == step].reset_index(drop=True)
    shown = facts(measured.frames.issues, moves["item"], ["url", "key", "title", "project"])
    moves = pd.concat([moves, shown], axis=1)
    moves = moves.assign(
        name=named(measured.frames, moves["from_person"]), to=named(measured.frames, moves["to_person"])
    )
    like = fits.set_index(["item", "person"])["likeness"]
    moves = moves.join(like, on=["item", "to_person"])
    said = moves["is_accepted"].map({True: "accepted", False: "proposed"})
    moves = moves.assign(decision=said.astype("str"), because=said_of(moves, _because))
    return moves.sort_values(["name", "key"], ignore_index=True)


LIKE = {
    "label": "with a label like it in this project",
    "type": "of its type in this project",
    "project": "in this project",
}


def _because(row: Record) -> str:
    alike, to = row["n_alike"], row["to"]
    known = f"{to} is said to be able to"
    if alike:
        known = f"{to} has finished {words.count(alike, 'item')} {LIKE[row['likeness']]} within two years"
    before, after = (words.number(row[f"to_ratio_{when}"], 1) for when in ("before", "after"))
    return f"{known}, and would go from {before} to {after} times capacity"


def panels(measured: Measured, scope: Scope, wish: Wish = NOTHING) -> tuple[Panel, Panel]:
    """The plan, and what more moves would bring."""
    made = plan(measured, scope, wish=wish)
    chosen = made.steps["n_moves"] == int(made.moves["n_moves"].max() if len(made.moves) else 0)
    steps = made.steps.assign(is_chosen=chosen)
    return _moves_panel(measured, made, steps, wish), _frontier_panel(measured, made, steps)


def _moves_panel(measured: Measured, made: Plan, steps: pd.DataFrame, wish: Wish) -> Panel:
    """What to hand to whom, and why."""
    table = made.moves[["url", "key", "name", "to", "hours", "because", "title", "decision", "project"]]
    return Panel(
        key="moves",
        title="What could move",
        takeaway=_moves_words(steps, _kept(measured, made.moves)),
        table=table,
        note=f"n = {words.count(len(table), 'move')}, of at most {max(wish.budget, len(table))}. Handed "
        "only to who has finished work like it. "
        f"{'Started items may move too' if wish.with_started else 'Started items stay'}; what somebody holds who is "
        "away all the time may always move, reviews owed and shared items never do. Nobody overloaded is handed more. "
        f"{_proven(steps)} {_blocked(made)}{only_chosen(measured.scope)}"
        "Nothing is written to GitHub or Jira: talk first.",
        empty=privacy.empty(measured.frames, _nothing(measured, made, wish)),
        terms=(terms.REBALANCE, terms.LOAD_RATIO),
        links=("url",),
        wide=True,
        copied=as_text(made.moves),
    )


def _frontier_panel(measured: Measured, made: Plan, steps: pd.DataFrame) -> Panel:
    """How far each move more lowers the highest load."""
    drawn = steps.rename(columns={"highest": "highest_ratio"})[["n_moves", "highest_ratio", "is_chosen", "is_proven"]]
    drawn = drawn.head(len(drawn) if len(made.moves) else 0)
    away = int(np.isinf(drawn["highest_ratio"]).sum())
    return Panel(
        key="frontier",
        title="What more moves would bring",
        takeaway=f"The first {words.count(away, 'move')} {words.agree(away, 'is', 'are')} for the work of who is away; "
        "then the highest load falls as drawn."
        if away
        else "Each move costs a conversation: stop where the next one brings little.",
        figure=draw.frontier_steps(drawn),
        table=drawn,
        note=f"n = {words.count(len(drawn), 'plan')}, each with as few moves as it needs; the coloured one is above.",
        empty=privacy.empty(measured.frames, "There is no plan to compare."),
        terms=(terms.REBALANCE, terms.LOAD_RATIO),
    )


def _kept(measured: Measured, moves: pd.DataFrame) -> str:
    """What stays with people who are away all the time, though the plan is carried out."""
    away = measured.parts[~measured.parts["person"].isin(_present(measured))]
    seen = _seen(measured)
    away = away[away["person"].isin(seen["person"]) & ~away["issue"].isin(moves["item"])]
    if away.empty:
        return ""
    holders = sorted(seen.loc[seen["person"].isin(away["person"]), "name"])
    return (
        f" {words.count(len(away), 'item')} {words.agree(len(away), 'stays', 'stay')} with {words.some(holders)}, away."
    )


def _moves_words(steps: pd.DataFrame, kept: str) -> str:
    """What the moves would change, and how far more of them would go."""
    if not steps["is_chosen"].any():
        return ""
    first, chosen, last = (records(rows)[0] for rows in (steps, steps[steps["is_chosen"]], steps.tail(1)))
    moves = words.count(chosen["n_moves"], "move")
    if math.isinf(chosen["highest"]):
        before, after = (words.number(row["highest_hours"]) for row in (first, chosen))
        said = f"{moves}: what could be handed on by who is away all the time falls from {before} to {after} h.{kept}"
        enough = steps.loc[np.isfinite(steps["highest"]), "n_moves"].min()
        return said if pd.isna(enough) else f"{said} With {words.count(int(enough), 'move')} all of it is handed on."
    if math.isinf(first["highest"]):
        said = f"{moves}: what could be handed on by who is away is handed on, and the highest load of the others is "
    else:
        said = f"{moves}: the highest load falls from {words.times(first['highest'])} to "
    said += f"{words.times(chosen['highest'])} capacity.{kept}"
    if last["n_moves"] > chosen["n_moves"]:
        said += f" With {words.count(last['n_moves'], 'move')} it would be {words.times(last['highest'])}."
    return said


def _proven(steps: pd.DataFrame) -> str:
    """Whether a better plan of as many moves is ruled out."""
    chosen = steps[steps["is_chosen"] & ~steps["is_proven"]]
    if chosen.empty:
        return "No other plan of as few moves does better."
    return (
        f"Looked for {words.number(SECONDS)} seconds: another plan of as few moves could be better by up to "
        f"{words.number(float(chosen['gap'].max()), 2)} times capacity."
    )


def _blocked(made: Plan) -> str:
    """Who is left aside, because no move lowers their load."""
    if not made.blocked:
        return ""
    return f"Left aside, because no such move makes their load less: {words.some(made.blocked)}. "


def _nothing(measured: Measured, made: Plan, wish: Wish) -> str:
    if not measured.is_told or measured.loads["ratio"].isna().all():
        return f"What work takes is not known here, so that no plan can be made. {untold(measured)}"
    if made.steps.empty and not made.blocked:
        return "Nobody has work that is expected to take any time."
    if not made.blocked and not (made.steps["highest"] > rebalance.ENOUGH).any():
        return "Nobody has more to do than time: nothing has to move."
    kept = "" if wish.with_started else " What has been started stays, unless you let it move."
    return f"No move lowers the highest load: what weighs most cannot go to anybody who knows such work.{kept}"


def as_text(moves: pd.DataFrame) -> str:
    """The plan in lines to paste into a message."""
    return "\n".join(
        f"{row['key']} {' '.join(row['title'].split())}: from {row['name']} to {row['to']} "
        f"({row['hours']:.0f} h; {row['because']})"
        for row in records(moves)
    )
