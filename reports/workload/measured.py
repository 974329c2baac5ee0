"""What the panels on workload share: what is held, and what is expected of whom over the next two weeks."""

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from fairlead.access import VisibleFrames
from fairlead.scope import Scope, in_projects, members, of_teams
from metrics import milestones, reviews, workload
from reports.names import named
from reports.reviews import Measured as MeasuredReviews
from reports.reviews import measure as measure_reviews

WEEKS = 2
"""How far ahead load is looked at."""
LOOKED_BACK = pd.Timedelta(days=2 * 365)
"""What items took is learned from the last year; what was spent on them before this is not counted."""


@dataclass(frozen=True)
class Measured:
    """Everybody's assignments, and what those of the chosen teams' members come to.

    `frames` are those of the chosen projects, `asked` the reviews.
    """

    frames: VisibleFrames
    scope: Scope
    asked: MeasuredReviews
    assignments: pd.DataFrame
    held: pd.DataFrame
    absent: pd.DataFrame
    urgent: pd.DataFrame
    people: pd.DataFrame

    @cached_property
    def owed(self) -> pd.Series:
        """How many review requests wait for each person, those of a team split among its members."""
        now = pd.DatetimeIndex([self.scope.as_of])
        counts = reviews.open_requests(self.asked.stretches, at=now)
        shared = reviews.shared_requests(counts, self.frames.team_members)
        return shared.set_index("person")["n_requests"]

    @cached_property
    def everything(self) -> pd.DataFrame:
        """Who holds which unfinished item, of all teams."""
        return self.assignments[self.assignments["end_at"].isna()].reset_index(drop=True)

    @cached_property
    def efforts(self) -> pd.DataFrame:
        """How much working time items took."""
        frames, as_of = self.frames, self.scope.as_of
        given = workload.attention(
            self.assignments,
            self.asked.calendars,
            as_of=as_of,
            since=as_of - LOOKED_BACK,
            support_share=self.scope.agreements.support_share,
        )
        return workload.efforts(given, frames.issues, frames.issue_events, as_of=as_of)

    @property
    def n_finished(self) -> tuple[int, int]:
        """How many items were finished in the past year, and how many of them had been in progress under somebody."""
        done = self.efforts[self.efforts["is_done"]]
        return len(done), int((done["effort_hours"] > 0).sum())

    @property
    def is_told(self) -> bool:
        """Whether enough of what was finished had been in progress under somebody to say how much work is."""
        finished, worked_on = self.n_finished
        return worked_on > finished / 2

    @cached_property
    def remaining(self) -> pd.DataFrame:
        """What is expected to be left of each item that anybody holds."""
        return workload.remaining(
            self.efforts,
            self.assignments,
            self.frames.issues,
            self.frames.issue_events,
            as_of=self.scope.as_of,
            milestone_due_on=_due(self.frames, self.scope.as_of),
            weeks=WEEKS,
        )

    @cached_property
    def parts(self) -> pd.DataFrame:
        """What each holder has to do of what is owed within the next two weeks."""
        return workload.parts(self.remaining, self.everything)

    @cached_property
    def loads(self) -> pd.DataFrame:
        """Load over capacity of the chosen teams' members who are with us, with their names, by name."""
        agreed = self.scope.agreements
        found = workload.load(
            self.remaining,
            self.everything,
            self.owed,
            self.asked.calendars,
            as_of=self.scope.as_of,
            weeks=WEEKS,
            review_hours=agreed.review_hours,
            support_share=agreed.support_share,
            limit=agreed.overload_ratio,
        )
        found = found[found["person"].isin(members(self.frames, self.scope))].reset_index(drop=True)
        found = found.assign(name=named(self.frames, found["person"]), **self._hours_by_kind(found["person"]))
        return found.sort_values("name", ignore_index=True)

    def _hours_by_kind(self, person: pd.Series) -> dict[str, pd.Series]:
        """Expected hours of what each person has in progress, and of what is due and not started."""
        kinds = {"in_progress_hours": self.parts["is_active"], "not_started_hours": ~self.parts["is_active"]}
        hours = {name: self.parts[which].groupby("person")["hours"].sum(min_count=1) for name, which in kinds.items()}
        holds = {name: person.isin(self.parts.loc[which, "person"]) for name, which in kinds.items()}
        return {name: person.map(found).astype("float64").where(holds[name], 0.0) for name, found in hours.items()}

    @cached_property
    def overloads(self) -> pd.DataFrame:
        """Who of them is overloaded, and on how many of the last ten working days; nobody where loads are guesses."""
        as_of, limit = self.scope.as_of, self.scope.agreements.overload_ratio
        daily = workload.daily_wip(self.assignments, self.asked.calendars, as_of=as_of)
        found = workload.overloads(self.loads, daily, self.frames.team_members, limit=limit)
        return found.assign(is_flagged=found["is_flagged"] & self.is_told)


