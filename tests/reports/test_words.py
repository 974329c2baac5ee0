"""Numbers in words."""

import math

import pandas as pd
import pytest

from reports import words


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0.25, "6 h"),
        (0.97, "23 h"),
        (0.999, "1.0 days"),
        (9.97, "10 days"),
        (4.24, "4.2 days"),
        (31.4, "31 days"),
        (math.nan, "–"),
        (math.inf, "never"),
        (-2.0, "-2 days"),
    ],
)
def test_days_are_as_precise_as_is_useful(value, said):
    assert words.days(value) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [(0.27, "27 %"), (1.0, "100 %"), (0.999, "over 99 %"), (0.001, "under 1 %"), (0.0, "0 %"), (math.nan, "–")],
)
def test_a_share_is_never_rounded_to_all_or_nothing(value, said):
    assert words.share(value) == said


def test_counts_agree_with_their_noun():
    assert [words.count(n, "issue") for n in (0, 1, 1200)] == ["0 issues", "1 issue", "1,200 issues"]
    assert words.count(2, "person", "people") == "2 people"


def test_a_verb_agrees_with_its_count():
    assert [words.agree(n, "waits", "wait") for n in (0, 1, 2)] == ["wait", "waits", "wait"]


def test_a_shift_of_a_date_has_a_direction_and_no_sign():
    assert [words.shift(days) for days in (14.0, -14.0, 0.0)] == [
        "14 days later",
        "14 days earlier",
        "back where it was",
    ]


def test_a_change_has_a_sign_and_is_empty_where_it_is_unknown():
    assert words.change(5.0, 3.5, "days") == "+1.5 days"
    assert words.change(3, 5) == "-2"
    assert words.change(math.nan, 1) == words.change(1, math.inf) == ""


def test_a_day_has_its_year_in_full_or_short_and_none_is_none():
    first = pd.Timestamp("2026-03-03")
    assert (words.day(first), words.short_day(first)) == ("3 Mar 2026", "3 Mar ’26")
    assert (words.day(pd.NaT), words.short_day(None)) == ("no date", "no date")


@pytest.mark.parametrize(
    ("value", "said"), [(0.27, "27 %"), (1.0, "over 99 %"), (0.0, "under 1 %"), (0.5, "50 %"), (math.nan, "–")]
)
def test_a_chance_is_never_nothing_and_never_everything(value, said):
    assert words.chance(value) == said


@pytest.mark.parametrize(("value", "said"), [(1.0, "1 day later"), (-9.0, "9 days earlier"), (math.nan, "–")])
def test_a_shift_is_said_in_whole_days_where_it_is_one(value, said):
    assert words.shift(value) == said
