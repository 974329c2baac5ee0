"""Who reviews whose changes, and what that says of a group."""

from collections import Counter

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics import reviews
from tests.metrics.build import frame, pull_request, shuffled, utc
from tests.metrics.review_world import ACCOUNTS, AS_OF, HOURS

START = utc("2026-06-01")
PEOPLE = {"ann": "Ann", "ann-work": "Ann", "bob": "Bob", "cy": "Cy", "cy-work": "Cy"}
TEAMS = {"Ann": {"core"}, "Bob": {"core", "web"}, "Cy": {"web"}, "Dee": {"ops", "web"}}
MEMBERS = frame(
    "team_members", [{"team": team, "person": who} for who, teams in TEAMS.items() for team in sorted(teams)]
)


def world(*given_reviews, authors=("ann", "bob", "cy", "ci[bot]", "ghost", "ann-work")):
    """One pull request per author, named for them; reviews are (reviewer, pull request, instant)."""
    return {
        "pull_requests": frame("pull_requests", [pull_request(f"of {who}", author=who) for who in authors]),
        "reviews": frame(
            "reviews",
            [{"pull_request": f"of {item}", "author": who, "at": at} for who, item, at in given_reviews],
        ),
        "accounts": ACCOUNTS,
    }


def network(*pairs, at="2026-06-08", start=START, as_of=AS_OF):
    return reviews.network(**world(*((*pair, at)[:3] for pair in pairs)), start=start, as_of=as_of)


def edges(*rows):
    """Edges as (reviewer, author, reviews)."""
    told = pd.DataFrame([(*row, 1)[:3] for row in rows], columns=["reviewer", "author", "n_reviews"])
    return told.astype({"reviewer": "str", "author": "str", "n_reviews": "int64"}).assign(n_pull_requests=1)


def told(table):
    return list(table.itertuples(index=False, name=None))


def test_an_edge_leads_from_the_reviewer_to_the_author():
    assert told(network(("bob", "ann"), ("cy", "ann"), ("cy", "ann"))) == [("Bob", "Ann", 1, 1), ("Cy", "Ann", 1, 2)]


def test_accounts_of_one_person_are_one_node():
    assert told(network(("cy-work", "ann"), ("cy", "ann-work"))) == [("Cy", "Ann", 2, 2)]


def test_self_reviews_bots_and_deleted_users_are_left_out():
    pairs = [
        ("ann", "ann"),
        ("ann-work", "ann"),
        ("ci[bot]", "ann"),
        ("ghost", "ann"),
        ("bob", "ci[bot]"),
        ("bob", "ghost"),
    ]
    assert network(*pairs).empty


def test_only_reviews_of_the_window_are_told():
    pairs = [
        ("bob", "ann", "2026-05-31"),
        ("cy", "ann", "2026-06-01"),
        ("ann", "cy", "2026-06-12"),
        ("bob", "cy", "2026-06-13"),
    ]
    assert [row[:2] for row in told(network(*pairs))] == [("Ann", "Cy"), ("Cy", "Ann")]


def test_reciprocity_is_the_share_of_edges_returned():
    """Ann and Bob review each other (3 and 1 reviews), Cy reviews Ann (2): 2 of 3 edges, 1 of 2 pairs, 1 + 1 of 6."""
    row = reviews.reciprocity(edges(("Ann", "Bob", 3), ("Bob", "Ann", 1), ("Cy", "Ann", 2))).iloc[0]
    assert row[["n_edges", "n_pairs", "n_mutual_pairs"]].tolist() == [3, 2, 1]
    assert row[["reciprocity", "mutual_share", "weighted_reciprocity"]].tolist() == pytest.approx([2 / 3, 1 / 2, 2 / 6])


def test_one_way_reviewing_has_a_reciprocity_of_nothing_and_no_reviewing_has_none():
    shares = ["reciprocity", "mutual_share", "weighted_reciprocity"]
    one_way = reviews.reciprocity(edges(("Ann", "Bob"), ("Bob", "Cy")))
    assert one_way.loc[0, shares].tolist() == [0, 0, 0]
    nothing = reviews.reciprocity(edges())
    assert nothing[shares].isna().all(axis=None)
    assert nothing["n_edges"].tolist() == [0]
    pd.testing.assert_series_equal(nothing.dtypes, one_way.dtypes)


def people(*ids):
    return frame("people", [{"id": who} for who in ids])


def test_islands_are_numbered_from_the_largest():
    found = reviews.islands(
        edges(("Ann", "Bob"), ("Cy", "Ann"), ("Gil", "Flo")), people("Flo", "Eve", "Cy", "Bob", "Ann")
    )
    assert told(found) == [
        ("Ann", 1, 3, False, False),
        ("Bob", 1, 3, True, False),
        ("Cy", 1, 3, False, True),
        ("Eve", 2, 1, True, True),
        ("Flo", 3, 1, True, False),
    ]


def test_people_may_be_linked_through_somebody_not_asked_about():
    found = reviews.islands(edges(("Ann", "Zed"), ("Zed", "Bob")), people("Ann", "Bob"))
    assert found["island"].tolist() == [1, 1]
    assert found["n_people"].tolist() == [2, 2]


def test_without_reviews_everybody_is_an_island_and_without_people_there_is_none():
    alone = reviews.islands(edges(), people("Bob", "Ann"))
    assert told(alone) == [("Ann", 1, 1, True, True), ("Bob", 2, 1, True, True)]
    nobody = reviews.islands(edges(("Ann", "Bob")), people())
    assert nobody.empty
    pd.testing.assert_series_equal(nobody.dtypes, alone.dtypes)


