"""What could move, worked by hand: who hands what to whom and why, and what a lead decides on it.

Everybody works 80 hours in two weeks, 64 of them without support. Three items of five days each were finished, so that
whatever is not started takes 5 × 8 × 0.8 = 32 hours: half of somebody's two weeks.
"""

import pytest

from fairlead.access import LOCAL_LEAD, Viewer
from fairlead.scope import Scope
from reports import workload
from reports.workload import moving
from reports.workload.moving import Wish
from tests.metrics.build import added, day, happened, issue, moved, pull_request
from tests.reports.test_small import AS_OF, CY, panel, seen, together
from tests.reports.worlds import panels_of

SCOPE = Scope(AS_OF)
WEEKS = (("2026-05-04", "2026-05-09"), ("2026-05-11", "2026-05-16"), ("2026-05-18", "2026-05-23"))
ALL = ("b", "c")


def finished(who, nth=0):
    """Five working days of somebody's, done."""
    item, (first, last) = f"done-{who}{nth}", WEEKS[nth]
    return {
        "issues": [issue(item, status_category="done", created_at="2026-04-01", project="FL")],
        "issue_events": [
            added(item, first, who, "assignee"),
            moved(item, first, "active", "todo"),
            moved(item, last, "done", "active"),
        ],
    }


def planned(who, *items, project="FL"):
    """Due next week, not started."""
    rows = [
        issue(item, title=f"title of {item}", created_at="2026-04-01", due_on=day("2026-06-19"), project=project)
        for item in items
    ]
    return {"issues": rows, "issue_events": [added(item, "2026-06-11", who, "assignee") for item in items]}


def begun(who, *items):
    """Started at this very instant, so that as much is left of them as of what was not started."""
    rows = [issue(item, status_category="active", created_at="2026-04-01", project="FL") for item in items]
    events = [
        event
        for item in items
        for event in (added(item, "2026-06-12", who, "assignee"), moved(item, "2026-06-12", "active", "todo"))
    ]
    return {"issues": rows, "issue_events": events}


def measured(*parts, knows=ALL, scope=SCOPE, **tables):
    done = [finished(who, nth) for nth, who in enumerate(knows)]
    return workload.measure(seen(**together(*done, *parts), **CY, **tables), scope)


def made(of, scope=SCOPE, **wish):
    return moving.plan(of, scope, wish=Wish(**wish))


def shown(of, **wish):
    return panel(workload.report_of(of, SCOPE, wish=Wish(**wish)), "moves")


def moves(plan):
    """Who hands what to whom, whether it is decided."""
    columns = plan.moves[["key", "name", "to", "decision"]]
    return list(columns.itertuples(index=False, name=None))


FIVE = planned("a", "1", "2", "3", "4", "5")
"""Ann has 5 × 32 hours in 64: 2.5 times. Bo and Cy have nothing, and have each finished such an item."""


def test_the_fewest_moves_lower_the_highest_load():
    """2.5 → 2.0 → 1.5 → 1.0: with the third move all that is Ann's is two items."""
    plan = made(measured(FIVE))
    assert plan.steps[["n_moves", "highest"]].to_numpy().tolist() == [[0, 2.5], [1, 2.0], [2, 1.5], [3, 1.0]]
    assert [move[1] for move in moves(plan)] == ["Ann"] * 3
    assert {move[2] for move in moves(plan)} == {"Bo", "Cy"}
    assert {move[3] for move in moves(plan)} == {"proposed"}


def test_each_move_says_why_it_goes_there():
    plan = made(measured(planned("a", "1", "2", "3"), knows=("b", "b")))
    assert moves(plan) == [("1", "Ann", "Bo", "proposed")]
    assert plan.moves["hours"].tolist() == [32]
    assert plan.moves["because"].tolist() == [
        "Bo has finished 2 items in this project within two years, and would go from 0.0 to 0.5 times capacity"
    ]


