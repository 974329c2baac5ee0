"""Several milestones together: the chance that all are on time, and what each one costs it.

Milestones of one project are worked on by the same people in the same weeks: a bad week of one is a bad week of the
others. They are simulated in the same weeks to come and at the same pace, those of different projects apart. Only the
order of the futures is taken from there; the chance of each milestone stays that of its own forecast.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from metrics.forecast.engine import DEFAULT, Futures, Weeks, seed_of, trials_to_finish
from metrics.forecast.history import History
from metrics.forecast.outlook import LEAST_WEEKS
from metrics.forecast.standing import Standing
from metrics.instants import micros_of
from metrics.ordering import Flags, Numbers


@dataclass(frozen=True)
class Together:
    """The chance (0–1) that all of so many milestones are on time; NaN where there are none that can be told of.

    `on_time` is that chance, `unrelated` what it were if nothing connected them (the product), `weakest` that of the
    least likely one, which no programme can beat. `without` has one row per milestone: milestone (id), p_on_time, and
    others_on_time (the chance of all the others).
    """

    on_time: float
    unrelated: float
    weakest: float
    without: pd.DataFrame


def together(
    history: History,
    foreseen: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
    futures: Futures = DEFAULT,
) -> Together:
    """Will all of them be on time?

    `foreseen` are rows of `forecasts` at `as_of`; those without p_on_time (no due date, or nothing can be said) are not
    part of it.
    """
    rows = foreseen[foreseen["p_on_time"].notna()].reset_index(drop=True)
    chances = rows["p_on_time"].to_numpy(dtype=float)
    if rows.empty:
        return Together(float("nan"), float("nan"), float("nan"), _without(rows, np.empty((0, 0), dtype=bool)))
    ranks = _ranks(history, list(rows["milestone"]), micros_of(as_of), futures)
    is_on_time = ranks < chances[:, None]
    return Together(
        on_time=float(is_on_time.all(axis=0).mean()),
        unrelated=float(np.prod(chances)),
        weakest=float(chances.min()),
        without=_without(rows, is_on_time),
    )


def _without(rows: pd.DataFrame, is_on_time: Flags) -> pd.DataFrame:
    others = [np.delete(is_on_time, place, axis=0).all(axis=0).mean() for place in range(len(rows))]
    return rows[["milestone", "p_on_time"]].assign(others_on_time=np.array(others, dtype=float))


def _ranks(history: History, milestones: Sequence[str], at: int, futures: Futures) -> Numbers:
    """At which part (0–1) of its own futures each milestone (row) ends in each future they share."""
    places = [history.ids.index(each) for each in milestones]
    stands = [history.standing(place, at) for place in places]
    shared = _shared_weeks(history, places, stands)
    ends = [
        _ends(history, place, each, shared.get(str(history.known["project"].iloc[place]), 0), at=at, futures=futures)
        for place, each in zip(places, stands, strict=True)
    ]
    return np.vstack([_rank(each) for each in ends])


def _shared_weeks(history: History, places: list[int], stands: list[Standing]) -> dict[str, int]:
    """How many past weeks all milestones of a project have, of those that have enough for a pace of their own."""
    projects = history.known["project"].iloc[places].astype("str")
    weeks = pd.Series([len(each.finished) for each in stands], index=projects)
    return {str(project): int(n) for project, n in weeks[weeks >= LEAST_WEEKS].groupby(level=0).min().items()}


def _ends(  # noqa: PLR0913 (one milestone at an instant, and what its futures are drawn from)
    history: History, place: int, stands: Standing, n_weeks: int, *, at: int, futures: Futures
) -> Weeks:
    """When it ends in each shared future, in any unit that orders them."""
    own = seed_of(history.ids[place], at)
    if not LEAST_WEEKS <= n_weeks <= len(stands.finished) or not stands.finished[-n_weeks:].any():
        # Nothing is known of its pace: what it has to do with the others cannot be said, and is left to chance.
        return np.random.default_rng(own).permutation(futures.trials).astype(np.float32)
    shared = replace(stands, finished=stands.finished[-n_weeks:], arrived=stands.arrived[-n_weeks:])
    seed = seed_of(str(history.known["project"].iloc[place]), at)
    return trials_to_finish(shared, seed=seed, futures=futures)


def _rank(ends: Weeks) -> Numbers:
    place = np.empty(len(ends), dtype=np.float64)
    place[np.argsort(ends, kind="stable")] = np.arange(len(ends))
    return place / len(ends)
