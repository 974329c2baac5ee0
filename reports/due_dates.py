"""What became of the due dates of milestones, as far as it was observed."""

import pandas as pd

import charts.milestones as draw
from fairlead.access import VisibleFrames
from fairlead.scope import Scope
from metrics import terms
from reports import words
from reports.panel import Panel


def panel(frames: VisibleFrames, said: pd.DataFrame, titles: pd.Series, scope: Scope) -> Panel:
    """Every date of the milestones whose date moved; `said` as `metrics.milestones.due_dates` gives it."""
    moved = said[said.groupby("milestone")["milestone"].transform("size") > 1]
    table = moved.assign(title=moved["milestone"].map(titles).astype("str")).dropna(subset="title")
    table = table[["title", "said_at", "due_on", "slip_days"]].reset_index(drop=True)
    slips = table.groupby("title")["slip_days"].sum()
    observed_at = frames.milestone_changes["observed_at"]
    first = observed_at[observed_at <= scope.as_of].min()
    return Panel(
        key="dates",
        title="What became of due dates",
        takeaway=_in_words(slips) if len(slips) else "",
        figure=draw.due_date_trend(table),
        table=table,
        note=f"n = {words.count(len(table), 'date')} as said over time. A rising line is a slip. "
        "Neither GitHub nor Jira keeps the history of a milestone's date: it is known "
        f"from {'the first sync' if pd.isna(first) else f'{first:%d %b %Y}'} on, as observed.",
        empty="No due date has been seen to move. Dates are observed from the first sync on; earlier history is "
        "unavailable.",
        terms=(terms.SLIP,),
        wide=True,
    )


def _in_words(slips: pd.Series) -> str:
    """Name the milestone whose date ended up farthest from where it was."""
    moved = f"{words.count(len(slips), 'milestone')} moved {words.agree(len(slips), 'its', 'their')} date"
    if not slips.any():
        return f"{moved}, and back again."
    most = str(slips.abs().idxmax())
    return f"{moved}; {most} moved most: {words.shift(slips[most])}."


def farthest(net_slip_days: pd.Series) -> str:
    """The biggest slip of open milestones; the biggest pull-in where nothing slipped."""
    slip, pull_in = net_slip_days.max(), net_slip_days.min()
    most = slip if slip > 0 else pull_in
    return f"by up to {words.shift(most)}" if most else words.shift(most)
