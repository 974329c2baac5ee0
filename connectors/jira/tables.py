"""Pages of Jira's answers → rows of `fairlead.frames`. Pure: the same pages always give the same tables."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from connectors import Page
from connectors.jira import accounts, changes, links, sprints
from connectors.jira.history import Past, past
from connectors.jira.meaning import CLOSED, Meaning, instant, is_epic
from fairlead import frames

Node = Mapping[str, Any]
Row = dict[str, Any]
Rows = dict[str, list[Row]]

TABLES_OF_STREAM = {
    "fields": (),
    "versions": ("milestones", "tombstones"),
    "issues": (
        "issues", "issue_labels", "issue_assignees", "issue_milestones", "issue_links", "issue_events", "milestones",
        "accounts", "statuses", "tombstones",
    ),
    "sprints": ("milestones", "tombstones"),
    "sweep": ("tombstones",),
}  # fmt: skip
"""What a page of each stream fills. All are given even when empty: what is gone at Jira has to go here."""

SECONDS = 3600


def tables(pages: Iterable[Page]) -> dict[str, pd.DataFrame]:
    """All tables that the pages fill."""
    rows: Rows = {}
    for page in pages:
        for name in TABLES_OF_STREAM[page.stream]:
            rows.setdefault(name, [])
        if page.stream in _SHAPES:
            _SHAPES[page.stream](page, rows)
        if "tombstones" in rows:
            rows["tombstones"] += page.context.get("gone", ())
    return {name: frames.from_rows(name, found) for name, found in rows.items()}


def _statuses(meaning: Meaning) -> Iterator[Row]:
    for token, (name, category, said_by) in meaning.statuses.items():
        yield {"id": meaning.status_id(token), "name": name, "category": category, "said_by": said_by}


def _versions(page: Page, rows: Rows) -> None:
    meaning: Meaning = page.context["meaning"]
    rows["milestones"] += [_version(node, meaning) for node in page.nodes]


def _version(node: Node, meaning: Meaning) -> Row:
    released = node.get("releaseDate") if node.get("released") else None
    return {
        "id": meaning.milestone_id("version", node["id"]),
        "source": "jira",
        "project": meaning.project,
        "kind": "version",
        "title": str(node.get("name")),
        "state": "closed" if node.get("released") or node.get("archived") else "open",
        "start_on": node.get("startDate"),
        "due_on": node.get("releaseDate"),
        "closed_at": f"{released}T00:00:00+00:00" if released else None,
        "url": f"{meaning.link}/projects/{meaning.project}/versions/{node['id']}",
    }


def _sprints(page: Page, rows: Rows) -> None:
    meaning, zone, projects = page.context["meaning"], ZoneInfo(page.context["zone"]), page.context["projects"]
    rows["milestones"] += [
        sprints.row(node, meaning, zone, projects.get(str(node["id"]), meaning.project)) for node in page.nodes
    ]


def _issues(page: Page, rows: Rows) -> None:
    meaning: Meaning = page.context["meaning"]
    named = changes.fields_of_items(meaning)
    met: dict[str, Row] = {}
    for node in page.nodes:
        history = past(node, meaning, named, first_status=page.context.get("first_status"))
        _issue_rows(node, history, meaning, rows)
        for user in accounts.shown(node):
            if (own := meaning.account_id(user)) is not None and own not in met:
                met[own] = accounts.row(own, user)
    rows["accounts"] += [accounts.row_of_name(*each) for each in page.context.get("named", {}).items()]
    rows["accounts"] += met.values()
    rows["statuses"] += _statuses(meaning)


_SHAPES: dict[str, Callable[[Page, Rows], None]] = {
    "versions": _versions,
    "issues": _issues,
    "sprints": _sprints,
}


def _issue_rows(node: Node, history: Past, meaning: Meaning, rows: Rows) -> None:
    fields, own, present = node["fields"], meaning.issue_id(node["id"]), history.present
    rows["issues"].append(_issue(node, own, history, meaning))
    rows["issue_labels"] += [{"issue": own, "label": label} for label in sorted(present.many["label"])]
    if present.one["assignee"]:
        rows["issue_assignees"].append({"issue": own, "account": present.one["assignee"]})
    rows["issue_milestones"] += [{"issue": own, "milestone": each} for each in _milestones(node, history, meaning)]
    rows["issue_links"] += links.rows(fields, own, meaning)
    rows["issue_events"] += [
        {"issue": own, "seq": seq, "at": at, "actor": actor, "field": field, "old": old, "new": new}
        for seq, (at, _, actor, field, old, new) in enumerate(history.told)
    ]
    if "epic" in meaning.kinds and is_epic(fields):
        rows["milestones"].append(_epic(rows["issues"][-1], present.one["assignee"], meaning))


def _issue(node: Node, own: str, history: Past, meaning: Meaning) -> Row:
    fields, one, names = node["fields"], history.present.one, history.present.names
    named = {field: names.get((field, str(one[field]))) for field in ("type", "priority", "resolution")}
    status = meaning.statuses.get(str(one["status"]))
    return {
        "id": own,
        "key": node["key"],
        "source": "jira",
        "project": str(node["key"]).rpartition("-")[0],
        **named,
        "title": " ".join(str(fields.get("summary") or "").split()),
        "url": f"{meaning.link}/browse/{node['key']}",
        "status": status.name if status else names["status", str(one["status"])],
        "status_category": history.category,
        "author": meaning.account_id(fields.get("creator") or fields.get("reporter")),
        "parent": one["parent"],
        "estimate": float(one["estimate"]) if one["estimate"] else None,
        "estimated_hours": _hours(fields.get("timeoriginalestimate")),
        "remaining_hours": _hours(fields.get("timeestimate")),
        "spent_hours": _hours(fields.get("timespent")),
        "created_at": instant(fields["created"]),
        "updated_at": instant(fields["updated"]),
        "closed_at": history.closed_at,
        "due_on": one["due"],
    }


def _hours(seconds: float | None) -> float | None:
    return None if seconds is None else seconds / SECONDS


def _milestones(node: Node, history: Past, meaning: Meaning) -> Iterator[str]:
    """The versions, sprints and the epic that the issue is in now."""
    for kind in ("version", "sprint"):
        if kind in meaning.kinds:
            yield from (meaning.milestone_id(kind, each) for each in sorted(history.present.many[kind]))
    parent = history.present.one["parent"]
    if parent and "epic" in meaning.kinds and changes.has_epic(node):
        yield meaning.epic_of(parent)


def _epic(issue: Row, owner: str | None, meaning: Meaning) -> Row:
    kept = {key: issue[key] for key in ("source", "project", "title", "due_on", "created_at", "updated_at", "url")}
    return kept | {
        "id": meaning.epic_of(issue["id"]),
        "kind": "epic",
        "state": "closed" if issue["status_category"] in CLOSED else "open",
        "owner": owner,
        "closed_at": issue["closed_at"],
    }
