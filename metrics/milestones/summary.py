"""Where every milestone stands: one row each."""

import numpy as np
import pandas as pd

from fairlead import calendar, keys
from metrics.instants import NEVER, in_days, instants, micros
from metrics.milestones.content import Content, content, settled
from metrics.milestones.dates import due_date_history, due_dates
from metrics.milestones.scope import counted

DUE_SOON_DAYS = 14
STATUSES = ["closed", "empty", "done", "no_due_date", "overdue", "due_soon", "open"]
COLUMNS = [
    "milestone", "project", "kind", "title", "url", "state", "status", "owner", "is_unowned", "created_at", "closed_at",
    "due_on", "due_is_observed", "days_to_due", "scope", "done", "remaining", "progress", "dropped", "commitment_rule",
    "committed_at", "committed", "added_after", "removed_after", "growth_share", "n_due_changes", "net_slip_days",
    "last_moved_at", "idle_days",
]  # fmt: skip


def summary(
    known: pd.DataFrame,
    stays: pd.DataFrame,
    milestone_changes: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
    zone: str = "UTC",
) -> pd.DataFrame:
    """Where does every milestone stand at `as_of`? `known` and `stays` are what `as_known` and `stays` give.

    A due date is a whole day in `zone`. Closed milestones are told of as they were at their closing. Statuses, first
    that fits: `closed` (with work left), `empty` (no scope), `done` (nothing left), `no_due_date`, `overdue`,
    `due_soon` (within 14 days), `open`. Nothing here is a forecast.

    Returns one row per milestone: milestone (id), project, kind, title, url, state (open, closed), status, owner
    (account), is_unowned, created_at, closed_at (UTC), due_on (day), due_is_observed, days_to_due (whole days; negative
    = past due, or closed late; NaN without a due date), scope, done, remaining, dropped (items), progress (0–1; NaN
    where empty), commitment_rule, committed_at (UTC), committed, added_after, removed_after (items; missing before the
    commitment point), growth_share (added_after / committed; NaN where nothing was committed), n_due_changes,
    net_slip_days (positive = later; both missing where no due date was observed), last_moved_at (UTC; when an item
    came, went or changed its state, or the due date moved), idle_days (elapsed since then; NaN once closed).
    """
    held = content(known, stays)
    committed_at, rule = settled(known, held, zone=zone)
    now = counted(known, held, committed_at, at=pd.DatetimeIndex([as_of]))
    told = pd.concat([known, now.drop(columns=["milestone", "at"])], axis=1).assign(
        milestone=known["id"].astype("str"),
        remaining=now["open"],
        growth_share=(now["added_after"] / now["committed"].where(now["committed"] > 0)).astype("float64"),
        committed_at=committed_at,
        commitment_rule=rule,
        owner=known["owner"].astype("str"),
        is_unowned=known["owner"].isna(),
        days_to_due=0.0 - calendar.days_late(known["due_on"], known["closed_at"].fillna(as_of), zone),
        last_moved_at=_last_moved(known, held, due_dates(milestone_changes, as_of=as_of)),
    )
    slips = _slips(told["milestone"], due_date_history(milestone_changes, as_of=as_of))
    told = pd.concat([told, slips], axis=1)
    idle_days = in_days(as_of - told["last_moved_at"])
    return told.assign(idle_days=idle_days.where(told["state"] == "open"), status=_status(told))[COLUMNS]


def _slips(milestone: pd.Series, history: pd.DataFrame) -> pd.DataFrame:
    """How often and how far each due date moved; missing where none was observed."""
    columns = history[["n_changes", "net_slip_days"]].set_axis(["n_due_changes", "net_slip_days"], axis=1)
    known = columns.astype({"n_due_changes": "Int64"}).reindex(keys.positions(milestone, history["milestone"]))
    return known.reset_index(drop=True)


def _last_moved(known: pd.DataFrame, held: Content, said: pd.DataFrame) -> pd.Series:
    """When each milestone was created, or an item in it or its due date last moved."""
    last = micros(known["created_at"]).copy()
    np.maximum.at(last, held.milestone, held.start)
    is_over = held.end != NEVER
    np.maximum.at(last, held.milestone[is_over], held.end[is_over])
    moved = said[said["slip_days"].notna()]
    row = keys.positions(moved["milestone"], known["id"].astype("str"))
    np.maximum.at(last, row[row >= 0], micros(moved["said_at"])[row >= 0])
    return instants(last)


def _status(told: pd.DataFrame) -> pd.Series:
    is_left = told["remaining"] > 0
    fits = [
        (told["state"] == "closed") & is_left,
        told["scope"] == 0,
        ~is_left,
        told["days_to_due"].isna(),
        told["days_to_due"] < 0,
        told["days_to_due"] <= DUE_SOON_DAYS,
    ]
    return pd.Series(np.select(fits, STATUSES[:-1], STATUSES[-1]), index=told.index, dtype="str")
