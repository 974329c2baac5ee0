"""The workload report: who holds what, since when, and what nobody present holds."""

from dataclasses import dataclass

import pandas as pd

import charts.workload as draw
from fairlead.access import VisibleFrames
from fairlead.scope import Scope, in_projects, members, of_teams
from metrics import terms, workload
from metrics.workload.held import URGENT
from reports import reviews, words
from reports.names import named
from reports.panel import Headline, Panel, Report

QUESTION = "Who holds how much, since when, and which work should move?"
STALE_DAYS = 14
MANY = 2.0
"""So many times what is typical stands out."""
WEEK = pd.Timedelta(days=7)


@dataclass(frozen=True)
class Measured:
    """What the panels share: everybody's assignments, and what those of the chosen teams' members come to."""

    assignments: pd.DataFrame
    held: pd.DataFrame
    absent: pd.DataFrame
    urgent: pd.DataFrame
    people: pd.DataFrame


def report(frames: VisibleFrames, scope: Scope) -> Report:
    """What each person holds, how that moved, how old it is, and what should move."""
    chosen = in_projects(frames, scope)
    measured = measure(chosen, scope)
    return Report(
        key="workload",
        title="Workload",
        question=QUESTION,
        headlines=headlines(measured),
        panels=(
            held_panel(measured, scope),
            _ages(measured, scope),
            _absent(measured, scope),
            _urgent(measured),
            _over_time(chosen, measured, scope),
            _items(measured),
        ),
    )


def measure(frames: VisibleFrames, scope: Scope, *, asked: reviews.Measured | None = None) -> Measured:
    """All that the report and the overview need, for the members of the chosen teams.

    `asked` are the reviews where they have been measured already.
    """
    everybody = workload.assignments(frames.issues, frames.issue_events, frames.accounts, as_of=scope.as_of)
    of_theirs = of_teams(frames, scope)
    urgent = workload.unassigned_urgent(of_theirs.issues, of_theirs.issue_events, everybody, as_of=scope.as_of)
    theirs = everybody[everybody["person"].isin(members(frames, scope))] if scope.teams else everybody
    held = workload.items_held(theirs, frames.issues, frames.issue_events, as_of=scope.as_of)
    held = held.assign(name=named(frames, held["person"]))
    return Measured(
        assignments=everybody,
        held=held,
        absent=workload.held_by_absent(held, frames.people, frames.time_off, as_of=scope.as_of),
        urgent=urgent,
        people=_per_person(frames, held, asked or reviews.measure(frames, scope)),
    )


def _per_person(frames: VisibleFrames, held: pd.DataFrame, asked: reviews.Measured) -> pd.DataFrame:
    """One row per person who holds anything, by name: name, n_in_progress, n_not_started, n_reviews_owed."""
    owed = asked.waiting["asked_person"].dropna()
    parts = {
        "n_in_progress": held.loc[held["is_active"], "person"],
        "n_not_started": held.loc[~held["is_active"], "person"],
        "n_reviews_owed": owed,
    }
    counts = pd.DataFrame({column: people.value_counts() for column, people in parts.items()}).fillna(0).astype("int64")
    ids = pd.Series(counts.index, dtype="str")
    return (
        counts.reset_index(drop=True)
        .assign(name=named(frames, ids))
        .sort_values("name", ignore_index=True)[["name", *parts]]
    )


def headlines(measured: Measured) -> tuple[Headline, ...]:
    """How much is in progress, and what does not move."""
    active = measured.held[measured.held["is_active"]]
    stale = int((active["days_since_change"] > STALE_DAYS).sum())
    per_person = active.groupby("person").size()
    return (
        Headline(
            label="In progress",
            value=words.number(active["issue"].nunique()),
            help=terms.WIP.meaning,
            delta=f"held by {words.count(active['person'].nunique(), 'person', 'people')}",
        ),
        Headline(
            label="Most with one person",
            value=words.number(per_person.max() if len(per_person) else 0),
            help="The largest number of items in progress that one person holds. More than three means switching.",
            delta=f"half hold {words.number(per_person.median())} or fewer" if len(per_person) else "",
        ),
        Headline(
            label="Idle for two weeks",
            value=words.number(stale),
            help=f"Items in progress without any change for more than {STALE_DAYS} days.",
        ),
        Headline(
            label="Held while away",
            value=words.number(measured.absent["issue"].nunique()),
            help="Unfinished items whose holder is on leave today or has left.",
        ),
    )


def held_panel(measured: Measured, scope: Scope) -> Panel:
    """What each person holds now."""
    table = measured.people
    return Panel(
        key="held",
        title="Who holds what now",
        takeaway=_held_words(table),
        figure=draw.held_bars(table),
        table=table,
        note=f"n = {words.count(len(measured.held), 'assignment')} of {words.count(len(table), 'person', 'people')} at "
        f"{scope.last_day}, in the order of names. A shared item counts for each holder. Bots and deleted users hold "
        "nothing here.",
        empty="Nobody holds an issue or owes a review.",
        terms=(terms.WIP, terms.OPEN_REQUESTS),
    )


def _held_words(table: pd.DataFrame) -> str:
    """Name whoever has clearly more in progress than what is typical, nobody otherwise."""
    active = table.set_index("name")["n_in_progress"]
    if not active.any():
        return "Nothing is in progress."
    most = words.count(int(active.max()), "item")
    half = f"half of those with work in progress have {words.number(typical(active))} or fewer"
    fullest = active[stands_out(active) & (active == active.max())].index
    if fullest.empty:
        return f"Nobody stands out, with {most} in progress at most; {half}."
    who = f"{fullest[0]} has" if len(fullest) == 1 else f"{len(fullest)} people each have"
    return f"{who} {most} in progress; {half}. Ask what could move."


