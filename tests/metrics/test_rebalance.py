"""Which work should move to whom? Plans worked by hand."""

import math

import numpy as np
import pandas as pd
import pytest

from fairlead.errors import FrameError
from metrics.rebalance import frontier
from tests.metrics.build import shuffled
from tests.metrics.rebalance_world import (
    could_take,
    everybody,
    items,
    large,
    moves,
    people,
    same,
    steps,
)  # fmt: skip

THREE = people(a=1, b=1, c=1)
TASKS = items(("w", "a", 5), ("x", "a", 4), ("y", "a", 3), ("z", "a", 3))
SKILLS = could_take(("w", "b"), ("x", "b"), ("y", "c"), ("z", "c"))
"""w and x need what a and b know, y and z what a and c know."""

PAIR = people(ann=40, bob=40)


def test_each_move_buys_less_than_the_one_before_it():
    found = frontier(THREE, TASKS, SKILLS)
    assert steps(found) == {0: 15, 1: 10, 2: 7, 3: 6}
    assert moves(found, 1) == [("w", "a", "b")]
    assert moves(found, 3) == [("x", "a", "b"), ("y", "a", "c"), ("z", "a", "c")]


def test_a_step_says_who_is_at_the_top_and_that_nothing_better_exists():
    last = frontier(THREE, TASKS, SKILLS).steps.iloc[-1]
    assert (last["highest"], last["highest_hours"], last["person"], last["n_highest"]) == (6, 6, "c", 1)
    assert (last["floor"], last["gap"], last["is_proven"]) == (6, 0, True)


def test_what_skills_forbid_is_not_averaged_away():
    found = frontier(THREE, TASKS, SKILLS)
    assert found.floor == 6
    assert found.floor > 15 / 3


def test_a_budget_is_kept():
    assert steps(frontier(THREE, TASKS, SKILLS, budget=2)) == {0: 15, 1: 10, 2: 7}
    assert frontier(THREE, TASKS, SKILLS, budget=2).floor == 7


def test_load_is_compared_with_capacity():
    who = people(full=80, half=40)
    what = items(("1", "full", 40), ("2", "half", 20), ("3", "half", 20))
    found = frontier(who, what, everybody(who, what))
    assert steps(found) == {0: 1, 1: 0.75}
    move = found.moves.iloc[0]
    assert (move["from_ratio_before"], move["from_ratio_after"]) == (1, 0.5)
    assert (move["to_ratio_before"], move["to_ratio_after"]) == (0.5, 0.75)


def test_what_cannot_move_counts_all_the_same():
    who = people(ann=(40, 10), bob=(40, 26))
    what = items(("1", "ann", 20), ("2", "ann", 4))
    assert steps(frontier(who, what, everybody(who, what))) == {0: 34 / 40, 1: 30 / 40}


def test_started_items_stay_unless_asked_for():
    what = items(("1", "ann", 20, True), ("2", "ann", 4))
    given = (PAIR, what, everybody(PAIR, what))
    assert moves(frontier(*given), 1) == [("2", "ann", "bob")]
    assert steps(frontier(*given, with_started=True)) == {0: 24 / 40, 1: 20 / 40}


def test_of_plans_that_reach_as_low_the_one_that_moves_less_is_told():
    what = items(("1", "ann", 20), ("2", "ann", 4))
    assert moves(frontier(PAIR, what, everybody(PAIR, what), with_started=True), 1) == [("2", "ann", "bob")]


def test_of_receivers_who_do_as_well_the_one_who_knows_such_work_is_told():
    who = people(ann=40, bob=40, cy=40)
    what = items(("1", "ann", 10), ("2", "ann", 10))
    found = frontier(who, what, could_take(("1", "bob", 1), ("1", "cy", 5), ("2", "bob", 2)))
    assert moves(found, 1) == [("1", "ann", "cy")]
    assert found.moves["n_alike"].tolist() == [5]


def test_somebody_may_hand_on_one_thing_to_take_another():
    """Only bob could take what ann has too much of, and only if cy takes something of his."""
    who = people(ann=10, bob=10, cy=10)
    what = items(("big", "ann", 9), ("other", "ann", 9), ("small", "bob", 8))
    found = frontier(who, what, could_take(("big", "bob"), ("small", "cy")))
    assert steps(found) == {0: 1.8, 1: 1.7, 2: 0.9}
    assert moves(found, 2) == [("big", "ann", "bob"), ("small", "bob", "cy")]


