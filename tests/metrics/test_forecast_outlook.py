"""One milestone's outlook: which way of forecasting fits, what it refuses to say, and what holds for all of them."""

import math
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.forecast import reference
from metrics.forecast.engine import Futures, seed_of, trials_to_finish
from metrics.forecast.outlook import LEVELS, P50, P85, P95, expected_lateness, look_ahead, members, share_by
from metrics.forecast.recalibration import LEARNED, recalibrated
from metrics.forecast.reference import Ended
from tests.metrics.forecast_world import others, stands

QUICK = Futures(trials=500)
STEADY = Futures(trials=500, pace_sd=0.0)
finishes = st.lists(st.integers(0, 8), min_size=6, max_size=26)


def test_a_steady_pace_gives_one_answer():
    found = look_ahead(stands([5] * 10, remaining=12), others(), seed=1, futures=STEADY)
    assert (found.status, found.way, found.n_weeks) == ("ok", "own", 10)
    assert found.weeks == pytest.approx(np.full(200, 2.4))


def test_scope_that_keeps_arriving_less_and_less_takes_longer_than_none_and_less_than_for_ever():
    # 2 a week done, 1 a week comes. For ever: 10 weeks. Halving every 6 weeks: what comes in all is at most 8.7.
    took = {
        share: float(np.median(trials_to_finish(stands([2] * 6, 10, [came] * 6), seed=1, futures=one)))
        for share, came, one in (
            (0.0, 0, STEADY),
            (1.0, 1, Futures(trials=500, pace_sd=0.0, half_life_share=1.0)),
            (1e6, 1, Futures(trials=500, pace_sd=0.0, half_life_share=1e6)),
        )
    }
    assert took[0.0] == pytest.approx(5)
    assert took[1e6] == pytest.approx(10, abs=0.05)
    assert 7 < took[1.0] < 9


def test_a_pace_that_may_drift_is_less_sure():
    sure, unsure = (trials_to_finish(stands([3, 5] * 6, 40), seed=1, futures=Futures(pace_sd=sd)) for sd in (0.0, 0.12))
    width = [np.quantile(ends, 0.95) - np.quantile(ends, 0.05) for ends in (sure, unsure)]
    assert width[1] > 1.3 * width[0]


def test_with_less_than_six_weeks_it_takes_as_long_as_others_took():
    found = look_ahead(stands([2, 3], elapsed_weeks=2.0), others(1, 3, 4, 5, 6, 12), seed=1)
    assert (found.status, found.way, found.n_weeks, found.n_reference) == ("ok", "reference", 2, 5)
    # of those that took longer than two weeks: 1, 2, 3, 4 and 10 more
    assert [found.weeks[place] for place in (P50, P85, P95)] == pytest.approx([3, 10, 10])


def test_with_neither_weeks_nor_others_nothing_is_said():
    found = look_ahead(stands([2, 3], elapsed_weeks=2.0), others(1, 3, 4, 5, 6), seed=1)
    assert (found.status, found.way) == ("no_history", "none")
    assert np.isnan(found.weeks).all()


@pytest.mark.parametrize(
    ("given_", "status", "weeks"),
    [
        (stands([5] * 8, remaining=0), "done", 0.0),
        (stands([5] * 8, remaining=0, scope=0), "empty", math.nan),
        (stands([0] * 8, remaining=3), "no_throughput", math.nan),
        (stands([1] * 8, remaining=3, arrived=[2] * 8, elapsed_weeks=1e6), "never", math.inf),
    ],
)
def test_what_stands_in_the_way_of_a_date_is_said(given_, status, weeks):
    found = look_ahead(given_, others(*range(1, 9)), seed=1, futures=STEADY)
    assert found.status == status
    assert found.weeks[P50] == pytest.approx(weeks, nan_ok=True)


def test_a_milestone_may_be_closed_before_its_work_is_done():
    slow = stands([1] * 8, remaining=30)
    alone = look_ahead(slow, others(), seed=1, futures=STEADY)
    among = look_ahead(slow, others(*([10.0] * 10), left=True), seed=1, futures=STEADY)
    assert alone.weeks[P50] == pytest.approx(30)
    assert among.weeks[P50] == pytest.approx(2)  # others were closed in their tenth week, and eight have passed
    finished = look_ahead(slow, others(*([10.0] * 10), left=False), seed=1, futures=STEADY)
    assert finished.weeks[P50] == pytest.approx(30)  # their work was done: that says nothing about being closed early


