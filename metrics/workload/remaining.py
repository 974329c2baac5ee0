"""How much work is left in what is held now?

An item that has taken long is not nearly done: of the items of its kind, it is one of those that take long. What is
left is therefore the mean residual life of its kind, given the effort it took so far, in hours of attention.
"""

import numpy as np
import pandas as pd

from fairlead import keys
from metrics import survival
from metrics.fields import as_it_was
from metrics.ordering import Numbers
from metrics.workload.effort import classes

DAY = "%Y-%m-%d"
LEAST = 20
"""So many finished items a kind must have to speak for itself."""
LEVELS = {"type and project": ["project", "type"], "project": ["project"], "all": []}
"""What an item is compared with: the first that has enough finished items, else the last."""


def remaining(  # noqa: PLR0913 (what is held, what it is, what such things took, until when)
    efforts: pd.DataFrame,
    assignments: pd.DataFrame,
    issues: pd.DataFrame,
    issue_events: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
    weeks: float,
    milestone_due_on: pd.Series | None = None,
    least: int = LEAST,
) -> pd.DataFrame:
    """How much effort is left in each item that is held at `as_of`?

    Takes what `efforts` and `assignments` give for the same `as_of`. An item is compared with the finished items of its
    type and project, where those are fewer than `least` with its project's, else with all. Items that are not finished
    count as at least what they took; done ones nobody had in progress are left out.

    Work in progress is owed now. What is not started is owed where it is due within `weeks` from `as_of`, by its own
    due date or by that of an open milestone (`milestone_due_on` holds days, indexed by issue; the earliest counts).
    What became due less than `weeks` ago is owed too; what nobody started since is not going to be started now.

    Returns one row per item, by issue: issue, project, type, is_active (in progress; otherwise assigned and not
    started), due_on (the earlier of both; missing without), is_owed (whether it counts in the horizon), n_holders,
    spent_hours (attention of all holders so far), among (`type and project`, `project`, `all`), n_among (finished items
    it is compared with), remaining_hours (expected; NaN where unknown), total_hours (mean effort of such an item),
    expected_hours (what load counts), status: `ok`; `bound` (some took longer than the longest that was finished and
    are not: what they would take beyond that is not counted, so it is at least this); `beyond` (it took more than any
    that was finished, or more likely than not will: nothing is known, load counts the mean effort of such an item, at
    least); `no_history` (nothing was finished: unknown, NaN).
    """
    held = _held(assignments, efforts, issues, issue_events, as_of=as_of)
    group, among = _compared(held, efforts, least)
    known = _known(held, efforts, group, among)
    due_on = _due(held["issue"], issues, issue_events, milestone_due_on, as_of=as_of)
    is_due = (due_on - as_of.tz_localize(None)).abs() <= pd.Timedelta(weeks=weeks)
    return held.assign(due_on=due_on, is_owed=held["is_active"] | is_due, **known)[COLUMNS]


COLUMNS = [
    "issue", "project", "type", "is_active", "due_on", "is_owed", "n_holders", "spent_hours", "among", "n_among",
    "remaining_hours", "total_hours", "expected_hours", "status",
]  # fmt: skip


def _held(
    assignments: pd.DataFrame,
    efforts: pd.DataFrame,
    issues: pd.DataFrame,
    issue_events: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
) -> pd.DataFrame:
    """What somebody holds: issue, project, type, is_active, n_holders, spent_hours, by issue."""
    now = assignments[assignments["end_at"].isna()]
    by_issue = now.groupby("issue").agg(is_active=("is_active", "any"), n_holders=("person", "nunique"))
    known = issues[keys.is_in(issues["id"].astype("str"), now["issue"])]
    held = classes(known, issue_events, as_of=as_of).sort_values("issue", ignore_index=True)
    spent = efforts.set_index("issue")["effort_hours"].reindex(held["issue"]).fillna(0.0)
    of_each = by_issue.reindex(held["issue"])
    return held.assign(
        is_active=of_each["is_active"].to_numpy(bool),
        n_holders=of_each["n_holders"].to_numpy(np.int64),
        spent_hours=spent.to_numpy(),
    )


def _compared(held: pd.DataFrame, efforts: pd.DataFrame, least: int) -> tuple[pd.DataFrame, pd.Series]:
    """For each level a number for each item's kind (first those of `held`, then `efforts`); which level counts."""
    both = pd.concat([held[["project", "type"]], efforts[["project", "type"]]], ignore_index=True)
    groups = pd.DataFrame({name: _numbers(both, columns) for name, columns in LEVELS.items()})
    is_evidence = (efforts["is_done"] & (efforts["effort_hours"] > 0)).to_numpy()
    of_done = groups.iloc[len(held) :][is_evidence]
    among = pd.Series("all", index=held.index, dtype="str")
    for name in reversed(list(LEVELS)[:-1]):
        n = of_done[name].value_counts().reindex(groups[name].iloc[: len(held)]).fillna(0)
        among = among.mask(n.to_numpy() >= least, name)
    return groups, among


