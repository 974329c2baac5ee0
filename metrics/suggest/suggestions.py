"""Names for pull requests, with what speaks for them."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from fairlead import keys
from fairlead.frames import Frames
from metrics.actors import Actors, named
from metrics.instants import DAY, Micros, micros_of
from metrics.ordering import Flags, Integers, Numbers
from metrics.presence import is_here
from metrics.suggest.areas import areas
from metrics.suggest.candidates import Candidates, Past, candidates
from metrics.suggest.desks import loads
from metrics.suggest.naming import FIRST_NAMES, NAMES, order_of_names, ranked, score
from metrics.suggest.teaching import teaching
from metrics.suggest.work import work_on

COLUMNS = [
    "pull_request", "person", "rank", "score", "n_files_known", "n_files", "n_reviewed", "n_reviewed_of_author",
    "days_since_last", "n_open", "n_requests", "is_learner",
]  # fmt: skip


def suggestions(
    frames: Frames, wanted: pd.Series, *, as_of: pd.Timestamp, most_requests: int, zone: str
) -> pd.DataFrame:
    """Who should review each of the pull requests `wanted` (ids), asked at `as_of`?

    Candidates did something in the project within a year. Not asked are the author, bots and deleted users, who has
    left or not started, who is away that day in their zone (`zone` where none of theirs is known) or works no part of
    their time, and whoever has `most_requests` or more requests waiting. What speaks for somebody: how much they lately
    reviewed in the project, how much of this author, and how well they know the touched files, or the folder where a
    file is new. The five whom most speaks for are named; who of them come first, and in which order, depends on what is
    open for them. Where a single person knows what is touched, they are named with a learner: somebody near, with
    little open.

    Returns one row per pull request and name, by pull request and rank, three to five each where so many can be asked:
    pull_request, person, rank (from 1), score (shares of reviews, of this author's reviews halved, and of expertise,
    added), n_files_known and n_files (touched files, `MOST_FILES` at most), n_reviewed (pull requests of the project
    they reviewed in the last `RECENT_DAYS`), n_reviewed_of_author (ever), days_since_last (since they last did
    anything in the project), n_open (pull requests on their desk: see `metrics.suggest.desks`), n_requests (those of
    them that wait for an answer), is_learner.
    """
    work = work_on(frames, as_of=as_of, among=wanted.astype("str"))
    ids = work.known["id"].astype("str")
    row = np.flatnonzero(keys.is_in(ids, wanted.astype("str")))
    row = row[np.argsort(ids.take(row).to_numpy(), kind="stable")]
    load = loads(frames, as_of=as_of, since=as_of)
    past = Past.of(work, areas(work, frames.files, row), load, row)
    at = np.full(len(row), micros_of(as_of))
    found = candidates(past, row, at)
    scores, may = score(found, len(row)), can_be_asked(found, work.who, frames, at, Limits(most_requests, zone))
    is_set, learns = teaching(found, scores, may, work.who, frames.team_members)
    rank = ranked(order_of_names, found, scores, is_set, may)
    return _described(found, scores, rank, learns, ids.take(row), work.who)


@dataclass(frozen=True)
class Limits:
    """Whom not to ask: who has so many requests waiting, and who is away; the zone of those who tell none."""

    most_requests: int
    zone: str


def can_be_asked(found: Candidates, who: Actors, frames: Frames, at: Micros, limits: Limits) -> Flags:
    """Whether each candidate is here at the instant of their query, and has room for a request."""
    row = keys.positions(who.people, frames.people["id"].astype("str"))[found.person]
    here = is_here(frames.people, frames.time_off, row, at[found.query], zone=limits.zone)
    return here & (found.n_requests < limits.most_requests)


def _described(  # noqa: PLR0913, PLR0917 (what was found, and how to name it)
    found: Candidates, scores: Numbers, rank: Integers, learns: Flags, ids: pd.Series, who: Actors
) -> pd.DataFrame:
    # The first three are named whoever they are, more only if anything speaks for them.
    place = np.flatnonzero((rank > 0) & (rank <= NAMES) & ((scores > 0) | (rank <= FIRST_NAMES)))
    place = place[np.lexsort((rank[place], found.query[place]))]
    counts = ("n_files_known", "n_files", "n_reviewed", "n_reviewed_of_author", "n_open", "n_requests")
    return pd.DataFrame(
        {
            "pull_request": named(ids, found.query[place]),
            "person": who.ids(found.person[place]),
            "rank": rank[place],
            "score": scores[place],
            **{name: getattr(found, name)[place] for name in counts},
            "days_since_last": found.since_last[place] / DAY,
            "is_learner": learns[place],
        }
    )[COLUMNS]
