"""What milestones are and were called: their events carry the title of that day, not the milestone (see `history`)."""

from collections.abc import Iterable, Mapping
from typing import Any

from connectors.github import history
from connectors.github.ids import milestone_id, milestone_number

Node = dict[str, Any]

MOST_KEPT = 500
"""Items kept in memory until their titles are known; the others are asked for again."""


class Titles:
    """Title → milestone, as far as it is known: from items' events, from earlier runs, and from the list of now.

    Of those the later counts more. `known` is replaced, never changed, so pages may hold it.
    """

    def __init__(self, project: str, learned: Iterable[Mapping[str, int]], told: Mapping[str, int]) -> None:
        """`learned` is what items proved in earlier runs, `told` what the milestones were listed as, then and now."""
        numbers: dict[str, int] = {}
        for more in [*learned, told]:
            numbers |= more
        self.project = project
        self.known = {title: milestone_id(project, number) for title, number in numbers.items()}

    def learn(self, nodes: Iterable[Node]) -> dict[str, int]:
        """Take what these items prove; what that was, title → number."""
        found = history.earlier_titles((node for node in nodes if _names_milestones(node)), self.project, self.known)
        if found:
            self.known = found | self.known
        return {title: milestone_number(milestone) for title, milestone in found.items()}

    def lacking(self, node: Node) -> list[str]:
        """The titles that keep an item's milestones from being known."""
        if not _names_milestones(node):
            return []
        ids = history.milestone_ids(node, self.project, self.known)
        events = history.timeline(node)
        return [event["milestoneTitle"] for event, found in zip(events, ids, strict=True) if history.is_unknown(found)]


class Unsolved:
    """The items of one list whose titles are not known yet, by number."""

    def __init__(self, remembered: Mapping[str, list[int]]) -> None:
        """As a cursor remembers them."""
        self._lacking: dict[int, set[str]] = {}
        self._nodes: dict[int, Node] = {}
        for title, numbers in remembered.items():
            for number in numbers:
                self._lacking.setdefault(number, set()).add(title)

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self._lacking)

    def see(self, node: Node, lacking: list[str]) -> None:
        """An item as it was read last."""
        number = node["number"]
        self._lacking.pop(number, None)
        self._nodes.pop(number, None)
        if lacking:
            self._lacking[number] = set(lacking)
            if len(self._nodes) < MOST_KEPT:
                self._nodes[number] = node

    def solvable(self, known: Mapping[str, str]) -> tuple[list[Node], list[int]]:
        """The items some of whose titles are known by now: those at hand, and the numbers of the others."""
        found = [number for number, titles in self._lacking.items() if any(title in known for title in titles)]
        return [self._nodes[n] for n in found if n in self._nodes], sorted(n for n in found if n not in self._nodes)

    def forget(self, numbers: Iterable[int]) -> None:
        """These items are solved, or gone."""
        for number in numbers:
            self._lacking.pop(number, None)
            self._nodes.pop(number, None)

    def remembered(self) -> dict[str, list[int]]:
        """As the cursor keeps them."""
        by_title: dict[str, list[int]] = {}
        for number in sorted(self._lacking):
            for title in sorted(self._lacking[number]):
                by_title.setdefault(title, []).append(number)
        return by_title


def _names_milestones(node: Node) -> bool:
    return any("milestoneTitle" in event for event in history.nodes_of(node, "timelineItems"))
