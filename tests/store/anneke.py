"""A person of whom a store knows everything it can, to be forgotten, and a look for what is left of her."""

from functools import cache

import pandas as pd
from sqlalchemy import NullPool, Text, cast, create_engine, select

from fairlead import forgetting, frames
from fairlead.people import email_hash
from fairlead.store.schema import metadata
from tests.store.tables import rows

AT = pd.Timestamp("2025-03-31T08:00:00Z")
GITHUB, JIRA, OTHER = "github:U_anneke", "jira:site.example:557058:anneke", "github:U_bob"
PERSON = "person:github:U_anneke"
TRACES = ("anneke", "Anneke", "Vandermolen", email_hash("anneke@example.org") or "")
"""What is hers alone, as ids, logins, names and hashes hold it."""


def accounts():
    hers = {"person": PERSON, "kind": "user", "matched_by": "email", "confidence": 1.0}
    return rows(
        "accounts",
        {
            "id": GITHUB,
            "source": "github",
            "login": "anneke-v",
            "name": "Anneke Vandermolen",
            "email_hash": email_hash("anneke@example.org"),
            **hers,
        },
        {"id": JIRA, "source": "jira", "login": "anneke@work.example", "name": "A. Vandermolen", **hers},
        {"id": OTHER, "source": "github", "login": "bob", "name": "Bob", "person": "person:bob", "kind": "user"},
    )


def named_everywhere(account, n):
    """Two rows of every table, in which every column that may hold an account or person holds hers."""
    made = {}
    for name in frames.TABLES:
        if name in {"accounts", "people"}:
            continue
        theirs = dict.fromkeys(forgetting.of_accounts(name), account) | dict.fromkeys(
            forgetting.of_people(name), PERSON
        )
        apart = {each: own(name, each, n) for each in frames.IDENTITY[name] if each not in theirs}
        made[name] = rows(name, apart | theirs)
    return made


def own(name, column, n):
    kind = frames.dtypes(name)[column]
    if "datetime" in kind:
        return AT.tz_localize(None).normalize() if kind == "datetime64[us]" else AT + pd.Timedelta(days=n)
    listed = [check.statistics["allowed_values"] for check in frames.columns(name)[column].checks]
    return n if kind == "Int64" else listed[0][0] if listed else f"{column}{n}"


@cache
def batch():
    """Everything a sync might bring of her."""
    first, second = named_everywhere(GITHUB, 1), named_everywhere(JIRA, 2)
    both = {name: pd.concat([first[name], second[name]], ignore_index=True) for name in first}
    once = {name: table.drop_duplicates(list(frames.IDENTITY[name])) for name, table in both.items()}
    people = rows("people", {"id": PERSON, "name": "Anneke Vandermolen"}, {"id": "person:bob", "name": "Bob"})
    return once | {"accounts": accounts(), "people": people}


def dumped(url):
    """Every cell of every table, as text."""
    engine = create_engine(url.replace("postgresql:", "postgresql+pg8000:"), poolclass=NullPool)
    with engine.connect() as connection:
        return "\n".join(str(row) for table in metadata.tables.values() for row in connection.execute(text_of(table)))


def text_of(table):
    return select(*(cast(column, Text) for column in table.columns))


def assert_gone(url):
    held = dumped(url)
    assert [each for each in TRACES if each.casefold() in held.casefold()] == []


def forget(opened, person="anneke-v", **more):
    return opened.forget(person, AT, **more)
