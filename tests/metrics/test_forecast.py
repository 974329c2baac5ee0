"""Forecasts of milestones: what they rest on, what they refuse to say, and what holds for all of them."""

import math
import time

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics import forecast
from metrics.forecast import moves as moves_of
from metrics.forecast import reference
from metrics.forecast.engine import Futures, seed_of, weeks_to_finish
from metrics.forecast.outlook import LEVELS, P50, P85, P95, Standing, expected_lateness, look_ahead, members, share_by
from metrics.forecast.recalibration import LEARNED, Resolved, factors, recalibrated
from metrics.forecast.reference import Ended
from metrics.forecast.weekly import Said
from metrics.instants import NEVER, micros_of
from tests.metrics.build import added, encoded, moved, removed, shuffled, utc
from tests.metrics.forecast_world import TODAY, history, organisation, tables

QUICK = Futures(trials=500)
STEADY = Futures(trials=500, pace_sd=0.0)
finishes = st.lists(st.integers(0, 8), min_size=6, max_size=26)
WEEK = 7 * 86_400_000_000


def milestone(number: str = "m", **values) -> dict:
    return {"id": number, "title": number, "created_at": "2026-01-01", **values}


def nobody() -> Ended:
    none = np.empty(0, dtype=np.int64)
    return Ended(none, none, none, none, none, np.empty(0, dtype=bool))


def others(*weeks: float, left: bool = False) -> Ended:
    """Closed milestones that took so many weeks."""
    n, zero = len(weeks), np.zeros(len(weeks), dtype=np.int64)
    over = (np.array(weeks) * WEEK).astype(np.int64)
    return Ended(np.arange(n), zero, zero, over, over, np.full(n, left))


def stands(finished, remaining=10, arrived=None, elapsed_weeks=None, scope=30) -> Standing:
    came = [0] * len(finished) if arrived is None else arrived
    weeks = float(len(finished)) if elapsed_weeks is None else elapsed_weeks
    return Standing(
        scope=scope, remaining=remaining, elapsed_weeks=weeks, finished=np.array(finished), arrived=np.array(came)
    )


def moves(*rows: dict, **values) -> moves_of.Moves:
    return history(tables(*rows, of=[milestone(**values)])).moves[0]


def counted(found: moves_of.Moves, at: str, first: str = "2026-01-05", zone: str = "UTC") -> list[list[int]]:
    """Finishes and net arrivals of the weeks from the first Monday to the instant."""
    edges = pd.Series([utc(first), utc(at)])
    since, past = moves_of.week_numbers(edges, zone)
    return [column.tolist() for column in found.weekly(micros_of(utc(at)), first=since, past=past)]


# What moved the remaining work. 5 January 2026 is a Monday.


def test_weeks_without_a_finish_are_zero_and_the_running_week_is_none():  # M10, M11
    rows = [added(item, "2026-01-01", "m") for item in "abc"]
    done = [moved("a", "2026-01-06", "done"), moved("b", "2026-01-27", "done"), moved("c", "2026-02-03", "done")]
    assert counted(moves(*rows, *done), "2026-02-04")[0] == [1, 0, 0, 1]


def test_what_was_done_before_it_joined_is_no_throughput_and_no_arrival():  # M04
    late = moves(added("a", "2026-01-05", "m"), moved("z", "2026-01-03", "done"), added("z", "2026-01-13", "m"))
    assert counted(late, "2026-01-19") == [[0, 0], [1, 0]]
    assert late.counts(micros_of(utc("2026-01-19"))) == (2, 1)


def test_a_finish_that_was_taken_back_is_none_and_counts_until_then():  # M03
    back = moves(
        added("a", "2026-01-05", "m"),
        moved("a", "2026-01-06", "done"),
        moved("a", "2026-01-14", "active"),
        moved("a", "2026-01-20", "done"),
    )
    assert counted(back, "2026-01-12") == [[1], [1]]
    assert counted(back, "2026-01-19") == [[0, 0], [1, 0]]
    assert counted(back, "2026-01-26") == [[0, 0, 1], [1, 0, 0]]


def test_what_leaves_or_is_dropped_is_a_negative_arrival():  # M05, M06
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
def test_what_is_told_of_an_instant_is_what_was_known_then(at):  # M25
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


# One outlook.


