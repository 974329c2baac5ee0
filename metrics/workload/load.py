"""Who has more to do than time to do it, over the next weeks, and how unevenly it is spread within a team."""

import numpy as np
import pandas as pd

from fairlead import keys
from fairlead.calendar import Calendars
from metrics import balance

MOST = 0.8
"""The items that make up this share of somebody's work are what to talk about."""


def load(  # noqa: PLR0913 (what is to be done, who can do it, until when, and what a team agreed on)
    remaining: pd.DataFrame,
    held: pd.DataFrame,
    owed: pd.Series,
    calendars: Calendars,
    *,
    as_of: pd.Timestamp,
    weeks: float,
    review_hours: float,
    support_share: float,
    limit: float,
) -> pd.DataFrame:
    """Who has more to do than time to do it in the next `weeks`? Takes what `remaining` gives for the same horizon.

    `held` says who holds what (`items_held`, or the open rows of `assignments`), `owed` how many reviews each person
    owes (indexed by person). Holders of a shared item share what is left of it. Capacity is a person's working hours
    (holidays, time off and part time taken off) without the `support_share`.

    Returns one row per person the calendars know, by id: person, capacity_hours, item_hours (expected effort left in
    what they hold that is owed by then; NaN where nothing like it was ever finished), review_hours, load_hours (both),
    n_items (in progress or due), n_at_least (of these: so many whose effort is only a lower bound), n_reviews, ratio
    (load over capacity; infinite where work meets no capacity, NaN where neither is or effort is unknown), status:
    `overload` (ratio above `limit`), `ok`, `no_capacity` (neither work nor time), `no_history` (effort unknown).
    """
    until = as_of + pd.Timedelta(weeks=weeks)
    people = calendars.capacity(as_of, until)[["person", "capacity_hours"]]
    people = people.assign(capacity_hours=people["capacity_hours"] * (1 - support_share))
    own = parts(remaining, held).groupby("person")
    items = pd.DataFrame(
        {
            "item_hours": own["hours"].sum(min_count=0).mask(own["hours"].count() < own.size()),
            "n_items": own.size(),
            "n_at_least": own["is_at_least"].sum(),
        }
    ).reindex(people["person"])
    n_reviews = owed.groupby(owed.index.astype("str")).sum().reindex(people["person"]).fillna(0).to_numpy(float)
    counts = items[["n_items", "n_at_least"]].fillna(0).astype("int64").reset_index(drop=True)
    item_hours = items["item_hours"].mask(items["n_items"].isna(), 0.0).to_numpy(float)
    found = people.assign(
        item_hours=item_hours,
        review_hours=n_reviews * review_hours,
        load_hours=item_hours + n_reviews * review_hours,
        **counts,
        n_reviews=n_reviews,
    )
    return found.assign(**_ratios(found, limit))


def parts(remaining: pd.DataFrame, held: pd.DataFrame) -> pd.DataFrame:
    """What each holder has to do of each item that is owed within the horizon; shared items are split evenly.

    Takes what `remaining` gives, and who holds what (`items_held`, or the open rows of `assignments`).
    Returns one row per person and item, by person and issue: person, issue, is_active, hours (expected; NaN where
    unknown), status (as in `remaining`), is_at_least (whether the hours are a lower bound).
    """
    owed = remaining[remaining["is_owed"]].reset_index(drop=True)
    pairs = held[["person", "issue"]].drop_duplicates()
    row = keys.positions(pairs["issue"], owed["issue"])
    of = owed.take(row[row >= 0]).reset_index(drop=True)
    found = pd.DataFrame(
        {
            "person": pairs["person"][row >= 0].astype("str").to_numpy(),
            "issue": of["issue"],
            "is_active": of["is_active"],
            "hours": of["expected_hours"] / of["n_holders"],
            "status": of["status"],
            "is_at_least": of["status"].isin(["bound", "beyond"]),
        }
    ).astype({"person": "str"})
    return found.sort_values(["person", "issue"], ignore_index=True)


def _ratios(people: pd.DataFrame, limit: float) -> dict[str, pd.Series]:
    work, capacity = people["load_hours"], people["capacity_hours"]
    is_free = (people["n_items"] == 0) & (people["n_reviews"] == 0)
    has_time = capacity > 0
    ratio = (work / capacity.where(has_time)).mask(~has_time & ~is_free, np.inf)
    status = pd.Series("ok", index=people.index, dtype="str").mask(ratio > limit, "overload")
    status = status.mask(ratio.isna(), "no_history").mask(~has_time & is_free, "no_capacity")
    return {"ratio": ratio, "status": status}


def causes(flags: pd.DataFrame, remaining: pd.DataFrame, held: pd.DataFrame, *, most: float = MOST) -> pd.DataFrame:
    """Which items make up most of the load of those who are flagged? For the conversation, not for a verdict.

    Takes what `overloads` (or any table of person and is_flagged), `remaining` and `items_held` give.
    Returns one row per item, by person, the largest first, until they add up to the share `most` of a person's item
    hours: person, issue, is_active, hours (this person's part), status, is_at_least, share (of their item hours, 0–1).
    """
    flagged = flags.loc[flags["is_flagged"], "person"]
    found = parts(remaining, held)
    found = found[found["person"].isin(flagged)]
    found = found.sort_values(["person", "hours", "issue"], ascending=[True, False, True], ignore_index=True)
    total = found.groupby("person")["hours"].transform("sum")
    found = found.assign(share=found["hours"] / total.where(total > 0))
    before = found.groupby("person")["share"].cumsum() - found["share"]
    return found[~(before >= most)].reset_index(drop=True)


def imbalance(load: pd.DataFrame, team_members: pd.DataFrame) -> pd.DataFrame:
    """How unevenly is the work of each team spread over its members? Takes what `load` gives.

    Work is compared with capacity, so that who works half the time should have half as much. Somebody without capacity
    who has work counts: all of it would have to move. Undefined (NaN) where fewer than two members have capacity, where
    nobody has work and where effort is unknown. Small teams are told like others here; who may see them is for the
    report to say.

    Returns one row per team, by id: team, n (members with capacity), load_hours, capacity_hours, hoover (share of the
    work that would have to move, 0–1), max_over_mean (the highest load ratio of those with capacity, over that of all
    of them together; 1 is even).
    """
    known = team_members.astype({"team": "str", "person": "str"}).drop_duplicates(["team", "person"])
    of_team = known[["team", "person"]].merge(load, on="person")
    rows = [_imbalance(str(team), members) for team, members in of_team.groupby("team", sort=True)]
    types = {"team": "str", "n": "int64"}
    numbers = dict.fromkeys(["load_hours", "capacity_hours", "hoover", "max_over_mean"], "float64")
    columns = ["team", "n", "load_hours", "capacity_hours", "hoover", "max_over_mean"]
    return pd.DataFrame(rows, columns=columns).astype(types | numbers)


def _imbalance(team: str, members: pd.DataFrame) -> dict[str, object]:
    able = members[members["capacity_hours"] > 0]
    work, capacity = members["load_hours"].sum(skipna=False), members["capacity_hours"].sum()
    row: dict[str, object] = {"team": team, "n": len(able), "load_hours": work, "capacity_hours": capacity}
    if len(able) < 2 or not work > 0:
        return row
    there = members[(members["capacity_hours"] > 0) | (members["load_hours"] > 0)]
    spread = balance.concentration(there["load_hours"], there["capacity_hours"]).iloc[0]
    mean = able["load_hours"].sum() / able["capacity_hours"].sum()
    return row | {"hoover": spread["hoover"], "max_over_mean": able["ratio"].max() / mean if mean > 0 else np.nan}
