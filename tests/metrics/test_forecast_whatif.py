"""What if: the same futures with less to do, another pace, a later start, another due date; and the smallest cut."""

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from metrics import forecast
from metrics.forecast import AS_IT_IS, Futures, Supposed
from metrics.instants import micros_of
from tests.metrics.build import added, day, moved, utc
from tests.metrics.forecast_world import MONDAY, TODAY, history, milestone, organisation, tables, worked

WEEK = pd.Timedelta(weeks=1)
STEADY = Futures(trials=100, pace_sd=0.0)
"""Weeks that are all alike and a pace that stays make one future."""
QUICK = Futures(trials=500)
HARDLY = 0.5 / 200
"""No forecast is certain: half of one of its 200 quantiles stays in doubt."""
OF_DUE_DATE = {"due_on", "p_on_time", "late_weeks", "drift50_days", "drift85_days", "drift_status"}


def steady(**values):
    """Two items finished in each of eight weeks, ten left."""
    return history(tables(*worked("m", [2] * 8, 10), of=[milestone("m", **values)]))


def supposed(past=None, *, futures=STEADY, **values) -> pd.Series:
    """The row of `what_if`."""
    past = steady(due_on=day("2026-07-20")) if past is None else past
    return forecast.what_if(past, "m", Supposed(**values), as_of=TODAY, futures=futures).iloc[0]


@pytest.fixture(scope="module")
def past():
    return history(organisation())


@pytest.fixture(scope="module")
def learned(past):
    """The same history, with past forecasts to learn from."""
    rows = forecast.backtest(past, as_of=TODAY, futures=QUICK, weekly=True)
    return replace(past, learned=forecast.said(rows))


@pytest.mark.parametrize("name", ["m38", "m39"])
@pytest.mark.parametrize("does_learn", [True, False])
def test_where_nothing_is_supposed_it_is_the_forecast(past, learned, name, does_learn):
    known = learned if does_learn else past
    row = forecast.what_if(known, name, AS_IT_IS, as_of=TODAY, futures=QUICK)
    whole = forecast.forecasts(known, as_of=TODAY, futures=QUICK)
    pd.testing.assert_frame_equal(row, whole[whole["milestone"] == name].reset_index(drop=True))


def test_ten_items_at_two_a_week_take_five_weeks():
    row = supposed()
    assert (row["p50_weeks"], row["p85_weeks"], row["p95_weeks"]) == (5, 5, 5)
    assert row["p85_on"] == day("2026-08-03")  # five weeks from the beginning of 30 June end with that day
    assert (row["p_on_time"], row["late_weeks"], row["drift85_days"]) == (HARDLY, 2, 14)


@pytest.mark.parametrize(
    ("values", "weeks"),
    [
        ({"n_dropped": 4}, 3.0),
        ({"pace": 2.0}, 2.5),
        ({"pace": 0.5}, 10.0),
        ({"later_weeks": 3.0}, 8.0),
        ({"n_dropped": 4, "pace": 2.0, "later_weeks": 1.0}, 2.5),
    ],
    ids=str,
)
def test_what_is_supposed_moves_the_end_by_what_it_is_worth(values, weeks):
    assert supposed(**values)["p85_weeks"] == weeks


def test_what_is_left_out_is_neither_in_scope_nor_left():
    row = supposed(n_dropped=4)
    assert (row["scope"], row["remaining"]) == (22, 6)


def test_with_everything_left_out_it_is_done_now_whatever_it_would_wait_for():
    row = supposed(n_dropped=10, later_weeks=3.0)
    assert (row["status"], row["p85_weeks"], row["p_on_time"]) == ("done", 0, 1)
    assert supposed(n_dropped=99)["remaining"] == 0


@pytest.mark.parametrize("name", ["m38", "m39"])
def test_fewer_items_are_never_done_later(past, name):
    n = int(past.standing(past.ids.index(name), micros_of(TODAY)).remaining)
    rows = pd.concat(
        [forecast.what_if(past, name, Supposed(n_dropped=each), as_of=TODAY, futures=QUICK) for each in range(n + 1)]
    )
    for level in ("p50_weeks", "p85_weeks", "p95_weeks", "late_weeks"):
        assert (np.diff(rows[level]) <= 0).all(), level
    assert (np.diff(rows["p_on_time"]) >= 0).all()


def test_a_quicker_pace_is_done_earlier(past):
    ends = [
        forecast.what_if(past, "m39", Supposed(pace=pace), as_of=TODAY, futures=QUICK).iloc[0]["p85_weeks"]
        for pace in (0.5, 1.0, 2.0)
    ]
    assert ends[0] > ends[1] > ends[2]


@pytest.mark.parametrize("weeks", [1.0, 6.0])
def test_a_later_start_shifts_all_dates_by_just_that(past, weeks):
    asis, later = (
        forecast.what_if(past, "m39", Supposed(later_weeks=each), as_of=TODAY, futures=QUICK).iloc[0]
        for each in (0.0, weeks)
    )
    for level in ("p50", "p85", "p95"):
        assert later[f"{level}_weeks"] == asis[f"{level}_weeks"] + weeks
        assert later[f"{level}_on"] == asis[f"{level}_on"] + weeks * WEEK
    assert later["p_on_time"] <= asis["p_on_time"]


