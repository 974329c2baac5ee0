"""What is held now, by whom, and what nobody or nobody present holds."""

import numpy as np
import pandas as pd

from fairlead import keys
from metrics import presence
from metrics.fields import as_it_was
from metrics.instants import MISSING, NEVER, in_days, instants, micros, micros_of
from metrics.states import FINISHED, issue_states

URGENT = ("blocker", "critical", "highest", "immediate", "p0", "urgent")
"""Names of the highest priority, in small letters."""
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
    known = issues[keys.is_in(issues["id"].astype("str"), held["issue"])].reset_index(drop=True)
    events = issue_events[keys.is_in(issue_events["issue"], known["id"])]
    facts = (
        known[DETAILS]
        .astype("str")
        .assign(
            priority=priorities(known, events, as_of=as_of),
            first_started_at=_first_starts(known, events, as_of=as_of),
            changed_at=_last_changes(known, events, as_of=as_of),
        )
    )
    row = keys.positions(held["issue"], known["id"].astype("str"))
    listed = pd.concat([held, facts.take(row).reset_index(drop=True)], axis=1)
    started_at = listed["first_started_at"].where(listed["is_active"])
    listed = listed.assign(
        started_at=started_at,
        age_days=in_days(as_of - started_at),
        days_since_change=in_days(as_of - listed["changed_at"]),
        is_shared=held["issue"].duplicated(keep=False),
    )
    order = {"person": True, "age_days": False, "issue": True}
    return listed.sort_values(list(order), ascending=list(order.values()), ignore_index=True)[HELD_COLUMNS]


def held_by_absent(
    held: pd.DataFrame, people: pd.DataFrame, time_off: pd.DataFrame, *, as_of: pd.Timestamp, zone: str
) -> pd.DataFrame:
    """Which items are held by someone who is away or has left? Takes what `items_held` gives.

    The day is that of the last moment before `as_of`, in the person's own zone, or in `zone` where none is known.
    Returns the rows of `held` in question, with away_until (last day away; missing for leavers) and has_left.
    """
    everybody = np.arange(len(people))
    today = presence.days(people, everybody, np.full(len(people), micros_of(as_of) - 1), zone=zone)
    until, leave = presence.away_until(people, time_off, everybody, today), micros(people["leave_on"])
    row = keys.positions(held["person"], people["id"].astype("str"))
    listed = held.assign(
        away_until=np.append(until, MISSING)[row].view("datetime64[us]"),
        has_left=np.append((leave != MISSING) & (leave < today), False)[row],
    )
    return listed[listed["away_until"].notna() | listed["has_left"]].reset_index(drop=True)


def unassigned_urgent(
    issues: pd.DataFrame,
    issue_events: pd.DataFrame,
    assignments: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
    urgent: tuple[str, ...] = URGENT,
) -> pd.DataFrame:
    """Which open issues of the highest priority does nobody hold? Takes what `assignments` gives for the same `as_of`.

    `urgent` names that priority, in small letters. Issues assigned only to bots or deleted users are held by nobody.
    Returns one row per issue, oldest first: issue, key, title, url, project, priority (as it was at `as_of`),
    created_at, age_days (elapsed since it was created).
    """
    known = issues[issues["created_at"] <= as_of].reset_index(drop=True)
    priority = priorities(known, issue_events, as_of=as_of)
    asked = known.assign(priority=priority)[priority.str.lower().isin(urgent)].reset_index(drop=True)
    events = issue_events[keys.is_in(issue_events["issue"], asked["id"])]
    states = issue_states(asked, events, as_of=as_of)
    is_open = np.zeros(len(asked), dtype=bool)
    is_open[states.loc[(states["end"] == NEVER) & ~states["state"].isin(FINISHED), "row"]] = True
    held = assignments.loc[assignments["end_at"].isna(), "issue"]
    lonely = asked[is_open & ~keys.is_in(asked["id"].astype("str"), held)]
    listed = lonely.assign(issue=lonely["id"].astype("str"), age_days=in_days(as_of - lonely["created_at"]))
    return listed.sort_values(["created_at", "issue"], ignore_index=True)[URGENT_COLUMNS]


def priorities(known: pd.DataFrame, issue_events: pd.DataFrame, *, as_of: pd.Timestamp) -> pd.Series:
    """What was the priority of each issue at `as_of`?

    What the last change up to then set, else what the first change after it replaced, else what it is now.
    Returns the priorities in the order of `known`.
    """
    return as_it_was(known["id"], known["priority"], issue_events, field="priority", as_of=as_of)


def _first_starts(known: pd.DataFrame, events: pd.DataFrame, *, as_of: pd.Timestamp) -> pd.Series:
    states = issue_states(known, events, as_of=as_of)
    first = np.full(len(known), NEVER)
    active = states[states["state"] == "active"]
    np.minimum.at(first, active["row"].to_numpy(), active["start"].to_numpy())
    return instants(first)


def _last_changes(known: pd.DataFrame, events: pd.DataFrame, *, as_of: pd.Timestamp) -> pd.Series:
    seen = events[events["at"] <= as_of]
    last = micros(known["created_at"]).copy()
    row = keys.positions(seen["issue"], known["id"])
    np.maximum.at(last, row[row >= 0], micros(seen["at"])[row >= 0])
    return instants(last)
