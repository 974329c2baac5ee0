"""Panels on what waits now: which pull requests, for whom, and who else could look at them."""

import pandas as pd

import charts.reviews as draw
from fairlead.scope import Scope
from metrics import reviews, suggest, terms
from reports import privacy, words
from reports.clock import both, clocks, elapsed
from reports.names import facts, named
from reports.panel import Panel
from reports.records import Record, said_of
from reports.reviews.measured import Measured

FEW = 3
"""Names suggested of those that could review as well."""


def requests_panel(measured: Measured, scope: Scope) -> Panel:
    """Every request that waits: for whom, since when, how large it is, and who else could look at it."""
    table = _requests(measured, scope)
    return Panel(
        key="waiting-now",
        title="Pull requests waiting now",
        takeaway=_requests_words(table, scope),
        table=table.drop(columns=["wait_hours", "is_over", "is_bots"]),
        note=f"n = {words.count(len(table), 'request')} at {scope.last_day}, on pull requests that are open and ready. "
        f"Working time is that of who is asked: week, zone, holidays and time off. Agreed are "
        f"{words.number(scope.agreements.answer_within_hours)} working hours. Suggested is who knows the files, or has "
        "reviewed this author, is here, and has few requests waiting; who has less open comes earlier. "
        "Changes of bots come last.",
        empty="No pull request is waiting for a review.",
        terms=(terms.OPEN_REQUESTS, terms.WORKING_HOURS, terms.SUGGESTED_REVIEWERS),
        links=("url",),
        wide=True,
    )


def _requests(measured: Measured, scope: Scope) -> pd.DataFrame:
    asked = measured.waiting["asked_person"].fillna(measured.waiting["team"])
    table = _told(measured, measured.waiting, scope).assign(waits_for=named(measured.frames, asked))
    return table[
        [
            "url", "key", "waits_for", "also_ask", "wait_working_hours", "wait_days", "n_lines", "title", "because",
            "requested_at", "project", "wait_hours", "is_over", "is_bots",
        ]
    ]  # fmt: skip


def unasked_panel(measured: Measured, scope: Scope) -> Panel:
    """Every pull request that nobody has said a word on and nobody is asked about."""
    table = _told(measured, measured.unasked, scope).rename(
        columns={"also_ask": "could_ask", "requested_at": "opened_at"}
    )
    columns = [
        "url", "key", "could_ask", "wait_working_hours", "wait_days", "n_lines", "title", "because", "opened_at",
        "project",
    ]  # fmt: skip
    return Panel(
        key="unasked",
        title="Waiting, and nobody is asked",
        takeaway=f"{words.count(len(table), 'pull request')} {words.agree(len(table), 'waits', 'wait')} for a first "
        "word, and nobody in particular is to say it. Who asks somebody?",
        table=table[columns],
        note=f"n = {words.count(len(table), 'pull request')} of people at {scope.last_day}, open and ready, without a "
        "word by anybody else. The longest first; working hours are the usual ones.",
        empty="Every open pull request has somebody who is asked, or had a first word.",
        terms=(terms.TIME_TO_FIRST_RESPONSE, terms.SUGGESTED_REVIEWERS),
        links=("url",),
        wide=True,
    )


def _told(measured: Measured, waiting: pd.DataFrame, scope: Scope) -> pd.DataFrame:
    """What waits, with its size, its wait in days, who could look (as well), and why the first of them."""
    sizes = facts(measured.frames.pull_requests, waiting["pull_request"], ["additions", "deletions"])
    others = _others(measured, waiting, scope)
    return waiting.assign(
        wait_days=waiting["wait_hours"] / elapsed().day_hours,
        n_lines=sizes["additions"] + sizes["deletions"],
        also_ask=_listed(others, waiting, "name"),
        because=_listed(others, waiting, "because", "; "),
    )


def _others(measured: Measured, waiting: pd.DataFrame, scope: Scope) -> pd.DataFrame:
    """Who could look as well: pull_request, rank, name, because; those asked already left out."""
    frames = measured.frames
    wanted = waiting["pull_request"].drop_duplicates()
    found = suggest.suggestions(
        frames,
        wanted,
        as_of=scope.as_of,
        most_requests=scope.agreements.most_requests,
        zone=scope.working_time.time_zone,
    )
    asked = measured.waiting[["pull_request", "asked_person"]].rename(columns={"asked_person": "person"})
    is_asked = found.merge(asked, on=["pull_request", "person"], how="left", indicator="of")["of"] == "both"
    found = found[~is_asked.to_numpy()].sort_values(["pull_request", "rank"])
    found = found.assign(rank=found.groupby("pull_request").cumcount() + 1)
    found = privacy.closely(frames, found[found["rank"] <= FEW])
    return found.assign(name=named(frames, found["person"]), because=said_of(found, _because))


