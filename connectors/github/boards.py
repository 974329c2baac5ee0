"""A project board (Projects v2): which issues lie on it, in which column and iteration, and how large they are.

GitHub does not say what has changed on a board, so it is read whole in every run, a hundred items with one question.
Its rows are handed on together when its end is reached: what left the board then loses its row, and a run that does
not come that far leaves those of the run before.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from connectors import Page, SyncState
from connectors.github import queries
from connectors.github.amount import Amount
from connectors.github.answers import Answer
from connectors.github.asking import Asked, Asking, place_behind
from connectors.github.faults import NotAllowedError
from connectors.github.ids import elsewhere
from fairlead import frames
from fairlead.config import GithubConnection
from fairlead.errors import SourceError

Node = dict[str, Any]

STREAM = TABLE = "board_items"

FULL_PAGE = 100

READINGS = 2
"""How often a board is read at most in one run."""

KINDS = {
    "status": ("single-select or text", {"SINGLE_SELECT", "TEXT"}),
    "iteration": ("iteration, single-select or text", {"ITERATION", "SINGLE_SELECT", "TEXT"}),
    "estimate": ("number", {"NUMBER"}),
}
"""What is read of an item → the kinds of field that can hold it, in words and as GitHub calls them."""


@dataclass(frozen=True)
class Fields:
    """What the fields are called; empty where a board has none."""

    status: str
    estimate: str
    iteration: str

    @classmethod
    def of(cls, connection: GithubConnection) -> "Fields":
        """As the settings say."""
        return cls(connection.status_field, connection.estimate_field, connection.iteration_field)


@dataclass(frozen=True)
class BoardSource:
    """One board of an organisation or a user."""

    connect: Callable[[], Asked]
    address: str
    """`owner/number`."""
    fields: Fields

    @property
    def name(self) -> str:
        """`github owner/number board`."""
        return f"github {self.address} board"

    @property
    def shape(self) -> str:
        """Always the same: there is nothing to read once more where everything is read every time."""
        return "1"

    def fetch(self, state: SyncState) -> Iterator[Page]:
        """The board's items as they come, and all of them in the last page. Raises `SourceError` and `ConfigError`."""
        board = Board(self.connect(), self.address, state)
        names = board.names(self.fields)
        items: dict[str, Node] = {}
        for page in board.pages(names):
            items |= {node["id"]: node for node in page.nodes}
            yield page
        _warn_of_hidden(items.values(), self.address, state)
        context = {"board": self.address, "items": list(items.values())}
        whole = {TABLE: self.address} if board.is_whole else {}
        yield Page(STREAM, [], cursor="", context=context, last=True, whole=whole)

    def tables(self, pages: Iterable[Page]) -> dict[str, pd.DataFrame]:
        """The rows of the issues on the board, once they are known all. Pure."""
        held = [page.context for page in pages if page.last]
        rows = [_row(item, context["board"]) for context in held for item in context["items"] if _is_issue(item)]
        return {TABLE: frames.from_rows(TABLE, rows)} if held else {}


