"""What if: the scenario beside the plan as it is, in words and in numbers, and the smallest cut."""

import datetime as dt
import math
from functools import cache

import pandas as pd
import pytest

from fairlead.scope import Scope
from metrics import forecast
from reports import drifting, foreseen, remaining, whatif, words
from reports.foreseen import One
from reports.whatif import NOTHING, ORDERS, Scenario
from tests.metrics.build import added, day, issue, moved, utc
from tests.reports.test_small import seen

AS_OF = utc("2026-06-30")
MONDAY = utc("2026-06-29")
WEEK = pd.Timedelta(weeks=1)
PACE = [3, 0, 2, 4, 1, 2, 0, 3, 2, 1]
BUG, UI = {f"left-{n}" for n in range(3)}, {"left-2", "left-3"}


@cache
def world(*, due="2026-08-15", left=12, pace=tuple(PACE)):
    """One milestone, ten weeks at work, with labelled items left, Ann's and nobody's; the others were finished."""
    first = MONDAY - len(pace) * WEEK
    done = [(f"done-{week}-{n}", week) for week, many in enumerate(pace) for n in range(many)]
    items = [item for item, _ in done] + [f"left-{n}" for n in range(left)]
    joined = {item: first - 2 * WEEK + pd.Timedelta(hours=place) for place, item in enumerate(items)}
    events = [added(item, at, "m") for item, at in joined.items()]
    events += [moved(item, first + week * WEEK + pd.Timedelta(days=2), "done", "todo") for item, week in done]
    events += [moved("left-0", "2026-06-20", "active", "todo"), added("left-1", "2026-06-20", "a", "assignee")]
    labels = [("bug", item) for item in BUG] + [("ui", item) for item in UI] + [("old", "done-0-0")]
    return seen(
        milestones=[{
            "id": "m", "title": "v1.0", "project": "o/r", "state": "open", "created_at": first - 2 * WEEK,
            "due_on": day(due) if due else None, "start_on": first.tz_localize(None),
        }],
        issues=[issue(item, title=f"Item {item}", project="o/r", created_at="2026-01-01", estimate=place % 5)
                for place, item in enumerate(items)],
        issue_events=events,
        issue_labels=[{"issue": item, "label": label} for label, item in labels],
    )  # fmt: skip


def panels(scenario=NOTHING, **values):
    """The two panels, comparison and cut."""
    one = one_of(**values)
    return whatif.panels(one, remaining.items(one), scenario)


@cache
def one_of(**values):
    scope = Scope(AS_OF)
    return One(foreseen.measure(world(**values), scope), scope, "m")


def test_where_nothing_is_supposed_there_is_one_row_and_an_invitation():
    comparison, _ = panels()
    assert comparison.table["case"].tolist() == ["as it is"]
    row, ahead = comparison.table.iloc[0], one_of().ahead
    assert (row["plan_on"], row["on_time_share"]) == (ahead["p85_on"], ahead["p_on_time"])
    assert (row["expected_drift_days"], row["plan_drift_days"]) == (ahead["drift50_days"], ahead["drift85_days"])
    on_time = words.chance(row["on_time_share"])
    assert comparison.takeaway == (
        f"As it is, plan on {words.day(row['plan_on'])}, {on_time} to be done by 15 Aug 2026. Suppose something above: "
        "leave out items, move the date, change the pace, start later."
    )
    assert comparison.note.startswith("n = 1 case as of 29 Jun 2026")


def test_another_order_of_the_cut_supposes_nothing():
    for order in ORDERS:
        assert Scenario(cut_first=order).is_nothing
        assert panels(Scenario(cut_first=order))[0].table["case"].tolist() == ["as it is"]
    assert not Scenario(pace_percent=105).is_nothing


