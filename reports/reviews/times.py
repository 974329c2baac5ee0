"""Panels on waiting times: of requests, of pull requests until somebody's first word, and of changes stage by stage."""

import math

import pandas as pd

import charts.reviews as draw
from fairlead.scope import Scope
from metrics import reviews, survival, terms
from reports import words
from reports.clock import Clock, clocks, elapsed, working
from reports.panel import Panel
from reports.records import records
from reports.reviews.measured import Measured

NOW, BEFORE = "This window", "Window before"


def requests_panel(measured: Measured, scope: Scope) -> Panel:
    """How long review requests wait, this window and the one before."""
    window = measured.window
    now = times(window, clocks(scope)[0])
    waiting, never = int(now["n_waiting"]), int((~window["is_answered"] & (window["ended_by"] != "waiting")).sum())
    table = _curves(window, measured.before, scope)
    return Panel(
        key="waiting-time",
        title="How long requests wait",
        takeaway=_in_words(window, "request", scope),
        figure=draw.waiting_curve(_leading(table, scope), unit=clocks(scope)[0].unit, days=clocks(scope)[0].day_hours),
        table=table,
        note=f"n = {words.count(int(now['n']), 'request')} since {scope.first_day}. {_still_wait(waiting)}, "
        f"{never} ended unanswered: they count as waiting at least that long (Kaplan–Meier). Drafts do not wait. "
        f"{_as_agreed(window, scope)} {words.left_out(measured.left_out)}",
        empty="No review was requested in this window or the one before.",
        terms=(terms.TIME_TO_FIRST_RESPONSE, terms.WORKING_HOURS, terms.ANSWERED_AS_AGREED),
    )


def _as_agreed(window: pd.DataFrame, scope: Scope) -> str:
    """What became of requests within the agreed time: answered, or merged without an answer."""
    found = agreed(window, scope)
    if found["status"] != "ok" or math.isnan(found["share_answered_within"]):
        return ""
    within = f"{words.number(scope.agreements.answer_within_hours)} working hours"
    mean = working(scope).says(found["restricted_mean_hours"])
    return (
        f"Within {within} {words.share(found['share_answered_within'])} had an answer and "
        f"{words.share(found['share_ended_within'])} had been merged or closed without one. "
        f"{_three_in_four(found, scope)}Cut off at five working days they wait {mean} on average."
    )


def _three_in_four(found: pd.Series, scope: Scope) -> str:
    is_reached = not math.isinf(found["p75_hours"])
    return f"Three in four are answered within {working(scope).says(found['p75_hours'])}. " if is_reached else ""


def times(spells: pd.DataFrame, clock: Clock) -> pd.Series:
    """How long answers take on one clock."""
    day = clock.day_hours
    return reviews.response_times(spells, hours=clock.column, within=day, horizon=clock.horizon).iloc[0]


def agreed(spells: pd.DataFrame, scope: Scope) -> pd.Series:
    """How many are answered within the agreed working hours."""
    clock, within = working(scope), scope.agreements.answer_within_hours
    return reviews.response_times(spells, hours=clock.column, within=within, horizon=clock.horizon).iloc[0]


def first_words_panel(measured: Measured, scope: Scope) -> Panel:
    """How long pull requests wait for the first word of somebody else, this window and the one before."""
    window = measured.first_words
    now = times(window, clocks(scope)[0])
    table = _curves(window, measured.first_words_before, scope)
    return Panel(
        key="first-answer",
        title="How long until somebody answers",
        takeaway=_in_words(window, "pull request", scope),
        figure=draw.waiting_curve(_leading(table, scope), unit=clocks(scope)[0].unit, days=clocks(scope)[0].day_hours),
        table=table,
        note=f"n = {words.count(int(now['n']), 'pull request')} of people since {scope.first_day}, asked for "
        f"review or not. {_still_wait(int(now['n_waiting']))}, counted as waiting that long at least. The clock starts "
        "when open and ready; nobody in particular is waited for, so working hours are the usual ones.",
        empty="No pull request was opened in this window or the one before.",
        terms=(terms.TIME_TO_FIRST_RESPONSE, terms.WORKING_HOURS),
    )


def _still_wait(n: int) -> str:
    return f"{n} still {words.agree(n, 'waits', 'wait')}"


def _curves(window: pd.DataFrame, before: pd.DataFrame, scope: Scope) -> pd.DataFrame:
    """One row per period, clock and duration: period, clock, wait_hours, still_waiting_share, n_at_risk, n_events."""
    parts = [
        _curve(rows, clock).assign(period=period, clock=clock.name)
        for clock in clocks(scope)
        for period, rows in ((NOW, window), (BEFORE, before))
    ]
    curves = pd.concat(parts, ignore_index=True).rename(
        columns={"time": "wait_hours", "survival": "still_waiting_share"}
    )
    return curves[["period", "clock", "wait_hours", "still_waiting_share", "n_at_risk", "n_events"]].astype(
        {"period": "str", "clock": "str"}
    )


