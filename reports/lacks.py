"""What the data of each page lack here, in a sentence each, and what to do about it."""

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from fairlead.access import VisibleFrames
from fairlead.scope import Scope
from fairlead.tables import HUMAN_KINDS
from metrics import coverage, flow, milestones
from reports import words
from reports.panel import Panel

YEAR = 365
NOTHING = "Nothing is missing."
COLUMNS = {"page": "str", "says": "str", "n": "int64"}


@dataclass(frozen=True)
class Lack:
    """Something that `n` things lack: how many, of how many, and the sentence that says it."""

    n: int
    n_of: int
    says: str


def panel(frames: VisibleFrames, items: pd.DataFrame, past: pd.DataFrame, scope: Scope) -> Panel:
    """One line per lack, at least one per page. `items` and `past` are what coverage gives."""
    table = _table(frames, items, past, scope)
    lacking = table[table["n"] > 0]
    pages = words.count(lacking["page"].nunique(), "page")
    return Panel(
        key="lacks",
        title="What each page lacks",
        takeaway=f"{words.count(len(lacking), 'gap')} on {pages}. Figures leave out what is missing."
        if len(lacking)
        else "Every page has what it needs.",
        table=table,
        note=f"n = {words.count(len(lacking), 'gap')} at {scope.last_day}; requests of the last {YEAR} days, finished "
        f"issues of the last {words.count(scope.window_days, 'day')}.",
        empty="There is no item yet that anything could be missing of.",
        wide=True,
        style="lines",
    )


def _table(frames: VisibleFrames, items: pd.DataFrame, past: pd.DataFrame, scope: Scope) -> pd.DataFrame:
    pages = {
        "Milestones": _milestones(frames, past, scope),
        "Reviews": _reviews(frames, items, past, scope),
        "Workload": _workload(frames, items),
        "Flow": _flow(frames, past, scope),
    }
    rows = [(page, lack.says, lack.n) for page, found in pages.items() for lack in found if lack.n and len(items)]
    missing = set(pages) - {page for page, _, _ in rows}
    rows += [(page, NOTHING, 0) for page in pages if page in missing and len(items)]
    in_order = [row for page in pages for row in rows if row[0] == page]
    return pd.DataFrame(in_order, columns=list(COLUMNS)).astype(COLUMNS)


def _milestones(frames: VisibleFrames, past: pd.DataFrame, scope: Scope) -> Iterator[Lack]:
    known = milestones.as_known(frames.milestones, frames.milestone_changes, as_of=scope.as_of)
    still_open = known[known["state"] == "open"]
    of_open = f"of {words.count(len(still_open), 'open milestone')}"
    undated, unowned = (int(still_open[column].isna().sum()) for column in ("due_on", "owner"))
    unseen, n_unseen = _past(past, "milestones")
    if known.empty:
        yield Lack(1, 1, "No milestone, version, epic or sprint is held: the page stays empty until there is one.")
    yield Lack(undated, len(still_open), f"No due date on {undated:,} {of_open}: they are never late. Set one.")
    yield Lack(unowned, len(still_open), f"No owner of {unowned:,} {of_open}. Name one where the source has a field.")
    yield Lack(
        unseen,
        n_unseen,
        f"Dates of {unseen:,} of {words.count(n_unseen, 'milestone')} are known from the first sync on: no source "
        "keeps their past.",
    )


def _reviews(frames: VisibleFrames, items: pd.DataFrame, past: pd.DataFrame, scope: Scope) -> Iterator[Lack]:
    n_pulls = int((items["kind"] == "pull_request").sum())
    asked, unknown = coverage.requests(
        frames.pull_request_events,
        frames.accounts,
        frames.team_members,
        start=scope.as_of - pd.Timedelta(days=YEAR),
        as_of=scope.as_of,
    )
    lost, n_lost = _past(past, "pull_requests")
    if n_pulls == 0:
        yield Lack(1, 1, "No pull request is held: the page stays empty until a repository of GitHub is read.")
    if n_pulls and not asked:
        yield Lack(
            1, 1, f"No review was requested in {YEAR} days: waits count from “ready for review” to the first answer."
        )
    yield Lack(
        unknown,
        asked,
        f"{unknown:,} of {words.count(asked, 'review request')} went to teams of whom no member is known: they wait "
        "for the team. Let the token read teams.",
    )
    yield Lack(lost, n_lost, _lost(lost, n_lost, "pull request"))


def _workload(frames: VisibleFrames, items: pd.DataFrame) -> Iterator[Lack]:
    people, accounts = frames.people, frames.accounts
    n_people = words.count(len(people), "person", "people")
    unzoned = int(people["time_zone"].isna().sum())
    unmatched = int((accounts["kind"].isin(HUMAN_KINDS) & accounts["person"].isna()).sum())
    teamless = int((~people["id"].astype("str").isin(frames.team_members["person"].astype("str"))).sum())
    if (items["kind"] == "issue").any() and not items["has_assignees"].any():
        yield Lack(1, 1, "No issue was ever assigned: nobody holds anything.")
    yield Lack(
        unzoned,
        len(people),
        f"No time zone of {unzoned:,} of {n_people}: their days are taken as UTC. people.csv has a column for it.",
    )
    yield Lack(
        unmatched,
        len(accounts),
        f"{words.count(unmatched, 'account')} without a person: each counts as a person of its own. "
        "Run “fairlead people”.",
    )
    if teamless == len(people):
        yield Lack(teamless, teamless, "No teams: nothing can be narrowed to one. Name them in people.csv.")
    else:
        yield Lack(teamless, len(people), f"No team of {teamless:,} of {n_people}. Name it in people.csv.")
    if frames.time_off.empty:
        yield Lack(1, 1, "No absences: who is on leave is not seen, only who has left.")


def _flow(frames: VisibleFrames, past: pd.DataFrame, scope: Scope) -> Iterator[Lack]:
    of_flow = flow.issue_items(frames.issues, frames.issue_events, as_of=scope.as_of)
    finished = int(of_flow["finished_at"].between(scope.start, scope.as_of).sum())
    unstarted = flow.unknown_starts(of_flow, start=scope.start, as_of=scope.as_of)
    guessed = int((frames.statuses["said_by"] == "nobody").sum())
    of_statuses = f"of {words.count(len(frames.statuses), 'status', 'statuses')}"
    lost, n_lost = _past(past, "issues")
    yield Lack(
        unstarted,
        finished,
        f"{unstarted:,} of {words.count(finished, 'finished issue')} went straight to done: their cycle time is "
        "unknown. Work that is assigned (GitHub) or in an active status (Jira) has a start.",
    )
    yield Lack(
        guessed,
        len(frames.statuses),
        f"{guessed:,} {of_statuses} {words.agree(guessed, 'means', 'mean')} what Fairlead guessed. Decide below.",
    )
    yield Lack(lost, n_lost, _lost(lost, n_lost, "issue"))


def _past(past: pd.DataFrame, what: str) -> tuple[int, int]:
    """How many lack their past, of how many in the projects where any do."""
    found = past[past["what"] == what]
    return int(found["n"].sum()), int(found["n_of"].sum())


def _lost(n: int, n_of: int, one: str) -> str:
    return f"No history of {n:,} of {words.count(n_of, one)}. Read it once more: “fairlead sync --full”."
