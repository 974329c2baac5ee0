"""What if? The same futures with less to do, another pace, a later start or another due date."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import pandas as pd

from metrics.forecast.engine import DEFAULT, Futures, seed_of
from metrics.forecast.history import History, day_ends, weeks_until
from metrics.forecast.outlook import look_ahead, share_by
from metrics.forecast.portfolio import LIKELY
from metrics.forecast.table import Foreseen, fan, told
from metrics.instants import micros_of


@dataclass(frozen=True, kw_only=True)
class Supposed:
    """What is supposed to be different: items left out, pace (1 = as it was), weeks it waits first, due date."""

    n_dropped: int = 0
    pace: float = 1.0
    later_weeks: float = 0.0
    due_on: pd.Timestamp | None = None


AS_IT_IS = Supposed()


def what_if(
    history: History,
    milestone: str,
    supposed: Supposed = AS_IT_IS,
    *,
    as_of: pd.Timestamp,
    futures: Futures = DEFAULT,
) -> pd.DataFrame:
    """When would it be done if that were so?

    Futures are those of the forecast as it is, so that what differs is owed to what was supposed alone. A milestone
    that is forecast by how long others took (`way` reference) answers to a later start and another due date only: how
    others went says nothing of its scope or pace.

    Returns the columns of `forecasts`, one row.
    """
    row, at = history.ids.index(milestone), micros_of(as_of)
    return told(history, [_foreseen(history, row, at, supposed, futures)])


def smallest_cut(  # noqa: PLR0913 (`what_if`, and how likely is wanted)
    history: History,
    milestone: str,
    supposed: Supposed = AS_IT_IS,
    *,
    as_of: pd.Timestamp,
    futures: Futures = DEFAULT,
    wanted: float = LIKELY,
) -> int | None:
    """How many items must go, beside those supposed to be left out, for the due date to be `wanted` (0–1) likely?

    Zero where it is so already. None where nothing can be said, where there is no due date, and where it is not even
    with a single item left.
    """
    row, at = history.ids.index(milestone), micros_of(as_of)

    def is_likely(n: int) -> bool:
        found = _foreseen(history, row, at, replace(supposed, n_dropped=supposed.n_dropped + n), futures)
        return share_by(found.weeks, weeks_until(at, found.due)) >= wanted

    most = int(history.standing(row, at).remaining) - supposed.n_dropped - 1
    if is_likely(0):
        return 0
    return _least(is_likely, most) if most > 0 and is_likely(most) else None


def distribution(
    history: History,
    milestone: str,
    *,
    as_of: pd.Timestamp,
    futures: Futures = DEFAULT,
) -> pd.DataFrame:
    """All of one milestone's futures, to draw: level (0–1), weeks, on (day; missing where never)."""
    row, at = history.ids.index(milestone), micros_of(as_of)
    return fan(_foreseen(history, row, at, AS_IT_IS, futures).weeks, at=as_of, zone=history.zone)


def _least(is_enough: Callable[[int], bool], most: int) -> int:
    """The least number that is enough, where `most` is and zero is not; what is enough stays so with more."""
    low, high = 0, most
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if is_enough(middle) else (middle, high)
    return high


def _foreseen(history: History, row: int, at: int, supposed: Supposed, futures: Futures) -> Foreseen:
    stands = history.standing(row, at)
    changed = replace(
        stands,
        scope=max(stands.scope - supposed.n_dropped, 0),
        remaining=max(stands.remaining - supposed.n_dropped, 0),
        finished=stands.finished * supposed.pace,
    )
    outlook = look_ahead(changed, history.past(row, at), seed=seed_of(history.ids[row], at), futures=futures)
    weeks, n_resolved = history.recalibrated(outlook, at)
    later = weeks + supposed.later_weeks if outlook.remaining else weeks
    return Foreseen(row, at, outlook, later, n_resolved, _due(history, row, at, supposed))


def _due(history: History, row: int, at: int, supposed: Supposed) -> int:
    if supposed.due_on is None:
        return history.due_at(row, at).ends_at
    return int(day_ends(pd.Series([supposed.due_on]).astype("datetime64[us]"), history.zone)[0])
