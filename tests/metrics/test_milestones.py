"""Milestones: scope, done, growth and dates, replayed from events. All figures were counted by hand."""

import functools
import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics import milestones
from tests.metrics.build import (
    added,
    day,
    encoded,
    happened,
    issue_events,
    milestone_changes,
    moved,
    pull_request,
    pull_request_events,
    pull_requests,
    removed,
    shuffled,
    utc,
)
from tests.metrics.build import milestones as milestone_table

COUNTS = ["scope", "done", "open", "committed", "added_after", "removed_after"]
TODAY = utc("2026-06-30")


def milestone(number: str = "m", **values) -> dict:
    """Planned to start on 10 January, unless told otherwise."""
    return {"id": number, "title": number, "created_at": "2026-01-01", "start_on": day("2026-01-10"), **values}


def organisation(*issue_rows: dict, of=(), changes=(), pulls=(), pull_rows=()) -> dict[str, pd.DataFrame]:
    """All tables the family reads; without `of` there is one milestone, `m`."""
    return {
        "milestones": milestone_table(*(of or [milestone()])),
        "milestone_changes": milestone_changes(*changes),
        "issue_events": issue_events(*issue_rows),
        "pull_requests": pull_requests(*pulls),
        "pull_request_events": pull_request_events(*pull_rows),
    }


def known(tables: dict[str, pd.DataFrame], as_of: pd.Timestamp) -> pd.DataFrame:
    return milestones.as_known(tables["milestones"], tables["milestone_changes"], as_of=as_of)


def stays(tables: dict[str, pd.DataFrame], as_of: pd.Timestamp) -> pd.DataFrame:
    changes = tables["issue_events"], tables["pull_request_events"]
    members = milestones.membership(tables["milestones"], *changes, as_of=as_of)
    return milestones.stays(members, changes[0], tables["pull_requests"], changes[1], as_of=as_of)


def history(tables: dict[str, pd.DataFrame], *days: str, as_of: pd.Timestamp = TODAY) -> pd.DataFrame:
    at = pd.DatetimeIndex([utc(text) for text in days]).as_unit("us")
    return milestones.scope_history(known(tables, as_of), stays(tables, as_of), as_of=as_of, at=at)


def counts(tables: dict[str, pd.DataFrame], *days: str) -> list[list[int]]:
    return history(tables, *days)[COUNTS].astype("int64").to_numpy().tolist()


def summary(tables: dict[str, pd.DataFrame], as_of: pd.Timestamp = TODAY, zone: str = "UTC") -> pd.DataFrame:
    return milestones.summary(
        known(tables, as_of), stays(tables, as_of), tables["milestone_changes"], as_of=as_of, zone=zone
    )


def only(table: pd.DataFrame) -> pd.Series:
    assert len(table) == 1
    return table.iloc[0]


def said(at: str, due: str | None, before: str | None = None, **values) -> dict:
    return {"milestone": "m", "observed_at": at, "field": "due_on", "old": before, "new": due, **values}


# Scope over time: the columns are scope, done, open, committed, added after, removed after.


def test_scope_follows_what_was_added_and_removed_after_the_commitment_point():  # M01
    grown = organisation(
        *(added(item, "2026-01-05", "m") for item in "abc"),
        added("d", "2026-01-20", "m"),
        removed("c", "2026-01-22", "m"),
        moved("a", "2026-01-25", "done"),
        added("e", "2026-02-01", "m"),
    )
    found = counts(grown, "2026-01-12", "2026-01-21", "2026-01-26", "2026-02-02")
    assert found == [[3, 0, 3, 3, 0, 0], [4, 0, 4, 3, 1, 0], [3, 1, 2, 3, 1, 1], [4, 1, 3, 3, 2, 1]]
    with_todays_members = [4, 4, 4, 4]
    assert [row[0] for row in found] != with_todays_members


def test_leaving_and_coming_back_is_no_growth():  # M02
    back = organisation(added("a", "2026-01-01", "m"), removed("a", "2026-01-15", "m"), added("a", "2026-01-16", "m"))
    assert counts(back, "2026-01-20") == [[1, 0, 1, 1, 0, 0]]
    assert counts(back, "2026-01-15 12:00") == [[0, 0, 0, 1, 0, 1]]


