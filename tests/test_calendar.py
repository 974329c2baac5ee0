"""Working time, weeks and local days. Hours were counted by hand on a calendar."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairlead import calendar
from fairlead.calendar import days_late, iso_week, week_starts, working_hours
from fairlead.errors import FrameError

NEW_YORK = "America/New_York"
BERLIN = "Europe/Berlin"


def at(*texts: str | None) -> pd.Series:
    return pd.Series(pd.to_datetime(list(texts), utc=True, format="ISO8601").as_unit("us"))


def days(*texts: str | None) -> pd.Series:
    return pd.Series(pd.to_datetime(list(texts)).as_unit("us"))


def hours(start: str | None, end: str | None, zone: str = "UTC", **week) -> float:
    return working_hours(at(start), at(end), zone=zone, **week).iloc[0]


def test_a_weekend_is_not_worked():
    friday_four, monday_ten = "2026-06-05T16:00Z", "2026-06-08T10:00Z"
    assert hours(friday_four, monday_ten) == 2
    elapsed = 66
    assert hours(friday_four, monday_ten) != elapsed


def test_clocks_that_change_over_the_weekend_are_followed():
    friday_four, monday_ten = "2026-03-06T21:00Z", "2026-03-09T14:00Z"  # 16:00 EST and 10:00 EDT
    assert hours(friday_four, monday_ten, NEW_YORK) == 2
    with_a_fixed_offset = hours(friday_four, monday_ten, "Etc/GMT+5")
    assert with_a_fixed_offset == 1


def test_an_hour_that_is_skipped_is_not_worked_and_one_that_comes_twice_is_worked_twice():
    week = {"workdays": "1111111", "day_start": "00:00", "day_end": "24:00"}
    assert hours("2026-03-28T23:00Z", "2026-03-29T22:00Z", BERLIN, **week) == 23
    assert hours("2026-10-24T22:00Z", "2026-10-25T23:00Z", BERLIN, **week) == 25
    assert hours("2026-10-24T22:00Z", "2026-10-25T23:00Z", BERLIN, **week | {"day_end": "02:30"}) == 3.5


def test_a_day_that_has_no_midnight_begins_when_it_begins():
    skips_midnight = days("2026-04-24")
    assert calendar.day_starts(skips_midnight, "Africa/Cairo").tolist() == [pd.Timestamp("2026-04-23T22:00Z")]


def test_a_holiday_is_not_worked():
    wednesday_four, friday_ten = "2026-11-25T21:00Z", "2026-11-27T15:00Z"
    thanksgiving = [pd.Timestamp("2026-11-26")]
    assert hours(wednesday_four, friday_ten, NEW_YORK, holidays=thanksgiving) == 2
    assert hours(wednesday_four, friday_ten, NEW_YORK) == 10


def test_both_ends_outside_working_hours_are_no_hours():
    saturday, sunday = "2026-06-06T10:00Z", "2026-06-07T12:00Z"
    assert hours(saturday, sunday) == 0


def test_before_work_until_after_work_is_the_whole_day():
    assert hours("2026-06-09T03:00Z", "2026-06-09T23:00Z") == 8


def test_seconds_count():
    assert hours("2026-06-09T09:15:00Z", "2026-06-09T09:16:30Z") == pytest.approx(0.025)


def test_an_end_before_its_start_is_negative_and_never_silently_positive():
    assert hours("2026-06-09T12:00Z", "2026-06-09T10:00Z") == -2


def test_hours_of_what_has_not_ended_are_unknown():
    assert pd.isna(hours("2026-06-09T12:00Z", None))
    assert pd.isna(hours(None, None))


def test_nobody_ever_works_when_no_day_is_a_working_day():
    assert hours("2026-06-01T00:00Z", "2026-06-30T00:00Z", workdays="0000000") == 0


def test_nothing_in_gives_nothing_of_the_right_type():
    empty = working_hours(at(), at(), zone="UTC")
    assert empty.empty
    assert empty.dtype == float


def test_rows_keep_their_index():
    start = at("2026-06-09T09:00Z").set_axis([7])
    assert working_hours(start, start, zone="UTC").index.tolist() == [7]


@pytest.mark.parametrize(
    ("week", "says"),
    [
        ({"zone": "Mars/Olympus"}, "time zone is not known"),
        ({"zone": "UTC", "workdays": "11111"}, "seven flags"),
        ({"zone": "UTC", "day_start": "nine"}, "cannot be read"),
        ({"zone": "UTC", "day_start": "17:00", "day_end": "09:00"}, "not after day_start"),
    ],
)
def test_an_unreadable_working_week_is_refused(week, says):
    with pytest.raises(FrameError, match=says) as caught:
        working_hours(at("2026-06-09T09:00Z"), at("2026-06-09T10:00Z"), **week)
    assert "Mars" not in str(caught.value)


def test_hours_agree_with_counting_minute_by_minute():
    chance = np.random.default_rng(11)
    holiday = pd.Timestamp("2026-10-26")
    for _ in range(30):
        start = pd.Timestamp("2026-10-20T00:00Z") + pd.Timedelta(minutes=int(chance.integers(7 * 1440)))
        end = start + pd.Timedelta(minutes=int(chance.integers(5 * 1440)))
        minutes = pd.date_range(start, end, freq="min", inclusive="left").tz_convert(BERLIN)
        worked = sum(
            m.day_of_week < 5 and 9 <= m.hour < 17 and m.tz_localize(None).normalize() != holiday for m in minutes
        )
        found = working_hours(pd.Series([start]), pd.Series([end]), zone=BERLIN, holidays=[holiday])
        assert found.iloc[0] == pytest.approx(worked / 60)


@given(st.integers(0, 200_000), st.integers(0, 200_000), st.integers(0, 200_000))
def test_hours_add_up(a, b, c):
    instants = pd.Series(pd.to_datetime([a, b, c], unit="m", utc=True, origin="2026-02-01").as_unit("us"))
    legs = working_hours(instants, instants.shift(-1).fillna(instants[0]), zone=NEW_YORK)
    assert legs.sum() == pytest.approx(0)


@given(st.integers(0, 100_000), st.integers(0, 100_000), st.integers(1, 60))
def test_whole_weeks_later_the_hours_are_the_same(a, b, weeks):
    start, end = (pd.Series([pd.Timestamp("2026-01-05T00:00Z") + pd.Timedelta(minutes=n)]) for n in (a, b))
    later = pd.Timedelta(weeks=weeks)
    then = working_hours(start + later, end + later, zone="UTC")
    assert then.tolist() == working_hours(start, end, zone="UTC").tolist()


def test_a_week_is_that_of_the_teams_zone():
    monday_in_utc = at("2026-01-05T02:00Z")  # Sunday, 4 January, 18:00 in Los Angeles
    assert week_starts(monday_in_utc, "America/Los_Angeles").tolist() == [pd.Timestamp("2025-12-29")]
    assert iso_week(monday_in_utc, "America/Los_Angeles").tolist() == ["2026-W01"]
    assert week_starts(monday_in_utc, "UTC").tolist() == [pd.Timestamp("2026-01-05")]


def test_the_year_of_a_week_is_the_iso_year():
    new_year = at("2027-01-01T12:00Z")
    assert iso_week(new_year, "UTC").tolist() == ["2026-W53"]
    assert week_starts(new_year, "UTC").tolist() == [pd.Timestamp("2026-12-28")]
    assert new_year.dt.strftime("%Y-W%V").tolist() == ["2027-W53"]  # what the calendar's year would say


def test_a_missing_instant_has_no_day_and_no_week():
    assert calendar.local_days(at(None), "UTC").isna().all()
    assert week_starts(at(None), "UTC").isna().all()
    assert iso_week(at(None), "UTC").isna().all()


def test_days_come_back_as_days():
    assert {str(found.dtype) for found in (calendar.local_days(at(), "UTC"), week_starts(at(), "UTC"))} == {
        "datetime64[us]"
    }
    assert str(calendar.day_starts(days(), "UTC").dtype) == "datetime64[us, UTC]"


def test_a_due_date_is_a_whole_local_day():
    half_past_ten_at_night = at("2026-04-01T02:30Z")  # 31 March, 22:30 in New York
    assert days_late(days("2026-03-31"), half_past_ten_at_night, NEW_YORK).tolist() == [0]
    assert days_late(days("2026-03-31"), half_past_ten_at_night, "UTC").tolist() == [1]


def test_late_is_positive_and_early_negative():
    late = days_late(days("2026-04-10", "2026-04-10", None), at("2026-04-12T12:00Z", "2026-04-01T12:00Z", None), "UTC")
    assert late.tolist()[:2] == [2, -9]
    assert pd.isna(late[2])