def test_the_panel_says_what_comes_of_it_and_what_more_moves_would():
    two = shown(measured(FIVE), budget=2)
    assert two.takeaway == (
        "2 moves: the highest load falls from 2.5 times to 1.5 times capacity. With 3 moves it would be 1.0 times."
    )
    assert two.note.startswith("n = 2 moves, of at most 2. Handed only to who has finished work like it. ")
    assert "Started items stay; " in two.note
    assert "No other plan of as few moves does better. " in two.note
    three = shown(measured(FIVE))
    assert three.takeaway == "3 moves: the highest load falls from 2.5 times to 1.0 times capacity."


def test_what_is_copied_is_the_table_line_by_line():
    found = shown(measured(FIVE))
    lines = found.copied.split("\n")
    assert lines == [
        f"{row['key']} {row['title']}: from {row['name']} to {row['to']} ({row['hours']:.0f} h; {row['because']})"
        for row in found.table.to_dict("records")
    ]
    assert lines[0].startswith(f"{found.table['key'].iloc[0]} title of {found.table['key'].iloc[0]}: from Ann to ")
    assert len(lines) == 3


def test_the_copied_text_of_the_sample_is_its_table_too():
    found = panels_of("sample")["workload", "moves"]
    assert len(found.copied.split("\n")) == len(found.table)
    for line, row in zip(found.copied.split("\n"), found.table.to_dict("records"), strict=True):
        assert line.startswith(f"{row['key']} {row['title']}: from {row['name']} to {row['to']} (")
        assert row["because"] in line


def test_an_accepted_move_is_in_the_plan_and_the_others_count_on():
    plan = made(measured(FIVE), accepted=(("4", "p:c"),))
    assert ("4", "Ann", "Cy", "accepted") in moves(plan)
    assert sorted(move[3] for move in moves(plan)) == ["accepted", "proposed", "proposed"]
    assert plan.steps["highest"].tolist() == [2.5, 2.0, 1.5, 1.0]
    assert plan.forgotten == {}


def test_a_lead_may_accept_what_the_rules_would_not_propose():
    """Cy has never finished such an item; it is said of them that they can."""
    plan = made(measured(FIVE, knows=("b", "b")), accepted=(("1", "p:c"),), budget=1)
    assert moves(plan) == [("1", "Ann", "Cy", "accepted")]
    assert plan.moves["because"].iloc[0].startswith("Cy is said to be able to, and would go from 0.0 to 0.5")


def test_more_may_be_accepted_than_would_be_proposed():
    pairs = tuple((item, "p:b") for item in "12")
    plan = made(measured(FIVE), accepted=pairs, budget=1)
    assert [move[3] for move in moves(plan)] == ["accepted", "accepted"]
    assert shown(measured(FIVE), accepted=pairs, budget=1).note.startswith("n = 2 moves, of at most 2.")


def test_a_rejected_move_is_not_proposed_again_but_may_go_to_somebody_else():
    three = measured(planned("a", "1", "2", "3"))
    first = moves(made(three, budget=1))[0]
    person = {"Bo": "p:b", "Cy": "p:c"}
    plan = made(three, rejected=((first[0], person[first[2]]),), budget=1)
    assert len(plan.moves) == 1
    assert first not in moves(plan)
    every = tuple((item, who) for item in "123" for who in person.values())
    assert made(three, rejected=every).moves.empty


def test_what_is_pinned_stays():
    plan = made(measured(planned("a", "1", "2", "3"), knows=("b", "b")), pinned=("1", "2"))
    assert moves(plan) == [("3", "Ann", "Bo", "proposed")]
    assert made(measured(planned("a", "1", "2", "3")), pinned=("1", "2", "3")).moves.empty


def test_started_items_move_only_where_that_is_wished():
    three = measured(begun("a", "1", "2", "3"))
    assert made(three).moves.empty
    assert len(made(three, with_started=True, budget=1).moves) == 1
    assert "Started items may move too; " in shown(three, with_started=True).note


