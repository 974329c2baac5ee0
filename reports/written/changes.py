"""What changed in milestones: one or two sentences each, and only where it is worth somebody's time."""

import math
from typing import NamedTuple

import pandas as pd

from reports import words
from reports.milestones import WORRYING, closely, why
from reports.records import Record, records
from reports.written.compared import WEEK_DAYS, Compared
from reports.written.sentences import Sentence

GREW = 0.1
"""More of the scope than this came at once."""
FEWEST = 2
"""A single item is no growth."""
AHEAD = 0.1
"""A forecast of a far date moves by days from week to week; by a tenth of the time ahead it does not."""
POINTS = 0.15
"""A chance that moves by less is within what such forecasts wobble."""
NOTABLE = (
    "Told of: what fell behind or recovered, due dates that moved, scope that grew or shrank by "
    f"{words.share(GREW)} or more, dates to plan on that moved by a week and a tenth of the time ahead, chances that "
    f"moved by {round(POINTS * 100)} points."
)
NOW = [
    "milestone", "title", "choice", "state", "due_on", "days_to_due", "created_at", "closed_at", "scope", "remaining",
]  # fmt: skip
AHEAD_NOW = ["milestone", "status", "p85_on", "p85_weeks", "p_on_time", "way", "idle_days"]
THEN = ["milestone", "status", "p85_on", "p85_weeks", "p_on_time", "way", "due_on", "scope", "remaining"]


def told(compared: Compared) -> list[Sentence]:
    """What changed in each milestone since then; the one that fell behind most first, closed ones aside."""
    return [sentence for row in records(beside(compared)) if (sentence := _sentence(row)) is not None]


def beside(compared: Compared) -> pd.DataFrame:
    """Open milestones and those closed since, as they stand and as they stood (`_then`; missing where not known).

    With n_finished and n_added (items since then) and due_moved_days (by how much the due date moved since then).
    """
    now, then = compared.now, compared.then
    rows = now.summary[(now.summary["state"] == "open") | (now.summary["closed_at"] > compared.since)][NOW]
    ahead, before = now.portfolio[AHEAD_NOW], then.portfolio[THEN]
    found = rows.merge(ahead, how="left", on="milestone").merge(
        before, how="left", on="milestone", suffixes=("", "_then")
    )
    slipped = now.said[now.said["said_at"].between(compared.since, compared.scope.as_of, inclusive="right")]
    slips = slipped.groupby("milestone")["slip_days"].sum()
    found = found.join(compared.counts, on="milestone").fillna({"n_finished": 0, "n_added": 0})
    found = found.assign(
        due_moved_days=found["milestone"].map(slips).astype("float64").fillna(0.0),
        is_new=found["created_at"] > compared.since,
        url=closely(found),
        called=found["milestone"].map(now.titles).astype("str"),
    )
    return found.sort_values(["due_on", "called"], na_position="last", ignore_index=True)


class Who(NamedTuple):
    """What a milestone is called in a sentence: by its title first, then for short."""

    it: str
    its: str


def _sentence(row: Record) -> Sentence | None:
    """All that changed in one milestone, the most important first."""
    found = [(rank, event) for rank, event in enumerate(EVENTS) if event(row, IT)]
    if not found:
        return None
    called = Who(row["called"], f"{row['called']}: its")
    told = [event(row, called if place == 0 else IT) for place, (_, event) in enumerate(found)]
    says = " ".join(f"{words.sentence(each) if place else each}." for place, each in enumerate(told))
    return Sentence(says=says, what=row["called"], url=row["url"], rank=found[0][0])


IT = Who("it", "its")


def _is_day(value: object) -> bool:
    return isinstance(value, pd.Timestamp)


def _is_known(row: Record) -> bool:
    """Whether it stood there then, is open now, and holds work that is not dormant."""
    return isinstance(row["status_then"], str) and row["state"] == "open" and row["status"] not in {"empty", "dormant"}


