"""How long forecasts take: one milestone, a portfolio of open ones, and the calibration of as many closed ones."""

import numpy as np
import pandas as pd

from fairlead.frames import Frames, from_rows
from metrics import forecast, milestones
from reports import calibrating
from tests.bench.timing import once, timed

AS_OF = pd.Timestamp("2026-06-30", tz="UTC").as_unit("us")
DAY = pd.Timedelta(days=1)
MILESTONES = 500
"""Open ones, and as many closed ones."""
ITEMS = (10, 40)


def frames(n: int, seed: int = 5) -> Frames:
    """Milestones of a seeded organisation; the second half of them is open."""
    rng = np.random.default_rng(seed)
    rows = [_one(number, rng, is_open=number >= n) for number in range(2 * n)]
    tables = {
        "milestones": [milestone for milestone, _ in rows],
        "issue_events": [event for _, events in rows for event in events],
    }
    return Frames.of({name: from_rows(name, table) for name, table in tables.items()})


def _one(number: int, rng: np.random.Generator, *, is_open: bool) -> tuple[dict[str, object], list[dict[str, object]]]:
    """A milestone and the events of its items."""
    weeks_ago = int(rng.integers(8, 26)) if is_open else int(rng.integers(30, 150))
    start, name = AS_OF - 7 * weeks_ago * DAY, f"bench/{number}"
    joins = start + pd.to_timedelta(rng.integers(0, 90, int(rng.integers(*ITEMS))), unit="D")
    ends = joins + pd.to_timedelta(rng.gamma(2, 25, len(joins)), unit="D")
    events: list[dict[str, object]] = []
    for place, (join, end) in enumerate(zip(joins, ends, strict=True)):
        issue = {"issue": f"{name}#{place}"}
        events += [
            {**issue, "seq": 0, "at": join, "field": "milestone", "new": name},
            {**issue, "seq": 1, "at": join, "field": "status_category", "new": "todo"},
            {**issue, "seq": 2, "at": end, "field": "status_category", "old": "todo", "new": "done"},
        ]
    milestone = {
        "id": name, "source": "jira", "project": f"P{number % 10}", "kind": "version", "title": name, "url": "bench",
        "state": "open" if is_open else "closed", "created_at": start,
        "due_on": (start + 100 * DAY).strftime("%Y-%m-%d"),
        "closed_at": None if is_open else min(ends.max(), AS_OF - DAY),
    }  # fmt: skip
    return milestone, events


def seconds(n: int = MILESTONES) -> dict[str, float]:
    """Seconds of each."""
    given = frames(n)
    known, _, stays = milestones.replayed(given, as_of=AS_OF)
    history = forecast.replayed(known, stays, given.milestone_changes, as_of=AS_OF)
    some = known.loc[known["state"] == "open", "id"].head(50)
    each = [timed(lambda one=one: forecast.forecasts(history, as_of=AS_OF, among=pd.Series([one]))) for one in some]
    return {
        "one forecast, median of 50": float(np.median(each)),
        "one forecast, longest of 50": max(each),
        f"{n} forecasts": timed(lambda: forecast.forecasts(history, as_of=AS_OF)),
        f"calibration, {n} closed and {n} open": once(lambda: calibrating.backtested(given, AS_OF)),
    }
