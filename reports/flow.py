"""The flow report: is work moving, is it getting slower, and what is stuck?"""

import math
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

import charts.flow as draw
from fairlead.access import VisibleFrames
from fairlead.scope import Scope, in_projects, of_teams, teams_of_items
from metrics import flow, terms
from metrics.bulk import bulk_close_days
from reports import words
from reports.before import Before, before_of
from reports.panel import Headline, Panel, Report

QUESTION = "Is work moving, is it getting slower, and what is stuck?"
UNITS = {"Issues": "issues", "Pull requests": "pull_requests"}
TREND_DAYS = 365
MOST_LINES = 6
MUCH = 0.05
"""Smaller changes, as a share of what was, are not worth a word."""


@dataclass(frozen=True)
class Measured:
    """What the panels share: the items of one unit and what was measured on them."""

    noun: str
    items: pd.DataFrame
    spans: pd.DataFrame
    timed: pd.DataFrame
    before: pd.DataFrame
    sle_days: float
    compared: Before


def units(frames: VisibleFrames, scope: Scope) -> Mapping[str, str]:
    """What can be counted as an item, the busier one first."""
    chosen = of_teams(in_projects(frames, scope), scope)
    first = _busier(chosen)
    return dict(sorted(UNITS.items(), key=lambda unit: unit[1] != first))


def _busier(chosen: VisibleFrames) -> str:
    return "issues" if len(chosen.issues) >= len(chosen.pull_requests) else "pull_requests"


def measure(frames: VisibleFrames, scope: Scope) -> Measured:
    """What the panels share, of the busier unit."""
    chosen = of_teams(in_projects(frames, scope), scope)
    return _measured(chosen, scope, _busier(chosen))


def report(frames: VisibleFrames, scope: Scope, *, unit: str | None = None) -> Report:
    """Cycle time, throughput, work in progress and its age, of issues or of pull requests (default: the busier)."""
    chosen = of_teams(in_projects(frames, scope), scope)
    measured = _measured(chosen, scope, unit or _busier(chosen))
    return Report(
        key="flow",
        title="Flow",
        question=QUESTION,
        headlines=_headlines(measured, scope),
        panels=(
            _cycle_times(measured, scope),
            _trend(chosen, measured, scope),
            throughput_panel(measured, scope),
            _wip(measured, scope),
            _ageing(measured, scope),
        ),
    )


def _measured(frames: VisibleFrames, scope: Scope, unit: str) -> Measured:
    items = _items(frames, scope, unit)
    timed = flow.cycle_times(items, start=scope.start, as_of=scope.as_of)
    before = flow.cycle_times(items, start=scope.previous_start, as_of=scope.start)
    spans = (
        flow.issue_spans(frames.issue_events, as_of=scope.as_of)
        if unit == "issues"
        else flow.pull_request_spans(frames.pull_requests, frames.pull_request_events, as_of=scope.as_of)
    )
    noun = "issue" if unit == "issues" else "pull request"
    sle_days = flow.service_level(timed["cycle_days"])
    return Measured(noun, items, spans, timed, before, sle_days, before_of(frames, scope))


def _items(frames: VisibleFrames, scope: Scope, unit: str) -> pd.DataFrame:
    if unit == "issues":
        return flow.issue_items(frames.issues, frames.issue_events, as_of=scope.as_of)
    return flow.pull_request_items(frames.pull_requests, frames.pull_request_events, as_of=scope.as_of)


