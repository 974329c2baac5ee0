"""Attention: whoever has several things in progress gives each of them a part of their working time."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics import workload
from tests.metrics import build
from tests.metrics.build import frame, issue, moved
from tests.metrics.test_workload_at_random import random_history
from tests.metrics.workload_world import AS_OF, DAY, START, assignments, calendars, held, history, nth

HOUR = pd.Timedelta(hours=1)


def attention(*events, items=("1",), who=None, **more):
    found = attended(history(*events, items=items), calendars() if who is None else who, **more)
    return found.set_index(["person", "issue"])["attention_hours"].to_dict()


def attended(what, who=None, as_of=AS_OF, support_share=0.0, **more):
    return workload.attention(
        assignments(what, as_of), who or calendars(), as_of=as_of, support_share=support_share, **more
    )


def efforts(what, **more):
    return workload.efforts(attended(what), **what, as_of=AS_OF, **more)


def test_one_item_gets_all_of_the_working_time():
    # 1 to 10 June: eight working days of eight hours
    assert attention(held("1", "ann", 0)) == {("Ann", "1"): 64}


def test_two_items_at_once_get_half_each_while_there_are_two():
    # two days alone (16 h), then three days halved (12 h each), then a weekend
    events = held("1", "ann", 0, 6), held("2", "ann", 2, 6)
    assert attention(*events, items=("1", "2")) == {("Ann", "1"): 28, ("Ann", "2"): 12}


def test_each_holder_of_a_shared_item_attends_to_it():
    assert attention(held("1", "ann", 0), held("1", "bob", 7)) == {("Ann", "1"): 64, ("Bob", "1"): 24}


def test_at_the_weekend_and_on_leave_nothing_gets_attention():
    away = calendars(time_off=[("Ann", "2026-06-08", "2026-06-09")])
    assert attention(held("1", "ann", 5, 7)) == {("Ann", "1"): 0}
    assert attention(held("1", "ann", 5), who=away) == {("Ann", "1"): 8}


def test_part_time_and_what_goes_to_support_are_taken_off():
    half = calendars({"id": "Ann", "share": 0.5})
    assert attention(held("1", "ann", 0), who=half, support_share=0.25) == {("Ann", "1"): 24}


def test_whoever_is_not_known_has_the_usual_calendar():
    nobody = calendars()
    found = assignments(history(held("1", "ann", 0))).replace({"person": {"Ann": "Zoe"}})
    assert workload.attention(found, nobody, as_of=AS_OF, support_share=0)["attention_hours"].tolist() == [64]


def test_what_was_given_before_a_day_can_be_left_out():
    assert attention(held("1", "ann", 0), since=START + 7 * DAY) == {("Ann", "1"): 24}
    assert attention(held("1", "ann", 0, 4), since=START + 7 * DAY) == {}


def test_only_what_is_in_progress_now_is_held_now():
    what = history(held("1", "ann", 0), held("2", "ann", 0), held("3", "ann", 0, 3), [moved("2", nth(2), "done")],
                   items=("1", "2", "3"))  # fmt: skip
    assert attended(what).set_index("issue")["is_held"].to_dict() == {"1": True, "2": False, "3": False}


def test_effort_is_known_of_what_was_done_and_a_lower_bound_of_the_rest():
    done = [moved(item, nth(4), state) for item, state in (("2", "done"), ("3", "dropped"), ("5", "done"))]
    what = history(held("1", "ann", 0), held("2", "bob", 0), held("3", "cy", 0), held("4", "cy", 0), done,
                   items=("1", "2", "3", "4", "5", "6"))  # fmt: skip
    what["issues"] = what["issues"].assign(type=pd.Series(["Bug"] * 6, dtype="str"))
    found = efforts(what).set_index("issue")
    # 3 and 4 shared 32 hours evenly until 3 was dropped; 4 has had 32 since. Nobody ever had 5 or 6.
    assert found["effort_hours"].to_dict() == {"1": 64, "2": 32, "3": 16, "4": 48, "5": 0}
    assert found.index[found["is_done"]].tolist() == ["2", "5"]
    assert set(found["type"]) == {"Bug"}


def test_what_was_finished_long_ago_is_no_evidence():
    what = history(held("1", "ann", 0), [moved("1", nth(2), "done")])
    assert len(efforts(what)) == 1
    assert efforts(what, days=5).empty


def test_reopened_work_is_not_done():
    what = history(held("1", "ann", 0), [moved("1", nth(2), "done"), moved("1", nth(4), "active")])
    found = efforts(what).iloc[0]
    assert (found["effort_hours"], found["is_done"]) == (48, False)


def test_the_type_is_that_of_the_day():
    change = [{"issue": "1", "at": nth(9), "field": "type", "old": "Bug", "new": "Story"}]
    what = history(held("1", "ann", 0), change)
    what["issues"] = what["issues"].assign(type=pd.Series(["Story"], dtype="str"))
    early = START + 8 * DAY
    assert efforts(what)["type"].tolist() == ["Story"]
    assert workload.efforts(attended(what, as_of=early), **what, as_of=early)["type"].tolist() == ["Bug"]


def by_the_hour(found, as_of):
    """Hour by hour: everybody at work gives each item in progress an equal part of it."""
    hours = {}
    for hour in pd.date_range(START, as_of, freq="h", inclusive="left"):
        if hour.day_of_week >= 5 or not 9 <= hour.hour < 17:
            continue
        for person in ("Ann", "Bob", "Cy"):
            mine = [row.issue for row in found.itertuples() if row.person == person and row.is_active
                    and row.start_at <= hour and not row.end_at <= hour]  # fmt: skip
            for item in mine:
                hours[person, item] = hours.get((person, item), 0) + 1 / len(mine)
    return hours


@pytest.mark.parametrize("seed", range(6))
def test_random_histories_agree_with_an_hourly_sweep(seed):
    what = random_history(seed)
    found = attended(what).set_index(["person", "issue"])["attention_hours"]
    expected = by_the_hour(assignments(what), AS_OF)
    assert found[found > 0].to_dict() == pytest.approx(expected, abs=1e-5)


@settings(deadline=None, max_examples=10)
@given(st.integers(0, 1000), st.integers(1, 240))
def test_all_effort_is_the_working_time_in_which_anything_was_in_progress(seed, hours):
    as_of = START + hours * HOUR
    what = random_history(seed)
    active = assignments(what, as_of).loc[lambda rows: rows["is_active"]]
    found = attended(what, as_of=as_of).groupby("person")["attention_hours"].sum()
    for person, spans in active.groupby("person"):
        busy = np.zeros(hours, dtype=bool)
        for span in spans.itertuples():
            end = as_of if pd.isna(span.end_at) else span.end_at
            busy[int((span.start_at - START) / HOUR) : int((end - START) / HOUR)] = True
        at_work = [(hour % 24 in range(9, 17)) and hour // 24 % 7 < 5 for hour in range(hours)]
        assert found[person] == pytest.approx((busy & at_work).sum(), abs=1e-4)


def test_issues_are_named_as_text():
    what = {"issues": frame("issues", [issue("1", created_at=nth(0))]), "issue_events": build.empty("issue_events")}
    assert efforts(what).empty
