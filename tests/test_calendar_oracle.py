"""Working hours against counting minutes one by one, and what holds for any calendar."""

import datetime as dt
import zoneinfo

import holidays
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.calendar_world import kept, off, person
from tests.metrics.build import utc

CHANGES = {  # a day on which clocks change
    "Europe/Berlin": ("2026-03-29", "2026-10-25"),
    "America/New_York": ("2026-03-08", "2026-11-01"),
    "America/Havana": ("2026-03-08", "2026-11-01"),
    "Atlantic/Azores": ("2026-03-29", "2026-10-25"),
    "Australia/Lord_Howe": ("2026-04-05", "2026-10-04"),
    "Africa/Cairo": ("2026-04-24", "2026-10-30"),
    "Asia/Kathmandu": ("2026-06-01", "2026-12-26"),
    "Pacific/Chatham": ("2026-04-05", "2026-09-27"),
}
HOURS = [("09:00", "17:00"), ("00:00", "24:00"), ("07:30", "15:45"), ("10:00", "24:00"), ("00:00", "12:00")]
PLACES = [("", ""), ("DE", "BY"), ("DE", "BE"), ("US", ""), ("NZ", "")]
WORKDAYS = ["1111100", "1111111", "1111001", "0101010", "1111110"]
MINUTE = dt.timedelta(minutes=1)
COMPANY_DAYS = (dt.date(2026, 3, 30), dt.date(2026, 10, 26), dt.date(2026, 11, 2))


def pick(chance, of):
    return of[int(chance.integers(len(of)))]


def near(chance, day: str, days: int) -> pd.Timestamp:
    return pd.Timestamp(day) + pd.Timedelta(days=int(chance.integers(-days, days + 1)))


def somebody(chance, name):
    """A row of `people`, their absences, and a day on which their clocks change."""
    zone = pick(chance, list(CHANGES))
    change = pick(chance, CHANGES[zone])
    day_start, day_end = pick(chance, HOURS)
    country, region = pick(chance, PLACES)
    week = {"time_zone": zone, "workdays": pick(chance, WORKDAYS), "day_start": day_start, "day_end": day_end}
    stay = {"start_on": str(near(chance, change, 2))} if chance.random() < 0.3 else {}
    stay |= {"leave_on": str(near(chance, change, 4))} if chance.random() < 0.3 else {}
    firsts = sorted({near(chance, change, 4) for _ in range(int(chance.integers(4)))})
    away = [off(name, str(first), str(first + pd.Timedelta(days=int(chance.integers(3))))) for first in firsts]
    return person(name, **week, country=country, region=region, **stay), away, change


def minutes_worked(start, end, who, away) -> float:
    """Every minute is looked at: what do their clocks show, is it a day they work, are they there?"""
    zone, holiday = zoneinfo.ZoneInfo(who["time_zone"]), {}
    if who["country"]:
        holiday = holidays.country_holidays(who["country"], subdiv=who["region"] or None)
    first, last = (who.get(edge, pd.Timestamp(far)) for edge, far in (("start_on", "2000"), ("leave_on", "2100")))
    absences = [(each["start_on"].date(), each["end_on"].date()) for each in away]
    worked, at = 0, start
    while at < end:
        there = at.astimezone(zone)
        day = there.date()
        is_there = first.date() <= day <= last.date() and not any(since <= day <= until for since, until in absences)
        is_workday = who["workdays"][day.weekday()] == "1" and day not in holiday and day not in COMPANY_DAYS
        worked += is_there and is_workday and who["day_start"] <= f"{there:%H:%M}" < who["day_end"]
        at += MINUTE
    return worked / 60


