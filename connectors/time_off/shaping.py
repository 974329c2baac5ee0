"""What files and calendars hold → who is away on which days. Pure; reasons, titles and addresses go no further."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from connectors.time_off.events import Calendar, Found, calendar
from fairlead import frames, places
from fairlead.config import TimeOffSource
from fairlead.people import by_hand
from fairlead.people.called import Register

COLUMNS = ("person", "start_on", "end_on")
NOBODYS = "of nobody known"
SHORT = "shorter than a day"
CANCELLED = "cancelled"
UNREAD = "not understood"
UNKNOWN_PERSON = "person is nobody's login, name or address, or several people's. Write a login"
LATE = time(23, 59)
"""Until when a day has to last to be whole: many programs end it a minute or a second early."""

Span = tuple[str, date, date]


@dataclass(frozen=True)
class House:
    """What is known here of people: what they are called, their zones, and the zone of everybody else."""

    register: Register
    zones: Mapping[str, str]
    usual_zone: str


@dataclass(frozen=True)
class Absences:
    """Who is away when (`time_off`), and how many entries were left out why."""

    spans: pd.DataFrame
    left_out: Counter[str] = field(default_factory=Counter)
    warnings: tuple[str, ...] = ()


def absences(content: bytes, source: TimeOffSource, house: House, *, now: datetime) -> Absences:
    """Who is away when, by a file or a calendar?

    Raises:
        ConfigError: a .csv file has a fault; names lines and columns, never what is in them.
        SourceError: a calendar is damaged; names the file or the variable of its address.
    """
    if source.is_list:
        return _of_list(content, source, house)
    return _of_calendar(calendar(content, now=now, where=source.where), source, house)


def merged(spans: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Absences that overlap or follow each other from one day to the next are one. Returns a `time_off` table."""
    every = pd.concat([frames.empty("time_off"), *spans])
    ordered = every.astype({"person": "str"}).sort_values(["person", "start_on", "end_on"], ignore_index=True)
    whose = ordered["person"]
    reached = ordered.groupby("person")["end_on"].cummax().groupby(whose).shift()
    is_new = reached.isna() | (ordered["start_on"] > reached + pd.Timedelta(days=1))
    found = ordered.groupby(is_new.cumsum().rename("absence")).agg(
        person=("person", "first"), start_on=("start_on", "min"), end_on=("end_on", "max")
    )
    return frames.conform("time_off", found)


def _of_list(content: bytes, source: TimeOffSource, house: House) -> Absences:
    cells = by_hand.cells(content, columns=COLUMNS, required=COLUMNS[:2], where=source.where)
    text = cells.reindex(columns=COLUMNS).astype("str").replace("", np.nan)
    by_hand.refuse(_unfit(text), where=source.where)
    days = {column: pd.to_datetime(text[column], format="%Y-%m-%d") for column in COLUMNS[1:]}
    whole = text.assign(start_on=days["start_on"], end_on=days["end_on"].fillna(days["start_on"]))
    is_backwards = whole["end_on"] < whole["start_on"]
    by_hand.refuse(by_hand.fault("end_on", is_backwards, "is before start_on"), where=source.where)
    who = whole["person"].map(house.register.person)
    found = whole.assign(person=who.astype("str")).dropna(subset="person")
    return Absences(merged([found]), Counter({NOBODYS: len(whole) - len(found)}))


def _unfit(text: pd.DataFrame) -> Iterator[str]:
    yield from by_hand.broken(text)
    for column in COLUMNS[:2]:
        yield from by_hand.fault(column, text[column].isna(), "is empty")
    for column in COLUMNS[1:]:
        yield from by_hand.no_day(column, text[column])


def _of_calendar(read: Calendar, source: TimeOffSource, house: House) -> Absences:
    left_out = Counter({CANCELLED: read.n_cancelled, UNREAD: read.n_unread})
    owner = house.register.person(source.person) if source.person else None
    spans: list[Span] = []
    for event in read.events:
        who = owner if source.person else _whose(event, house.register)
        days = list(_whole_days(event, _zone(who, read.zone, house)))
        left_out[SHORT] += bool(event.starts) and not days
        left_out[NOBODYS] += bool(days) and who is None
        spans += [(who, *span) for span in days if who is not None]
    warnings = (f"{source.where}: {UNKNOWN_PERSON}.",) if source.person and owner is None else ()
    return Absences(merged([_table(spans)]), left_out, warnings)


def _whose(event: Found, register: Register) -> str | None:
    """Whose absence is it?

    That of the one who is asked to come; of who made the event only if nobody is, because a secretary may have made it.
    Where several are asked, or nobody we know, the title may begin with a name.
    """
    addresses = event.attendees or (event.organizer,)
    known = {register.of_address(address) for address in addresses} - {None}
    return known.pop() if len(known) == 1 else register.named_first(event.summary)


def _zone(who: str | None, of_calendar: str, house: House) -> ZoneInfo:
    """Where the days of an event that is written in UTC begin and end: where the person is, else where the calendar is.

    Google writes all times in UTC, for one.
    """
    named = house.zones.get(who or "") or of_calendar
    return ZoneInfo(named if places.is_zone(named) else house.usual_zone)


def _whole_days(event: Found, zone: ZoneInfo) -> Iterator[tuple[date, date]]:
    """First and last of the days that an event takes up wholly, each time it takes place."""
    for start in event.starts:
        begin, end = (_local(at, event, zone) for at in (start, start + event.length))
        first = begin.date() + timedelta(days=begin.time() != time.min)
        last = end.date() - timedelta(days=end.time() < LATE)
        if first <= last:
            yield first, last


def _local(at: datetime, event: Found, zone: ZoneInfo) -> datetime:
    return at.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None) if event.is_utc else at


def _table(spans: list[Span]) -> pd.DataFrame:
    rows: Any = dict(zip(COLUMNS, zip(*spans, strict=True), strict=True)) if spans else {name: [] for name in COLUMNS}
    return pd.DataFrame(rows).astype({"person": "str", "start_on": "datetime64[us]", "end_on": "datetime64[us]"})
