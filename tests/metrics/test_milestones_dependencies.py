"""What waits for what. All figures were counted by hand."""

import pandas as pd

from metrics import milestones
from tests.metrics.build import added, encoded, issue, moved, removed, shuffled, utc
from tests.metrics.milestone_world import TODAY, known, members, milestone, only, organisation

ROWS = ["item", "blocker", "is_known", "is_flagged"]
TWO = [milestone("m"), milestone("n")]
LISTED = [issue(name, created_at="2026-01-01", updated_at="2026-01-01") for name in "abcxy"]


def waits(item: str, at: str, blocker: str) -> dict:
    return added(item, at, blocker, field="blocked_by")


def flag(item: str, at: str, text: str | None) -> dict:
    return {"issue": item, "at": at, "field": "blocked", "new": text}


def blockers(tables: dict[str, pd.DataFrame], as_of: pd.Timestamp = TODAY) -> pd.DataFrame:
    return milestones.blockers(*(tables[name] for name in ("issues", "issue_events", "issue_links")), as_of=as_of)


def blocked(*rows: dict, as_of: pd.Timestamp = TODAY, **values) -> list[list]:
    found = blockers(organisation(*rows, issue_list=LISTED, **values), as_of)
    return found.assign(blocker=found["blocker"].fillna("-"))[ROWS].to_numpy().tolist()


def pairs(*rows: dict, of=TWO, as_of: pd.Timestamp = TODAY) -> list[list]:
    tables = organisation(*rows, of=of, issue_list=LISTED)
    found = milestones.dependencies(known(tables, as_of), members(tables, as_of), blockers(tables, as_of))
    return found.to_numpy().tolist()


def test_an_issue_waits_until_its_blocker_is_finished_or_taken_away():
    told = [waits("a", "2026-02-01", "x"), moved("x", "2026-02-10", "done"), moved("x", "2026-02-20", "todo"),
            removed("a", "2026-02-25", "x", field="blocked_by")]  # fmt: skip
    seen = {day: blocked(*told, as_of=utc(day)) for day in ("2026-01-31", "2026-02-05", "2026-02-15", "2026-02-22")}
    assert list(seen.values()) == [[], [["a", "x", True, False]], [], [["a", "x", True, False]]]
    assert blocked(*told) == []
    assert only(blockers(organisation(*told, issue_list=LISTED), utc("2026-02-05")))["since_at"] == utc("2026-02-01")


def test_what_is_finished_waits_for_nothing():
    assert blocked(waits("a", "2026-02-01", "x"), moved("a", "2026-02-10", "dropped")) == []


def test_a_blocker_that_is_not_read_here_is_told_and_said_to_be_unknown():
    assert blocked(waits("a", "2026-02-01", "elsewhere")) == [["a", "elsewhere", False, False]]


def test_a_flag_is_told_with_and_without_blockers():
    told = [flag("a", "2026-02-01", "Impediment"), flag("b", "2026-02-01", "Impediment"), waits("b", "2026-02-01", "x")]
    assert blocked(*told) == [["a", "-", False, True], ["b", "x", True, True]]
    assert blocked(flag("a", "2026-02-01", "Impediment"), flag("a", "2026-02-02", None)) == []


def test_links_hold_only_where_no_history_speaks_and_nothing_changed_since():
    link = {"issue": "x", "other": "a", "kind": "blocks"}
    assert blocked(links=[link]) == [["a", "x", True, False]]
    assert blocked(links=[link | {"kind": "relates"}]) == []
    taken_away = [waits("a", "2026-02-01", "x"), removed("a", "2026-02-02", "x", field="blocked_by")]
    assert blocked(*taken_away, links=[link]) == []
    changed = [issue(name, created_at="2026-01-01", updated_at="2026-03-01") for name in "ax"]
    tables = organisation(issue_list=changed, links=[link])
    assert blockers(tables, utc("2026-02-01")).empty
    assert len(blockers(tables)) == 1


def test_an_issue_does_not_wait_for_itself():
    assert blocked(waits("a", "2026-02-01", "a")) == []


def test_a_milestone_waits_for_the_one_whose_work_blocks_it():
    told = [added("a", "2026-01-05", "m"), added("b", "2026-01-05", "m"), added("c", "2026-01-05", "m"),
            added("x", "2026-01-05", "n"), added("y", "2026-01-05", "n"),
            waits("a", "2026-02-01", "x"), waits("a", "2026-02-01", "y"), waits("b", "2026-02-01", "x")]  # fmt: skip
    assert pairs(*told) == [["m", "n", 2]]
    assert pairs(*told, moved("x", "2026-03-01", "done")) == [["m", "n", 1]]
    assert pairs(*told, as_of=utc("2026-01-20")) == []


def test_only_open_milestones_and_present_members_wait_or_are_waited_for():
    told = [added("a", "2026-01-05", "m"), added("x", "2026-01-05", "n"), waits("a", "2026-02-01", "x")]
    assert pairs(*told) == [["m", "n", 1]]
    for closed in ("m", "n"):
        of = [milestone(name, **({"closed_at": "2026-03-01"} if name == closed else {})) for name in "mn"]
        assert pairs(*told, of=of) == []
    assert pairs(*told, removed("x", "2026-03-01", "n")) == []
    assert pairs(*told, removed("a", "2026-03-01", "m")) == []


def test_work_of_its_own_makes_a_milestone_wait_for_nobody():
    inside = [added("a", "2026-01-05", "m"), added("x", "2026-01-05", "m"), waits("a", "2026-02-01", "x")]
    assert pairs(*inside) == []
    assert pairs(*inside, added("x", "2026-01-06", "n")) == []
    assert pairs(*inside, added("a", "2026-01-06", "n")) == [["n", "m", 1]]


def test_what_is_split_waits_too():
    part = {"issue": "b", "at": "2026-01-05", "field": "parent", "new": "a"}
    told = [added("a", "2026-01-05", "m"), added("b", "2026-01-05", "m"), added("x", "2026-01-05", "n")]
    assert pairs(part, *told, waits("a", "2026-02-01", "x")) == [["m", "n", 1]]


def test_order_and_kind_of_ids_do_not_matter_and_none_gives_the_same_columns():
    tables = organisation(
        added("a", "2026-01-05", "m"), added("x", "2026-01-05", "n"), waits("a", "2026-02-01", "x"),
        flag("b", "2026-02-01", "Impediment"), of=TWO, issue_list=LISTED,
        links=[{"issue": "y", "other": "c", "kind": "blocks"}],
    )  # fmt: skip

    def both(these: dict[str, pd.DataFrame]) -> list[pd.DataFrame]:
        found = blockers(these)
        return [found, milestones.dependencies(known(these, TODAY), members(these, TODAY), found)]

    expected = both(tables)
    assert [len(table) for table in expected] == [3, 1]
    before = {name: table.copy() for name, table in tables.items()}
    for other in ({name: shuffled(table) for name, table in tables.items()}, encoded(**tables)):
        for seen, table in zip(both(other), expected, strict=True):
            pd.testing.assert_frame_equal(seen, table)
    for seen, table in zip(both({name: table.iloc[:0] for name, table in tables.items()}), expected, strict=True):
        assert seen.empty
        assert seen.dtypes.to_dict() == table.dtypes.to_dict()
    for name, table in before.items():
        pd.testing.assert_frame_equal(tables[name], table)
