"""How long a server wants us to wait, in whatever form it says so."""

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LEAST_S = 1.0
"""Waiting less than this only asks again too early."""


def seconds_asked(headers: Mapping[str, str], now: datetime | None) -> float | None:
    """Seconds from the answer on; `None` where the server does not tell, or tells an instant and nobody knows `now`.

    `Retry-After` holds whole or broken seconds or an HTTP date, `X-RateLimit-Reset` an ISO instant.
    """
    after = headers.get("Retry-After", "").strip()
    if (seconds := _number(after)) is not None:
        return max(seconds, LEAST_S)
    until = _http_date(after) or _iso(headers.get("X-RateLimit-Reset", ""))
    return max((until - now).total_seconds(), LEAST_S) if until and now else None


def server_clock(headers: Mapping[str, str]) -> datetime | None:
    """When the server sent the answer, by its own clock."""
    return _http_date(headers.get("Date", ""))


def _number(text: str) -> float | None:
    try:
        found = float(text)
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def _http_date(text: str) -> datetime | None:
    try:
        return _zoned(parsedate_to_datetime(text))
    except ValueError:
        return None


def _iso(text: str) -> datetime | None:
    try:
        return _zoned(datetime.fromisoformat(text.strip()))
    except ValueError:
        return None


def _zoned(at: datetime) -> datetime:
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
