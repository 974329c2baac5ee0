"""At which stage a change waits."""

import math

import pandas as pd

from metrics import reviews
from tests.metrics import build
from tests.metrics.build import frame, moved, utc
from tests.metrics.review_world import AS_OF, review, working, world

START = utc("2026-06-01")


def staged(*events, issue_moves=(), as_of=AS_OF, start=START, calendars=None, **what):
    """The stages of one pull request, which closes the issue `i`, by stage."""
    found = reviews.stages(
        **world(*events, **what),
        pull_request_issues=frame("pull_request_issues", [{"pull_request": "1", "issue": "i"}]),
        issue_events=frame("issue_events", list(issue_moves)),
        calendars=calendars or working(),
        start=start,
        as_of=as_of,
    )
    return found.set_index("stage")


def said(at, state, author="bob"):
    return {**review(at, author), "state": state}


def test_a_change_goes_through_four_stages():
    stages = staged(
        ("2026-06-09 09:00", "ready"),
        ("2026-06-09 16:00", "merged"),
        said=[review("2026-06-09 11:00")],
        reviewed=[said("2026-06-09 14:00", "approved")],
    )
    assert stages.index.tolist() == ["coding", "pickup", "review", "merge"]
    # opened as a draft on the 8th at 08:00, one hour before work begins
    assert stages["hours"].tolist() == [25, 2, 3, 2]
    assert stages["working_hours"].tolist() == [8, 2, 3, 2]
    assert stages["is_over"].all()
    assert stages["end_at"].iloc[-1] == utc("2026-06-09 16:00")
    assert (stages["author"] == "Ann").all()


def test_coding_began_with_the_work_on_the_issue():
    # Friday 15:00 until it is opened on Monday 08:00; the second start is no start
    moves = [moved("i", "2026-06-05 15:00", "active"), moved("i", "2026-06-06 15:00", "active", old="todo")]
    stages = staged(issue_moves=moves)
    assert stages.loc["coding", ["hours", "working_hours"]].tolist() == [65, 2]
    assert stages.loc["coding", "start_at"] == utc("2026-06-05 15:00")


def test_work_on_the_issue_that_began_later_is_no_coding():
    assert "coding" not in staged(issue_moves=[moved("i", "2026-06-09 15:00", "active")]).index


def test_what_is_opened_ready_has_no_coding_that_was_seen():
    stages = staged()
    assert stages.index.tolist() == ["pickup"]
    assert not stages.loc["pickup", "is_over"]
    assert pd.isna(stages.loc["pickup", "end_at"])
    assert stages.loc["pickup", "hours"] == 88


def test_a_draft_is_still_coded():
    stages = staged(is_draft=True)
    assert stages["hours"].to_dict() == {"coding": 88}
    assert not stages["is_over"].any()


def test_a_merge_without_an_approval_ends_the_review():
    stages = staged(("2026-06-08 16:00", "merged"), said=[review("2026-06-08 10:00")])
    assert stages["hours"].to_dict() == {"pickup": 2, "review": 6}
    assert stages["is_over"].all()


def test_a_merge_without_an_answer_cuts_the_pickup_off():
    stages = staged(("2026-06-08 16:00", "merged"))
    assert stages["hours"].to_dict() == {"pickup": 8}
    assert not stages["is_over"].any()
    assert stages["end_at"].tolist() == [utc("2026-06-08 16:00")]


def test_words_of_the_author_and_of_bots_are_no_answer_nor_are_those_before_it_was_ready():
    words = [review(f"2026-06-08 {at}", who) for at, who in (("10:00", "ann-work"), ("11:00", "ci[bot]"))]
    early = [said("2026-06-08 09:00", "approved")]
    stages = staged(("2026-06-08 09:30", "ready"), said=words, reviewed=early)
    assert stages.index.tolist() == ["coding", "pickup"]
    assert pd.isna(stages.loc["pickup", "end_at"])


def test_the_last_approval_counts_and_only_while_it_stands():
    approvals = [said("2026-06-08 10:00", "approved"), said("2026-06-08 12:00", "approved", "cy")]
    both = staged(("2026-06-08 13:00", "merged"), reviewed=approvals)
    assert both["hours"].to_dict() == {"pickup": 2, "review": 2, "merge": 1}
    taken_back = [*approvals, said("2026-06-08 12:30", "changes_requested", "cy")]
    assert staged(("2026-06-08 13:00", "merged"), reviewed=taken_back)["hours"].to_dict() == {
        "pickup": 2, "review": 0, "merge": 3,
    }  # fmt: skip


def test_an_open_change_of_which_changes_are_requested_is_in_review():
    words = [said("2026-06-08 10:00", "approved"), said("2026-06-08 12:00", "changes_requested", "cy")]
    stages = staged(reviewed=words)
    assert stages.index.tolist() == ["pickup", "review"]
    assert pd.isna(stages.loc["review", "end_at"])