def test_a_steady_pace_gives_one_answer():
    found = look_ahead(stands([5] * 10, remaining=12), nobody(), seed=1, futures=STEADY)
    assert (found.status, found.way, found.n_weeks) == ("ok", "own", 10)
    assert found.weeks == pytest.approx(np.full(200, 2.4))


def test_scope_that_keeps_arriving_less_and_less_takes_longer_than_none_and_less_than_for_ever():
    # 2 a week done, 1 a week comes. For ever: 10 weeks. Halving every 6 weeks: what comes in all is at most 8.7.
    took = {
        share: float(np.median(weeks_to_finish([2] * 6, [came] * 6, 10, elapsed_weeks=6, seed=1, futures=one)))
        for share, came, one in (
            (0.0, 0, STEADY),
            (1.0, 1, Futures(trials=500, pace_sd=0.0, half_life_share=1.0)),
            (1e6, 1, Futures(trials=500, pace_sd=0.0, half_life_share=1e6)),
        )
    }
    assert took[0.0] == pytest.approx(5)
    assert took[1e6] == pytest.approx(10, abs=0.05)
    assert 7 < took[1.0] < 9


def test_a_pace_that_may_drift_is_less_sure():
    sure, unsure = (
        weeks_to_finish([3, 5] * 6, [0] * 12, 40, elapsed_weeks=12, seed=1, futures=Futures(pace_sd=sd))
        for sd in (0.0, 0.12)
    )
    width = [np.quantile(ends, 0.95) - np.quantile(ends, 0.05) for ends in (sure, unsure)]
    assert width[1] > 1.3 * width[0]


def test_with_less_than_six_weeks_it_takes_as_long_as_others_took():
    found = look_ahead(stands([2, 3], elapsed_weeks=2.0), others(1, 3, 4, 5, 6, 12), seed=1)
    assert (found.status, found.way, found.n_weeks, found.n_reference) == ("ok", "reference", 2, 5)
    # of those that took longer than two weeks: 1, 2, 3, 4 and 10 more
    assert [found.weeks[place] for place in (P50, P85, P95)] == pytest.approx([3, 10, 10])


def test_with_neither_weeks_nor_others_nothing_is_said():
    found = look_ahead(stands([2, 3], elapsed_weeks=2.0), others(1, 3, 4, 5, 6), seed=1)
    assert (found.status, found.way) == ("no_history", "none")
    assert np.isnan(found.weeks).all()


@pytest.mark.parametrize(
    ("given_", "status", "weeks"),
    [
        (stands([5] * 8, remaining=0), "done", 0.0),  # M16
        (stands([5] * 8, remaining=0, scope=0), "empty", math.nan),  # M07
        (stands([0] * 8, remaining=3), "no_throughput", math.inf),  # M15
        (stands([1] * 8, remaining=3, arrived=[2] * 8, elapsed_weeks=1e6), "never", math.inf),  # M18
    ],
)
def test_what_stands_in_the_way_of_a_date_is_said(given_, status, weeks):
    found = look_ahead(given_, others(*range(1, 9)), seed=1, futures=STEADY)
    assert found.status == status
    assert found.weeks[P50] == pytest.approx(weeks, nan_ok=True)


def test_a_milestone_may_be_closed_before_its_work_is_done():
    slow = stands([1] * 8, remaining=30)
    alone = look_ahead(slow, nobody(), seed=1, futures=STEADY)
    among = look_ahead(slow, others(*([10.0] * 10), left=True), seed=1, futures=STEADY)
    assert alone.weeks[P50] == pytest.approx(30)
    assert among.weeks[P50] == pytest.approx(2)  # others were closed in their tenth week, and eight have passed
    finished = look_ahead(slow, others(*([10.0] * 10), left=False), seed=1, futures=STEADY)
    assert finished.weeks[P50] == pytest.approx(30)  # their work was done: that says nothing about being closed early


def test_closings_are_followed_as_kaplan_and_meier_do():
    took = others(3, 4, 4, 5, 6)
    past = Ended(took.milestone, took.kin, took.began_at, took.over_at, took.closed_at, np.array([1, 0, 1, 0, 1], bool))
    weeks, chance = reference.weeks_to_closing(past, 2.0)
    # 1 of 5 after one week; 1 of 4 of the rest after two; the last one after four
    assert weeks.tolist() == pytest.approx([1, 2, 3, 4])
    assert chance.tolist() == pytest.approx([0.2, 0.2, 0, 0.6])
    drawn = reference.drawn(weeks, chance, trials=1000, seed=1)
    assert [int(np.sum(drawn == week)) for week in weeks] == [200, 200, 0, 600]


