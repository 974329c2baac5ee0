"""Working time, weeks and whole local days.

Instants are UTC; a day, a week or a working hour exists only in a time zone, which is always given. Days that come
back are midnights without a zone (`datetime64[us]`). Weeks are ISO weeks: they begin on Monday.
"""

import zoneinfo
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import pandas as pd

from fairlead.errors import FrameError

Micros = npt.NDArray[np.int64]

MISSING = np.iinfo(np.int64).min
HOUR = 3_600_000_000
DAY_SECONDS = 86_400
ONE_DAY = pd.Timedelta(days=1)


def local_days(at: pd.Series, zone: str) -> pd.Series:
    """The day it is in `zone` at each instant."""
    days: pd.Series = at.dt.tz_convert(_known(zone)).dt.tz_localize(None).dt.normalize()
    return days.astype("datetime64[us]")


def day_starts(days: pd.Series, zone: str) -> pd.Series:
    """The instant (UTC) at which each day begins in `zone`; the first that exists where clocks skip midnight."""
    return _instants(days, zone, is_first=True)


def week_starts(at: pd.Series, zone: str) -> pd.Series:
    """The Monday of the ISO week it is in `zone` at each instant."""
    days = local_days(at, zone)
    mondays: pd.Series = days - pd.to_timedelta(days.dt.day_of_week, unit="D")
    return mondays.astype("datetime64[us]")


def iso_week(at: pd.Series, zone: str) -> pd.Series:
    """The ISO week it is in `zone` at each instant, `2026-W01`. Its year may differ from the calendar's."""
    iso = local_days(at, zone).dt.isocalendar()
    week: pd.Series = iso["year"].astype("str") + "-W" + iso["week"].astype("str").str.zfill(2)
    return week


def days_late(due_on: pd.Series, completed_at: pd.Series, zone: str) -> pd.Series:
    """How many days after its due date was each thing completed?

    A due date is a whole day in `zone`: whatever is completed on it is on time. Positive is late, negative early, 0 on
    the day; NaN where there is no due date or it is not completed.
    """
    late: pd.Series = local_days(completed_at, zone) - due_on
    days: pd.Series = late.dt.total_seconds() / DAY_SECONDS
    return days


def working_hours(  # noqa: PLR0913 (a working week has that many parts)
    start: pd.Series,
    end: pd.Series,
    *,
    zone: str,
    workdays: str = "1111100",
    day_start: str = "09:00",
    day_end: str = "17:00",
    holidays: Iterable[pd.Timestamp] = (),
) -> pd.Series:
    """How many working hours lie between two instants?

    Elapsed time inside working time, to the microsecond and exact where clocks change: hours that are skipped are not
    worked, hours that come twice are worked twice. Negative where `end` lies before `start`, which the caller must
    treat as a fault of the data; NaN where either is missing.

    `workdays` are seven flags from Monday, `day_start` and `day_end` local `HH:MM` (`24:00` ends at midnight),
    `holidays` whole days on which nobody works.

    Raises:
        FrameError: the zone, the flags or the times of day cannot be read.
    """
    since, until = _micros(start), _micros(end)
    known = (since != MISSING) & (until != MISSING)
    days = _working_days(np.concatenate([since[known], until[known]]), zone, _flags(workdays), holidays)
    opens, closes = _openings(days, zone, _times_of_day(day_start, day_end))
    hours = np.full(len(start), np.nan)
    hours[known] = (_worked(until[known], opens, closes) - _worked(since[known], opens, closes)) / HOUR
    return pd.Series(hours, index=start.index)


def _worked(at: Micros, opens: Micros, closes: Micros) -> Micros:
    """Working time from the first opening until each instant."""
    before = np.append(0, np.cumsum(closes - opens))
    day = np.searchsorted(opens, at, side="right")
    unworked = np.maximum(np.append(opens[:1], closes)[day] - at, 0) if len(opens) else 0
    return before[day] - np.where(day > 0, unworked, 0)


def _working_days(at: Micros, zone: str, flags: list[bool], holidays: Iterable[pd.Timestamp]) -> pd.Series:
    """The working days from the first of the instants to the last."""
    if len(at) == 0:
        return pd.Series(dtype="datetime64[us]")
    edges = pd.Series(pd.to_datetime([at.min(), at.max()], unit="us", utc=True).as_unit("us"))
    first, last = local_days(edges, zone)
    days = pd.Series(pd.date_range(first, last, freq="D").as_unit("us"))
    return days[np.array(flags)[days.dt.day_of_week] & ~days.isin(list(holidays))]


def _openings(days: pd.Series, zone: str, hours: tuple[pd.Timedelta, pd.Timedelta]) -> tuple[Micros, Micros]:
    """When work begins and ends on each day."""
    opening, closing = hours
    opens = _micros(_instants(days + opening, zone, is_first=True))
    return opens, np.maximum(_micros(_instants(days + closing, zone, is_first=False)), opens)


def _times_of_day(day_start: str, day_end: str) -> tuple[pd.Timedelta, pd.Timedelta]:
    try:
        opening, closing = (pd.Timedelta(f"{text}:00").as_unit("us") for text in (day_start, day_end))
    except ValueError:
        raise FrameError("working time: day_start or day_end cannot be read. Give them as HH:MM.") from None
    if not pd.Timedelta(0) <= opening < closing <= ONE_DAY:
        raise FrameError("working time: day_end is not after day_start on the same day. Give both as HH:MM.")
    return opening, closing


def _flags(workdays: str) -> list[bool]:
    if len(workdays) != 7 or set(workdays) - {"0", "1"}:
        raise FrameError("working time: workdays cannot be read. Give seven flags from Monday, such as 1111100.")
    return [flag == "1" for flag in workdays]


def _instants(local: pd.Series, zone: str, *, is_first: bool) -> pd.Series:
    """Local times as instants. A time that comes twice is its first or its second; a skipped one moves forward."""
    first = np.full(len(local), is_first)
    there: pd.Series = local.dt.tz_localize(_known(zone), ambiguous=first, nonexistent="shift_forward")
    return pd.Series(there.dt.tz_convert("UTC")).astype("datetime64[us, UTC]")


def _micros(at: pd.Series) -> Micros:
    return at.to_numpy(dtype="datetime64[us]").view(np.int64)


def _known(zone: str) -> zoneinfo.ZoneInfo:
    try:
        return zoneinfo.ZoneInfo(zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        raise FrameError("a time zone is not known here. Use an IANA name such as Europe/Berlin.") from None