def _headlines(measured: Measured, scope: Scope) -> tuple[Headline, ...]:
    median, median_before = (flow.service_level(rows["cycle_days"], 0.5) for rows in (measured.timed, measured.before))
    sle_before = flow.service_level(measured.before["cycle_days"])
    finished, finished_before = (
        flow.throughput(measured.items, start=start, as_of=end)["n_finished"].mean()
        for start, end in ((scope.start, scope.as_of), (scope.previous_start, scope.start))
    )
    aged = flow.ageing(measured.items, as_of=scope.as_of, sle_days=measured.sle_days)
    compared = measured.compared
    return (
        Headline(
            label="Half finish within",
            value=words.days(median),
            help=compared.help(terms.CYCLE_TIME.meaning),
            delta=compared.change(median, median_before, "days"),
            delta_color="inverse",
        ),
        Headline(
            label="85 % finish within",
            value=words.days(measured.sle_days),
            help=compared.help(terms.SLE.meaning),
            delta=compared.change(measured.sle_days, sle_before, "days"),
            delta_color="inverse",
        ),
        Headline(
            label="Finished per week",
            value=words.number(finished, 1),
            help=compared.help(terms.THROUGHPUT.meaning),
            delta=compared.change(finished, finished_before),
            delta_color="normal",
        ),
        Headline(
            label="In progress now",
            value=words.number(len(aged)),
            help=terms.WIP.meaning,
            delta=f"{int(aged['is_over_sle'].sum())} older than the 85 % line",
        ),
    )


def _cycle_times(measured: Measured, scope: Scope) -> Panel:
    left_out = flow.unknown_starts(measured.items, start=scope.start, as_of=scope.as_of)
    n = len(measured.timed)
    slowest = measured.timed.nlargest(1, "cycle_days")
    return Panel(
        key="cycle-time",
        title="How long work takes",
        takeaway=f"85 % of {words.count(n, measured.noun)} finished within {words.days(measured.sle_days)}"
        + (f"; the slowest, {slowest['key'].iloc[0]}, took {words.days(slowest['cycle_days'].iloc[0])}." if n else "."),
        figure=draw.cycle_time_scatter(measured.timed, sle_days=measured.sle_days),
        table=measured.timed.drop(columns=["item", "is_wip"]),
        note=f"n = {n}, finished {scope.first_day} to {scope.last_day}. "
        f"Left out: {words.count(left_out, measured.noun)} that went straight to done (start unknown).",
        empty=f"No {measured.noun} with a known start was finished in this window. Try a longer one.",
        terms=(terms.CYCLE_TIME, terms.SLE),
        links=("url",),
    )


def _trend(frames: VisibleFrames, measured: Measured, scope: Scope) -> Panel:
    table = _monthly(frames, measured.items, scope)
    return Panel(
        key="cycle-time-trend",
        title="Is it getting slower?",
        takeaway=_trend_words(flow.quarter_moves(table, as_of=scope.as_of)),
        figure=draw.cycle_time_trend(table[table["team"].isin(_busiest(table))]),
        table=table,
        note=f"n = {int(table['n_items'].sum())}, twelve months, whatever the window, by month of finish (UTC). A "
        f"month with few items moves a lot: see n in the table. The busiest {MOST_LINES} teams are drawn.",
        empty="Nothing was finished in the last twelve months.",
        terms=(terms.CYCLE_TIME, terms.SLE),
    )


def _monthly(frames: VisibleFrames, items: pd.DataFrame, scope: Scope) -> pd.DataFrame:
    """Cycle time by team and month; everybody as one team where no teams are known."""
    timed = flow.cycle_times(items, start=replace(scope, window_days=TREND_DAYS).start, as_of=scope.as_of)
    teams = teams_of_items(frames, as_of=scope.as_of)
    teams = teams[teams["team"].isin(scope.teams)] if scope.teams else teams
    by_team = timed.merge(teams, on="item") if len(frames.teams) else timed.assign(team="Everybody")
    return flow.monthly_cycle_times(by_team, by=("team",))


def _busiest(monthly: pd.DataFrame) -> pd.Index:
    return monthly.groupby("team")["n_items"].sum().nlargest(MOST_LINES).index


def _trend_words(moves: pd.DataFrame) -> str:
    """Name the team that got most slower, and the one that got most quicker, over the last quarter."""
    if moves.empty:
        return "Less than six months of finished work: too early to speak of a trend."
    change = moves["change_days"]
    much = moves[(change != 0) & (change.abs() >= MUCH * moves["before_days"])]
    slower = much[much["change_days"] > 0].nlargest(1, "change_days")
    quicker = much[much["change_days"] < 0].nsmallest(1, "change_days")
    said = [_move_words(row) for row in pd.concat([slower, quicker]).to_dict("records")] or ["no team moved much"]
    return f"Last quarter against the one before, a typical month's 85 % line: {'; '.join(said)}."


