"""Overload: too much to do, and too much at once for a while; and between how many projects people switch."""

import math

import numpy as np
import pandas as pd
import pytest

from fairlead.agreements import Agreements
from metrics import workload
from tests.metrics import build
from tests.metrics.build import frame, moved, shuffled
from tests.metrics.test_workload_at_random import random_history
from tests.metrics.workload_world import AS_OF, DAY, START, assignments, calendars, held, history, nth

LONELY = frame("team_members", [])


def overloads(*given):
    return workload.overloads(*given, limit=Agreements().overload_ratio)


def team(**members):
    rows = [{"team": name, "person": who} for name, people in members.items() for who in people]
    return frame("team_members", rows)


def loads(**ratios):
    return pd.DataFrame(
        {"person": pd.Series(list(ratios), dtype="str"), "ratio": pd.Series(ratios.values(), dtype=float)}
    )


def daily(**wips):
    """Ten working days of each person, oldest first."""
    rows = [(who, START + n * DAY, wip) for who, each in wips.items() for n, wip in enumerate(each)]
    return pd.DataFrame(rows, columns=["person", "day_on", "wip"]).astype({"person": "str", "wip": "float64"})


def flagged(wips, members, **ratios):
    found = overloads(loads(**ratios), daily(**wips), members)
    return found.loc[found["is_flagged"], "person"].tolist()


def test_flagged_are_a_high_ratio_and_more_at_once_than_usual_for_a_while():
    usual, much, late = [2] * 10, [2] * 5 + [5] * 5, [2] * 6 + [5] * 4
    wips = {"Ann": much, "Bob": late, "Cy": usual, "Di": much, "Ed": usual}
    members = team(t=list(wips))
    # half of Ann's and Di's days are above 2, and the others' P85 is 2 only without both of them
    found = overloads(loads(Ann=1.3, Bob=1.3, Cy=1.3, Di=1.2, Ed=1), daily(**wips), members).set_index("person")
    assert found["team_p85"].to_dict() == {"Ann": 5, "Bob": 5, "Cy": 5, "Di": 5, "Ed": 5}
    assert not found["is_flagged"].any()
    calm = {**wips, "Di": usual}
    assert flagged(calm, members, Ann=1.3, Bob=1.3, Cy=1.3, Di=1.2, Ed=1) == ["Ann"]
    assert flagged(calm, members, Ann=1.2, Bob=1.3, Cy=1.3, Di=1.2, Ed=1) == []


def test_who_is_always_buried_is_not_their_own_measure():
    wips = {"Ann": [9] * 10, "Bob": [2] * 10, "Cy": [3] * 10}
    assert flagged(wips, team(t=list(wips)), Ann=3.0, Bob=1.0, Cy=1.0) == ["Ann"]


def test_only_the_last_ten_working_days_count():
    busy_before = {"Ann": [9] * 10 + [2] * 10, "Bob": [2] * 20}
    assert flagged(busy_before, team(t=["Ann", "Bob"]), Ann=3.0, Bob=1.0) == []


def test_without_a_team_they_are_compared_with_everybody_else():
    wips = {"Ann": [4] * 10, "Bob": [2] * 10, "Cy": [5] * 10}
    assert flagged(wips, LONELY, Ann=2.0, Bob=2.0, Cy=2.0) == ["Cy"]
    assert flagged(wips, team(t=["Ann"], u=["Bob", "Cy"]), Ann=2.0, Bob=2.0, Cy=2.0) == ["Cy"]


def test_of_several_teams_the_busiest_counts():
    wips = {"Ann": [4] * 10, "Bob": [2] * 10, "Cy": [5] * 10}
    members = team(t=["Ann", "Bob"], u=["Ann", "Cy"])
    found = overloads(loads(Ann=2.0), daily(**wips), members)
    assert (found["team_p85"].item(), found["is_flagged"].item()) == (5, False)


def test_nobody_to_compare_with_is_no_flag():
    found = overloads(loads(Ann=2.0, Bob=0.0), daily(Ann=[4] * 10, Bob=[0] * 10), LONELY).set_index("person")
    assert not found["is_flagged"].any()
    assert math.isnan(found.loc["Ann", "team_p85"])
    assert found["n_days"].tolist() == [10, 10]


def test_wip_at_the_end_of_working_days():
    what = history(held("1", "ann", 0, 3), held("1", "bob", 1, 3), held("2", "ann", 2), items=("1", "2"))
    found = workload.daily_wip(assignments(what), calendars(), as_of=AS_OF, n_days=8)
    of_ann = found[found["person"] == "Ann"]
    assert of_ann["day_on"].dt.day.tolist() == [1, 2, 3, 4, 5, 8, 9, 10]
    assert of_ann["wip"].tolist() == [1, 0.5, 1.5, 1, 1, 1, 1, 1]
    assert of_ann["n_items"].tolist() == [1, 1, 2, 1, 1, 1, 1, 1]
    assert found.loc[found["person"] == "Cy", "wip"].tolist() == [0] * 8


