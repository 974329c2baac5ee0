"""An issue's past from its GitHub timeline: what changed when, ending in what the issue is now.

GitHub's timeline leaves three gaps, which are closed here so that every metric can replay events without guessing:

- It does not say what an issue was when it was opened. The first rows are its `status` and `status_category` then.
- Milestone events carry the title of that day, not the milestone. See `milestone_ids`.
- Some changes leave no event at all (turned into a discussion, label deleted). What replay cannot explain is added
  as a change without actor, at the last instant it can have happened: the closing time, or the last update.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from connectors.github.ids import account_id, elsewhere, milestone_id

Node = Mapping[str, Any]

OPEN = "open"
STATUS_OF_REASON = {
    "COMPLETED": "closed as completed",
    "NOT_PLANNED": "closed as not planned",
    "DUPLICATE": "closed as duplicate",
}
CLOSED = "closed"
DROPPED = {STATUS_OF_REASON["NOT_PLANNED"], STATUS_OF_REASON["DUPLICATE"]}

MEMBER_EVENTS = {
    "AssignedEvent": ("assignee", True),
    "UnassignedEvent": ("assignee", False),
    "LabeledEvent": ("label", True),
    "UnlabeledEvent": ("label", False),
    "MilestonedEvent": ("milestone", True),
    "DemilestonedEvent": ("milestone", False),
    "ParentIssueAddedEvent": ("parent", True),
    "ParentIssueRemovedEvent": ("parent", False),
    "SubIssueAddedEvent": ("sub_issue", True),
    "SubIssueRemovedEvent": ("sub_issue", False),
    "BlockedByAddedEvent": ("blocked_by", True),
    "BlockedByRemovedEvent": ("blocked_by", False),
}
"""Event type → the field it changes and whether it adds a member or takes one away."""


@dataclass(frozen=True)
class Change:
    """One row of `issue_events`, but for the issue."""

    at: str
    actor: str | None
    field: str
    old: str | None
    new: str | None


def nodes_of(item: Node, field: str) -> list[dict[str, Any]]:
    """The members of a list inside an item; what the token may not see is null and left out."""
    return [node for node in (item.get(field) or {}).get("nodes") or [] if node]


def timeline(item: Node) -> list[dict[str, Any]]:
    """The item's events, oldest first; those of one second stay in GitHub's order."""
    return sorted(nodes_of(item, "timelineItems"), key=lambda event: str(event["createdAt"]))


def milestone_now(item: Node, project: str) -> str | None:
    """The milestone the item belongs to."""
    held = item.get("milestone")
    return milestone_id(project, held["number"]) if held else None


def milestone_ids(item: Node, project: str, titles: Mapping[str, str]) -> list[str | None]:
    """For each event of the timeline, the milestone it is about; `None` for events about something else.

    An event carries the milestone's title of that day, and milestones are renamed. But an item is in one milestone
    at a time, so an entry and the exit that follows it are about the same one, and an entry without an exit is about
    the one the item is in now. Only where that does not settle it does the title alone decide; a title that no
    milestone bears (it was deleted) becomes an id of its own, `…/milestones/?<title>`.
    """
    events = timeline(item)
    ids: list[str | None] = [None] * len(events)
    stays = list(_stays(events))
    now = milestone_now(item, project)
    for n, (entry, leave) in enumerate(stays):
        is_current = leave is None and n == len(stays) - 1 and now is not None
        bounds = [at for at in (leave, entry) if at is not None]
        found = now if is_current else _by_title([events[at]["milestoneTitle"] for at in bounds], project, titles)
        for at in bounds:
            ids[at] = found
    return ids


def _stays(events: Sequence[Node]) -> Iterator[tuple[int | None, int | None]]:
    """Where in the timeline the item entered and left a milestone; stays that are over first, open ones last."""
    inside: list[int] = []
    for at, event in enumerate(events):
        if event["__typename"] == "MilestonedEvent":
            inside.append(at)
        elif event["__typename"] == "DemilestonedEvent":
            yield _entry_of(event, inside, events), at
    yield from ((entry, None) for entry in inside)


def _entry_of(leave: Node, inside: list[int], events: Sequence[Node]) -> int | None:
    """The entry that an exit ends: the one of the same title, else the oldest; taken out of `inside`."""
    same = [at for at in inside if events[at]["milestoneTitle"] == leave["milestoneTitle"]]
    entry = next(iter([*same, *inside]), None)
    if entry is not None:
        inside.remove(entry)
    return entry


def _by_title(seen: Sequence[str], project: str, titles: Mapping[str, str]) -> str:
    """The newest title counts first: titles change forwards."""
    known = (titles[title] for title in seen if title in titles)
    return next(known, f"github:{project}/milestones/?{seen[-1]}")


def is_unknown(milestone: str | None) -> bool:
    """Whether a milestone's id is made from a title that no milestone is known to have had."""
    return milestone is not None and "/milestones/?" in milestone


def earlier_titles(items: Iterable[Node], project: str, titles: Mapping[str, str]) -> dict[str, str]:
    """Titles that milestones had before they were renamed, as far as these items' events prove it."""
    learned: dict[str, str] = {}
    for item in items:
        for event, milestone in zip(timeline(item), milestone_ids(item, project, titles), strict=True):
            if milestone is not None and not is_unknown(milestone) and event["milestoneTitle"] not in titles:
                learned[event["milestoneTitle"]] = milestone
    return learned


def status_now(issue: Node) -> str:
    """`open`, or how it was closed in GitHub's words."""
    return OPEN if issue["state"] == "OPEN" else STATUS_OF_REASON.get(issue.get("stateReason") or "", CLOSED)


