"""Days and weeks as they are in one time zone."""

import zoneinfo

import numpy as np
import pandas as pd

from fairlead import places
from fairlead.errors import FrameError

DAY_SECONDS = 86_400


def local_days(at: pd.Series, zone: str) -> pd.Series:
    """The day it is in `zone` at each instant."""
    days: pd.Series = at.dt.tz_convert(_known(zone)).dt.tz_localize(None).dt.normalize()
    return days.astype("datetime64[us]")


def day_starts(days: pd.Series, zone: str) -> pd.Series:
    """The instant (UTC) at which each day begins in `zone`; the first that exists where clocks skip midnight."""
    return instants(days, zone, is_first=True)


def week_starts(at: pd.Series, zone: str) -> pd.Series:
    """The Monday of the ISO week it is in `zone` at each instant."""
    days = local_days(at, zone)
    mondays: pd.Series = days - pd.to_timedelta(days.dt.day_of_week, unit="D")
    return mondays.astype("datetime64[us]")


def days_late(due_on: pd.Series, completed_at: pd.Series, zone: str) -> pd.Series:
    """How many days after its due date was each thing completed?

    A due date is a whole day in `zone`: whatever is completed on it is on time. Positive is late, negative early, 0 on
    the day; NaN where there is no due date or it is not completed.
    """
    late: pd.Series = local_days(completed_at, zone) - due_on
    days: pd.Series = late.dt.total_seconds() / DAY_SECONDS
    return days


def instants(local: pd.Series, zone: str, *, is_first: bool) -> pd.Series:
    """Local times as instants. A time that comes twice is its first or its second; a skipped one moves forward."""
    first = np.full(len(local), is_first)
    there: pd.Series = local.dt.tz_localize(_known(zone), ambiguous=first, nonexistent="shift_forward")
    return pd.Series(there.dt.tz_convert("UTC")).astype("datetime64[us, UTC]")


def _known(zone: str) -> zoneinfo.ZoneInfo:
    if not places.is_zone(zone):
        raise FrameError("a time zone is not known here. Use an IANA name such as Europe/Berlin.")
    return zoneinfo.ZoneInfo(zone)
