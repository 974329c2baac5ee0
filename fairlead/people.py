"""Accounts → people: who is a bot, and which accounts are the same person.

For now every account is a person of its own; accounts of several sources are not yet matched.
"""

from collections.abc import Collection

import pandas as pd

from fairlead import frames


def is_bot(accounts: pd.DataFrame, *, bots: Collection[str] = ()) -> pd.Series:
    """Which accounts are machines?

    Those the source itself types as bots, those whose login ends in `[bot]`, and those listed in `bots` (whole
    logins, upper and lower case alike). Never by a part of the name: `robot-dreams` and `sabotag3x` are humans.
    Returns one boolean per row of `accounts`.
    """
    login = accounts["login"].str.casefold()
    listed = login.isin([bot.casefold() for bot in bots])
    return (accounts["kind"] == "bot") | login.str.endswith("[bot]", na=False) | listed


def matched(accounts: pd.DataFrame, *, bots: Collection[str] = ()) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Type the accounts and give every human one a person.

    Accounts without a login are ghosts. Bots and ghosts are nobody; placeholders of imported users (mannequins)
    are somebody. Returns the accounts with `kind`, `person`, `confidence` and `matched_by` filled, and the people.
    """
    kind = accounts["kind"].mask(is_bot(accounts, bots=bots), "bot").mask(accounts["login"].isna(), "ghost")
    human = kind.isin(["user", "mannequin"])
    typed = accounts.assign(
        login=accounts["login"].fillna("ghost"),
        kind=kind,
        person=("person:" + accounts["id"].astype("str")).where(human),
        confidence=human.astype(float).where(human),
        matched_by=pd.Series("single", accounts.index, dtype="str").where(human),
    )
    return typed, _people(typed[human])


def _people(humans: pd.DataFrame) -> pd.DataFrame:
    named = pd.DataFrame({"id": humans["person"], "name": humans["name"].fillna(humans["login"])})
    return frames.conform("people", pd.concat([frames.empty("people"), named]))
