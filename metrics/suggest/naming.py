"""Whom to name, in which order: who knows, eased by what waits for them already.

Naming who reviews most anyway is right most often, and buries them. So knowledge chooses who is named, and load decides
among them, the more the fewer of them are left: five are the best known, three of the five are those whom the load
spares somewhat, and these stand in the order of knowledge divided by load.
"""

from collections.abc import Callable

import numpy as np

from metrics.ordering import Flags, Integers, Numbers, is_first
from metrics.suggest.candidates import Candidates

NAMES, FIRST_NAMES = 5, 3
EASE = 0.5
"""How much load counts when three of five are chosen; knowledge / (1 + open) ** EASE."""
FAMILIARITY, EXPERTISE = 0.5, 1.0
"""What knowing the author and knowing the files weigh, beside reviewing much in the project with 1."""
DIGITS = 9
"""Scores that agree in so many digits are a tie: sums differ beyond with the order of rows."""
Order = Callable[[Integers, Numbers, Integers, Flags], Integers]
"""Candidates' query, score, what is open for them and whether they have to be named → their ranks."""


def score(found: Candidates, n_queries: int) -> Numbers:
    """What speaks for each candidate: shares of the reviews in the project and of this author, and expertise.

    Each is a share of what all candidates for the same pull request have of it, so that they compare.
    """
    parts = (shares(found.query, part, n_queries) for part in (found.popularity, found.familiarity, found.expertise))
    popular, familiar, expert = parts
    return np.round(popular + FAMILIARITY * familiar + EXPERTISE * expert, DIGITS)


def shares(query: Integers, part: Numbers, n_queries: int) -> Numbers:
    """What each candidate has of all that the candidates for the same query have; 0 where nobody has anything."""
    total = np.bincount(query, part, n_queries)[query]
    return np.divide(part, total, out=np.zeros(len(part)), where=total > 0)


def divided_by_load(scores: Numbers, n_open: Integers, strength: float = 1.0) -> Numbers:
    """The score over one more than what is open."""
    load = np.power(1.0 + n_open.astype(np.float64), strength)
    return np.round(scores / load, DIGITS)


def ranks(query: Integers, *by: Numbers | Flags | Integers) -> Integers:
    """The place of each candidate among those for the same query, from 1, by the given numbers, highest first.

    Candidates come in the order of ids, which decides between equals.
    """
    rows = np.lexsort([*(-each.astype(float) for each in by[::-1]), query])
    rank = np.empty(len(query), dtype=np.int64)
    first = np.maximum.accumulate(np.where(is_first(query[rows]), np.arange(len(rows)), 0))
    rank[rows] = np.arange(len(rows)) - first + 1
    return rank


def order_of_names(query: Integers, scores: Numbers, n_open: Integers, is_set: Flags) -> Integers:
    """The rank of every candidate. `is_set` is 1 for those who have to be among the first three."""
    best = ranks(query, is_set, scores) <= NAMES
    third = ranks(query, is_set, best, divided_by_load(scores, n_open, EASE)) <= FIRST_NAMES
    among = divided_by_load(scores, n_open)
    # Beyond the five names knowledge alone decides; nobody is named there, but the evaluation looks that far.
    return ranks(query, third, best, np.where(best, among, scores), scores)


def ranked(order: Order, found: Candidates, scores: Numbers, is_set: Flags, may: Flags) -> Integers:
    """The rank of each candidate who may be named, 0 of the others."""
    rank = np.zeros(len(found), dtype=np.int64)
    rank[may] = order(found.query[may], scores[may], found.n_open[may], is_set[may])
    return rank
