"""Who did what on which pull request, and when: what people can be known to know.

All in numbers, for speed: pull requests by row, people by code, instants in microseconds.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd

from fairlead import keys
from fairlead.frames import Frames
from metrics.actors import NOBODY, Actors, Codes, actors
from metrics.instants import Micros, instants_or_never, micros, micros_of
from metrics.ordering import Flags, Integers
from metrics.reviews.waits import activity_of
from metrics.suggest.tallies import tally

PULL_REQUEST_COLUMNS = ["id", "project", "author", "created_at", "merged_at", "closed_at", "is_draft"]


@dataclass(frozen=True)
class Deeds:
    """Somebody does something about something: `of` (a pull request's row, an area), person, at."""

    of: Integers
    person: Codes
    at: Micros

    def of_those(self, chosen: Integers | Flags) -> Self:
        """The deeds at these places."""
        return type(self)(self.of[chosen], self.person[chosen], self.at[chosen])


def together(parts: Iterable[Deeds]) -> Deeds:
    """All of them as one, in this order."""
    of, person, at = (np.concatenate(columns) for columns in zip(*((p.of, p.person, p.at) for p in parts), strict=True))
    return Deeds(of, person, at)


@dataclass(frozen=True)
class Work:
    """Pull requests created by `as_of` and the work on them.

    `known`: the pull requests; project and author: their codes. `said`: every review and comment of people other than
    the author. `reviewed`: the first one of each person on each pull request, in the order of pull requests.
    """

    known: pd.DataFrame
    who: Actors
    project: Integers
    author: Codes
    created: Micros
    said: Deeds
    reviewed: Deeds
    as_of: pd.Timestamp

    @property
    def n_people(self) -> int:
        """How many people have a code."""
        return len(self.who.people)

    def owned(self) -> Deeds:
        """Merged pull requests as work of their authors, at their merge."""
        merged = instants_or_never(self.known["merged_at"])
        row = np.flatnonzero((self.author != NOBODY) & (merged <= micros_of(self.as_of)))
        return Deeds(row, self.author[row], merged[row])

    def opened(self) -> Deeds:
        """Pull requests as what their authors did, at their creation."""
        row = np.flatnonzero(self.author != NOBODY)
        return Deeds(row, self.author[row], self.created[row])


def work_on(frames: Frames, *, as_of: pd.Timestamp, among: pd.Series | None = None) -> Work:
    """What was done by `as_of`, in the projects of the pull requests `among` (in all where none are given)?

    Comments count beside reviews: many projects review in the conversation, and early data have no formal reviews.
    """
    is_known = frames.pull_requests["created_at"] <= as_of
    known = frames.pull_requests.loc[is_known, PULL_REQUEST_COLUMNS].reset_index(drop=True)
    if among is not None:
        asked = known["project"][keys.is_in(known["id"].astype("str"), among)].drop_duplicates()
        known = known[known["project"].isin(asked)].reset_index(drop=True)
    who = actors(frames.accounts)
    activity = activity_of([frames.reviews, frames.comments], known, who, as_of=as_of)
    said = Deeds(*(activity[column].to_numpy() for column in ("row", "person", "at")))
    project = pd.factorize(known["project"], sort=True)[0].astype(np.int64)
    author, created = who.codes(known["author"]), micros(known["created_at"])
    return Work(known, who, project, author, created, said, _firsts(said, len(who.people)), as_of)


def _firsts(said: Deeds, n_people: int) -> Deeds:
    """The first deed of each person on each pull request, in the order of pull requests."""
    by_pair = tally(said.of * max(n_people, 1) + said.person, said.at).firsts()
    return Deeds(*np.divmod(by_pair.group, max(n_people, 1)), by_pair.at)
