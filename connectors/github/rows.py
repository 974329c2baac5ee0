"""One item of GitHub → its rows. Pure.

What GitHub leaves unsaid is settled here, in `history` and in `accounts`, and nowhere else: deleted users become one
ghost, unsubmitted reviews do not enter, milestone titles in events become milestones, a due date keeps the day it was
entered as.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from connectors.github.history import (
    Node,
    category,
    changes,
    members_now,
    milestone_ids,
    milestone_now,
    nodes_of,
    status_now,
    timeline,
    type_now,
)
from connectors.github.ids import account_id, elsewhere, issue_id, milestone_id, review_id, team_id
from connectors.github.queries import PULL_REQUEST_EVENTS

Row = dict[str, Any]
Rows = defaultdict[str, list[Row]]
VERDICTS = ("APPROVED", "CHANGES_REQUESTED")


def add_issue(rows: Rows, issue: Node, project: str, titles: Mapping[str, str]) -> None:
    """All rows of an issue; `titles` is what milestones are called."""
    own, members = issue_id(project, issue["number"]), members_now(issue, project)
    rows["issues"].append(_issue(issue, project, members))
    rows["issue_labels"] += [{"issue": own, "label": label} for label in members["label"]]
    rows["issue_assignees"] += [{"issue": own, "account": account} for account in members["assignee"]]
    rows["issue_milestones"] += [{"issue": own, "milestone": milestone} for milestone in members["milestone"]]
    rows["issue_links"] += _links(issue, own)
    rows["issue_events"] += [
        {"issue": own, "seq": seq, **vars(change)} for seq, change in enumerate(changes(issue, project, titles))
    ]


def add_pull_request(rows: Rows, pull: Node, project: str, titles: Mapping[str, str]) -> None:
    """All rows of a pull request; `titles` is what milestones are called."""
    own = issue_id(project, pull["number"])
    rows["pull_requests"].append(_pull_request(pull, project))
    rows["pull_request_labels"] += [{"pull_request": own, "label": it["name"]} for it in nodes_of(pull, "labels")]
    rows["pull_request_issues"] += [
        {"pull_request": own, "issue": elsewhere(it)} for it in nodes_of(pull, "closingIssuesReferences")
    ]
    rows["pull_request_events"] += _pull_request_events(pull, project, titles)
    verdicts = _dismissed_verdicts(pull)
    rows["reviews"] += [_review(it, own, verdicts) for it in nodes_of(pull, "reviews") if it["submittedAt"]]
    rows["comments"] += [
        {"id": f"github:{it['id']}", "pull_request": own, "author": account_id(it["author"]), "at": it["createdAt"]}
        for it in nodes_of(pull, "comments")
    ]
    rows["files"] += [
        {"pull_request": own, **{key: it[key] for key in ("path", "additions", "deletions")}}
        for it in nodes_of(pull, "files")
    ]


def _links(issue: Node, own: str) -> Iterator[Row]:
    """Links are stored with the issue they lead from: the one that blocks, the one that is the duplicate."""
    for other in nodes_of(issue, "blocking"):
        yield {"issue": own, "other": elsewhere(other), "kind": "blocks"}
    if issue.get("duplicateOf"):
        yield {"issue": own, "other": elsewhere(issue["duplicateOf"]), "kind": "duplicates"}


def milestone(node: Node, project: str) -> Row:
    """The row of a milestone."""
    return {
        "id": milestone_id(project, node["number"]),
        "source": "github",
        "project": project,
        "kind": "milestone",
        "title": node["title"],
        "state": node["state"].lower(),
        "due_on": _day(node["dueOn"]),
        "created_at": node["createdAt"],
        "updated_at": node["updatedAt"],
        "closed_at": node["closedAt"],
        "url": node["url"],
    }


def _day(due: str | None) -> str | None:
    """GitHub keeps a due day as some instant of that day in UTC (07:00 or 08:00): the date part is the day meant."""
    return due[:10] if due else None


def release(node: Node, project: str) -> Row:
    """The row of a release."""
    return {
        "id": f"github:{node['id']}",
        "project": project,
        "tag": node["tagName"],
        "url": node["url"],
        "published_at": node["publishedAt"],
        "is_prerelease": node["isPrerelease"],
    }


def _issue(issue: Node, project: str, members: Mapping[str, set[str]]) -> Row:
    status = status_now(issue)
    return {
        **_core(issue, project),
        "type": type_now(issue),
        "status": status,
        "status_category": category(status, is_assigned=bool(members["assignee"])),
        "resolution": status.partition("closed as ")[2] or None,
        "parent": next(iter(members["parent"]), None),
    }


def _pull_request(pull: Node, project: str) -> Row:
    return {
        **_core(pull, project),
        "state": pull["state"].lower(),
        "is_draft": pull["isDraft"],
        "base": pull["baseRefName"],
        "milestone": milestone_now(pull, project),
        "merged_at": pull["mergedAt"],
        "merged_by": account_id(pull["mergedBy"]) if pull["mergedAt"] else None,
        "additions": pull["additions"],
        "deletions": pull["deletions"],
        "changed_files": pull["changedFiles"],
    }


def _core(node: Node, project: str) -> Row:
    """What issues and pull requests have in common."""
    return {
        "id": issue_id(project, node["number"]),
        "key": f"{project}#{node['number']}",
        "source": "github",
        "project": project,
        "title": node["title"],
        "url": node["url"],
        "author": account_id(node["author"]),
        "created_at": node["createdAt"],
        "updated_at": node["updatedAt"],
        "closed_at": node["closedAt"],
    }


def _pull_request_events(pull: Node, project: str, titles: Mapping[str, str]) -> Iterator[Row]:
    told = zip(timeline(pull), milestone_ids(pull, project, titles), strict=True)
    for seq, (event, milestone) in enumerate(told):
        yield {
            "pull_request": issue_id(project, pull["number"]),
            "seq": seq,
            "at": event["createdAt"],
            "actor": account_id(event["actor"]),
            "kind": PULL_REQUEST_EVENTS[event["__typename"]],
            "subject": milestone or _subject(event),
        }


def _subject(event: Node) -> str | None:
    """Who or what an event is about. A reviewer GitHub does not name may be a hidden team: missing, not a ghost."""
    if "assignee" in event:
        return account_id(event["assignee"])
    if event.get("requestedReviewer"):
        return _reviewer(event["requestedReviewer"])
    if event.get("review"):
        return review_id(event["review"])
    return event["label"]["name"] if event.get("label") else None


def _reviewer(asked: Node) -> str:
    return team_id(asked) if asked["__typename"] == "Team" else account_id(asked)


def _dismissed_verdicts(pull: Node) -> dict[str, str]:
    """What dismissed reviews had said, by id: a review tells its state of now alone, its dismissal the one before."""
    return {
        review_id(event["review"]): event["previousReviewState"].lower()
        for event in timeline(pull)
        if event.get("review") and event["previousReviewState"] in VERDICTS
    }


def _review(review: Node, pull_request: str, verdicts: Mapping[str, str]) -> Row:
    own, state = review_id(review), review["state"].lower()
    return {
        "id": own,
        "pull_request": pull_request,
        "author": account_id(review["author"]),
        "at": review["submittedAt"],
        "state": verdicts.get(own, state) if state == "dismissed" else state,
        "size": review["comments"]["totalCount"],
    }
