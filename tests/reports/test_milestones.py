"""Milestones of small organisations made by hand, and what their pages say in the sample."""

import re
from itertools import pairwise

import pytest

from fairlead.scope import Scope
from reports import milestone, milestones, words
from reports.milestones import STATUS_WORDS, WORRYING
from tests.metrics.build import added, day, happened, issue, moved, pull_request, removed, utc
from tests.reports.test_small import AS_OF, panel, seen
from tests.reports.test_takeaways import numbers
from tests.reports.worlds import panels_of

WORLDS = ["sample", "one team", "200 days ago", "a repository"]


@pytest.fixture(params=WORLDS)
def panels(request):
    return panels_of(request.param)


def in_milestones(*titles, **values):
    """Open milestones of several repositories, each with one item to do."""
    ids = [f"m{number}" for number in range(len(titles))]
    return {
        "milestones": [
            {"id": key, "title": title, "project": f"o/{key}", "state": "open", "created_at": "2026-05-01", **values}
            for key, title in zip(ids, titles, strict=True)
        ],
        "issues": [issue(f"i{key}", project=f"o/{key}", created_at="2026-05-02") for key in ids],
        "issue_events": [added(f"i{key}", "2026-05-03", key) for key in ids],
    }


def said_due(milestone, at, new, old=None):
    return {"milestone": milestone, "observed_at": at, "field": "due_on", "old": old, "new": new}


def test_milestones_of_one_title_are_told_apart_by_their_project():
    changes = [
        change
        for key in ("m0", "m1")
        for change in (
            said_due(key, "2026-05-03", "2026-06-20"),
            said_due(key, "2026-05-10", "2026-06-30", "2026-06-20"),
        )
    ]
    frames = seen(**in_milestones("v1.0", "v1.0", due_on=day("2026-06-30")), milestone_changes=changes)
    report = milestones.report(frames, Scope(AS_OF))
    assert set(panel(report, "dates").table["title"]) == {"v1.0 · o/m0", "v1.0 · o/m1"}
    assert panel(report, "dates").takeaway.startswith("2 milestones moved their date; ")
    assert [text.partition("<br>")[0] for text in panel(report, "open").figure.layout.yaxis.ticktext] == [
        "v1.0 · o/m1",
        "v1.0 · o/m0",
    ]


def moving(*days):
    """One milestone whose due date was said to be each of these days in turn."""
    said = [said_due("m0", f"2026-05-{3 + n:02}", new, old) for n, (old, new) in enumerate(pairwise((None, *days)))]
    return seen(**in_milestones("v1.0", due_on=day(days[-1])), milestone_changes=said)


@pytest.mark.parametrize(
    ("days", "says", "by"),
    [
        (
            ("2026-06-30", "2026-06-16"),
            "1 milestone moved its date; v1.0 moved most: 14 days earlier.",
            "14 days earlier",
        ),
        (("2026-06-16", "2026-06-30"), "1 milestone moved its date; v1.0 moved most: 14 days later.", "14 days later"),
        (
            ("2026-06-16", "2026-06-30", "2026-06-16"),
            "1 milestone moved its date, and back again.",
            "back where it was",
        ),
    ],
)
def test_a_date_that_moved_is_said_to_be_later_earlier_or_back(days, says, by):
    report = milestones.report(moving(*days), Scope(AS_OF))
    assert panel(report, "dates").takeaway == says
    delta = next(headline.delta for headline in report.headlines if headline.label == "Due date moved")
    assert delta.removeprefix("by up to ") == by


def test_the_scope_was_settled_on_the_day_of_the_planned_start():
    tables = in_milestones("v1.0", start_on=day("2026-05-10"))
    tables["issue_events"].append(moved("im0", "2026-05-20", "done"))
    said = panel(milestone.report(seen(**tables), Scope(AS_OF)), "burn-up").takeaway
    assert said == (
        "1 of 1 item is done. Since its planned start (10 May 2026) scope went from 1 to 1 item: 0 added, 0 removed."
    )


def test_without_closed_milestones_none_is_said_to_have_been_late():
    said = panel(milestones.report(seen(**in_milestones("v1.0")), Scope(AS_OF)), "all").takeaway
    assert said == "No milestone with a due date has been closed yet."


def test_when_dates_were_first_observed_does_not_look_behind_as_of():
    frames = seen(**in_milestones("v1.0"), milestone_changes=[said_due("m0", "2026-07-01", "2026-08-01")])
    assert "known from the first sync on" in panel(milestones.report(frames, Scope(AS_OF)), "dates").note


def test_what_is_left_is_in_the_hands_it_was_in_then():
    tables = in_milestones("v1.0")
    tables["issue_events"] += [
        added("im0", "2026-05-04", "a", "assignee"),
        removed("im0", "2026-06-20", "a", "assignee"),
        added("im0", "2026-06-20", "b", "assignee"),
    ]
    frames = seen(**tables, issue_assignees=[{"issue": "im0", "account": "b"}])
    held = [
        panel(milestone.report(frames, Scope(at)), "remaining").table["assigned_to"].tolist()
        for at in (utc("2026-05-03 12:00"), AS_OF, utc("2026-06-21"))
    ]
    assert held == [["Nobody"], ["Ann"], ["Bo"]]


def test_an_open_pull_request_of_a_milestone_is_its_authors():
    frames = seen(
        milestones=[{"id": "m", "title": "v1.0", "state": "open", "created_at": "2026-05-01"}],
        pull_requests=[pull_request("1", author="b", created_at="2026-05-01", milestone="m")],
        pull_request_events=[happened("1", "2026-05-02", "milestoned", "m")],
    )
    left = panel(milestone.report(frames, Scope(AS_OF)), "remaining")
    assert left.table[["key", "state", "assigned_to"]].to_numpy().tolist() == [["1", "in progress", "Bo"]]
    assert left.takeaway == "1 item left: 1 in progress, 0 in nobody's hands, 0 held up by something else."


