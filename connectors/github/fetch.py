"""Talk to GitHub: all pages of a repository, each complete with everything its items carry.

A page is handed on only when the lists inside its items are read to their ends, so whatever is stored is whole.
Lists are read oldest first: that order never changes, so a run that was stopped goes on where it was.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from connectors import Page, SyncState
from connectors.github import history, queries
from connectors.github.client import Answer, Client, StaleCursorError, TooHeavyError
from connectors.github.queries import Rest, Stream
from fairlead.errors import SourceError

FULL_PAGE = 25
"""Items asked for at once. Pages of 100 pull requests fail on GitHub, 50 take five seconds, 25 three."""

FULL_BATCH = 20
"""Unfinished lists asked for at once: together they cost one point."""

GROW_AFTER = 10
"""Good answers after which a page that had to shrink is doubled again."""

PATIENCE = 3
"""How often a single item is asked for again."""

HARMLESS = frozenset({"FORBIDDEN", "NOT_FOUND", "INSUFFICIENT_SCOPES"})
"""Faults that concern what the token may see. Beside any other, data may be missing that asking again would give."""


class Amount:
    """How many items to ask for: halves when GitHub cannot cope, grows back when it can."""

    def __init__(self, full: int) -> None:
        """Start with the full amount."""
        self.now = self._full = full
        self._good = self._failures = 0

    def went_well(self) -> None:
        """One more good answer."""
        self._good, self._failures = self._good + 1, 0
        if self._good >= GROW_AFTER:
            self.now, self._good = min(2 * self.now, self._full), 0

    def was_too_much(self) -> None:
        """Halve. Raises `SourceError` where even one item was too much several times in a row."""
        if self.now == 1:
            self._failures += 1
        if self._failures > PATIENCE:
            raise SourceError("github: the server cannot answer even for a single item. Run sync again later.")
        self.now, self._good = max(self.now // 2, 1), 0


@dataclass
class Reading:
    """One run over one repository."""

    client: Client
    owner: str
    name: str
    state: SyncState
    titles: dict[str, str] = field(default_factory=dict)
    """Milestones by every title they are known to have had; those of now win."""
    page: Amount = field(default_factory=lambda: Amount(FULL_PAGE))
    batch: Amount = field(default_factory=lambda: Amount(FULL_BATCH))
    unresolved: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    """Stream → items whose events name milestones by titles not yet known."""

    def pages(self) -> Iterator[Page]:
        """All streams to their ends, then once more the items that later pages threw light on."""
        project = ""
        for stream in queries.STREAMS:
            for page in self._stream(stream):
                project = page.context["project"]
                yield page
        for name, nodes in self.unresolved.items():
            yield from self._again(name, nodes, project)

    def _stream(self, stream: Stream) -> Iterator[Page]:
        after = self._place(stream)
        while True:
            found, project, after = self._listed(stream, after)
            nodes = found["nodes"]
            self._drain(stream, nodes)
            self._learn(stream, nodes, project)
            yield Page(
                stream=stream.name,
                nodes=nodes,
                cursor=_mark(self.state.watermark, after) if after else "",
                context={"project": project, "milestones": dict(self.titles)},
                last=after is None,
                total=found["totalCount"],
            )
            if after is None:
                return

    def _place(self, stream: Stream) -> str | None:
        """Where an earlier run stopped, if it did. What was read then is as of then, so the watermark is too.

        Milestones and releases are few, and the titles of all milestones are needed: they are always read whole.
        """
        started, _, after = self.state.cursors.get(stream.name, "").partition(" ")
        if not after or not stream.event_types:
            return None
        try:
            self._listed(stream, after, amount=1)
        except StaleCursorError:
            return None
        earlier = pd.Timestamp(started)
        self.state.watermark = min(self.state.watermark or earlier, earlier)
        return after

    def _listed(
        self, stream: Stream, after: str | None, amount: int | None = None
    ) -> tuple[dict[str, Any], str, str | None]:
        """One page as GitHub lists it, the repository's present name, and the place behind the page."""
        while True:
            try:
                answer = self._ask(
                    stream.text,
                    {"owner": self.owner, "name": self.name, "n": amount or self.page.now, "after": after}
                    | stream.variables,
                )
                found, project = self._connection(answer, stream)
            except TooHeavyError:
                self.page.was_too_much()
            else:
                self.page.went_well()
                place = found["pageInfo"]
                return found, project, place["endCursor"] if place["hasNextPage"] else None

    def _connection(self, answer: Answer, stream: Stream) -> tuple[dict[str, Any], str]:
        repository = answer.data.get("repository")
        if repository is None:
            raise SourceError(
                f"github: {self.owner}/{self.name} does not exist or the token may not read it. Check the name in "
                "fairlead.toml and what the token may read (docs/sources.md)."
            )
        found = repository.get(stream.connection)
        if found is None or None in found["nodes"]:
            raise TooHeavyError(f"github: items are missing in a page of {stream.name}.")
        return found, repository["nameWithOwner"]

    def _drain(self, stream: Stream, nodes: list[dict[str, Any]]) -> None:
        """Read what did not fit into the page: the rest of every list inside every item, in place."""
        lists = {(node["id"], key): node[key] for node in nodes for key in stream.nested if node.get(key)}
        while rests := [Rest(own, key, place) for (own, key), found in lists.items() if (place := _next(found))]:
            batch = rests[: self.batch.now]
            try:
                answer = self._ask(*queries.overflow(stream, batch))
            except TooHeavyError:
                self.batch.was_too_much()
                continue
            self.batch.went_well()
            for n, rest in enumerate(batch):
                more = (answer.data.get(f"rest{n}") or {}).get(rest.field)
                _extend(lists[rest.node_id, rest.field], more)

    def _ask(self, text: str, variables: Mapping[str, object]) -> Answer:
        self.state.requests += 1
        answer = self.client.query(text, variables)
        self.state.points += answer.points
        if answer.faults - HARMLESS:
            raise TooHeavyError("github: an answer came with faults.")
        self.state.watermark = self.state.watermark or answer.at
        if "FORBIDDEN" in answer.faults:
            self._warn("some review requests name teams that the token may not see; give it Members: read.")
        return answer

    def _warn(self, warning: str) -> None:
        if warning not in self.state.warnings:
            self.state.warnings.append(warning)

    def _learn(self, stream: Stream, nodes: list[dict[str, Any]], project: str) -> None:
        if stream is queries.MILESTONES:
            self.titles |= {node["title"]: history.milestone_id(project, node["number"]) for node in nodes}
        elif stream.event_types:
            self.titles = history.earlier_titles(nodes, project, self.titles) | self.titles
            self.unresolved.setdefault(stream.name, []).extend(
                node for node in nodes if self._is_unresolved(node, project)
            )

    def _is_unresolved(self, node: dict[str, Any], project: str) -> bool:
        return any(history.is_unknown(found) for found in history.milestone_ids(node, project, self.titles))

    def _again(self, stream: str, nodes: list[dict[str, Any]], project: str) -> Iterator[Page]:
        solved = [node for node in nodes if not self._is_unresolved(node, project)]
        if len(solved) < len(nodes):
            self._warn("some events name milestones that no longer exist; they are kept under their titles.")
        if solved:
            yield Page(stream, solved, context={"project": project, "milestones": dict(self.titles)}, last=True)


def _mark(watermark: pd.Timestamp | None, after: str) -> str:
    return f"{watermark.isoformat() if watermark is not None else ''} {after}"


def _next(found: Mapping[str, Any]) -> str | None:
    place = found["pageInfo"]
    return place["endCursor"] if place["hasNextPage"] else None


def _extend(found: dict[str, Any], more: Mapping[str, Any] | None) -> None:
    """Add the next hundred. Where the item has vanished meanwhile, what is there is all there is."""
    found["nodes"] = [*found["nodes"], *((more or {}).get("nodes") or [])]
    found["pageInfo"] = (more or {}).get("pageInfo") or {"hasNextPage": False, "endCursor": None}
