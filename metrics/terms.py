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
OPEN_REQUESTS = Term(
    "Waiting review requests",
    "requests",
    "Requests to review that nobody has answered yet, on pull requests that are open and ready (drafts do not wait).",
    "own definition; request and response events of the source",
    "lower",
)
TIME_TO_FIRST_RESPONSE = Term(
    "Time to first response",
    "hours",
    "Elapsed time from the request (or from ready, for drafts) to the first review or comment of the person asked, or "
    "of any member of the team asked. Requests still waiting count as waiting at least that long, so that ignoring a "
    "request cannot make the figure better.",
    "CHAOSS Time to First Response; Kaplan & Meier (1958)",
    "lower",
)
HOOVER = Term(
    "Share that would have to move",
    "0–1",
    "The part of all review rounds that would have to be done by somebody else for everybody to carry the share that "
    "their capacity gives them (Hoover index). Zero is even.",
    "Hoover (1936)",
    "lower",
)
FAIR_SHARE = Term(
    "Fair share",
    "rounds",
    "All review rounds of the window divided by capacity (part of full time) over everybody who is eligible, those "
    "without any included.",
    "own definition",
)
SCOPE = Term(
    "Scope",
    "items",
    "Issues and pull requests that are in the milestone and not dropped (closed as not planned, duplicate, won't do, "
    "or unmerged). Done is a state: what is reopened is not done.",
    "own definition; membership events of the source",
)
SCOPE_GROWTH = Term(
    "Scope growth",
    "0–1",
    "Items added since the scope was settled, as a part of what it was then. Compares the two sets of items, so that "
    "leaving and coming back is neither growth nor loss.",
    "own definition",
    "lower",
)
SLIP = Term(
    "Slip",
    "days",
    "How far a due date was moved, later is positive. Setting a date for the first time is no slip.",
    "Milestone trend analysis",
    "lower",
)
COMMITMENT_POINT = Term(
    "Commitment point",
    "UTC",
    "The end of the day on which a milestone's scope was settled: its planned start, else the first day on which a "
    "member was worked on or finished, else the day on which a tenth of the time from creation to the first due date "
    "was over. Which of the three it was is always told.",
    "own definition",
)
DATA_AGE = Term(
    "Data age",
    "hours",
    "How much older a source's data are than those of the source that was read last. Data are as of the source's own "
    "clock when the run that read them began.",
    "own definition",
    "lower",
)
MATCH_CONFIDENCE = Term(
    "Match confidence",
    "0–1",
    "How sure it is that an account belongs to its person: 1 where a person said so or one e-mail address does, less "
    "where names or logins are alike.",
    "own definition",
    "higher",
)
