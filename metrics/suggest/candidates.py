"""Who could review, and what was known of them at the instant of asking."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from metrics.actors import NOBODY
from metrics.instants import DAY, Micros
from metrics.ordering import Flags, Integers, Numbers, distinct, is_among, repeated, starts_and_counts
from metrics.suggest.areas import Areas
from metrics.suggest.desks import Loads
from metrics.suggest.expertise import knowledge
from metrics.suggest.tallies import Tally, tally
from metrics.suggest.work import Work, together

ACTIVE_DAYS = 365
"""Who has neither reviewed nor opened anything in a project for so long is not asked."""
RECENT_DAYS = 90
"""What counts as recently where reviews are counted for the reader."""


@dataclass(frozen=True)
class Past:
    """Everything that is asked of the past, by person: `seen` per project, `reviewed` per project, `of_author`."""

    work: Work
    areas: Areas
    loads: Loads
    seen: Tally
    reviewed: Tally
    of_author: Tally

    @classmethod
    def of(cls, work: Work, areas: Areas, loads: Loads, asked: Integers) -> Self:
        """Count once what has to be known for the pull requests in the rows `asked`: their projects, their authors."""
        opened, said, reviewed = work.opened(), work.said, work.reviewed
        here = np.zeros(int(work.project.max(initial=-1)) + 1, dtype=bool)
        here[work.project[asked]] = True
        theirs = np.zeros(work.n_people + 1, dtype=bool)
        theirs[work.author[asked]] = True
        theirs[NOBODY] = False
        seen, in_project = (each.of_those(here[work.project[each.of]]) for each in (together([said, opened]), reviewed))
        of_author, n = reviewed.of_those(theirs[work.author[reviewed.of]]), work.n_people
        return cls(
            work,
            areas,
            loads,
            seen=tally(work.project[seen.of] * n + seen.person, seen.at),
            reviewed=tally(work.project[in_project.of] * n + in_project.person, in_project.at),
            of_author=tally(work.author[of_author.of] * n + of_author.person, of_author.at),
        )


@dataclass(frozen=True)
class Candidates:
    """One row per query and person who was active in its project, by query and person.

    popularity and familiarity: reviews in the project, and of this author's changes, recent ones counting more.
    expertise: 0–1, see `metrics.suggest.expertise`. since_last: since their last deed in the
    project, in microseconds. n_*: as the columns of `suggestions`.
    """

    query: Integers
    person: Integers
    popularity: Numbers
    familiarity: Numbers
    expertise: Numbers
    n_files_known: Integers
    is_near: Flags
    n_files: Integers
    n_reviewed: Integers
    n_reviewed_of_author: Integers
    since_last: Micros
    n_open: Integers
    n_requests: Integers

    def __len__(self) -> int:
        """How many rows."""
        return len(self.query)


def candidates(past: Past, row: Integers, at: Micros) -> Candidates:
    """Everybody who may be asked to review the pull requests in these rows, each at its instant, but their authors."""
    work = past.work
    query, person, last = _active(past, row, at)
    when, of = at[query], row[query]
    here = work.project[of] * work.n_people + person
    by_author = np.where(work.author[of] == NOBODY, -1, work.author[of] * work.n_people + person)
    known = knowledge(past.areas, row, at)
    pair = query * work.n_people + person
    place, knows = np.searchsorted(known.pair, pair), is_among(pair, known.pair)
    n_files = np.bincount(past.areas.touched.row, minlength=len(work.known))
    return Candidates(
        query=query,
        person=person,
        popularity=past.reviewed.weight(here, when),
        familiarity=past.of_author.weight(by_author, when),
        expertise=np.where(knows, np.append(known.score, 0.0)[place], 0.0),
        n_files_known=np.where(knows, np.append(known.n_known, 0)[place], 0),
        is_near=is_among(pair, known.near),
        n_files=n_files[of],
        n_reviewed=past.reviewed.count(here, when) - past.reviewed.count(here, when - RECENT_DAYS * DAY),
        n_reviewed_of_author=past.of_author.count(by_author, when),
        since_last=when - last,
        n_open=past.loads.open.at(person, when),
        n_requests=past.loads.requests.at(person, when),
    )


def _active(past: Past, row: Integers, at: Micros) -> tuple[Integers, Integers, Micros]:
    """Each query with everybody who did something in its project in the days before: query, person, last deed."""
    work, seen = past.work, past.seen
    lately = (seen.at > at.min(initial=np.iinfo(np.int64).max) - ACTIVE_DAYS * DAY) & (seen.at <= at.max(initial=0))
    groups = distinct(seen.group[lately])
    project, person = groups // max(work.n_people, 1), groups % max(work.n_people, 1)
    firsts, counts = starts_and_counts(project, int(work.project.max(initial=-1)) + 1)
    query, nth = repeated(counts[work.project[row]])
    place = firsts[work.project[row]][query] + nth
    last = seen.last(groups[place], at[query])
    active = (last > at[query] - ACTIVE_DAYS * DAY) & (person[place] != work.author[row][query])
    return query[active], person[place][active], last[active]
