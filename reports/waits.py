"""Panels on waiting times: of review requests, and of pull requests until somebody's first word."""

import math

import pandas as pd

import charts.reviews as draw
from fairlead.scope import Scope
from metrics import reviews, survival, terms
from reports import words
from reports.panel import Panel

NOW, BEFORE = "This window", "Window before"


def of_requests(window: pd.DataFrame, before: pd.DataFrame, scope: Scope, *, left_out: dict[str, int]) -> Panel:
    """How long review requests wait, this window and the one before."""
    now = reviews.response_times(window).iloc[0]
    waiting, never = int(now["n_waiting"]), int((~window["is_answered"] & (window["ended_by"] != "waiting")).sum())
    table = _curves(window, before)
    return Panel(
        key="waiting-time",
        title="How long requests wait",
        takeaway=_in_words(now, "request"),
        figure=draw.waiting_curve(table, x="Hours since the request (24 h = one day)"),
        table=_named(table),
        note=f"n = {words.count(int(now['n']), 'request')} since {scope.start:%d %b %Y}. {_still_wait(waiting)}, "
        f"{never} ended unanswered: they count as waiting at least that long (Kaplan–Meier). Elapsed hours; drafts do "
        f"not wait. {words.left_out(left_out)}",
        empty="No review was requested in this window or the one before.",
        terms=(terms.TIME_TO_FIRST_RESPONSE,),
    )


def of_first_words(window: pd.DataFrame, before: pd.DataFrame, scope: Scope) -> Panel:
    """How long pull requests wait for the first word of somebody else, this window and the one before."""
    now = reviews.response_times(window).iloc[0]
    table = _curves(window, before)
    return Panel(
        key="first-answer",
        title="How long until somebody answers",
        takeaway=_in_words(now, "pull request"),
        figure=draw.waiting_curve(table, x="Hours open and ready (24 h = one day)"),
        table=_named(table),
        note=f"n = {words.count(int(now['n']), 'pull request')} of people since {scope.start:%d %b %Y}, asked for "
        f"review or not. {_still_wait(int(now['n_waiting']))}, counted as waiting that long at least. The clock starts "
        "when open and ready.",
        empty="No pull request was opened in this window or the one before.",
        terms=(terms.TIME_TO_FIRST_RESPONSE,),
    )


def _still_wait(n: int) -> str:
    return f"{n} still {words.agree(n, 'waits', 'wait')}"


def _curves(window: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame:
    """One row per period and duration: period, time (hours), survival (0–1), n_at_risk, n_events."""
    parts = [_curve(rows).assign(period=period) for period, rows in ((NOW, window), (BEFORE, before))]
    return pd.concat(parts, ignore_index=True)[["period", "time", "survival", "n_at_risk", "n_events"]]


def _curve(waits: pd.DataFrame) -> pd.DataFrame:
    started = waits[waits["clock_started_at"].notna()]
    return survival.kaplan_meier(started["wait_hours"], started["is_answered"])


def _named(curves: pd.DataFrame) -> pd.DataFrame:
    return curves.rename(columns={"time": "wait_hours", "survival": "still_waiting_share"})


def _in_words(now: pd.Series, what: str) -> str:
    """Half and nine in ten, as far as they are known."""
    asked = words.count(int(now["n"]), what)
    if math.isnan(now["median_hours"]):
        return f"{asked} in this window: too few to say how long they take."
    if math.isinf(now["median_hours"]):
        return f"Fewer than half of {asked} have been answered so far."
    half = f"Half of {asked} were answered within {words.hours(now['median_hours'])}"
    if math.isinf(now["p90_hours"]):
        return f"{half}; fewer than nine in ten have been so far."
    return f"{half}, nine in ten within {words.hours(now['p90_hours'])}."
