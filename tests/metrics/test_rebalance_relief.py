"""Whose load can be lowered at all? Plans worked by hand where the most loaded cannot be helped."""

import math
import sys
from types import SimpleNamespace

import pandas as pd
import pytest

from metrics.rebalance import frontier, relief
from metrics.rebalance.relief import ENOUGH
from tests.metrics.build import shuffled
from tests.metrics.rebalance_world import at_random, could_take, everybody, items, moves, people, same, steps

FOUR = people(ann=10, bob=10, cy=10, di=10)
"""Ann holds 30 hours that nobody else knows, Bob 20 that Cy and Di know, Cy and Di nothing."""
HELD = items(("a", "ann", 30), ("b1", "bob", 8), ("b2", "bob", 12))
KNOWN = could_take(("b1", "cy"), ("b1", "ann"), ("b2", "di"))


def test_who_has_nothing_to_hand_on_is_set_aside_and_the_next_is_helped():
    found = relief(FOUR, HELD, KNOWN)
    assert found.blocked == ("ann",)
    assert steps(found.frontier) == {0: 2.0, 1: 1.2}
    assert moves(found.frontier, 1) == [("b1", "bob", "cy")]  # as low as with b2, by fewer hours


def test_who_is_set_aside_receives_nothing():
    who = people(ann=10, bob=10)
    found = relief(who, HELD, KNOWN)
    assert found.blocked == ("ann", "bob")
    assert found.frontier.moves.empty
    assert "ann" not in set(found.frontier.loads["person"])


def test_those_looked_at_later_get_the_time_that_is_left(monkeypatch):
    """A stopwatch that a plan takes four seconds of, without any waiting."""
    now, given = [100.0], []

    def slow(*tables, seconds=None, **decided):
        given.append(seconds)
        now[0] += 4
        return frontier(*tables, **decided)

    module = sys.modules[relief.__module__]
    monkeypatch.setattr(module, "frontier", slow)
    monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: now[0]))
    assert relief(FOUR, HELD, KNOWN, seconds=10).blocked == ("ann",)
    assert given == [10, 6]


def test_the_frontier_alone_finds_nothing_there():
    assert steps(frontier(FOUR, HELD, KNOWN)) == {0: 3.0}


def test_where_nobody_can_be_helped_all_who_have_too_much_are_named_the_most_loaded_first():
    who = people(ann=10, bob=10, cy=10)
    what = items(("1", "ann", 15), ("2", "bob", 20), ("3", "cy", 5))
    found = relief(who, what, could_take())
    assert found.blocked == ("bob", "ann")
    assert steps(found.frontier) == {0: 0.5}
    assert found.frontier.moves.empty


def test_who_has_time_enough_is_never_said_to_be_left_aside():
    """Cy has nothing to hand on either, and needs no help."""
    who = people(ann=10, bob=10, cy=(10, 9))
    what = items(("1", "ann", 15), ("2", "bob", 8))
    found = relief(who, what, could_take(("2", "ann")))
    assert found.blocked == ("ann",)


@pytest.mark.parametrize("hours", [9, 10])
def test_where_nobody_has_more_than_time_nothing_moves(hours):
    who = people(ann=10, bob=10)
    what = items(("1", "ann", hours - 4), ("2", "ann", 4))
    found = relief(who, what, everybody(who, what))
    assert steps(found.frontier) == {0: hours / 10}
    assert found.blocked == ()


def test_a_little_more_than_time_is_relieved():
    who = people(ann=10, bob=10)
    what = items(("1", "ann", 7), ("2", "ann", 4))
    assert moves(relief(who, what, everybody(who, what)).frontier, 1) == [("2", "ann", "bob")]


def test_those_below_the_one_who_is_set_aside_are_left_in_peace_where_they_have_time_enough():
    """Without Ann the highest is 0.9, which is no reason to move anything."""
    who = people(ann=10, bob=10, cy=10)
    what = items(("1", "ann", 20), ("2", "bob", 5), ("3", "bob", 4))
    found = relief(who, what, could_take(("2", "cy"), ("3", "cy")))
    assert (found.blocked, steps(found.frontier)) == (("ann",), {0: 0.9})


def test_started_items_are_no_way_out_unless_they_may_move():
    what = items(("1", "ann", 10, True), ("2", "ann", 5, True), ("3", "bob", 20), ("4", "bob", 4))
    who = people(ann=10, bob=10, cy=10)
    could = could_take(("1", "cy"), ("2", "cy"), ("4", "cy"))
    kept, moved = (relief(who, what, could, with_started=started) for started in (False, True))
    assert kept.blocked == ()
    assert moves(kept.frontier, 1) == [("4", "bob", "cy")]
    assert moves(moved.frontier, 1) == [("4", "bob", "cy")]
    assert relief(who, what, could_take(("1", "cy"), ("2", "cy"))).blocked == ("bob", "ann")
    found = relief(who, what, could_take(("1", "cy"), ("2", "cy")), with_started=True)
    assert (found.blocked, moves(found.frontier, 1)) == (("bob",), [("2", "ann", "cy")])


