"""Which day it is for somebody, and who is away, has left or has not started.

A day is a day of the person's own zone, and of the usual zone where none of theirs is known; so calendars have it, too.
"""

import numpy as np
import pandas as pd

from fairlead import calendar, keys
from metrics.instants import MISSING, Micros, instants, micros
from metrics.ordering import Flags, Integers, order


def is_here(people: pd.DataFrame, time_off: pd.DataFrame, row: Integers, at: Micros, *, zone: str) -> Flags:
    """Whether the people in these rows work at each instant: have started, have not left, have no time off that day.

    The day is that of the last moment before the instant, so that midnight belongs to the day it ends. A weekend is no
    absence: a review may wait until Monday. Who works no part of their time (share 0) is not here. Of whom nothing is
    known (row -1) is here. `zone` is that of whoever has none of their own.
    """
    known = row >= 0
    here = np.ones(len(row), dtype=bool)
    row, day = row[known], days(people, row[known], at[known] - 1, zone=zone)
    start, leave = micros(people["start_on"])[row], micros(people["leave_on"])[row]
    works = ~(people["share"].to_numpy(float, na_value=1.0)[row] <= 0)
    employed = ((start == MISSING) | (start <= day)) & ((leave == MISSING) | (day <= leave))
    here[known] = works & employed & (away_until(people, time_off, row, day) == MISSING)
    return here


def days(people: pd.DataFrame, row: Integers, at: Micros, *, zone: str) -> Micros:
    """The day each instant falls on for the person in each row, as midnight; `zone` is the usual one."""
    theirs = people["time_zone"].astype("str").fillna("").str.strip()
    place, names = pd.factorize(theirs.mask(theirs == "", zone))
    unique, nth = np.unique(at, return_inverse=True)
    moments = instants(unique)
    found = [micros(calendar.local_days(moments, name)) for name in names]
    return np.array(found, dtype=np.int64).reshape(len(names), len(unique))[place[row], nth]


def away_until(people: pd.DataFrame, time_off: pd.DataFrame, row: Integers, day: Micros) -> Micros:
    """The last day of the person's absence that covers the day; `MISSING` where none does."""
    of, start = keys.positions(time_off["person"], people["id"]), micros(time_off["start_on"])
    kept = (of >= 0) & (start != MISSING)
    of, start, end = of[kept], start[kept], micros(time_off["end_on"])[kept]
    if not len(of):
        return np.full(len(row), MISSING)
    by = order(of, start)
    of, start = of[by], start[by]
    until = pd.Series(end[by]).groupby(of).cummax().to_numpy()
    marks = np.unique(np.concatenate([start, day]))
    width = len(marks) + 1
    key = of * width + np.searchsorted(marks, start)
    place = np.searchsorted(key, row * width + np.searchsorted(marks, day), side="right") - 1
    found = np.maximum(place, 0)
    is_away = (place >= 0) & (of[found] == row) & (until[found] >= day)
    return np.where(is_away, until[found], MISSING)
