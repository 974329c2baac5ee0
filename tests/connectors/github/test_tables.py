"""GitHub pages → tables, one page per edge case."""

import hashlib

import pandas as pd
import pytest

from connectors import Page
from connectors.github.tables import tables
from fairlead import frames
from tests.connectors.pages import (
    MILESTONES,
    PROJECT,
    bot,
    comment,
    event,
    issue,
    listed,
    milestone,
    page,
    pull,
    review,
    team,
    user,
)


def shaped(stream, *nodes):
    return tables([page(stream, *nodes)])


def only(frame: pd.DataFrame) -> dict:
    assert len(frame) == 1
    return frame.iloc[0].to_dict()


@pytest.mark.parametrize("stream", ["milestones", "releases", "issues", "pull_requests"])
def test_empty(stream):
    for name, frame in shaped(stream).items():
        pd.testing.assert_frame_equal(frame, frames.empty(name))


def test_every_table_is_conformed_and_every_child_table_given():
    shapes = shaped("pull_requests", pull())
    assert set(shapes) == {
        "pull_requests", "pull_request_labels", "pull_request_issues", "pull_request_events", "reviews", "comments",
        "files", "accounts", "teams",
    }  # fmt: skip
    for name, frame in shapes.items():
        pd.testing.assert_frame_equal(frame, frames.conform(name, frame))


@pytest.mark.parametrize(
    ("stored", "day"),
    [
        ("2026-03-31T07:00:00Z", "2026-03-31"),
        ("2026-12-31T08:00:00Z", "2026-12-31"),
        ("2026-03-31T00:00:00Z", "2026-03-31"),
        ("2026-03-31T23:59:59Z", "2026-03-31"),
    ],
)
def test_due_on_is_the_stored_utc_date_never_shifted(stored, day):  # T11
    due = only(shaped("milestones", milestone(3, "v3", dueOn=stored))["milestones"])["due_on"]
    assert due == pd.Timestamp(day)
    assert due.tzinfo is None


def test_milestone_without_due_date():
    row = only(shaped("milestones", milestone(3, "v3"))["milestones"])
    assert row["id"] == f"github:{PROJECT}/milestones/3"
    assert pd.isna(row["due_on"])
    assert pd.isna(row["closed_at"])


def test_draft_release_does_not_enter():
    known = {"id": "RE_1", "tagName": "v1", "url": "https://x/1", "isPrerelease": False, "isDraft": False}
    draft = known | {"id": "RE_2", "isDraft": True, "publishedAt": None}
    releases = shaped("releases", known | {"publishedAt": "2024-01-05T00:00:00Z"}, draft)["releases"]
    assert list(releases["id"]) == ["github:RE_1"]


def test_issue_as_it_is_now():
    shapes = shaped(
        "issues",
        issue(
            12,
            labels=listed({"name": "bug"}),
            assignees=listed(user("bob")),
            milestone={"number": 1},
            parent={"number": 3, "repository": {"nameWithOwner": "octo/plan"}},
        ),
    )
    row = only(shapes["issues"])
    assert row["id"] == f"github:{PROJECT}#12"
    assert row["key"] == f"{PROJECT}#12"
    assert row["project"] == PROJECT
    assert row["author"] == "github:U_ann"
    assert (row["status"], row["status_category"]) == ("open", "active")
    assert row["parent"] == "github:octo/plan#3"
    assert row["created_at"] == pd.Timestamp("2024-01-01T09:00:00Z")
    assert only(shapes["issue_labels"])["label"] == "bug"
    assert only(shapes["issue_assignees"])["account"] == "github:U_bob"
    assert only(shapes["issue_milestones"])["milestone"] == MILESTONES["v1"]


def test_closed_issue_says_why():
    closed = issue(1, state="CLOSED", stateReason="NOT_PLANNED", closedAt="2024-02-01T00:00:00Z")
    row = only(shaped("issues", closed)["issues"])
    assert (row["status"], row["status_category"], row["resolution"]) == (
        "closed as not planned", "dropped", "not planned",
    )  # fmt: skip


def test_the_last_status_event_agrees_with_the_issue():
    shapes = shaped("issues", issue(1, state="CLOSED", stateReason="COMPLETED", closedAt="2024-02-01T00:00:00Z"))
    events = shapes["issue_events"].query("field == 'status'")
    assert events["new"].iloc[-1] == only(shapes["issues"])["status"]


def test_seq_counts_up_within_an_issue():
    assigned = event("AssignedEvent", "2024-01-03T00:00:00Z", assignee=user("bob"))
    events = shaped("issues", issue(1, assigned, assignees=listed(user("bob"))))["issue_events"]
    assert list(events["seq"]) == [0, 1, 2, 3]
    assert list(events["field"]) == ["status", "status_category", "assignee", "status_category"]


