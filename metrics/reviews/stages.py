"""The author's view: how long a change takes, stage by stage."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from fairlead import keys
from fairlead.calendar import Calendars
from metrics.actors import Actors, actors, named
from metrics.instants import HOUR, NEVER, Micros, instants, micros, micros_of
from metrics.ordering import Integers, Numbers, order, text_order
from metrics.reviews.clock import Clock, known_by, review_clock
from metrics.reviews.response import wait_counts, wait_summary
from metrics.reviews.verdicts import APPROVED, CHANGES_REQUESTED, reviews_of_others, standing_verdicts
from metrics.reviews.waits import activity_of, first_after
from metrics.survival import kaplan_meier_by

STAGES = pd.Series(["coding", "pickup", "review", "merge"], dtype="str")
CODING = 0
SUMMARY = ["n", "n_waiting", "share_waiting", "median_hours", "p75_hours", "p90_hours", "status"]


@dataclass(frozen=True)
class Marks:
    """When each pull request was begun, first ready, answered and approved; `NEVER` where it was not."""

    begun: Micros
    ready: Micros
    answered: Micros
    approved: Micros


def stages(  # noqa: PLR0913, PLR0917 (one argument per table it reads)
    pull_requests: pd.DataFrame,
    pull_request_events: pd.DataFrame,
    reviews: pd.DataFrame,
    comments: pd.DataFrame,
    accounts: pd.DataFrame,
    pull_request_issues: pd.DataFrame,
    issue_events: pd.DataFrame,
    calendars: Calendars,
    *,
    start: pd.Timestamp,
    as_of: pd.Timestamp,
) -> pd.DataFrame:
    """How long does each change take, and at which stage does it wait?

    Coding goes on until the pull request is first ready: since it was opened as a draft, or since work on an issue that
    it closes first began, where that was earlier. Work that began unseen has no coding. Pickup lasts until the first
    review or comment of another person after that, review until the last approval that stands, merge until the merge.
    Merged without an approval, the review lasts until the merge; while somebody's request for changes stands, an open
    or abandoned change is still in review. What was said before it was ready does not end the pickup.

    Coding counts all hours, the other stages only those in which the pull request is ready and open. A stage that
    another end cuts off (closed, or merged unanswered) is not over. Which issues it closes is known as of now only.
    Pull requests closed before `start` are left out.

    Returns one row per pull request and stage that it entered, by pull_request, in the order of the stages:
    pull_request, project, author (person id; account id where no person is known), stage (coding, pickup, review,
    merge), start_at, end_at (missing while it lasts), hours (elapsed), working_hours (the author's), is_over (whether
    it came to its own end).
    """
    known = known_by(pull_requests, as_of=as_of, start=start)
    who = actors(accounts)
    clock = review_clock(known, pull_request_events, as_of=as_of)
    activity = activity_of([reviews, comments], known, who, as_of=as_of)
    answered = _answered(activity, clock)
    marks = Marks(
        begun=_begun(known, pull_request_issues, issue_events, as_of=as_of),
        ready=clock.first_starts(),
        answered=answered,
        approved=_approved(known, pull_request_events, reviews, who, clock, answered=answered, as_of=as_of),
    )
    spans = _spans(marks, clock)
    spans = spans.take(order(text_order(known["id"])[spans["row"].to_numpy()], spans["stage"].to_numpy()))
    return _described(spans, known, who, clock, calendars, as_of=as_of)


def _begun(
    known: pd.DataFrame, pull_request_issues: pd.DataFrame, issue_events: pd.DataFrame, *, as_of: pd.Timestamp
) -> Micros:
    """When each was opened, or work on an issue it closes first began, whichever was first."""
    is_start = (issue_events["field"] == "status_category") & (issue_events["new"] == "active")
    starts = issue_events.loc[is_start & (issue_events["at"] <= as_of), ["issue", "at"]].sort_values("at")
    starts = starts.drop_duplicates("issue")
    place = keys.positions(pull_request_issues["issue"], starts["issue"])
    row = keys.positions(pull_request_issues["pull_request"], known["id"])
    linked = (place >= 0) & (row >= 0)
    begun = micros(known["created_at"]).copy()
    np.minimum.at(begun, row[linked], micros(starts["at"])[place[linked]])
    return begun


def _answered(activity: pd.DataFrame, clock: Clock) -> Micros:
    """When another person first spoke after it was ready and before its end."""
    columns = (activity[column].to_numpy() for column in ("row", "at", "person"))
    at, _ = first_after(clock.first_starts(), *columns)
    return np.where(at <= clock.ended, at, NEVER)


def _approved(  # noqa: PLR0913 (one argument per table it reads)
    known: pd.DataFrame,
    events: pd.DataFrame,
    reviews: pd.DataFrame,
    who: Actors,
    clock: Clock,
    *,
    answered: Micros,
    as_of: pd.Timestamp,
) -> Micros:
    """When each was last approved, by who still stands by it; not while an unmerged one has changes requested."""
    until = np.minimum(clock.ended, micros_of(as_of))
    made = reviews_of_others(reviews, known, who, until=until)
    stood = standing_verdicts(made, reviews, known, events, who, until=until)
    approvals = stood[stood["state"] == APPROVED]
    approved = np.full(len(known), -1)
    np.maximum.at(approved, approvals["row"].to_numpy(), approvals["at"].to_numpy())
    is_held = np.zeros(len(known), dtype=bool)
    is_held[stood.loc[stood["state"] == CHANGES_REQUESTED, "row"]] = True
    return np.where((approved >= answered) & (clock.is_merged | ~is_held), approved, NEVER)


def _spans(marks: Marks, clock: Clock) -> pd.DataFrame:
    """The stages each has entered: row, stage, start, end (`NEVER` while it lasts), is_over."""
    merged = np.where(clock.is_merged, clock.ended, NEVER)
    begun = np.where(marks.begun < marks.ready, marks.begun, NEVER)
    reviewed = np.where(marks.approved == NEVER, merged, marks.approved)
    starts = np.concatenate([begun, marks.ready, marks.answered, marks.approved])
    ends = np.concatenate([marks.ready, marks.answered, reviewed, merged])
    row, stage = np.tile(np.arange(len(merged)), len(STAGES)), np.repeat(np.arange(len(STAGES)), len(merged))
    ended = clock.ended[row]
    spans = pd.DataFrame({"row": row, "stage": stage, "start": starts, "end": np.minimum(ends, ended)})
    entered = np.flatnonzero(starts != NEVER)
    return spans.assign(is_over=(ends <= ended) & (ends != NEVER)).take(entered)


def _described(  # noqa: PLR0913 (what a description is made of)
    spans: pd.DataFrame, known: pd.DataFrame, who: Actors, clock: Clock, calendars: Calendars, *, as_of: pd.Timestamp
) -> pd.DataFrame:
    """Numbers back to ids and instants, with the hours on both clocks."""
    row = spans["row"].to_numpy()
    author = named(who.ids_or_accounts(known["author"]), row)
    ran = _ran(spans, clock, as_of=as_of)
    of = ran["of"].to_numpy()
    worked = calendars.working_hours(
        author.take(of).reset_index(drop=True), instants(ran["start"].to_numpy()), instants(ran["end"].to_numpy())
    )
    elapsed = (ran["end"] - ran["start"]).to_numpy() / HOUR
    return pd.DataFrame(
        {
            "pull_request": named(known["id"], row),
            "project": named(known["project"], row),
            "author": author,
            "stage": named(STAGES, spans["stage"].to_numpy()),
            "start_at": instants(spans["start"].to_numpy()),
            "end_at": instants(spans["end"].to_numpy()),
            "hours": _summed(of, elapsed, len(spans)),
            "working_hours": _summed(of, worked.to_numpy(float), len(spans)),
            "is_over": spans["is_over"].to_numpy(),
        }
    )


def _summed(of: Integers, hours: Numbers, n: int) -> Numbers:
    return np.bincount(of, hours, minlength=n).astype(np.float64)


def _ran(spans: pd.DataFrame, clock: Clock, *, as_of: pd.Timestamp) -> pd.DataFrame:
    """When each span's hours counted: of (place in `spans`), start, end; all of coding, else while ready and open."""
    row, start = spans["row"].to_numpy(), spans["start"].to_numpy()
    end = np.minimum(spans["end"].to_numpy(), micros_of(as_of))
    is_coding = spans["stage"].to_numpy() == CODING
    coding, later = np.flatnonzero(is_coding), np.flatnonzero(~is_coding)
    met = clock.stretches.within(row[later], start[later], end[later])
    return pd.DataFrame(
        {
            "of": np.concatenate([coding, later[met.first]]),
            "start": np.concatenate([start[coding], met.start]),
            "end": np.concatenate([end[coding], met.end]),
        }
    )


