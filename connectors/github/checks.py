"""Try a connection against the real address: one line for everything that works or does not."""

from collections.abc import Callable, Iterator, Sequence

from connectors import Finding, SyncState
from connectors.github import organisation, queries
from connectors.github.answers import Answer
from connectors.github.boards import Board, Fields
from connectors.github.client import Client
from fairlead.config import GithubConnection
from fairlead.errors import FairleadError, SourceError

AT_ONCE = 50
"""Repositories tried with one question."""


def findings(connect: Callable[[], Client], connection: GithubConnection, lane: str) -> Iterator[Finding]:
    """Address, secret, scopes, repositories, boards, and how much of the rate limit is left.

    Who the token belongs to is not told.
    """
    try:
        client = connect()
        repositories = [*connection.repos, *_of_organisation(client, connection)]
        first = client.query(*queries.repositories([]))
        yield Finding(is_good=True, says=f"{lane}: {client.transport.where.address} accepts the token")
        yield from _scopes(first, connection, lane)
        for start in range(0, len(repositories), AT_ONCE):
            yield from _readable(client, repositories[start : start + AT_ONCE], lane)
        for address in connection.projects:
            yield from _board(client, address, Fields.of(connection), lane)
        yield from _rate(first, lane)
    except FairleadError as error:
        yield Finding(is_good=False, says=f"{lane}: {error}")


def _of_organisation(client: Client, connection: GithubConnection) -> list[str]:
    if connection.org is None:
        return []
    named = {repository.casefold() for repository in connection.repos}
    listed = organisation.repositories(client, connection.org, connection)
    return [repository for repository in listed if repository.casefold() not in named]


def _scopes(answer: Answer, connection: GithubConnection, lane: str) -> Iterator[Finding]:
    """Classic tokens alone tell their scopes."""
    if answer.scopes is None:
        return
    held = {scope.strip() for scope in answer.scopes.split(",")} - {""}
    if connection.teams and not held & {"read:org", "write:org", "admin:org"}:
        yield Finding(is_good=False, says=f"{lane}: teams are asked for and the token lacks read:org; add that scope")
    yield Finding(is_good=True, says=f"{lane}: the token's scopes are {', '.join(sorted(held)) or 'none: public data'}")


def _readable(client: Client, repositories: Sequence[str], lane: str) -> Iterator[Finding]:
    pairs = [(owner, name) for owner, _, name in (repository.partition("/") for repository in repositories)]
    answer = client.query(*queries.repositories(pairs))
    for n, repository in enumerate(repositories):
        found = answer.data.get(f"r{n}")
        if found is None:
            says = f"{lane}: {repository} does not exist or the token may not read it; check name and token"
        elif found["nameWithOwner"].casefold() != repository.casefold():
            says = f"{lane}: {repository} can be read; it is called {found['nameWithOwner']} now, write that"
        else:
            says = f"{lane}: {repository} can be read"
        yield Finding(is_good=found is not None, says=says)


def _board(client: Client, address: str, fields: Fields, lane: str) -> Iterator[Finding]:
    """Whether a board can be read, and which of the fields it lacks."""
    state = SyncState()
    try:
        Board(client, address, state).names(fields)
    except SourceError as error:
        yield Finding(is_good=False, says=f"{lane}: {error}")
        return
    yield Finding(is_good=True, says=f"{lane}: board {address} can be read")
    yield from (Finding(is_good=False, says=f"{lane}: {warning}") for warning in state.warnings)


def _rate(answer: Answer, lane: str) -> Iterator[Finding]:
    if answer.rate_left is not None:
        is_good = answer.rate_left > 0
        hint = "" if is_good else "; wait an hour"
        yield Finding(is_good=is_good, says=f"{lane}: {answer.rate_left} points are left of this hour's limit{hint}")
