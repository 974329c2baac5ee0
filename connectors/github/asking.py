"""Ask for as much at once as GitHub can cope with: pages of a repository's lists and single items, each item whole.

An item is handed on only when the lists inside it are read to their ends, so whatever is stored is whole. Questions
about an organisation or a board go through `Asking.ask` too, so that they are counted.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

import pandas as pd

from connectors import SyncState
from connectors.github import queries
from connectors.github.amount import FULL_BATCH, FULL_PAGE, LARGEST_PAGE, Amount
from connectors.github.answers import RIGHTS, Answer
from connectors.github.faults import TooHeavyError
from connectors.github.queries import Rest, Stream
from fairlead.errors import SourceError

Node = dict[str, Any]
T = TypeVar("T")


class Asked(Protocol):
    """What `client.Client` is to those who ask."""

    sent: int

    def query(self, text: str, variables: Mapping[str, object]) -> Answer:
        """The answer."""
        ...


@dataclass
class Asking:
    """One run's questions about one repository, and the account of them."""

    client: Asked
    owner: str
    name: str
    state: SyncState
    has: frozenset[str] = frozenset()
    unseen: str = "some review requests name teams that the token may not see; give it Members: read."
    """What to say where GitHub keeps a part of an answer to itself; empty for nothing."""
    started: pd.Timestamp | None = None
    """The server's clock at the first answer."""
    version: str = ""
    seconds: float = math.inf
    """How long the last answer took."""
    page: Amount = field(default_factory=lambda: Amount(FULL_PAGE, LARGEST_PAGE))
    batch: Amount = field(default_factory=lambda: Amount(FULL_BATCH))

    def ask(self, text: str, variables: Mapping[str, object]) -> Answer:
        """The answer. Raises what the client does, and `TooHeavyError` where an answer has gaps."""
        before = self.client.sent
        try:
            answer = self.client.query(text, variables)
        finally:
            self.state.requests += self.client.sent - before
        self.state.points += answer.points
        if answer.rate_left is not None:
            self.state.rate_left = answer.rate_left
        if answer.faults - RIGHTS:  # beside any other fault, data may be missing that asking again would give
            raise TooHeavyError("github: an answer came with faults.")
        self.started = self.started or answer.at
        self.version, self.seconds = answer.version, answer.seconds
        if "FORBIDDEN" in answer.faults and self.unseen:
            self.state.warn(self.unseen)
        return answer

    def fitting(self, amount: Amount, ask: Callable[[int], T]) -> T:
        """What `ask` gives for as many items as GitHub can cope with. Raises `SourceError`."""
        while True:
            try:
                found = ask(amount.now)
            except TooHeavyError:
                amount.was_too_much()
            else:
                amount.went_well(self.seconds)
                return found

    def repository(self, text: str, variables: Mapping[str, object]) -> tuple[dict[str, Any], Answer]:
        """What a query says of the repository, and the answer as a whole. Raises `SourceError`."""
        answer = self.ask(text, {"owner": self.owner, "name": self.name, **variables})
        found = answer.data.get("repository")
        if found is None:
            raise SourceError(
                f"github: {self.owner}/{self.name} does not exist or the token may not read it. Check the name in "
                "fairlead.toml and what the token may read (docs/sources.md)."
            )
        return found, answer

    def steadily(self, text: str, variables: Mapping[str, object]) -> tuple[dict[str, Any], Answer]:
        """As `repository`, for questions whose size is fixed: what was too heavy is asked again a few times."""
        return self.fitting(Amount(1), lambda _: self.repository(text, variables))

    def listed(self, stream: Stream, variables: Mapping[str, object]) -> tuple[dict[str, Any], list[Node]]:
        """A page of a list as GitHub gives it, and its items whole. Raises `SourceError`."""
        text, asked = queries.text(stream.name, self.has), {"kinds": stream.kinds(self.has), **variables}

        def page(n: int) -> tuple[dict[str, Any], list[Node]]:
            repository, answer = self.repository(text, {"n": n, **asked})
            nodes = self.present(repository.get(stream.connection), answer)
            return repository[stream.connection], nodes

        found, nodes = self.fitting(self.page, page)
        return found, self.whole(stream, nodes)

    def items(self, stream: Stream, numbers: Sequence[int]) -> list[Node]:
        """The items of these numbers, whole; those that are not there, or elsewhere by now, are left out."""
        found: list[Node] = []
        left = list(numbers)

        def next_ones(n: int) -> tuple[list[int], dict[str, Any]]:
            return left[:n], self.repository(*queries.by_number(stream, left[:n], self.has))[0]

        while left:
            some, repository = self.fitting(self.page, next_ones)
            del left[: len(some)]
            nodes = [node for number in some if (node := repository.get(f"n{number}"))]
            found += self._drained(stream, [node for node in nodes if node["number"] in some])[0]
        return found

    def present(self, found: Mapping[str, Any] | None, answer: Answer) -> list[Node]:
        """The page's items. Raises `TooHeavyError` where some are missing that asking again may give."""
        nodes = (found or {}).get("nodes")
        if nodes is None or (None in nodes and not answer.faults):
            raise TooHeavyError("github: items are missing in a page.")
        if None in nodes:
            self.state.warn("some items may not be seen with this token; they are left out (docs/sources.md).")
        return [node for node in nodes if node is not None]

    def whole(self, stream: Stream, nodes: list[Node]) -> list[Node]:
        """The items with their lists read to the end; an item that changed meanwhile is read anew."""
        whole, changed = self._drained(stream, nodes)
        if not changed:
            return whole
        anew = {node["id"]: node for node in self.items(stream, sorted(changed))}
        return [anew.get(node["id"], node) for node in whole]

    def _drained(self, stream: Stream, nodes: list[Node]) -> tuple[list[Node], set[int]]:
        """Read what did not fit into the page, in place; and the numbers of items that changed meanwhile."""
        changed: set[int] = set()
        rests = [(node, key) for node in nodes for key in stream.nested if place_behind(node.get(key))]

        def next_ones(n: int) -> list[tuple[Node, str, dict[str, Any]]]:
            asked = [Rest(node["id"], key, place_behind(node[key]) or "") for node, key in rests[:n]]
            data = self.ask(*queries.overflow(stream, asked, self.has)).data
            return [(*rest, data.get(f"rest{at}") or {}) for at, rest in enumerate(rests[:n])]

        while rests:
            for node, key, more in self.fitting(self.batch, next_ones):
                _extend(node[key], more.get(key))
                if "number" in node and more.get("updatedAt", node["updatedAt"]) != node["updatedAt"]:
                    changed.add(node["number"])
            rests[:] = [(node, key) for node, key in rests if place_behind(node[key])]
        return nodes, changed


def place_behind(found: Mapping[str, Any] | None) -> str | None:
    """Where a list goes on; `None` where it is at its end."""
    place = found["pageInfo"] if found else {}
    return place["endCursor"] if place.get("hasNextPage") else None


def _extend(found: dict[str, Any], more: Mapping[str, Any] | None) -> None:
    """Add the next hundred. Where the item has vanished meanwhile, what is there is all there is."""
    found["nodes"] = [*found["nodes"], *((more or {}).get("nodes") or [])]
    found["pageInfo"] = (more or {}).get("pageInfo") or {"hasNextPage": False, "endCursor": None}
