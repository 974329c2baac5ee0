"""Who is in which team: by GitHub, by people.csv and by the settings. Teams of one name are one team."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from fairlead import frames

OWN = "team:"
"""How ids of teams begin that only the map or the settings know."""


@dataclass(frozen=True)
class Stated:
    """Memberships that people wrote down: team (name), person (id); and what of it could not be used."""

    members: pd.DataFrame
    warnings: tuple[str, ...] = ()


def by_map(people_map: pd.DataFrame, person: pd.Series) -> pd.DataFrame:
    """The memberships of the map's lines, whose person ids are `person`: team (name), person (id)."""
    named = pd.DataFrame({"team": people_map["team"].str.split(";"), "person": person}).explode("team")
    return _tidy(named)


def by_settings(teams: Mapping[str, tuple[str, ...]], accounts: pd.DataFrame, people: pd.DataFrame) -> Stated:
    """The memberships of the settings: members are named by login, else by the person's name; case does not matter.

    Who is named by nobody's login and name, or by several people's, is left out, and a warning says where he stands.
    """
    rows = [(team, place, who) for team, listed in teams.items() for place, who in enumerate(listed, 1)]
    listed = pd.DataFrame(rows, columns=["team", "place", "who"]).astype({"team": "str", "who": "str"})
    key = listed["who"].str.strip().str.removeprefix("@").str.casefold()
    by_login = key.map(_only(accounts["login"], accounts["person"])).astype("str")
    by_name = key.map(_only(people["name"], people["id"])).astype("str")
    found = listed.assign(person=by_login.fillna(by_name))
    unknown = found[found["person"].isna()].groupby("team", sort=False)["place"].apply(list)
    warnings = tuple(
        f"people.teams.{team}: {_places(places)}: nobody's login or name, or several people's. Write a login."
        for team, places in unknown.items()
    )
    return Stated(_tidy(found), warnings)


def united(teams: pd.DataFrame, members: pd.DataFrame, stated: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The teams of the sources with what was written down; where a name is the same (case alike), it is one team.

    A team of the sources keeps its id, because review requests name it by its id; where several sources' teams have
    one name, what was written down belongs to the first of them, and they stay apart. Returns teams and team_members.
    """
    theirs = teams[~teams["id"].str.startswith(OWN)].sort_values("id")
    first = theirs.assign(key=_key(theirs["name"])).drop_duplicates("key").set_index("key")["id"]
    named = stated.assign(key=_key(stated["team"])).sort_values(["key", "team"])
    id_of = named["key"].map(first).astype("str").fillna(OWN + named["key"].str.replace(r"\s+", "-", regex=True))
    ours = pd.DataFrame({"id": id_of, "name": named["team"]}).drop_duplicates("id")
    every = pd.concat([theirs, ours[~ours["id"].isin(theirs["id"])]])
    joined = pd.concat([members, pd.DataFrame({"team": id_of, "person": named["person"]})])
    return _conformed("teams", every, ["id"]), _conformed("team_members", joined, ["team", "person"])


def _only(names: pd.Series, ids: pd.Series) -> pd.Series:
    """Name → id, of names that are one person's."""
    pairs = pd.DataFrame({"name": names.str.strip().str.casefold(), "id": ids}).dropna().drop_duplicates()
    return pairs.drop_duplicates("name", keep=False).set_index("name")["id"]


def _tidy(named: pd.DataFrame) -> pd.DataFrame:
    kept = named[["team", "person"]].astype({"team": "str", "person": "str"}).dropna()
    kept = kept.assign(team=kept["team"].str.split().str.join(" "))
    return kept[kept["team"] != ""].drop_duplicates(ignore_index=True)


def _key(names: pd.Series) -> pd.Series:
    return names.str.split().str.join(" ").str.casefold()


def _places(places: list[int]) -> str:
    return f"member{'s' if len(places) > 1 else ''} {', '.join(map(str, places))}"


def _conformed(name: str, rows: pd.DataFrame, order: list[str]) -> pd.DataFrame:
    return frames.conform(name, rows.drop_duplicates(order).sort_values(order))
