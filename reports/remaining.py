"""What is left in one milestone: since when, in whose hands, and what holds it up."""

import pandas as pd

from fairlead import keys
from fairlead.access import VisibleFrames
from fairlead.scope import Scope
from metrics import milestones, workload
from reports import words
from reports.foreseen import One
from reports.names import NOBODY, named
from reports.panel import Panel

STATES = {"todo": "to do", "active": "in progress"}
DETAILS = ["id", "key", "title", "url", "created_at"]
COLUMNS = [
    "key",
    "title",
    "state",
    "assigned_to",
    "held_up_by",
    "age_days",
    "in_it_days",
    "priority",
    "estimate",
    "url",
]
FLAGGED = "flagged as blocked"
DAY_SECONDS = 86_400


def items(one: One) -> pd.DataFrame:
    """Unfinished items of a milestone, those in progress first, oldest first.

    Columns: item, key, title, state (in words), assigned_to, held_up_by (keys of unfinished items it waits for, or that
    it is flagged), age_days (since it was created), in_it_days (since it joined), priority, estimate, url.
    """
    frames, scope = one.measured.frames, one.scope
    left = _left(one)
    details = pd.concat([frames.issues[[*DETAILS, "estimate"]], frames.pull_requests[DETAILS]], ignore_index=True)
    found = details[keys.is_in(details["id"], left["item"])].reset_index(drop=True)
    place = keys.positions(found["id"], left["item"])
    item = found["id"].astype("str")
    table = found.assign(
        item=item,
        state=left["state"].astype("str").map(STATES).take(place).to_numpy(),
        assigned_to=item.map(_holders(frames, left["item"], scope)).astype("str").fillna(NOBODY),
        held_up_by=item.map(_held_up(frames, left["item"], scope)).astype("str"),
        priority=_priorities(frames, found, scope),
        age_days=_days(scope.as_of - found["created_at"]),
        in_it_days=_days(scope.as_of - left["start_at"]).take(place).to_numpy(),
    )
    table = table.sort_values(["state", "created_at", "key"], ignore_index=True)
    return table[["item", *COLUMNS]].astype({"state": "str", "estimate": "float64"})


def panel(table: pd.DataFrame, *, title: str) -> Panel:
    """The unfinished items of the milestone called `title`; `table` is what `items` gives."""
    started, nobodys = int((table["state"] == "in progress").sum()), int((table["assigned_to"] == NOBODY).sum())
    held_up = int(table["held_up_by"].notna().sum())
    return Panel(
        key="remaining",
        title="What is left in it",
        takeaway=f"{words.count(len(table), 'item')} left: {started} in progress, {nobodys} in nobody's hands, "
        f"{held_up} held up by something else.",
        table=table[COLUMNS],
        note=f"n = {words.count(len(table), 'item')} of {title} neither done nor dropped; age is since each was "
        "created. An open pull request counts as in progress, and as its author's.",
        empty="Nothing is left in this milestone.",
        links=("url",),
        wide=True,
    )


def _days(elapsed: pd.Series) -> pd.Series:
    days: pd.Series = elapsed.dt.total_seconds() / DAY_SECONDS
    return days


def _left(one: One) -> pd.DataFrame:
    """The items that are neither done nor dropped: item, state, start_at (when each joined)."""
    mine = one.of(one.measured.stays)
    joined = mine.groupby(mine["item"].astype("str"))["start_at"].min()
    now = mine[mine["end_at"].isna() & mine["state"].isin(["todo", "active"])].reset_index(drop=True)
    return now.assign(start_at=joined.reindex(now["item"].astype("str")).array)


def _priorities(frames: VisibleFrames, found: pd.DataFrame, scope: Scope) -> pd.Series:
    """The priority of each item as it was at `as_of`; missing for pull requests."""
    issues = frames.issues[keys.is_in(frames.issues["id"], found["id"])].reset_index(drop=True)
    events = frames.issue_events[keys.is_in(frames.issue_events["issue"], issues["id"])]
    told = workload.priorities(issues, events, as_of=scope.as_of).set_axis(issues["id"].astype("str"))
    return found["id"].astype("str").map(told).astype("str")


def _held_up(frames: VisibleFrames, items: pd.Series, scope: Scope) -> pd.Series:
    """What each item waits for, by item: keys of its unfinished blockers, or that it is flagged."""
    found = milestones.blockers(frames.issues, frames.issue_events, frames.issue_links, as_of=scope.as_of)
    found = found[keys.is_in(found["item"], items)]
    key = frames.issues["key"].astype("str").set_axis(frames.issues["id"].astype("str"))
    said = found["blocker"].map(key).astype("str").fillna(FLAGGED)
    return said.groupby(found["item"]).agg(lambda names: ", ".join(sorted(set(names))))


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
