"""What one token reads: repositories that are named, those of an organisation, teams and project boards."""

import hashlib
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from urllib.parse import urlsplit

import pandas as pd

from connectors import Finding, Page, Source, SyncState
from connectors.github import capabilities, checks, organisation, queries
from connectors.github.boards import BoardSource, Fields
from connectors.github.client import Client
from connectors.github.fetch import Reading
from connectors.github.tables import tables
from connectors.github.transport import TIME_OUT
from fairlead import config

EVERYTHING = capabilities.ALL | {"milestones", "releases"}
"""What all queries together may hold."""

MAPPING = "1"
"""Raise when rows are shaped in another way: everything is then read once more."""


@dataclass(frozen=True)
class GithubSource:
    """One repository of github.com or of an Enterprise Server."""

    connect: Callable[[], Client]
    repository: str

    @property
    def name(self) -> str:
        """`github owner/repo`."""
        return f"github {self.repository}"

    @property
    def shape(self) -> str:
        """Changes with what is asked and how it is mapped."""
        return _shape(*(queries.text(name, EVERYTHING) for name in ("plan", "issues", "pull_requests")))

    def fetch(self, state: SyncState) -> Iterator[Page]:
        """All pages: milestones, releases, issues, pull requests. Raises `SourceError` and `ConfigError`."""
        owner, _, name = self.repository.partition("/")
        return Reading(self.connect(), owner, name, state).pages()

    def tables(self, pages: Iterable[Page]) -> dict[str, pd.DataFrame]:
        """Shape pages into tables. Pure."""
        return tables(pages)


@dataclass(frozen=True)
class TeamsSource:
    """The teams of an organisation and their members."""

    connect: Callable[[], Client]
    owner: str

    @property
    def name(self) -> str:
        """`github owner teams`."""
        return f"github {self.owner} teams"

    @property
    def shape(self) -> str:
        """Changes with what is asked and how it is mapped."""
        return _shape(queries.text("teams", EVERYTHING))

    def fetch(self, state: SyncState) -> Iterator[Page]:
        """All teams, every time. Raises `SourceError` and `ConfigError`."""
        return organisation.teams(self.connect(), self.owner, state)

    def tables(self, pages: Iterable[Page]) -> dict[str, pd.DataFrame]:
        """Shape pages into tables. Pure."""
        return tables(pages)


class GithubLane:
    """The sources read with one token; one after the other, through one client."""

    def __init__(
        self,
        connection: config.GithubConnection,
        settings: config.SyncSettings,
        *,
        sleep: Callable[[float], None] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
        time_out: float = TIME_OUT,
    ) -> None:
        """Nothing is sent and no secret looked at before a source is read; a missing one then stops this lane alone."""
        self._connection = connection
        self._connect = partial(Client, connection, settings, sleep=sleep, monotonic=monotonic, time_out=time_out)

    @property
    def name(self) -> str:
        """`github api.github.com`, with the organisation where one is named."""
        host = urlsplit(self._connection.base_url).hostname
        return " ".join(filter(None, ["github", host, self._connection.org]))

    @cached_property
    def client(self) -> Client:
        """The connection all sources share. Raises `ConfigError` where the secret is not set."""
        return self._connect()

    def sources(self) -> Iterable[Source]:
        """The named repositories, the organisation's, teams, boards. Raises `SourceError` and `ConfigError`."""
        repositories = list(self._connection.repos)
        yield from (GithubSource(lambda: self.client, repository) for repository in repositories)
        if self._connection.org is not None:
            known = {repository.casefold() for repository in repositories}
            listed = organisation.repositories(self.client, self._connection.org, self._connection)
            found = [repository for repository in listed if repository.casefold() not in known]
            repositories += found
            yield from (GithubSource(lambda: self.client, repository) for repository in found)
        if self._connection.teams:
            owners = dict.fromkeys(repository.partition("/")[0] for repository in repositories)
            yield from (TeamsSource(lambda: self.client, owner) for owner in owners)
        fields = Fields.of(self._connection)
        yield from (BoardSource(lambda: self.client, address, fields) for address in _once(self._connection.projects))

    def check(self) -> Iterator[Finding]:
        """Try address, token, scopes and repositories; faults are findings."""
        return checks.findings(lambda: self.client, self._connection, self.name)


def _once(addresses: Iterable[str]) -> Iterable[str]:
    """Each address as it is first written, however it is capitalised later."""
    found: dict[str, str] = {}
    for address in addresses:
        found.setdefault(address.casefold(), address)
    return found.values()


def _shape(*texts: str) -> str:
    return f"{MAPPING}-{hashlib.sha256(''.join(texts).encode()).hexdigest()[:12]}"
