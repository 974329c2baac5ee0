"""Panels on the next two weeks: who has more to do than time, and which items make it so."""

import pandas as pd

import charts.workload as draw
from fairlead.scope import Scope
from metrics import terms, workload
from reports import privacy, words
from reports.names import facts, named
from reports.panel import Headline, Panel
from reports.records import records
from reports.workload.measured import WEEKS, Measured

MANY_PROJECTS = 2
CALM = "Nobody is overloaded: nobody has both too much to do and, for days, more in progress than usual."
EVEN = 0.15
"""Less than this to move is an even spread."""
PARTS = ["in_progress_hours", "not_started_hours", "review_hours"]


def headline(measured: Measured) -> Headline:
    """How many are overloaded, and how full the others are."""
    ratio = measured.loads.loc[(measured.loads["ratio"] > 0) & measured.is_told, "ratio"]
    return Headline(
        label="Overloaded",
        value=words.number(int(measured.overloads["is_flagged"].sum())) if measured.is_told else words.UNKNOWN,
        help=terms.OVERLOAD.meaning,
        delta=f"half: {words.number(float(ratio.median()), 1)} times" if len(ratio) else "",
    )


def load_panel(measured: Measured, scope: Scope) -> Panel:
    """What each person is expected to have to do, beside the time they have for it."""
    loads = privacy.closely(measured.frames, measured.loads)
    table = loads[(loads["n_items"] > 0) | (loads["n_reviews"] > 0)].reset_index(drop=True)
    table = table[["name", *PARTS, "load_hours", "capacity_hours", "ratio", "n_items", "n_at_least", "n_reviews"]]
    table = table.rename(columns={"ratio": "load_ratio"})
    agreed = scope.agreements
    return Panel(
        key="ahead",
        title="Who has more to do than time",
        takeaway=_load_words(table, named_of(measured)) if measured.is_told else untold(measured),
        figure=draw.load_bars(table),
        table=table,
        note=f"n = {words.count(len(table), 'person', 'people')}, the {WEEKS * 7} days from {scope.last_day} on. "
        f"{_how_sure(measured)} {words.share(agreed.support_share)} of working time is kept for support and meetings, "
        f"a review owed counts {words.number(agreed.review_hours, 1)} h. {only_chosen(scope)}In the order of names.",
        empty=privacy.empty(measured.frames, "Nobody has work or owes a review."),
        terms=(terms.LOAD_RATIO, terms.EXPECTED_REMAINING, terms.CAPACITY),
        wide=True,
    )


def named_of(measured: Measured) -> list[str]:
    """The names of those who are overloaded and may be seen closely, in their order."""
    flagged = measured.overloads.loc[measured.overloads["is_flagged"], "person"]
    loads = privacy.closely(measured.frames, measured.loads)
    return list(loads.loc[loads["person"].isin(flagged), "name"])


def _load_words(table: pd.DataFrame, overloaded: list[str]) -> str:
    """Name those who are overloaded, with their load; say what is usual."""
    ratio = table.set_index("name")["load_ratio"]
    known = ratio[ratio > 0]
    if known.empty:
        return "Nobody has work that is expected to take any time."
    half = f"Half of them have {words.number(float(known.median()), 1)} times their next {WEEKS} weeks to do, or less"
    if not overloaded:
        most = words.times(float(known.max()))
        return f"{half}, the fullest {most}; nobody is overloaded beside the others in their team."
    said = words.some([f"{name} ({words.times(float(ratio[name]))})" for name in overloaded])
    return f"{half}. Overloaded, also beside the others in their team: {said}."


def only_chosen(scope: Scope) -> str:
    """That other projects take time as well, where only some are looked at."""
    return "Work in projects that are not chosen is not counted: loads are higher than this. " if scope.projects else ""


def untold(measured: Measured) -> str:
    """Why loads are guesses where most of what was finished was never in progress."""
    finished, worked_on = measured.n_finished
    return (
        f"Only {worked_on} of {words.count(finished, 'finished item')} of the past year had ever been in progress "
        "under somebody. What work takes cannot be told from that: these loads are guesses."
    )


def _how_sure(measured: Measured) -> str:
    """What of the effort is guessed, and from what."""
    status = measured.remaining["status"].value_counts()
    at_least = int(measured.loads["n_at_least"].sum())
    beyond, none = int(status.get("beyond", 0)), int(status.get("no_history", 0))
    parts = [
        f"{words.count(beyond, 'item')} {words.agree(beyond, 'has', 'have')} had as much attention as the longest that "
        f"were finished: still real? {words.agree(beyond, 'It counts', 'They count')} as an average one"
        if beyond
        else "",
        f"for {at_least} the effort is known only to be at least so much" if at_least else "",
        f"{words.count(none, 'item')} {words.agree(none, 'counts', 'count')} nothing, because nothing like "
        f"{words.agree(none, 'it', 'them')} was ever finished"
        if none
        else "",
    ]
    said = "; ".join(part for part in parts if part)
    return f"{words.sentence(said)}." if said else "Effort is what items like these have taken in the past year."


