"""How far the issues of a project are read: the text that is stored with them."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Self

import pandas as pd

from connectors import read_again_from
from connectors.jira.meaning import Status, instant

TICK = pd.Timedelta(milliseconds=1)


@dataclass(frozen=True)
class Place:
    """A descent through the issues, oldest created first, of those that were changed at `since` or later.

    Without `since` it goes through all of them, but for those last changed before `floor`. `at` is when the last issue
    that is stored was created, in milliseconds since 1970: a descent that was stopped goes on there. `started` is
    Jira's clock at its start, `newest` the last change seen in this descent or an earlier one. `statuses` and `boards`
    are what was met on the way.
    """

    since: str = ""
    floor: str = ""
    at: int | None = None
    started: str = ""
    newest: str = ""
    statuses: dict[str, list[str]] = field(default_factory=dict)
    boards: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, cursor: str | None) -> Self:
        """What a cursor says; the beginning where there is none."""
        return cls(**json.loads(cursor)) if cursor else cls()

    @property
    def cursor(self) -> str:
        """As text."""
        return json.dumps(asdict(self), separators=(",", ":"))

    @property
    def is_whole(self) -> bool:
        """Whether the descent goes through every issue and is at its beginning."""
        return not self.since and not self.floor and self.at is None

    def jql(self, project: str) -> str:
        """The question for what is still to be read."""
        bound = self.since or self.floor
        parts = [
            f'project = "{project}"',
            *([f"updated >= {_milliseconds(bound)}"] if bound else []),
            *([f"created >= {self.at}"] if self.at is not None else []),
        ]
        return f"{' AND '.join(parts)} ORDER BY created ASC, key ASC"

    def begun(self, clock: pd.Timestamp) -> Self:
        """The descent begins, unless it goes on."""
        return self if self.started else replace(self, started=clock.isoformat())

    def behind(self, issues: Iterable[dict[str, Any]], statuses: dict[str, Status], boards: Iterable[str]) -> Self:
        """Behind these issues."""
        created, updated = [self.at or 0], [self.newest] if self.newest else []
        for issue in issues:
            created.append(int(instant(issue["fields"]["created"]).timestamp() * 1000))
            updated.append(instant(issue["fields"]["updated"]).isoformat())
        return replace(
            self,
            at=max(created),
            newest=max(updated, key=pd.Timestamp, default=""),
            statuses={token: list(status) for token, status in statuses.items()},
            boards=sorted({*self.boards, *boards}),
        )

    def done(self) -> Self:
        """At the end: the next descent is through what changes from now on, and a little before."""
        newest = pd.Timestamp(self.newest) if self.newest else None
        since = read_again_from(pd.Timestamp(self.started), newest, TICK)
        return replace(self, since=since, at=None, started="")


def _milliseconds(at: str) -> int:
    return int(pd.Timestamp(at).timestamp() * 1000)
