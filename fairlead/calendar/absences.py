"""Who is away when, and how much working time that leaves.

Absences are told in the working time of somebody's own calendar, where Friday and Monday off are one spell if nobody
works at weekends: thousands of people share the few calendars there are.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

from fairlead import keys
from fairlead.calendar.openings import MISSING, Openings, Whole

SECOND = 1_000_000
"""Working time begins and ends on whole seconds everywhere. Told in seconds, one number holds both whose a spell is and
when it begins, so that a single sorted list can be searched for everybody."""
NEVER = 10_000_000
"""A day later than any; its negative is earlier than any."""


class DaysAway(NamedTuple):
    """Whose absence lasts from the first day until the day before the end (days since 1970)."""

    whose: Whole
    first_day: Whole
    end_day: Whole


class Absences(NamedTuple):
    """Absences (s) that do not touch, by whose they are and when they begin, and what was missed before each.

    Begin and end are offset by `span` per person.
    """

    span: int
    begin: Whole
    end: Whole
    missed: Whole


def days_away(people: pd.DataFrame, time_off: pd.DataFrame) -> DaysAway:
    """Time off, and the days before somebody's first and after their last; `whose` are rows of `people`."""
    person = keys.positions(time_off["person"], people["id"])
    off = time_off[person >= 0]
    everybody, ever = np.arange(len(people)), np.full(len(people), NEVER)
    first, last = _day_numbers(people["start_on"], -NEVER), _day_numbers(people["leave_on"], NEVER)
    return DaysAway(
        whose=np.concatenate([person[person >= 0], everybody, everybody]),
        first_day=np.concatenate([_day_numbers(off["start_on"], NEVER), -ever, last + 1]),
        end_day=np.concatenate([_day_numbers(off["end_on"], -NEVER) + 1, first, ever]),
    )


def _day_numbers(days: pd.Series, missing: int) -> Whole:
    number = days.to_numpy(dtype="datetime64[D]").astype(np.int64)
    return np.where(number == MISSING, missing, number)


def is_away(away: DaysAway, n_people: int, found: Openings) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    """Whether each person (row) is away on each of the days (column)."""
    n_days = found.length.shape[1]
    begun = np.zeros((n_people, n_days + 1), np.int64)
    is_real = away.first_day < away.end_day
    whose = away.whose[is_real]
    np.add.at(begun, (whose, found.column(away.first_day[is_real])), 1)
    np.add.at(begun, (whose, found.column(away.end_day[is_real])), -1)
    return np.cumsum(begun, axis=1)[:, :n_days] > 0


def absences(away: DaysAway, week: Whole, found: Openings) -> Absences:
    """The absences of everybody; what overlaps counts once.

    `week` is the row in `found` per person. Everybody has a spell of no length before all others, so that whoever is
    looked up finds one of their own.
    """
    span = int(found.before.max()) // SECOND + 1
    theirs = week[away.whose]
    begin = away.whose * span + found.before[theirs, found.column(away.first_day)] // SECOND
    end = away.whose * span + found.before[theirs, found.column(away.end_day)] // SECOND
    is_missed, nothing = begin < end, np.arange(len(week)) * span
    return _merged(np.append(nothing, begin[is_missed]), np.append(nothing, end[is_missed]), span)


def _merged(begin: Whole, end: Whole, span: int) -> Absences:
    order = np.argsort(begin, kind="stable")
    begin, reach = begin[order], np.maximum.accumulate(end[order])
    first = np.flatnonzero(np.append(True, begin[1:] > reach[:-1]))
    begin, end = begin[first], np.append(reach[first[1:] - 1], reach[-1])
    missed = np.append(0, np.cumsum(end - begin)[:-1])
    whose = begin // span
    return Absences(span, begin, end, missed - missed[np.searchsorted(whose, whose)])


def present(worked: Whole, whose: Whole, away: Absences) -> Whole:
    """How much of the working time (µs) until each instant is left without the absences."""
    offset = whose * away.span
    row = np.searchsorted(away.begin, offset + worked // SECOND, side="right") - 1
    until_away = (away.begin[row] - offset - away.missed[row]) * SECOND
    since_back = worked - (away.end[row] - offset) * SECOND
    left: Whole = until_away + np.maximum(since_back, 0)
    return left
