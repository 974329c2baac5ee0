"""The reviews report: who is waited for, for how long, and how evenly the reviewing is spread."""

from dataclasses import dataclass

import pandas as pd

import charts.reviews as draw
from fairlead import keys
from fairlead.access import VisibleFrames
from fairlead.scope import Scope, in_projects, members, of_teams
from metrics import reviews, terms
from reports import waits, words
from reports.before import Before, before_of
from reports.names import named
from reports.panel import Headline, Panel, Report

QUESTION = "Who waits for whose review, for how long, and is the reviewing spread fairly?"
DAY_HOURS = 24
FEWEST = 4


@dataclass(frozen=True)
class Measured:
    """What the panels share: requests and first words on pull requests, of the window and of the one before."""

    spells: pd.DataFrame
    window: pd.DataFrame
    before: pd.DataFrame
    first_words: pd.DataFrame
    first_words_before: pd.DataFrame
    left_out: dict[str, int]
    waiting: pd.DataFrame
    share: pd.DataFrame
    compared: Before


def report(frames: VisibleFrames, scope: Scope) -> Report:
    """Requests waiting now, waiting times with those still waiting counted, the queue over time, and shares."""
    chosen = in_projects(frames, scope)
    measured = measure(chosen, scope)
    return Report(
        key="reviews",
        title="Reviews",
        question=QUESTION,
        headlines=headlines(measured),
        panels=(
            people_panel(chosen, measured, scope),
            waits.of_requests(measured.window, measured.before, scope, left_out=measured.left_out),
            waits.of_first_words(measured.first_words, measured.first_words_before, scope),
            _queue(chosen, measured, scope),
            _waiting(chosen, measured),
            _share(chosen, measured),
        ),
    )


def measure(frames: VisibleFrames, scope: Scope) -> Measured:
    """All that the report and the overview need, for the reviewers of the chosen teams."""
    spells = reviews.response_spells(
        frames.pull_requests,
        frames.pull_request_events,
        frames.reviews,
        frames.comments,
        frames.accounts,
        frames.team_members,
        as_of=scope.as_of,
        start=scope.previous_start,
    )
    spells = spells[_is_asked_of(spells, frames, scope)].reset_index(drop=True)
    share = reviews.review_share(
        frames.reviews, frames.pull_requests, frames.accounts, frames.people, start=scope.start, as_of=scope.as_of
    )
    requested = spells["requested_at"]
    first_words = _first_words(frames, scope)
    return Measured(
        spells=spells,
        window=spells[requested.between(scope.start, scope.as_of)],
        before=spells[requested.between(scope.previous_start, scope.start, inclusive="left")],
        first_words=first_words[first_words["requested_at"] >= scope.start],
        first_words_before=first_words[first_words["requested_at"] < scope.start],
        left_out=_left_out(frames, scope),
        waiting=_waiting_requests(frames, spells),
        share=share[share["person"].isin(members(frames, scope))] if scope.teams else share,
        compared=before_of(frames, scope),
    )


def _waiting_requests(frames: VisibleFrames, spells: pd.DataFrame) -> pd.DataFrame:
    """Requests waiting now, with is_bots: whether the pull request is a machine's, as a bump of a dependency."""
    waiting = reviews.waiting_requests(spells, frames.pull_requests)
    return waiting.assign(is_bots=keys.is_in(waiting["author"], _bots(frames)))


def _bots(frames: VisibleFrames) -> pd.Series:
    return frames.accounts.loc[frames.accounts["kind"] == "bot", "id"]


def _left_out(frames: VisibleFrames, scope: Scope) -> dict[str, int]:
    """What no figure of the window counts, of all teams: what → how many."""
    found = reviews.left_out(
        frames.pull_request_events,
        frames.reviews,
        frames.comments,
        frames.accounts,
        frames.team_members,
        start=scope.start,
        as_of=scope.as_of,
    )
    return dict(zip(found["what"], found["n"], strict=True))


