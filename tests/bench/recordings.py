"""Recorded projects as tables, for measuring forecasts by hand. The folder is named by `FAIRLEAD_REPLAY`."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from fairlead.frames import Frames, from_rows

FINISHED = {"Fixed", "Done"}
"""Resolutions of the recorded Jira that mean work was done; every other one means it was dropped."""


def lines(path: Path) -> Iterator[dict[str, Any]]:
    """The records of a gzipped file of JSON lines."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        yield from map(json.loads, file)


def jira_without_history(path: Path) -> Frames:
    """Versions and their issues, where only the present is recorded.

    Each issue is taken to have been in its versions since it was created, and to have been open until it was resolved;
    a version is closed on its release date. Known scope is therefore "created by then", and growth a lower bound.
    """
    versions: dict[str, dict[str, Any]] = {}
    events: list[dict[str, Any]] = []
    for issue in lines(path):
        for version in issue["fixVersions"]:
            versions[f"{issue['project']}/{version['id']}"] = {"project": issue["project"], **version}
        events += _events(issue)
    tables = {"milestones": [_version(*each) for each in versions.items()], "issue_events": events}
    return Frames.of({name: from_rows(name, rows) for name, rows in tables.items()})


def _version(number: str, version: dict[str, Any]) -> dict[str, Any]:
    day = version["releaseDate"]
    return {
        "id": number, "source": "jira", "project": version["project"], "kind": "version", "title": version["name"],
        "url": "recorded", "state": "closed" if version["released"] or version["archived"] else "open", "due_on": day,
        "closed_at": f"{day}T00:00:00+00:00" if version["released"] and day else None,
    }  # fmt: skip


def _events(issue: dict[str, Any]) -> list[dict[str, Any]]:
    first = {"issue": issue["key"], "at": issue["created"]}
    rows = [
        {**first, "field": "milestone", "new": f"{issue['project']}/{version['id']}"}
        for version in issue["fixVersions"]
    ]
    rows.append({**first, "field": "status_category", "new": "todo"})
    if issue["resolved"]:
        state = "done" if issue["resolution"] in FINISHED else "dropped"
        at = max(issue["resolved"], issue["created"])
        rows.append({"issue": issue["key"], "at": at, "field": "status_category", "old": "todo", "new": state})
    return [{**row, "seq": seq} for seq, row in enumerate(rows)]


def observed_due_dates(path: Path, project: str) -> pd.DataFrame:
    """Due dates of GitHub milestones as they were seen over time; each is known from its milestone's own change on."""
    seen = sorted(json.loads(path.read_text("utf-8")), key=lambda row: (row[1], row[8], row[0]))
    rows: list[dict[str, Any]] = []
    before: dict[int, str | None] = {}
    for _, number, _, _, due, _, _, _, updated_at in seen:
        due_on = due[:10] if due else None
        if due_on != before.get(number):
            change = {"milestone": f"github:{project}/milestones/{number}", "observed_at": updated_at}
            rows.append({**change, "field": "due_on", "old": before.get(number), "new": due_on})
        before[number] = due_on
    return from_rows("milestone_changes", rows)
