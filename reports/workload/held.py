"""Panels on what is held now: by whom, since when, by somebody who is away, by nobody."""

import pandas as pd

import charts.workload as draw
from fairlead.access import VisibleFrames
from fairlead.scope import Scope, members
from metrics import terms, workload
from reports import privacy, words
from reports.names import by_week, facts, named
from reports.panel import Headline, Panel
from reports.workload.measured import Measured

STALE_DAYS = 14
MANY = 2.0
"""So many times what is typical stands out."""


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
    table = privacy.closely(measured.frames, measured.people).drop(columns="person")
    return Panel(
        key="held",
        title="Who holds what now",
        takeaway=_held_words(table),
        figure=draw.held_bars(table),
        table=table,
        note=f"n = {words.count(len(measured.held), 'assignment')} of {words.count(len(table), 'person', 'people')} at "
        f"{scope.last_day}, in the order of names. A shared item counts for each holder. Bots and deleted users hold "
        "nothing here.",
        empty=privacy.empty(measured.frames, "Nobody holds an issue or owes a review."),
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


def ages_panel(measured: Measured, scope: Scope) -> Panel:
    """How long what is in progress has been so."""
    active = measured.held[measured.held["is_active"]]
    seen = privacy.closely(measured.frames, active)
    table = _by_name(seen)[["name", "key", "title", "age_days", "days_since_change", "project", "url"]]
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
        empty=privacy.empty(measured.frames, "Nothing that anybody holds is in progress."),
        terms=(terms.WORK_ITEM_AGE,),
        links=("url",),
    )


def absent_panel(measured: Measured, scope: Scope) -> Panel:
    """What is held by somebody who is away or has left."""
    columns = ["name", "away_until", "has_left", "key", "title", "is_active", "age_days", "url"]
    renamed = {"away_until": "away_until_on", "is_active": "is_in_progress"}
    table = _by_name(privacy.closely(measured.frames, measured.absent))[columns].rename(columns=renamed)
    started = int(table["is_in_progress"].sum())
    return Panel(
        key="absent",
        title="Held by somebody who is away",
        takeaway=f"{words.count(len(table), 'item')} {words.agree(len(table), 'waits', 'wait')} for somebody who is "
        f"not there, {started} of them started. "
        "Hand over, or say that this waits.",
        table=table,
        note=f"n = {len(table)}. Away on {scope.last_day} in the person's own time zone, or left.",
        empty=privacy.empty(measured.frames, "Nothing is held by somebody who is away."),
        links=("url",),
    )


def urgent_panel(measured: Measured) -> Panel:
    """What is urgent and nobody's."""
    table = measured.urgent[["key", "title", "priority", "age_days", "project", "url"]]
    return Panel(
        key="urgent",
        title="Urgent and nobody's",
        takeaway=f"{words.count(len(table), 'open issue')} of the highest priority without an assignee. Who takes it?",
        table=table,
        note=f"n = {len(table)}. Highest priority by name: {', '.join(workload.URGENT)}.",
        empty="Every urgent issue has somebody who holds it.",
        links=("url",),
    )


def _left_out(frames: VisibleFrames, scope: Scope) -> dict[str, int]:
    """Assignments up to now that nobody's figures count, of all teams: what → how many."""
    found = workload.left_out(frames.issue_events, frames.accounts, as_of=scope.as_of)
    return dict(zip(found["what"], found["n"], strict=True))


def over_time_panel(measured: Measured, scope: Scope) -> Panel:
    """What each person had in progress, week by week."""
    frames = measured.frames
    table = workload.weekly_wip(measured.assignments, weeks=scope.weeks, as_of=scope.as_of)
    table = table[table["person"].isin(members(frames, scope))] if scope.teams else table
    table = privacy.closely(frames, table)
    table = by_week(frames, table[table.groupby("person")["wip"].transform("max") > 0], "wip")
    return Panel(
        key="over-time",
        title="Has it been like this for long?",
        takeaway=_heavy_words(table),
        figure=draw.wip_heat(table),
        table=table,
        note=f"Average items in progress in each of {words.count(len(scope.weeks), 'week')} of seven days up to "
        f"{scope.last_day}; a shared item is split among its holders. Replayed from the history of assignments. "
        f"In the order of names. {words.left_out(_left_out(frames, scope))}",
        empty=privacy.empty(frames, "Nobody had anything in progress in this window."),
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


def items_panel(measured: Measured) -> Panel:
    """Everything that is held, item by item, with what is expected to be left of it."""
    left = measured.remaining.set_index("issue")[["spent_hours", "remaining_hours"]]
    owed = measured.parts.set_index(["person", "issue"])["hours"].rename("load_hours")
    table = (
        _by_name(privacy.closely(measured.frames, measured.held))
        .join(left, on="issue")
        .join(owed, on=["person", "issue"])
    )
    columns = [
        "name", "key", "title", "is_active", "age_days", "days_since_change", "spent_hours", "remaining_hours",
        "load_hours", "priority", "is_shared", "url",
    ]  # fmt: skip
    table = table[columns]
    return Panel(
        key="items",
        title="Everything that is held",
        takeaway="By name, oldest first: the list for a conversation.",
        table=table.rename(columns={"is_active": "is_in_progress"}),
        note=f"n = {words.count(len(table), 'assignment')}. Age counts from the first start of work; load is "
        "this holder's part of what is expected to be left, where it is in progress or due within two weeks.",
        empty=privacy.empty(measured.frames, "Nobody holds an issue."),
        terms=(terms.WIP, terms.WORK_ITEM_AGE),
        links=("url",),
        wide=True,
        style="folded",
    )


def history_panel(measured: Measured, scope: Scope) -> Panel:
    """Every assignment of the window, from when to when."""
    frames = measured.frames
    found = measured.assignments
    is_seen = (found["end_at"].isna() | (found["end_at"] > scope.start)) & found["person"].isin(members(frames, scope))
    found = privacy.closely(frames, found[is_seen])
    shown = facts(frames.issues, found["issue"], ["url", "key", "title", "project"])
    table = pd.concat([found, shown], axis=1).assign(name=named(frames, found["person"]))
    table = table.rename(columns={"is_active": "is_in_progress"}).sort_values(["name", "start_at", "key"])
    columns = ["url", "name", "key", "is_in_progress", "start_at", "end_at", "title", "project"]
    return Panel(
        key="every-assignment",
        title="Every assignment",
        takeaway="Those that work in progress by week and projects at once are counted from.",
        table=table.reset_index(drop=True)[columns],
        note=f"n = {words.count(len(table), 'stretch', 'stretches')} in which somebody held an item, since "
        f"{scope.first_day}; without an end it is held now.",
        empty=privacy.empty(frames, "Nobody held an issue in this window."),
        terms=(terms.WIP,),
        links=("url",),
        wide=True,
        style="folded",
    )


def _by_name(rows: pd.DataFrame) -> pd.DataFrame:
    """In the order of names, each person's oldest item first."""
    return rows.sort_values(["name", "age_days", "key"], ascending=[True, False, True], ignore_index=True)
