"""The workload report: who has too much, what could move to whom, and what nobody present holds."""

from fairlead.access import VisibleFrames
from fairlead.scope import Scope
from reports.panel import Report, under
from reports.workload import ahead, held, moving
from reports.workload.held import headlines, held_panel
from reports.workload.measured import Measured, measure
from reports.workload.moving import NOTHING, Wish, plan

__all__ = [
    "QUESTION",
    "Measured",
    "headlines",
    "held_panel",
    "measure",
    "plan",
    "report",
    "report_of",
]

QUESTION = "Who has too much to do, since when, and what could move to whom?"


def report(frames: VisibleFrames, scope: Scope) -> Report:
    """The report with nothing decided."""
    return report_of(measure(frames, scope), scope)


def report_of(measured: Measured, scope: Scope, *, wish: Wish = NOTHING) -> Report:
    """The next two weeks and what could move; what must be handed over; how it came; everything that is held."""
    moves, frontier = moving.panels(measured, scope, wish)
    return Report(
        key="workload",
        title="Workload",
        question=QUESTION,
        headlines=(ahead.headline(measured), *headlines(measured)),
        panels=(
            ahead.load_panel(measured, scope),
            moves,
            ahead.talk_panel(measured, scope),
            frontier,
            ahead.teams_panel(measured, scope),
            *under("To hand over", held.absent_panel(measured, scope), held.urgent_panel(measured)),
            *under("What is held now", held_panel(measured, scope), held.ages_panel(measured, scope)),
            *under("What is held now", held.items_panel(measured)),
            *under(
                "How it came to this", held.over_time_panel(measured, scope), ahead.switching_panel(measured, scope)
            ),
        ),
    )
