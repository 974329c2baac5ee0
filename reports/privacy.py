"""Whom a viewer may look at closely: individuals themselves and their leads, everybody else teams of enough people."""

from collections.abc import Collection
from dataclasses import replace

import pandas as pd

from fairlead import keys
from fairlead.access import VisibleFrames
from fairlead.access.redaction import NOT_SHOWN
from fairlead.scope import Scope, in_projects, members, of_teams
from reports import words
from reports.panel import Panel, Report

FOR_LEADS = "Figures of individuals are shown to them and to the leads of their team."
SUGGESTING = ("also_ask", "could_ask", "because")
"""Columns that name who could help, which is for leads."""
OF_PEOPLE = ("overview", "reviews", "workload", "flow")
"""Reports whose figures say how people work."""


def closely(frames: VisibleFrames, rows: pd.DataFrame, column: str = "person") -> pd.DataFrame:
    """The rows of people whom the viewer may look at closely."""
    return rows[rows[column].isin(frames.closely)].reset_index(drop=True)


def empty(frames: VisibleFrames, says: str) -> str:
    """What an empty panel on individuals says: that there are none, or that they are not shown to this viewer."""
    return says if frames.closely or frames.people.empty else FOR_LEADS


def small_teams(frames: VisibleFrames) -> str:
    """What a table of teams says of those it does not tell of; empty for leads."""
    return f" Teams of fewer than {frames.smallest} are shown to their leads." if frames.smallest > 1 else ""


def shown(report: Report, frames: VisibleFrames, scope: Scope, pages: Collection[str]) -> Report:
    """The report as this viewer may have it: of enough people, without what says only that it is not for them.

    `pages` are those the viewer may open: addresses of others of our pages (`/person?…`) are left out.
    """
    kept = of_enough(report, frames, scope)
    panels = [_reachable(panel, pages) for panel in kept.panels if not is_withheld(panel)]
    if len(panels) == len(kept.panels):
        return replace(kept, panels=tuple(panels))
    return replace(kept, panels=tuple(panels), note=left_out(len(kept.panels) - len(panels)))


def left_out(n: int) -> str:
    """That so many tables of individuals are not shown to this viewer."""
    return f"{words.count(n, 'table')} of individuals {words.agree(n, 'is', 'are')} left out here. {FOR_LEADS}"


def is_withheld(panel: Panel) -> bool:
    """Whether a panel is empty because it is on individuals."""
    return panel.table.empty and panel.empty == FOR_LEADS


def _reachable(panel: Panel, pages: Collection[str]) -> Panel:
    """Without addresses that lead nowhere for this viewer, and without columns that say nothing therefore."""
    kept = {name: panel.table[name].map(lambda url: _within(url, pages)).astype("str") for name in panel.links}
    table = panel.table.assign(**kept)
    if panel.style not in {"table", "folded"} or table.empty:
        return replace(panel, table=table)
    silent = [name for name in panel.links if (table[name].fillna("") == "").all()]
    silent += [name for name in table if name == "title" and (table[name] == NOT_SHOWN).all()]
    silent += [name for name in SUGGESTING if name in table and table[name].isna().all()]
    links = tuple(name for name in panel.links if name not in silent)
    return replace(panel, table=table.drop(columns=silent), links=links)


def _within(url: object, pages: Collection[str]) -> object:
    is_ours = isinstance(url, str) and url.startswith("/")
    return "" if is_ours and str(url)[1:].partition("?")[0] not in pages else url


def of_enough(report: Report, frames: VisibleFrames, scope: Scope) -> Report:
    """The report, or one that says why it is empty: teams and projects can be chosen until one person is left."""
    if report.key not in OF_PEOPLE or is_of_enough(frames, scope):
        return report
    says = too_few(frames)
    panels = tuple(
        replace(panel, table=panel.table.head(0), figure=None, takeaway="", note="", copied="", empty=says)
        for panel in report.panels
    )
    return replace(report, panels=panels, headlines=())


def is_of_enough(frames: VisibleFrames, scope: Scope) -> bool:
    """Whether enough people had a hand in what is chosen for this viewer to read how they work.

    Neither may what a choice leaves out be the work of a few: it could be had by subtraction from everything.
    """
    if frames.smallest <= 1:
        return True
    rest = [n_people(frames, left) for left in _left_out_of(frames, scope)]
    return n_people(frames, scope) >= frames.smallest and all(n == 0 or n >= frames.smallest for n in rest)


def _left_out_of(frames: VisibleFrames, scope: Scope) -> list[Scope]:
    """What a choice of teams leaves out, and what one of projects does."""
    projects = pd.concat([frames.issues["project"], frames.pull_requests["project"]]).unique()
    teams = tuple(name for name in frames.teams["name"] if name not in scope.teams)
    others = tuple(name for name in projects if name not in scope.projects)
    left = [replace(scope, teams=teams)] if scope.teams and teams else []
    return [*left, replace(scope, projects=others)] if scope.projects and others else left


def too_few(frames: VisibleFrames) -> str:
    """That what is chosen is the work of too few people to be told of."""
    return f"What is chosen is the work of fewer than {frames.smallest} people: nothing is told of it."


def n_people(frames: VisibleFrames, scope: Scope) -> int:
    """How many people the chosen work is of, within the window: the fewest of who reviewed, who wrote, who held it.

    What nobody did has no figure, so it does not count.
    """
    chosen = of_teams(in_projects(frames, scope), scope)
    reviews, pulls, events = chosen.reviews, chosen.pull_requests, chosen.issue_events
    within = reviews["at"].between(scope.start, scope.as_of)
    is_alive = (pulls["created_at"] <= scope.as_of) & ~(pulls["closed_at"] < scope.start)
    is_held = (events["field"] == "assignee") & (events["at"] <= scope.as_of)
    found = [reviews.loc[within, "author"], pulls.loc[is_alive, "author"], events.loc[is_held, "new"]]
    among = members(frames, scope)
    counts = [_n_among(frames, accounts, among) for accounts in found]
    return min((n for n in counts if n), default=0)


def _n_among(frames: VisibleFrames, accounts: pd.Series, among: pd.Series) -> int:
    known = keys.is_in(frames.accounts["id"].astype("str"), accounts.astype("str").dropna())
    people = frames.accounts.loc[known, "person"].astype("str")
    return int(people[people.isin(among)].nunique())
