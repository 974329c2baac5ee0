"""Who held which issue when, replayed from the history of assignments, never from today's assignee."""

import pandas as pd

from fairlead import keys
from metrics import intervals
from metrics.actors import NOBODY, actors, kinds, named
from metrics.instants import instants, instants_or_never, micros
from metrics.ordering import order, text_order
from metrics.states import FINISHED, issue_states
from metrics.sweep import Stretches


def assignments(
    issues: pd.DataFrame, issue_events: pd.DataFrame, accounts: pd.DataFrame, *, as_of: pd.Timestamp
) -> pd.DataFrame:
    """Who held which issue when, and was it being worked on?

    One person's accounts are one; overlapping assignments of a person to an issue are united before anything is
    counted. Time in which the issue was done or dropped is left out; time before it was started is kept apart. An
    issue counts as not started before its first known status. Bots and deleted users hold nothing (`left_out`).

    Returns one row per person, issue and stretch, by person, start and issue: person (id), issue (id), start_at, end_at
    (UTC; missing while it lasts), assigned_at (since when the person had held it without a break), is_active (bool: in
    progress; otherwise assigned and not started).
    """
    known = issues[issues["created_at"] <= as_of].reset_index(drop=True)
    who = actors(accounts)
    held = _held(known, issue_events, accounts, as_of=as_of)
    states = issue_states(known, issue_events, as_of=as_of)
    unfinished = states[~states["state"].isin(FINISHED)]
    stretches = Stretches(*(unfinished[column].to_numpy() for column in ("row", "start", "end")))
    start, end = micros(held["start_at"]), instants_or_never(held["end_at"])
    both = stretches.within(held["row"].to_numpy(), start, end)
    pieces = pd.DataFrame(
        {
            "person": held["person"].to_numpy()[both.first],
            "row": held["row"].to_numpy()[both.first],
            "start": both.start,
            "end": both.end,
            "assigned": start[both.first],
            "is_active": (unfinished["state"] == "active").to_numpy()[both.second],
        }
    )
    pieces = pieces[pieces["start"] < pieces["end"]]
    return _described(pieces, known, who.people)


def _held(
    known: pd.DataFrame, issue_events: pd.DataFrame, accounts: pd.DataFrame, *, as_of: pd.Timestamp
) -> pd.DataFrame:
    """Stretches in which a person was assigned: person (code), row (in `known`), start_at, end_at."""
    sets = intervals.issue_sets(issue_events, field="assignee", as_of=as_of)
    coded = sets[["start_at", "end_at"]].assign(
        person=actors(accounts).codes(sets["value"]), row=keys.positions(sets["item"], known["id"])
    )
    people = coded[(coded["person"] != NOBODY) & (coded["row"] >= 0)].reset_index(drop=True)
    return intervals.union(people, by=["person", "row"])


def _described(pieces: pd.DataFrame, known: pd.DataFrame, people: pd.Series) -> pd.DataFrame:
    issue = text_order(known["id"])[pieces["row"]]
    by_time = order(pieces["person"].to_numpy(), pieces["start"].to_numpy(), issue)
    pieces = pieces.take(by_time)
    return pd.DataFrame(
        {
            "person": named(people, pieces["person"].to_numpy()),
            "issue": named(known["id"], pieces["row"].to_numpy()),
            "start_at": instants(pieces["start"].to_numpy()),
            "end_at": instants(pieces["end"].to_numpy()),
            "assigned_at": instants(pieces["assigned"].to_numpy()),
            "is_active": pieces["is_active"].to_numpy(bool),
        }
    )


def left_out(issue_events: pd.DataFrame, accounts: pd.DataFrame, *, as_of: pd.Timestamp) -> pd.DataFrame:
    """What do the workload figures leave out? Returns one row per reason: what, n (assignments)."""
    events = issue_events[(issue_events["field"] == "assignee") & (issue_events["at"] <= as_of)]
    kind = kinds(events.loc[events["new"].notna(), "new"], accounts)
    return pd.DataFrame(
        {
            "what": pd.Series(["assignments of bots", "assignments of deleted or unknown users"], dtype="str"),
            "n": [int((kind == "bot").sum()), int(kind.isin(["ghost", "unknown"]).sum())],
        }
    )
