"""What one token reads: the projects of one Jira site."""

import hashlib
import time
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from urllib.parse import urlsplit

import pandas as pd

from connectors import Finding, Page, SyncState
from connectors.jira import checks, fields, tables
from connectors.jira.client import Client
from connectors.jira.fetch import Reading
from connectors.jira.meaning import site_of
from connectors.jira.site import Site
from fairlead.config import JiraConnection, SyncSettings

MAPPING = 2
"""Goes up when the same answers are shaped into other rows: then everything is read once more."""


class JiraLane:
    """The projects read from one site with one token."""

    def __init__(
        self,
        connection: JiraConnection,
        settings: SyncSettings,
        *,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], pd.Timestamp] | None = None,
    ) -> None:
        """Nothing is sent and no secret looked at before a source is read; what is missing then fails that source."""
        self._connection, self._settings = connection, settings
        self._sleep, self._now = sleep, now

    @property
    def name(self) -> str:
        """`jira HOST`."""
        return f"jira {urlsplit(self._connection.site or self._connection.url).hostname}"

    def sources(self) -> Iterable["JiraSource"]:
        """One source per project; they share what is asked of the site."""
        return [JiraSource(lambda: self.site, self._connection, project) for project in self._connection.projects]

    @cached_property
    def site(self) -> Site:
        """What all projects share. Raises `ConfigError` where a secret is not set, `SourceError` for plain http."""
        return Site(self._client())

    def check(self) -> Iterator[Finding]:
        """Address, sign-in, fields and projects, each against the real server."""
        yield from checks.findings(self._connection, self._client)

    def _client(self) -> Client:
        site_of(self._connection)
        return Client(self._connection, self._settings, sleep=self._sleep, now=self._now)


class JiraSource:
    """One project of a Jira site."""

    def __init__(self, connect: Callable[[], Site], connection: JiraConnection, project: str) -> None:
        """Nothing is sent before `fetch`."""
        self._connect, self._connection, self._project = connect, connection, project

    @property
    def name(self) -> str:
        """`jira KEY`."""
        return f"jira {self._project}"

    @property
    def shape(self) -> str:
        """A hash of the fields asked for and of every setting that changes what rows say."""
        settings = self._connection.model_dump(exclude={"projects", "user_env", "token_env"})
        told = f"{MAPPING} {fields.SYSTEM} {sorted(settings.items())}"
        return hashlib.sha256(told.encode()).hexdigest()[:12]

    def fetch(self, state: SyncState) -> Iterator[Page]:
        """All pages: fields, versions, issues, sprints, and what has gone. Raises `SourceError` and `ConfigError`."""
        return Reading(self._connect(), self._project, state).pages()

    def tables(self, pages: Iterable[Page]) -> dict[str, pd.DataFrame]:
        """Shape pages into tables. Pure."""
        return tables.tables(pages)
