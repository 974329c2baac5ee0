"""What sharing keeps in the store: who looked at what, the links that were made, and who must not come back.

None of it is data from a source: it is not among the frames, and changes neither `version` nor `edition`, so that
looking at a page does not make everything be read anew.
"""

import json
from collections.abc import Collection

import pandas as pd
from sqlalchemy import Table, delete, func, insert, update
from sqlalchemy.sql.dml import UpdateBase

from fairlead import arrow
from fairlead.errors import StoreError
from fairlead.forgetting import Erased, Traces
from fairlead.links import Link
from fairlead.store import erasing, statements, writing
from fairlead.store.bound import change
from fairlead.store.database import Connections, Database, fetch, in_words
from fairlead.store.schema import ACCESS_LOG, SHARED_LINKS

_TEXT, _INSTANT = "string[pyarrow]", "datetime64[us, UTC]"
_TYPES = {
    ACCESS_LOG: {"at": _INSTANT, "who": _TEXT, "role": _TEXT, "view": _TEXT},
    SHARED_LINKS: {
        **dict.fromkeys(("id", "name", "report", "choices"), _TEXT),
        "titles": "bool",
        "made_by": _TEXT,
        **dict.fromkeys(("made_at", "expires_at", "revoked_at"), _INSTANT),
    },
}


class Sharing:
    """The side of a store that sharing uses."""

    def __init__(self, database: Database) -> None:
        """Nothing is opened yet."""
        self._database = database
        self._connections = Connections(database.where, database.connect)

    def salt(self) -> str:
        """128 random bits of this store alone, in hex: mixed into digests and pseudonyms.

        Made with the store and never again. No secret from anybody who can read the store, who reads names as well.
        Raises `StoreError`.
        """
        with self._connections.cursor() as cursor:
            return erasing.salt(cursor, dialect=self._database.dialect)

    def log_access(self, *, at: pd.Timestamp, who: str, role: str, view: str) -> None:
        """Note that somebody looked at something. Raises `StoreError`."""
        self._change(insert(ACCESS_LOG).values(at=at, who=who, role=role, view=view))

    def accesses(self) -> pd.DataFrame:
        """Who looked at what? Returns one row per look, newest first: at, who, role, view. Raises `StoreError`."""
        return self._rows(ACCESS_LOG).sort_values("at", ascending=False, kind="stable", ignore_index=True)

    def forget_accesses(self, before: pd.Timestamp) -> int:
        """Delete what was looked at before an instant; how many looks. Raises `StoreError`."""
        return self._change(delete(ACCESS_LOG).where(ACCESS_LOG.c.at < before))

    def add_link(self, link: Link) -> None:
        """Keep a link that was made. Raises `StoreError`."""
        held = vars(link) | {"choices": json.dumps(dict(link.choices), sort_keys=True)}
        self._change(insert(SHARED_LINKS).values({name: each for name, each in held.items() if each is not None}))

    def links(self) -> pd.DataFrame:
        """Which links were made?

        Returns one row per link, newest first, with the fields of `fairlead.links.Link`: choices (JSON), revoked_at
        (missing where it was not taken back). Raises `StoreError`.
        """
        found = self._rows(SHARED_LINKS)
        return found.sort_values(["made_at", "id"], ascending=[False, True], ignore_index=True)

    def revoke_link(self, link_id: str, at: pd.Timestamp) -> None:
        """Take a link back; one that was taken back before stays so since then. Raises `StoreError` for no link."""
        own = SHARED_LINKS.c.id == link_id
        # The first instant counts, in one statement: two who take it back at once cannot both be first.
        known = update(SHARED_LINKS).where(own).values(revoked_at=func.coalesce(SHARED_LINKS.c.revoked_at, at))
        if not self._change(known):
            raise StoreError(f"{self._database.where}: there is no such link. The Sharing page lists those there are.")

    def traces(self, person: str, *, emails: Collection[str] = ()) -> Traces:
        """Whom `forget` would forget; see `fairlead.forgetting.traces`. Raises `StoreError`."""
        with self._connections.transaction() as cursor:
            return erasing.traces(cursor, person, emails, dialect=self._database.dialect)

    def forget(self, person: str, at: pd.Timestamp, *, emails: Collection[str] = ()) -> Erased:
        """Erase a person: from then on their work is a deleted user's, and no later `write` brings them back.

        `person` is a login, name, e-mail address, account id or person id, `emails` are addresses that only the access
        log may know. One transaction, a new version and a new edition; then the bytes go from the database's files.

        Raises:
            StoreError: nobody or several are known by that, or the store cannot be written; nothing was changed.
        """
        dialect = self._database.dialect
        with self._connections.transaction() as cursor:
            writing.count(cursor, is_edition=True)
            found = erasing.traces(cursor, person, emails, dialect=dialect)
            erased = erasing.erase(cursor, found, at, dialect=dialect)
        return erased.scrubbed(is_clean=self._is_scrubbed())

    def _is_scrubbed(self) -> bool:
        """Whether the files hold no bytes of what was deleted. The person is gone whatever becomes of this."""
        try:
            with in_words(self._database.where):
                return self._database.scrub()
        except StoreError:
            return False

    def _change(self, statement: UpdateBase) -> int:
        with self._connections.cursor() as cursor:
            return change(cursor, statement, dialect=self._database.dialect)

    def _rows(self, table: Table) -> pd.DataFrame:
        dialect = self._database.dialect
        with self._connections.cursor() as cursor:
            return arrow.to_frame(fetch(cursor, statements.whole(table, dialect), dialect=dialect), _TYPES[table])
