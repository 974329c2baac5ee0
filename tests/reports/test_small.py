"""Small organisations made by hand: what reports say of cases that the sample does not hold."""

import pandas as pd
import pytest

from fairlead.access import LOCAL_LEAD, visible_to
from fairlead.frames import Frames
from fairlead.scope import Scope
from reports import flow, reviews, workload
from reports.names import named
from tests.metrics.build import added, day, frame, happened, issue, moved, pull_request, utc
from tests.reports.worlds import STAKEHOLDER

AS_OF = utc("2026-06-12")
ACCOUNTS = [
    {"id": "a", "login": "ann-x", "kind": "user", "person": "p:a"},
    {"id": "b", "login": "bo-x", "kind": "user", "person": "p:b"},
    {"id": "robot", "login": "robot[bot]", "kind": "bot"},
]
PEOPLE = [{"id": "p:a", "name": "Ann"}, {"id": "p:b", "name": "Bo"}]
CY = {
    "accounts": [*ACCOUNTS, {"id": "c", "login": "cy-x", "kind": "user", "person": "p:c"}],
    "people": [*PEOPLE, {"id": "p:c", "name": "Cy"}],
}


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
        (
            "123",
            "Ann has 3 items in progress; half of those with work in progress have 1 or fewer. Ask what could move.",
        ),
        (
            "12",
            "Nobody stands out, with 2 items in progress at most; half of those with work in progress have 1 or fewer.",
        ),
        (
            "1",
            "Nobody stands out, with 1 item in progress at most; half of those with work in progress have 1 or fewer.",
        ),
    ],
)
def test_only_who_holds_more_than_twice_what_is_typical_is_named(items, says):
    frames = seen(**together(started(*items), started("b", who="b"), started("c", who="c")), **CY)
    assert panel(workload.report(frames, Scope(AS_OF)), "held").takeaway == says


@pytest.mark.parametrize(
    ("items", "says"),
    [
        (
            "123",
            "Over the last four weeks Ann held 3.0 items on average; half of those who held any held 1.0 or fewer.",
        ),
        (
            "12",
            (
                "Over the last four weeks nobody stood out, with 2.0 items on average at most; "
                "half of those who held any held 1.0 or fewer."
            ),
        ),
    ],
)
def test_only_who_carried_more_than_twice_what_is_typical_for_a_month_is_named(items, says):
    since = "2026-01-01"
    held = together(started(*items, at=since), started("b", who="b", at=since), started("c", who="c", at=since))
    frames = seen(**held, **CY)
    assert panel(workload.report(frames, Scope(AS_OF)), "over-time").takeaway == says


def test_nobody_is_named_where_two_hold_as_many():
    frames = seen(**together(started("1"), started("2", who="b")))
    said = panel(workload.report(frames, Scope(AS_OF)), "held").takeaway
    assert said.startswith("Nobody stands out, with 1 item in progress at most; ")


def test_what_bots_hold_is_said_to_be_left_out_and_one_of_each_is_singular():
    frames = seen(**together(started("1"), started("2", who="robot")))
    note = panel(workload.report(frames, Scope(AS_OF)), "held").note
    assert note.startswith("n = 1 assignment of 1 person at 11 Jun 2026, ")
    assert note.endswith("Bots and deleted users hold nothing here.")


@pytest.mark.parametrize(("team", "keys"), [("Core", ["1"]), ("Other", ["2"])])
def test_urgent_issues_are_those_of_the_chosen_team(team, keys):
    frames = seen(
        issues=[
            issue(item, author=who, priority="Blocker", created_at="2026-06-01")
            for item, who in (("1", "a"), ("2", "b"))
        ],
        teams=[{"id": "t:c", "name": "Core"}, {"id": "t:o", "name": "Other"}],
        team_members=[{"team": "t:c", "person": "p:a"}, {"team": "t:o", "person": "p:b"}],
    )
    urgent = panel(workload.report(frames, Scope(AS_OF, teams=(team,))), "urgent").table
    assert urgent["key"].tolist() == keys


def test_one_item_of_somebody_away_waits():
    frames = seen(
        **started("1"), time_off=[{"person": "p:a", "start_on": day("2026-06-01"), "end_on": day("2026-06-30")}]
    )
    said = panel(workload.report(frames, Scope(AS_OF)), "absent").takeaway
    assert said.startswith("1 item waits for somebody who is not there, 1 of them started.")


def test_work_that_is_only_assigned_is_no_work_in_progress():
    frames = seen(issues=[issue("1")], issue_events=[added("1", "2026-06-01", "a", "assignee")])
    assert panel(workload.report(frames, Scope(AS_OF)), "held").takeaway == "Nothing is in progress."


def together(*parts):
    """The rows of several small histories, table by table."""
    return {name: [row for part in parts for row in part[name]] for name in parts[0]}