@pytest.mark.parametrize(
    ("scenario", "says", "n_left"),
    [
        (Scenario(items=("left-5",)), "Without 1 item: plan on ", 11),
        (Scenario(labels=("bug",)), "Without 3 items: plan on ", 9),
        (Scenario(labels=("bug", "ui")), "Without 4 items: plan on ", 8),
        (Scenario(items=("left-0", "left-5"), labels=("bug",)), "Without 4 items: plan on ", 8),
        (Scenario(pace_percent=150), "At 150 % of the pace: plan on ", 12),
        (Scenario(later_weeks=1), "Started 1 week later: plan on ", 12),
        (Scenario(due_on=dt.date(2026, 9, 1)), "Due 1 Sep 2026: plan on ", 12),
        (
            Scenario(items=("left-5",), pace_percent=75, later_weeks=2, due_on=dt.date(2026, 9, 1)),
            "Without 1 item, at 75 % of the pace, started 2 weeks later, due 1 Sep 2026: plan on ",
            11,
        ),
    ],
    ids=str,
)
def test_what_is_supposed_stands_beside_the_plan_as_it_is(scenario, says, n_left):
    comparison, _ = panels(scenario)
    was, now = comparison.table.iloc[0], comparison.table.iloc[1]
    assert comparison.table["case"].tolist() == ["as it is", "supposed"]
    assert (was["remaining"], now["remaining"]) == (12, n_left)
    asis = panels()[0].table.iloc[0]
    assert was.drop("due_change_days").equals(asis.drop("due_change_days"))
    due = words.day(scenario.due_on or dt.date(2026, 8, 15))
    assert comparison.takeaway == (
        f"{says}{words.day(now['plan_on'])} instead of {words.day(was['plan_on'])}; "
        f"{words.chance(now['on_time_share'])} to be done by {due} instead of {words.chance(was['on_time_share'])}."
    )
    assert len(comparison.figure.layout.yaxis.ticktext) == 2


def test_what_is_supposed_is_what_the_metric_makes_of_it():
    scenario = Scenario(labels=("ui",), pace_percent=120, later_weeks=2, due_on=dt.date(2026, 9, 1))
    row = panels(scenario)[0].table.iloc[1]
    measured = one_of().measured
    said = forecast.what_if(
        measured.history, "m", forecast.Supposed(n_dropped=2, pace=1.2, later_weeks=2, due_on=day("2026-09-01")),
        as_of=AS_OF,
    ).iloc[0]  # fmt: skip
    assert row["plan_on"] == said["p85_on"]
    assert row["on_time_share"] == said["p_on_time"]
    assert row["due_on"] == day("2026-09-01")


def test_the_parts_of_each_case_add_up_to_its_drift():
    for scenario in (NOTHING, Scenario(labels=("bug",)), Scenario(pace_percent=200, due_on=dt.date(2026, 9, 1))):
        table = panels(scenario)[0].table
        parts = table[["late_start_days", "scope_growth_days", "pace_days", "due_change_days"]].sum(axis=1)
        assert parts.tolist() == pytest.approx(table["expected_drift_days"].tolist())


def test_less_scope_is_told_as_less_growth():
    was, now = panels(Scenario(labels=("bug",)))[0].table["scope_growth_days"]
    assert now < was


def test_items_and_labels_that_are_not_left_suppose_nothing():
    comparison, _ = panels(Scenario(items=("done-0-0", "gone"), labels=("old", "none")))
    assert comparison.table["case"].tolist() == ["as it is"]
    assert comparison.takeaway.startswith("As it is, plan on ")


def test_what_can_be_supposed_are_the_items_left_and_their_labels():
    offered = whatif.options(one_of().measured, Scope(AS_OF), milestone="m")
    assert set(offered.items) == {f"left-{n}" for n in range(12)}
    assert offered.items["left-3"] == "Item left-3"
    assert offered.labels == ("bug", "ui")


