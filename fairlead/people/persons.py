"""Which accounts are one person beyond doubt (the map, e-mail addresses), and the ids that persons keep.

A person's id is made of an account, `person:<account id>`, or of the first line of people.csv that names him where
none of his accounts has been seen, `person:map:<digest>`: never of a name, so that correcting a name changes nothing.
"""

from dataclasses import dataclass
from hashlib import sha256

import pandas as pd

from fairlead import keys
from fairlead.people.emails import email_hash

OF_MAP = "map "
"""How units are named whose person the map names."""
NOT_SOMEBODYS = frozenset(sha256(text.encode()).hexdigest() for text in ("", "noreply@github.com"))
"""E-mail hashes that are nobody's own."""
MOST_PARTS = 4
"""How often an account id is cut to find what a source calls the account: `jira:SITE:557058:1234` → `557058:1234`."""


@dataclass(frozen=True)
class Said:
    """What the map says of the accounts that are there."""

    lines: pd.DataFrame
    """One row per account that a line names: account (id), person (name; missing: nobody's), line (row of the map)."""
    n_contradicted: int
    """Accounts that lines give to two persons, by login to one and by e-mail to another, say."""
    n_lines_used: int
    """Lines that name an account that is there."""


def said(accounts: pd.DataFrame, people_map: pd.DataFrame) -> Said:
    """Which accounts do the lines of the map name?

    A line names an account by its id as the source gives it, else by its login, else by its e-mail address; upper and
    lower case alike. It names the account on every server of its source. Where two lines name one account
    differently, the id goes before the login, and the login before the e-mail address.
    """
    lines = _named_by(people_map).merge(known_by(accounts), on=["source", "key"])
    ordered = lines.assign(whose=lines["person"].fillna("")).sort_values(["account", "rank", "whose", "line"])
    n = int(ordered.drop_duplicates(["account", "whose"])["account"].duplicated().sum())
    first = ordered.drop_duplicates("account")[["account", "person", "line"]]
    return Said(first.reset_index(drop=True), n, int(lines["line"].nunique()))


def hashed(addresses: pd.Series) -> pd.Series:
    """The e-mail addresses as `accounts.email_hash` holds them."""
    found: pd.Series = addresses.map(email_hash, na_action="ignore").astype("str")
    return found


def units(humans: pd.DataFrame, person: pd.Series) -> pd.DataFrame:
    """Which human accounts are one person beyond doubt?

    Those the map gives to one person (`person`, by row, missing where it says nothing), and those with one e-mail
    address. Who shares an address with one person of the map is that person; with several, is left by himself.
    Returns one row per account: unit (text that names the person), is_shared (the address is of several persons).
    """
    email = humans["email_hash"].where(~humans["email_hash"].isin(NOT_SOMEBODYS))
    by_email = person.groupby(email)
    only = email.map(by_email.first()).astype("str").where(email.map(by_email.nunique()) == 1)
    is_shared = person.isna() & (email.map(by_email.nunique()).fillna(0) > 1)
    name = (OF_MAP + person.fillna(only)).fillna(("email " + email).where(~is_shared))
    return pd.DataFrame({"unit": name.fillna("account " + humans["id"]), "is_shared": is_shared})


def ids(humans: pd.DataFrame, lines: pd.DataFrame, known: pd.Series) -> pd.Series:
    """Which id does each person have? Returns the ids, by unit.

    `humans` has unit, id and the person as stored; `lines` are those of the map, with unit, source and account. A unit
    keeps the id that most of its accounts have had; an id made of an account stays with that account's unit, and no id
    goes to two. An id made of a line of the map is kept where `known` (ids of people as stored) holds it, and given
    where a unit has no account. Whoever has no id yet is named for the first of his accounts.
    """
    of_map = pd.DataFrame({"unit": lines["unit"], "person": map_id(lines["source"], lines["account"])})
    claims = _claims(humans, of_map, known)
    ordered = claims.sort_values(["weight", "person", "unit"], ascending=[False, True, True])
    kept = ordered.drop_duplicates("person").drop_duplicates("unit").set_index("unit")["person"]
    fresh = ("person:" + humans["id"]).groupby(humans["unit"]).min()
    every = pd.concat([kept, fresh, of_map.groupby("unit")["person"].min()])
    found: pd.Series = every[~every.index.duplicated()].astype("str")
    return found


def map_id(source: pd.Series, account: pd.Series) -> pd.Series:
    """The id of a person of whom the map alone knows: a digest, because the account may be an e-mail address."""
    text = source + " " + account.str.casefold()
    found: pd.Series = "person:map:" + text.map(lambda each: sha256(each.encode()).hexdigest()[:16]).astype("str")
    return found


def known_by(accounts: pd.DataFrame) -> pd.DataFrame:
    """By which keys (upper and lower case alike) are accounts named?

    Returns one row per account and key: source, key, account, rank (by which of two accounts a key rather means one).
    """
    parts = [accounts["id"], *(_tail(accounts["id"], n) for n in range(1, MOST_PARTS))]
    named = [*parts, accounts["login"], accounts["email_hash"]]
    ranked = [
        pd.DataFrame({"source": accounts["source"], "account": accounts["id"], "key": key.str.casefold(), "rank": rank})
        for rank, key in enumerate(named)
    ]
    return pd.concat(ranked).dropna(subset="key")


def _claims(humans: pd.DataFrame, of_map: pd.DataFrame, known: pd.Series) -> pd.DataFrame:
    """One row per unit and id it could keep: unit, person, weight (accounts that have it)."""
    own = "person:" + humans["id"]
    had = humans[["unit", "person"]].dropna().assign(weight=1.0)
    lost = humans[["unit"]].assign(person=own, weight=0.0)[keys.is_in(own, known)]
    named = of_map.assign(weight=0.5)[keys.is_in(of_map["person"], known)].drop_duplicates()
    every = pd.concat([had, named, lost]).groupby(["unit", "person"], as_index=False)["weight"].sum()
    owner = every["person"].map(humans["unit"].set_axis(own))
    allowed: pd.DataFrame = every[owner.isna() | (owner == every["unit"])]
    return allowed


def _named_by(people_map: pd.DataFrame) -> pd.DataFrame:
    """One row per line and key it could mean: source, key, person, line."""
    account = people_map["account"].str.removeprefix("@").str.casefold()
    lines = people_map[["source", "person"]].assign(line=range(len(people_map)))
    address = account.where(account.str.contains("@", regex=False))
    return pd.concat([lines.assign(key=account), lines.assign(key=hashed(address))]).dropna(subset="key")


def _tail(ids: pd.Series, n: int) -> pd.Series:
    """What is behind the nth colon; missing where there are fewer."""
    found: pd.Series = ids.str.split(":", n=n).str[n].astype("str")
    return found
