"""When requests waited, without the times as a draft and while closed, and how many working hours that was."""

import numpy as np
import pandas as pd

from fairlead import keys
from fairlead.calendar import Calendars
from metrics.instants import instants, instants_or_never, micros
from metrics.ordering import Integers
from metrics.reviews.clock import COLUMNS, review_clock

ASKED = ["asked", "asked_person", "team"]


def waiting_stretches(
    spells: pd.DataFrame, pull_requests: pd.DataFrame, pull_request_events: pd.DataFrame, *, as_of: pd.Timestamp
) -> pd.DataFrame:
    """When did each request wait, or each pull request for its first word? Not as a draft, and not while closed.

    Takes what `response_spells` or `first_human_response` gives for the same `as_of`.
    Returns one row per stretch, in the order of `spells`: pull_request, asked, asked_person, team (where `spells` has
    them), spell (its index in `spells`), start_at, end_at (missing while it waits).
    """
    row, known = _told_of(spells, pull_requests)
    clock = review_clock(known, pull_request_events, as_of=as_of)
    met = clock.stretches.within(row, micros(spells["requested_at"]), instants_or_never(spells["ended_at"]))
    columns = ["pull_request", *(name for name in ASKED if name in spells)]
    told = spells[columns].take(met.first).reset_index(drop=True)
    return told.assign(spell=spells.index.take(met.first), start_at=instants(met.start), end_at=instants(met.end))


def _told_of(spells: pd.DataFrame, pull_requests: pd.DataFrame) -> tuple[Integers, pd.DataFrame]:
    """The pull requests that spells tell of; and for each spell, the row of its own."""
    row = keys.positions(spells["pull_request"], pull_requests["id"].astype("str"))
    is_told = np.zeros(len(pull_requests), dtype=bool)
    is_told[row] = True
    return (np.cumsum(is_told) - 1)[row], pull_requests.loc[is_told, COLUMNS].reset_index(drop=True)


def working_waits(
    spells: pd.DataFrame, stretches: pd.DataFrame, calendars: Calendars, *, as_of: pd.Timestamp
) -> pd.Series:
    """How many working hours of whoever is waited for has each spell been on the clock?

    The person asked, or the team where a team is asked. For its first word a pull request waits for nobody in
    particular: there the usual working time counts. The responder's own would be known for the answered ones alone, so
    that answered and waiting ones would be told on different clocks.

    Takes `waiting_stretches` of the spells; those that last end at `as_of`.
    Returns working hours, indexed like `spells`; NaN where the clock never ran.
    """
    nobody = pd.Series(np.nan, index=stretches.index, dtype="str")
    who = stretches["asked_person"].fillna(stretches["team"]) if "asked_person" in stretches else nobody
    hours = calendars.working_hours(who, stretches["start_at"], stretches["end_at"].fillna(as_of))
    spell = spells.index.get_indexer(pd.Index(stretches["spell"]))
    is_known = spell >= 0
    summed = np.bincount(spell[is_known], hours.to_numpy(float)[is_known], minlength=len(spells))
    is_timed = np.bincount(spell[is_known], minlength=len(spells)) > 0
    return pd.Series(np.where(is_timed, summed, np.nan), index=spells.index)
