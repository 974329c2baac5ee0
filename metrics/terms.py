"""Each term once: what it means, its unit, where the definition comes from, which way is better.

Screen, export and the generated docs take their words from here.
"""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Term:
    """A word of the field. `better` says which direction is good, or that neither is."""

    name: str
    unit: str
    meaning: str
    source: str
    better: Literal["lower", "higher", "neither"] = "neither"


CYCLE_TIME = Term(
    "Cycle time",
    "days",
    "Elapsed time from the first start of work to the last finish. Items finished and reopened count once, at their "
    "last finish; items still open have no cycle time, they have an age.",
    "Kanban Guide (2020)",
    "lower",
)
THROUGHPUT = Term(
    "Throughput",
    "items per week",
    "Items finished in a whole ISO week. The running week is left out, weeks without a finish count as zero.",
    "Kanban Guide (2020)",
    "higher",
)
WIP = Term(
    "WIP",
    "items",
    "Items started and not finished, blocked or not.",
    "Kanban Guide (2020)",
    "lower",
)
WORK_ITEM_AGE = Term(
    "Work item age",
    "days",
    "Elapsed time since an unfinished item was started.",
    "Kanban Guide (2020)",
    "lower",
)
SLE = Term(
    "Service level expectation",
    "days",
    "The cycle time that 85 % of recently finished items stayed within (nearest rank, a value that really occurred).",
    "Kanban Guide (2020)",
    "lower",
)
