"""Working time, weeks and whole local days.

Instants are UTC; a day, a week or a working hour exists only in a time zone, which is always given or somebody's. Days
that come back are midnights without a zone (`datetime64[us]`). Weeks are ISO weeks: they begin on Monday.
"""

from fairlead.calendar.days import day_starts, days_late, local_days, week_starts
from fairlead.calendar.working import Calendars, calendars

__all__ = ["Calendars", "calendars", "day_starts", "days_late", "local_days", "week_starts"]
