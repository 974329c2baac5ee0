"""Small calendars, and a house in which Ann, Bo and two Chris live."""

from collections import Counter
from datetime import datetime

import pandas as pd

from connectors.time_off.shaping import House, absences
from fairlead import frames
from fairlead.config import TimeOffSource
from fairlead.people import email_hash
from fairlead.people.called import register
from fairlead.people.mapping import COLUMNS

NOW = datetime.fromisoformat("2026-06-15")
TEAM = TimeOffSource(address_env="TEAM_CALENDAR")
ANNS = TimeOffSource(address_env="ANNS_CALENDAR", person="annlee")
LIST = TimeOffSource(file="time_off.csv")

PEOPLE = [
    {"id": "p:ann", "name": "Ann Lee", "time_zone": "Europe/Berlin"},
    {"id": "p:bo", "name": "Bo Ek", "time_zone": "America/New_York"},
    {"id": "p:chris", "name": "Chris Roy"},
    {"id": "p:other", "name": "Chris Roy"},
    {"id": "p:max", "name": "Max"},
    {"id": "p:smith", "name": "Ann Lee-Smith"},
]
ACCOUNTS = [
    {"id": "github:1", "source": "github", "login": "annlee", "person": "p:ann", "email_hash": email_hash("ann@x.org")},
    {"id": "jira:S:7", "source": "jira", "login": "Bo", "person": "p:bo", "email_hash": email_hash("bo@x.org")},
    {"id": "github:3", "source": "github", "login": "croy", "person": "p:chris"},
]


def people_map(*lines):
    rows = [dict(zip(("person", "source", "account"), line, strict=True)) for line in lines]
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype("str")


def house(*lines, usual_zone="UTC"):
    """What is known of people; `lines` are those of people.csv."""
    people = frames.from_rows("people", PEOPLE)
    accounts = frames.from_rows("accounts", [{"kind": "user"} | row for row in ACCOUNTS])
    zones = {row["id"]: row["time_zone"] for row in PEOPLE if "time_zone" in row}
    return House(register(people, accounts, people_map(*lines)), zones, usual_zone)


def event(*lines, uid="1", title="Ann Lee – vacation"):
    return ("BEGIN:VEVENT", f"UID:{uid}", f"SUMMARY:{title}", *lines, "END:VEVENT")


def days(start, end=None, **more):
    """An event of whole days; its end is the first day after it, as the standard has it."""
    ends = [] if end is None else [f"DTEND;VALUE=DATE:{end}"]
    return event(f"DTSTART;VALUE=DATE:{start}", *ends, *more.pop("lines", ()), **more)


def ics(*events, head=()):
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", *head, *(line for each in events for line in each), "END:VCALENDAR"]
    return "\r\n".join([*lines, ""]).encode()


def shaped(content, source=TEAM, at=NOW, where=None):
    return absences(content, source, where or house(), now=at)


def away(content, source=TEAM, at=NOW, where=None):
    """Who is away: `ann 06-01 06-02`, one each."""
    spans = shaped(content, source, at, where).spans
    who = spans["person"].str.removeprefix("p:")
    return [f"{who[row]} {spans['start_on'][row]:%m-%d} {spans['end_on'][row]:%m-%d}" for row in spans.index]


def left_out(content, source=TEAM, at=NOW):
    return dict(+Counter(shaped(content, source, at).left_out))
