"""The life of a pull request: drafted, reviewed in rounds in people's own working hours, merged or left lying."""

import datetime as dt
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np

from sample_data.histories import PASSING, Goal, Issue, Pull, Review, Touched
from sample_data.hours import FAR, HOUR, Hours
from sample_data.organisation import (
    BY_LOGIN,
    CI_BOT,
    GHOST,
    LEAVE,
    NEWCOMER,
    ON_LEAVE,
    OVERLOADED_REVIEWER,
    OWNER,
    PEOPLE,
    TEAM_OF,
    Person,
    Team,
)
from sample_data.titles import Writer

ANSWER_HOURS = {"berth": 2.0, "manifest": 4.0, "voyage": 3.5, "platform": 5.0}
"""Working hours until a usual answer, by the reviewer's team."""
SLOWING_SINCE = dt.date(2026, 3, 9)
SERVICE_HOURS = (12.0, 25.0)
"""From then on: working hours between two answers of the overloaded reviewer."""
GHOST_UNTIL = dt.date(2025, 5, 1)
MINUTE = 60

End: TypeAlias = tuple[int, Person | None]
"""When a pull request ends (`FAR` for never) and who merges it then, if anybody."""


@dataclass
class Reviewing:
    """Opens pull requests and lets them run their course, which may end after today."""

    rng: np.random.Generator
    hours: dict[str, Hours]
    writer: Writer
    pulls: list[Pull] = field(default_factory=list)
    free_at: int = 0
    """When the overloaded reviewer will be through with what waits for them."""

    def propose(self, issue: Issue | None, author: Person, at: int, repo: str, *, small: bool = False) -> End:
        """Open a pull request and say how it ends."""
        title = self._title(issue, author, repo)
        pull = Pull(f"{OWNER}/{repo}", author.team, author.github, title, at, issue)
        self.pulls.append(pull)
        self._touch(pull, author, repo, small=small)
        self._ci(pull, at)
        self._mark(pull, author, at)
        ready = self._drafted(pull, author, at)
        if self.rng.random() < 0.015:
            pull.event(ready, author.github, "closed")
            ready += 20 * MINUTE
            pull.event(ready, author.github, "reopened")
        return self._reviewed(pull, author, ready)

    def _title(self, issue: Issue | None, author: Person, repo: str) -> str:
        if issue is None:
            return self.writer.chore(f"{OWNER}/{repo}", author.team)
        return self.writer.fix(f"{OWNER}/{repo}", issue.title)

    def _touch(self, pull: Pull, author: Person, repo: str, *, small: bool) -> None:
        n = 1 if small else 1 + min(int(self.rng.lognormal(0.7, 0.8)), 14)
        favourite = PEOPLE.index(author) * 3
        for path in self.writer.paths(repo, favourite, n):
            lines = int(self.rng.lognormal(2.2 if small else 3.0, 1.1)) + 1
            pull.files.append(Touched(path, lines, int(lines * self.rng.beta(1.2, 3))))

    def touch_lockfile(self, pull: Pull) -> None:
        """What a dependency update touches."""
        lines = int(self.rng.integers(2, 60))
        pull.files += [Touched("lock/dependencies.lock", lines, lines), Touched("dependencies.toml", 1, 1)]
        self._ci(pull, pull.created)

    def accept(self, pull: Pull, person: Person, at: int) -> None:
        """Somebody merges a dependency update, mostly with an approval."""
        seen = self._later(person, at, 9.0)
        if seen >= FAR:
            return
        if self.rng.random() < 0.6:
            self._review(pull, person, seen, "approved")
        pull.event(seen + 2 * MINUTE, person.github, "merged")

    def _ci(self, pull: Pull, at: int) -> None:
        """The build tells its result."""
        if self.rng.random() < 0.8:
            pull.comments.append((at + int(self.rng.integers(4, 25)) * MINUTE, CI_BOT))

    def _mark(self, pull: Pull, author: Person, at: int) -> None:
        if self.rng.random() < 0.2:
            pull.event(at + MINUTE, author.github, "assigned", author.github)
        labels = pull.issue.labels if pull.issue else ["tech-debt"]
        for label in [label for label in labels if label not in PASSING]:
            if self.rng.random() < 0.5:
                pull.event(at + MINUTE, author.github, "labeled", label)
        goal = next((goal for goal in pull.issue.goals if goal.kind == "milestone"), None) if pull.issue else None
        if goal is not None and goal.project == pull.repo and self.rng.random() < 0.3:
            self._plan(pull, author, at, goal)

    def _plan(self, pull: Pull, author: Person, at: int, goal: Goal) -> None:
        pull.event(at + MINUTE, author.github, "milestoned", goal)

    def _drafted(self, pull: Pull, author: Person, at: int) -> int:
        """When it is ready for review."""
        pull.is_draft = bool(self.rng.random() < 0.18)
        if not pull.is_draft:
            return at + MINUTE
        ready = self._later(author, at, 7.0)
        pull.event(ready, author.github, "ready")
        if self.rng.random() < 0.1:
            pull.event(ready + HOUR, author.github, "draft")
            ready = self._later(author, ready + HOUR, 5.0)
            pull.event(ready, author.github, "ready")
        return ready

    def _reviewed(self, pull: Pull, author: Person, ready: int) -> End:
        if ready >= FAR:
            return FAR, None
        roll = self.rng.random()
        if roll < 0.025:
            return self._merge(pull, author, author, ready, [])
        main, others = self._ask(pull, author, ready)
        if roll < 0.065:
            return self._give_up(pull, author, ready)
        return self._rounds(pull, author, ready, main, others)

    def _ask(self, pull: Pull, author: Person, at: int) -> tuple[Person, list[Person]]:
        """Whom to ask: mostly people, sometimes the team, now and then somebody of another team."""
        team = TEAM_OF[author.team]
        main, *rest = self._candidates(team, author, at)
        if self.rng.random() < 0.15:
            pull.event(at, author.github, "review_requested", team.id)
            if self.rng.random() < 0.6:
                return main, []
        others = rest[:1] if self.rng.random() < 0.4 else []
        if self.rng.random() < 0.08:
            others.append(self._elsewhere(author, at))
        for person in (main, *others):
            pull.event(at, author.github, "review_requested", person.github)
        return main, others

    def _elsewhere(self, author: Person, at: int) -> Person:
        """Somebody of another team: half of the time the one whom everybody asks."""
        favourite = BY_LOGIN[OVERLOADED_REVIEWER]
        if author.team != favourite.team and self.rng.random() < 0.5:
            return favourite
        there = [one for one in PEOPLE if one.team != author.team and self._is_there(one, at)]
        return there[int(self.rng.integers(len(there)))]

    def _candidates(self, team: Team, author: Person, at: int) -> list[Person]:
        there = [BY_LOGIN[login] for login in team.reviewers if self._is_there(BY_LOGIN[login], at)]
        among = [person for person in there if person is not author]
        weights = np.array([team.reviewers[person.login] for person in among])
        order = self.rng.choice(len(among), size=len(among), replace=False, p=weights / weights.sum())
        return [among[int(place)] for place in order]

    def _is_there(self, person: Person, at: int) -> bool:
        day = dt.datetime.fromtimestamp(at, dt.UTC).date()
        is_away = person.login == ON_LEAVE and LEAVE[0] <= day <= LEAVE[1]
        settled = person.start_on + dt.timedelta(days=30 if person.login == NEWCOMER else 0)
        return settled <= day and (person.leave_on is None or day < person.leave_on) and not is_away

    def is_swamped(self, person: Person, at: int) -> bool:
        """Whether more is asked of the person by now than they can answer."""
        return person.login == OVERLOADED_REVIEWER and at >= _instant(SLOWING_SINCE)

    def _answer(self, person: Person, at: int) -> int:
        """When the person answers; never, now and then."""
        swamped = self.is_swamped(person, at)
        if self.rng.random() < (0.1 if swamped else 0.035):
            return FAR
        usual = ANSWER_HOURS[person.team] * (4.0 if swamped else 1.0)
        return self.hours[person.login].after(at, float(self.rng.lognormal(np.log(usual), 1.0)))

    def _first_answer(self, pull: Pull, person: Person, at: int) -> int:
        """The swamped reviewer answers in turn; who has work waiting for it often does not wait that long."""
        answered = self._answer(person, at)
        if not self.is_swamped(person, at) or answered >= FAR:
            return answered
        in_turn = self.hours[person.login].after(max(at, self.free_at), float(self.rng.uniform(*SERVICE_HOURS)))
        is_too_long = in_turn > at + 6 * 24 * HOUR
        if is_too_long and pull.issue is not None and self.rng.random() < 0.3:
            return FAR
        self.free_at = in_turn
        return in_turn

    def _rounds(self, pull: Pull, author: Person, at: int, main: Person, others: list[Person]) -> End:
        for turn in range(4):
            answered = self._first_answer(pull, main, at) if turn == 0 else self._answer(main, at)
            if answered >= FAR:
                return self._unanswered(pull, author, at, others)
            verdict = self._verdict(turn)
            self._review(pull, main, answered, verdict)
            if verdict == "approved":
                return self._merge(pull, author, main, answered, others)
            at = self._reworked(pull, author, answered, main)
            if at >= FAR:
                return FAR, None
        return self._merge(pull, author, main, at, others)

    def _verdict(self, turn: int) -> str:
        odds = (0.56, 0.24, 0.20) if turn == 0 else (0.72, 0.16, 0.12) if turn < 3 else (1.0, 0.0, 0.0)
        return str(self.rng.choice(["approved", "changes_requested", "commented"], p=odds))

    def _review(self, pull: Pull, person: Person, at: int, verdict: str) -> None:
        talk = {"approved": 0.5, "changes_requested": 3.2, "commented": 2.0}[verdict]
        author = person.github
        if person.login == "pzalew" and at < _instant(GHOST_UNTIL) and self.rng.random() < 0.5:
            author = GHOST
        pull.reviews.append(Review(at, author, verdict, int(self.rng.poisson(talk))))

    def _reworked(self, pull: Pull, author: Person, at: int, main: Person) -> int:
        """The author answers, pushes, and asks again."""
        pushed = self._later(author, at, 3.5)
        if pushed >= FAR:
            return FAR
        self._ci(pull, pushed)
        if self.rng.random() < 0.4:
            pull.comments.append((pushed, author.github))
        if self.rng.random() < 0.3:
            pull.event(pushed, author.github, "force_pushed")
        pull.event(pushed + MINUTE, author.github, "review_requested", main.github)
        return pushed + MINUTE

    def _unanswered(self, pull: Pull, author: Person, at: int, others: list[Person]) -> End:
        """Nobody answers: ask somebody else, merge without, or let it lie."""
        waited = self.hours[author.login].after(at, float(self.rng.uniform(14, 34)))
        roll = self.rng.random()
        if roll < 0.06 or waited >= FAR:
            return self._left_lying(pull, author, waited)
        if roll < 0.25:
            return self._merge(pull, author, author, waited, others)
        pull.comments.append((waited, author.github))
        asked = [event for event in pull.events if event.kind == "review_requested"]
        second = next(p for p in reversed(self._candidates(TEAM_OF[author.team], author, waited)) if p not in others)
        if asked and roll < 0.4 and not str(asked[-1].subject).startswith("team:"):
            pull.event(waited, author.github, "review_request_removed", asked[-1].subject)
        pull.event(waited + MINUTE, author.github, "review_requested", second.github)
        answered = self.hours[second.login].after(waited + MINUTE, float(self.rng.lognormal(1.0, 0.8)))
        self._review(pull, second, answered, "approved")
        return self._merge(pull, author, second, answered, others)

    def _left_lying(self, pull: Pull, author: Person, at: int) -> End:
        if self.rng.random() < 0.5 or at >= FAR:
            return FAR, None
        closed = self.hours[author.login].after(at + int(self.rng.integers(30, 120)) * 24 * HOUR, 2)
        pull.event(closed, author.github, "closed")
        return closed, None

    def _give_up(self, pull: Pull, author: Person, at: int) -> End:
        closed = self._later(author, at, 16.0)
        pull.comments.append((closed, author.github))
        pull.event(closed, author.github, "closed")
        return closed, None

    def _merge(self, pull: Pull, author: Person, approver: Person, at: int, others: list[Person]) -> End:
        by = author if self.rng.random() < 0.65 else approver
        merged = max(self._later(by, at, 1.2), at + MINUTE)
        for person in others:
            answered = self._answer(person, pull.events[-1].at)
            if answered < merged:
                self._review(pull, person, answered, "approved" if self.rng.random() < 0.5 else "commented")
        if merged < FAR:
            self._dismiss(pull, author, at, merged)
            pull.event(merged, by.github, "merged")
        return merged, by if merged < FAR else None

    def _dismiss(self, pull: Pull, author: Person, at: int, merged: int) -> None:
        """A push sometimes makes an earlier verdict void; only verdicts can be dismissed, so a comment becomes one."""
        if len(pull.reviews) > 1 and self.rng.random() < 0.03:
            first = min(pull.reviews)
            void = first._replace(state="changes_requested") if first.state == "commented" else first
            pull.reviews[pull.reviews.index(first)] = void
            pull.event(min(max(at, first.at), merged), author.github, "dismissed", void)

    def _later(self, person: Person, at: int, work: float) -> int:
        return self.hours[person.login].after(at, float(self.rng.lognormal(np.log(work), 0.9))) if at < FAR else FAR


def _instant(day: dt.date) -> int:
    return int(dt.datetime.combine(day, dt.time(), dt.UTC).timestamp())
