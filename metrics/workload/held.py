"""What is held now, by whom, and what nobody or nobody present holds."""

import numpy as np
import pandas as pd

from fairlead import keys
from metrics.actors import actors, named
from metrics.instants import MISSING, NEVER, instants, micros
from metrics.workload.assignments import FINISHED, issue_states

URGENT = ("blocker", "critical", "highest", "immediate", "p0", "urgent")
"""Names of the highest priority, in small letters."""
DAY = pd.Timedelta(days=1)
INSTANT = pd.Timedelta(microseconds=1)
DETAILS = ["key", "title", "url", "project"]
HELD_COLUMNS = [
    "person", "issue", *DETAILS, "priority", "is_active", "started_at", "age_days", "assigned_at",
    "days_since_change", "is_shared",
]  # fmt: skip
URGENT_COLUMNS = ["issue", *DETAILS, "priority", "created_at", "age_days"]


def items_held(
    assignments: pd.DataFrame, issues: pd.DataFrame, issue_events: pd.DataFrame, *, as_of: pd.Timestamp
) -> pd.DataFrame:
    """What does each person hold at `as_of`? Takes what `assignments` gives for the same `as_of`.

    Returns one row per person and item, by person, oldest first: person, issue, key, title, url, project, priority
    (as it was at `as_of`), is_active (in progress; otherwise assigned and not started), started_at (first start of
    work; missing where not started), age_days (elapsed since), assigned_at, days_since_change (elapsed since the
    issue's last change of any kind), is_shared (someone else holds it too).
    """
    held = assignments[assignments["end_at"].isna()].reset_index(drop=True)
    row = keys.positions(held["issue"], issues["id"].astype("str"))
    known = issues.take(row).reset_index(drop=True)
    events = issue_events[keys.is_in(issue_events["issue"], known["id"])]
    started_at = _first_starts(known, events, as_of=as_of).where(held["is_active"])
    listed = held.assign(
        **{name: known[name].astype("str") for name in DETAILS},
        priority=priorities(known, events, as_of=as_of),
        started_at=started_at,
        age_days=(as_of - started_at) / DAY,
        days_since_change=(as_of - _last_changes(known, events, as_of=as_of)) / DAY,
        is_shared=held["issue"].duplicated(keep=False),
    )
    return listed.sort_values(["person", "age_days", "issue"], ascending=[True, False, True], ignore_index=True)[HELD_COLUMNS]


def held_by_absent(
    held: pd.DataFrame, people: pd.DataFrame, time_off: pd.DataFrame, *, as_of: pd.Timestamp
) -> pd.DataFrame:
    """Which items are held by someone who is away or has left? Takes what `items_held` gives.

    The day is that of the last instant before `as_of`, in the person's own zone (UTC where none is known).
    Returns the rows of `held` in question, with away_until (last day away; missing for leavers) and has_left.
    """
    today = _local_days(people, as_of - INSTANT)
    off = time_off.assign(day=named(today, keys.positions(time_off["person"], people["id"])).array)
    raise NotImplementedError
