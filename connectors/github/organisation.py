"""An organisation's repositories and teams."""

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

from connectors import Page, SyncState
from connectors.github import queries
from connectors.github.amount import Amount
from connectors.github.asking import Asked, Asking, place_behind
from connectors.github.queries import Stream
from fairlead.config import GithubConnection
from fairlead.errors import SourceError

Node = dict[str, Any]

TEAMS = Stream("teams", "teams", "Team", "team", {"members": "Members"})


def repositories(client: Asked, owner: str, chosen: GithubConnection) -> list[str]:
    """`owner/name` of the organisation's repositories that the settings choose, by name. Raises `SourceError`."""
    found: list[str] = []
    asking = Asking(client, owner, "", SyncState())
    after = None
    while True:
        who = _owner(asking, owner, after)
        if who is None:
            raise SourceError(
                f"github: there is no organisation {owner}, or the token may not see it. Check org in fairlead.toml."
            )
        page = who["repositories"]
        found += [node["nameWithOwner"] for node in page["nodes"] if node and _is_chosen(node, chosen)]
        after = place_behind(page)
        if after is None:
            break
    if not found:
        raise SourceError(
            f"github: of the repositories of {owner} none is chosen. Check include, exclude, archived and forks in "
            "fairlead.toml."
        )
    return found


def _owner(asking: Asking, owner: str, after: str | None) -> dict[str, Any] | None:
    asked = {"owner": owner, "after": after}
    answer = asking.fitting(Amount(1), lambda _: asking.ask(queries.text("organisation"), asked))
    found: dict[str, Any] | None = answer.data.get("repositoryOwner")
    return found


def _is_chosen(node: Mapping[str, Any], chosen: GithubConnection) -> bool:
    name = node["name"].casefold()
    if (node["isArchived"] and not chosen.archived) or (node["isFork"] and not chosen.forks):
        return False
    included = any(fnmatchcase(name, pattern.casefold()) for pattern in chosen.include)
    return included and not any(fnmatchcase(name, pattern.casefold()) for pattern in chosen.exclude)


def teams(client: Asked, owner: str, state: SyncState) -> Iterator[Page]:
    """All teams of an organisation with all their members. Raises `SourceError`."""
    asking = Asking(client, owner, "", state)
    after: str | None = None
    while True:
        found, nodes = _listed(asking, owner, after)
        state.watermark = asking.started
        if found is None:
            state.warn(f"{owner} shows no teams: it is no organisation, or the token lacks read:org.")
        after = place_behind(found)
        yield Page("teams", nodes, cursor="", last=after is None, total=found["totalCount"] if found else 0)
        if after is None:
            return


def _listed(asking: Asking, owner: str, after: str | None) -> tuple[dict[str, Any] | None, list[Node]]:
    asked = {"owner": owner, "after": after}
    answer = asking.fitting(asking.page, lambda n: asking.ask(queries.text("teams"), {"n": n, **asked}))
    found = (answer.data.get("organization") or {}).get("teams")
    return found, asking.whole(TEAMS, [node for node in (found or {}).get("nodes") or [] if node])
