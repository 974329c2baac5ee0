"""What is in the tables: runs, histories, statuses and accounts, counted by hand."""

import math

import pandas as pd
import pytest

from metrics import coverage
from tests.metrics.build import (
    accounts,
    added,
    empty,
    encoded,
    frame,
    happened,
    issue,
    issue_events,
    issues,
    milestone_changes,
    milestones,
    moved,
    pull_request,
    pull_request_events,
    pull_requests,
    reviews,
    shuffled,
    utc,
)  # fmt: skip

AS_OF = utc("2026-06-10")


def run(source, started, status="complete", minutes=5, **values):
    """A run that read what there was when it began."""
    ended = None if status == "running" else utc(started) + pd.Timedelta(minutes=minutes)
    read_to = utc(started) if status in {"complete", "partial"} else None
    return {"source": source, "started_at": started, "finished_at": ended, "status": status, "watermark": read_to,
            **values}  # fmt: skip


def last(*runs):
    return coverage.last_runs(frame("sync_runs", list(runs))).set_index("source")


def read(issue_rows=(), changes=(), pulls=(), happenings=(), reviewed=(), as_of=AS_OF):
    return coverage.items(
        issues(*issue_rows), issue_events(*changes), pull_requests(*pulls), pull_request_events(*happenings),
        reviews(*reviewed), as_of=as_of,
    )  # fmt: skip


def test_the_last_run_of_each_source_counts_and_data_are_as_old_as_the_last_that_read_any():
    found = last(
        run("a", "2026-06-09 12:00", rows=7, requests=3),
        run("b", "2026-06-07 12:00"),
        run("b", "2026-06-09 12:00", "failed", minutes=1, warnings="b: 401."),
    )
    assert found["status"].to_dict() == {"a": "complete", "b": "failed"}
    assert found["behind_hours"].to_dict() == {"a": 0, "b": 48}
    assert found["seconds"].to_dict() == {"a": 300, "b": 60}
    assert found.loc["b", "read_to_at"] == utc("2026-06-07 12:00")
    assert found.loc["b", "warnings"] == "b: 401."


def test_a_source_that_was_never_read_is_of_no_age():
    found = last(run("a", "2026-06-09"), run("b", "2026-06-09", "failed"))
    assert math.isnan(found.loc["b", "behind_hours"])
    assert pd.isna(found.loc["b", "read_to_at"])


def test_a_run_without_an_end_is_running_unless_a_later_one_of_its_source_ended():
    assert last(run("a", "2026-06-08"), run("a", "2026-06-09", "running")).loc["a", "status"] == "running"
    # the clock was put back between the two
    early = frame("sync_runs", [run("a", "2026-06-09", "running"), run("a", "2026-06-09 01:00")])
    assert coverage.last_runs(early)["status"].tolist() == ["complete"]


def test_runs_in_any_order_and_none_at_all_give_the_same_columns():
    table = frame("sync_runs", [run("a", "2026-06-09"), run("b", "2026-06-08"), run("b", "2026-06-09", "running")])
    pd.testing.assert_frame_equal(coverage.last_runs(shuffled(table)), coverage.last_runs(table))
    none = coverage.last_runs(empty("sync_runs"))
    assert none.empty
    assert none.dtypes.astype("str").to_dict() == coverage.last_runs(table).dtypes.astype("str").to_dict()


def test_an_issue_has_a_history_from_its_first_event_to_its_last_before_as_of():
    found = read(
        [issue("1", project="p", created_at="2026-06-01"), issue("2", project="p", created_at="2026-06-01")],
        [moved("1", "2026-06-01", "todo"), moved("1", "2026-06-04", "active"), moved("1", "2026-06-20", "done")],
    )
    assert found["first_at"].tolist()[0] == utc("2026-06-01")
    assert found["last_at"].tolist()[0] == utc("2026-06-04")
    assert found["lacks_history"].tolist() == [False, True]
    assert pd.isna(found["last_at"].tolist()[1])


def test_an_open_pull_request_without_events_lacks_nothing_a_closed_one_does():
    pulls = [pull_request("1"), pull_request("2", closed_at="2026-06-05"), pull_request("3", closed_at="2026-06-20")]
    assert read(pulls=pulls)["lacks_history"].tolist() == [False, True, False]


def test_an_estimate_is_what_the_last_change_says_else_what_the_issue_says():
    rows = [issue(name, estimate=value) for name, value in (("1", 3.0), ("2", None), ("3", 5.0), ("4", None))]
    changes = [
        added("2", "2026-06-01", "8", "estimate"),
        added("3", "2026-06-01", "5", "estimate"),
        {"issue": "3", "at": "2026-06-02", "field": "estimate", "old": "5"},
        added("4", "2026-06-20", "1", "estimate"),
    ]
    assert read(rows, changes)["is_estimated"].tolist() == [True, True, False, False]


