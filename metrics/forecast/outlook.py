"""One milestone's outlook: which way of forecasting fits, what it gives, and what stands in the way of a date."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from metrics.forecast.engine import DEFAULT, HORIZON, Futures, trials_to_finish
from metrics.forecast.reference import Ended, drawn, weeks_left, weeks_to_closing
from metrics.forecast.standing import Standing
from metrics.ordering import Numbers

LEAST_WEEKS = 6
MEMBERS = 200
LEVELS = np.arange(1, MEMBERS + 1) / MEMBERS
"""A distribution is kept as its nearest-rank quantiles at these levels; the last is the longest trial."""
P50, P85, P95 = (round(q * MEMBERS) - 1 for q in (0.5, 0.85, 0.95))
OWN, REFERENCE, NONE = "own", "reference", "none"


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """How long it may still take. `weeks` are the quantiles at `LEVELS`, NaN where nothing can be said.

    `status`: ok; done (nothing remains); empty (no scope); no_throughput (nothing was finished in the weeks that
    count, so that there is no pace to go by); never (more likely than not, not within the horizon); no_history (too few
    weeks of its own, and too few milestones to refer to). `way`: own (its own weeks, and how others were
    closed), reference (how long others took), none. `n_weeks` and `n_reference` say how many weeks and
    milestones it rests on.
    """

    status: str
    way: str
    weeks: Numbers
    scope: int
    remaining: int
    elapsed_weeks: float
    n_weeks: int
    n_reference: int


def look_ahead(stands: Standing, past: Ended, *, seed: int, futures: Futures = DEFAULT) -> Outlook:
    """How much longer may it take? `past` are the milestones to refer to, all of them closed by then.

    With six whole weeks of its own or more, its own pace and scope arrivals are simulated; a milestone may also end
    before its work does, by being closed as others were. With less, it takes as long as others took. Without a
    single finish in them nothing is said.
    """
    plain = Outlook(
        status="ok", way=NONE, weeks=np.full(MEMBERS, np.nan), scope=stands.scope, remaining=round(stands.remaining),
        elapsed_weeks=stands.elapsed_weeks, n_weeks=len(stands.finished), n_reference=0,
    )  # fmt: skip
    if stands.scope == 0:
        return replace(plain, status="empty")
    if stands.remaining <= 0:
        return replace(plain, status="done", weeks=np.zeros(MEMBERS))
    if len(stands.finished) < LEAST_WEEKS:
        return _by_reference(plain, past)
    if not stands.finished.any():
        # Never would be as wrong as soon: a pace of nothing says nothing of what happens once work goes on.
        return replace(plain, status="no_throughput")
    return _by_own_weeks(plain, stands, past, seed, futures)


def _by_reference(plain: Outlook, past: Ended) -> Outlook:
    left = weeks_left(past.weeks, plain.elapsed_weeks)
    if len(left) == 0:
        return replace(plain, status="no_history")
    weeks = members(np.where(left > HORIZON, np.inf, left))
    return replace(plain, status=_status(weeks), way=REFERENCE, weeks=weeks, n_reference=len(left))


def _status(weeks: Numbers) -> str:
    return "ok" if np.isfinite(weeks[P50]) else "never"


def _by_own_weeks(plain: Outlook, stands: Standing, past: Ended, seed: int, futures: Futures) -> Outlook:
    # Sorted: closings are dealt out at random, by the same seed, and must not follow what it drew here.
    work = np.sort(trials_to_finish(stands, seed=seed, futures=futures))
    closing, chance = weeks_to_closing(past, stands.elapsed_weeks)
    ends = np.minimum(work, drawn(closing, chance, trials=len(work), seed=seed))
    weeks = members(ends)
    n_reference = int(np.sum(past.weeks > stands.elapsed_weeks)) if len(closing) else 0
    return replace(plain, status=_status(weeks), way=OWN, weeks=weeks, n_reference=n_reference)


def members(values: npt.NDArray[np.floating]) -> Numbers:
    """The nearest-rank quantiles of values at `LEVELS`."""
    ordered = np.sort(values).astype(np.float64)
    rank = np.ceil(LEVELS * len(ordered) - 1e-9).astype(np.int64)
    found: Numbers = ordered[np.maximum(rank, 1) - 1]
    return found


def share_by(weeks: Numbers, within: float) -> float:
    """With which chance (0–1) does it take no longer than that? NaN where nothing can be said.

    What is done is a fact. All else stays uncertain by half of what one of the quantiles stands for: however many
    futures agree, they were drawn from few weeks.
    """
    if np.isnan(weeks).any() or np.isnan(within):
        return float("nan")
    share, least = float(np.mean(weeks <= within)), 0.5 / len(weeks)
    return min(max(share, least), 1 - least) if weeks.any() else share


def expected_lateness(weeks: Numbers, within: float) -> float:
    """How many weeks beyond that does it take on average? NaN where nothing can be said, infinite where it never ends.

    What does not end within the horizon counts as ending then, so that the answer is "at least".
    """
    if np.isnan(weeks).any() or np.isnan(within):
        return float("nan")
    if not np.isfinite(weeks).any():
        return float("inf")
    return float(np.mean(np.maximum(np.minimum(weeks, HORIZON) - within, 0)))
