"""The accounts and teams that items name, each once."""

from collections.abc import Iterable, Iterator
from typing import Any

from connectors.github.history import Node, nodes_of
from connectors.github.ids import GHOST, account_id, team_id
from connectors.github.rows import Row, Rows
from fairlead.people import email_hash

KINDS = {"Bot": "bot", "Organization": "bot", "Mannequin": "mannequin"}
"""Type of an account → its kind, `user` for all others. An organisation can be assigned but is nobody's account: like a
bot, it is no person."""


class Mentioned:
    """Who is named in the items seen so far. Accounts recur all over a page: each is shaped once."""

    def __init__(self) -> None:
        """Nobody yet."""
        self._accounts: dict[str, Node] = {}
        self._teams: dict[str, Node] = {}
        self._has_ghost = False

    def see(self, stream: str, nodes: Iterable[Node]) -> None:
        """Take note of everybody these items name."""
        for node in nodes:
            for who in _NAMED[stream](node):
                if who is None:
                    self._has_ghost = True
                elif "login" in who:
                    self._accounts[who["id"]] = who
                else:
                    self._teams[who["id"]] = who

    def accounts(self) -> list[Row]:
        """Their rows; everyone deleted is one ghost."""
        ghost = {"id": GHOST, "source": "github", "login": "ghost", "kind": "ghost"}
        return [*map(_account, self._accounts.values()), *([ghost] if self._has_ghost else [])]

    def teams(self) -> list[Row]:
        """Rows of the teams asked for a review."""
        return [{"id": team_id(team), "name": team["teamName"]} for team in self._teams.values()]


def add_team(rows: Rows, team: Node) -> None:
    """The rows of a team as an organisation lists it."""
    own = team_id(team)
    rows["teams"].append({"id": own, "name": team["name"]})
    rows["team_accounts"] += [{"team": own, "account": account_id(who)} for who in nodes_of(team, "members")]


def _account(who: Node) -> Row:
    return {
        "id": account_id(who),
        "source": "github",
        "login": who["login"],
        "name": who.get("name") or None,
        "kind": KINDS.get(who["__typename"], "user"),
        "email_hash": email_hash(who.get("email")),
    }


def _of_item(item: Node) -> Iterator[Any]:
    """Everybody an issue or pull request names; `None` is somebody deleted."""
    yield item["author"]
    if item.get("mergedAt"):
        yield item["mergedBy"]
    yield from nodes_of(item, "assignees")
    for review in nodes_of(item, "reviews"):
        if review["submittedAt"]:
            yield review["author"]
    for comment in nodes_of(item, "comments"):
        yield comment["author"]
    for event in nodes_of(item, "timelineItems"):
        yield from _of_event(event)


def _of_event(event: Node) -> Iterator[Any]:
    yield event["actor"]
    if "assignee" in event:
        yield event["assignee"]
    elif event.get("requestedReviewer"):
        yield event["requestedReviewer"]


def _of_team(team: Node) -> Iterator[Any]:
    yield from nodes_of(team, "members")


_NAMED = {"issues": _of_item, "pull_requests": _of_item, "teams": _of_team}
