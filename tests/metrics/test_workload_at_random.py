"""Random histories of assignment against a plain loop, and promises that hold for every history."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics import workload
from tests.metrics import build
from tests.metrics.build import added, frame, issue, moved, removed, shuffled
from tests.metrics.workload_world import ACCOUNTS, AS_OF, DAY, START, assignments, held_now, nth

ACCOUNT_PEOPLE = {"ann": "Ann", "ann-jira": "Ann", "bob": "Bob", "cy": "Cy"}


def random_history(seed, n_items=5, n_events=12):
    """Assignments and status changes at whole hours, so that ties are frequent."""
    rng = np.random.default_rng(seed)
    rows = []
    for item in map(str, range(n_items)):
        state = "todo"
        for hour in np.sort(rng.integers(0, 240, n_events)):
            at = (START + int(hour) * DAY / 24).isoformat()[:16]
            if rng.random() < 0.3:
                new = str(rng.choice(["todo", "active", "active", "done"]))
                rows.append(moved(item, at, new, state))
                state = new
            else:
                who = str(rng.choice([*ACCOUNT_PEOPLE, "bot"]))
                rows.append((added if rng.random() < 0.6 else removed)(item, at, who, "assignee"))
    items = [issue(str(n), created_at=nth(0)) for n in range(n_items)]
    return {"issues": frame("issues", items), "issue_events": frame("issue_events", rows)}


def plain_loop(what, hours, as_of):
    """WIP of everybody at every hour, issue by issue."""
    wip = {(hour, who): 0.0 for hour in hours for who in ("Ann", "Bob", "Cy")}
    for item in what["issues"]["id"]:
        events = what["issue_events"].sort_values(["at", "seq"])
        events = [e for e in events.itertuples() if e.issue == item and e.at <= as_of]
        for hour in hours:
            accounts, state = set(), "todo"
            for event in events:
                if event.at > hour:
                    break
                if event.field == "status_category":
                    state = event.new
                elif pd.notna(event.new):
                    accounts.add(event.new)
                else:
                    accounts.discard(event.old)
            holders = {ACCOUNT_PEOPLE[a] for a in accounts if a in ACCOUNT_PEOPLE} if state == "active" else set()
            for who in holders:
                wip[hour, who] += 1 / len(holders)
    return wip


@pytest.mark.parametrize("seed", range(10))
def test_random_histories_agree_with_a_plain_loop(seed):
    what = random_history(seed)
    hours = pd.date_range(START, AS_OF, freq="h").as_unit("us")
    found = workload.wip_over_time(assignments(what), at=hours)
    expected = plain_loop(what, hours, AS_OF)
    got = {(row.at, row.person): row.wip for row in found.itertuples()}
    assert {key: wip for key, wip in expected.items() if wip} == pytest.approx({k: w for k, w in got.items() if w})
    averages = workload.weekly_wip(assignments(what), weeks=hours[:1], as_of=AS_OF)
    for row in averages.itertuples():
        by_hour = [expected[hour, row.person] for hour in hours[:-1]]
        assert row.wip == pytest.approx(np.mean(by_hour))


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 1000))
def test_the_wip_of_people_adds_up_to_the_items_in_progress(seed):
    found = assignments(random_history(seed))
    hours = pd.date_range(START, AS_OF, freq="6h").as_unit("us")
    active = found[found["is_active"]]
    people = workload.wip_over_time(found, at=hours).groupby("at")["wip"].sum()
    for hour in hours:
        is_open = (active["start_at"] <= hour) & ~(active["end_at"] <= hour)
        assert people.get(hour, 0) == pytest.approx(active.loc[is_open, "issue"].nunique())


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 1000))
def test_row_order_and_encoding_do_not_matter(seed):
    what = random_history(seed)
    mixed = {name: shuffled(table, seed) for name, table in what.items()}
    coded = build.encoded(**what, accounts=ACCOUNTS)
    plain = assignments(what)
    pd.testing.assert_frame_equal(plain, assignments(mixed))
    pd.testing.assert_frame_equal(plain, workload.assignments(**coded, as_of=AS_OF))
    pd.testing.assert_frame_equal(held_now(what), held_now(mixed))
    del coded["accounts"]
    pd.testing.assert_frame_equal(held_now(what), workload.items_held(plain, **coded, as_of=AS_OF))


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 1000), st.integers(0, 240))
def test_as_of_equals_the_data_cut_then(seed, hours):
    what = random_history(seed)
    as_of = START + hours * DAY / 24
    cut = {**what, "issue_events": what["issue_events"][what["issue_events"]["at"] <= as_of]}
    pd.testing.assert_frame_equal(assignments(what, as_of), assignments(cut, as_of))
    pd.testing.assert_frame_equal(held_now(what, as_of), held_now(cut, as_of))