def test_a_day_that_is_not_over_is_seen_as_it_is_now():
    what = history(held("1", "ann", 0), [moved("1", nth(8.75), "done")])  # noon and after of 9 June
    at_noon = START + 8.5 * DAY
    found = workload.daily_wip(assignments(what, at_noon), calendars(), as_of=at_noon, n_days=2)
    assert found.loc[found["person"] == "Ann", "wip"].tolist() == [1, 1]


def test_days_off_are_no_working_days():
    away = calendars(time_off=[("Ann", "2026-06-03", "2026-06-08")])
    found = workload.daily_wip(assignments(history(held("1", "ann", 0))), away, as_of=AS_OF, n_days=4)
    assert found.loc[found["person"] == "Ann", "day_on"].dt.day.tolist() == [1, 2, 9, 10]


@pytest.mark.parametrize("seed", range(4))
def test_daily_wip_agrees_with_wip_at_each_of_the_instants(seed):
    found = assignments(random_history(seed))
    days = workload.daily_wip(found, calendars(), as_of=AS_OF, n_days=8)
    for row in days.itertuples():
        at = pd.DatetimeIndex([row.day_on.tz_localize("UTC") + pd.Timedelta(hours=17)]).as_unit("us")
        then = workload.wip_over_time(found, at=at).set_index("person")["wip"]
        assert row.wip == pytest.approx(then.get(row.person, 0))
    pd.testing.assert_frame_equal(days, workload.daily_wip(shuffled(found), calendars(), as_of=AS_OF, n_days=8))


def switching(what, start=START):
    return workload.switching(assignments(what), what["issues"], start=start, as_of=AS_OF)


def in_projects(what, *projects):
    return {**what, "issues": what["issues"].assign(project=pd.Series(projects, dtype="str"))}


def test_projects_at_once_on_average_and_now():
    what = history(held("1", "ann", 0, 4), held("2", "ann", 2), held("3", "ann", 3), held("1", "bob", 9, 10),
                   items=("1", "2", "3"))  # fmt: skip
    found = switching(in_projects(what, "p", "q", "q")).set_index("person")
    # p for four of ten days, q for eight
    assert found["mean_projects"].to_dict() == pytest.approx({"Ann": 1.2, "Bob": 0.1})
    assert found["n_projects"].to_dict() == {"Ann": 1, "Bob": 0}
    assert found["busy_share"].to_dict() == pytest.approx({"Ann": 1, "Bob": 0.1})


def test_what_is_not_started_is_no_switching():
    assert switching(history(held("1", "ann", 0), started=False)).empty


@pytest.mark.parametrize("seed", range(2))
def test_switching_agrees_with_an_hourly_sweep(seed):
    what = in_projects(random_history(seed), "p", "q", "q", "r", "r")
    project = what["issues"].set_index("id")["project"]
    active = assignments(what).loc[lambda rows: rows["is_active"]]
    hours = pd.date_range(START, AS_OF, freq="h", inclusive="left")
    found = switching(what)
    for row in found.itertuples():
        own = active[active["person"] == row.person]
        n = [own[(own["start_at"] <= at) & ~(own["end_at"] <= at)]["issue"].map(project).nunique() for at in hours]
        assert row.mean_projects == pytest.approx(np.mean(n))
        assert row.busy_share == pytest.approx(np.mean(np.array(n) > 0))
        assert row.n_projects == own.loc[own["end_at"].isna(), "issue"].map(project).nunique()
    coded = build.encoded(**what)
    mixed = workload.switching(shuffled(assignments(what)), coded["issues"], start=START, as_of=AS_OF)
    pd.testing.assert_frame_equal(found, mixed)


def test_nothing_in_nothing_out_with_the_same_columns():
    what, empty = history(held("1", "ann", 0)), build.empty("issues")
    nothing = assignments({"issues": empty, "issue_events": build.empty("issue_events")})
    none = workload.switching(nothing, empty, start=START, as_of=AS_OF)
    assert none.empty
    assert none.dtypes.equals(switching(what).dtypes)
    some = workload.daily_wip(assignments(what), calendars(), as_of=AS_OF)
    idle = workload.daily_wip(nothing, calendars(), as_of=AS_OF)
    assert (idle["wip"] == 0).all()
    assert idle.dtypes.equals(some.dtypes)
    flags = overloads(loads(Ann=1.0), some, LONELY)
    none = overloads(loads(), some[:0], LONELY)
    assert none.empty
    assert none.dtypes.equals(flags.dtypes)