def type_now(issue: Node) -> str | None:
    """Bug, Feature, Task and so on, where the organisation has types."""
    return (issue.get("issueType") or {}).get("name")


def category(status: str, *, is_assigned: bool) -> str:
    """What a status means. GitHub has no "in progress": an open issue is active while somebody is assigned to it."""
    if status == OPEN:
        return "active" if is_assigned else "todo"
    return "dropped" if status in DROPPED else "done"


def members_now(issue: Node, project: str) -> dict[str, set[str]]:
    """Assignees, labels, milestone and parent as they are now."""
    milestone, parent = milestone_now(issue, project), issue.get("parent")
    return {
        "assignee": {account_id(who) for who in nodes_of(issue, "assignees")},
        "label": {label["name"] for label in nodes_of(issue, "labels")},
        "milestone": {milestone} if milestone else set(),
        "parent": {elsewhere(parent)} if parent else set(),
    }


def changes(issue: Node, project: str, titles: Mapping[str, str]) -> list[Change]:
    """All changes of one issue, oldest first, from its opening to what it is now."""
    opened = Change(issue["createdAt"], account_id(issue["author"]), "status", None, OPEN)
    told = [opened, *_told(issue, project, titles)]
    untold = [*_untold_status(issue, told), *_untold_type(issue, told), *_untold_members(issue, project, told)]
    return list(_with_categories(_linked(sorted(told + untold, key=lambda change: change.at))))


def _told(issue: Node, project: str, titles: Mapping[str, str]) -> Iterator[Change]:
    """What the timeline says, one change per event."""
    events = timeline(issue)
    last_closing = max((n for n, event in enumerate(events) if event["__typename"] == "ClosedEvent"), default=-1)
    for n, (event, milestone) in enumerate(zip(events, milestone_ids(issue, project, titles), strict=True)):
        kind, at, actor = event["__typename"], event["createdAt"], account_id(event["actor"])
        if kind == "ReopenedEvent":
            yield Change(at, actor, "status", None, OPEN)
        elif kind == "ClosedEvent":
            # Only the issue itself tells duplicates from other issues that are not planned.
            is_final = n == last_closing and issue["state"] == "CLOSED"
            reason = (is_final and issue.get("stateReason")) or event.get("stateReason")
            yield Change(at, actor, "status", None, STATUS_OF_REASON.get(reason or "", CLOSED))
        elif kind.startswith("IssueType"):
            yield Change(at, actor, "type", *_types(event))
        elif (value := _member(event, milestone)) is not None:
            field, is_added = MEMBER_EVENTS[kind]
            yield Change(at, actor, field, None if is_added else value, value if is_added else None)


def _types(event: Node) -> tuple[str | None, str | None]:
    """The type before and after; a type that was deleted since has no name any more."""
    name = (event.get("issueType") or {}).get("name")
    if event["__typename"] == "IssueTypeRemovedEvent":
        return name, None
    return (event.get("prevIssueType") or {}).get("name"), name


def _member(event: Node, milestone: str | None) -> str | None:
    """Who or what was added or taken away; `None` where the token may not see it."""
    if milestone is not None:
        return milestone
    if "assignee" in event:
        return account_id(event["assignee"])
    if event.get("label"):
        return str(event["label"]["name"])
    other = event.get("parent") or event.get("subIssue") or event.get("blockingIssue")
    return elsewhere(other) if other else None


def _untold_status(issue: Node, told: Sequence[Change]) -> Iterator[Change]:
    replayed = [change.new for change in told if change.field == "status"][-1]
    if replayed != status_now(issue):
        at = issue.get("closedAt") or issue["updatedAt"]
        yield Change(max(at, told[-1].at), None, "status", None, status_now(issue))


def _untold_type(issue: Node, told: Sequence[Change]) -> Iterator[Change]:
    replayed = [None, *(change.new for change in told if change.field == "type")][-1]
    if replayed != type_now(issue):
        yield Change(max(issue["updatedAt"], told[-1].at), None, "type", replayed, type_now(issue))


def _untold_members(issue: Node, project: str, told: Sequence[Change]) -> Iterator[Change]:
    at = max(issue["updatedAt"], told[-1].at)
    for field, now in members_now(issue, project).items():
        replayed = _replayed(told, field)
        yield from (Change(at, None, field, gone, None) for gone in sorted(replayed - now))
        yield from (Change(at, None, field, None, added) for added in sorted(now - replayed))


def _replayed(told: Iterable[Change], field: str) -> set[str]:
    held: set[str] = set()
    for change in told:
        if change.field == field:
            held = (held - {change.old or ""}) | ({change.new} if change.new else set())
    return held


def _linked(ordered: Iterable[Change]) -> Iterator[Change]:
    """Each change of status says what it was before; closing what is closed the same way changes nothing."""
    status = None
    for change in ordered:
        if change.field != "status":
            yield change
        elif change.new != status:
            yield replace(change, old=status)
            status = change.new


def _with_categories(ordered: Iterable[Change]) -> Iterator[Change]:
    """Beside each change of status or assignment, the change of category it causes, if any."""
    status, before, assigned = OPEN, None, set[str]()
    for change in ordered:
        yield change
        if change.field == "status":
            status = change.new or OPEN
        elif change.field == "assignee":
            assigned = (assigned - {change.old or ""}) | ({change.new} if change.new else set())
        now = category(status, is_assigned=bool(assigned))
        if now != before:
            yield Change(change.at, change.actor, "status_category", before, now)
            before = now