def asked(n, answered):
    """So many requests to Bo on Monday 1 June at noon, the first of them answered after an hour of his working time."""
    numbers = [str(number) for number in range(n)]
    return {
        "pull_requests": [pull_request(number, author="a", created_at="2026-06-01 12:00") for number in numbers],
        "pull_request_events": [happened(number, "2026-06-01 12:00", "review_requested", "b") for number in numbers],
        "reviews": [{"pull_request": number, "author": "b", "at": "2026-06-01 13:00"} for number in numbers[:answered]],
    }


HOUR = "within 1 h (1 working h)"


@pytest.mark.parametrize(
    ("n", "answered", "says"),
    [
        (3, 3, "3 requests in this window: too few to say how long they take."),
        (20, 2, "Fewer than half of 20 requests have been answered so far."),
        (
            20,
            12,
            "Half of 20 requests were answered within 1 h (1 working h); fewer than nine in ten have been so far.",
        ),
        (20, 20, "Half of 20 requests were answered within 1 h (1 working h), nine in ten within 1 h (1 working h)."),
    ],
)
def test_waiting_times_are_said_as_far_as_they_are_known(n, answered, says):
    assert panel(reviews.report(seen(**asked(n, answered)), Scope(AS_OF)), "waiting-time").takeaway == says


@pytest.mark.parametrize(
    ("n", "says"),
    [(1, "1 request waits for Bo."), (2, "2 requests wait for Bo.")],
)
def test_who_is_waited_for_agrees_with_the_number(n, says):
    built = reviews.report(seen(**asked(n, 0)), Scope(AS_OF))
    assert panel(built, "waiting-for").takeaway == says
    assert panel(built, "queue").takeaway.endswith(f", {n} {'waits' if n == 1 else 'wait'} now.")


def test_where_nobody_reviewed_no_share_is_spoken_of():
    people = [{"id": f"p:{n}", "name": f"P{n}"} for n in range(4)]
    frames = seen(
        accounts=[{"id": str(n), "login": f"x{n}", "kind": "user", "person": f"p:{n}"} for n in range(4)],
        people=people,
        pull_requests=[pull_request(str(n), author=str(n), created_at="2026-06-01") for n in range(4)],
    )
    said = panel(reviews.report(frames, Scope(AS_OF)), "share").takeaway
    assert said == "Nobody reviewed a pull request in this window."


@pytest.mark.parametrize(
    ("opened", "delta", "compares"), [("2025-12-01", "+0 h", True), ("2026-01-01", "", False)], ids=["known", "unknown"]
)
def test_a_headline_compares_with_the_window_before_where_the_data_reach_back_to_its_start(opened, delta, compares):
    tables = asked(20, 20)
    earlier = [pull_request(f"e{number}", author="a", created_at=opened) for number in range(20)]
    tables["pull_requests"] += earlier
    tables["pull_request_events"] += [happened(row["id"], "2026-02-01", "review_requested", "b") for row in earlier]
    tables["reviews"] += [{"pull_request": row["id"], "author": "b", "at": "2026-02-01 01:00"} for row in earlier]
    headline = reviews.report(seen(**tables), Scope(AS_OF)).headlines[0]
    assert headline.delta == delta
    assert headline.help.endswith(" Compared with the 90 days before.") == compares


@pytest.mark.parametrize(
    ("n", "says"), [(1, "1 of 2 issues in progress is older than "), (2, "2 of 3 issues in progress are older than ")]
)
def test_issues_older_than_the_line_agree_with_their_number(n, says):
    old = started(*(f"o{number}" for number in range(n)), at="2026-05-02")
    done = started("d", at="2026-06-08")
    done["issue_events"].append(moved("d", "2026-06-10", "done", "active"))
    frames = seen(**together(old, done, started("y", at="2026-06-11")))
    assert panel(flow.report(frames, Scope(AS_OF)), "ageing").takeaway.startswith(says)


@pytest.mark.parametrize(
    ("moves", "says"),
    [
        ([("A", 5.0, 5.0), ("B", 100.0, 104.0)], "no team moved much."),
        ([("A", 5.0, 6.0), ("B", 5.0, 7.0)], "B got slower, 5 days → 7 days."),
        ([("A", 5.0, 4.0), ("B", 5.0, 7.0)], "B got slower, 5 days → 7 days; A got quicker, 5 days → 4 days."),
    ],
)
def test_only_teams_that_moved_are_said_to_have_moved(moves, says):
    table = pd.DataFrame(moves, columns=["team", "before_days", "now_days"])
    table = table.assign(change_days=table["now_days"] - table["before_days"])
    assert (
        flow._trend_words(table).removeprefix("Last quarter against the one before, a typical month's 85 % line: ")
        == says
    )


def test_ids_become_names_and_unknown_ones_somebody():
    ids = pd.Series(["p:a", "b", "robot", "gone", None], dtype="str")
    assert named(seen(), ids).tolist() == ["Ann", "Bo", "robot[bot]", "Somebody", "Nobody"]


def test_a_stakeholder_reads_somebody_for_people_and_machines():
    ids = pd.Series(["p:a", "b", "robot", None], dtype="str")
    assert named(seen(STAKEHOLDER), ids).tolist() == ["Somebody", "Somebody", "Somebody", "Nobody"]
