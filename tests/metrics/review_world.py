"""One pull request, its requests and who is who: what the tests of the reviews family share."""

import pandas as pd

from fairlead.agreements import WorkingTime
from fairlead.calendar import Calendars, calendars
from metrics import reviews
from tests.metrics.build import frame, happened, pull_request, utc

AS_OF = utc("2026-06-12")
HOURS = pd.Timedelta(hours=1)

ACCOUNTS = frame(
    "accounts",
    [
        {"id": "ann", "kind": "user", "person": "Ann"},
        {"id": "ann-work", "kind": "user", "person": "Ann"},
        {"id": "bob", "kind": "user", "person": "Bob"},
        {"id": "cy", "kind": "user", "person": "Cy"},
        {"id": "cy-work", "kind": "user", "person": "Cy"},
        {"id": "ci[bot]", "kind": "bot"},
        {"id": "ghost", "kind": "ghost"},
    ],
)
MEMBERS = frame("team_members", [{"team": "core", "person": "Bob"}, {"team": "core", "person": "Cy"}])


def working(*people, away=()) -> Calendars:
    """Everybody works 9 to 17 UTC from Monday to Friday, but for those told otherwise; core is bob and cy."""
    return calendars(frame("people", list(people)), frame("time_off", list(away)), MEMBERS, WorkingTime())


def review(at, author="bob", item="1"):
    return {"pull_request": item, "author": author, "at": at}


def world(*events, reviewed=(), said=(), **values):
    """One pull request by ann, opened on 8 June 2026 at 08:00, and what happened to it."""
    return {
        "pull_requests": frame(
            "pull_requests",
            [pull_request("1", author="ann", project="o/r", created_at="2026-06-08 08:00", **values)],
        ),
        "pull_request_events": frame("pull_request_events", [happened("1", *event) for event in events]),
        "reviews": frame("reviews", list(reviewed)),
        "comments": frame("comments", list(said)),
        "accounts": ACCOUNTS,
    }


def spells(*events, as_of=AS_OF, **what):
    return reviews.response_spells(**world(*events, **what), team_members=MEMBERS, as_of=as_of)


def first_responses(*events, as_of=AS_OF, **what):
    return reviews.first_human_response(**world(*events, **what), as_of=as_of)


def asked(at, whom="bob"):
    return (at, "review_requested", whom)


def only(table):
    assert len(table) == 1
    return table.iloc[0]
