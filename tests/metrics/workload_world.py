"""Issues, who was assigned to them and who is who: what the tests of the workload family share."""

import pandas as pd

from fairlead import calendar
from fairlead.agreements import WorkingTime
from metrics import workload
from tests.metrics.build import added, day, frame, issue, moved, removed, utc

DAY = pd.Timedelta(days=1)
START = utc("2026-06-01")
AS_OF = utc("2026-06-11")

ACCOUNTS = frame(
    "accounts",
    [
        {"id": "ann", "kind": "user", "person": "Ann"},
        {"id": "ann-jira", "kind": "user", "person": "Ann"},
        {"id": "bob", "kind": "user", "person": "Bob"},
        {"id": "cy", "kind": "user", "person": "Cy"},
        {"id": "bot", "kind": "bot"},
        {"id": "ghost", "kind": "ghost"},
    ],
)


def nth(number):
    """The start of the n-th day of the ten that the tests look at, as text."""
    return (START + number * DAY).isoformat()[:16]


def held(item, who, first, past=None):
    """Somebody is assigned from one day to another."""
    end = [] if past is None else [removed(item, nth(past), who, "assignee")]
    return [added(item, nth(first), who, "assignee"), *end]


def history(*events, items=("1",), started=True):
    """Issues created on the first day, in progress from then on unless told otherwise."""
    starts = [moved(item, nth(0), "active", "todo") for item in items] if started else []
    return {
        "issues": frame("issues", [issue(item, created_at=nth(0)) for item in items]),
        "issue_events": frame("issue_events", [*starts, *(event for some in events for event in some)]),
    }


def assignments(what, as_of=AS_OF):
    return workload.assignments(**what, accounts=ACCOUNTS, as_of=as_of)


def held_now(what, as_of=AS_OF):
    return workload.items_held(assignments(what, as_of), **what, as_of=as_of)


def calendars(*people, time_off=(), workdays="1111100"):
    """Ann, Bob and Cy work from nine to five (UTC) on workdays; 64 hours in the ten days, 80 in the two weeks after."""
    told = {each["id"]: each for each in ({"id": "Ann"}, {"id": "Bob"}, {"id": "Cy"}, *people)}
    off = [{"person": who, "start_on": day(first), "end_on": day(last)} for who, first, last in time_off]
    usual = WorkingTime(workdays=workdays)
    members = frame("team_members", [])
    return calendar.calendars(frame("people", list(told.values())), frame("time_off", off), members, usual)