def talk_panel(measured: Measured, scope: Scope) -> Panel:
    """Who is overloaded, and the items to talk about."""
    flags = measured.overloads
    flagged = privacy.closely(measured.frames, flags[flags["is_flagged"]])
    causes = workload.causes(flagged, measured.remaining, measured.everything)
    spent = measured.remaining.set_index("issue")["spent_hours"]
    shown = facts(measured.frames.issues, causes["issue"], ["url", "key", "title", "project"])
    table = pd.concat([causes, shown], axis=1).rename(columns={"hours": "remaining_hours"})
    table = table.assign(
        name=named(measured.frames, causes["person"]), spent_hours=causes["issue"].map(spent).astype("float64")
    )
    table = table.join(flags.set_index("person")[["n_days_above", "team_p85"]], on="person")
    table = table.sort_values(["name", "remaining_hours", "key"], ascending=[True, False, True], ignore_index=True)
    over = int((measured.loads["ratio"] > scope.agreements.overload_ratio).sum())
    return Panel(
        key="overloaded",
        title="Overloaded: what to talk about",
        takeaway=f"{_who(table)} Which of these can wait, be smaller, or be somebody else's?",
        table=table[
            ["url", "name", "key", "title", "remaining_hours", "spent_hours", "n_days_above", "team_p85", "project"]
        ],
        note=f"n = {words.count(len(table), 'item')}. Over {words.number(scope.agreements.overload_ratio, 1)} times "
        "capacity, and on five of the last ten working days more in progress than on 85 % of the days of others in the "
        f"team. "
        f"{words.count(over, 'person is', 'people are')} over capacity by load alone. Largest first.",
        empty=privacy.empty(measured.frames, CALM if measured.is_told else untold(measured)),
        terms=(terms.OVERLOAD, terms.EXPECTED_REMAINING),
        links=("url",),
        wide=True,
    )


def _who(table: pd.DataFrame) -> str:
    names = list(table["name"].unique())
    return f"{words.count(len(names), 'person is', 'people are')} overloaded: {words.some(names)}."


def teams_panel(measured: Measured, scope: Scope) -> Panel:
    """How evenly each team's work is spread over its people."""
    frames = measured.frames
    found = workload.imbalance(measured.loads, frames.team_members)
    found = found.assign(team_name=named(frames, found["team"]))[found["load_hours"] > 0]
    found = found[found["team_name"].isin(scope.teams)] if scope.teams else found
    over = measured.overloads.loc[measured.overloads["is_flagged"], "person"]
    of_team = frames.team_members.astype({"team": "str", "person": "str"})
    n_overloaded = of_team[of_team["person"].isin(over)].groupby("team").size()
    table = found.assign(
        n_people=found["n"],
        load_ratio=found["load_hours"] / found["capacity_hours"].where(found["capacity_hours"] > 0),
        to_move_share=found["hoover"],
        n_overloaded=found["team"].map(n_overloaded).astype("float64").fillna(0.0),
    )
    table = table.rename(columns={"team_name": "name"}).sort_values("name", ignore_index=True)
    table = table[["name", "n_people", "load_ratio", "to_move_share", "max_over_mean", "n_overloaded"]]
    return Panel(
        key="teams",
        title="Is the work spread evenly in each team?",
        takeaway=_team_words(table, scope.agreements.overload_ratio) if measured.is_told else untold(measured),
        table=table,
        note=f"n = {words.count(len(table), 'team')}; people without a team are left out, somebody in two counts in "
        f"both. What would have to move is a share of the team's expected work.{privacy.small_teams(frames)}",
        empty="No team is known that has work.",
        terms=(terms.IMBALANCE, terms.LOAD_RATIO),
    )


def _team_words(table: pd.DataFrame, limit: float) -> str:
    """A team that is evenly buried is helped by starting less, an uneven one by moving work."""
    known = table[table["to_move_share"].notna() & table["load_ratio"].notna()]
    if known.empty:
        return "Too few people with work in any team to speak of a spread."
    uneven, full = (records(known.nlargest(1, column))[0] for column in ("to_move_share", "load_ratio"))
    said = (
        f"In {uneven['name']} {words.share(uneven['to_move_share'])} of the work would have to move for all to be "
        "loaded alike."
    )
    if full["load_ratio"] > limit and full["to_move_share"] < EVEN:
        said += (
            f" {full['name']} holds {words.times(full['load_ratio'])} its next {WEEKS} weeks, and evenly: moving work "
            "within it will not help, starting less will."
        )
    return said


def switching_panel(measured: Measured, scope: Scope) -> Panel:
    """Between how many projects people switch."""
    found = workload.switching(measured.assignments, measured.frames.issues, start=scope.start, as_of=scope.as_of)
    theirs = privacy.closely(measured.frames, found[found["person"].isin(measured.loads["person"])])
    table = theirs.assign(name=named(measured.frames, theirs["person"])).sort_values("name", ignore_index=True)
    table = table.assign(mean_projects=table["mean_projects"] / table["busy_share"])
    many = table[table["mean_projects"] >= MANY_PROJECTS]
    return Panel(
        key="switching",
        title="Who switches between projects",
        takeaway=f"{words.count(len(many), 'person')} had work in {MANY_PROJECTS} projects or more at once on average. "
        "Each project more costs attention."
        if len(many)
        else f"Nobody had work in {MANY_PROJECTS} projects or more at once on average.",
        table=table[["name", "n_projects", "mean_projects"]],
        note=f"n = {words.count(len(table), 'person', 'people')} with work in progress since {scope.first_day}; "
        "time without any is left out. In the order of names.",
        empty=privacy.empty(measured.frames, "Nobody had anything in progress in this window."),
        terms=(terms.SWITCHING,),
    )
