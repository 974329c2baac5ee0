"""Day by day: work comes in, people take it on, get it done, and hand it over when they leave.

How long things take is not drawn but follows: a person's day is shared between all they hold, so that a team which
takes on too much gets slow, and one that takes on less gets quick.
"""

import datetime as dt
import zlib
from dataclasses import dataclass, field

import numpy as np

from sample_data.histories import COMPLETED, NOT_PLANNED, Goal, Issue
from sample_data.hours import FAR, HOUR, Hours, lull
from sample_data.organisation import (
    BY_LOGIN,
    FIRST_DAY,
    GHOST,
    HOARDER,
    LEADS,
    NEWCOMER,
    OWNER,
    PEOPLE,
    TEAMS,
    Person,
    Team,
    limit,
    members,
)
from sample_data.plan import may_start, urgency
from sample_data.reviews import Reviewing
from sample_data.titles import Writer

POINTS = (1, 2, 3, 5, 8, 13)
REFUSALS = ("Won't Do", "Duplicate", "Cannot Reproduce")
PRIORITIES = ("Highest", "High", "Medium", "Low")
URGENCY = {"Highest": 6.0, "High": 1.5, "Medium": 0.0, "Low": -0.8, None: 0.0}
GHOST_UNTIL = dt.date(2025, 4, 1)
FIRST_BACKLOG = 6
"""Items written down on each of the first days, so that everybody has something to do."""
HOARDING_SINCE = dt.date(2026, 4, 20)
LONG_IDLE = 60 * 24 * HOUR
DAY = 24 * HOUR
WAITING = 0.4
"""How much an item that waits for a review counts of one that is worked on."""


