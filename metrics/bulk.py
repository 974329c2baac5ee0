"""Days on which so much is closed at once that it says nothing about the pace of work."""

from dataclasses import dataclass

import pandas as pd

FACTOR = 10.0
FLOOR = 20.0


@dataclass(frozen=True)
class BulkDays:
    """`threshold` (items a day), `is_bulk` (like the days asked about), `clean_mean` (a day; NaN without days)."""

    threshold: float
    is_bulk: pd.Series
    clean_mean: float


def bulk_close_days(daily: pd.Series, factor: float = FACTOR, floor: float = FLOOR) -> BulkDays:
    """On which days was more closed than people can have finished?

    `daily` holds the items closed on each day, days without any included. Imports and clean-up sweeps close hundreds
    of items within hours, years after the work; counted as throughput they make every forecast early. A day is one of
    them if it closed more than `factor` times what a day with closings usually does (the median, which the sweeps
    themselves hardly move), and more than `floor`, so that quiet projects keep their good days.

    The mean is that of the other days. Nothing is left out here: who counts throughput decides what to do about it,
    and says so.
    """
    usual = daily[daily > 0].median()
    threshold = max(float(floor), factor * float(usual)) if pd.notna(usual) else float(floor)
    is_bulk = (daily > threshold).rename("is_bulk")
    return BulkDays(threshold, is_bulk, float(daily[~is_bulk].mean()))