def test_what_is_reopened_is_not_done():  # M03
    reopened = organisation(
        added("a", "2026-03-01", "m"),
        moved("a", "2026-03-05", "done"),
        moved("a", "2026-03-08", "todo"),
        moved("a", "2026-03-20", "done"),
    )
    done = history(reopened, "2026-03-06", "2026-03-10", "2026-03-21")["done"].tolist()
    assert done == [1, 0, 1]
    assert done not in ([0, 0, 1], [1, 1, 2])  # by the last closing; by counting closings


def test_an_item_done_before_it_joined_raises_scope_and_done():  # M04
    late_joiner = organisation(
        added("a", "2026-01-02", "m"), moved("z", "2026-01-03", "done"), added("z", "2026-01-15", "m")
    )
    assert counts(late_joiner, "2026-01-16") == [[2, 1, 1, 1, 1, 0]]
    assert only(history(late_joiner, "2026-01-16"))["progress"] == 0.5
    done = stays(late_joiner, TODAY).query("state == 'done'")
    assert done["start_at"].tolist() == [utc("2026-01-15")]  # the joining, which is no throughput


def test_what_is_closed_as_not_planned_leaves_the_scope():  # M05
    dropped = organisation(
        added("a", "2026-01-02", "m"),
        added("b", "2026-01-02", "m"),
        moved("b", "2026-01-12", "dropped"),
        moved("a", "2026-01-13", "done"),
    )
    assert counts(dropped, "2026-01-14") == [[1, 1, 0, 2, 0, 1]]
    assert only(history(dropped, "2026-01-14"))["dropped"] == 1


def test_an_item_that_moves_to_another_milestone_is_seen_to_leave():  # M06
    left = organisation(
        added("a", "2026-01-02", "m"),
        added("b", "2026-01-02", "m"),
        removed("b", "2026-01-25", "m"),
        added("b", "2026-01-25", "n"),
    )
    assert counts(left, "2026-01-24", "2026-01-26") == [[2, 0, 2, 2, 0, 0], [1, 0, 1, 2, 0, 1]]


def test_an_empty_milestone_has_no_progress_and_says_so():  # M07
    empty = organisation()
    assert counts(empty, "2026-01-14") == [[0, 0, 0, 0, 0, 0]]
    assert pd.isna(only(history(empty, "2026-01-14"))["progress"])
    assert only(summary(empty))["status"] == "empty"


def test_before_the_commitment_point_nothing_is_added_or_removed_yet():
    early = only(history(organisation(added("a", "2026-01-02", "m")), "2026-01-03"))
    assert early["scope"] == 1
    assert early[["committed", "added_after", "removed_after"]].isna().all()


def test_what_is_added_on_the_commitment_day_is_committed():
    planned = organisation(added("a", "2026-01-10 16:00", "m"), added("b", "2026-01-11 09:00", "m"))
    assert counts(planned, "2026-01-12") == [[2, 0, 2, 1, 1, 0]]


def test_pull_requests_are_items_too():
    both = organisation(
        added("a", "2026-01-02", "m"),
        pulls=[
            pull_request("merged", created_at="2026-01-03", merged_at="2026-01-20"),
            pull_request("closed", created_at="2026-01-03", closed_at="2026-01-20"),
            pull_request("left", created_at="2026-01-03"),
        ],
        pull_rows=[
            *(happened(name, "2026-01-04", "milestoned", "m") for name in ("merged", "closed", "left")),
            happened("merged", "2026-01-20", "merged"),
            happened("closed", "2026-01-20", "closed"),
            happened("left", "2026-01-25", "demilestoned", "m"),
        ],
    )
    assert counts(both, "2026-01-19", "2026-01-21", "2026-01-26") == [
        [4, 0, 4, 4, 0, 0],
        [3, 1, 2, 4, 0, 1],
        [2, 1, 1, 4, 0, 2],
    ]


