"""What was known of each milestone at an instant: its title, its dates, whether it was closed."""

import numpy as np
import pandas as pd

from fairlead import keys

COLUMNS = [
    "id", "project", "kind", "title", "url", "owner", "state", "created_at", "closed_at", "closing_is_dated",
    "start_on", "first_due_on", "due_on", "due_is_observed",
]  # fmt: skip


def as_known(milestones: pd.DataFrame, milestone_changes: pd.DataFrame, *, as_of: pd.Timestamp) -> pd.DataFrame:
    """What was known of each milestone at `as_of`?

    Sources keep no history of a milestone's own fields. Title, dates and state are what had been observed by then;
    where nothing had been, they are the current ones, and `due_is_observed` is False for the due date. The owner is
    always the current one. A milestone that was closed, reopened and closed again counts as closed in between from
    the first observation of it.

    Returns one row per milestone created by `as_of` (or of unknown creation), by id: id (as it came), project, kind,
    title, url, owner, state (open, closed), created_at, closed_at (UTC; missing while open, or where it is not
    known), closing_is_dated (False where it was closed already when it was first seen: the real closing is older),
    start_on, first_due_on (the first due date known), due_on (days), due_is_observed (bool).
    """
    rows = milestones[~(milestones["created_at"] > as_of)]
    rows = rows.loc[rows["id"].astype("str").sort_values().index].reset_index(drop=True)
    seen = milestone_changes[milestone_changes["observed_at"] <= as_of].sort_values("observed_at", kind="stable")
    due_on, due_is_observed = _observed(rows, seen, "due_on")
    return _with_state(rows, seen, as_of=as_of).assign(
        title=_observed(rows, seen, "title")[0],
        start_on=_observed(rows, seen, "start_on")[0],
        first_due_on=_first_due_on(rows, seen).fillna(due_on),
        due_on=due_on,
        due_is_observed=due_is_observed,
    )[COLUMNS]


def days_of(text: pd.Series) -> pd.Series:
    """`YYYY-MM-DD` as days; what is no date is missing."""
    return pd.to_datetime(text, format="%Y-%m-%d", errors="coerce").astype("datetime64[us]")


def _observed(rows: pd.DataFrame, seen: pd.DataFrame, field: str) -> tuple[pd.Series, pd.Series]:
    """The last observed value of a field, else the current one; and whether it was observed."""
    last = seen[seen["field"] == field].drop_duplicates("milestone", keep="last")
    at = keys.positions(rows["id"], last["milestone"])
    told = (days_of(last["new"]) if field.endswith("_on") else last["new"]).reset_index(drop=True)
    is_observed = pd.Series(at >= 0)
    return told.reindex(at).reset_index(drop=True).where(is_observed, rows[field]), is_observed


def _first_due_on(rows: pd.DataFrame, seen: pd.DataFrame) -> pd.Series:
    """The first due date that was observed, or known to have been before the first observation."""
    dues = seen[seen["field"] == "due_on"]
    told = dues.assign(due_on=days_of(dues["old"]).fillna(days_of(dues["new"]))).dropna(subset="due_on")
    first = told.drop_duplicates("milestone")
    due_on = first["due_on"].reset_index(drop=True)
    return due_on.reindex(keys.positions(rows["id"], first["milestone"])).reset_index(drop=True)


def _with_state(rows: pd.DataFrame, seen: pd.DataFrame, *, as_of: pd.Timestamp) -> pd.DataFrame:
    states = seen[seen["field"] == "state"].drop_duplicates("milestone", keep="last")
    at = keys.positions(rows["id"], states["milestone"])
    state = states["new"].reset_index(drop=True).reindex(at).reset_index(drop=True)
    seen = states[["observed_at", "not_before_at"]].reset_index(drop=True).reindex(at).reset_index(drop=True)
    is_told = rows["closed_at"] <= as_of
    closed_at = rows["closed_at"].where(is_told, seen["observed_at"].where(state == "closed"))
    is_undated = (rows["state"] == "closed") & rows["closed_at"].isna() & state.isna()
    return rows.assign(
        closed_at=closed_at,
        closing_is_dated=closed_at.notna() & (is_told | seen["not_before_at"].notna()),
        state=np.where(closed_at.notna() | is_undated, "closed", "open"),
    )
