"""Turns: the instants at which a member came, went, or changed its state, and who did it. All in numbers."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from fairlead import keys
from metrics.histories import stacked
from metrics.instants import NEVER, Micros, micros
from metrics.milestones.content import Content
from metrics.milestones.members import ACTIVE, DONE, DROPPED, STATES
from metrics.ordering import Flags, Integers, is_first, is_last, order

OUT = -1
"""The state of what is no member."""
OF_PULL_REQUESTS = pd.Series(["demilestoned", "milestoned", "merged", "closed", "reopened"], dtype="str")
STATE_OF_KIND = np.array([OUT, OUT, DONE, DROPPED, ACTIVE])
KEY = ["item", "at", "what"]


@dataclass(frozen=True)
class Names:
    """Milestones and items by their numbers."""

    milestones: pd.Series
    items: pd.Series


def joined(milestone: Integers) -> Integers:
    """What happens to an item that joins: a number of its own for each milestone."""
    return 2 * milestone + 1


def left(milestone: Integers) -> Integers:
    """What happens to an item that leaves."""
    return 2 * milestone


def became(state: Integers) -> Integers:
    """What happens to an item whose state changes."""
    return -1 - state


def in_turn(held: Content, row: Integers) -> tuple[Content, Integers, Flags]:
    """The stays by item and time, their rows, and whether each goes on where the one before it ends."""
    by_item = order(held.pair, held.start)
    held = Content(*(column[by_item] for column in (held.milestone, held.pair, held.state, held.start, held.end)))
    return held, row[by_item], ~is_first(held.pair) & (held.start == np.append(NEVER, held.end)[:-1])


def turns(held: Content, row: Integers) -> pd.DataFrame:
    """Every turn: row (of those given, one for each stay), milestone, at, was, now (states, or `OUT`)."""
    held, row, goes_on = in_turn(held, row)
    was = np.where(goes_on, np.append(OUT, held.state)[:-1], OUT)
    leaves = (held.end != NEVER) & ~np.append(goes_on, False)[1:]
    nothing = np.full(int(leaves.sum()), OUT)
    columns = {
        "row": np.concatenate([row, row[leaves]]),
        "milestone": np.concatenate([held.milestone, held.milestone[leaves]]),
        "at": np.concatenate([held.start, held.end[leaves]]),
        "was": np.concatenate([was, held.state[leaves]]),
        "now": np.concatenate([held.state, nothing]),
    }
    return pd.DataFrame(columns)


def acts(
    issue_events: pd.DataFrame, pull_request_events: pd.DataFrame, names: Names, *, since: int, until: int
) -> pd.DataFrame:
    """Who did what between two instants (micros, both included): item, at, what, actor (account). One row per act."""
    parts = [
        _of_memberships(_within(issue_events, issue_events["field"] == "milestone", since, until), names),
        _of_states(_within(issue_events, issue_events["field"] == "status_category", since, until), names),
        _of_pull_requests(_within(pull_request_events, None, since, until), names),
    ]
    found = stacked(parts)
    found = found[found["item"] >= 0]
    in_order = order(*(found[name].to_numpy(np.int64) for name in (*KEY, "seq")))
    ends = is_last(*(found[name].to_numpy(np.int64)[in_order] for name in KEY))
    return found.take(in_order[ends]).drop(columns="seq").reset_index(drop=True)


def _within(events: pd.DataFrame, rows: pd.Series | None, since: int, until: int) -> pd.DataFrame:
    at = micros(events["at"])
    is_within: Flags = (at >= since) & (at <= until)
    return events[is_within if rows is None else is_within & rows.to_numpy(bool)]


def _of_memberships(events: pd.DataFrame, names: Names) -> pd.DataFrame:
    sides = [(events["old"], left), (events["new"], joined)]
    parts = []
    for side, what in sides:
        milestone = keys.positions(side, names.milestones)
        found = _numbered(events, "issue", what(milestone), names)
        parts.append(found[milestone >= 0])
    return stacked(parts)


def _of_states(events: pd.DataFrame, names: Names) -> pd.DataFrame:
    state = keys.positions(events["new"], STATES.categories.to_series())
    return _numbered(events, "issue", became(state), names)[state >= 0]


def _of_pull_requests(events: pd.DataFrame, names: Names) -> pd.DataFrame:
    kind = keys.positions(events["kind"], OF_PULL_REQUESTS)
    milestone = keys.positions(events["subject"], names.milestones)
    of_milestone = np.where(kind == 1, joined(milestone), left(milestone))
    what = np.where(kind < 2, of_milestone, became(STATE_OF_KIND[kind]))
    is_told = (kind >= 2) | ((kind >= 0) & (milestone >= 0))
    return _numbered(events, "pull_request", what, names)[is_told]


def _numbered(events: pd.DataFrame, id_column: str, what: Integers, names: Names) -> pd.DataFrame:
    item = keys.positions(events[id_column], names.items)
    columns: dict[str, Integers | Micros] = {"item": item, "at": micros(events["at"]), "what": what}
    columns["seq"] = events["seq"].to_numpy(np.int64)
    return pd.DataFrame(columns).assign(actor=events["actor"].array)
