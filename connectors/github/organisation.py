"""An organisation's repositories and teams."""

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

from connectors import Page, SyncState
from connectors.github import queries
from connectors.github.asking import Asked, Asking, place_behind
from connectors.github.faults import TooHeavyError
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
        answer = asking.ask(queries.text("organisation"), {"owner": owner, "after": after})
        who = answer.data.get("repositoryOwner")
        if who is None:
            raise SourceError(
                f"github: there is no organisation {owner}, or the token may not see it. Check org in fairlead.toml."
            )
        page = who["repositories"]
        found += [node["nameWithOwner"] for node in page["nodes"] if node and _is_chosen(node, chosen)]
        if not page["pageInfo"]["hasNextPage"]:
            return found
        after = page["pageInfo"]["endCursor"]


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
    while True:
        try:
            sized = {"owner": owner, "n": asking.page.now, "after": after}
            answer = asking.ask(queries.text("teams"), sized)
        except TooHeavyError:
            asking.page.was_too_much()
            continue
        asking.page.went_well(answer.seconds)
        found = (answer.data.get("organization") or {}).get("teams")
        return found, asking.whole(TEAMS, [node for node in (found or {}).get("nodes") or [] if node])
