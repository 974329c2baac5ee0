"""What the milestone reports share: where milestones stand, where they are heading, and how far to believe it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd

from fairlead import keys
from fairlead.access import VisibleFrames
from fairlead.frames import Frames
from fairlead.scope import Scope, of_teams
from metrics import forecast, milestones
from reports.calibrating import told
from reports.names import named
from reports.records import Record, records

EARLIER = pd.Timedelta(weeks=4)
"""Forecasts are compared with those of four weeks before."""
QUICK = forecast.Futures(trials=2_000)
"""Enough for a date to compare with."""


@dataclass(frozen=True)
class Measured:
    """Milestones of the chosen teams and projects as known at `as_of`, what was in them when, and where they head.

    `members`, `history` and `past` are of all milestones there are, whatever is chosen and whoever looks: neither may
    change what is forecast. They hold no text of those that may not be seen.
    """

    frames: VisibleFrames
    known: pd.DataFrame
    members: pd.DataFrame
    stays: pd.DataFrame
    summary: pd.DataFrame
    said: pd.DataFrame
    history: forecast.History
    past: pd.DataFrame
    portfolio: pd.DataFrame

    @property
    def open(self) -> pd.DataFrame:
        """The open ones, soonest due first, those without a date last."""
        rows = self.summary[self.summary["state"] == "open"]
        return rows.sort_values(["due_on", "title"], na_position="last", ignore_index=True)

    @property
    def titles(self) -> pd.Series:
        """What each milestone is called, by id."""
        return told_apart(self.known).set_axis(self.known["id"].astype("str"))


@dataclass(frozen=True)
class One:
    """One milestone of what has been measured; none where `id` is missing."""

    measured: Measured
    scope: Scope
    id: str | None

    @cached_property
    def now(self) -> Record:
        """Where it stands: its row of the summary."""
        return _record(self.measured.summary, self.id)

    @cached_property
    def ahead(self) -> Record:
        """Where it is heading: its row of the portfolio; empty where it is closed, or nothing is left to do."""
        found = _record(self.measured.portfolio, self.id)
        return found if found and found["remaining"] else {}

    @property
    def title(self) -> str:
        """What it is called."""
        return str(self.now.get("title", "no milestone"))

    def of(self, table: pd.DataFrame, column: str = "milestone") -> pd.DataFrame:
        """Its rows of a table."""
        return table[table[column] == self.id].reset_index(drop=True)


def measure(frames: VisibleFrames, scope: Scope) -> Measured:
    """All that reports on milestones need, for those that hold, or held, an item of the chosen teams."""
    as_of, basis = scope.as_of, frames.forecast_on
    known, members, stays = milestones.replayed(basis, as_of=as_of)
    history = forecast.replayed(known, stays, basis.milestone_changes, as_of=as_of)
    past = _past(basis, as_of)
    history = replace(history, learned=forecast.said(past))
    known = known[keys.is_in(known["id"], frames.milestones["id"])].reset_index(drop=True)
    chosen = known[_is_chosen(known, members, frames, scope)].reset_index(drop=True)
    summary = milestones.summary(chosen, stays, basis.milestone_changes, as_of=as_of)
    summary = summary.assign(
        owner_name=named(frames, summary["owner"]), choice=summary["milestone"].map(_choices(known)).astype("str")
    )
    return Measured(
        frames=frames,
        known=chosen,
        members=members,
        stays=stays[keys.is_in(stays["milestone"], chosen["id"])].reset_index(drop=True),
        summary=summary,
        said=milestones.due_dates(frames.milestone_changes, as_of=as_of),
        history=history,
        past=past,
        portfolio=_portfolio(summary, history, as_of),
    )


def _past(frames: Frames, as_of: pd.Timestamp) -> pd.DataFrame:
    """Past forecasts as they could be judged then, and no later than when they were: what ended since is not known."""
    made_at = frames.past_forecasts["calibrated_at"].min()
    judged_at = as_of if pd.isna(made_at) else min(as_of, made_at)
    return forecast.known_by(told(frames.past_forecasts), as_of=judged_at)


def _portfolio(summary: pd.DataFrame, history: forecast.History, as_of: pd.Timestamp) -> pd.DataFrame:
    among = summary.loc[summary["state"] == "open", "milestone"]
    now = forecast.forecasts(history, as_of=as_of, among=among)
    before = forecast.forecasts(history, as_of=as_of - EARLIER, among=among)
    found = forecast.portfolio(summary, now, before)
    names = summary.set_index("milestone")[["owner_name", "choice"]]
    return found.join(names, on="milestone")


def _is_chosen(known: pd.DataFrame, members: pd.DataFrame, frames: VisibleFrames, scope: Scope) -> pd.Series:
    chosen = known["project"].isin(scope.projects) if scope.projects else pd.Series(True, index=known.index)
    if not scope.teams:
        return chosen
    theirs = of_teams(frames, scope)
    is_theirs = keys.is_in(members["item"], theirs.issues["id"]) | keys.is_in(
        members["item"], theirs.pull_requests["id"]
    )
    return chosen & keys.is_in(known["id"], members.loc[is_theirs, "milestone"])


def choices(measured: Measured, _: Scope) -> Mapping[str, str]:
    """The milestones to look at closely, label → id: who needs somebody first, at last closed ones that held items."""
    rows = measured.summary[(measured.summary["scope"] > 0) | (measured.summary["state"] == "open")]
    rows = rows.set_index("milestone")
    closed = rows[rows["state"] == "closed"].sort_values("closed_at", ascending=False)
    first = [each for each in measured.portfolio["milestone"] if each in rows.index]
    listed = rows.loc[[*first, *closed.index]].reset_index()
    return dict(zip(listed["choice"], listed["milestone"], strict=True))


def _choices(known: pd.DataFrame) -> pd.Series:
    """By what each milestone is chosen and stands in addresses, by id; no two alike, whatever is filtered."""
    label = known["title"].astype("str") + " · " + known["project"].astype("str")
    label = label.where(~label.duplicated(keep=False), label + " · " + known["id"].astype("str"))
    return label.set_axis(known["id"].astype("str"))


def told_apart(rows: pd.DataFrame) -> pd.Series:
    """Titles; with the project where several milestones share one, as `v1.0` in several repositories."""
    title = rows["title"].astype("str")
    return title.where(~title.duplicated(keep=False), title + " · " + rows["project"].astype("str"))


def _record(rows: pd.DataFrame, milestone: str | None) -> Record:
    found = records(rows[rows["milestone"] == milestone])
    return found[0] if found else {}
