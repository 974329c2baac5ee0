"""A small organisation with forty milestones, made from a seed: enough closed ones to learn from."""

from functools import cache

import numpy as np
import pandas as pd

from metrics import forecast, milestones
from metrics.forecast.reference import Ended
from metrics.forecast.standing import Standing
from metrics.instants import WEEK
from tests.metrics.build import (
    added,
    issue_events,
    milestone_changes,
    moved,
    pull_request_events,
    pull_requests,
    removed,
    utc,
)
from tests.metrics.build import milestones as milestone_table

TODAY = utc("2026-06-30")
MONDAY = utc("2026-06-29")
"""The beginning of the running week."""
DAY = pd.Timedelta(days=1)
UNEVEN = [4, 0, 1, 3, 0, 2, 5, 0, 1, 2]
"""Items finished a week: a pace that leaves much in doubt."""
Tables = dict[str, pd.DataFrame]


def tables(*issue_rows: dict, of: list[dict], changes: list[dict] | None = None) -> Tables:
    """Everything that forecasts read."""
    return {
        "milestones": milestone_table(*of),
        "milestone_changes": milestone_changes(*(changes or [])),
        "issue_events": issue_events(*issue_rows),
        "pull_requests": pull_requests(),
        "pull_request_events": pull_request_events(),
    }


def history(world: Tables, as_of: pd.Timestamp = TODAY, zone: str = "UTC") -> forecast.History:
    """What `replayed` makes of the tables."""
    changes = world["issue_events"], world["pull_request_events"]
    known = milestones.as_known(world["milestones"], world["milestone_changes"], as_of=as_of)
    members = milestones.membership(world["milestones"], *changes, as_of=as_of)
    stays = milestones.stays(members, changes[0], world["pull_requests"], changes[1], as_of=as_of)
    return forecast.replayed(known, stays, world["milestone_changes"], as_of=as_of, zone=zone)


def milestone(number: str = "m", **values) -> dict:
    """One milestone, open unless told otherwise."""
    return {"id": number, "title": number, "created_at": "2026-01-01", **values}


def worked(name: str, finished: list[int], left: int) -> list[dict]:
    """So many items finished in each of the last whole weeks, and so many left; all joined before."""
    first = MONDAY - 7 * len(finished) * DAY
    done = [(f"{name}-{week}-{n}", week) for week, many in enumerate(finished) for n in range(many)]
    rows = [added(item, first - 14 * DAY, name) for item, _ in done]
    rows += [moved(item, first + (7 * week + 2) * DAY, "done") for item, week in done]
    return rows + [added(f"{name}-left-{n}", first - 14 * DAY, name) for n in range(left)]


def others(*weeks: float, left: bool = False) -> Ended:
    """Closed milestones that took so many weeks."""
    n, zero = len(weeks), np.zeros(len(weeks), dtype=np.int64)
    over = (np.array(weeks) * WEEK).astype(np.int64)
    return Ended(np.arange(n), zero, zero, over, over, np.full(n, left))


def stands(finished, remaining=10, arrived=None, elapsed_weeks=None, scope=30) -> Standing:
    """A milestone of which so many items were finished in each past week."""
    came = [0] * len(finished) if arrived is None else arrived
    weeks = float(len(finished)) if elapsed_weeks is None else elapsed_weeks
    return Standing(
        scope=scope, remaining=remaining, elapsed_weeks=weeks, finished=np.array(finished), arrived=np.array(came)
    )


def due(milestone: str, at: pd.Timestamp, on: pd.Timestamp, before: pd.Timestamp | None = None) -> dict:
    """A due date is observed."""
    old = None if before is None else f"{before:%Y-%m-%d}"
    return {"milestone": milestone, "observed_at": at, "field": "due_on", "old": old, "new": f"{on:%Y-%m-%d}"}


@cache
def organisation(seed: int = 4, n: int = 40) -> Tables:
    """Milestones of 8 to 30 items, one after the other, closed when done or with some left; the last ones are open."""
    rng = np.random.default_rng(seed)
    rows: list[dict] = []
    of: list[dict] = []
    changes: list[dict] = []
    for number in range(n):
        start = utc("2023-01-02") + number * 31 * DAY + int(rng.integers(0, 10)) * DAY
        _one(f"m{number:02}", start, rng, rows, of, changes)
    return tables(*rows, of=of, changes=changes)


def _one(name, start, rng, rows, of, changes) -> None:
    joins = [int(day) for day in np.sort(rng.integers(0, 60, int(rng.integers(8, 30))))]
    ends = [join + 3 + int(rng.gamma(2, 18)) for join in joins]
    closed = int(np.quantile(ends, rng.choice([0.9, 1.0]))) + 1
    for place, (join, end) in enumerate(zip(joins, ends, strict=True)):
        item = f"{name}-{place}"
        rows.append(added(item, start + join * DAY, name))
        rows.append(moved(item, start + (join + 1) * DAY, "active"))
        rows.append(moved(item, start + end * DAY, "dropped" if rng.random() < 0.1 else "done"))
        if rng.random() < 0.1:
            rows.append(moved(item, start + (end + 2) * DAY, "active"))
            rows.append(moved(item, start + (end + 9) * DAY, "done"))
        elif rng.random() < 0.05:
            rows.append(removed(item, start + (end + 1) * DAY, name))
    closed_at = start + closed * DAY
    is_closed = closed_at <= TODAY
    first = (start + int(rng.integers(30, 110)) * DAY).tz_localize(None).normalize()
    last = first + int(rng.integers(-5, 30)) * DAY
    changes += [due(name, start, first), due(name, start + 20 * DAY, last, first)]
    state = {"state": "closed", "closed_at": closed_at} if is_closed else {"state": "open"}
    of.append({"id": name, "title": name, "kind": "milestone", "created_at": start, "due_on": last, **state})
