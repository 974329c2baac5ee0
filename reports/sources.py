"""The report on the sources: what was read, what it covers, what is missing and what waits for a decision."""

from dataclasses import dataclass

import pandas as pd

from fairlead.access import VisibleFrames
from fairlead.scope import Scope, in_projects
from metrics import coverage, terms
from reports import decisions, lacks, words
from reports.panel import Headline, Panel, Report

QUESTION = "How far can these numbers be trusted, and what is missing?"
FEW = 2
"""So many sources are named in a sentence."""
IN_WORDS = {
    "complete": "complete",
    "partial": "partly",
    "failed": "failed",
    "running": "running",
    "interrupted": "interrupted",
}
BECAME = {"partial": "was read in part", "failed": "failed", "interrupted": "was interrupted"}
WHAT = {"issues": "issues", "milestones": "dates of milestones", "pull_requests": "pull requests"}
SHARES = ("estimated_share", "assigned_share", "reviewed_share")
COUNTS = ("n_issues", "n_pull_requests", "n_milestones", "n_deleted", "n_transferred")


@dataclass(frozen=True)
class Measured:
    """What the panels share."""

    runs: pd.DataFrame
    items: pd.DataFrame
    past: pd.DataFrame
    accounts: pd.DataFrame
    statuses: pd.DataFrame


def report(frames: VisibleFrames, scope: Scope) -> Report:
    """How each source was read, what is held, what is not, and what somebody has to decide."""
    chosen = in_projects(frames, scope)
    measured = measure(chosen, scope)
    return Report(
        key="sources",
        title="Sources",
        question=QUESTION,
        headlines=_headlines(chosen, measured),
        panels=(
            _runs(measured),
            _warnings(measured),
            lacks.panel(chosen, measured.items, measured.past, scope),
            _covered(chosen, measured, scope),
            _past(measured, scope),
            decisions.statuses_panel(measured.statuses, scope),
            decisions.accounts_panel(chosen, measured.accounts),
        ),
    )


def measure(frames: VisibleFrames, scope: Scope) -> Measured:
    """All that the report needs. Runs, accounts and statuses are as stored, whatever day is looked from."""
    items = coverage.items(
        frames.issues,
        frames.issue_events,
        frames.pull_requests,
        frames.pull_request_events,
        frames.reviews,
        as_of=scope.as_of,
    )
    guessed = frames.statuses[frames.statuses["said_by"] == "nobody"]
    return Measured(
        runs=coverage.last_runs(frames.sync_runs),
        items=items,
        past=coverage.missing_history(items, frames.milestones, frames.milestone_changes, as_of=scope.as_of),
        accounts=decisions.accounts_to_decide(frames),
        statuses=coverage.statuses(guessed, frames.issues, frames.issue_events, as_of=scope.as_of),
    )


def _headlines(frames: VisibleFrames, measured: Measured) -> tuple[Headline, ...]:
    runs, past = measured.runs, measured.past
    complete = int((runs["status"] == "complete").sum())
    lost = int(past.loc[past["what"] != "milestones", "n"].sum())
    return (
        Headline(
            label="Sources complete",
            value=f"{complete} of {len(runs)}" if len(runs) else words.UNKNOWN,
            help="Sources whose last run read everything that was new.",
        ),
        Headline(
            label="Oldest behind newest",
            value=words.hours(float(runs["behind_hours"].max())),
            help=terms.DATA_AGE.meaning,
        ),
        Headline(
            label="Without history",
            value=words.number(lost),
            help="Issues and closed pull requests of which no event is held: their past is unknown.",
        ),
        Headline(
            label="Accounts to decide",
            value=words.number(len(measured.accounts)) if decisions.has_names(frames) else words.UNKNOWN,
            help="Pairs of accounts that were taken for one person by likeness, or may be one.",
        ),
        Headline(
            label="Statuses to decide",
            value=words.number(len(measured.statuses)),
            help="Statuses of Jira of which neither Jira nor your settings say what they mean.",
        ),
    )


def _runs(measured: Measured) -> Panel:
    runs = measured.runs
    table = runs.assign(status=runs["status"].map(IN_WORDS).astype("str")).drop(columns=["warnings", "started_at"])
    table = table.assign(behind_hours=table["behind_hours"] / 24)
    counts = {"rows": "n_rows", "requests": "n_requests", "points": "n_points"}
    return Panel(
        key="runs",
        title="What was read",
        takeaway=_runs_in_words(runs),
        table=table.rename(columns=counts | {"seconds": "took_seconds", "behind_hours": "behind_days"}),
        note=f"n = {words.count(len(runs), 'source')}, the last run of each. Data are as of the source's own clock "
        "when the run began. A run without an end is still at work or was killed.",
        empty="Nothing has been read yet. Run `fairlead sync`.",
        terms=(terms.DATA_AGE,),
        wide=True,
    )


