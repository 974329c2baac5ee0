"""What the Sources page says of runs, gaps and decisions, in sentences worked by hand."""

import tomllib

import pandas as pd
import pytest

from fairlead import people
from fairlead.access import LOCAL_LEAD, Viewer, visible_to
from fairlead.frames import Frames
from fairlead.scope import Scope
from reports import sources
from tests.metrics.build import added, frame, happened, issue, moved, pull_request, utc

AS_OF = utc("2026-06-12")


def seen(viewer=LOCAL_LEAD, **tables):
    return visible_to(viewer, Frames.of({name: frame(name, given) for name, given in tables.items()}))


def report(scope=None, **tables):
    return sources.report(seen(**tables), scope or Scope(AS_OF))


def panel(built, key):
    return next(panel for panel in built.panels if panel.key == key)


def run(source, started, status="complete", **values):
    read_to = utc(started) if status in {"complete", "partial"} else None
    ended = None if status == "running" else utc(started) + pd.Timedelta(minutes=2)
    return {"source": source, "started_at": started, "finished_at": ended, "status": status, "watermark": read_to,
            **values}  # fmt: skip


def said_of(*runs):
    return panel(report(sync_runs=list(runs)), "runs").takeaway


ACCOUNTS = [
    {"id": "g1", "source": "github", "login": "zoe", "name": "Zoë", "kind": "user", "person": "1", "matched_by": "name",
     "confidence": 0.93},
    {"id": "j1", "source": "jira", "login": "zoe.k", "name": "Zoe K", "kind": "user", "person": "1",
     "matched_by": "name", "confidence": 0.93},
    {"id": "g2", "source": "github", "login": "bo", "name": None, "kind": "user", "person": "2",
     "matched_by": "single", "confidence": 1.0},
    {"id": "j3", "source": "jira", "login": "cy", "name": "Cy", "kind": "user", "person": "3",
     "matched_by": "single", "confidence": 1.0},
]  # fmt: skip
PEOPLE = [{"id": "1", "name": "Zoë"}, {"id": "2", "name": "bo"}, {"id": "3", "name": "Cy"}]


def test_all_complete_is_all_there_is_to_say():
    assert said_of(run("a", "2026-06-11"), run("b", "2026-06-11")) == "2 of 2 sources are complete."


def test_what_is_wrong_is_named_with_what_to_do():
    said = said_of(
        run("github o/r", "2026-06-11 12:00"),
        run("jira FL", "2026-06-08 12:00"),
        run("jira FL", "2026-06-11 12:00", "failed"),
    )
    assert (
        said == "1 of 2 sources is complete; jira FL failed; jira FL has not been read for 3 days: run “fairlead sync”."
    )


def test_many_troubles_of_one_kind_are_counted_after_the_first_two():
    said = said_of(*(run(name, "2026-06-11", "partial") for name in "abcd"))
    assert (
        said == "0 of 4 sources are complete; a was read in part; b was read in part (and 2 more): run “fairlead sync”."
    )


def test_a_source_that_is_being_read_is_no_trouble():
    said = said_of(run("a", "2026-06-11"), run("b", "2026-06-10"), run("b", "2026-06-11", "running"))
    assert said == "1 of 2 sources is complete; b is being read."


def test_a_source_that_never_was_read_says_so():
    assert "b has never been read" in said_of(run("a", "2026-06-11"), run("b", "2026-06-11", "failed"))


def test_warnings_are_one_sentence_a_line_with_their_source():
    built = report(sync_runs=[run("a", "2026-06-11", warnings="One.\nTwo."), run("b", "2026-06-11")])
    assert panel(built, "warnings").table.to_numpy().tolist() == [["a", "One."], ["a", "Two."]]
    assert panel(built, "warnings").takeaway == "2 warnings of 1 source."


def test_headlines_count_sources_and_how_far_the_oldest_is_behind():
    built = report(sync_runs=[run("a", "2026-06-11"), run("b", "2026-06-09", "partial")])
    assert {head.label: head.value for head in built.headlines} == {
        "Sources complete": "1 of 2", "Oldest behind newest": "2 days", "Without history": "0",
        "Accounts to decide": "–", "Statuses to decide": "0",
    }  # fmt: skip


