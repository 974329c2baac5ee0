"""Flow: cycle time, throughput, work in progress and its age."""

import math

import numpy as np
import pandas as pd
import pytest

from metrics import flow
from metrics.quantiles import nearest_rank
from tests.metrics.build import issue_events, issues, pull_request_events, pull_requests, utc

START, AS_OF = utc("2026-06-01"), utc("2026-07-01")


def moved(issue: str, *steps: tuple[str, str]) -> list[dict]:
    """Status category changes of one issue: (when, into what)."""
    return [{"issue": issue, "field": "status_category", "at": utc(at), "new": new} for at, new in steps]


def items(*histories: list[dict], as_of: pd.Timestamp = AS_OF) -> pd.DataFrame:
    rows = [row for history in histories for row in history]
    named = issues(*({"id": name} for name in dict.fromkeys(row["issue"] for row in rows)))
    return flow.issue_items(named, issue_events(*rows), as_of=as_of)


def timed(*histories: list[dict], as_of: pd.Timestamp = AS_OF) -> pd.DataFrame:
    return flow.cycle_times(items(*histories, as_of=as_of), start=START, as_of=as_of)


def test_cycle_time_is_the_elapsed_time_from_start_to_finish():
    worked = timed(moved("a", ("2026-06-08 09:00", "active"), ("2026-06-08 17:00", "done")))
    assert worked["cycle_days"].tolist() == pytest.approx([8 / 24])


def test_a_reopened_issue_counts_once_at_its_last_finish():
    steps = [("2026-06-01", "active"), ("2026-06-03", "done"), ("2026-06-05", "active"), ("2026-06-09", "done")]
    assert timed(moved("a", *steps))["cycle_days"].tolist() == [8.0]


def test_a_reopened_issue_that_is_still_open_is_in_progress_again():
    steps = [("2026-06-01", "active"), ("2026-06-03", "done"), ("2026-06-05", "active")]
    assert timed(moved("a", *steps)).empty
    assert items(moved("a", *steps))["is_wip"].tolist() == [True]


def test_work_finished_later_is_still_open():
    history = moved("a", ("2026-06-02", "active"), ("2026-06-09", "done"))
    assert timed(history, as_of=utc("2026-06-05")).empty
    assert items(history, as_of=utc("2026-06-05"))["is_wip"].tolist() == [True]


def test_finishes_are_counted_by_day_and_days_without_any_are_zero():
    finished = items(
        moved("a", ("2026-06-01 08:00", "active"), ("2026-06-02 09:00", "done")),
        moved("b", ("2026-06-01 08:00", "active"), ("2026-06-02 23:59", "done")),
        moved("c", ("2026-05-01", "active"), ("2026-05-31 23:00", "done")),
    )
    daily = flow.daily_finishes(finished, start=START, as_of=utc("2026-06-03 12:00"))
    assert daily.tolist() == [0, 2, 0]  # 1, 2 and 3 June; the one of May is before the window


def test_an_issue_that_went_straight_to_done_has_no_cycle_time_and_is_counted():
    straight = items(moved("a", ("2026-06-01", "todo"), ("2026-06-09", "done")))
    assert flow.cycle_times(straight, start=START, as_of=AS_OF).empty
    assert flow.unknown_starts(straight, start=START, as_of=AS_OF) == 1


def test_a_dropped_issue_is_neither_finished_nor_in_progress():
    dropped = items(moved("a", ("2026-06-01", "active"), ("2026-06-09", "dropped")))
    assert dropped["finished_at"].isna().all()
    assert not dropped["is_wip"].any()


def test_the_service_level_is_a_value_that_really_occurred():
    days = pd.Series(range(1, 21), dtype=float)
    assert flow.service_level(days) == 17.0
    assert np.quantile(days, 0.85) == pytest.approx(17.15)
    assert math.isnan(flow.service_level(pd.Series([], dtype=float)))


def test_what_is_older_than_the_service_level_is_flagged():
    aged = flow.ageing(
        items(moved("old", ("2026-06-13", "active")), moved("young", ("2026-06-14", "active"))),
        as_of=AS_OF,
        sle_days=17.0,
    )
    assert aged[["item", "age_days", "is_over_sle"]].to_numpy().tolist() == [
        ["old", 18.0, True],
        ["young", 17.0, False],
    ]


def test_nothing_is_flagged_where_no_service_level_is_known():
    aged = flow.ageing(items(moved("a", ("2020-01-01", "active"))), as_of=AS_OF, sle_days=float("nan"))
    assert aged["is_over_sle"].tolist() == [False]


def test_throughput_leaves_out_the_running_week_and_counts_empty_weeks_as_zero():
    finishes = [f"2026-01-{day:02d}" for day in [5] * 5 + [19] * 5 + [26]]
    histories = [moved(f"i{n}", ("2026-01-01", "active"), (at, "done")) for n, at in enumerate(finishes)]
    wednesday = utc("2026-01-28")
    weekly = flow.throughput(items(*histories, as_of=wednesday), start=utc("2026-01-05"), as_of=wednesday)
    assert weekly["n_finished"].tolist() == [5, 0, 5]


