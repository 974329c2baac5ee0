"""One database: connections, transactions, and its faults in words.

Everything but the migrations goes through ADBC. Two copies of the SQLite library in one process (ADBC brings its own,
Python has another) do not see each other's locks and would both write at once: SQLite's page on how to corrupt a
database lists it. So Python's `sqlite3` opens the file only while `migration` holds all others off.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

import adbc_driver_manager as adbc
import pyarrow as pa
from adbc_driver_manager.dbapi import Connection, Cursor
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from fairlead.errors import StoreError

PATIENCE_MS = 30_000
"""How long a writer waits for another before it gives up."""

_BATCH_ROWS = "65536"

_WORDS = {
    "database is locked": "another process has been writing for too long. Try again when it has ended",
    "not a database": "the file is not a SQLite database. Move it away or name another in [store] url",
    "malformed": "the file is damaged. Move it away, then sync again or restore a copy",
    "disk is full": "the disk is full. Make room and try again; nothing was written",
    "readonly": "the file may not be written. Check its owner and permissions",
    "permission denied": "access was denied. Check the rights of file, folder or database user",
    "unable to open": "the file cannot be opened. Check its folder's owner and permissions",
    "password": "the sign-in was refused. Check user and password",
    "authentication": "the sign-in was refused. Check user and password",
    'database "': "there is no such database. Create it, or check the name",
    "connection refused": "nothing answers there. Check host and port, and that the server runs",
    "could not translate": "there is no such host. Check the address",
    "index row": "a text that is part of a key, such as a file's path, is longer than the database can hold",
    "timeout": "the server did not answer in time",
    "no space left": "the disk is full. Make room and try again; nothing was written",
}
"""What drivers say → what a person should know. What drivers say itself is never shown: it may quote values, or a part
of an address with its password."""


class Database(Protocol):
    """What SQLite and PostgreSQL do differently."""

    dialect: str
    where: str
    """The address as people may see it."""
    snapshot: str
    """First statement of a transaction whose reads all see one state."""

    def connect(self) -> Connection:
        """A new connection, set up."""
        ...

    def engine(self) -> Engine:
        """For migrations alone; see the module."""
        ...

    def scrub(self) -> bool:
        """Make what was deleted unreadable in the database's files, as far as that can be done from here.

        Returns whether it was. Raises the driver's errors.
        """
        ...

    def sync_lock(self, *, patience_ms: int = 0) -> AbstractContextManager[None]:
        """Held while syncing or migrating. Raises `StoreError` where another still holds it after a wait."""
        ...


@contextmanager
def in_words(where: str) -> Iterator[None]:
    """Turn the drivers' errors into `StoreError`."""
    try:
        yield
    except adbc.Error as error:
        raise StoreError(f"{where}: {_said(str(error), error.sqlstate)}.") from None
    except DBAPIError as error:
        raise StoreError(f"{where}: {_said(str(error.orig), None)}.") from None
    except OSError as error:
        raise StoreError(f"{where}: {error.strerror or 'cannot be used'}.") from None


def _said(message: str, state: str | None) -> str:
    known = next((words for sign, words in _WORDS.items() if sign in message.lower()), None)
    if known is not None:
        return known
    code = f" (SQLSTATE {state})" if state and state.strip("\0") else ""
    return f"the database refused{code}. Its own log says why"


class Connections:
    """Connections to one database, kept for the next use. A connection is used by one thread at a time."""

    def __init__(self, where: str, connect: Callable[[], Connection]) -> None:
        """Nothing is opened yet."""
        self._where = where
        self._connect = connect
        self._idle: list[Connection] = []

    @contextmanager
    def cursor(self) -> Iterator[Cursor]:
        """For single statements, each a transaction of its own. Raises `StoreError`."""
        with in_words(self._where), self._connection() as connection, connection.cursor() as cursor:
            yield cursor

    @contextmanager
    def transaction(self) -> Iterator[Cursor]:
        """All statements or, after an error, none. Raises `StoreError`."""
        with in_words(self._where), self._connection() as connection:
            connection.adbc_connection.set_autocommit(False)
            with connection.cursor() as cursor:
                yield cursor
            connection.commit()
            connection.adbc_connection.set_autocommit(True)

    @contextmanager
    def _connection(self) -> Iterator[Connection]:
        try:
            connection = self._idle.pop()
        except IndexError:
            connection = self._connect()
        try:
            yield connection
        except BaseException:
            # Rolls back. The others may have lost their server too, and cost little to open again.
            connection.close()
            self.close()
            raise
        self._idle.append(connection)

    def close(self) -> None:
        """Close what is not in use."""
        while self._idle:
            self._idle.pop().close()


def run(cursor: Cursor, statement: str, *parameters: str) -> None:
    """Run a statement to its end: the SQLite driver works only as far as its rows are asked for."""
    cursor.execute(statement, parameters or None)
    cursor.fetchall()


def fetch(cursor: Cursor, statement: str, parameters: Sequence[str] = (), *, dialect: str) -> pa.Table:
    """The rows of one of `statements`' selects."""
    if dialect == "sqlite":
        cursor.adbc_statement.set_options(**{"adbc.sqlite.query.batch_rows": _BATCH_ROWS})
    cursor.execute(statement, tuple(parameters) or None)
    found = cursor.fetch_arrow_table()
    return found.slice(1) if dialect == "sqlite" else found
