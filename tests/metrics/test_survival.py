"""Survival: pending is "at least this long", not absent."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics import survival

followed = st.lists(st.tuples(st.integers(0, 12), st.booleans()), min_size=1, max_size=40)


def curve(*durations: float, waiting: tuple[float, ...] = ()) -> pd.DataFrame:
    times = pd.Series([*durations, *waiting], dtype=float)
    return survival.kaplan_meier(times, pd.Series([True] * len(durations) + [False] * len(waiting), dtype=bool))


def by_hand(rows: list[tuple[int, bool]]) -> list[tuple[float, float, int, int]]:
    """Kaplan–Meier as the textbook says it, one time after another."""
    out, still_waiting = [], 1.0
    for time in sorted({t for t, _ in rows}):
        at_risk = sum(t >= time for t, _ in rows)
        events = sum(t == time and happened for t, happened in rows)
        still_waiting *= 1 - events / at_risk
        out.append((float(time), still_waiting, at_risk, events))
    return out


def test_waiting_requests_are_censored_not_dropped():
    # 5/6, 4/6, then one of the four left stops being followed at 3, so 4/9 at 4
    answers = curve(1, 2, 4, 8, waiting=(3, 10))
    assert answers["survival"].tolist() == pytest.approx([5 / 6, 4 / 6, 4 / 6, 4 / 9, 2 / 9, 2 / 9])
    assert survival.quantile(answers, 0.5) == 4
    # 1 + 5/6 + 2 · 4/6 + 4 · 4/9
    assert survival.restricted_mean(answers, 8) == pytest.approx(4.944444, abs=1e-6)


def test_where_nobody_has_answered_yet_the_median_is_not_reached():
    nobody = curve(waiting=(5, 9))
    assert survival.quantile(nobody, 0.5) == math.inf
    assert survival.restricted_mean(nobody, 8) == 8


def test_no_data_is_neither_zero_nor_an_error():
    nothing = curve()
    assert nothing.empty
    assert list(nothing) == ["time", "survival", "n_at_risk", "n_events"]
    assert math.isnan(survival.quantile(nothing, 0.5))
    assert math.isnan(survival.restricted_mean(nothing, 8))
    assert math.isnan(survival.share_by(nothing, 24))


def test_one_half_is_reached_although_fractions_are_rounded():
    assert survival.quantile(curve(1, 2, 3, 4, 5, 6), 0.5) == 3
    assert survival.quantile(curve(*range(1, 15)), 0.5) == 7


def test_durations_below_zero_are_faults_and_left_out():
    assert curve(-1, math.nan, 2)["n_at_risk"].tolist() == [1]


def test_the_share_answered_within_a_day_needs_somebody_followed_that_long():
    assert survival.share_by(curve(2, 30), 24) == 0.5
    assert survival.share_by(curve(2, waiting=(30,)), 24) == 0.5
    assert math.isnan(survival.share_by(curve(2, waiting=(3,)), 24))
    assert survival.share_by(curve(2, 3), 24) == 1


@given(followed)
def test_it_agrees_with_the_textbook(rows):
    got = survival.kaplan_meier(pd.Series([t for t, _ in rows]), pd.Series([e for _, e in rows]))
    assert [tuple(row) for row in got.itertuples(index=False)] == [pytest.approx(row) for row in by_hand(rows)]


@given(followed, st.randoms(use_true_random=False))
def test_row_order_does_not_matter(rows, random):
    mixed = random.sample(rows, len(rows))
    ordered, shuffled = (
        survival.kaplan_meier(pd.Series([t for t, _ in some]), pd.Series([e for _, e in some]))
        for some in (rows, mixed)
    )
    pd.testing.assert_frame_equal(ordered, shuffled)


@given(st.lists(st.integers(0, 50), min_size=1, max_size=40), st.sampled_from([0.25, 0.5, 0.75, 0.9]))
def test_without_censoring_it_is_the_plain_distribution(durations, q):
    all_seen = curve(*durations)
    for time, waits in zip(all_seen["time"], all_seen["survival"], strict=True):
        assert waits == pytest.approx(np.mean(np.array(durations) > time))
    assert survival.quantile(all_seen, q) == np.quantile(durations, q, method="inverted_cdf")
    assert survival.restricted_mean(all_seen, 100) == pytest.approx(np.mean(durations))


@given(followed, followed)
def test_groups_are_curves_of_their_own(left, right):
    rows = [*left, *right]
    groups = pd.Series([7] * len(left) + [3] * len(right))
    both = survival.kaplan_meier_by(groups, pd.Series([t for t, _ in rows]), pd.Series([e for _, e in rows]))
    for group, own in ((7, left), (3, right)):
        curve_of_group = both[both["group"] == group].drop(columns="group")
        assert [tuple(row) for row in curve_of_group.itertuples(index=False)] == [
            pytest.approx(row) for row in by_hand(own)
        ]
