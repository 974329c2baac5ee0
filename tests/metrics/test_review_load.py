"""The review queue, response times, and who does how much."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics import balance, reviews
from tests.metrics import build
from tests.metrics.build import frame, pull_request, utc
from tests.metrics.review_world import ACCOUNTS, AS_OF, MEMBERS, asked, only, review, world


def queue_world():
    """bob asked on the 8th (draft all the 9th), core asked on the 10th; both still wait."""
    return world(
        asked("2026-06-08 12:00"),
        ("2026-06-09 00:00", "draft"),
        ("2026-06-10 00:00", "ready"),
        asked("2026-06-10 12:00", "core"),
    )


def queue_over_time(what):
    found = reviews.response_spells(**what, team_members=MEMBERS, as_of=AS_OF)
    stretches = reviews.waiting_stretches(found, what["pull_requests"], what["pull_request_events"], as_of=AS_OF)
    return reviews.open_requests(stretches, at=pd.date_range("2026-06-08", "2026-06-11", tz="UTC").as_unit("us"))


def test_the_queue_over_time_counts_waiting_requests_without_paused_ones():
    queue = queue_over_time(queue_world())
    assert queue.loc[queue["asked_person"] == "Bob", "n_open"].tolist() == [0, 0, 1, 1]
    assert queue.loc[queue["team"] == "core", "n_open"].tolist() == [0, 0, 0, 1]


def test_a_teams_requests_are_split_so_that_the_total_stays_the_number_of_requests():
    shared = reviews.shared_requests(queue_over_time(queue_world()), MEMBERS)
    last = shared[shared["at"] == utc("2026-06-11")].set_index("person")
    assert last["n_requests"].to_dict() == {"Bob": 1.5, "Cy": 0.5}
    assert last["n_own"].to_dict() == {"Bob": 1, "Cy": 0}


def test_waiting_requests_name_the_pull_request_and_the_hours_on_the_clock():
    what = queue_world()
    found = reviews.response_spells(**what, team_members=MEMBERS, as_of=AS_OF)
    waiting = reviews.waiting_requests(found, what["pull_requests"])
    assert waiting["asked"].tolist() == ["bob", "core"]
    assert waiting["wait_hours"].tolist() == [12 + 48, 36]
    assert waiting["key"].tolist() == ["1", "1"]


def test_the_age_of_the_queue_is_a_nearest_rank():
    ages = reviews.queue_age(pd.Series([10.0, 2.0, 60.0, 1.0]))
    assert only(ages).to_dict() == {"n": 4, "p50_hours": 2, "p90_hours": 60, "max_hours": 60}


def test_an_empty_queue_has_no_age():
    ages = only(reviews.queue_age(pd.Series(dtype=float)))
    assert ages["n"] == 0
    assert ages[["p50_hours", "p90_hours", "max_hours"]].isna().all()


# --- response times


def response_times(waits, **how):
    """Within a day and up to five unless told otherwise."""
    return reviews.response_times(waits, **{"within": 24, "horizon": 120, **how})


def timed(*hours, waiting=()):
    """Requests answered after so many hours, and others that wait for so long."""
    n = len(hours) + len(waiting)
    return pd.DataFrame(
        {
            "project": pd.Series(["o/r"] * n, dtype="str"),
            "clock_started_at": pd.Series([utc("2026-06-01")] * n),
            "wait_hours": [float(h) for h in (*hours, *waiting)],
            "is_answered": [True] * len(hours) + [False] * len(waiting),
            "ended_by": pd.Series(["answered"] * len(hours) + ["waiting"] * len(waiting), dtype="str"),
        }
    )


def test_percentiles_count_those_who_still_wait():
    # S: 9/10 … 5/10 after five answers; the other five wait longer than any of them
    times = only(response_times(timed(1, 2, 3, 4, 5, waiting=(30,) * 5)))
    assert (times["n"], times["n_waiting"], times["share_waiting"]) == (10, 5, 0.5)
    assert times["median_hours"] == 5
    assert times["p75_hours"] == math.inf
    assert times["share_within"] == 0.5
    assert times["status"] == "ok"


def test_the_average_counts_no_wait_beyond_the_horizon():
    # one after 4 hours, the other still waits after 200: (4 + 120) / 2, and (4 + 10) / 2
    assert only(response_times(timed(4, waiting=(200,))))["restricted_mean_hours"] == 62
    assert only(response_times(timed(4, waiting=(200,)), horizon=10))["restricted_mean_hours"] == 7


def test_a_merge_rules_the_answer_out_and_a_request_taken_back_does_not():
    ended = timed(1, 3, waiting=(2,))
    merged = ended.assign(ended_by=ended["ended_by"].replace({"waiting": "merged"}).astype("str"))
    taken_back = ended.assign(ended_by=ended["ended_by"].replace({"waiting": "removed"}).astype("str"))
    times = only(response_times(merged, within=3))
    assert times["share_within"] == 1
    assert times["share_answered_within"] == pytest.approx(2 / 3)
    assert times["share_ended_within"] == pytest.approx(1 / 3)
    assert only(response_times(taken_back, within=3))["share_answered_within"] == pytest.approx(1)


def test_how_many_are_answered_in_time_is_unknown_where_nobody_was_followed_so_long():
    times = only(response_times(timed(1, waiting=(5,)), within=8))
    assert times[["share_within", "share_answered_within", "share_ended_within"]].isna().all()


def test_response_times_on_the_clock_of_working_hours():
    both = timed(*range(1, 11)).assign(wait_working_hours=[hours / 2 for hours in range(1, 11)])
    times = only(response_times(both, hours="wait_working_hours", within=2, horizon=3))
    assert (times["median_hours"], times["share_within"]) == (2.5, pytest.approx(0.4))
    # 0.5, 1, 1.5, 2, 2.5 and five times 3
    assert times["restricted_mean_hours"] == pytest.approx(2.25)


def test_fewer_than_ten_requests_give_no_percentile():
    times = only(response_times(timed(*range(9))))
    assert times["status"] == "too few"
    assert times[["median_hours", "p75_hours", "p90_hours"]].isna().all()


def test_response_times_by_project():
    both = pd.concat([timed(*range(1, 11)), timed(*range(11, 21)).assign(project="a/b")])
    times = response_times(both, by="project").set_index("project")
    assert times["median_hours"].to_dict() == {"a/b": 15, "o/r": 5}


# --- who does how much


def share_of(*reviewed, people=None, said=(), **window):
    items = [pull_request(str(n), author="ann", created_at="2026-06-01") for n in range(20)]
    known = people or [{"id": "Ann"}, {"id": "Bob"}, {"id": "Cy"}]
    hours = pd.Series({"Ann": 40.0, "Bob": 40.0, "Cy": 20.0})
    return reviews.review_share(
        frame("reviews", list(reviewed)),
        frame("comments", list(said)),
        frame("pull_requests", [*items, pull_request("b", author="bob", created_at="2026-06-01")]),
        ACCOUNTS,
        frame("people", known),
        **{"start": utc("2026-06-01"), "as_of": AS_OF, "capacity": hours, **window},
    ).set_index("person")


def test_the_fair_share_follows_capacity():
    done = [review("2026-06-02", who, str(n)) for n in range(6) for who in ("bob", "cy")]
    hours = pd.Series({"Cy": 20.0, "Bob": 40.0})
    share = share_of(*done, people=[{"id": "Bob"}, {"id": "Cy"}], capacity=hours)
    assert share["capacity"].to_dict() == {"Bob": 40, "Cy": 20}
    assert share["fair"].to_dict() == {"Bob": 8, "Cy": 4}
    assert share["load_index"].to_dict() == {"Bob": 0.75, "Cy": 1.5}


def test_who_was_away_all_along_and_reviewed_all_the_same_is_infinitely_over():
    share = share_of(review("2026-06-02"), review("2026-06-02", "cy"), capacity=pd.Series({"Bob": 0.0, "Cy": 40.0}))
    assert share["load_index"].to_dict()["Bob"] == math.inf


def test_who_opens_pull_requests_and_reviews_none_counts_as_zero():
    share = share_of(review("2026-06-02"))
    assert share["n_rounds"].to_dict() == {"Ann": 0, "Bob": 1}


def test_reviews_within_an_hour_of_the_one_before_are_one_round():
    at = ["2026-06-02 09:00", "2026-06-02 10:00", "2026-06-02 11:00", "2026-06-02 12:01"]
    assert share_of(*[review(when) for when in at]).loc["Bob", "n_rounds"] == 2


def test_a_comment_is_a_round_and_carries_one_on():
    # 09:00 and 10:10 hang together by the comment at 09:35; the comment at 15:00 stands alone
    share = share_of(
        review("2026-06-02 09:00"),
        review("2026-06-02 10:10"),
        said=[review(f"2026-06-02 {at}") for at in ("09:35", "15:00")],
    )
    assert share.loc["Bob", "n_rounds"] == 2


def test_a_round_that_began_before_the_window_is_not_counted_again():
    done = [review("2026-05-31 23:50"), review("2026-06-01 00:10")]
    assert share_of(*done).loc["Bob", "n_rounds"] == 0


def weekly(*reviewed, said=(), as_of=AS_OF):
    return reviews.weekly_rounds(
        frame("reviews", list(reviewed)),
        frame("comments", list(said)),
        frame("pull_requests", [pull_request("1", author="ann"), pull_request("2", author="ann")]),
        ACCOUNTS,
        weeks=pd.DatetimeIndex([utc("2026-06-01"), utc("2026-06-08")]),
        as_of=as_of,
    )


def test_rounds_by_person_and_week():
    # bob: one visit to 1 on the 2nd, one to each on the 9th; cy says one thing; ann's own word does not count, nor May
    rounds = weekly(
        review("2026-06-02 09:00"), review("2026-06-02 09:30"), review("2026-06-09 09:00"),
        review("2026-06-09 09:10", item="2"), review("2026-05-30"), review("2026-06-02", "ci[bot]"),
        said=[review("2026-06-01 00:00", "cy-work"), review("2026-06-02", "ann")],
    )  # fmt: skip
    assert rounds["week_at"].tolist() == [utc("2026-06-01")] * 2 + [utc("2026-06-08")] * 2
    assert rounds["person"].tolist() == ["Bob", "Cy"] * 2
    assert rounds["n_rounds"].tolist() == [1, 1, 2, 0]


def test_rounds_later_than_as_of_have_not_happened():
    assert weekly(review("2026-06-09"), as_of=utc("2026-06-08 12:00")).empty


@given(
    st.lists(
        st.tuples(st.integers(0, 300), st.sampled_from(["bob", "cy", "cy-work"]), st.sampled_from("12"), st.booleans()),
        max_size=30,
    )
)
def test_rounds_agree_with_a_plain_loop(words):
    told = [(utc("2026-06-07 22:00") + minutes * pd.Timedelta(minutes=1), *rest) for minutes, *rest in words]
    rows = [({"pull_request": item, "author": who, "at": at}, formal) for at, who, item, formal in told]
    counted = weekly(*[row for row, formal in rows if formal], said=[row for row, formal in rows if not formal])
    expected = dict.fromkeys(((week, who) for week in range(2) for who in ("Bob", "Cy")), 0)
    for person, logins in (("Bob", {"bob"}), ("Cy", {"cy", "cy-work"})):
        for number in "12":
            at = sorted(at for at, who, item, _ in told if who in logins and item == number)
            for before, now in zip([None, *at], at, strict=False):
                if before is None or now - before > pd.Timedelta(minutes=60):
                    expected[int(now >= utc("2026-06-08")), person] += 1
    weeks = {utc("2026-06-01"): 0, utc("2026-06-08"): 1}
    found = {(weeks[row.week_at], row.person): row.n_rounds for row in counted.itertuples()}
    assert found == {key: n for key, n in expected.items() if key in found}
    assert sum(found.values()) == sum(expected.values())


def test_own_bot_and_ghost_reviews_do_not_count():
    share = share_of(
        review("2026-06-02", "bob", "b"), review("2026-06-02", "ci[bot]"), review("2026-06-02", "ghost"),
        review("2026-06-02", "ann-work"), review("2026-06-02", "cy"),
    )  # fmt: skip
    assert share["n_rounds"].to_dict() == {"Ann": 0, "Bob": 0, "Cy": 1}


def test_who_left_before_the_window_is_not_eligible():
    people = [{"id": "Bob", "leave_on": build.day("2026-05-31")}, {"id": "Ann", "leave_on": build.day("2026-06-01")}]
    assert share_of(review("2026-06-02"), people=people).index.tolist() == ["Ann"]


def test_equal_load_is_even():
    even = only(reviews.concentration(pd.Series([5, 5, 5, 5])))
    assert even.to_dict() == {
        "n": 4, "total": 20, "gini": 0, "gini_corrected": 0, "hoover": 0, "top_share": 0.25, "effective_n": 4,
    }  # fmt: skip


def test_no_reviews_at_all_is_not_perfect_balance():
    none = only(reviews.concentration(pd.Series([0, 0, 0])))
    assert none[["gini", "gini_corrected", "hoover", "top_share", "effective_n"]].isna().all()
    assert only(reviews.concentration(pd.Series([], dtype=int)))["n"] == 0


def test_small_groups_are_corrected():
    two = only(reviews.concentration(pd.Series([1, 3])))
    assert two.to_dict() == {
        "n": 2, "total": 4, "gini": 0.25, "gini_corrected": 0.5, "hoover": 0.25, "top_share": 0.75, "effective_n": 1.6,
    }  # fmt: skip


def test_hoover_compares_with_capacity():
    halves = reviews.concentration(pd.Series([2, 1]), pd.Series([1.0, 0.5]))
    assert only(halves)["hoover"] == pytest.approx(0)


@given(st.lists(st.integers(0, 100), min_size=1, max_size=30), st.integers(1, 9), st.randoms(use_true_random=False))
def test_concentration_does_not_depend_on_scale_or_order_and_lies_within_bounds(counts, factor, random):
    plain = only(balance.concentration(pd.Series(counts)))
    changed = only(balance.concentration(pd.Series(random.sample(counts, len(counts))) * factor))
    measures = ["gini", "hoover", "top_share", "effective_n"]
    np.testing.assert_allclose(plain[measures].astype(float), changed[measures].astype(float), atol=1e-12)
    if sum(counts):
        assert 0 <= plain["gini"] <= 1
        assert 0 <= plain["hoover"] <= 1
