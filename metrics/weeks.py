"""Counts per week, as throughput needs them."""

import numpy as np
import pandas as pd

from fairlead import calendar

WEEK = pd.Timedelta(days=7)


def weekly_counts(at: pd.Series, *, start: pd.Timestamp, as_of: pd.Timestamp, zone: str = "UTC") -> pd.DataFrame:
    """How many of the instants fall into each whole ISO week of `zone` within `[start, as_of)`?

    Weeks that only partly lie within are no samples, so the running week is none. A week in which nothing happened
    counts as zero, because leaving it out would overstate the pace. Missing instants are not counted.
    Returns one row per week, oldest first: week_on (its Monday), n.
    """
    first, past = _monday_after(start, zone), _monday_of(as_of, zone)
    week_on = pd.date_range(first, past, freq="7D", inclusive="left").as_unit("us")
    number = (calendar.week_starts(at.dropna(), zone) - first) // WEEK
    within = number[(number >= 0) & (number < len(week_on))].to_numpy(np.int64)
    return pd.DataFrame({"week_on": week_on, "n": np.bincount(within, minlength=len(week_on))})


def _monday_of(instant: pd.Timestamp, zone: str) -> pd.Timestamp:
    return pd.Timestamp(calendar.week_starts(pd.Series([instant]), zone).iloc[0])


def _monday_after(instant: pd.Timestamp, zone: str) -> pd.Timestamp:
    """The first Monday that begins at or after the instant."""
    monday = _monday_of(instant, zone)
    begins = calendar.day_starts(pd.Series([monday]), zone).iloc[0]
    return monday + WEEK if begins < instant else monday