def test_hours_agree_with_counting_minute_by_minute():
    chance = np.random.default_rng(23)
    drawn = [somebody(chance, f"person {number}") for number in range(60)]
    people, absences = [who for who, _, _ in drawn], [away for _, away, _ in drawn]
    week = kept(*people, time_off=[row for away in absences for row in away], company_days=COMPANY_DAYS)
    minutes = chance.integers(-4 * 1440, 4 * 1440, (len(drawn), 2))
    edges = [[utc(change) + pd.Timedelta(minutes=int(n)) for n in sorted(pair)]
             for (_, _, change), pair in zip(drawn, minutes, strict=True)]  # fmt: skip
    starts, ends = (pd.Series(list(each)) for each in zip(*edges, strict=True))
    found = week.working_hours(pd.Series([who["id"] for who in people]), starts, ends)
    counted = [
        minutes_worked(start.to_pydatetime(), end.to_pydatetime(), who, away)
        for start, end, who, away in zip(starts, ends, people, absences, strict=True)
    ]
    assert found.tolist() == pytest.approx(counted)
    assert np.mean(np.array(counted) > 0) > 0.5


ANN = kept(
    person("ann", time_zone="America/New_York", country="US", start_on="2026-02-10", leave_on="2026-06-20"),
    time_off=[off("ann", "2026-03-05", "2026-03-10"), off("ann", "2026-03-09", "2026-03-12"), off("ann", "2026-04-01")],
)
SECONDS = st.integers(0, 180 * 86_400)


def ann_between(starts, ends):
    since, until = (
        pd.Series(pd.to_datetime(list(each), unit="s", utc=True, origin="2026-01-15").as_unit("us"))
        for each in (starts, ends)
    )
    return ANN.working_hours(pd.Series(["ann"] * len(since)), since, until)


@given(SECONDS, SECONDS, SECONDS)
def test_hours_add_up(a, b, c):
    first, second, whole = ann_between([a, b, a], [b, c, c])
    assert first + second == pytest.approx(whole)


@given(SECONDS, SECONDS)
def test_backwards_is_the_negative(a, b):
    forwards, backwards = ann_between([a, b], [b, a])
    assert forwards == -backwards


@given(SECONDS, st.integers(0, 20 * 86_400))
def test_hours_are_never_more_than_pass_and_never_fewer_than_none(a, length):
    worked = ann_between([a], [a + length])[0]
    assert 0 <= worked <= length / 3600


@given(SECONDS, SECONDS, st.integers(0, 60 * 86_400))
def test_what_is_asked_beside_it_changes_nothing(a, b, other):
    alone = ann_between([a], [b])[0]
    assert ann_between([a, -400 * 86_400], [b, other])[0] == alone


@given(SECONDS, SECONDS, st.integers(1, 60))
def test_whole_weeks_later_the_hours_are_the_same(a, b, weeks):
    start, end = (pd.Series([utc("2026-01-05") + pd.Timedelta(seconds=n)]) for n in (a, b))
    later, nobody = pd.Timedelta(weeks=weeks), pd.Series(["nobody"])
    then = ANN.working_hours(nobody, start + later, end + later)
    assert then.tolist() == ANN.working_hours(nobody, start, end).tolist()


@pytest.mark.parametrize("seed", range(3))
def test_the_last_working_days_are_all_the_working_time_there_was(seed):
    chance = np.random.default_rng(seed)
    drawn = [somebody(chance, f"person {number}") for number in range(20)]
    week = kept(*(who for who, _, _ in drawn), time_off=[row for _, away, _ in drawn for row in away])
    days = week.working_days(utc("2026-11-10 12:00"), 15)
    edges = days.groupby("person").agg(start_at=("start_at", "min"), end_at=("end_at", "max"), n=("day_on", "size"))
    lengths = (days["end_at"] - days["start_at"]).dt.total_seconds() / 3600
    whole = week.working_hours(edges.index.to_series(), edges["start_at"], edges["end_at"])
    assert lengths.groupby(days["person"]).sum().tolist() == pytest.approx(whole.tolist())
    assert (lengths > 0).all()
    assert edges["n"].max() == 15
