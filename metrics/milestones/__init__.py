"""Milestones: what belongs to them, how far they are, how they grew, and what became of their dates.

Two tables are replayed once, `as_known` (one row per milestone) and `stays` (who was in it when, in which state); every
question below is asked of these two.
"""

from metrics.milestones.content import commitments
from metrics.milestones.dates import due_date_history, due_dates
from metrics.milestones.known import as_known
from metrics.milestones.members import membership, stays
from metrics.milestones.scope import burn_up, scope_history
from metrics.milestones.summary import summary

__all__ = [
    "as_known",
    "burn_up",
    "commitments",
    "due_date_history",
    "due_dates",
    "membership",
    "scope_history",
    "stays",
    "summary",
]