def test_closings_are_followed_as_kaplan_and_meier_do():
    took = others(3, 4, 4, 5, 6)
    past = Ended(took.milestone, took.kin, took.began_at, took.over_at, took.closed_at, np.array([1, 0, 1, 0, 1], bool))
    weeks, chance = reference.weeks_to_closing(past, 2.0)
    # 1 of 5 after one week; 1 of 4 of the rest after two; the last one after four
    assert weeks.tolist() == pytest.approx([1, 2, 3, 4])
    assert chance.tolist() == pytest.approx([0.2, 0.2, 0, 0.6])
    drawn = reference.drawn(weeks, chance, trials=1000, seed=1)
    assert [int(np.sum(drawn == week)) for week in weeks] == [200, 200, 0, 600]


def test_the_same_milestone_and_instant_give_the_same_futures_and_others_do_not():
    ours = [seed_of("m", 1), seed_of("m", 1), seed_of("m", 2), seed_of("n", 1)]
    assert ours[0] == ours[1]
    assert len(set(ours)) == 3
    assert seed_of("github:o/r/milestones/3", 0) == 6503409241104910844


@settings(max_examples=30, deadline=None)
@given(finishes, st.integers(1, 60), st.integers(1, 40), st.integers(0, 99))
def test_more_remaining_never_ends_earlier(finished, remaining, more, seed):
    arrived = [(place * 7) % 4 - 1 for place in range(len(finished))]
    less, rest = (
        trials_to_finish(stands(finished, each, arrived, elapsed_weeks=9), seed=seed, futures=QUICK)
        for each in (remaining, remaining + more)
    )
    assert (rest >= less - 1e-4).all()


@settings(max_examples=30, deadline=None)
@given(finishes.filter(any), st.integers(1, 60), st.lists(st.floats(0, 60), min_size=2, max_size=6), st.booleans())
def test_quantiles_rise_and_a_later_due_date_is_more_likely_to_hold(finished, remaining, dues, is_learned):
    past = others(*range(5, 40, 3), left=True)
    weeks = look_ahead(stands(finished, remaining=remaining), past, seed=3, futures=QUICK).weeks
    weeks = recalibrated(weeks, np.linspace(1.4, 0.6, len(LEARNED)) if is_learned else None)
    assert weeks[P50] <= weeks[P85] <= weeks[P95]
    chances = [share_by(weeks, due) for due in sorted(dues)]
    assert chances == sorted(chances)
    late = [expected_lateness(weeks, due) for due in sorted(dues)]
    assert late == sorted(late, reverse=True)


def test_a_distribution_is_kept_as_quantiles_that_occurred():
    assert members(np.array([3.0, 1.0, 2.0, 4.0]))[[P50, P85, P95]].tolist() == [2, 4, 4]
    assert members(np.array([1.0, math.inf]))[[P50, P85]].tolist() == [1, math.inf]
    thousand = members(np.arange(1, 1001.0))
    assert thousand.tolist() == (LEVELS * 1000).tolist()


def test_a_forecast_takes_no_longer_than_a_blink():
    """Far above what it takes (10 ms), so that only a change of kind is noticed."""
    begin = time.perf_counter()
    look_ahead(stands([3] * 26, remaining=200), others(*range(5, 90, 3), left=True), seed=1)
    assert time.perf_counter() - begin < 2


@settings(max_examples=20, deadline=None)
@given(finishes, st.integers(1, 60), st.integers(0, 99))
def test_each_trial_goes_its_way_whichever_others_have_ended(finished, remaining, seed):
    """A plain loop over trials that leaves none out draws the same sixteen bits."""
    futures = Futures(trials=37, horizon=60)
    arrived = [(place * 5) % 3 - 1 for place in range(len(finished))]
    bits = np.random.PCG64(seed)
    drawn = [bits.random_raw(10).view("<u2")[:37].tolist() for _ in range(60)]
    expected = [_end(finished, arrived, remaining, [week[trial] for week in drawn]) for trial in range(37)]
    found = trials_to_finish(stands(finished, remaining, arrived, elapsed_weeks=9), seed=seed, futures=futures)
    assert found.tolist() == pytest.approx(expected if any(finished) else [math.inf] * 37, rel=1e-3)


def _end(finished, arrived, remaining, drawn) -> float:
    urn, left, pace = list(range(len(finished))), float(remaining), 0.0
    for week, number in enumerate(drawn):
        past = urn[number * len(urn) // 65_536]
        urn.append(past)
        pace += 0.06 if number % 2 else -0.06
        net = finished[past] * math.exp(pace) - arrived[past] * 0.5 ** ((week + 0.5) / 4.5)
        if left <= net:
            return week + left / net
        left -= net
    return math.inf
