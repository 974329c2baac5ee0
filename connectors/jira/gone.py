"""What a project holds no longer, beside what is stored: rows of `tombstones`."""

from collections.abc import Collection, Iterable, Mapping
from functools import cached_property
from typing import Any

import pandas as pd

from connectors import SyncState
from connectors.jira import boards
from connectors.jira.client import Client
from connectors.jira.meaning import Meaning, is_epic

Row = dict[str, Any]
Nodes = Iterable[dict[str, Any]]


class Gone:
    """Compares what one run lists with what was stored before it. An empty list says nothing."""

    def __init__(self, meaning: Meaning, state: SyncState, projects: Iterable[str], *, found_at: pd.Timestamp) -> None:
        """`projects` are those read from the site."""
        self._meaning, self._state, self._found_at = meaning, state, found_at
        self._before = sorted(each for each in projects if each < meaning.project)

    @cached_property
    def _stored(self) -> Collection[str]:
        return self._state.stored("milestones", self._meaning.project)

    @cached_property
    def projects_of_sprints(self) -> Mapping[str, str]:
        """Sprints that another project holds already, with that project.

        Issues of several projects can be in one sprint. It is the first project's by name, in whatever order they come.
        """
        start = self._start("sprint")
        return {
            own.removeprefix(start): project
            for project in reversed(self._before)
            for own in self._state.stored("milestones", project)
            if own.startswith(start)
        }

    def versions(self, listed: Nodes) -> list[Row]:
        """Stored versions that are not listed."""
        held = {str(node["id"]) for node in listed}
        return [self._milestone("version", number) for number in sorted(self._numbers("version") - held) if held]

    def sprints(self, client: Client, listed: Collection[str]) -> list[Row]:
        """Stored sprints that no board lists and that are nowhere. Raises `SourceError`."""
        missing = self._numbers("sprint") - set(listed) if listed else set[str]()
        return [self._milestone("sprint", number) for number in boards.gone(client, missing)]

    def epics(self, issues: Nodes) -> list[Row]:
        """Stored epics that are ordinary issues now."""
        others = {str(issue["id"]) for issue in issues if not is_epic(issue["fields"])}
        return [self._milestone("epic", number) for number in sorted(self._numbers("epic") & others)]

    def issues(self, found: Mapping[str, str | None]) -> list[Row]:
        """Issues by number with the key they have elsewhere, if any; with those that were epics the milestones go."""
        rows = [self._row(self._meaning.issue_id(number), "issues", key) for number, key in found.items()]
        return rows + [self._milestone("epic", number) for number in sorted(self._numbers("epic") & set(found))]

    def _numbers(self, kind: str) -> set[str]:
        start = self._start(kind)
        return {own.removeprefix(start) for own in self._stored if own.startswith(start)}

    def _start(self, kind: str) -> str:
        return self._meaning.milestone_id(kind, "")

    def _milestone(self, kind: str, number: str) -> Row:
        return self._row(self._meaning.milestone_id(kind, number), "milestones", None)

    def _row(self, own: str, kind: str, moved_to: str | None) -> Row:
        return {
            "id": own,
            "kind": kind,
            "project": self._meaning.project,
            "reason": "transferred" if moved_to else "deleted",
            "moved_to": moved_to,
            "found_at": self._found_at,
        }
