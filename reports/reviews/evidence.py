"""What the figures on reviews are made of, row by row, with a link to each: nothing here is a figure of its own."""

import pandas as pd

from fairlead.scope import Scope, members
from metrics import reviews, terms
from reports import privacy, words
from reports.names import facts, named
from reports.panel import Panel
from reports.reviews.measured import Measured

STAGES = ("coding", "pickup", "review", "merge")


def requests_panel(measured: Measured, scope: Scope) -> Panel:
    """Every request of the window: for whom, how it ended, how long it waited."""
    spells = measured.window
    spells = spells[spells["asked_person"].isna() | spells["asked_person"].isin(measured.frames.closely)]
    spells = spells.reset_index(drop=True)
    asked = spells["asked_person"].fillna(spells["team"])
    table = _pulls(measured, spells["pull_request"]).assign(
        name=named(measured.frames, asked), **spells[["requested_at", "ended_by", "wait_working_hours", "wait_hours"]]
    )
    columns = ["url", "name", "key", "requested_at", "ended_by", "wait_working_hours", "wait_hours", "title", "project"]
    return Panel(
        key="every-request",
        title="Every request",
        takeaway="Those that waiting times and the agreed time are counted from.",
        table=_by_name(table, "requested_at")[columns],
        note=f"n = {words.count(len(table), 'request')} since {scope.first_day}. By whom is asked, then by time.",
        empty="No review was requested in this window.",
        terms=(terms.TIME_TO_FIRST_RESPONSE, terms.WORKING_HOURS),
        links=("url",),
        wide=True,
        style="folded",
    )


def changes_panel(measured: Measured, scope: Scope) -> Panel:
    """Every change of the window with its first word and its stages, in hours on the wall and at work."""
    first = measured.first_words.set_index("pull_request")
    stages = measured.stages
    found = pd.concat([stages["pull_request"], measured.first_words["pull_request"]]).astype("str")
    found = found.drop_duplicates().reset_index(drop=True)
    table = _pulls(measured, found).assign(
        until_first_word_hours=found.map(first["wait_hours"]).astype("float64"),
        is_answered=found.map(first["is_answered"]).astype("boolean"),
    )
    for stage in STAGES:
        hours = stages[stages["stage"] == stage].set_index("pull_request")["hours"]
        table = table.assign(**{f"{stage}_hours": found.map(hours).astype("float64")})
    hours_of = [f"{stage}_hours" for stage in STAGES]
    columns = ["url", "key", "title", "until_first_word_hours", "is_answered", *hours_of, "project"]
    return Panel(
        key="every-change",
        title="Every change",
        takeaway="Those that first words and stages are counted from, in elapsed hours.",
        table=table.sort_values("key", ignore_index=True)[columns],
        note=f"n = {words.count(len(table), 'pull request')} of people, opened or under way since "
        f"{scope.first_day}. A stage that is not over has the hours up to {scope.last_day}.",
        empty="No pull request was worked on in this window.",
        terms=(terms.STAGES,),
        links=("url",),
        wide=True,
        style="folded",
    )


def rounds_panel(measured: Measured, scope: Scope) -> Panel:
    """Every review round of the window."""
    frames = measured.frames
    found = reviews.review_rounds(
        frames.reviews, frames.comments, frames.pull_requests, frames.accounts, start=scope.start, as_of=scope.as_of
    )
    found = privacy.closely(frames, found[found["person"].isin(members(frames, scope))])
    table = _pulls(measured, found["pull_request"]).assign(
        name=named(frames, found["person"]), began_at=found["start_at"]
    )
    return Panel(
        key="every-round",
        title="Every review round",
        takeaway="Those that shares, fair shares and rounds per week are counted from.",
        table=_by_name(table, "began_at")[["url", "name", "key", "began_at", "title", "project"]],
        note=f"n = {words.count(len(table), 'round')} since {scope.first_day}. By name, then by time.",
        empty=privacy.empty(frames, "Nobody reviewed a pull request in this window."),
        terms=(terms.ROUNDS,),
        links=("url",),
        wide=True,
        style="folded",
    )


def _pulls(measured: Measured, of: pd.Series) -> pd.DataFrame:
    """Link, key, title and project of each pull request named."""
    return facts(measured.frames.pull_requests, of, ["url", "key", "title", "project"])


def _by_name(table: pd.DataFrame, at: str) -> pd.DataFrame:
    return table.sort_values(["name", at, "key"], ignore_index=True)