def _because(row: Record) -> str:
    """The evidence in a few words."""
    reviewed = words.count(row["n_reviewed_of_author"], "change")
    parts = [
        f"knows {row['n_files_known']} of {words.count(row['n_files'], 'file')}" if row["n_files_known"] else "",
        f"reviewed {reviewed} of this author" if row["n_reviewed_of_author"] else "",
        "would learn this area" if row["is_learner"] else "",
        f"has {row['n_open']} open" if row["n_open"] else "has nothing open",
    ]
    return ", ".join(part for part in parts if part)


def _listed(others: pd.DataFrame, waiting: pd.DataFrame, column: str, between: str = ", ") -> pd.Series:
    """What is said of each pull request's suggestions, in their order."""
    joined = others.groupby("pull_request")[column].agg(between.join)
    return waiting["pull_request"].map(joined).astype("str")


def _requests_words(table: pd.DataFrame, scope: Scope) -> str:
    """How many wait too long, the longest wait, and what could be done about it."""
    if table.empty:
        return ""
    over = int(table["is_over"].sum())
    said = f"{over} of {words.count(len(table), 'request')} {words.agree(over, 'waits', 'wait')} longer than agreed."
    longest = table.iloc[0]
    whose = "" if longest["is_bots"] else " on a person's change"
    said += (
        f" The longest{whose} is {longest['key']}, which has waited {both(longest, scope)} for {longest['waits_for']}"
    )
    if pd.notna(longest["also_ask"]):
        return f"{said}: {longest['also_ask'].split(', ')[0]} could look at it ({longest['because'].split('; ')[0]})."
    return f"{said}. Answer, hand over, or take the request back."


def people_panel(measured: Measured, scope: Scope) -> Panel:
    """Who is waited for now."""
    table = queues(measured)
    total = int(table["n_waiting"].sum())
    ages = _ages(measured, scope)
    return Panel(
        key="waiting-for",
        title="Who is waited for",
        takeaway=_queue_words(table, total),
        figure=draw.waiting_bars(table),
        table=table,
        note=f"n = {words.count(total, 'request')} waiting at {scope.last_day}, on pull requests that are open and "
        f"ready. {ages}In the order of names; longer than agreed is more than "
        f"{words.number(scope.agreements.answer_within_hours)} working hours.",
        empty=privacy.empty(measured.frames, "No review request is waiting. Nothing to do here."),
        terms=(terms.OPEN_REQUESTS, terms.WORKING_HOURS),
    )


def _ages(measured: Measured, scope: Scope) -> str:
    """How old what waits is: half of it, nine in ten. Open waits are long ones: no measure of how long they take."""
    first, second = ((clock, reviews.queue_age(measured.waiting[clock.column]).iloc[0]) for clock in clocks(scope))
    (clock, ages), (other, others) = first, second
    if not ages["n"]:
        return ""
    return (
        f"Half have waited {clock.says(ages['p50_hours'])} ({other.says(others['p50_hours'])}) or less, nine in ten "
        f"{clock.says(ages['p90_hours'])} ({other.says(others['p90_hours'])}). "
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


def queues(measured: Measured) -> pd.DataFrame:
    """Requests waiting now by person or team, by name.

    Columns: name, n_waiting, n_over (longer than agreed), longest_working_hours, longest_hours.
    """
    frames, waiting = measured.frames, measured.waiting
    seen = waiting[waiting["asked_person"].isna() | waiting["asked_person"].isin(frames.closely)]
    waiting = seen.assign(name=named(frames, seen["asked_person"].fillna(seen["team"])))
    by_name = waiting.groupby("name", sort=True)
    return by_name.agg(
        n_waiting=("wait_hours", "size"),
        n_over=("is_over", "sum"),
        longest_working_hours=("wait_working_hours", "max"),
        longest_hours=("wait_hours", "max"),
    ).reset_index()


def queue_panel(measured: Measured, scope: Scope) -> Panel:
    """How many requests waited, day by day."""
    at = pd.date_range(scope.start, scope.as_of, freq="D").as_unit("us")
    counts = reviews.open_requests(measured.stretches, at=at)
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