def test_assigned_is_who_ever_was_and_reviewed_what_has_a_review():
    changes = [
        added("1", "2026-06-01", "ann", "assignee"),
        {"issue": "1", "at": "2026-06-02", "field": "assignee", "old": "ann"},
        added("2", "2026-06-20", "ann", "assignee"),
    ]
    found = read(
        [issue("1"), issue("2")], changes, [pull_request("p"), pull_request("q")],
        reviewed=[{"pull_request": "p", "at": "2026-06-01"}, {"pull_request": "q", "at": "2026-06-20"}],
    )  # fmt: skip
    assert found["has_assignees"].tolist() == [True, False, False, False]
    assert found["is_reviewed"].tolist() == [False, False, True, False]


def test_projects_are_counted_with_shares_of_what_they_have():
    items = read(
        [issue(str(n), project="p", estimate=1.0 if n < 1 else None) for n in range(4)],
        [moved("0", "2026-06-01", "todo")],
        [pull_request("q", project="q")],
        [happened("q", "2026-06-03", "ready")],
    )
    stones = milestones({"id": "m", "project": "r"}, {"id": "n", "project": "r", "created_at": "2026-06-20"})
    found = coverage.projects(items, stones, as_of=AS_OF).set_index("project")
    assert found[["n_issues", "n_pull_requests", "n_milestones"]].to_numpy().tolist() == [
        [4, 0, 0], [0, 1, 0], [0, 0, 1],
    ]  # fmt: skip
    assert found.loc["p", "estimated_share"] == 0.25
    assert math.isnan(found.loc["q", "estimated_share"])
    assert math.isnan(found.loc["p", "reviewed_share"])
    assert found.loc["q", "first_at"] == found.loc["q", "last_at"] == utc("2026-06-03")


def test_what_is_gone_is_counted_from_when_it_was_noticed():
    gone = frame("tombstones", [
        {"id": "1", "project": "p", "reason": "deleted", "found_at": "2026-06-01"},
        {"id": "2", "project": "p", "reason": "transferred", "found_at": "2026-06-02"},
        {"id": "3", "project": "p", "reason": "deleted", "found_at": "2026-06-20"},
    ])  # fmt: skip
    found = coverage.removed(gone, as_of=AS_OF)
    assert found.to_numpy().tolist() == [["p", 1, 1]]
    none = coverage.removed(empty("tombstones"), as_of=AS_OF)
    assert none.dtypes.astype("str").to_dict() == found.dtypes.astype("str").to_dict()


def test_dates_of_milestones_are_known_from_the_first_observation_in_the_project():
    stones = milestones(
        {"id": "old", "project": "p", "created_at": "2026-01-01"}, {"id": "undated", "project": "p"},
        {"id": "new", "project": "p", "created_at": "2026-05-02"}, {"id": "unseen", "project": "q"},
    )  # fmt: skip
    seen = milestone_changes(
        {"milestone": "old", "observed_at": "2026-05-01", "field": "due_on", "new": "2026-07-01"},
        {"milestone": "new", "observed_at": "2026-05-03", "field": "due_on", "new": "2026-07-01"},
        {"milestone": "unseen", "observed_at": "2026-06-20", "field": "due_on", "new": "2026-07-01"},
    )
    found = coverage.missing_history(read(), stones, seen, as_of=AS_OF)
    assert found[["project", "what", "n", "n_of"]].to_numpy().tolist() == [
        ["p", "milestones", 2, 3], ["q", "milestones", 1, 1],
    ]  # fmt: skip
    assert found["since_at"].iloc[0] == utc("2026-05-01")
    assert pd.isna(found["since_at"].iloc[1])


def test_items_without_history_are_counted_by_project_and_kind():
    items = read([issue("1", project="p"), issue("2", project="p")], [moved("1", "2026-06-01", "todo")],
                 [pull_request("3", project="p", closed_at="2026-06-02")])  # fmt: skip
    found = coverage.missing_history(items, empty("milestones"), empty("milestone_changes"), as_of=AS_OF)
    assert found[["what", "n", "n_of"]].to_numpy().tolist() == [["issues", 1, 2], ["pull_requests", 1, 1]]


def status(site, number, name, said_by="nobody"):
    return {"id": f"jira:{site}:status:{number}", "name": name, "category": "active", "said_by": said_by}