def test_a_closed_milestone_stands_still():
    released = organisation(
        *(added(item, "2026-01-02", "m") for item in "abc"),
        moved("a", "2026-01-20", "done"),
        removed("b", "2026-02-05", "m"),
        moved("c", "2026-02-06", "done"),
        added("d", "2026-02-07", "m"),
        of=[milestone(state="closed", closed_at="2026-02-01")],
    )
    assert counts(released, "2026-01-21", "2026-02-28") == [[3, 1, 2, 3, 0, 0]] * 2
    assert only(summary(released))[["scope", "done", "status"]].tolist() == [3, 1, "closed"]
    assert only(summary(released, utc("2026-01-25")))["state"] == "open"


def test_instants_after_as_of_are_refused():
    with pytest.raises(ValueError, match="after as_of"):
        history(organisation(), "2026-07-01")


# The commitment point.


def committed(tables: dict[str, pd.DataFrame], zone: str = "UTC") -> tuple:
    found = only(milestones.commitments(known(tables, TODAY), stays(tables, TODAY), zone=zone))
    return found["rule"], found["committed_at"]


def test_the_planned_start_settles_the_scope():
    started = organisation(added("a", "2026-01-02", "m"), moved("a", "2026-01-03", "active"))
    assert committed(started) == ("start_on", utc("2026-01-11"))
    assert committed(started, "America/New_York") == ("start_on", utc("2026-01-11 05:00"))


def test_without_a_planned_start_the_first_work_settles_it():
    tables = organisation(
        moved("a", "2026-01-04", "active"),
        moved("a", "2026-01-05", "todo"),
        added("a", "2026-01-06", "m"),
        added("b", "2026-01-06", "m"),
        moved("b", "2026-01-08 10:00", "active"),
        of=[milestone(start_on=None)],
    )
    assert committed(tables) == ("first_work", utc("2026-01-09"))


def test_finishing_is_work_but_joining_as_finished_is_none():
    bare = {"of": [milestone(start_on=None)]}
    done_before = (moved("z", "2026-01-03", "done"), added("z", "2026-01-05", "m"))
    assert committed(organisation(*done_before, **bare))[0] == "none"
    straight_to_done = (added("a", "2026-01-02", "m"), moved("a", "2026-01-07 12:00", "done"))
    assert committed(organisation(*done_before, *straight_to_done, **bare)) == ("first_work", utc("2026-01-08"))


def test_an_open_pull_request_is_work():
    tables = organisation(
        of=[milestone(start_on=None)],
        pulls=[pull_request("p", created_at="2025-12-01")],
        pull_rows=[happened("p", "2026-01-04 08:00", "milestoned", "m")],
    )
    assert committed(tables) == ("first_work", utc("2026-01-05"))


def test_without_work_a_tenth_of_the_planned_time_settles_it():
    unstarted = organisation(added("a", "2026-01-02", "m"), of=[milestone(start_on=None, due_on=day("2026-04-10"))])
    assert committed(unstarted) == ("planned_window", utc("2026-01-12"))  # 100 days from 1 January, so 11 January


def test_a_date_that_slips_does_not_move_the_commitment_point():
    slipped = organisation(
        of=[milestone(start_on=None, due_on=day("2026-12-31"))],
        changes=[said("2026-01-02", "2026-04-10"), said("2026-02-02", "2026-12-31", "2026-04-10")],
    )
    assert committed(slipped) == ("planned_window", utc("2026-01-12"))


def test_without_any_of_these_nothing_is_committed():
    tables = organisation(added("a", "2026-01-02", "m"), of=[milestone(start_on=None)])
    rule, at = committed(tables)
    assert rule == "none"
    assert pd.isna(at)
    assert only(summary(tables))[["committed", "added_after", "growth_share"]].isna().all()


# Burn-up.


