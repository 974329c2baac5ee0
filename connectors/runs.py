"""What is asked of a sync and how the run of one source goes: what is written of it, and what a person is told."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import pandas as pd

from connectors import Page, SyncState
from fairlead import frames

EXIT_CODES = {"complete": 0, "partial": 3, "failed": 1}
"""What the command line ends with. Not 2, which the command line itself uses for wrong arguments."""

INTERRUPTED = "The run was ended before it was through. Run `fairlead sync` again: it goes on where it stopped."


@dataclass(frozen=True)
class Clock:
    """The time of day in UTC, and seconds that never go back."""

    now: Callable[[], pd.Timestamp]
    monotonic: Callable[[], float] = time.monotonic


@dataclass(frozen=True)
class Order:
    """What is to be read: everything new of all sources, unless said otherwise.

    `only` names sources, `since` bounds what is read where nothing was before, `is_full` reads everything once more,
    `is_sweep` looks for what was deleted now, `is_dry` writes nothing.
    """

    only: tuple[str, ...] = ()
    since: pd.Timestamp | None = None
    is_full: bool = False
    is_sweep: bool = False
    is_dry: bool = False

    def names(self, source: str) -> bool:
        """Whether a source is to be read: `owner/repo` names `github owner/repo` too."""
        return not self.only or any(source == each or source.endswith(f" {each}") for each in self.only)


ALL_NEW = Order()


@dataclass(frozen=True)
class Step:
    """How far a source has come, after one page."""

    source: str
    stream: str
    n_done: int
    n_total: int | None
    """Items read of the stream and items it holds; missing where the source does not tell."""
    rate_left: int | None = None
    """What the source still grants until its limit starts anew; missing where it does not tell."""
    is_last: bool = False
    """Whether the stream is read to its end."""


@dataclass
class Outcome:
    """How the run of one source went."""

    source: str
    started_at: pd.Timestamp
    status: str = "running"
    rows: int = 0
    state: SyncState = field(default_factory=SyncState)
    finished_at: pd.Timestamp | None = None
    last: Step | None = None
    done: dict[str, int] = field(default_factory=dict)
    """Stream → items read."""

    def took(self, page: Page) -> Step:
        """Count a page that was read."""
        self.done[page.stream] = self.done.get(page.stream, 0) + len(page.nodes)
        self.last = Step(self.source, page.stream, self.done[page.stream], page.total, self.state.rate_left, page.last)
        return self.last

    def failed(self, why: str) -> None:
        """What was read stays read: where there is something, the run is partial."""
        self.status = "partial" if self.rows else "failed"
        self.state.warn(why)

    def as_table(self) -> pd.DataFrame:
        """The row of `sync_runs`."""
        row = {
            "source": self.source,
            "started_at": self.started_at,
            "finished_at": self.finished_at,
            "status": self.status,
            "rows": self.rows,
            "requests": self.state.requests,
            "points": self.state.points,
            "warnings": "\n".join(self.state.warnings) or None,
            "watermark": self.state.watermark,
        }
        stage = self.last if self.status == "running" else None
        if stage is not None:
            row |= {"stage": stage.stream, "n_done": stage.n_done, "n_total": stage.n_total}
        return frames.from_rows("sync_runs", [row])


def exit_code(outcomes: Iterable[Outcome]) -> int:
    """0 where every source is complete, 1 where every one failed, 3 in between."""
    seen = {outcome.status for outcome in outcomes}
    return EXIT_CODES[seen.pop() if len(seen) == 1 else "partial"]
