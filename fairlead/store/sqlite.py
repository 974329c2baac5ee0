"""The embedded store: one SQLite file, for its owner alone, with a log beside it that readers and a writer share."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import adbc_driver_manager as adbc
import adbc_driver_sqlite.dbapi as driver
from adbc_driver_manager.dbapi import Connection
from sqlalchemy import URL, Engine, NullPool, create_engine, event
from sqlalchemy import Connection as EngineConnection

from fairlead.errors import StoreError
from fairlead.store.database import PATIENCE_MS, in_words, run

_SETTINGS = (
    f"pragma busy_timeout = {PATIENCE_MS}",
    "pragma synchronous = full",
    "pragma foreign_keys = on",
    "pragma temp_store = memory",
    "pragma cache_size = -65536",
)
SCRUB_MS = 5_000
"""How long it is waited for readers of an older state before the log can be emptied."""


class Sqlite:
    """A store in one file."""

    dialect = "sqlite"
    snapshot = "select 1"  # every transaction sees one state

    def __init__(self, path: Path) -> None:
        """Makes the folder and, where there is none yet, an empty file for its owner alone. Raises `StoreError`."""
        self.path = path.absolute()
        self.where = f"store {self.path}"
        with in_words(self.where):
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _touch(self.path)

    def connect(self) -> Connection:
        """A new connection, set up."""
        connection = driver.connect(str(self.path), autocommit=True)
        try:
            with connection.cursor() as cursor:
                for setting in _SETTINGS:
                    run(cursor, setting)
        except adbc.Error:
            connection.close()
            raise
        return connection

    def engine(self) -> Engine:
        """For migrations alone."""
        engine = create_engine(URL.create("sqlite+pysqlite", database=str(self.path)), poolclass=NullPool)
        event.listen(engine, "connect", _leave_transactions_to_us)
        event.listen(engine, "begin", _begin)
        return engine

    def scrub(self) -> bool:
        """Write the file anew from what it holds now, and empty the log; not where another still reads an older state.

        A connection of its own, because what is set here is set for good: a file of several gigabytes must not be
        copied by way of the memory.
        """
        with closing(self.connect()) as connection, connection.cursor() as cursor:
            for statement in (f"pragma busy_timeout = {SCRUB_MS}", "pragma temp_store = file", "vacuum"):
                run(cursor, statement)
            cursor.execute("pragma wal_checkpoint(truncate)")
            ((is_busy, *_),) = cursor.fetchall()
            return not is_busy

    @contextmanager
    def sync_lock(self, *, patience_ms: int = 0) -> Iterator[None]:
        """Lock an empty database beside ours: on every system that is a lock a killed process does not keep."""
        guard = self.path.with_name(f"{self.path.name}.lock")
        holder = self.path.with_name(f"{self.path.name}.pid")
        with in_words(self.where):
            _touch(guard)
            _touch(holder)
        with closing(sqlite3.connect(guard, timeout=patience_ms / 1000, isolation_level=None)) as lock:
            try:
                lock.execute("pragma journal_mode = memory")  # leaves no file behind
                lock.execute("begin exclusive")
            except sqlite3.OperationalError:
                raise StoreError(f"{self.where}: {_busy(holder)}") from None
            holder.write_text(str(os.getpid()), "ascii")
            yield


def _busy(holder: Path) -> str:
    since = datetime.fromtimestamp(holder.stat().st_mtime, UTC)
    process = holder.read_text("ascii").strip() or "unknown"
    return f"a sync is at work: process {process}, since {since:%Y-%m-%d %H:%M:%S} UTC. Wait for it or end it."


def _touch(path: Path) -> None:
    """Make an empty file for its owner alone. SQLite gives the files beside the database the same permissions."""
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))


def _leave_transactions_to_us(connection: sqlite3.Connection, _: object) -> None:
    """By itself Python's driver begins no transaction before it creates tables, and a kill would leave half of them."""
    connection.isolation_level = None
    connection.execute(f"pragma busy_timeout = {PATIENCE_MS}")
    connection.execute("pragma journal_mode = wal")  # the file remembers it


def _begin(connection: EngineConnection) -> None:
    connection.exec_driver_sql("begin immediate")
