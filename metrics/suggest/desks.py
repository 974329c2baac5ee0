"""How much waits for whom, at any instant."""

from dataclasses import dataclass, replace

import pandas as pd

from fairlead import keys
from fairlead.frames import Frames, empty
from metrics import intervals
from metrics.actors import Codes
from metrics.instants import DAY, NEVER, Micros, instants
from metrics.ordering import Integers
from metrics.reviews import response_spells, waiting_stretches
from metrics.suggest.tallies import Tally, tally
from metrics.suggest.work import Work, work_on

BUSY_DAYS = 30
"""For so long after a review, or a comment, an open pull request is still on somebody's desk."""
DESK = ["pull_request", "person"]


@dataclass(frozen=True)
class Counter:
    """How many intervals each person has open at an instant; what ends at an instant is over."""

    begun: Tally
    over: Tally

    def at(self, person: Codes, at: Micros) -> Integers:
        """The count for each person at each instant."""
        return self.begun.count(person, at) - self.over.count(person, at)


@dataclass(frozen=True)
class Loads:
    """`requests`: those that wait for a person. `open`: the pull requests on a person's desk, these among them."""

    requests: Counter
    open: Counter


def loads(frames: Frames, *, as_of: pd.Timestamp, since: pd.Timestamp) -> Loads:
    """How much is there for each person, at any instant from `since` to `as_of`?

    On a desk is a pull request of somebody else that waits for an answer of this person (asked by name: a request to
    a team waits for nobody in particular), or that is open and in which they said something in the last `BUSY_DAYS`.
    Pull requests that rest for longer are on nobody's desk, even where they stay open for years.
    """
    # Only the last closing is told: what was closed by then for good is on no desk any more.
    lively = frames.pull_requests[~(frames.pull_requests["closed_at"] <= since)]
    events, reviews, comments = (
        table[keys.is_in(table["pull_request"], lively["id"])]
        for table in (frames.pull_request_events, frames.reviews, frames.comments)
    )
    told = replace(frames, pull_requests=lively, pull_request_events=events, reviews=reviews, comments=comments)
    work = work_on(told, as_of=as_of)
    waiting = _waiting(told, as_of=as_of)
    desks = intervals.union(pd.concat([waiting, _busy(work, events)]), by=DESK)
    return Loads(_counter(waiting, work), _counter(desks, work))


def _counter(spans: pd.DataFrame, work: Work) -> Counter:
    start, end = intervals.edges(spans["start_at"], spans["end_at"])
    person = keys.positions(spans["person"], work.who.people)
    return Counter(tally(person, start), tally(person[end != NEVER], end[end != NEVER]))


def _waiting(frames: Frames, *, as_of: pd.Timestamp) -> pd.DataFrame:
    """The stretches in which requests waited: pull_request, person, edges. Drafts wait for nobody."""
    pulls, events, no_teams = frames.pull_requests, frames.pull_request_events, empty("team_members")
    spells = response_spells(pulls, events, frames.reviews, frames.comments, frames.accounts, no_teams, as_of=as_of)
    stretches = waiting_stretches(spells, pulls, events, as_of=as_of)
    return stretches.rename(columns={"asked_person": "person"})[[*DESK, *intervals.SPAN]]


def _busy(work: Work, pull_request_events: pd.DataFrame) -> pd.DataFrame:
    """The stretches in which pull requests were open and somebody had lately spoken: pull_request, person, edges."""
    said = work.said
    spoke = pd.DataFrame(
        {
            "pull_request": work.known["id"].astype("str").take(said.of).array,
            "person": work.who.ids(said.person),
            "start_at": instants(said.at),
            "end_at": instants(said.at + BUSY_DAYS * DAY),
        }
    )
    states = intervals.pull_request_states(work.known, pull_request_events, as_of=work.as_of)
    is_open = states.loc[states["state"] == "active", ["item", *intervals.SPAN]]
    spans = is_open.assign(pull_request=is_open["item"].astype("str")).drop(columns="item")
    return intervals.intersect(intervals.union(spoke, by=DESK), spans, on="pull_request")
