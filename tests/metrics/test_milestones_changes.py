"""What happened to the members of milestones, event by event. All figures were counted by hand."""

import pandas as pd
import pytest

from metrics import milestones
from tests.metrics.build import added, encoded, happened, moved, pull_request, removed, shuffled, utc
from tests.metrics.milestone_world import (
    TODAY,
    changes,
    estimated,
    history,
    known,
    milestone,
    only,
    organisation,
    weights,
)

TWO = [milestone("m"), milestone("n")]


def told(tables: dict[str, pd.DataFrame], **values) -> list[tuple]:
    """Milestone, item, day, kind and the other milestone of each change."""
    found = changes(tables, **values)
    other = found["other"].astype("object").where(found["other"].notna(), None)
    days = found["at"].dt.strftime("%d %b")
    return list(zip(found["milestone"], found["item"], days, found["kind"], other, strict=True))


def kinds(*rows: dict, **values) -> list[str]:
    return changes(organisation(*rows, **values))["kind"].tolist()


def counts(tables: dict[str, pd.DataFrame]) -> pd.Series:
    return only(milestones.change_counts(known(tables, TODAY), changes(tables)))


def test_each_change_is_told_with_whoever_made_it():
    found = changes(
        organisation(
            added("a", "2026-01-05", "m", actor="ann"),
            moved("a", "2026-01-12", "active", actor="bob"),
            moved("a", "2026-01-20", "done", "active", actor="bob"),
            moved("a", "2026-01-22", "todo", "done", actor="ann"),
            moved("a", "2026-01-23", "dropped", "todo"),
        )
    )
    assert found["kind"].tolist() == ["added", "finished", "reopened", "dropped"]
    assert found["actor"].fillna("nobody").tolist() == ["ann", "bob", "ann", "nobody"]
    assert found["is_after_commitment"].tolist() == [False, True, True, True]


def test_leaving_and_coming_back_is_churn_but_no_growth():
    back = organisation(added("a", "2026-01-01", "m"), removed("a", "2026-01-15", "m"), added("a", "2026-01-16", "m"))
    assert counts(back)[["n_added", "n_removed", "churn"]].tolist() == [2, 1, 2]
    assert only(history(back, "2026-01-20"))[["added_after", "removed_after"]].tolist() == [0, 0]


def test_an_item_that_joins_finished_is_added_and_not_finished():
    assert kinds(moved("z", "2026-01-03", "done"), added("z", "2026-01-15", "m")) == ["added"]
    assert kinds(added("z", "2026-01-15", "m"), moved("z", "2026-01-15", "done")) == ["added"]


def test_what_is_dropped_comes_and_goes_untold():
    assert kinds(moved("a", "2026-01-03", "dropped"), added("a", "2026-01-15", "m")) == []
    gone = [added("a", "2026-01-05", "m"), moved("a", "2026-01-15", "dropped"), removed("a", "2026-01-16", "m")]
    assert kinds(*gone) == ["added", "dropped"]
    back = [moved("a", "2026-01-03", "dropped"), added("a", "2026-01-15", "m"), moved("a", "2026-01-20", "todo")]
    assert kinds(*back) == ["reopened"]


def test_a_move_has_two_halves_that_name_each_other():
    tables = organisation(
        added("a", "2026-01-05", "m"), removed("a", "2026-01-25", "m"), added("a", "2026-01-25", "n"), of=TWO
    )
    assert told(tables) == [
        ("m", "a", "05 Jan", "added", None),
        ("m", "a", "25 Jan", "moved_out", "n"),
        ("n", "a", "25 Jan", "moved_in", "m"),
    ]


@pytest.mark.parametrize(
    ("leaves", "joins", "by", "kind"),
    [
        ("10:00", "11:00", ("ann", "ann"), "moved_in"),
        ("11:00", "10:00", ("ann", "ann"), "moved_in"),  # first into the new, then out of the old
        ("10:00", "11:01", ("ann", "ann"), "added"),
        ("10:00", "10:30", ("ann", "bob"), "added"),
        ("10:00", "10:30", (None, None), "added"),
        ("10:00", "10:00", ("ann", "bob"), "moved_in"),
        ("10:00", "10:00", (None, None), "moved_in"),
    ],
)
def test_a_move_takes_an_hour_at_most_and_one_person(leaves, joins, by, kind):
    tables = organisation(
        added("a", "2026-01-05", "m"),
        removed("a", f"2026-01-25 {leaves}", "m", actor=by[0]),
        added("a", f"2026-01-25 {joins}", "n", actor=by[1]),
        of=TWO,
    )
    assert changes(tables).query("milestone == 'n'")["kind"].tolist() == [kind]


def test_from_a_version_to_a_sprint_is_no_move():
    tables = organisation(
        added("a", "2026-01-05", "m"), removed("a", "2026-01-25", "m"), added("a", "2026-01-25", "n"),
        of=[milestone("m", kind="version"), milestone("n", kind="sprint")],
    )  # fmt: skip
    assert [row[3] for row in told(tables)] == ["added", "removed", "added"]


def test_each_half_belongs_to_the_nearest_other_and_to_one_alone():
    tables = organisation(
        added("a", "2026-01-05", "m"),
        removed("a", "2026-01-25 10:00", "m", actor="ann"),
        added("a", "2026-01-25 10:05", "n", actor="ann"),
        added("a", "2026-01-25 10:30", "o", actor="ann"),
        of=[*TWO, milestone("o")],
    )
    assert [row[0::3] for row in told(tables)[1:]] == [("m", "moved_out"), ("n", "moved_in"), ("o", "added")]
    assert told(tables)[1][4] == "n"