def test_deleted_and_moved_items_stand_beside_what_is_held_of_their_project():
    gone = [{"id": "1", "project": "p", "reason": "deleted", "found_at": "2026-06-01"},
            {"id": "2", "project": "q", "reason": "transferred", "found_at": "2026-06-01"}]  # fmt: skip
    built = report(issues=[issue("3", project="p")], issue_events=[moved("3", "2026-06-01", "todo")], tombstones=gone)
    covered = panel(built, "covered")
    columns = ["project", "n_issues", "n_deleted", "n_transferred"]
    assert covered.table[columns].to_numpy().tolist() == [["p", 1, 1, 0], ["q", 0, 0, 1]]
    assert covered.takeaway == "1 issue and 0 pull requests of 2 projects; 2 noticed to be deleted or moved away."
    only = panel(report(Scope(AS_OF, projects=("p",)), tombstones=gone), "covered")
    assert only.table["project"].tolist() == ["p"]


def lacks(page, **tables):
    table = panel(report(**tables), "lacks").table
    return table.loc[table["page"] == page, "says"].tolist()


ONE_ISSUE = {"issues": [issue("1")], "issue_events": [moved("1", "2026-06-01", "todo")]}


def test_a_page_without_gaps_says_that_nothing_is_missing():
    assert lacks("Flow", **ONE_ISSUE) == ["Nothing is missing."]


def test_without_milestones_and_pull_requests_their_pages_stay_empty():
    assert "the page stays empty" in lacks("Milestones", **ONE_ISSUE)[0]
    assert "the page stays empty" in lacks("Reviews", **ONE_ISSUE)[0]


def test_milestones_lack_dates_owners_and_a_past():
    stones = [{"id": str(n), "state": "open", "due_on": "2026-07-01" if n else None, "owner": "a"} for n in range(3)]
    assert lacks("Milestones", **ONE_ISSUE, milestones=stones) == [
        "No due date on 1 of 3 open milestones: they are never late. Set one.",
        "Dates of 3 of 3 milestones are known from the first sync on: no source keeps their past.",
    ]


def test_without_requests_in_a_year_waits_count_from_ready():
    pulls = {"pull_requests": [pull_request("1")], "accounts": [{"id": "a", "kind": "user", "person": "1"}]}
    old = happened("1", "2025-06-01", "review_requested", "a")
    assert "No review was requested in 365 days" in lacks("Reviews", **pulls, pull_request_events=[old])[0]
    new = happened("1", "2025-06-20", "review_requested", "a")
    assert lacks("Reviews", **pulls, pull_request_events=[new]) == ["Nothing is missing."]


def test_requests_to_teams_without_members_are_counted():
    asked = [happened("1", "2026-06-01", "review_requested", "team:x")]
    said = lacks("Reviews", pull_requests=[pull_request("1")], pull_request_events=asked)
    assert said[0].startswith("1 of 1 review request went to teams of whom no member is known")


def test_workload_lacks_assignees_zones_persons_teams_and_absences():
    people = [{"id": "1", "name": "A", "time_zone": "Europe/Oslo"}, {"id": "2", "name": "B"}]
    who = [{"id": "a", "kind": "user"}, {"id": "b", "kind": "bot"}]
    assert [text.partition(":")[0] for text in lacks("Workload", **ONE_ISSUE, people=people, accounts=who)] == [
        "No issue was ever assigned",
        "No time zone of 1 of 2 people",
        "1 account without a person",
        "No teams",
        "No absences",
    ]


def test_with_some_teams_those_without_one_are_counted():
    people = [{"id": "1", "name": "A"}, {"id": "2", "name": "B"}]
    members = {"teams": [{"id": "t", "name": "T"}], "team_members": [{"team": "t", "person": "1"}]}
    assert "No team of 1 of 2 people. Name it in people.csv." in lacks(
        "Workload", **ONE_ISSUE, people=people, **members
    )


