"""Who has finished work like what is open? Histories worked by hand, and a plain loop."""

import numpy as np
import pandas as pd
import pytest

from metrics.rebalance import fits
from tests.metrics.build import added, encoded, frame, issue, moved, removed, shuffled
from tests.metrics.workload_world import ACCOUNTS, AS_OF, DAY, START, assignments, held, nth

TELLS = ["item", "person", "n_alike", "likeness"]


def finished(item, who, day=3, last="done"):
    """Somebody holds an item from the first day on, and it is finished on another."""
    return [*held(item, who, 0), moved(item, nth(0), "active", "todo"), moved(item, nth(day), last, "active")]


def labelled(item, *labels):
    return [added(item, nth(0), label, "label") for label in labels]


def world(*events, areas=None, types=None):
    """Everything is of one project and type unless told otherwise; items are what the events name."""
    flat = [event for some in events for event in some]
    names = sorted({event["issue"] for event in flat})
    areas, types = areas or {}, types or {}
    rows = [
        issue(name, created_at=nth(0), project=areas.get(name, "web"), type=types.get(name, "Story")) for name in names
    ]
    return {"issues": frame("issues", rows), "issue_events": frame("issue_events", flat)}


def found(what, as_of=AS_OF, **more):
    table = fits(assignments(what, as_of), **what, as_of=as_of, **more)
    assert list(table.columns) == TELLS
    return [tuple(row) for row in table.itertuples(index=False)]


def test_who_finished_work_with_the_same_label_could_take_it():
    what = world(
        [*held("open", "ann", 0), *labelled("open", "api")],
        [*finished("1", "bob"), *labelled("1", "api")],
        [*finished("2", "bob"), *labelled("2", "api", "slow")],
        [*finished("3", "cy"), *labelled("3", "css")],
    )
    assert found(what) == [("open", "Bob", 2, "label")]


def test_an_item_that_shares_two_labels_counts_once():
    what = world(
        [*held("open", "ann", 0), *labelled("open", "api", "slow")],
        [*finished("1", "bob"), *labelled("1", "api", "slow")],
        [*finished("2", "bob"), *labelled("2", "slow")],
    )
    assert found(what) == [("open", "Bob", 2, "label")]


def test_where_nobody_has_finished_such_a_label_the_type_counts_and_then_the_project():
    what = world(
        [*held("bug", "ann", 0), *labelled("bug", "new")],
        held("epic", "ann", 0),
        finished("1", "bob"),
        finished("2", "cy"),
        types={"bug": "Bug", "1": "Bug", "epic": "Epic"},
    )
    assert found(what) == [
        ("bug", "Bob", 1, "type"),
        ("epic", "Bob", 1, "project"),
        ("epic", "Cy", 1, "project"),
    ]


def test_labels_and_types_of_other_projects_are_something_else():
    what = world(
        [*held("open", "ann", 0), *labelled("open", "api")],
        [*finished("1", "bob"), *labelled("1", "api")],
        areas={"1": "billing"},
    )
    assert found(what) == []


def test_who_holds_the_item_may_be_among_them():
    assert found(world(held("open", "ann", 0), finished("1", "ann"))) == [("open", "Ann", 1, "type")]


def test_who_shared_the_work_has_done_it_too_and_who_had_handed_it_on_has_not():
    what = world(
        held("open", "ann", 0),
        [*finished("1", "bob"), *held("1", "cy", 1)],
        [*finished("2", "ann", day=5), *held("2", "bob", 0, 2)],
    )
    assert found(what) == [("open", "Ann", 1, "type"), ("open", "Bob", 1, "type"), ("open", "Cy", 1, "type")]


def test_both_accounts_of_a_person_are_one():
    what = world(held("open", "bob", 0), finished("1", "ann"), finished("2", "ann-jira"))
    assert found(what) == [("open", "Ann", 2, "type")]


def test_what_was_dropped_or_reopened_is_not_finished():
    reopened = [*finished("2", "cy"), moved("2", nth(5), "active", "done")]
    assert found(world(held("open", "ann", 0), finished("1", "bob", last="dropped"), reopened)) == []


def test_the_last_finish_counts():
    again = [
        *held("1", "bob", 0, 4), *held("1", "cy", 4), moved("1", nth(0), "active", "todo"),
        moved("1", nth(3), "done", "active"), moved("1", nth(5), "active", "done"),
        moved("1", nth(6), "done", "active"),
    ]  # fmt: skip
    assert found(world(held("open", "ann", 0), again)) == [("open", "Cy", 1, "type")]


