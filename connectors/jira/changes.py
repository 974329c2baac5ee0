"""One issue's changelog, item by item, in the words of `issue_events`.

An item names its field by id on Cloud and by name on older servers, and says values twice: as ids and as texts. Values
become tokens here: ids where there are some, so that what was renamed since stays the same thing.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from connectors.jira import links, sprints
from connectors.jira.fields import Fields, is_flag
from connectors.jira.meaning import Meaning, instant, is_epic, is_subtask

Node = Mapping[str, Any]
Token = str | None

FIELD_OF_NAME = {
    "status": "status",
    "assignee": "assignee",
    "priority": "priority",
    "resolution": "resolution",
    "issuetype": "type",
    "Issue Type": "type",
    "type": "type",
    "duedate": "due",
    "labels": "label",
    "fixVersions": "version",
    "Fix Version": "version",
    "Fix Version/s": "version",
    "Key": "key",
    "issuekey": "key",
    "parent": "parent",
    "Parent": "parent",
    "Parent Issue": "parent",
    "IssueParentAssociation": "parent",
    "Epic Link": "parent",
    "Sprint": "sprint",
    "issuelinks": "blocked_by",
    "Link": "blocked_by",
}
"""How changelogs name a field, by id or name → what it is here. Custom fields are added by their ids and names."""

MANY = frozenset({"label", "version", "sprint", "blocked_by"})
"""Fields that hold several members at once."""


class Item(NamedTuple):
    """One change as Jira tells it. For fields that hold many, `old` and `new` are the members that go and come."""

    at: datetime
    group: int
    actor: str | None
    field: str
    old: Any
    new: Any


class Now(NamedTuple):
    """What an issue is at present: token by field, and the texts that stand for tokens."""

    one: dict[str, Token]
    many: dict[str, frozenset[str]]
    names: dict[tuple[str, str], str]


def fields_of_items(meaning: Meaning) -> dict[str, str]:
    """How this site's changelogs name fields."""
    found = meaning.fields
    custom = [(found.points, "estimate"), (found.sprint, "sprint"), (found.epic, "parent")]
    custom += [(flag, "blocked") for flag in found.flags]
    return FIELD_OF_NAME | {name: field for named, field in custom if named for name in named}


def now(issue: Node, meaning: Meaning) -> Now:
    """What the issue is at present."""
    fields, names = issue["fields"], dict[tuple[str, str], str]()
    one: dict[str, Token] = {
        "assignee": meaning.account_id(fields.get("assignee")),
        "due": (fields.get("duedate") or "")[:10] or None,
        "parent": parent(fields, meaning),
        "estimate": number(_custom(fields, meaning.fields.points)),
        "blocked": flag(fields, meaning.fields),
    }
    for field, key in (
        ("status", "status"),
        ("type", "issuetype"),
        ("priority", "priority"),
        ("resolution", "resolution"),
    ):
        held = fields.get(key)
        one[field] = str(held.get("id") or held.get("name")) if held else None
        if held:
            names[field, str(one[field])] = str(held.get("name"))
    many = {
        "label": frozenset(fields.get("labels") or []),
        "version": frozenset(str(each["id"]) for each in fields.get("fixVersions") or []),
        "sprint": frozenset(str(each["id"]) for each in sprints.of_field(_custom(fields, meaning.fields.sprint))),
        "blocked_by": frozenset(links.blockers(fields, meaning).values()),
    }
    return Now(one, many, names)


def parent(fields: Node, meaning: Meaning) -> str | None:
    """The issue it is part of, or the epic, which Data Center names by its key."""
    held = fields.get("parent")
    if held:
        return meaning.issue_id(held["id"])
    epic = _custom(fields, meaning.fields.epic)
    return meaning.issue_by_key(str(epic)) if epic else None


def has_epic(issue: Node) -> bool:
    """Whether what the issue is part of is an epic: neither sub-tasks nor epics are in one."""
    held = (issue["fields"].get("parent") or {}).get("fields")
    return not is_subtask(issue) and not is_epic(issue["fields"]) and (is_epic(held) if held else True)


