"""Learning from forecasts whose end is known: milestones teach, not forecasts, and few of them teach little."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.forecast import weekly
from metrics.forecast.outlook import LEVELS, P50, P85
from metrics.forecast.recalibration import LEARNED, Resolved, believed, factors, ratios, reached, recalibrated
from metrics.forecast.weekly import Said, effective
from metrics.instants import DAY, NEVER, WEEK

AT50, AT85 = LEARNED.tolist().index(P50), LEARNED.tolist().index(P85)


def rows_of(said: list[float]) -> np.ndarray:
    return np.tile(np.asarray(said, dtype=float)[:, None], (1, len(LEARNED)))


def resolved(actual, said, *, milestone=None, way="own", known_at=0) -> Resolved:
    """Forecasts of one milestone each, unless told otherwise."""
    n = len(actual)
    which = np.arange(n) if milestone is None else np.array(milestone)
    return Resolved(rows_of(said), np.array(actual, dtype=float), np.full(n, way), np.full(n, known_at), which)


def test_fewer_than_five_milestones_teach_nothing_however_often_they_were_forecast():
    assert factors(resolved([10] * 80, [5] * 80, milestone=[0, 1, 2, 3] * 20)) is None
    assert factors(resolved([10] * 5, [5] * 5)) is not None


def test_few_milestones_are_half_believed():
    assert believed(np.array([4.0, 0.25]), 2, 2).tolist() == [2.0, 0.5]
    assert factors(resolved([8] * 6, [1] * 6)) == pytest.approx(np.full(len(LEARNED), 8 ** (6 / 8)))


def test_factors_are_quantiles_of_how_far_off_we_were():
    found = factors(resolved(np.arange(1, 41), np.ones(40)))
    assert found[AT85] == pytest.approx(34 ** (40 / 42))  # 34 of 40 took no longer
    assert found[AT50] == pytest.approx(20 ** (40 / 42))
    assert found[-1] == pytest.approx(40 ** (40 / 42))


def test_every_milestone_weighs_the_same():
    # Ninety forecasts of one milestone were three times too short, those of nine others right: nine in ten milestones
    # stayed within the forecast, though one in eleven forecasts did.
    found = factors(resolved([3] * 90 + [1] * 9, [1] * 99, milestone=[0] * 90 + list(range(1, 10))))
    assert found[AT85] == pytest.approx(1.0)
    assert found[-1] == pytest.approx(3 ** (10 / 12))


def test_less_than_a_day_counts_as_one_and_never_as_the_horizon():
    found = ratios(np.array([0.0, 2.0, 52.0]), np.array([[0.0], [0.0], [math.inf]]))
    assert found[:, 0].tolist() == pytest.approx([1.0, 14.0, 0.5])


def test_a_forecast_of_never_stays_so():
    weeks = np.append(np.full(150, 4.0), np.full(50, math.inf))
    learned = recalibrated(weeks, np.full(len(LEARNED), 0.5))
    assert learned[:150].tolist() == [2.0] * 150
    assert np.isinf(learned[150:]).all()


def test_only_what_was_known_by_then_is_learned_from_and_of_the_same_way():
    own, other = resolved([10] * 8, [5] * 8, known_at=7), resolved([5] * 8, [5] * 8, way="reference", known_at=9)
    parts = ([getattr(each, name) for each in (own, other)] for name in own.__dataclass_fields__)
    both = Resolved(*(np.concatenate(columns) for columns in parts))
    assert len(both.known_by(6, way="own").actual) == 0
    assert both.known_by(8, way="reference").actual.tolist() == [10] * 8  # none of its own
    assert both.known_by(9, way="reference").actual.tolist() == [5] * 8
    four = replace(both, milestone=np.append(np.arange(8), [0, 1, 2, 3] * 2))
    assert len(four.known_by(9, way="reference").actual) == 16  # of too few milestones


def test_the_last_hundred_are_learned_from():
    old, new = np.full(60, 50.0), np.full(100, 2.0)
    both = resolved(np.append(old, new), np.ones(160))
    both = replace(both, known_at=np.append(np.zeros(60, dtype=np.int64), np.ones(100, dtype=np.int64)))
    assert both.factors(5, way="own")[0] == pytest.approx(np.full(len(LEARNED), 2 ** (100 / 102)))
    assert both.factors(5, way="own")[1] == 100


# What was said week by week.


def said(actual, forecast, *, milestone=None, at=0, known_at=1) -> Said:
    """Weekly forecasts made at an instant (weeks from 1970), known at another; open ones (NaN) have no end."""
    n = len(actual)
    which = np.arange(n) if milestone is None else np.array(milestone)
    ends = np.array([NEVER if math.isnan(each) else known_at * WEEK for each in actual])
    took = np.array(actual, dtype=float)
    return Said(rows_of(forecast), took, np.full(n, "own"), np.full(n, at * WEEK), ends, which)


def test_milestones_count_as_far_as_they_were_forecast_equally_often():
    assert effective(np.repeat(np.arange(12), 7)) == pytest.approx(12)
    assert effective(np.array([0] * 9 + [1])) == pytest.approx(100 / 82)  # one of two drowns the other
    assert effective(np.empty(0, dtype=np.int64)) == 0


def test_what_is_still_open_counts_as_at_least_so_long():
    # Forty said two weeks: twenty took three, twenty are open after four. Half had ended within one and a half times.
    found, n = said([3.0] * 20 + [math.nan] * 20, [2.0] * 40).factors(4 * WEEK, way="own")
    assert n == 20
    assert found[AT50] == pytest.approx(1.5 ** (20 / 25))
    assert found[AT85] == pytest.approx(found[AT50])  # nobody got there: as far as the last level that was reached


def test_open_ones_that_have_not_lasted_long_are_no_evidence_of_long_waits():
    # Open after half of what was said: all that ended took just that, whatever the others will do.
    found, _ = said([8.0] * 20 + [math.nan] * 20, [8.0] * 40, known_at=3).factors(4 * WEEK, way="own")
    assert found == pytest.approx(np.ones(len(LEARNED)))


def test_effectively_fewer_than_eight_closed_milestones_teach_nothing():
    assert said([3.0] * 8, [2.0] * 8).factors(4 * WEEK, way="own")[1] == 8
    assert said([3.0] * 7, [2.0] * 7).factors(4 * WEEK, way="own") == (None, 0)
    assert said([3.0] * 7 + [math.nan] * 9, [2.0] * 16).factors(4 * WEEK, way="own") == (None, 0)
    often = said([3.0] * 83, [2.0] * 83, milestone=[0] * 40 + [1] * 33 + list(range(2, 12)))
    assert often.factors(4 * WEEK, way="own") == (None, 0)


def test_what_was_said_is_learned_from_for_a_year_and_of_the_same_way():
    plain = said([3.0] * 30, [2.0] * 30)
    assert plain.factors(4 * WEEK, way="own")[0] == pytest.approx(np.full(len(LEARNED), 1.5 ** (30 / 35)))
    assert plain.factors(0, way="own") == (None, 0)  # not said before
    assert plain.factors(60 * WEEK, way="own") == (None, 0)
    assert plain.factors(4 * WEEK, way="reference") == (None, 0)


def test_what_became_known_in_the_course_of_a_day_is_learned_from_on_the_next():
    plain = said([3.0] * 30, [2.0] * 30, known_at=1)
    plain = replace(plain, known_at=plain.known_at + 1)
    assert plain.factors(WEEK + DAY - 1, way="own") == (None, 0)
    assert plain.factors(WEEK + DAY, way="own")[1] == 30


def test_no_forecast_is_more_than_doubled_or_halved():
    assert said([90.0] * 40, [2.0] * 40).factors(4 * WEEK, way="own")[0] == pytest.approx(weekly.MOST)
    assert said([0.2] * 40, [50.0] * 40).factors(4 * WEEK, way="own")[0] == pytest.approx(1 / weekly.MOST)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 9), st.booleans(), st.integers(1, 4)), min_size=1, max_size=12))
def test_reached_levels_are_those_of_a_loop(cases):
    off = np.tile(np.array([case[0] for case in cases], dtype=float)[:, None], (1, len(LEARNED)))
    weight = 1 / np.array([case[2] for case in cases])
    found = reached(off, np.array([case[1] for case in cases]), weight)
    order = sorted(range(len(cases)), key=lambda row: cases[row][0])
    survival, at_risk, levels = 1.0, weight.sum(), [1.0] * len(LEARNED)
    last = 0
    for row in order:
        survival *= 1 - (weight[row] / at_risk if cases[row][1] else 0)
        at_risk -= weight[row]
        while last < len(LEARNED) and survival <= 1 - LEVELS[LEARNED][last] + 1e-9:
            levels[last:] = [float(cases[row][0])] * (len(LEARNED) - last)
            last += 1
    assert found == pytest.approx(levels)
