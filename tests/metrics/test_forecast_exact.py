"""The plain bootstrap, exactly, and the baselines: figures worked by hand."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.forecast import baselines
from metrics.forecast.engine import Futures, trials_to_finish
from metrics.forecast.exact import plain_bootstrap
from tests.metrics.build import day
from tests.metrics.forecast_world import stands

STEADY = Futures(pace_sd=0.0)


def quantiles(samples, remaining, *levels, **more) -> list[float]:
    return [plain_bootstrap(samples, remaining, **more).quantile(q) for q in levels]


def test_constant_throughput_leaves_no_doubt():
    found = plain_bootstrap([5], 20)
    assert found.status == "ok"
    assert [found.quantile(q) for q in (0.5, 0.85, 0.95)] == [4, 4, 4]
    assert found.share_by(3) == 0
    assert found.share_by(4) == 1


def test_weeks_without_a_finish_make_the_tail():
    found = plain_bootstrap([0, 4], 4)
    assert [found.quantile(q) for q in (0.5, 0.85, 0.95)] == [1, 3, 5]
    assert found.share_by(2) == 0.75
    assert found.quantile(0.95) != 4 / np.mean([0, 4])


def test_no_throughput_gives_no_date():
    found = plain_bootstrap([0, 0, 0], 3)
    assert found.status == "no_throughput"
    assert [found.quantile(q) for q in (0.5, 0.85)] == [math.inf, math.inf]
    assert np.isinf(trials_to_finish(stands([0, 0, 0], 3), seed=1)).all()


def test_nothing_remaining_is_done():
    assert plain_bootstrap([3], 0).status == "done"
    assert quantiles([3], 0, 0.5) == [0]
    assert not trials_to_finish(stands([3], 0), seed=1).any()


def test_scope_that_grows_takes_longer():
    assert quantiles([5], 10, 0.5, 0.85, growth_per_week=1) == [3, 3]  # 10 of 12 after two weeks, 15 of 13 after three
    assert quantiles([5], 10, 0.5) == [2]


def test_scope_that_grows_as_fast_as_it_is_done_is_never_done():
    found = plain_bootstrap([2], 4, growth_per_week=2)
    assert found.status == "never"
    assert found.quantile(0.5) == math.inf


def test_a_team_that_also_does_other_things_is_slower():
    assert quantiles([10], 12, 0.5, focus=0.4) == [3]
    assert quantiles([10], 12, 0.5) == [2]


def test_what_is_not_done_within_the_horizon_is_infinite_and_not_left_out():
    found = plain_bootstrap([0] * 9 + [1], 20, horizon=104)
    assert found.done[-1] < 0.5
    assert found.status == "never"
    assert quantiles([0] * 9 + [1], 20, 0.5, 0.95) == [math.inf, math.inf]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 6), min_size=1, max_size=4), st.integers(1, 12), st.integers(0, 1))
def test_the_exact_chances_are_those_of_all_futures_counted_one_by_one(samples, remaining, growth):
    weeks = 4
    done = np.zeros(weeks + 1)
    for future in np.ndindex(*(len(samples),) * weeks):
        drawn = [samples[place] for place in future]
        reached = [k for k in range(1, weeks + 1) if sum(drawn[:k]) >= remaining + growth * k]
        if reached:
            done[reached[0] :] += 1
    found = plain_bootstrap(samples, remaining, growth_per_week=growth, horizon=weeks)
    assert found.done == pytest.approx(done / len(samples) ** weeks, abs=1e-9)


def test_the_simulation_ends_within_its_last_week_where_a_steady_pace_takes_it():
    # 12 left at 5 a week: two whole weeks and two of five items of the third, 2.4 weeks, 16.8 days
    ends = trials_to_finish(stands([5] * 6, 12), seed=1, futures=STEADY)
    assert ends == pytest.approx(np.full(10_000, 2.4))
    exact = trials_to_finish(stands([5] * 6, 20), seed=1, futures=STEADY)
    assert exact == pytest.approx(np.full(10_000, 4.0))


def test_which_weeks_were_typical_is_uncertain():
    # One week of two was empty. A week without a finish makes such weeks likelier: after k weeks it is still open with
    # 1/2 x 2/3 x 3/4 … = 1/(k+1). The plain bootstrap, sure of its weeks, says 1/2^k.
    ends = trials_to_finish(stands([0, 4], 4), seed=1, futures=STEADY)
    for week in range(1, 9):
        assert np.mean(ends > week) == pytest.approx(1 / (week + 1), abs=0.015)


def test_the_simulation_agrees_with_a_loop_that_draws_the_weights():
    samples, rng = [0, 1, 2, 5, 3, 3], np.random.default_rng(5)
    loop = []
    for _ in range(2_000):
        weights, left, week = rng.dirichlet(np.ones(len(samples))), 20.0, 0
        pace = 0.0
        while True:
            pace += 0.06 if rng.random() < 0.5 else -0.06
            done = rng.choice(samples, p=weights) * math.exp(pace)
            if done >= left:
                loop.append(week + left / done)
                break
            left, week = left - done, week + 1
    ends = trials_to_finish(stands(samples, 20), seed=1)
    for q in (0.1, 0.5, 0.85, 0.95):
        assert np.quantile(ends, q) == pytest.approx(np.quantile(loop, q), rel=0.06)


def test_trials_that_do_not_end_are_infinite_and_counted():
    ends = trials_to_finish(stands([0] * 25 + [1], 4), seed=1, futures=STEADY)
    assert len(ends) == 10_000
    unfinished = np.isinf(ends).mean()
    assert 0.3 < unfinished < 0.9
    finished_only = np.quantile(ends[np.isfinite(ends)], 0.85)
    assert np.isinf(np.quantile(ends, 0.85, method="inverted_cdf"))
    assert finished_only < 104


def test_the_reference_class_adds_slips_that_happened_to_the_due_date():
    dates = baselines.slip_dates(pd.Series([0, 0, 5, 10, 30]), day("2026-06-01"), [0.5, 0.85])
    assert dates == [day("2026-06-06"), day("2026-07-01")]


def test_the_linear_burn_up_goes_on_at_the_average_pace():
    assert baselines.linear_burn_up(12, 20, 6) == 4
    assert baselines.linear_burn_up(0, 20, 6) == math.inf
    assert baselines.linear_burn_up(20, 20, 6) == 0


def test_jira_is_ten_percent_off_either_way():
    assert baselines.jira_velocity(12, 20, 6) == pytest.approx((4 / 1.1, 4, 4 / 0.9))


def test_the_last_three_periods_count_weeks_of_nothing():
    assert baselines.last_three([9, 9, 0, 2, 4], 8) == 4
    assert baselines.last_three([9, 0, 0, 0], 8) == math.inf
    assert math.isnan(baselines.last_three([4, 4], 8))
