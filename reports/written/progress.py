"""How far each milestone is that moved or is due soon, and what is in its way."""

import math

import pandas as pd

from fairlead import keys
from metrics import milestones
from reports import drifting, words
from reports.foreseen import One
from reports.milestones import GREW, WORRYING, closely, why
from reports.records import Record, records
from reports.written.changes import likely
from reports.written.compared import Compared
from reports.written.sentences import Sentence

SOON_DAYS = 42
STANDS = {
    "overdue": "overdue", "never": "over two years off", "no_throughput": "at a standstill", "at_risk": "at risk",
    "no_due_date": "without a due date", "too_early": "too early to tell", "ok": "on track",
}  # fmt: skip
CAUSES = {
    "late_start_days": "a late start",
    "scope_growth_days": "added scope",
    "throughput_days": "a slower pace than planned",
    "due_change_days": "a due date that was moved forward",
}


def told(compared: Compared) -> list[Sentence]:
    """Open milestones that moved since then or are due within six weeks, those that need somebody first."""
    rows = _rows(compared)
    is_soon, is_moving = rows["days_to_due"] <= SOON_DAYS, (rows["n_finished"] + rows["n_added"]) > 0
    return _sentences(rows[(rows["status"] != "dormant") & (is_soon | is_moving)], compared)


def of_one(compared: Compared, milestone: str | None) -> list[Sentence]:
    """One open milestone, whether it moved or not."""
    rows = _rows(compared)
    return _sentences(rows[rows["milestone"] == milestone], compared)


def in_all(compared: Compared) -> list[Sentence]:
    """How many milestones are open, and what is the matter with how many of them."""
    rows = _rows(compared)
    rows = rows[rows["status"] != "dormant"]
    if rows.empty:
        return []
    by = rows["status"].map(STANDS)
    counts = by.value_counts().reindex(by.drop_duplicates())
    standing = ", ".join(f"{n} {status}" for status, n in counts.items())
    says = (
        f"{words.count(len(rows), 'milestone')} {words.agree(len(rows), 'is', 'are')} open with work left: {standing}."
    )
    return [Sentence(says=says, what="Milestones", url="/milestones")]


def _rows(compared: Compared) -> pd.DataFrame:
    """Open milestones with work left, with what happened to them since then, those that need somebody first."""
    measured = compared.now
    rows = measured.portfolio.join(compared.counts, on="milestone").join(_held_up(compared), on="milestone")
    rows = rows.fillna({"n_finished": 0, "n_added": 0, "n_held_up": 0})
    called = rows["milestone"].map(measured.titles).astype("str")
    return rows.assign(url=closely(rows), called=called)[rows["remaining"] > 0]


def _sentences(rows: pd.DataFrame, compared: Compared) -> list[Sentence]:
    return [
        Sentence(says=_progress(row, compared), what=row["called"], url=row["url"], rank=place)
        for place, row in enumerate(records(rows))
    ]


def _progress(row: Record, compared: Compared) -> str:
    done, scope = int(row["done"]), int(row["scope"])
    items = (
        f"{done} of {words.count(scope, 'item')} {words.agree(done, 'is', 'are')} done ({words.share(done / scope)})"
    )
    first = f"{row['called']}: {items}{_happened(row, compared)}."
    return " ".join([first, f"{words.sentence(likely(why(row)))}.", *_hurdles(row, compared)])


def _happened(row: Record, compared: Compared) -> str:
    counts = {"finished": int(row["n_finished"]), "added": int(row["n_added"])}
    told = [f"{n} {what}" for what, n in counts.items() if n]
    return f"; {' and '.join(told)} {compared.lately}" if told else ""


def _hurdles(row: Record, compared: Compared) -> list[str]:
    return list(filter(None, [_cause(row, compared), _growth(row), _blocked(row)]))


def _cause(row: Record, compared: Compared) -> str:
    """What most of the days come from that it will be late by, where one thing outweighs the others."""
    if row["status"] not in WORRYING or not isinstance(row["p50_on"], pd.Timestamp):
        return ""
    one = One(compared.now, compared.scope, row["milestone"])
    dates = [pd.Series([row[name]], dtype="datetime64[us]") for name in ("p50_on", "due_on")]
    found = records(drifting.decomposed(one, finish_on=dates[0], due_on=dates[1], is_never=False))[0]
    lost = {name: found[name] for name in CAUSES if found["status"] == "ok" and found[name] > 0}
    most = max(lost, key=lost.__getitem__, default="")
    return f"Main cause: {CAUSES[most]}." if most and lost[most] > sum(lost.values()) / 2 else ""


def _growth(row: Record) -> str:
    share = row["growth_share"]
    if math.isnan(share) or share < GREW:
        return ""
    return f"Its scope grew from {row['committed']} to {words.count(row['scope'], 'item')}."


def _blocked(row: Record) -> str:
    n = int(row["n_held_up"])
    return f"{words.count(n, 'item')} left {words.agree(n, 'waits', 'wait')} for something else." if n else ""


def _held_up(compared: Compared) -> pd.Series:
    """How many unfinished items of each milestone are blocked, by its id."""
    frames, stays = compared.frames, compared.now.stays
    blocked = milestones.blockers(frames.issues, frames.issue_events, frames.issue_links, as_of=compared.scope.as_of)
    now = stays[stays["end_at"].isna() & stays["state"].isin(["todo", "active"])]
    now = now[keys.is_in(now["item"], blocked["item"])].astype({"milestone": "str", "item": "str"})
    return now.groupby("milestone")["item"].nunique().rename("n_held_up")
