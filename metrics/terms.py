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
WORKING_HOURS = Term(
    "Working hours",
    "hours",
    "The part of a wait that lies in the working time of who is waited for: their time zone, working week, public "
    "holidays, company days and time off. What is not known of somebody is as your settings say.",
    "own definition; IANA time zones, public holidays by country and region",
)
ANSWERED_AS_AGREED = Term(
    "Answered as agreed",
    "0–1",
    "Share of requests answered within the working hours your settings agree on. A merge or a close without an answer "
    "ends a request, but answers nothing: it competes with the answer (cumulative incidence).",
    "Aalen & Johansen (1978)",
    "higher",
)
STAGES = Term(
    "Stages of a change",
    "hours",
    "Coding: until it is first ready, from the start of work on an issue it closes where that is known, else from its "
    "opening as a draft. Pickup: until somebody else's first word. Review: until the last approval. Merge: from there. "
    "Only time open and ready counts after coding.",
    "own definition, after the stages of DORA's lead time",
    "lower",
)
ROUNDS = Term(
    "Review round",
    "rounds",
    "What one person says on one pull request within an hour of what they said before.",
    "own definition",
)
UNREVIEWED = Term(
    "Unreviewed, unapproved",
    "0–1",
    "Unreviewed: merged without a review by another person. Unapproved: no approval by another person stood at the "
    "merge; the unreviewed are among them. The last verdict of each reviewer counts; a later comment takes none back.",
    "own definition; review states of GitHub",
    "lower",
)
FAST_APPROVAL = Term(
    "Fast approval of a large change",
    "changes",
    "Approved by somebody else within minutes of being ready, without a comment, though many lines changed. A reason "
    "to ask, no more.",
    "thresholds are settings; 200 to 400 lines a sitting are usual advice",
)
RECIPROCITY = Term(
    "Returned reviews",
    "0–1",
    "Of all directions in which somebody reviews somebody, the share in which the other reviews them too.",
    "reciprocity of a directed network: Newman, Forrest & Balthrop (2002)",
)
ISLANDS = Term(
    "Groups that are connected",
    "groups",
    "People who are linked by reviews, directly or through others. Several groups review nothing of one another.",
    "weakly connected components",
)
SUGGESTED_REVIEWERS = Term(
    "Suggested reviewers",
    "people",
    "Who knows the files of a change, has reviewed its author, or reviews much here, and is there: not the author, a "
    "bot, away, gone, or with as many requests waiting as your settings allow. Of those who know most, who has less "
    "open comes earlier; where only one person knows an area, somebody who would learn it is named beside them.",
    "expertise after Rebai et al. and Zanjani, Kagdi & Bird (cHRev, 2016); order by load is our own",
)
CAPACITY = Term(
    "Capacity",
    "hours",
    "Working hours of the next two weeks, without holidays and time off, times the part of full time, less the part "
    "that goes to support and meetings (a setting).",
    "own definition",
)
EXPECTED_REMAINING = Term(
    "Expected remaining effort",
    "hours",
    "How much more working time an item like this takes on average once it has had as much as this one has: an old "
    "item is not nearly done. Somebody's working time is split evenly over what they have in progress.",
    "mean residual life of the Kaplan–Meier curve",
    "lower",
)
LOAD_RATIO = Term(
    "Load",
    "times capacity",
    "Expected remaining effort of what somebody has in progress, of what they hold that is due within two weeks, and "
    "of the reviews they owe, over their capacity in those two weeks.",
    "own definition",
    "lower",
)
OVERLOAD = Term(
    "Overloaded",
    "people",
    "Load above the limit of your settings, and on at least five of their last ten working days more in progress than "
    "on 85 % of the days of the others in their team.",
    "own definition",
    "lower",
)
SWITCHING = Term(
    "Projects at once",
    "projects",
    "In how many projects somebody had work in progress at the same time, on average over the window.",
    "own definition",
    "lower",
)
IMBALANCE = Term(
    "Work that would have to move",
    "0–1",
    "The part of a team's expected work that somebody else of the team would have to do for all to be loaded alike "
    "(Hoover index over capacity).",
    "Hoover (1936)",
    "lower",
)
REBALANCE = Term(
    "Fewest moves",
    "items",
    "Which items, handed to somebody who has finished work like it, lower the highest load most, with no more than so "
    "many moves. What has been started stays where it is, unless you say otherwise.",
    "min–max assignment as an integer programme (HiGHS)",
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
