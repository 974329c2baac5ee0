"""Whose day it is, and who is away on it."""

import numpy as np
import pandas as pd
import pytest

from metrics.instants import MISSING, micros
from metrics.presence import away_until, days, is_here
from tests.metrics.build import day, encoded, frame, utc

NOON = utc("2026-06-11 12:00")
PEOPLE = frame(
    "people", [{"id": "ann"}, {"id": "bob", "time_zone": "Pacific/Auckland"}, {"id": "cy", "time_zone": " "}]
)


def off(*rows):
    return frame("time_off", [{"person": who, "start_on": day(a), "end_on": day(b)} for who, a, b in rows])


def at(*instants):
    return micros(pd.Series(pd.DatetimeIndex(instants).as_unit("us")))


def test_a_day_is_that_of_ones_own_zone_and_else_of_the_usual_one():
    everybody = np.arange(3)
    for zone, usual in (("UTC", "2026-06-11"), ("Pacific/Auckland", "2026-06-12")):
        found = days(PEOPLE, everybody, at(NOON, NOON, NOON), zone=zone)
        assert found.tolist() == at(utc(usual), utc("2026-06-12"), utc(usual)).tolist()


def test_midnight_belongs_to_the_day_it_ends():
    friday = off(("ann", "2026-06-12", "2026-06-12"))
    moments = at(utc("2026-06-12"), utc("2026-06-12 00:01"), utc("2026-06-13"), utc("2026-06-13 00:01"))
    assert is_here(PEOPLE, friday, np.zeros(4, dtype=int), moments, zone="UTC").tolist() == [True, False, False, True]


def test_who_is_not_known_is_here():
    assert is_here(PEOPLE, off(), np.array([-1]), at(NOON), zone="UTC").tolist() == [True]
    assert is_here(frame("people", []), off(), np.array([-1]), at(NOON), zone="UTC").tolist() == [True]


@pytest.mark.parametrize("seed", range(8))
def test_absences_agree_with_a_plain_loop(seed):
    draw = np.random.default_rng(seed)
    starts = draw.permutation(np.arange(1, 20))[:12]
    rows = [
        (str(draw.choice(["ann", "bob", "zoe"])), f"2026-06-{first:02}", f"2026-06-{first + draw.integers(0, 9):02}")
        for first in starts
    ]
    row, asked = draw.integers(0, 3, 40), [f"2026-06-{each:02}" for each in draw.integers(1, 30, 40)]
    expected = []
    for who, on in zip(row, asked, strict=True):
        covering = [last for name, first, last in rows if name == PEOPLE["id"][who] and first <= on <= last]
        expected.append(at(utc(max(covering)))[0] if covering else MISSING)
    for told in (off(*rows), encoded(time_off=off(*rows))["time_off"]):
        assert away_until(PEOPLE, told, row, at(*map(utc, asked))).tolist() == expected