def test_an_approved_change_waits_for_its_merge():
    stages = staged(reviewed=[said("2026-06-08 10:00", "approved")], as_of=utc("2026-06-08 18:00"))
    assert stages["hours"].to_dict() == {"pickup": 2, "review": 0, "merge": 8}
    assert stages["working_hours"].to_dict() == {"pickup": 1, "review": 0, "merge": 7}
    assert stages["is_over"].to_dict() == {"pickup": True, "review": True, "merge": False}


def test_a_closed_change_is_cut_off_where_it_stood():
    stages = staged(("2026-06-08 12:00", "closed"), reviewed=[said("2026-06-08 10:00", "approved")])
    assert stages["hours"].to_dict() == {"pickup": 2, "review": 0, "merge": 2}
    assert not stages.loc["merge", "is_over"]
    assert stages.loc["merge", "end_at"] == utc("2026-06-08 12:00")


def test_times_back_as_a_draft_do_not_count():
    events = [("2026-06-08 10:00", "draft"), ("2026-06-10 10:00", "ready")]
    stages = staged(*events, said=[review("2026-06-10 11:00")])
    assert stages.loc["pickup", ["hours", "working_hours"]].tolist() == [2 + 1, 1 + 1]


def test_working_hours_are_the_authors():
    there = working({"id": "Ann", "time_zone": "America/New_York"})
    stages = staged(said=[review("2026-06-08 14:00")], calendars=there)
    assert stages.loc["pickup", ["hours", "working_hours"]].tolist() == [6, 1]


def test_what_was_closed_before_the_start_is_left_out():
    assert staged(closed_at="2026-06-08 12:00", start=utc("2026-06-09")).empty
    assert staged(closed_at="2026-06-08 12:00", start=utc("2026-06-08")).index.tolist() == ["pickup"]


def test_nothing_in_nothing_out_with_the_same_columns():
    names = ["pull_requests", "pull_request_events", "reviews", "comments", "accounts", "pull_request_issues"]
    empty = {name: build.empty(name) for name in [*names, "issue_events"]}
    nothing = reviews.stages(**empty, calendars=working(), start=START, as_of=AS_OF)
    assert nothing.empty
    assert nothing.dtypes.equals(staged().reset_index()[list(nothing)].dtypes)
    times = reviews.stage_times(nothing)
    assert times["stage"].tolist() == ["coding", "pickup", "review", "merge"]
    assert times["status"].tolist() == ["no data"] * 4
    assert reviews.stage_times(nothing, by="project").empty


# --- how long each takes


def times_of(stage, *hours, waiting=(), project="o/r"):
    n = len(hours) + len(waiting)
    return pd.DataFrame(
        {
            "project": pd.Series([project] * n, dtype="str"),
            "stage": pd.Series([stage] * n, dtype="str"),
            "end_at": [utc("2026-06-09")] * len(hours) + [pd.NaT] * len(waiting),
            "hours": [float(h) for h in (*hours, *waiting)],
            "is_over": [True] * len(hours) + [False] * len(waiting),
        }
    )


def test_stages_under_way_take_that_long_at_least():
    found = pd.concat([times_of("pickup", 1, 2, 3, 4, 5, waiting=(30,) * 5), times_of("merge", *range(1, 11))])
    times = reviews.stage_times(found).set_index("stage")
    assert times["n"].to_dict() == {"coding": 0, "pickup": 10, "review": 0, "merge": 10}
    assert times["n_waiting"].to_dict() == {"coding": 0, "pickup": 5, "review": 0, "merge": 0}
    assert times.loc["pickup", ["median_hours", "p75_hours"]].tolist() == [5, math.inf]
    assert times.loc["merge", ["median_hours", "p75_hours", "p90_hours"]].tolist() == [5, 8, 9]
    assert times["status"].tolist() == ["no data", "ok", "no data", "ok"]


def test_stage_times_by_project():
    found = pd.concat([times_of("pickup", *range(1, 11)), times_of("pickup", *range(11, 21), project="a/b")])
    times = reviews.stage_times(found, by="project")
    assert times["project"].tolist() == ["a/b"] * 4 + ["o/r"] * 4
    assert times.loc[times["stage"] == "pickup", "median_hours"].tolist() == [15, 5]
    assert reviews.stage_times(found.assign(project=None), by="project").empty


def test_stage_times_on_the_clock_of_working_hours():
    found = times_of("review", *range(1, 11)).assign(working_hours=[hours / 2 for hours in range(1, 11)])
    assert reviews.stage_times(found, hours="working_hours").set_index("stage").loc["review", "median_hours"] == 2.5
