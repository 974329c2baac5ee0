"""Sources → store: what was read stays read, whatever happens next.

Rows and the place to go on from are written in one transaction. Lanes (the sources of one token) are read beside one
another; a source that fails is recorded as failed and leaves the others standing. Every run of every source leaves a
row in `sync_runs`.
"""

import gc
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import pandas as pd

from connectors import Finding, Lane, Page, Source, SyncState, time_off
from connectors import settle as settling
from connectors.github import GithubLane
from connectors.jira import JiraLane
from connectors.runs import ALL_NEW, INTERRUPTED, Clock, Order, Outcome, Step
from connectors.sample import SampleLane, SampleSource
from fairlead import people
from fairlead.config import Settings
from fairlead.errors import FairleadError, StoreError
from fairlead.store import Store

TOGETHER_S = 1.0
"""Pages that come within so many seconds are written in one transaction, which costs as much as twenty pages do."""

TOGETHER_ITEMS = 1_000

SETTLE_EVERY_S = 60.0
"""Between two matchings of accounts to people while sources end: with 5,000 accounts one takes a second or two."""

TWICE = "This name is read through another connection already; its rows would get mixed up. Leave one out."

LOOK_MS = 1_000
"""How long those who look whether a sync is at work may hold its lock."""

LEAVE_S = 5.0
"""How long a lane has to come to its next page when the sync is ended."""

MATCHED = ("person", "confidence", "matched_by")
"""What a source does not say of an account, and must not undo."""


class _StoppedError(BaseException):
    """Another lane could not go on, or a person ended the sync."""


def lanes(settings: Settings) -> list[Lane]:
    """What the settings connect; the sample organisation where nothing is."""
    if settings.is_sample:
        return [SampleLane()]
    github = [GithubLane(connection, settings.sync) for connection in settings.github]
    return [*github, *(JiraLane(connection, settings.sync) for connection in settings.jira)]


def check(store: Store, settings: Settings, *, clock: Clock) -> Iterator[Finding]:
    """Try everything the settings name; faults are findings. Nothing is written."""
    for lane in lanes(settings):
        try:
            yield from lane.check()
        except FairleadError as error:
            yield Finding(is_good=False, says=str(error))
    yield from settling.check(store, settings, now=clock.now())


def sync_sample(store: Store, *, clock: Clock) -> None:
    """Put the sample organisation into the store; where it is there already, write nothing.

    Raises:
        SourceError: its files cannot be read.
        StoreError: as `sync`.
    """
    if not _is_current(SampleSource(), store):
        Run(store, Settings(), clock).read([SampleLane()])


def _is_current(source: Source, store: Store) -> bool:
    """Whether everything the source holds is stored. Raises `SourceError`."""
    state = SyncState(cursors=store.cursors(source.name))
    return store.as_of() is not None and next(source.fetch(state), None) is None