def test_deleted_user_is_one_ghost_everywhere():
    gone = pull(
        2,
        event("ClosedEvent", "2024-01-03T00:00:00Z") | {"actor": None},
        author=None,
        reviews=listed(review(None, "2024-01-03T00:00:00Z")),
        comments=listed(comment(None, "2024-01-04T00:00:00Z")),
    )
    shapes = shaped("pull_requests", gone)
    ghost = only(shapes["accounts"].query("kind == 'ghost'"))
    assert (ghost["id"], ghost["login"]) == ("github:ghost", "ghost")
    for name, column in [("pull_requests", "author"), ("reviews", "author"), ("comments", "author")]:
        assert only(shapes[name])[column] == "github:ghost"
    assert only(shapes["pull_request_events"])["actor"] == "github:ghost"


def test_nobody_deleted_no_ghost():
    assert shaped("pull_requests", pull())["accounts"]["id"].tolist() == ["github:U_ann"]


def test_merged_by_is_missing_unless_merged_and_a_ghost_where_deleted():
    merged = pull(3, state="MERGED", mergedAt="2024-01-05T00:00:00Z", closedAt="2024-01-05T00:00:00Z")
    rows = shaped("pull_requests", pull(2), merged)["pull_requests"].set_index("key")
    assert pd.isna(rows.loc[f"{PROJECT}#2", "merged_by"])
    assert rows.loc[f"{PROJECT}#3", "merged_by"] == "github:ghost"
    assert list(rows["state"]) == ["open", "merged"]


def test_bot_reviewer():
    asked = event("ReviewRequestedEvent", "2024-01-03T00:00:00Z", requestedReviewer=bot("copilot"))
    shapes = shaped("pull_requests", pull(2, asked))
    assert only(shapes["pull_request_events"])["subject"] == "github:BOT_copilot"
    assert shapes["accounts"].set_index("id").loc["github:BOT_copilot", "kind"] == "bot"


def test_mannequin_is_typed():
    placeholder = {"__typename": "Mannequin", "login": "moved", "id": "MNQ_1"}
    assert only(shaped("issues", issue(author=placeholder))["accounts"])["kind"] == "mannequin"


def test_team_request():
    asked = event("ReviewRequestedEvent", "2024-01-03T00:00:00Z", requestedReviewer=team("roofers"))
    shapes = shaped("pull_requests", pull(2, asked))
    assert only(shapes["pull_request_events"])["subject"] == "github:team:T_roofers"
    assert only(shapes["teams"]) == {"id": "github:team:T_roofers", "name": "Roofers"}


def test_hidden_reviewer_is_missing_not_a_ghost():
    asked = event("ReviewRequestedEvent", "2024-01-03T00:00:00Z", requestedReviewer=None)
    assert pd.isna(only(shaped("pull_requests", pull(2, asked))["pull_request_events"])["subject"])


def test_pending_review_does_not_enter():
    mine = review(user("ann"), None, "PENDING")
    given = review(user("bob"), "2024-01-03T10:00:00Z", "CHANGES_REQUESTED")
    row = only(shaped("pull_requests", pull(reviews=listed(mine, given)))["reviews"])
    assert (row["author"], row["state"], row["size"]) == ("github:U_bob", "changes_requested", 3)
    assert row["at"] == pd.Timestamp("2024-01-03T10:00:00Z")


def test_pull_request_events_name_what_they_are_about():
    given = [
        event("ReadyForReviewEvent", "2024-01-02T00:00:00Z"),
        event("MilestonedEvent", "2024-01-03T00:00:00Z", milestoneTitle="v1"),
        event("LabeledEvent", "2024-01-04T00:00:00Z", label={"name": "bug"}),
        event("AssignedEvent", "2024-01-05T00:00:00Z", assignee=user("bob")),
        event("ReviewDismissedEvent", "2024-01-06T00:00:00Z", previousReviewState="APPROVED", review={"id": "R1"}),
        event("DemilestonedEvent", "2024-01-07T00:00:00Z", milestoneTitle="unheard of"),
    ]
    events = shaped("pull_requests", pull(2, *given))["pull_request_events"]
    assert list(events["kind"]) == ["ready", "milestoned", "labeled", "assigned", "dismissed", "demilestoned"]
    assert events["subject"].fillna("").tolist() == [
        "", MILESTONES["v1"], "bug", "github:U_bob", "github:R1", MILESTONES["v1"],
    ]  # fmt: skip


def dismissed(number, said):
    """A review that is dismissed by now, and the event that tells what it had said."""
    given = review(user("bob"), f"2024-01-0{number}T10:00:00Z", "DISMISSED") | {"id": f"R{number}"}
    named = {"previousReviewState": said, "review": {"id": f"R{number}"}}
    return given, event("ReviewDismissedEvent", "2024-01-06T00:00:00Z", **named)


