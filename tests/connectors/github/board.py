"""A board that answers like GitHub, with whatever lies on it and whatever goes wrong."""

import re

from connectors import SyncState
from connectors.github.answers import Answer
from connectors.github.boards import BoardSource, Fields
from tests.connectors.github.server import NOW

FIELDS = Fields("Status", "Estimate", "Iteration")
KINDS = {"Title": "TITLE", "Status": "SINGLE_SELECT", "Iteration": "ITERATION", "Estimate": "NUMBER"}
EARLY, LATE = "2025-03-01T09:00:00Z", "2025-03-02T09:00:00Z"


def item(number=1, *, kind="ISSUE", archived=False, project="octo/house", at=EARLY, **values):
    """An item of a board; `values` by field name, each with when it was changed."""
    held = {"number": number, "repository": {"nameWithOwner": project}} if kind == "ISSUE" else {}
    content = None if kind == "REDACTED" else held
    node = {"id": f"PVTI_{kind}_{number}", "type": kind, "isArchived": archived, "updatedAt": at, "content": content}
    return node | {"values": values}


def column(name, at=EARLY):
    return {"updatedAt": at, "name": name}


def iteration(title, at=EARLY):
    return {"updatedAt": at, "title": title}


def number(value, at=EARLY):
    return {"updatedAt": at, "number": value}


class Board:
    """A board as GitHub tells it, some items at a time; `faults` come before the answers they stand in for.

    `meanwhile` is done after the first page.
    """

    def __init__(self, *items, fields=KINDS, limit=100, faults=(), meanwhile=lambda _: None):
        self.items, self.fields, self.limit = list(items), fields, limit
        self.faults, self.meanwhile = list(faults), meanwhile
        self.asked, self.sent = [], 0

    def query(self, text, variables):
        self.sent += 1
        self.asked.append((re.match(r"query (\w+)", text)[1], variables))
        if self.faults:
            fault = self.faults.pop(0)
            if isinstance(fault, Exception):
                raise fault
            if fault is not None:
                return fault
        held = self._fields() if self.asked[-1][0] == "Board" else self._page(variables)
        return answered(held)

    def _fields(self):
        named = [{"name": name, "dataType": kind} for name, kind in self.fields.items()]
        return {"fields": {"nodes": [*named, {}, None]}}

    def _page(self, variables):
        start, size = int(variables["after"] or 0), min(variables["n"], self.limit)
        nodes, total = self.items[start : start + size], len(self.items)
        told = [
            {key: node[key] for key in node if key != "values"}
            | {
                key: node["values"].get(variables[key])
                for key in ("status", "iteration", "estimate")
                if key in variables
            }
            for node in nodes
        ]
        after = str(start + size) if start + size < total else None
        if start == 0:
            self.meanwhile(self.items)
        place = {"hasNextPage": after is not None, "endCursor": after}
        return {"items": {"totalCount": total, "pageInfo": place, "nodes": told}}

    class transport:  # noqa: N801 (an attribute of the client)
        class where:  # noqa: N801
            address = "https://api.github.com/graphql"


def answered(board, **more):
    return Answer({"repositoryOwner": {"projectV2": board}}, points=1, at=NOW, **more)


def read(board, fields=FIELDS, state=None):
    """The rows a board gives, and the run's account."""
    state = state or SyncState()
    source = BoardSource(lambda: board, "octo/3", fields)
    return source.tables(list(source.fetch(state)))["board_items"], state
