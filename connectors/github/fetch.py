"""Talk to GitHub: everything a repository holds the first time, what changed since then afterwards.

The first time items are listed oldest first: that order never changes, so a run that was stopped goes on where it was.
Later pull requests are listed by their last change, newest first, until those known already, as GitHub cannot filter
them; issues are asked for from a change on. Every `Place` is kept with the page that leads to it.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pandas as pd

from connectors import Page, SyncState
from connectors.github import capabilities, queries, sweep
from connectors.github.asking import Asked, Asking
from connectors.github.faults import StaleCursorError
from connectors.github.place import Place
from connectors.github.plan import Plan
from connectors.github.queries import Stream
from connectors.github.titles import Titles, Unsolved

Node = dict[str, Any]

OLDEST_FIRST = {"field": "CREATED_AT", "direction": "ASC"}
CHANGED_FIRST = {"field": "UPDATED_AT", "direction": "ASC"}
CHANGED_LAST = {"field": "UPDATED_AT", "direction": "DESC"}


class Reading:
    """One run over one repository."""

    def __init__(self, client: Asked, owner: str, name: str, state: SyncState) -> None:
        """Nothing is asked yet."""
        self.state = state
        self.asking = Asking(client, owner, name, state)
        self.plan = Plan(self.asking, state)
        self.places: dict[str, Place] = {}
        self.unsolved: dict[str, Unsolved] = {}
        self.titles = Titles("", [], {})
        self.read: dict[str, set[int]] = {stream.name: set() for stream in queries.STREAMS}

    def pages(self) -> Iterator[Page]:
        """All lists, then the items that later pages threw light on, then what has gone. Raises `SourceError`."""
        is_through = False
        try:
            for page in self.plan.pages():
                self.state.watermark = self.asking.started
                yield page
            self._begin()
            yield from self._capabilities()
            for stream in queries.STREAMS:
                yield from self._stream(stream)
            for stream in queries.STREAMS:
                yield from self._again(stream)
            is_through = True
        finally:
            if not is_through:
                self._remember_delay()
        yield from self.plan.transferred()
        if self.state.is_sweep_due:
            yield from sweep.pages(self.asking, self.places, self.read, self._page)

    def _begin(self) -> None:
        """Take up what earlier runs left, now that the repository's name is known."""
        cursors = {} if self.plan.is_renamed else self.state.cursors
        self.places = {stream.name: Place.of(cursors.get(stream.name, "")) for stream in queries.STREAMS}
        learned = [place.titles for place in self.places.values()]
        self.titles = Titles(self.plan.project, learned, self.plan.known.titles)
        self.unsolved = {name: Unsolved(place.unsolved) for name, place in self.places.items()}

    def _capabilities(self) -> Iterator[Page]:
        """What the server can be asked; where that is not known yet, ask."""
        known = capabilities.remembered(self.state.cursors.get(capabilities.STREAM, ""), self.asking.version)
        self.asking.has = capabilities.probe(self.asking.ask) if known is None else known
        if known is None:
            cursor = capabilities.written(self.asking.has, self.asking.version)
            yield Page(capabilities.STREAM, [], cursor=cursor, last=True)

    def _stream(self, stream: Stream) -> Iterator[Page]:
        """A list up to now. What changed while an earlier run was at it comes in a second pass."""
        is_resumed = bool(self.places[stream.name].after)
        yield from self._pass(stream)
        if is_resumed:
            yield from self._pass(stream)

    def _pass(self, stream: Stream) -> Iterator[Page]:
        place = self.places[stream.name].begun(self.asking.started, self.state.since)
        is_last = False
        while not is_last:
            try:
                found, nodes = self.asking.listed(stream, _order(stream, place) | {"after": place.after or None})
            except StaleCursorError:
                if not place.after:
                    raise
                place = replace(place, after="").begun(self.asking.started, self.state.since)
                continue
            wanted = [node for node in nodes if node["updatedAt"] >= place.bound]
            goes_on = found["pageInfo"]["hasNextPage"] and len(wanted) == len(nodes)
            newest = max((node["updatedAt"] for node in nodes), default="")
            place = place.behind(found["pageInfo"]["endCursor"], newest) if goes_on else place.ended(newest)
            is_last = not goes_on
            self.places[stream.name] = place
            total = None if place.bound and stream is queries.PULL_REQUESTS else found["totalCount"]
            yield self._page(stream, wanted, is_last=is_last, total=total)
            place = self.places[stream.name]

    def _page(self, stream: Stream, nodes: list[Node], *, is_last: bool = False, total: int | None = None) -> Page:
        """Items as a page, with what shaping them needs, and with the list's place behind it."""
        place, unsolved = self.places[stream.name], self.unsolved[stream.name]
        learned = self.titles.learn(nodes)
        for node in nodes:
            self.read[stream.name].add(node["number"])
            unsolved.see(node, self.titles.lacking(node))
        place = replace(place, titles={**place.titles, **learned}, unsolved=unsolved.remembered())
        self.places[stream.name] = place
        context = {"project": self.plan.project, "milestones": self.titles.known}
        return Page(stream.name, nodes, cursor=place.cursor, context=context, last=is_last, total=total)

    def _again(self, stream: Stream) -> Iterator[Page]:
        """Once more the items whose milestones are known by now."""
        unsolved = self.unsolved[stream.name]
        at_hand, others = unsolved.solvable(self.titles.known)
        if at_hand or others:
            unsolved.forget(others)
            yield self._page(stream, [*at_hand, *self.asking.items(stream, others)], is_last=True)
        if unsolved:
            self.state.warn("some events name milestones that no longer exist; they are kept under their titles.")

    def _remember_delay(self) -> None:
        """A run that was stopped goes on behind pages of its predecessor: its data are as of then."""
        begun = [pd.Timestamp(place.started) for place in self.places.values() if place.after and place.started]
        if self.state.watermark is not None:
            self.state.watermark = min([self.state.watermark, *begun])


def _order(stream: Stream, place: Place) -> dict[str, object]:
    if not place.bound:
        return {"order": OLDEST_FIRST} | ({"since": None} if stream is queries.ISSUES else {})
    if stream is queries.ISSUES:
        return {"order": CHANGED_FIRST, "since": place.bound}
    return {"order": CHANGED_LAST}
