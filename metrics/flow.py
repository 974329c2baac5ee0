"""Flow: how long work takes, how much gets finished, how much is in progress, and what has grown old.

The model family: other families are written like this one. Items are issues or pull requests in one shape, so that
every measure below reads the same for both. Definitions follow the Kanban Guide.
"""

import numpy as np
import pandas as pd

from fairlead import keys
from metrics import intervals, weeks
from metrics.quantiles import nearest_rank

SLE_SHARE = 0.85
ITEM_COLUMNS = ["item", "key", "title", "url", "project", "started_at", "finished_at", "is_wip"]
DAY_SECONDS = 86_400


def issue_items(issues: pd.DataFrame, issue_events: pd.DataFrame, *, as_of: pd.Timestamp) -> pd.DataFrame:
    """Where does each issue stand: when was it started, when finished, is it in progress?

    Started is the first entry into active work, finished the last entry into done while it is still there: an issue
    finished and reopened counts once, at its last finish, and while it is open again it is in progress again.
    An issue that went straight from to-do to done has no start: when work began is unknown.

    Returns one row per issue created by `as_of`: item (id), key, title, url, project, started_at, finished_at
    (UTC, missing where it has not happened), is_wip (bool).
    """
    known = issues[issues["created_at"] <= as_of].reset_index(drop=True)
    states = intervals.states(issue_events, field="status_category", as_of=as_of)
    row = keys.positions(states["item"], known["id"])
    states = states.assign(row=row)[row >= 0]
    last = states[states["is_last"]].set_index("row")
    return _items(
        known,
        started_at=states[states["state"] == "active"].groupby("row")["start_at"].min(),
        finished_at=last.loc[last["state"] == "done", "start_at"],
        is_wip=last["state"] == "active",
    )


def pull_request_items(
    pull_requests: pd.DataFrame, pull_request_events: pd.DataFrame, *, as_of: pd.Timestamp
) -> pd.DataFrame:
    """Where does each pull request stand? Started when opened, finished when merged.

    Closed without a merge is neither finished nor in progress. Returns the columns of `issue_items`.
    """
    known = pull_requests[pull_requests["created_at"] <= as_of].reset_index(drop=True)
    merged_at = known["merged_at"].where(known["merged_at"] <= as_of)
    closed = intervals.closed_pull_requests(known, pull_request_events, as_of=as_of)
    return _items(known, started_at=known["created_at"], finished_at=merged_at, is_wip=merged_at.isna() & ~closed)


def _items(known: pd.DataFrame, **columns: pd.Series) -> pd.DataFrame:
    """Columns may be shorter than `known`; they are matched by row number."""
    placed = {name: column.reindex(known.index) for name, column in columns.items()}
    placed["is_wip"] = placed["is_wip"].fillna(False).astype(bool)
    return known.assign(item=known["id"].astype("str"), **placed)[ITEM_COLUMNS]


def cycle_times(items: pd.DataFrame, *, start: pd.Timestamp, as_of: pd.Timestamp) -> pd.DataFrame:
    """How long did the items finished in `[start, as_of]` take?

    Items without a known start are left out; `unknown_starts` counts them.
    Returns one row per item, oldest finish first: the columns of `items` and cycle_days (elapsed days).
    """
    finished = items[items["finished_at"].between(start, as_of) & items["started_at"].notna()]
    cycle_days = (finished["finished_at"] - finished["started_at"]).dt.total_seconds() / DAY_SECONDS
    timed = finished.assign(cycle_days=cycle_days)
    return timed.sort_values(["finished_at", "item"], ignore_index=True)


def unknown_starts(items: pd.DataFrame, *, start: pd.Timestamp, as_of: pd.Timestamp) -> int:
    """How many items finished in `[start, as_of]` went straight to done, so that their cycle time is unknown?"""
    return int((items["finished_at"].between(start, as_of) & items["started_at"].isna()).sum())


def daily_finishes(items: pd.DataFrame, *, start: pd.Timestamp, as_of: pd.Timestamp) -> pd.Series:
    """How many items were finished on each day (UTC) of `[start, as_of]`, days without any included, by day."""
    finished = items.loc[items["finished_at"].between(start, as_of), "finished_at"]
    days = pd.date_range(start.floor("D"), as_of.floor("D"), freq="D")
    counts: pd.Series = finished.dt.floor("D").value_counts().reindex(days, fill_value=0)
    return counts.rename("n_finished")


def service_level(cycle_days: pd.Series, share: float = SLE_SHARE) -> float:
    """Within how many days did the given share (0–1) of the items finish? Nearest rank; NaN without items."""
    return nearest_rank(cycle_days, share)


