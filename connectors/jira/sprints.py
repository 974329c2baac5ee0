"""Sprints, in both forms they come in: objects, and the printed Java object of older servers."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from connectors.jira.fields import Named
from connectors.jira.meaning import Meaning, instant

Node = Mapping[str, Any]

_KEYS = (
    "activatedDate|autoStartStop|completeDate|endDate|goal|id|incompleteIssuesDestinationId|name|rapidViewId|sequence|"
    "startDate|state|synced"
)
_NEXT_KEY = re.compile(rf"(?:^|,)({_KEYS})=")
"""Names and goals hold commas, brackets and equals signs: only a known key after a comma begins another part."""

_BEFORE_NAME = frozenset({"id", "rapidViewId", "state", "name"})
"""Of these the first counts: a sprint's name may look like more of the text behind it, but not like what precedes."""


def of_field(value: object) -> list[Node]:
    """The sprints in an issue's sprint field, all as objects."""
    found = value if isinstance(value, list) else [value] if value else []
    parsed = [_parsed(each) if isinstance(each, str) else each for each in found]
    return [each for each in parsed if isinstance(each, Mapping) and each.get("id") is not None]


def of_issues(issues: Iterable[Node], sprint: Named | None) -> dict[str, dict[str, Any]]:
    """The sprints that these issues are or were in, by id, as Jira shows them with the issues."""
    if sprint is None:
        return {}
    found = (each for issue in issues for each in of_field(issue["fields"].get(sprint[0])))
    return {str(each["id"]): dict(each) for each in found}


def _parsed(text: str) -> Node:
    """`…Sprint@1f[id=12,rapidViewId=3,state=CLOSED,name=Harbour, part [2],startDate=<null>,…]` → an object."""
    inside = text[text.find("[") + 1 : text.rfind("]")]
    pieces = _NEXT_KEY.split(inside)
    found: dict[str, str] = {}
    for key, value in zip(pieces[1::2], pieces[2::2], strict=True):
        if key not in _BEFORE_NAME or key not in found:
            found[key] = value
    told = {key: value for key, value in found.items() if value not in {"<null>", ""}}
    return told | {"boardId": told.get("rapidViewId"), "state": told.get("state", "").lower()}


def board_of(sprint: Node) -> str | None:
    """The board a sprint belongs to."""
    found = sprint.get("boardId") or sprint.get("originBoardId")
    return str(found) if found is not None else None


def row(sprint: Node, meaning: Meaning, zone: ZoneInfo, project: str) -> dict[str, Any]:
    """The row of `milestones`. Jira keeps instants; the days are those it shows."""
    board = board_of(sprint)
    is_closed = str(sprint.get("state")).lower() == "closed"
    completed = _instant(sprint.get("completeDate"))
    return {
        "id": meaning.milestone_id("sprint", sprint["id"]),
        "source": "jira",
        "project": project,
        "kind": "sprint",
        "title": str(sprint.get("name") or sprint["id"]),
        "state": "closed" if is_closed else "open",
        "start_on": _day(sprint.get("startDate"), zone),
        "due_on": _day(sprint.get("endDate"), zone),
        "closed_at": completed if is_closed else None,
        "url": f"{meaning.link}/secure/RapidBoard.jspa?rapidView={board}"
        if board
        else f"{meaning.link}/browse/{project}",
    }


def _instant(text: object) -> datetime | None:
    return instant(text) if text else None


def _day(text: object, zone: ZoneInfo) -> str | None:
    at = _instant(text)
    return at.astimezone(zone).date().isoformat() if at else None
