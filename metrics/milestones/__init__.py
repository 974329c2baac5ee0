"""Milestones: what belongs to them, how far they are, how they grew, and what became of their dates.

Two tables are replayed once (`replayed`), `as_known` (one row per milestone) and `stays` (who was in it when, in which
state); every question below is asked of these two.
"""

from metrics.milestones.changes import change_counts, changes
from metrics.milestones.content import commitments
from metrics.milestones.dates import due_date_history, due_dates
from metrics.milestones.dependencies import blockers, dependencies
from metrics.milestones.drift import decomposition, drift_inputs
from metrics.milestones.known import as_known
from metrics.milestones.leaves import leaves
from metrics.milestones.members import membership, stays
from metrics.milestones.replay import replayed
from metrics.milestones.scope import burn_up, scope_history
from metrics.milestones.summary import summary
from metrics.milestones.weights import weighted_scope

__all__ = [
    "as_known",
    "blockers",
    "burn_up",
    "change_counts",
    "changes",
    "commitments",
    "decomposition",
    "dependencies",
    "drift_inputs",
    "due_date_history",
    "due_dates",
    "leaves",
    "membership",
    "replayed",
    "scope_history",
    "stays",
    "summary",
    "weighted_scope",
]
