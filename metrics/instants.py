"""Instants as whole microseconds, for arithmetic on millions of them."""

import numpy as np
import numpy.typing as npt
import pandas as pd

Micros = npt.NDArray[np.int64]

NEVER = np.iinfo(np.int64).max
MISSING = np.iinfo(np.int64).min
HOUR = 3_600_000_000
DAY = 24 * HOUR
WEEK = 7 * DAY
DAY_SECONDS = 86_400


def micros(instants: pd.Series) -> Micros:
    """Microseconds since 1970 (UTC); `MISSING` where the instant is missing."""
    return instants.to_numpy(dtype="datetime64[us]").view(np.int64)


def micros_of(instant: pd.Timestamp) -> int:
    """Microseconds since 1970 (UTC) of one instant."""
    return int(instant.value) // 1000


def instants_or_never(at: pd.Series) -> Micros:
    """`micros`, but `NEVER` where the instant is missing."""
    known = micros(at)
    return np.where(known == MISSING, np.int64(NEVER), known)


def instants(values: Micros) -> pd.Series:
    """The reverse of `micros`; `NEVER` and `MISSING` become missing."""
    known = np.where(values == NEVER, MISSING, values).view("datetime64[us]")
    return pd.Series(known).dt.tz_localize("UTC")


def in_days(elapsed: pd.Series) -> pd.Series:
    """Lengths of time in days; NaN where one is missing."""
    days: pd.Series = elapsed.dt.total_seconds() / DAY_SECONDS
    return days


def in_weeks(elapsed: pd.Series) -> pd.Series:
    """Lengths of time in weeks; NaN where one is missing."""
    weeks: pd.Series = elapsed.dt.total_seconds() / (7 * DAY_SECONDS)
    return weeks