def _place(status: object) -> int:
    """How worrying a status is: the less, the more worrying."""
    return WORRYING.index(str(status)) if status in WORRYING else len(WORRYING)


def _is_worse(row: Record) -> bool:
    return _is_known(row) and _place(row["status"]) < _place(row["status_then"])


def _overdue(row: Record, who: Who) -> str:
    if not (_is_worse(row) and row["status"] == "overdue"):
        return ""
    left = (
        f"{row['remaining']} of {words.count(row['scope'], 'item')} {words.agree(row['remaining'], 'is', 'are')} left"
    )
    return f"{who.it} became overdue: it was due on {words.day(row['due_on'])} and {left}; {_plan(row)}"


def _plan(row: Record) -> str:
    return f"plan on {words.day(row['p85_on'])}" if _is_day(row["p85_on"]) else "there is no date to plan on"


def _fell(row: Record, who: Who) -> str:
    """It became at risk, or worse than that."""
    if not _is_worse(row) or row["status"] == "overdue":
        return ""
    if row["status"] != "at_risk":
        # Without a due date then, it was not told how long it would take: that may be no news.
        return "" if row["status_then"] == "no_due_date" else f"{who.it} {FELL[row['status']]}: {why(row)}"
    if _has_chances(row):
        return f"{who.it} became at risk: {_chances(row)}; {_plan(row)}{_because(row)}"
    return f"{who.it} is at risk: {likely(why(row))}"


FELL = {"no_throughput": "came to a standstill", "never": "moved out of reach"}


def _has_chances(row: Record) -> bool:
    """Whether the chances of then and now are those of one due date."""
    chances = (row["p_on_time"], row["p_on_time_then"])
    return row["due_on"] == row["due_on_then"] and not any(map(math.isnan, chances))


def _chances(row: Record) -> str:
    verb = "fell" if row["p_on_time"] < row["p_on_time_then"] else "rose"
    return (
        f"the chance to be done by {words.day(row['due_on'])} {verb} from {words.chance(row['p_on_time_then'])} to "
        f"{words.chance(row['p_on_time'])}"
    )


def _cut_off(row: Record, who: Who) -> str:
    if row["state"] != "closed" or not row["remaining"]:
        return ""
    return f"{who.it} was closed with {row['remaining']} of {words.count(row['scope'], 'item')} left"


def _due(row: Record, who: Who) -> str:
    if row["due_moved_days"]:
        return f"{who.its} due date moved {words.shift(row['due_moved_days'])}, to {words.day(row['due_on'])}"
    if not _is_known(row) or _is_day(row["due_on"]) == _is_day(row["due_on_then"]):
        return ""
    return (
        f"{who.its} due date, {words.day(row['due_on_then'])}, was taken away"
        if not _is_day(row["due_on"])
        else f"{who.it} got a due date, {words.day(row['due_on'])}"
    )


def _scope(row: Record, who: Who) -> str:
    if not _is_known(row):
        return ""
    more, then = int(row["scope"] - row["scope_then"]), row["scope_then"]
    if abs(more) < max(FEWEST, GREW * then):
        return ""
    verb = "grew" if more > 0 else "shrank"
    return f"{who.it} {verb} by {words.count(abs(more), 'item')} to {row['scope']}"


def _planned(row: Record, who: Who) -> str:
    """The date to plan on, where it moved far, came or went, and nothing above tells of it already."""
    if not _is_known(row) or not row["remaining"] or _is_worse(row):
        return ""
    was, now = row["p85_weeks_then"], row["p85_weeks"]
    if math.isinf(was) and math.isfinite(now):
        return f"{who.it} has a date to plan on again, {words.day(row['p85_on'])}"
    if math.isfinite(was) and math.isinf(now):
        return f"{who.it} has no date to plan on any more: it may take over two years"
    days = (row["p85_on"] - row["p85_on_then"]) / pd.Timedelta(days=1)
    if math.isnan(days) or abs(days) < max(WEEK_DAYS, AHEAD * WEEK_DAYS * was):
        return ""
    moved = f"{who.its} date to plan on moved {words.shift(days)}, to {words.day(row['p85_on'])}"
    return moved + (_because(row) or _meanwhile(row, days))