def test_a_burn_up_counts_at_the_end_of_each_day():
    tables = organisation(
        added("a", "2026-01-01 12:00", "m"),
        added("b", "2026-01-02 12:00", "m"),
        moved("a", "2026-01-03 12:00", "done"),
        of=[milestone(created_at="2026-01-01 10:00")],
    )
    as_of = utc("2026-01-03 18:00")
    daily = milestones.burn_up(known(tables, as_of), stays(tables, as_of), as_of=as_of)
    assert daily["at"].tolist() == [utc("2026-01-02"), utc("2026-01-03"), as_of]
    assert daily[["scope", "done"]].to_numpy().tolist() == [[1, 0], [2, 0], [2, 1]]


def test_a_burn_up_ends_with_the_milestone():
    tables = organisation(added("a", "2026-01-02", "m"), of=[milestone(state="closed", closed_at="2026-01-04 12:00")])
    daily = milestones.burn_up(known(tables, TODAY), stays(tables, TODAY), as_of=TODAY)
    assert daily["at"].max() == utc("2026-01-05")


def test_a_milestone_of_unknown_creation_burns_up_from_its_first_member():
    tables = organisation(
        added("a", "2026-06-28 12:00", "n"), of=[milestone("n", created_at=None), milestone("o", created_at=None)]
    )
    daily = milestones.burn_up(known(tables, TODAY), stays(tables, TODAY), as_of=TODAY)
    assert daily["at"].tolist() == [utc("2026-06-29"), utc("2026-06-30")]
    assert set(daily["milestone"]) == {"n"}


def test_one_milestone_burns_up_as_it_does_among_others():
    tables = organisation(
        added("a", "2026-01-02", "m"), added("b", "2026-01-03", "n"), of=[milestone("n"), milestone("m")]
    )
    all_known, held = known(tables, TODAY), stays(tables, TODAY)
    everything = milestones.burn_up(all_known, held, as_of=TODAY)
    alone = milestones.burn_up(all_known[all_known["id"] == "n"].reset_index(drop=True), held, as_of=TODAY)
    pd.testing.assert_frame_equal(alone, everything[everything["milestone"] == "n"].reset_index(drop=True))


# Dates.


def test_slips_are_positive_pull_ins_negative_and_repeats_nothing():
    changes = milestone_changes(
        said("2026-01-01", "2026-03-01"),
        said("2026-01-20", "2026-03-01"),
        said("2026-02-10", "2026-03-15"),
        said("2026-02-20", "2026-03-10"),
        said("2026-03-05", "2026-03-31"),
    )
    found = only(milestones.due_date_history(shuffled(changes), as_of=TODAY))
    assert found[["n_changes", "n_slips", "n_pull_ins"]].tolist() == [3, 2, 1]
    assert found[["net_slip_days", "gross_slip_days"]].tolist() == [30, 35]  # 14 - 5 + 21, and 14 + 21
    assert milestones.due_dates(changes, as_of=TODAY)["slip_days"].tolist()[1:] == [14, -5, 21]
    in_february = only(milestones.due_date_history(changes, as_of=utc("2026-02-15")))
    assert in_february["net_slip_days"] == 14


def test_setting_a_date_for_the_first_time_is_no_slip():
    found = only(milestones.due_date_history(milestone_changes(said("2026-01-05", "2026-03-01")), as_of=TODAY))
    assert found[["n_changes", "net_slip_days"]].tolist() == [0, 0]


def test_the_date_before_the_first_observation_counts_as_said():
    found = milestone_changes(said("2026-01-05", "2026-03-08", "2026-03-01"))
    assert only(milestones.due_date_history(found, as_of=TODAY))["net_slip_days"] == 7


def test_a_date_that_is_taken_away_and_comes_back_has_not_moved():
    changes = milestone_changes(
        said("2026-01-01", "2026-03-01"),
        said("2026-01-02", None, "2026-03-01"),
        said("2026-01-03", "2026-03-01"),
        said("2026-01-04", "not a date"),
    )
    assert milestones.due_dates(changes, as_of=TODAY)["due_on"].tolist() == [pd.Timestamp("2026-03-01")]


def test_without_observation_it_is_unknown_whether_a_date_moved():
    unobserved = only(summary(organisation(of=[milestone(due_on=day("2026-07-10"))])))
    assert not unobserved["due_is_observed"]
    assert unobserved[["n_due_changes", "net_slip_days"]].isna().all()