def _move_words(row: Mapping[Hashable, Any]) -> str:
    direction = "slower" if row["change_days"] > 0 else "quicker"
    return f"{row['team']} got {direction}, {words.days(row['before_days'])} → {words.days(row['now_days'])}"


def throughput_panel(measured: Measured, scope: Scope) -> Panel:
    """How much was finished, week by week."""
    weekly = flow.throughput(measured.items, start=scope.start, as_of=scope.as_of)
    weekly = weekly if len(measured.items) else weekly.head(0)
    quiet = int((weekly["n_finished"] == 0).sum())
    mean = weekly["n_finished"].mean()
    return Panel(
        key="throughput",
        title="How much gets finished",
        takeaway=f"{words.number(mean, 1)} {measured.noun}s a week on average, between "
        f"{words.number(weekly['n_finished'].min())} and {words.number(weekly['n_finished'].max())}; "
        f"{words.count(quiet, 'week')} with none.",
        figure=draw.throughput_bars(weekly),
        table=weekly,
        note=f"n = {int(weekly['n_finished'].sum())} in {words.count(len(weekly), 'whole ISO week')} (UTC). "
        f"The running week is no sample and is left out.{_bulk(measured, scope)}",
        empty="No whole week lies in this window. Try a longer one."
        if len(measured.items)
        else f"No {measured.noun} is known in this scope.",
        terms=(terms.THROUGHPUT,),
    )


def _bulk(measured: Measured, scope: Scope) -> str:
    """A word of caution where whole backlogs were closed within a day."""
    daily = flow.daily_finishes(measured.items, start=scope.start, as_of=scope.as_of)
    n = int(bulk_close_days(daily).is_bulk.sum())
    days = words.count(n, "day")
    return f" On {days} far more was closed than usual (an import, a sweep?); it is counted." if n else ""


def _wip(measured: Measured, scope: Scope) -> Panel:
    daily = flow.wip_over_time(measured.spans, start=scope.start, as_of=scope.as_of)
    first, last = int(daily["n_open"].iloc[0]), int(daily["n_open"].iloc[-1])
    moved = f"{'grew' if last > first else 'fell'} from {first} to {last} over the window"
    daily = daily if daily["n_open"].any() else daily.head(0)
    return Panel(
        key="wip",
        title="How much is in progress",
        takeaway=f"Work in progress {moved if last != first else f'is {last}, as when the window began'}. "
        "The more is in progress, the longer each item takes.",
        figure=draw.wip_line(daily),
        table=daily,
        note=f"Counted at {words.count(len(daily), 'instant')}, one a day. Started and not finished, blocked or not.",
        empty="Nothing was in progress in this window.",
        terms=(terms.WIP,),
    )


def _ageing(measured: Measured, scope: Scope) -> Panel:
    aged = flow.ageing(measured.items, as_of=scope.as_of, sle_days=measured.sle_days)
    shown = aged.drop(columns=["item", "finished_at", "is_wip"])
    return Panel(
        key="ageing",
        title="What is stuck",
        takeaway=_ageing_words(aged, measured),
        figure=draw.ageing_bars(aged, sle_days=measured.sle_days),
        table=shown,
        note=f"n = {len(aged)} in progress at {scope.last_day}; the 25 oldest are drawn, the table has all.",
        empty=f"No {measured.noun} is in progress.",
        terms=(terms.WORK_ITEM_AGE, terms.SLE),
        links=("url",),
        wide=True,
    )


def _ageing_words(aged: pd.DataFrame, measured: Measured) -> str:
    in_progress = f"{words.count(len(aged), measured.noun)} in progress"
    if math.isnan(measured.sle_days):
        return f"{in_progress}. Nothing was finished in this window that their age could be compared with."
    over = int(aged["is_over_sle"].sum())
    return (
        f"{over} of {in_progress} {words.agree(over, 'is', 'are')} older than {words.days(measured.sle_days)}, "
        "the age that 85 % of finished ones never reached. Ask about these first."
    )
