"""How much of whose working time did an item get?

A person's working time is split evenly over what they have in progress at each instant. That makes effort additive:
what all items of a person got is the working time in which they had anything in progress, so that effort and capacity
are told in the same hours. Elapsed time is not: ten items in progress for a week are not ten weeks of work.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

from fairlead import keys
from fairlead.calendar import Calendars
from metrics import intervals
from metrics.actors import named
from metrics.fields import as_it_was
from metrics.instants import MISSING, Micros, instants, micros, micros_of
from metrics.ordering import Integers, Numbers, order
from metrics.states import FINISHED

YEAR_DAYS = 365
DECIMALS = 6
"""Hours are sums of fractions such as 1/3; what is below a few thousandths of a second is rounding."""


class Cuts(NamedTuple):
    """Every beginning and end of a stretch, by person and time; stretch i begins at place `begins[i]`."""

    person: Integers
    time: Micros
    n_open: Integers
    begins: Integers
    ends: Integers


def attention(
    assignments: pd.DataFrame,
    calendars: Calendars,
    *,
    as_of: pd.Timestamp,
    support_share: float,
    since: pd.Timestamp | None = None,
) -> pd.DataFrame:
    """How much attention did each item get from each person? Takes what `assignments` gives for the same `as_of`.

    Whoever has n items in progress gives each of them one n-th of their time: their working hours times their part-time
    share, without the `support_share` that goes elsewhere, so that effort and capacity (`load`, with the same
    `support_share`) are told in the same hours. Two people who share an item both attend to it. With `since` what was
    given before then is left out, so that items older than that look younger.

    Returns one row per person and item in progress at some time, by person and issue: person, issue, attention_hours,
    is_held (whether they hold it and it is in progress at `as_of`).
    """
    active = assignments[assignments["is_active"]]
    end = micros(active["end_at"])
    until = np.where(end == MISSING, micros_of(as_of), end)
    start = micros(active["start_at"])
    start = start if since is None else np.maximum(start, micros_of(since))
    seen = start < until
    person, people = pd.factorize(active["person"][seen], sort=True)
    issue, issues = pd.factorize(active["issue"][seen], sort=True)
    cuts = _cuts(person, start[seen], until[seen])
    given = _given(cuts, pd.Series(people, dtype="str"), calendars) * (1 - support_share)
    pair = person.astype(np.int64) * max(len(issues), 1) + issue
    pairs, of = np.unique(pair, return_inverse=True)
    hours = np.bincount(of, given[cuts.ends] - given[cuts.begins], len(pairs))
    is_held = np.bincount(of, end[seen] == MISSING, len(pairs)) > 0
    return pd.DataFrame(
        {
            "person": named(pd.Series(people, dtype="str"), pairs // max(len(issues), 1)),
            "issue": named(pd.Series(issues, dtype="str"), pairs % max(len(issues), 1)),
            "attention_hours": np.round(hours.astype(np.float64), DECIMALS),  # bincount counts nothing in integers
            "is_held": is_held,
        }
    )


def _cuts(person: Integers, start: Micros, end: Micros) -> Cuts:
    n = len(person)
    at, by = np.concatenate([start, end]), np.tile(person, 2)
    sorted_ = order(by, at)
    place = np.empty(2 * n, dtype=np.int64)
    place[sorted_] = np.arange(2 * n)
    # Every stretch ends, so that each person's steps add up to zero and the next one starts from nothing.
    n_open = np.cumsum(np.repeat([1, -1], n)[sorted_])
    return Cuts(by[sorted_], at[sorted_], n_open, place[:n], place[n:])


def _given(cuts: Cuts, people: pd.Series, calendars: Calendars) -> Numbers:
    """What one item in progress all the time would have got from its person by each of the cuts, in hours."""
    after = np.flatnonzero((cuts.n_open > 0) & np.append(cuts.time[1:] > cuts.time[:-1], False)[: len(cuts.time)])
    who = pd.Series(pd.Categorical.from_codes(cuts.person[after], dtype=pd.CategoricalDtype(people)))
    hours = calendars.working_hours(who, instants(cuts.time[after]), instants(cuts.time[after + 1]))
    each = np.zeros(len(cuts.time) + 1)
    part = calendars.shares(people).to_numpy()[cuts.person[after]]
    each[after + 1] = hours.to_numpy() * part / cuts.n_open[after]
    return np.cumsum(each)[: len(cuts.time)]


def efforts(
    attention: pd.DataFrame,
    issues: pd.DataFrame,
    issue_events: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
    days: int = YEAR_DAYS,
) -> pd.DataFrame:
    """How much effort did items take? Takes what `attention` gives for the same `as_of`.

    Of items that were done in the last `days` days this is their effort; of items that are not finished, or were
    dropped in those days, it is only known that they would have taken longer. A project is that of now, a type that
    of `as_of`. Items that were done and never in progress under anybody have no hours: they are no evidence, and
    whoever learns from the rest counts them.
    Returns one row per item, by issue: issue, project, type (missing where it has none), effort_hours (attention of
    all holders so far), is_done (bool).
    """
    known = issues.reset_index(drop=True)
    row = keys.positions(attention["issue"], known["id"])
    spent = np.bincount(row[row >= 0], attention["attention_hours"].to_numpy()[row >= 0], len(known))
    ended = _ended(known["id"], issue_events, as_of=as_of)
    is_over, is_done = np.zeros(len(known), dtype=bool), np.zeros(len(known), dtype=bool)
    is_over[ended.loc[ended["start_at"] < as_of - pd.Timedelta(days=days), "row"]] = True
    is_done[ended.loc[ended["state"] == "done", "row"]] = True
    listed = np.flatnonzero(~is_over & (is_done | (spent > 0)))
    found = classes(known.take(listed), issue_events, as_of=as_of)
    found = found.assign(effort_hours=spent[listed].astype(np.float64), is_done=is_done[listed])
    return found.sort_values("issue", ignore_index=True)


def _ended(ids: pd.Series, issue_events: pd.DataFrame, *, as_of: pd.Timestamp) -> pd.DataFrame:
    """What is done or dropped at `as_of`: row (in `ids`), state, start_at."""
    states = intervals.states(issue_events, field="status_category", as_of=as_of)
    ended = states[states["is_last"] & states["state"].isin(FINISHED)]
    row = keys.positions(ended["item"], ids)
    return ended.assign(row=row)[row >= 0]


def classes(issues: pd.DataFrame, issue_events: pd.DataFrame, *, as_of: pd.Timestamp) -> pd.DataFrame:
    """What kind of item each issue was: issue, project, type, in the order of `issues`."""
    known = issues.reset_index(drop=True)
    kind = as_it_was(known["id"], known["type"], issue_events, field="type", as_of=as_of)
    return pd.DataFrame({"issue": known["id"].astype("str"), "project": known["project"].astype("str"), "type": kind})
