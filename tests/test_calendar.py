"""Local days, weeks and days late. Days were counted by hand on a calendar."""

import pandas as pd
import pytest

from fairlead import calendar
from fairlead.calendar import days_late, week_starts
from fairlead.errors import FrameError

NEW_YORK = "America/New_York"


def at(*texts: str | None) -> pd.Series:
    return pd.Series(pd.to_datetime(list(texts), utc=True, format="ISO8601").as_unit("us"))


def days(*texts: str | None) -> pd.Series:
    return pd.Series(pd.to_datetime(list(texts)).as_unit("us"))


def test_a_day_that_has_no_midnight_begins_when_it_begins():
    skips_midnight = days("2026-04-24")
    assert calendar.day_starts(skips_midnight, "Africa/Cairo").tolist() == [pd.Timestamp("2026-04-23T22:00Z")]


def test_a_day_that_has_two_midnights_begins_with_the_first():
    repeats_midnight = days("2026-11-01")
    assert calendar.day_starts(repeats_midnight, "America/Havana").tolist() == [pd.Timestamp("2026-11-01T04:00Z")]


def test_a_week_is_that_of_the_teams_zone():
    monday_in_utc = at("2026-01-05T02:00Z")  # Sunday, 4 January, 18:00 in Los Angeles
    assert week_starts(monday_in_utc, "America/Los_Angeles").tolist() == [pd.Timestamp("2025-12-29")]
    assert week_starts(monday_in_utc, "UTC").tolist() == [pd.Timestamp("2026-01-05")]


def test_the_week_around_new_year_is_the_iso_week():
    first_of_january = week_starts(at("2027-01-01T12:00Z"), "UTC")
    assert first_of_january.tolist() == [pd.Timestamp("2026-12-28")]
    assert tuple(first_of_january[0].isocalendar())[:2] == (2026, 53)  # not week 53 of 2027
    the_year_before = week_starts(at("2026-01-05T02:00Z"), "America/Los_Angeles")
    assert tuple(the_year_before[0].isocalendar())[:2] == (2026, 1)  # though the week begins in 2025


def test_a_missing_instant_has_no_day_and_no_week():
    assert calendar.local_days(at(None), "UTC").isna().all()
    assert week_starts(at(None), "UTC").isna().all()


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


@pytest.mark.parametrize("zone", ["Mars/Olympus", "Europe", "", "../UTC"])
def test_an_unknown_zone_is_refused_without_repeating_it(zone):
    with pytest.raises(FrameError, match="time zone is not known") as caught:
        calendar.local_days(at("2026-06-09T09:00Z"), zone)
    assert "Mars" not in str(caught.value)