def stage_times(stages: pd.DataFrame, *, by: str | None = None, hours: str = "hours") -> pd.DataFrame:
    """How long does each stage take, those under way or cut off counted as "at least this long" (Kaplan–Meier)?

    Takes `stages`. `hours` is the column to tell: hours or working_hours. `by` is one of its columns (project, author)
    or one added to it; rows in which it is missing are left out.

    Returns one row per value of `by`, in its order, and stage, in theirs: stage, n (changes that entered it), n_waiting
    (in it now), share_waiting (0–1), median_hours, p75_hours, p90_hours (infinite where not reached), status: `ok`,
    `too few` (under 10: no percentiles) or `no data`.
    """
    stage = keys.positions(stages["stage"], STAGES)
    if by is None:
        return _stage_times(stages, stage, len(STAGES), hours).assign(stage=STAGES)[["stage", *SUMMARY]]
    code, names = pd.factorize(stages[by], sort=True)
    known = np.flatnonzero(code >= 0)
    group = code[known] * len(STAGES) + stage[known]
    times = _stage_times(stages.take(known), group, len(names) * len(STAGES), hours)
    values = pd.Series(names, dtype=stages[by].dtype).repeat(len(STAGES)).reset_index(drop=True)
    told = pd.Series(np.tile(STAGES, len(names)), dtype="str")
    return times.assign(stage=told, **{by: values})[[by, "stage", *SUMMARY]]


def _stage_times(stages: pd.DataFrame, group: Integers, n_groups: int, hours: str) -> pd.DataFrame:
    curves = kaplan_meier_by(pd.Series(group, index=stages.index), stages[hours], stages["is_over"])
    return wait_summary(curves, wait_counts(group, stages["end_at"].isna(), n_groups))
