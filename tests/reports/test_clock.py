"""Both clocks side by side: how waits are told, and what the one that leads decides."""

import math

import pandas as pd
import pytest

from fairlead.agreements import Agreements, WorkingTime
from fairlead.scope import Scope
from reports import clock, reviews
from tests.metrics.build import day, happened, pull_request
from tests.reports.test_small import AS_OF, CY, asked, panel, seen
from tests.reports.worlds import panels_of

WORKING = Scope(AS_OF, agreements=Agreements(hours="working"))
ELAPSED = Scope(AS_OF)


def of_days(start, end):
    return Scope(AS_OF, working_time=WorkingTime(day_start=start, day_end=end))


@pytest.mark.parametrize(
    ("hours", "says"),
    [
        (0.0, "0 h"),
        (0.04, "under 0.1 h"),
        (0.4, "0.4 h"),
        (5.0, "5 h"),
        (23.4, "23 h"),
        (23.6, "1 day"),
        (24.0, "1 day"),
        (36.0, "1.5 days"),
        (240.0, "10 days"),
        (math.inf, "never"),
        (math.nan, "–"),
    ],
)
def test_elapsed_hours_are_told_in_hours_within_a_day_and_in_days_beyond(hours, says):
    assert clock.elapsed().says(hours) == says


@pytest.mark.parametrize(
    ("hours", "says"),
    [
        (0.0, "0 working h"),
        (0.04, "under 0.1 working h"),
        (0.4, "0.4 working h"),
        (5.0, "5 working h"),
        (8.0, "8 working h"),
        (23.0, "23 working h"),
        (24.0, "3.0 working days"),  # of eight hours
        (84.0, "10 working days"),
        (math.inf, "never"),
        (math.nan, "–"),
    ],
)
def test_working_hours_say_that_they_are(hours, says):
    assert clock.working(ELAPSED).says(hours) == says


@pytest.mark.parametrize(
    ("start", "end", "says"),
    [
        ("09:00", "17:00", "4.0 working days"),
        ("08:30", "16:00", "4.3 working days"),
        ("00:00", "24:00", "1.3 working days"),
    ],
)
def test_a_working_day_is_as_long_as_the_usual_one(start, end, says):
    assert clock.working(of_days(start, end)).says(32) == says


def test_five_days_are_the_horizon_of_either_clock():
    assert clock.elapsed().horizon == 5 * 24
    assert clock.working(of_days("08:30", "16:00")).horizon == 5 * 7.5


def test_the_agreed_clock_leads_and_the_other_stands_beside_it():
    wait = pd.Series({"wait_hours": 14.0, "wait_working_hours": 5.0})
    assert clock.both(wait, ELAPSED) == "14 h (5 working h)"
    assert clock.both(wait, WORKING) == "5 working h (14 h)"
    assert [each.name for each in clock.clocks(ELAPSED)] == ["elapsed", "working"]
    assert [each.name for each in clock.clocks(WORKING)] == ["working", "elapsed"]


@pytest.mark.parametrize(
    ("scope", "keys"), [(ELAPSED, ["fri", "mon"]), (WORKING, ["mon", "fri"])], ids=["wall", "work"]
)
def test_the_leading_clock_puts_what_waits_in_order(scope, keys):
    """Asked on Friday at 14:00, but Bo took Monday off: 3 + 3 × 8 = 27 working hours; Cy has waited 4 × 8 = 32."""
    tables = CY | {
        "pull_requests": [pull_request("fri", author="a"), pull_request("mon", author="a")],
        "pull_request_events": [
            happened("fri", "2026-06-05 14:00", "review_requested", "b"),
            happened("mon", "2026-06-08 09:00", "review_requested", "c"),
        ],
        "time_off": [{"person": "p:b", "start_on": day("2026-06-08"), "end_on": day("2026-06-08")}],
    }
    table = panel(reviews.report(seen(**tables), scope), "waiting-now").table
    assert table["key"].tolist() == keys
    assert table.set_index("key")["wait_working_hours"].to_dict() == {"fri": 27, "mon": 32}


@pytest.mark.parametrize(
    ("scope", "says"),
    [
        (
            ELAPSED,
            "Half of 20 requests were answered within 17 h (1 working h), nine in ten within 17 h (1 working h).",
        ),
        (
            WORKING,
            "Half of 20 requests were answered within 1 working h (17 h), nine in ten within 1 working h (17 h).",
        ),
    ],
    ids=["elapsed", "working"],
)
def test_a_wait_over_night_is_short_on_the_clock_of_work(scope, says):
    """Asked on Monday at 16:30, answered on Tuesday at 09:30: half an hour of each day."""
    tables = asked(20, 20)
    for row in tables["pull_request_events"]:
        row["at"] = "2026-06-01 16:30"
    for row in tables["reviews"]:
        row["at"] = "2026-06-02 09:30"
    shown = panel(reviews.report(seen(**tables), scope), "waiting-time")
    assert shown.takeaway == says


def test_the_curve_is_drawn_on_the_leading_clock_and_its_table_has_both():
    for scope, unit, hours in ((ELAPSED, "24 h = one day", 24), (WORKING, "8 working h = one day", 8)):
        shown = panel(reviews.report(seen(**asked(20, 20)), scope), "waiting-time")
        assert unit in shown.figure.layout.xaxis.title.text
        assert shown.figure.layout.xaxis.dtick == hours
        assert set(shown.table["clock"]) == {"elapsed", "working"}


def test_the_headline_is_told_on_the_leading_clock_and_helps_with_the_other():
    for scope, value, other in ((ELAPSED, "1 h", "1 working h"), (WORKING, "1 working h", "1 h")):
        headline = reviews.report(seen(**asked(20, 20)), scope).headlines[0]
        assert headline.value == value
        assert f"On the other clock: {other}." in headline.help


def test_the_clock_changes_which_wait_is_first_but_not_what_is_counted():
    for key in (("reviews", "waiting-now"), ("reviews", "waiting-for"), ("reviews", "stages"), ("workload", "held")):
        elapsed, working = (panels_of(world)[key].table for world in ("sample", "working hours"))
        assert len(elapsed) == len(working)
        assert list(elapsed) == list(working)
