"""An issue's past: replaying its changes gives what it is now, and never needs a guess."""

import pytest

from connectors.github import history
from tests.connectors.pages import MILESTONES, PROJECT, event, issue, listed, user


def of(item, field, titles=MILESTONES):
    """`day-of-year old → new` of one field, oldest first."""
    return [(c.at[5:10], c.old, c.new) for c in history.changes(item, PROJECT, titles) if c.field == field]


def test_an_issue_starts_as_open_and_todo_when_it_is_created():
    assert of(issue(), "status") == [("01-01", None, "open")]
    assert of(issue(), "status_category") == [("01-01", None, "todo")]


def test_an_open_issue_is_active_while_somebody_is_assigned():
    item = issue(
        1,
        event("AssignedEvent", "2024-01-03T00:00:00Z", assignee=user("bob")),
        event("AssignedEvent", "2024-01-04T00:00:00Z", assignee=user("cat")),
        event("UnassignedEvent", "2024-01-05T00:00:00Z", assignee=user("bob")),
        event("UnassignedEvent", "2024-01-06T00:00:00Z", assignee=user("cat")),
    )
    assert of(item, "status_category") == [
        ("01-01", None, "todo"),
        ("01-03", "todo", "active"),
        ("01-06", "active", "todo"),
    ]
    assert of(item, "assignee") == [
        ("01-03", None, "github:U_bob"),
        ("01-04", None, "github:U_cat"),
        ("01-05", "github:U_bob", None),
        ("01-06", "github:U_cat", None),
    ]


@pytest.mark.parametrize(
    ("reason", "status", "category"),
    [
        ("COMPLETED", "closed as completed", "done"),
        ("NOT_PLANNED", "closed as not planned", "dropped"),
        ("DUPLICATE", "closed as duplicate", "dropped"),
        (None, "closed", "done"),
    ],
)
def test_why_it_was_closed_decides_between_done_and_dropped(reason, status, category):
    closing = event("ClosedEvent", "2024-02-01T00:00:00Z", stateReason=reason)
    item = issue(1, closing, state="CLOSED", stateReason=reason, closedAt="2024-02-01T00:00:00Z")
    assert of(item, "status")[-1] == ("02-01", "open", status)
    assert of(item, "status_category")[-1] == ("02-01", "todo", category)


def test_only_the_issue_itself_says_that_it_was_a_duplicate():
    closing = event("ClosedEvent", "2024-02-01T00:00:00Z", stateReason="NOT_PLANNED")
    item = issue(1, closing, state="CLOSED", stateReason="DUPLICATE", closedAt="2024-02-01T00:00:00Z")
    assert of(item, "status")[-1][2] == "closed as duplicate"


def test_a_reopened_issue_that_is_still_assigned_is_active_again():
    item = issue(
        1,
        event("AssignedEvent", "2024-01-03T00:00:00Z", assignee=user("bob")),
        event("ClosedEvent", "2024-01-10T00:00:00Z", stateReason="COMPLETED"),
        event("ReopenedEvent", "2024-01-12T00:00:00Z"),
        assignees=listed(user("bob")),
    )
    assert [new for _, _, new in of(item, "status_category")] == ["todo", "active", "done", "active"]
    assert of(item, "status")[-1] == ("01-12", "closed as completed", "open")


def test_an_issue_closed_without_an_event_is_closed_when_github_says():
    item = issue(1, state="CLOSED", stateReason="COMPLETED", closedAt="2024-02-02T00:00:00Z")
    assert of(item, "status") == [("01-01", None, "open"), ("02-02", "open", "closed as completed")]


def test_members_that_no_event_explains_appear_at_the_last_update():
    item = issue(
        1, event("LabeledEvent", "2024-01-03T00:00:00Z", label={"name": "Bug"}), labels=listed({"name": "bug"})
    )
    assert of(item, "label") == [("01-03", None, "Bug"), ("03-01", "Bug", None), ("03-01", None, "bug")]


