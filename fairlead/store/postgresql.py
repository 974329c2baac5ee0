"""The shared store: PostgreSQL 15 or later, for several processes on several machines."""

import getpass
import os
import socket
import ssl
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import adbc_driver_postgresql.dbapi as driver  # type: ignore[import-untyped]  # it ships no types
from adbc_driver_manager.dbapi import Connection
from sqlalchemy import URL, Engine, NullPool, create_engine, text
from sqlalchemy import Connection as EngineConnection
from sqlalchemy.exc import DBAPIError

from fairlead.errors import StoreError
from fairlead.store.database import in_words, run
from fairlead.store.schema import metadata

_LOCK = 0x466169726C656164
"""Number of the advisory lock: "Fairlead" in ASCII."""

_HOLDER = text("""
    select application_name, backend_start from pg_locks join pg_stat_activity using (pid)
    where locktype = 'advisory' and (classid::bigint << 32) + objid::bigint = :number and granted
""")


class Postgresql:
    """A store in the current schema of a PostgreSQL database."""

    dialect = "postgresql"
    snapshot = "set transaction isolation level repeatable read"

    def __init__(self, url: URL) -> None:
        """Nothing is opened yet."""
        self._url = url
        self.where = f"store postgresql://{url.host or 'localhost'}{f':{url.port}' if url.port else ''}/{url.database}"

    def connect(self) -> Connection:
        """A new connection."""
        connection: Connection = driver.connect(self._url.render_as_string(hide_password=False), autocommit=True)
        return connection

    def engine(self) -> Engine:
        """For migrations and locks."""
        url = URL.create(
            "postgresql+pg8000",
            username=self._url.username or os.environ.get("PGUSER") or getpass.getuser(),
            password=self._url.password or os.environ.get("PGPASSWORD"),
            host=self._url.host or "localhost",
            port=self._url.port,
            database=self._url.database,
        )
        options = {"ssl_context": _encryption(self._url), "application_name": f"fairlead {_process()}"}
        return create_engine(url, poolclass=NullPool, connect_args=options)

    def scrub(self) -> bool:
        """Have the server free the rows that were deleted, where nobody still reads an older state.

        What it wrote to its log, and what lies unused in its files until it is overwritten, is the server's.
        """
        with closing(self.connect()) as connection, connection.cursor() as cursor:
            for name in metadata.tables:
                run(cursor, f"vacuum {name}")
        return True

    @contextmanager
    def sync_lock(self, *, patience_ms: int = 0) -> Iterator[None]:
        """An advisory lock, which the server frees when the connection of its holder ends."""
        with in_words(self.where):
            connection = self.engine().execution_options(isolation_level="AUTOCOMMIT").connect()
        with connection:
            with in_words(self.where):
                _take(connection, self.where, patience_ms)
            yield


def _take(connection: EngineConnection, where: str, patience_ms: int) -> None:
    connection.execute(text(f"set lock_timeout = {patience_ms + 1}"))  # zero would mean for ever
    try:
        connection.execute(text("select pg_advisory_lock(:number)"), {"number": _LOCK})
    except DBAPIError:
        holder = connection.execute(_HOLDER, {"number": _LOCK}).first()
        raise StoreError(f"{where}: {_busy(holder)}") from None


def _busy(holder: Any) -> str:  # noqa: ANN401 (a row of whatever shape the server's view has)
    if holder is None:
        return "a sync was at work a moment ago. Try again."
    name, since = holder
    who = str(name).removeprefix("fairlead ") or "unknown"
    return f"a sync is at work: {who}, since {since:%Y-%m-%d %H:%M:%S} UTC. Wait for it or end it."


def _process() -> str:
    return f"process {os.getpid()} on {socket.gethostname()}"


def _encryption(url: URL) -> ssl.SSLContext | None:
    """The encryption that `sslmode` asks for, in the words of libpq, for the driver that does not read them."""
    mode = str(url.query.get("sslmode", os.environ.get("PGSSLMODE", "prefer")))
    if mode in {"disable", "allow", "prefer"}:
        return None
    root = url.query.get("sslrootcert", os.environ.get("PGSSLROOTCERT"))
    context = ssl.create_default_context(cafile=None if root is None else str(root))
    context.check_hostname = mode == "verify-full"
    if mode == "require" and root is None:
        context.verify_mode = ssl.CERT_NONE
    return context
