"""The overview: what needs attention, from all families, and the three figures to start a week with."""

import pandas as pd

from fairlead.access import VisibleFrames
from fairlead.scope import Scope
from reports import attention, foreseen, milestones, reviews, words, workload
from reports.panel import Headline, Panel, Report

QUESTION = "What needs attention this week, and why?"
HEADLINES = ("Overdue", "At risk", "Half answered within", "Waiting now", "Held while away")
WEIGHTS = {1: "Now", 2: "Soon", 3: "Tidy up"}


def report(frames: VisibleFrames, scope: Scope) -> Report:
    """The lines of all families in the order of their weight, and a headline of each."""
    asked = reviews.measure(frames, scope)
    measured = foreseen.measure(frames, scope), asked, workload.measure(frames, scope, asked=asked)
    lines = _lines(*measured)
    return Report(
        key="overview",
        title="Overview",
        question=QUESTION,
        headlines=_headlines(scope, *measured),
        panels=(
            _attention(lines, scope),
            milestones.dates_panel(measured[0], scope),
            reviews.people_panel(measured[1], scope),
            workload.held_panel(measured[2], scope),
        ),
    )


def _lines(of: foreseen.Measured, asked: reviews.Measured, held: workload.Measured) -> pd.DataFrame:
    parts = [
        attention.of_milestones(of),
        attention.of_reviews(asked, reviews.queues(asked)),
        attention.of_workload(held),
    ]
    lines = pd.concat(parts, ignore_index=True)
    lines = lines.sort_values("weight", kind="stable", ignore_index=True)
    lines = lines.assign(when=lines["weight"].map(WEIGHTS).astype("str"))
    return lines[["when", "area", "number", "what", "reason", "url"]]


def _headlines(
    scope: Scope, of: foreseen.Measured, asked: reviews.Measured, held: workload.Measured
) -> tuple[Headline, ...]:
    """One or two of each family, as its own page shows them."""
    known = [*milestones.headlines(of), *reviews.headlines(asked, scope), *workload.headlines(held)]
    by_label = {headline.label: headline for headline in known}
    return tuple(by_label[label] for label in HEADLINES)


def _attention(lines: pd.DataFrame, scope: Scope) -> Panel:
    now = int((lines["when"] == WEIGHTS[1]).sum())
    return Panel(
        key="attention",
        title="What needs attention",
        takeaway=f"{words.count(now, 'line')} cannot wait, {len(lines) - now} can be planned. "
        "Each one says why it is here.",
        table=lines,
        note=f"n = {len(lines)} at {scope.last_day}. Milestones overdue, at risk within four weeks or moved twice "
        f"are all here, of every other kind at most {attention.FEW}: the pages have the rest. Pull requests of bots "
        "are not among the waits. A line links to its item, or to the page that has it.",
        empty="Nothing stands out: no milestone is late, no review waits long, nobody holds much more than the others.",
        links=("url",),
        wide=True,
        style="list",
    )