def test_pinned_items_stay():
    found = frontier(THREE, TASKS, SKILLS, pinned=["w"])
    assert steps(found) == {0: 15, 1: 11, 2: 8, 3: 6}
    assert "w" not in set(found.moves["item"])
    # Without x the rest cannot be shared out any more: a keeps 5 + 4.
    assert steps(frontier(THREE, TASKS, SKILLS, pinned=["w", "x"])) == {0: 15, 1: 12, 2: 9}


def test_rejected_moves_are_not_made():
    found = frontier(THREE, TASKS, SKILLS, rejected=[("w", "b"), ("y", "c")])
    assert steps(found) == {0: 15, 1: 11, 2: 8}
    assert moves(found, 2) == [("x", "a", "b"), ("z", "a", "c")]


def test_accepted_moves_are_made_first_and_count():
    found = frontier(THREE, TASKS, SKILLS, accepted=[("w", "b")], budget=2)
    assert steps(found) == {0: 15, 1: 10, 2: 7}
    assert found.moves[found.moves["n_moves"] == 2]["is_accepted"].tolist() == [True, False]
    assert steps(frontier(THREE, TASKS, SKILLS, accepted=[("w", "b")])) == {0: 15, 1: 10, 2: 7, 3: 6}


def test_an_accepted_move_is_made_even_where_it_makes_things_worse_or_nobody_would_have_proposed_it():
    found = frontier(THREE, TASKS, SKILLS, accepted=[("w", "c")], budget=2)
    assert steps(found) == {0: 15, 1: 10, 2: 6}
    given = (people(a=1, b=1), items(("v", "a", 5), ("w", "b", 5, True)), could_take())
    assert steps(frontier(*given, accepted=[("w", "a")])) == {0: 5, 1: 10}


def test_more_accepted_than_the_budget_allows_are_made_and_nothing_else():
    found = frontier(THREE, TASKS, SKILLS, accepted=[("w", "b"), ("y", "c")], budget=1)
    assert steps(found) == {0: 15, 2: 7}


@pytest.mark.parametrize(
    ("accepted", "decided", "why"),
    [
        (("gone", "b"), {}, "the item is finished or unknown"),
        (("w", "nobody"), {}, "the person is unknown"),
        (("w", "a"), {}, "the person has it already"),
        (("w", "b"), {"pinned": ["w"]}, "the item is pinned"),
        (("w", "b"), {"rejected": [("w", "b")]}, "the move is also rejected"),
        (("w", "away"), {}, "the person has no capacity"),
    ],
)
def test_an_accepted_move_that_cannot_be_made_is_forgotten_and_told(accepted, decided, why):
    who = people(a=1, b=1, c=1, away=0)
    found = frontier(who, TASKS, SKILLS, accepted=[accepted], **decided)
    same(found, frontier(who, TASKS, SKILLS, accepted=[accepted, accepted], **decided))
    assert found.forgotten.to_dict("records") == [{"item": accepted[0], "person": accepted[1], "why": why}]
    assert not found.moves["is_accepted"].any()


def test_an_item_accepted_for_two_people_goes_to_the_first():
    found = frontier(THREE, TASKS, SKILLS, accepted=[("w", "c"), ("w", "b")])
    assert found.forgotten["why"].tolist() == ["the item goes to somebody else"]
    assert moves(found, 1) == [("w", "a", "b")]
    # Unless the first cannot have it.
    found = frontier(THREE, TASKS, SKILLS, accepted=[("w", "c"), ("w", "b")], rejected=[("w", "b")])
    assert found.forgotten["why"].tolist() == ["the move is also rejected"]
    assert moves(found, 1) == [("w", "a", "c")]


def test_what_people_without_capacity_hold_goes_first():
    who = people(away=0, ann=40, bob=40)
    what = items(("1", "away", 8), ("2", "away", 3), ("3", "ann", 30), ("4", "ann", 10))
    found = frontier(who, what, everybody(who, what))
    assert steps(found) == {0: math.inf, 1: math.inf, 2: 1, 3: 0.75}
    assert found.steps["highest_hours"].tolist() == [11, 3, 40, 30]
    assert moves(found, 2) == [("1", "away", "bob"), ("2", "away", "bob")]
    assert found.steps["gap"].tolist() == [0, 0, 0, 0]


def test_even_where_that_overloads_those_who_are_there():
    who = people(away=0, ann=1)
    what = items(("1", "away", 8), ("2", "ann", 100))
    assert steps(frontier(who, what, everybody(who, what))) == {0: math.inf, 1: 108}


def test_nobody_without_capacity_is_given_anything():
    who = people(ann=40, away=0)
    what = items(("1", "ann", 50))
    assert steps(frontier(who, what, everybody(who, what))) == {0: 1.25}


