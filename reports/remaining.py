"""What is left in one milestone, and in whose hands it is."""

import pandas as pd

from fairlead import keys
from fairlead.access import VisibleFrames
from fairlead.scope import Scope
from metrics import workload
from reports import words
from reports.names import NOBODY, named
from reports.panel import Panel

STATES = {"todo": "to do", "active": "in progress"}
DETAILS = ["id", "key", "title", "url", "created_at"]
COLUMNS = ["key", "title", "state", "assigned_to", "created_at", "url"]


def panel(frames: VisibleFrames, left: pd.DataFrame, scope: Scope, *, title: str) -> Panel:
    """The unfinished items of the milestone called `title`; `left` has their item and state."""
    table = _table(frames, left, scope)
    started, nobodys = int((table["state"] == "in progress").sum()), int((table["assigned_to"] == NOBODY).sum())
    return Panel(
        key="remaining",
        title="What is left in it",
        takeaway=f"{words.count(len(table), 'item')} left, {started} in progress, {nobodys} in nobody's hands.",
        table=table,
        note=f"n = {words.count(len(table), 'item')} of {title} neither done nor dropped. An open pull request "
        "counts as in progress, and as its author's.",
        empty="Nothing is left in this milestone.",
        links=("url",),
    )


def _table(frames: VisibleFrames, left: pd.DataFrame, scope: Scope) -> pd.DataFrame:
    items = pd.concat([frames.issues[DETAILS], frames.pull_requests[DETAILS]], ignore_index=True)
    items = items[keys.is_in(items["id"], left["item"])].reset_index(drop=True)
    state = left["state"].astype("str").take(keys.positions(items["id"], left["item"])).reset_index(drop=True)
    holders = items["id"].astype("str").map(_holders(frames, left["item"], scope))
    table = items.assign(state=state.map(STATES).astype("str"), assigned_to=holders.astype("str").fillna(NOBODY))
    return table.sort_values(["state", "created_at", "key"], ignore_index=True)[COLUMNS]


def _holders(frames: VisibleFrames, items: pd.Series, scope: Scope) -> pd.Series:
    """Who held each of the items at `as_of`, by item: assignees of issues, authors of pull requests."""
    issues = frames.issues[keys.is_in(frames.issues["id"], items)]
    events = frames.issue_events[keys.is_in(frames.issue_events["issue"], items)]
    assigned = workload.assignments(issues, events, frames.accounts, as_of=scope.as_of)
    assigned = assigned.loc[assigned["end_at"].isna(), ["issue", "person"]].set_axis(["item", "who"], axis=1)
    authors = frames.pull_requests.loc[keys.is_in(frames.pull_requests["id"], items), ["id", "author"]]
    authors = authors.astype("str").dropna().set_axis(["item", "who"], axis=1)
    held = pd.concat([assigned, authors], ignore_index=True)
    held = held.assign(name=named(frames, held["who"]))
    return held.groupby("item")["name"].agg(lambda names: ", ".join(sorted(names)))
