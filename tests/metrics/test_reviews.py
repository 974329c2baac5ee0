"""Review requests: whose clock runs, what answers, what ends a wait."""

import pandas as pd

from metrics import reviews
from tests.metrics import build
from tests.metrics.build import utc
from tests.metrics.review_world import AS_OF, MEMBERS, asked, first_responses, only, review, spells, world


def test_an_answer_ends_the_wait():
    spell = only(spells(asked("2026-06-08 09:00"), reviewed=[review("2026-06-08 12:00")]))
    assert spell["wait_hours"] == 3
    assert spell["is_answered"]
    assert (spell["asked"], spell["asked_person"], spell["responder"]) == ("bob", "Bob", "Bob")
    assert (spell["author"], spell["project"], spell["ended_by"]) == ("Ann", "o/r", "answered")
    assert pd.isna(spell["team"])


def test_who_has_not_answered_is_waiting_not_absent():
    spell = only(spells(asked("2026-06-11 22:00")))
    assert (spell["wait_hours"], spell["ended_by"], spell["is_answered"]) == (2, "waiting", False)
    assert pd.isna(spell["ended_at"])
    assert spell["is_running"]


def test_a_comment_is_an_answer():
    assert only(spells(asked("2026-06-08 09:00"), said=[review("2026-06-08 10:00")]))["wait_hours"] == 1


def test_the_clock_of_a_draft_starts_when_it_is_ready():
    spell = only(
        spells(
            asked("2026-06-08 09:30"),
            ("2026-06-09 09:00", "ready"),
            reviewed=[review("2026-06-09 11:00")],
        )
    )
    assert spell["wait_hours"] == 2
    assert spell["clock_started_at"] == utc("2026-06-09 09:00")


def test_a_draft_that_never_was_ready_has_no_running_clock():
    spell = only(spells(asked("2026-06-08 09:30"), is_draft=True))
    assert pd.isna(spell["clock_started_at"])
    assert (spell["ended_by"], spell["is_running"], spell["wait_hours"]) == ("waiting", False, 0)


def test_it_was_a_draft_before_it_became_ready_later_than_as_of():
    events = [asked("2026-06-08 09:30"), ("2026-06-09 09:00", "ready")]
    assert not only(spells(*events, as_of=utc("2026-06-09")))["is_running"]


def test_back_to_draft_pauses_the_clock():
    spell = only(
        spells(
            asked("2026-06-08 09:00"),
            ("2026-06-08 12:00", "draft"),
            ("2026-06-10 09:00", "ready"),
            reviewed=[review("2026-06-10 10:00")],
        )
    )
    assert spell["wait_hours"] == 3 + 1


def test_asking_again_after_an_answer_is_a_new_request():
    both = spells(
        asked("2026-06-08 09:00"),
        asked("2026-06-09 09:00"),
        reviewed=[review("2026-06-08 11:00"), review("2026-06-09 14:00")],
    )
    assert both["wait_hours"].tolist() == [2, 5]


def test_asking_again_while_waiting_is_the_same_request():
    spell = only(spells(asked("2026-06-08 09:00"), asked("2026-06-09 09:00"), reviewed=[review("2026-06-09 14:00")]))
    assert spell["wait_hours"] == 29


def test_a_review_before_the_request_is_no_answer():
    early = [review("2026-06-08 08:30"), review("2026-06-08 12:00")]
    assert only(spells(asked("2026-06-08 09:00"), reviewed=early))["wait_hours"] == 3


def test_the_authors_own_comment_is_no_answer_from_any_account():
    own = [review("2026-06-08 09:05", "ann"), review("2026-06-08 09:06", "ann-work"), review("2026-06-08 10:00")]
    assert only(spells(asked("2026-06-08 09:00", "core"), reviewed=own))["wait_hours"] == 1


def test_another_account_of_the_person_asked_answers():
    assert only(spells(asked("2026-06-08 09:00", "cy"), reviewed=[review("2026-06-08 10:00", "cy-work")]))[
        "is_answered"
    ]


def test_somebody_elses_review_does_not_answer():
    assert only(spells(asked("2026-06-08 09:00"), reviewed=[review("2026-06-08 10:00", "cy")]))["ended_by"] == "waiting"


def test_closed_and_reopened_counts_only_the_time_open():
    spell = only(
        spells(
            asked("2026-06-08 09:00"),
            ("2026-06-08 10:00", "closed"),
            ("2026-06-09 09:00", "reopened"),
            reviewed=[review("2026-06-09 11:00")],
        )
    )
    assert spell["wait_hours"] == 1 + 2


def test_a_merge_ends_the_wait_without_an_answer():
    spell = only(spells(asked("2026-06-08 09:00"), ("2026-06-08 13:00", "merged")))
    assert (spell["wait_hours"], spell["ended_by"], spell["is_answered"]) == (4, "merged", False)
    assert not spell["is_running"]


