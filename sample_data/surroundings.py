"""What stands around the work: people, accounts, teams, absences, milestones as they are now, releases."""

import datetime as dt
from collections.abc import Iterator

import numpy as np

from sample_data.histories import CATEGORY, Goal
from sample_data.hours import Span
from sample_data.organisation import (
    BY_LOGIN,
    CI_BOT,
    CONFIDENCE,
    DEPENDABOT,
    FIRST_DAY,
    GHOST,
    OWNER,
    PEOPLE,
    PLACES,
    SITE,
    TEAMS,
    TODAY,
)
from sample_data.tables import Row, Rows, at_dawn

RENAMED = {"Quay API v2": (dt.date(2025, 12, 1), "Quay API 2.0")}
RELEASE_EVERY_DAYS = {"quay-api": 28, "berth-planner": 21, "manifest-service": 35, "customs-edi": 49, "voyage-eta": 28,
                      "platform": 42}  # fmt: skip


def people(absences: dict[str, list[Span]]) -> Rows:
    """Rows of people, accounts, teams, members and time off."""
    return {
        "people": [_person(place) for place in range(len(PEOPLE))],
        "accounts": [*_accounts()],
        "teams": [{"id": team.id, "name": team.name} for team in TEAMS],
        "team_members": [{"team": f"team:{person.team}", "person": person.id} for person in PEOPLE],
        "time_off": [
            {"person": BY_LOGIN[login].id, "start_on": start, "end_on": end}
            for login, spans in absences.items()
            for start, end in spans
        ],
    }


def statuses() -> Rows:
    """Rows of the statuses of Harbourline's Jira."""
    meanings = {status: category.replace("dropped", "done") for status, category in CATEGORY.items()}
    return {
        "statuses": [
            {"id": f"jira:{SITE}:status:{place}", "name": name, "category": category, "said_by": "source"}
            for place, (name, category) in enumerate(meanings.items(), 1)
        ]
    }


def _person(place: int) -> Row:
    person = PEOPLE[place]
    country, region = PLACES[person.zone]
    return {
        "id": person.id,
        "name": person.name,
        "time_zone": person.zone,
        "workdays": person.workdays,
        "day_start": person.day[0],
        "day_end": person.day[1],
        "share": person.share,
        "start_on": person.start_on,
        "leave_on": person.leave_on,
        "country": country,
        "region": region,
    }


def _accounts() -> Iterator[Row]:
    for person in PEOPLE:
        known = {"kind": "user", "person": person.id, "name": person.name}
        yield known | {"id": person.github, "source": "github", "login": person.login, "matched_by": person.matched_by,
                       "confidence": CONFIDENCE[person.matched_by]}  # fmt: skip
        yield known | {"id": person.jira, "source": "jira", "login": f"{person.login}@harbourline.example",
                       "matched_by": "email", "confidence": CONFIDENCE["email"]}  # fmt: skip
    bot = {"source": "github", "kind": "bot"}
    # To GitHub harbour-ci is an ordinary user; that it is a machine somebody had to say.
    yield bot | {"id": CI_BOT, "login": "harbour-ci", "name": "Harbourline CI", "matched_by": "manual", "confidence": 1}
    yield bot | {"id": DEPENDABOT, "login": "dependabot[bot]"}
    yield {"id": GHOST, "source": "github", "login": "ghost", "kind": "ghost"}


def milestones(goals: list[Goal]) -> Rows:
    """Rows of milestones and of what was observed to change in them."""
    return {
        "milestones": [_milestone(goal) for goal in goals],
        "milestone_changes": sorted(
            (row for goal in goals for row in _observed(goal)), key=lambda row: (row["observed_at"], row["milestone"])
        ),
    }


def _milestone(goal: Goal) -> Row:
    return {
        "id": goal.id,
        "source": goal.source,
        "project": goal.project,
        "kind": goal.kind,
        "title": goal.title,
        "state": "open" if goal.closed_at is None else "closed",
        "start_on": goal.start_on,
        "due_on": goal.due_on(TODAY.date()),
        "owner": BY_LOGIN[goal.owner].account(goal.source) if goal.owner else None,
        "created_at": goal.created_at,
        "updated_at": None,
        "closed_at": goal.closed_at,
        "url": _url(goal),
    }


def _url(goal: Goal) -> str:
    if goal.source == "github":
        return f"https://github.example/{goal.project}/milestone/{goal.number}"
    if goal.epic is not None:
        return f"https://harbourline.atlassian.example/browse/{goal.epic.key}"
    return f"https://harbourline.atlassian.example/projects/{goal.project}/versions/{goal.number}"


def _observed(goal: Goal) -> Iterator[Row]:
    """What the daily sync saw: everything on the morning after creation, then each change on the morning after it."""
    first = goal.created_on
    moved, old_title = RENAMED.get(goal.title, (None, goal.title))
    yield _seen(goal, first, "state", None, "open")
    yield _seen(goal, first, "title", None, old_title)
    if goal.start_on is not None:
        yield _seen(goal, first, "start_on", None, f"{goal.start_on}")
    if moved is not None:
        yield _seen(goal, moved, "title", old_title, goal.title)
    before: dt.date | None = None
    for since, due in goal.dues:
        if due is not None:
            yield _seen(goal, since, "due_on", None if before is None else f"{before}", f"{due}")
        before = due
    if goal.closed_at is not None and goal.closed_on is not None:
        yield _seen(goal, goal.closed_on, "state", "open", "closed")


def _seen(goal: Goal, changed_on: dt.date, field: str, old: str | None, new: str) -> Row:
    day = dt.timedelta(days=1)
    return {
        "milestone": goal.id,
        "not_before_at": None if old is None else at_dawn(changed_on),
        "observed_at": at_dawn(changed_on + day),
        "field": field,
        "old": old,
        "new": new,
    }


def releases(rng: np.random.Generator) -> list[Row]:
    """Tagged versions of every repository, a candidate before some."""
    return [row for repo, step in RELEASE_EVERY_DAYS.items() for row in _tags(repo, step, rng)]


def _tags(repo: str, step: int, rng: np.random.Generator) -> Iterator[Row]:
    day, minor = FIRST_DAY + dt.timedelta(days=int(rng.integers(20, 50))), 0
    while day < TODAY.date():
        tag = f"v{day.year - 2022}.{minor}.0"
        if rng.random() < 0.2:
            yield _release(repo, f"{tag}-rc.1", day - dt.timedelta(days=4))
        yield _release(repo, tag, day)
        later = day + dt.timedelta(days=step + int(rng.integers(-6, 10)))
        day, minor = later - dt.timedelta(days=max(later.weekday() - 3, 0)), 0 if later.year > day.year else minor + 1


def _release(repo: str, tag: str, day: dt.date) -> Row:
    project = f"{OWNER}/{repo}"
    return {
        "id": f"github:{project}/releases/{tag}",
        "project": project,
        "tag": tag,
        "url": f"https://github.example/{project}/releases/tag/{tag}",
        "published_at": at_dawn(day) + 7 * 3600 + len(tag) * 61,
        "is_prerelease": "-rc" in tag,
    }
