"""GitHub: one repository as a source. `fetch` talks (`client`, `queries`), `tables` shapes (`history`)."""

from collections.abc import Iterable, Iterator

import pandas as pd

from connectors import Page, SyncState
from connectors.github.client import Client
from connectors.github.fetch import Reading
from connectors.github.tables import tables
from fairlead.config import GithubConnection


class GithubSource:
    """One repository of github.com or of an Enterprise Server."""

    def __init__(self, connection: GithubConnection, repository: str) -> None:
        """Nothing is sent before `fetch`; a missing token then stops this source alone."""
        self.name = f"github {repository}"
        self._connection = connection
        self._repository = repository

    def fetch(self, state: SyncState) -> Iterator[Page]:
        """All pages: milestones, releases, issues, pull requests. Raises `SourceError` and `ConfigError`."""
        owner, _, name = self._repository.partition("/")
        return Reading(Client(self._connection), owner, name, state).pages()

    def tables(self, pages: Iterable[Page]) -> dict[str, pd.DataFrame]:
        """Shape pages into tables. Pure."""
        return tables(pages)
