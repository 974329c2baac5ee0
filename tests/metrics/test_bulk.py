"""Days of imports and clean-up sweeps. Figures worked by hand."""

import math

import pandas as pd

from metrics.bulk import bulk_close_days


def test_a_day_ten_times_as_busy_as_usual_is_no_throughput():
    daily = pd.Series([5, 4, 6, 0, 80, 5, 5])
    found = bulk_close_days(daily)
    assert found.threshold == 50  # ten times the median of 4 5 5 5 6 80
    assert daily.index[found.is_bulk].tolist() == [4]
    assert round(found.clean_mean, 6) == 4.166667  # 25 in 6 days
    assert daily.mean() == 15  # what it would be with the sweep


def test_quiet_projects_keep_their_good_days():
    found = bulk_close_days(pd.Series([1, 0, 20, 21, 1, 1, 0]))
    assert found.threshold == 20
    assert found.is_bulk.tolist() == [False, False, False, True, False, False, False]


def test_factor_and_floor_can_be_chosen():
    daily = pd.Series([2, 2, 7])
    assert bulk_close_days(daily, factor=3, floor=1).is_bulk.tolist() == [False, False, True]
    assert not bulk_close_days(daily, factor=3, floor=7).is_bulk.any()


def test_days_keep_their_labels():
    days = pd.date_range("2026-01-01", periods=3, freq="D")
    found = bulk_close_days(pd.Series([3, 400, 3], index=days))
    assert found.is_bulk[found.is_bulk].index.tolist() == [pd.Timestamp("2026-01-02")]


def test_without_days_nothing_is_bulk_and_there_is_no_mean():
    found = bulk_close_days(pd.Series([], dtype="int64"))
    assert found.threshold == 20
    assert found.is_bulk.empty
    assert math.isnan(found.clean_mean)
    assert bulk_close_days(pd.Series([0, 0])).clean_mean == 0