class Run:
    """One `fairlead sync`."""

    def __init__(
        self,
        store: Store,
        settings: Settings,
        clock: Clock,
        order: Order = ALL_NEW,
        tell: Callable[[Step], None] = lambda _: None,
    ) -> None:
        """Nothing is read yet. `tell` will hear of every page, from any thread."""
        self._store, self._settings, self._order = store, settings, order
        self._clock, self._tell = clock, tell
        self._writing = threading.Lock()
        self._stop = threading.Event()
        self._broken: list[BaseException] = []
        self._settled_at = clock.monotonic()
        self._taken: set[str] = set()
        self.outcomes: list[Outcome] = []
        self.settled: people.Settled | None = None
        """Who is who, once that is known."""
        self.away: time_off.Away | None = None
        """When people are away, where the settings say so."""

    def read(self, lanes: Sequence[Lane]) -> list[Outcome]:
        """Read all lanes into the store, and say of every account whose it is.

        Raises:
            ConfigError: the map of people cannot be used; nothing was read.
            StoreError: the store cannot be written, or another sync is at work. Faults of sources are not raised but
                stand in their outcome.
        """
        gc.freeze()  # what was imported stays: looking through it for garbage, again and again, is a sixth of a sync
        people.load_map(self._settings.people.file)  # refused now: at the end it would cost a whole sync
        with self._store.sync_lock(patience_ms=LOOK_MS):
            self._all(lanes)
            self.settle_people()
            if self.settled is not None:
                self.away = time_off.read(self._store, self._settings, now=self._clock.now())
            if not self._order.is_dry:
                self._store.forget_accesses(self._clock.now() - pd.Timedelta(days=self._settings.access.log_days))
        return self.outcomes

    def _all(self, lanes: Sequence[Lane]) -> None:
        """Every lane in a thread of its own; the first one that cannot go on at all ends the others at their next page.

        Raises what that lane raised.
        """
        threads = [threading.Thread(target=self._lane, args=[lane], daemon=True) for lane in lanes]
        try:
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        finally:
            self._stop.set()
            for thread in threads:
                thread.join(timeout=LEAVE_S)  # a lane that waits for its source is left to die with the process
        if self._broken:
            raise self._broken[0]

    def settle_people(self) -> None:
        """Say of every account whose it is, once more. Raises `StoreError`."""
        if not self._settings.is_sample and not self._order.is_dry:
            self._settled_at = self._clock.monotonic()
            with self._writing:
                self.settled = settling.settle(self._store, self._settings.people)

    def _lane(self, lane: Lane) -> None:
        try:
            for source in self._sources(lane):
                self._source(source)
        except _StoppedError:
            pass
        except BaseException as error:  # noqa: BLE001 (handed to the thread that waits for this one)
            self._broken.append(error)
            self._stop.set()

    def _sources(self, lane: Lane) -> Iterator[Source]:
        """The sources that are asked for; where they cannot be told, that is the outcome of the lane until they can."""
        try:
            yield from (source for source in lane.sources() if self._order.names(source.name))
        except StoreError:
            raise
        except FairleadError as error:
            outcome = self._begun(Outcome(lane.name, self._clock.now()))
            outcome.failed(str(error))
            self._end(outcome)
        else:
            self._forget_failure(lane.name)

    def _forget_failure(self, lane: str) -> None:
        """A lane has no runs of its own but those in which its sources could not be told."""
        if not self._order.is_dry and (self._store.sync_runs()["source"] == lane).any():
            with self._writing:
                self._store.write({}, source=lane, whole={"sync_runs": lane})

    def _is_taken(self, name: str) -> bool:
        """Whether another connection has a source of that name: they would write over each other's rows and places."""
        with self._writing:
            is_taken = name.casefold() in self._taken
            self._taken.add(name.casefold())
        return is_taken

    def _source(self, source: Source) -> None:
        if self._stop.is_set():
            raise _StoppedError
        if self._is_taken(source.name):
            # Told, but not recorded: a row would stand beside those of the source that has the name.
            self.outcomes.append(Outcome(source.name, self._clock.now(), finished_at=self._clock.now()))
            self.outcomes[-1].failed(TWICE)
            return
        known = self._store.cursors(source.name)
        is_anew = self._order.is_full or known.get("shape", "") != source.shape
        outcome = self._begun(Outcome(source.name, self._clock.now()))
        outcome.state = self._state(known, outcome.started_at, is_anew=is_anew)
        if is_anew:
            self._write(outcome, {}, dict.fromkeys(set(known) - {"sweep"}, "") | {"shape": source.shape})
        try:
            self._read(source, outcome)
            if outcome.state.is_sweep_due or "sweep" not in known:
                self._write(outcome, {}, {"sweep": outcome.started_at.isoformat()})
            outcome.status = "complete"
        except FairleadError as error:
            outcome.failed(str(error))
            if isinstance(error, StoreError):
                raise
        finally:
            if outcome.status == "running":
                outcome.failed(INTERRUPTED)
            self._end(outcome)

    def _state(self, known: dict[str, str], started_at: pd.Timestamp, *, is_anew: bool) -> SyncState:
        swept = known.get("sweep", "")
        every = pd.Timedelta(days=self._settings.sync.sweep_days)
        is_long_ago = bool(swept) and started_at - pd.Timestamp(swept) > every
        return SyncState(
            cursors={} if is_anew else known,
            since=self._order.since,
            is_sweep_due=self._order.is_sweep or is_long_ago or (is_anew and bool(swept)),
            stored=self._store.ids,
        )

    def _read(self, source: Source, outcome: Outcome) -> None:
        """Page after page; those that come at once are written at once."""
        pages: list[Page] = []
        written_at = self._clock.monotonic()
        try:
            for page in source.fetch(outcome.state):
                if self._stop.is_set():
                    raise _StoppedError
                if _holds_one_of(pages, page):
                    self._put(source, outcome, pages)
                pages.append(page)
                self._tell(outcome.took(page))
                if self._clock.monotonic() - written_at >= TOGETHER_S or _n_items(pages) >= TOGETHER_ITEMS:
                    self._put(source, outcome, pages)
                    written_at = self._clock.monotonic()
        finally:
            self._put(source, outcome, pages)

    def _put(self, source: Source, outcome: Outcome, pages: list[Page]) -> None:
        """Write pages and their cursors, and forget them."""
        if pages:
            taken, pages[:] = list(pages), []
            tables = source.tables(taken)
            cursors = {page.stream: page.cursor for page in taken if page.cursor is not None}
            whole = {table: owner for page in taken for table, owner in page.whole.items()}
            self._write(outcome, tables, cursors, whole)

    def _begun(self, outcome: Outcome) -> Outcome:
        self.outcomes.append(outcome)
        self._write(outcome, {}, {})
        return outcome

    def _end(self, outcome: Outcome) -> None:
        outcome.finished_at = self._clock.now()
        self._write(outcome, {}, {}, is_edition=True)
        if self._clock.monotonic() - self._settled_at > SETTLE_EVERY_S:
            self.settle_people()

    def _write(
        self,
        outcome: Outcome,
        tables: dict[str, pd.DataFrame],
        cursors: Mapping[str, str],
        whole: Mapping[str, str] | None = None,
        *,
        is_edition: bool = False,
    ) -> None:
        """One transaction: rows, cursors, and how far the run is."""
        outcome.rows += sum(len(table) for table in tables.values())
        if self._order.is_dry:
            return
        with self._writing:
            self._store.write(
                tables | {"sync_runs": outcome.as_table()},
                source=outcome.source,
                cursors=cursors,
                observed_at=outcome.state.watermark,
                kept={} if "people" in tables else {"accounts": MATCHED},
                whole=whole,
                is_edition=is_edition,
            )


def _holds_one_of(pages: Iterable[Page], page: Page) -> bool:
    """Whether an item of the page waits to be written already: of two states of one item the later must replace all."""
    waiting = {(each.stream, node.get("id")) for each in pages for node in each.nodes}
    return any((page.stream, node["id"]) in waiting for node in page.nodes if "id" in node)


def _n_items(pages: Iterable[Page]) -> int:
    return sum(len(page.nodes) for page in pages)
