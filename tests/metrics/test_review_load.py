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
from tests.metrics.review_world import ACCOUNTS, AS_OF, HOURS, MEMBERS, asked, only, review, world


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
    as_of = utc("2026-06-12")
    ages = reviews.queue_age(pd.Series([as_of - hours * HOURS for hours in (10, 2, 60, 1)]), as_of=as_of)
    assert only(ages).to_dict() == {"n": 4, "p50_hours": 2, "p90_hours": 60, "max_hours": 60}


def test_an_empty_queue_has_no_age():
    ages = only(reviews.queue_age(pd.Series(dtype="datetime64[us, UTC]"), as_of=AS_OF))
    assert ages["n"] == 0
    assert ages[["p50_hours", "p90_hours", "max_hours"]].isna().all()


# --- response times


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
    times = only(reviews.response_times(timed(1, 2, 3, 4, 5, waiting=(30,) * 5)))
    assert (times["n"], times["n_waiting"], times["share_waiting"]) == (10, 5, 0.5)
    assert times["median_hours"] == 5
    assert times["p75_hours"] == math.inf
    assert times["share_within_day"] == 0.5
    assert times["status"] == "ok"


def test_fewer_than_ten_requests_give_no_percentile():
    times = only(reviews.response_times(timed(*range(9))))
    assert times["status"] == "too few"
    assert times[["median_hours", "p75_hours", "p90_hours"]].isna().all()


def test_response_times_by_project():
    both = pd.concat([timed(*range(1, 11)), timed(*range(11, 21)).assign(project="a/b")])
    times = reviews.response_times(both, by="project").set_index("project")
    assert times["median_hours"].to_dict() == {"a/b": 15, "o/r": 5}


# --- who does how much


def share_of(*reviewed, people=None, **window):
    items = [pull_request(str(n), author="ann", created_at="2026-06-01") for n in range(20)]
    known = people or [{"id": "Ann"}, {"id": "Bob", "share": 1.0}, {"id": "Cy", "share": 0.5}]
    return reviews.review_share(
        frame("reviews", list(reviewed)),
        frame("pull_requests", [*items, pull_request("b", author="bob", created_at="2026-06-01")]),
        ACCOUNTS,
        frame("people", known),
        **{"start": utc("2026-06-01"), "as_of": AS_OF, **window},
    ).set_index("person")


def test_the_fair_share_follows_capacity():
    done = [review("2026-06-02", who, str(n)) for n in range(6) for who in ("bob", "cy")]
    share = share_of(*done, people=[{"id": "Bob", "share": 1.0}, {"id": "Cy", "share": 0.5}])
    assert share["n_rounds"].to_dict() == {"Bob": 6, "Cy": 6}
    assert share["fair"].to_dict() == {"Bob": 8, "Cy": 4}
    assert share["load_index"].to_dict() == {"Bob": 0.75, "Cy": 1.5}


def test_who_opens_pull_requests_and_reviews_none_counts_as_zero():
    share = share_of(review("2026-06-02"))
    assert share["n_rounds"].to_dict() == {"Ann": 0, "Bob": 1}


def test_reviews_within_an_hour_of_the_one_before_are_one_round():
    at = ["2026-06-02 09:00", "2026-06-02 10:00", "2026-06-02 11:00", "2026-06-02 12:01"]
    assert share_of(*[review(when) for when in at]).loc["Bob", "n_rounds"] == 2


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
