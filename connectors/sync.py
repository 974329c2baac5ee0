"""Sources → store, page by page: what was read stays read, whatever happens next.

Each page's rows and the place to go on from are written in one transaction. A source that fails is recorded as failed
and leaves the others standing. Every run of every source leaves a row in `sync_runs`.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import pandas as pd

from connectors import Page, Source, SyncState
from connectors.github import GithubSource
from connectors.sample import SampleSource
from fairlead import frames, people
from fairlead.config import Settings
from fairlead.errors import FairleadError, SourceError, StoreError
from fairlead.store import Store

Clock = Callable[[], pd.Timestamp]

EXIT_CODES = {"complete": 0, "partial": 3, "failed": 1}
"""What the command line ends with. Not 2, which the command line itself uses for wrong arguments."""

INTERRUPTED = "The run was ended before it was through. Run `fairlead sync` again: it goes on where it stopped."


@dataclass(frozen=True)
class Step:
    """How far a source has come, after one page."""

    source: str
    stream: str
    n_done: int
    n_total: int | None
    """Items read of the stream and items it holds; missing where the source does not tell."""


@dataclass
class Outcome:
    """How the run of one source went."""

    source: str
    started_at: pd.Timestamp
    status: str = "running"
    rows: int = 0
    state: SyncState = field(default_factory=SyncState)
    finished_at: pd.Timestamp | None = None

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
        bare = pd.DataFrame([row], dtype="object")
        instants = {name: pd.to_datetime(bare[name], utc=True) for name in ("started_at", "finished_at", "watermark")}
        return frames.conform("sync_runs", bare.assign(**instants))


@dataclass(frozen=True)
class JiraProject:
    """A project of a configured Jira site, which this version cannot read."""

    name: str

    def fetch(self, state: SyncState) -> Iterator[Page]:  # noqa: ARG002 (the signature of all sources)
        """Raises `SourceError`."""
        raise SourceError(f"{self.name}: this version does not read Jira yet; GitHub is read.")

    def tables(self, pages: Iterable[Page]) -> dict[str, pd.DataFrame]:  # noqa: ARG002
        """Nothing."""
        return {}


def sources(settings: Settings) -> list[Source]:
    """What the settings connect: one source per repository and project; the sample organisation where nothing is."""
    if settings.is_sample:
        return [SampleSource()]
    repositories = [GithubSource(connection, repo) for connection in settings.github for repo in connection.repos]
    projects = [JiraProject(f"jira {project}") for site in settings.jira for project in site.projects]
    return [*repositories, *projects]


def sync(
    sources: Iterable[Source],
    store: Store,
    *,
    clock: Clock,
    bots: Sequence[str] = (),
    tell: Callable[[Step], None] = lambda _: None,
) -> list[Outcome]:
    """Read all sources into the store, one after the other; `tell` hears of every page.

    Raises:
        StoreError: the store cannot be written, or another sync is at work. Faults of sources are not raised but
            stand in their outcome.
    """
    with store.sync_lock():
        return [_run(source, store, clock=clock, bots=bots, tell=tell) for source in sources]


def sync_sample(store: Store, *, clock: Clock) -> None:
    """Put the sample organisation into the store; where it is there already, write nothing.

    Raises:
        SourceError: its files cannot be read.
        StoreError: as `sync`.
    """
    source = SampleSource()
    if not _is_current(source, store):
        sync([source], store, clock=clock)


def exit_code(outcomes: Iterable[Outcome]) -> int:
    """0 where every source is complete, 1 where every one failed, 3 in between."""
    seen = {outcome.status for outcome in outcomes}
    return EXIT_CODES[seen.pop() if len(seen) == 1 else "partial"]


def _is_current(source: Source, store: Store) -> bool:
    """Whether everything the source holds is stored. Raises `SourceError`."""
    state = SyncState(cursors=store.cursors(source.name))
    return store.as_of() is not None and next(source.fetch(state), None) is None


def _run(source: Source, store: Store, *, clock: Clock, bots: Sequence[str], tell: Callable[[Step], None]) -> Outcome:
    outcome = Outcome(source.name, clock(), state=SyncState(cursors=store.cursors(source.name)))
    _record(outcome, store)
    try:
        _read(source, outcome, store, bots=bots, tell=tell)
        outcome.status = "complete"
    except FairleadError as error:
        _fail(outcome, str(error))
        if isinstance(error, StoreError):
            raise
    finally:
        if outcome.status == "running":
            _fail(outcome, INTERRUPTED)
        outcome.finished_at = clock()
        _record(outcome, store)
    return outcome


def _read(source: Source, outcome: Outcome, store: Store, *, bots: Sequence[str], tell: Callable[[Step], None]) -> None:
    done: dict[str, int] = {}
    for page in source.fetch(outcome.state):
        outcome.rows += _write(source, page, store, bots=bots, observed_at=outcome.state.watermark)
        done[page.stream] = done.get(page.stream, 0) + len(page.nodes)
        tell(Step(source.name, page.stream, done[page.stream], page.total))


def _fail(outcome: Outcome, why: str) -> None:
    outcome.status = "partial" if outcome.rows else "failed"
    outcome.state.warnings.append(why)


def _write(source: Source, page: Page, store: Store, *, bots: Sequence[str], observed_at: pd.Timestamp | None) -> int:
    """One page and its cursor in one transaction; how many rows that were."""
    tables = source.tables([page])
    if "accounts" in tables and "people" not in tables:
        tables["accounts"], tables["people"] = people.matched(tables["accounts"], bots=bots)
    store.write(tables, source=source.name, cursors={page.stream: page.cursor}, observed_at=observed_at)
    return sum(len(table) for table in tables.values())


def _record(outcome: Outcome, store: Store) -> None:
    store.write({"sync_runs": outcome.as_table()}, source=outcome.source)