@dataclass
class World:
    """Harbourline as it goes along."""

    rng: np.random.Generator
    hours: dict[str, Hours]
    writer: Writer
    reviewing: Reviewing
    goals: list[Goal]
    issues: list[Issue] = field(default_factory=list)
    held: dict[str, list[Issue]] = field(default_factory=dict)
    """Login → open items assigned and started."""
    backlog: dict[str, list[Issue]] = field(default_factory=dict)
    busy_until: dict[str, dt.date] = field(default_factory=dict)
    """Team → end of the incident that keeps it from its work."""

    def moment(self, person: Person, day: dt.date, low: float = 0.0, high: float = 1.0) -> int:
        """Some instant of the person's working day, or of a usual day when they are away."""
        noon = int(dt.datetime.combine(day, dt.time(12), dt.UTC).timestamp())
        start, end = self.hours[person.login].on(day) or (noon, noon + 2 * HOUR)
        return int(start + (end - start) * self.rng.uniform(low, high))

    def present(self, team: str, day: dt.date) -> list[Person]:
        """The members at work that day, or the lead where nobody is."""
        there = [person for person in members(team) if self.hours[person.login].on(day)]
        return there or [BY_LOGIN[LEADS[team]]]

    def create(self, team: Team, author: Person, at: int, *, kind: str, goal: Goal | None = None) -> Issue:
        """A new issue at the end of the team's backlog."""
        project = self._project(team, goal)
        issue = Issue(
            team.slug,
            project,
            kind if "/" not in project else None,
            self.writer.issue(project, team.slug, kind),
            self._reporter(author, project, at),
            at,
            has_code=bool(self.rng.random() < {"Bug": 0.85, "Story": 0.88}.get(kind, 0.4)),
        )
        issue.opened()
        self._describe(issue, kind)
        self.issues.append(issue)
        self.backlog.setdefault(team.slug, []).append(issue)
        return issue

    def _project(self, team: Team, goal: Goal | None) -> str:
        if goal is not None:
            return goal.project
        if team.jira is None or self.rng.random() < team.github_share:
            return f"{OWNER}/{team.repos[int(self.rng.integers(len(team.repos)))]}"
        return team.jira

    def _reporter(self, author: Person, project: str, at: int) -> str:
        is_early = at < dt.datetime.combine(GHOST_UNTIL, dt.time(), dt.UTC).timestamp()
        if "/" in project and is_early and self.rng.random() < 0.3:
            return GHOST
        return author.account("github" if "/" in project else "jira")

    def _describe(self, issue: Issue, kind: str) -> None:
        """Size, priority and labels; a part of it is settled only later, or never."""
        unsized = {"Bug": 0.6, "Task": 0.3}.get(kind, 0.1)
        odds = {"Bug": (0.35, 0.3, 0.2, 0.1, 0.05, 0.0)}.get(kind, (0.13, 0.22, 0.28, 0.22, 0.11, 0.04))
        points = float(self.rng.choice(POINTS, p=odds))
        issue.effort = float(self.rng.lognormal(np.log(0.62 * points**0.75), 0.65))
        if issue.source == "jira":
            issue.priority = str(self.rng.choice(PRIORITIES, p=(0.012, 0.178, 0.61, 0.2)))
            issue.change(issue.created, issue.author, "priority", new=issue.priority)
            if self.rng.random() > unsized:
                self._estimate(issue, points)
        for label, odd in {"bug": 0.9 if kind == "Bug" else 0, **LABELS.get(kind, {})}.items():
            if self.rng.random() < odd:
                issue.label(issue.created, issue.author, label)

    def _estimate(self, issue: Issue, points: float) -> None:
        issue.change(issue.created, issue.author, "estimate", new=f"{points:g}")
        if self.rng.random() < 0.07:
            new = POINTS[min(POINTS.index(int(points)) + 1, 5)]
            lead = BY_LOGIN[LEADS[issue.team]]
            at = self.hours[lead.login].after(issue.created, float(self.rng.uniform(4, 40)))
            if new != points and at < FAR:
                issue.change(at, lead.jira, "estimate", old=f"{points:g}", new=f"{new:g}")

    def arrive(self, team: Team, day: dt.date) -> None:
        """Work comes in, more of it on some days, little around the new year."""
        if day.weekday() > 4:
            return
        rate = team.arrivals * lull(day) * (1.8 if day.weekday() == 0 else 0.8)
        for _ in range(self.rng.poisson(rate) + (FIRST_BACKLOG if (day - FIRST_DAY).days in {0, 1, 3} else 0)):
            there = self.present(team.slug, day)
            lead = BY_LOGIN[LEADS[team.slug]]
            writes = lead in there and self.rng.random() < 0.35
            author = lead if writes else there[int(self.rng.integers(len(there)))]
            kind = str(self.rng.choice(["Bug", "Story", "Task"], p=(0.36, 0.36, 0.28)))
            self.create(team, author, self.moment(author, day), kind=kind)

    def return_reviewed(self, day: dt.date) -> None:
        """What was merged is done; what was turned down goes back to work."""
        until = int(dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), dt.UTC).timestamp())
        for person in PEOPLE:
            for issue in [it for it in self.held.get(person.login, []) if (it.review_ends or FAR) < until]:
                at = issue.review_ends or 0
                issue.review_ends = None
                if issue.merged_by is not None:
                    self.finish(issue, person, at + int(self.rng.integers(60, 900)), by=issue.merged_by)
                else:
                    issue.effort = float(self.rng.uniform(0.3, 1.2))
                    if issue.source == "jira":
                        issue.move(at, person.jira, "In Progress")

    def finish(self, issue: Issue, person: Person, at: int, *, by: Person) -> None:
        """Done, whoever says so of what the person holds."""
        self.held[person.login].remove(issue)
        for goal in issue.goals:
            goal.n_done += 1
        issue.resolution = "Done" if issue.source == "jira" else "completed"
        issue.move(at, by.account(issue.source), "Done" if issue.source == "jira" else COMPLETED)
        if self.rng.random() < 0.035:
            self._reopen(issue, person, at)

    def _reopen(self, issue: Issue, person: Person, at: int) -> None:
        again = self.hours[person.login].after(at + int(self.rng.integers(1, 14)) * DAY, float(self.rng.uniform(1, 6)))
        if again < FAR:
            issue.move(again, person.account(issue.source), "In Progress" if issue.source == "jira" else "open")
            issue.effort = float(self.rng.uniform(0.2, 0.8))
            issue.idle_until = again
            self.held[person.login].append(issue)

    def labour(self, person: Person, team: Team, day: dt.date) -> None:
        """The day's work, shared between all the person holds; what gets ready goes to review."""
        if not self.hours[person.login].on(day):
            return
        noon = int(dt.datetime.combine(day, dt.time(12), dt.UTC).timestamp())
        doing = [it for it in self.held.get(person.login, []) if it.review_ends is None and it.idle_until < noon]
        if not doing:
            return
        day_share = self._day_of(person, team, day) / len(doing) / (1 + 0.06 * (len(doing) - 1))
        for issue in doing:
            issue.effort -= day_share * float(self.rng.uniform(0.6, 1.4))
            if issue.effort <= 0:
                self._complete(issue, person, self.moment(person, day, 0.5, 0.95))
            else:
                self._note(issue, person, day)

    def _note(self, issue: Issue, person: Person, day: dt.date) -> None:
        """Now and then somebody says how it goes. Not drawn, so that it does not change anything else."""
        chance = zlib.crc32(f"{issue.title}{day}".encode()) % 700
        start, end = self.hours[person.login].on(day) or (0, 0)
        if chance < 100:
            issue.note(start + (end - start) * chance // 100, person.account(issue.source))

    def _day_of(self, person: Person, team: Team, day: dt.date) -> float:
        """How much a day at work gives the items."""
        if self.busy_until.get(team.slug, day) > day:
            return 0.05
        weeks = (day - person.start_on).days / 7
        ramp = min(0.35 + weeks / 14, 1.0) if person.login == NEWCOMER else 1.0
        return team.focus * person.pace * lull(day) * ramp

    def _complete(self, issue: Issue, person: Person, at: int) -> None:
        if not issue.has_code:
            self.finish(issue, person, at, by=person)
            return
        repo = issue.project.partition("/")[2] or self._repo(person)
        if issue.source == "jira":
            issue.move(at, person.jira, "In Review")
        issue.review_ends, issue.merged_by = self.reviewing.propose(issue, person, at, repo)

    def _repo(self, person: Person) -> str:
        repos = next(team.repos for team in TEAMS if team.slug == person.team)
        return repos[0] if self.rng.random() < 0.6 else repos[-1]

    def tidy(self, person: Person, day: dt.date) -> None:
        """A small pull request without an issue."""
        if self.hours[person.login].on(day) and self.rng.random() < 0.013 * lull(day):
            self.reviewing.propose(None, person, self.moment(person, day, 0.2, 0.9), self._repo(person), small=True)

    def take(self, person: Person, team: Team, day: dt.date) -> None:
        """Take on more, up to what the team allows itself."""
        is_leaving = person.leave_on is not None and (person.leave_on - day).days < 10
        if not self.hours[person.login].on(day) or is_leaving or self.busy_until.get(team.slug, day) > day:
            return
        noon = int(dt.datetime.combine(day, dt.time(12), dt.UTC).timestamp())
        mine = [it for it in self.held.setdefault(person.login, []) if it.idle_until < noon + LONG_IDLE]
        load = sum(WAITING if it.review_ends and person.login != HOARDER else 1.0 for it in mine)
        for _ in range(2):
            issue = self._next(team, day) if load < self._most(person, team, day) else None
            if issue is not None:
                self.start(issue, person, self.moment(person, day, 0.05, 0.6))
                load += 1.0

    def _most(self, person: Person, team: Team, day: dt.date) -> float:
        if person.login == HOARDER and day >= HOARDING_SINCE:
            return 9
        whole, part = divmod(limit(team, day), 1)
        return whole + (self.rng.random() < part)

    def _next(self, team: Team, day: dt.date) -> Issue | None:
        """The most urgent of the backlog, then what the milestones need; nothing of what has not begun."""
        due = [it for it in self.backlog[team.slug] if may_start(it.goals, day)]
        if not due:
            return None
        scores = [URGENCY[it.priority] + urgency(it.goals, day) + float(self.rng.gumbel(0, 0.9)) for it in due]
        best = due[int(np.argmax(scores))]
        self.backlog[team.slug].remove(best)
        return best

    def start(self, issue: Issue, person: Person, at: int) -> None:
        """Assign and begin. Some things get stuck for a while."""
        account = person.account(issue.source)
        if at < issue.created + 600:  # written down later that day, where the sun sets later
            at = self.hours[person.login].after(issue.created, 0.3)
        issue.assign(at, account, person)
        if issue.source == "jira":
            issue.move(at, account, "In Progress")
        self.held.setdefault(person.login, []).append(issue)
        if self.rng.random() < 0.03:
            issue.idle_until = at + int(self.rng.lognormal(2.6, 0.5) * DAY)


LABELS = {
    "Bug": {"customer": 0.35, "security": 0.05},
    "Story": {"customer": 0.3, "ux": 0.15},
    "Task": {"tech-debt": 0.5, "security": 0.1, "docs": 0.12},
}


def reject(world: World, issue: Issue, person: Person, at: int) -> None:
    """Closed without being done."""
    if issue in world.backlog.get(issue.team, []):
        world.backlog[issue.team].remove(issue)
    for items in world.held.values():
        if issue in items:
            items.remove(issue)
    is_jira = issue.source == "jira"
    issue.resolution = str(world.rng.choice(REFUSALS)) if is_jira else "not planned"
    issue.move(at, person.account(issue.source), "Won't do" if is_jira else NOT_PLANNED)
