"""What a reader asked to see: teams, projects, a window and the instant the numbers are as of."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Self, TypeVar

import pandas as pd

from fairlead import keys
from fairlead.frames import Frames

F = TypeVar("F", bound=Frames)

WINDOWS = (30, 60, 90, 180, 365)
"""Window lengths a reader can choose, in days."""


@dataclass(frozen=True)
class Scope:
    """Empty `teams` or `projects` mean all of them. The window is half-open, `[start, as_of)`."""

    as_of: pd.Timestamp
    window_days: int = 90
    teams: tuple[str, ...] = ()
    projects: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse an `as_of` without a zone: it would be compared with UTC instants."""
        if self.as_of.tzinfo is None:
            raise ValueError("as_of needs a time zone; give it in UTC")

    @classmethod
    def on(cls, day: dt.date, *, known_as_of: pd.Timestamp, window_days: int, **which: tuple[str, ...]) -> Self:
        """The scope as of the end of a day (UTC), but never later than the data reach."""
        midnight = pd.Timestamp(day, tz="UTC") + pd.Timedelta(days=1)
        return cls(min(midnight, known_as_of), window_days, **which)

    @property
    def start(self) -> pd.Timestamp:
        """The window's first instant, UTC."""
        return self.as_of - pd.Timedelta(days=self.window_days)

    @property
    def previous_start(self) -> pd.Timestamp:
        """The first instant of the window before this one, to compare with."""
        return self.start - pd.Timedelta(days=self.window_days)


CHILDREN = {
    "issue": ("issue_labels", "issue_assignees", "issue_milestones", "issue_events"),
    "pull_request": (
        "pull_request_labels", "pull_request_issues", "pull_request_events", "reviews", "comments", "files",
    ),
}  # fmt: skip


def in_projects(frames: F, scope: Scope) -> F:
    """The rows of the chosen projects, all of them when none is chosen."""
    if not scope.projects:
        return frames
    named = ("issues", "pull_requests", "milestones", "releases")
    chosen = {name: _where(getattr(frames, name), "project", scope.projects) for name in named}
    return _with_items(replace(frames, **chosen), chosen["issues"], chosen["pull_requests"])


def of_teams(frames: F, scope: Scope) -> F:
    """The chosen teams' issues and pull requests, all of them when no team is chosen.

    A pull request is its author's team's. An issue is a team's when one of its members had been assigned to it by
    `as_of`, or created it while nobody had been assigned.
    """
    if not scope.teams:
        return frames
    theirs = accounts_of(frames, members(frames, scope))
    assigned = frames.issue_events[_is_assignment(frames.issue_events, scope.as_of)]
    to_them = assigned.loc[assigned["new"].isin(theirs), "issue"]
    by_them = frames.issues["author"].isin(theirs) & ~keys.is_in(frames.issues["id"], assigned["issue"])
    issues = frames.issues[keys.is_in(frames.issues["id"], to_them) | by_them]
    return _with_items(frames, issues, frames.pull_requests[frames.pull_requests["author"].isin(theirs)])


def members(frames: Frames, scope: Scope) -> pd.Series:
    """Person ids of the chosen teams, of everybody when no team is chosen."""
    if not scope.teams:
        return frames.people["id"].astype("str")
    teams = frames.teams.loc[frames.teams["name"].isin(scope.teams), "id"]
    return (
        frames.team_members.loc[keys.is_in(frames.team_members["team"], teams), "person"]
        .astype("str")
        .drop_duplicates()
    )


def accounts_of(frames: Frames, people: pd.Series) -> pd.Series:
    """Account ids of the given people."""
    return frames.accounts.loc[frames.accounts["person"].isin(people), "id"].astype("str")


def _is_assignment(events: pd.DataFrame, as_of: pd.Timestamp) -> pd.Series:
    return (events["field"] == "assignee") & events["new"].notna() & (events["at"] <= as_of)


def _where(table: pd.DataFrame, column: str, values: tuple[str, ...]) -> pd.DataFrame:
    return table[table[column].isin(values)].reset_index(drop=True)


def _with_items(frames: F, issues: pd.DataFrame, pull_requests: pd.DataFrame) -> F:
    """Keep the given items and what hangs on them."""
    parents = {"issue": issues["id"], "pull_request": pull_requests["id"]}
    kept = {
        name: getattr(frames, name)[keys.is_in(getattr(frames, name)[parent], parents[parent])].reset_index(drop=True)
        for parent, names in CHILDREN.items()
        for name in names
    }
    items = {"issues": issues.reset_index(drop=True), "pull_requests": pull_requests.reset_index(drop=True)}
    return replace(frames, **items, **kept)
