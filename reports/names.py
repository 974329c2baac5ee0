"""Ids → what people read."""

import pandas as pd

from fairlead.access import VisibleFrames

NOBODY = "Nobody"
SOMEBODY = "Somebody"
"""An account that is not known, or that is no person's and is seen by somebody who may not see logins."""


def named(frames: VisibleFrames, ids: pd.Series) -> pd.Series:
    """The name of each person, account or team; `Somebody` where the id is unknown, `Nobody` where it is missing."""
    people = pd.concat([_names(frames.people, "name"), _names(frames.teams, "name")])
    accounts = _names(frames.accounts, "login").replace("", SOMEBODY)
    person = frames.accounts.set_index(accounts.index)["person"].astype("str").map(people)
    known = pd.concat([people, person.fillna(accounts)])
    asked = ids.astype("str")
    told = asked.map(known[~known.index.duplicated()]).fillna(SOMEBODY)
    return told.where(asked.notna(), NOBODY).astype("str")


def _names(table: pd.DataFrame, column: str) -> pd.Series:
    return table[column].set_axis(table["id"].astype("str"))
