"""Who has had too much for a while?

A load ratio is a forecast. More things at once than is usual around somebody, day after day, is what it does to them.
"""

import numpy as np
import pandas as pd

from fairlead import keys
from fairlead.calendar import Calendars
from metrics.ordering import Numbers
from metrics.quantiles import nearest_rank
from metrics.workload.wip import wip_over_time

QUANTILE = 0.85
WINDOW_DAYS = 60
RECENT_DAYS = 10
LEAST_DAYS = 5


def daily_wip(
    assignments: pd.DataFrame, calendars: Calendars, *, as_of: pd.Timestamp, n_days: int = WINDOW_DAYS
) -> pd.DataFrame:
    """How many items had each person in progress at the end of each of their last working days?

    Takes what `assignments` gives for the same `as_of`. A day that is not over is seen as it is at `as_of`. Days on
    which somebody has nothing in progress are days with 0, days on which they do not work are none.
    Returns one row per person the calendars know and working day, by person and day: person, day_on, wip (items, shared
    ones split), n_items (shared ones in full).
    """
    days = calendars.working_days(as_of, n_days)
    days = days.assign(seen_at=days["end_at"].mask(days["end_at"] > as_of, as_of))
    at = pd.DatetimeIndex(days["seen_at"].drop_duplicates().sort_values())
    seen = wip_over_time(assignments, at=at)
    busy = seen["person"].drop_duplicates().reset_index(drop=True)
    who, when = keys.positions(days["person"], busy), at.get_indexer(pd.DatetimeIndex(days["seen_at"]))
    row = np.where(who >= 0, who * len(at) + when, -1)
    table = seen[["wip", "n_items"]].reindex(row).fillna(0).reset_index(drop=True)
    return days[["person", "day_on"]].assign(wip=table["wip"], n_items=table["n_items"].astype("int64"))


def overloads(
    load: pd.DataFrame,
    daily: pd.DataFrame,
    team_members: pd.DataFrame,
    *,
    limit: float,
    least_days: int = LEAST_DAYS,
) -> pd.DataFrame:
    """Who has too much, and has had for a while? Takes what `load` and `daily_wip` give.

    Somebody is flagged where their load ratio is above `limit` and on `least_days` of their last ten working days they
    had more in progress than is usual around them: the P85 (nearest rank) of the working days of the others in their
    team. Their own days are left out, because one of six people who is always buried makes up a sixth of the team's
    days and would be their own measure. Of several teams the highest counts; who has no team, or nobody with work
    beside them, is compared with everybody else. People who had nothing in progress on any of the days are not
    compared with.

    Returns one row per person of `load`, by id: person, is_flagged, n_days_above (of the last ten), n_days (how many of
    them there are), team_p85 (items; NaN where there is nobody to compare with: never flagged).
    """
    people = load["person"].sort_values(ignore_index=True)
    usual = pd.Series(_usual(team_members, daily, people), index=people)
    recent = daily.groupby("person").tail(RECENT_DAYS)
    above = recent["wip"] > usual.reindex(recent["person"]).to_numpy()
    days = above.groupby(recent["person"]).agg(["sum", "size"]).reindex(people).fillna(0).astype("int64")
    ratio = load.set_index("person")["ratio"].reindex(people)
    is_flagged = (ratio > limit).to_numpy() & (days["sum"] >= least_days).to_numpy()
    return pd.DataFrame(
        {
            "person": people,
            "is_flagged": is_flagged,
            "n_days_above": days["sum"].to_numpy(),
            "n_days": days["size"].to_numpy(),
            "team_p85": usual.to_numpy(),
        }
    )


def _usual(team_members: pd.DataFrame, daily: pd.DataFrame, people: pd.Series) -> Numbers:
    """The P85 of the days of those around each of the people; NaN where there is nobody."""
    busy = daily[daily.groupby("person")["wip"].transform("max") > 0]
    days = {str(person): own.to_numpy() for person, own in busy.groupby("person")["wip"]}
    known = team_members.astype({"team": "str", "person": "str"})
    teams = {str(team): set(own) & set(days) for team, own in known.groupby("team")["person"]}
    teams_of = {str(person): list(own) for person, own in known.groupby("person")["team"]}
    found = []
    for person in people:
        around = [teams[team] - {person} for team in teams_of.get(person, [])]
        groups = [group for group in around if group] or [set(days) - {person}]
        found.append(max(_quantile([days[each] for each in group]) for group in groups))
    return np.array(found, dtype=float)


def _quantile(days: list[Numbers]) -> float:
    return nearest_rank(pd.Series(np.concatenate([np.empty(0), *days])), QUANTILE)
