"""Sources → frames: the only code that talks to the network.

A source is two functions. `fetch` talks and yields raw pages; `tables` shapes pages into frames and is pure. The
sync engine (`connectors.sync`) drives them and hands what they give to the store.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import pandas as pd


@dataclass(frozen=True)
class Page:
    """One answer of a source, raw, with where to go on from.

    `stream` names what is read (`pull_requests`, `issues`, `milestones`), `context` holds what shaping it needs beside
    it, `last` says the stream is read to its end, `total` how many nodes the stream holds where the source tells.
    `cursor` is stored with the page's rows and resumes behind it; empty means that the next run starts afresh, `None`
    leaves what is stored as it is.
    """

    stream: str
    nodes: list[dict[str, Any]]
    cursor: str | None = None
    context: Mapping[str, Any] = field(default_factory=dict)
    last: bool = False
    total: int | None = None


@dataclass
class SyncState:
    """What a source needs to know of earlier runs, and tells of this one. One per source and run."""

    cursors: dict[str, str] = field(default_factory=dict)
    watermark: pd.Timestamp | None = None
    """The source's own clock when this run started; the data are as of then."""
    requests: int = 0
    points: int = 0
    warnings: list[str] = field(default_factory=list)


class Source(Protocol):
    """What the sync engine can read."""

    @property
    def name(self) -> str:
        """The source and what is read of it, `github owner/repo`; names its cursors and its rows in `sync_runs`."""
        ...

    def fetch(self, state: SyncState) -> Iterator[Page]:
        """Talk to the source; yield pages in an order that can be resumed. Raises `SourceError`."""
        ...

    def tables(self, pages: Iterable[Page]) -> dict[str, pd.DataFrame]:
        """Shape pages into tables of `fairlead.frames`. Pure."""
        ...
