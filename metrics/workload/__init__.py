"""Workload: who holds what, for how long, how much is left of it and who has the time; and what nobody holds."""

from metrics.workload.assignments import assignments, left_out
from metrics.workload.effort import attention, efforts
from metrics.workload.held import URGENT, held_by_absent, items_held, priorities, unassigned_urgent
from metrics.workload.load import causes, imbalance, load, parts
from metrics.workload.overload import daily_wip, overloads
from metrics.workload.remaining import remaining
from metrics.workload.switching import switching
from metrics.workload.wip import weekly_wip, wip_over_time

__all__ = [
    "URGENT",
    "assignments",
    "attention",
    "causes",
    "daily_wip",
    "efforts",
    "held_by_absent",
    "imbalance",
    "items_held",
    "left_out",
    "load",
    "overloads",
    "parts",
    "priorities",
    "remaining",
    "switching",
    "unassigned_urgent",
    "weekly_wip",
    "wip_over_time",
]
