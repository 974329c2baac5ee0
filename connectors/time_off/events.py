"""An iCalendar file → its events: when they are, and whose they may be. What they are about is never kept."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from icalendar import Event

from connectors.time_off.recurring import FIRST_YEAR, LAST_YEAR, recurrences, wall, without
from fairlead.errors import SourceError

WITHIN_YEARS = 2
"""How far from now, both ways, what recurs is looked at."""
MOST_RULES = 1_000
"""Recurring events of one calendar; those behind are left out."""
FAULTS = (ValueError, TypeError, AttributeError, LookupError, OverflowError, OSError)
"""What `icalendar` and zones raise where a line is not as it should be (`TZID=Europe`: a folder is no zone)."""


@dataclass(frozen=True)
class Found:
    """One event, and when it takes place: by the clock of where it was written, or in UTC where `is_utc`."""

    attendees: tuple[str, ...]
    organizer: str
    summary: str
    starts: tuple[datetime, ...]
    length: timedelta
    is_utc: bool


@dataclass(frozen=True)
class Calendar:
    """The events of a calendar, its zone where it tells, and how many events were cancelled or cannot be read."""

    events: list[Found]
    zone: str
    n_cancelled: int
    n_unread: int


def calendar(content: bytes, *, now: datetime, where: str) -> Calendar:
    """The events of an iCalendar file; those that recur as far as `WITHIN_YEARS` before and after `now`.

    Raises:
        SourceError: `where` is no calendar, or breaks off. An event that cannot be read is counted instead.
    """
    blocks, zone = _blocks(content, where)
    read = [_parsed(block) for block in blocks]
    whole = [event for event in read if event is not None]
    kept = [event for event in whole if str(event.get("STATUS", "")).upper() != "CANCELLED"]
    moved = _moved(whole)
    ruled = [event for event in kept if "RRULE" in event]
    single = [event for event in kept if "RRULE" not in event]
    found = [_found(event, moved, now) for event in (*single, *ruled[:MOST_RULES])]
    good = [each for each in found if each is not None]
    n_unread = len(blocks) - len(whole) + len(kept) - len(good)
    return Calendar(good, zone, n_cancelled=len(whole) - len(kept), n_unread=n_unread)


def _blocks(content: bytes, where: str) -> tuple[list[bytes], str]:
    """Each event's own lines, and the calendar's zone. One line at fault must not cost all the others."""
    lines = content.removeprefix(b"\xef\xbb\xbf").strip().splitlines()
    marks = [line.strip().upper() for line in lines]
    if not marks or marks[0] != b"BEGIN:VCALENDAR":
        raise SourceError(f"{where}: is no iCalendar file. Give the address or file that ends in .ics.")
    begins = [place for place, mark in enumerate(marks) if mark == b"BEGIN:VEVENT"]
    ends = [place for place, mark in enumerate(marks) if mark == b"END:VEVENT"]
    is_whole = len(begins) == len(ends) and all(begin < end for begin, end in zip(begins, ends, strict=True))
    if marks[-1] != b"END:VCALENDAR" or not is_whole:
        raise SourceError(f"{where}: the calendar breaks off or is damaged. Export it, or run, again.")
    zones = [line.partition(b":")[2] for line in lines if line.upper().startswith(b"X-WR-TIMEZONE")]
    blocks = [b"\r\n".join(lines[begin : end + 1]) + b"\r\n" for begin, end in zip(begins, ends, strict=True)]
    return blocks, zones[0].decode("utf-8", "replace").strip() if zones else ""


def _parsed(block: bytes) -> Event | None:
    try:
        event = Event.from_ical(block)
    except FAULTS:
        return None
    return event if isinstance(event, Event) else None


def _moved(events: list[Event]) -> dict[str, list[date]]:
    """By the event's id, which of its recurrences stand for themselves: they were moved or cancelled."""
    moved: dict[str, list[date]] = {}
    for event in events:
        with suppress(*FAULTS):  # it is counted as unread when its turn comes
            moved.setdefault(str(event.get("UID", "")), []).extend(_instants(event, "RECURRENCE-ID"))
    return moved


