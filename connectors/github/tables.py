"""GitHub's pages → the tables of `fairlead.frames`. Pure: the same pages give the same rows.

What GitHub leaves unsaid is settled here and nowhere else: deleted users become one ghost, unsubmitted reviews and
draft releases do not enter, milestone titles in events become milestones (`history`), a due date keeps the day it
was entered as.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pandas as pd

from connectors import Page
from connectors.github.history import (
    GHOST,
    Node,
    account_id,
    category,
    changes,
    issue_id,
    members_now,
    milestone_id,
    milestone_ids,
    milestone_now,
    nodes_of,
    status_now,
    timeline,
)
from connectors.github.queries import PULL_REQUEST_EVENTS
from fairlead import frames

Row = dict[str, Any]
Rows = defaultdict[str, list[Row]]

TABLES_OF = {
    "milestones": ("milestones",),
    "releases": ("releases",),
    "issues": ("issues", "issue_labels", "issue_assignees", "issue_milestones", "issue_events"),
    "pull_requests": (
        "pull_requests",
        "pull_request_labels",
        "pull_request_issues",
        "pull_request_events",
        "reviews",
        "comments",
        "files",
    ),
}
"""Stream → the tables its pages fill; all of them are given even when empty, so that what is gone can go."""


def tables(pages: Iterable[Page]) -> dict[str, pd.DataFrame]:
    """Shape pages into tables. Accounts and teams are those the pages mention."""
    rows: Rows = defaultdict(list)
    filled: list[str] = []
    for page in pages:
        filled += TABLES_OF[page.stream]
        for node in page.nodes:
            _add(rows, page, node)
        rows["accounts"] += _accounts(page.nodes)
        rows["teams"] += _teams(page.nodes)
    if any(GHOST in row.values() for name in filled for row in rows[name]):
        rows["accounts"].append({"id": GHOST, "source": "github", "login": "ghost", "kind": "ghost"})
    return {name: _frame(name, rows[name]) for name in dict.fromkeys([*filled, "accounts", "teams"])}


def _add(rows: Rows, page: Page, node: Node) -> None:
    project: str = page.context["project"]
    titles: Mapping[str, str] = page.context.get("milestones", {})
    if page.stream == "milestones":
        rows["milestones"].append(_milestone(node, project))
    elif page.stream == "releases" and node["publishedAt"]:
        rows["releases"].append(_release(node, project))
    elif page.stream == "issues":
        _add_issue(rows, node, project, titles)
    elif page.stream == "pull_requests":
        _add_pull_request(rows, node, project, titles)


def _add_issue(rows: Rows, issue: Node, project: str, titles: Mapping[str, str]) -> None:
    own, members = issue_id(project, issue["number"]), members_now(issue, project)
    rows["issues"].append(_issue(issue, project, members))
    rows["issue_labels"] += [{"issue": own, "label": label} for label in members["label"]]
    rows["issue_assignees"] += [{"issue": own, "account": account} for account in members["assignee"]]
    rows["issue_milestones"] += [{"issue": own, "milestone": milestone} for milestone in members["milestone"]]
    rows["issue_events"] += [
        {"issue": own, "seq": seq, **vars(change)} for seq, change in enumerate(changes(issue, project, titles))
    ]


def _add_pull_request(rows: Rows, pull: Node, project: str, titles: Mapping[str, str]) -> None:
    own = issue_id(project, pull["number"])
    rows["pull_requests"].append(_pull_request(pull, project))
    rows["pull_request_labels"] += [{"pull_request": own, "label": it["name"]} for it in nodes_of(pull, "labels")]
    rows["pull_request_issues"] += [
        {"pull_request": own, "issue": issue_id(it["repository"]["nameWithOwner"], it["number"])}
        for it in nodes_of(pull, "closingIssuesReferences")
    ]
    rows["pull_request_events"] += _pull_request_events(pull, project, titles)
    rows["reviews"] += [_review(it, own) for it in nodes_of(pull, "reviews") if it["submittedAt"]]
    rows["comments"] += [
        {"id": f"github:{it['id']}", "pull_request": own, "author": account_id(it["author"]), "at": it["createdAt"]}
        for it in nodes_of(pull, "comments")
    ]
    rows["files"] += [
        {"pull_request": own, **{key: it[key] for key in ("path", "additions", "deletions")}}
        for it in nodes_of(pull, "files")
    ]


def _milestone(node: Node, project: str) -> Row:
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


def _release(node: Node, project: str) -> Row:
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
        return account_id(event["review"]["author"])
    return event["label"]["name"] if event.get("label") else None


def _reviewer(asked: Node) -> str:
    return f"github:team:{asked['id']}" if asked["__typename"] == "Team" else account_id(asked)


def _review(review: Node, pull_request: str) -> Row:
    return {
        "id": f"github:{review['id']}",
        "pull_request": pull_request,
        "author": account_id(review["author"]),
        "at": review["submittedAt"],
        "state": review["state"].lower(),
        "size": review["comments"]["totalCount"],
    }


def _accounts(value: object) -> Iterator[Row]:
    """Every account named anywhere in the pages."""
    for node in _objects(value):
        if "login" in node:
            yield {
                "id": account_id(node),
                "source": "github",
                "login": node["login"],
                "name": node.get("name") or None,
                "kind": _account_kind(node["__typename"]),
            }


def _account_kind(typename: str) -> str:
    # An organisation can be assigned but is nobody's account: like a bot, it is no person.
    return {"Bot": "bot", "Organization": "bot", "Mannequin": "mannequin"}.get(typename, "user")


def _teams(value: object) -> Iterator[Row]:
    """Every team that was asked for a review."""
    for node in _objects(value):
        if node.get("__typename") == "Team":
            yield {"id": f"github:team:{node['id']}", "name": node["teamName"]}


def _objects(value: object) -> Iterator[Node]:
    """All JSON objects at any depth."""
    if isinstance(value, list):
        for part in value:
            yield from _objects(part)
    elif isinstance(value, dict):
        yield value
        yield from _objects(list(value.values()))


def _frame(name: str, rows: list[Row]) -> pd.DataFrame:
    """The rows as a conformed table. Accounts recur all over a page; lists repeat a member that moves meanwhile."""
    declared = list(frames.columns(name))
    found = pd.DataFrame(rows, columns=declared, dtype="object")
    bare = found.drop_duplicates(list(frames.IDENTITY[name]), keep="last")
    instants = [column for column in declared if column == "at" or column.endswith("_at")]
    return frames.conform(name, bare.assign(**{c: pd.to_datetime(bare[c], utc=True) for c in instants}))