def test_what_nobody_can_change_does_not_hide_what_can_be_changed():
    """The one who is away keeps a started item and a review, and holds something that nobody knows how to do."""
    who = people(away=(0, 2), ann=40, bob=40)
    what = items(("1", "away", 8, True), ("2", "away", 5), ("3", "ann", 20), ("4", "ann", 10))
    found = frontier(who, what, could_take(("3", "bob"), ("4", "bob"), ("1", "bob")))
    assert steps(found) == {0: 0.75, 1: 0.5}
    away = found.loads[found.loads["person"] == "away"]
    assert away["load_hours"].tolist() == [15, 15]
    assert away["load_ratio"].tolist() == [math.inf, math.inf]


def test_loads_are_told_for_everybody_after_each_plan():
    loads = frontier(THREE, TASKS, SKILLS).loads
    assert loads.loc[loads["n_moves"] == 0, "load_hours"].tolist() == [15, 0, 0]
    assert loads.loc[loads["n_moves"] == 3, "load_hours"].tolist() == [5, 4, 6]
    assert loads["load_ratio"].tolist() == loads["load_hours"].tolist()


def test_what_is_left_out_is_counted():
    what = items(("1", "ann", 30), ("2", None, 5), ("3", "stranger", 5), ("4", "ann", math.nan), ("5", "bob", 0))
    left_out = frontier(PAIR, what, everybody(PAIR, what)).left_out
    assert left_out["n"].tolist() == [1, 1, 2]


def test_where_no_move_helps_there_is_only_what_is():
    assert steps(frontier(PAIR, items(("1", "ann", 30)), could_take(("1", "bob")))) == {0: 0.75}
    assert steps(frontier(people(ann=40), items(("1", "ann", 30)), could_take())) == {0: 0.75}
    assert steps(frontier(PAIR, items(("1", "ann", 30)), could_take())) == {0: 0.75}


def test_nothing_held_is_a_load_of_zero_and_nobody_able_to_work_has_none():
    nothing = frontier(PAIR, items(), could_take())
    assert steps(nothing) == {0: 0}
    nobody = frontier(people(ann=0), items(), could_take())
    assert nobody.steps["highest"].isna().all()
    assert nobody.steps["n_highest"].tolist() == [0]


def test_without_people_the_tables_are_empty_and_typed():
    none, some = frontier(people(), items(), could_take()), frontier(THREE, TASKS, SKILLS, accepted=[("?", "b")])
    for name in ("steps", "moves", "loads", "forgotten", "left_out"):
        pd.testing.assert_series_equal(getattr(none, name).dtypes, getattr(some, name).dtypes)
    assert none.steps.empty
    assert none.moves.empty
    assert none.loads.empty
    assert math.isnan(none.floor)


def test_the_order_of_rows_and_the_encoding_of_ids_do_not_matter():
    given = large(3)
    expected = frontier(*given)
    same(frontier(*(shuffled(table, seed=5) for table in given)), expected)
    ids = pd.CategoricalDtype([*given[0]["person"][::-1], *given[1]["item"]])
    encoded = (table.astype({name: ids for name in ("person", "item") if name in table}) for table in given)
    same(frontier(*encoded), expected)


def test_inputs_are_left_alone():
    given = large(4)
    before = [table.copy(deep=True) for table in given]
    frontier(*given, accepted=[("1", "p000")], pinned=["2"])
    for table, copy in zip(given, before, strict=True):
        pd.testing.assert_frame_equal(table, copy)


def test_an_item_or_a_person_named_twice_is_refused():
    with pytest.raises(FrameError, match="items: item must name one row; 1 rows repeat one"):
        frontier(THREE, pd.concat([TASKS, TASKS.head(1)]), SKILLS)
    with pytest.raises(FrameError, match="people: person must name one row"):
        frontier(pd.concat([THREE, THREE.head(1)]), TASKS, SKILLS)


@pytest.mark.parametrize("wrong", [-1, math.nan, math.inf])
def test_a_capacity_or_a_fixed_load_that_is_no_number_is_refused(wrong):
    with pytest.raises(FrameError, match="capacity_hours and fixed_hours must be 0 or more; 1 rows"):
        frontier(people(a=wrong, b=1, c=1), TASKS, SKILLS)
    with pytest.raises(FrameError, match="0 or more"):
        frontier(people(a=(1, wrong), b=1, c=1), TASKS, SKILLS)


def test_a_team_of_the_usual_size_is_solved_to_the_end():
    found = frontier(*large(0))
    assert found.steps["is_proven"].all()
    assert found.steps["n_moves"].is_monotonic_increasing
    assert (np.diff(found.steps["highest"]) < 0).all()
    assert found.steps["n_moves"].tolist()[-1] == 8