def _found(event: Event, moved: dict[str, list[date]], now: datetime) -> Found | None:
    """When and whose; `None` where the event does not tell when, or recurs in a way that is not understood."""
    try:
        (start,) = _instants(event, "DTSTART")
        return Found(
            attendees=tuple(_people(event, "ATTENDEE")),
            organizer=next(_people(event, "ORGANIZER"), ""),
            summary=" ".join(str(each) for each in _all(event, "SUMMARY")[:1]),
            starts=tuple(_starts(event, start, moved, now)),
            length=_length(event, start),
            is_utc=str(_zone(start)) in {"UTC", "Etc/UTC"},
        )
    except FAULTS:
        return None


def _zone(start: date) -> Any:  # noqa: ANN401 (calendars bring zones of their own)
    return start.tzinfo if isinstance(start, datetime) else None


def _length(event: Event, start: date) -> timedelta:
    """How long by the clock on the wall. Without an end a day lasts a day, an instant nothing."""
    ends, durations = _instants(event, "DTEND"), _all(event, "DURATION")
    if ends:
        length = wall(ends[0], _zone(start)) - wall(start, _zone(start))
    elif durations:
        length = durations[0].dt
    else:
        length = timedelta()
    is_day = not isinstance(start, datetime)
    least = timedelta(days=1) if is_day else timedelta()
    if not isinstance(length, timedelta) or abs(length) > timedelta(days=3653):
        raise ValueError("ten years are no absence")
    return max(length, least)


def _starts(event: Event, start: date, moved: dict[str, list[date]], now: datetime) -> Iterator[datetime]:
    zone = _zone(start)
    first = wall(start, zone)
    if not FIRST_YEAR <= first.year <= LAST_YEAR:
        raise ValueError("no day that is believed")
    if "RECURRENCE-ID" in event:
        return iter([first])
    since, until = (now.replace(year=now.year + years, day=min(now.day, 28)) for years in (-WITHIN_YEARS, WITHIN_YEARS))
    rules, more = _all(event, "RRULE"), [wall(at, zone) for at in _instants(event, "RDATE")]
    if len(rules) > 1:
        raise ValueError("several rules")
    ruled = _ruled(rules[0], first, zone, since, until) if rules else [first]
    every = sorted({*ruled, *(at for at in more if since <= at <= until)})
    gone = _instants(event, "EXDATE") + moved.get(str(event.get("UID", "")), [])
    return without(every, gone, zone)


def _ruled(rule: Any, first: datetime, zone: Any, since: datetime, until: datetime) -> list[datetime]:  # noqa: ANN401
    """The recurrences of a rule within bounds; a day that the rule ends on still counts."""
    parts = rule.to_ical().decode().upper().split(";")
    ends = [wall(at, zone) + _rest_of(at) for at in rule.get("UNTIL", [])]
    text = ";".join(part for part in parts if not part.startswith("UNTIL="))
    return recurrences(text, first, since=since, until=min([until, *ends]))


def _rest_of(at: date) -> timedelta:
    """What of a day still belongs to it; of an instant nothing."""
    return timedelta() if isinstance(at, datetime) else timedelta(days=1, microseconds=-1)


def _instants(event: Event, name: str) -> list[date]:
    """The days and instants of a property; of periods their starts. Raises `ValueError` where one cannot be read."""
    values = [each.dt for value in _all(event, name) for each in (getattr(value, "dts", None) or [value])]
    starts = [value[0] if isinstance(value, tuple) else value for value in values]
    if not all(isinstance(start, date) for start in starts):
        raise ValueError("neither day nor instant")
    return starts


def _people(event: Event, name: str) -> Iterator[str]:
    """The addresses of those who have not declined; rooms and lists are nobody."""
    for value in _all(event, name):
        given = getattr(value, "params", {})
        is_one = str(given.get("CUTYPE", "INDIVIDUAL")).upper() in {"INDIVIDUAL", "UNKNOWN"}
        if is_one and str(given.get("PARTSTAT", "")).upper() != "DECLINED":
            address = str(value)
            yield address[7:] if address.lower().startswith("mailto:") else address


def _all(event: Event, name: str) -> list[Any]:
    value = event.get(name)
    return value if isinstance(value, list) else [] if value is None else [value]
