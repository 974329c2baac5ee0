"""Scores of forecasts: how far off, how sure, how often right.

Everything takes plain arrays; a value that never comes is infinite. Lower is better for pinball, CRPS and Brier,
higher for skill.
"""

from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from metrics.ordering import Numbers

Z_95 = 1.959963984540054
"""Standard normal deviate of a two-sided 95 % interval."""


class Interval(NamedTuple):
    """Both ends of a share, 0–1."""

    low: float
    high: float


class Brier(NamedTuple):
    """Mean squared error of probabilities, that of always saying the base rate, and the skill over it."""

    score: float
    climatology: float
    skill: float


def pinball(actual: npt.ArrayLike, forecast: npt.ArrayLike, q: npt.ArrayLike) -> Numbers:
    """What does a forecast quantile cost? Each unit too early costs `q`, each unit too late `1 - q`.

    NaN where both are infinite: nothing says how far off "never" is from "never". Koenker & Bassett (1978).
    """
    with np.errstate(invalid="ignore"):
        miss = np.asarray(actual, dtype=float) - np.asarray(forecast, dtype=float)
    level = np.asarray(q, dtype=float)
    loss: Numbers = np.maximum(level * miss, (level - 1) * miss)
    return loss


def crps(ensemble: npt.ArrayLike, actual: float, *, estimator: Literal["nrg", "fair"] = "nrg") -> float:
    """How far is the whole distribution from what happened, in the unit of the values?

    `nrg` takes the ensemble for the distribution itself, `fair` for a sample of it (it may be negative). A member that
    never comes makes either infinite: cap members and outcome at a horizon to compare such ensembles. NaN without
    members, or for `fair` with one. Gneiting & Raftery (2007); Ferro (2014).
    """
    members = np.sort(np.asarray(ensemble, dtype=float))
    n = len(members)
    pairs = n * n if estimator == "nrg" else n * (n - 1)
    if pairs == 0:
        return float("nan")
    if not np.isfinite(members).all() or not np.isfinite(actual):
        return float("inf")
    # The sum over all pairs of |x_i - x_j|, counted once for every sorted member instead of once for every pair.
    spread = 2 * float(np.sum(members * (2 * np.arange(n) - n + 1)))
    return float(np.mean(np.abs(members - actual))) - spread / (2 * pairs)


def brier(probability: npt.ArrayLike, happened: npt.ArrayLike) -> Brier:
    """How good are the probabilities of something that happened or did not?

    Skill is one minus the score over that of always saying the base rate of these same cases: zero is no better, NaN
    where all or none happened, because then there is nothing to tell apart. All NaN without cases. Murphy (1973).
    """
    p, y = np.asarray(probability, dtype=float), np.asarray(happened, dtype=float)
    if len(p) == 0:
        return Brier(float("nan"), float("nan"), float("nan"))
    score, climatology = float(np.mean((p - y) ** 2)), float(y.mean() * (1 - y.mean()))
    return Brier(score, climatology, 1 - score / climatology if climatology > 0 else float("nan"))


def wilson(n_hits: float, n: float, *, z: float = Z_95) -> Interval:
    """Between which shares does the true one lie, having seen `n_hits` of `n`? NaN without cases. Wilson (1927)."""
    if n <= 0:
        return Interval(float("nan"), float("nan"))
    share, weight = n_hits / n, 1 + z * z / n
    centre = (share + z * z / (2 * n)) / weight
    half = z * np.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / weight
    return Interval(max(0.0, float(centre - half)), min(1.0, float(centre + half)))


def clustered_wilson(hit: npt.ArrayLike, cluster: npt.ArrayLike, *, z: float = Z_95) -> Interval:
    """`wilson` for cases that come in clusters, such as many forecasts of one milestone.

    Cases of one cluster tell the same story: the number of cases is divided by the design effect, the variance of the
    share by clusters over that of independent cases (never below one).
    """
    hits, code = np.asarray(hit, dtype=float), pd.factorize(np.asarray(cluster))[0]
    n, n_clusters = len(hits), int(code.max(initial=-1)) + 1
    if n == 0 or n_clusters < 2:
        return wilson(float(hits.sum()), min(n, n_clusters), z=z) if n == 0 else wilson(float(hits.mean()), 1, z=z)
    share = float(hits.mean())
    residual = np.bincount(code, hits - share, n_clusters)
    independent = n * share * (1 - share)
    effect = float(np.sum(residual**2)) * n_clusters / (n_clusters - 1) / independent if independent > 0 else 0.0
    # Where all cases agree there is no variance to compare: clusters count as one case each.
    effective = n / max(effect, 1.0) if independent > 0 else float(n_clusters)
    return wilson(share * effective, effective, z=z)


def mid_pit(ensemble: npt.ArrayLike, actual: float) -> float:
    """At which share (0–1) of the ensemble did the outcome lie? Ties count half; NaN without members.

    Over many well-made forecasts these shares are spread evenly. Infinite members and outcomes are equal.
    """
    members = np.asarray(ensemble, dtype=float)
    if len(members) == 0:
        return float("nan")
    return float((np.sum(members < actual) + np.sum(members <= actual)) / (2 * len(members)))


def reliability(probability: npt.ArrayLike, happened: npt.ArrayLike, *, n_bins: int = 5) -> pd.DataFrame:
    """When we said 80 %, how often was it so? Bins of equal width; a probability on an edge belongs to the upper bin.

    Returns one row per bin, empty ones too: low, high (0–1), n, mean_said (0–1), happened_share (0–1), wilson_low,
    wilson_high (0–1); shares are NaN where n is 0.
    """
    p, y = np.asarray(probability, dtype=float), np.asarray(happened, dtype=float)
    place = np.minimum((p * n_bins + 1e-9).astype(np.int64), n_bins - 1)
    n, hits = np.bincount(place, minlength=n_bins), np.bincount(place, y, n_bins)
    counted = np.where(n > 0, n, np.nan)
    ends = [wilson(hit, each) for hit, each in zip(hits, n, strict=True)]
    edges = np.arange(n_bins + 1) / n_bins
    return pd.DataFrame(
        {
            "low": edges[:-1],
            "high": edges[1:],
            "n": n,
            "mean_said": np.bincount(place, p, n_bins) / counted,
            "happened_share": hits / counted,
            "wilson_low": [end.low for end in ends],
            "wilson_high": [end.high for end in ends],
        }
    )


def coverage(actual: npt.ArrayLike, upper: npt.ArrayLike, *, as_of: float) -> tuple[int, float]:
    """How often did the date named hold? What is still open (NaN) past its date is a miss, before it no case yet.

    All three are places on one time line. Returns how many cases there are, and the share (0–1; NaN without cases)
    that was met. Leaving the open ones out would leave out the worst.
    """
    came, said = np.asarray(actual, dtype=float), np.asarray(upper, dtype=float)
    is_case = ~np.isnan(came) | (said < as_of)
    n = int(is_case.sum())
    return n, float(np.sum(came <= said) / n) if n else float("nan")
