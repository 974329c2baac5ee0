"""Milestones: scope, done and growth, replayed from events. All figures were counted by hand."""

import pandas as pd
import pytest

from fairlead.frames import from_rows
from metrics import milestones
from tests.metrics.build import added, day, happened, issue, issues, moved, pull_request, removed, utc
from tests.metrics.milestone_world import (
    TODAY,
    counts,
    history,
    known,
    milestone,
    only,
    organisation,
    said,
    stays,
    summary,
)

# Scope over time: the columns are scope, done, open, committed, added after, removed after.


def test_scope_follows_what_was_added_and_removed_after_the_commitment_point():
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


def test_leaving_and_coming_back_is_no_growth():
    back = organisation(added("a", "2026-01-01", "m"), removed("a", "2026-01-15", "m"), added("a", "2026-01-16", "m"))
    assert counts(back, "2026-01-20") == [[1, 0, 1, 1, 0, 0]]
    assert counts(back, "2026-01-15 12:00") == [[0, 0, 0, 1, 0, 1]]


def test_what_is_reopened_is_not_done():
    reopened = organisation(
        added("a", "2026-03-01", "m"),
        moved("a", "2026-03-05", "done"),
        moved("a", "2026-03-08", "todo"),
        moved("a", "2026-03-20", "done"),
    )
    done = history(reopened, "2026-03-06", "2026-03-10", "2026-03-21")["done"].tolist()
    assert done == [1, 0, 1]
    assert done not in ([0, 0, 1], [1, 1, 2])  # by the last closing; by counting closings


def test_an_item_done_before_it_joined_raises_scope_and_done():
    late_joiner = organisation(
        added("a", "2026-01-02", "m"), moved("z", "2026-01-03", "done"), added("z", "2026-01-15", "m")
    )
    assert counts(late_joiner, "2026-01-16") == [[2, 1, 1, 1, 1, 0]]
    assert only(history(late_joiner, "2026-01-16"))["progress"] == 0.5
    done = stays(late_joiner, TODAY).query("state == 'done'")
    assert done["start_at"].tolist() == [utc("2026-01-15")]  # the joining, which is no throughput


def test_what_is_closed_as_not_planned_leaves_the_scope():
    dropped = organisation(
        added("a", "2026-01-02", "m"),
        added("b", "2026-01-02", "m"),
        moved("b", "2026-01-12", "dropped"),
        moved("a", "2026-01-13", "done"),
    )
    assert counts(dropped, "2026-01-14") == [[1, 1, 0, 2, 0, 1]]
    assert only(history(dropped, "2026-01-14"))["dropped"] == 1


def test_an_item_that_moves_to_another_milestone_is_seen_to_leave():
    left = organisation(
        added("a", "2026-01-02", "m"),
        added("b", "2026-01-02", "m"),
        removed("b", "2026-01-25", "m"),
        added("b", "2026-01-25", "n"),
    )
    assert counts(left, "2026-01-24", "2026-01-26") == [[2, 0, 2, 2, 0, 0], [1, 0, 1, 2, 0, 1]]


def test_an_empty_milestone_has_no_progress_and_says_so():
    empty = organisation()
    assert counts(empty, "2026-01-14") == [[0, 0, 0, 0, 0, 0]]
    assert pd.isna(only(history(empty, "2026-01-14"))["progress"])
    assert only(summary(empty))["status"] == "empty"


def test_what_was_created_or_finished_later_is_not_seen():
    tables = organisation(
        added("a", "2026-01-01", "m"),
        added("b", "2026-01-01", "m"),
        moved("a", "2026-01-20", "done"),
        added("c", "2026-02-05", "m"),
        moved("b", "2026-02-10", "done"),
    )
    then = utc("2026-02-01")
    assert only(history(tables, "2026-02-01", as_of=then))[["scope", "done"]].tolist() == [2, 1]
    assert only(history(tables, "2026-06-30"))[["scope", "done"]].tolist() == [3, 2]  # as an export of today tells it


def test_an_issue_that_was_read_twice_is_one():
    pages = [("1", "todo", "2026-01-01"), ("2", "todo", "2026-01-01"), ("1", "done", "2026-01-02")]
    rows = [dict(issues(issue(number, status_category=state, updated_at=at)).iloc[0]) for number, state, at in pages]
    found = from_rows("issues", rows)
    assert sorted(zip(found["id"], found["status_category"], strict=True)) == [("1", "done"), ("2", "todo")]


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
