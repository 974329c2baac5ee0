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
    "or unmerged). Done is a state: what is reopened is not done. What is split into parts that are in the milestone "
    "too is counted by its parts.",
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
DRIFT = Term(
    "Drift",
    "days",
    "By how many days a milestone ends, or is forecast to end, after its due date; negative is early. Against the "
    "first due date known, or against the present one.",
    "own definition",
    "lower",
)
DRIFT_PARTS = Term(
    "What drift is made of",
    "days",
    "Late start, scope growth and throughput add up exactly to the drift against the first due date; with the change "
    "of the due date (moving it later is negative) to that against the present one. What more scope and another rate "
    "do together is halved between the two.",
    "Shapley (1953), two factors",
    "lower",
)
CHURN = Term(
    "Churn",
    "events",
    "How often items joined or left a milestone since its scope was settled, those that came back included. Growth "
    "compares the two sets of items instead.",
    "own definition; membership events of the source",
    "lower",
)
WEIGHTED_SCOPE = Term(
    "Scope in points",
    "points",
    "The estimates of the issues in scope, as they were then. An issue without one weighs the median of the "
    "milestone's estimated issues. Pull requests have no estimate and are left out.",
    "own definition",
)
ESTIMATED_SHARE = Term(
    "Estimated share",
    "0–1",
    "The part of the issues in scope that have an estimate; the rest of the points is a guess.",
    "own definition",
    "higher",
)
COMMITMENT_POINT = Term(
    "Commitment point",
    "UTC",
    "The end of the day on which a milestone's scope was settled: its planned start, else the first day on which a "
    "member was worked on or finished, else the day on which a tenth of the time from creation to the first due date "
    "was over. Which of the three it was is always told.",
    "own definition",
)
FORECAST = Term(
    "Forecast date",
    "date",
    "The day by whose end everything is done with a chance of 50 % (P50, expected), 85 % (P85, plan on it) or 95 % "
    "(P95, commit to others). Ten thousand futures are drawn from the milestone's own weeks: what was finished, what "
    "was added, a pace that drifts; then corrected by how far earlier forecasts were off. With fewer than six whole "
    "weeks it is how long other milestones took; where nothing was finished in them nothing is said.",
    "Bayesian bootstrap (Rubin 1981); Kaplan & Meier (1958) for what is learned",
)
ON_TIME = Term(
    "Chance to be on time",
    "0–1",
    "The share of futures in which everything is done by the end of the due date. It is never nothing and never "
    "everything.",
    "own definition",
    "higher",
)
ALL_ON_TIME = Term(
    "All on time",
    "0–1",
    "The share of futures in which every one of several milestones is done by its due date. Three that are 80 % likely "
    "each and have nothing to do with one another are 51 % together; those of one project rise and fall together.",
    "own definition; merge bias",
    "higher",
)
CALIBRATION = Term(
    "Calibration",
    "0–1",
    "How often dates held that should hold in 50, 85 or 95 % of cases. Past forecasts are made anew with what was "
    "known then; milestones still open past a date count as misses.",
    "Gneiting, Balabdaoui & Raftery (2007); interval: Wilson (1927)",
)
PINBALL = Term(
    "Pinball loss",
    "weeks",
    "How far off a P85 date was: each week too early costs 0.85, each week too late 0.15, so that neither cheap "
    "optimism nor cheap caution wins.",
    "Koenker & Bassett (1978)",
    "lower",
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
