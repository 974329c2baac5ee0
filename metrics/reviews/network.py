"""Who reviews whose changes: directed edges from reviewers to authors, and what their pattern says of a group.

About groups, never about a person: an edge that is missing may mean that two people work on different things.
"""

import numpy as np
import pandas as pd
from scipy.sparse import csgraph, csr_array

from fairlead import keys
from metrics.actors import actors
from metrics.instants import micros_of
from metrics.ordering import Integers, is_first, order, repeated, starts_and_counts
from metrics.reviews.verdicts import reviews_of_others


def network(
    reviews: pd.DataFrame,
    pull_requests: pd.DataFrame,
    accounts: pd.DataFrame,
    *,
    start: pd.Timestamp,
    as_of: pd.Timestamp,
) -> pd.DataFrame:
    """Who reviewed whose pull requests in `[start, as_of]`?

    A person's several accounts are one person. Reviews of one's own pull requests, and by or for bots and deleted
    users, are left out.

    Returns one row per directed edge, ordered by reviewer and author: reviewer, author (person ids), n_pull_requests
    (distinct ones), n_reviews.
    """
    who = actors(accounts)
    author = who.codes(pull_requests["author"])
    in_window = reviews[(reviews["at"] >= start).to_numpy()]
    until = np.where(author >= 0, micros_of(as_of), np.iinfo(np.int64).min)
    made = reviews_of_others(in_window, pull_requests, who, until=until)
    row, person, n_people = made["row"].to_numpy(), made["person"].to_numpy(), max(len(who.people), 1)
    edge = person * n_people + author[row]
    in_order = order(edge, row)
    edge, row = edge[in_order], row[in_order]
    is_new_edge = is_first(edge)
    is_new = is_first(edge, row)
    nth = np.cumsum(is_new_edge) - 1
    return pd.DataFrame(
        {
            "reviewer": who.ids(edge[is_new_edge] // n_people),
            "author": who.ids(edge[is_new_edge] % n_people),
            "n_pull_requests": np.bincount(nth[is_new]),
            "n_reviews": np.bincount(nth),
        }
    )


def reciprocity(edges: pd.DataFrame) -> pd.DataFrame:
    """Do those who review each other's changes take turns, or does it go one way? Takes `network`.

    Returns one row: n_edges, n_pairs (of people linked at all), n_mutual_pairs, reciprocity (share of the directed
    edges that are returned; Newman 2010), mutual_share (share of the linked pairs that review each other: the same
    fact, counted by pair), weighted_reciprocity (share of the reviews that are matched by one in the other direction,
    the sum of the lesser of both directions over the sum of all; Squartini et al. 2013). 0–1, NaN without any edge.
    """
    reviewer, author, _ = _codes(edges)
    n, weight = 1 + max(reviewer.max(initial=0), author.max(initial=0)), edges["n_reviews"].to_numpy(np.int64)
    forth, back = reviewer * n + author, author * n + reviewer
    sorted_ = np.argsort(forth)
    place = np.minimum(np.searchsorted(forth[sorted_], back), max(len(edges) - 1, 0))
    found = sorted_[place]
    returned = forth[found] == back
    matched = np.minimum(weight, weight[found])[returned].sum()
    n_mutual = int(returned.sum()) // 2
    n_pairs = len(edges) - n_mutual
    return pd.DataFrame(
        {
            "n_edges": [len(edges)],
            "n_pairs": [n_pairs],
            "n_mutual_pairs": [n_mutual],
            "reciprocity": [_share(returned.sum(), len(edges))],
            "mutual_share": [_share(n_mutual, n_pairs)],
            "weighted_reciprocity": [_share(matched, weight.sum())],
        }
    )


def islands(edges: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    """Which people are cut off from the rest? Takes `network`, and the table of the people asked about.

    An island is a set of people linked by reviews in whatever direction, through others than `people` as well. Who
    neither reviews nor is reviewed is an island alone.

    Returns one row per person, by id: person, island (numbered from 1, the largest first; ties by the first id),
    n_people (of those asked about, on the island), reviews_nobody, is_reviewed_by_nobody.
    """
    asked = people["id"].astype("str").drop_duplicates().sort_values(ignore_index=True)
    reviewer, author, everybody = _codes(edges, asked)
    links = csr_array((np.ones(len(edges), dtype=np.int8), (reviewer, author)), shape=(len(everybody),) * 2)
    n_found, found = csgraph.connected_components(links, directed=False)
    place = keys.positions(asked, everybody)
    component = found[place]
    size = np.bincount(component, minlength=n_found)
    first = np.full(n_found, len(asked))
    np.minimum.at(first, component, np.arange(len(asked)))
    number = np.empty(n_found, dtype=np.int64)
    number[np.lexsort((first, -size))] = np.arange(1, n_found + 1)
    return pd.DataFrame(
        {
            "person": asked,
            "island": number[component],
            "n_people": size[component],
            "reviews_nobody": ~np.isin(place, reviewer),
            "is_reviewed_by_nobody": ~np.isin(place, author),
        }
    )


def between_teams(edges: pd.DataFrame, team_members: pd.DataFrame) -> pd.DataFrame:
    """Which share of the reviews crosses from one team to another? Takes `network`.

    A review crosses if reviewer and author share no team. Reviews by or for people without a team are not counted,
    only told. Membership has no history: teams are those of now.

    Returns one row: n_reviews (both in teams), n_crossing, between_share (0–1; NaN without reviews), n_without_team.
    """
    parts = _team_parts(edges, team_members)
    weight = edges["n_reviews"].to_numpy(np.int64)
    crosses = np.zeros(len(edges), dtype=bool)
    crosses[parts["edge"][~parts["is_shared"]]] = True
    in_teams = np.isin(np.arange(len(edges)), parts["edge"])
    n, n_crossing = int(weight[in_teams].sum()), int(weight[crosses].sum())
    return pd.DataFrame(
        {
            "n_reviews": [n],
            "n_crossing": [n_crossing],
            "between_share": [_share(n_crossing, n)],
            "n_without_team": [int(weight[~in_teams].sum())],
        }
    )


def team_reviews(edges: pd.DataFrame, team_members: pd.DataFrame) -> pd.DataFrame:
    """How many reviews go from which team to which? Takes `network`.

    A review between people who share teams stays in those. One that could stand in several places, because people are
    in several teams, is split evenly among them, so that the sum is the number of reviews of `between_teams`, and what
    stands off the diagonal is what crosses.

    Returns one row per pair of teams with reviews, by id: reviewer_team, author_team, n_reviews (may be a fraction).
    """
    parts = _team_parts(edges, team_members)
    weight = edges["n_reviews"].to_numpy(float)[parts["edge"]]
    n_parts = np.bincount(parts["edge"], minlength=len(edges))[parts["edge"]]
    split = parts[["reviewer_team", "author_team"]].assign(n_reviews=weight / n_parts)
    return split.groupby(["reviewer_team", "author_team"], as_index=False).sum()


def _team_parts(edges: pd.DataFrame, team_members: pd.DataFrame) -> pd.DataFrame:
    """Where each edge stands among the teams: edge (its place), reviewer_team, author_team, is_shared.

    An edge within shared teams has a row for each of these, any other one for each pair of the two people's teams.
    """
    members = team_members[["team", "person"]].astype("str").drop_duplicates()
    reviewer, author, everybody = _codes(edges, members["person"])
    team, teams = pd.factorize(members["team"], sort=True)
    person = keys.positions(members["person"], everybody)
    by_person = order(person, team.astype(np.int64))
    firsts, counts = starts_and_counts(person[by_person], len(everybody))
    edge, nth = repeated(counts[reviewer] * counts[author])
    theirs = np.maximum(counts[author[edge]], 1)
    of_reviewer = team[by_person[firsts[reviewer[edge]] + nth // theirs]]
    of_author = team[by_person[firsts[author[edge]] + nth % theirs]]
    is_same = of_reviewer == of_author
    is_shared = np.isin(edge, edge[is_same])
    kept = is_same | ~is_shared
    names = pd.Series(teams, dtype="str")
    return pd.DataFrame(
        {
            "edge": edge[kept],
            "reviewer_team": names.take(of_reviewer[kept]).array,
            "author_team": names.take(of_author[kept]).array,
            "is_shared": is_shared[kept],
        }
    )


def _codes(edges: pd.DataFrame, others: pd.Series | None = None) -> tuple[Integers, Integers, pd.Series]:
    """Reviewers and authors as numbers, and the people they stand for, `others` among them."""
    parts = [edges["reviewer"], edges["author"]] + ([] if others is None else [others])
    everybody = pd.concat(parts).astype("str").drop_duplicates().reset_index(drop=True)
    return keys.positions(edges["reviewer"], everybody), keys.positions(edges["author"], everybody), everybody


def _share(part: float, whole: float) -> float:
    return float(part / whole) if whole > 0 else float("nan")
