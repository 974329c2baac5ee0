"""People and their calendars for tests: name what matters, the rest is nine to five, Monday to Friday, UTC."""

import pandas as pd

from fairlead.agreements import WorkingTime
from fairlead.calendar import Calendars, calendars
from tests.metrics.build import Row, day, frame, utc


def person(name: str, **week) -> Row:
    """One row of `people`; days as text."""
    return {"id": name} | {part: day(said) if part.endswith("_on") else said for part, said in week.items()}


def off(name: str, first: str, last: str | None = None) -> Row:
    """One row of `time_off`."""
    return {"person": name, "start_on": day(first), "end_on": day(last or first)}


def tables(*people: Row, time_off=(), teams=None) -> dict[str, pd.DataFrame]:
    members = [{"team": team, "person": member} for team, names in (teams or {}).items() for member in names]
    return {
        "people": frame("people", list(people)),
        "time_off": frame("time_off", list(time_off)),
        "team_members": frame("team_members", members),
    }


def kept(*people: Row, time_off=(), teams=None, **usual) -> Calendars:
    """Everybody's calendars; `usual` are the settings of `WorkingTime`."""
    return calendars(**tables(*people, time_off=time_off, teams=teams), usual=WorkingTime(**usual))


def hours(who: str | None, start: str | None, end: str | None, calendars: Calendars) -> float:
    """The working hours of one between two instants."""
    since, until = (pd.Series([utc(at) if at else pd.NaT], dtype="datetime64[us, UTC]") for at in (start, end))
    return calendars.working_hours(pd.Series([who], dtype="str"), since, until).iloc[0]
