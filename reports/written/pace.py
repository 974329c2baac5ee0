"""How much was finished since then against what is usual, and what became of waiting reviews and of work in progress.

Each is always worth saying in a report on the week; whether it is news is told beside it.
"""

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from reports import words
from reports.clock import clocks
from reports.reviews.times import times
from reports.written.compared import WEEK_DAYS, Compared
from reports.written.sentences import Sentence

PERIODS, FEWEST_PERIODS = 8, 4
"""The usual is the median of so many periods of the same length before; of fewer than four it cannot be said."""
MUCH = 0.25
"""A change by less than a quarter is what weeks differ by."""
LEAST = 3
"""And so is one by fewer than three items or requests."""
LEAST_HOURS = 1
RANK = 20
"""Behind what became of milestones."""
FINISHED = {"issue": "finished", "pull request": "merged"}


@dataclass(frozen=True, kw_only=True)
class Stated:
    """A sentence on how things stand; news where the figure differs from what it was by more than it usually does."""

    sentence: Sentence
    is_news: bool


def throughput(compared: Compared) -> list[Stated]:
    """How many items were finished since then, and in so many periods of the same length before.

    News where no period before had as few, or as many, and it is a quarter off their median.
    """
    noun = compared.finished.noun
    n, before = _per_period(compared)
    if not n and not any(before):
        return []
    did = f"{words.count(n, noun)} {words.agree(n, 'was', 'were')} {FINISHED[noun]} in the last {_period(compared)}"
    if len(before) < FEWEST_PERIODS:
        return [_stated(f"{did}; it is too early to say whether that is usual.", "Flow", rank=RANK, is_news=False)]
    usual = float(np.median(before))
    is_beyond = n < min(before) or n > max(before)
    than = f", {'fewer' if n < usual else 'more'} than in any of" if is_beyond else ";"
    had = f"between {min(before)} and {max(before)}, half of them {words.number(usual)} or fewer"
    many = f"the {len(before)} {_periods(compared)} before"
    says = f"{did}{than} {many} ({had})." if is_beyond else f"{did}{than} {many} had {had}."
    return [_stated(says, "Flow", rank=RANK, is_news=is_beyond and _is_much(n, usual, LEAST))]


def _stated(says: str, page: str, *, rank: int, is_news: bool) -> Stated:
    return Stated(sentence=Sentence(says=says, what=page, url=f"/{page.lower()}", rank=rank), is_news=is_news)


def _per_period(compared: Compared) -> tuple[int, list[int]]:
    """How many were finished since then, and in each period before that lies within what is known."""
    items, length = compared.finished.items, compared.scope.as_of - compared.since
    ago = (compared.scope.as_of - items["finished_at"].dropna()).dt.total_seconds() // length.total_seconds()
    first_at = compared.first_at
    n_known = max(int((compared.since - first_at) // length), 0) if pd.notna(first_at) else 0
    counts = [int((ago == place).sum()) for place in range(1 + min(PERIODS, n_known))]
    return counts[0], counts[1:]


def _period(compared: Compared) -> str:
    return "week" if compared.days == WEEK_DAYS else words.count(compared.days, "day")


def _periods(compared: Compared) -> str:
    return "weeks" if compared.days == WEEK_DAYS else f"periods of {words.count(compared.days, 'day')}"


def _is_much(now: float, then: float, least: float) -> bool:
    return abs(now - then) >= max(least, MUCH * then)


def reviews(compared: Compared) -> list[Stated]:
    """How long half of the requests of the window wait, and how many wait now, against then."""
    return [*_answered(compared), *_waiting(compared)]


def _answered(compared: Compared) -> list[Stated]:
    clock = clocks(compared.scope)[0]
    now, then = (float(times(each.window, clock)["median_hours"]) for each in (compared.asked, compared.asked_then))
    if not math.isfinite(now):
        return []
    was = f" ({clock.says(then)} {compared.ago})" if math.isfinite(then) else ""
    as_before = ", as before" if clock.says(now) == clock.says(then) else was
    window = words.count(compared.scope.window_days, "day")
    says = f"Half of the review requests of the last {window} were answered within {clock.says(now)}{as_before}."
    is_news = math.isfinite(then) and _is_much(now, then, LEAST_HOURS)
    return [_stated(says, "Reviews", rank=RANK + 1, is_news=is_news)]


def _waiting(compared: Compared) -> list[Stated]:
    now, then = len(compared.asked.waiting), len(compared.asked_then.waiting)
    if not now and not then:
        return []
    over = int(compared.asked.waiting["is_over"].sum())
    waits = f"{words.count(now, 'review request')} {words.agree(now, 'waits', 'wait')} for an answer"
    was = f"as many as {compared.ago}" if now == then else f"{then} {compared.ago}"
    longer = f", {over} of them longer than agreed" if over else ""
    return [_stated(f"{waits} ({was}){longer}.", "Reviews", rank=RANK + 2, is_news=_is_much(now, then, LEAST))]


def in_progress(compared: Compared) -> list[Stated]:
    """How much is in progress, and how much of what is held waits for somebody who is away, against then."""
    now, then = (
        each.held.loc[each.held["is_active"], "issue"].nunique() for each in (compared.held, compared.held_then)
    )
    if not now and not then:
        return []
    away = compared.held.absent["issue"].nunique()
    waits = (
        f"; {words.count(away, 'item')} {words.agree(away, 'waits', 'wait')} for somebody who is away" if away else ""
    )
    was = f"as many as {compared.ago}" if now == then else f"{then} {compared.ago}"
    says = f"{words.count(now, 'item')} {words.agree(now, 'is', 'are')} in progress ({was}){waits}."
    return [_stated(says, "Workload", rank=RANK + 3, is_news=_is_much(now, then, LEAST))]
