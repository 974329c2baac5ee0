"""What became of due dates: when which was said, and how far they moved. Positive slip = later."""

import pandas as pd

from metrics.instants import in_days
from metrics.milestones.known import days_of


def due_dates(milestone_changes: pd.DataFrame, *, as_of: pd.Timestamp) -> pd.DataFrame:
    """When was which due date said, as far as it was observed?

    A date that is said again, or comes back after it had been taken away, is not said anew. A date that was there
    before the first observation counts as said then.

    Returns one row per date said, by milestone and time: milestone (id), said_at (UTC; the observation, the date may
    have been set earlier), due_on (day), slip_days (days later than the date before; negative = pulled in; NaN for
    the first).
    """
    is_due = (milestone_changes["field"] == "due_on") & (milestone_changes["observed_at"] <= as_of)
    changes = milestone_changes[is_due].sort_values(["milestone", "observed_at"], kind="stable")
    changes = changes.assign(milestone=changes["milestone"].astype("str"))
    first = changes.drop_duplicates("milestone")
    said = pd.concat([_said(first, first["old"]), _said(changes, changes["new"])]).dropna(subset="due_on")
    said = said.sort_values(["milestone", "said_at"], kind="stable", ignore_index=True)
    before = said.groupby("milestone")["due_on"].shift()
    slip_days = in_days(said["due_on"] - before)
    return said.assign(slip_days=slip_days)[slip_days != 0].reset_index(drop=True)


def _said(changes: pd.DataFrame, due_on: pd.Series) -> pd.DataFrame:
    return pd.DataFrame(
        {"milestone": changes["milestone"], "said_at": changes["observed_at"], "due_on": days_of(due_on)}
    )


def due_date_history(milestone_changes: pd.DataFrame, *, as_of: pd.Timestamp) -> pd.DataFrame:
    """How often, how far and which way did due dates move?

    Only milestones of which a due date was observed are told of: without an observation it is unknown whether one
    moved, which is not the same as "never moved". The first setting is no slip.

    Returns one row per milestone, by id: milestone, first_due_on, last_due_on (days), n_changes, n_slips,
    n_pull_ins, net_slip_days (last minus first; positive = later), gross_slip_days (slips alone).
    """
    said = due_dates(milestone_changes, as_of=as_of)
    slip = said["slip_days"]
    moves = said.assign(is_slip=slip > 0, is_pull_in=slip < 0, is_change=slip.notna(), slip_only=slip.clip(lower=0))
    return moves.groupby("milestone", as_index=False).agg(
        first_due_on=("due_on", "first"),
        last_due_on=("due_on", "last"),
        n_changes=("is_change", "sum"),
        n_slips=("is_slip", "sum"),
        n_pull_ins=("is_pull_in", "sum"),
        net_slip_days=("slip_days", "sum"),
        gross_slip_days=("slip_only", "sum"),
    )
