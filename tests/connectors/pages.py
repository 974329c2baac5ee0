"""Pages of GitHub's shape, written down small: what a real page has, with only the part that matters changed."""

from typing import Any

from connectors import Page

PROJECT = "octo/house"
MILESTONES = {"v1": f"github:{PROJECT}/milestones/1", "v2": f"github:{PROJECT}/milestones/2"}

Json = dict[str, Any]


def user(login: str) -> Json:
    return {"__typename": "User", "login": login, "id": f"U_{login}", "name": login.capitalize()}


def bot(login: str) -> Json:
    return {"__typename": "Bot", "login": login, "id": f"BOT_{login}"}


def team(slug: str) -> Json:
    return {"__typename": "Team", "id": f"T_{slug}", "teamName": slug.capitalize()}


def listed(*nodes: Json, after: str | None = None) -> Json:
    return {"pageInfo": {"hasNextPage": after is not None, "endCursor": after}, "nodes": list(nodes)}


def event(kind: str, at: str, actor: Json | None = None, **more: object) -> Json:
    return {"__typename": kind, "createdAt": at, "actor": actor or user("ann"), **more}


def issue(number: int = 1, *events: Json, **more: object) -> Json:
    return {
        "id": f"I_{number}",
        "number": number,
        "title": "Roof leaks",
        "url": f"https://github.com/{PROJECT}/issues/{number}",
        "author": user("ann"),
        "state": "OPEN",
        "stateReason": None,
        "createdAt": "2024-01-01T09:00:00Z",
        "updatedAt": "2024-03-01T09:00:00Z",
        "closedAt": None,
        "milestone": None,
        "parent": None,
        "labels": listed(),
        "assignees": listed(),
        "timelineItems": listed(*events),
    } | more


def pull(number: int = 2, *events: Json, **more: object) -> Json:
    return {
        "id": f"PR_{number}",
        "number": number,
        "title": "Mend the roof",
        "url": f"https://github.com/{PROJECT}/pull/{number}",
        "author": user("ann"),
        "state": "OPEN",
        "isDraft": False,
        "baseRefName": "main",
        "createdAt": "2024-01-02T09:00:00Z",
        "updatedAt": "2024-03-01T09:00:00Z",
        "mergedAt": None,
        "closedAt": None,
        "mergedBy": None,
        "additions": 10,
        "deletions": 2,
        "changedFiles": 1,
        "milestone": None,
        "labels": listed(),
        "closingIssuesReferences": listed(),
        "reviews": listed(),
        "comments": listed(),
        "files": listed(),
        "timelineItems": listed(*events),
    } | more


def review(author: Json | None, at: str | None, state: str = "APPROVED") -> Json:
    return {
        "id": f"PRR_{at}_{state}",
        "state": state,
        "submittedAt": at,
        "author": author,
        "comments": {"totalCount": 3},
    }


def comment(author: Json | None, at: str) -> Json:
    return {"id": f"IC_{at}", "createdAt": at, "author": author}


def milestone(number: int, title: str, **more: object) -> Json:
    return {
        "number": number,
        "title": title,
        "state": "OPEN",
        "dueOn": None,
        "createdAt": "2023-12-01T00:00:00Z",
        "updatedAt": "2024-01-02T00:00:00Z",
        "closedAt": None,
        "url": f"https://github.com/{PROJECT}/milestone/{number}",
    } | more


def page(stream: str, *nodes: Json, milestones: dict[str, str] | None = None) -> Page:
    context = {"project": PROJECT, "milestones": MILESTONES if milestones is None else milestones}
    return Page(stream, list(nodes), context=context, last=True)
