"""What moved the remaining work of milestones, and what is told of an instant: only what was known then."""

import numpy as np
import pandas as pd
import pytest

from metrics.forecast import moves as moves_of
from metrics.forecast.engine import Futures
from metrics.forecast.history import Due
from metrics.instants import NEVER, instants, micros_of
from tests.metrics.build import added, moved, removed, utc
from tests.metrics.forecast_world import due, history, milestone, organisation, tables

QUICK = Futures(trials=500)


def moves(*rows: dict, **values) -> moves_of.Moves:
    return history(tables(*rows, of=[milestone(**values)])).moves[0]


# 5 January 2026 is a Monday.


def counted(found: moves_of.Moves, at: str, first: str = "2026-01-05", zone: str = "UTC") -> list[list[int]]:
    """Finishes and net arrivals of the weeks from the first Monday to the instant."""
    edges = pd.Series([utc(first), utc(at)])
    since, past = moves_of.week_numbers(edges, zone)
    return [column.tolist() for column in found.weekly(micros_of(utc(at)), first=since, past=past)]


def test_weeks_without_a_finish_are_zero_and_the_running_week_is_none():
    rows = [added(item, "2026-01-01", "m") for item in "abc"]
    done = [moved("a", "2026-01-06", "done"), moved("b", "2026-01-27", "done"), moved("c", "2026-02-03", "done")]
    assert counted(moves(*rows, *done), "2026-02-04")[0] == [1, 0, 0, 1]


def test_what_was_done_before_it_joined_is_no_throughput_and_no_arrival():
    late = moves(added("a", "2026-01-05", "m"), moved("z", "2026-01-03", "done"), added("z", "2026-01-13", "m"))
    assert counted(late, "2026-01-19") == [[0, 0], [1, 0]]
    assert late.counts(micros_of(utc("2026-01-19"))) == (2, 1)


def test_a_finish_that_was_taken_back_is_none_and_counts_until_then():
    back = moves(
        added("a", "2026-01-05", "m"),
        moved("a", "2026-01-06", "done"),
        moved("a", "2026-01-14", "active"),
        moved("a", "2026-01-20", "done"),
    )
    assert counted(back, "2026-01-12") == [[1], [1]]
    assert counted(back, "2026-01-19") == [[0, 0], [1, 0]]
    assert counted(back, "2026-01-26") == [[0, 0, 1], [1, 0, 0]]


def test_what_leaves_or_is_dropped_is_a_negative_arrival():
    found = moves(
        *(added(item, "2026-01-05", "m") for item in "abc"),
        moved("a", "2026-01-13", "dropped"),
        removed("b", "2026-01-20", "m"),
        moved("c", "2026-01-21", "done"),
        removed("c", "2026-01-28", "m"),
    )
    assert counted(found, "2026-02-02") == [[0, 0, 1, 0], [3, -1, -1, 0]]


def test_a_week_is_that_of_the_zone():
    found = moves(added("a", "2026-01-05", "m"), moved("a", "2026-01-12 02:00", "done"))
    assert counted(found, "2026-01-20", zone="UTC")[0] == [0, 1]
    there = history(
        tables(added("a", "2026-01-05", "m"), moved("a", "2026-01-12 02:00", "done"), of=[milestone()]),
        zone="America/Los_Angeles",
    ).moves[0]
    assert counted(there, "2026-01-20 12:00", "2026-01-05 12:00", "America/Los_Angeles")[0] == [1, 0]


def test_a_milestone_is_over_when_nothing_remained_for_good_else_when_it_was_closed():
    rows = [added("a", "2026-01-05", "m"), moved("a", "2026-01-20", "done"), added("b", "2026-01-21", "m")]
    open_end = history(tables(*rows, of=[milestone(state="closed", closed_at="2026-02-01")]))
    assert open_end.over_at[0] == micros_of(utc("2026-02-01"))
    done = history(
        tables(*rows, moved("b", "2026-01-25", "done"), of=[milestone(state="closed", closed_at="2026-02-01")])
    )
    assert done.over_at[0] == micros_of(utc("2026-01-25"))
    assert history(tables(*rows, of=[milestone()])).over_at[0] == NEVER


def test_what_happens_after_the_closing_changes_nothing():
    rows = [added("a", "2026-01-05", "m"), moved("a", "2026-01-20", "done")]
    closed = milestone(state="closed", closed_at="2026-02-01")
    later = [added("b", "2026-02-02", "m"), moved("a", "2026-02-03", "active")]
    one, other = history(tables(*rows, of=[closed])), history(tables(*rows, *later, of=[closed]))
    assert one.moves[0].at.tolist() == other.moves[0].at.tolist()
    assert one.over_at.tolist() == other.over_at.tolist()


