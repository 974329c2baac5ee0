"""Review requests, and how long they wait for an answer."""

import numpy as np
import pandas as pd

from metrics.actors import NOBODY, Actors, actors, named
from metrics.instants import HOUR, NEVER, instants, micros, micros_of
from metrics.ordering import order, text_order
from metrics.reviews.clock import Clock, known_by, review_clock
from metrics.reviews.subjects import Subjects, subjects
from metrics.reviews.waits import activity_of, first_words, request_waits, requests_of

ENDED_BY = pd.Series(["answered", "removed", "merged", "closed", "waiting"], dtype="str")
TIMING = ["requested_at", "clock_started_at", "ended_at", "ended_by", "wait_hours", "is_answered", "responder"]
SPELL_COLUMNS = ["pull_request", "project", "author", "asked", "asked_person", "team", *TIMING, "is_running"]


def response_spells(  # noqa: PLR0913, PLR0917 (one argument per table it reads)
    pull_requests: pd.DataFrame,
    pull_request_events: pd.DataFrame,
    reviews: pd.DataFrame,
    comments: pd.DataFrame,
    accounts: pd.DataFrame,
    team_members: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
    start: pd.Timestamp | None = None,
) -> pd.DataFrame:
    """How long did, or does, each review request wait for an answer?

    The clock runs while the review is requested and the pull request is ready (no draft) and open. An answer is the
    first review or comment after the request by the person asked, by any member where a team is asked; the author's
    own and bots' activity is none. A removed request, a merge or a last closing end the wait without an answer. Asking
    again after an end is a new request; asking again while waiting is not. At one instant ends come before starts.

    Requests to bots, deleted users and teams whose members are not known are left out (`left_out` counts them), and,
    where `start` is given, those that ended before it. Membership has no history: a team's members are those of now.

    Returns one row per request, ordered by requested_at, pull_request and asked: pull_request, project, author (person
    id; account id where no person is known), asked (account or team id), asked_person, team (one of the two is
    missing), requested_at, clock_started_at (missing where the clock never ran), ended_at (missing while waiting),
    ended_by (answered, removed, merged, closed, waiting), wait_hours (elapsed hours on the clock), is_answered,
    responder (person id), is_running (waiting, and the clock runs at `as_of`).
    """
    of = subjects(accounts, team_members)
    known = known_by(pull_requests, as_of=as_of, start=start)
    requests = requests_of(pull_request_events, known, of, as_of=as_of)
    known, requests = _only_asked(known, requests)
    waits = request_waits(requests, activity_of([reviews, comments], known, of.actors, as_of=as_of), of)
    asked = pull_request_events["subject"]
    row, source = waits["row"].to_numpy(), waits["source"].to_numpy()
    by_time = order(waits["start"].to_numpy(), text_order(known["id"])[row], text_order(asked.take(source)))
    timed = _timed(waits.take(by_time), review_clock(known, pull_request_events, as_of=as_of), as_of=as_of)
    if start is not None:
        timed = timed[timed["end"] >= micros_of(start)]
    return _described(timed, known, of.actors).assign(**_asked(timed, asked, of))[SPELL_COLUMNS]


def first_human_response(  # noqa: PLR0913 (one argument per table it reads)
    pull_requests: pd.DataFrame,
    pull_request_events: pd.DataFrame,
    reviews: pd.DataFrame,
    comments: pd.DataFrame,
    accounts: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
    start: pd.Timestamp | None = None,
) -> pd.DataFrame:
    """How long did, or does, each pull request wait for the first word of a person who is not its author?

    The clock starts when the pull request is opened and ready, whether or not a review is asked for; it pauses in
    drafts and while closed. A merge or a last closing end the wait without an answer. Where `start` is given, pull
    requests closed before it are left out.

    Returns one row per pull request, by requested_at and pull_request: pull_request, project, author, requested_at
    (its creation), and from clock_started_at on the columns of `response_spells`.
    """
    known = known_by(pull_requests, as_of=as_of, start=start)
    who = actors(accounts)
    activity = activity_of([reviews, comments], known, who, as_of=as_of)
    waits = first_words(activity, micros(known["created_at"]))
    by_time = order(waits["start"].to_numpy(), text_order(known["id"]))
    timed = _timed(waits.take(by_time), review_clock(known, pull_request_events, as_of=as_of), as_of=as_of)
    return _described(timed, known, who)


def _only_asked(known: pd.DataFrame, requests: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Pull requests with a request, and the requests by their new rows."""
    is_asked = np.zeros(len(known), dtype=bool)
    is_asked[requests["row"]] = True
    return known[is_asked].reset_index(drop=True), requests.assign(row=(np.cumsum(is_asked) - 1)[requests["row"]])


def _timed(waits: pd.DataFrame, clock: Clock, *, as_of: pd.Timestamp) -> pd.DataFrame:
    """Waits with their end, its cause (a place in `ENDED_BY`), and the hours on the clock."""
    row, start, stop = (waits[column].to_numpy() for column in ("row", "start", "stop"))
    ended = clock.ended[row]
    stopped = (stop != NEVER) & (stop <= ended)
    end = np.where(stopped, stop, np.maximum(ended, start))
    answered = stopped & waits["is_answered"].to_numpy()
    causes = [answered, stopped, (ended != NEVER) & clock.is_merged[row], ended != NEVER]
    waited, clock_started = clock.waits(row, start, np.minimum(end, micros_of(as_of)))
    return waits.assign(
        end=end,
        cause=np.select(causes, range(4), 4),
        is_answered=answered,
        person=np.where(answered, waits["person"], NOBODY),
        wait_hours=waited / HOUR,
        clock_started=clock_started,
        is_running=(end == NEVER) & clock.runs_now()[row],
    )


def _described(timed: pd.DataFrame, known: pd.DataFrame, who: Actors) -> pd.DataFrame:
    """Numbers back to ids and instants."""
    row = timed["row"].to_numpy()
    return pd.DataFrame(
        {
            "pull_request": named(known["id"], row),
            "project": named(known["project"], row),
            "author": named(who.ids_or_accounts(known["author"]), row),
            "requested_at": instants(timed["start"].to_numpy()),
            "clock_started_at": instants(timed["clock_started"].to_numpy()),
            "ended_at": instants(timed["end"].to_numpy()),
            "ended_by": named(ENDED_BY, timed["cause"].to_numpy()),
            "wait_hours": timed["wait_hours"].to_numpy(),
            "is_answered": timed["is_answered"].to_numpy(),
            "responder": who.ids(timed["person"].to_numpy()),
            "is_running": timed["is_running"].to_numpy(),
        }
    )


def _asked(timed: pd.DataFrame, asked: pd.Series, of: Subjects) -> dict[str, pd.Series]:
    """Whom each request asks: asked (as the source names it), and either asked_person or team."""
    subject, n_people = timed["subject"].to_numpy(), len(of.actors.people)
    return {
        "asked": named(asked, timed["source"].to_numpy()),
        "asked_person": of.actors.ids(np.where(subject < n_people, subject, NOBODY)),
        "team": named(of.teams, np.where(subject >= n_people, subject - n_people, NOBODY)),
    }
