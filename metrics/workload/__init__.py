"""Workload: who holds what, for how long, and what nobody holds."""

from metrics.workload.assignments import assignments, left_out
from metrics.workload.held import held_by_absent, items_held, priorities, unassigned_urgent
from metrics.workload.wip import average_wip, weekly_wip, wip_over_time

__all__ = [
    "assignments",
    "average_wip",
    "held_by_absent",
    "items_held",
    "left_out",
    "priorities",
    "unassigned_urgent",
    "weekly_wip",
    "wip_over_time",
]
