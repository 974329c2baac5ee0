"""Forecasts as people read them: days, chances and drift, one row per milestone; and as they were said week by week."""

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api.typing import NaTType

from metrics.forecast import recalibration
from metrics.forecast.engine import DEFAULT, Futures
from metrics.forecast.history import History, day_of, weeks_until
from metrics.forecast.outlook import LEVELS, P50, P85, P95, Outlook, expected_lateness, share_by
from metrics.forecast.reference import WEEK
from metrics.forecast.weekly import Said
from metrics.instants import NEVER, instants, micros_of
from metrics.ordering import Integers

Numbers = npt.NDArray[np.float64]

Day = pd.Timestamp | NaTType

NAMED = {"p50": P50, "p85": P85, "p95": P95}


def forecasts(
    history: History,
    *,
    as_of: pd.Timestamp,
    learned: Said | None = None,
    futures: Futures = DEFAULT,
) -> pd.DataFrame:
    """When will each open milestone be done, and with which chance by its due date?

    `learned` are past forecasts of the organisation to learn from (`said` of a weekly backtest); without them, or with
    fewer than 30, forecasts stay as the simulation gives them. A date is the day by whose end it is done with that
    chance; nothing is said for a milestone without history, work or scope.

    Returns one row per milestone open at `as_of`, by id: milestone, at (UTC), status (ok, done, empty, no_throughput,
    never, no_history: see `Outlook`), way (own, reference, none), n_weeks, n_reference, n_resolved (forecasts it was
    recalibrated on; 0 = not), scope, remaining (items), p50_on, p85_on, p95_on (days; missing where never or unknown),
    p50_weeks, p85_weeks, p95_weeks (from `at`; infinite = never), due_on (day), p_on_time (0–1; NaN without a due
    date), late_weeks (expected lateness), drift50_days, drift85_days (forecast minus due date, positive = late,
    infinite = never, NaN without a due date), drift_status (no_due_date where there is none, else the status).
    """
    rows = np.flatnonzero(history.known["state"].to_numpy(dtype=object) == "open")
    at = np.full(len(rows), micros_of(as_of))
    return _told(history, rows, at, learned, futures)


def forecast_history(  # noqa: PLR0913 (one milestone of a history, and what forecasts vary by)
    history: History,
    milestone: str,
    *,
    as_of: pd.Timestamp,
    weeks: int = 26,
    learned: Said | None = None,
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
    return _told(history, np.full(len(at), row), at, learned, futures)


def fan(weeks: Numbers, *, at: pd.Timestamp, zone: str = "UTC") -> pd.DataFrame:
    """The whole distribution of one forecast, to draw: level (0–1), weeks, on (day; missing where never)."""
    return pd.DataFrame({"level": LEVELS, "weeks": weeks, "on": [_day(micros_of(at), each, zone) for each in weeks]})


def recalibrated(outlook: Outlook, learned: Said | None, *, at: int) -> tuple[Numbers, int]:
    """The quantiles of an outlook after learning from what was said before an instant, and how many those were."""
    if learned is None or outlook.status == "done":
        return outlook.weeks, 0
    factor, n = learned.factors(at, way=outlook.way)
    return recalibration.recalibrated(outlook.weeks, factor), n


def _told(history: History, rows: Integers, at: Integers, learned: Said | None, futures: Futures) -> pd.DataFrame:
    told = [_row(history, int(row), int(each), learned, futures) for row, each in zip(rows, at, strict=True)]
    table = pd.DataFrame(told, columns=list(TYPES)).assign(at=instants(np.asarray(at, dtype=np.int64)))
    return table.astype(TYPES)


def _row(history: History, row: int, at: int, learned: Said | None, futures: Futures) -> dict[str, object]:
    outlook = history.outlook(row, at, futures=futures)
    weeks, n_resolved = recalibrated(outlook, learned, at=at)
    due = history.due_at(row, at).ends_at
    due_weeks = weeks_until(at, due)
    said = {name: _day(at, weeks[place], history.zone) for name, place in NAMED.items()}
    due_on = day_of(due, history.zone) if due != NEVER else pd.NaT
    return {
        "milestone": history.ids[row],
        "status": outlook.status,
        "way": outlook.way,
        "n_weeks": outlook.n_weeks,
        "n_reference": outlook.n_reference,
        "n_resolved": n_resolved,
        "scope": outlook.scope,
        "remaining": outlook.remaining,
        **{f"{name}_on": day for name, day in said.items()},
        **{f"{name}_weeks": weeks[place] for name, place in NAMED.items()},
        "due_on": due_on,
        "p_on_time": share_by(weeks, due_weeks),
        "late_weeks": expected_lateness(weeks, due_weeks),
        "drift50_days": drift_days(said["p50"], due_on, weeks[P50]),
        "drift85_days": drift_days(said["p85"], due_on, weeks[P85]),
        "drift_status": "no_due_date" if due == NEVER else outlook.status,
    }


def drift_days(said: Day, due_on: Day, weeks: float = 0.0) -> float:
    """By how many days is the forecast later than the due date? Negative = early; infinite where `weeks` is.

    NaN where there is no due date or no forecast: that is a gap to close, not a drift of zero.
    """
    if np.isnan(weeks) or isinstance(due_on, NaTType):
        return float("nan")
    late_by = pd.Timedelta.max if isinstance(said, NaTType) else said - due_on
    return float("inf") if np.isinf(weeks) else late_by / pd.Timedelta(days=1)


def _day(at: int, weeks: float, zone: str) -> Day:
    """The day within which so many weeks are over; missing where that is never or unknown."""
    return day_of(at + round(weeks * WEEK), zone) if np.isfinite(weeks) else pd.NaT


TYPES = {
    "milestone": "str", "at": "datetime64[us, UTC]", "status": "str", "way": "str", "n_weeks": "int64",
    "n_reference": "int64", "n_resolved": "int64", "scope": "int64", "remaining": "int64",
    "p50_on": "datetime64[us]", "p85_on": "datetime64[us]", "p95_on": "datetime64[us]", "p50_weeks": "float64",
    "p85_weeks": "float64", "p95_weeks": "float64", "due_on": "datetime64[us]", "p_on_time": "float64",
    "late_weeks": "float64", "drift50_days": "float64", "drift85_days": "float64", "drift_status": "str",
}  # fmt: skip
