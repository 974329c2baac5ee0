"""The milestones report: how far each one is, how it grew, what became of its date, and what is left."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

import charts.milestones as draw
from fairlead import keys
from fairlead.access import VisibleFrames
from fairlead.scope import Scope, in_projects, of_teams
from metrics import milestones, terms
from reports import due_dates, remaining, words
from reports.names import named
from reports.panel import Headline, Panel, Report

QUESTION = "Which milestones drift, since when, and what is left to do in them?"
INSTANT = pd.Timedelta(microseconds=1)
GREW = 0.25
COLUMNS = (
    "title", "kind", "project", "status", "owner_name", "due_on", "days_to_due", "scope", "done", "remaining",
    "added_after", "removed_after", "growth_share", "n_due_changes", "net_slip_days", "idle_days", "url",
)  # fmt: skip
STATUS_WORDS = {
    "closed": "closed with work left",
    "empty": "empty",
    "done": "done",
    "no_due_date": "no due date",
    "overdue": "overdue",
    "due_soon": "due soon",
    "open": "on its way",
}


@dataclass(frozen=True)
class Measured:
    """What the panels share: milestones as known at `as_of`, who was in them when, and where they stand."""

    known: pd.DataFrame
    stays: pd.DataFrame
    summary: pd.DataFrame
    said: pd.DataFrame

    @property
    def open(self) -> pd.DataFrame:
        """The open ones, soonest due first, those without a date last."""
        rows = self.summary[self.summary["state"] == "open"]
        return rows.sort_values(["due_on", "title"], na_position="last", ignore_index=True)


def measure(frames: VisibleFrames, scope: Scope) -> Measured:
    """All that the report and the overview need, for milestones that hold, or held, an item of the chosen teams."""
    as_of = scope.as_of
    known = milestones.as_known(frames.milestones, frames.milestone_changes, as_of=as_of)
    members = milestones.membership(frames.milestones, frames.issue_events, frames.pull_request_events, as_of=as_of)
    known = known[_is_of_teams(known, members, frames, scope)].reset_index(drop=True)
    members = members[keys.is_in(members["milestone"], known["id"])].reset_index(drop=True)
    stays = milestones.stays(
        members, frames.issue_events, frames.pull_requests, frames.pull_request_events, as_of=as_of
    )
    summary = milestones.summary(known, stays, frames.milestone_changes, as_of=as_of)
    said = milestones.due_dates(frames.milestone_changes, as_of=as_of)
    return Measured(known, stays, summary.assign(owner_name=named(frames, summary["owner"])), said)


def _is_of_teams(known: pd.DataFrame, members: pd.DataFrame, frames: VisibleFrames, scope: Scope) -> pd.Series:
    if not scope.teams:
        return pd.Series(True, index=known.index)
    theirs = of_teams(frames, scope)
    is_theirs = keys.is_in(members["item"], theirs.issues["id"]) | keys.is_in(
        members["item"], theirs.pull_requests["id"]
    )
    return pd.Series(keys.is_in(known["id"], members.loc[is_theirs, "milestone"]), index=known.index)


def choices(frames: VisibleFrames, scope: Scope) -> Mapping[str, str]:
    """The milestones to look at closely, label → id: open ones that hold work first, soonest due first."""
    return _choices(measure(in_projects(frames, scope), scope))


def _choices(measured: Measured) -> Mapping[str, str]:
    rows = measured.summary
    rows = rows[rows["scope"] > 0].assign(is_closed=rows["state"] == "closed")
    open_, closed = rows[~rows["is_closed"]], rows[rows["is_closed"]]
    listed = pd.concat([open_.sort_values(["due_on", "title"]), closed.sort_values("closed_at", ascending=False)])
    label = listed["title"] + " · " + listed["project"]
    label = label.where(~label.duplicated(keep=False), label + " · " + listed["milestone"])
    return dict(zip(label, listed["milestone"], strict=True))


def _told_apart(rows: pd.DataFrame) -> pd.Series:
    """Titles; with the project where several milestones share one, as `v1.0` in several repositories."""
    title = rows["title"].astype("str")
    return title.where(~title.duplicated(keep=False), title + " · " + rows["project"].astype("str"))


def _titles(measured: Measured) -> pd.Series:
    """What each milestone is called, by id."""
    return _told_apart(measured.known).set_axis(measured.known["id"].astype("str"))


def report(frames: VisibleFrames, scope: Scope, *, milestone: str | None = None) -> Report:
    """All open milestones, and one of them closely (default: the open one that is due soonest)."""
    chosen = in_projects(frames, scope)
    measured = measure(chosen, scope)
    milestone = milestone or next(iter(_choices(measured).values()), None)
    return Report(
        key="milestones",
        title="Milestones",
        question=QUESTION,
        headlines=headlines(measured),
        panels=(
            open_panel(measured, scope),
            _burn_up(measured, scope, milestone),
            remaining.panel(chosen, _left(measured, milestone), scope, title=_title(measured, milestone)),
            due_dates.panel(chosen, measured.said, _titles(measured), scope),
            _everything(measured, scope),
        ),
    )


def headlines(measured: Measured) -> tuple[Headline, ...]:
    """Counts of open milestones by what is wrong with them."""
    rows = measured.open
    overdue = rows[rows["status"] == "overdue"]
    grew = rows[rows["growth_share"] >= GREW]
    moved = rows[rows["n_due_changes"].fillna(0) > 0]
    return (
        Headline(
            label="Open milestones",
            value=words.number(len(rows)),
            help=terms.SCOPE.meaning,
            delta=f"{words.count(int(rows['remaining'].sum()), 'item')} left",
        ),
        Headline(
            label="Overdue",
            value=words.number(len(overdue)),
            help="Open with work left, after the due date.",
            delta=f"up to {words.days(-overdue['days_to_due'].min())} late" if len(overdue) else "",
        ),
        Headline(
            label="Due date moved",
            value=words.number(len(moved)),
            help=terms.SLIP.meaning,
            delta=due_dates.farthest(moved["net_slip_days"]) if len(moved) else "as far as observed",
        ),
        Headline(
            label="Grew ≥ 25 %",
            value=words.number(len(grew)),
            help=terms.SCOPE_GROWTH.meaning,
        ),
        Headline(
            label="No owner or date",
            value=words.number(int((rows["is_unowned"] | rows["due_on"].isna()).sum())),
            help="Nobody answers for a milestone without an owner, and nobody can be late without a date.",
        ),
    )


def open_panel(measured: Measured, scope: Scope) -> Panel:
    """Every open milestone: how far, and when due."""
    rows = measured.open
    drawn = rows[rows["scope"] > 0]
    due_words = pd.Series([_due_words(row) for row in drawn.to_dict("records")], drawn.index, dtype="str")
    drawn = drawn.assign(title=_told_apart(drawn), due_words=due_words)
    overdue = int((rows["status"] == "overdue").sum())
    soon = int((rows["status"] == "due_soon").sum())
    hollow = int((rows["scope"] == 0).sum())
    return Panel(
        key="open",
        title="Open milestones",
        takeaway=f"{overdue} of {words.count(len(rows), 'open milestone')} {words.agree(overdue, 'is', 'are')} "
        f"overdue, {soon} due within two weeks. A forecast is not part of this view.",
        figure=draw.progress_bars(drawn),
        table=_table(rows),
        note=f"n = {len(rows)} open at {scope.last_day}; {hollow} without items {words.agree(hollow, 'is', 'are')} not "
        "drawn. Items are issues and pull requests; those closed as not planned are out of scope.",
        empty="No milestone, version or epic is open in this scope.",
        terms=(terms.SCOPE, terms.SLIP, terms.SCOPE_GROWTH),
        links=("url",),
        wide=True,
    )


def _due_words(row: Mapping[Hashable, Any]) -> str:
    due_on, days = row["due_on"], row["days_to_due"]
    if not isinstance(due_on, pd.Timestamp) or not isinstance(days, float):
        return "no due date"
    when = f"{words.count(int(-days), 'day')} late" if days < 0 else f"in {words.count(int(days), 'day')}"
    return f"due {due_on:%d %b %Y}, {when}"


def _table(rows: pd.DataFrame) -> pd.DataFrame:
    table = rows[list(COLUMNS)].rename(columns={"owner_name": "owner"})
    return table.assign(status=table["status"].map(STATUS_WORDS).astype("str"))


def _one(measured: Measured, milestone: str | None) -> dict[str, object]:
    """The summary row of the milestone, as a plain record; empty where there is none."""
    rows = measured.summary[measured.summary["milestone"] == milestone].to_dict("records")
    return {str(name): value for name, value in rows[0].items()} if rows else {}


def _title(measured: Measured, milestone: str | None) -> str:
    return str(_one(measured, milestone).get("title", "no milestone"))


def _left(measured: Measured, milestone: str | None) -> pd.DataFrame:
    """The stays of the milestone's items that are neither done nor dropped."""
    rows = measured.stays[(measured.stays["milestone"] == milestone) & measured.stays["end_at"].isna()]
    return rows[rows["state"].isin(["todo", "active"])]


