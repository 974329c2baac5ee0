"""How good the names would have been: what is judged, what is measured, and that nothing of the future is known."""

import numpy as np
import pandas as pd
import pytest

from metrics import suggest
from metrics.suggest.accuracy import by_chance
from metrics.suggest.tallies import tally
from tests.metrics.build import utc
from tests.metrics.suggest_world import AGREED, AS_OF, changed, named, past, said, world


def pairs(*rows):
    return pd.DataFrame(rows, columns=["pull_request", "person"])


def ranked(query, *people):
    return pd.DataFrame({"pull_request": query, "person": people, "rank": range(1, len(people) + 1)})


def judged(frames, as_of=AS_OF, **how):
    return suggest.evaluate(frames, as_of=as_of, **{**AGREED, **how})


def of(rows, method, number):
    return rows[(rows["method"] == method) & (rows["pull_request"] == number)].iloc[0]


def test_anybody_who_reviewed_is_a_hit_and_authors_are_neither_names_nor_truth():
    found = suggest.hits(
        pd.concat(
            [ranked("1", "x", "a", "b", "c"), ranked("2", "a", "b", "c"), ranked("3", "a", "b", "c"), ranked("4", "a")]
        ),
        pairs(("1", "a"), ("2", "c"), ("2", "z"), ("3", "q"), ("4", "w")),
        pairs(("1", "x"), ("2", "y"), ("3", "z"), ("4", "w")),
    )
    # The first right name stands in place 1, 3 and nowhere; the fourth was reviewed by its author alone.
    assert found["pull_request"].tolist() == ["1", "2", "3"]
    assert found["hit_1"].mean() == pytest.approx(1 / 3)
    assert found["hit_3"].mean() == pytest.approx(2 / 3)
    assert found["reciprocal_rank"].mean() == pytest.approx((1 + 1 / 3 + 0) / 3)


def test_drawing_is_right_as_often_as_chance_has_it():
    found = by_chance(np.array([4, 2]), np.array([2, 0])).iloc[0]
    # Of four two are right: half at once, 1/3 of the rest in second place, the remaining 1/6 in third.
    assert found["hit_1"] == pytest.approx(1 / 2)
    assert found["hit_3"] == pytest.approx(1)
    assert found["reciprocal_rank"] == pytest.approx(1 / 2 + 1 / 3 / 2 + 1 / 6 / 3)


def test_drawing_from_people_none_of_whom_is_right_never_is():
    assert by_chance(np.array([2]), np.array([0])).to_numpy().tolist() == [[0, 0, 0, 0]]


def test_pull_requests_without_a_reviewer_or_without_candidates_are_not_judged():
    pulls, reviewed = past("bob", "cy")
    rows = judged(world([changed("1"), *pulls], [*reviewed, said("1", "ann", "2026-06-02")]))
    # Nobody reviewed 1 but its author; nobody had done anything before 100.
    assert rows["pull_request"].unique().tolist() == ["101"]
    assert rows["method"].tolist() == list(suggest.METHODS)


def test_names_are_judged_by_who_really_reviewed():
    pulls, reviewed = past("bob", "cy", "bob")
    rows = judged(world(pulls, reviewed))
    popular = of(rows, "popularity", "102")
    # Cy had reviewed one day later than Bob: Cy, then Bob.
    assert (popular["hit_1"], popular["hit_3"], popular["reciprocal_rank"]) == (0, 1, 0.5)
    assert (popular["n_candidates"], popular["n_reviewers"], popular["actual"]) == (2, 1, "Bob")


def test_what_a_pull_request_brings_about_is_not_known_when_it_is_asked_about():
    pulls, reviewed = past("bob")
    rows = judged(world([changed("1"), *pulls], [*reviewed, said("1", "cy", "2026-06-01")]))
    assert of(rows, "popularity", "1")["n_candidates"] == 1
    assert of(rows, "popularity", "1")["hit_5"] == 0


def test_the_load_of_the_named_is_that_of_the_moment():
    pulls, reviewed = past("bob", "bob")
    busy = [changed("5", author="eve", created="2026-05-20")]
    rows = judged(
        world([changed("1"), *pulls, *busy], [*reviewed, said("5", "bob", "2026-05-21"), said("1", "cy", "2026-06-02")])
    )
    assert of(rows, "popularity", "1")["first_open"] == 1
    # Bob with one, and Eve, who only opened something, with none.
    assert of(rows, "popularity", "1")["three_open"] == 0.5
    assert of(rows, "random", "1")["first_open"] == 0.5


