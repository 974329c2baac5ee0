"""Whom a review can be asked of."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from fairlead import keys
from metrics.actors import Actors, Codes, actors
from metrics.ordering import order


@dataclass(frozen=True)
class Subjects:
    """Whom a review can be asked of, in one numbering: people first, then teams with known members."""

    actors: Actors
    teams: pd.Series
    member_team: Codes
    member_person: Codes

    @property
    def n(self) -> int:
        """How many there are."""
        return len(self.actors.people) + len(self.teams)

    def codes(self, asked: pd.Series) -> Codes:
        """Who is asked; `NOBODY` for bots, ghosts, and teams whose members are not known."""
        team = keys.positions(asked, self.teams)
        return np.where(team >= 0, team + len(self.actors.people), self.actors.codes(asked))


def subjects(accounts: pd.DataFrame, team_members: pd.DataFrame) -> Subjects:
    """People by their accounts and teams by their members. Members without an account never act."""
    who = actors(accounts)
    teams = team_members["team"].drop_duplicates().reset_index(drop=True)
    team = keys.positions(team_members["team"], teams)
    person = keys.positions(team_members["person"].astype("str"), who.people)
    by_person = order(person, team)[int((person < 0).sum()) :]
    return Subjects(who, teams, team[by_person], person[by_person])
