"""Histories → the tables of `fairlead.frames`. What is later than today has not happened; state now is replayed."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

import pandas as pd

from fairlead import frames
from sample_data.histories import COMPLETED, OPEN, Change, Goal, Issue, Pull, PullEvent, Review, Value
from sample_data.organisation import TODAY

Row = dict[str, Any]
Rows = dict[str, list[Row]]
NOW = int(TODAY.timestamp())
MEMBERS = {"label": ("issue_labels", "label"), "assignee": ("issue_assignees", "account"),
           "milestone": ("issue_milestones", "milestone")}  # fmt: skip
ISSUE_TABLES = ("issues", "issue_labels", "issue_assignees", "issue_milestones", "issue_links", "issue_events")
PULL_TABLES = ("pull_requests", "pull_request_labels", "pull_request_issues", "pull_request_events", "reviews",
               "comments", "files")  # fmt: skip
FIRST_JIRA_ID, FIRST_VERSION_ID = 10_001, 10_100


def number(issues: list[Issue], pulls: list[Pull], goals: list[Goal]) -> None:
    """Give everything the number it got when it was created; issues and pull requests of a repository share theirs."""
    items: list[Issue | Pull] = sorted([*issues, *pulls], key=lambda it: it.created)
    last: dict[str, int] = {}
    for item in items:
        project = item.project if isinstance(item, Issue) else item.repo
        last[project] = item.number = last.get(project, 0) + 1
    for place, issue in enumerate(it for it in items if isinstance(it, Issue) and it.source == "jira"):
        issue.internal = FIRST_JIRA_ID + place
    for place, goal in enumerate(goals):
        goal.number = FIRST_VERSION_ID + place
    for project in {goal.project for goal in goals if goal.source == "github"}:
        for place, goal in enumerate(goal for goal in goals if goal.project == project):
            goal.number = 1 + place


def of_issues(issues: Iterable[Issue]) -> Rows:
    """Rows of the issue tables."""
    rows: Rows = {name: [] for name in ISSUE_TABLES}
    for issue in sorted((it for it in issues if it.created <= NOW), key=lambda it: (it.created, it.id)):
        told = sorted((change for change in issue.changes if change.at <= NOW), key=lambda change: change.at)
        rows["issues"].append(_issue(issue, told))
        rows["issue_events"] += [_event(issue, seq, change) for seq, change in enumerate(told)]
        for name, (table, column) in MEMBERS.items():
            rows[table] += [{"issue": issue.id, column: value} for value in _members(told, name)]
        blocking = _members(told, "blocked_by")
        rows["issue_links"] += [{"issue": other, "other": issue.id, "kind": "blocks"} for other in blocking]
    return rows


def _id(value: Value) -> str | None:
    return value if value is None or isinstance(value, str) else value.id


def _event(issue: Issue, seq: int, change: Change) -> Row:
    row = {"issue": issue.id, "seq": seq, "at": change.at, "actor": change.actor, "field": change.field}
    return row | {"old": _id(change.old), "new": _id(change.new)}


def _members(told: Iterable[Change], name: str) -> list[str]:
    """Members of a set, in order of their arrival."""
    held: dict[str, None] = {}
    for change in told:
        if change.field == name:
            held.pop(_id(change.old) or "", None)
            held |= {_id(change.new) or "": None} if change.new is not None else {}
    return list(held)


def _last(told: Iterable[Change], name: str) -> str | None:
    values = [_id(change.new) for change in told if change.field == name]
    return values[-1] if values else None


def _issue(issue: Issue, told: list[Change]) -> Row:
    status = _last(told, "status") or OPEN
    category = _last(told, "status_category") or "todo"
    is_closed = category in {"done", "dropped"}
    estimate = _last(told, "estimate")
    return {
        "id": issue.id,
        "key": issue.key,
        "source": issue.source,
        "project": issue.project,
        "type": issue.type,
        "title": issue.title,
        "url": _url(issue.project, issue.number, "issues"),
        "status": status,
        "status_category": category,
        "resolution": _resolution(issue, category) if is_closed else None,
        "priority": _last(told, "priority"),
        "author": issue.author,
        "parent": _last(told, "parent"),
        "estimate": float(estimate) if estimate else None,
        "created_at": issue.created,
        "updated_at": told[-1].at,
        "closed_at": max(it.at for it in told if it.field == "status_category") if is_closed else None,
        "due_on": _last(told, "due"),
    }


def _resolution(issue: Issue, category: str) -> str | None:
    """An issue that will be closed differently after today still bears what it was closed as."""
    if category == "done":
        return "Done" if issue.source == "jira" else COMPLETED.removeprefix("closed as ")
    return issue.resolution or "Won't Do"


def _url(project: str, place: int, kind: str) -> str:
    if "/" in project:
        return f"https://github.example/{project}/{kind}/{place}"
    return f"https://harbourline.atlassian.example/browse/{project}-{place}"


def of_pulls(pulls: Iterable[Pull]) -> Rows:
    """Rows of the pull request tables."""
    rows: Rows = {name: [] for name in PULL_TABLES}
    for pull in sorted((it for it in pulls if it.created <= NOW), key=lambda it: (it.created, it.id)):
        told = sorted((event for event in pull.events if event.at <= NOW), key=lambda event: event.at)
        rows["pull_requests"].append(_pull(pull, told))
        for seq, event in enumerate(told):
            row = {"pull_request": pull.id, "seq": seq, "at": event.at, "actor": event.actor, "kind": event.kind}
            rows["pull_request_events"].append(row | {"subject": _subject(pull, event)})
        labels = dict.fromkeys(str(event.subject) for event in told if event.kind == "labeled")
        rows["pull_request_labels"] += [{"pull_request": pull.id, "label": label} for label in labels]
        if pull.issue is not None:
            rows["pull_request_issues"].append({"pull_request": pull.id, "issue": pull.issue.id})
        _add_talk(rows, pull)
    return rows


def _add_talk(rows: Rows, pull: Pull) -> None:
    rows["reviews"] += [
        {"id": _review_id(pull, review), "pull_request": pull.id, **review._asdict()}
        for review in sorted(pull.reviews)
        if review.at <= NOW
    ]
    comments = sorted(comment for comment in pull.comments if comment[0] <= NOW)
    rows["comments"] += [
        {"id": f"{pull.id}/comments/{place}", "pull_request": pull.id, "author": author, "at": at}
        for place, (at, author) in enumerate(comments, 1)
    ]
    rows["files"] += [{"pull_request": pull.id, **file._asdict()} for file in sorted(pull.files)]


def _review_id(pull: Pull, review: Review) -> str:
    return f"{pull.id}/reviews/{sorted(pull.reviews).index(review) + 1}"


def _subject(pull: Pull, event: PullEvent) -> str | None:
    """Whom or what an event is about."""
    return _review_id(pull, event.subject) if isinstance(event.subject, Review) else _id(event.subject)


def _pull(pull: Pull, told: list[PullEvent]) -> Row:
    kinds = {event.kind: event for event in told}
    merged, closed = kinds.get("merged"), kinds.get("closed")
    is_closed = closed is not None and not (kinds.get("reopened", closed).at > closed.at)
    state = "merged" if merged else "closed" if is_closed else "open"
    end = merged or (closed if is_closed else None)
    ready = [event.kind for event in told if event.kind in {"ready", "draft"}]
    goal = kinds.get("milestoned")
    talk = [review.at for review in pull.reviews if review.at <= NOW] + [at for at, _ in pull.comments if at <= NOW]
    key = f"{pull.repo}#{pull.number}"
    return {
        "id": pull.id,
        "key": key,
        "source": "github",
        "project": pull.repo,
        "title": _title(pull),
        "url": _url(pull.repo, pull.number, "pull"),
        "author": pull.author,
        "state": state,
        "is_draft": ready[-1] == "draft" if ready else pull.is_draft,
        "base": "main",
        "milestone": _subject(pull, goal) if goal else None,
        "created_at": pull.created,
        "updated_at": max([pull.created, *talk, *(event.at for event in told)]),
        "merged_at": merged.at if merged else None,
        "closed_at": end.at if end else None,
        "merged_by": merged.actor if merged else None,
        "additions": sum(file.additions for file in pull.files),
        "deletions": sum(file.deletions for file in pull.files),
        "changed_files": len(pull.files),
    }


def _title(pull: Pull) -> str:
    is_of_jira = pull.issue is not None and pull.issue.source == "jira"
    return f"{pull.issue.key} {pull.title.removeprefix('Fix: ')}" if is_of_jira and pull.issue else pull.title


def framed(rows: Rows) -> dict[str, pd.DataFrame]:
    """The rows as conformed tables. Instants are seconds until here."""
    return {name: _frame(name, table) for name, table in rows.items()}


def _frame(name: str, rows: list[Row]) -> pd.DataFrame:
    declared = list(frames.columns(name))
    bare = pd.DataFrame(rows, columns=declared, dtype="object")
    instants = [column for column in declared if column == "at" or column.endswith("_at")]
    return frames.conform(name, bare.assign(**{column: _instants(bare[column]) for column in instants}))


def _instants(seconds: pd.Series) -> pd.Series:
    return pd.to_datetime(pd.to_numeric(seconds), unit="s", utc=True)


def at_dawn(day: dt.date) -> int:
    """The daily sync's instant, 05:00 UTC."""
    return int(dt.datetime.combine(day, dt.time(5), dt.UTC).timestamp())