def test_of_two_as_loaded_the_one_who_can_be_helped_is_not_set_aside():
    """Ann comes before Bob by id; it is Bob who has nothing to hand on."""
    who = people(ann=10, bob=10, cy=10)
    what = items(("1", "ann", 8), ("2", "ann", 7), ("3", "bob", 15))
    found = relief(who, what, could_take(("1", "cy"), ("2", "cy")))
    assert found.blocked == ("bob",)
    assert steps(found.frontier) == {0: 1.5, 1: 0.8}


def test_a_move_that_is_accepted_does_not_end_the_search():
    who = people(ann=10, bob=10, cy=10, di=10)
    what = items(("a", "ann", 30), ("b1", "bob", 10), ("b2", "bob", 10), ("b3", "bob", 5))
    could = could_take(("b1", "cy"), ("b2", "di"))
    asked = relief(who, what, could)
    assert (asked.blocked, steps(asked.frontier)) == (("ann",), {0: 2.5, 1: 1.5, 2: 1.0})
    found = relief(who, what, could, accepted=[("b1", "cy")])
    assert (found.blocked, steps(found.frontier)) == (("ann",), {0: 2.5, 1: 1.5, 2: 1.0})
    assert found.frontier.moves.query("n_moves == 2")["is_accepted"].tolist() == [True, False]


def test_what_a_lead_accepts_of_somebody_who_cannot_be_helped_enough_is_made_all_the_same():
    """Nobody is known to know it; the lead may say so anyway."""
    found = relief(FOUR, HELD, KNOWN, accepted=[("a", "cy")])
    assert ("a", "ann", "cy") in moves(found.frontier, 1)
    assert found.frontier.forgotten.empty


def test_what_else_was_proposed_is_proposed_still_where_what_is_accepted_would_do():
    """15 hours → 10 with what is accepted → 5 each; accepting one move does not take the other away."""
    who = people(ann=10, bob=10, cy=10)
    what = items(("1", "ann", 5), ("2", "ann", 5), ("3", "ann", 5))
    could = could_take(("1", "bob"), ("2", "cy"))
    asked, found = (relief(who, what, could, accepted=pairs) for pairs in ([], [("1", "bob")]))
    assert steps(asked.frontier) == steps(found.frontier) == {0: 1.5, 1: 1.0, 2: 0.5}


def test_accepted_moves_stay_where_nobody_has_too_much():
    who = people(ann=10, bob=10)
    what = items(("1", "ann", 5), ("2", "ann", 4))
    found = relief(who, what, could_take(), accepted=[("2", "bob")])
    assert moves(found.frontier, 1) == [("2", "ann", "bob")]


def test_whoever_is_away_all_the_time_hands_on_before_all_else():
    who = people(ann=0, bob=10, cy=10)
    what = items(("1", "ann", 4), ("2", "bob", 15))
    found = relief(who, what, could_take(("1", "cy")))
    assert steps(found.frontier) == {0: math.inf, 1: 1.5}
    assert moves(found.frontier, 1) == [("1", "ann", "cy")]


def test_nobody_without_capacity_receives_anything():
    who = people(ann=10, bob=0, cy=10)
    what = items(("1", "ann", 10), ("2", "ann", 5))
    assert set(relief(who, what, everybody(who, what)).frontier.moves["to_person"]) == {"cy"}
    assert relief(people(ann=10, bob=0), what, everybody(who, what)).frontier.moves.empty


def test_without_people_there_is_no_plan():
    found = relief(people(), items(), could_take())
    assert found.blocked == ()
    assert found.frontier.steps.empty


def crowded(seed):
    """A small problem in which a fifth of the time must do."""
    (who, what, could), decided = at_random(seed)
    return (who.assign(capacity_hours=who["capacity_hours"] / 5), what, could), decided


@pytest.mark.parametrize("seed", range(40))
def test_where_nobody_is_set_aside_it_is_the_frontier(seed):
    tables, decided = crowded(seed)
    found = relief(*tables, **decided)
    whole = frontier(*tables, **decided)
    if not found.blocked and whole.steps["highest"].iloc[0] > ENOUGH:
        same(found.frontier, whole)


def test_the_random_worlds_hold_both_kinds():
    kinds = {bool(relief(*tables, **decided).blocked) for tables, decided in map(crowded, range(40))}
    assert kinds == {True, False}


@pytest.mark.parametrize("seed", range(40))
def test_whoever_is_set_aside_has_too_much_and_receives_nothing(seed):
    (who, what, could), decided = crowded(seed)
    found = relief(who, what, could, **decided)
    loads = frontier(who, what, could, **decided | {"budget": 0}).loads
    over = loads.loc[loads["load_ratio"] > ENOUGH, "person"]
    assert set(found.blocked) <= set(over)
    assert not set(found.frontier.moves["to_person"]) & set(found.blocked)


@pytest.mark.parametrize("seed", range(0, 40, 8))
def test_the_order_of_rows_does_not_matter_and_tables_are_left_alone(seed):
    tables, decided = at_random(seed)
    before = [table.copy() for table in tables]
    one, other = relief(*tables, **decided), relief(*(shuffled(table) for table in tables), **decided)
    assert one.blocked == other.blocked
    same(one.frontier, other.frontier)
    for table, was in zip(tables, before, strict=True):
        pd.testing.assert_frame_equal(table, was)
