"""What it takes to forget a person: who is meant, by which ids and names the store knows them, who stands in for them.

The ids of whoever was forgotten are kept as digests, so that the next sync, which brings the same person again, can
be told to leave them out. The digest is salted with the store's own salt: that keeps digests of two stores from being
compared, not anybody who can read the store and ask the tracker for its accounts from trying them one by one.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Self
from urllib.parse import parse_qsl, unquote_plus

import pandas as pd

from fairlead import frames
from fairlead.errors import StoreError
from fairlead.people import email_hash

NAME = "forgotten"
"""Who looked at pages or made links, once that is forgotten."""

ITEMS = frozenset({"issue", "other", "parent", "pull_request", "milestone", "label", "team"})
"""Key columns that name things, never people; so does every `id`, but for those of people and accounts. Any other key
column is searched for people: one that is added is, too."""
AMONG_OTHERS = {"issue_events": ("old", "new")}
"""Columns that hold ids of accounts among values of many kinds, and so are no key columns."""
LEFT = (
    "Not erased, because it is not in the store or is somebody's own words: lines of people.csv, names and calendars "
    "in fairlead.toml (they bring a name back: take them out there), titles and texts, names of repositories, "
    "backups, files that were exported or sent, and the trackers themselves."
)
STILL_READ = (
    "The database's files may still hold the old bytes, because something else uses the store, or the disk is full. "
    "They go when everything that has the store open has ended; from a full disk, once there is room, with SQLite's "
    "`vacuum`."
)
_OF_PERSON = "person"
_JIRA = re.compile(r"jira:[^:]+(?=:)")


@dataclass(frozen=True)
class Traces:
    """By what the store knows a person.

    `accounts` has id and source, `people` are ids. `called` are names, logins and addresses in lower case, `hashes`
    e-mail addresses as `accounts.email_hash` holds them.
    """

    people: tuple[str, ...]
    accounts: pd.DataFrame
    called: frozenset[str]
    hashes: frozenset[str]

    @property
    def ids(self) -> tuple[str, ...]:
        """All ids, of person and accounts."""
        return (*self.people, *self.accounts["id"])

    def is_theirs(self, who: str) -> bool:
        """Whether a name in the access log or beside a link is theirs, or a text there holds their full name."""
        text = who.strip().casefold()
        holds_name = any(name in text for name in self.called if " " in name)
        return who in self.ids or text in self.called or email_hash(who) in self.hashes or holds_name

    def are_chosen(self, view: str) -> bool:
        """Whether an address in the access log names them: by an id anywhere, or by a name as something chosen."""
        chosen = parse_qsl(view.partition("?")[2])
        return any(own in unquote_plus(view) for own in self.ids) or any(self.is_theirs(value) for _, value in chosen)


@dataclass(frozen=True)
class Erased:
    """How much was erased.

    `n_rows` counts by table the places that named the person, `n_accesses` looks in the access log and `n_links` shared
    links. `is_clean` says whether the bytes are gone from the database's files as well.
    """

    n_accounts: int
    n_rows: Mapping[str, int] = field(default_factory=dict)
    n_accesses: int = 0
    n_links: int = 0
    is_clean: bool = False

    def scrubbed(self, *, is_clean: bool) -> Self:
        """The same, after the database's files were seen to."""
        return replace(self, is_clean=is_clean)


def traces(asked: str, accounts: pd.DataFrame, people: pd.DataFrame, *, emails: Collection[str] = ()) -> Traces:
    """Who is meant, and by what does the store know them?

    `asked` is a person id, account id, login, name or e-mail address, all but ids upper and lower case alike; `emails`
    are further addresses of theirs. Ghosts are nobody. An account that belongs to no person (yet) is forgotten by
    itself.

    Raises:
        StoreError: nobody is meant, or several are; how many, never who.
    """
    humans = accounts[accounts["kind"] != "ghost"].astype({"id": "str", _OF_PERSON: "str"})
    persons = people.astype({"id": "str"})
    whose = humans[_OF_PERSON].fillna(humans["id"])
    is_meant = _is_called(humans, asked, ("login", "name")) | (humans["email_hash"] == email_hash(asked))
    found = {*whose[is_meant | (humans["id"] == asked) | (humans[_OF_PERSON] == asked)]}
    found |= {*persons.loc[_is_called(persons, asked, ("name",)) | (persons["id"] == asked), "id"]}
    _refuse_unclear(len(found))
    theirs, own = humans[whose.isin(found)], persons[persons["id"].isin(found)]
    addresses = [*emails, *([asked] if "@" in asked else [])]
    called = [*theirs["login"], *theirs["name"].dropna(), *own["name"], *addresses]
    return Traces(
        people=tuple(sorted({*own["id"], *theirs[_OF_PERSON].dropna()})),
        accounts=theirs[["id", "source"]].sort_values("id", ignore_index=True),
        called=frozenset(each.strip().casefold() for each in called if each.strip()),
        hashes=frozenset({*theirs["email_hash"].dropna(), *filter(None, map(email_hash, addresses))}),
    )


