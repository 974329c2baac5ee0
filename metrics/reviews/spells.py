"""Review requests, and how long they wait for an answer."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from fairlead import keys
from metrics.actors import NOBODY, Actors, Codes, actors, named
from metrics.instants import HOUR, NEVER, instants, micros, micros_of
from metrics.ordering import order, order_by_name, repeated, starts_and_counts
from metrics.reviews.clock import Clock, review_clock

REQUEST_KINDS = ("review_requested", "review_request_removed")
ENDED_BY = pd.Series(["answered", "removed", "merged", "closed", "waiting"], dtype="str")
TIMING = ["requested_at", "clock_started_at", "ended_at", "ended_by", "wait_hours", "is_answered", "responder"]
SPELL_COLUMNS = ["pull_request", "project", "author", "asked", "asked_person", "team", *TIMING, "is_running"]
PULL_REQUEST_COLUMNS = ["id", "project", "author", "is_draft", "created_at", "merged_at", "closed_at"]
EVENT_COLUMNS = ["pull_request", "seq", "at", "kind", "subject"]


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
    teams = team_members["team"].astype("str").drop_duplicates().sort_values(ignore_index=True)
    team = keys.positions(team_members["team"].astype("str"), teams)
    person = keys.positions(team_members["person"].astype("str"), who.people)
    by_person = order(person, team)[int((person < 0).sum()) :]
    return Subjects(who, teams, team[by_person], person[by_person])


def response_spells(
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
    asking = pull_request_events.loc[pull_request_events["kind"].isin(REQUEST_KINDS), EVENT_COLUMNS]
    known = _known(pull_requests, as_of=as_of, start=start)
    known = known[keys.is_in(known["id"], asking["pull_request"])].reset_index(drop=True)
    of = subjects(accounts, team_members)
    requests = _requests(asking, known, of, as_of=as_of)
    activity = _activity([reviews, comments], known, of.actors, as_of=as_of)
    waits = _waits(requests, _answers(activity, requests, of), of)
    timed = _timed(waits, review_clock(known, pull_request_events, as_of=as_of), as_of=as_of)
    if start is not None:
        timed = timed[timed["end"] >= micros_of(start)]
    timed = timed.take(
        order_by_name(
            timed["start"].to_numpy(),
            names=lambda tied: _names(timed.take(tied), known, asking["subject"]),
        )
    )
    return _described(timed, known, of.actors).assign(**_asked(timed, asking["subject"], of))[SPELL_COLUMNS]


def first_human_response(
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
    known = _known(pull_requests, as_of=as_of, start=start)
    who = actors(accounts)
    activity = _activity([reviews, comments], known, who, as_of=as_of)
    waits = _first_words(activity, micros(known["created_at"]))
    timed = _timed(waits, review_clock(known, pull_request_events, as_of=as_of), as_of=as_of)
    timed = timed.take(order_by_name(timed["start"].to_numpy(), names=lambda tied: _names(timed.take(tied), known)))
    return _described(timed, known, who)


def _known(pull_requests: pd.DataFrame, *, as_of: pd.Timestamp, start: pd.Timestamp | None) -> pd.DataFrame:
    """Created by `as_of`, and not closed before `start`."""
    known = pull_requests["created_at"] <= as_of
    if start is not None:
        known &= ~(pull_requests["closed_at"] < start)
    return pull_requests.loc[known, PULL_REQUEST_COLUMNS].reset_index(drop=True)


def _requests(asking: pd.DataFrame, known: pd.DataFrame, of: Subjects, *, as_of: pd.Timestamp) -> pd.DataFrame:
    """Requests and removals: row (pull request), subject, at, seq, asks (else removes), source (place in `asking`)."""
    row, subject = keys.positions(asking["pull_request"], known["id"]), of.codes(asking["subject"])
    author = np.append(of.actors.codes(known["author"]), NOBODY)[row]
    at = micros(asking["at"])
    usable = np.flatnonzero((row >= 0) & (subject != NOBODY) & (subject != author) & (at <= micros_of(as_of)))
    return pd.DataFrame(
        {
            "row": row[usable],
            "subject": subject[usable],
            "at": at[usable],
            "seq": asking["seq"].to_numpy(np.int64)[usable],
            "asks": (asking["kind"] == REQUEST_KINDS[0]).to_numpy()[usable],
            "source": usable,
        }
    )


def _activity(tables: list[pd.DataFrame], known: pd.DataFrame, who: Actors, *, as_of: pd.Timestamp) -> pd.DataFrame:
    """What people other than the author said: row (pull request), person, at."""
    author = np.append(who.codes(known["author"]), NOBODY)
    parts = []
    for table in tables:
        row, person = keys.positions(table["pull_request"], known["id"]), who.codes(table["author"])
        at = micros(table["at"])
        said = (row >= 0) & (person != NOBODY) & (person != author[row]) & (at <= micros_of(as_of))
        parts.append(pd.DataFrame({"row": row[said], "person": person[said], "at": at[said]}))
    return pd.concat(parts, ignore_index=True)


def _answers(activity: pd.DataFrame, requests: pd.DataFrame, of: Subjects) -> pd.DataFrame:
    """Activity as the people and the teams it may answer for: the columns of `activity` and subject."""
    n_people = len(of.actors.people)
    teams_asked = np.bincount(requests.loc[requests["subject"] >= n_people, "row"], minlength=activity["row"].max() + 1)
    for_teams = activity[teams_asked[activity["row"]] > 0] if len(activity) else activity
    firsts, counts = starts_and_counts(of.member_person, n_people)
    which, nth = repeated(counts[for_teams["person"]])
    team = of.member_team[firsts[for_teams["person"].to_numpy()[which]] + nth]
    return pd.concat(
        [activity.assign(subject=activity["person"]), for_teams.take(which).assign(subject=team + n_people)],
        ignore_index=True,
    )


def _waits(requests: pd.DataFrame, answers: pd.DataFrame, of: Subjects) -> pd.DataFrame:
    """One row per request that starts a wait: row, subject, source, start, stop, is_answered, person (who answered).

    Requests and answers of each pair of pull request and subject are laid out in order, ends before starts at one
    instant. A wait starts where a request does not follow another one, and stops at the next row that is no request.
    """
    pair, pairs = pd.factorize(requests["row"].to_numpy() * of.n + requests["subject"].to_numpy())
    pair_answered = pd.Index(pairs).get_indexer(answers["row"].to_numpy() * of.n + answers["subject"].to_numpy())
    said = answers[["at", "person"]][pair_answered >= 0]
    n_requests, n = len(requests), len(requests) + len(said)
    pair = np.concatenate([pair, pair_answered[pair_answered >= 0]])
    at = np.concatenate([requests["at"], said["at"]])
    rank = np.concatenate([requests["seq"] + len(of.actors.people), said["person"]])
    row = order(pair, at, rank)
    pair, at = pair[row], at[row]
    asks = np.concatenate([requests["asks"], np.zeros(len(said), dtype=bool)])[row]
    follows_ask = np.append(False, asks[:-1] & (pair[1:] == pair[:-1]))[:n]
    first = np.flatnonzero(asks & ~follows_ask)
    after = np.minimum.accumulate(np.where(asks, n, np.arange(n))[::-1])[::-1][first]
    stops = np.append(pair, -1)[after] == pair[first]
    answer = np.where(stops, np.maximum(np.append(row, 0)[after] - n_requests, -1), -1)  # a removal is none
    waits = requests[["row", "subject", "source"]].take(row[first])
    return waits.assign(
        start=at[first],
        stop=np.where(stops, np.append(at, NEVER)[after], NEVER),
        is_answered=answer >= 0,
        person=np.where(answer >= 0, np.append(said["person"], NOBODY)[answer], NOBODY),
    )


def _first_words(activity: pd.DataFrame, created: Codes) -> pd.DataFrame:
    """One row per pull request, with the columns of `_waits` that matter here."""
    row, at, person = (activity[column].to_numpy() for column in ("row", "at", "person"))
    later = at > created[row]
    stop = np.full(len(created), NEVER)
    np.minimum.at(stop, row[later], at[later])
    first = at == stop[row]
    responder = np.full(len(created), NEVER)
    np.minimum.at(responder, row[first], person[first])
    answered = stop != NEVER
    return pd.DataFrame(
        {
            "row": np.arange(len(created)),
            "start": created,
            "stop": stop,
            "is_answered": answered,
            "person": np.where(answered, responder, NOBODY),
        }
    )


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


def _names(timed: pd.DataFrame, known: pd.DataFrame, asked: pd.Series | None = None) -> pd.DataFrame:
    names = pd.DataFrame({"pull_request": named(known["id"], timed["row"].to_numpy())})
    return names if asked is None else names.assign(asked=named(asked, timed["source"].to_numpy()))


def _described(timed: pd.DataFrame, known: pd.DataFrame, who: Actors) -> pd.DataFrame:
    """Numbers back to ids and instants."""
    row = timed["row"].to_numpy()
    author = who.ids(who.codes(known["author"])).fillna(known["author"].astype("str"))
    return pd.DataFrame(
        {
            "pull_request": named(known["id"], row),
            "project": named(known["project"], row),
            "author": named(author, row),
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