def test_in_a_world_that_follows_the_names_their_load_grows():
    start = past("bob", "bob", "bob", "cy", first=10)
    asked = [changed(str(n), author="ann", created=f"2026-06-0{n}") for n in range(1, 5)]
    words = [said(str(n), "dan", "2026-06-09") for n in range(1, 5)]
    rows = judged(world([*start[0], *asked], [*start[1], *words]))
    names = {method: rows.loc[(rows["method"] == method) & (rows["at"] >= utc("2026-06-01")), "named"].tolist()
        for method in ("ours", "popularity")}  # fmt: skip
    assert names["popularity"] == ["Bob"] * 4
    # Bob's score is some two times Cy's: with one more on his desk than Cy, they are about even.
    assert set(names["ours"]) == {"Bob", "Cy"}


def test_only_the_newest_are_judged_where_there_is_a_limit():
    frames = world(*past("bob", "cy", "bob", "cy"))
    everything, newest = judged(frames), judged(frames, limit=2)
    assert newest["pull_request"].unique().tolist() == ["102", "103"]
    tail = everything[everything["pull_request"].isin(["102", "103"])].reset_index(drop=True)
    pd.testing.assert_frame_equal(newest.drop(columns="named"), tail.drop(columns="named"))


def test_people_who_are_away_are_named_by_others_only():
    off = [{"person": "Bob", "start_on": pd.Timestamp("2026-05-01"), "end_on": pd.Timestamp("2026-05-31")}]
    pulls, reviewed = past("bob", "bob", "cy", "bob")
    rows = judged(world(pulls, reviewed, off=off))
    assert of(rows, "ours", "103")["hit_5"] == 0
    assert of(rows, "popularity", "103")["hit_5"] == 1


def test_scores_tell_shares_with_their_intervals_and_the_difference_to_popularity():
    rows = judged(world(*past("bob", "cy", "bob", "bob", "cy", "bob")))
    table = suggest.scores(rows).set_index("method")
    assert table["n"].eq(5).all()
    popular = rows[rows["method"] == "popularity"]
    assert table.loc["popularity", "top1_share"] == popular["hit_1"].mean()
    assert table.loc["popularity", "top3_change"] == 0
    # A single author: how much their changes differ from those of others cannot be known.
    assert np.isnan(table.loc["ours", "top1_share_low"])


def test_changes_of_one_author_are_one_piece_of_evidence():
    rows = pd.DataFrame(
        {
            "pull_request": list("abcd"),
            "method": "popularity",
            "author": ["x", "x", "y", "y"],
            **{name: [1.0, 1.0, 0.0, 0.0] for name in ("hit_1", "hit_3", "hit_5", "reciprocal_rank")},
            "first_open": 1.0,
            "three_open": 1.0,
            "named": ["p", "p", "p", "q"],
            "actual": ["p", "q", "p", "q"],
        }
    )
    found = suggest.scores(rows).iloc[0]
    # Two authors, one always right and one never: sqrt(2/1 · (1² + 1²)) / 4 = 0.5, cut off at 0 and 1.
    assert (found["top1_share"], found["top1_share_low"], found["top1_share_high"]) == (0.5, 0.0, 1.0)
    # Three of four first reviews to one of two people: one of four would have to move.
    assert (found["hoover_before"], found["hoover_after"]) == (0.0, 0.25)


def test_what_is_suggested_is_what_is_judged():
    pulls, reviewed = past("bob", "cy", "bob", "dan", "cy", "bob")
    frames = world(pulls, reviewed)
    before = pulls[-1]["created_at"]
    first = named(world(pulls, reviewed), "105", as_of=utc(before)).iloc[0]
    row = of(judged(frames), "ours", "105")
    assert (row["hit_1"], row["first_open"]) == (float(first["person"] == "Bob"), first["n_open"])


def test_instants_too_fine_for_plain_numbers_are_counted_all_the_same():
    draw = np.random.default_rng(3)
    group, at = draw.integers(0, 9, 500) * 10**12, draw.integers(0, 10**15, 500)
    counted, asked = tally(group, at), draw.integers(0, 10**15, 500)
    assert counted.count(group, asked).tolist() == [
        int(((group == of) & (at <= then)).sum()) for of, then in zip(group, asked, strict=True)
    ]
    assert counted.ruler.times is not None
