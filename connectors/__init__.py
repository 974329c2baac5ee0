"""Sources → frames: the only code that talks to the network.

A source is two functions. `fetch` talks and yields raw pages; `tables` shapes pages into frames and is pure. The
sync engine (`connectors.sync`) drives them and hands what they give to the store. Sources that share a token share a
lane: they are read one after the other, lanes beside one another.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import pandas as pd

from fairlead.errors import SourceError

OVERLAP = pd.Timedelta(minutes=10)
"""How far behind the source's clock a run reads again: what a source lists is sometimes a little late."""


@dataclass(frozen=True)
class Page:
    """One answer of a source, raw, with where to go on from.

    `stream` names what is read (`pull_requests`, `issues`, `milestones`), `context` holds what shaping it needs beside
    it, `last` says the stream is read to its end, `total` how many nodes the stream holds where the source tells.
    `cursor` is stored with the page's rows and resumes behind it; empty means that the next run starts afresh, `None`
    leaves what is stored as it is. `whole` names, by table, whose rows the page holds all of (`board_items` of one
    board): others of theirs that are stored are gone.
    """

    stream: str
    nodes: list[dict[str, Any]]
    cursor: str | None = None
    context: Mapping[str, Any] = field(default_factory=dict)
    last: bool = False
    total: int | None = None
    whole: Mapping[str, str] = field(default_factory=dict)


@dataclass
class SyncState:
    """What a source needs to know of earlier runs, and tells of this one. One per source and run."""

    cursors: dict[str, str] = field(default_factory=dict)
    """Stream → where to go on from; empty for the first run and for a full one."""
    since: pd.Timestamp | None = None
    """Where nothing was read before: leave out what was last changed before then."""
    is_sweep_due: bool = False
    """Whether to list everything the source holds now and find what has gone."""
    stored: Callable[[str, str], Collection[str]] = lambda _table, _project: frozenset()
    """Table and project → the ids that are stored."""
    watermark: pd.Timestamp | None = None
    """The source's own clock when this run started; the data are as of then."""
    requests: int = 0
    points: int = 0
    rate_left: int | None = None
    """What the source still grants until its limit starts anew, where it tells."""
    warnings: list[str] = field(default_factory=list)

    def warn(self, warning: str) -> None:
        """Keep what a person should know, once."""
        if warning not in self.warnings:
            self.warnings.append(warning)


class Source(Protocol):
    """What the sync engine can read."""

    @property
    def name(self) -> str:
        """The source and what is read of it, `github owner/repo`; names its cursors and its rows in `sync_runs`."""
        ...

    @property
    def shape(self) -> str:
        """What is asked and how it is mapped, in short: when it changes, everything is read once more."""
        ...

    def fetch(self, state: SyncState) -> Iterator[Page]:
        """Talk to the source; yield pages in an order that can be resumed. Raises `SourceError`."""
        ...

    def tables(self, pages: Iterable[Page]) -> dict[str, pd.DataFrame]:
        """Shape pages into tables of `fairlead.frames`. Pure."""
        ...


@dataclass(frozen=True)
class Finding:
    """One line of `fairlead check`: whether something works, and what to do where it does not."""

    is_good: bool
    says: str


class Lane(Protocol):
    """The sources read with one token."""

    @property
    def name(self) -> str:
        """Who is asked, `github api.github.com`."""
        ...

    def sources(self) -> Iterable[Source]:
        """The sources, which may have to be asked for. Raises `SourceError` and `ConfigError`."""
        ...

    def check(self) -> Iterator[Finding]:
        """Try settings, token and rights against the real address; faults are findings."""
        ...


class RateLimitedError(SourceError):
    """The source answers no more until `resume_at`, later than we wait."""

    def __init__(self, who: str, resume_at: pd.Timestamp) -> None:
        """`who` is the source's name; `resume_at` is UTC."""
        super().__init__(
            f"{who}: the rate limit is used up. Resume at {resume_at:%Y-%m-%d %H:%M:%S} UTC with `fairlead sync`; "
            "what was read is kept."
        )
        self.resume_at = resume_at


def read_again_from(started_at: pd.Timestamp | None, newest: pd.Timestamp | None, tick: pd.Timedelta) -> str:
    """From which change on must the next run read, as ISO text? Empty where nothing is known.

    `started_at` is the source's clock when the run began, `newest` the last change it saw, `tick` the least distance of
    two changes. What changed during the run is read again, and so is what may have been listed late. Where nothing has
    changed for longer than that, reading begins behind the newest change: a clock that runs ahead loses nothing.
    """
    bounds = [at for at in (started_at and started_at - OVERLAP, newest and newest + tick) if at is not None]
    return min(bounds).isoformat() if bounds else ""
