"""Panels on how evenly the reviewing is spread, over people, weeks and teams."""

import math

import pandas as pd

import charts.reviews as draw
from fairlead.access import VisibleFrames
from fairlead.scope import Scope, members
from metrics import reviews, terms
from reports import privacy, words
from reports.names import by_week, named
from reports.panel import Panel
from reports.reviews.measured import Measured

FEWEST = 4
"""Fewer reviewers than this have no spread to speak of."""


def spread(measured: Measured) -> pd.Series:
    """How unevenly the window's review rounds are spread over capacity."""
    return reviews.concentration(measured.share["n_rounds"], measured.share["capacity"]).iloc[0]


def share_panel(measured: Measured) -> Panel:
    """Who does how much of the reviewing, beside the share of their working time."""
    share = privacy.closely(measured.frames, measured.share)
    table = share.assign(name=named(measured.frames, share["person"])).sort_values("name", ignore_index=True)
    table = table[["name", "n_rounds", "share", "fair", "load_index"]]
    total = int(table["n_rounds"].sum())
    return Panel(
        key="share",
        title="Who does the reviewing",
        takeaway=_share_words(spread(measured)) if len(table) >= FEWEST else "Too few reviewers to speak of a spread.",
        figure=draw.share_bars(table),
        table=table.rename(columns={"share": "review_share", "fair": "fair_rounds"}),
        note=f"n = {words.count(total, 'review round')} by {words.count(len(table), 'person', 'people')} eligible, "
        "those with none included. The fair share goes by working hours in the window, without days off. In the order "
        "of names: this balances load, it ranks nobody.",
        empty=privacy.empty(measured.frames, "Nobody opened or reviewed a pull request in the last year."),
        terms=(terms.HOOVER, terms.FAIR_SHARE),
        wide=True,
    )


def _share_words(found: pd.Series) -> str:
    if not found["total"]:
        return "Nobody reviewed a pull request in this window."
    if math.isnan(found["hoover"]):
        return "Nobody of those who could review had working hours in this window."
    return (
        f"{words.share(found['hoover'])} of review rounds would have to move for everybody to carry their share; "
        f"as if spread over {words.number(found['effective_n'], 1)} equal reviewers out of {int(found['n'])} "
        f"(Gini {words.number(found['gini_corrected'], 2)})."
    )


def rounds_panel(measured: Measured, scope: Scope) -> Panel:
    """Review rounds by person, week by week."""
    frames = measured.frames
    found = reviews.weekly_rounds(
        frames.reviews, frames.comments, frames.pull_requests, frames.accounts, weeks=scope.weeks, as_of=scope.as_of
    )
    found = privacy.closely(frames, found[found["person"].isin(members(frames, scope))])
    table = by_week(frames, found, "n_rounds")
    per_week = table.groupby("week_on")["n_rounds"].sum()
    return Panel(
        key="rounds",
        title="Rounds per week",
        takeaway=f"{words.number(per_week.mean(), 1)} rounds a week on average, "
        f"{words.number(per_week.iloc[-1])} in the last seven days."
        if len(per_week)
        else "",
        figure=draw.rounds_heat(table),
        table=table,
        note=f"Counted in each of {words.count(len(scope.weeks), 'week')} of seven days up to {scope.last_day}. "
        "What one person says on one pull request within an hour is one round. In the order of names.",
        empty=privacy.empty(frames, "Nobody reviewed a pull request in this window."),
        terms=(terms.ROUNDS,),
    )


def network_panel(measured: Measured, scope: Scope) -> Panel:
    """Between which teams reviews go."""
    edges = _edges(measured, scope)
    frames = measured.frames
    has_teams = len(frames.team_members) > 0
    table = _team_table(measured, edges) if has_teams else _people_table(measured, edges)
    return Panel(
        key="between-teams",
        title="Who reviews whom",
        takeaway=_network_words(measured, edges),
        figure=draw.team_matrix(table),
        table=table,
        note=f"n = {words.count(int(edges['n_reviews'].sum()), 'review')} of {words.count(len(edges), 'pair')} of "
        f"reviewer and author in this window. {_grouped(frames)}",
        empty="No review between people of known teams in this window.",
        terms=(terms.RECIPROCITY, terms.ISLANDS),
    )


def _edges(measured: Measured, scope: Scope) -> pd.DataFrame:
    frames = measured.frames
    edges = reviews.network(frames.reviews, frames.pull_requests, frames.accounts, start=scope.start, as_of=scope.as_of)
    among = members(frames, scope)
    return edges[edges["reviewer"].isin(among) | edges["author"].isin(among)] if scope.teams else edges


def _grouped(frames: VisibleFrames) -> str:
    """What a cell of the table is."""
    if frames.team_members.empty:
        return "No teams are known, so that people stand here, in the order of their names."
    return f"Reviews of people in several teams are split among them.{privacy.small_teams(frames)}"


def _people_table(measured: Measured, edges: pd.DataFrame) -> pd.DataFrame:
    """Reviews from person to person, of those whom the viewer sees closely: where no teams are known."""
    frames = measured.frames
    seen = privacy.closely(frames, privacy.closely(frames, edges, "reviewer"), "author")
    shown = seen.assign(reviewers=named(frames, seen["reviewer"]), authors=named(frames, seen["author"]))
    shown = shown.sort_values(["reviewers", "authors"], ignore_index=True)[["reviewers", "authors", "n_reviews"]]
    return shown.astype({"n_reviews": "float64"})


def _team_table(measured: Measured, edges: pd.DataFrame) -> pd.DataFrame:
    """Reviews from team to team, small teams left out: reviewers (team), authors (team), n_reviews."""
    frames = measured.frames
    by_team = reviews.team_reviews(edges, frames.team_members)
    shown = by_team.assign(
        reviewers=named(frames, by_team["reviewer_team"]), authors=named(frames, by_team["author_team"])
    )
    return shown.sort_values(["reviewers", "authors"], ignore_index=True)[["reviewers", "authors", "n_reviews"]]


def _network_words(measured: Measured, edges: pd.DataFrame) -> str:
    """How much is returned, how much crosses teams, and who stands apart."""
    if edges.empty:
        return "Nobody reviewed anybody in this window."
    returned = reviews.reciprocity(edges).iloc[0]
    crossing = reviews.between_teams(edges, measured.frames.team_members)["between_share"].iloc[0]
    islands = reviews.islands(edges, measured.frames.people)
    groups = islands.loc[islands["n_people"] > 1, "island"].nunique()
    parts = [
        f"{words.share(crossing)} of reviews cross teams" if not math.isnan(crossing) else "",
        f"{words.share(returned['reciprocity'])} of reviewing is returned: who reviews somebody is reviewed by them",
        "all who review or are reviewed are connected"
        if groups == 1
        else f"{groups} groups have nothing to do with one another",
    ]
    return f"{words.sentence('; '.join(part for part in parts if part))}."
