"""Who does how much of the reviewing."""

import numpy as np
import pandas as pd

from fairlead import keys
from metrics.actors import NOBODY, actors
from metrics.balance import fair_shares
from metrics.instants import micros_of
from metrics.reviews.rounds import rounds_of
from metrics.reviews.waits import activity_of

ACTIVE = pd.Timedelta(days=365)


def review_share(  # noqa: PLR0913 (one argument per table it reads)
    reviews: pd.DataFrame,
    comments: pd.DataFrame,
    pull_requests: pd.DataFrame,
    accounts: pd.DataFrame,
    people: pd.DataFrame,
    *,
    start: pd.Timestamp,
    as_of: pd.Timestamp,
    capacity: pd.Series,
) -> pd.DataFrame:
    """Who does how much of the reviewing, measured against what their capacity would give them?

    Counts the review rounds (`weekly_rounds` says what one is) that began in `[start, as_of]`. Eligible is who is in
    `people`, was with us in `[start, as_of]` and in the year up to `as_of` opened a pull request or said something
    about somebody else's; those without a round in the window count as zero. `capacity` is in hours, indexed by person.

    Returns one row per eligible person, by id: person, n_rounds, capacity, share (of all rounds, 0–1), fair
    (rounds their capacity would give them), load_index (n_rounds / fair; above 1 is more than their share).
    """
    who = actors(accounts)
    done = activity_of([reviews, comments], pull_requests, who, as_of=as_of)
    past_year = as_of - max(ACTIVE, as_of - start)
    opened = pull_requests.loc[pull_requests["created_at"].between(past_year, as_of), "author"]
    said = done.loc[done["at"] >= micros_of(past_year), "person"]
    active = np.unique(np.concatenate([said.to_numpy(), who.codes(opened)]))
    present = _present(people, start=start, as_of=as_of)
    code = keys.positions(present["id"].astype("str"), who.people)
    is_eligible = np.isin(code, active[active != NOBODY])
    rounds = rounds_of(done)
    n_rounds = np.bincount(rounds["person"][rounds["at"] >= micros_of(start)], minlength=len(who.people))
    person = present.loc[is_eligible, "id"].astype("str").reset_index(drop=True)
    counted = pd.DataFrame(
        {
            "person": person,
            "capacity": capacity.reindex(person).to_numpy(float),
            "n": n_rounds[code[is_eligible]],
        }
    )
    shares = fair_shares(counted.sort_values("person", ignore_index=True)).rename(columns={"n": "n_rounds"})
    return shares[["person", "n_rounds", "capacity", "share", "fair", "load_index"]]


def _present(people: pd.DataFrame, *, start: pd.Timestamp, as_of: pd.Timestamp) -> pd.DataFrame:
    """Those who had started by `as_of` and not left before `start`. Days are read in UTC."""
    first, last = start.tz_localize(None).normalize(), as_of.tz_localize(None)
    is_gone = (people["start_on"] > last) | (people["leave_on"] < first)
    return people.drop(index=people.index[is_gone])
