"""Who is meant by a login, a name or an e-mail address that somebody wrote down."""

import unicodedata
from dataclasses import dataclass

import pandas as pd

from fairlead.people import persons
from fairlead.people.emails import email_hash

OF_NAME = 100
"""The rank of a name: a login or an address goes before it."""
OF_MAP = -1
"""The rank of what people.csv says, which is always right."""


@dataclass(frozen=True)
class Register:
    """Whom a text can mean. What several people are called means nobody.

    `keys` leads from logins, account ids, hashes of addresses and names to persons, `names` from names alone.
    """

    keys: dict[str, str | None]
    names: dict[str, str | None]

    def person(self, text: str) -> str | None:
        """Who is meant by a whole text: an account id or login, an e-mail address, or a name. Case does not matter."""
        plain = _key(text.strip().removeprefix("@"))
        return self.keys.get(plain) or (self.of_address(text) if "@" in plain else None)

    def of_address(self, address: str) -> str | None:
        """Whose e-mail address it is."""
        return self.keys.get(email_hash(address) or "") or self.keys.get(_key(address.strip()))

    def named_first(self, text: str) -> str | None:
        """Whose name a text begins with, `Ann Lee – vacation`; of names that begin alike the longest counts.

        A name of one word is often a word of the language: behind it must come a mark or nothing at all.
        """
        plain = _key(" ".join(text.split()))
        ends = [end for end in range(len(plain), 0, -1) if _ends_at(plain, end)]
        longest = next((plain[:end] for end in ends if plain[:end] in self.names), None)
        return None if longest is None else self.names[longest]


def register(people: pd.DataFrame, accounts: pd.DataFrame, people_map: pd.DataFrame) -> Register:
    """What is each person called? The tables are those of one settling, `people_map` as `load_map` gives it."""
    names = pd.DataFrame({"key": people["name"], "person": people["id"], "rank": OF_NAME})
    id_of = names.drop_duplicates("key", keep=False).set_index("key")["person"]
    account = people_map["account"].str.removeprefix("@")
    of_map = pd.DataFrame({"key": account, "person": people_map["person"].map(id_of), "rank": OF_MAP})
    known = persons.known_by(accounts)
    of_accounts = known.assign(person=known["account"].map(accounts.set_index("id")["person"]))
    every = [_plain(table) for table in (of_map, of_accounts, names)]
    return Register(_only(pd.concat(every)), _only(every[-1]))


def _plain(named: pd.DataFrame) -> pd.DataFrame:
    """One row per key, person and rank, as text."""
    rows = named[["key", "person", "rank"]].astype({"key": "str", "person": "str"}).dropna()
    return rows.assign(key=rows["key"].str.normalize("NFC").str.strip().str.casefold())


def _only(named: pd.DataFrame) -> dict[str, str | None]:
    """Key → person, where those of the lowest rank are one; else nobody."""
    first = named[named["rank"] == named.groupby("key")["rank"].transform("min")].drop_duplicates(["key", "person"])
    several = first["key"].duplicated(keep=False)
    clear = first[~several]
    return dict.fromkeys(first.loc[several, "key"]) | dict(zip(clear["key"], clear["person"], strict=True))


def _key(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold()


def _ends_at(text: str, end: int) -> bool:
    """Whether a name may end there: `ann lee-smith` is not ann lee, and `will be away` is not will."""
    behind = text[end : end + 2]
    if text[end - 1].isspace() or behind[:1].isalnum() or (behind[:1] == "-" and behind[1:].isalnum()):
        return False
    goes_on = behind[:1].isspace() and behind[1:].isalnum()
    return not goes_on or " " in text[:end]