def _first_words(frames: VisibleFrames, scope: Scope) -> pd.DataFrame:
    """How long people's pull requests, of the chosen teams, waited for the first word of somebody else."""
    theirs = of_teams(frames, scope)
    is_bots = keys.is_in(theirs.pull_requests["author"], _bots(frames))
    pulls = theirs.pull_requests[~is_bots].reset_index(drop=True)
    found = reviews.first_human_response(
        pulls,
        frames.pull_request_events,
        frames.reviews,
        frames.comments,
        frames.accounts,
        as_of=scope.as_of,
        start=scope.previous_start,
    )
    return found[found["requested_at"] >= scope.previous_start].reset_index(drop=True)


def _is_asked_of(spells: pd.DataFrame, frames: VisibleFrames, scope: Scope) -> pd.Series:
    """Whether a request was made to a member of the chosen teams, or to one of the teams."""
    if not scope.teams:
        return pd.Series(True, index=spells.index)
    teams = frames.teams.loc[frames.teams["name"].isin(scope.teams), "id"].astype("str")
    return spells["asked_person"].isin(members(frames, scope)) | spells["team"].isin(teams)


def headlines(measured: Measured) -> tuple[Headline, ...]:
    """Waiting times against the window before, the queue, and the spread."""
    parts = measured.window, measured.before, measured.first_words, measured.first_words_before
    now, before, first, first_before = (reviews.response_times(spells).iloc[0] for spells in parts)
    spread = reviews.concentration(measured.share["n_rounds"], measured.share["capacity"]).iloc[0]
    enough = len(measured.share) >= FEWEST
    compared = measured.compared
    return (
        Headline(
            label="Half answered within",
            value=words.hours(now["median_hours"]),
            help=compared.help(terms.TIME_TO_FIRST_RESPONSE.meaning),
            delta=compared.change(now["median_hours"], before["median_hours"], "h"),
            delta_color="inverse",
        ),
        Headline(
            label="First word within",
            value=words.hours(first["median_hours"]),
            help=compared.help(
                "Half of people's pull requests had a first review or comment by somebody else within this time, "
                "whether or not a review was asked for. Those still waiting count as waiting."
            ),
            delta=compared.change(first["median_hours"], first_before["median_hours"], "h"),
            delta_color="inverse",
        ),
        Headline(
            label="Answered within a day",
            value=words.share(now["share_within_day"]),
            help=compared.help("Share of requests answered within 24 elapsed hours, those still waiting included."),
            delta=compared.change(now["share_within_day"] * 100, before["share_within_day"] * 100, "points"),
            delta_color="normal",
        ),
        Headline(
            label="Waiting now",
            value=words.number(len(measured.waiting)),
            help=terms.OPEN_REQUESTS.meaning,
            delta=f"{int((measured.waiting['wait_hours'] > DAY_HOURS).sum())} for over a day",
        ),
        Headline(
            label="Would have to move",
            value=words.share(spread["hoover"]) if enough else words.UNKNOWN,
            help=terms.HOOVER.meaning,
            delta="" if enough else f"fewer than {FEWEST} reviewers",
        ),
    )


def people_panel(frames: VisibleFrames, measured: Measured, scope: Scope) -> Panel:
    """Who is waited for now."""
    table = queues(frames, measured)
    total = int(table["n_waiting"].sum())
    return Panel(
        key="waiting-for",
        title="Who is waited for",
        takeaway=_queue_words(table, total),
        figure=draw.waiting_bars(table),
        table=table,
        note=f"n = {words.count(total, 'request')} waiting at {scope.last_day}, on pull requests that are open and "
        "ready. In the order of names.",
        empty="No review request is waiting. Nothing to do here.",
        terms=(terms.OPEN_REQUESTS,),
    )


def _queue_words(table: pd.DataFrame, total: int) -> str:
    """Name the fullest queue where one stands out."""
    waiting = f"{words.count(total, 'request')} {words.agree(total, 'waits', 'wait')}"
    if len(table) == 1:
        return f"{waiting} for {table['name'].iloc[0]}."
    said = f"{waiting} for {words.count(len(table), 'person or team', 'people and teams')}"
    fullest = table[table["n_waiting"] == table["n_waiting"].max()]
    if len(fullest) != 1:
        return f"{said}; no queue is longer than {words.number(table['n_waiting'].max())}."
    return f"{said}; {int(fullest['n_waiting'].iloc[0])} of them for {fullest['name'].iloc[0]}."


