"""What a lead should find: set pieces that daily life alone would not bring about on the right day."""

import datetime as dt

from sample_data.histories import Issue, Pull
from sample_data.hours import FAR, HOUR
from sample_data.organisation import (
    BY_LOGIN,
    DEPENDABOT,
    LEADS,
    ON_LEAVE,
    OVERLOADED_REVIEWER,
    PEOPLE,
    TEAM_OF,
    TEAMS,
    Person,
    Team,
)
from sample_data.work import World, reject

FORGOTTEN = {
    dt.date(2025, 3, 4): "chiamaka",
    dt.date(2025, 4, 15): "meitz",
    dt.date(2025, 6, 3): "imranqz",
    dt.date(2025, 7, 22): "nikragh",
    dt.date(2025, 9, 16): "deshawn-o",
    dt.date(2025, 10, 28): "talawh",
}
"""On that day somebody began something that nobody has touched since."""
BEFORE_LEAVE = (dt.date(2026, 6, 2), dt.date(2026, 6, 4), dt.date(2026, 6, 5))
URGENT_ON = dt.date(2026, 6, 12)
URGENT = "Customs declarations are rejected for every transit through the new gateway"


def forget(world: World, day: dt.date) -> None:
    """Somebody begins something and never comes back to it."""
    if day not in FORGOTTEN:
        return
    person = BY_LOGIN[FORGOTTEN[day]]
    waiting = [issue for issue in world.backlog[person.team] if not issue.goals]
    if waiting:
        world.backlog[person.team].remove(waiting[0])
        world.start(waiting[0], person, world.moment(person, day))
        waiting[0].idle_until = FAR


def take_before_leave(world: World, day: dt.date) -> None:
    """Days before going away, somebody begins large items of ETA 3.1."""
    if day not in BEFORE_LEAVE:
        return
    person = BY_LOGIN[ON_LEAVE]
    wanted = [it for it in world.backlog[person.team] if any(goal.title == "ETA 3.1" for goal in it.goals)]
    for issue in wanted[:1]:
        world.backlog[person.team].remove(issue)
        world.start(issue, person, world.moment(person, day, 0.1, 0.6))
        issue.effort += 15.0


def urgent_bug(world: World) -> Issue:
    """Reported on the Friday, and nobody has picked it up."""
    reporter = BY_LOGIN["aoifeb"]
    at = world.moment(reporter, URGENT_ON, 0.8)
    issue = Issue("manifest", "CARGO", "Bug", URGENT, reporter.jira, at, priority="Highest")
    issue.opened()
    issue.change(issue.created, reporter.jira, "priority", new="Highest")
    for label in ("bug", "customer"):
        issue.label(issue.created, reporter.jira, label)
    world.issues.append(issue)
    return issue


def hand_over(world: World, person: Person, day: dt.date) -> None:
    """On the last day, what somebody holds goes to others of the team."""
    if day != person.leave_on:
        return
    lead = BY_LOGIN[LEADS[person.team]]
    others = [one for one in world.present(person.team, day) if one not in {person, lead}]
    for place, issue in enumerate(world.held.pop(person.login, [])):
        heir = others[place % len(others)]
        issue.assign(world.moment(lead, day, 0.3, 0.9), lead.account(issue.source), heir)
        world.held.setdefault(heir.login, []).append(issue)


def incident(world: World, team: Team, day: dt.date) -> None:
    """In some weeks something urgent keeps the whole team from its work."""
    if day.weekday() == 0 and world.rng.random() < team.incidents:
        world.busy_until[team.slug] = day + dt.timedelta(days=int(world.rng.choice([4, 5, 7, 9])))


def groom(world: World, team: Team, day: dt.date) -> None:
    """On Wednesdays the lead goes through the backlog: old things are dropped, some turn out to be done already."""
    lead = BY_LOGIN[LEADS[team.slug]]
    if day.weekday() != 2 or not world.hours[lead.login].on(day):
        return
    at = world.moment(lead, day)
    for issue in list(world.backlog.get(team.slug, [])):
        age = (at - issue.created) / (24 * HOUR)
        roll = world.rng.random()
        if not issue.goals and age > 0 and roll < (0.035 if age > 90 else 0.012):
            reject(world, issue, lead, at)
        elif not issue.goals and age > 10 and roll > 0.994:
            world.backlog[team.slug].remove(issue)
            issue.resolution = "Done" if issue.source == "jira" else "completed"
            issue.move(at, lead.account(issue.source), "Done" if issue.source == "jira" else "closed as completed")


def bump(world: World, day: dt.date) -> None:
    """Monday's dependency updates. Most are merged within days, some superseded, some nobody looks at."""
    if day.weekday() != 0:
        return
    dawn = int(dt.datetime.combine(day, dt.time(5), dt.UTC).timestamp())
    for team in TEAMS:
        for repo in team.repos:
            for _ in range(world.rng.poisson(0.30)):
                _bump(world, team, repo, dawn + int(world.rng.integers(0, 2 * HOUR)), day)


def _bump(world: World, team: Team, repo: str, at: int, day: dt.date) -> None:
    pull = Pull(f"harbourline/{repo}", team.slug, DEPENDABOT, world.writer.bump(f"harbourline/{repo}"), at)
    world.reviewing.pulls.append(pull)
    world.reviewing.touch_lockfile(pull)
    pull.event(at + 5, DEPENDABOT, "labeled", "dependencies")
    favourite = BY_LOGIN[OVERLOADED_REVIEWER]
    roll = world.rng.random()
    if favourite.team == team.slug and world.reviewing.is_swamped(favourite, at):
        pull.event(at + 5, DEPENDABOT, "review_requested", favourite.github)
        roll += 0.35
    elif world.rng.random() < 0.5:
        pull.event(at + 5, DEPENDABOT, "review_requested", team.id)
    if roll < 0.12:
        pull.event(at + int(world.rng.integers(7, 40)) * 24 * HOUR, DEPENDABOT, "closed")
    elif roll < 0.95:
        there = [one for one in world.present(team.slug, day) if one.pace > 0.9] or world.present(team.slug, day)
        world.reviewing.accept(pull, there[int(world.rng.integers(len(there)))], at)


def all_people(world: World, day: dt.date) -> None:
    """Everybody's day: hand over, work, tidy, take on more."""
    for person in PEOPLE:
        team = TEAM_OF[person.team]
        hand_over(world, person, day)
        world.labour(person, team, day)
        world.tidy(person, day)
        world.take(person, team, day)


def all_teams(world: World, day: dt.date) -> None:
    """Every team's day: incidents, new work, the backlog."""
    for team in TEAMS:
        incident(world, team, day)
        world.arrive(team, day)
        groom(world, team, day)