@pytest.mark.parametrize(
    ("wish", "forgotten"),
    [
        ({"accepted": (("9", "p:b"),)}, {("9", "p:b"): moving.GONE}),
        ({"accepted": (("1", "p:z"),)}, {("1", "p:z"): "the person is unknown"}),
        ({"accepted": (("1", "p:a"),)}, {("1", "p:a"): "the person has it already"}),
        ({"accepted": (("1", "p:b"),), "pinned": ("1",)}, {("1", "p:b"): "the item is pinned"}),
        ({"accepted": (("1", "p:b"),), "rejected": (("1", "p:b"),)}, {("1", "p:b"): "the move is also rejected"}),
        ({"accepted": (("1", "p:b"), ("1", "p:c"))}, {("1", "p:c"): "the item goes to somebody else"}),
        ({"rejected": (("9", "p:b"),), "pinned": ("9",)}, {}),
    ],
    ids=["item", "person", "holder", "pinned", "rejected", "twice", "only rejected"],
)
def test_a_decision_that_cannot_be_followed_is_said_with_its_reason(wish, forgotten):
    assert made(measured(FIVE), **wish).forgotten == forgotten


def test_nobody_without_capacity_receives_anything():
    """Cy is away for both weeks, and has finished the most of it."""
    away = [{"person": "p:c", "start_on": day("2026-06-10"), "end_on": day("2026-06-30")}]
    of = measured(FIVE, knows=("b", "c", "c"), time_off=away)
    assert {move[2] for move in moves(made(of))} == {"Bo"}
    plan = made(of, accepted=(("1", "p:c"),))
    assert plan.forgotten == {("1", "p:c"): "the person has no capacity"}
    assert {move[2] for move in moves(plan)} == {"Bo"}


def test_the_work_of_who_is_away_goes_first():
    away = [{"person": "p:a", "start_on": day("2026-06-10"), "end_on": day("2026-06-30")}]
    found = shown(measured(planned("a", "1"), time_off=away))
    assert len(found.table) == 1
    assert found.takeaway == (
        "1 move: what could be handed on by who is away is handed on, and the highest load of the others is 0.5 times "
        "capacity."
    )


def test_what_cannot_all_be_moved_of_who_is_away_is_told_in_hours():
    away = [{"person": "p:a", "start_on": day("2026-06-10"), "end_on": day("2026-06-30")}]
    found = shown(measured(planned("a", "1", "2"), time_off=away), budget=1)
    assert found.takeaway == (
        "1 move: what could be handed on by who is away all the time falls from 64 to 32 h. 1 item stays with Ann, "
        "away. With 2 moves all of it is handed on."
    )


def test_what_was_begun_by_who_is_away_may_move_all_the_same():
    away = [{"person": "p:a", "start_on": day("2026-06-10"), "end_on": day("2026-06-30")}]
    assert [move[:2] for move in moves(made(measured(begun("a", "1"), time_off=away)))] == [("1", "Ann")]


def test_reviews_owed_weigh_and_stay():
    asked = {
        "pull_requests": [pull_request(str(n), author="b") for n in range(16)],
        "pull_request_events": [happened(str(n), "2026-06-10", "review_requested", "a") for n in range(16)],
    }
    plan = made(measured(planned("a", "1", "2"), **asked))
    assert plan.steps["highest"].tolist() == [(64 + 8) / 64, (32 + 8) / 64, 32 / 64]  # half an hour each


def test_shared_items_stay_with_both():
    both = planned("a", "1", "2", "3", "4")
    both["issue_events"] += [added("1", "2026-06-11", "b", "assignee")]
    plan = made(measured(both), budget=8)
    assert plan.steps["highest"].iloc[0] == (3 * 32 + 16) / 64
    assert "1" not in set(plan.moves["key"])