def test_without_a_due_date_no_chance_is_spoken_of():
    comparison, cut = panels(due=None)
    assert comparison.takeaway.startswith(
        f"As it is, plan on {words.day(comparison.table['plan_on'].iloc[0])}. Suppose"
    )
    assert cut.table.empty
    assert cut.empty == "Without a due date there is nothing to cut for. Suppose one above."
    supposed, cut = panels(Scenario(due_on=dt.date(2026, 8, 15)), due=None)
    on_time = words.chance(supposed.table["on_time_share"].iloc[1])
    assert supposed.takeaway.endswith(f"; {on_time} to be done by 15 Aug 2026.")
    assert len(cut.table)


def test_the_smallest_cut_is_just_enough():
    _, cut = panels()
    n = len(cut.table)
    assert 0 < n < 12
    assert cut.takeaway == (
        f"Without {n} items of 12 the due date is 85 % likely. Joined last first, these are the ones to talk about."
    )
    keys = tuple(cut.table["key"])
    enough, scarce = (panels(Scenario(items=keys[:many]))[0].table["on_time_share"].iloc[1] for many in (n, n - 1))
    assert enough >= 0.85 > scarce
    assert panels(Scenario(items=keys))[1].empty == "Nothing has to go: the due date is 85 % likely as it is supposed."


def test_what_is_left_out_already_is_not_among_what_should_go():
    _, whole = panels()
    _, rest = panels(Scenario(labels=("bug",)))
    assert len(rest.table) == len(whole.table) - 3
    assert not set(rest.table["key"]) & BUG
    assert f"items of {12 - 3} " in rest.takeaway


def test_what_goes_first_is_the_readers_choice():
    joined = [f"left-{n}" for n in range(11, -1, -1)]
    first = {order: panels(Scenario(cut_first=order))[1].table for order in ORDERS}
    n = len(first["Joined last"])
    assert first["Joined last"]["key"].tolist() == joined[:n]
    not_started = [key for key in joined if key != "left-0"]
    assert first["Not started, joined last"]["key"].tolist() == not_started[:n]
    assert first["Not started, joined last"]["state"].eq("to do").all()
    unheld = [key for key in joined if key != "left-1"]
    assert first["In nobody's hands, joined last"]["key"].tolist() == unheld[:n]
    estimates = first["Largest estimate"]["estimate"]
    assert estimates.tolist() == sorted(estimates, reverse=True)
    assert estimates.iloc[0] == 4


def test_where_no_cut_helps_it_is_said():
    _, cut = panels(due="2026-07-01")
    assert cut.table.empty
    assert cut.empty == "No cut makes the due date 85 % likely: not even with one item left. Move the date."
    assert panels(due="2030-01-01")[1].empty == "Nothing has to go: the due date is 85 % likely as it is supposed."


def test_what_is_done_cannot_go_otherwise():
    comparison, cut = panels(left=0)
    assert comparison.table.empty
    assert comparison.empty == "What is over, or holds nothing, cannot go otherwise."
    assert cut.empty == "Nothing is left to cut."
    assert comparison.table.dtypes.to_dict() == panels()[0].table.dtypes.to_dict()
    assert cut.table.dtypes.to_dict() == panels()[1].table.dtypes.to_dict()


def test_too_young_to_tell_is_neither_never_nor_a_date():
    comparison, cut = panels(pace=(3, 2))
    assert one_of(pace=(3, 2)).ahead["status"] == "too_early"
    assert len(comparison.table) == 1
    assert comparison.figure.data[3].x == ()  # nothing runs off the edge
    assert cut.table.empty
    assert math.isnan(comparison.table["on_time_share"].iloc[0])
    assert comparison.takeaway.startswith("As it is, there is no date to plan on. Suppose something above: ")


def test_the_waterfall_is_that_of_the_plan_as_it_is():
    table = panels()[0].table.iloc[0]
    parts = drifting.panel(one_of(), pd.DataFrame({"at": [], "kind": []})).table.set_index("part")["days"]
    assert parts["Pace"] == pytest.approx(table["pace_days"])
    assert parts["Expected (P50)"] == table["expected_drift_days"]
    assert parts["Plan on (P85)"] == table["plan_drift_days"]
