"""Working time: when each person is at work, and what is so much work later. Instants are seconds since 1970, UTC."""

import datetime as dt
from collections.abc import Iterator
from zoneinfo import ZoneInfo

import numpy as np

from sample_data.organisation import FIRST_DAY, LEAVE, ON_LEAVE, PEOPLE, TODAY, Person

HOUR = 3600
FAR = 2**40
"""Later than everything: what has not happened."""
LAST_DAY = TODAY.date() + dt.timedelta(days=150)

PUBLIC = {
    "Europe": ("01-01", "05-01", "12-25", "12-26"),
    "America": ("01-01", "12-25"),
    "Asia/Kolkata": ("01-26", "08-15", "10-02", "12-25"),
    "Asia/Tokyo": ("01-01", "01-02", "02-11", "02-23", "04-29", "05-04", "05-05", "11-03"),
    "America/New_York": ("07-04", "11-27"),
    "America/Los_Angeles": ("07-04", "11-27"),
    "America/Sao_Paulo": ("04-21", "09-07", "11-20"),
}
"""Zone or continent → days off that everybody there has, MM-DD. A few that matter, not a calendar."""

Span = tuple[dt.date, dt.date]


class Hours:
    """One person's working time between the first day and some months after today."""

    def __init__(self, person: Person, away: list[Span]) -> None:
        """`away`: days off, first and last."""
        self.spans = dict(_spans(person, away))

    def on(self, day: dt.date) -> tuple[int, int] | None:
        """Start and end of that working day; nothing on a day off."""
        return self.spans.get(day)

    def after(self, at: int, work: float) -> int:
        """The instant by which so many hours of work have passed since `at`; `FAR` where none are left."""
        if at >= FAR:
            return FAR
        left = work * HOUR
        day = dt.datetime.fromtimestamp(at, dt.UTC).date() - dt.timedelta(days=1)
        while day <= LAST_DAY:
            start, end = self.spans.get(day, (0, 0))
            start = max(start, at)
            if start < end and start + left < end:
                return int(start + left)
            left -= max(end - start, 0)
            day += dt.timedelta(days=1)
        return FAR


def _spans(person: Person, away: list[Span]) -> Iterator[tuple[dt.date, tuple[int, int]]]:
    day = max(FIRST_DAY, person.start_on)
    last = person.leave_on or LAST_DAY
    while day <= last:
        if person.workdays[day.weekday()] == "1" and not any(start <= day <= end for start, end in away):
            yield day, (_local(person, day, person.day[0]), _local(person, day, person.day[1]))
        day += dt.timedelta(days=1)


def _local(person: Person, day: dt.date, clock: str) -> int:
    return int(dt.datetime.combine(day, dt.time.fromisoformat(clock), ZoneInfo(person.zone)).timestamp())


def time_off(rng: np.random.Generator) -> dict[str, list[Span]]:
    """Everybody's absences by login: public holidays, summer, the end of the year, a week here and there."""
    return {person.login: sorted(_absences(person, rng)) for person in PEOPLE}


def _absences(person: Person, rng: np.random.Generator) -> Iterator[Span]:
    taken: list[Span] = [LEAVE] if person.login == ON_LEAVE else []
    for year in (2025, 2026):
        summer = dt.date(year, 8 if "Europe" in person.zone else 7, int(rng.integers(4, 15)))
        taken.append((summer, summer + dt.timedelta(days=int(rng.choice([4, 9, 11, 16])))))
        week = dt.date(year, int(rng.choice([2, 3, 4, 5, 10])), int(rng.integers(1, 25)))
        taken.append((week, week + dt.timedelta(days=int(rng.choice([1, 2, 4])))))
    taken += [_new_year(year, rng) for year in (2024, 2025) if rng.random() < 0.75]
    spans = _apart([span for span in taken if _is_kept(person, span)])
    yield from spans
    yield from (day for day in _public(person) if not any(start <= day[0] <= end for start, end in spans))


def _new_year(year: int, rng: np.random.Generator) -> Span:
    return dt.date(year, 12, int(rng.integers(19, 24))), dt.date(year + 1, 1, int(rng.integers(1, 6)))


def _is_kept(person: Person, span: Span) -> bool:
    """The person is there then, and only the one who is on leave is away around today."""
    around = span[1] >= dt.date(2026, 6, 1) and span[0] <= dt.date(2026, 6, 26) and span != LEAVE
    clashes = person.login == ON_LEAVE and span != LEAVE and span[1].year == 2026 and span[1].month in {5, 6, 7}
    employed = span[0] >= person.start_on and (person.leave_on is None or span[1] <= person.leave_on)
    return employed and not around and not clashes


def _apart(spans: list[Span]) -> list[Span]:
    """Spans that do not overlap: of two that do, the earlier stays."""
    kept: list[Span] = []
    for span in sorted(spans):
        if not kept or span[0] > kept[-1][1]:
            kept.append(span)
    return kept


def _public(person: Person) -> Iterator[Span]:
    days = {day for place, days in PUBLIC.items() if person.zone.startswith(place) for day in days}
    for year in (2025, 2026):
        for day in sorted(days):
            date = dt.date.fromisoformat(f"{year}-{day}")
            if person.workdays[date.weekday()] == "1" and _is_employed(person, date):
                yield date, date


def _is_employed(person: Person, day: dt.date) -> bool:
    return day >= person.start_on and (person.leave_on is None or day <= person.leave_on)


def lull(day: dt.date) -> float:
    """How much goes on: little around the new year, less in August."""
    if (day.month, day.day) >= (12, 20) or (day.month, day.day) <= (1, 4):
        return 0.3
    return 0.65 if day.month == 8 else 1.0
