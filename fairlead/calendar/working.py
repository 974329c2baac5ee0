"""How long people work between two instants, how much in all, and on which days."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from fairlead import keys
from fairlead.agreements import WorkingTime
from fairlead.calendar.absences import DaysAway, absences, days_away, is_away, present
from fairlead.calendar.openings import DAY, MISSING, Openings, Whole, openings
from fairlead.calendar.weeks import Week, usual_week, weeks_of
from fairlead.errors import FrameError

HOUR = 3_600_000_000
GRID = 512
"""Days at a time in which calendars are made, so that questions about nearby days find them made already."""
LOOK_BACK = 400
"""How many days more than asked for are looked through for working days: a year away, and some."""


@dataclass(frozen=True, eq=False)
class Calendars:
    """When whom works. Made by `calendars`.

    First `people` (id, share), then `teams` (ids), then whoever is not known: `week` is each one's place in `weeks`,
    and `away` are the absences.
    """

    people: pd.DataFrame
    teams: pd.Series
    weeks: tuple[Week, ...]
    week: Whole
    away: DaysAway
    company_days: tuple[int, ...]

    def working_hours(self, who: pd.Series, start: pd.Series, end: pd.Series) -> pd.Series:
        """How many working hours of each one lie between two instants?

        Elapsed time inside their working time, to the microsecond and exact where clocks change: hours that are
        skipped are not worked, hours that come twice are worked twice. Not worked are public holidays, company days,
        their time off, and the days before their first and after their last. `who` are ids of people or teams; who is
        missing or not known has the usual calendar. Working part-time changes nothing here, only `capacity`.

        Returns hours, indexed like `start`: negative where `end` lies before `start`, which the caller must treat as
        a fault of the data; NaN where either is missing.

        Raises:
            FrameError: the instants have no time zone.
        """
        since, until = _micros(start), _micros(end)
        known = (since != MISSING) & (until != MISSING)
        hours = np.full(len(start), np.nan)
        if known.any():
            whose, since, until = self._rows(who)[known], since[known], until[known]
            hours[known] = self._worked(whose, since, until) / HOUR
        return pd.Series(hours, index=start.index)

    def capacity(self, start: pd.Timestamp, end: pd.Timestamp) -> pd.DataFrame:
        """How many hours does each person have between two instants?

        Returns one row per person, by id: person, working_hours (as the function of that name), share (part of full
        time, 0–1; 1 where nobody says), capacity_hours (their product).
        """
        since, until = (pd.Series(at, index=self.people.index, dtype="datetime64[us, UTC]") for at in (start, end))
        hours = self.working_hours(self.people["id"], since, until)
        told = self.people.rename(columns={"id": "person"}).assign(
            person=self.people["id"].astype("str"), working_hours=hours, capacity_hours=hours * self.people["share"]
        )
        ordered = told.sort_values("person", ignore_index=True)
        return ordered[["person", "working_hours", "share", "capacity_hours"]]

    def shares(self, who: pd.Series) -> pd.Series:
        """Which part of full time (0–1) does each one work? 1 where nobody says. Indexed like `who`."""
        row = keys.positions(who, self.people["id"])
        return pd.Series(np.append(self.people["share"].to_numpy(float), 1.0)[row], index=who.index)

    def working_days(self, as_of: pd.Timestamp, n: int) -> pd.DataFrame:
        """Which were the last `n` working days of each person that had begun by `as_of`?

        Days on which they do not work at all are none. Who is new, or has not worked for a year, has fewer.
        Returns one row per person and day, by both: person, day_on, start_at, end_at (UTC; may lie after `as_of`).
        """
        at = as_of.value // 1000
        last_day = at // DAY + 1
        found = openings(self.weeks, self.company_days, last_day - LOOK_BACK - 7 * n, last_day)
        week = self.week[: len(self.people)]
        has_begun = (found.length > 0) & (found.opens <= at)
        is_worked = has_begun[week] & ~is_away(self.away, len(week), found)
        is_recent = np.cumsum(is_worked[:, ::-1], axis=1)[:, ::-1] <= n
        person, day = np.nonzero(is_worked & is_recent)
        return self._days(person, day, found).sort_values(["person", "day_on"], ignore_index=True)

    def _days(self, person: Whole, day: Whole, found: Openings) -> pd.DataFrame:
        opens, length = (each[self.week[person], day] for each in (found.opens, found.length))
        return pd.DataFrame(
            {
                "person": self.people["id"].astype("str").take(person).array,
                "day_on": (day + found.first_day).astype("datetime64[D]").astype("datetime64[us]"),
                "start_at": _instants(opens),
                "end_at": _instants(opens + length),
            }
        )

    def _rows(self, who: pd.Series) -> Whole:
        """Where each one stands in `week`."""
        row = keys.positions(who, self.people["id"])
        others = np.flatnonzero(row < 0)
        team = keys.positions(who.iloc[others], self.teams)
        row[others] = np.where(team >= 0, len(self.people) + team, len(self.week) - 1)
        return row

    def _worked(self, whose: Whole, since: Whole, until: Whole) -> Whole:
        first, last = min(since.min(), until.min()) // DAY, max(since.max(), until.max()) // DAY
        first_day, last_day = (first - 1) // GRID * GRID, -(-(last + 2) // GRID) * GRID
        found = openings(self.weeks, self.company_days, int(first_day), int(last_day))
        away, week = absences(self.away, self.week, found), self.week[whose]
        return present(found.worked(until, week), whose, away) - present(found.worked(since, week), whose, away)


def calendars(
    people: pd.DataFrame, time_off: pd.DataFrame, team_members: pd.DataFrame, usual: WorkingTime
) -> Calendars:
    """When do people and teams work?

    What people leave open (time zone, workdays, hours, country, region) is the `usual`. Days off are whole days in
    each one's own zone: the public holidays of their country and region (what the law makes a day off for everybody
    there, with the days that make up for others), the usual company days, and what `time_off` says, first and last day
    included. A team keeps the week that most of its members keep, the first by text of those that equally many keep;
    nobody's time off is the team's.

    Raises:
        FrameError: something in `people` cannot be read or is not known; names the column and how many rows.
    """
    common = usual_week(usual)
    kept = weeks_of(people, common)
    weeks = sorted({common, *kept})
    place = {week: row for row, week in enumerate(weeks)}
    theirs = np.array([place[week] for week in kept], dtype=np.int64)
    teams = _team_weeks(team_members, people["id"], theirs)
    return Calendars(
        people=people[["id", "share"]].fillna({"share": 1.0}).reset_index(drop=True),
        teams=teams["team"],
        weeks=tuple(weeks),
        week=np.concatenate([theirs, teams["week"].to_numpy(np.int64), [place[common]]]),
        away=days_away(people, time_off),
        company_days=tuple(np.array(usual.company_days, "datetime64[D]").astype(int).tolist()),
    )


def _team_weeks(team_members: pd.DataFrame, person: pd.Series, week: Whole) -> pd.DataFrame:
    """team, week: the one most of its members keep. Weeks are numbered in the order of their texts."""
    member = keys.positions(team_members["person"], person)
    known = team_members.assign(week=week[member] if len(week) else -1)[member >= 0]
    kept = known.groupby(["team", "week"], observed=True).size().reset_index(name="n")
    return kept.sort_values(["n", "week"], ascending=[False, True]).drop_duplicates("team").reset_index(drop=True)


def _micros(at: pd.Series) -> Whole:
    if not isinstance(at.dtype, pd.DatetimeTZDtype):
        raise FrameError("working hours: instants have no time zone. Give them in UTC.")
    return at.to_numpy(dtype="datetime64[us]").view(np.int64)


def _instants(at: Whole) -> pd.Series:
    return pd.Series(at.view("datetime64[us]")).dt.tz_localize("UTC")
