"""What changed in a milestone between two observations. Sources keep no history of a milestone's own fields."""

import pandas as pd

from fairlead import frames

FIELDS = ("due_on", "start_on", "title", "state")


def changes(before: pd.DataFrame, after: pd.DataFrame, *, observed_at: pd.Timestamp) -> pd.DataFrame:
    """Which fields of the milestones in `after` are not what they were when last observed?

    `before` holds the milestones as last observed, with `observed_at` (UTC, when that was); those that are not in it
    are observed for the first time, which tells every field once, absent values too: that a milestone had no due date
    is an observation. A change is observed now, or when the source says that it last changed the milestone. A clock
    that has gone back since does not put the change before the observation it differs from.

    Returns the rows of `milestone_changes`: milestone (id), not_before_at (UTC; missing the first time), observed_at
    (UTC), field, old, new (text, dates as YYYY-MM-DD). Changed values alone; empty where nothing has changed.
    """
    known = _told(before).rename(columns={"value": "old"})
    now = _told(after).rename(columns={"value": "new"})
    both = now.merge(known, on=["milestone", "field"], how="left")
    both = both.merge(instants(before, after, observed_at=observed_at), on="milestone", how="left")
    is_first = both["not_before_at"].isna()
    is_other = (both["old"] != both["new"]) & ~(both["old"].isna() & both["new"].isna())
    return frames.conform("milestone_changes", _bounded(both[is_first | is_other], after))


def _bounded(changed: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """No change is later than the source's own word on when it last changed the milestone; that word is trusted."""
    updated_at = changed[["milestone"]].merge(after[["id", "updated_at"]], left_on="milestone", right_on="id")[
        "updated_at"
    ]
    told = updated_at.set_axis(changed.index)
    observed_at = changed["observed_at"].mask(told < changed["observed_at"], told)
    not_before_at = changed["not_before_at"].where(changed["not_before_at"] < observed_at)
    return changed.assign(observed_at=observed_at, not_before_at=not_before_at)


def instants(before: pd.DataFrame, after: pd.DataFrame, *, observed_at: pd.Timestamp) -> pd.DataFrame:
    """When was each milestone in `after` last observed, and when is it now?

    Returns one row per milestone: milestone (id), not_before_at (UTC; missing the first time), observed_at (UTC; never
    before not_before_at).
    """
    seen = before[["id", "observed_at"]].rename(columns={"observed_at": "not_before_at"})
    both = after[["id"]].merge(seen, on="id", how="left").rename(columns={"id": "milestone"})
    at = observed_at.tz_convert("UTC").as_unit("us")
    return both.assign(observed_at=both["not_before_at"].where(both["not_before_at"] > at, at))


def _told(milestones: pd.DataFrame) -> pd.DataFrame:
    """One row per milestone and field: milestone, field, value as text."""
    days = {column: milestones[column].dt.strftime("%Y-%m-%d").astype("str") for column in ("due_on", "start_on")}
    text = milestones.assign(**days)[["id", *FIELDS]].astype("str")
    return text.melt("id", var_name="field").rename(columns={"id": "milestone"}).astype("str")
