"""Scores of forecasts, with figures worked by hand and plain loops beside them."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics import scoring

finite = st.floats(0, 200, allow_nan=False).map(lambda value: round(value, 3))
ensembles = st.lists(finite, min_size=1, max_size=12)
chances = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=30)


def test_a_date_missed_costs_more_than_one_named_too_late():
    losses = scoring.pinball(10, [8, 14, 8], [0.5, 0.85, 0.85])
    assert losses.tolist() == pytest.approx([1.0, 0.6, 1.7])
    assert losses.tolist() != [2, 4, 2]  # the distance alone


def test_a_forecast_of_never_is_infinitely_wrong_unless_it_never_came():
    assert scoring.pinball(10, math.inf, 0.85) == math.inf
    assert math.isnan(scoring.pinball(math.inf, math.inf, 0.85))


def test_both_estimators_of_the_crps_are_told_apart():
    # mean distance (2 + 0 + 4) / 3; all pairs differ by 24 together: over 2 x 9 or 2 x 6
    assert scoring.crps([8, 10, 14], 10) == pytest.approx(2 - 24 / 18)
    assert scoring.crps([8, 10, 14], 10, estimator="fair") == pytest.approx(0)
    assert scoring.crps([8, 10, 14], 10) != 2  # the mean absolute error


def test_an_ensemble_that_may_never_end_has_an_infinite_crps_and_none_has_no_crps():
    assert scoring.crps([8, 10, math.inf], 10) == math.inf
    assert scoring.crps([8, 10], math.inf) == math.inf
    assert math.isnan(scoring.crps([], 10))
    assert math.isnan(scoring.crps([8], 10, estimator="fair"))
    assert scoring.crps([8], 10) == 2


@given(ensembles, finite, st.sampled_from(["nrg", "fair"]))
def test_crps_is_that_of_a_loop_over_all_pairs(ensemble, actual, estimator):
    n = len(ensemble)
    pairs = n * n if estimator == "nrg" else n * (n - 1)
    distance = sum(abs(member - actual) for member in ensemble) / n
    spread = sum(abs(one - other) for one, other in itertools.product(ensemble, repeat=2))
    found = scoring.crps(ensemble, actual, estimator=estimator)
    if pairs:
        assert found == pytest.approx(distance - spread / (2 * pairs), abs=1e-9)
        assert estimator == "fair" or found >= -1e-9
    else:
        assert math.isnan(found)


def test_a_brier_score_that_looks_good_may_be_worse_than_the_base_rate():
    found = scoring.brier([0.9, 0.8, 0.3, 0.2], [1, 1, 0, 1])
    assert found == pytest.approx((0.195, 0.1875, -0.04))


def test_where_everything_happened_there_is_no_skill_to_speak_of():
    score, climatology, skill = scoring.brier([0.9, 0.8], [1, 1])
    assert (score, climatology) == pytest.approx((0.025, 0.0))
    assert math.isnan(skill)
    assert all(math.isnan(value) for value in scoring.brier([], []))


@given(chances)
def test_brier_is_that_of_a_loop(cases):
    found = scoring.brier(*zip(*cases, strict=True))
    assert found.score == pytest.approx(sum((p - y) ** 2 for p, y in cases) / len(cases))
    rate = sum(y for _, y in cases) / len(cases)
    assert found.climatology == pytest.approx(sum((rate - y) ** 2 for _, y in cases) / len(cases))


def test_the_wilson_interval_of_8_in_10():
    # centre (.8 + 3.8415/20) / 1.38415, half 1.95996 sqrt(.016 + 3.8415/400) / 1.38415
    low, high = scoring.wilson(8, 10)
    assert (low, high) == pytest.approx((0.4902, 0.9433), abs=1e-4)
    assert scoring.wilson(0, 10).low == 0
    assert scoring.wilson(10, 10).high == pytest.approx(1)
    assert all(math.isnan(end) for end in scoring.wilson(0, 0))


def test_many_forecasts_of_one_milestone_are_hardly_more_than_one():
    hits, one_each, two_alike = [1, 1, 0, 1] * 5, range(20), [n // 2 for n in range(20)]
    plain = scoring.wilson(15, 20)
    assert scoring.clustered_wilson(hits, one_each)[0] <= plain[0] + 1e-9
    copies = np.repeat(hits, 5)
    wide = scoring.clustered_wilson(copies, np.repeat(np.arange(20), 5))
    assert wide == pytest.approx(scoring.clustered_wilson(hits, one_each))
    assert scoring.wilson(75, 100).low > wide.low
    assert scoring.clustered_wilson([1, 1, 1, 1], [1, 1, 2, 2]) == pytest.approx(scoring.wilson(2, 2))
    assert all(math.isnan(end) for end in scoring.clustered_wilson([], []))
    assert scoring.clustered_wilson(hits, two_alike).low <= plain.low + 1e-9


def test_the_outcome_lies_in_the_middle_of_its_ties():
    assert scoring.mid_pit([1, 2, 3, 4], 2.5) == 0.5
    assert scoring.mid_pit([1, 2, 2, 4], 2) == 0.5
    assert scoring.mid_pit([5, 6], 2) == 0
    assert scoring.mid_pit([5, math.inf], math.inf) == 0.75
    assert math.isnan(scoring.mid_pit([], 1))


def test_what_was_said_is_laid_beside_what_happened():
    bins = scoring.reliability([0.1, 0.15, 0.6, 0.75, 1.0], [0, 1, 1, 0, 1])
    assert bins["n"].tolist() == [2, 0, 0, 2, 1]  # .6 belongs to the upper bin, 1 to the last
    assert bins.loc[[0, 3, 4], "happened_share"].tolist() == [0.5, 0.5, 1]
    assert bins.loc[[0, 3, 4], "mean_said"].tolist() == pytest.approx([0.125, 0.675, 1.0])
    assert bins.loc[1, ["mean_said", "happened_share", "wilson_low"]].isna().all()
    assert scoring.reliability([], [])["n"].tolist() == [0] * 5


@given(chances)
def test_reliability_counts_every_case_once(cases):
    bins = scoring.reliability(*zip(*cases, strict=True))
    assert bins["n"].sum() == len(cases)
    assert (bins["happened_share"].fillna(0) * bins["n"]).sum() == pytest.approx(sum(y for _, y in cases))


def test_an_open_milestone_past_its_date_is_a_miss():
    actual, p85 = [50, 70, 90, 99, np.nan, np.nan], [60, 80, 95, 80, 90, 120]
    assert scoring.coverage(actual, p85, as_of=100) == (5, 0.6)
    closed_only = scoring.coverage(actual[:4], p85[:4], as_of=100)
    assert closed_only == (4, 0.75)
    assert scoring.coverage([], [], as_of=100)[0] == 0
