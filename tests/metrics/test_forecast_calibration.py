"""Backtests: from which instants, with what known, against which baselines, and what it amounts to."""

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from metrics import forecast
from metrics.forecast import origins, scores
from metrics.forecast.engine import Futures
from metrics.instants import micros_of
from tests.metrics.build import added, moved, shuffled, utc
from tests.metrics.forecast_world import TODAY, due, history, organisation, tables

QUICK = Futures(trials=300)


def milestone(**values) -> dict:
    return {"id": "m", "title": "m", "kind": "version", "created_at": "2026-01-01", **values}


def one(*, changes=(), end="2026-03-02", **values) -> forecast.History:
    """Work from 5 January on, one item left for the end."""
    rows = [added(item, "2026-01-01", "m") for item in "ab"]
    rows += [moved("a", "2026-01-05", "active"), moved("a", "2026-01-20", "done"), moved("b", end, "done")]
    return history(tables(*rows, of=[milestone(**values)], changes=list(changes)))


def placed(found: list[origins.Origin]) -> list[tuple[str, float, str]]:
    return [(each.window, each.part, f"{pd.Timestamp(each.at, unit='us'):%m-%d}") for each in found]


CLOSED = {"state": "closed", "closed_at": "2026-03-05"}
NOW = micros_of(TODAY)


def test_parts_of_the_window_that_was_planned_need_no_hindsight():
    # begun 5 January, due by the end of 14 February: 41 days
    planned = one(changes=[due("m", utc("2026-01-02"), utc("2026-02-14"))], **CLOSED)
    assert placed(origins.by_part(planned, as_of=NOW)) == [
        ("planned", 0.25, "01-15"),
        ("planned", 0.5, "01-25"),
        ("planned", 0.75, "02-04"),
    ]


def test_without_a_due_date_known_then_the_way_it_really_took_is_cut_up():
    # begun 5 January, over 2 March: 56 days
    expected = [("actual", 0.25, "01-19"), ("actual", 0.5, "02-02"), ("actual", 0.75, "02-16")]
    assert placed(origins.by_part(one(**CLOSED), as_of=NOW)) == expected
    seen_too_late = one(changes=[due("m", utc("2026-05-01"), utc("2026-02-14"))], **CLOSED)
    assert placed(origins.by_part(seen_too_late, as_of=NOW)) == expected


def test_before_the_due_date_was_said_and_after_the_end_there_is_no_forecast():
    late_said = one(changes=[due("m", utc("2026-01-20"), utc("2026-02-14"))], **CLOSED)
    assert [part for _, part, _ in placed(origins.by_part(late_said, as_of=NOW))] == [0.5, 0.75]
    early_done = one(changes=[due("m", utc("2026-01-02"), utc("2026-06-04"))], **CLOSED)
    assert [part for _, part, _ in placed(origins.by_part(early_done, as_of=NOW))] == [0.25]


def test_open_milestones_are_looked_at_weekly_and_at_parts_of_their_plan():
    is_open = one(changes=[due("m", utc("2026-01-02"), utc("2026-02-14"))], end="2026-12-01")
    assert len(origins.by_part(is_open, as_of=NOW)) == 3
    assert origins.by_part(one(end="2026-12-01"), as_of=NOW) == []
    weekly = placed(origins.by_week(is_open, as_of=micros_of(utc("2026-02-01"))))
    assert [on for _, _, on in weekly] == ["01-12", "01-19", "01-26"]


@pytest.fixture(scope="module")
def rows():
    return forecast.backtest(history(organisation()), as_of=TODAY, futures=QUICK, weekly=True)


def test_forecasts_learn_only_from_those_resolved_by_then(rows):
    parts = rows[rows["window"] != "weekly"]
    assert (parts["n_resolved"] > 0).any()
    for row in parts[parts["n_resolved"] > 0].itertuples():
        before = parts[(parts["known_at"] <= row.at) & parts["raw_q005"].notna()]
        assert before["milestone"].nunique() >= 5
        assert 5 <= row.n_resolved <= len(before)
    first = rows[rows["n_resolved"] == 0]
    same = first["p85_weeks"].isna() | (first["p85_weeks"] == first["raw_q085"])
    assert same.all()


def test_a_backtest_of_what_was_known_earlier_is_the_earlier_part_of_it(rows):
    then = utc("2025-06-30")
    world = organisation()
    earlier = forecast.backtest(history(world, as_of=then), as_of=then, futures=QUICK, weekly=True)
    keys = ["milestone", "at", "window"]
    both = earlier.merge(rows, on=keys, suffixes=("", "_later"))
    assert len(both) > 200
    for column in ("p50_weeks", "p85_weeks", "p_on_time", "linear_p85", "reference_class_p85", "n_resolved"):
        pd.testing.assert_series_equal(both[column], both[f"{column}_later"], check_names=False)


