"""The store: what was synced, in one database that any number of processes may read while one writes.

The only package that knows SQL. The address says where: `sqlite:///folder/fairlead.db` is a file for its owner alone,
`postgresql://host/database` a server for many. Every write is one transaction and raises `Store.version`, the key under
which what was read may be kept.
"""

import weakref
from collections.abc import Collection, Iterable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import pandas as pd
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from fairlead import frames
from fairlead.config import SQLITE
from fairlead.errors import StoreError
from fairlead.frames import Frames
from fairlead.store import reading, statements, writing
from fairlead.store.database import Database, run
from fairlead.store.migration import upgrade
from fairlead.store.postgresql import Postgresql
from fairlead.store.sharing import Sharing
from fairlead.store.sqlite import Sqlite
from fairlead.store.writing import Batch

SCREEN, REQUESTED = "screen", "sync requested"
"""Under which source and stream a request for a sync is kept."""


class Store(Sharing):
    """One open store. Threads may share it; processes open their own."""

    def __init__(self, database: Database) -> None:
        """Use `open`, which brings the schema up to date first."""
        super().__init__(database)
        self._closed = weakref.finalize(self, self._connections.close)

    def close(self) -> None:
        """Close all connections; a forgotten store is closed when it is collected or the process ends."""
        self._closed()

    def __enter__(self) -> Self:
        """The store itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Close."""
        self.close()

    def write(  # noqa: PLR0913 (a transaction has this many sides; all but the tables are named)
        self,
        tables: Mapping[str, pd.DataFrame],
        *,
        source: str,
        cursors: Mapping[str, str | None] | None = None,
        observed_at: pd.Timestamp | None = None,
        kept: Mapping[str, tuple[str, ...]] | None = None,
        replaced: Collection[str] = (),
        whole: Mapping[str, str] | None = None,
        is_edition: bool = False,
    ) -> None:
        """Put rows and cursors into the store: all of it or, whatever happens, nothing.

        Rows replace those of the same identity, but for the columns that `kept` names by table: there rows that are
        in the store already stay as they are. Of the tables in `replaced` no row stays but those given; of those in
        `whole` none of the owner that it names by table (`board_items`: a board) but those given. Where a batch
        holds a parent (issue, pull request, team), the child tables given with it replace that parent's children whole,
        so that what is gone at the source goes here; child tables not given are left alone, and so are children that
        come without their parent. A tombstone takes its item and what hangs on it away; the item's return takes the
        tombstone away. Milestones are compared with what is stored, and what differs enters `milestone_changes` as
        observed at `observed_at` (the source's own clock); without it, or where the batch brings `milestone_changes`
        itself, nothing is observed. A cursor of `None` leaves the stored one as it is. `is_edition` makes what is
        stored now a new `edition`. NUL characters, which PostgreSQL cannot hold, become U+FFFD.

        Raises:
            FrameError: a table does not fit `fairlead.frames`; nothing was written.
            StoreError: the store cannot be written; nothing was.
        """
        batch = Batch(
            writing.conformed(tables),
            writing.cursor_rows(source, cursors or {}),
            observed_at=observed_at,
            kept=kept or {},
            replaced=replaced,
            whole=whole or {},
            is_edition=is_edition,
        )
        with self._connections.transaction() as cursor:
            writing.write(cursor, batch, dialect=self._database.dialect)

    def read(self, projects: Iterable[str] = (), tables: Iterable[str] = tuple(frames.TABLES)) -> Frames:
        """The tables as they all were at one instant; of some projects alone where they are named.

        Tables that belong to no project (accounts, people, teams, sync runs …) always come whole; tables not asked for
        are empty. Raises `StoreError`.
        """
        with self._connections.transaction() as cursor:
            run(cursor, self._database.snapshot)
            found = reading.tables(cursor, tuple(projects), tuple(tables), dialect=self._database.dialect)
        return reading.as_frames(found)

    def version(self) -> int:
        """A number that every write, by any process, makes another one; the same number means the same data."""
        return self._counter("version")

    def edition(self) -> int:
        """A number that becomes another one when a source was read to its end, not with every page of it."""
        return self._counter("edition")

    def _counter(self, name: str) -> int:
        with self._connections.cursor() as cursor:
            cursor.execute("select name, value from counters")
            return int(dict(cursor.fetchall())[name])

    def cursors(self, source: str) -> dict[str, str]:
        """Stream → where the source goes on from."""
        with self._connections.cursor() as cursor:
            cursor.execute("select source, stream, cursor from cursors")
            return {stream: place for of, stream, place in cursor.fetchall() if of == source}

    def ids(self, table: str, project: str) -> frozenset[str]:
        """The ids of a project's issues, pull requests or milestones, or of all accounts. Raises `StoreError`."""
        statement, parameters = statements.ids(table, project, self._database.dialect)
        with self._connections.cursor() as cursor:
            cursor.execute(statement, parameters or None)
            return frozenset(found for (found,) in cursor.fetchall())

    def sync_runs(self) -> pd.DataFrame:
        """What `fairlead sync` did, one row per source and run."""
        return self.read(tables=["sync_runs"]).sync_runs

    def as_of(self) -> pd.Timestamp | None:
        """The instant the data are as of: the newest watermark of a run that read something; none before the first."""
        newest = _read_to(self.sync_runs()).max()
        return None if pd.isna(newest) else newest

    def request_sync(self, at: pd.Timestamp) -> None:
        """Ask the sync job to read the sources. Raises `StoreError`."""
        self.write({}, source=SCREEN, cursors={REQUESTED: at.isoformat()})

    def is_sync_requested(self) -> bool:
        """Whether somebody has asked for a sync after the last one began."""
        asked, runs = self.cursors(SCREEN).get(REQUESTED), self.sync_runs()
        return asked is not None and (runs.empty or pd.Timestamp(asked) > runs["started_at"].max())

    def last_runs(self) -> pd.DataFrame:
        """How did the last run of each source go, and how old are its data?

        Returns one row per source, by name, with the columns of `sync_runs`. `status` is `interrupted` where the run
        did not record its end and no sync is at work. `watermark` is what the source's data are as of, which an
        earlier run may have read; missing where none has read anything. Raises `StoreError`.
        """
        runs = _last(self.sync_runs())
        if not (runs["status"] == "running").any():
            return runs
        try:
            with self.sync_lock():  # nobody else has it, so what is not at its end will not come to it
                runs = _last(self.sync_runs())
                return runs.assign(status=runs["status"].replace("running", "interrupted"))
        except StoreError:
            return runs

    def sync_lock(self, *, patience_ms: int = 0) -> AbstractContextManager[None]:
        """Held while syncing: a second sync is told who holds it (`StoreError`). A killed holder does not keep it.

        `patience_ms` outlasts those who only look whether somebody holds it.
        """
        return self._database.sync_lock(patience_ms=patience_ms)


