"""What is split is counted by its parts. All figures were counted by hand."""

import pandas as pd

from fairlead.frames import Frames
from metrics import milestones
from tests.metrics.build import added, encoded, issue, moved, removed, utc
from tests.metrics.milestone_world import TODAY, history, members, milestone, organisation, stays


def part(item: str, at: str, of: str, before: str | None = None) -> dict:
    """An item becomes part of another."""
    return {"issue": item, "at": at, "field": "parent", "old": before, "new": of}


def scope(tables: dict[str, pd.DataFrame], *days: str) -> list[tuple[int, int]]:
    found = history(tables, *days)
    return list(zip(found["scope"].tolist(), found["done"].tolist(), strict=True))


def joined(*items: str) -> list[dict]:
    return [added(item, "2026-01-02", "m") for item in items]


def test_a_parent_is_counted_by_its_parts():
    split = organisation(*joined("epic", "a", "b", "alone"), part("a", "2026-01-02", "epic"),
                         part("b", "2026-01-02", "epic"), moved("a", "2026-01-20", "done"))  # fmt: skip
    assert scope(split, "2026-01-19", "2026-01-21") == [(3, 0), (3, 1)]
    with_the_parent = (4, 1)
    assert scope(split, "2026-01-21") != [with_the_parent]


def test_a_parent_counts_while_it_is_not_split():
    tables = organisation(
        *joined("p", "a"),
        part("a", "2026-01-10", "p"),
        {"issue": "a", "at": "2026-01-20", "field": "parent", "old": "p"},
    )
    assert [row[0] for row in scope(tables, "2026-01-09", "2026-01-15", "2026-01-21")] == [2, 1, 2]


def test_parts_in_another_milestone_leave_the_parent_whole():
    tables = organisation(
        *joined("p", "a"), part("a", "2026-01-02", "p"), removed("a", "2026-01-20", "m"), added("a", "2026-01-20", "n"),
        of=[milestone("m"), milestone("n")],
    )  # fmt: skip
    found = history(tables, "2026-01-15", "2026-01-25").set_index(["milestone", "at"])["scope"]
    assert found.tolist() == [1, 1, 0, 1]  # only the part; then the parent here and the part there


def test_in_a_chain_only_the_last_counts():
    tables = organisation(*joined("a", "b", "c"), part("b", "2026-01-02", "a"), part("c", "2026-01-02", "b"))
    assert stays(tables, TODAY)["item"].tolist() == ["c"]


def test_a_chain_holds_although_its_middle_is_elsewhere():
    tables = organisation(*joined("a", "c"), part("b", "2026-01-02", "a"), part("c", "2026-01-02", "b"))
    assert stays(tables, TODAY)["item"].tolist() == ["c"]


def test_parts_that_move_to_another_parent_free_the_first():
    tables = organisation(*joined("p", "q", "a"), part("a", "2026-01-02", "p"), part("a", "2026-01-20", "q", "p"))
    assert sorted(stays(tables, TODAY).query("end_at.isna()")["item"]) == ["a", "p"]
    assert sorted(stays(tables, utc("2026-01-10"))["item"]) == ["a", "q"]


def test_what_was_a_part_before_its_first_change_was_one_ever_since():
    gone = {"issue": "a", "at": "2026-01-20", "field": "parent", "old": "p"}
    tables = organisation(*joined("p", "a"), gone)
    assert [row[0] for row in scope(tables, "2026-01-15", "2026-01-25")] == [1, 2]


def test_without_history_the_present_parent_holds():
    listed = [issue("p"), issue("a", parent="p"), issue("b", parent="p")]
    left_it = {"issue": "b", "at": "2026-01-03", "field": "parent", "old": "p"}
    only_b_has_history = organisation(*joined("p", "a", "b"), left_it, issue_list=listed)
    assert [row[0] for row in scope(only_b_has_history, "2026-01-15")] == [2]
    unread = only_b_has_history | {"issues": only_b_has_history["issues"].iloc[:0]}
    assert [row[0] for row in scope(unread, "2026-01-15")] == [3]


def test_what_is_replayed_from_all_tables_forgets_no_parent():
    tables = organisation(*joined("p", "a"), issue_list=[issue("p"), issue("a", parent="p")])
    known, inside, counted = milestones.replayed(Frames.of(tables), as_of=TODAY)
    assert known["id"].tolist() == ["m"]
    assert sorted(inside["item"]) == ["a", "p"]
    assert counted["item"].tolist() == ["a"]


def test_what_is_part_of_itself_is_whole():
    assert [row[0] for row in scope(organisation(*joined("a"), part("a", "2026-01-02", "a")), "2026-01-15")] == [1]


def test_a_part_that_comes_later_is_growth_only_if_there_are_two():
    split_in_two = organisation(
        *joined("p"), part("a", "2026-01-20", "p"), added("a", "2026-01-20", "m"),
        part("b", "2026-01-21", "p"), added("b", "2026-01-21", "m"),
    )  # fmt: skip
    found = history(split_in_two, "2026-01-15", "2026-01-25")
    assert found["scope"].tolist() == [1, 2]
    assert found[["added_after", "removed_after"]].astype("int64").to_numpy().tolist() == [[0, 0], [2, 1]]


def test_membership_still_tells_of_all():
    tables = organisation(*joined("p", "a"), part("a", "2026-01-02", "p"))
    assert sorted(members(tables, TODAY)["item"]) == ["a", "p"]


def test_ids_over_a_dictionary_and_without_parts_stay_as_they_came():
    tables = organisation(*joined("p", "a", "b"), part("a", "2026-01-12", "p"))
    coded = encoded(**tables)
    for these in (tables, coded):
        inside = members(these, TODAY)
        counted = milestones.leaves(inside, these["issue_events"], as_of=TODAY)
        assert counted.dtypes.to_dict() == inside.dtypes.to_dict()
        assert sorted(counted["item"].astype("str")) == ["a", "b", "p"]
        assert counted["end_at"].dropna().tolist() == [utc("2026-01-12")]
