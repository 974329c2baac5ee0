"""The reviews report: who is waited for, who else could look, and how evenly the work is spread."""

import math

from fairlead.access import VisibleFrames
from fairlead.scope import Scope
from metrics import terms
from reports import words
from reports.clock import clocks
from reports.panel import Headline, Report, under
from reports.reviews import evidence, hindsight, second_look, spread, times, waiting
from reports.reviews.measured import Measured, measure
from reports.reviews.waiting import people_panel, queues

__all__ = ["QUESTION", "Measured", "headlines", "measure", "people_panel", "queues", "report", "report_of"]

QUESTION = "Who waits for whose review, who could look instead, and is the reviewing spread fairly?"


def report(frames: VisibleFrames, scope: Scope) -> Report:
    """What waits now and what to do about it; how long it takes; how it is spread; what wants a second look."""
    return report_of(measure(frames, scope), scope)


def report_of(measured: Measured, scope: Scope) -> Report:
    """`report` of what has been measured already."""
    return Report(
        key="reviews",
        title="Reviews",
        question=QUESTION,
        headlines=headlines(measured, scope),
        panels=(
            waiting.requests_panel(measured, scope),
            waiting.unasked_panel(measured, scope),
            people_panel(measured, scope),
            waiting.queue_panel(measured, scope),
            *under("How long it takes", times.requests_panel(measured, scope)),
            *under("How long it takes", times.first_words_panel(measured, scope), times.stages_panel(measured, scope)),
            *under("How it is spread", spread.share_panel(measured), spread.rounds_panel(measured, scope)),
            *under("How it is spread", spread.network_panel(measured, scope)),
            *under("A second look", second_look.merges_panel(measured, scope), second_look.fast_panel(measured, scope)),
            *under("How good the suggestions are", hindsight.panel(measured, scope)),
            *under("What this is counted from", evidence.requests_panel(measured, scope)),
            *under("What this is counted from", evidence.changes_panel(measured, scope)),
            *under("What this is counted from", evidence.rounds_panel(measured, scope)),
        ),
    )


def headlines(measured: Measured, scope: Scope) -> tuple[Headline, ...]:
    """Waiting times against the window before, the queue, and the spread."""
    return (
        *(_half(measured, scope, label) for label in HALVES),
        _as_agreed(measured, scope),
        _waiting_now(measured),
        _to_move(measured),
    )


FIRST_WORD = (
    "Half of people's pull requests had a first review or comment by somebody else within this time, whether or not a "
    "review was asked for. Those still waiting count as waiting."
)
HALVES = {
    "Half answered within": ("window", "before", terms.TIME_TO_FIRST_RESPONSE.meaning),
    "First word within": (
        "first_words",
        "first_words_before",
        FIRST_WORD,
    ),
}
"""What half of the waits stay within: those of this window, of the one before, and what it means."""


def _half(measured: Measured, scope: Scope, label: str) -> Headline:
    window, before, meaning = HALVES[label]
    clock, other = clocks(scope)
    now, earlier = (times.times(getattr(measured, part), clock)["median_hours"] for part in (window, before))
    beside = other.says(times.times(getattr(measured, window), other)["median_hours"])
    return Headline(
        label=label,
        value=clock.says(now),
        help=measured.compared.help(f"{meaning} On the other clock: {beside}."),
        delta=measured.compared.change(now, earlier, "h"),
        delta_color="inverse",
    )


def _as_agreed(measured: Measured, scope: Scope) -> Headline:
    found = (times.agreed(spells, scope) for spells in (measured.window, measured.before))
    now, before = (each["share_answered_within"] if each["status"] == "ok" else math.nan for each in found)
    within = words.number(scope.agreements.answer_within_hours)
    return Headline(
        label="Answered as agreed",
        value=words.share(now),
        help=measured.compared.help(
            f"Share of requests answered within {within} working hours, those still waiting included; one that was "
            "merged or closed without an answer was not answered."
        ),
        delta=measured.compared.change(now * 100, before * 100, "points"),
        delta_color="normal",
    )


def _waiting_now(measured: Measured) -> Headline:
    over = int(measured.waiting["is_over"].sum())
    return Headline(
        label="Waiting now",
        value=words.number(len(measured.waiting)),
        help=terms.OPEN_REQUESTS.meaning,
        delta=f"{over} longer than agreed",
    )


def _to_move(measured: Measured) -> Headline:
    enough = len(measured.share) >= spread.FEWEST
    return Headline(
        label="Would have to move",
        value=words.share(spread.spread(measured)["hoover"]) if enough else words.UNKNOWN,
        help=terms.HOOVER.meaning,
        delta="" if enough else f"fewer than {spread.FEWEST} reviewers",
    )
