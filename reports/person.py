"""One person's own page, for themselves and those who lead them: what waits for them, what they hold, what is ahead.

There is nobody to compare with on it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

import charts.reviews as draw_reviews
import charts.workload as draw
from fairlead.access import VisibleFrames
from fairlead.scope import Scope, members
from metrics import reviews, terms, workload
from reports import privacy, words
from reports.clock import both, elapsed
from reports.names import by_week, named
from reports.panel import Headline, Panel, Report
from reports.workload import Measured, measure

QUESTION = "What waits for this person, what do they hold, and have they time for it?"


@dataclass(frozen=True)
class One:
    """One person of what has been measured; none where `id` is missing."""

    measured: Measured
    id: str | None

    def of(self, table: pd.DataFrame, column: str = "person") -> pd.DataFrame:
        """Their rows of a table."""
        return table[table[column] == self.id].reset_index(drop=True)


def choices(measured: Measured, scope: Scope) -> Mapping[str, str]:
    """Who can be looked at closely, name → id, in the order of names."""
    frames = measured.frames
    seen = members(frames, scope)
    ids = seen[seen.isin(frames.closely)].sort_values(ignore_index=True)
    return dict(sorted(zip(named(frames, ids), ids, strict=True)))


def report(frames: VisibleFrames, scope: Scope) -> Report:
    """Of the first who may be seen."""
    measured = measure(frames, scope)
    return report_of(measured, scope, person=next(iter(choices(measured, scope).values()), None))


def report_of(measured: Measured, scope: Scope, *, person: str | None) -> Report:
    """Requests that wait for them, what they hold and how far it is, their weeks; nothing of anybody else."""
    one = One(measured, person if person in measured.frames.closely else None)
    return Report(
        key="person",
        title="One person",
        question=QUESTION,
        headlines=_headlines(one),
        panels=(_waiting(one, scope), _held(one, scope), _wip(one, scope), _rounds(one, scope)),
    )


def _headlines(one: One) -> tuple[Headline, ...]:
    loads = one.of(one.measured.loads)
    load = loads.iloc[0] if len(loads) and one.measured.is_told else None
    waiting = one.of(one.measured.asked.waiting, "asked_person")
    held = one.of(one.measured.held)
    return (
        Headline(
            label="Load ahead",
            value=words.UNKNOWN if load is None or pd.isna(load["ratio"]) else words.times(float(load["ratio"])),
            help=terms.LOAD_RATIO.meaning,
            delta=""
            if load is None
            else f"{words.number(load['load_hours'])} h in {words.number(load['capacity_hours'])} h",
        ),
        Headline(label="Reviews owed", value=_number(one, len(waiting)), help=terms.OPEN_REQUESTS.meaning),
        Headline(
            label="Has in progress",
            value=_number(one, int(held["is_active"].sum())),
            help=terms.WIP.meaning,
            delta="" if one.id is None else f"{int((~held['is_active']).sum())} assigned, not started",
        ),
    )


def _number(one: One, n: int) -> str:
    """Of nobody there is no number, not none."""
    return words.UNKNOWN if one.id is None else words.number(n)


def _waiting(one: One, scope: Scope) -> Panel:
    waiting = one.of(one.measured.asked.waiting, "asked_person")
    table = waiting.assign(wait_days=waiting["wait_hours"] / elapsed().day_hours)
    table = table[["url", "key", "title", "wait_working_hours", "wait_days", "requested_at", "project"]]
    return Panel(
        key="owed",
        title="Reviews that wait for them",
        takeaway=f"The longest is {waiting['key'].iloc[0]}, since {both(waiting.iloc[0], scope)}."
        if len(waiting)
        else "",
        table=table,
        note=f"n = {words.count(len(table), 'request')} at {scope.last_day}, longest first.",
        empty=_empty(one, "No review waits for them."),
        terms=(terms.OPEN_REQUESTS, terms.WORKING_HOURS),
        links=("url",),
        wide=True,
    )


def _held(one: One, scope: Scope) -> Panel:
    held, left = one.of(one.measured.held), one.of(one.measured.parts)
    effort = one.measured.remaining.set_index("issue")[["spent_hours", "remaining_hours"]]
    table = held.join(effort, on="issue").rename(columns={"is_active": "is_in_progress"})
    columns = ["url", "key", "title", "is_in_progress", "age_days", "spent_hours", "remaining_hours", "project"]
    return Panel(
        key="held",
        title="What they hold",
        takeaway=f"{words.count(int(table['is_in_progress'].sum()), 'item')} in progress{_ahead(one, left)}.",
        table=table[columns],
        note=f"n = {words.count(len(table), 'item')} at {scope.last_day}, the oldest first. Hours are of working time; "
        "what is expected is what items like it have taken.",
        empty=_empty(one, "They hold nothing."),
        terms=(terms.EXPECTED_REMAINING, terms.WORK_ITEM_AGE),
        links=("url",),
        wide=True,
    )


def _ahead(one: One, left: pd.DataFrame) -> str:
    """How much time what is in progress will take, where that can be told at all."""
    hours = float(left.loc[left["is_active"], "hours"].sum())
    return f", expected to take another {words.number(hours)} h of their working time" if one.measured.is_told else ""


def _wip(one: One, scope: Scope) -> Panel:
    weekly = workload.weekly_wip(one.of(one.measured.assignments), weeks=scope.weeks, as_of=scope.as_of)
    table = by_week(one.measured.frames, weekly, "wip")
    return Panel(
        key="wip",
        title="In progress, week by week",
        takeaway=f"{words.number(float(table['wip'].mean()), 1)} items on average." if len(table) else "",
        figure=draw.wip_bars(table),
        table=table,
        note=f"Average of each of {words.count(len(scope.weeks), 'week')} of seven days up to {scope.last_day}.",
        empty=_empty(one, "They had nothing in progress in this window."),
        terms=(terms.WIP,),
    )


def _rounds(one: One, scope: Scope) -> Panel:
    frames = one.measured.frames
    rounds = reviews.weekly_rounds(
        frames.reviews, frames.comments, frames.pull_requests, frames.accounts, weeks=scope.weeks, as_of=scope.as_of
    )
    table = by_week(frames, one.of(rounds), "n_rounds")
    return Panel(
        key="rounds",
        title="Review rounds, week by week",
        takeaway=f"{words.number(float(table['n_rounds'].mean()), 1)} rounds a week on average." if len(table) else "",
        figure=draw_reviews.rounds_bars(table),
        table=table,
        note=f"Each of {words.count(len(scope.weeks), 'week')} of seven days up to {scope.last_day}.",
        empty=_empty(one, "They reviewed nothing in this window."),
        terms=(terms.ROUNDS,),
    )


def _empty(one: One, says: str) -> str:
    return says if one.id is not None else privacy.FOR_LEADS
