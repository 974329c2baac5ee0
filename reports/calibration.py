"""Panels on how far forecasts can be believed: did such dates hold, and were they better than the usual ways?

They show what `fairlead calibrate` stored: past forecasts made anew with what was known then.
"""

import pandas as pd

import charts.forecast as draw
from fairlead.scope import Scope
from metrics import terms
from metrics.forecast import scores
from reports import words
from reports.calibration_words import METHODS
from reports.foreseen import Measured
from reports.panel import Panel
from reports.records import Record, records

WEEKLY, PARTS = "week by week", "on the way"
EMPTY = (
    "No forecast has been checked yet. `fairlead calibrate` makes past ones anew and compares them with what came; "
    "it needs milestones that were closed."
)
ON_THE_WAY = "at a quarter, half and three quarters of the way"


def held_panel(measured: Measured, scope: Scope) -> Panel:
    """How often did dates hold that were said with 50, 85 and 95 %?"""
    table = pd.concat(
        [scores.coverage(rows).assign(said=kind) for kind, rows in _kinds(measured.past).items()], ignore_index=True
    )
    table = table[table["n"] > 0].reset_index(drop=True)
    named = table.assign(name=table["level"].str.upper() + " " + table["said"])
    columns = ["said", "level", "wanted", "n", "n_milestones", "n_held", "held_share", "wilson_low", "wilson_high"]
    shares = {"wanted": "wanted_share", "wilson_low": "low_share", "wilson_high": "high_share"}
    return Panel(
        key="held",
        title="Do our dates hold?",
        takeaway=_held_words(measured.past),
        figure=draw.held(named) if len(named) else None,
        table=table[columns].rename(columns=shares),
        note=f"n = {words.count(_n(measured.past), 'past forecast')} made anew by {scope.last_day} with what was known "
        f"then: every week, and {ON_THE_WAY}. Open milestones past a date have missed it. The line is the 95 % "
        f"interval, with forecasts of one milestone taken as telling one story. {_on_time_words(measured.past)}",
        empty=EMPTY,
        terms=(terms.CALIBRATION, terms.FORECAST),
    )


def baselines_panel(measured: Measured, scope: Scope) -> Panel:
    """What would the usual ways have said, and how far off were they?"""
    table = pd.concat(
        [scores.against_baselines(rows).assign(said=kind) for kind, rows in _kinds(measured.past).items()],
        ignore_index=True,
    )
    table = table.assign(way=table["method"].map(METHODS).astype("str"))
    table = table[table["n"] > 0].reset_index(drop=True)
    drawn = table[(table["said"] == _main(table)) & (table["level"] == "p85") & (table["method"] != "ours")]
    columns = ["way", "said", "level", "n", "n_milestones", "held_share", "pinball_weeks", "ours_weeks"]
    return Panel(
        key="baselines",
        title="Better than the usual ways?",
        takeaway=_better_words(drawn),
        figure=draw.losses(drawn) if len(drawn) else None,
        table=table[columns],
        note=f"n = {words.count(int(drawn['n'].max()) if len(drawn) else 0, 'forecast')} of closed milestones by "
        f"{scope.last_day}, each way compared on those where it says anything. A day too early costs 0.85, a day too "
        "late 0.15 (pinball loss of a date that should hold in 85 %). Never counts as two years.",
        empty=EMPTY,
        terms=(terms.PINBALL,),
    )


def spread_panel(measured: Measured, scope: Scope) -> Panel:
    """Where in the forecasts did outcomes lie?"""
    said = measured.past[measured.past["window"] == "weekly"]
    table, whole = scores.spread(said), scores.distribution(said).iloc[0]
    table = table if table["n"].any() else table.head(0)
    return Panel(
        key="outcomes",
        title="Where outcomes fell",
        takeaway=_spread_words(table),
        figure=draw.outcomes(table) if len(table) else None,
        table=table,
        note=f"n = {words.count(int(table['n'].sum()), 'weekly forecast')} of milestones that ended by "
        f"{scope.last_day}, by the part of the forecast's futures that had ended when it ended (PIT). Even is right, "
        "heaps at the ends are overconfidence. All futures together were "
        f"{words.number(whole['crps_weeks'], 1)} weeks off (CRPS).",
        empty=EMPTY,
        terms=(terms.CALIBRATION,),
    )


