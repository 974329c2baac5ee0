"""The accounts that issues show: whole, or only as somebody's name in a change."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from connectors.jira.meaning import Meaning, instant
from fairlead.people import email_hash

Node = Mapping[str, Any]

FORMER = re.compile(r"former user|user-[0-9a-f]{5}|anonymous", re.IGNORECASE)
"""What Jira shows instead of a name once it has forgotten a person."""


def shown(issue: Node) -> Iterator[Node]:
    """Everybody whom an issue shows whole: creator, reporter, assignee, and who changed it."""
    fields = issue["fields"]
    users = [fields.get("creator"), fields.get("reporter"), fields.get("assignee")]
    yield from (user for user in users if user)
    yield from (each["author"] for each in issue["changelog"]["histories"] if each.get("author"))


def named(issues: Iterable[Node], meaning: Meaning) -> dict[str, str]:
    """Assignees that changes name: the name that the last change gives. Of two at once the greater name counts."""
    found: dict[str, tuple[Any, str]] = {}
    for issue in issues:
        for history in issue["changelog"]["histories"]:
            for item in history.get("items") or []:
                if item.get("field") == "assignee":
                    at = instant(history["created"])
                    for key, name in _sides(item):
                        own = meaning.account_of(key)
                        found[own] = max(found.get(own, (at, name)), (at, name))
    return {own: name for own, (_, name) in found.items()}


def _sides(item: Node) -> Iterator[tuple[str, str]]:
    for side in ("from", "to"):
        if item.get(side) and item.get(f"{side}String"):
            yield str(item[side]), str(item[f"{side}String"])


def row(own: str, user: Node) -> dict[str, Any]:
    """The row of `accounts`. The address is not kept."""
    return {
        "id": own,
        "source": "jira",
        "login": str(user.get("name") or user.get("accountId") or user.get("key")),
        "name": user.get("displayName") or None,
        "kind": _kind(own, user),
        "email_hash": email_hash(user.get("emailAddress")),
    }


def row_of_name(own: str, name: str) -> dict[str, Any]:
    """The row of an account of which changes tell the name only; a name that means nobody is nobody's."""
    told = own.split(":", maxsplit=2)[2]  # on Cloud it may hold colons of its own
    return row(own, {"name": told, "displayName": name, "active": False})


def _kind(own: str, user: Node) -> str:
    """People who were forgotten keep an id each, so that their work is not mixed, but are nobody any more."""
    if user.get("accountType") == "app":
        return "bot"
    is_forgotten = not user.get("active", True) and FORMER.fullmatch(str(user.get("displayName") or ""))
    return "ghost" if is_forgotten or own.endswith(":ghost") else "user"
