"""Which issue waits for which? Sites name their kinds of links as they like; their words tell what is meant."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from connectors.jira.meaning import Meaning

Node = Mapping[str, Any]

BLOCKS = re.compile(r"\b(?:blocks|required by|gates|depended (?:up)?on by)\b", re.IGNORECASE)
WAITS = re.compile(
    r"\b(?:blocked by|depends (?:up)?on|dependent (?:up)?on|requires|gated by|wait(?:s|ing) for)\b", re.IGNORECASE
)


class Link(NamedTuple):
    """What an issue is to another: `leads` says that it blocks the other or duplicates it, not the reverse."""

    kind: str
    other: Node
    leads: bool


def of(fields: Node) -> Iterator[Link]:
    """The links of an issue with these fields."""
    for link in fields.get("issuelinks") or []:
        outward, inward = link.get("outwardIssue"), link.get("inwardIssue")
        kind, is_turned = _kind(link.get("type") or {})
        if outward or inward:
            yield Link(kind, outward or inward, bool(outward) != is_turned)


def rows(fields: Node, own: str, meaning: Meaning) -> Iterator[dict[str, str]]:
    """The rows of `issue_links` that go with an issue: links that lead from it, and what it is related to.

    A link is stored with the issue it leads from alone, because it is replaced with that issue: told by the one that
    waits it would stay for ever where the one that blocks is not read. Who waits for an issue that is not read is told
    by the events `blocked_by`.
    """
    for kind, other, leads in of(fields):
        if leads or kind == "relates":
            yield {"issue": own, "other": meaning.issue_id(other["id"]), "kind": kind}


def blockers(fields: Node, meaning: Meaning) -> dict[str, str]:
    """The issues that an issue waits for now: their ids by their keys."""
    waits = (link.other for link in of(fields) if link.kind == "blocks" and not link.leads)
    return {str(other.get("key")): meaning.issue_id(other["id"]) for other in waits}


def blocker(key: object, text: str | None) -> str | None:
    """The key of the issue waited for, where one side of a change says so: `This issue is blocked by FL-8`."""
    words, _, last = (text or "").rpartition(" ")
    return str(key or last) if WAITS.search(words) else None


def _kind(told: Node) -> tuple[str, bool]:
    """What a kind of link says, and whether it is the issue it leads to that blocks.

    Words first; where they are in no language we read, the name: what is called a dependency leads from what depends.
    """
    name, outward, inward = (str(told.get(key) or "") for key in ("name", "outward", "inward"))
    if BLOCKS.search(outward) or WAITS.search(inward):
        return "blocks", False
    if WAITS.search(outward) or BLOCKS.search(inward):
        return "blocks", True
    if "block" in name.casefold() or "depend" in name.casefold():
        return "blocks", "depend" in name.casefold()
    return ("duplicates" if "duplicate" in f"{name} {outward}".casefold() else "relates"), False
