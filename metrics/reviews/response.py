"""How quickly requests are answered, and how long each stage of a change takes: waits in a few numbers."""

import numpy as np
import pandas as pd

from metrics.ordering import Integers
from metrics.survival import curves_by, quantile_by, restricted_mean_by, share_by

MIN_SPELLS = 10
"""Fewer waits than this give no percentile: one more could move it anywhere."""
PERCENTILES = {"median_hours": 0.5, "p75_hours": 0.75, "p90_hours": 0.9}
ENDS = pd.CategoricalDtype(["answered", "unanswered"])
"""How a wait ends for good. Who takes a request back might still have had an answer: that wait is censored."""


def response_times(
    spells: pd.DataFrame,
    *,
    within: float,
    horizon: float,
    by: str | None = None,
    hours: str = "wait_hours",
) -> pd.DataFrame:
    """How long does an answer take, requests still waiting included?

    Kaplan–Meier: requests that wait, or ended without an answer, count as "at least this long". Requests whose clock
    never ran (drafts) are left out. `hours` names the column of `spells` that holds the waits, on whichever clock;
    `within` and `horizon` are hours on the same clock. `by` is a column of `spells` (project, asked_person, team …);
    rows in which it is missing are left out.

    share_within is Kaplan–Meier's: how many would be answered within that time if nothing were merged or closed before
    its answer. share_answered_within and share_ended_within are Aalen & Johansen's: a merge or a closing without an
    answer rules the answer out, so that these shares really get one, and end without one, within that time.

    Returns one row per value of `by`, in its order (one row in all without `by`): n, n_waiting, share_waiting (0–1),
    median_hours, p75_hours, p90_hours (infinite where not reached), share_within, share_answered_within and
    share_ended_within (0–1; NaN where nobody was followed that long), restricted_mean_hours (the average, no wait
    counted beyond `horizon`), status: `ok`, `too few` (under 10: no percentiles) or `no data`.
    """
    columns = [hours, "is_answered", "ended_by", *([by] if by else [])]  # the rest of millions of rows is not moved
    started = spells.loc[spells["clock_started_at"].notna(), columns]
    if by is None:
        return _response_times(started, np.zeros(len(started), dtype=np.int64), 1, hours, within, horizon)
    code, names = pd.factorize(started[by], sort=True)
    known = np.flatnonzero(code >= 0)
    times = _response_times(started.take(known), code[known].astype(np.int64), len(names), hours, within, horizon)
    times.insert(0, by, pd.Series(names, dtype=started[by].dtype))
    return times


def _response_times(  # noqa: PLR0913, PLR0917 (what is asked of the waits)
    spells: pd.DataFrame, group: Integers, n_groups: int, hours: str, within: float, horizon: float
) -> pd.DataFrame:
    groups, waited = pd.Series(group, index=spells.index), spells[hours]
    curves, shares = curves_by(groups, waited, _ends(spells), cause="answered")
    every = range(n_groups)
    times = wait_summary(curves, wait_counts(group, spells["ended_by"] == "waiting", n_groups))
    status = times.pop("status")
    return times.assign(
        share_within=share_by(curves, within).reindex(every).to_numpy(),
        share_answered_within=share_by(shares, within, cause="answered").reindex(every).to_numpy(),
        share_ended_within=share_by(shares, within, cause="unanswered").reindex(every).to_numpy(),
        restricted_mean_hours=restricted_mean_by(curves, horizon).reindex(every).to_numpy(),
        status=status,
    )


def _ends(spells: pd.DataFrame) -> pd.Series:
    is_unanswered = spells["ended_by"].isin(["merged", "closed"])
    codes = np.select([spells["is_answered"], is_unanswered], [0, 1], -1)
    return pd.Series(pd.Categorical.from_codes(codes, dtype=ENDS), index=spells.index)


def wait_counts(group: Integers, is_waiting: pd.Series, n_groups: int) -> pd.DataFrame:
    """How many waits each of the groups 0 … n_groups-1 has: n, n_waiting."""
    n_waiting = np.bincount(group[is_waiting.to_numpy(bool)], minlength=n_groups)
    return pd.DataFrame({"n": np.bincount(group, minlength=n_groups), "n_waiting": n_waiting})


def wait_summary(curves: pd.DataFrame, counted: pd.DataFrame) -> pd.DataFrame:
    """The waits of each group in a few numbers, from their curves and `wait_counts`.

    Returns one row per group: n, n_waiting, share_waiting (0–1), median_hours, p75_hours, p90_hours (infinite where not
    reached), status: `ok`, `too few` (under 10: no percentiles) or `no data`.
    """
    n = counted["n"]
    reached = {name: quantile_by(curves, q).reindex(counted.index) for name, q in PERCENTILES.items()}
    status = np.select([n == 0, n < MIN_SPELLS], ["no data", "too few"], "ok")
    return counted.assign(
        share_waiting=counted["n_waiting"] / n.where(n > 0),
        **{name: times.where(n >= MIN_SPELLS) for name, times in reached.items()},
        status=pd.Series(status, dtype="str"),
    )
