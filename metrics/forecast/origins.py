"""At which instants past forecasts are made anew: at fixed parts of a milestone's window, and week by week."""

from typing import NamedTuple

import numpy as np

from metrics.forecast.history import History
from metrics.instants import NEVER, WEEK

PARTS = (0.25, 0.5, 0.75)
MOST_WEEKS = 104


class Origin(NamedTuple):
    """A milestone (row) looked at from an instant. `window` is planned, actual or weekly; `part` NaN where weekly."""

    milestone: int
    at: int
    window: str
    part: float


def by_part(history: History, *, as_of: int) -> list[Origin]:
    """A quarter, half and three quarters of the way through the window of each milestone that began.

    The way is the planned one, from the beginning of work to the due date that was known then (or became known first
    after), where one was observed: its parts need no hindsight. Else it is the way it really took, which is known of
    closed milestones only and hints at their end. Instants after the end, or before the due date was said, are none.
    """
    found = []
    for milestone in range(len(history.moves)):
        over_at = min(int(history.over_at[milestone]), as_of)
        began_at = history.moves[milestone].began_at(over_at)
        if began_at == NEVER or _is_skipped(history, milestone):
            continue
        said_at, due = _first_plan(history, milestone, began_at)
        is_planned = began_at < due != NEVER and said_at < over_at
        if not is_planned and history.over_at[milestone] == NEVER:
            continue
        length = (due if is_planned else over_at) - began_at
        at = [int(began_at + part * length) for part in PARTS]
        window = "planned" if is_planned else "actual"
        earliest = said_at if is_planned else began_at
        found += [
            Origin(milestone, each, window, part)
            for each, part in zip(at, PARTS, strict=True)
            if earliest <= each < over_at
        ]
    return found


def by_week(history: History, *, as_of: int) -> list[Origin]:
    """Every week from the first work on a member to the end, or to `as_of`; of open milestones too.

    Before that there is no pace to go by, and that there will be work is known only later.
    """
    found = []
    for milestone, moves in enumerate(history.moves):
        over_at = min(int(history.over_at[milestone]), as_of)
        if moves.worked_at == NEVER or _is_skipped(history, milestone):
            continue
        at = moves.worked_at + WEEK * np.arange(1, MOST_WEEKS + 1)
        found += [Origin(milestone, int(each), "weekly", float("nan")) for each in at[at < over_at]]
    return found


def _is_skipped(history: History, milestone: int) -> bool:
    """A closed milestone whose end is not dated, or that ended as it began, has no outcome to forecast."""
    is_closed = history.known["state"].iloc[milestone] == "closed"
    return bool(is_closed and history.over_at[milestone] == NEVER)


def _first_plan(history: History, milestone: int, began_at: int) -> tuple[int, int]:
    """When the due date of the plan was observed, and its end: the last said when work began, else the first after."""
    when, end = history.said_of(milestone)
    if len(when) == 0:
        return NEVER, NEVER
    place = max(int(np.searchsorted(when, began_at, side="right")) - 1, 0)
    return int(when[place]), int(end[place])
