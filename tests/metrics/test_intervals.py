"""Replay of events into intervals, and questions to intervals. Days stand for instants; windows are half-open."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics import intervals
from metrics.instants import micros
from tests.metrics.build import (
    added,
    encoded,
    happened,
    issue_events,
    moved,
    pull_request,
    pull_request_events,
    pull_requests,
    removed,
    shuffled,
    utc,
)

DAY_ZERO = utc("2026-01-01")
LATE = utc("2026-12-31")


def day(n: float | None) -> pd.Timestamp | None:
    return None if n is None else DAY_ZERO + pd.Timedelta(days=n)


def instants(*numbers: float | None) -> pd.Series:
    return pd.Series([day(n) for n in numbers], dtype="datetime64[us, UTC]")


def spans(*rows: tuple[str, float, float | None]) -> pd.DataFrame:
    who, start, end = zip(*rows, strict=True) if rows else ((), (), ())
    return pd.DataFrame({"who": pd.Series(who, dtype="str"), "start_at": instants(*start), "end_at": instants(*end)})


def told(table: pd.DataFrame) -> list[tuple]:
    """Rows as plain values, days as numbers."""
    as_days = table.assign(
        **{name: (table[name] - DAY_ZERO).dt.total_seconds() / 86_400 for name in ("start_at", "end_at")}
    )
    plain = as_days.astype(dict.fromkeys(as_days, "object"))
    return list(plain.where(plain.notna(), None).itertuples(index=False, name=None))


def open_on_days(rows: pd.DataFrame, *numbers: int) -> list[int]:
    return intervals.open_at(rows["start_at"], rows["end_at"], at=pd.DatetimeIndex(instants(*numbers))).tolist()


def occupancy(rows: pd.DataFrame, start: int, end: int) -> list[tuple[str, int, float]]:
    found = intervals.occupancy(rows["who"], rows["start_at"], rows["end_at"], start=day(start), end=day(end))
    return [(who, most, round(mean, 6)) for who, most, mean in found.itertuples(index=False, name=None)]


def test_what_ends_and_what_starts_at_one_instant_are_never_open_together():
    handed_over = spans(("a", 0, 5), ("a", 5, 9), ("a", 5, None))
    assert open_on_days(handed_over, 4, 5, 9) == [1, 2, 1]
    with_closed_intervals = 3
    assert open_on_days(handed_over, 5) != [with_closed_intervals]
    assert occupancy(handed_over, 0, 10) == [("a", 2, 1.4)]  # 5 + 4 + 5 days open, over 10


def test_the_average_is_over_time():
    three = spans(("a", 1, 5), ("a", 3, 8), ("a", 5, 6))
    assert open_on_days(three, 5) == [2]
    assert occupancy(three, 1, 8) == [("a", 2, 1.428571)]  # 4 + 5 + 1 days, over 7


def test_time_told_twice_counts_once():
    doubled = spans(("a", 0, 6), ("a", 4, 8), ("a", 4, 8))
    assert occupancy(intervals.union(doubled, by=["who"]), 0, 10) == [("a", 1, 0.8)]
    assert occupancy(doubled, 0, 10) == [("a", 3, 1.4)]


def test_groups_do_not_mix():
    assert occupancy(spans(("b", 0, 4), ("a", 2, None), ("a", 3, 4)), 0, 4) == [("a", 2, 0.75), ("b", 1, 1.0)]


def test_what_lies_outside_the_window_leaves_the_group_with_nothing():
    assert occupancy(spans(("a", 0, 2)), 5, 9) == [("a", 0, 0.0)]
    assert occupancy(spans(), 5, 9) == []


def test_touching_intervals_become_one_and_others_stay_apart():
    rows = spans(("b", 1, 2), ("a", 3, None), ("a", 0, 1), ("a", 1, 2), ("a", 5, 6), ("a", 2, 2))
    assert told(intervals.union(rows, by=["who"])) == [("a", 0, 2), ("a", 3, None), ("b", 1, 2)]


def test_a_union_of_nothing_is_nothing():
    assert list(intervals.union(spans(), by=["who"])) == ["who", "start_at", "end_at"]


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 12), st.integers(0, 12))), st.integers(0, 12))
def test_a_union_is_open_when_any_of_its_intervals_is(rows, now):
    rows = [(who, min(edges), max(edges)) for who, *edges in rows]
    united = intervals.union(spans(*rows), by=["who"])
    is_open = len({who for who, start, end in rows if start <= now < end})
    assert open_on_days(united, now) == [is_open]


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 9), st.none() | st.integers(0, 9))))
def test_occupancy_agrees_with_looking_every_day(rows):
    rows = [(who, start, end) for who, start, end in rows if end is None or start <= end]
    for who, most, mean in occupancy(spans(*rows), 2, 8):
        daily = [sum(w == who and s <= n and (e is None or n < e) for w, s, e in rows) for n in range(2, 8)]
        assert (most, mean) == (max(daily), round(sum(daily) / 6, 6))


def test_each_group_is_counted_at_its_own_part_of_a_shared_grid():
    chance = np.random.default_rng(5)
    n_groups, grid = 7, np.arange(20, dtype=np.int64) * 10
    group = chance.integers(0, n_groups, 200)
    start = chance.integers(0, 210, 200)
    end = start + chance.integers(0, 60, 200)
    first = chance.integers(0, 12, n_groups)
    past = first + chance.integers(0, 8, n_groups)
    found = intervals.open_on(group, start, end, grid=grid, first=first, past=past)
    looked = [
        int(((group == g) & (start <= grid[n]) & (grid[n] < end)).sum())
        for g in range(n_groups)
        for n in range(first[g], past[g])
    ]
    assert found.tolist() == looked


def test_shared_time_is_told_with_the_columns_of_both():
    held = spans(("x", 0, 5), ("y", 0, None)).rename(columns={"who": "item"}).assign(owner=["ann", "bob"])
    worked = spans(("y", 2, 3), ("x", 4, None), ("x", 1, 2), ("z", 0, 9)).rename(columns={"who": "item"})
    shared = intervals.intersect(held, worked, on="item")
    assert told(shared[["item", "owner", "start_at", "end_at"]]) == [
        ("x", "ann", 4, 5),
        ("x", "ann", 1, 2),
        ("y", "bob", 2, 3),
    ]


def test_an_interval_without_a_start_has_been_since_ever():
    ever = spans(("x", 0, 3)).assign(start_at=instants(None), note="ever")
    shared = intervals.intersect(spans(("x", 1, None)), ever, on="who")
    assert told(shared[["who", "note", "start_at", "end_at"]]) == [("x", "ever", 1, 3)]


def states(*rows: dict, as_of: pd.Timestamp = LATE) -> list[tuple]:
    return told(intervals.states(issue_events(*rows), field="status_category", as_of=as_of))


def test_a_state_lasts_until_the_next_one():
    assert states(moved("x", "2026-01-01", "todo"), moved("x", "2026-01-03", "active")) == [
        ("x", "todo", 0, 2, False),
        ("x", "active", 2, None, True),
    ]


def test_setting_a_state_that_holds_changes_nothing():
    assert states(moved("x", "2026-01-01", "done"), moved("x", "2026-01-03", "done")) == [("x", "done", 0, None, True)]


def test_changes_of_one_instant_follow_their_place_in_the_history():
    one_instant = [moved("x", "2026-01-03", state, seq=seq) for seq, state in [(2, "done"), (0, "todo"), (1, "active")]]
    assert states(*one_instant) == [
        ("x", "todo", 2, 2, False),
        ("x", "active", 2, 2, False),
        ("x", "done", 2, None, True),
    ]


def test_later_events_are_not_seen():
    rows = (moved("x", "2026-01-01", "todo"), moved("x", "2026-01-03", "active"))
    assert states(*rows, as_of=utc("2026-01-02")) == [("x", "todo", 0, None, True)]
    assert len(states(*rows, as_of=utc("2026-01-03"))) == 2


def test_other_fields_are_not_read():
    assert states(added("x", "2026-01-01", "m"), moved("x", "2026-01-02", "todo", field="status")) == []


def test_no_events_give_the_same_columns():
    bare = intervals.states(issue_events(), field="status_category", as_of=LATE)
    assert list(bare) == ["item", "state", "start_at", "end_at", "is_last"]
    assert str(bare["start_at"].dtype) == "datetime64[us, UTC]"
    assert bare["is_last"].dtype == bool


def sets(*rows: dict, as_of: pd.Timestamp = LATE) -> list[tuple]:
    return told(intervals.issue_sets(issue_events(*rows), field="milestone", as_of=as_of))


def test_a_member_is_in_from_its_addition_to_its_removal():
    assert sets(added("x", "2026-01-01", "m"), removed("x", "2026-01-03", "m")) == [("x", "m", 0, 2)]


def test_two_members_are_in_side_by_side():
    assert sorted(sets(added("x", "2026-01-01", "m"), added("x", "2026-01-02", "n"))) == [
        ("x", "m", 0, None),
        ("x", "n", 1, None),
    ]


def test_adding_what_is_in_and_removing_what_is_not_change_nothing():
    assert sets(
        removed("x", "2026-01-01", "m"),
        added("x", "2026-01-02", "m"),
        added("x", "2026-01-03", "m"),
        removed("x", "2026-01-05", "m"),
        removed("x", "2026-01-06", "m"),
    ) == [("x", "m", 1, 4)]


def test_a_move_told_in_one_row_is_a_removal_and_an_addition():
    move = {"issue": "x", "at": "2026-01-04", "field": "milestone", "old": "m", "new": "n"}
    assert sorted(sets(added("x", "2026-01-01", "m"), move)) == [("x", "m", 0, 3), ("x", "n", 3, None)]


def test_a_stay_without_length_is_none():
    assert sets(added("x", "2026-01-01", "m"), removed("x", "2026-01-01", "m")) == []


def test_pull_requests_have_sets_too():
    events = pull_request_events(
        happened("p", "2026-01-02", "milestoned", "m"),
        happened("p", "2026-01-03", "milestoned"),
        happened("p", "2026-01-04", "demilestoned", "m"),
        happened("p", "2026-01-05", "assigned", "m"),
    )
    found = intervals.pull_request_sets(events, added="milestoned", removed="demilestoned", as_of=LATE)
    assert told(found) == [("p", "m", 1, 3)]


def pull_states(pulls: pd.DataFrame, *rows: dict, as_of: pd.Timestamp = LATE) -> list[tuple]:
    return told(intervals.pull_request_states(pulls, pull_request_events(*rows), as_of=as_of))


def test_a_pull_request_is_open_then_merged():
    merged = pull_requests(pull_request("p", created_at="2026-01-01", merged_at="2026-01-04", closed_at="2026-01-04"))
    history = (happened("p", "2026-01-04", "merged"), happened("p", "2026-01-04", "closed"))
    assert pull_states(merged, *history) == [("p", "active", 0, 3, False), ("p", "done", 3, None, True)]
    assert pull_states(merged) == pull_states(merged, *history)
    assert pull_states(merged, *history, as_of=utc("2026-01-03")) == [("p", "active", 0, None, True)]
    assert pull_states(merged, as_of=utc("2025-12-31")) == []


def test_a_pull_request_that_is_reopened_is_open_again():
    again = pull_requests(pull_request("p", created_at="2026-01-01", closed_at="2026-01-09"))
    history = [happened("p", f"2026-01-0{n}", kind) for n, kind in [(3, "closed"), (5, "reopened"), (9, "closed")]]
    assert pull_states(again, *history) == [
        ("p", "active", 0, 2, False),
        ("p", "dropped", 2, 4, False),
        ("p", "active", 4, 8, False),
        ("p", "dropped", 8, None, True),
    ]
    assert pull_states(again) == [("p", "active", 0, 8, False), ("p", "dropped", 8, None, True)]


def test_nothing_after_a_merge_changes_it():
    merged = pull_requests(pull_request("p", created_at="2026-01-01", merged_at="2026-01-04"))
    assert pull_states(merged, happened("p", "2026-01-06", "reopened"), happened("p", "2026-01-07", "closed"))[-1] == (
        "p", "done", 3, None, True,
    )  # fmt: skip


def test_closed_is_what_the_events_say_at_that_instant():
    pulls = pull_requests(
        pull_request("open", created_at="2026-01-01"),
        pull_request("merged", created_at="2026-01-01", merged_at="2026-01-04"),
        pull_request("again", created_at="2026-01-01"),
        pull_request("later", created_at="2026-01-08"),
    ).set_axis([5, 6, 7, 8])
    events = pull_request_events(happened("again", "2026-01-03", "closed"), happened("again", "2026-01-06", "reopened"))
    seen = {n: intervals.closed_pull_requests(pulls, events, as_of=day(n)) for n in (1, 4, 9)}
    assert seen[1].to_dict() == {5: False, 6: False, 7: False, 8: False}
    assert seen[4].tolist() == [False, True, True, False]
    assert seen[9].tolist() == [False, True, False, False]


def random_history(seed: int) -> pd.DataFrame:
    """Changes of some issues in two fields, several at one instant."""
    chance = np.random.default_rng(seed)
    rows = []
    for _ in range(60):
        item, at, value = f"i{chance.integers(5)}", day(int(chance.integers(12))), f"m{chance.integers(3)}"
        state = str(chance.choice(["todo", "active", "done", "dropped"]))
        rows.append([moved(item, at, state), added(item, at, value), removed(item, at, value)][chance.integers(3)])
    return issue_events(*rows)


def looked_up(history: pd.DataFrame, now: pd.Timestamp) -> tuple[dict, set]:
    """State and members of each issue at one instant, by going through the events one by one."""
    state, members = {}, set()
    for row in history[history["at"] <= now].sort_values(["issue", "at", "seq"]).to_dict("records"):
        if row["field"] == "status_category":
            state[row["issue"]] = row["new"]
        elif pd.notna(row["new"]):
            members.add((row["issue"], row["new"]))
        else:
            members.discard((row["issue"], row["old"]))
    return state, members


def open_now(found: pd.DataFrame, now: pd.Timestamp) -> pd.DataFrame:
    return found[(found["start_at"] <= now) & ~(found["end_at"] <= now)]


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("as_of", [4, 9, 12])
def test_replay_agrees_with_going_through_the_events_one_by_one(seed, as_of):
    history = random_history(seed)
    found_states = intervals.states(history, field="status_category", as_of=day(as_of))
    found_sets = intervals.issue_sets(history, field="milestone", as_of=day(as_of))
    for n in range(as_of + 1):
        state, members = looked_up(history, day(n))
        now = open_now(found_states, day(n))
        assert dict(zip(now["item"], now["state"], strict=True)) == state
        assert set(open_now(found_sets, day(n))[["item", "value"]].itertuples(index=False, name=None)) == members


@pytest.mark.parametrize("seed", range(3))
def test_order_of_rows_and_kind_of_ids_do_not_matter(seed):
    history = random_history(seed)
    before = history.copy()
    other = encoded(issue_events=shuffled(history, seed))["issue_events"]
    for replay, field in ((intervals.states, "status_category"), (intervals.issue_sets, "milestone")):
        plain = replay(history, field=field, as_of=day(9))
        codes = replay(other, field=field, as_of=day(9))
        assert isinstance(codes["item"].dtype, pd.CategoricalDtype)
        assert sorted(told(codes), key=str) == sorted(told(plain), key=str)
    pd.testing.assert_frame_equal(history, before)


@pytest.mark.parametrize("seed", range(3))
def test_as_of_equals_running_on_data_cut_there(seed):
    history = random_history(seed)
    cut = history[history["at"] <= day(6)]
    for field, replay in (("status_category", intervals.states), ("milestone", intervals.issue_sets)):
        assert told(replay(history, field=field, as_of=day(6))) == told(replay(cut, field=field, as_of=LATE))


def test_instants_survive_the_way_to_numbers_and_back():
    known = instants(0, None, 3)
    start, end = intervals.edges(known, known)
    assert start[1] == intervals.EVER
    assert (start[[0, 2]] == micros(known)[[0, 2]]).all()
    assert end[1] > start.max()
