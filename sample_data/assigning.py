"""What leads gave out for the end of June and nobody has begun: much of it to those who are full already.

Told after the days have passed, from no random numbers, so that nobody's day changes with it. Only Jira has such items:
an open GitHub issue counts as started while somebody is assigned, so there is nothing to give out for Platform.
"""

import datetime as dt
from typing import NamedTuple

from sample_data.histories import Issue
from sample_data.organisation import BY_LOGIN, LEADS, TEAM_OF, TODAY
from sample_data.replanning import WORKED
from sample_data.tables import at_dawn
from sample_data.work import PRIORITIES, World

ROUND = 4 * 60
"""Seconds until the lead is through with one item."""
DUES = (dt.date(2026, 6, 19), dt.date(2026, 6, 24), dt.date(2026, 6, 26))


class Round(NamedTuple):
    """On that day a team's lead gave so many items to each of these people."""

    team: str
    said_on: dt.date
    n_given: dict[str, int]


ROUNDS = (
    Round("berth", dt.date(2026, 5, 27), {"chiamaka": 8, "anjalidev": 1, "kisaragi-h": 1, "mquarv": 1}),
    Round("manifest", dt.date(2026, 5, 29), {"tomaszbrz": 8, "meitz": 1, "priyasun": 1}),
    Round("voyage", dt.date(2026, 6, 3), {"epapas": 3, "hoshikage": 2, "kwame-as": 1, "nikragh": 1, "rmontei": 1}),
)


def give_out(world: World) -> None:
    """All rounds."""
    for each in ROUNDS:
        _give(world, each)


def _give(world: World, each: Round) -> None:
    """The most urgent first, those of milestones before others, then the oldest; one after the other."""
    lead = BY_LOGIN[LEADS[each.team]]
    at = world.hours[lead.login].after(at_dawn(each.said_on), WORKED)
    waiting = sorted((it for it in world.issues if _is_waiting(it, each.team, at)), key=_turn)
    receivers = [login for login, n in each.n_given.items() for _ in range(n)]
    for place, (login, issue) in enumerate(zip(receivers, waiting, strict=False)):
        moment = at + place * ROUND
        issue.assign(moment, lead.jira, BY_LOGIN[login])
        issue.change(moment, lead.jira, "due", new=f"{DUES[place % len(DUES)]}")


def _is_waiting(issue: Issue, team: str, at: int) -> bool:
    """Written down by then, of milestones that have begun by today, and not begun itself."""
    is_theirs = issue.project == TEAM_OF[team].jira and max(issue.latest.values()) < at
    may_begin = all(goal.start_on is None or goal.start_on <= TODAY.date() for goal in issue.goals)
    return is_theirs and may_begin and issue.category == "todo"


def _turn(issue: Issue) -> tuple[int, bool, int]:
    return PRIORITIES.index(issue.priority or "Low"), not issue.goals, issue.created