def _burn_up(measured: Measured, scope: Scope, milestone: str | None) -> Panel:
    row = _one(measured, milestone)
    known = measured.known[measured.known["id"] == milestone].reset_index(drop=True)
    daily = milestones.burn_up(known, measured.stays, as_of=scope.as_of).drop(columns="milestone")
    said = measured.said.loc[measured.said["milestone"] == milestone, "due_on"]
    due_on = row.get("due_on")
    due = due_on if isinstance(due_on, pd.Timestamp) else None
    return Panel(
        key="burn-up",
        title=f"Burn-up: {_title(measured, milestone)}",
        takeaway=_burn_up_words(row),
        figure=draw.burn_up(daily, due_on=due, dues_before=[day for day in said.unique() if day != due]),
        table=daily,
        note=f"n = {words.count(len(daily), 'day')}, counted at day's end (UTC), replayed from events: who "
        "was in when. "
        + (
            "Due dates as observed by Fairlead or its source."
            if row.get("due_is_observed")
            else "The due date is today's: its earlier history was not observed."
        ),
        empty="Choose a milestone that holds items.",
        terms=(terms.SCOPE, terms.SCOPE_GROWTH),
    )


COMMITTED_BY = {
    "start_on": "its planned start",
    "first_work": "the first day of work",
    "planned_window": "a tenth of its planned time",
}


