"""Where the reading of a list stands, as its cursor says, and from which change on it goes on.

An order that items are listed in is read to its end in one pass, which may take several runs: what changes meanwhile
is read by the pass after it, from the start of this one on.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace

import pandas as pd

from connectors import read_again_from

TICK = pd.Timedelta(seconds=1)
"""GitHub dates changes by the second."""


@dataclass(frozen=True)
class Place:
    """A list's place. Instants are text as GitHub writes them, so that they compare as they are; empty where unknown.

    `since`: every pass before this one was complete up to then; empty during the first. `floor`: a person asked for
    nothing older in the first pass. `after`, `started`: GitHub's cursor within the present pass, and when that began.
    `newest`: the last change seen so far. `titles`: what milestones were called once, as items prove, and their
    numbers. `unsolved`: titles in events that no milestone is known to have had, and the items' numbers.
    """

    since: str = ""
    floor: str = ""
    after: str = ""
    started: str = ""
    newest: str = ""
    titles: Mapping[str, int] = field(default_factory=dict)
    unsolved: Mapping[str, list[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, cursor: str) -> "Place":
        """What a cursor says; an empty one says nothing."""
        return cls(**json.loads(cursor)) if cursor else cls()

    @property
    def cursor(self) -> str:
        """As text."""
        return json.dumps({key: value for key, value in asdict(self).items() if value}, separators=(",", ":"))

    @property
    def bound(self) -> str:
        """Changes before then are not read in this pass."""
        return self.since or self.floor

    def begun(self, started: pd.Timestamp | None, floor: pd.Timestamp | None) -> "Place":
        """At the first page of a pass, unless one has begun already."""
        if self.after:
            return self
        bound = self.floor if self.since else instant(floor)
        return replace(self, started=instant(started), floor=bound)

    def behind(self, after: str, newest: str) -> "Place":
        """Behind a page of the pass."""
        return replace(self, after=after, newest=max(self.newest, newest))

    def ended(self, newest: str) -> "Place":
        """The pass is complete: the next reads what has changed since it began."""
        latest = max(self.newest, newest)
        since = read_again_from(timestamp(self.started), timestamp(latest), TICK)
        return replace(self, since=instant(timestamp(since)), after="", started="", newest=latest)


def instant(at: pd.Timestamp | None) -> str:
    """An instant of any zone as GitHub writes it, in UTC; empty for none."""
    return "" if at is None else f"{at.tz_convert('UTC'):%Y-%m-%dT%H:%M:%SZ}"


def timestamp(written: str) -> pd.Timestamp | None:
    """The instant a text says; none for an empty one."""
    return pd.Timestamp(written) if written else None
