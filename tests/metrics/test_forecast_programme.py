"""Several milestones together: all on time, and what each one costs."""

import math

import pandas as pd
import pytest

from metrics import forecast
from metrics.forecast import Futures
from tests.metrics.build import day, encoded
from tests.metrics.forecast_world import TODAY, UNEVEN, history, milestone, tables, worked

QUICK = Futures(trials=2_000)
ROUNDING = 1 / QUICK.trials
"""A chance is told by whole futures."""


def world(**milestones):
    """Milestones by name: their project, what was finished in the last weeks, how many are left, and when it is due."""
    rows = [row for name, (_, finished, left, _) in milestones.items() for row in worked(name, finished, left)]
    of = [milestone(name, project=project, due_on=None if due is None else day(due))
          for name, (project, _, _, due) in milestones.items()]  # fmt: skip
    return tables(*rows, of=of)


def alike(*projects, left=14, due="2026-09-01", finished=UNEVEN):
    """Milestones with one history, in these projects."""
    return world(**{f"m{n}": (project, finished, left, due) for n, project in enumerate(projects)})


def together(tables_, chances=None, *, order=None):
    """`together` of all that is open, with these chances instead of those of the forecast if given."""
    past = history(tables_)
    rows = forecast.forecasts(past, as_of=TODAY, futures=QUICK)
    if chances is not None:
        rows = rows.assign(p_on_time=chances)
    if order is not None:
        rows = rows.iloc[order]
    return forecast.together(past, rows, as_of=TODAY, futures=QUICK), rows


def test_one_milestone_has_its_own_chance():
    found, rows = together(alike("p"))
    chance = rows["p_on_time"].iloc[0]
    assert 0.2 < chance < 0.8
    assert found.on_time == pytest.approx(chance, abs=ROUNDING)
    assert found.unrelated == found.weakest == chance
    assert found.without["others_on_time"].tolist() == [1]


def test_two_of_different_projects_are_on_time_with_the_product_of_their_chances():
    found, rows = together(alike("p", "q"))
    assert found.unrelated == pytest.approx(rows["p_on_time"].prod())
    assert found.on_time == pytest.approx(found.unrelated, abs=0.03)


def test_three_unrelated_ones_at_80_percent_are_all_on_time_with_about_51():
    found, _ = together(alike("p", "q", "r"), chances=0.8)
    assert found.unrelated == pytest.approx(0.512)
    assert found.on_time == pytest.approx(0.512, abs=0.03)
    assert found.weakest == 0.8


def test_two_of_one_project_with_one_history_rise_and_fall_together():
    found, rows = together(alike("p", "p"), chances=0.8)
    assert found.on_time == pytest.approx(0.8, abs=ROUNDING)  # the same futures are late for both
    assert found.on_time > found.unrelated == pytest.approx(0.64)
    unequal, _ = together(alike("p", "p"), chances=[0.5, 0.9])
    assert unequal.on_time == pytest.approx(0.5, abs=ROUNDING)
    assert len(rows) == 2


def test_those_of_one_project_are_looked_at_in_the_weeks_that_all_of_them_have():
    long = [9, 9, 9, *UNEVEN]
    found, _ = together(world(a=("p", UNEVEN, 14, "2026-09-01"), b=("p", long, 14, "2026-09-01")), chances=0.8)
    assert found.on_time == pytest.approx(0.8, abs=ROUNDING)


def test_one_too_young_to_have_a_pace_is_left_to_chance_and_does_not_part_the_others():
    three = world(
        a=("p", UNEVEN, 14, "2026-09-01"), b=("p", UNEVEN, 14, "2026-09-01"), c=("p", [2] * 3, 9, "2026-09-01")
    )
    found, _ = together(three, chances=0.8)
    without_c = found.without.set_index("milestone").loc["c", "others_on_time"]
    assert without_c == pytest.approx(0.8, abs=ROUNDING)
    assert found.on_time == pytest.approx(0.64, abs=0.03)


MIXED = {
    "a": ("p", UNEVEN, 10, "2026-08-20"),
    "b": ("p", UNEVEN[::-1], 16, "2026-09-20"),
    "c": ("q", UNEVEN, 12, "2026-09-10"),
    "d": ("q", [1, 0, 2] * 4, 5, "2026-08-10"),
    "e": ("r", [3] * 7, 20, "2026-09-01"),
}


@pytest.mark.parametrize("names", ["ab", "abc", "abcd", "abcde", "cd", "bde"])
def test_all_on_time_is_between_what_chances_allow(names):
    found, rows = together(world(**{name: MIXED[name] for name in names}))
    chances = rows["p_on_time"]
    assert found.weakest == chances.min()
    assert found.on_time <= found.weakest + ROUNDING
    assert found.on_time >= chances.sum() - (len(chances) - 1) - len(chances) * ROUNDING
    assert (found.without["others_on_time"] >= found.on_time).all()
    assert found.without["milestone"].tolist() == list(names)


def test_without_one_of_two_the_other_has_its_own_chance():
    found, rows = together(world(a=MIXED["a"], c=MIXED["c"]))
    assert found.without["others_on_time"].tolist() == pytest.approx(rows["p_on_time"].tolist()[::-1], abs=ROUNDING)


def test_the_order_of_milestones_changes_nothing():
    tables_ = world(**MIXED)
    found, _ = together(tables_)
    other, _ = together(tables_, order=[3, 0, 4, 2, 1])
    assert (other.on_time, other.weakest) == (found.on_time, found.weakest)
    assert other.unrelated == pytest.approx(found.unrelated)
    pd.testing.assert_frame_equal(other.without.sort_values("milestone", ignore_index=True), found.without)
    codes, _ = together(encoded(**tables_))
    assert codes.on_time == found.on_time


def test_one_without_a_due_date_is_no_part_of_it():
    found, _ = together(world(**MIXED))
    undated, rows = together(world(**MIXED, f=("p", UNEVEN, 3, None)))
    assert len(rows) == 6
    assert (undated.on_time, undated.unrelated, undated.weakest) == (found.on_time, found.unrelated, found.weakest)
    pd.testing.assert_frame_equal(undated.without, found.without)


def test_of_nothing_nothing_is_told():
    for nothing in (world(), world(a=("p", UNEVEN, 3, None))):
        found, _ = together(nothing)
        assert math.isnan(found.on_time)
        assert math.isnan(found.unrelated)
        assert math.isnan(found.weakest)
        full, _ = together(world(**MIXED))
        assert found.without.empty
        assert found.without.dtypes.to_dict() == full.without.dtypes.to_dict()


def test_certain_ones_cost_nothing_and_hopeless_ones_everything():
    certain, _ = together(alike("p", "q"), chances=[1.0, 0.6])
    assert certain.on_time == pytest.approx(0.6, abs=ROUNDING)
    hopeless, _ = together(alike("p", "q"), chances=[0.0, 0.6])
    assert hopeless.on_time == 0
    assert hopeless.without["others_on_time"].tolist() == pytest.approx([0.6, 0], abs=ROUNDING)