def test_the_same_milestone_and_instant_give_the_same_futures_and_others_do_not():
    ours = [seed_of("m", 1), seed_of("m", 1), seed_of("m", 2), seed_of("n", 1)]
    assert ours[0] == ours[1]
    assert len(set(ours)) == 3
    assert seed_of("github:o/r/milestones/3", 0) == 6503409241104910844


@settings(max_examples=30, deadline=None)
@given(finishes, st.integers(1, 60), st.integers(1, 40), st.integers(0, 99))
def test_more_remaining_never_ends_earlier(finished, remaining, more, seed):
    arrived = [(place * 7) % 4 - 1 for place in range(len(finished))]
    less, rest = (
        weeks_to_finish(finished, arrived, each, elapsed_weeks=9, seed=seed, futures=QUICK)
        for each in (remaining, remaining + more)
    )
    assert (rest >= less - 1e-4).all()


@settings(max_examples=30, deadline=None)
@given(finishes, st.integers(1, 60), st.lists(st.floats(0, 60), min_size=2, max_size=6), st.booleans())
def test_quantiles_rise_and_a_later_due_date_is_more_likely_to_hold(finished, remaining, dues, is_learned):
    past = others(*range(5, 40, 3), left=True)
    weeks = look_ahead(stands(finished, remaining=remaining), past, seed=3, futures=QUICK).weeks
    weeks = recalibrated(weeks, np.linspace(1.4, 0.6, len(LEARNED)) if is_learned else None)
    assert weeks[P50] <= weeks[P85] <= weeks[P95]
    chances = [share_by(weeks, due) for due in sorted(dues)]
    assert chances == sorted(chances)
    late = [expected_lateness(weeks, due) for due in sorted(dues)]
    assert late == sorted(late, reverse=True)


def test_a_distribution_is_kept_as_quantiles_that_occurred():
    assert members(np.array([3.0, 1.0, 2.0, 4.0]))[[P50, P85, P95]].tolist() == [2, 4, 4]
    assert members(np.array([1.0, math.inf]))[[P50, P85]].tolist() == [1, math.inf]
    thousand = members(np.arange(1, 1001.0))
    assert thousand.tolist() == (LEVELS * 1000).tolist()


# Learning from resolved forecasts.


def resolved(actual, said, *, way="own", known_at=0) -> Resolved:
    n = len(actual)
    rows = np.tile(np.asarray(said, dtype=float)[:, None], (1, len(LEARNED)))
    return Resolved(rows, np.array(actual, dtype=float), np.full(n, way), np.full(n, known_at))


def test_fewer_than_thirty_resolved_forecasts_teach_nothing():
    assert factors(resolved([10] * 29, [5] * 29)) is None
    assert factors(resolved([10] * 30, [5] * 30)) == pytest.approx(np.full(len(LEARNED), 2.0))


def test_factors_are_conformal_quantiles_of_how_far_off_we_were():
    ratios = np.arange(1, 40)  # 39 forecasts: the quantile at .85 is the 34th of 40 places
    found = factors(resolved(ratios, np.ones(39)))
    assert found[LEARNED.tolist().index(P85)] == 34
    assert found[LEARNED.tolist().index(P50)] == 20
    assert found[-1] == 39


def test_a_forecast_of_never_stays_so():
    weeks = np.append(np.full(150, 4.0), np.full(50, math.inf))
    learned = recalibrated(weeks, np.full(len(LEARNED), 0.5))
    assert learned[:150].tolist() == [2.0] * 150
    assert np.isinf(learned[150:]).all()


def test_only_what_was_known_by_then_is_learned_from_and_of_the_same_way():
    own, other = resolved([10] * 40, [5] * 40, known_at=7), resolved([5] * 40, [5] * 40, way="reference", known_at=9)
    both = Resolved(*(np.concatenate(parts) for parts in zip(*(_parts(each) for each in (own, other)), strict=True)))
    assert len(both.known_by(6, way="own").actual) == 0
    assert both.known_by(8, way="reference").actual.tolist() == [10] * 40  # too few of its own
    assert both.known_by(9, way="reference").actual.tolist() == [5] * 40


def _parts(each: Resolved):
    return each.weeks, each.actual, each.way, each.known_at