def queues(frames: VisibleFrames, measured: Measured) -> pd.DataFrame:
    """Requests waiting now by person or team, by name: name, n_waiting, n_over_a_day, longest_hours."""
    waiting = measured.waiting.assign(
        name=named(frames, measured.waiting["asked_person"].fillna(measured.waiting["team"])),
        is_over=measured.waiting["wait_hours"] > DAY_HOURS,
    )
    by_name = waiting.groupby("name", sort=True)
    return by_name.agg(
        n_waiting=("wait_hours", "size"), n_over_a_day=("is_over", "sum"), longest_hours=("wait_hours", "max")
    ).reset_index()


def _waiting(frames: VisibleFrames, measured: Measured) -> Panel:
    asked = measured.waiting["asked_person"].fillna(measured.waiting["team"])
    table = measured.waiting.assign(
        waits_for=named(frames, asked), wait_days=measured.waiting["wait_hours"] / DAY_HOURS
    )
    return Panel(
        key="waiting-now",
        title="Pull requests waiting now",
        takeaway="The longest wait first. Answer, hand over, or take the request back: each of these ends the wait.",
        table=table[["key", "title", "waits_for", "wait_days", "requested_at", "project", "url"]],
        note=f"n = {words.count(len(table), 'request')}. The clock runs while a review is asked for on an open, "
        "ready pull request.",
        empty="No pull request is waiting for a review.",
        terms=(terms.OPEN_REQUESTS,),
        links=("url",),
        wide=True,
    )


def _queue(frames: VisibleFrames, measured: Measured, scope: Scope) -> Panel:
    stretches = reviews.waiting_stretches(
        measured.spells, frames.pull_requests, frames.pull_request_events, as_of=scope.as_of
    )
    at = pd.date_range(scope.start, scope.as_of, freq="D").as_unit("us")
    counts = reviews.open_requests(stretches, at=at)
    daily = counts.groupby("at", as_index=False).agg(n_open=("n_open", "sum"))
    first, last = (int(daily["n_open"].iloc[place]) if len(daily) else 0 for place in (0, -1))
    return Panel(
        key="queue",
        title="Is the queue growing?",
        takeaway=f"{words.count(first, 'request')} waited when the window began, {last} "
        f"{words.agree(last, 'waits', 'wait')} now.",
        figure=draw.queue_line(daily),
        table=daily,
        note=f"Counted at {words.count(len(daily), 'instant')}, one a day. A team's request counts once.",
        empty="No review request waited in this window.",
        terms=(terms.OPEN_REQUESTS,),
    )


def _share(frames: VisibleFrames, measured: Measured) -> Panel:
    table = measured.share.assign(name=named(frames, measured.share["person"])).sort_values("name", ignore_index=True)
    table = table[["name", "n_rounds", "share", "fair", "load_index"]]
    spread = reviews.concentration(measured.share["n_rounds"], measured.share["capacity"]).iloc[0]
    total = int(table["n_rounds"].sum())
    return Panel(
        key="share",
        title="Who does the reviewing",
        takeaway=_share_words(spread) if len(table) >= FEWEST else "Too few reviewers to speak of a spread.",
        figure=draw.share_bars(table),
        table=table.rename(columns={"share": "review_share", "fair": "fair_rounds"}),
        note=f"n = {words.count(total, 'review round')} by {words.count(len(table), 'person', 'people')} eligible, "
        "those with none included. In the order of names: this balances load, it ranks nobody.",
        empty="Nobody opened or reviewed a pull request in the last year.",
        terms=(terms.HOOVER, terms.FAIR_SHARE),
        wide=True,
    )


def _share_words(spread: pd.Series) -> str:
    if not spread["total"]:
        return "Nobody reviewed a pull request in this window."
    return (
        f"{words.share(spread['hoover'])} of review rounds would have to move for everybody to carry their share; "
        f"as if spread over {words.number(spread['effective_n'], 1)} equal reviewers out of {int(spread['n'])}."
    )
