"""What a forecast must beat: the dates that tools and habits give. Weeks from now, infinite for never, NaN for none."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from metrics.forecast.exact import plain_bootstrap
from metrics.forecast.reference import LEAST, Ended
from metrics.forecast.standing import Standing
from metrics.ordering import Numbers
from metrics.quantiles import nearest_rank

JIRA_MARGIN = 0.1
LAST_PERIODS = 3
BOOTSTRAP_WEEKS = 12
BASELINES = ("due_holds", "linear", "jira", "last_three", "reference_class", "bootstrap_12")


def linear_burn_up(done: float, scope: float, weeks_elapsed: float) -> float:
    """Weeks left at the average pace so far; scope stands still. Infinite where nothing was done yet."""
    left = scope - done
    if left <= 0:
        return 0.0
    return left * weeks_elapsed / done if done > 0 and weeks_elapsed > 0 else float("inf")


def jira_velocity(done: float, scope: float, weeks_elapsed: float) -> tuple[float, float, float]:
    """Jira's version report: weeks left at the average velocity and ten percent off (best, middle, worst)."""
    middle = linear_burn_up(done, scope, weeks_elapsed)
    return middle / (1 + JIRA_MARGIN), middle, middle / (1 - JIRA_MARGIN)


def last_three(finished: npt.ArrayLike, remaining: float) -> float:
    """Weeks left at the mean pace of the last three whole weeks; NaN with fewer, infinite where nothing was done."""
    periods = np.asarray(finished, dtype=float)[-LAST_PERIODS:]
    if len(periods) < LAST_PERIODS:
        return float("nan")
    return remaining / float(periods.mean()) if periods.any() else float("inf")


def slip_dates(slips: pd.Series, due_on: pd.Timestamp, q: npt.ArrayLike) -> list[pd.Timestamp]:
    """The due date and the slip (days) that so many closed milestones stayed within, at each level `q`.

    Reference class forecasting: Kahneman & Tversky (1979), Flyvbjerg (2006).
    """
    levels = np.atleast_1d(np.asarray(q, dtype=float))
    return [due_on + pd.Timedelta(days=nearest_rank(slips, float(level))) for level in levels]


def reference_class(past: Ended, slips: Numbers, elapsed_weeks: float, due_weeks: float, q: float) -> float:
    """Weeks left by the outside view: slips (weeks) onto the due date where it is known, else how long others took."""
    if not np.isnan(due_weeks) and len(slips) >= LEAST:
        return max(due_weeks + nearest_rank(pd.Series(slips), q), 0.0)
    if len(past.kin) < LEAST:
        return float("nan")
    return max(nearest_rank(pd.Series(past.weeks), q) - elapsed_weeks, 0.0)


def at_levels(
    stands: Standing, past: Ended, slips: Numbers, *, due_weeks: float, levels: tuple[float, ...] = (0.5, 0.85)
) -> dict[str, float]:
    """What each baseline says at each level (`linear_p85` …): those that give only one date say it at every level."""
    optimistic, middle, pessimistic = jira_velocity(stands.scope - stands.remaining, stands.scope, stands.elapsed_weeks)
    recent = last_three(stands.finished, stands.remaining)
    samples = stands.finished[-BOOTSTRAP_WEEKS:]
    bootstrap = plain_bootstrap(samples, stands.remaining) if len(samples) else None
    found: dict[str, float] = {}
    for q in levels:
        said = (
            max(due_weeks, 0.0) if not np.isnan(due_weeks) else float("nan"),
            middle,
            pessimistic if q > 0.5 else middle if q == 0.5 else optimistic,
            recent,
            reference_class(past, slips, stands.elapsed_weeks, due_weeks, q),
            bootstrap.quantile(q) if bootstrap else float("nan"),
        )
        found |= {f"{name}_p{round(q * 100)}": weeks for name, weeks in zip(BASELINES, said, strict=True)}
    return found
