"""Who did it: accounts → people. Bots, ghosts (deleted users) and unknown accounts are nobody."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from fairlead import keys
from fairlead.tables import HUMAN_KINDS

Codes = npt.NDArray[np.int64]

NOBODY = -1


@dataclass(frozen=True)
class Actors:
    """Accounts and the people behind them; a person's code is the place of the id in `people`, which is sorted."""

    accounts: pd.Series
    code_of_account: Codes
    people: pd.Series

    def codes(self, values: pd.Series) -> Codes:
        """The person behind each account id; `NOBODY` for bots, ghosts, unknown accounts and missing ids."""
        return np.append(self.code_of_account, NOBODY)[keys.positions(values, self.accounts)]

    def ids_or_accounts(self, values: pd.Series) -> pd.Series:
        """The person id behind each account id; the account id itself where no person is known."""
        return self.ids(self.codes(values)).fillna(values.astype("str").reset_index(drop=True))

    def ids(self, codes: Codes) -> pd.Series:
        """The person id of each code, missing for `NOBODY`."""
        return named(self.people, codes)


def actors(accounts: pd.DataFrame) -> Actors:
    """The people behind accounts. An account that is matched to nobody is a person of its own, under its own id."""
    human = accounts["kind"].isin(HUMAN_KINDS).to_numpy()
    person = accounts["person"].astype("str").fillna(accounts["id"].astype("str"))
    people = person[human].drop_duplicates().sort_values(ignore_index=True)
    codes = np.where(human, keys.positions(person, people), NOBODY)
    return Actors(accounts["id"].reset_index(drop=True), codes, people)


def named(ids: pd.Series, places: Codes) -> pd.Series:
    """The id at each place, as plain text; missing for negative places."""
    if isinstance(ids.dtype, pd.CategoricalDtype):
        codes = np.append(ids.cat.codes.to_numpy(np.int64), NOBODY)
        return named(ids.cat.categories.to_series(), codes[np.where(places < 0, NOBODY, places)])
    text = pa.array(ids, pa.large_string())
    return pd.Series(text.take(pa.array(places, mask=places < 0)), dtype="str")


def kinds(values: pd.Series, accounts: pd.DataFrame) -> pd.Series:
    """What kind of account each id names: user, bot, ghost, mannequin; `unknown` where it names none."""
    return named(accounts["kind"], keys.positions(values, accounts["id"])).fillna("unknown")