def items(issue: Node, present: Now, meaning: Meaning, named: Mapping[str, str]) -> Iterator[Item]:
    """What the changelog tells, oldest first; fields that nobody asks for are left out."""
    created = instant(issue["fields"]["created"])
    histories = [(max(instant(each["created"]), created), each) for each in issue["changelog"]["histories"]]
    histories.sort(key=lambda each: (each[0], _order(each[1].get("id"))))
    for group, (at, history) in enumerate(histories, start=1):
        actor = meaning.account_id(history.get("author"))
        for item in history.get("items") or []:
            field = named.get(item.get("fieldId") or "") or named.get(item.get("field") or "")
            if field in MANY:
                yield Item(at, group, actor, field, *_members(field, item, issue, meaning))
            elif field:
                read = _reader(issue, field, present, meaning)
                old, new = (read(item.get(side), item.get(f"{side}String")) for side in ("from", "to"))
                if field != "blocked" or old != new:  # other boxes may have been ticked
                    yield Item(at, group, actor, field, old, new)


def _order(number: object) -> int:
    return int(str(number)) if str(number).isdigit() else 0


def _members(field: str, item: Node, issue: Node, meaning: Meaning) -> tuple[frozenset[str], frozenset[str]]:
    """Which members go and which come. Sprints and labels are told as whole lists, versions and links one by one."""
    if field == "label":
        old, new = _words(item.get("fromString")), _words(item.get("toString"))
    elif field == "blocked_by":
        old, new = (_blocker(item.get(side), item.get(f"{side}String"), issue, meaning) for side in ("from", "to"))
    else:
        old, new = _numbers(item.get("from")), _numbers(item.get("to"))
    return old - new, new - old


def _blocker(key: object, text: str | None, issue: Node, meaning: Meaning) -> frozenset[str]:
    """Changes know the key alone: the id of what is waited for no longer is made up."""
    found = links.blocker(key, text)
    if found is None:
        return frozenset()
    return frozenset([links.blockers(issue["fields"], meaning).get(found) or meaning.unknown_issue(found)])


def _words(text: str | None) -> frozenset[str]:
    return frozenset((text or "").split())


def _numbers(text: object) -> frozenset[str]:
    return frozenset(re.findall(r"\d+", str(text or "")))


def _reader(issue: Node, field: str, present: Now, meaning: Meaning) -> Callable[[Any, Any], Token]:
    """How one side of an item, id and text, becomes a token."""
    readers: dict[str, Callable[[Any, Any], Token]] = {
        "estimate": lambda _, text: number(text),
        "due": lambda key, text: (key or text or "")[:10] or None,
        "blocked": lambda _, text: _flag(text, meaning.fields),
        "key": lambda _, text: text or None,
        "assignee": lambda key, _: meaning.account_of(str(key)) if key else None,
        "parent": lambda key, text: _parent(key, text, issue, present, meaning),
    }
    return readers.get(field, lambda key, text: _named(field, key, text, present))


def _parent(key: object, text: str | None, issue: Node, present: Now, meaning: Meaning) -> Token:
    """Some servers tell the key alone: then it is known what is meant only where the issue is still part of it."""
    if key and str(key).isdigit():
        return meaning.issue_id(key)
    told = str(text or key or "")
    if told and told == (issue["fields"].get("parent") or {}).get("key"):
        return present.one["parent"]
    return meaning.issue_by_key(told) if told else None


def _named(field: str, key: object, text: str | None, present: Now) -> Token:
    """By id, with its text remembered; a text without an id is what is so called now, or stands for itself."""
    if not key and not text:
        return None
    held = present.one[field]
    token = str(key) if key else held if held and present.names.get((field, held)) == text else str(text)
    present.names.setdefault((field, str(token)), str(text or key))
    return token


def number(value: object) -> str | None:
    """A number as text, always in the same form."""
    try:
        found = float(str(value))
    except ValueError:
        return None
    return str(int(found)) if found.is_integer() else repr(found)


def flag(fields: Node, known: Fields) -> str | None:
    """The options ticked that flag the issue."""
    held = ((named, fields.get(named[0])) for named in known.flags)
    ticked = [(named, each) for named, boxes in held if isinstance(boxes, list) for each in boxes]
    told = [(named, str(each.get("value"))) for named, each in ticked if isinstance(each, Mapping)]
    return ", ".join(option for named, option in told if is_flag(named, option)) or None


def _flag(text: str | None, known: Fields) -> str | None:
    """As `flag`, for what changes hold: either all fields that may flag are called so, or none is."""
    return ", ".join(option for option in (text or "").split(", ") if is_flag(known.flags[0], option)) or None


def _custom(fields: Node, named: tuple[str, str] | None) -> Any:  # noqa: ANN401 (custom fields hold anything)
    return fields.get(named[0]) if named else None
