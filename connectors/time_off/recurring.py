"""When does what recurs take place? Rules are expanded by `dateutil`, within bounds that no rule can get around."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from itertools import takewhile
from typing import Any

from dateutil.rrule import rrulestr  # type: ignore[import-untyped]  # it ships no types

FIRST_YEAR, LAST_YEAR = 1970, 2399
"""Between them days are believed."""
TO_THE_END = 19 * 400
"""Years. After every 400 of them the calendar is the same again, weekdays and all."""
MOST_CHARACTERS = 200
PARTS = re.compile(
    r"FREQ=(DAILY|WEEKLY|MONTHLY|YEARLY)|INTERVAL=0*[1-9]\d{0,3}|COUNT=\d{1,6}|BYDAY=([-+]?[1-5]?[A-Z]{2},?)+"
    r"|BYMONTHDAY=[-+0-9,]+|BYMONTH=[0-9,]+|BYSETPOS=[-+0-9,]+|WKST=[A-Z]{2}"
)
"""What rules of absences are made of. Nothing shorter than a day recurs here."""


def recurrences(rule: str, first: datetime, *, since: datetime, until: datetime) -> list[datetime]:
    """The starts between two instants, both included, of what first started at `first`; all of them local and naive.

    `rule` is an RRULE without its UNTIL, which is the caller's to respect. Raises `ValueError` where the rule is not
    one of days, weeks, months or years.
    """
    is_plain = len(rule) <= MOST_CHARACTERS and all(PARTS.fullmatch(part) for part in rule.split(";"))
    if not is_plain or "FREQ=" not in rule:
        raise ValueError("not a rule of whole days")
    # A rule that never fits (30 February) is tried until the year 9999: near it, that is soon.
    starts = rrulestr(rule, dtstart=_later(first))
    ended = takewhile(lambda start: start <= _later(until), starts)
    return [start.replace(year=start.year - TO_THE_END) for start in ended if start >= _later(since)]


def _later(at: datetime) -> datetime:
    return at.replace(year=at.year + TO_THE_END)


def wall(at: date, zone: Any = None) -> datetime:  # noqa: ANN401 (calendars bring zones of their own)
    """A day as its midnight, an instant as the clock shows it in a zone; as it is written where no zone is known."""
    if not isinstance(at, datetime):
        return datetime.combine(at, datetime.min.time())
    return (at.astimezone(zone) if zone is not None and at.tzinfo is not None else at).replace(tzinfo=None)


def without(starts: list[datetime], gone: list[date], zone: Any) -> Iterator[datetime]:  # noqa: ANN401
    """The starts but those that were taken out; a day takes out all that starts on it."""
    instants = {wall(at, zone) for at in gone}
    days = {at for at in gone if not isinstance(at, datetime)}
    return (start for start in starts if start not in instants and start.date() not in days)
