"""Forecasts as people read them: days, chances and drift, one row per milestone; and as they were said week by week."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from fairlead import keys
from metrics.forecast.engine import DEFAULT, Futures
from metrics.forecast.history import History, days_of, weeks_until
from metrics.forecast.outlook import LEVELS, MEMBERS, P50, P85, P95, Outlook, expected_lateness, share_by
from metrics.instants import NEVER, WEEK, in_days, instants, micros_of
from metrics.ordering import Integers, Numbers

NAMED = {"p50": P50, "p85": P85, "p95": P95}


class Foreseen(NamedTuple):
    """What is foreseen of a milestone (row) at an instant (micros): its outlook, and the quantiles as recalibrated.

    `n_resolved` is on how many forecasts; `due` the end of the due date (micros; `NEVER` without one).
    """

    row: int
    at: int
    outlook: Outlook
    weeks: Numbers
    n_resolved: int
    due: int


def forecasts(
    history: History,
    *,
    as_of: pd.Timestamp,
    among: pd.Series | None = None,
    futures: Futures = DEFAULT,
) -> pd.DataFrame:
    """When will each open milestone be done, and with which chance by its due date?

    Only those `among` these ids are told of, if given; what they are compared with stays the same. Forecasts are
    recalibrated on what `history` has learned. A date is the day by whose end it is done with that chance; nothing is
    said for a milestone without history, work or scope.

    Returns one row per milestone open at `as_of`, by id: milestone, at (UTC), status (ok, done, empty, no_throughput,
    never, no_history: see `Outlook`), way (own, reference, none), n_weeks, n_reference, n_resolved (forecasts it was
    recalibrated on; 0 = not), scope, remaining (items), p50_on, p85_on, p95_on (days; missing where never, unknown or
    done), p50_weeks, p85_weeks, p95_weeks (from `at`; infinite = never), due_on (day), p_on_time (0–1; NaN without a
    due date), late_weeks (expected lateness), drift50_days, drift85_days (forecast minus due date, positive = late,
    infinite = never, NaN without a due date), drift_status (no_due_date where there is none, else the status).
    """
    is_asked = history.known["state"] == "open"
    rows = np.flatnonzero(is_asked if among is None else is_asked & keys.is_in(history.known["id"], among))
    now = micros_of(as_of)
    return told(history, [_foreseen(history, int(row), now, futures) for row in rows])


def forecast_history(
    history: History,
    milestone: str,
    *,
    as_of: pd.Timestamp,
    weeks: int = 26,
    futures: Futures = DEFAULT,
) -> pd.DataFrame:
    """What did we say each week? The last `weeks` weekly forecasts up to `as_of`, each with what was known then.

    Returns the columns of `forecasts`, oldest first; none before the milestone had any item, or after it was over.
    """
    row = history.ids.index(milestone)
    now = micros_of(as_of)
    moves = history.moves[row]
    since = int(moves.at.min(initial=NEVER))
    until = min(now, int(history.over_at[row]))
    at = now - WEEK * np.arange(weeks)[::-1]
    at = at[(at >= since) & (at <= until)]
    return told(history, [_foreseen(history, row, int(each), futures) for each in at])


def fan(weeks: Numbers, *, at: pd.Timestamp, zone: str = "UTC") -> pd.DataFrame:
    """The whole distribution of one forecast, to draw: level (0–1), weeks, on (day; missing where never)."""
    on = _days(np.full(len(weeks), micros_of(at)), weeks, zone)
    return pd.DataFrame({"level": LEVELS, "weeks": weeks, "on": on})


def told(history: History, every: Sequence[Foreseen]) -> pd.DataFrame:
    """What is foreseen as a table with the columns of `forecasts`."""
    at, due = (np.array([getattr(each, name) for each in every], dtype=np.int64) for name in ("at", "due"))
    quantiles = np.array([each.weeks for each in every], dtype=float).reshape(-1, MEMBERS)
    # What is done has a day on which it was: that is known, not forecast.
    is_done = np.array([each.outlook.status == "done" for each in every], dtype=bool)
    due_on = days_of(due, history.zone)
    weeks = {name: quantiles[:, place] for name, place in NAMED.items()}
    days = {name: _days(at, weeks[name], history.zone).mask(is_done) for name in NAMED}
    rows = pd.DataFrame([_row(history, each) for each in every], columns=list(TYPES)).assign(
        at=instants(at),
        due_on=due_on,
        **{f"{name}_weeks": weeks[name] for name in NAMED},
        **{f"{name}_on": days[name] for name in NAMED},
        drift50_days=drift_days(days["p50"], due_on, weeks["p50"]),
        drift85_days=drift_days(days["p85"], due_on, weeks["p85"]),
    )
    return rows.astype(TYPES)


def _foreseen(history: History, row: int, at: int, futures: Futures) -> Foreseen:
    outlook = history.outlook(row, at, futures=futures)
    weeks, n_resolved = history.recalibrated(outlook, at)
    return Foreseen(row, at, outlook, weeks, n_resolved, history.due_at(row, at).ends_at)


def _row(history: History, each: Foreseen) -> dict[str, object]:
    outlook, due_weeks = each.outlook, weeks_until(each.at, each.due)
    return {
        "milestone": history.ids[each.row],
        "status": outlook.status,
        "way": outlook.way,
        "n_weeks": outlook.n_weeks,
        "n_reference": outlook.n_reference,
        "n_resolved": each.n_resolved,
        "scope": outlook.scope,
        "remaining": outlook.remaining,
        "p_on_time": share_by(each.weeks, due_weeks),
        "late_weeks": expected_lateness(each.weeks, due_weeks),
        "drift_status": "no_due_date" if each.due == NEVER else outlook.status,
    }


def drift_days(said: pd.Series, due_on: pd.Series, weeks: Numbers) -> pd.Series:
    """By how many days is each forecast later than the due date? Negative = early; infinite where `weeks` is.

    NaN where there is no due date or no forecast: that is a gap to close, not a drift of zero.
    """
    return in_days(said - due_on).mask(np.isinf(weeks) & due_on.notna(), np.inf)


def _days(at: Integers, weeks: Numbers, zone: str) -> pd.Series:
    """The day within which so many weeks are over; missing where that is never or unknown."""
    ends = np.full(len(at), NEVER)
    is_dated = np.isfinite(weeks)
    ends[is_dated] = at[is_dated] + np.rint(weeks[is_dated] * WEEK).astype(np.int64)
    return days_of(ends, zone)


TYPES = {
    "milestone": "str", "at": "datetime64[us, UTC]", "status": "str", "way": "str", "n_weeks": "int64",
    "n_reference": "int64", "n_resolved": "int64", "scope": "int64", "remaining": "int64",
    "p50_on": "datetime64[us]", "p85_on": "datetime64[us]", "p95_on": "datetime64[us]", "p50_weeks": "float64",
    "p85_weeks": "float64", "p95_weeks": "float64", "due_on": "datetime64[us]", "p_on_time": "float64",
    "late_weeks": "float64", "drift50_days": "float64", "drift85_days": "float64", "drift_status": "str",
}  # fmt: skip