def monthly_cycle_times(timed: pd.DataFrame, *, by: tuple[str, ...] = ()) -> pd.DataFrame:
    """Is cycle time creeping? Takes what `cycle_times` gives; `by` names further columns of it to tell apart.

    Returns one row per calendar month (UTC) with a finish: the columns `by`, month_on, n_items, median_days, p85_days
    (nearest rank).
    """
    month = timed["finished_at"].dt.tz_localize(None).dt.to_period("M").dt.to_timestamp().astype("datetime64[us]")
    by_month = timed.assign(month_on=month).groupby([*by, "month_on"])["cycle_days"]
    return by_month.agg(
        n_items="size",
        median_days=lambda days: nearest_rank(days, 0.5),
        p85_days=lambda days: nearest_rank(days, SLE_SHARE),
    ).reset_index()


def quarter_moves(monthly: pd.DataFrame, *, as_of: pd.Timestamp) -> pd.DataFrame:
    """Which teams got slower or quicker over the last quarter?

    Compares the median of `p85_days` over the last three whole months with the three before; a team needs a finish
    in two months of each. Returns one row per team, biggest move first: team, before_days, now_days, change_days
    (positive = slower).
    """
    month = monthly["month_on"].dt
    months_back = (as_of.year - month.year) * 12 + as_of.month - month.month
    halves = {"now_days": months_back.between(1, 3), "before_days": months_back.between(4, 6)}
    medians = {name: _typical(monthly[rows]) for name, rows in halves.items()}
    moves = pd.DataFrame(medians).dropna().rename_axis("team").reset_index()
    moves = moves.assign(change_days=moves["now_days"] - moves["before_days"])
    order = moves["change_days"].abs().sort_values(ascending=False, kind="stable").index
    return moves.loc[order, ["team", "before_days", "now_days", "change_days"]].reset_index(drop=True)


def _typical(monthly: pd.DataFrame) -> pd.Series:
    by_team = monthly.groupby("team")["p85_days"]
    return by_team.median()[by_team.size() >= 2]


def throughput(items: pd.DataFrame, *, start: pd.Timestamp, as_of: pd.Timestamp, zone: str = "UTC") -> pd.DataFrame:
    """How many items were finished in each whole ISO week of the zone?

    The running week is no sample; weeks without a finish are zero. Returns one row per week: week_on (its Monday),
    n_finished.
    """
    counts = weeks.weekly_counts(items["finished_at"], start=start, as_of=as_of, zone=zone)
    return counts.rename(columns={"n": "n_finished"})


def wip_over_time(spans: pd.DataFrame, *, start: pd.Timestamp, as_of: pd.Timestamp) -> pd.DataFrame:
    """How much was in progress, once a day? `spans` holds start_at and end_at of stretches of work.

    Returns one row per day: at (UTC), n_open.
    """
    at = pd.date_range(start, as_of, freq="D").as_unit("us")
    return pd.DataFrame({"at": at, "n_open": intervals.open_at(spans["start_at"], spans["end_at"], at=at)})


def issue_spans(issue_events: pd.DataFrame, *, as_of: pd.Timestamp) -> pd.DataFrame:
    """The stretches in which each issue was in progress: item, start_at, end_at (missing while it still is)."""
    states = intervals.states(issue_events, field="status_category", as_of=as_of)
    return states.loc[states["state"] == "active", ["item", "start_at", "end_at"]]


def pull_request_spans(
    pull_requests: pd.DataFrame, pull_request_events: pd.DataFrame, *, as_of: pd.Timestamp
) -> pd.DataFrame:
    """The stretches in which each pull request was open: item, start_at, end_at (missing while it still is)."""
    states = intervals.pull_request_states(pull_requests, pull_request_events, as_of=as_of)
    return states.loc[states["state"] == "active", ["item", "start_at", "end_at"]]


def ageing(items: pd.DataFrame, *, as_of: pd.Timestamp, sle_days: float) -> pd.DataFrame:
    """What is in progress now, and what has been for longer than 85 % of items ever take?

    Returns one row per item in progress, oldest first: the columns of `items`, age_days (elapsed since the start)
    and is_over_sle (bool; False where no service level is known).
    """
    open_items = items[items["is_wip"]]
    age_days = (as_of - open_items["started_at"]).dt.total_seconds() / DAY_SECONDS
    aged = open_items.assign(age_days=age_days, is_over_sle=age_days > np.nan_to_num(sle_days, nan=np.inf))
    return aged.sort_values(["age_days", "item"], ascending=[False, True], ignore_index=True)