def test_flow_lacks_starts_and_the_meaning_of_statuses():
    said = lacks(
        "Flow",
        issues=[issue("1", status_category="done"), issue("2")],
        issue_events=[moved("1", "2026-06-01", "todo"), moved("1", "2026-06-02", "done", "todo")],
        statuses=[{"id": "jira:A:status:1", "name": "QA", "said_by": "nobody"}],
    )
    assert said[0].startswith("1 of 1 finished issue went straight to done")
    assert said[1:] == [
        "1 of 1 status means what Fairlead guessed. Decide below.",
        "No history of 1 of 2 issues. Read it once more: “fairlead sync --full”.",
    ]


def test_accounts_stand_by_name_and_a_pair_by_likeness_once():
    table = panel(report(accounts=ACCOUNTS, people=PEOPLE), "accounts").table
    assert table[["name", "reason", "other_login"]].fillna("").to_numpy().tolist() == [
        ["Zoë", "Taken for one by likeness of names", "zoe.k"],
    ]
    assert table["sure_share"].dropna().tolist() == [0.93]


def test_pairs_that_wait_for_a_decision_come_with_their_reason(monkeypatch):
    pairs = pd.DataFrame({"account": ["g2"], "other": ["j3"], "confidence": [0.85], "reason": ["ambiguous"]})
    monkeypatch.setattr(people, "undecided", lambda _: pairs)
    table = panel(report(accounts=ACCOUNTS, people=PEOPLE), "accounts").table
    assert table[["login", "other_login", "reason"]].to_numpy().tolist() == [
        ["zoe", "zoe.k", "Taken for one by likeness of names"],
        ["bo", "cy", "Alike, but so is somebody else"],
    ]


def test_who_sees_no_names_sees_no_accounts():
    frames = seen(Viewer("board", "stakeholder"), accounts=ACCOUNTS, people=PEOPLE)
    built = sources.report(frames, Scope(AS_OF))
    assert panel(built, "accounts").table.empty
    assert panel(built, "accounts").empty == "Accounts are shown to leads."
    assert next(head.value for head in built.headlines if head.label == "Accounts to decide") == "–"


@pytest.mark.parametrize("name", ["In QA", 'a "b" \\ c', "x\n\x7f\t", "Ünïcode ✓"])
def test_the_line_for_a_status_is_toml_that_says_what_is_guessed(name):
    statuses = [{"id": "jira:A:status:1", "name": name, "category": "active", "said_by": "nobody"}]
    line = panel(report(statuses=statuses), "statuses").table["line"].iloc[0]
    assert tomllib.loads(f"statuses = {{ {line} }}") == {"statuses": {name: "active"}}


def test_only_statuses_nobody_spoke_of_wait_for_a_decision():
    statuses = [{"id": f"jira:A:status:{who}", "name": who, "said_by": who} for who in ("source", "settings", "nobody")]
    assert panel(report(statuses=statuses), "statuses").table["status"].tolist() == ["nobody"]


def test_missing_history_says_what_and_since_when():
    stones = [{"id": "m", "project": "p", "created_at": "2026-01-01"}]
    changes = [{"milestone": "m", "observed_at": "2026-05-01", "field": "state", "new": "open"}]
    past = panel(report(issues=[issue("1", project="p")], milestones=stones, milestone_changes=changes), "past")
    assert past.table.to_numpy().tolist() == [
        ["p", "issues", 1, 1, pd.NaT], ["p", "dates of milestones", 1, 1, pd.Timestamp("2026-05-01")],
    ]  # fmt: skip
    assert past.takeaway.startswith("1 item without any event; in 1 project milestones are older")


def test_events_are_dated_by_day():
    built = report(issues=[issue("1", project="p")], issue_events=[added("1", "2026-06-01 23:30", "a", "label")])
    assert panel(built, "covered").table["first_event_on"].tolist() == [pd.Timestamp("2026-06-01")]