def _due(frames: VisibleFrames, as_of: pd.Timestamp) -> pd.Series:
    """By when the first of the milestones that were open at `as_of` was due, as known then, by issue."""
    known = milestones.as_known(frames.milestones, frames.milestone_changes, as_of=as_of)
    ahead = known.loc[(known["state"] == "open") & known["due_on"].notna(), ["id", "due_on"]].astype({"id": "str"})
    members = milestones.membership(frames.milestones, frames.issue_events, frames.pull_request_events, as_of=as_of)
    inside = members.loc[members["end_at"].isna(), ["milestone", "item"]].astype("str")
    pairs = inside.merge(ahead, left_on="milestone", right_on="id")
    return pairs.groupby("item")["due_on"].min()


def measure(frames: VisibleFrames, scope: Scope, *, asked: MeasuredReviews | None = None) -> Measured:
    """All that the report and the overview need, for the members of the chosen teams, in the chosen projects.

    `asked` are the reviews where they have been measured already.
    """
    chosen = in_projects(frames, scope)
    everybody = workload.assignments(chosen.issues, chosen.issue_events, chosen.accounts, as_of=scope.as_of)
    of_theirs = of_teams(chosen, scope)
    urgent = workload.unassigned_urgent(of_theirs.issues, of_theirs.issue_events, everybody, as_of=scope.as_of)
    theirs = everybody[everybody["person"].isin(members(chosen, scope))] if scope.teams else everybody
    held = workload.items_held(theirs, chosen.issues, chosen.issue_events, as_of=scope.as_of)
    held = held.assign(name=named(chosen, held["person"]))
    asked = asked or measure_reviews(frames, scope)
    return Measured(
        frames=chosen,
        scope=scope,
        asked=asked,
        assignments=everybody,
        held=held,
        absent=workload.held_by_absent(
            held, chosen.people, chosen.time_off, as_of=scope.as_of, zone=scope.working_time.time_zone
        ),
        urgent=urgent,
        people=_per_person(chosen, held, asked),
    )


def _per_person(frames: VisibleFrames, held: pd.DataFrame, asked: MeasuredReviews) -> pd.DataFrame:
    """One row per person who holds anything, by name: person, name, n_in_progress, n_not_started, n_reviews_owed."""
    owed = asked.waiting["asked_person"].dropna()
    parts = {
        "n_in_progress": held.loc[held["is_active"], "person"],
        "n_not_started": held.loc[~held["is_active"], "person"],
        "n_reviews_owed": owed,
    }
    counts = pd.DataFrame({column: people.value_counts() for column, people in parts.items()}).fillna(0).astype("int64")
    ids = pd.Series(counts.index, dtype="str")
    return (
        counts.reset_index(drop=True)
        .assign(person=ids, name=named(frames, ids))
        .sort_values("name", ignore_index=True)[["person", "name", *parts]]
    )