def open(url: str) -> Store:  # noqa: A001 (read as `store.open`)
    """Open the store at an address; create it or bring its schema up to date where needed.

    Raises:
        StoreError: the address is unfit, the database cannot be reached, its tables are not Fairlead's, or a newer
            Fairlead wrote it. The password is never shown.
    """
    database = _database(url)
    upgrade(database)
    return Store(database)


def _read_to(runs: pd.DataFrame) -> pd.Series:
    """The watermarks of the runs that read something."""
    return runs["watermark"].where(runs["status"].isin(["complete", "partial"]))


def _last(runs: pd.DataFrame) -> pd.DataFrame:
    as_of = _read_to(runs).groupby(runs["source"]).transform("max")
    newest = runs.assign(watermark=as_of).sort_values("started_at").drop_duplicates("source", keep="last")
    return newest.sort_values("source", ignore_index=True)


def _database(url: str) -> Database:
    path = url.removeprefix(SQLITE)
    if path != url and path not in {"", ":memory:"}:
        return Sqlite(Path(path))
    try:
        parsed = None if _is_ambiguous(url) else make_url(url)
    except (ArgumentError, ValueError):  # whose texts may quote the address
        parsed = None
    if parsed is None or parsed.drivername != "postgresql":
        raise StoreError(
            "store: the address cannot be used. Set [store] url to sqlite:///folder/fairlead.db or "
            "postgresql://user@host/database; characters like @ : / in a password are written %40 %3A %2F."
        )
    return Postgresql(parsed)


def _is_ambiguous(url: str) -> bool:
    """Whether a bare @ lies where a part of the password would be read, and shown, as the host."""
    return url.count("@") > min(1, urlsplit(url).netloc.count("@"))
