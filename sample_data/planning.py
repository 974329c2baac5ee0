"""Milestones day by day: planned, grown, thinned out, closed, and what becomes of what was left."""

import datetime as dt

from sample_data.histories import Goal, Issue
from sample_data.hours import HOUR
from sample_data.organisation import BY_LOGIN, LEADS, TEAM_OF, TODAY, Person
from sample_data.work import World, reject

CHURN = 0.08
"""Which part of the planned items is taken out again on the way."""


def owner(goal: Goal) -> Person:
    """Who plans it: its owner, or the team's lead where it has none."""
    return BY_LOGIN[goal.owner or LEADS[goal.team]]


class Planning:
    """One milestone's way through time."""

    def __init__(self, world: World, goal: Goal) -> None:
        """Settles on which days it grows and shrinks."""
        self.world, self.goal = world, goal
        self.grows_on = self._days(round(goal.size * goal.growth)) if goal.growth else []
        self.shrinks_on = self._days(round(goal.size * CHURN)) if goal.focus > 0 else []

    def _days(self, n: int) -> list[dt.date]:
        """Working days between the start and four fifths of the way."""
        goal = self.goal
        start = goal.start_on or goal.created_on
        end = goal.closed_on or TODAY.date()
        span = max(int((end - start).days * (0.8 if goal.closed_on else 0.97)), 1)
        days = [start + dt.timedelta(days=int(self.world.rng.integers(2, span + 3))) for _ in range(n)]
        return [day - dt.timedelta(days=max(day.weekday() - 4, 0)) for day in days]

    def step(self, day: dt.date) -> None:
        """What happens to the milestone that day."""
        goal = self.goal
        if day == goal.created_on:
            self._begin(day)
            self._fill(day, goal.size // 2)
        if day == goal.start_on:
            self._fill(day, goal.size - goal.size // 2)
            self._start_epic(day)
        for _ in range(self.grows_on.count(day)):
            self._add(day)
        for _ in range(self.shrinks_on.count(day)):
            self._take_out(day)
        self._tell_due(day)
        if day == goal.closed_on:
            self._close(day)

    def _at(self, day: dt.date, low: float = 0.1, high: float = 0.9) -> int:
        return self.world.moment(owner(self.goal), day, low, high)

    def _begin(self, day: dt.date) -> None:
        goal, who = self.goal, owner(self.goal)
        goal.created_at = self._at(day, 0.0, 0.1)
        if goal.kind != "epic":
            return
        goal.epic = Issue(goal.team, goal.project, "Epic", goal.title, who.jira, goal.created_at, priority="Medium")
        goal.epic.opened()
        goal.epic.change(goal.epic.created, who.jira, "priority", new="Medium")
        goal.epic.assign(goal.epic.created, who.jira, who)
        self.world.issues.append(goal.epic)

    def _start_epic(self, day: dt.date) -> None:
        if self.goal.epic is not None:
            self.goal.epic.move(self._at(day), owner(self.goal).jira, "In Progress")

    def _tell_due(self, day: dt.date) -> None:
        """An epic's due date is a field of its issue, so it is on record. Moves of it are told in `replanning`."""
        since, due = self.goal.dues[0]
        if since == day and self.goal.epic is not None and due is not None:
            self.goal.epic.change(self._at(day), owner(self.goal).jira, "due", new=f"{due}")

    def members(self) -> list[Issue]:
        """The open items in it, in order of creation."""
        return [issue for issue in self.world.issues if self.goal in issue.goals and issue.is_open]

    def _fill(self, day: dt.date, n: int) -> None:
        """Some of the items wait in the backlog already, the rest is written down now."""
        for place in range(n):
            self._add(day, from_backlog=place % 5 < 2)

    def _add(self, day: dt.date, *, from_backlog: bool = False) -> None:
        rng, goal, who = self.world.rng, self.goal, owner(self.goal)
        at = self._at(day)
        fitting = [it for it in self.world.backlog.get(goal.team, []) if self._fits(it, at)] if from_backlog else []
        if fitting:
            issue = fitting[int(rng.integers(len(fitting)))]
        else:
            kind = str(rng.choice(["Bug", "Story", "Task"], p=(0.12, 0.6, 0.28)))
            issue = self.world.create(TEAM_OF[goal.team], who, at, kind=kind, goal=goal)
        issue.join(max(at, issue.created), who.account(goal.source), goal)

    def _fits(self, issue: Issue, at: int) -> bool:
        taken = any(goal.kind == self.goal.kind for goal in issue.goals)
        return issue.project == self.goal.project and issue.created < at and not taken

    def _take_out(self, day: dt.date) -> None:
        waiting = [issue for issue in self.members() if issue.category == "todo"]
        if len(waiting) > 3:
            issue = waiting[int(self.world.rng.integers(len(waiting)))]
            issue.quit(self._at(day), owner(self.goal).account(self.goal.source), self.goal)

    def _close(self, day: dt.date) -> None:
        """Decide about what is left, then close."""
        who, goal = owner(self.goal), self.goal
        at = self._at(day, 0.3, 0.5)
        successor = next((other for other in self.world.goals if other.title == goal.next_title), None)
        for place, issue in enumerate(self.members()):
            moment = at + place * 40
            if goal.leftovers == "drop" and issue.category == "todo" and place % 2:
                reject(self.world, issue, who, moment)
                continue
            issue.quit(moment, who.account(goal.source), goal)
            if successor is not None:
                issue.join(moment, who.account(goal.source), successor)
        goal.closed_at = at + HOUR
        if goal.epic is not None:
            goal.epic.resolution = "Done"
            goal.epic.move(goal.closed_at, who.jira, "Done")
