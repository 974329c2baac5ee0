"""What the server at hand can be asked: Enterprise Servers lag behind github.com by years.

Asked once per full cycle by introspection and remembered, with the server's version, in a cursor. A query holds a line
only where the server knows what stands in it (`queries`), so what is missing breaks nothing.
"""

import json
from collections.abc import Callable, Collection, Mapping
from typing import Any

from connectors.github import queries
from connectors.github.answers import Answer
from connectors.github.faults import RefusedError

STREAM = "capabilities"

FIELDS = {"issueType": "issue_types", "parent": "sub_issues", "blocking": "dependencies", "duplicateOf": "duplicate_of"}
"""Field of an issue → what it stands for."""

EVENTS = {
    "ISSUE_TYPE_ADDED_EVENT": "issue_types",
    "PARENT_ISSUE_ADDED_EVENT": "sub_issues",
    "BLOCKED_BY_ADDED_EVENT": "dependencies",
    "ADDED_TO_MERGE_QUEUE_EVENT": "merge_queue",
}
"""Event → what it stands for. Where a field and an event stand for the same, both must be there."""

ALL = frozenset({*FIELDS.values(), *EVENTS.values(), "duplicate_reason", "email"})

Ask = Callable[[str, Mapping[str, object]], Answer]


def probe(ask: Ask) -> frozenset[str]:
    """What the server and the token allow: two questions, the second about e-mail addresses alone.

    Whether the token may see those cannot be read from the schema; and a query that asks for them without leave is
    refused as a whole, hence the question of its own. Raises what `ask` raises.
    """
    found = known(ask(queries.text("capabilities"), {}).data)
    try:
        sees_email = bool((ask(queries.text("email"), {}).data.get("viewer") or {}).get("email") is not None)
    except RefusedError:
        sees_email = False
    return found | {"email"} if sees_email else found


def known(data: Mapping[str, Any]) -> frozenset[str]:
    """What an introspection answer says."""
    issue = (data.get("issue") or {}).get("fields") or []
    fields = {field["name"] for field in issue}
    events = {value["name"] for of in ("issueEvents", "pullRequestEvents") for value in _values(data, of)}
    lacking = {what for name, what in FIELDS.items() if name not in fields}
    lacking |= {what for name, what in EVENTS.items() if name not in events}
    found = {*FIELDS.values(), *EVENTS.values()} - lacking
    arguments = {arg["name"] for field in issue if field["name"] == "stateReason" for arg in field.get("args") or []}
    return frozenset(found | ({"duplicate_reason"} if "enableDuplicate" in arguments else set()))


def _values(data: Mapping[str, Any], of: str) -> list[dict[str, Any]]:
    return (data.get(of) or {}).get("enumValues") or []


def written(found: Collection[str], version: str) -> str:
    """As a cursor."""
    return json.dumps({"has": sorted(found), "version": version})


def remembered(cursor: str, version: str) -> frozenset[str] | None:
    """From a cursor; `None` where nothing is known of a server of this version."""
    kept = json.loads(cursor) if cursor else {}
    return frozenset(kept["has"]) if kept.get("version") == version else None