def _spread_words(table: pd.DataFrame) -> str:
    n = table["n"].sum()
    if not n:
        return ""
    early, late = table["n"].iloc[0] / n, table["n"].iloc[-1] / n
    return (
        f"{words.share(early)} ended before nine in ten futures had, {words.share(late)} after nine in ten; 10 % each "
        "would be right."
    )


def _kinds(past: pd.DataFrame) -> dict[str, pd.DataFrame]:
    is_weekly = past["window"] == "weekly"
    return {WEEKLY: past[is_weekly], PARTS: past[~is_weekly]}


def _main(table: pd.DataFrame) -> str:
    """The kind of forecast that is shown first: those said every week, as those on the page are."""
    return WEEKLY if (table["said"] == WEEKLY).any() else PARTS


def _n(past: pd.DataFrame) -> int:
    return int(scores.is_told(past).sum())


def _held_words(past: pd.DataFrame) -> str:
    when = {WEEKLY: "Said week by week", PARTS: f"Said {ON_THE_WAY}"}
    said = [held_sentence(when[kind], rows) for kind, rows in _kinds(past).items()]
    return " ".join(part for part in said if part)


def held_sentence(when: str, rows: pd.DataFrame) -> str:
    """How often 85 % dates held; what is still open past one has missed it, and how it is without those."""
    everything, ended = _p85(rows), _p85(rows[rows["actual_weeks"].notna()])
    if not everything["n"]:
        return ""
    low, high = words.share(everything["wilson_low"]), words.share(everything["wilson_high"])
    said = (
        f"{when}, our 85 % dates held in {everything['n_held']:,} of {words.count(everything['n'], 'case')} "
        f"({words.share(everything['held_share'])}; likely {low} to {high}), "
        f"{words.count(everything['n_milestones'], 'milestone')}."
    )
    n_open, n_never = everything["n"] - ended["n"], everything["n_never"]
    more = [
        _open_words(n_open, ended) if n_open else "",
        f"{words.count(n_never, 'time')} it said {words.BEYOND}, and it was not." if n_never else "",
    ]
    return " ".join([said, *(part for part in more if part)])


def _open_words(n_open: int, ended: Record) -> str:
    missed = f"{words.count(n_open, 'miss', 'misses')} {words.agree(n_open, 'is', 'are')} of milestones still open"
    return (
        f"{missed}; of those that have ended {words.share(ended['held_share'])} held." if ended["n"] else f"{missed}."
    )


def _p85(rows: pd.DataFrame) -> Record:
    return next(row for row in records(scores.coverage(rows)) if row["level"] == "p85")


def _on_time_words(past: pd.DataFrame) -> str:
    row = scores.on_time(past[past["window"] == "weekly"]).iloc[0]
    if not row["n"] or pd.isna(row["skill"]):
        return "Chances by due dates cannot be judged yet: too few due dates were seen before they had passed."
    better = "better" if row["skill"] > 0 else "no better"
    return (
        f"Chances by due dates are {better} than always saying {words.share(row['happened_share'])}: Brier skill "
        f"{row['skill']:.2f} over {words.count(int(row['n']), 'case')}."
    )


def _better_words(drawn: pd.DataFrame) -> str:
    usual = drawn[drawn["method"] != "as_first_made"]
    if usual.empty:
        return ""
    beaten = usual[usual["ours_weeks"] < usual["pinball_weeks"]]
    best = usual.iloc[int((usual["pinball_weeks"] - usual["ours_weeks"]).argmin())]
    verdict = "Closest to ours" if best["pinball_weeks"] > best["ours_weeks"] else "Better than ours"
    return (
        f"Fairlead's 85 % dates were closer than {len(beaten)} of {words.count(len(usual), 'usual way')}. "
        f"{verdict}: {best['way']}, {best['pinball_weeks']:.1f} weeks of loss against {best['ours_weeks']:.1f}."
    )