def weekly(actual, said, *, at=0, known_at=1) -> Said:
    """Weekly forecasts made at an instant (weeks from 1970), known at another; open ones have no end."""
    n = len(actual)
    rows = np.tile(np.asarray(said, dtype=float)[:, None], (1, len(LEARNED)))
    ends = np.array([NEVER if math.isnan(each) else known_at * WEEK for each in actual])
    return Said(rows, np.array(actual, dtype=float), np.full(n, "own"), np.full(n, at * WEEK), ends)


def test_what_is_still_open_counts_as_at_least_so_long():
    # Eighty said one week: forty took one, forty are open after four. Half had ended within a factor of one.
    half_open = weekly([1.0] * 40 + [math.nan] * 40, [1.0] * 80)
    found, n = half_open.factors(4 * WEEK, way="own")
    assert n == 40
    assert found[LEARNED.tolist().index(P50)] == pytest.approx(1.0)
    assert found[LEARNED.tolist().index(P85)] == pytest.approx(4.0)  # nobody got there: the longest wait


def test_what_was_said_is_learned_from_once_thirty_ended_and_for_a_year():
    plain = weekly([2.0] * 30, [1.0] * 30)
    assert plain.factors(4 * WEEK, way="own")[0] == pytest.approx(np.full(len(LEARNED), 2.0))
    assert plain.factors(0, way="own") == (None, 0)  # not said before
    assert plain.factors(60 * WEEK, way="own") == (None, 0)
    assert plain.factors(4 * WEEK, way="reference") == (None, 0)
    assert weekly([2.0] * 29 + [math.nan], [1.0] * 30).factors(4 * WEEK, way="own") == (None, 0)


# The tables.


@pytest.fixture(scope="module")
def backtested():
    return forecast.backtest(history(organisation()), as_of=TODAY, futures=QUICK, weekly=True)


def test_forecasts_are_told_of_open_milestones_only(backtested):
    found = forecast.forecasts(history(organisation()), as_of=TODAY, learned=forecast.said(backtested), futures=QUICK)
    world = organisation()["milestones"]
    assert found["milestone"].tolist() == sorted(world.loc[world["state"] == "open", "id"])
    dated = found[found["status"] == "ok"]
    assert len(dated) > 0
    assert (dated["p50_on"] <= dated["p85_on"]).all()
    drift = (dated["p85_on"] - dated["due_on"]).dt.days
    assert dated["drift85_days"].tolist() == drift.tolist()
    assert dated["p_on_time"].between(0, 1).all()


def test_row_order_and_encoding_do_not_matter():
    world = organisation()
    plain = forecast.forecasts(history(world), as_of=TODAY, futures=QUICK)
    for other in ({name: shuffled(table) for name, table in world.items()}, encoded(**world)):
        seen = forecast.forecasts(history(other), as_of=TODAY, futures=QUICK)
        pd.testing.assert_frame_equal(seen, plain)


def test_nothing_in_gives_typed_nothing_out():
    nothing = history(tables(of=[]))
    full = forecast.forecasts(history(organisation()), as_of=TODAY, futures=QUICK)
    none = forecast.forecasts(nothing, as_of=TODAY)
    assert none.empty
    assert none.dtypes.to_dict() == full.dtypes.to_dict()
    assert forecast.backtest(nothing, as_of=TODAY).empty


def test_no_due_date_is_a_status_and_no_chance():  # M21
    found = forecast.forecasts(history(tables(added("a", "2026-01-05", "m"), of=[milestone()])), as_of=TODAY)
    row = found.iloc[0]
    assert row["drift_status"] == "no_due_date"
    assert row[["p_on_time", "drift50_days", "drift85_days"]].isna().all()


def test_what_was_said_each_week_reads_nothing_later():
    world = organisation()
    whole = history(world)
    said = forecast.forecast_history(whole, "m38", as_of=TODAY, weeks=8, futures=QUICK)
    assert len(said) == 8
    earlier = said["at"].iloc[3]
    alone = forecast.forecasts(history(world, as_of=earlier), as_of=earlier, futures=QUICK)
    row = alone[alone["milestone"] == "m38"].iloc[0]
    assert row["p85_weeks"] == said["p85_weeks"].iloc[3]


def test_a_forecast_takes_no_longer_than_a_blink():
    """Far above what it takes (20 ms), so that only a change of kind is noticed."""
    begin = time.perf_counter()
    look_ahead(stands([3] * 26, remaining=200), others(*range(5, 90, 3), left=True), seed=1)
    assert time.perf_counter() - begin < 2
