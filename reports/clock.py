"""Elapsed and working hours side by side: which of the two leads was agreed on, or is chosen in the sidebar."""

import math
from dataclasses import dataclass

import pandas as pd

from fairlead import calendar
from fairlead.access import VisibleFrames
from fairlead.calendar import Calendars
from fairlead.scope import Scope
from reports import words

DAY_HOURS = 24.0
SHORT_HOURS = 0.1
WORKING_DAYS = 5


@dataclass(frozen=True)
class Clock:
    """A way to count waiting: the column that holds it, and how many of its hours make a day."""

    name: str
    column: str
    day_hours: float
    unit: str

    @property
    def horizon(self) -> float:
        """Five days: what waits longer is as bad as that."""
        return WORKING_DAYS * self.day_hours

    def says(self, hours: float) -> str:
        """`0.4 h`, `14 h`, `3.2 days`; `5 working h`, `3.2 working days`: days from 24 hours on, on both clocks."""
        if math.isnan(hours) or math.isinf(hours):
            return words.number(hours)
        if 0 < hours < SHORT_HOURS:
            return f"under {SHORT_HOURS}{self.unit} h"
        if round(hours) < DAY_HOURS:
            return f"{hours:.0f}{self.unit} h" if round(hours) or not hours else f"{hours:.1f}{self.unit} h"
        days = hours / self.day_hours
        if round(days, 1) == 1:
            return f"1{self.unit} day"
        return f"{days:.1f}{self.unit} days" if days < 10 else f"{days:,.0f}{self.unit} days"


def elapsed() -> Clock:
    """The clock on the wall."""
    return Clock("elapsed", "wait_hours", DAY_HOURS, "")


def working(scope: Scope) -> Clock:
    """Working hours of who is waited for."""
    return Clock("working", "wait_working_hours", _day_hours(scope), " working")


def clocks(scope: Scope) -> tuple[Clock, Clock]:
    """The clock that leads, and the other one."""
    both = elapsed(), working(scope)
    return both if scope.agreements.hours == "elapsed" else both[::-1]


def both(row: pd.Series, scope: Scope) -> str:
    """`14 h (5 working h)`: one wait on both clocks, the one that leads first."""
    first, second = clocks(scope)
    return f"{first.says(row[first.column])} ({second.says(row[second.column])})"


def calendars_of(frames: VisibleFrames, scope: Scope) -> Calendars:
    """Everybody's working time."""
    return calendar.calendars(frames.people, frames.time_off, frames.team_members, scope.working_time)


def _day_hours(scope: Scope) -> float:
    """The length of the usual working day."""
    start, end = (_hours(text) for text in (scope.working_time.day_start, scope.working_time.day_end))
    return end - start


def _hours(text: str) -> float:
    hours, minutes = text.split(":")
    return int(hours) + int(minutes) / 60
