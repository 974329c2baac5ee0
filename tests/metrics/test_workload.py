"""Workload: who held what when, from history, with shared items split."""

import math

import pandas as pd
import pytest

from metrics import workload
from tests.metrics import build
from tests.metrics.build import added, day, frame, moved, utc
from tests.metrics.workload_world import ACCOUNTS, AS_OF, DAY, START, assignments, held, held_now, history, nth


def averages(found, start=START, as_of=AS_OF):
    """Over one stretch of time, which for this purpose is a week."""
    return workload.weekly_wip(found, weeks=pd.DatetimeIndex([start]).as_unit("us"), as_of=as_of)


def average(*events, as_of=AS_OF, **more):
    found = averages(assignments(history(*events, **more), as_of), as_of=as_of)
    return found.set_index("person")["wip"].round(9).to_dict()


def only(table):
    assert len(table) == 1
    return table.iloc[0]


def test_average_wip_is_area_over_time():
    # of seven days (1 to 8): 4 + 5 + 1 days held, with hand-overs at the same instant
    what = history(held("1", "ann", 1, 5), held("2", "ann", 3, 8), held("3", "ann", 5, 6), items=("1", "2", "3"))
    found = averages(assignments(what), START + 1 * DAY, START + 8 * DAY)
    assert only(found)["wip"] == pytest.approx(10 / 7)
    at = pd.DatetimeIndex([START + 5 * DAY]).as_unit("us")
    assert workload.wip_over_time(assignments(what), at=at)["wip"].tolist() == [2]


def test_a_shared_item_is_split():
    assert average(held("1", "ann", 0), held("1", "bob", 0)) == {"Ann": 0.5, "Bob": 0.5}


def test_the_one_who_holds_it_now_did_not_hold_it_always():
    assert average(held("1", "ann", 0, 4), held("1", "bob", 4)) == {"Ann": 0.4, "Bob": 0.6}


def test_accounts_of_one_person_are_united_before_counting():
    assert average(held("1", "ann", 0, 6), held("1", "ann-jira", 4, 8)) == {"Ann": 0.8}


def test_an_item_is_shared_only_while_it_is():
    # ann alone for 4 days, both for 4, bob alone for 2
    assert average(held("1", "ann", 0, 8), held("1", "bob", 4)) == {"Ann": 0.6, "Bob": 0.4}


def test_the_split_changes_whenever_the_holders_do():
    # halves for six days, thirds for four
    found = average(held("1", "ann", 0), held("1", "bob", 0), held("1", "cy", 4, 8))
    assert found == pytest.approx({"Ann": 0.433333333, "Bob": 0.433333333, "Cy": 0.133333333})


def test_finished_work_is_not_in_progress_until_it_is_reopened():
    done = [moved("1", nth(2), "done", "active"), moved("1", nth(7), "active", "done")]
    assert average(held("1", "ann", 0), done) == {"Ann": 0.5}


def test_assigned_but_not_started_is_kept_apart():
    what = history(held("1", "ann", 0), [moved("1", nth(6), "active", "todo")], started=False)
    found = only(averages(assignments(what)))
    assert (found["wip"], found["not_started"]) == (0.4, 0.6)


def test_without_any_status_event_an_issue_is_what_it_is_now():
    what = history(held("1", "ann", 0), started=False)
    assert not only(assignments(what))["is_active"]
    active = {**what, "issues": what["issues"].assign(status_category="active")}
    assert only(assignments(active))["is_active"]


def test_bots_and_ghosts_hold_nothing_and_are_counted():
    what = history(held("1", "bot", 0), held("1", "ghost", 0), held("1", "ann", 0))
    assert assignments(what)["person"].tolist() == ["Ann"]
    assert workload.left_out(what["issue_events"], ACCOUNTS, as_of=AS_OF)["n"].tolist() == [1, 1]


def test_nothing_later_than_as_of_is_seen():
    what = history(held("1", "ann", 0, 4), held("1", "bob", 4))
    early = only(assignments(what, as_of=START + 2 * DAY))
    assert early["person"] == "Ann"
    assert pd.isna(early["end_at"])


def test_weeks_have_averages_of_their_own():
    what = history(held("1", "ann", 0, 4), held("1", "bob", 4))
    weeks = pd.DatetimeIndex([START, START + 7 * DAY]).as_unit("us")
    found = workload.weekly_wip(assignments(what), weeks=weeks, as_of=AS_OF)
    assert found["week_at"].tolist() == [START, START, START + 7 * DAY, START + 7 * DAY]
    assert found["person"].tolist() == ["Ann", "Bob", "Ann", "Bob"]
    assert found["wip"].tolist() == pytest.approx([4 / 7, 3 / 7, 0, 1])


