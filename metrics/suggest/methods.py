"""Ways to name reviewers, ours and those it has to stand beside."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from metrics.ordering import Flags, Integers, Numbers
from metrics.suggest.candidates import Candidates
from metrics.suggest.naming import DIGITS, Order, divided_by_load, order_of_names, ranks, score, shares


@dataclass(frozen=True)
class Method:
    """What speaks for whom, and the order that follows. Only ours leaves out who is away or has too much."""

    score: Callable[[Candidates, int], Numbers]
    order: Order
    asks_all: bool = True

    def pick(self, scores: Numbers, n_open: Integers, is_set: Flags) -> int:
        """The first name among candidates for one pull request."""
        return int(np.argmin(self.order(np.zeros(len(scores), dtype=np.int64), scores, n_open, is_set)))


def _popularity(found: Candidates, n_queries: int) -> Numbers:
    return np.round(shares(found.query, found.popularity, n_queries), DIGITS)


def _with_familiarity(found: Candidates, n_queries: int) -> Numbers:
    return np.round(_popularity(found, n_queries) + shares(found.query, found.familiarity, n_queries), DIGITS)


def _by_score(query: Integers, scores: Numbers, _: Integers, __: Flags) -> Integers:
    return ranks(query, scores)


def _by_divided(query: Integers, scores: Numbers, n_open: Integers, _: Flags) -> Integers:
    return ranks(query, divided_by_load(scores, n_open))


OURS, RANDOM = "ours", "random"
ORDERED = {
    OURS: Method(score, order_of_names, asks_all=False),
    "popularity": Method(_popularity, _by_score),
    "popularity_familiarity": Method(_with_familiarity, _by_score),
    "divided_by_load": Method(_popularity, _by_divided),
}
METHODS = (*ORDERED, RANDOM)