def test_a_status_is_that_of_its_site_whatever_others_call_theirs():
    table = frame("statuses", [status("A", 1, "QA"), status("B:8080", 7, "QA"), status("A", 2, "Done", "source")])
    known = issues(issue("jira:A:1", status="Done"), issue("jira:A:2", status="QA"), issue("jira:B:8080:1"))
    changes = issue_events(
        {"issue": "jira:A:1", "at": "2026-06-01", "field": "status", "new": "QA"},
        {"issue": "jira:A:1", "at": "2026-06-02", "field": "status", "old": "QA", "new": "Done"},
        {"issue": "jira:A:1", "at": "2026-06-03", "field": "status", "old": "Done", "new": "QA"},
        {"issue": "jira:B:8080:1", "at": "2026-06-03", "field": "status", "new": "QA"},
        {"issue": "jira:B:8080:1", "at": "2026-06-20", "field": "status", "new": "QA"},
    )
    found = coverage.statuses(table, known, changes, as_of=AS_OF)
    assert found[["site", "name", "n_issues", "n_events"]].to_numpy().tolist() == [
        ["A", "Done", 1, 1], ["A", "QA", 2, 2], ["B:8080", "QA", 1, 1],
    ]  # fmt: skip


PEOPLE = [
    {"id": "g1", "source": "github", "kind": "user", "person": "1", "confidence": 1.0, "matched_by": "email"},
    {"id": "j1", "source": "jira", "kind": "user", "person": "1", "confidence": 1.0, "matched_by": "email"},
    {"id": "g2", "source": "github", "kind": "user", "person": "2", "confidence": 0.95, "matched_by": "name"},
    {"id": "j2", "source": "jira", "kind": "user", "person": "2", "confidence": 0.95, "matched_by": "name"},
    {"id": "g3", "source": "github", "kind": "user", "person": "3", "confidence": 1.0, "matched_by": "single"},
    {"id": "g4", "source": "github", "kind": "user", "person": "4", "confidence": 1.0, "matched_by": "manual"},
    {"id": "g5", "source": "github", "kind": "bot"},
    {"id": "g6", "source": "github", "kind": "user"},
]


def test_liked_is_who_was_matched_by_likeness_alone():
    assert coverage.liked_accounts(accounts(*PEOPLE))["account"].tolist() == ["g2", "j2"]


def test_accounts_are_counted_by_what_they_are_and_who_said_whose():
    found = coverage.accounts_by_kind(accounts(*PEOPLE))
    assert found["n"].sum() == len(PEOPLE)
    assert ["github", "bot", "nobody", 1] in found.to_numpy().tolist()


@pytest.mark.parametrize("as_of", ["2026-06-03", "2026-06-10"])
def test_requests_are_those_of_the_window_and_unknown_teams_those_without_members(as_of):
    asked = [
        happened("1", "2026-05-01", "review_requested", "ann"),
        happened("1", "2026-06-02", "review_requested", "ann"),
        happened("1", "2026-06-02", "review_requested", "known"),
        happened("1", "2026-06-03", "review_requested", "unknown"),
        happened("1", "2026-06-05", "review_requested", None),
        happened("1", "2026-06-05", "ready"),
    ]
    tables = encoded(
        pull_request_events=pull_request_events(*asked), accounts=accounts({"id": "ann", "kind": "user"}),
        team_members=frame("team_members", [{"team": "known", "person": "1"}]),
    )  # fmt: skip
    found = coverage.requests(**tables, start=utc("2026-06-01"), as_of=utc(as_of))
    assert found == {"2026-06-03": (3, 1), "2026-06-10": (4, 2)}[as_of]


def test_items_agree_with_a_plain_loop():
    rows = [issue(str(n), project=f"p{n % 3}", created_at="2026-05-01") for n in range(30)]
    changes = [
        added(str(n), f"2026-06-{1 + (n * step) % 19:02}", f"{n}", ("assignee", "label", "estimate")[(n + step) % 3])
        for n in range(0, 30, 2) for step in (1, 2, 5)
    ]  # fmt: skip
    found = read(rows, changes)
    for n, seen in enumerate(found.to_dict("records")):
        own = [change for change in changes if change["issue"] == str(n) and utc(change["at"]) <= AS_OF]
        assert seen["lacks_history"] == (not own)
        assert seen["has_assignees"] == any(change["field"] == "assignee" for change in own)
        assert seen["is_estimated"] == any(change["field"] == "estimate" for change in own)
        if own:
            assert seen["first_at"] == min(utc(change["at"]) for change in own)
            assert seen["last_at"] == max(utc(change["at"]) for change in own)