def typical(load: pd.Series) -> float:
    """The median of those who carry anything; NaN where nobody does."""
    return float(load[load > 0].median())


def stands_out(load: pd.Series) -> pd.Series:
    """Who carries clearly more than what is typical."""
    return load > MANY * typical(load)


def _ages(measured: Measured, scope: Scope) -> Panel:
    active = measured.held[measured.held["is_active"]]
    table = _by_name(active)[["name", "key", "title", "age_days", "days_since_change", "project", "url"]]
    oldest = table.nlargest(1, "age_days")
    return Panel(
        key="ages",
        title="How long they have held it",
        takeaway=f"The oldest is {oldest['key'].iloc[0]}, in progress for {words.days(oldest['age_days'].iloc[0])}."
        if len(oldest)
        else "Nothing is in progress.",
        figure=draw.age_dots(table),
        table=table,
        note=f"n = {words.count(len(table), 'dot')}, one per item in progress at {scope.last_day} and holder.",
        empty="Nothing that anybody holds is in progress.",
        terms=(terms.WORK_ITEM_AGE,),
        links=("url",),
    )


def _absent(measured: Measured, scope: Scope) -> Panel:
    columns = ["name", "away_until", "has_left", "key", "title", "is_active", "age_days", "url"]
    renamed = {"away_until": "away_until_on", "is_active": "is_in_progress"}
    table = _by_name(measured.absent)[columns].rename(columns=renamed)
    started = int(table["is_in_progress"].sum())
    return Panel(
        key="absent",
        title="Held by somebody who is away",
        takeaway=f"{words.count(len(table), 'item')} {words.agree(len(table), 'waits', 'wait')} for somebody who is "
        f"not there, {started} of them started. "
        "Hand over, or say that this waits.",
        table=table,
        note=f"n = {len(table)}. Away on {scope.last_day} in the person's own time zone, or left.",
        empty="Nothing is held by somebody who is away.",
        links=("url",),
    )


def _urgent(measured: Measured) -> Panel:
    table = measured.urgent[["key", "title", "priority", "age_days", "project", "url"]]
    return Panel(
        key="urgent",
        title="Urgent and nobody's",
        takeaway=f"{words.count(len(table), 'open issue')} of the highest priority without an assignee. Who takes it?",
        table=table,
        note=f"n = {len(table)}. Highest priority by name: {', '.join(URGENT)}.",
        empty="Every urgent issue has somebody who holds it.",
        links=("url",),
    )


def _left_out(frames: VisibleFrames, scope: Scope) -> dict[str, int]:
    """Assignments up to now that nobody's figures count, of all teams: what → how many."""
    found = workload.left_out(frames.issue_events, frames.accounts, as_of=scope.as_of)
    return dict(zip(found["what"], found["n"], strict=True))


def _over_time(frames: VisibleFrames, measured: Measured, scope: Scope) -> Panel:
    weeks = pd.date_range(end=scope.as_of, periods=max(scope.window_days // 7, 1) + 1, freq="7D").as_unit("us")[:-1]
    table = workload.weekly_wip(measured.assignments, weeks=weeks, as_of=scope.as_of)
    table = table[table["person"].isin(members(frames, scope))] if scope.teams else table
    table = table.assign(
        name=named(frames, table["person"]), week_on=table["week_at"].dt.tz_localize(None).dt.normalize()
    )
    busy = table.groupby("name")["wip"].transform("max") > 0
    table = table.loc[busy, ["name", "week_on", "wip"]].sort_values(["name", "week_on"], ignore_index=True)
    return Panel(
        key="over-time",
        title="Has it been like this for long?",
        takeaway=_heavy_words(table),
        figure=draw.wip_heat(table),
        table=table,
        note=f"Average items in progress in each of {words.count(len(weeks), 'week')} of seven days up to "
        f"{scope.last_day}; a shared item is split among its holders. Replayed from the history of assignments. "
        f"In the order of names. {words.left_out(_left_out(frames, scope))}",
        empty="Nobody had anything in progress in this window.",
        terms=(terms.WIP,),
        wide=True,
    )


def _heavy_words(table: pd.DataFrame) -> str:
    """Name whoever has carried clearly more than what is typical for a month, nobody otherwise."""
    last = table[table["week_on"].isin(sorted(table["week_on"].unique())[-4:])]
    month = last.groupby("name")["wip"].mean()
    if not month.any():
        return "Nobody had anything in progress in the last four weeks."
    half = f"half of those who held any held {words.number(typical(month), 1)} or fewer"
    most = f"{words.number(month.max(), 1)} items on average"
    if not stands_out(month).any():
        return f"Over the last four weeks nobody stood out, with {most} at most; {half}."
    return f"Over the last four weeks {month.idxmax()} held {most}; {half}."


def _items(measured: Measured) -> Panel:
    columns = ["name", "key", "title", "is_active", "age_days", "days_since_change", "priority", "is_shared", "url"]
    table = _by_name(measured.held)[columns]
    return Panel(
        key="items",
        title="Everything that is held",
        takeaway="By name, oldest first: the list for a conversation.",
        table=table.rename(columns={"is_active": "is_in_progress"}),
        note=f"n = {words.count(len(table), 'assignment')}. Age counts from the first start of work.",
        empty="Nobody holds an issue.",
        terms=(terms.WIP, terms.WORK_ITEM_AGE),
        links=("url",),
        wide=True,
        style="folded",
    )


def _by_name(rows: pd.DataFrame) -> pd.DataFrame:
    """In the order of names, each person's oldest item first."""
    return rows.sort_values(["name", "age_days", "key"], ascending=[True, False, True], ignore_index=True)