@pytest.mark.parametrize("gone", [True, False])
def test_a_due_date_that_was_taken_away_is_a_date_no_more(gone):
    changes = [said_due("m0", "2026-05-03", "2026-06-20")]
    changes += [said_due("m0", "2026-05-10", None, "2026-06-20")] if gone else []
    tables = in_milestones("v1.0", due_on=None if gone else day("2026-06-20"))
    built = milestone.report(seen(**tables, milestone_changes=changes), Scope(AS_OF))
    marks = [mark.text for mark in panel(built, "burn-up").figure.layout.annotations]
    assert marks == (["was 20 Jun"] if gone else ["due 20 Jun 2026"])
    assert built.headlines[0].value == ("no date" if gone else "20 Jun ’26")


def test_milestones_that_need_somebody_are_counted_and_stand_first(panels):
    panel = panels["milestones", "open"]
    needing = panel.table["status"].isin([STATUS_WORDS[status] for status in WORRYING])
    assert numbers(panel.takeaway)[:2] == ([needing.sum(), len(needing)] if needing.any() else [len(needing)])
    assert needing.is_monotonic_decreasing
    if needing.any():
        assert panel.takeaway.split("First ")[1].startswith(panel.table["title"].iloc[0])
    assert f"n = {words.count(len(needing), 'open milestone')} with work left" in panel.note


def test_each_row_of_the_portfolio_adds_up(panels):
    table = panels["milestones", "portfolio"].table
    drift = (table["plan_on"] - table["due_on"]).dt.days
    assert drift.equals(table["drift_days"].where(drift.notna())) or (drift.dropna() == table["drift_days"]).all()
    overdue = table["status"] == "overdue"
    assert (table.loc[overdue, "due_on"] < utc("2026-06-15").tz_localize(None)).all()
    at_risk = table["status"] == "at risk"
    assert (table.loc[at_risk, "on_time_share"] < 0.85).all()
    assert (table.loc[table["status"] == "on track", "on_time_share"] >= 0.85).all()
    moved_days = table["moved_in_4_weeks_days"]
    said = numbers(panels["milestones", "portfolio"].takeaway)
    assert said == [(moved_days > 0).sum(), (moved_days < 0).sum(), len(table)]


def test_dates_of_the_portfolio_stand_in_the_order_of_their_chances(panels):
    table = panels["milestones", "open"].table.dropna(subset=["expected_on", "plan_on", "commit_on"])
    assert len(table)
    assert (table["expected_on"] <= table["plan_on"]).all()
    assert (table["plan_on"] <= table["commit_on"]).all()


def test_done_and_remaining_items_make_the_scope(panels):
    table = panels["milestones", "all"].table
    assert (table["done"] + table["remaining"] == table["scope"]).all()
    listed = panels["milestones", "portfolio"].table.set_index(["title", "project"])
    whole = table.set_index(["title", "project"]).loc[listed.index]
    assert (whole["remaining"] == listed["remaining"]).all()


def test_the_burn_up_ends_where_the_list_stands(panels):
    panel, listed = panels["milestone", "burn-up"], panels["milestones", "all"].table
    last = panel.table.iloc[-1]
    assert numbers(panel.takeaway)[:2] == [last["done"], last["scope"]]
    row = listed[listed["title"] == panel.title.removeprefix("Burn-up: ")].iloc[0]
    assert (row["done"], row["scope"]) == (last["done"], last["scope"])
    assert row["remaining"] == len(panels["milestone", "remaining"].table)


def test_what_is_left_is_counted_by_state_by_hands_and_by_what_holds_it_up(panels):
    panel = panels["milestone", "remaining"]
    table = panel.table
    started, nobodys = (table["state"] == "in progress").sum(), (table["assigned_to"] == "Nobody").sum()
    assert numbers(panel.takeaway) == [len(table), started, nobodys, table["held_up_by"].notna().sum()]


def test_the_page_of_one_milestone_opens_with_the_one_that_needs_somebody_first(panels):
    first = panels["milestones", "portfolio"].table["title"].iloc[0]
    assert panels["milestone", "burn-up"].title == f"Burn-up: {first}"
    assert (
        panels["milestone", "what-if"].table["plan_on"].iloc[0] == panels["milestones", "open"].table["plan_on"].iloc[0]
    )


def test_what_was_said_each_week_ends_with_what_is_said_now(panels):
    said, now = panels["milestone", "said"].table, panels["milestone", "what-if"].table.iloc[0]
    assert said["said_at"].is_monotonic_increasing
    assert (said["remaining"].iloc[-1], said["due_on"].iloc[-1]) == (now["remaining"], now["due_on"])
    # Fewer futures are drawn for what was said before: dates differ by days, not by months.
    assert abs((said["expected_on"].iloc[-1] - now["expected_on"]).days) <= 14
    dated = said.dropna(subset="plan_on")
    moved_days = (dated["plan_on"].iloc[-1] - dated["plan_on"].iloc[0]).days
    assert words.shift(float(moved_days)) in panels["milestone", "said"].takeaway


def test_a_chance_is_never_all_or_nothing(panels):
    for key in [key for key in panels if key[0] in ("milestones", "milestone", "programme")]:
        panel = panels[key]
        if "on_time_share" in panel.table:
            table = panel.table
            ahead = table[table["status"] != STATUS_WORDS["done"]] if "status" in table else table
            assert ahead["on_time_share"].dropna().between(0, 1, inclusive="neither").all()
        assert not re.search(r"(?<![\d.])(0|100) % (on time|to be done)", panel.takeaway), key
