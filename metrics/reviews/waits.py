"""Requests, removals and activity → waits.

All in numbers, for speed: pull requests by row, people and teams by code, instants in microseconds.
"""

import numpy as np
import pandas as pd

from fairlead import keys
from metrics.actors import NOBODY, Actors, Codes
from metrics.instants import NEVER, Micros, micros, micros_of
from metrics.ordering import order, repeated, starts_and_counts
from metrics.reviews.subjects import Subjects

REQUESTED = "review_requested"
REQUEST_KINDS = pd.Series([REQUESTED, "review_request_removed"], dtype="str")


def requests_of(events: pd.DataFrame, known: pd.DataFrame, of: Subjects, *, as_of: pd.Timestamp) -> pd.DataFrame:
    """Requests and removals: row (pull request), subject, at, seq, asks (else removes), source (place in `events`)."""
    kind, row = keys.positions(events["kind"], REQUEST_KINDS), keys.positions(events["pull_request"], known["id"])
    at = micros(events["at"])
    source = np.flatnonzero((kind >= 0) & (row >= 0) & (at <= micros_of(as_of)))
    kind, row, at, seq = kind[source], row[source], at[source], events["seq"].to_numpy(np.int64)[source]
    subject = of.codes(events["subject"].take(source))
    is_usable = (subject != NOBODY) & (subject != of.actors.codes(known["author"])[row])
    requests = {"row": row, "subject": subject, "at": at, "seq": seq, "asks": kind == 0, "source": source}
    return pd.DataFrame({name: column[is_usable] for name, column in requests.items()})


def activity_of(tables: list[pd.DataFrame], known: pd.DataFrame, who: Actors, *, as_of: pd.Timestamp) -> pd.DataFrame:
    """What people other than the author said by `as_of`: row (pull request), person, at."""
    until = np.full(len(known), micros_of(as_of))
    parts = [said_of_others(table, known, who, until=until) for table in tables]
    return pd.concat([part[["row", "person", "at"]] for part in parts], ignore_index=True)


def said_of_others(table: pd.DataFrame, pull_requests: pd.DataFrame, who: Actors, *, until: Micros) -> pd.DataFrame:
    """Reviews or comments of people on others' pull requests, up to an instant for each of these, that included.

    Returns one row per review or comment: row (of the pull request), person, at, place (in `table`).
    """
    row, at = keys.positions(table["pull_request"], pull_requests["id"]), micros(table["at"])
    in_time = np.flatnonzero((row >= 0) & (at <= np.append(until, NEVER)[row]))
    row, person = row[in_time], who.codes(table["author"].take(in_time))
    others = (person != NOBODY) & (person != who.codes(pull_requests["author"])[row])
    place = in_time[others]
    return pd.DataFrame({"row": row[others], "person": person[others], "at": at[place], "place": place})


def _answers(activity: pd.DataFrame, requests: pd.DataFrame, of: Subjects) -> pd.DataFrame:
    """Activity as the people and the teams it may answer for: the columns of `activity` and subject."""
    n_people = len(of.actors.people)
    asks_team = np.zeros(activity["row"].max() + 1 if len(activity) else 0, dtype=bool)
    teams_asked = requests.loc[requests["subject"] >= n_people, "row"]
    asks_team[teams_asked[teams_asked < len(asks_team)]] = True
    for_teams = activity[asks_team[activity["row"]]]
    firsts, counts = starts_and_counts(of.member_person, n_people)
    which, nth = repeated(counts[for_teams["person"]])
    team = of.member_team[firsts[for_teams["person"].to_numpy()[which]] + nth]
    return pd.concat(
        [activity.assign(subject=activity["person"]), for_teams.take(which).assign(subject=team + n_people)],
        ignore_index=True,
    )