def test_a_pull_request_is_finished_when_merged_and_dropped_when_closed():
    rows = [
        {
            "id": "merged",
            "created_at": utc("2026-06-01"),
            "merged_at": utc("2026-06-03"),
            "closed_at": utc("2026-06-03"),
        },
        {"id": "closed", "created_at": utc("2026-06-01"), "closed_at": utc("2026-06-03")},
        {"id": "open", "created_at": utc("2026-06-01")},
        {"id": "reopened", "created_at": utc("2026-06-01"), "closed_at": utc("2026-06-20")},
    ]
    events = [
        {"pull_request": "merged", "kind": "merged", "at": utc("2026-06-03")},
        {"pull_request": "closed", "kind": "closed", "at": utc("2026-06-03")},
        {"pull_request": "reopened", "kind": "closed", "at": utc("2026-06-03")},
        {"pull_request": "reopened", "kind": "reopened", "at": utc("2026-06-05")},
        {"pull_request": "reopened", "kind": "closed", "at": utc("2026-06-20")},
    ]
    seen = flow.pull_request_items(pull_requests(*rows), pull_request_events(*events), as_of=utc("2026-06-10"))
    assert seen.set_index("item")["is_wip"].to_dict() == {
        "merged": False, "closed": False, "open": True, "reopened": True,
    }  # fmt: skip
    assert seen.set_index("item")["finished_at"].dropna().index.tolist() == ["merged"]


def test_work_in_progress_is_counted_day_by_day_without_the_pause_after_a_finish():
    history = [("2026-06-01", "active"), ("2026-06-03", "done"), ("2026-06-05", "active"), ("2026-06-09", "done")]
    rows = moved("a", *history) + moved("b", ("2026-06-05", "active"))
    spans = flow.issue_spans(issue_events(*rows), as_of=utc("2026-06-10"))
    daily = flow.wip_over_time(spans, start=utc("2026-06-01"), as_of=utc("2026-06-10"))
    assert daily["n_open"].tolist() == [1, 1, 0, 0, 2, 2, 2, 2, 1, 1]


def test_the_trend_is_by_month_of_finish():
    histories = [
        moved("a", ("2026-05-01", "active"), ("2026-05-11", "done")),
        moved("b", ("2026-06-01", "active"), ("2026-06-03", "done")),
        moved("c", ("2026-06-01", "active"), ("2026-06-05", "done")),
    ]
    finished = flow.cycle_times(items(*histories), start=utc("2026-05-01"), as_of=AS_OF)
    monthly = flow.monthly_cycle_times(finished)
    assert monthly[["n_items", "median_days", "p85_days"]].to_numpy().tolist() == [[1, 10, 10], [2, 2, 4]]


def test_a_slower_quarter_is_positive_and_the_running_month_is_left_out():
    months = pd.to_datetime([f"2026-{month:02d}-01" for month in range(1, 8)])
    monthly = pd.DataFrame({"team": "Quay", "month_on": months, "p85_days": [4.0, 5, 6, 9, 10, 11, 99]})
    moves = flow.quarter_moves(monthly, as_of=utc("2026-07-15"))
    assert moves.to_numpy().tolist() == [["Quay", 5.0, 10.0, 5.0]]


def test_a_team_with_too_little_history_has_no_move():
    monthly = pd.DataFrame({"team": ["Quay"], "month_on": pd.to_datetime(["2026-06-01"]), "p85_days": [4.0]})
    assert flow.quarter_moves(monthly, as_of=utc("2026-07-15")).empty


@pytest.mark.parametrize("q", [0.5, 0.85, 0.95])
def test_nearest_rank_matches_a_plain_loop(q):
    values = pd.Series(np.random.default_rng(3).gamma(2, 3, 37))
    in_order = sorted(values)
    expected = next(value for rank, value in enumerate(in_order, start=1) if rank / len(in_order) >= q)
    assert nearest_rank(values, q) == expected


def test_seeded_histories_match_a_plain_loop():
    rng = np.random.default_rng(11)
    histories = []
    for n in range(60):
        days = np.sort(rng.choice(np.arange(1, 29), size=5, replace=False))
        states = rng.choice(["todo", "active", "done", "dropped"], size=5)
        histories.append(
            moved(f"i{n}", *((f"2026-06-{day:02d}", state) for day, state in zip(days, states, strict=True)))
        )
    seen = items(*histories).set_index("item")
    for history in histories:
        starts = [row["at"] for row in history if row["new"] == "active"]
        last = history[-1]["new"]
        entry = len(history) - 1
        while entry > 0 and history[entry - 1]["new"] == last:
            entry -= 1
        row = seen.loc[history[0]["issue"]]
        assert row["is_wip"] == (last == "active")
        assert (row["started_at"] == starts[0]) if starts else pd.isna(row["started_at"])
        assert (row["finished_at"] == history[entry]["at"]) if last == "done" else pd.isna(row["finished_at"])
