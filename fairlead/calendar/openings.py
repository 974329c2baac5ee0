"""When work begins and ends in each working week, day by day, and how much of it lies before an instant."""

import warnings
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from holidays import country_holidays

from fairlead.calendar.days import instants
from fairlead.calendar.weeks import Week

Whole = npt.NDArray[np.int64]

MISSING = np.iinfo(np.int64).min
DAY = 86_400_000_000


class Openings(NamedTuple):
    """Working time (µs) per week (row) and day (column): when it begins, how long it is, how much there was before."""

    first_day: int
    opens: Whole
    length: Whole
    before: Whole

    def column(self, day: Whole) -> Whole:
        """Where a day (since 1970) stands: the first, or one past the last, where it is not among them."""
        return np.clip(day - self.first_day, 0, self.length.shape[1])

    def worked(self, at: Whole, week: Whole) -> Whole:
        """Working time from the first day until each instant, which lies at least a day inside both ends."""
        cell = week * self.length.shape[1] + at // DAY - self.first_day
        opens, length = self.opens.ravel(), self.length.ravel()
        total: Whole = self.before.ravel()[cell + week - 1]
        # Wherever it is, the local day is the one in UTC, the one before or the one after.
        for near in (cell - 1, cell, cell + 1):
            total += np.minimum(np.maximum(at - opens[near], 0), length[near])
        return total


def openings(weeks: Iterable[Week], company_days: Iterable[int], first_day: int, last_day: int) -> Openings:
    """The working time of each week on each day from the first to the last (days since 1970)."""
    spans = [_spans(week, first_day, last_day) for week in weeks]
    is_free = np.isin(np.arange(first_day, last_day + 1), list(company_days))
    length = np.where(is_free, 0, np.stack([length for _, length in spans]))
    before = np.insert(np.cumsum(length, axis=1), 0, 0, axis=1)
    return Openings(first_day, np.stack([opens for opens, _ in spans]), length, before)


@lru_cache(maxsize=256)
def _spans(week: Week, first_day: int, last_day: int) -> tuple[Whole, Whole]:
    """When work begins on each day, and how long it is.

    A day is worked from the first time that clocks show `day_start` to the last that they show `day_end`.
    """
    days = pd.Series(np.arange(first_day, last_day + 1).astype("datetime64[D]").astype("datetime64[us]"))
    opens = _local(days, week.day_start, week.time_zone, is_first=True)
    # Where midnight comes twice, the day ends with the first one: the next day begins there.
    closes = _local(days, week.day_end, week.time_zone, is_first=week.day_end == "24:00")
    is_workday = np.array([flag == "1" for flag in week.workdays])[days.dt.day_of_week]
    is_worked = is_workday & ~days.isin(_public_holidays(week, days)).to_numpy()
    return opens, np.where(is_worked, np.maximum(closes - opens, 0), 0)


def _local(days: pd.Series, time: str, zone: str, *, is_first: bool) -> Whole:
    at = instants(days + pd.Timedelta(f"{time}:00").as_unit("us"), zone, is_first=is_first)
    return at.to_numpy(dtype="datetime64[us]").view(np.int64)


def _public_holidays(week: Week, days: pd.Series) -> list[pd.Timestamp]:
    """What the law makes a day off for everybody there. Half days and days off for some are worked."""
    years = range(days.dt.year.min(), days.dt.year.max() + 1) if week.country else []
    return [day for year in years for day in _holidays_of_year(week.country, week.region, year)]


@lru_cache(maxsize=4096)
def _holidays_of_year(country: str, region: str, year: int) -> list[pd.Timestamp]:
    with warnings.catch_warnings():
        # Of India's long ago and far ahead only the fixed ones are known, which is better than none.
        warnings.filterwarnings("ignore", "Requested Holidays are available only", UserWarning)
        found = country_holidays(country, subdiv=region or None, years=year)
    return [pd.Timestamp(day).as_unit("us") for day in found]
