"""How long a server wants to be left alone, in whatever form it says so, and how long we have the patience for.

Headers are asked for in lower case: GitHub's are kept that way, and those of `requests` answer to any.
"""

import math
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

import pandas as pd

from connectors import RateLimitedError

LEAST = 1.0
"""Seconds; waiting less only asks again too early."""
MOST = 366 * 24 * 3600.0
"""Seconds; who asks for more has mistaken the unit, and has said nothing usable."""


def server_clock(headers: Mapping[str, str]) -> pd.Timestamp | None:
    """When the server sent the answer, by its own clock, in UTC."""
    return _http_date(headers.get("date", ""))


def retry_after(headers: Mapping[str, str], *, now: pd.Timestamp | None = None) -> float | None:
    """How many seconds from the answer on does the server want to be left alone?

    `Retry-After` holds whole or broken seconds, or an HTTP date: that is compared with the server's own clock, and with
    `now` only where the server does not tell the time. Never less than `LEAST`; `None` where nothing usable is said.
    """
    written = headers.get("retry-after", "")
    if (seconds := _number(written)) is not None:
        return max(seconds, LEAST)
    until, now = _http_date(written), server_clock(headers) or now
    return None if until is None or now is None else seconds_until(until, now)


def seconds_until(until: pd.Timestamp, now: pd.Timestamp) -> float:
    """The wait from `now` on, never less than `LEAST`."""
    return max((until - now).total_seconds(), LEAST)


def utc(at: datetime) -> pd.Timestamp:
    """The instant in UTC, which it is taken to be in where it names no zone."""
    instant = pd.Timestamp(at)
    return instant.tz_localize("UTC") if instant.tz is None else instant.tz_convert("UTC")


def doubling(first: float, nth: int, *, most: float = math.inf) -> float:
    """The `nth` pause (from 1 on) where each is twice as long as the one before, up to `most`."""
    return min(first * float(2 ** (nth - 1)), most)


class Patience:
    """How long one question may wait in sum; the next question has a patience of its own."""

    def __init__(self, sleep: Callable[[float], None], bound: float) -> None:
        """`bound` is in seconds."""
        self.waited = 0.0
        self._sleep, self._bound = sleep, bound

    def wait(self, seconds: float, *, who: str, now: Callable[[], pd.Timestamp]) -> None:
        """Sleep, if that keeps within the bound.

        `now`, the server's clock, is asked only where it does not, and may raise an error of its own where nobody knows
        the time. Raises `RateLimitedError` in the name of `who`, without having slept.
        """
        if self.waited + seconds > self._bound:
            raise RateLimitedError(who, now() + timedelta(seconds=seconds))
        self._sleep(seconds)
        self.waited += seconds


def _number(text: str) -> float | None:
    try:
        found = float(text)
    except ValueError:
        return None
    return found if abs(found) <= MOST else None


def _http_date(text: str) -> pd.Timestamp | None:
    try:
        return utc(parsedate_to_datetime(text))
    except (ValueError, OverflowError):
        return None
