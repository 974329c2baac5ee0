"""What if? A scenario for one milestone, its dates beside those of the plan as it is, and the smallest cut."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

import charts.forecast as draw
from fairlead.scope import Scope
from metrics import forecast, terms
from metrics.forecast import AS_IT_IS, Supposed
from reports import drifting, remaining, words
from reports.foreseen import Measured, One
from reports.names import NOBODY
from reports.panel import Panel

ORDERS: Mapping[str, tuple[list[str], list[bool]]] = {
    "Joined last": (["in_it_days", "key"], [True, True]),
    "Not started, joined last": (["state", "in_it_days", "key"], [False, True, True]),
    "Largest estimate": (["estimate", "in_it_days", "key"], [False, True, True]),
    "In nobody's hands, joined last": (["is_held", "in_it_days", "key"], [True, True, True]),
}
"""In which order items may be left out: columns of `remaining.items` and their direction."""
FEW_PERCENT, MANY_PERCENT, STEP_PERCENT = 25, 300, 5
MOST_LATER_WEEKS = 26
WANTED = round(forecast.LIKELY * 100)


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """What a reader supposes: items (keys) and labels left out, another due date, pace in percent, weeks it waits."""

    items: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    due_on: dt.date | None = None
    pace_percent: int = 100
    later_weeks: int = 0
    cut_first: str = next(iter(ORDERS))

    @property
    def is_nothing(self) -> bool:
        """Whether everything is supposed to stay as it is."""
        return replace(self, cut_first=Scenario.cut_first) == NOTHING


NOTHING = Scenario()


@dataclass(frozen=True, kw_only=True)
class Options:
    """What can be supposed of one milestone: its unfinished items (key → title) and their labels."""

    items: Mapping[str, str]
    labels: tuple[str, ...]


def options(measured: Measured, scope: Scope, *, milestone: str | None) -> Options:
    """What a scenario can be made of."""
    one = One(measured, scope, milestone)
    left = remaining.items(one)
    return Options(
        items=dict(zip(left["key"], left["title"], strict=True)),
        labels=tuple(sorted(_labels(measured, left)["label"].unique())),
    )


def panels(one: One, left: pd.DataFrame, scenario: Scenario) -> tuple[Panel, Panel]:
    """The scenario beside the plan as it is, and what to leave out for the due date to be likely.

    `left` is what `remaining.items` gives.
    """
    dropped = _dropped(one.measured, left, scenario)
    supposed = Supposed(
        n_dropped=len(dropped),
        pace=scenario.pace_percent / 100,
        later_weeks=float(scenario.later_weeks),
        due_on=pd.Timestamp(scenario.due_on) if scenario.due_on else None,
    )
    kept = left[~left["item"].isin(dropped["item"])]
    return _comparison(one, supposed, scenario, dropped), _cut(one, supposed, scenario, kept)


def _labels(measured: Measured, left: pd.DataFrame) -> pd.DataFrame:
    """Item and label of unfinished items, as they are now."""
    frames = measured.frames
    parts = [
        frames.issue_labels.rename(columns={"issue": "item"}),
        frames.pull_request_labels.rename(columns={"pull_request": "item"}),
    ]
    pairs = pd.concat([part[["item", "label"]].astype("str") for part in parts], ignore_index=True)
    return pairs[pairs["item"].isin(left["item"])]


def _dropped(measured: Measured, left: pd.DataFrame, scenario: Scenario) -> pd.DataFrame:
    labels = _labels(measured, left)
    labelled = labels.loc[labels["label"].isin(scenario.labels), "item"]
    return left[left["key"].isin(scenario.items) | left["item"].isin(labelled)]


def _compared(one: One, supposed: Supposed) -> pd.DataFrame:
    """A row for the plan as it is, and one for what is supposed where that differs: dates, chances, parts of drift."""
    if not one.ahead:
        return pd.DataFrame(columns=list(COLUMNS.values())).astype(TYPES)
    cases = {"as it is": AS_IT_IS} if supposed == AS_IT_IS else {"as it is": AS_IT_IS, "supposed": supposed}
    rows = [_case(one, each).assign(case=name) for name, each in cases.items()]
    told = pd.concat(rows, ignore_index=True)[list(COLUMNS)].rename(columns=COLUMNS)
    return told.astype(TYPES)


def _case(one: One, supposed: Supposed) -> pd.DataFrame:
    said = forecast.what_if(one.measured.history, str(one.id), supposed, as_of=one.scope.as_of)
    parts = drifting.decomposed(
        one,
        finish_on=said["p50_on"],
        due_on=said["due_on"],
        is_never=bool(np.isinf(said["p50_weeks"].iloc[0])),
        fewer=supposed.n_dropped,
    )
    return pd.concat([said, parts], axis=1)


def _comparison(one: One, supposed: Supposed, scenario: Scenario, dropped: pd.DataFrame) -> Panel:
    table = _compared(one, supposed)
    drawn = table.rename(columns={"expected_on": "p50_on", "plan_on": "p85_on", "commit_on": "p95_on"})
    chances = table["on_time_share"].map(words.chance).astype("str") + " on time"
    drawn = drawn.assign(
        label=drawn["case"].str.capitalize(),
        status="open",
        way=one.ahead.get("way", "none"),
        chance_words=chances.where(table["due_on"].notna(), "no due date"),
    )
    return Panel(
        key="what-if",
        title="What if?",
        takeaway=_compared_words(table, scenario, dropped),
        figure=draw.ranges(drawn, as_of=one.scope.as_of) if len(table) else None,
        table=table,
        note=f"n = {words.count(len(table), 'case')} as of {one.scope.last_day}, the same futures for each: what "
        "differs is owed to what is supposed. The address of this page holds the scenario; send it on. Pace is how "
        "much gets finished a week: two more people among eight are 125 % at best, and less while they learn.",
        empty="What is over, or holds nothing, cannot go otherwise.",
        terms=(terms.FORECAST, terms.DRIFT, terms.ON_TIME),
        wide=True,
    )


def _compared_words(table: pd.DataFrame, scenario: Scenario, dropped: pd.DataFrame) -> str:
    if table.empty:
        return ""
    was, now = table.iloc[0], table.iloc[-1]
    if len(table) == 1:
        said = ", ".join(part for part in (_plan(was), _on_time(was)) if part)
        return (
            f"As it is, {said}. Suppose something above: leave out items, move the date, change the pace, start later."
        )
    dates = f"{_plan(now)} instead of {words.day(was['plan_on'])}"
    before = f" instead of {words.chance(was['on_time_share'])}" if pd.notna(was["on_time_share"]) else ""
    chances = f"; {_on_time(now)}{before}" if _on_time(now) else ""
    return f"{_supposed_words(scenario, dropped)}: {dates}{chances}."


def _plan(row: pd.Series) -> str:
    if not row["remaining"]:
        return "nothing is left to do"
    return f"plan on {words.day(row['plan_on'])}" if pd.notna(row["plan_on"]) else "there is no date to plan on"


def _on_time(row: pd.Series) -> str:
    """The chance to be on time; empty where none can be told."""
    if pd.isna(row["on_time_share"]):
        return ""
    return f"{words.chance(row['on_time_share'])} to be done by {words.day(row['due_on'])}"


def _supposed_words(scenario: Scenario, dropped: pd.DataFrame) -> str:
    """`Without 3 items, at 120 % of the pace`."""
    said = [
        f"without {words.count(len(dropped), 'item')}" if len(dropped) else "",
        f"at {scenario.pace_percent} % of the pace" if scenario.pace_percent != NOTHING.pace_percent else "",
        f"started {words.count(scenario.later_weeks, 'week')} later" if scenario.later_weeks else "",
        f"due {words.day(scenario.due_on)}" if scenario.due_on else "",
    ]
    text = ", ".join(part for part in said if part)
    return words.sentence(text)


def _cut(one: One, supposed: Supposed, scenario: Scenario, kept: pd.DataFrame) -> Panel:
    least = _least(one, supposed)
    columns, ascending = ORDERS[scenario.cut_first]
    ordered = kept.assign(is_held=kept["assigned_to"] != NOBODY)
    ordered = ordered.sort_values(columns, ascending=ascending, na_position="last", ignore_index=True)
    table = ordered.head(least or 0)[CUT]
    return Panel(
        key="cut",
        title="The smallest cut",
        takeaway=f"Without {words.count(len(table), 'item')} of {len(kept)} the due date is {WANTED} % likely. "
        f"{scenario.cut_first} first, these are the ones to talk about.",
        table=table,
        note=f"n = {words.count(len(table), 'item')}, in the order chosen above. Every item counts the same; which "
        "ones can go is yours to say.",
        empty=_no_cut(one, supposed, least),
        links=("url",),
        wide=True,
    )


def _least(one: One, supposed: Supposed) -> int | None:
    """How many items must go; None where no cut helps or nothing can be said."""
    if one.id is None or not one.ahead:
        return None
    return forecast.smallest_cut(one.measured.history, one.id, supposed, as_of=one.scope.as_of)


def _no_cut(one: One, supposed: Supposed, least: int | None) -> str:
    if least == 0:
        return f"Nothing has to go: the due date is {WANTED} % likely as it is supposed."
    if not one.ahead:
        return "Nothing is left to cut."
    if pd.isna(supposed.due_on or one.ahead["due_on"]):
        return "Without a due date there is nothing to cut for. Suppose one above."
    if one.ahead["way"] == "none":
        return "Too young to tell: neither six whole weeks of its own nor enough milestones to compare it with."
    if one.ahead["way"] == "reference":
        return "Too young to have a pace of its own: its date comes from how long others took, whatever is left out."
    return f"No cut makes the due date {WANTED} % likely: not even with one item left. Move the date."


CUT = ["key", "title", "state", "assigned_to", "in_it_days", "priority", "estimate", "url"]
COLUMNS = {
    "case": "case", "remaining": "remaining", "due_on": "due_on", "p50_on": "expected_on", "p85_on": "plan_on",
    "p95_on": "commit_on", "p_on_time": "on_time_share", "drift50_days": "expected_drift_days",
    "drift85_days": "plan_drift_days", "late_start_days": "late_start_days", "scope_growth_days": "scope_growth_days",
    "throughput_days": "pace_days", "due_change_days": "due_change_days",
}  # fmt: skip
TYPES = dict.fromkeys(COLUMNS.values(), "float64") | {
    "case": "str", "remaining": "int64",
    **dict.fromkeys(("due_on", "expected_on", "plan_on", "commit_on"), "datetime64[us]"),
}  # fmt: skip