def test_what_is_moved_out_of_a_closed_milestone_is_told_where_it_arrives():
    tables = organisation(
        added("a", "2026-01-05", "m"), removed("a", "2026-02-25", "m"), added("a", "2026-02-25", "n"),
        of=[milestone("m", state="closed", closed_at="2026-02-01"), milestone("n")],
    )  # fmt: skip
    assert told(tables) == [("m", "a", "05 Jan", "added", None), ("n", "a", "25 Feb", "moved_in", "m")]


def test_estimates_that_change_while_an_item_is_in_are_told():
    tables = organisation(
        estimated("a", "2026-01-03", "2"),
        added("a", "2026-01-05", "m"),
        estimated("a", "2026-01-12", "5", "2", actor="ann"),
        estimated("a", "2026-01-13", "5.0", "5"),
        removed("a", "2026-01-20", "m"),
        estimated("a", "2026-01-21", "8", "5"),
    )
    found = only(changes(tables).query("kind == 're_estimated'"))
    assert found[["old", "new", "actor"]].tolist() == [2, 5, "ann"]
    assert counts(tables)[["n_re_estimated", "re_estimated_points"]].tolist() == [1, 3]


def test_an_estimate_set_on_joining_is_part_of_it_but_a_first_one_later_is_told():
    assert kinds(added("a", "2026-01-05", "m"), estimated("a", "2026-01-05", "3")) == ["added"]
    later = organisation(added("a", "2026-01-05", "m"), estimated("a", "2026-01-06", "3"))
    found = changes(later).iloc[1]
    assert pd.isna(found["old"])
    assert found["new"] == 3
    assert counts(later)["re_estimated_points"] == 0


def test_a_split_item_is_not_told_of():
    part = {"issue": "a", "at": "2026-01-05", "field": "parent", "new": "p"}
    rows = [added("p", "2026-01-06", "m"), added("a", "2026-01-06", "m"), moved("p", "2026-01-20", "done")]
    assert told(organisation(part, *rows)) == [("m", "a", "06 Jan", "added", None)]


def test_pull_requests_change_too():
    tables = organisation(
        pulls=[pull_request("p", created_at="2026-01-03", merged_at="2026-01-20", closed_at="2026-01-20")],
        pull_rows=[
            happened("p", "2026-01-04", "milestoned", "m", actor="ann"),
            happened("p", "2026-01-20", "merged", actor="bob"),
        ],
    )
    assert changes(tables)[["kind", "actor"]].to_numpy().tolist() == [["added", "ann"], ["finished", "bob"]]


def test_the_window_begins_after_since_and_ends_with_as_of():
    tables = organisation(*(added(f"i{n}", f"2026-01-0{n}", "m") for n in range(1, 6)))
    found = changes(tables, utc("2026-01-04"), since=utc("2026-01-02"))
    assert found["item"].tolist() == ["i3", "i4"]


def test_a_move_is_seen_although_its_other_half_lies_before_the_window():
    tables = organisation(
        added("a", "2026-01-05", "m"),
        removed("a", "2026-01-25 10:00", "m", actor="ann"),
        added("a", "2026-01-25 10:30", "n", actor="ann"),
        of=TWO,
    )
    assert only(changes(tables, since=utc("2026-01-25 10:15")))[["kind", "other"]].tolist() == ["moved_in", "m"]


def later(*more: dict) -> dict[str, pd.DataFrame]:
    """A milestone closed on 1 February, and what may happen to its items afterwards."""
    rows = [
        estimated("a", "2026-01-03", "3"), estimated("b", "2026-01-03", "5"),
        *(added(item, "2026-01-05", "m") for item in "abc"), added("x", "2026-01-14", "m"),
        moved("a", "2026-01-20", "done"), removed("x", "2026-01-21", "m"),
    ]  # fmt: skip
    return organisation(*rows, *more, of=[milestone("m", state="closed", closed_at="2026-02-01"), milestone("n")])


def test_a_closed_milestone_is_frozen_whatever_becomes_of_its_items():
    quiet, lively = later(), later(
        removed("b", "2026-02-05", "m"), added("b", "2026-02-05", "n"), moved("c", "2026-02-06", "done"),
        estimated("a", "2026-02-07", "40", "3"), estimated("c", "2026-02-07", "8"), moved("a", "2026-02-08", "todo"),
        {"issue": "b", "at": "2026-02-09", "field": "parent", "new": "a"},
        {"issue": "x", "at": "2026-02-09", "field": "parent", "new": "c"}, added("x", "2026-02-10", "m"),
    )  # fmt: skip
    for told_of in (changes, weights, lambda tables: history(tables, "2026-01-25", "2026-02-28")):
        frozen, seen = (told_of(tables).query("milestone == 'm'") for tables in (quiet, lively))
        pd.testing.assert_frame_equal(seen.reset_index(drop=True), frozen.reset_index(drop=True))
    assert weights(lively)["scope_points"].iloc[0] == 12  # 3, 5, and 4 for what was not estimated


def test_order_and_kind_of_ids_do_not_matter_and_none_gives_the_same_columns():
    tables = later(removed("b", "2026-01-25", "m"), added("b", "2026-01-25", "n"), estimated("a", "2026-01-25", "4"))
    expected = changes(tables)
    for other in ({name: shuffled(table) for name, table in tables.items()}, encoded(**tables)):
        pd.testing.assert_frame_equal(changes(other), expected)
    none = changes({name: table.iloc[:0] for name, table in tables.items()})
    assert none.empty
    assert none.dtypes.to_dict() == expected.dtypes.to_dict()
    no_counts = milestones.change_counts(known(tables, TODAY).iloc[:0], none)
    assert no_counts.dtypes.to_dict() == milestones.change_counts(known(tables, TODAY), expected).dtypes.to_dict()
