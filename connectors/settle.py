"""Say of every account whose it is: after a sync, and when `people.csv` or `[people]` has changed."""

from fairlead import people
from fairlead.config import PeopleSettings
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