def _runs_in_words(runs: pd.DataFrame) -> str:
    """How many are complete, which are not and why, which are old, and what to do."""
    complete = int((runs["status"] == "complete").sum())
    parts = [f"{complete} of {words.count(len(runs), 'source')} {words.agree(complete, 'is', 'are')} complete"]
    parts += [_named(runs[runs["status"] == status], said) for status, said in BECAME.items()]
    old = runs[runs["behind_hours"] > 24].sort_values("behind_hours", ascending=False)
    parts.append(_named(old.head(1), f"has not been read for {words.hours(float(old['behind_hours'].max()))}"))
    parts.append(_named(runs[runs["read_to_at"].isna() & (runs["status"] != "running")], "has never been read"))
    troubles = [part for part in parts[1:] if part]
    busy = _named(runs[runs["status"] == "running"], "is being read")
    said = "; ".join([parts[0], *troubles, *([busy] if busy else [])])
    return f"{said}: run “fairlead sync”." if troubles else f"{said}."


def _named(runs: pd.DataFrame, said: str) -> str:
    """A few sources by name, and how many more."""
    if runs.empty:
        return ""
    more = f" (and {len(runs) - FEW} more)" if len(runs) > FEW else ""
    return "; ".join(f"{source} {said}" for source in runs["source"].head(FEW)) + more


def _warnings(measured: Measured) -> Panel:
    said = measured.runs.dropna(subset="warnings")
    lines = said.assign(says=said["warnings"].str.split("\n")).explode("says")
    table = lines[["source", "says"]].astype("str")
    return Panel(
        key="warnings",
        title="Warnings",
        takeaway=f"{words.count(len(table), 'warning')} of {words.count(table['source'].nunique(), 'source')}.",
        table=table.reset_index(drop=True),
        note=f"n = {words.count(len(table), 'warning')} of the last run of each source.",
        empty="No source had anything to say about its last run.",
        wide=True,
        style="lines",
    )


def _covered(frames: VisibleFrames, measured: Measured, scope: Scope) -> Panel:
    known = coverage.projects(measured.items, frames.milestones, as_of=scope.as_of)
    stones = frames.tombstones
    stones = stones[stones["project"].isin(scope.projects)] if scope.projects else stones
    table = known.merge(coverage.removed(stones, as_of=scope.as_of), on="project", how="outer")
    counts = {name: table[name].fillna(0).astype("int64") for name in COUNTS}
    days = {f"{end}_event_on": _days(table.pop(f"{end}_at")) for end in ("first", "last")}
    shares = {name: table.pop(name).round(2) for name in SHARES}
    table = table.assign(**counts, **days, **shares)
    issues, pulls, gone = (int(table[list(names)].sum().sum()) for names in (COUNTS[:1], COUNTS[1:2], COUNTS[3:]))
    return Panel(
        key="covered",
        title="What is covered",
        takeaway=f"{words.count(issues, 'issue')} and {words.count(pulls, 'pull request')} of "
        f"{words.count(len(table), 'project')}; {gone:,} noticed to be deleted or moved away.",
        table=table,
        note=f"n = {words.count(len(table), 'project')} at {scope.last_day}. Shares: of issues with an estimate, of "
        "issues that were ever assigned, of pull requests with a review. Of all teams.",
        empty="Nothing is held of these projects.",
        wide=True,
    )


def _days(instants: pd.Series) -> pd.Series:
    days: pd.Series = instants.dt.tz_localize(None).dt.normalize()
    return days


def _past(measured: Measured, scope: Scope) -> Panel:
    past = measured.past
    table = past.assign(what=past["what"].map(WHAT).astype("str"), known_since_on=_days(past["since_at"]))
    table = table.drop(columns="since_at").rename(columns={"n": "n_without"})
    lost = int(past.loc[past["what"] != "milestones", "n"].sum())
    unseen = past[past["what"] == "milestones"]
    return Panel(
        key="past",
        title="Missing history",
        takeaway=f"{words.count(lost, 'item')} without any event; in {words.count(len(unseen), 'project')} milestones "
        "are older than what is known of their dates.",
        table=table,
        note=f"n = {words.count(len(table), 'gap')} at {scope.last_day}. No source keeps the past of a milestone's "
        "dates: they are known from the first sync on.",
        empty="Every item has its history.",
    )