def test_a_review_crosses_where_the_two_share_no_team():
    """Ann (core) reviews Bob (core, web): within. Cy (web) reviews Ann: crosses. Zed has no team."""
    given_edges = edges(("Ann", "Bob", 3), ("Cy", "Ann", 1), ("Zed", "Ann", 5), ("Ann", "Zed", 2))
    row = reviews.between_teams(given_edges, MEMBERS).iloc[0]
    assert row[["n_reviews", "n_crossing", "between_share", "n_without_team"]].tolist() == [4, 1, 0.25, 7]


def test_reviews_are_split_where_people_are_in_several_teams():
    """Bob and Dee share web. Ann (core) and Dee (ops, web) share none: half each."""
    given_edges = edges(("Bob", "Dee", 4), ("Ann", "Dee", 3))
    assert told(reviews.team_reviews(given_edges, MEMBERS)) == [
        ("core", "ops", 1.5),
        ("core", "web", 1.5),
        ("web", "web", 4.0),
    ]


def test_without_teams_nothing_crosses_and_the_share_is_undefined():
    row = reviews.between_teams(edges(("Ann", "Bob", 3)), MEMBERS.head(0))
    assert row[["n_reviews", "n_crossing", "n_without_team"]].loc[0].tolist() == [0, 0, 3]
    assert row["between_share"].isna().all()
    pd.testing.assert_series_equal(row.dtypes, reviews.between_teams(edges(("Ann", "Bob")), MEMBERS).dtypes)
    nothing, something = (reviews.team_reviews(edges(*rows), MEMBERS).dtypes for rows in ([], [("Ann", "Bob")]))
    pd.testing.assert_series_equal(nothing, something)


def random_world(seed):
    rng = np.random.default_rng(seed)
    authors = ["ann", "bob", "cy", "ci[bot]", "ghost", "ann-work"]
    return world(
        *(
            (str(rng.choice(authors)), str(rng.choice(authors)), (START + int(n) * HOURS).isoformat()[:16])
            for n in rng.integers(-5, 40, 30)
        )
    )


def plain_loop(what, as_of):
    author = {row.id: PEOPLE.get(row.author) for row in what["pull_requests"].itertuples()}
    seen = [
        (PEOPLE.get(row.author), author[row.pull_request], row.pull_request)
        for row in what["reviews"].itertuples()
        if START <= row.at <= as_of
    ]
    seen = [row for row in seen if None not in row and row[0] != row[1]]
    n_reviews, n_items = Counter(row[:2] for row in seen), Counter(row[:2] for row in set(seen))
    return [(*pair, n_items[pair], n_reviews[pair]) for pair in sorted(n_reviews)]


def islands_by_loop(pairs):
    """Merge the islands of each pair until none is left to merge."""
    found = {frozenset([who]) for pair in pairs for who in pair}
    for pair in pairs:
        touched = {island for island in found if island & set(pair)}
        found = (found - touched) | {frozenset().union(*touched)}
    return found


@pytest.mark.parametrize("seed", range(15))
def test_random_worlds_agree_with_a_plain_loop(seed):
    what = random_world(seed)
    for as_of in (START + 20 * HOURS, AS_OF):
        found = reviews.network(**what, start=START, as_of=as_of)
        assert told(found) == plain_loop(what, as_of)
        pairs = [row[:2] for row in told(found)]
        returned = [pair for pair in pairs if pair[::-1] in pairs]
        row = reviews.reciprocity(found).iloc[0]
        assert row.reciprocity == pytest.approx(len(returned) / len(pairs))
        assert row.mutual_share == pytest.approx(len(returned) / 2 / len({frozenset(pair) for pair in pairs}))
        isles = reviews.islands(found, people(*{who for pair in pairs for who in pair}))
        assert {frozenset(part["person"]) for _, part in isles.groupby("island")} == islands_by_loop(pairs)


PERSON = st.sampled_from([*TEAMS, "Zed"])
EDGES = st.dictionaries(st.tuples(PERSON, PERSON).filter(lambda pair: pair[0] != pair[1]), st.integers(1, 9))


@settings(deadline=None, max_examples=50)
@given(EDGES)
def test_what_teams_review_adds_up_and_agrees_with_a_plain_loop(weights):
    given_edges = edges(*((*pair, n) for pair, n in weights.items()))
    inside = {pair: n for pair, n in weights.items() if all(who in TEAMS for who in pair)}
    crossing = sum(n for (a, b), n in inside.items() if not TEAMS[a] & TEAMS[b])
    row = reviews.between_teams(shuffled(given_edges), shuffled(MEMBERS)).iloc[0]
    assert (row.n_reviews, row.n_crossing) == (sum(inside.values()), crossing)
    assert row.n_without_team == sum(weights.values()) - row.n_reviews
    cells = reviews.team_reviews(given_edges, MEMBERS)
    off = cells[cells["reviewer_team"] != cells["author_team"]]
    assert (cells["n_reviews"].sum(), off["n_reviews"].sum()) == pytest.approx((row.n_reviews, crossing))


@settings(deadline=None, max_examples=50)
@given(EDGES)
def test_the_order_of_edges_does_not_matter_and_shares_are_shares(weights):
    given_edges = edges(*((*pair, n) for pair, n in weights.items()))
    row = reviews.reciprocity(given_edges)
    pd.testing.assert_frame_equal(reviews.reciprocity(shuffled(given_edges)), row)
    matched = sum(min(n, weights.get((b, a), 0)) for (a, b), n in weights.items())
    if weights:
        assert row.loc[0, "weighted_reciprocity"] == pytest.approx(matched / sum(weights.values()))
        assert row.loc[0, ["reciprocity", "mutual_share"]].between(0, 1).all()