def test_what_was_finished_long_ago_does_not_count():
    what = world(held("open", "ann", 0), finished("1", "bob", day=2), finished("2", "cy", day=8))
    assert found(what, since=5 * DAY) == [("open", "Cy", 1, "type")]


def test_what_happens_later_is_not_read():
    what = world(
        [*held("open", "ann", 0), added("open", nth(9), "api", "label")],
        [*finished("1", "bob", day=3), added("1", nth(0), "api", "label")],
        finished("2", "cy", day=8),
    )
    assert found(what, as_of=START + 5 * DAY) == [("2", "Bob", 1, "type"), ("open", "Bob", 1, "type")]
    assert found(what) == [("open", "Bob", 1, "label")]


def test_labels_taken_off_do_not_count():
    what = world(
        [*held("open", "ann", 0), *labelled("open", "api")],
        [*finished("1", "bob"), *labelled("1", "api"), removed("1", nth(6), "api", "label")],
    )
    assert found(what) == [("open", "Bob", 1, "type")]


def test_only_some_people_can_be_asked_about():
    what = world(held("open", "ann", 0), held("other", "cy", 0), finished("1", "bob"), finished("2", "cy"))
    assert found(what, people=["Ann", "Bob"]) == [("open", "Bob", 1, "type")]


def random_world(seed, n_items=14):
    rng = np.random.default_rng(seed)
    events = []
    for item in (f"i{number}" for number in range(n_items)):
        who = rng.choice(["ann", "ann-jira", "bob", "cy", "bot"], size=rng.integers(1, 3), replace=False)
        labels = rng.choice(["api", "css", "slow"], size=rng.integers(0, 3), replace=False)
        state = str(rng.choice(["done", "done", "dropped", "active"]))
        day = int(rng.integers(1, 9))
        events += [change for name in who for change in held(item, str(name), 0)] + labelled(item, *map(str, labels))
        events += [
            moved(item, nth(0), "active", "todo"),
            *([moved(item, nth(day), state)] if state != "active" else []),
        ]
    names = [f"i{number}" for number in range(n_items)]
    areas = {name: str(rng.choice(["web", "billing"])) for name in names}
    types = {name: str(rng.choice(["Bug", "Story"])) for name in names}
    return world(events, areas=areas, types=types)


def plain_loop(what):
    """Item by item, the closest likeness that anybody has to offer."""
    persons = dict(zip(ACCOUNTS["id"], ACCOUNTS["person"], strict=True))
    facts = {}
    for row in what["issues"].itertuples():
        events = what["issue_events"][what["issue_events"]["issue"] == row.id]
        who = {persons[name] for name in events.loc[events["field"] == "assignee", "new"] if pd.notna(persons[name])}
        labels = set(events.loc[events["field"] == "label", "new"])
        state = events.loc[events["field"] == "status_category", "new"].iloc[-1]
        facts[row.id] = (row.project, row.type, labels, who, state)
    rows = []
    for item, (project, type_, labels, who, state) in facts.items():
        if state != "active" or not who:
            continue
        likes = {
            "label": lambda other, p=project, ls=labels: other[0] == p and bool(other[2] & ls),
            "type": lambda other, p=project, t=type_: other[:2] == (p, t),
            "project": lambda other, p=project: other[0] == p,
        }
        for likeness, is_like in likes.items():
            done = [person for other in facts.values() if other[4] == "done" and is_like(other) for person in other[3]]
            if done:
                rows += [(item, person, done.count(person), likeness) for person in set(done)]
                break
    return sorted(rows)


@pytest.mark.parametrize("seed", range(12))
def test_random_histories_agree_with_a_plain_loop(seed):
    what = random_world(seed)
    assert sorted(found(what)) == plain_loop(what)


def test_encoded_ids_and_the_order_of_rows_do_not_matter():
    what = random_world(3)
    expected = fits(assignments(what), **what, as_of=AS_OF)
    codes = encoded(**what)
    pd.testing.assert_frame_equal(fits(assignments(codes), **codes, as_of=AS_OF), expected)
    mixed = {name: shuffled(table) for name, table in what.items()}
    pd.testing.assert_frame_equal(fits(shuffled(assignments(what)), **mixed, as_of=AS_OF), expected)


def test_nothing_in_nothing_out():
    none = {"issues": frame("issues", []), "issue_events": frame("issue_events", [])}
    what = random_world(3)
    empty, full = (fits(assignments(each), **each, as_of=AS_OF) for each in (none, what))
    assert empty.empty
    pd.testing.assert_series_equal(empty.dtypes, full.dtypes)