class Board:
    """One run's questions about one board."""

    def __init__(self, client: Asked, address: str, state: SyncState) -> None:
        """Nothing is asked yet."""
        owner, _, number = address.partition("/")
        self._address, self._state = address, state
        self._which = {"owner": owner, "number": int(number)}
        self._asking = Asking(client, owner, number, state, unseen="", page=Amount(FULL_PAGE))
        self.is_whole = True
        """Whether GitHub has kept nothing of the board's items to itself."""

    def names(self, wanted: Fields) -> dict[str, str]:
        """What is read of an item → the name of the board's field that holds it.

        Capitals do not matter. A field that is not there, or of a kind that cannot hold what is wanted, is warned of.
        Raises `SourceError`.
        """
        found = [field for field in self._fields() if field and "name" in field]
        names = {}
        for key, (kind, types) in KINDS.items():
            name: str = getattr(wanted, key)
            fit = [field["name"] for field in found if _is_called(field, name) and field["dataType"] in types]
            if fit:
                names[key] = name if name in fit else fit[0]
            elif name:
                self._state.warn(
                    f"board {self._address} has no {kind} field called {name}: nothing is read as {key}. "
                    f'Set {key}_field, to "" where there is none.'
                )
        self._state.watermark = self._asking.started
        return names

    def _fields(self) -> list[Node | None]:
        board, _ = self._asking.fitting(Amount(1), lambda _: self._asked(queries.text("board"), {}))
        return board["fields"]["nodes"] or []

    def pages(self, names: Mapping[str, str]) -> Iterator[Page]:
        """All items with the fields named.

        Where somebody moves an item while pages of the board are read, it may be listed twice or not at all. The number
        of items tells, and a second reading finds what the first one missed. Raises `SourceError`.
        """
        seen: set[str] = set()
        for _ in range(READINGS):
            n_pages = 0
            for page in self._reading(names):
                n_pages += 1
                seen |= {node["id"] for node in page.nodes}
                yield page
            if n_pages == 1 or len(seen) >= (page.total or 0):
                return

    def _reading(self, names: Mapping[str, str]) -> Iterator[Page]:
        after = None
        while True:
            listed, nodes = self._listed(names, after)
            yield Page(STREAM, nodes, total=listed["totalCount"])
            after = place_behind(listed)
            if after is None:
                return

    def _listed(self, names: Mapping[str, str], after: str | None) -> tuple[Node, list[Node]]:
        def page(n: int) -> tuple[Node, list[Node], Answer]:
            board, answer = self._asked(queries.text("board_items", names), {"n": n, "after": after, **names})
            return board["items"], self._asking.present(board["items"], answer), answer

        listed, nodes, answer = self._asking.fitting(self._asking.page, page)
        self._look_at_faults(answer)
        return listed, nodes

    def _look_at_faults(self, answer: Answer) -> None:
        if answer.faults:
            self.is_whole = False
            self._state.warn(
                f"board {self._address}: the token may not see all of it. What is stored of the rest stays as it is, "
                "also where it has left the board (docs/sources.md)."
            )

    def _asked(self, text: str, variables: Mapping[str, object]) -> tuple[Node, Answer]:
        """What a query says of the board, and the answer as a whole. Raises `SourceError`."""
        try:
            answer = self._asking.ask(text, {**self._which, **variables})
        except NotAllowedError:
            raise self._unreadable() from None
        found = (answer.data.get("repositoryOwner") or {}).get("projectV2")
        if found is None:
            raise self._unreadable()
        return found, answer

    def _unreadable(self) -> SourceError:
        return SourceError(
            f"github: board {self._address} does not exist or the token may not read it. Check the address. A classic "
            "token needs the scope read:project; a fine-grained token or an App the organisation permission Projects: "
            "read (docs/sources.md)."
        )


def _is_called(field: Node, name: str) -> bool:
    return str(field["name"]).casefold() == name.casefold()


def _is_issue(item: Node) -> bool:
    """Whether an item is an issue on the board: no draft, no pull request, not archived, and not hidden from us."""
    return item["type"] == "ISSUE" and not item["isArchived"] and not _is_hidden(item)


def _is_hidden(item: Node) -> bool:
    is_of_repository = item["type"] not in {"DRAFT_ISSUE", "PULL_REQUEST"} and not item["isArchived"]
    return is_of_repository and not (item["content"] or {}).get("repository")


def _warn_of_hidden(items: Iterable[Node], address: str, state: SyncState) -> None:
    n_hidden = sum(map(_is_hidden, items))
    if n_hidden:
        state.warn(f"board {address}: {n_hidden} items may not be seen with this token; they are left out.")


def _row(item: Node, board: str) -> dict[str, Any]:
    status, iteration, estimate = (item.get(key) or {} for key in ("status", "iteration", "estimate"))
    changes = [each["updatedAt"] for each in (item, status, iteration, estimate) if each.get("updatedAt")]
    return {
        "issue": elsewhere(item["content"]),
        "board": board,
        "status": _words(status),
        "iteration": _words(iteration),
        "estimate": estimate.get("number"),
        "updated_at": max(changes, default=None),
    }


def _words(value: Node) -> str | None:
    return value.get("name") or value.get("title") or value.get("text")