def test_what_could_be_judged_earlier_is_what_a_backtest_of_then_tells(rows):
    then = utc("2025-06-30")
    earlier = forecast.backtest(history(organisation(), as_of=then), as_of=then, futures=QUICK, weekly=True)
    place = ["milestone", "at", "window"]
    seen = forecast.known_by(rows, as_of=then).set_index(place).sort_index()
    columns = ["over_at", "known_at", "actual_weeks", "open_weeks", "is_on_time"]
    pd.testing.assert_frame_equal(seen[columns], earlier.set_index(place).sort_index()[columns])
    assert 0 < seen["open_weeks"].notna().sum() < len(seen) < len(rows)


def test_what_a_history_has_learned_since_is_left_aside(rows):
    wise = replace(history(organisation()), learned=forecast.said(rows))
    again = forecast.backtest(wise, as_of=TODAY, futures=QUICK)
    parts = rows[rows["window"] != "weekly"].reset_index(drop=True)
    pd.testing.assert_frame_equal(again, parts)


def test_the_order_of_rows_does_not_matter(rows):
    world = {name: shuffled(table) for name, table in organisation().items()}
    again = forecast.backtest(history(world), as_of=TODAY, futures=QUICK, weekly=True)
    pd.testing.assert_frame_equal(again, rows)


def test_quantiles_rise_and_outcomes_are_told_where_they_are_known(rows):
    said = rows[rows["p50_weeks"].notna()]
    assert (said["p50_weeks"] <= said["p85_weeks"]).all()
    assert (said["p85_weeks"] <= said["p95_weeks"]).all()
    took = (rows["over_at"] - rows["at"]).dt.total_seconds() / (7 * 86_400)
    pd.testing.assert_series_equal(rows["actual_weeks"], took, check_names=False)
    assert (rows["actual_weeks"].isna() == rows["open_weeks"].notna()).all()
    on_time = (rows["over_at"] <= rows["due_on_at"]).astype(float)
    known = rows["is_on_time"].notna() & rows["over_at"].notna()
    assert (rows["is_on_time"] == on_time)[known].all()


def test_too_little_scope_is_no_case(rows):
    few = forecast.backtest(history(organisation()), as_of=TODAY, futures=QUICK, weekly=True, least_scope=15)
    assert 0 < len(few) == (rows["scope"] >= 15).sum() < len(rows)
    assert (few["scope"] >= 15).all()


def told(**columns) -> pd.DataFrame:
    """Four forecasts of two milestones, all closed unless told otherwise."""
    plain = {
        "milestone": ["m", "m", "n", "n"], "status": "ok", "actual_weeks": [2.0, 4.0, 6.0, 8.0], "open_weeks": math.nan,
        "window_weeks": [4.0, 4.0, 10.0, 0.5], "p50_weeks": 5.0, "p85_weeks": 7.0, "p95_weeks": 9.0,
    }  # fmt: skip
    return pd.DataFrame({**plain, **columns})


def test_coverage_counts_what_held():
    found = scores.coverage(told()).set_index("level")
    assert found["n_held"].tolist() == [2, 3, 4]
    assert found["held_share"].tolist() == [0.5, 0.75, 1.0]
    assert found.loc["p85", "by_milestone_share"] == 0.75
    assert found.loc["p85", ["n", "n_milestones"]].tolist() == [4, 2]


def test_never_is_no_date_that_held_and_is_counted_apart():
    some_never = told(p95_weeks=[math.inf, 9.0, math.inf, 9.0], actual_weeks=[2.0, 4.0, math.nan, 8.0])
    found = scores.coverage(some_never).set_index("level")
    assert found.loc["p95", ["n", "n_held", "n_never"]].tolist() == [2, 2, 1]  # one never is still open: who knows
    assert found.loc["p85", "n_never"] == 0


def test_whole_forecasts_are_scored_where_something_came():
    found = scores.distribution(told(crps_weeks=[1.0, 2.0, math.nan, 6.0], pit=[0.2, 0.4, math.nan, 0.9])).iloc[0]
    assert found[["n", "n_milestones", "crps_weeks"]].tolist() == [3, 2, 3.0]
    assert found["mean_pit"] == pytest.approx(0.5)


def test_open_milestones_past_their_date_are_misses_and_those_before_are_no_cases():
    some_open = told(actual_weeks=[2.0, 4.0, math.nan, math.nan], open_weeks=[math.nan, math.nan, 8.0, 6.0])
    found = scores.coverage(some_open).set_index("level")
    assert found["n"].tolist() == [4, 3, 2]
    assert found["held_share"].tolist() == [0.5, 2 / 3, 1.0]
    assert scores.coverage(some_open.dropna(subset="actual_weeks"))["held_share"].tolist() == [1.0, 1.0, 1.0]


