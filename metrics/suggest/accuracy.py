"""How often were the right people named, how much was on their desks, and how evenly would work have been spread?"""

import numpy as np
import pandas as pd

from metrics.balance import concentration
from metrics.ordering import Integers, Numbers

TOP = (1, 3, 5)
HITS = [f"hit_{k}" for k in TOP]
BASE = "popularity"
Z95 = 1.959963984540054
"""Of the normal distribution: 95 % lie within so many standard errors."""
SCORED = {"hit_1": "top1_share", "hit_3": "top3_share", "hit_5": "top5_share", "reciprocal_rank": "mrr"}
COLUMNS = [
    "method", "n", *(f"{name}{end}" for name in SCORED.values() for end in ("", "_low", "_high")), "named_load",
    "three_load", "hoover_before", "hoover_after", "top3_change", "top5_change", "load_change",
]  # fmt: skip


def first_hits(query: Integers, rank: Integers, n_queries: int) -> pd.DataFrame:
    """What is found by the ranks (from 1) of those who really reviewed: one row per query, 0 where nobody was ranked.

    Returns hit_1, hit_3, hit_5 (1 or 0) and reciprocal_rank of the first of them.
    """
    best = np.full(n_queries, np.inf)
    np.minimum.at(best, query, rank)
    found = {f"hit_{k}": (best <= k).astype(float) for k in TOP}
    return pd.DataFrame({**found, "reciprocal_rank": 1 / best})


def hits(named: pd.DataFrame, actual: pd.DataFrame, authors: pd.DataFrame) -> pd.DataFrame:
    """Which of the names really reviewed?

    Takes named (pull_request, person, rank), actual and authors (pull_request, person each). Anybody who really
    reviewed is a hit. Authors are taken out of both, those behind them move up; pull requests that nobody else
    reviewed are left out. Returns one row per pull request, by id: pull_request, hit_1, hit_3, hit_5 (1 or 0),
    reciprocal_rank (0 where nobody was found).
    """
    pair = ["pull_request", "person"]
    tables = [each.astype(dict.fromkeys(pair, "str")) for each in (named, actual, authors)]
    of_author = pd.MultiIndex.from_frame(tables[2][pair])
    names, truth = (each[~pd.MultiIndex.from_frame(each[pair]).isin(of_author)] for each in tables[:2])
    names = names.assign(rank=names.groupby("pull_request")["rank"].rank(method="first"))
    judged = truth["pull_request"].drop_duplicates().sort_values(ignore_index=True)
    right = names.merge(truth.drop_duplicates(), on=pair)
    query = pd.Index(judged).get_indexer(right["pull_request"])
    found = first_hits(query, right["rank"].to_numpy(), len(judged))
    return pd.concat([judged, found], axis=1)


def by_chance(n: Integers, n_right: Integers) -> pd.DataFrame:
    """What drawing names from `n` candidates finds on average, `n_right` of whom really reviewed: see `first_hits`."""
    kinds, place = np.unique(np.stack([n, n_right], axis=1), axis=0, return_inverse=True)
    found = [_chances(int(each[0]), int(each[1])) for each in kinds]
    columns = [*HITS, "reciprocal_rank"]
    table = np.array(found).reshape(-1, len(columns))[place.ravel()]
    return pd.DataFrame(table, columns=columns)


def _chances(n: int, n_right: int) -> list[float]:
    """The chance that the first right one stands in each place, added up."""
    place = np.arange(n)
    missed = np.cumprod(np.maximum(n - n_right - place, 0) / (n - place))
    first = np.append(1.0, missed)[:n] - missed
    return [*(float(first[:k].sum()) for k in TOP), float((first / (place + 1)).sum())]


def scores(rows: pd.DataFrame) -> pd.DataFrame:
    """How good are the names, by method? Takes what `evaluate` gives, or some pull requests of it.

    Intervals are normal ones at 95 % that know that changes of one author are alike (clustered by author), within 0–1.
    Hoover is the share of first reviews that would have to move for all who gave or would give any to have equally
    many: before as it was, after had each pull request been reviewed first by the one named first. The changes compare
    with popularity on the same pull requests: points of the share as a difference, load as a part of theirs.

    Returns one row per method: method, n (pull requests), top1_share, top3_share, top5_share (0–1), mrr, each with
    _low and _high, named_load (pull requests on the desk of the first name, mean), three_load (of the first three),
    hoover_before, hoover_after, top3_change, top5_change, load_change. NaN where there is nothing to compare.
    """
    people = pd.Index(pd.concat([rows["named"], rows["actual"]]).dropna().unique())
    base = rows[rows["method"] == BASE].set_index("pull_request")
    found = [_score(method, each, people) | _change(each, base) for method, each in rows.groupby("method", sort=False)]
    dtypes = {"method": "str", "n": "int64"} | dict.fromkeys(COLUMNS[2:], "float64")
    return pd.DataFrame(found, columns=COLUMNS).astype(dtypes)


def _change(rows: pd.DataFrame, base: pd.DataFrame) -> dict[str, float]:
    """Against popularity on the same pull requests; load on those where both name somebody."""
    theirs = base.reindex(rows["pull_request"])
    points = {f"top{k}_change": (rows[f"hit_{k}"].to_numpy() - theirs[f"hit_{k}"].to_numpy()).mean() for k in TOP[1:]}
    loads = pd.DataFrame({"ours": rows["first_open"].to_numpy(), "theirs": theirs["first_open"].to_numpy()}).dropna()
    before = loads["theirs"].sum()
    return points | {"load_change": loads["ours"].sum() / before - 1 if before else np.nan}


def _score(method: object, rows: pd.DataFrame, people: pd.Index) -> dict[str, object]:
    measured: dict[str, object] = {"method": method, "n": len(rows)}
    for column, name in SCORED.items():
        mean, error = _clustered(rows[column].to_numpy(float), rows["author"])
        low, high = max(mean - Z95 * error, 0.0), min(mean + Z95 * error, 1.0)
        measured |= {name: mean, f"{name}_low": low, f"{name}_high": high}
    return measured | {
        "named_load": rows["first_open"].mean(),
        "three_load": rows["three_open"].mean(),
        "hoover_before": _hoover(rows["actual"], people),
        "hoover_after": _hoover(rows["named"], people),
    }


def _clustered(values: Numbers, authors: pd.Series) -> tuple[float, float]:
    """The mean and its standard error when values of one author hang together; NaN for a single author."""
    mean = float(values.mean())
    of, names = pd.factorize(authors.astype("str"), use_na_sentinel=False)
    sums = np.bincount(of, values - mean, len(names))
    n = len(names)
    return mean, float(np.sqrt(n / (n - 1) * (sums**2).sum()) / len(values)) if n > 1 else np.nan


def _hoover(first: pd.Series, people: pd.Index) -> float:
    counts = first.value_counts().reindex(people, fill_value=0)
    return float(concentration(counts)["hoover"].item())
