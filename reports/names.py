"""Ids → what people read."""

import pandas as pd

from fairlead import keys
from fairlead.access import VisibleFrames
from fairlead.access.redaction import NOT_SHOWN

NOBODY = "Nobody"
SOMEBODY = "Somebody"
"""An account that is not known, or that is no person's and is seen by somebody who may not see logins."""


def named(frames: VisibleFrames, ids: pd.Series) -> pd.Series:
    """The name of each person, account or team; `Somebody` where it is unknown or hidden, `Nobody` where missing."""
    people = pd.concat([_people(frames), _names(frames.teams, "name")])
    accounts = _names(frames.accounts, "login").replace("", SOMEBODY)
    person = frames.accounts.set_index(accounts.index)["person"].astype("str").map(people)
    known = pd.concat([people, person.fillna(accounts)])
    asked = ids.astype("str")
    told = asked.map(known[~known.index.duplicated()]).fillna(SOMEBODY)
    return told.where(asked.notna(), NOBODY).astype("str")


def _people(frames: VisibleFrames) -> pd.Series:
    """People by name; `Somebody in Core` for who sees figures of groups alone.

    A pseudonym that always stands beside the same work would soon be known.
    """
    names = _names(frames.people, "name")
    if frames.smallest <= 1:
        return names
    teams = _names(frames.teams, "name").rename("team_name")
    members = (
        frames.team_members.astype({"team": "str", "person": "str"}).join(teams, on="team").sort_values("team_name")
    )
    team = members.drop_duplicates("person").set_index("person")["team_name"]
    told = (f"{SOMEBODY} in " + names.index.to_series().map(team).astype("str")).fillna(SOMEBODY)
    return names.where(names.index.isin(frames.closely), told)


def _names(table: pd.DataFrame, column: str) -> pd.Series:
    return table[column].set_axis(table["id"].astype("str"))


def titled(items: pd.DataFrame) -> pd.Series:
    """`FL-12 Mend the roof` of each item; its key alone where its title is not shown."""
    return items["key"] + (" " + items["title"]).where(items["title"] != NOT_SHOWN, "")


def facts(table: pd.DataFrame, ids: pd.Series, columns: list[str]) -> pd.DataFrame:
    """Columns of the rows that ids name, in the order of the ids; text as plain text, so that what is missing shows."""
    row = keys.positions(ids, table["id"].astype("str"))
    found = table[columns].take(row).reset_index(drop=True)
    return found.astype({name: "str" for name in columns if pd.api.types.is_string_dtype(found[name].dtype)})


def by_week(frames: VisibleFrames, weekly: pd.DataFrame, column: str) -> pd.DataFrame:
    """A figure per person and week as people read it, by name and week: name, week_on, the column."""
    table = weekly.assign(
        name=named(frames, weekly["person"]), week_on=weekly["week_at"].dt.tz_localize(None).dt.normalize()
    )
    return table[["name", "week_on", column]].sort_values(["name", "week_on"], ignore_index=True)
