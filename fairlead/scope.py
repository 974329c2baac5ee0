"""What a reader asked to see: teams, projects, a window and the instant the numbers are as of."""

import datetime as dt
from dataclasses import dataclass, field, replace
from typing import Any, Self, TypeVar

import pandas as pd

from fairlead import keys
from fairlead.agreements import Agreements, WorkingTime
from fairlead.frames import Frames

F = TypeVar("F", bound=Frames)

WINDOWS = (30, 60, 90, 180, 365)
"""Window lengths a reader can choose, in days."""


@dataclass(frozen=True)
class Scope:
    """Empty `teams` or `projects` mean all of them. The window is half-open, `[start, as_of)`.

    `working_time` and `agreements` are what figures are judged by.
    """

    as_of: pd.Timestamp
    window_days: int = 90
    teams: tuple[str, ...] = ()
    projects: tuple[str, ...] = ()
    working_time: WorkingTime = field(default_factory=WorkingTime)
    agreements: Agreements = field(default_factory=Agreements)

    def __post_init__(self) -> None:
        """Refuse an `as_of` without a zone: it would be compared with UTC instants."""
        if self.as_of.tzinfo is None:
            raise ValueError("as_of needs a time zone; give it in UTC")

    @classmethod
    def on(cls, day: dt.date, *, known_as_of: pd.Timestamp, window_days: int, **rest: Any) -> Self:  # noqa: ANN401
        """The scope as of the end of a day (UTC), but never later than the data reach. `rest` are other fields."""
        midnight = pd.Timestamp(day, tz="UTC") + pd.Timedelta(days=1)
        return cls(min(midnight, known_as_of), window_days, **rest)

    @property
    def start(self) -> pd.Timestamp:
        """The window's first instant, UTC."""
        return self.as_of - pd.Timedelta(days=self.window_days)

    @property
    def first_day(self) -> str:
        """The day on which the window begins, in words (UTC)."""
        return f"{self.start:%d %b %Y}"

    @property
    def last_day(self) -> str:
        """The last day that is seen, in words (UTC): as of midnight that is the day before."""
        return f"{self.as_of - pd.Timedelta(microseconds=1):%d %b %Y}"

    @property
    def weeks(self) -> pd.DatetimeIndex:
        """When each week of seven days in the window begins (UTC); the last one ends at `as_of`. One at least."""
        n_weeks = max(self.window_days // 7, 1)
        return pd.date_range(end=self.as_of, periods=n_weeks + 1, freq="7D").as_unit("us")[:-1]

    @property
    def previous_start(self) -> pd.Timestamp:
        """The first instant of the window before this one, to compare with."""
        return self.start - pd.Timedelta(days=self.window_days)


CHILDREN = {
    "issue": ("issue_labels", "issue_assignees", "issue_milestones", "issue_links", "issue_events", "board_items"),
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
    chosen["past_forecasts"] = of_milestones(frames.past_forecasts, chosen["milestones"])
    return with_items(replace(frames, **chosen), chosen["issues"], chosen["pull_requests"])


def of_milestones(past_forecasts: pd.DataFrame, milestones: pd.DataFrame) -> pd.DataFrame:
    """The past forecasts of the given milestones."""
    return past_forecasts[keys.is_in(past_forecasts["milestone"], milestones["id"])].reset_index(drop=True)


def of_teams(frames: F, scope: Scope) -> F:
    """The chosen teams' issues and pull requests (see `teams_of_items`), all of them when no team is chosen."""
    if not scope.teams:
        return frames
    found = teams_of_items(frames, as_of=scope.as_of)
    theirs = found.loc[found["team"].isin(scope.teams), "item"]
    issues, pulls = frames.issues, frames.pull_requests
    return with_items(frames, issues[keys.is_in(issues["id"], theirs)], pulls[keys.is_in(pulls["id"], theirs)])


def teams_of_items(frames: Frames, *, as_of: pd.Timestamp) -> pd.DataFrame:
    """Which teams does each issue and pull request belong to?

    A pull request is its author's team's. An issue is a team's when one of its members had been assigned to it by
    `as_of`, or created it while nobody had been assigned. Returns one row per pair: item (id), team (name).
    """
    assigned = frames.issue_events[_is_assignment(frames.issue_events, as_of)]
    nobodys = frames.issues[~keys.is_in(frames.issues["id"], assigned["issue"])]
    parts = [
        (assigned["issue"], assigned["new"]),
        (nobodys["id"], nobodys["author"]),
        (frames.pull_requests["id"], frames.pull_requests["author"]),
    ]
    pairs = pd.concat([pd.DataFrame({"item": item.to_numpy(), "account": who.astype("str")}) for item, who in parts])
    found = pairs.drop_duplicates().merge(_account_teams(frames), on="account")
    return found[["item", "team"]].astype({"item": "str"}).drop_duplicates(ignore_index=True)


def _account_teams(frames: Frames) -> pd.DataFrame:
    """One row per account and team (name) of the person behind it."""
    text = {"team": "str", "person": "str"}
    names = frames.teams[["id", "name"]].astype("str").set_axis(["team", "team_name"], axis=1)
    accounts = frames.accounts[["id", "person"]].astype("str").rename(columns={"id": "account"}).dropna()
    found = frames.team_members.astype(text).merge(names, on="team").merge(accounts, on="person")
    return found[["account", "team_name"]].rename(columns={"team_name": "team"})


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


def _is_assignment(events: pd.DataFrame, as_of: pd.Timestamp) -> pd.Series:
    return (events["field"] == "assignee") & events["new"].notna() & (events["at"] <= as_of)


def _where(table: pd.DataFrame, column: str, values: tuple[str, ...]) -> pd.DataFrame:
    return table[table[column].isin(values)].reset_index(drop=True)


def with_items(frames: F, issues: pd.DataFrame, pull_requests: pd.DataFrame) -> F:
    """Keep the given items and what hangs on them."""
    parents = {"issue": issues["id"], "pull_request": pull_requests["id"]}
    kept = {
        name: getattr(frames, name)[keys.is_in(getattr(frames, name)[parent], parents[parent])].reset_index(drop=True)
        for parent, names in CHILDREN.items()
        for name in names
    }
    items = {"issues": issues.reset_index(drop=True), "pull_requests": pull_requests.reset_index(drop=True)}
    return replace(frames, **items, **kept)
