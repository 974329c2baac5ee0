"""Scope and done work by size, as it was estimated then."""

import numpy as np
import pandas as pd

from fairlead import keys
from metrics import intervals
from metrics.histories import stacked
from metrics.instants import MISSING, NEVER, Micros, instants, micros
from metrics.intervals import SPAN
from metrics.milestones.content import Content, numbered
from metrics.milestones.fields import with_beginnings
from metrics.milestones.members import DONE
from metrics.milestones.scope import instants_of
from metrics.ordering import Integers, Numbers, repeated

SUMS = ["n_issues", "n_estimated", "scope_points", "done_points", "open_points"]


def weighted_scope(  # noqa: PLR0913 (two replayed tables, two to weigh them by, and when)
    known: pd.DataFrame,
    stays: pd.DataFrame,
    issues: pd.DataFrame,
    issue_events: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
    at: pd.DatetimeIndex | None = None,
) -> pd.DataFrame:
    """How much was in each milestone in points, at each of the instants `at` (default: `as_of`), and how much done?

    With estimates as they were then; `issues` gives those of issues whose history tells of none. An issue without an
    estimate weighs the median of the milestone's estimated issues at that instant, and estimated_share says how much of
    the sum is more than a guess. An estimate of 0 is one. Pull requests have no estimates and are left out. Closed
    milestones stand still, whatever is estimated later.

    Returns one row per milestone and instant: milestone (id), at (UTC), scope_points, done_points, open_points (NaN
    where nothing is estimated), n_issues, n_estimated (issues in scope), estimated_share (0–1; NaN without any).

    Raises:
        ValueError: an instant lies after `as_of`.
    """
    grid = micros(instants_of(at, as_of=as_of).to_series())
    is_issue = keys.is_in(stays["item"], issue_events["issue"])
    counted = stays[is_issue & (stays["state"] != "dropped").to_numpy()].reset_index(drop=True)
    sized = intervals.intersect(counted, estimates(counted, issues, issue_events, as_of=as_of), on="item")
    held, row = numbered(known, sized)
    cells = _at_each(held, sized["points"].to_numpy(np.float64)[row], grid)
    milestone, nth = repeated(np.full(len(known), len(grid)))
    sums = _sums(cells).reindex(np.arange(len(milestone)))
    counts = sums[["n_issues", "n_estimated"]].fillna(0).astype("int64")
    return (
        sums.assign(
            milestone=known["id"].astype("str").take(milestone).to_numpy(),
            at=instants(grid[nth]),
            **counts,
            estimated_share=counts["n_estimated"] / counts["n_issues"].where(counts["n_issues"] > 0),
        )[["milestone", "at", *SUMS[2:], *SUMS[:2], "estimated_share"]]
        .reset_index(drop=True)
        .astype({"milestone": "str"})
    )


def estimates(
    counted: pd.DataFrame, issues: pd.DataFrame, issue_events: pd.DataFrame, *, as_of: pd.Timestamp
) -> pd.DataFrame:
    """How large was each of the items estimated when?

    Returns one row per stretch: item, points (NaN while there was none, or none that is a number), start_at (UTC;
    missing for what was so from the beginning), end_at (UTC; missing while it lasts).
    """
    value = issues["estimate"].astype("str").where(issues["estimate"].notna())
    now = pd.DataFrame({"issue": issues["id"], "value": value})[keys.is_in(issues["id"], counted["item"])]
    events = with_beginnings(issue_events, "estimate", about=counted["item"], now=now)
    told = intervals.states(events, field="estimate", as_of=as_of)
    told = told.assign(points=points(told["state"]))[["item", "points", *SPAN]]
    return stacked([_before(counted, told), told])


def points(text: pd.Series) -> pd.Series:
    """Estimates as numbers; NaN for what is none."""
    number = pd.to_numeric(text.astype("str"), errors="coerce").astype("float64")
    return number.where(np.isfinite(number))


def _before(counted: pd.DataFrame, told: pd.DataFrame) -> pd.DataFrame:
    """Nothing was estimated until the first that is known of, which is for ever where none is."""
    items = counted["item"].drop_duplicates(ignore_index=True)
    first = told.drop_duplicates("item")
    end = np.append(micros(first["start_at"]), NEVER)[keys.positions(items, first["item"])]
    start_at = instants(np.full(len(items), MISSING))
    return pd.DataFrame({"item": items, "points": np.nan, "start_at": start_at, "end_at": instants(end)})


def _at_each(held: Content, size: Numbers, grid: Micros) -> pd.DataFrame:
    """One row per stay and instant that lies in it: cell (milestone and instant), points, is_done."""
    first, past = np.searchsorted(grid, held.start), np.searchsorted(grid, held.end)
    stay, nth = repeated(past - first)
    cell: Integers = held.milestone[stay] * len(grid) + first[stay] + nth
    return pd.DataFrame({"cell": cell, "points": size[stay], "is_done": held.state[stay] == DONE})


def _sums(cells: pd.DataFrame) -> pd.DataFrame:
    """The sums of each cell that holds something."""
    # Sorted, so that sums of fractions do not depend on the order of rows.
    cells = cells.sort_values(["cell", "points", "is_done"], ignore_index=True)
    by_cell = cells.groupby("cell")["points"]
    filled = cells["points"].fillna(by_cell.transform("median"))
    sized = cells.assign(filled=filled, done=filled.where(cells["is_done"], filled * 0))
    of_cell = sized.groupby("cell")
    scope, done = (of_cell[column].sum(min_count=1) for column in ("filled", "done"))
    columns = (of_cell.size(), of_cell["points"].count(), scope, done, scope - done)
    return pd.DataFrame(dict(zip(SUMS, columns, strict=True)))