def test_title_and_date_are_those_known_then():
    tables = organisation(
        of=[milestone(title="now", due_on=day("2026-08-31"))],
        changes=[
            said("2026-02-01", "2026-03-01"),
            said("2026-03-01", "2026-08-31", "2026-03-01"),
            said("2026-02-01", "then", field="title"),
            said("2026-03-01", "now", "then", field="title"),
        ],
    )
    dates = {text: only(known(tables, utc(text))) for text in ("2026-01-15", "2026-02-15", "2026-03-15")}
    assert [str(row["due_on"].date()) for row in dates.values()] == ["2026-08-31", "2026-03-01", "2026-08-31"]
    assert [row["due_is_observed"] for row in dates.values()] == [False, True, True]
    assert dates["2026-02-15"]["title"] == "then"


def test_a_milestone_created_later_is_not_known():
    assert known(organisation(), utc("2025-12-31")).empty


def test_a_milestone_seen_closed_and_reopened_was_closed_in_between():
    tables = organisation(
        added("a", "2026-01-02", "m"),
        added("b", "2026-02-15", "m"),
        changes=[
            said("2026-01-05", "open", field="state"),
            said("2026-02-10", "closed", "open", field="state"),
            said("2026-02-20", "open", "closed", field="state"),
        ],
    )
    between = only(summary(tables, utc("2026-02-18")))
    assert between[["state", "scope"]].tolist() == ["closed", 1]
    assert only(summary(tables))[["state", "scope"]].tolist() == ["open", 2]


# The summary.


def status(*rows: dict, **values) -> str:
    return only(summary(organisation(*rows, of=[milestone(**values)])))["status"]


def test_each_status_is_what_it_says():
    left, finished = added("a", "2026-01-02", "m"), moved("a", "2026-01-20", "done")
    assert status() == "empty"
    assert status(left, finished) == "done"
    assert status(left) == "no_due_date"
    assert status(left, due_on=day("2026-06-29")) == "overdue"
    assert status(left, due_on=day("2026-06-30")) == "due_soon"
    assert status(left, due_on=day("2026-07-14")) == "due_soon"
    assert status(left, due_on=day("2026-07-15")) == "open"
    assert status(left, due_on=day("2026-06-01"), closed_at="2026-05-01") == "closed"
    assert status(left, finished, closed_at="2026-05-01") == "done"


def test_days_to_due_are_negative_when_late_and_stand_still_once_closed():
    assert only(summary(organisation(of=[milestone(due_on=day("2026-06-20"))])))["days_to_due"] == -10
    assert only(summary(organisation(of=[milestone(due_on=day("2026-07-02"))])))["days_to_due"] == 2
    closed_late = milestone(due_on=day("2026-03-31"), closed_at="2026-04-03 09:00", state="closed")
    assert only(summary(organisation(of=[closed_late])))["days_to_due"] == -3


def test_a_due_date_is_a_whole_day_of_the_teams_zone():
    due = organisation(added("a", "2026-01-02", "m"), of=[milestone(due_on=day("2026-06-29"))])
    assert only(summary(due, utc("2026-06-30 02:30")))["status"] == "overdue"
    assert only(summary(due, utc("2026-06-30 02:30"), "America/New_York"))["status"] == "due_soon"


def test_growth_is_what_was_added_against_what_was_committed():
    grown = organisation(
        *(added(item, "2026-01-05", "m") for item in "abcd"), *(added(item, "2026-02-05", "m") for item in "xy")
    )
    assert only(summary(grown))["growth_share"] == 0.5


def test_nothing_moved_since_the_last_change_of_an_item_or_date():
    tables = organisation(
        added("a", "2026-01-05", "m"), moved("a", "2026-06-10", "active"), moved("b", "2026-06-25", "active")
    )
    assert only(summary(tables))["idle_days"] == 20
    moved_date = tables | {
        "milestone_changes": milestone_changes(
            said("2026-06-20", "2026-07-01"), said("2026-06-28", "2026-07-02", "2026-07-01")
        )
    }
    assert only(summary(moved_date))["idle_days"] == 2
    closed = tables | {"milestones": milestone_table(milestone(closed_at="2026-06-20", state="closed"))}
    assert pd.isna(only(summary(closed))["idle_days"])