def test_parent_and_sub_issues_are_changes_of_their_own():
    other = {"number": 7, "repository": {"nameWithOwner": "octo/plan"}}
    item = issue(
        1,
        event("ParentIssueAddedEvent", "2024-01-03T00:00:00Z", parent=other),
        event("SubIssueAddedEvent", "2024-01-04T00:00:00Z", subIssue=other | {"number": 8}),
        event("SubIssueRemovedEvent", "2024-01-05T00:00:00Z", subIssue=None),
        parent=other,
    )
    assert of(item, "parent") == [("01-03", None, "github:octo/plan#7")]
    assert of(item, "sub_issue") == [("01-04", None, "github:octo/plan#8")]


def milestoned(*stays, now=None, titles=MILESTONES):
    """Changes of milestone, as numbers, of an issue with the given entries (+) and exits (-)."""
    kinds = {"+": "MilestonedEvent", "-": "DemilestonedEvent"}
    events = [
        event(kinds[step[0]], f"2024-01-{day:02}T00:00:00Z", milestoneTitle=step[1:])
        for day, step in enumerate(stays, 2)
    ]
    item = issue(1, *events, milestone={"number": now} if now else None)
    return [((new or old).rpartition("/")[2], new is not None) for _, old, new in of(item, "milestone", titles)]


def test_a_milestone_is_found_by_its_title():
    assert milestoned("+v1", "-v1", "+v2", now=2) == [("1", True), ("1", False), ("2", True)]


def test_a_renamed_milestone_is_the_one_the_issue_is_in():
    assert milestoned("+old name of v1", now=1) == [("1", True)]


def test_a_milestone_renamed_while_the_issue_was_in_it_is_one_milestone():
    assert milestoned("+old name", "-v2") == [("2", True), ("2", False)]


def test_a_title_that_another_milestone_bears_now_does_not_mislead():
    """The issue was in milestone 2 while that was called v1; today v1 is the name of milestone 1."""
    assert milestoned("+v1", "-v2") == [("2", True), ("2", False)]


def test_unknown_milestone_title_is_kept_as_an_id_of_its_own():
    assert milestoned("+gone", "-gone") == [("?gone", True), ("?gone", False)]


def test_leaving_after_entering_the_next_within_a_second_keeps_both_apart():
    assert milestoned("+v1", "+v2", "-v1", now=2) == [("1", True), ("2", True), ("1", False)]


def test_earlier_titles_are_learned_where_events_prove_them():
    entered = event("MilestonedEvent", "2024-01-02T00:00:00Z", milestoneTitle="first name")
    items = [issue(1, entered, milestone={"number": 1}), issue(2, entered)]
    assert history.earlier_titles(items, PROJECT, MILESTONES) == {"first name": MILESTONES["v1"]}


def test_types_change_and_what_no_event_explains_appears_at_the_last_update():
    typed = {"issueType": {"name": "Bug"}}
    item = issue(
        1,
        event("IssueTypeAddedEvent", "2024-01-03T00:00:00Z", issueType={"name": "Task"}),
        event("IssueTypeChangedEvent", "2024-01-04T00:00:00Z", **typed, prevIssueType={"name": "Task"}),
        event("IssueTypeRemovedEvent", "2024-01-05T00:00:00Z", **typed),
        issueType={"name": "Feature"},
    )
    assert of(item, "type") == [
        ("01-03", None, "Task"), ("01-04", "Task", "Bug"), ("01-05", "Bug", None), ("03-01", None, "Feature"),
    ]  # fmt: skip


def test_what_an_issue_waits_for_comes_and_goes():
    other = {"number": 7, "repository": {"nameWithOwner": "octo/plan"}}
    item = issue(
        1,
        event("BlockedByAddedEvent", "2024-01-03T00:00:00Z", blockingIssue=other),
        event("BlockedByRemovedEvent", "2024-01-05T00:00:00Z", blockingIssue=other),
        event("BlockedByAddedEvent", "2024-01-06T00:00:00Z", blockingIssue=None),
    )
    blocker = "github:octo/plan#7"
    assert of(item, "blocked_by") == [("01-03", None, blocker), ("01-05", blocker, None)]
