"""Waits in working hours: whose clock, while it runs."""

import pandas as pd
import pytest

from metrics import reviews
from tests.metrics import build
from tests.metrics.build import day, utc
from tests.metrics.review_world import AS_OF, MEMBERS, asked, first_responses, only, review, spells, working, world
from tests.metrics.test_reviews_at_random import plain_loop, random_world, told

NEW_YORK = {"id": "Bob", "time_zone": "America/New_York"}
PLACES = {"Bob": "America/New_York", "Cy": "UTC", "core": "America/New_York"}
"""Where they work; of the team's two zones the first by text counts."""


def waited(*events, calendars=None, as_of=AS_OF, metric=spells, **what):
    """The working hours of each spell."""
    found = metric(*events, as_of=as_of, **what)
    tables = world(*events, **what)
    stretches = reviews.waiting_stretches(found, tables["pull_requests"], tables["pull_request_events"], as_of=as_of)
    return reviews.working_waits(found, stretches, calendars or working(), as_of=as_of)


def test_a_weekend_is_not_waited():
    # Friday 16 to 17, Monday 9 to 10; on the wall it is 66 hours
    week = waited(
        asked("2026-06-12 16:00"), reviewed=[review("2026-06-15 10:00")], as_of=utc("2026-06-16"),
    )  # fmt: skip
    assert week.tolist() == [2]


def test_the_clock_is_that_of_who_is_asked():
    # 12:00 is eight in the morning in New York
    request = [asked("2026-06-08 12:00")], {"reviewed": [review("2026-06-08 14:00")]}
    assert waited(*request[0], **request[1]).tolist() == [2]
    assert waited(*request[0], **request[1], calendars=working(NEW_YORK)).tolist() == [1]


def test_a_team_has_a_clock_of_its_own():
    both = working(NEW_YORK, {"id": "Cy", "time_zone": "America/New_York"})
    answer = {"reviewed": [review("2026-06-08 14:00", "cy")]}
    assert waited(asked("2026-06-08 12:00", "core"), **answer, calendars=both).tolist() == [1]


def test_days_off_are_not_waited():
    away = working({"id": "Bob"}, away=[{"person": "Bob", "start_on": day("2026-06-09"), "end_on": day("2026-06-09")}])
    answer = {"reviewed": [review("2026-06-10 10:00")]}
    assert waited(asked("2026-06-08 16:00"), **answer).tolist() == [1 + 8 + 1]
    assert waited(asked("2026-06-08 16:00"), **answer, calendars=away).tolist() == [1 + 1]


def test_times_as_a_draft_are_not_waited():
    events = [asked("2026-06-08 09:00"), ("2026-06-08 12:00", "draft"), ("2026-06-10 09:00", "ready")]
    assert waited(*events, reviewed=[review("2026-06-10 10:00")]).tolist() == [3 + 1]


def test_who_still_waits_has_waited_until_now():
    assert waited(asked("2026-06-11 15:00"), as_of=utc("2026-06-12 10:00")).tolist() == [2 + 1]


def test_where_the_clock_never_ran_there_is_no_wait_rather_than_one_of_zero():
    assert waited(asked("2026-06-08 09:30"), is_draft=True).isna().all()
    assert waited(asked("2026-06-08 19:00"), reviewed=[review("2026-06-08 20:00")]).tolist() == [0]


def test_a_first_word_is_waited_for_on_the_usual_clock_whoever_says_it():
    # opened at 08:00, said at 14:00
    for calendars in (working(), working(NEW_YORK)):
        words = waited(metric=first_responses, said=[review("2026-06-08 14:00")], calendars=calendars)
        assert words.tolist() == [5]


def test_waits_stay_with_their_spells_whatever_is_left_of_these():
    events = [asked("2026-06-08 09:00"), asked("2026-06-08 10:00", "cy")]
    found, tables = spells(*events), world(*events)
    stretches = reviews.waiting_stretches(found, tables["pull_requests"], tables["pull_request_events"], as_of=AS_OF)
    assert reviews.working_waits(found[1:], stretches, working(), as_of=AS_OF).to_dict() == {1: 7 + 8 * 3}


def test_waiting_requests_tell_both_waits():
    events = [asked("2026-06-11 15:00")]
    found, tables = spells(*events), world(*events)
    told_twice = found.assign(wait_working_hours=waited(*events))
    waiting = only(reviews.waiting_requests(told_twice, tables["pull_requests"]))
    assert (waiting["wait_hours"], waiting["wait_working_hours"]) == (9, 2)
    assert "wait_working_hours" not in reviews.waiting_requests(found, tables["pull_requests"])


def is_worked(subject, hour):
    there = hour.tz_convert(PLACES[subject])
    return there.day_of_week < 5 and 9 <= there.hour < 17


@pytest.mark.parametrize("seed", range(15))
def test_random_histories_agree_with_a_plain_loop(seed):
    what, clocks = random_world(seed), working(NEW_YORK, {"id": "Cy"})
    found = reviews.response_spells(**what, team_members=MEMBERS, as_of=AS_OF)
    stretches = reviews.waiting_stretches(found, what["pull_requests"], what["pull_request_events"], as_of=AS_OF)
    hours = reviews.working_waits(found, stretches, clocks, as_of=AS_OF)
    assert hours.isna().equals(found["clock_started_at"].isna())
    assert (hours.fillna(0) <= found["wait_hours"]).all()
    assert told(found.assign(worked=hours.fillna(0)), "worked") == plain_loop(what, AS_OF, counts=is_worked)


@pytest.mark.parametrize("seed", range(3))
def test_encoded_ids_and_another_order_of_stretches_change_nothing(seed):
    what = random_world(seed)
    coded = build.encoded(**what, team_members=MEMBERS)
    plain, from_codes = [], []
    for tables, hours in ((what | {"team_members": MEMBERS}, plain), (coded, from_codes)):
        found = reviews.response_spells(**tables, as_of=AS_OF)
        stretches = reviews.waiting_stretches(
            found, tables["pull_requests"], tables["pull_request_events"], as_of=AS_OF
        )
        hours.append(reviews.working_waits(found, build.shuffled(stretches), working(NEW_YORK), as_of=AS_OF))
    pd.testing.assert_series_equal(*plain, *from_codes)


def test_nothing_in_nothing_out():
    empty = {name: build.empty(name) for name in ("pull_requests", "pull_request_events", "reviews", "comments")}
    found = reviews.response_spells(
        **empty, accounts=build.empty("accounts"), team_members=build.empty("team_members"), as_of=AS_OF
    )
    stretches = reviews.waiting_stretches(found, empty["pull_requests"], empty["pull_request_events"], as_of=AS_OF)
    nothing = reviews.working_waits(found, stretches, working(), as_of=AS_OF)
    assert nothing.empty
    assert nothing.dtype == float
