"""Why a milestone ends when it does: late start, scope growth, throughput, and what was done about the due date.

Positive days = later. The parts are those of a Shapley value over two factors, scope and rate: what both do together is
halved between them, so that no order in which they are asked after matters and nothing is left unexplained.
"""

import numpy as np
import pandas as pd

from fairlead import calendar
from metrics.instants import Micros, in_days, instants
from metrics.milestones.content import content, first_joining, first_work, settled
from metrics.milestones.scope import counted
from metrics.ordering import Flags, Numbers

STATUSES = [
    "no_due_date", "never", "no_finish", "no_planned_start", "due_before_start", "nothing_committed", "empty",
    "finish_before_start",
]  # fmt: skip
RULES = ["start_on", "created", "first_member"]
INPUTS = [
    "milestone", "planned_start_on", "planned_start_rule", "actual_start_on", "due_original_on", "due_current_on",
    "scope_committed", "scope_now",
]  # fmt: skip


def decomposition(rows: pd.DataFrame) -> pd.DataFrame:
    """How many days of drift come from what? `rows` are what `drift_inputs` gives, with a finish.

    Reads planned_start_on, actual_start_on, due_original_on, due_current_on, finish_on (days), scope_committed,
    scope_now (items, or points) and, where there is one, is_never (the finish is known to be out of reach). The implied
    rate is that of the plan: scope_committed from the planned start to the original due date. The rate it came to is
    scope_now from the actual start to the finish, which for an open milestone is a forecast.

    Where the actual start is unknown the plan's stands in for it: a late start is then part of throughput.

    Returns one row per row, under its index: late_start_days, scope_growth_days, throughput_days (their sum is
    drift_vs_original_days), due_change_days (negative = the due date was moved later; with it the sum is
    drift_vs_current_days), drift_vs_original_days, drift_vs_current_days (positive = late; infinite = never),
    is_start_folded, status. Parts are NaN unless status is ok; else it is, first that fits: no_due_date, never,
    no_finish, no_planned_start, due_before_start (by the first due date), nothing_committed, empty (no scope now),
    finish_before_start. No part is told for those, though the drift is where both of its dates are known. Without a
    due date now, due_change_days and drift_vs_current_days are NaN.
    """
    is_never = rows["is_never"].to_numpy(dtype=bool) if "is_never" in rows else np.zeros(len(rows), dtype=bool)
    dates = rows.assign(actual_start_on=rows["actual_start_on"].fillna(rows["planned_start_on"]))
    status = _status(dates, is_never)
    is_told = status == "ok"
    folded = rows["actual_start_on"].isna().to_numpy()
    parts = {name: np.where(is_told, values, np.nan) for name, values in _parts(dates).items()}
    parts["late_start_days"] = np.where(folded, np.nan, parts["late_start_days"])
    drift = {
        f"drift_vs_{due}_days": np.where(is_never, np.inf, _days(dates, f"due_{due}_on", "finish_on"))
        for due in ("original", "current")
    }
    no_date = {f"drift_vs_{due}_days": rows[f"due_{due}_on"].isna() for due in ("original", "current")}
    drift = {name: np.where(no_date[name], np.nan, values) for name, values in drift.items()}
    return pd.DataFrame({**parts, **drift, "is_start_folded": is_told & folded, "status": status}, index=rows.index)


def _days(rows: pd.DataFrame, start: str, end: str) -> Numbers:
    """Days from one column to another; NaN where either is missing."""
    return _numbers(in_days(rows[end] - rows[start]))


def _status(dates: pd.DataFrame, is_never: Flags) -> pd.Series:
    committed, now = (_numbers(dates[column]) for column in ("scope_committed", "scope_now"))
    fits = [
        dates["due_original_on"].isna().to_numpy(),
        is_never,
        dates["finish_on"].isna().to_numpy(),
        dates["planned_start_on"].isna().to_numpy(),
        _days(dates, "planned_start_on", "due_original_on") < 0,
        ~(committed > 0),
        ~(now > 0),
        _days(dates, "actual_start_on", "finish_on") < 0,
    ]
    return pd.Series(np.select(fits, STATUSES, "ok"), index=dates.index, dtype="str")


def _numbers(values: pd.Series) -> Numbers:
    return values.to_numpy(dtype=np.float64, na_value=np.nan)


def _parts(dates: pd.DataFrame) -> dict[str, Numbers]:
    """The parts in days; what is undefined is left to the status. Each rate is taken as days per item."""
    committed, now = (_numbers(dates[column]) for column in ("scope_committed", "scope_now"))
    planned = _days(dates, "planned_start_on", "due_original_on") / np.where(committed > 0, committed, np.nan)
    achieved = _days(dates, "actual_start_on", "finish_on") / np.where(now > 0, now, np.nan)
    return {
        "late_start_days": _days(dates, "planned_start_on", "actual_start_on"),
        "scope_growth_days": (now - committed) * (planned + achieved) / 2,
        "throughput_days": (achieved - planned) * (committed + now) / 2,
        "due_change_days": 0.0 - _days(dates, "due_original_on", "due_current_on"),
    }


def drift_inputs(known: pd.DataFrame, stays: pd.DataFrame, *, as_of: pd.Timestamp, zone: str = "UTC") -> pd.DataFrame:
    """What `decomposition` reads of every milestone, but for the finish: what was planned, and what became of it?

    `known` and `stays` are what `as_known` and `stays` give for the same `as_of`. The plan begins on the planned start
    (rule `start_on`), else on the day in `zone` on which the milestone was created (`created`), else on that on which
    its first item joined (`first_member`; Jira does not tell when versions were created). It was really begun on the
    first day on which a member was worked on or finished; missing where none was yet. Scope is committed at the
    commitment point (see `commitments`).

    Returns one row per milestone: milestone (id), planned_start_on, planned_start_rule (start_on, created,
    first_member, none),
    actual_start_on, due_original_on (the first due date known), due_current_on (days), scope_committed (items; missing
    before the commitment point), scope_now (items).
    """
    held = content(known, stays)
    committed_at = settled(known, held, zone=zone)[0]
    now = counted(known, held, committed_at, at=pd.DatetimeIndex([as_of]))
    created_on = calendar.local_days(known["created_at"], zone)
    joined_on = _day_of(first_joining(held, len(known)), zone)
    told = now[["milestone"]].assign(
        planned_start_on=known["start_on"].fillna(created_on).fillna(joined_on),
        planned_start_rule=_start_rule(known["start_on"], created_on, joined_on),
        actual_start_on=_day_of(first_work(held, len(known)), zone),
        due_original_on=known["first_due_on"],
        due_current_on=known["due_on"],
        scope_committed=now["committed"],
        scope_now=now["scope"],
    )
    return told[INPUTS]


def _start_rule(*days: pd.Series) -> pd.Series:
    rule = np.select([day.notna().to_numpy() for day in days], RULES, "none")
    return pd.Series(rule, dtype="str")


def _day_of(at: Micros, zone: str) -> pd.Series:
    return calendar.local_days(instants(at), zone)
