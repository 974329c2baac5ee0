"""What is left in what is held: an old item is not nearly done, it is one of those that take long."""

import warnings

import numpy as np
import pandas as pd
import pytest

from metrics import workload
from tests.metrics import build
from tests.metrics.build import day, frame, issue
from tests.metrics.workload_world import AS_OF, assignments, held, history, nth

COLUMNS = ["issue", "project", "type", "effort_hours", "is_done"]


def efforts(done=(), left=(), project="project", kind=None):
    """Finished items by their effort, and (id, effort so far) of others."""
    rows = [(f"done-{project}-{kind}-{n}", project, kind, float(hours), True) for n, hours in enumerate(done)]
    rows += [(item, project, kind, float(hours), False) for item, hours in left]
    types = {"issue": "str", "project": "str", "type": "str", "effort_hours": "float64", "is_done": "bool"}
    return pd.DataFrame(rows, columns=COLUMNS).astype(types)


def remaining(known, what=None, **more):
    what = what or history(held("1", "ann", 0))
    return workload.remaining(known, assignments(what), **what, as_of=AS_OF, **{"weeks": 2, **more})


def one(known, **more):
    return remaining(known, **more).iloc[0]


def test_an_old_item_is_not_nearly_done():
    # of 1, 2, 3, 10, 10 only the two tens took longer than 3: 7 to go, not the mean 5.2 less 3
    found = one(efforts([1, 2, 3, 10, 10], [("1", 3)]))
    assert (found["spent_hours"], found["remaining_hours"], found["expected_hours"]) == (3, 7, 7)
    assert (found["n_among"], found["status"]) == (5, "ok")


def test_beyond_all_that_was_finished_nothing_is_known_and_load_counts_the_mean():
    # the item itself says that one of six takes longer than 10: 1 + 5/6 + 4/6 + 7 * 3/6 = 6 on average, at least
    for spent in (10, 500):
        found = one(efforts([1, 2, 3, 10, 10], [("1", spent)]))
        assert np.isnan(found["remaining_hours"])
        assert found["status"] == "beyond"
        assert found["expected_hours"] == pytest.approx(6)


def test_what_is_not_finished_beyond_the_longest_makes_it_a_lower_bound():
    # four finished, one forgotten in progress for years: it counts ten hours, not five hundred
    found = one(efforts([2, 2, 10, 10], [("old", 500)]))
    assert found["remaining_hours"] == pytest.approx((2 + 2 + 10 + 10 + 10) / 5)
    assert found["status"] == "bound"


def test_where_most_take_longer_than_any_that_was_finished_nothing_is_known():
    found = one(efforts([1, 10], [("1", 8), ("a", 500), ("b", 500)]))
    assert found["status"] == "beyond"


def test_without_anything_finished_nothing_is_known():
    found = one(efforts([], [("1", 8)]))
    assert found["status"] == "no_history"
    assert np.isnan(found["expected_hours"])
    assert one(efforts([0, 0]))["status"] == "no_history"


def test_a_class_speaks_for_itself_from_so_many_finished_items_on():
    what = history(held("1", "ann", 0))
    what["issues"] = what["issues"].assign(type=pd.Series(["Bug"], dtype="str"))
    bugs, stories = efforts([4, 4], kind="Bug"), efforts([10, 10], kind="Story")
    others = efforts([40, 40], project="other", kind="Bug")
    everything = pd.concat([bugs, stories, others], ignore_index=True)
    for least, among, hours, n in (
        (2, "type and project", 4, 2), (3, "project", 7, 4), (5, "all", 18, 6), (7, "all", 18, 6)
    ):  # fmt: skip
        found = one(everything, what=what, least=least)
        assert (found["among"], found["n_among"]) == (among, n)
        assert found["remaining_hours"] == pytest.approx(hours)


def test_a_missing_type_is_a_class_of_its_own():
    mixed = pd.concat([efforts([4, 4]), efforts([10, 10], kind="Bug")], ignore_index=True)
    assert one(mixed, least=2)["remaining_hours"] == pytest.approx(4)


def test_what_is_not_started_is_owed_where_it_is_due_soon():
    items = ("1", "2", "3", "4", "5")
    what = history(*(held(item, "ann", 0) for item in items), items=items, started=False)
    due = ["2026-06-25", "2026-06-26", None, "2026-06-01", "2026-05-01"]
    what["issues"] = what["issues"].assign(due_on=pd.to_datetime(due).astype("datetime64[us]"))
    found = remaining(efforts([8, 8]), what).set_index("issue")
    assert found.index[found["is_owed"]].tolist() == ["1", "4"]
    assert found["expected_hours"].tolist() == [8] * 5
    assert not found["is_active"].any()


def test_the_earlier_of_its_own_due_date_and_that_of_its_milestones_counts():
    what = history(held("1", "ann", 0), started=False)
    what["issues"] = what["issues"].assign(due_on=day("2026-08-01"))
    milestones = pd.Series([day("2026-09-01"), day("2026-06-20")], index=["1", "1"])
    found = one(efforts([8]), what=what, milestone_due_on=milestones)
    assert (found["due_on"], found["is_owed"]) == (day("2026-06-20"), True)


def test_the_due_date_is_that_of_the_day():
    days = ((nth(1), None, "2026-06-20"), ("2026-07-01", "2026-06-20", "2027-01-01"))
    changes = [{"issue": "1", "at": at, "field": "due", "old": old, "new": new} for at, old, new in days]
    what = history(held("1", "ann", 0), changes, started=False)
    what["issues"] = what["issues"].assign(due_on=day("2027-01-01"))
    assert one(efforts([8]), what=what)["due_on"] == day("2026-06-20")


def test_holders_of_a_shared_item_are_counted():
    what = history(held("1", "ann", 0), held("1", "bob", 0), held("1", "cy", 0, 4))
    assert one(efforts([8]), what=what)["n_holders"] == 2


@pytest.mark.parametrize("seed", range(4))
def test_the_mean_effort_agrees_with_lifelines(seed):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # lifelines warns of what it imports
        from lifelines import KaplanMeierFitter  # noqa: PLC0415 (within the filter)
        from lifelines.utils import restricted_mean_survival_time  # noqa: PLC0415 (within the filter)
    rng = np.random.default_rng(seed)
    done, left = rng.integers(1, 40, 30), rng.integers(1, 40, 15)
    found = one(efforts(done, [(f"left-{n}", hours) for n, hours in enumerate(left)]))
    fitted = KaplanMeierFitter().fit(np.append(done, left), np.repeat([1, 0], [30, 15]))
    assert found["total_hours"] == pytest.approx(restricted_mean_survival_time(fitted, t=done.max()))


def test_nothing_in_nothing_out_with_the_same_columns():
    empty = {"issues": build.empty("issues"), "issue_events": build.empty("issue_events")}
    something = remaining(efforts([8]))
    for known in (efforts(), efforts([8])):
        nothing = remaining(known, empty)
        assert nothing.empty
        assert nothing.dtypes.equals(something.dtypes)
    assert remaining(efforts()).dtypes.equals(something.dtypes)


def test_the_items_are_those_held_now():
    what = {"issues": frame("issues", [issue("1", created_at=nth(0))]), "issue_events": build.empty("issue_events")}
    assert remaining(efforts([8]), what).empty
