"""Load over capacity, what causes it, and how unevenly it is spread within teams."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics import workload
from tests.metrics.build import frame, shuffled
from tests.metrics.workload_world import AS_OF, calendars

NONE = pd.Series([], index=pd.Index([], dtype="str"), dtype="int64")
AWAY = ("2026-06-01", "2026-07-31")
TYPES = {"issue": "str", "is_active": "bool", "is_owed": "bool", "n_holders": "int64", "expected_hours": "float64",
         "status": "str"}  # fmt: skip
A_FIFTH = {"id": "Ann", "share": 0.2}
TEAM = frame("team_members", [{"team": "t", "person": who} for who in ("Ann", "Bob", "Cy")])


def item(name, hours, *, status="ok", n_holders=1, is_active=True, is_owed=True):
    return {"issue": name, "is_active": is_active, "is_owed": is_owed, "n_holders": n_holders,
            "expected_hours": hours, "status": status}  # fmt: skip


def table(*items):
    return pd.DataFrame(items, columns=list(TYPES)).astype(TYPES)


def holders(**held):
    rows = [(person, each) for person, items in held.items() for each in items]
    return pd.DataFrame(rows, columns=["person", "issue"]).astype("str")


def load(left, held, who=None, owed=NONE, support_share=0.0, **more):
    how = {"weeks": 2, "review_hours": 0.5, "limit": 1.2, "support_share": support_share, **more}
    return workload.load(left, held, owed, who or calendars(), as_of=AS_OF, **how).set_index("person")


def test_work_without_time_is_too_much_and_neither_is_undefined():
    # capacity: Ann and Di a fifth of 80 hours, Bob and Cy are away
    who = calendars(A_FIFTH, {"id": "Di", "share": 0.2}, time_off=[("Bob", *AWAY), ("Cy", *AWAY)])
    found = load(
        table(item("1", 24), item("2", 8), item("3", 8)), holders(Ann=["1"], Bob=["2"], Di=["3"]), who, limit=1
    )
    assert found["capacity_hours"].tolist() == pytest.approx([16, 0, 0, 16])
    assert found["ratio"].drop("Cy").tolist() == pytest.approx([1.5, math.inf, 0.5])
    assert math.isnan(found.loc["Cy", "ratio"])
    assert found["status"].tolist() == ["overload", "overload", "no_capacity", "ok"]


def test_reviews_owed_count_beside_items():
    found = load(table(item("1", 24)), holders(Ann=["1"]), owed=pd.Series({"Ann": 4, "Bob": 2}), review_hours=1.5)
    assert found.loc["Ann", ["item_hours", "review_hours", "load_hours", "n_items", "n_reviews"]].tolist() == [
        24,
        6,
        30,
        1,
        4,
    ]
    assert found.loc["Bob", ["item_hours", "review_hours", "load_hours", "n_items", "n_reviews"]].tolist() == [
        0,
        3,
        3,
        0,
        2,
    ]
    assert found["ratio"].tolist() == pytest.approx([30 / 80, 3 / 80, 0])


def test_what_goes_to_support_is_no_capacity():
    assert load(table(), holders(), support_share=0.25)["capacity_hours"].tolist() == [60, 60, 60]


def test_holders_share_what_is_left_of_a_shared_item():
    found = load(table(item("1", 24, n_holders=2)), holders(Ann=["1"], Bob=["1"]))
    assert found["item_hours"].tolist() == [12, 12, 0]
    of_ann = load(table(item("1", 24, n_holders=2)), holders(Ann=["1"]))
    assert of_ann["item_hours"].tolist() == [12, 0, 0]


def test_what_is_not_owed_by_then_is_no_load():
    left = table(item("1", 24, is_active=False, is_owed=False), item("2", 8, is_active=False))
    found = load(left, holders(Ann=["1", "2"]))
    assert found.loc["Ann", ["item_hours", "n_items"]].tolist() == [8, 1]


def test_lower_bounds_are_counted():
    left = table(item("1", 8), item("2", 8, status="bound"), item("3", 8, status="beyond"))
    assert load(left, holders(Ann=["1", "2", "3"])).loc["Ann", "n_at_least"] == 2


def test_unknown_effort_is_not_no_effort():
    left = table(item("1", math.nan, status="no_history"), item("2", math.nan, status="no_history"))
    found = load(left, holders(Ann=["1"], Bob=["2"]), calendars(time_off=[("Bob", *AWAY)]))
    assert found["status"].tolist() == ["no_history", "overload", "ok"]
    assert math.isnan(found.loc["Ann", "ratio"])
    assert found.loc["Bob", "ratio"] == math.inf


def test_who_is_not_known_has_no_row():
    assert load(table(item("1", 8)), holders(Zoe=["1"])).index.tolist() == ["Ann", "Bob", "Cy"]


def flags(*people):
    return pd.DataFrame({"person": ["Ann", "Bob"], "is_flagged": [who in people for who in ("Ann", "Bob")]})


def test_the_largest_items_cause_the_load():
    left = table(item("1", 10), item("2", 30), item("3", 5), item("4", 80, n_holders=2), item("5", 15))
    held = holders(Ann=["1", "2", "3", "4", "5"], Bob=["4"])
    found = workload.causes(flags("Ann"), left, held)
    # of a hundred hours: 40 and 30 and 15 make up the first 80 %
    assert found["issue"].tolist() == ["4", "2", "5"]
    assert found["hours"].tolist() == [40, 30, 15]
    assert found["share"].tolist() == [0.4, 0.3, 0.15]
    assert workload.causes(flags(), left, held).empty
    assert workload.causes(flags(), left, held).dtypes.equals(found.dtypes)


def test_unknown_effort_is_told_among_the_causes():
    left = table(item("1", math.nan, status="no_history"), item("2", math.nan, status="no_history"))
    found = workload.causes(flags("Ann"), left, holders(Ann=["1", "2"]))
    assert found["issue"].tolist() == ["1", "2"]
    assert found["share"].isna().all()


def imbalance(hours, who=None, team=TEAM):
    left = table(*(item(str(n), each) for n, each in enumerate(hours)))
    held = holders(**{person: [str(n)] for n, person in enumerate(("Ann", "Bob", "Cy")) if n < len(hours)})
    return workload.imbalance(load(left, held, who).reset_index(), team)


def test_the_share_of_work_that_would_have_to_move():
    # 60, 30 and 0 of 90 hours; even would be 30 each
    found = imbalance([60, 30, 0]).iloc[0]
    assert found["hoover"] == pytest.approx(30 / 90)
    assert found["max_over_mean"] == pytest.approx(2)
    assert (found["n"], found["load_hours"], found["capacity_hours"]) == (3, 90, 240)


def test_half_the_time_should_have_half_the_work():
    found = imbalance([20, 40, 40], calendars({"id": "Ann", "share": 0.5})).iloc[0]
    assert found["hoover"] == pytest.approx(0)
    assert found["max_over_mean"] == pytest.approx(1)


def test_all_work_of_those_who_are_away_would_have_to_move():
    found = imbalance([30, 30, 40], calendars(time_off=[("Cy", *AWAY)])).iloc[0]
    assert found["hoover"] == pytest.approx(0.4)
    assert found["max_over_mean"] == pytest.approx(1)
    assert found["n"] == 2


@pytest.mark.parametrize(
    ("hours", "away"), [([0, 0, 0], []), ([30, 30, 30], ["Ann", "Bob"]), ([30, 30, 30], ["Ann", "Bob", "Cy"]),
                        ([30, math.nan, 30], [])],
)  # fmt: skip
def test_where_nothing_can_be_compared_imbalance_is_undefined(hours, away):
    found = imbalance(hours, calendars(time_off=[(who, *AWAY) for who in away])).iloc[0]
    assert math.isnan(found["hoover"])
    assert math.isnan(found["max_over_mean"])


def test_no_teams_no_rows_with_the_same_columns():
    none = imbalance([1, 2, 3], team=frame("team_members", []))
    assert none.empty
    assert none.dtypes.equals(imbalance([1, 2, 3]).dtypes)


@settings(deadline=None, max_examples=12)
@given(st.integers(0, 10_000))
def test_random_loads_agree_with_a_plain_loop(seed):
    rng = np.random.default_rng(seed)
    people = ["Ann", "Bob", "Cy"]
    held = {who: [str(n) for n in range(8) if rng.random() < 0.4] for who in people}
    n_of = {str(n): max(sum(str(n) in items for items in held.values()), 1) for n in range(8)}
    left = [
        item(name, float(rng.integers(1, 40)), n_holders=n, is_owed=bool(rng.random() < 0.7))
        for name, n in n_of.items()
    ]
    owed = pd.Series(rng.integers(0, 5, 3), index=people)
    found = load(shuffled(table(*left), seed), shuffled(holders(**held), seed), owed=shuffled(owed, seed))
    for who in people:
        own = [each for each in left if each["issue"] in held[who] and each["is_owed"]]
        hours = sum(each["expected_hours"] / each["n_holders"] for each in own)
        assert found.loc[who, "item_hours"] == pytest.approx(hours)
        assert found.loc[who, "ratio"] == pytest.approx((hours + owed[who] * 0.5) / 80)
        assert found.loc[who, "n_items"] == len(own)
    shared = sum(
        each["expected_hours"] for each in left if each["is_owed"] and any(each["issue"] in i for i in held.values())
    )
    assert found["item_hours"].sum() == pytest.approx(shared)