def request_waits(requests: pd.DataFrame, activity: pd.DataFrame, of: Subjects) -> pd.DataFrame:
    """One row per request that starts a wait: row, subject, source, start, stop, is_answered, person (who answered)."""
    answers = _answers(activity, requests, of)
    pair, pairs = pd.factorize(requests["row"].to_numpy() * of.n + requests["subject"].to_numpy())
    answered = pd.Index(pairs).get_indexer(answers["row"].to_numpy() * of.n + answers["subject"].to_numpy())
    requests = requests.assign(pair=pair)
    answers = answers[["at", "person"]].assign(pair=answered)[answered >= 0]
    # Most reviewers are asked once. Putting only the other histories in order halves the time.
    is_long = np.bincount(pair, minlength=len(pairs)) > 1
    once, often = requests[~is_long[pair] & requests["asks"].to_numpy()], requests[is_long[pair]]
    in_long = is_long[answers["pair"]]
    parts = [_short_waits(once, answers[~in_long], len(pairs)), _long_waits(often, answers[in_long], of)]
    return pd.concat(parts, ignore_index=True)


def _short_waits(requests: pd.DataFrame, answers: pd.DataFrame, n_pairs: int) -> pd.DataFrame:
    """The waits of pairs of pull request and subject with a single request, which the first later answer ends."""
    start = np.full(n_pairs, NEVER)
    start[requests["pair"]] = requests["at"]
    stop, person = first_after(
        start, answers["pair"].to_numpy(), answers["at"].to_numpy(), answers["person"].to_numpy()
    )
    pair = requests["pair"].to_numpy()
    return requests[["row", "subject", "source"]].assign(
        start=requests["at"], stop=stop[pair], is_answered=stop[pair] != NEVER, person=person[pair]
    )


def _long_waits(requests: pd.DataFrame, answers: pd.DataFrame, of: Subjects) -> pd.DataFrame:
    """The waits of pairs of pull request and subject with a longer history.

    Requests, removals and answers of each pair are laid out in order, ends before starts at one instant. A wait starts
    where a request does not follow another one, and stops at the next row that is no request.
    """
    n_requests, n = len(requests), len(requests) + len(answers)
    pair = np.concatenate([requests["pair"], answers["pair"]])
    at = np.concatenate([requests["at"], answers["at"]])
    rank = np.concatenate([requests["seq"] + len(of.actors.people), answers["person"]])
    row = order(pair, at, rank)
    pair, at = pair[row], at[row]
    asks = np.concatenate([requests["asks"], np.zeros(len(answers), dtype=bool)])[row]
    follows_ask = np.append(False, asks[:-1] & (pair[1:] == pair[:-1]))[:n]
    first = np.flatnonzero(asks & ~follows_ask)
    after = np.minimum.accumulate(np.where(asks, n, np.arange(n))[::-1])[::-1][first]
    stops = np.append(pair, -1)[after] == pair[first]
    answer = np.maximum(np.where(stops, np.append(row, 0)[after] - n_requests, -1), -1)
    return (
        requests[["row", "subject", "source"]]
        .take(row[first])
        .assign(
            start=at[first],
            stop=np.where(stops, np.append(at, NEVER)[after], NEVER),
            is_answered=answer >= 0,
            person=np.append(answers["person"], NOBODY)[answer],
        )
    )


def first_after(start: Micros, group: Codes, at: Micros, person: Codes) -> tuple[Micros, Codes]:
    """When each group first hears of something after its start (else `NEVER`), and from whom (else `NOBODY`)."""
    later = at > start[group]
    first = np.full(len(start), NEVER)
    np.minimum.at(first, group[later], at[later])
    is_first = at == first[group]
    who = np.full(len(start), NEVER)
    np.minimum.at(who, group[is_first], person[is_first])
    return first, np.where(first == NEVER, NOBODY, who)


def first_words(activity: pd.DataFrame, created: Micros) -> pd.DataFrame:
    """One row per pull request, with the columns of `request_waits` that matter here."""
    columns = (activity[column].to_numpy() for column in ("row", "at", "person"))
    stop, person = first_after(created, *columns)
    return pd.DataFrame(
        {
            "row": np.arange(len(created)),
            "start": created,
            "stop": stop,
            "is_answered": stop != NEVER,
            "person": person,
        }
    )
