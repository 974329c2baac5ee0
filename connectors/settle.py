"""Say of every account whose it is: after a sync, and when `people.csv` or `[people]` has changed."""

from collections.abc import Iterator

import pandas as pd

from connectors import Finding, time_off
from fairlead import people
from fairlead.config import PeopleSettings, Settings
from fairlead.errors import FairleadError
from fairlead.people import Settled
from fairlead.store import Store

READ = ("accounts", "people", "teams", "team_accounts")


def settle(store: Store, settings: PeopleSettings) -> Settled:
    """Match accounts to people and write who is who, in one transaction.

    Raises:
        ConfigError: the map of accounts to people cannot be used.
        StoreError: the store cannot be read or written.
    """
    known = store.read(tables=READ)
    settled = people.settle(
        known.accounts,
        people.load_map(settings.file),
        settings=settings,
        members=known.team_accounts.rename(columns={"account": "person"}),
        teams=known.teams,
        known_people=known.people,
    )
    store.write(
        {
            "accounts": settled.accounts,
            "people": settled.people,
            "teams": settled.teams,
            "team_members": settled.team_members,
        },
        source="people",
        replaced=("people", "teams", "team_members"),
        is_edition=True,
    )
    return settled


def check(store: Store, settings: Settings, *, now: pd.Timestamp) -> Iterator[Finding]:
    """Try the map of people and what says when they are away; faults are findings. Nothing is written."""
    try:
        n_named = len(people.load_map(settings.people.file))
        yield Finding(is_good=True, says=f"people: {n_named} accounts are named in {settings.people.file.name}")
    except FairleadError as error:
        yield Finding(is_good=False, says=str(error))
    else:
        yield from time_off.check(store, settings, now=now)