def test_another_due_date_changes_the_chance_and_the_drift_and_nothing_else():
    past = steady(due_on=day("2026-07-20"))
    asis, other = supposed(past), supposed(past, due_on=day("2026-08-10"))
    assert {name for name in asis.index if asis[name] != other[name]} == OF_DUE_DATE - {"drift_status"}
    assert (other["due_on"], other["p_on_time"], other["late_weeks"]) == (day("2026-08-10"), 1 - HARDLY, 0)
    assert (other["drift50_days"], other["drift85_days"]) == (-7, -7)


def test_a_due_date_can_be_supposed_where_there_is_none():
    past = steady()
    assert math.isnan(supposed(past)["p_on_time"])
    given = supposed(past, due_on=day("2026-08-03"))
    assert (given["p_on_time"], given["drift85_days"], given["drift_status"]) == (1 - HARDLY, 0, "ok")


def young(**values):
    """A milestone with three weeks of its own, and six closed ones that took eight to thirteen weeks."""
    rows, of = worked("m", [2] * 3, 10), [milestone("m", **values)]
    for number in range(6):
        name, start = f"o{number}", utc("2025-06-02")
        end = start + (8 + number) * WEEK
        rows += [added(name, start, name), moved(name, start, "active"), moved(name, end, "done")]
        of.append(milestone(name, state="closed", closed_at=end))
    return history(tables(*rows, of=of))


def test_what_is_forecast_by_how_others_went_answers_to_the_date_and_to_waiting_only():
    past = young(due_on=day("2026-07-20"))
    asis = supposed(past)
    assert asis["way"] == "reference"
    weeks = ["p50_weeks", "p85_weeks", "p95_weeks"]
    for nothing in ({"n_dropped": 5}, {"pace": 3.0}):
        assert supposed(past, **nothing)[weeks].tolist() == asis[weeks].tolist()
    assert supposed(past, later_weeks=2.0)[weeks].tolist() == [each + 2 for each in asis[weeks]]
    other = supposed(past, due_on=day("2027-01-01"))
    assert (asis["p_on_time"], other["p_on_time"]) == (HARDLY, 1 - HARDLY)
    assert other[weeks].tolist() == asis[weeks].tolist()


def cut(past, name="m", *, futures=STEADY, wanted=forecast.LIKELY, **values):
    return forecast.smallest_cut(past, name, Supposed(**values), as_of=TODAY, futures=futures, wanted=wanted)


def test_six_items_fit_into_three_weeks_so_four_have_to_go():
    past = steady(due_on=day("2026-07-20"))
    assert cut(past) == 4
    assert cut(past, n_dropped=3) == 1
    assert cut(past, pace=1.5) == 1  # nine items at three a week
    assert cut(past, later_weeks=1.0) == 6
    assert cut(past, due_on=day("2026-07-13")) == 6


@pytest.mark.parametrize("values", [{"n_dropped": 4}, {"pace": 2.0}, {"due_on": day("2026-08-03")}], ids=str)
def test_where_it_is_likely_already_nothing_has_to_go(values):
    assert cut(steady(due_on=day("2026-07-20")), **values) == 0


def test_there_is_no_cut_without_a_due_date_nor_where_not_even_one_item_is_quick_enough():
    assert cut(steady()) is None
    assert cut(steady(due_on=day("2026-07-02"))) is None  # one item takes half a week
    assert cut(steady(due_on=day("2026-07-03"))) == 9
    assert cut(steady(due_on=day("2026-06-01"))) is None  # it is late already
    assert cut(steady(due_on=day("2026-07-20")), later_weeks=3.0) is None


def test_there_is_no_cut_where_nothing_is_finished_or_the_date_comes_from_others():
    idle = history(tables(
        *worked("m", [0] * 8, 10), moved("m-left-0", MONDAY - 8 * WEEK, "active"),
        of=[milestone("m", due_on=day("2026-12-01"))],
    ))  # fmt: skip
    assert supposed(idle)["status"] == "no_throughput"
    assert cut(idle) is None
    assert cut(young(due_on=day("2026-07-20"))) is None


@pytest.mark.parametrize("wanted", [0.6, 0.85, 0.95])
@pytest.mark.parametrize("name", ["m38", "m39"])
def test_the_cut_is_enough_and_one_item_less_is_not(learned, name, wanted):
    n = forecast.smallest_cut(learned, name, as_of=TODAY, futures=QUICK, wanted=wanted)
    chances = [
        forecast.what_if(learned, name, Supposed(n_dropped=each), as_of=TODAY, futures=QUICK)["p_on_time"]
        for each in range(20)
    ]
    enough = [each for each, chance in enumerate(chances) if chance.iloc[0] >= wanted]
    left = int(learned.standing(learned.ids.index(name), micros_of(TODAY)).remaining)
    assert n == next((each for each in enough if each < left), None)  # by trying every number


def test_the_whole_distribution_is_that_of_the_forecast(learned):
    ends = forecast.distribution(learned, "m39", as_of=TODAY, futures=QUICK).set_index("level")
    row = forecast.forecasts(learned, as_of=TODAY, futures=QUICK).set_index("milestone").loc["m39"]
    assert ends.loc[[0.5, 0.85, 0.95], "weeks"].tolist() == row[["p50_weeks", "p85_weeks", "p95_weeks"]].tolist()
    assert ends.loc[[0.5, 0.85, 0.95], "on"].tolist() == row[["p50_on", "p85_on", "p95_on"]].tolist()
