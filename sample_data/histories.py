"""What happened to an issue, a pull request and a milestone, as it happens. State now is replayed from this later."""

import datetime as dt
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from sample_data.organisation import SITE, Person

CATEGORY = {"To Do": "todo", "In Progress": "active", "In Review": "active", "Done": "done", "Won't do": "dropped"}
PASSING = ("in-test", "needs-info", "waiting", "in-design")
OPEN, COMPLETED, NOT_PLANNED = "open", "closed as completed", "closed as not planned"


@dataclass(eq=False)
class Goal:
    """A milestone, version or epic. `dues`: from which day on it was due when."""

    project: str
    kind: str
    title: str
    team: str
    created_on: dt.date
    start_on: dt.date | None
    dues: tuple[tuple[dt.date, dt.date | None], ...]
    size: int
    growth: float = 0.15
    """Items added after the start, as a part of those planned."""
    focus: float = 2.0
    """How much its items are preferred to others."""
    owner: str | None = None
    closed_on: dt.date | None = None
    leftovers: str = "remove"
    """What becomes of open items when it closes: `remove`, `drop` some, `move` to the next."""
    next_title: str | None = None
    stalls_at: int | None = None
    """So many items done, and people turn to other things."""
    n_done: int = 0
    number: int = 0
    created_at: int = 0
    closed_at: int | None = None
    epic: "Issue | None" = None

    @property
    def source(self) -> str:
        """Where it lives."""
        return "github" if "/" in self.project else "jira"

    @property
    def id(self) -> str:
        """An epic is its issue; it has the same id."""
        if self.epic is not None:
            return self.epic.id
        if self.source == "jira":
            return f"jira:{SITE}:version/{self.number}"
        return f"github:{self.project}/milestones/{self.number}"

    @property
    def has_stalled(self) -> bool:
        """Whether people have turned to other things."""
        return self.stalls_at is not None and self.n_done >= self.stalls_at

    def due_on(self, day: dt.date) -> dt.date | None:
        """When it was due, as seen on that day."""
        return [due for since, due in self.dues if since <= day or since == self.dues[0][0]][-1]


Value: TypeAlias = "str | Issue | Goal | None"
"""What a change is from or to; things are resolved to ids once everything is numbered."""


class Change(NamedTuple):
    """A row of `issue_events`, but for the issue."""

    at: int
    actor: str | None
    field: str
    old: "Value"
    new: "Value"


@dataclass(eq=False)
class Issue:
    """An issue and all its changes. `effort` is what is left to do, in days of work."""

    team: str
    project: str
    type: str | None
    title: str
    author: str
    created: int
    effort: float = 1.0
    has_code: bool = True
    number: int = 0
    internal: int = 0
    status: str = ""
    priority: str | None = None
    assignee: Person | None = None
    goals: list[Goal] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    latest: dict[str, int] = field(default_factory=dict)
    idle_until: int = 0
    review_ends: int | None = None
    merged_by: Person | None = None
    resolution: str | None = None

    @property
    def source(self) -> str:
        """Where it lives."""
        return "github" if "/" in self.project else "jira"

    @property
    def id(self) -> str:
        """Known once all items are numbered."""
        return f"github:{self.project}#{self.number}" if self.source == "github" else f"jira:{SITE}:{self.internal}"

    @property
    def key(self) -> str:
        """What people call it."""
        return f"{self.project}#{self.number}" if self.source == "github" else f"{self.project}-{self.number}"

    @property
    def category(self) -> str:
        """What the status means; an open GitHub issue is active while somebody is assigned."""
        if self.source == "jira":
            return CATEGORY[self.status]
        if self.status == OPEN:
            return "todo" if self.assignee is None else "active"
        return "done" if self.status == COMPLETED else "dropped"

    @property
    def is_open(self) -> bool:
        """Neither done nor dropped."""
        return self.category in {"todo", "active"}

    def change(self, at: int, actor: str | None, field: str, *, old: Value = None, new: Value = None) -> None:
        """Note a change. What depends on one another (status, assignment) never goes back in time."""
        thread = "state" if field in {"status", "status_category", "assignee"} else field
        at = max(at, self.latest.get(thread, self.created))
        self.latest[thread] = at
        self.changes.append(Change(at, actor, field, old, new))

    def opened(self) -> None:
        """Note what it was when it was created."""
        self.status = "To Do" if self.source == "jira" else OPEN
        self.change(self.created, self.author, "status", new=self.status)
        self.change(self.created, self.author, "status_category", new="todo")

    def move(self, at: int, actor: str | None, status: str) -> None:
        """Into another status."""
        if status == self.status:
            return
        old, before = self.status, self.category
        self.status = status
        self.change(at, actor, "status", old=old, new=status)
        self._recategorise(at, actor, before)

    def assign(self, at: int, actor: str | None, person: Person | None) -> None:
        """To somebody else, or to nobody."""
        if person is self.assignee:
            return
        before = self.category
        if self.assignee is not None:
            self.change(at, actor, "assignee", old=self.assignee.account(self.source))
        self.assignee = person
        if person is not None:
            self.change(at, actor, "assignee", new=person.account(self.source))
        self._recategorise(at, actor, before)

    def _recategorise(self, at: int, actor: str | None, before: str) -> None:
        if self.category != before:
            self.change(at, actor, "status_category", old=before, new=self.category)

    def join(self, at: int, actor: str | None, goal: Goal) -> None:
        """Enter a milestone; children of an epic have it as parent too."""
        self.goals.append(goal)
        if goal.epic is not None:
            self.change(at, actor, "parent", new=goal.epic)
        self.change(at, actor, "milestone", new=goal)

    def quit(self, at: int, actor: str | None, goal: Goal) -> None:
        """Leave a milestone."""
        self.goals.remove(goal)
        if goal.epic is not None:
            self.change(at, actor, "parent", old=goal.epic)
        self.change(at, actor, "milestone", old=goal)

    def label(self, at: int, actor: str | None, label: str) -> None:
        """Bear a label."""
        if label not in self.labels:
            self.labels.append(label)
            self.change(at, actor, "label", new=label)

    def note(self, at: int, actor: str | None) -> None:
        """A word on how it goes: a label set for a while, taken off the next time."""
        standing = [label for label in self.labels if label in PASSING]
        if not standing:
            self.label(at, actor, PASSING[at // 60 % len(PASSING)])
        for label in standing:
            self.labels.remove(label)
            self.change(at, actor, "label", old=label)


class Review(NamedTuple):
    """A row of `reviews`, but for the pull request."""

    at: int
    author: str
    state: str
    size: int


class PullEvent(NamedTuple):
    """A row of `pull_request_events`, but for the pull request."""

    at: int
    actor: str | None
    kind: str
    subject: str | Goal | Review | None


class Touched(NamedTuple):
    """A row of `files`, but for the pull request."""

    path: str
    additions: int
    deletions: int


@dataclass(eq=False)
class Pull:
    """A pull request and all that happened to it."""

    repo: str
    team: str
    author: str
    title: str
    created: int
    issue: Issue | None = None
    is_draft: bool = False
    number: int = 0
    events: list[PullEvent] = field(default_factory=list)
    reviews: list[Review] = field(default_factory=list)
    comments: list[tuple[int, str]] = field(default_factory=list)
    files: list[Touched] = field(default_factory=list)

    @property
    def id(self) -> str:
        """Known once all items are numbered."""
        return f"github:{self.repo}#{self.number}"

    def event(self, at: int, actor: str | None, kind: str, subject: str | Goal | Review | None = None) -> None:
        """Note an event, in any order."""
        self.events.append(PullEvent(at, actor, kind, subject))
