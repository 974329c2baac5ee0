"""A repository's milestones and releases: what a run reads first, because events name milestones by title alone.

Both come in one question. They are read newest first, and no further than what an earlier run has read: milestones by
their last change, releases by the first hundred, which hold what was published since.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from connectors import Page, SyncState, read_again_from
from connectors.github import queries
from connectors.github.asking import Asking, place_behind
from connectors.github.ids import milestone_id, milestone_number
from connectors.github.place import TICK, instant, timestamp

Node = dict[str, Any]

NOTHING: Mapping[str, Any] = {"pageInfo": {"hasNextPage": False}, "nodes": []}
"""What a list the token may not see is taken for."""

COMPLETE = "complete"
"""The cursor of releases once they were read to their end."""


@dataclass(frozen=True)
class Known:
    """What earlier runs learned of the repository, as the cursor of its milestones keeps it.

    `project` is its name then, `formerly` names it had whose items are still stored, `titles` what its milestones were
    listed as and their numbers, `since` the change from which on they must be read again.
    """

    project: str = ""
    formerly: tuple[str, ...] = ()
    titles: Mapping[str, int] = field(default_factory=dict)
    since: str = ""

    @classmethod
    def of(cls, cursor: str) -> "Known":
        """What a cursor says; an empty one says nothing."""
        return cls(**json.loads(cursor)) if cursor else cls()

    @property
    def cursor(self) -> str:
        """As text."""
        return json.dumps(asdict(self), separators=(",", ":"))


class Plan:
    """The reading of both lists, and what is known after it."""

    def __init__(self, asking: Asking, state: SyncState) -> None:
        """Nothing is asked yet."""
        self._asking, self._state = asking, state
        self._before = Known.of(state.cursors.get("milestones", ""))
        self.known = self._before
        self.project = ""

    @property
    def is_renamed(self) -> bool:
        """Whether the repository has another name than when it was last read."""
        return bool(self._before.project) and self._before.project != self.project

    def pages(self) -> Iterator[Page]:
        """Both lists, a hundred of each at a time; cursors come with the last page of each. Raises `SourceError`."""
        places: dict[str, str | None] = {"milestones": None, "releases": None}
        listed: list[Node] = []
        while places:
            found = self._asked(places)
            for name in list(places):
                listing = found.get(name) or NOTHING
                nodes, after = [node for node in listing["nodes"] if node], place_behind(listing)
                behind = after if after and not self._is_far_enough(name, nodes) else None
                listed += nodes if name == "milestones" else []
                yield self._page(name, nodes, listed, is_last=behind is None, is_whole=after is None)
                if behind is None:
                    del places[name]
                else:
                    places[name] = behind

    def _asked(self, places: Mapping[str, str | None]) -> dict[str, Any]:
        after = {f"{name}After": place for name, place in places.items()}
        found, _ = self._asking.steadily(queries.text("plan", places), after)
        self.project = found["nameWithOwner"]
        return found

    def _is_far_enough(self, name: str, nodes: list[Node]) -> bool:
        """Whether what follows was read by an earlier run."""
        if self.is_renamed or self._state.is_sweep_due:
            return False
        if name == "releases":
            return self._state.cursors.get("releases") == COMPLETE
        return bool(self._before.since) and nodes[-1]["updatedAt"] < self._before.since

    def _page(self, name: str, nodes: list[Node], listed: list[Node], *, is_last: bool, is_whole: bool) -> Page:
        context: dict[str, Any] = {"project": self.project}
        cursor = None
        if is_last and name == "releases":
            cursor = COMPLETE
        elif is_last:
            self.known = self._learned(listed)
            cursor = self.known.cursor
            context["gone"] = self._gone(listed) if is_whole else []
        return Page(name, nodes, cursor=cursor, context=context, last=is_last)

    def _learned(self, listed: list[Node]) -> Known:
        renamed = (self._before.project,) if self.is_renamed else ()
        # Oldest change first: of two milestones of one title, the one changed last.
        titles = {node["title"]: node["number"] for node in reversed(listed)}
        return Known(
            project=self.project,
            formerly=(*self._before.formerly, *renamed),
            titles={**self._before.titles, **titles},
            since=self._since(listed),
        )

    def _since(self, listed: list[Node]) -> str:
        """From which change on the next run must look."""
        newest = timestamp(max((node["updatedAt"] for node in listed), default=""))
        return instant(timestamp(read_again_from(self._asking.started, newest, TICK)))

    def _gone(self, listed: list[Node]) -> list[Node]:
        """Stored milestones the repository has no longer; each is asked for by itself, none where none is listed."""
        held = {milestone_id(self.project, node["number"]) for node in listed}
        gone = sorted(set(self._state.stored("milestones", self.project)) - held) if listed else []
        if not gone:
            return []
        numbers = {own: milestone_number(own) for own in gone}
        found, answer = self._asking.steadily(queries.milestones(sorted(numbers.values())), {})
        is_sure = not answer.faults - {"NOT_FOUND"}
        return [
            {"id": own, "kind": "milestones", "reason": "deleted", "found_at": answer.at}
            for own, number in numbers.items()
            if is_sure and found.get(f"n{number}") is None
        ]

    def transferred(self) -> Iterator[Page]:
        """What is stored under names the repository no longer has: it was transferred."""
        for former in self.known.formerly:
            nodes = [
                {"id": own, "kind": kind, "reason": "transferred", "moved_to": _moved(own, former, self.project)}
                for kind in ("issues", "pull_requests", "milestones")
                for own in sorted(self._state.stored(kind, former))
            ]
            self.known = replace(self.known, formerly=tuple(name for name in self.known.formerly if name != former))
            gone = [node | {"found_at": self._asking.started} for node in nodes]
            context = {"project": former, "gone": gone}
            yield Page("milestones", [], cursor=self.known.cursor, context=context, last=True)


def _moved(own: str, former: str, project: str) -> str:
    return own.removeprefix("github:").replace(former, project, 1)