def _numbers(kinds: pd.DataFrame, columns: list[str]) -> pd.Series:
    if not columns:
        return pd.Series(0, index=kinds.index)
    return kinds.groupby(columns, dropna=False, sort=False).ngroup()


def _known(held: pd.DataFrame, efforts: pd.DataFrame, groups: pd.DataFrame, among: pd.Series) -> dict[str, pd.Series]:
    """What the finished items each is compared with say about it."""
    columns = {"n_among": 0, "remaining_hours": np.nan, "total_hours": np.nan, "expected_hours": np.nan}
    known = pd.DataFrame(columns, index=held.index).assign(status="no_history")
    worked = (efforts["effort_hours"] > 0).to_numpy()
    for name in LEVELS:
        asked = held[among == name]
        group = groups[name].iloc[: len(held)][(among == name).to_numpy()].set_axis(asked.index)
        of = groups[name].iloc[len(held) :].set_axis(efforts.index)[worked]
        such = of.isin(group)
        found = _residuals(group, asked["spent_hours"], of[such], efforts[worked][such])
        known.loc[asked.index, found.columns] = found
    return {"among": among, **known.astype({"n_among": "int64", "status": "str"})}


def _residuals(group: pd.Series, spent: pd.Series, of: pd.Series, efforts: pd.DataFrame) -> pd.DataFrame:
    # What was never seen to end is followed no longer than what was: items forgotten in progress for years would else
    # make every item look like years of work.
    longest = efforts["effort_hours"].where(efforts["is_done"]).groupby(of).transform("max")
    hours = efforts["effort_hours"].clip(upper=longest).where(longest.notna())
    curves = survival.kaplan_meier_by(of, hours, efforts["is_done"])
    left, total = (survival.mean_residuals_by(curves, group, age) for age in (spent, spent * 0))
    n = group.map(efforts["is_done"].groupby(of).sum()).fillna(0)
    is_beyond = left["mean_residual"].isna() | (_unseen(curves, group, spent) > 0.5)
    status = pd.Series("ok", index=group.index, dtype="str").mask(left["is_bound"], "bound")
    status = status.mask(is_beyond, "beyond").mask(n == 0, "no_history")
    known = left["mean_residual"].mask(is_beyond)
    return pd.DataFrame(
        {
            "n_among": n,
            "remaining_hours": known,
            "total_hours": total["mean_residual"],
            "expected_hours": known.fillna(total["mean_residual"]),
            "status": status,
        }
    )


def _unseen(curves: pd.DataFrame, group: pd.Series, spent: pd.Series) -> Numbers:
    """The share (0–1) of those that took as long that take longer than any that was finished."""
    asked = pd.DataFrame(
        {"group": group.to_numpy(np.int64), "time": spent.to_numpy(float), "row": np.arange(len(group))}
    )
    steps = curves[["time", "group", "survival"]].sort_values("time")
    now = pd.merge_asof(asked.sort_values("time"), steps, on="time", by="group").sort_values("row")
    last = asked["group"].map(curves.groupby("group")["survival"].last())
    share: Numbers = last.to_numpy(float) / now["survival"].fillna(1.0).to_numpy(float)
    return share


def _due(
    issue: pd.Series,
    issues: pd.DataFrame,
    issue_events: pd.DataFrame,
    milestone_due_on: pd.Series | None,
    *,
    as_of: pd.Timestamp,
) -> pd.Series:
    """The day by which each issue is due, by itself or by its milestone."""
    known = issues[keys.is_in(issues["id"].astype("str"), issue)].reset_index(drop=True)
    now = known["due_on"].dt.strftime(DAY)
    text = as_it_was(known["id"], now, issue_events, field="due", as_of=as_of).str[:10]
    # Sources tell days as text; what cannot be read is no day.
    own = pd.to_datetime(text, format=DAY, errors="coerce").set_axis(known["id"].astype("str"))
    days = pd.DataFrame({"own": own.reindex(issue), "milestone": pd.NaT})
    if milestone_due_on is not None:
        days["milestone"] = milestone_due_on.groupby(level=0, observed=True).min().reindex(issue)
    return days.min(axis=1).astype("datetime64[us]").reset_index(drop=True)