def test_who_cannot_be_helped_is_left_aside_by_name_and_the_next_is_helped():
    """Ann's work is of a project nobody else has finished anything in."""
    of = measured(planned("a", "x1", "x2", "x3", project="XX"), planned("b", "1", "2", "3"), knows=("c", "c"))
    plan = made(of)
    assert plan.blocked == ("Ann",)
    assert moves(plan) == [("1", "Bo", "Cy", "proposed")]
    assert "Left aside, because no such move makes their load less: Ann. " in shown(of).note


EMPTY = {
    "nobody has too much": "Nobody has more to do than time: nothing has to move.",
    "unknown": "What work takes is not known here, so that no plan can be made. Only 0 of 0 finished items of the past "
    "year had ever been in progress under somebody. What work takes cannot be told from that: these loads are guesses.",
    "stuck": "No move lowers the highest load: what weighs most cannot go to anybody who knows such work. What has "
    "been started stays, unless you let it move.",
    "stuck all the same": "No move lowers the highest load: what weighs most cannot go to anybody who knows such work.",
}


def test_without_too_much_work_it_says_that_nothing_has_to_move():
    for parts in ((), (planned("a", "1", "2"),), (planned("a", "1"), begun("b", "2"))):
        found = shown(measured(*parts))
        assert found.table.empty
        assert found.empty == EMPTY["nobody has too much"]
        assert not found.copied


def test_where_nothing_can_go_to_anybody_it_says_so_and_how_that_could_change():
    of = measured(begun("a", "1", "2", "3"), knows=("a", "a"))
    assert shown(of).empty == EMPTY["stuck"]
    assert shown(of, with_started=True).empty == EMPTY["stuck all the same"]


def test_where_everybody_has_too_much_and_nothing_to_hand_on_it_says_so_too():
    one = {
        "accounts": [{"id": "a", "login": "a", "kind": "user", "person": "p:a"}],
        "people": [{"id": "p:a", "name": "Ann"}],
    }
    of = workload.measure(seen(**together(finished("a"), planned("a", "1", "2", "3")), **one), SCOPE)
    assert (made(of).blocked, made(of).steps.empty) == (("Ann",), True)
    assert shown(of).empty == EMPTY["stuck"]


def test_where_nothing_was_ever_finished_there_is_no_plan_and_it_says_why():
    found = shown(measured(planned("a", "1", "2", "3"), knows=()))
    assert (found.table.empty, found.empty) == (True, EMPTY["unknown"])


def test_nobody_overloaded_receives_anything():
    """Bo has 3 × 32 hours in 64 as well, so that all goes to Cy; both hand on."""
    of = measured(planned("a", "1", "2", "3", "4"), planned("b", "5", "6", "7"))
    assert {move[2] for move in moves(made(of))} == {"Cy"}


def test_the_plan_is_made_among_those_whom_the_viewer_leads():
    """Cy is of another team: with Bo alone two moves bring 1.5, and a third makes him the most loaded."""
    core = {
        "teams": [{"id": "t", "name": "Core"}],
        "team_members": [{"team": "t", "person": "p:a"}, {"team": "t", "person": "p:b"}],
    }
    done = [finished(who, nth) for nth, who in enumerate("bcc")]
    tables = together(*done, FIVE) | CY | core
    found = [
        shown(workload.measure(seen(viewer, **tables), SCOPE))
        for viewer in (Viewer("lead", "lead", teams=("Core",)), LOCAL_LEAD)
    ]
    assert [sorted(set(each.table["to"])) for each in found] == [["Bo"], ["Bo", "Cy"]]
    assert found[0].takeaway == "2 moves: the highest load falls from 2.5 times to 1.5 times capacity."


def test_only_the_chosen_team_hands_on_and_receives():
    scope = Scope(AS_OF, teams=("Core",))
    core = {
        "teams": [{"id": "t", "name": "Core"}],
        "team_members": [{"team": "t", "person": "p:a"}, {"team": "t", "person": "p:b"}],
    }
    plan = made(measured(FIVE, scope=scope, **core), scope)
    assert {move[2] for move in moves(plan)} == {"Bo"}
