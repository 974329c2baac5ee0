"""Which accounts are machines, and which are nobody's any more."""

from collections.abc import Collection

import pandas as pd


def is_bot(accounts: pd.DataFrame, *, bots: Collection[str] = ()) -> pd.Series:
    """Which accounts are machines?

    Those the source itself types as bots, those whose login ends in `[bot]`, and those listed in `bots` (whole
    logins, upper and lower case alike). Never by a part of the name: `robot-dreams` and `sabotag3x` are humans.
    Returns one boolean per row of `accounts`.
    """
    login = accounts["login"].str.casefold()
    listed = login.isin([bot.casefold() for bot in bots])
    return (accounts["kind"] == "bot") | login.str.endswith("[bot]", na=False) | listed


def typed(accounts: pd.DataFrame, *, whose: pd.DataFrame, bots: Collection[str]) -> pd.DataFrame:
    """What kind is each account, by its source, the map and the settings?

    `whose` holds what the map says: account, person (missing: nobody's). Accounts that it or `bots` makes bots are
    marked `manual` in matched_by, so that they can be undone: a marked bot counts as a user until it is listed anew.
    An account without a login is a ghost. Returns `accounts` with kind and matched_by (missing but for those marked).
    """
    kind = accounts["kind"].mask((accounts["kind"] == "bot") & (accounts["matched_by"] == "manual"), "user")
    kind = kind.mask(accounts["login"] == "", "ghost")
    plain = accounts.assign(kind=kind, login=accounts["login"].replace("", "ghost"))
    machine = is_bot(plain)
    named, nobodys = (accounts["id"].isin(whose.loc[flag, "account"]) for flag in _split(whose))
    by_hand = (nobodys | (is_bot(plain, bots=bots) & ~named)) & ~machine & (kind != "ghost")
    mark = pd.Series("manual", accounts.index, dtype="str").where(by_hand)
    return plain.assign(kind=kind.mask(machine & (kind != "ghost") | by_hand, "bot"), matched_by=mark)


def _split(whose: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    return whose["person"].notna(), whose["person"].isna()
