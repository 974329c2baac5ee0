"""Small organisations made by hand: what reports say of cases that the sample does not hold."""

import pandas as pd
import pytest

from fairlead.access import LOCAL_LEAD, visible_to
from fairlead.frames import Frames
from fairlead.scope import Scope
from reports import milestones, reviews, workload
from reports.names import named
from tests.metrics.build import added, day, frame, happened, issue, moved, pull_request, removed, utc
from tests.reports.worlds import STAKEHOLDER

AS_OF = utc("2026-06-12")
ACCOUNTS = [
    {"id": "a", "login": "ann-x", "kind": "user", "person": "p:a"},
    {"id": "b", "login": "bo-x", "kind": "user", "person": "p:b"},
    {"id": "robot", "login": "robot[bot]", "kind": "bot"},
]
PEOPLE = [{"id": "p:a", "name": "Ann"}, {"id": "p:b", "name": "Bo"}]


def seen(viewer=LOCAL_LEAD, **tables):
    """What a viewer sees of the given rows, with Ann, Bo and a robot in place."""
    rows = {"accounts": ACCOUNTS, "people": PEOPLE} | tables
    return visible_to(viewer, Frames.of({name: frame(name, given) for name, given in rows.items()}))


def panel(report, key):
    return next(panel for panel in report.panels if panel.key == key)


def started(*items, who="a", at="2026-06-01"):
    """Issues that somebody has in progress."""
    return {
        "issues": [issue(item, status_category="active", created_at="2026-05-01") for item in items],
        "issue_events": [
            event for item in items for event in (added(item, at, who, "assignee"), moved(item, at, "active", "todo"))
        ],
    }


@pytest.mark.parametrize(
    ("items", "says"),
    [
        (("1", "2"), "Ann has 2 items in progress; half of the people have 2 or fewer. Ask what could move."),
        (("1",), "Ann has 1 item in progress; half of the people have 1 or fewer. Ask what could move."),
    ],
)
def test_whoever_holds_most_is_named(items, says):
    assert panel(workload.report(seen(**started(*items)), Scope(AS_OF)), "held").takeaway == says


def test_nobody_is_named_where_two_hold_as_many():
    of_ann, of_bo = started("1"), started("2", who="b")
    frames = seen(**{name: of_ann[name] + of_bo[name] for name in of_ann})
    said = panel(workload.report(frames, Scope(AS_OF)), "held").takeaway
    assert said == "Nobody has more than 1 item in progress; half of the people have 1 or fewer."


def test_work_that_is_only_assigned_is_no_work_in_progress():
    frames = seen(issues=[issue("1")], issue_events=[added("1", "2026-06-01", "a", "assignee")])
    assert panel(workload.report(frames, Scope(AS_OF)), "held").takeaway == "Nothing is in progress."


def asked(n, answered):
    """So many requests to Bo on 1 June, the first of them answered after an hour."""
    numbers = [str(number) for number in range(n)]
    return {
        "pull_requests": [pull_request(number, author="a", created_at="2026-06-01") for number in numbers],
        "pull_request_events": [happened(number, "2026-06-01", "review_requested", "b") for number in numbers],
        "reviews": [{"pull_request": number, "author": "b", "at": "2026-06-01 01:00"} for number in numbers[:answered]],
    }


@pytest.mark.parametrize(
    ("n", "answered", "says"),
    [
        (3, 3, "3 requests in this window: too few to say how long they take."),
        (20, 2, "Fewer than half of 20 requests were answered at all."),
        (20, 12, "Half of 20 requests were answered within 1 h; fewer than nine in ten were answered at all."),
        (20, 20, "Half of 20 requests were answered within 1 h, nine in ten within 1 h."),
    ],
)
def test_waiting_times_are_said_as_far_as_they_are_known(n, answered, says):
    assert panel(reviews.report(seen(**asked(n, answered)), Scope(AS_OF)), "waiting-time").takeaway == says


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
        panel(milestones.report(frames, Scope(at)), "remaining").table["assigned_to"].tolist()
        for at in (utc("2026-05-03 12:00"), AS_OF, utc("2026-06-21"))
    ]
    assert held == [["Nobody"], ["Ann"], ["Bo"]]


def test_an_open_pull_request_of_a_milestone_is_its_authors():
    frames = seen(
        milestones=[{"id": "m", "title": "v1.0", "state": "open", "created_at": "2026-05-01"}],
        pull_requests=[pull_request("1", author="b", created_at="2026-05-01", milestone="m")],
        pull_request_events=[happened("1", "2026-05-02", "milestoned", "m")],
    )
    left = panel(milestones.report(frames, Scope(AS_OF)), "remaining")
    assert left.table[["key", "state", "assigned_to"]].to_numpy().tolist() == [["1", "in progress", "Bo"]]
    assert left.takeaway == "1 item left, 1 in progress, 0 in nobody's hands."


def test_ids_become_names_and_unknown_ones_stay():
    ids = pd.Series(["p:a", "b", "robot", "gone", None], dtype="str")
    assert named(seen(), ids).tolist() == ["Ann", "Bo", "robot[bot]", "gone", "Nobody"]


def test_a_stakeholder_sees_numbered_people_and_somebody_for_a_machine():
    ids = pd.Series(["p:a", "b", "robot", None], dtype="str")
    assert named(seen(STAKEHOLDER), ids).tolist() == ["Person 1", "Person 2", "Somebody", "Nobody"]