def test_a_milestone_without_owner_is_said_to_have_none():
    owned = summary(organisation(of=[milestone("m"), milestone("n", owner="ann")]))
    assert owned["is_unowned"].tolist() == [True, False]


def test_no_milestones_give_the_same_typed_columns():
    full = organisation(added("a", "2026-01-02", "m"))
    none = {name: table.iloc[:0] for name, table in full.items()}
    for measured in (summary, lambda tables: history(tables, "2026-01-14"), lambda tables: stays(tables, TODAY)):
        assert measured(none).empty
        assert measured(none).dtypes.to_dict() == measured(full).dtypes.to_dict()
    burn = milestones.burn_up(known(none, TODAY), stays(none, TODAY), as_of=TODAY)
    assert list(burn) == ["milestone", "at", "scope", "done"]
    assert milestones.due_date_history(none["milestone_changes"], as_of=TODAY).empty


# Against going through everything one by one.


@functools.cache
def random_organisation(seed: int) -> dict[str, pd.DataFrame]:
    chance = np.random.default_rng(seed)

    def some_day() -> pd.Timestamp:
        return utc("2026-01-01") + pd.Timedelta(hours=6 * int(chance.integers(240)))

    def some_change() -> dict:
        item, name = f"i{chance.integers(9)}", f"m{chance.integers(3)}"
        state = str(chance.choice(["todo", "active", "done", "dropped"]))
        kinds = [moved(item, some_day(), state), added(item, some_day(), name), removed(item, some_day(), name)]
        return kinds[chance.integers(3)]

    def some_pull(number: int) -> tuple[dict, list[dict]]:
        created, ended = sorted([some_day(), some_day()])
        end = [{}, {"merged_at": ended, "closed_at": ended}, {"closed_at": ended}][chance.integers(3)]
        name = f"p{number}"
        kinds = [str(kind) for kind in chance.choice(["milestoned", "demilestoned"], 4)]
        moves = [happened(name, max(created, some_day()), kind, f"m{chance.integers(3)}") for kind in kinds]
        return pull_request(name, created_at=created, **end), moves

    pulls, moves = zip(*(some_pull(n) for n in range(6)), strict=True)
    of = [
        milestone("m0", start_on=day("2026-01-20")),
        milestone("m1", start_on=None, closed_at="2026-02-10", state="closed"),
        milestone("m2", start_on=None, due_on=day("2026-03-01")),
    ]
    return organisation(*(some_change() for _ in range(90)), of=of, pulls=pulls, pull_rows=itertools.chain(*moves))


def sets_at(tables: dict[str, pd.DataFrame], name: str, now: pd.Timestamp) -> tuple[set, set]:
    """Scope and done items of one milestone, by going through the events one by one."""
    members, state = set(), {}
    for row in tables["issue_events"].sort_values(["at", "seq"]).to_dict("records"):
        if row["at"] <= now and row["field"] == "status_category":
            state[row["issue"]] = row["new"]
        elif row["at"] <= now and name in (row["new"], row["old"]):
            (members.add if row["new"] == name else members.discard)(row["issue"])
    for row in tables["pull_request_events"].sort_values(["at", "seq"]).to_dict("records"):
        if row["at"] <= now and row["subject"] == name:
            (members.add if row["kind"] == "milestoned" else members.discard)(row["pull_request"])
    for row in tables["pull_requests"].to_dict("records"):
        state[row["id"]] = "done" if row["merged_at"] <= now else "dropped" if row["closed_at"] <= now else "active"
    scope = {item for item in members if state.get(item) != "dropped"}
    return scope, {item for item in scope if state.get(item) == "done"}


