"""Counts per week. 5 January 2026 is a Monday."""

import pandas as pd

from metrics.weeks import weekly_counts
from tests.metrics.build import utc

WEEK_TWO = utc("2026-01-05")


def finished(*texts: str | None) -> pd.Series:
    return pd.Series([utc(text) if text else pd.NaT for text in texts], dtype="datetime64[us, UTC]")


def weekly(at: pd.Series, as_of: str, start: pd.Timestamp = WEEK_TWO, zone: str = "UTC") -> list[int]:
    return weekly_counts(at, start=start, as_of=utc(as_of), zone=zone)["n"].tolist()


def test_weeks_without_anything_count_as_zero():
    two_busy_weeks = finished(*(f"2026-01-{n:02}" for n in (5, 6, 7, 8, 26, 27, 28, 29)))
    counts = weekly(two_busy_weeks, "2026-02-02")
    assert counts == [4, 0, 0, 4]
    assert sum(counts) / len(counts) == 2
    busy_weeks_alone = two_busy_weeks.dt.isocalendar()["week"].value_counts()
    assert busy_weeks_alone.mean() == 4


def test_the_running_week_is_no_sample():
    five_a_week = finished(*(["2026-01-05"] * 5 + ["2026-01-12"] * 5 + ["2026-01-19"] * 5 + ["2026-01-26"]))
    assert weekly(five_a_week, "2026-01-28") == [5, 5, 5]
    assert weekly(five_a_week, "2026-02-02") == [5, 5, 5, 1]
    assert weekly(five_a_week, "2026-02-01 23:59") == [5, 5, 5]


def test_a_first_week_that_lies_partly_outside_is_no_sample():
    one_each = finished("2026-01-07", "2026-01-14")
    assert weekly(one_each, "2026-01-19", start=utc("2026-01-05 00:00:01")) == [1]
    assert weekly(one_each, "2026-01-19") == [1, 1]


def test_a_week_is_that_of_the_zone():
    sunday_in_los_angeles = finished("2026-01-12 02:00")
    assert weekly(sunday_in_los_angeles, "2026-01-20", zone="America/Los_Angeles", start=utc("2026-01-05 08:00")) == [
        1,
        0,
    ]
    assert weekly(sunday_in_los_angeles, "2026-01-20") == [0, 1]


def test_what_has_not_happened_is_not_counted():
    assert weekly(finished(None, "2026-01-06", "2025-01-01", "2027-01-01"), "2026-01-12") == [1]


def test_no_whole_week_gives_no_rows_and_nothing_gives_zeros():
    assert weekly(finished("2026-01-06"), "2026-01-11") == []
    bare = weekly_counts(finished(), start=WEEK_TWO, as_of=utc("2026-01-19"))
    assert bare["n"].tolist() == [0, 0]
    assert {name: str(dtype) for name, dtype in bare.dtypes.items()} == {"week_on": "datetime64[us]", "n": "int64"}
