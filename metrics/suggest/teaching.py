"""Where one person alone knows what is touched, somebody should learn it by reviewing beside them."""

import numpy as np
import pandas as pd

from fairlead import keys
from metrics.actors import Actors
from metrics.ordering import Flags, Numbers, repeated, starts_and_counts
from metrics.suggest.candidates import Candidates
from metrics.suggest.naming import ranks


def teaching(
    found: Candidates, scores: Numbers, may: Flags, who: Actors, team_members: pd.DataFrame
) -> tuple[Flags, Flags]:
    """Who has to be named: the only one who knows, and somebody who learns beside them. And who of them learns.

    The only one is meant among all who are active, here or away; one who cannot be asked teaches nobody. A teacher
    without anybody to teach stands by their score.
    """
    knows = found.n_files_known > 0
    teaches = knows & may & (np.bincount(found.query, knows)[found.query] == 1)
    learns = _learners(found, scores, may, teaches, _are_mates(found, teaches, who, team_members))
    return learns | (teaches & np.isin(found.query, found.query[learns])), learns


def _learners(found: Candidates, scores: Numbers, may: Flags, teaches: Flags, is_mate: Flags) -> Flags:
    """One candidate for each pull request with a teacher: near to it, and with the least open.

    Near is who is in a team with the teacher, or has worked in a folder that is touched.
    """
    has_teacher = np.isin(found.query, found.query[teaches])
    near = np.flatnonzero(has_teacher & may & ~teaches & (is_mate | found.is_near))
    rank = ranks(found.query[near], -found.n_open[near], scores[near])
    chosen = np.zeros(len(found), dtype=bool)
    chosen[near[rank == 1]] = True
    return chosen


def _are_mates(found: Candidates, teaches: Flags, who: Actors, team_members: pd.DataFrame) -> Flags:
    """Whether each candidate shares a team with the teacher of their query, who is a mate of their own."""
    person = keys.positions(team_members["person"].astype("str"), who.people)
    team = pd.factorize(team_members["team"].astype("str"))[0].astype(np.int64)
    team, person = team[person >= 0], person[person >= 0]
    by_person = np.argsort(person, kind="stable")
    firsts, counts = starts_and_counts(person[by_person], max(len(who.people), 1))
    place, nth = repeated(counts[found.person])
    teams = team[by_person][firsts[found.person][place] + nth]
    key = found.query[place] * (int(team.max(initial=0)) + 1) + teams
    is_mate = np.zeros(len(found), dtype=bool)
    is_mate[place[np.isin(key, key[teaches[place]])]] = True
    return is_mate