@pytest.mark.parametrize("seed", range(5))
def test_scope_agrees_with_going_through_the_events_one_by_one(seed):
    tables = random_organisation(seed)
    as_of = utc("2026-03-05")
    at = pd.date_range("2026-01-05", "2026-03-05", freq="5D", tz="UTC").as_unit("us")
    all_known, held = known(tables, as_of), stays(tables, as_of)
    points = milestones.commitments(all_known, held).set_index("milestone")["committed_at"]
    closed = all_known.set_index("id")["closed_at"].fillna(as_of)
    for row in milestones.scope_history(all_known, held, as_of=as_of, at=at).itertuples():
        scope, done = sets_at(tables, row.milestone, min(row.at, closed[row.milestone]))
        assert (row.scope, row.done) == (len(scope), len(done))
        if row.at >= points[row.milestone]:
            original, _ = sets_at(tables, row.milestone, min(points[row.milestone], closed[row.milestone]))
            assert (row.committed, row.added_after, row.removed_after) == (
                len(original), len(scope - original), len(original - scope),
            )  # fmt: skip


SEEDS = st.integers(0, 4)
HOURS = st.integers(0, 24 * 80)


@given(SEEDS, HOURS)
@settings(deadline=None, max_examples=40)
def test_scope_is_what_was_committed_and_added_less_what_was_removed(seed, hours):
    tables, then = random_organisation(seed), utc("2026-01-01") + pd.Timedelta(hours=hours)
    all_known, held = known(tables, then), stays(tables, then)
    found = milestones.scope_history(all_known, held, as_of=then)
    assert (found["scope"] == found["done"] + found["open"]).all()
    settled = found.dropna(subset="committed")
    assert (settled["scope"] == settled["committed"] + settled["added_after"] - settled["removed_after"]).all()


@given(SEEDS, HOURS)
@settings(deadline=None, max_examples=30)
def test_as_of_equals_running_on_data_cut_there(seed, hours):
    tables, then = random_organisation(seed), utc("2026-01-01") + pd.Timedelta(hours=hours)

    def cut(name: str, *ends: str) -> pd.DataFrame:
        table = tables[name]
        begins = "at" if "at" in table else "created_at"
        return table.assign(**{end: table[end].where(table[end] <= then) for end in ends})[table[begins] <= then]

    known_then = {
        "milestones": cut("milestones", "closed_at").assign(state="open"),
        "milestone_changes": tables["milestone_changes"],
        "issue_events": cut("issue_events"),
        "pull_requests": cut("pull_requests", "merged_at", "closed_at"),
        "pull_request_events": cut("pull_request_events"),
    }
    pd.testing.assert_frame_equal(summary(tables, then), summary(known_then, then))


@pytest.mark.parametrize("seed", range(5))
def test_order_of_rows_and_kind_of_ids_do_not_matter_and_inputs_stay(seed):
    tables = random_organisation(seed)
    before = {name: table.copy() for name, table in tables.items()}
    other = encoded(**{name: shuffled(table, seed) for name, table in tables.items()})
    assert isinstance(other["milestones"]["id"].dtype, pd.CategoricalDtype)
    pd.testing.assert_frame_equal(summary(tables), summary(other))
    pd.testing.assert_frame_equal(history(tables, "2026-02-01"), history(other, "2026-02-01"))
    daily = [milestones.burn_up(known(these, TODAY), stays(these, TODAY), as_of=TODAY) for these in (tables, other)]
    pd.testing.assert_frame_equal(*daily)
    for name, table in before.items():
        pd.testing.assert_frame_equal(tables[name], table)


@given(SEEDS, st.integers(1, 30))
@settings(deadline=None, max_examples=20)
def test_whole_weeks_later_everything_is_the_same(seed, weeks):
    tables, by = random_organisation(seed), pd.Timedelta(weeks=weeks)
    later = {
        name: table.assign(**{column: table[column] + by for column in table.select_dtypes(["datetime", "datetimetz"])})
        for name, table in tables.items()
    }
    numbers = ["scope", "done", "committed", "added_after", "removed_after", "days_to_due", "idle_days", "status"]
    pd.testing.assert_frame_equal(summary(tables)[numbers], summary(later, TODAY + by)[numbers])