def test_a_merge_that_only_the_pull_request_tells_of_counts_too():
    spell = only(spells(asked("2026-06-08 09:00"), merged_at="2026-06-08 13:00", closed_at="2026-06-08 13:00"))
    assert (spell["wait_hours"], spell["ended_by"]) == (4, "merged")
    closed = only(spells(asked("2026-06-08 09:00"), closed_at="2026-06-08 14:00"))
    assert (closed["wait_hours"], closed["ended_by"]) == (5, "closed")


def test_a_review_after_the_end_is_no_answer():
    late = only(
        spells(asked("2026-06-08 09:00"), ("2026-06-08 13:00", "closed"), reviewed=[review("2026-06-09 09:00")])
    )
    assert (late["wait_hours"], late["ended_by"]) == (4, "closed")


def test_a_removed_request_ends_without_an_answer():
    spell = only(spells(asked("2026-06-08 09:00"), ("2026-06-08 15:00", "review_request_removed", "bob")))
    assert (spell["wait_hours"], spell["ended_by"]) == (6, "removed")


def test_any_member_answers_for_a_team():
    spell = only(spells(asked("2026-06-08 09:00", "core"), reviewed=[review("2026-06-08 15:00", "cy")]))
    assert (spell["wait_hours"], spell["team"], spell["responder"]) == (6, "core", "Cy")
    assert pd.isna(spell["asked_person"])


def test_bots_ghosts_and_unknown_teams_are_left_out_and_counted():
    events = [asked("2026-06-08 09:00", whom) for whom in ("ci[bot]", "ghost", "team-x", "bob")]
    what = world(*events, reviewed=[review("2026-06-08 10:00", "ci[bot]"), review("2026-06-08 10:00", "ghost")])
    assert only(reviews.response_spells(**what, team_members=MEMBERS, as_of=AS_OF))["asked"] == "bob"
    counted = reviews.left_out(
        **{name: what[name] for name in ("pull_request_events", "reviews", "comments", "accounts")},
        team_members=MEMBERS,
        start=utc("2026-06-01"),
        as_of=AS_OF,
    )
    assert dict(zip(counted["what"], counted["n"], strict=True)) == {
        "requests to bots": 1,
        "requests to deleted users": 1,
        "requests to teams without known members": 1,
        "reviews and comments by bots": 1,
        "reviews and comments by deleted users": 1,
    }


def test_a_bots_word_is_not_the_first_human_response():
    words = [review("2026-06-08 08:02", "ci[bot]"), review("2026-06-08 13:00")]
    response = only(first_responses(said=words))
    assert (response["wait_hours"], response["responder"]) == (5, "Bob")


def test_a_pull_request_nobody_answered_waits():
    assert only(first_responses(as_of=utc("2026-06-08 18:00")))["ended_by"] == "waiting"
    assert only(first_responses(("2026-06-08 10:00", "closed")))["ended_by"] == "closed"


def test_requests_that_ended_before_the_start_are_left_out_on_demand():
    what = world(asked("2026-06-08 09:00"), asked("2026-06-08 09:00", "cy"), reviewed=[review("2026-06-08 12:00")])
    recent = reviews.response_spells(**what, team_members=MEMBERS, as_of=AS_OF, start=utc("2026-06-10"))
    assert recent["asked"].tolist() == ["cy"]


def test_nothing_in_nothing_out_with_the_same_columns():
    empty = {name: build.empty(name) for name in ("pull_requests", "pull_request_events", "reviews", "comments")}
    people = {"accounts": build.empty("accounts"), "team_members": build.empty("team_members")}
    nothing = reviews.response_spells(**empty, **people, as_of=AS_OF)
    something = spells(asked("2026-06-08 09:00"))
    assert nothing.empty
    assert nothing.dtypes.equals(something.dtypes)
    responses = reviews.first_human_response(**empty, accounts=people["accounts"], as_of=AS_OF)
    assert responses.dtypes.equals(first_responses().dtypes)
    times = reviews.response_times(nothing, within=24, horizon=120)
    assert (times["n"].tolist(), times["status"].tolist()) == ([0], ["no data"])
    assert reviews.response_times(nothing, within=24, horizon=120, by="project").empty
    stretches = reviews.waiting_stretches(nothing, empty["pull_requests"], empty["pull_request_events"], as_of=AS_OF)
    queue = reviews.open_requests(stretches, at=pd.date_range(utc("2026-06-01"), AS_OF).as_unit("us"))
    assert queue.dtypes.astype("str").to_dict() == {
        "at": "datetime64[us, UTC]", "asked_person": "str", "team": "str", "n_open": "int64",
    }  # fmt: skip
