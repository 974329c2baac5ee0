"""Sprints as their boards list them, because a sprint's dates change without a trace on its issues."""

from collections.abc import Iterable
from typing import Any

from connectors.jira import search
from connectors.jira.client import Client, RefusedError

GONE_OR_HIDDEN = frozenset({400, 403, 404})
"""Kanban boards have no sprints and say 400."""


def sprints(client: Client, boards: Iterable[str], new: set[str], known_open: Iterable[str]) -> list[dict[str, Any]]:
    """All sprints of boards that are new, else those that are not over, and those that were not over before.

    Boards that are gone or that the account may not see are left out: their sprints are known from issues.
    Raises `SourceError`.
    """
    found: dict[str, dict[str, Any]] = {}
    for board in boards:
        asked = {} if board in new else {"state": "active,future"}
        found |= {str(each["id"]): each for each in _listed(client, board, asked)}
    for number in sorted(set(known_open) - set(found)):
        if (one := _one(client, number)) is not None:
            found[number] = one
    return list(found.values())


def _listed(client: Client, board: str, asked: dict[str, Any]) -> list[dict[str, Any]]:
    try:
        return search.values(client.agile, f"board/{board}/sprint", asked)
    except RefusedError as error:
        if error.status not in GONE_OR_HIDDEN:
            raise
        return []


def _one(client: Client, number: str) -> dict[str, Any] | None:
    try:
        found = client.agile(f"sprint/{number}")
    except RefusedError as error:
        if error.status not in GONE_OR_HIDDEN:
            raise
        return None
    return found if isinstance(found, dict) and found.get("id") is not None else None
