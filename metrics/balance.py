"""How evenly work is spread over people. Every measure is undefined, not zero, where there is no work."""

import math

import numpy as np
import pandas as pd

from metrics.ordering import Numbers

TOP = 0.2
"""Whose share is the top share: the busiest 20 % of the people, one person at least."""


def concentration(counts: pd.Series, capacity: pd.Series | None = None) -> pd.DataFrame:
    """How unevenly is the work spread? `counts` holds everybody who is eligible, those without any included.

    With `capacity` (same order) Hoover compares with capacity shares instead of equal ones; NaN where nobody has any.
    Returns one row: n (people), total, gini (0 even to 1), gini_corrected (times n/(n-1), so that small groups compare
    with large ones; Deltas 2003), hoover (share of the work that would have to move), top_share (of the busiest 20 %,
    rounded up), effective_n (that many equal people would be as concentrated). All NaN where nothing was done.
    """
    work = np.sort(counts.to_numpy(dtype=float))
    n, total = len(work), float(work.sum())
    row: dict[str, float] = {"n": n, "total": total}
    undefined = dict.fromkeys(["gini", "gini_corrected", "hoover", "top_share", "effective_n"], math.nan)
    if total > 0:
        undefined = _measures(work / total, counts.to_numpy(dtype=float) / total, capacity)
    return pd.DataFrame([row | undefined]).astype({"n": "int64"})


def _measures(ordered: Numbers, shares: Numbers, capacity: pd.Series | None) -> dict[str, float]:
    n = len(ordered)
    gini = float(2 * np.sum(np.arange(1, n + 1) * ordered) / n - (n + 1) / n)
    fair = np.full(n, 1 / n)
    if capacity is not None:
        fair = capacity.to_numpy(dtype=float) / (capacity.sum() or math.nan)
    return {
        "gini": max(gini, 0.0),
        "gini_corrected": max(gini, 0.0) * n / (n - 1) if n > 1 else math.nan,
        "hoover": float(np.abs(shares - fair).sum() / 2),
        "top_share": float(ordered[-math.ceil(TOP * n) :].sum()),
        "effective_n": float(1 / np.sum(ordered**2)),
    }


def fair_shares(people: pd.DataFrame) -> pd.DataFrame:
    """Who carries more than their share? Takes one row per person with n (their work) and capacity (part of full time).

    Adds share (of all work, 0–1), fair (what their capacity would give them) and load_index (n / fair; above 1 is more
    than their share; NaN where nothing was done or nobody has capacity, infinite for work without capacity).
    """
    total, capacity = people["n"].sum(), people["capacity"].sum()
    fair = people["capacity"] * (total / capacity if capacity > 0 else math.nan)
    share = people["n"] / (total if total > 0 else math.nan)
    return people.assign(share=share, fair=fair, load_index=people["n"] / fair)