def test_a_dismissed_review_keeps_what_it_had_said():
    reviews, events = zip(*(dismissed(*it) for it in ((1, "APPROVED"), (2, "CHANGES_REQUESTED"))), strict=True)
    rows = shaped("pull_requests", pull(2, *events, reviews=listed(*reviews)))
    assert dict(zip(rows["reviews"]["id"], rows["reviews"]["state"], strict=True)) == {
        "github:R1": "approved", "github:R2": "changes_requested",
    }  # fmt: skip
    assert set(rows["pull_request_events"]["subject"]) == {"github:R1", "github:R2"}


@pytest.mark.parametrize("named", [None, {"id": "R1"}], ids=["hidden", "no verdict"])
def test_a_dismissed_review_of_which_no_verdict_is_told_stays_dismissed(named):
    given, _ = dismissed(1, "")
    told = event("ReviewDismissedEvent", "2024-01-06T00:00:00Z", previousReviewState="COMMENTED", review=named)
    rows = shaped("pull_requests", pull(2, told, reviews=listed(given)))
    assert only(rows["reviews"])["state"] == "dismissed"


def test_closing_an_issue_of_another_repository():
    elsewhere = listed({"number": 9, "repository": {"nameWithOwner": "octo/plan"}})
    shapes = shaped("pull_requests", pull(closingIssuesReferences=elsewhere))
    assert only(shapes["pull_request_issues"])["issue"] == "github:octo/plan#9"


def test_files_and_comments():
    shapes = shaped(
        "pull_requests",
        pull(
            files=listed({"path": "roof.py", "additions": 4, "deletions": 1}),
            comments=listed(comment(user("bob"), "2024-01-04T00:00:00Z")),
        ),
    )
    assert only(shapes["files"]) == {
        "pull_request": f"github:{PROJECT}#2", "path": "roof.py", "additions": 4, "deletions": 1,
    }  # fmt: skip
    assert only(shapes["comments"])["author"] == "github:U_bob"


def test_an_account_is_listed_once_however_often_it_occurs():
    accounts = shaped("issues", issue(1), issue(2, assignees=listed(user("ann"), user("bob"))))["accounts"]
    assert sorted(accounts["login"]) == ["ann", "bob"]


def test_what_the_token_may_not_see_is_left_out():
    blind = pull(2, files=None) | {"reviews": {"pageInfo": {"hasNextPage": False, "endCursor": None}, "nodes": [None]}}
    shapes = shaped("pull_requests", blind)
    assert shapes["files"].empty
    assert shapes["reviews"].empty


def test_links_are_stored_with_the_issue_they_lead_from():
    other = {"number": 9, "repository": {"nameWithOwner": "octo/plan"}}
    links = shaped("issues", issue(1, blocking=listed(other), duplicateOf=other | {"number": 4}))["issue_links"]
    assert links.to_numpy().tolist() == [
        [f"github:{PROJECT}#1", "github:octo/plan#9", "blocks"],
        [f"github:{PROJECT}#1", "github:octo/plan#4", "duplicates"],
    ]


def test_an_issues_type():
    assert only(shaped("issues", issue(issueType={"name": "Bug"}))["issues"])["type"] == "Bug"
    assert pd.isna(only(shaped("issues", issue(issueType=None))["issues"])["type"])


def test_of_an_address_only_its_hash_is_kept():
    spelled = [user("ann") | {"email": email} for email in ("Ann@House.example", "ann@house.example ", "")]
    hashes = [only(shaped("issues", issue(author=who))["accounts"])["email_hash"] for who in spelled]
    assert hashes[0] == hashes[1] == hashlib.sha256(b"ann@house.example").hexdigest()
    assert pd.isna(hashes[2])


def test_what_is_gone_becomes_tombstones_beside_the_page():
    stone = {"id": "github:octo/house#3", "kind": "issues", "reason": "deleted", "found_at": "2025-03-31T08:00:00Z"}
    gone = Page("sweep", [], context={"project": PROJECT, "gone": [stone]})
    row = only(tables([gone])["tombstones"])
    assert (row["project"], row["found_at"]) == (PROJECT, pd.Timestamp("2025-03-31T08:00Z"))
    assert "tombstones" not in shaped("issues", issue())


def test_several_pages_at_once_give_what_each_gives():
    both = tables([page("issues", issue(1)), page("pull_requests", pull(2)), page("issues", issue(3))])
    assert both["issues"]["key"].tolist() == [f"{PROJECT}#1", f"{PROJECT}#3"]
    assert both["accounts"]["id"].tolist() == ["github:U_ann"]
