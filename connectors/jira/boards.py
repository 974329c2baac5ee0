"""Sprints as their boards list them, because a sprint's dates change without a trace on its issues.

Boards and sprints that are not over are asked by turns, those asked longest ago first, so that a run stays short
however many boards there are.
"""

import json
from collections.abc import Collection
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from connectors.jira import search
from connectors.jira.client import Client, RefusedError

NO_SPRINTS, NOWHERE = 400, 404
"""What boards say that have none, as Kanban boards do, and what is said of what is gone."""
GONE_OR_HIDDEN = frozenset({NO_SPRINTS, 403, NOWHERE})
AT_ONCE = 2
"""Requests for sprints in a run that does not read everything."""

Sprint = dict[str, Any]


@dataclass
class Known:
    """What is remembered from run to run.

    `zone` is what days are told in, `runs` counts runs; `boards` and `open` sprints are with the run that asked for
    each last, 0 for none.
    """

    zone: str = ""
    runs: int = 0
    boards: dict[str, int] = field(default_factory=dict)
    open: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, cursor: str | None) -> Self:
        """What a cursor says; nothing where there is none."""
        return cls(**json.loads(cursor)) if cursor else cls()

    @property
    def cursor(self) -> str:
        """As text."""
        return json.dumps(asdict(self))


@dataclass
class Round:
    """The sprints found in one run. `is_sure` says that every board that was asked has answered."""

    client: Client
    known: Known
    is_whole: bool
    """Ask every board for all its sprints."""
    found: dict[str, Sprint] = field(default_factory=dict)
    is_sure: bool = True

    def read(self) -> None:
        """Ask whoever has waited longest, boards first, as often as there is room. Raises `SourceError`."""
        self.known.runs += 1
        before = self.client.requests
        while waiting := self._waiting():
            if not self.is_whole and self.client.requests - before >= AT_ONCE:
                return
            _, is_sprint, number = min(waiting)
            self._sprint(number) if is_sprint else self._board(number)

    def _waiting(self) -> list[tuple[int, bool, str]]:
        queue = [(at, False, number) for number, at in self.known.boards.items()]
        queue += [(at, True, number) for number, at in self.known.open.items()]
        return [each for each in queue if each[0] != self.known.runs]

    def _board(self, number: str) -> None:
        is_new = not self.known.boards[number]
        self.known.boards[number] = self.known.runs
        asked = {} if is_new or self.is_whole else {"state": "active,future"}
        try:
            for each in search.values(self.client.agile, f"board/{number}/sprint", asked):
                self._take(each)
        except RefusedError as error:
            if error.status not in GONE_OR_HIDDEN:
                raise
            self.is_sure &= error.status == NO_SPRINTS

    def _sprint(self, number: str) -> None:
        found = _asked(self.client, number)
        if isinstance(found, int):
            del self.known.open[number]  # its board lists it again if it can be seen again
        else:
            self._take(found)

    def _take(self, sprint: Sprint) -> None:
        number = str(sprint["id"])
        self.found[number] = sprint
        if str(sprint.get("state")).lower() == "closed":
            self.known.open.pop(number, None)
        else:
            self.known.open[number] = self.known.runs


def gone(client: Client, numbers: Collection[str]) -> list[str]:
    """Which of these sprints are nowhere. Raises `SourceError`."""
    return [number for number in sorted(numbers) if _asked(client, number) == NOWHERE]


def _asked(client: Client, number: str) -> Sprint | int:
    """A sprint by itself, or why it is not shown."""
    try:
        found = client.agile(f"sprint/{number}")
    except RefusedError as error:
        if error.status not in GONE_OR_HIDDEN:
            raise
        return error.status
    return found if isinstance(found, dict) and found.get("id") is not None else NO_SPRINTS
