"""What written reports compare: the same measures as of now and as of an earlier instant, each replayed."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar

import pandas as pd

from fairlead.access import VisibleFrames
from fairlead.scope import Scope
from metrics import milestones
from reports import flow, foreseen, privacy, reviews, words, workload

T = TypeVar("T")
WEEK_DAYS = 7


@dataclass(frozen=True)
class Compared:
    """What somebody sees, now and as it was at `since`. Everything is measured once, when it is first asked for."""

    frames: VisibleFrames
    scope: Scope
    since: pd.Timestamp

    @property
    def earlier(self) -> Scope:
        """The same choice as of `since`."""
        return replace(self.scope, as_of=self.since)

    @property
    def days(self) -> int:
        """How many days lie between, a day at least; a few hours more or less are no matter."""
        return max(round((self.scope.as_of - self.since) / pd.Timedelta(days=1)), 1)

    @property
    def since_day(self) -> str:
        """The day that is compared with, in words."""
        return words.day(self.since)

    @property
    def lately(self) -> str:
        """When what happened since then happened: `in the last week`, `since 8 Jun 2026`."""
        return "in the last week" if self.days == WEEK_DAYS else f"since {self.since_day}"

    @property
    def ago(self) -> str:
        """When what is compared with was: `a week ago`, `on 8 Jun 2026`."""
        return "a week ago" if self.days == WEEK_DAYS else f"on {self.since_day}"

    @cached_property
    def now(self) -> foreseen.Measured:
        """Milestones now."""
        return foreseen.measure(self.frames, self.scope)

    @cached_property
    def then(self) -> foreseen.Measured:
        """Milestones as they stood, and were forecast, at `since`."""
        return foreseen.measure(self.frames, self.earlier)

    @cached_property
    def asked(self) -> reviews.Measured:
        """Reviews now."""
        return reviews.measure(self.frames, self.scope)

    @cached_property
    def asked_then(self) -> reviews.Measured:
        """Reviews as they stood at `since`."""
        return reviews.measure(self.frames, self.earlier)

    @cached_property
    def held(self) -> workload.Measured:
        """Workload now."""
        return workload.measure(self.frames, self.scope, asked=self.asked)

    @cached_property
    def held_then(self) -> workload.Measured:
        """Workload as it stood at `since`."""
        return workload.measure(self.frames, self.earlier, asked=self.asked_then)

    @cached_property
    def finished(self) -> flow.Measured:
        """Items of the busier unit."""
        return flow.measure(self.frames, self.scope)

    @cached_property
    def first_at(self) -> pd.Timestamp:
        """When the first item was created that is known; missing where none is."""
        items = [self.frames.issues["created_at"], self.frames.pull_requests["created_at"]]
        return pd.Timestamp(pd.concat(items).min())

    @cached_property
    def is_of_enough(self) -> bool:
        """Whether enough people had a hand in what is chosen for this viewer to read how they work."""
        return privacy.is_of_enough(self.frames, self.scope)

    def of_people(self, told: Callable[["Compared"], list[T]]) -> list[T]:
        """What is told of how people work; nothing where those are too few for this viewer."""
        return told(self) if self.is_of_enough else []

    @cached_property
    def happened(self) -> pd.DataFrame:
        """What came of each member of a milestone since then, one row each: milestone, item, is_finished, is_added.

        What was finished and reopened, or came and went, within the time is neither.
        """
        now = self.now
        events = self.frames.issue_events, self.frames.pull_request_events
        replayed = now.known, now.members, now.stays
        found = milestones.changes(*replayed, *events, as_of=self.scope.as_of, since=self.since)
        finished = _last(found, ["finished"], ["reopened", "dropped", "removed", "moved_out"])
        added = _last(found, ["added", "moved_in"], ["dropped", "removed", "moved_out"])
        both = finished.assign(is_finished=True).merge(added.assign(is_added=True), how="outer", on=PAIR)
        return both.assign(is_finished=both["is_finished"].eq(True), is_added=both["is_added"].eq(True))

    @cached_property
    def counts(self) -> pd.DataFrame:
        """How many items of each milestone were finished and added since then, by its id: n_finished, n_added."""
        by = self.happened.groupby("milestone")
        return by.agg(n_finished=("is_finished", "sum"), n_added=("is_added", "sum")).astype("int64")


PAIR = ["milestone", "item"]


def _last(found: pd.DataFrame, good: list[str], undone: list[str]) -> pd.DataFrame:
    """The members of which the last of these events is a good one: milestone, item."""
    last = found[found["kind"].isin([*good, *undone])].drop_duplicates(PAIR, keep="last")
    return last.loc[last["kind"].isin(good), PAIR]
