"""Working hours of people and teams. Hours were counted by hand on a calendar; June 2026 begins on a Monday."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from fairlead.errors import FrameError
from tests.calendar_world import hours, kept, off, person
from tests.metrics.build import utc

NEW_YORK = "America/New_York"
BERLIN = "Europe/Berlin"
ROUND_THE_CLOCK = {"workdays": "1111111", "day_start": "00:00", "day_end": "24:00"}
FIRST_WEEK = ("2026-06-01", "2026-06-07")


def usual_hours(start, end, **usual):
    return hours(None, start, end, kept(**usual))


def first_week(*, time_off=(), usual=None, **week):
    return hours("ann", *FIRST_WEEK, kept(person("ann", **week), time_off=time_off, **(usual or {})))


def test_a_weekend_is_not_worked():
    friday_four, monday_ten = "2026-06-05 16:00", "2026-06-08 10:00"
    assert usual_hours(friday_four, monday_ten) == 2  # of 66 that passed


def test_clocks_that_change_over_the_weekend_are_followed():
    friday_four, monday_ten = "2026-03-06 21:00", "2026-03-09 14:00"  # 16:00 EST and 10:00 EDT
    assert usual_hours(friday_four, monday_ten, time_zone=NEW_YORK) == 2
    with_a_fixed_offset = usual_hours(friday_four, monday_ten, time_zone="Etc/GMT+5")
    assert with_a_fixed_offset == 1


def test_an_hour_that_is_skipped_is_not_worked_and_one_that_comes_twice_is_worked_twice():
    week = ROUND_THE_CLOCK | {"time_zone": BERLIN}
    assert usual_hours("2026-03-28 23:00", "2026-03-29 22:00", **week) == 23
    assert usual_hours("2026-10-24 22:00", "2026-10-25 23:00", **week) == 25


def test_a_day_is_worked_until_the_last_time_that_clocks_show_its_end():
    until_half_past_two = ROUND_THE_CLOCK | {"time_zone": BERLIN, "day_end": "02:30"}
    assert usual_hours("2026-10-24 22:00", "2026-10-25 23:00", **until_half_past_two) == 3.5


@pytest.mark.parametrize(
    ("zone", "around"),
    [
        ("America/Havana", "2026-11-01"),  # midnight comes twice
        ("Atlantic/Azores", "2026-10-25"),
        ("Africa/Cairo", "2026-04-24"),  # midnight is skipped
        ("Asia/Beirut", "2026-10-25"),  # the hour before midnight comes twice
        ("Australia/Lord_Howe", "2026-04-05"),  # half an hour
        ("America/St_Johns", "2010-11-07"),  # a minute after midnight it is the day before once more
        ("Asia/Kathmandu", "2026-06-05"),
    ],
)
def test_around_the_clock_every_hour_that_passes_is_worked(zone, around):
    week = kept(**ROUND_THE_CLOCK, time_zone=zone)
    noon = utc(f"{around} 12:00")
    edges = pd.Series([noon + pd.Timedelta(hours=n, minutes=7) for n in range(-48, 49)])
    passed = (edges - edges[0]).dt.total_seconds() / 3600
    worked = week.working_hours(edges.astype("str"), pd.Series(edges[0], index=edges.index), edges)
    assert worked.tolist() == pytest.approx(passed.tolist())


def test_both_ends_outside_working_hours_are_no_hours():
    saturday, sunday = "2026-06-06 10:00", "2026-06-07 12:00"
    assert usual_hours(saturday, sunday) == 0


def test_before_work_until_after_work_is_the_whole_day():
    assert usual_hours("2026-06-09 03:00", "2026-06-09 23:00") == 8


def test_seconds_and_microseconds_count():
    assert usual_hours("2026-06-09 09:15:00", "2026-06-09 09:16:30") == pytest.approx(0.025)
    assert usual_hours("2026-06-09 08:00:00", "2026-06-09 09:00:00.000001") == 1 / 3_600_000_000


def test_an_end_before_its_start_is_negative_and_never_silently_positive():
    assert usual_hours("2026-06-09 12:00", "2026-06-09 10:00") == -2


def test_hours_of_what_has_not_ended_are_unknown():
    assert pd.isna(usual_hours("2026-06-09 12:00", None))
    assert pd.isna(usual_hours(None, "2026-06-09 12:00"))
    assert pd.isna(usual_hours(None, None))


def test_each_ones_own_clock_counts():
    both = kept(person("ann", time_zone=BERLIN), person("bob", time_zone=NEW_YORK))
    morning_in_berlin = ("2026-06-09 08:00", "2026-06-09 10:00")
    assert hours("ann", *morning_in_berlin, both) == 2
    assert hours("bob", *morning_in_berlin, both) == 0
    assert hours("bob", "2026-06-09 13:00", "2026-06-09 14:00", both) == 1  # nine in New York


def test_zones_of_half_and_quarter_hours_begin_work_when_their_clocks_say():
    first_hour_of_day = {"Asia/Kathmandu": 0.75, "Asia/Kolkata": 0.5, "UTC": 0}  # nine is 3:15 and 3:30 in UTC
    for zone, worked in first_hour_of_day.items():
        assert usual_hours("2026-06-09 03:00", "2026-06-09 04:00", time_zone=zone) == worked


def test_whoever_works_on_sundays_works_on_sundays():
    assert first_week() == 40
    assert hours("ann", "2026-06-05", "2026-06-08", kept(person("ann", workdays="1111001"))) == 8
    assert first_week(workdays="0000000") == 0


def test_what_a_person_leaves_open_is_the_usual():
    from_ten = kept(person("ann", day_start="10:00"), day_end="16:00", workdays="1111000")
    assert hours("ann", *FIRST_WEEK, from_ten) == 24
    assert first_week(time_zone="", day_start=" ") == 40


def test_who_is_not_known_has_the_usual_calendar():
    week = kept(person("ann", workdays="1000000"), workdays="1110000")
    assert hours("ann", *FIRST_WEEK, week) == 8
    assert hours("nobody", *FIRST_WEEK, week) == 24
    assert hours(None, *FIRST_WEEK, week) == 24


def test_public_holidays_are_those_of_country_and_region():
    corpus_christi = "2026-06-04"  # in Bavaria, not in Berlin
    assert first_week(country="DE", region="BY") == 32
    assert first_week(country="DE", region="BE") == 40
    assert first_week() == 40
    assert hours("ann", corpus_christi, "2026-06-05", kept(person("ann", country="DE", region="BY"))) == 0


def test_the_usual_region_is_for_the_usual_country():
    bavaria = {"country": "DE", "region": "BY"}
    assert first_week(usual=bavaria) == 32
    assert first_week(usual=bavaria, country="DE") == 32
    assert first_week(usual=bavaria, region="BE") == 40
    assert first_week(usual=bavaria, country="FR") == 40


def test_a_holiday_on_a_saturday_is_made_up_for_even_in_the_year_before():
    new_year_off = kept(country="US")  # 1 January 2022 is a Saturday
    assert hours(None, "2021-12-31", "2022-01-01", new_year_off) == 0
    assert hours(None, "2021-12-30", "2021-12-31", new_year_off) == 8


def test_days_off_for_some_only_are_worked():
    christmas_eve = ("2026-12-24", "2026-12-25")  # a day off for banks in Austria
    assert hours(None, *christmas_eve, kept(country="AT")) == 8
    assert hours(None, "2026-12-25", "2026-12-26", kept(country="AT")) == 0


def test_holidays_that_are_only_partly_known_are_taken_as_far_as_they_are():
    republic_day = ("1999-01-26", "1999-01-27")  # Indian feasts by the moon are known from 2001 on
    assert hours(None, *republic_day, kept(country="IN")) == 0


def test_a_company_day_is_free_for_everybody_in_their_own_zone():
    thanksgiving = (dt.date(2026, 11, 26),)
    wednesday_four, friday_ten = "2026-11-25 21:00", "2026-11-27 15:00"
    assert usual_hours(wednesday_four, friday_ten, time_zone=NEW_YORK, company_days=thanksgiving) == 2
    assert usual_hours(wednesday_four, friday_ten, time_zone=NEW_YORK) == 10
    elsewhere = kept(person("ann", time_zone="Pacific/Auckland"), company_days=thanksgiving)
    assert hours("ann", "2026-11-25 11:00", "2026-11-26 11:00", elsewhere) == 0


def test_time_off_is_whole_days_in_ones_own_zone():
    ann = person("ann", time_zone="Pacific/Auckland")  # twelve hours ahead of UTC
    away = kept(ann, time_off=[off("ann", "2026-06-09")])
    assert hours("ann", "2026-06-07", "2026-06-10", away) == 11  # 8 on Monday, none on Tuesday, 3 on Wednesday
    assert hours("ann", "2026-06-07", "2026-06-10", kept(ann)) == 19


def test_the_first_and_the_last_day_of_time_off_are_off():
    assert first_week(time_off=[off("ann", "2026-06-02", "2026-06-04")]) == 16
    assert first_week(time_off=[off("bob", "2026-06-02", "2026-06-04")]) == 40


def test_time_off_that_overlaps_counts_once():
    twice = [off("ann", "2026-06-01", "2026-06-03"), off("ann", "2026-06-02", "2026-06-04"), off("ann", "2026-06-03")]
    assert first_week(time_off=twice) == 8
    on_a_holiday = [off("ann", "2026-06-03", "2026-06-04")]
    assert first_week(time_off=on_a_holiday, country="DE", region="BY") == 24
    over_the_weekend = [off("ann", "2026-06-06", "2026-06-07")]
    assert first_week(time_off=over_the_weekend) == 40


def test_time_off_that_ends_before_it_starts_is_none():
    assert first_week(time_off=[off("ann", "2026-06-04", "2026-06-02")]) == 40


def test_who_is_away_at_either_end_works_from_coming_back_until_leaving_again():
    away = kept(person("ann"), time_off=[off("ann", "2026-06-01", "2026-06-02"), off("ann", "2026-06-05")])
    assert hours("ann", "2026-06-02 11:00", "2026-06-05 15:00", away) == 16
    assert hours("ann", "2026-06-02 11:00", "2026-06-02 15:00", away) == 0
    assert hours("ann", "2026-06-05 15:00", "2026-06-02 11:00", away) == -16


def test_nobody_works_before_the_first_day_or_after_the_last():
    assert first_week(start_on="2026-06-03") == 24
    assert first_week(leave_on="2026-06-02") == 16
    assert first_week(start_on="2026-06-02", leave_on="2026-06-02") == 8
    assert first_week(start_on="2026-06-08") == 0
    assert first_week(leave_on="2026-05-29") == 0
    assert first_week(start_on="2026-06-04", leave_on="2026-06-02") == 0
    assert first_week(start_on="2020-01-01", leave_on="9999-12-31") == 40


def test_half_a_century_is_as_exact_as_a_day():
    assert usual_hours("1970-01-01", "2026-01-01") == 8 * np.busday_count("1970-01-01", "2026-01-01")


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"time_zone": "Mars/Olympus"}, "people.time_zone: 2 rows: expected an IANA"),
        ({"time_zone": "Europe"}, "people.time_zone: 2 rows: expected an IANA"),
        ({"workdays": "11111"}, "people.workdays: 2 rows: expected seven flags"),
        ({"day_start": "nine"}, "people.day_start: 2 rows: expected a time of day"),
        ({"day_start": "8:30"}, "people.day_start: 2 rows: expected a time of day as HH:MM, such as 09:00."),
        ({"day_end": "24:30"}, "people.day_end: 2 rows: expected a time of day"),
        ({"day_start": "17:00", "day_end": "09:00"}, "people.day_end: 2 rows: expected after day_start"),
        ({"day_start": "18:00"}, "people.day_end: 2 rows: expected after day_start"),
        ({"country": "Nowhere"}, "people.country: 2 rows: expected a country"),
        ({"country": "DE", "region": "Nowhere"}, "people.region: 2 rows: expected a region"),
        ({"region": "BY"}, "people.region: 2 rows: expected a region"),
    ],
)
def test_a_week_that_cannot_be_is_refused_without_repeating_it(wrong, says):
    with pytest.raises(FrameError, match=says) as caught:
        kept(person("ann", **wrong), person("bob", **wrong), person("cy"))
    assert not any(word in str(caught.value) for word in ("Mars", "nine", "Nowhere", "ann"))


def test_instants_without_a_zone_are_refused():
    naive = pd.Series(pd.to_datetime(["2026-06-01"]).as_unit("us"))
    with pytest.raises(FrameError, match="no time zone"):
        kept().working_hours(pd.Series(["ann"]), naive, naive)


def test_rows_keep_their_index_and_nothing_in_gives_nothing_of_the_right_type():
    start = pd.Series([utc("2026-06-01")]).set_axis([7])
    assert kept().working_hours(pd.Series(["ann"], index=[7]), start, start).index.tolist() == [7]
    empty = kept().working_hours(pd.Series(dtype="str"), start[:0], start[:0])
    assert empty.empty
    assert empty.dtype == float