def test_nothing_in_nothing_out_with_the_same_columns():
    empty = {"issues": build.empty("issues"), "issue_events": build.empty("issue_events")}
    nothing, something = assignments(empty), assignments(history(held("1", "ann", 0)))
    assert nothing.empty
    assert nothing.dtypes.equals(something.dtypes)
    at = pd.date_range(START, AS_OF, freq="D").as_unit("us")
    for metric, more in (
        (workload.wip_over_time, {"at": at}),
        (workload.weekly_wip, {"weeks": at[:2], "as_of": AS_OF}),
    ):
        assert metric(nothing, **more).empty
        assert metric(nothing, **more).dtypes.equals(metric(something, **more).dtypes)
    none_held = workload.items_held(nothing, **empty, as_of=AS_OF)
    assert none_held.empty
    assert workload.held_by_absent(
        none_held, build.empty("people"), build.empty("time_off"), as_of=AS_OF, zone="UTC"
    ).empty
    assert workload.unassigned_urgent(**empty, assignments=nothing, as_of=AS_OF).empty
    assert workload.weekly_wip(nothing, weeks=at[:0], as_of=AS_OF).empty


def test_what_is_held_now_says_since_when_and_when_it_last_moved():
    what = history(
        held("1", "ann", 1, 3), held("1", "ann", 4), held("1", "bob", 5),
        [moved("1", nth(2), "active", "todo"), added("1", nth(8), "x", "label")], started=False,
    )  # fmt: skip
    found = held_now(what).set_index("person")
    assert found["started_at"].tolist() == [START + 2 * DAY] * 2
    assert found["age_days"].tolist() == [8, 8]
    assert found["assigned_at"].to_dict() == {"Ann": START + 4 * DAY, "Bob": START + 5 * DAY}
    assert found["days_since_change"].tolist() == [2, 2]
    assert found["is_shared"].all()
    assert found["key"].tolist() == ["1", "1"]


def test_what_is_not_started_has_no_age():
    found = only(held_now(history(held("1", "ann", 1), started=False)))
    assert not found["is_active"]
    assert math.isnan(found["age_days"])


def test_the_priority_is_that_of_the_day():
    raised = [{"issue": "1", "at": nth(6), "field": "priority", "old": "Low", "new": "High"}]
    what = history(held("1", "ann", 0), raised)
    what["issues"] = what["issues"].assign(priority="High")
    assert only(held_now(what))["priority"] == "High"
    assert only(held_now(what, START + 3 * DAY))["priority"] == "Low"


def test_items_of_people_who_are_away_or_left():
    what = history(held("1", "ann", 0), held("2", "bob", 0), held("3", "cy", 0), items=("1", "2", "3"))
    people = frame("people", [{"id": "Ann"}, {"id": "Bob", "leave_on": day("2026-06-09")}, {"id": "Cy"}])
    off = [("Ann", "2026-06-08", "2026-06-10"), ("Cy", "2026-06-01", "2026-06-09")]
    time_off = frame("time_off", [{"person": who, "start_on": day(a), "end_on": day(b)} for who, a, b in off])
    found = workload.held_by_absent(held_now(what), people, time_off, as_of=AS_OF, zone="UTC").set_index("person")
    assert found.index.tolist() == ["Ann", "Bob"]
    assert found["away_until"].tolist() == [day("2026-06-10"), pd.NaT]
    assert found["has_left"].tolist() == [False, True]


def test_the_day_is_that_of_the_persons_own_zone():
    what = history(held("1", "ann", 0))
    off = frame("time_off", [{"person": "Ann", "start_on": day("2026-06-12"), "end_on": day("2026-06-12")}])
    evening = utc("2026-06-11 20:00")
    for zone, usual, n in (("Asia/Tokyo", "UTC", 1), ("UTC", "Asia/Tokyo", 0), (None, "Asia/Tokyo", 1)):
        people = frame("people", [{"id": "Ann", "time_zone": zone}])
        found = workload.held_by_absent(held_now(what, evening), people, off, as_of=evening, zone=usual)
        assert len(found) == n


def test_urgent_issues_that_nobody_holds():
    what = history(
        held("2", "ann", 0), held("3", "ann", 0, 5), held("4", "bot", 0), [moved("5", nth(3), "done", "active")],
        items=("1", "2", "3", "4", "5", "6"),
    )  # fmt: skip
    priority = ["Highest", "Highest", "Highest", "BLOCKER", "Highest", "High"]
    what["issues"] = what["issues"].assign(priority=pd.Series(priority, dtype="str"))
    found = workload.unassigned_urgent(**what, assignments=assignments(what), as_of=AS_OF)
    assert found["issue"].tolist() == ["1", "3", "4"]
    assert found["age_days"].tolist() == [10, 10, 10]
