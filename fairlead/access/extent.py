"""Which rows a viewer may see: items, milestones and teams."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from fairlead import keys, suppression
from fairlead.access.viewers import Names, Viewer
from fairlead.frames import Frames
from fairlead.scope import teams_of_items

OF_TEAMS = ("lead", "member")
"""Roles that see the milestones that hold an item of their teams, besides those that are named."""


NO_TEAM = ""
"""Stands for the people who are in no team, where teams are listed."""


@dataclass(frozen=True)
class Extent:
    """Ids of what a viewer may see, and of whom they may see by name."""

    items: pd.Series
    milestones: pd.Series
    teams: pd.Series
    named: frozenset[str]


def extent(viewer: Viewer, frames: Frames) -> Extent:
    """What may this viewer see?

    Items are those of the granted projects that belong to a granted team, or that one of its members has had a hand
    in, and all that ever were in a granted milestone. Teams of too few people are not told of, unless the viewer leads
    them, and one more where the small one's figures could be had by subtraction.
    """
    members = frames.team_members.astype({"team": "str", "person": "str"})
    granted = _granted_teams(viewer.teams, frames.teams)
    named = _named(viewer, frames.people["id"].astype("str"), members, granted)
    teams = granted[~granted.isin(_hidden(frames.people["id"].astype("str"), members, granted, viewer))]
    theirs = _items_of(viewer, frames, members, teams)
    milestones = _milestones(viewer, frames, theirs)
    held = _ever_in(frames, milestones)
    items = pd.concat([theirs, held]).drop_duplicates(ignore_index=True)
    return Extent(items, milestones, teams.reset_index(drop=True), named)


def _granted_teams(names: Names, teams: pd.DataFrame) -> pd.Series:
    chosen = teams if names is None else teams[teams["name"].isin(names)]
    return chosen["id"].astype("str")


def _named(viewer: Viewer, people: pd.Series, members: pd.DataFrame, teams: pd.Series) -> frozenset[str]:
    """Themselves, and whom they lead."""
    own = {person for person in people if person == viewer.person}
    if viewer.role != "lead":
        return frozenset(own)
    led = people if viewer.teams is None else members.loc[members["team"].isin(teams), "person"]
    return frozenset(own | set(led))


def _hidden(people: pd.Series, members: pd.DataFrame, granted: pd.Series, viewer: Viewer) -> set[str]:
    """Teams too small to be told of. Where all are seen, so is everybody without a team: they are a group as well."""
    if viewer.role == "lead":
        return set()
    sizes = members[members["team"].isin(granted)].groupby("team")["person"].nunique()
    if viewer.teams is None:
        sizes[NO_TEAM] = int((~people.isin(members["person"])).sum())
    groups = pd.DataFrame({"group": sizes.index, "n": sizes.to_numpy()})
    return set(sizes.index[suppression.suppressed(groups, totals_shown=True).to_numpy()])


def _items_of(viewer: Viewer, frames: Frames, members: pd.DataFrame, teams: pd.Series) -> pd.Series:
    """The items of the granted projects and teams, and those the viewer, or a member, has had a hand in."""
    items = pd.concat([frames.issues[["id", "project"]], frames.pull_requests[["id", "project"]]])
    items = items.astype("str")
    is_seen = pd.Series(True, index=items.index) if viewer.projects is None else items["project"].isin(viewer.projects)
    if viewer.teams is not None:
        names = frames.teams.loc[keys.is_in(frames.teams["id"].astype("str"), teams), "name"]
        found = teams_of_items(frames, as_of=pd.Timestamp.max.tz_localize("UTC"))
        people = pd.concat(
            [members.loc[members["team"].isin(teams), "person"], pd.Series([viewer.person], dtype="str")]
        )
        handled = _handled(frames, people.dropna())
        is_seen &= items["id"].isin(pd.concat([found.loc[found["team"].isin(names), "item"], handled]))
    return items.loc[is_seen, "id"].reset_index(drop=True)


def _handled(frames: Frames, people: pd.Series) -> pd.Series:
    """The items these people have created, been assigned or asked to review, reviewed, or written on."""
    accounts = frames.accounts.loc[frames.accounts["person"].astype("str").isin(people), "id"]
    assigned = frames.issue_events[frames.issue_events["field"] == "assignee"]
    parts = [
        (frames.issues["id"], frames.issues["author"]),
        (frames.issue_assignees["issue"], frames.issue_assignees["account"]),
        (assigned["issue"], assigned["new"]),
        (frames.pull_requests["id"], frames.pull_requests["author"]),
        (frames.pull_request_events["pull_request"], frames.pull_request_events["subject"]),
        (frames.reviews["pull_request"], frames.reviews["author"]),
        (frames.comments["pull_request"], frames.comments["author"]),
    ]
    found = [item[keys.is_in(who, accounts)].astype("str") for item, who in parts]
    return pd.concat(found).drop_duplicates(ignore_index=True)


def _milestones(viewer: Viewer, frames: Frames, items: pd.Series) -> pd.Series:
    """Those that are named and, for who belongs to a team, those that hold an item of it."""
    stones = frames.milestones
    ids = stones["id"].astype("str")
    is_seen = pd.Series(True, index=ids.index) if viewer.projects is None else stones["project"].isin(viewer.projects)
    if viewer.milestones is not None:
        is_named = ids.isin(viewer.milestones) | stones["title"].isin(viewer.milestones)
        if viewer.role in OF_TEAMS:
            held = _memberships(frames)
            is_named |= ids.isin(held.loc[held["item"].isin(items), "milestone"])
        is_seen &= is_named
    return ids[is_seen].reset_index(drop=True)


def _ever_in(frames: Frames, milestones: pd.Series) -> pd.Series:
    held = _memberships(frames)
    return held.loc[held["milestone"].isin(milestones), "item"].drop_duplicates()


def _memberships(frames: Frames) -> pd.DataFrame:
    """Which item is, or ever was, in which milestone: item, milestone (ids)."""
    moves = frames.issue_events[frames.issue_events["field"] == "milestone"]
    told = frames.pull_request_events[frames.pull_request_events["kind"].isin(["milestoned", "demilestoned"])]
    pulls, now = frames.pull_requests, frames.issue_milestones
    parts = [
        (now["issue"], now["milestone"]),
        (moves["issue"], moves["new"]),
        (moves["issue"], moves["old"]),
        (pulls["id"], pulls["milestone"]),
        (told["pull_request"], told["subject"]),
    ]
    rows = [pd.DataFrame({"item": item.to_numpy(), "milestone": stone.to_numpy()}) for item, stone in parts]
    return pd.concat([each.astype("str") for each in rows]).dropna().drop_duplicates(ignore_index=True)


def unseen(frames: Frames, known: pd.Series) -> pd.Series:
    """Ids of items and milestones that are not among `known`, whether they are in the tables or only pointed at."""
    events = frames.issue_events[frames.issue_events["field"].isin(["milestone", "parent", "blocked_by"])]
    told = frames.pull_request_events[frames.pull_request_events["kind"].isin(["milestoned", "demilestoned"])]
    parts = [
        frames.issues["id"],
        frames.issues["parent"],
        frames.pull_requests["id"],
        frames.pull_requests["milestone"],
        frames.milestones["id"],
        frames.issue_links["other"],
        frames.issue_milestones["milestone"],
        frames.pull_request_issues["issue"],
        frames.past_forecasts["milestone"],
        told["subject"],
        events["old"],
        events["new"],
    ]
    found = pd.concat([part.drop_duplicates().astype("str") for part in parts]).dropna().drop_duplicates()
    return found[~np.asarray(found.isin(known))].reset_index(drop=True)
