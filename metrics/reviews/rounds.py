"""Review rounds: what somebody says about somebody else's pull request in one go."""

import numpy as np
import pandas as pd

from metrics.actors import actors, named
from metrics.instants import instants, micros, micros_of
from metrics.ordering import order, text_order
from metrics.reviews.waits import activity_of

ROUND = pd.Timedelta(minutes=60)
"""What follows within this belongs to the same round."""


def review_rounds(  # noqa: PLR0913 (one argument per table it reads)
    reviews: pd.DataFrame,
    comments: pd.DataFrame,
    pull_requests: pd.DataFrame,
    accounts: pd.DataFrame,
    *,
    start: pd.Timestamp,
    as_of: pd.Timestamp,
) -> pd.DataFrame:
    """Which review rounds began in `[start, as_of]`? `weekly_rounds` says what one is.

    Returns one row per round, by start_at, pull_request and person: pull_request, person (ids), start_at.
    """
    who = actors(accounts)
    rounds = rounds_of(activity_of([reviews, comments], pull_requests, who, as_of=as_of))
    rounds = rounds[rounds["at"] >= micros_of(start)]
    row, person = rounds["row"].to_numpy(), rounds["person"].to_numpy()
    by_time = order(rounds["at"].to_numpy(), text_order(pull_requests["id"])[row], person)
    return pd.DataFrame(
        {
            "pull_request": named(pull_requests["id"], row[by_time]),
            "person": who.ids(person[by_time]),
            "start_at": instants(rounds["at"].to_numpy()[by_time]),
        }
    )


def weekly_rounds(  # noqa: PLR0913 (one argument per table it reads)
    reviews: pd.DataFrame,
    comments: pd.DataFrame,
    pull_requests: pd.DataFrame,
    accounts: pd.DataFrame,
    *,
    weeks: pd.DatetimeIndex,
    as_of: pd.Timestamp,
) -> pd.DataFrame:
    """How many review rounds did each person do in each week? `weeks` holds the instants at which weeks start, sorted.

    A round is what one person says about one pull request, reviews and comments, as long as each follows the one before
    within 60 minutes: ten remarks in half an hour are one visit. It counts in the week in which it began. Comments
    count because they answer requests as reviews do. What people say of their own pull requests, bots and deleted users
    do not count. A week ends where the next one starts, the last one at `as_of`.

    Returns one row per week and person who did a round in one of them, by week and person: week_at (its start), person,
    n_rounds.
    """
    who = actors(accounts)
    rounds = rounds_of(activity_of([reviews, comments], pull_requests, who, as_of=as_of))
    edges = micros(weeks.to_series())
    week = np.searchsorted(edges, rounds["at"], side="right") - 1
    within = np.flatnonzero(week >= 0)
    person, found = pd.factorize(rounds["person"].to_numpy()[within], sort=True)
    counts = np.bincount(week[within] * len(found) + person, minlength=len(edges) * len(found))
    return pd.DataFrame(
        {
            "week_at": instants(np.repeat(edges, len(found))),
            "person": who.ids(np.tile(found, len(edges))),
            "n_rounds": counts,
        }
    )


def rounds_of(activity: pd.DataFrame) -> pd.DataFrame:
    """What `activity_of` gives, the first word of each round alone: row (pull request), person, at."""
    row, person, at = (activity[column].to_numpy() for column in ("row", "person", "at"))
    in_order = order(row, person, at)
    row, person, at = row[in_order], person[in_order], at[in_order]
    same = (row[1:] == row[:-1]) & (person[1:] == person[:-1])
    follows = np.append(False, same & (np.diff(at) <= ROUND // pd.Timedelta(microseconds=1)))[: len(at)]
    return activity.take(in_order[~follows])
