"""Milestones: burn-up, due dates and where each stands. All figures were counted by hand."""

import pandas as pd

from metrics import milestones
from tests.metrics.build import added, day, milestone_changes, moved, shuffled, utc
from tests.metrics.build import milestones as milestone_table
from tests.metrics.milestone_world import TODAY, history, known, milestone, only, organisation, said, stays, summary

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