def _because(row: Record) -> str:
    """A date jumps, though nothing happened, when enough weeks of its own have come together to tell it from."""
    is_own_now = row["way"] == "own" and row["way_then"] != "own"
    return ". It has a pace of its own now; before, it was foreseen from how long others took" if is_own_now else ""


def _meanwhile(row: Record, days: float) -> str:
    n = int(row["n_finished"])
    if days > 0:
        return "" if n else ", while nothing in it was finished"
    return f", after {words.count(n, 'item')} {words.agree(n, 'was', 'were')} finished" if n else ""


def likely(said: str) -> str:
    """`27 % likely to be done by 3 Mar 2026`: what `why` says, as a sentence wants it."""
    return said.replace(" % to be done by ", " % likely to be done by ", 1)


def _likelier(row: Record, who: Who) -> str:
    """The chance, where nothing above tells of it already."""
    if not _is_known(row) or _is_worse(row) or _is_recovered(row) or not _has_chances(row):
        return ""
    change = row["p_on_time"] - row["p_on_time_then"]
    return f"{who.its} {_chances(row).removeprefix('the ')}{_because(row)}" if abs(change) >= POINTS else ""


def _is_recovered(row: Record) -> bool:
    return _is_known(row) and row["status_then"] in WORRYING and row["status"] == "ok"


def _recovered(row: Record, who: Who) -> str:
    return f"{who.it} is on track again: {likely(why(row))}" if _is_recovered(row) else ""


def _done(row: Record, who: Who) -> str:
    is_done = _is_known(row) and row["status"] == "done" and row["remaining_then"]
    return f"{who.it} has nothing left to do and is still open: close it, or say what is missing" if is_done else ""


def _new(row: Record, who: Who) -> str:
    if not row["is_new"] or row["state"] != "open" or not row["scope"]:
        return ""
    due = f", due on {words.day(row['due_on'])}" if _is_day(row["due_on"]) else ", without a due date"
    return f"{who.it} is new, with {words.count(row['scope'], 'item')}{due}"


EVENTS = (_overdue, _fell, _cut_off, _due, _scope, _planned, _likelier, _recovered, _done, _new)
"""In the order of their weight: what is late or may be, what was decided, what moved, what got better, what is new."""


def in_all(compared: Compared) -> list[Sentence]:
    """How many items of milestones were finished and added since then; nothing where none was."""
    happened, titles = compared.happened, compared.now.titles
    finished, added = (happened.loc[happened[name], "item"].nunique() for name in ("is_finished", "is_added"))
    if not finished and not added:
        return []
    most = compared.counts["n_added"].sort_index().nlargest(1)
    where = f", most of them to {titles[most.index[0]]} ({most.iloc[0]})" if _is_most(compared, most) else ""
    says = f"Over all milestones: {words.count(finished, 'item')} finished, {added} added{where}."
    return [Sentence(says=says, what="Milestones", url="/milestones", rank=len(EVENTS))]


def in_one(compared: Compared, milestone: str | None, address: str) -> list[Sentence]:
    """The same of one milestone."""
    rows = records(compared.counts[compared.counts.index == milestone])
    finished, added = (sum(int(row[name]) for row in rows) for name in ("n_finished", "n_added"))
    title = "".join(compared.now.titles[compared.now.titles.index == milestone])
    says = f"{words.count(finished, 'item')} finished, {added} added."
    return [Sentence(says=says, what=title, url=address, rank=len(EVENTS))] if finished or added else []


def _is_most(compared: Compared, most: pd.Series) -> bool:
    """Whether one of several milestones got more than half of what was added."""
    added = compared.counts["n_added"]
    return bool((added > 0).sum() > 1 and most.iloc[0] > added.sum() / 2)
