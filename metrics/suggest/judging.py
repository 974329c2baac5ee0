"""How each way of naming reviewers does on pull requests whose reviewers are known by now."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from metrics.actors import Codes, named
from metrics.instants import instants
from metrics.ordering import Flags, Integers, Numbers
from metrics.suggest.accuracy import HITS, by_chance, first_hits
from metrics.suggest.adoption import Best, Judged, adopted, best_of, joined
from metrics.suggest.candidates import Candidates
from metrics.suggest.methods import ORDERED, OURS, RANDOM, Method
from metrics.suggest.naming import FIRST_NAMES, ranked
from metrics.suggest.work import Work

SEED = 1
MEASURED = [*HITS, "reciprocal_rank", "first_open", "three_open"]
COLUMNS = ["pull_request", "at", "author", "method", "n_candidates", "n_reviewers", *MEASURED, "named", "actual"]


@dataclass(frozen=True)
class Asked:
    """Pull requests that are judged (their rows), candidates for them, who of these may be asked and who was right."""

    row: Integers
    found: Candidates
    may: Flags
    is_set: Flags
    is_right: Flags


def of_method(name: str, asked: list[Asked], judged: Judged, work: Work) -> pd.DataFrame:
    """The rows of `evaluate` for one way of ordering candidates."""
    parts = [_measured(ORDERED[name], each, is_set=_set_by(name, each)) for each in asked]
    measured = pd.concat([_nothing(), *(table for table, _ in parts)], ignore_index=True)
    best = joined([best for _, best in parts], [len(each.row) for each in asked])
    return _described(name, measured, adopted(best, ORDERED[name].pick, judged), asked, judged, work)


def _set_by(name: str, asked: Asked) -> Flags:
    return asked.is_set if name == OURS else np.zeros(len(asked.found), dtype=bool)


def _measured(method: Method, asked: Asked, *, is_set: Flags) -> tuple[pd.DataFrame, Best]:
    found, n = asked.found, len(asked.row)
    may = np.ones(len(found), dtype=bool) if method.asks_all else asked.may
    scores = method.score(found, n)
    rank = ranked(method.order, found, scores, is_set, may)
    hit = asked.is_right & (rank > 0)
    table = first_hits(found.query[hit], rank[hit], n).assign(
        first_open=_mean_open(found, rank == 1, n),
        three_open=_mean_open(found, (rank > 0) & (rank <= FIRST_NAMES), n),
    )
    return table, best_of(found, scores, is_set, may)


def _mean_open(found: Candidates, chosen: Flags, n: int) -> Numbers:
    """What is open for the chosen candidates, on average per query; NaN where none is chosen."""
    counts = np.bincount(found.query, chosen, n)
    total = np.bincount(found.query, chosen * found.n_open, n)
    mean: Numbers = np.divide(total, counts, out=np.full(n, np.nan), where=counts > 0)
    return mean


def of_chance(asked: list[Asked], judged: Judged, work: Work) -> pd.DataFrame:
    """The rows of `evaluate` for names drawn from all candidates: what that gives on average, exactly.

    Who would have got the work cannot be an average: those are drawn, always the same ones.
    """
    parts, drawn = [_nothing()], [np.empty(0, dtype=np.int64)]
    draw = np.random.default_rng(SEED)
    for each in asked:
        found, n = each.found, len(each.row)
        n_candidates = np.bincount(found.query, minlength=n)
        chances = by_chance(n_candidates, np.bincount(found.query, each.is_right, n).astype(np.int64))
        load = _mean_open(found, np.ones(len(found), dtype=bool), n)
        parts.append(chances.assign(first_open=load, three_open=load))
        firsts = np.cumsum(n_candidates) - n_candidates
        drawn.append(found.person[firsts + draw.integers(0, n_candidates)])
    measured = pd.concat(parts, ignore_index=True)
    return _described(RANDOM, measured, np.concatenate(drawn), asked, judged, work)


def _nothing() -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype=float) for name in MEASURED})


def _described(  # noqa: PLR0913, PLR0917 (what was found, and the pull requests it is about)
    name: str, measured: pd.DataFrame, picked: Codes, asked: list[Asked], judged: Judged, work: Work
) -> pd.DataFrame:
    row = judged.row
    counts = [np.bincount(each.found.query, minlength=len(each.row)) for each in asked]
    return measured.assign(
        pull_request=named(work.known["id"], row),
        at=instants(judged.at),
        author=work.who.ids(work.author[row]),
        method=pd.Series([name] * len(row), dtype="str"),
        n_candidates=np.concatenate([row[:0], *counts]),
        n_reviewers=np.bincount(work.reviewed.of, minlength=len(work.known))[row],
        named=work.who.ids(picked),
        actual=work.who.ids(judged.actual),
    )[COLUMNS]