@pytest.mark.parametrize("at", ["2024-05-07 13:00", "2025-02-28", "2026-01-01 23:59"])
def test_what_is_told_of_an_instant_is_what_was_known_then(at):
    world, then = organisation(), utc(at)
    cut = {name: table[~(table[column] > then)] if (column := _fact(table)) else table for name, table in world.items()}
    whole, then_only = history(world), history(cut, as_of=then)
    for place, name in enumerate(then_only.ids):
        row, now = whole.ids.index(name), micros_of(then)
        if whole.closed_at[row] <= now:
            continue
        ours, theirs = whole.standing(row, now), then_only.standing(place, now)
        assert (ours.scope, ours.remaining) == (theirs.scope, theirs.remaining)
        assert ours.finished.tolist() == theirs.finished.tolist()
        assert ours.arrived.tolist() == theirs.arrived.tolist()
        assert whole.due_at(row, now) == then_only.due_at(place, now)
        assert _same(whole.outlook(row, now, futures=QUICK), then_only.outlook(place, now, futures=QUICK))


def _fact(table: pd.DataFrame) -> str | None:
    return next((name for name in ("at", "observed_at", "created_at") if name in table), None)


def _same(one, other) -> bool:
    assert (one.status, one.way, one.n_reference) == (other.status, other.way, other.n_reference)
    return np.array_equal(one.weeks, other.weeks, equal_nan=True)


def test_weeks_are_four_and_none_and_none_and_four():
    days = ["05", "06", "07", "08", "26", "27", "28", "29"]
    rows = [added(f"i{on}", "2026-01-01", "m") for on in days]
    found = moves(*rows, *(moved(f"i{on}", f"2026-01-{on}", "done") for on in days))
    assert counted(found, "2026-02-02")[0] == [4, 0, 0, 4]


def test_the_running_week_is_no_sample():
    days = ["05"] * 5 + ["12"] * 5 + ["19"] * 5 + ["26"]
    rows = [added(f"i{place}", "2026-01-01", "m") for place in range(16)]
    done = [moved(f"i{place}", f"2026-01-{on}", "done") for place, on in enumerate(days)]
    assert counted(moves(*rows, *done), "2026-01-28")[0] == [5, 5, 5]  # a Wednesday


def test_what_comes_and_is_done_later_is_not_there_yet():
    found = moves(
        added("a", "2026-01-01", "m"), moved("a", "2026-01-20", "done"),
        added("b", "2026-01-01", "m"), moved("b", "2026-02-10", "done"),
        added("c", "2026-02-05", "m"),
    )  # fmt: skip
    assert found.counts(micros_of(utc("2026-02-01"))) == (2, 1)


@pytest.mark.parametrize("zone", ["UTC", "America/Los_Angeles", "Asia/Kolkata", "Australia/Lord_Howe"])
def test_the_week_of_one_instant_is_that_of_many(zone):
    hours = pd.Series(pd.date_range("2025-03-01", "2026-04-10", freq="7h", tz="UTC").as_unit("us"))
    at = [micros_of(each) for each in hours]
    assert [moves_of.week_number(each, zone) for each in at] == moves_of.week_numbers(hours, zone).tolist()
    assert moves_of.week_number(-1, "UTC") == moves_of.week_numbers(instants(np.array([-1])), "UTC")[0] == -1


def test_the_due_date_is_the_last_one_said_by_then_of_that_milestone():
    said = [
        due("n", utc("2026-01-03"), utc("2026-05-05")),
        due("m", utc("2026-01-10"), utc("2026-02-14")),
        due("m", utc("2026-01-20"), utc("2026-03-01"), utc("2026-02-14")),
    ]
    found = history(tables(of=[milestone("m", due_on="2026-03-01"), milestone("n"), milestone("o")], changes=said))
    ends = {on: micros_of(utc(on)) for on in ("2026-02-15", "2026-03-02", "2026-05-06")}
    expected = {"01-09": Due(ends["2026-03-02"], False), "01-10": Due(ends["2026-02-15"], True)}
    expected |= {"01-19": Due(ends["2026-02-15"], True), "01-20": Due(ends["2026-03-02"], True)}
    assert {on: found.due_at(0, micros_of(utc(f"2026-{on}"))) for on in expected} == expected
    assert found.due_at(1, micros_of(utc("2026-02-01"))) == Due(ends["2026-05-06"], True)
    assert found.due_at(2, micros_of(utc("2026-02-01"))) == Due(NEVER, False)


def test_a_slip_is_counted_from_the_first_due_date_and_once_closed():
    said = [due("m", utc("2026-01-02"), utc("2026-01-31")), due("m", utc("2026-01-20"), utc("2026-03-01"))]
    rows = [added("a", "2026-01-05", "m"), moved("a", "2026-01-06", "active"), moved("a", "2026-02-15", "done")]
    found = history(tables(*rows, of=[milestone(state="closed", closed_at="2026-02-20")], changes=said))
    assert found.slips(micros_of(utc("2026-02-19"))).tolist() == []
    assert found.slips(micros_of(utc("2026-02-20"))).tolist() == [2.0]  # by the end of January, over 15 February
