"""One milestone in which exactly known things happen in a week, and what is written of it."""

import pandas as pd

from fairlead.access import LOCAL_LEAD, VisibleFrames
from fairlead.scope import Scope
from reports.written import KINDS
from tests.metrics.build import added, day, issue, moved, utc
from tests.reports.test_small import seen

MONDAY = utc("2026-06-15 08:00")
WEEK = pd.Timedelta(weeks=1)
ALPHA = {
    "id": "m", "title": "Alpha", "project": "o/r", "state": "open", "created_at": "2026-05-01",
    "start_on": day("2026-05-10"),
}  # fmt: skip
THREE = ("1", "2", "3")


def world(*events, items=THREE, viewer=LOCAL_LEAD, of=None, **tables) -> VisibleFrames:
    """Alpha, with these items in it since 3 May, and what happened to them."""
    joined = [added(item, "2026-05-03", "m") for item in items]
    listed = [*items, *sorted({event["issue"] for event in events} - set(items))]
    rows = {
        "milestones": [ALPHA | (of or {})],
        "issues": [issue(item, project="o/r", created_at="2026-05-02") for item in listed],
        "issue_events": [*joined, *events],
    }
    return seen(viewer, **rows | tables)


def written(frames, kind="weekly", *, as_of=MONDAY, since=None, milestone=None, **scope):
    """All reports of one kind, by default of the week up to Monday."""
    since = as_of - WEEK if since is None else since
    return KINDS[kind].build(frames, Scope(as_of, **scope), since=since, milestone=milestone)


def said(reports) -> dict[str, list[str]]:
    """The sentences of the text, by panel; where there are none, what is said instead."""
    return {panel.key: panel.table["says"].tolist() or [panel.empty] for panel in reports[0].panels}


def changed(frames, kind="weekly", **values) -> list[str]:
    """What is said to have changed."""
    return said(written(frames, kind, **values))["changed"]


def done(item, at, was="todo", **values):
    """An issue is finished."""
    return moved(item, at, "done", was, **values)