def _burn_up_words(row: Mapping[str, object]) -> str:
    if not row:
        return ""
    done = f"{row['done']} of {_items(row['scope'])} {words.agree(int(str(row['done'])), 'is', 'are')} done."
    rule = COMMITTED_BY.get(str(row["commitment_rule"]))
    if rule is None or row["added_after"] is pd.NA:
        return f"{done} When its scope was settled is not known."
    # The scope is settled at the end of that day, which is the first instant of the next.
    return (
        f"{done} Since {rule} ({_day_before(row['committed_at'])}) scope went from {row['committed']} to "
        f"{_items(row['scope'])}: {row['added_after']} added, {row['removed_after']} removed."
    )


def _items(n: object) -> str:
    return words.count(int(str(n)), "item")


def _day_before(instant: object) -> str:
    return f"{instant - INSTANT:%d %b %Y}" if isinstance(instant, pd.Timestamp) else words.UNKNOWN


def _everything(measured: Measured, scope: Scope) -> Panel:
    rows = measured.summary.sort_values(["state", "due_on", "title"], ascending=[False, False, True], ignore_index=True)
    closed = rows[rows["state"] == "closed"]
    dated = closed[closed["days_to_due"].notna()]
    late = int((dated["days_to_due"] - dated["net_slip_days"].fillna(0) < 0).sum())
    return Panel(
        key="all",
        title="All milestones",
        takeaway=f"{late} of {words.count(len(dated), 'closed milestone')} with a due date closed after the "
        "first date that was said."
        if len(dated)
        else "No milestone with a due date has been closed yet.",
        table=_table(rows),
        note=f"n = {len(rows)} known at {scope.last_day}. Closed ones stand as they were at their closing. "
        "Days to due count to the last due date; where earlier ones were not observed, it is taken for the first.",
        empty="No milestone, version or epic is known in this scope.",
        terms=(terms.SCOPE, terms.SLIP, terms.SCOPE_GROWTH),
        links=("url",),
        wide=True,
    )
