"""Where every open milestone is heading: what stands, what is foreseen, and which ones to look at first."""

import numpy as np
import pandas as pd

from fairlead import keys
from metrics.instants import in_days

LIKELY = 0.85
"""The chance from which on a due date is called likely to hold."""
DORMANT_DAYS = 182
"""Half a year, as far back as a pace is looked for."""
ATTENTION = (
    "overdue", "never", "no_throughput", "at_risk", "no_due_date", "too_early", "ok", "done", "empty", "dormant",
)  # fmt: skip
"""Statuses in the order in which they need somebody."""
STANDING = [
    "milestone", "project", "kind", "title", "url", "owner", "is_unowned", "due_on", "days_to_due", "scope", "done",
    "remaining", "progress", "committed", "added_after", "removed_after", "growth_share", "n_due_changes",
    "net_slip_days", "idle_days",
]  # fmt: skip
FORESEEN = [
    "way", "n_weeks", "n_reference", "n_resolved", "p50_on", "p85_on", "p95_on", "p50_weeks", "p85_weeks", "p95_weeks",
    "p_on_time", "late_weeks", "drift50_days", "drift85_days",
]  # fmt: skip


def portfolio(summary: pd.DataFrame, now: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame:
    """Which open milestones need somebody, and where is each one heading?

    `summary` is what `milestones.summary` gives, `now` and `before` are what `forecasts` gives at the same `as_of` and
    some weeks earlier. Statuses, first that fits: `empty` (no scope), `done` (nothing left), `dormant` (with work
    left, but nothing came, went or was finished for half a year, and no due date within that or ahead), `overdue`,
    `no_due_date`, `never` (more likely than not it is not done within the horizon), `no_throughput`, `too_early`
    (neither enough weeks of its own nor enough milestones to refer to), `at_risk` (by its due date with a chance
    under 85 %), `ok`.

    Returns one row per open milestone, those that need somebody first: the columns of `summary` and of `now` that say
    where it stands and when it will be done, status, and moved85_days (how much later P85 is than `before`; negative =
    earlier, infinite = never any more, NaN where there is nothing to compare).
    """
    rows = summary.loc[summary["state"] == "open", STANDING].reset_index(drop=True)
    foreseen = _beside(rows, now)
    told = pd.concat([rows, foreseen[FORESEEN]], axis=1)
    told = told.assign(p_on_time=told["p_on_time"].where(told["remaining"] > 0))
    told = told.assign(moved85_days=_moved(foreseen, _beside(rows, before)), status=_status(told, foreseen["status"]))
    place = told["status"].map({status: n for n, status in enumerate(ATTENTION)})
    order = told.assign(place=place).sort_values(["place", "p_on_time", "due_on", "title"])
    return order.drop(columns="place").reset_index(drop=True)


def _beside(rows: pd.DataFrame, forecasts: pd.DataFrame) -> pd.DataFrame:
    place = keys.positions(rows["milestone"], forecasts["milestone"])
    return forecasts.reset_index(drop=True).reindex(place).reset_index(drop=True)


def _moved(now: pd.DataFrame, before: pd.DataFrame) -> pd.Series:
    """Days between two P85 dates; where one of them is never, infinite with its sign."""
    days = in_days(now["p85_on"] - before["p85_on"])
    was_never, is_never = np.isinf(before["p85_weeks"]), np.isinf(now["p85_weeks"])
    days = days.mask(is_never & before["p85_on"].notna(), np.inf)
    return days.mask(was_never & now["p85_on"].notna(), -np.inf)


def _status(told: pd.DataFrame, forecast_status: pd.Series) -> pd.Series:
    fits = {
        "empty": told["scope"] == 0,
        "done": told["remaining"] == 0,
        "dormant": (told["idle_days"] >= DORMANT_DAYS) & ~(told["days_to_due"] >= -DORMANT_DAYS),
        "overdue": told["days_to_due"] < 0,
        "no_due_date": told["due_on"].isna(),
        "never": forecast_status == "never",
        "no_throughput": forecast_status == "no_throughput",
        "too_early": told["p_on_time"].isna(),
        "at_risk": told["p_on_time"] < LIKELY,
    }
    return pd.Series(np.select(list(fits.values()), list(fits), "ok"), index=told.index, dtype="str")
