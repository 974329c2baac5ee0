"""The programme report: will all of several milestones be on time, which one decides it, and which waits for which?"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

import charts.forecast as draw
from fairlead.access import VisibleFrames
from fairlead.scope import Scope
from metrics import forecast, milestones, terms
from reports import foreseen, words
from reports.foreseen import Measured, told_apart
from reports.milestones import STATUS_WORDS, chances_of, table_of
from reports.panel import Headline, Panel, Report

LEAST_GAIN, HALF = 0.01, 0.5
QUESTION = "Will all of these be on time, which one decides it, and which waits for which?"


def report(frames: VisibleFrames, scope: Scope) -> Report:
    """All open milestones with a due date, together."""
    return report_of(foreseen.measure(frames, scope), scope)


def choices(measured: Measured, _: Scope) -> Mapping[str, str]:
    """The milestones a programme can be made of, label → id: open ones with work left and a due date."""
    rows = measured.portfolio[measured.portfolio["due_on"].notna() & (measured.portfolio["remaining"] > 0)]
    return dict(zip(rows["choice"], rows["milestone"], strict=True))


def report_of(measured: Measured, scope: Scope, *, among: tuple[str, ...] = ()) -> Report:
    """`report` of what has been measured already, of some milestones (ids).

    By default all that can be chosen and are not overdue: what is late cannot be on time any more.
    """
    chosen = among or tuple(choices(measured, scope).values())
    is_asked = measured.portfolio["milestone"].isin(chosen)
    is_past = (measured.portfolio["status"] == "overdue") & (not among)
    rows = measured.portfolio[is_asked & ~is_past].reset_index(drop=True)
    found = forecast.together(measured.history, rows, as_of=scope.as_of)
    return Report(
        key="programme",
        title="Programme",
        question=QUESTION,
        headlines=_headlines(rows, found),
        panels=(_dates(rows, found, scope), _deciding(rows, found), _waiting(measured, rows, scope)),
    )


def _headlines(rows: pd.DataFrame, found: forecast.Together) -> tuple[Headline, ...]:
    return (
        Headline(
            label="Milestones",
            value=words.number(len(rows)),
            help="Chosen above; without a choice, all open ones with work left and a due date ahead.",
        ),
        Headline(
            label="All on time",
            value=words.chance(found.on_time),
            help=terms.ALL_ON_TIME.meaning,
            delta=f"{words.chance(found.unrelated)} if unrelated" if len(found.without) else "",
        ),
        Headline(
            label="Weakest",
            value=words.chance(found.weakest),
            help="The chance of the least likely one. No programme is likelier than its weakest milestone.",
        ),
        Headline(
            label="Last one to plan on",
            value=_last(rows),
            help="The latest date to plan on (P85) among them; none where one may not be done within two years.",
        ),
    )


def _last(rows: pd.DataFrame) -> str:
    """The latest date to plan on; never where one of them has none, unknown where nothing can be told of one."""
    if rows.empty or rows["p85_weeks"].isna().any():
        return words.UNKNOWN
    return words.short_day(rows["p85_on"].max()) if rows["p85_on"].notna().all() else words.BEYOND


def _dates(rows: pd.DataFrame, found: forecast.Together, scope: Scope) -> Panel:
    drawn = rows.sort_values(["due_on", "title"], ignore_index=True)
    drawn = drawn.assign(label=told_apart(drawn), chance_words=chances_of(drawn))
    n = len(found.without)
    return Panel(
        key="dates",
        title="When they will be done",
        takeaway=f"All of {words.count(n, 'milestone')} on time: {words.chance(found.on_time)}. Unrelated ones would "
        f"have {words.chance(found.unrelated)}; the weakest alone has {words.chance(found.weakest)}."
        if n
        else "No milestone here has both a due date and a forecast.",
        figure=draw.ranges(drawn, as_of=scope.as_of) if len(drawn) else None,
        table=table_of(drawn),
        note=f"n = {words.count(len(rows), 'milestone')} as of {scope.last_day}, soonest due on top; {n} with a chance "
        "to be on time. Those of one project share weeks and pace in the simulation, those of different ones do not.",
        empty="No open milestone with work left has a due date in this scope.",
        terms=(terms.ALL_ON_TIME, terms.FORECAST),
        links=("closely",),
        wide=True,
    )


def _deciding(rows: pd.DataFrame, found: forecast.Together) -> Panel:
    names = told_apart(rows).set_axis(rows["milestone"])
    table = found.without.assign(
        title=found.without["milestone"].map(names).astype("str"),
        gain_share=found.without["others_on_time"] - found.on_time,
    ).sort_values(["gain_share", "title"], ascending=[False, True], ignore_index=True)
    columns = {"title": "title", "p_on_time": "on_time_share", "others_on_time": "all_others_on_time_share",
               "gain_share": "gain_share"}  # fmt: skip
    return Panel(
        key="deciding",
        title="Which one decides it",
        takeaway=_first_words(table, found),
        table=table[list(columns)].rename(columns=columns),
        note=f"n = {words.count(len(table), 'milestone')}. What taking one out, or making it certain, would add to the "
        "chance of all.",
        empty="No milestone here has both a due date and a forecast.",
        terms=(terms.ALL_ON_TIME,),
    )


def _first_words(table: pd.DataFrame, found: forecast.Together) -> str:
    if table.empty:
        return ""
    first = table.iloc[0]
    if len(table) == 1:
        return f"{first['title']} is the only one: {words.chance(found.on_time)}."
    if first["gain_share"] < LEAST_GAIN:
        unlikely = table.loc[table["p_on_time"] < HALF, "title"]
        named = f": {', '.join(unlikely)}" if len(unlikely) else ""
        return (
            f"No single one decides it: {len(unlikely)} of {words.count(len(table), 'milestone')} are each more likely "
            f"late than not{named}."
        )
    return (
        f"Without {first['title']} all others are on time with {words.chance(first['others_on_time'])} instead of "
        f"{words.chance(found.on_time)}. Look there first."
    )


def _waiting(measured: Measured, rows: pd.DataFrame, scope: Scope) -> Panel:
    frames = measured.frames
    blocked = milestones.blockers(frames.issues, frames.issue_events, frames.issue_links, as_of=scope.as_of)
    found = milestones.dependencies(measured.known, measured.members, blocked)
    chosen = found[found["milestone"].isin(rows["milestone"]) | found["waits_for"].isin(rows["milestone"])]
    ahead = measured.portfolio.set_index("milestone")
    waiting, other = ahead.reindex(chosen["milestone"]), ahead.reindex(chosen["waits_for"])
    table = pd.DataFrame(
        {
            "title": chosen["milestone"].map(measured.titles).astype("str"),
            "waits_for": chosen["waits_for"].map(measured.titles).astype("str"),
            "n_items": chosen["n_items"].astype("int64"),
            "due_on": waiting["due_on"].array,
            "plan_of_other_on": other["p85_on"].array,
            "status_of_other": other["status"].map(STATUS_WORDS).astype("str").array,
        }
    ).reset_index(drop=True)
    is_beyond = pd.Series(np.isinf(other["p85_weeks"].to_numpy(float)))
    late = int(((table["plan_of_other_on"] > table["due_on"]) | (is_beyond & table["due_on"].notna())).sum())
    n = chosen["milestone"].nunique()
    return Panel(
        key="waiting",
        title="Which waits for which",
        takeaway=f"{words.count(n, 'milestone')} {words.agree(n, 'waits', 'wait')} for another; in "
        f"{words.count(late, 'pair')} that other one is to be planned on after this one is due.",
        table=table,
        note=f"n = {words.count(len(table), 'pair')}: unfinished items of one are blocked by unfinished items of the "
        "other. The chances above do not know of it: a milestone that waits is likelier to be late than they say.",
        empty="No unfinished item of one of these waits for an unfinished item of another, as far as links say.",
    )