def _curve(waits: pd.DataFrame, clock: Clock) -> pd.DataFrame:
    started = waits[waits["clock_started_at"].notna()]
    return survival.kaplan_meier(started[clock.column], started["is_answered"])


def _leading(curves: pd.DataFrame, scope: Scope) -> pd.DataFrame:
    return curves[curves["clock"] == clocks(scope)[0].name]


def _in_words(window: pd.DataFrame, what: str, scope: Scope) -> str:
    """Half and nine in ten, as far as they are known, on both clocks."""
    first, second = clocks(scope)
    now, other = times(window, first), times(window, second)
    asked = words.count(int(now["n"]), what)
    if math.isnan(now["median_hours"]):
        return f"{asked} in this window: too few to say how long they take."
    if math.isinf(now["median_hours"]):
        return f"Fewer than half of {asked} have been answered so far."
    half = f"Half of {asked} were answered within {_both(now, other, 'median_hours', scope)}"
    if math.isinf(now["p90_hours"]):
        return f"{half}; fewer than nine in ten have been so far."
    return f"{half}, nine in ten within {_both(now, other, 'p90_hours', scope)}."


def _both(now: pd.Series, other: pd.Series, column: str, scope: Scope) -> str:
    first, second = clocks(scope)
    return f"{first.says(now[column])} ({second.says(other[column])})"


def stages_panel(measured: Measured, scope: Scope) -> Panel:
    """At which stage people's changes wait: coding, pickup, review, merge."""
    found = measured.stages
    table = _stage_table(found, scope).head(len(found))
    return Panel(
        key="stages",
        title="At which stage changes wait",
        takeaway=_stage_words(table, scope),
        figure=draw.stage_bars(_leading_stages(table, scope), unit=clocks(scope)[0].unit),
        table=table,
        note=f"n = {words.count(found['pull_request'].nunique(), 'pull request')} of people, worked on since "
        f"{scope.first_day}; those under way count in their stage as taking that long at least (Kaplan–Meier). "
        "Working hours are the author's.",
        empty="No pull request was worked on in this window.",
        terms=(terms.STAGES, terms.WORKING_HOURS),
    )


def _stage_table(found: pd.DataFrame, scope: Scope) -> pd.DataFrame:
    """One row per stage, in their order, with half and nine in ten on both clocks."""
    parts = [
        reviews.stage_times(found, hours=_stage_column(clock))
        .set_index("stage")
        .rename(columns={"median_hours": f"half_{clock.name}_hours", "p90_hours": f"nine_in_ten_{clock.name}_hours"})
        for clock in (elapsed(), working(scope))
    ]
    counts = parts[0][["n", "n_waiting"]]
    quantiles = [part.filter(regex=r"^(half|nine)") for part in parts]
    return pd.concat([counts, *quantiles], axis=1).reset_index()


def _leading_stages(table: pd.DataFrame, scope: Scope) -> pd.DataFrame:
    name = clocks(scope)[0].name
    return table.rename(columns={f"half_{name}_hours": "half_hours", f"nine_in_ten_{name}_hours": "nine_in_ten_hours"})


def _stage_column(clock: Clock) -> str:
    return clock.column.removeprefix("wait_")


def _stage_words(table: pd.DataFrame, scope: Scope) -> str:
    """The stage that takes longest, on both clocks."""
    first, second = clocks(scope)
    known = table[table[f"half_{first.name}_hours"].notna()]
    if known.empty:
        return "Too few changes in this window to say where they wait."
    longest = records(known.nlargest(1, f"half_{first.name}_hours"))[0]
    half, other = (clock.says(longest[f"half_{clock.name}_hours"]) for clock in (first, second))
    waiting = int(longest["n_waiting"])
    taken = f"half need {half} ({other}) or more"
    if math.isinf(longest[f"half_{first.name}_hours"]):
        taken = f"fewer than half of {int(longest['n'])} have got past it so far"
    return (
        f"{STAGE_WORDS[longest['stage']]} takes longest: {taken}; "
        f"{words.count(waiting, 'change')} {words.agree(waiting, 'is', 'are')} in it now."
    )


STAGE_WORDS = {
    "coding": "Coding",
    "pickup": "Waiting for the first answer",
    "review": "Going back and forth in review",
    "merge": "Merging after approval",
}
