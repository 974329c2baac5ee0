"""What happened in one milestone: since last week in words, and what was added since its scope was settled."""

import pandas as pd

from fairlead import keys
from metrics import milestones, terms
from reports import words
from reports.foreseen import Measured, One
from reports.names import named
from reports.panel import Panel

WEEK = pd.Timedelta(weeks=1)
SAYS = {
    "finished": "finished", "added": "added", "moved_in": "moved in", "reopened": "reopened",
    "re_estimated": "estimated anew", "dropped": "dropped", "removed": "removed", "moved_out": "moved out",
}  # fmt: skip
DETAILS = ["id", "key", "title", "url"]
COLUMNS = ["changed_at", "what", "key", "title", "who", "milestone", "points_before", "points_now", "url"]


def changes(one: One) -> pd.DataFrame:
    """All that ever happened to the members of a milestone, as `metrics.milestones.changes` tells it."""
    measured, frames = one.measured, one.measured.frames
    stays = one.of(measured.stays)
    members = measured.members[keys.is_in(measured.members["item"], stays["item"])].reset_index(drop=True)
    issue_events = frames.issue_events[keys.is_in(frames.issue_events["issue"], stays["item"])]
    of_pulls = keys.is_in(frames.pull_request_events["pull_request"], stays["item"])
    return milestones.changes(
        # All that are known: what leaves a version for a sprint has not moved, they are of two kinds.
        measured.known,
        members,
        stays,
        issue_events,
        frames.pull_request_events[of_pulls],
        as_of=one.scope.as_of,
    )


def gained(happened: pd.DataFrame) -> pd.DataFrame:
    """What came after the scope had been settled; `happened` is what `changes` gives."""
    came = happened["is_after_commitment"] & happened["kind"].isin(["added", "moved_in"])
    return happened[came].reset_index(drop=True)


def panel(one: One, happened: pd.DataFrame, said: pd.DataFrame) -> Panel:
    """The last week; `said` are the weekly forecasts up to now."""
    recent = happened[happened["at"] > one.scope.as_of - WEEK]
    table = _table(one.measured, recent)
    moved = _moved(said) if one.ahead else ""
    return Panel(
        key="changed",
        title="What changed since last week",
        takeaway=f"{_counts(recent)}. {moved}".strip(),
        table=table,
        note=f"n = {words.count(len(table), 'change')} in the seven days up to {one.scope.last_day}, newest first. "
        f"{_churn(one, happened)}"
        "Moved: it left one milestone and joined another within an hour. What comes and goes as dropped is not told.",
        empty=f"Nothing happened in it within the last seven days. {moved}".strip(),
        terms=(terms.SCOPE, terms.CHURN),
        links=("url",),
    )


def _table(measured: Measured, recent: pd.DataFrame) -> pd.DataFrame:
    frames = measured.frames
    items = pd.concat([frames.issues[DETAILS], frames.pull_requests[DETAILS]])
    items = items[keys.is_in(items["id"], recent["item"])].reset_index(drop=True)
    place = keys.positions(recent["item"], items["id"].astype("str"))
    told = items[["key", "title", "url"]].astype("str").reindex(place).reset_index(drop=True)
    rows = recent.reset_index(drop=True)
    table = told.assign(
        changed_at=rows["at"],
        what=rows["kind"].astype("str").map(SAYS).astype("str"),
        who=named(frames, rows["actor"]),
        milestone=rows["other"].astype("str").map(measured.titles).astype("str"),
        points_before=rows["old"],
        points_now=rows["new"],
    )
    return table.sort_values(["changed_at", "key"], ascending=[False, True], ignore_index=True)[COLUMNS]


def _churn(one: One, happened: pd.DataFrame) -> str:
    """How often items came and went since the scope was settled; empty where they never did."""
    counts = milestones.change_counts(one.of(one.measured.known, "id"), happened)
    n = int(counts["churn"].sum())
    return f"Since its scope was settled items joined or left it {words.count(n, 'time')}. " if n else ""


def _counts(recent: pd.DataFrame) -> str:
    """`3 finished, 2 added`, in a fixed order."""
    counts = recent["kind"].astype("str").value_counts()
    said = [f"{counts[kind]} {text}" for kind, text in SAYS.items() if kind in counts.index]
    return ", ".join(said) or "Nothing happened"


def _moved(said: pd.DataFrame) -> str:
    """How the date to plan on moved within the last week."""
    days = said["p85_on"].tail(2)
    if len(days) < 2 or days.isna().any():
        return ""
    moved = (days.iloc[1] - days.iloc[0]).days
    return f"The date to plan on moved {words.shift(float(moved))}." if moved else "The date to plan on did not move."
