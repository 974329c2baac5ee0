"""Forecasts as tables: of open milestones, in days, and as they were said week by week."""

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from metrics import forecast
from metrics.forecast.engine import Futures
from metrics.forecast.outlook import LEVELS
from metrics.forecast.table import Foreseen, drift_days, fan, told
from metrics.instants import micros_of
from tests.metrics.build import added, day, encoded, shuffled, utc
from tests.metrics.forecast_world import TODAY, history, milestone, organisation, tables

QUICK = Futures(trials=500)


@pytest.fixture(scope="module")
def backtested():
    return forecast.backtest(history(organisation()), as_of=TODAY, futures=QUICK, weekly=True)


def test_forecasts_are_told_of_open_milestones_only(backtested):
    past = replace(history(organisation()), learned=forecast.said(backtested))
    found = forecast.forecasts(past, as_of=TODAY, futures=QUICK)
    world = organisation()["milestones"]
    assert found["milestone"].tolist() == sorted(world.loc[world["state"] == "open", "id"])
    dated = found[found["status"] == "ok"]
    assert len(dated) > 0
    assert (dated["p50_on"] <= dated["p85_on"]).all()
    drift = (dated["p85_on"] - dated["due_on"]).dt.days
    assert dated["drift85_days"].tolist() == drift.tolist()
    assert dated["p_on_time"].between(0, 1).all()


def test_row_order_and_encoding_do_not_matter():
    world = organisation()
    plain = forecast.forecasts(history(world), as_of=TODAY, futures=QUICK)
    for other in ({name: shuffled(table) for name, table in world.items()}, encoded(**world)):
        seen = forecast.forecasts(history(other), as_of=TODAY, futures=QUICK)
        pd.testing.assert_frame_equal(seen, plain)


def test_nothing_in_gives_typed_nothing_out():
    nothing = history(tables(of=[]))
    full = forecast.forecasts(history(organisation()), as_of=TODAY, futures=QUICK)
    none = forecast.forecasts(nothing, as_of=TODAY)
    assert none.empty
    assert none.dtypes.to_dict() == full.dtypes.to_dict()
    assert forecast.backtest(nothing, as_of=TODAY).empty


def test_no_due_date_is_a_status_and_no_chance():
    found = forecast.forecasts(history(tables(added("a", "2026-01-05", "m"), of=[milestone()])), as_of=TODAY)
    row = found.iloc[0]
    assert row["drift_status"] == "no_due_date"
    assert row[["p_on_time", "drift50_days", "drift85_days"]].isna().all()


def test_what_was_said_each_week_reads_nothing_later():
    world = organisation()
    whole = history(world)
    said = forecast.forecast_history(whole, "m38", as_of=TODAY, weeks=8, futures=QUICK)
    assert len(said) == 8
    earlier = said["at"].iloc[3]
    alone = forecast.forecasts(history(world, as_of=earlier), as_of=earlier, futures=QUICK)
    row = alone[alone["milestone"] == "m38"].iloc[0]
    assert row["p85_weeks"] == said["p85_weeks"].iloc[3]


def drift(said: str | None, due_on: str | None, weeks: float) -> float:
    dates = (pd.Series([pd.NaT if each is None else day(each)], dtype="datetime64[us]") for each in (said, due_on))
    return float(drift_days(*dates, np.array([weeks])).iloc[0])


def test_late_is_positive_and_early_is_negative():
    assert drift("2026-02-02", "2026-01-26", 4.0) == 7
    assert drift("2026-04-01", "2026-04-10", 1.0) == -9


def test_no_due_date_is_no_drift_of_zero():
    assert math.isnan(drift("2026-04-01", None, 1.0))
    assert math.isnan(drift(None, None, math.inf))


def test_a_projection_without_end_drifts_infinitely():
    assert drift(None, "2026-04-01", math.inf) == math.inf


def test_where_nothing_is_said_nothing_drifts():
    assert math.isnan(drift(None, "2026-04-01", math.nan))


def test_the_whole_distribution_is_told_by_level():
    weeks = np.append(np.full(199, 2.0), math.inf)
    found = fan(weeks, at=utc("2026-01-05 12:00"))
    assert found["level"].tolist() == LEVELS.tolist()
    assert (found["on"].iloc[:199] == day("2026-01-19")).all()
    assert pd.isna(found["on"].iloc[199])


def test_what_was_foreseen_elsewhere_is_told_in_the_same_way():
    past = history(organisation())
    row, at = past.ids.index("m39"), micros_of(TODAY)
    ahead = past.outlook(row, at, futures=QUICK)
    ours = told(past, [Foreseen(row, at, ahead, ahead.weeks, 0, past.due_at(row, at).ends_at)])
    theirs = forecast.forecasts(past, as_of=TODAY, futures=QUICK)
    pd.testing.assert_frame_equal(ours, theirs[theirs["milestone"] == "m39"].reset_index(drop=True))