def _is_called(table: pd.DataFrame, asked: str, columns: Iterable[str]) -> pd.Series:
    wanted = asked.strip().casefold() or None  # an account may have an empty login, but nobody is called that
    return pd.concat([table[column].str.casefold() == wanted for column in columns], axis=1).any(axis=1)


def _refuse_unclear(n: int) -> None:
    if n == 0:
        raise StoreError("store: nobody is known by that. Give a login, name, e-mail address, account id or person id.")
    if n > 1:
        raise StoreError(f"store: {n} people are known by that. Give a login, account id or person id.")


def ghost(account: str) -> str:
    """The account that stands for everyone deleted at the source of this one, as the connectors name it."""
    site = _JIRA.match(account)
    source, _, own = account.partition(":")
    return f"{site.group() if site else source if own else 'unknown'}:ghost"


def digest(own: str, salt: str) -> str:
    """An id as `forgotten` keeps it."""
    return sha256(f"{salt} {own}".encode()).hexdigest()


def of_people(table: str) -> list[str]:
    """The columns of a table that hold ids of people."""
    return [each for each in frames.key_columns(table) if each == _OF_PERSON or (table, each) == ("people", "id")]


def of_accounts(table: str) -> list[str]:
    """The columns of a table that may hold ids of accounts; all that are not known to hold something else."""
    others = {*ITEMS, *of_people(table), *(() if table == "accounts" else ("id",))}
    return [*(each for each in frames.key_columns(table) if each not in others), *AMONG_OTHERS.get(table, ())]


def without(tables: Mapping[str, pd.DataFrame], forgotten: frozenset[str], salt: str) -> dict[str, pd.DataFrame]:
    """Conformed tables as if whoever is forgotten were a deleted user at the source.

    `forgotten` holds digests. Accounts become their source's ghost; rows that become one row are one; people,
    memberships and absences of the forgotten are left out.
    """
    hidden = _hidden(tables, forgotten, salt)
    return {name: _without(name, table, hidden) for name, table in tables.items()} if hidden else dict(tables)


def _hidden(tables: Mapping[str, pd.DataFrame], forgotten: frozenset[str], salt: str) -> dict[str, str]:
    """The forgotten ids among the tables, with the ghost of each. Every id is hashed once, however many rows it has."""
    columns = [tables[name][column] for name in tables for column in (*of_accounts(name), *of_people(name))]
    ids = {each for column in columns for each in column.dropna().unique()}
    return {own: ghost(own) for own in ids if digest(own, salt) in forgotten}


def _without(name: str, table: pd.DataFrame, hidden: Mapping[str, str]) -> pd.DataFrame:
    if name == "accounts":
        return _accounts(table, hidden)
    is_theirs = [table[each].isin(hidden) for each in of_people(name)]
    kept = table[~pd.concat(is_theirs, axis=1).any(axis=1)] if is_theirs else table
    hit = {each: is_hit for each in of_accounts(name) if (is_hit := kept[each].isin(hidden)).any()}
    renamed = kept.assign(**{each: _replaced(kept[each], is_hit, hidden) for each, is_hit in hit.items()})
    identity = list(frames.IDENTITY[name])
    return (renamed.drop_duplicates(identity) if {*hit} & {*identity} else renamed).reset_index(drop=True)


def _replaced(ids: pd.Series, is_hit: pd.Series, hidden: Mapping[str, str]) -> pd.Series:
    return ids.mask(is_hit, ids[is_hit].map(hidden).astype(ids.dtype))


def _accounts(accounts: pd.DataFrame, hidden: Mapping[str, str]) -> pd.DataFrame:
    """What a source says of its ghost counts before what we make of one."""
    is_theirs = accounts["id"].isin(hidden)
    theirs, others = accounts[is_theirs], accounts[~is_theirs]
    made = ghosts(theirs["id"], theirs["source"])
    whose = others["person"].mask(others["person"].isin(hidden))
    return pd.concat([others.assign(person=whose), made]).drop_duplicates("id").reset_index(drop=True)


def ghosts(ids: pd.Series, sources: pd.Series) -> pd.DataFrame:
    """The accounts that stand for these, each once; a table as `fairlead.frames` declares it."""
    pairs = zip(ids.map(ghost), sources, strict=True)
    made = [{"id": own, "source": source, "login": "ghost", "kind": "ghost"} for own, source in pairs]
    return frames.from_rows("accounts", made)


def question(found: Traces) -> str:
    """What is asked before anything is erased."""
    return f"Erase one person with {len(found.accounts)} accounts from the store? This cannot be undone."


def in_words(erased: Erased) -> str:
    """What was erased, in counts, and what could not be."""
    places = ", ".join(f"{name} {n}" for name, n in erased.n_rows.items())
    done = (
        f"Erased: one person, {erased.n_accounts} accounts. Places that named them: {places or 'none'}; "
        f"access log {erased.n_accesses}, shared links {erased.n_links}."
    )
    return "\n".join([done, LEFT, *(() if erased.is_clean else (STILL_READ,))])
