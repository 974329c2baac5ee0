"""Ids → what people read."""

import pandas as pd

from fairlead.access import VisibleFrames

NOBODY = "Nobody"
SOMEBODY = "Somebody"
"""An account that is no person's, seen by somebody who may not see logins."""


def named(frames: VisibleFrames, ids: pd.Series) -> pd.Series:
    """The name of each person, account or team; the id itself where it is unknown, `Nobody` where it is missing."""
    people = pd.concat([_names(frames.people, "name"), _names(frames.teams, "name")])
    accounts = _names(frames.accounts, "login").replace("", SOMEBODY)
    person = frames.accounts.set_index(accounts.index)["person"].astype("str").map(people)
    known = pd.concat([people, person.fillna(accounts)])
    asked = ids.astype("str")
    return asked.map(known[~known.index.duplicated()]).fillna(asked).fillna(NOBODY).astype("str")


def _names(table: pd.DataFrame, column: str) -> pd.Series:
    return table[column].set_axis(table["id"].astype("str"))
