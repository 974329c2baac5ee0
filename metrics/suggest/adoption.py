"""What if everybody had followed the names? Load then grows where names go, and names go where load is low."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from metrics.actors import NOBODY, Codes
from metrics.instants import DAY, Micros
from metrics.ordering import Flags, Integers, Numbers, starts_and_counts
from metrics.suggest.candidates import Candidates
from metrics.suggest.desks import BUSY_DAYS
from metrics.suggest.naming import ranks

CONSIDERED = 20
"""So many candidates, the best by score, are looked at again as load moves."""
Pick = Callable[[Numbers, Integers, Flags], int]
"""Scores of candidates for one pull request, what is open for them, who has to be named → the place of the first."""


@dataclass(frozen=True)
class Judged:
    """Pull requests in the order of time: row, when they were opened and ended, who said the first word, and when."""

    row: Integers
    at: Micros
    ended: Micros
    actual: Codes
    actual_at: Micros


@dataclass(frozen=True)
class Best:
    """The best candidates of each query by score, by query, in the order of ids."""

    query: Integers
    person: Codes
    score: Numbers
    n_open: Integers
    is_set: Flags


def joined(parts: list[Best], sizes: list[int]) -> Best:
    """Several as one, where the first has so many queries, and so on."""
    before = np.cumsum([0, *sizes])
    none = np.empty(0, dtype=np.int64)
    query = [part.query + first for part, first in zip(parts, before[:-1], strict=True)]
    return Best(
        np.concatenate([none, *query]),
        np.concatenate([none, *(part.person for part in parts)]),
        np.concatenate([np.empty(0), *(part.score for part in parts)]),
        np.concatenate([none, *(part.n_open for part in parts)]),
        np.concatenate([none.astype(bool), *(part.is_set for part in parts)]),
    )


def best_of(found: Candidates, scores: Numbers, is_set: Flags, may: Flags) -> Best:
    """The `CONSIDERED` best candidates of those who may be named."""
    place = np.flatnonzero(may)
    place = place[ranks(found.query[place], is_set[place], scores[place]) <= CONSIDERED]
    return Best(found.query[place], found.person[place], scores[place], found.n_open[place], is_set[place])


def adopted(best: Best, pick: Pick, judged: Judged) -> Codes:
    """Whom each pull request goes to when each goes to the first name; `NOBODY` where there is none.

    A pull request that goes to somebody is on their desk until it is closed, `BUSY_DAYS` at most, and off the desk of
    whoever really said the first word, once they had said it. What else people had open stays as it was.
    """
    chosen = np.full(len(judged.at), NOBODY)
    firsts, counts = starts_and_counts(best.query, len(judged.at))
    oldest = np.searchsorted(judged.at, judged.at - BUSY_DAYS * DAY)
    for nth in np.flatnonzero(counts):
        mine, lately = slice(firsts[nth], firsts[nth] + counts[nth]), slice(oldest[nth], nth)
        still = judged.ended[lately] > judged.at[nth]
        said = judged.actual_at[lately] <= judged.at[nth]
        person = best.person[mine]
        taken = (person[:, None] == chosen[lately][still]).sum(axis=1)
        spared = (person[:, None] == judged.actual[lately][still & said]).sum(axis=1)
        n_open = np.maximum(best.n_open[mine] + taken - spared, 0)
        chosen[nth] = person[pick(best.score[mine], n_open, best.is_set[mine])]
    return chosen