def test_the_worst_slips_are_still_open():
    # Days from the start to the end and to the P85 of six milestones, looked at after a hundred days.
    actual, p85 = [50, 70, 90, 99, math.nan, math.nan], [60.0, 80, 95, 80, 90, 120]
    open_weeks = [math.nan] * 4 + [100.0] * 2
    six = pd.DataFrame({
        "milestone": list("abcdef"), "status": "ok", "at": utc("2026-01-01"), "actual_weeks": actual,
        "open_weeks": open_weeks, "p50_weeks": p85, "p85_weeks": p85, "p95_weeks": p85,
    })  # fmt: skip
    assert _p85(six)[["n_held", "n", "n_milestones", "held_share"]].tolist() == [3, 5, 5, 0.6]
    assert _p85(six[:4])[["n_held", "n"]].tolist() == [3, 4]


def _p85(rows: pd.DataFrame) -> pd.Series:
    return scores.coverage(rows).set_index("level").loc["p85"]


def test_what_named_no_date_is_left_out_and_counted():
    nothing = [5.0, math.nan, math.nan, math.nan]
    silent = told(
        status=["ok", "no_history", "no_throughput", "no_throughput"], at=utc("2026-01-01"),
        p50_weeks=nothing, p85_weeks=nothing, p95_weeks=nothing,
    )  # fmt: skip
    assert scores.coverage(silent)["n"].tolist() == [1, 1, 1]
    left = scores.left_out(silent)
    assert dict(zip(left["status"], left["n"], strict=True)) == {"no_history": 1, "no_throughput": 2}


def test_baselines_are_compared_where_they_say_anything():
    blank = {f"{name}_{level}": math.nan for name in _names() for level in ("p50", "p85")}
    raw = {"raw_q050": 5.0, "raw_q085": 7.0}
    given = told(**{**blank, **raw, "linear_p85": [1.0, 4.0, math.nan, math.inf]})
    found = scores.against_baselines(given).set_index(["method", "level"])
    linear, ours = found.loc[("linear", "p85")], found.loc[("ours", "p85")]
    # ours: 5, 3, 1 too late at .15 each and 1 too early at .85; linear: 1 early, right, silent, never (96 late)
    assert ours["pinball_weeks"] == pytest.approx((0.75 + 0.45 + 0.15 + 0.85) / 4)
    assert ours["pinball_share"] == pytest.approx((0.75 / 4 + 0.45 / 4 + 0.15 / 10 + 0.85 / 1) / 4)
    assert linear["n"] == 3
    assert linear["pinball_weeks"] == pytest.approx((0.85 + 0 + 0.15 * 96) / 3)
    assert linear["ours_weeks"] == pytest.approx((0.75 + 0.45 + 0.85) / 3)
    assert found.loc[("due_holds", "p85"), "n"] == 0


def _names() -> tuple[str, ...]:
    return scores.BASELINES


def test_chances_are_scored_against_the_base_rate():
    said = told(p_on_time=[0.9, 0.8, 0.3, 0.2], is_on_time=[1.0, 1.0, 0.0, 1.0])
    found = scores.on_time(said).iloc[0]
    assert found[["brier", "climatology", "skill"]].tolist() == pytest.approx([0.195, 0.1875, -0.04])
    assert found["happened_share"] == 0.75


def test_the_chance_to_be_done_within_weeks_needs_no_due_date():
    levels = {name: 1.0 + place for place, name in enumerate(scores.QUANTILES)}  # 1 … 20 weeks
    given = told(**levels, actual_weeks=[2.0, 6.0, math.nan, math.nan])
    given = given.assign(open_weeks=[math.nan, math.nan, 3.0, 9.0])
    found = scores.within(given, weeks=(4,)).iloc[0]
    assert found[["n", "happened_share"]].tolist() == [3, pytest.approx(1 / 3)]  # one is open and was not four weeks
    assert found["brier"] == pytest.approx((0.8**2 + 0.2**2 + 0.2**2) / 3)


def test_outcomes_are_counted_by_where_they_lay():
    found = scores.spread(told(pit=[0.05, 0.5, 0.95, 1.0]), n_bins=4)
    assert found["n"].tolist() == [1, 0, 1, 2]
    assert found["low"].tolist() == [0.0, 0.25, 0.5, 0.75]


def test_no_rows_give_scores_without_cases():
    nothing = forecast.backtest(history(tables(of=[])), as_of=TODAY)
    assert scores.coverage(nothing)["n"].tolist() == [0, 0, 0]
    assert scores.against_baselines(nothing)["n"].sum() == 0
    assert scores.on_time(nothing)["n"].tolist() == [0]
    assert scores.within(nothing)["n"].sum() == 0
    assert scores.spread(nothing)["n"].sum() == 0
    assert scores.left_out(nothing).empty
    assert np.isnan(scores.coverage(nothing)["held_share"]).all()
