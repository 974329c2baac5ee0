"""How quickly requests are answered, and who does how much of the reviewing."""

import numpy as np
import pandas as pd

from fairlead import keys
from metrics.actors import NOBODY, actors
from metrics.balance import fair_shares
from metrics.instants import micros
from metrics.ordering import order
from metrics.survival import ROUNDING, kaplan_meier_by

MIN_SPELLS = 10
"""Fewer requests than this give no percentile: one more could move it anywhere."""
ROUND = pd.Timedelta(minutes=60)
"""Reviews of one person on one pull request that follow each other within this belong to one round."""
ACTIVE = pd.Timedelta(days=365)
PERCENTILES = {"median_hours": 0.5, "p75_hours": 0.75, "p90_hours": 0.9}
DAY_HOURS = 24.0


def response_times(spells: pd.DataFrame, *, by: str | None = None) -> pd.DataFrame:
    """How long does an answer take, requests still waiting included?

    Kaplan–Meier: requests that wait, or ended without an answer, count as "at least this long". Requests whose clock
    never ran (drafts) are left out. `by` is a column of `spells` (project, asked_person, team …); rows in which it is
    missing are left out.

    Returns one row per value of `by`, in its order (one row in all without `by`): n, n_waiting, share_waiting (0–1),
    median_hours, p75_hours, p90_hours (infinite where not reached), share_within_day (answered within 24 h, 0–1; NaN
    where nobody was followed that long), status: `ok`, `too few` (under 10: no percentiles) or `no data`.
    """
    started = spells[spells["clock_started_at"].notna()]
    if by is None:
        return _response_times(started, np.zeros(len(started), dtype=np.int64), 1)
    code, names = pd.factorize(started[by], sort=True)
    times = _response_times(started[code >= 0], code[code >= 0].astype(np.int64), len(names))
    times.insert(0, by, pd.Series(names, dtype=started[by].dtype))
    return times


def _response_times(spells: pd.DataFrame, group: np.ndarray, n_groups: int) -> pd.DataFrame:
    n = np.bincount(group, minlength=n_groups)
    n_waiting = np.bincount(group[(spells["ended_by"] == "waiting").to_numpy()], minlength=n_groups)
    curves = kaplan_meier_by(pd.Series(group, index=spells.index), spells["wait_hours"], spells["is_answered"])
    times = pd.DataFrame({"n": n, "n_waiting": n_waiting, "share_waiting": n_waiting / np.where(n > 0, n, np.nan)})
    times = times.assign(**{name: _reached(curves, q, n) for name, q in PERCENTILES.items()})
    status = np.select([n == 0, n < MIN_SPELLS], ["no data", "too few"], "ok")
    return times.assign(
        share_within_day=_share_within(curves, DAY_HOURS, n_groups), status=pd.Series(status, dtype="str")
    )


def _reached(curves: pd.DataFrame, q: float, n: np.ndarray) -> np.ndarray:
    """The time at which each group's curve reaches q; infinite where it does not, NaN for groups too small."""
    reached = curves[curves["survival"] <= 1 - q + ROUNDING].drop_duplicates("group")
    times = np.full(len(n), np.inf)
    times[reached["group"]] = reached["time"]
    return np.where(n >= MIN_SPELLS, times, np.nan)


def _share_within(curves: pd.DataFrame, hours: float, n_groups: int) -> np.ndarray:
    past = curves[curves["time"] <= hours].drop_duplicates("group", keep="last")
    survival = np.ones(n_groups)
    survival[past["group"]] = past["survival"]
    followed = np.zeros(n_groups, dtype=bool)
    followed[curves.loc[curves["time"] >= hours, "group"]] = True
    return np.where(followed | (survival <= ROUNDING), 1 - survival, np.nan)


def review_share(  # noqa: PLR0913 (one argument per table it reads)
    reviews: pd.DataFrame,
    pull_requests: pd.DataFrame,
    accounts: pd.DataFrame,
    people: pd.DataFrame,
    *,
    start: pd.Timestamp,
    as_of: pd.Timestamp,
) -> pd.DataFrame:
    """Who does how much of the reviewing, measured against what their capacity would give them?

    Counts rounds: one person's reviews of one pull request, those within 60 minutes of the one before merged into one.
    Reviews of one's own pull requests, by bots and by deleted users do not count. Eligible is who is in `people`,
    was with us in `[start, as_of]` and opened or reviewed a pull request in the year up to `as_of`; those without a
    review in the window count as zero. Capacity is `people.share`, full time where it is missing.

    Returns one row per eligible person, by id: person, n_rounds, capacity, share (of all rounds, 0–1), fair
    (rounds their capacity would give them), load_index (n_rounds / fair; above 1 is more than their share).
    """
    who = actors(accounts)
    past_year = as_of - max(ACTIVE, as_of - start)
    done = _reviews_done(reviews, pull_requests, accounts, start=past_year, as_of=as_of)
    opened = pull_requests.loc[pull_requests["created_at"].between(past_year, as_of), "author"]
    active = np.unique(np.concatenate([done["person"].to_numpy(), who.codes(opened)]))
    present = _present(people, start=start, as_of=as_of)
    code = keys.positions(present["id"].astype("str"), who.people)
    eligible = present[np.isin(code, active[active != NOBODY])]
    rounds = _rounds(done[done["at"] >= start])
    n_rounds = np.bincount(rounds["person"], minlength=len(who.people))
    counted = pd.DataFrame(
        {
            "person": eligible["id"].astype("str").to_numpy(),
            "n": n_rounds[keys.positions(eligible["id"].astype("str"), who.people)],
            "capacity": eligible["share"].fillna(1.0).to_numpy(),
        }
    ).astype({"person": "str"})
    return fair_shares(counted.sort_values("person", ignore_index=True)).rename(columns={"n": "n_rounds"})


def _reviews_done(
    reviews: pd.DataFrame,
    pull_requests: pd.DataFrame,
    accounts: pd.DataFrame,
    *,
    start: pd.Timestamp,
    as_of: pd.Timestamp,
) -> pd.DataFrame:
    """Reviews people made of others' pull requests: row (pull request), person, at."""
    who = actors(accounts)
    made = reviews.loc[reviews["at"].between(start, as_of), ["pull_request", "author", "at"]]
    row, person = keys.positions(made["pull_request"], pull_requests["id"]), who.codes(made["author"])
    author = np.append(who.codes(pull_requests["author"]), NOBODY)[row]
    of_others = (row >= 0) & (person != NOBODY) & (person != author)
    done = pd.DataFrame({"row": row, "person": person, "at": made["at"].array})
    return done.take(np.flatnonzero(of_others))


def _rounds(done: pd.DataFrame) -> pd.DataFrame:
    """The first review of each round."""
    row, person, at = done["row"].to_numpy(), done["person"].to_numpy(), micros(done["at"])
    in_order = order(row, person, at)
    row, person, at = row[in_order], person[in_order], at[in_order]
    same = (row[1:] == row[:-1]) & (person[1:] == person[:-1])
    follows = np.append(False, same & (np.diff(at) <= ROUND // pd.Timedelta(microseconds=1)))[: len(at)]
    return done.take(in_order)[~follows]


def _present(people: pd.DataFrame, *, start: pd.Timestamp, as_of: pd.Timestamp) -> pd.DataFrame:
    """Those who had started by `as_of` and not left before `start`. Days are read in UTC."""
    first, last = start.tz_localize(None).normalize(), as_of.tz_localize(None)
    is_gone = (people["start_on"] > last) | (people["leave_on"] < first)
    return people.drop(index=people.index[is_gone])
