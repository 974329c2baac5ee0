"""An issue's past: what it was when it was created, and every change up to what it is now.

A changelog holds changes only. What an issue was at creation is found by undoing them, from the present backwards; it
is told as rows dated at creation. Where the changelog has gaps (an import, a deleted version, an automation that leaves
no trace), what replay cannot explain is added as a change without actor: before the next change that shows it, or at
the last instant it can have happened, which is when the issue was resolved or, for anything else, last updated.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from connectors.jira import changes
from connectors.jira.changes import MANY, Item, Now, Token
from connectors.jira.meaning import CLOSED, Meaning, instant

Node = Mapping[str, Any]

LAST = 1 << 30
"""The group of what is added at the end: behind everything of the same instant."""

ALWAYS = ("status", "type", "priority", "resolution", "assignee", "estimate", "due", "parent", "blocked")
"""Fields whose value at creation is told; the key is told only when it changes."""


class Change(NamedTuple):
    """One row of `issue_events`, but for the issue."""

    at: datetime
    group: int
    actor: str | None
    field: str
    old: str | None
    new: str | None


class Past(NamedTuple):
    """The changes of an issue, oldest first, what it is now, and whether its way to being closed is only supposed."""

    told: list[Change]
    present: Now
    category: str
    closed_at: datetime | None
    is_supposed: bool


def past(issue: Node, meaning: Meaning, named: Mapping[str, str], *, first_status: str | None = None) -> Past:
    """The whole past of an issue.

    `first_status` is what issues begin in: a closed issue without any change of status did not begin closed.
    """
    present = changes.now(issue, meaning)
    items = list(changes.items(issue, present, meaning, named))
    is_supposed = _began_open(issue, items, present, meaning, first_status)
    if is_supposed:
        items += _supposed(issue, present, first_status, items)
    opening = _opening(issue, meaning)
    found = [*_of_one(issue, items, present, opening), *_of_many(issue, items, present, opening)]
    found.sort(key=lambda change: change[:2])
    told = list(_shown(issue, _with_categories(found, present, meaning), present, meaning))
    category, closed_at = _closing(told)
    return Past(told, present, category, closed_at, is_supposed)


def _began_open(issue: Node, items: list[Item], present: Now, meaning: Meaning, first_status: str | None) -> bool:
    is_closed = meaning.category(str(present.one["status"]), None) in CLOSED
    is_told = any(item.field == "status" for item in items)
    return is_closed and not is_told and first_status is not None and bool(issue["fields"].get("resolutiondate"))


def _supposed(issue: Node, present: Now, first_status: str | None, items: list[Item]) -> Iterator[Item]:
    at = max(instant(issue["fields"]["resolutiondate"]), instant(issue["fields"]["created"]))
    yield Item(at, LAST, None, "status", first_status, present.one["status"])
    if not any(item.field == "resolution" for item in items):
        yield Item(at, LAST, None, "resolution", None, present.one["resolution"])


def _opening(issue: Node, meaning: Meaning) -> Change:
    """What the first rows have in common."""
    fields = issue["fields"]
    author = meaning.account_id(fields.get("creator") or fields.get("reporter"))
    return Change(instant(fields["created"]), 0, author, "", None, None)


def _of_one(issue: Node, items: list[Item], present: Now, opening: Change) -> Iterator[Change]:
    """Fields that hold one value: at creation, change by change, and now. Values are tokens still."""
    told: dict[str, list[Item]] = {field: [] for field in (*ALWAYS, "key")}
    for item in items:
        if item.field not in MANY:
            told[item.field].append(item)
    keys = told.pop("key")
    yield from _links(keys, keys[0].old if keys else None)
    for field, of_field in told.items():
        began: Token = of_field[0].old if of_field else present.one[field]
        if began is not None:
            yield Change(opening.at, 0, opening.actor, field, None, began)
        yield from _links(of_field, began)
        ended = of_field[-1].new if of_field else began
        if ended != present.one[field]:
            yield Change(_last_instant(issue, field, items), LAST, None, field, ended, present.one[field])


def _links(items: Iterable[Item], began: Token) -> Iterator[Change]:
    """A chain without gaps, from one change to the next."""
    held = began
    for item in items:
        if item.new == held:
            continue  # told twice, as some servers do
        if item.old != held:
            yield Change(item.at, item.group, None, item.field, held, item.old)
        if item.new != item.old:
            yield Change(item.at, item.group, item.actor, item.field, item.old, item.new)
        held = item.new


def _of_many(issue: Node, items: list[Item], present: Now, opening: Change) -> Iterator[Change]:
    """Fields that hold several members: one row for each that comes or goes."""
    for field, members in present.many.items():
        told = [item for item in items if item.field == field]
        if not told and not members:
            continue
        held = set(members)
        for item in reversed(told):
            held = (held - item.new) | item.old
        yield from (Change(opening.at, 0, opening.actor, field, None, member) for member in sorted(held))
        for item in told:
            yield from (Change(item.at, item.group, item.actor, field, gone, None) for gone in sorted(item.old & held))
            yield from (Change(item.at, item.group, item.actor, field, None, new) for new in sorted(item.new - held))
            held = (held - item.old) | item.new
        at = _last_instant(issue, field, items)
        yield from (Change(at, LAST, None, field, gone, None) for gone in sorted(held - members))
        yield from (Change(at, LAST, None, field, None, new) for new in sorted(members - held))


def _last_instant(issue: Node, field: str, items: list[Item]) -> datetime:
    """When something that nobody told can have happened at the latest, but not before what was told."""
    fields = issue["fields"]
    resolved = fields.get("resolutiondate") if field in {"status", "resolution"} else None
    told = [item.at for item in items if item.field == field]
    return max(instant(resolved or fields["updated"]), instant(fields["created"]), *told[-1:])


def _with_categories(found: list[Change], present: Now, meaning: Meaning) -> Iterator[Change]:
    """Behind the changes of one moment, the change of category they cause together, if any.

    Closing sets status and resolution at once: only both together say whether work was done or dropped.
    """
    status = resolution = before = None
    for n, change in enumerate(found):
        yield change
        if change.field == "status":
            status = change.new
        elif change.field == "resolution":
            resolution = change.new and present.names.get(("resolution", change.new), change.new)
        is_end = n + 1 == len(found) or found[n + 1][:2] != change[:2]
        if is_end and status is not None and (category := meaning.category(status, resolution)) != before:
            yield Change(change.at, change.group, change.actor, "status_category", before, category)
            before = category


def _closing(told: Iterable[Change]) -> tuple[str, datetime | None]:
    """The category now, and when the issue was last closed if it is."""
    category, closed_at = "todo", None
    for change in told:
        if change.field == "status_category":
            category = change.new or category
            is_new = change.old not in CLOSED
            closed_at = (change.at if is_new else closed_at) if category in CLOSED else None
    return category, closed_at


def _shown(issue: Node, found: Iterable[Change], present: Now, meaning: Meaning) -> Iterator[Change]:
    """The same changes with what stands in the table: names, ids of milestones, one member at a time."""
    in_epic = "epic" in meaning.kinds and changes.has_epic(issue)
    for change in found:
        at, group, actor, field, old, new = change
        if field == "assignee":
            yield from _one_at_a_time(change)
        elif field in {"version", "sprint"}:
            if field in meaning.kinds:
                ids = [_milestone(field, each, meaning) for each in (old, new)]
                yield Change(at, group, actor, "milestone", *ids)
        elif field == "parent":
            yield change
            if in_epic:
                epics = [each and meaning.epic_of(each) for each in (old, new)]
                yield from _one_at_a_time(Change(at, group, actor, "milestone", *epics))
        else:
            names = [_name(field, each, present, meaning) for each in (old, new)]
            if names[0] != names[1]:  # two statuses of one name look like none was changed
                yield Change(at, group, actor, field, *names)


def _one_at_a_time(change: Change) -> Iterator[Change]:
    if change.old is not None:
        yield Change(change.at, change.group, change.actor, change.field, change.old, None)
    if change.new is not None:
        yield Change(change.at, change.group, change.actor, change.field, None, change.new)


def _milestone(kind: str, token: Token, meaning: Meaning) -> str | None:
    return meaning.milestone_id(kind, token) if token else None


def _name(field: str, token: Token, present: Now, meaning: Meaning) -> str | None:
    """What people see; renamed statuses have their present name throughout."""
    if token is None:
        return None
    if field == "status" and token in meaning.statuses:
        return meaning.statuses[token].name
    return present.names.get((field, token), token)
