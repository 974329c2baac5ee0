"""Organisations and scopes that reports are built for, and the reports, each built once."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import pandas as pd

from fairlead import scope as scopes
from fairlead.access import LOCAL_LEAD, Viewer, VisibleFrames, visible_to
from fairlead.agreements import Agreements, WorkingTime
from fairlead.frames import Frames
from fairlead.scope import Scope
from reports import calibrating
from reports.catalogue import ENTRIES
from reports.panel import Panel, Report
from tests.metrics.build import frame
from tests.sample import AS_OF, sample

STAKEHOLDER = Viewer("board", "stakeholder", teams=None, milestones=None)
"""They see all teams and milestones, with titles, and no individual."""
PLAN = ("teams", "team_members", "time_off", "milestones", "milestone_changes", "issue_milestones", "issue_assignees")
HOSTILE = "<img src=x onerror=alert(1)> [x](javascript:alert(1)) **b** :red[x] $x$\n\n# h\n===\n</script><b>\"'"
FORMULA = f'=HYPERLINK("http://x")\r=1+1 {HOSTILE}'
SCRIPT = "javascript:alert(1)"


@dataclass(frozen=True)
class World:
    """What somebody sees and what they asked to see of it."""

    frames: VisibleFrames
    scope: Scope


OF_THE_STORE = {("sources", key) for key in ("runs", "warnings", "accounts", "statuses")}
"""Panels about the store as it is, whatever day, team and project is looked at."""
OF_THE_PAST = {("milestones", "held"), ("milestones", "baselines"), ("milestones", "outcomes")}
"""Panels about the forecasts of all milestones there were, whichever are chosen."""


@cache
def synced() -> Frames:
    """The sample, calibrated, as if three sources had been read, with trouble, and a status had to be decided on."""
    tables = sample().tables()
    runs = [
        run("github harbourline", "complete", hours_ago=1, rows=81_000, requests=412, points=415),
        run("jira CARGO", "partial", hours_ago=1, rows=4_000, requests=31, warnings="Two issues were not read.\nWait."),
        run("jira VOY", "complete", hours_ago=80, rows=9_000, requests=40),
        run("jira VOY", "failed", hours_ago=1, watermark=None, warnings="jira VOY: 401. Check JIRA_TOKEN."),
    ]
    gone = {"id": "jira:HARBOUR:1", "kind": "issues", "project": "CARGO", "reason": "deleted",
            "found_at": AS_OF - pd.Timedelta(days=300)}  # fmt: skip
    guessed = tables["statuses"]["name"] == "In Review"
    past = calibrating.stored(calibrating.backtested(sample(), AS_OF), as_of=AS_OF)
    return Frames.of(tables | {
        "past_forecasts": past,
        "sync_runs": frame("sync_runs", runs),
        "tombstones": frame("tombstones", [gone]),
        "statuses": tables["statuses"].assign(said_by=tables["statuses"]["said_by"].mask(guessed, "nobody")),
    })  # fmt: skip


def run(source: str, status: str, *, hours_ago: float, **values: Any) -> dict[str, Any]:
    """A run of five minutes that began so long before the sample's today."""
    started_at = AS_OF - pd.Timedelta(hours=hours_ago)
    finished_at = started_at + pd.Timedelta(minutes=5)
    return {"source": source, "status": status, "started_at": started_at, "finished_at": finished_at,
            "watermark": started_at, **values}  # fmt: skip


def github_only() -> Frames:
    """The pull requests and issues of GitHub alone, without teams, milestones, assignees or absences."""
    whole = sample()
    tables = scopes.with_items(whole, whole.issues[whole.issues["source"] == "github"], whole.pull_requests).tables()
    tables |= {name: tables[name].head(0) for name in PLAN}
    issue_events, events = tables["issue_events"], tables["pull_request_events"]
    tables["issue_events"] = issue_events[~issue_events["field"].isin(["assignee", "milestone"])]
    tables["pull_request_events"] = events[~events["kind"].isin(["milestoned", "demilestoned"])]
    return Frames.of(tables | {"pull_requests": tables["pull_requests"].assign(milestone=None)})


def hostile() -> Frames:
    """The sample with the worst that can stand in titles, names and addresses, one half of it each."""
    tables = synced().tables()
    for name, column in [("sync_runs", "source"), ("sync_runs", "warnings"), ("statuses", "name"), ("issues", "title"),
                         ("pull_requests", "title"), ("milestones", "title"), ("people", "name"),
                         ("accounts", "name"), ("teams", "name"), ("issues", "priority"),
                         ("issue_labels", "label"), ("pull_request_labels", "label")]:  # fmt: skip
        number = pd.Series(range(len(tables[name])), tables[name].index)
        text = pd.Series(HOSTILE, number.index).where(number % 2 == 0, FORMULA)
        tables[name] = tables[name].assign(**{column: text + " " + number.astype("str")})
    for name in ("issues", "pull_requests", "milestones", "releases"):
        tables[name] = tables[name].assign(url=SCRIPT)
    changes = tables["milestone_changes"]
    tables["milestone_changes"] = changes[changes["field"] != "title"]
    return Frames.of(tables)


def _team() -> World:
    return World(_lead(), Scope(AS_OF, teams=("Berth",)))


def _project(name: str) -> Callable[[], World]:
    return lambda: World(_lead(), Scope(AS_OF, projects=(name,)))


def _working_hours() -> World:
    """Waits told in working hours first, of people in another zone with a week and a day of their own."""
    usual = WorkingTime(time_zone="Asia/Jerusalem", workdays="1111001", day_start="08:30", day_end="16:00")
    return World(_lead(), Scope(AS_OF, working_time=usual, agreements=Agreements(hours="working")))


def _window(days: int) -> Callable[[], World]:
    return lambda: World(_lead(), Scope(AS_OF, days))


def _past(days: int) -> Callable[[], World]:
    return lambda: World(_lead(), Scope(AS_OF - pd.Timedelta(days=days)))


@cache
def _lead() -> VisibleFrames:
    return visible_to(LOCAL_LEAD, synced())


WORLDS: dict[str, Callable[[], World]] = {
    "sample": lambda: World(_lead(), Scope(AS_OF)),
    "one team": _team,
    "a repository": _project("harbourline/platform"),
    "a Jira project": _project("CARGO"),
    "200 days ago": _past(200),
    "30 days": _window(30),
    "365 days": _window(365),
    "one day": _window(1),
    "working hours": _working_hours,
    "GitHub only": lambda: World(visible_to(LOCAL_LEAD, github_only()), Scope(AS_OF)),
    "nothing": lambda: World(visible_to(LOCAL_LEAD, Frames.of({})), Scope(AS_OF)),
    "before the first day": _past(3000),
    "an unknown project": _project("NONE"),
    "stakeholder": lambda: World(visible_to(STAKEHOLDER, synced()), Scope(AS_OF)),
    "hostile": lambda: World(visible_to(LOCAL_LEAD, hostile()), Scope(AS_OF)),
}
EMPTY = ("nothing", "before the first day", "an unknown project")


@cache
def reports_of(name: str) -> dict[str, Report]:
    """All reports of one world, by key."""
    world = WORLDS[name]()
    return {entry.key: entry.build(world.frames, world.scope) for entry in ENTRIES}


def panels_of(name: str) -> dict[tuple[str, str], Panel]:
    """All panels of one world, by the keys of report and panel."""
    return {(report.key, panel.key): panel for report in reports_of(name).values() for panel in report.panels}


def words_of(panel: Panel) -> str:
    """Everything a panel says besides its figure and table."""
    return "\n".join([panel.title, panel.takeaway, panel.note, panel.empty])
