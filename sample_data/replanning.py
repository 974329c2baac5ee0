"""What owners say of their milestones beside the daily work: what waits for what, moves on, is sized anew.

All of it is told after the days have passed and draws nothing from the stream of random numbers, so that nobody's day
changes with it.
"""

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

from sample_data.histories import Goal, Issue
from sample_data.organisation import Person
from sample_data.planning import owner
from sample_data.tables import NOW, at_dawn
from sample_data.work import World

IMPEDIMENT = "Impediment"
"""What Jira calls its flag."""
WORKED = 1.83
"""So many hours into the working day things are said."""


class Wait(NamedTuple):
    """So many items of one milestone wait for one item of another, which is finished by now where `is_over`."""

    waiting: str
    n: int
    blocking: str
    said_on: dt.date
    is_over: bool = False


class Sizing(NamedTuple):
    """An unfinished item gets an estimate: its first one, or a larger one than it had."""

    title: str
    points: int
    said_on: dt.date
    is_first: bool = False


WAITS = (
    Wait("ETA 3.1", 2, "Release 8", dt.date(2026, 5, 27)),
    Wait("One plan for several terminals", 1, "Berth 2026.1", dt.date(2026, 5, 21)),
    Wait("Emission reports per voyage", 1, "Berth 2026.1", dt.date(2026, 5, 12), is_over=True),
)
SIZINGS = (
    Sizing("Berth 2026.1", 5, dt.date(2026, 5, 20), is_first=True),
    Sizing("ETA 3.1", 8, dt.date(2026, 5, 28)),
    Sizing("Release 8", 13, dt.date(2026, 6, 11)),
)
FLAGGED = ("Berth 2026.1", dt.date(2026, 6, 9))
MOVED = ("ETA 3.1", "ETA 4.0", dt.date(2026, 6, 10))
ADDED = ("Berth 2026.1", dt.date(2026, 6, 11))


def replan(world: World) -> None:
    """All of it."""
    for goal in world.goals:
        _postpone(world, goal)
    for wait in WAITS:
        _wait(world, wait)
    for sizing in SIZINGS:
        _size(world, sizing)
    _flag(world)
    _move_on(world)
    _add(world)


def _postpone(world: World, goal: Goal) -> None:
    """An epic's due date is a field of its issue, so that each move is on record."""
    for (_, before), (since, due) in zip(goal.dues, goal.dues[1:], strict=False):
        if goal.epic is not None:
            at, by = _said(world, goal, since)
            goal.epic.change(at, by, "due", old=f"{before}", new=f"{due}")


def _wait(world: World, wait: Wait) -> None:
    at, by = _said(world, _goal(world, wait.waiting), wait.said_on)
    blocker = next(_items(world, wait.blocking, at, is_finished=wait.is_over))
    items = _items(world, wait.waiting, at)
    for _ in range(wait.n):
        next(items).change(at, by, "blocked_by", new=blocker)


def _size(world: World, sizing: Sizing) -> None:
    at, by = _said(world, _goal(world, sizing.title), sizing.said_on)
    sizes = ((it, _estimate(it)) for it in _items(world, sizing.title, at) if it.latest.get("estimate", 0) < at)
    if sizing.is_first:
        issue, old = next((it, size) for it, size in sizes if size is None)
    else:
        issue, old = next((it, size) for it, size in sizes if size is not None and float(size) < sizing.points)
    issue.change(at, by, "estimate", old=old, new=f"{sizing.points}")


def _flag(world: World) -> None:
    """Somebody cannot go on, and says so."""
    title, day = FLAGGED
    begun = (it for it in _items(world, title, at_dawn(day)) if _category(it, at_dawn(day)) == "active")
    issue, person = next((it, it.assignee) for it in begun if it.assignee is not None)
    issue.change(_moment(world, person, day), person.jira, "blocked", new=IMPEDIMENT)


def _move_on(world: World) -> None:
    """The last of what nobody has begun is put off to the next version."""
    title, next_title, day = MOVED
    goal = _goal(world, title)
    at, by = _said(world, goal, day)
    issue = [it for it in _items(world, title, at) if it.category == "todo"][-1]
    issue.quit(at, by, goal)
    issue.join(at, by, _goal(world, next_title))


def _add(world: World) -> None:
    """One more of the backlog, long after the start."""
    title, day = ADDED
    goal = _goal(world, title)
    at, by = _said(world, goal, day)
    fitting = (it for it in world.backlog[goal.team] if it.project == goal.project and not it.goals)
    next(it for it in fitting if max(it.latest.values()) < at).join(at, by, goal)


def _goal(world: World, title: str) -> Goal:
    return next(goal for goal in world.goals if goal.title == title)


def _said(world: World, goal: Goal, day: dt.date) -> tuple[int, str]:
    """When the milestone's owner says something that day, and as which account."""
    person = owner(goal)
    return _moment(world, person, day), person.account(goal.source)


def _moment(world: World, person: Person, day: dt.date) -> int:
    return world.hours[person.login].after(at_dawn(day), WORKED)


def _items(world: World, title: str, at: int, *, is_finished: bool = False) -> Iterator[Issue]:
    """Items of this milestone alone that were in it and unfinished then, and are, or are not, finished by now."""
    for issue in world.issues:
        is_in = [goal.title for goal in issue.goals] == [title] and issue.latest["milestone"] < at
        if is_in and _is_open(issue, at) and _is_open(issue, NOW) != is_finished:
            yield issue


def _is_open(issue: Issue, at: int) -> bool:
    return _category(issue, at) in {"todo", "active"}


def _category(issue: Issue, at: int) -> str:
    """What its status meant then. Some of an issue's changes lie ahead of today."""
    told = [change.new for change in issue.changes if change.field == "status_category" and change.at <= at]
    return str(told[-1])


def _estimate(issue: Issue) -> str | None:
    told = [change.new for change in issue.changes if change.field == "estimate"]
    return str(told[-1]) if told else None
