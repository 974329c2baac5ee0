"""Calendars of teams, capacity and working days. Hours were counted by hand; June 2026 begins on a Monday."""

import pandas as pd
from pandas.testing import assert_frame_equal, assert_series_equal

from fairlead.agreements import WorkingTime
from fairlead.calendar import calendars
from tests.calendar_world import hours, kept, off, person, tables
from tests.metrics.build import encoded, shuffled, utc

NEW_YORK = "America/New_York"
BERLIN = "Europe/Berlin"
FIRST_WEEK = ("2026-06-01", "2026-06-07")


def test_a_team_keeps_the_week_that_most_of_its_members_keep():
    early, late = {"day_start": "07:00", "day_end": "13:00"}, {"day_start": "10:00", "day_end": "20:00"}
    people = [person("ann", **late), person("bob", **early), person("cy", **late), person("di", **early)]
    teams = {"most are late": ["ann", "bob", "cy"], "as many": ["bob", "ann"], "unknown": ["zoe"]}
    week = kept(*people, teams=teams, time_off=[off("ann", *FIRST_WEEK)])
    assert hours("most are late", *FIRST_WEEK, week) == 50
    assert hours("as many", *FIRST_WEEK, week) == 30  # 07:00 is the first by text
    assert hours("unknown", *FIRST_WEEK, week) == 40


def test_a_teams_week_is_kept_as_one():
    here = {"time_zone": BERLIN, "day_start": "08:00"}
    people = [
        person("ann", **here),
        person("bob", **here),
        person("cy", time_zone=BERLIN, day_start="10:00"),
        person("di", time_zone=NEW_YORK, day_start="10:00"),
        person("ed", time_zone="Asia/Tokyo", day_start="10:00"),
    ]
    week = kept(*people, teams={"team": ["ann", "bob", "cy", "di", "ed"]})
    assert hours("team", *FIRST_WEEK, week) == 45  # most begin at ten, but not in one zone


def test_the_share_is_full_time_where_nobody_says():
    week = kept(person("cy", share=0.5), person("ann"))
    asked = pd.Series(["ann", "zoe", "cy", None], index=[3, 1, 4, 2], dtype="str")
    assert week.shares(asked).to_dict() == {3: 1.0, 1: 1.0, 4: 0.5, 2: 1.0}


def test_capacity_is_working_time_times_the_share():
    people = [person("cy", share=0.5), person("ann"), person("bob", share=1.0, leave_on="2026-06-05")]
    three_days = [off("cy", "2026-06-08", "2026-06-10"), off("cy", "2026-06-10")]
    two_weeks = kept(*people, time_off=three_days).capacity(utc("2026-06-01"), utc("2026-06-15"))
    assert two_weeks.columns.tolist() == ["person", "working_hours", "share", "capacity_hours"]
    assert two_weeks.to_numpy().tolist() == [["ann", 80, 1, 80], ["bob", 40, 1, 40], ["cy", 56, 0.5, 28]]


def test_the_last_working_days_are_those_that_have_begun():
    people = [person("bob", time_zone=NEW_YORK), person("ann")]
    week = kept(*people, time_off=[off("ann", "2026-06-05")])
    monday_noon = week.working_days(utc("2026-06-08 12:00"), 2)  # eight in the morning in New York
    assert monday_noon["person"].tolist() == ["ann", "ann", "bob", "bob"]
    assert monday_noon["day_on"].dt.day.tolist() == [4, 8, 4, 5]
    assert monday_noon["start_at"].dt.hour.tolist() == [9, 9, 13, 13]
    assert monday_noon["end_at"].iloc[[1, 3]].tolist() == [utc("2026-06-08 17:00"), utc("2026-06-05 21:00")]


def test_a_day_has_begun_when_it_begins():
    ann = kept(person("ann"))
    assert ann.working_days(utc("2026-06-08 09:00"), 1)["day_on"].dt.day.tolist() == [8]
    assert ann.working_days(utc("2026-06-08 08:59:59"), 1)["day_on"].dt.day.tolist() == [5]


def test_who_is_new_or_never_works_has_fewer_working_days():
    people = [
        person("ann", start_on="2026-06-04"),
        person("bob", workdays="0000000"),
        person("cy", leave_on="2020-01-01"),
    ]
    found = kept(*people).working_days(utc("2026-06-08 12:00"), 10)
    assert found["person"].tolist() == ["ann"] * 3
    assert found["day_on"].dt.day.tolist() == [4, 5, 8]


def test_who_comes_back_after_half_a_year_has_the_days_before():
    away = kept(person("ann"), time_off=[off("ann", "2026-01-01", "2026-06-05")])
    found = away.working_days(utc("2026-06-08 12:00"), 2)
    assert found["day_on"].tolist() == [pd.Timestamp("2025-12-31"), pd.Timestamp("2026-06-08")]


def world():
    people = [
        person(name, time_zone=zone, share=0.5) for name, zone in (("ann", BERLIN), ("bob", NEW_YORK), ("cy", None))
    ]
    teams = {"one": ["ann", "bob"], "two": ["cy", "bob", "ann"]}
    return tables(*people, teams=teams, time_off=[off("ann", "2026-06-02"), off("bob", "2026-06-01", "2026-06-03")])


def asked(ids: pd.Series, given: dict[str, pd.DataFrame]):
    week = calendars(**given, usual=WorkingTime())
    since, until = (pd.Series([utc(at)] * len(ids)) for at in ("2026-06-01 10:11", "2026-06-09 12:13"))
    return week.working_hours(ids, since, until), week.capacity(since[0], until[0]), week.working_days(until[0], 3)


def test_encoded_ids_and_another_order_of_rows_give_the_same():
    plain = world()
    ids = pd.Series(["ann", "bob", "cy", "one", "two", "zoe", None], dtype="str")
    codes = encoded(**plain)
    dictionary = codes["people"]["id"].dtype
    told = asked(ids, plain)
    for given, who in (
        (codes, ids),
        (codes, ids.replace("zoe", None).astype(dictionary)),
        (codes, ids.astype("category")),
        ({name: shuffled(table) for name, table in plain.items()}, ids),
        ({name: shuffled(table, 3) for name, table in codes.items()}, ids),
    ):
        worked, capacity, days = asked(who, given)
        assert_series_equal(worked, told[0])
        assert_frame_equal(capacity, told[1])
        assert_frame_equal(days, told[2])


def test_inputs_are_left_alone():
    given, before = world(), world()
    asked(pd.Series(["ann", "one"]), given)
    for name, table in given.items():
        assert_frame_equal(table, before[name])


def test_without_anybody_there_are_typed_empty_tables():
    nobody, somebody = kept(), kept(person("ann"))
    instants = utc("2026-06-01"), utc("2026-06-15")
    assert nobody.capacity(*instants).empty
    assert nobody.capacity(*instants).dtypes.equals(somebody.capacity(*instants).dtypes)
    assert nobody.working_days(instants[1], 3).empty
    assert nobody.working_days(instants[1], 3).dtypes.equals(somebody.working_days(instants[1], 3).dtypes)
