"""What issues were when: to do, in progress, done or dropped."""

import numpy as np
import pandas as pd

from fairlead import keys
from metrics import intervals
from metrics.instants import NEVER, instants_or_never, micros
from metrics.ordering import order

FINISHED = ("done", "dropped")


def issue_states(known: pd.DataFrame, issue_events: pd.DataFrame, *, as_of: pd.Timestamp) -> pd.DataFrame:
    """What each issue was when: row (in `known`), state, start, end (µs, `NEVER` while it lasts), by row and start.

    Before the first known status an issue counts as to do; without any status ever, it is what it is now.
    """
    told = intervals.states(issue_events, field="status_category", as_of=as_of)
    told = told.assign(
        row=keys.positions(told["item"], known["id"]),
        state=told["state"].astype("str"),
        start=micros(told["start_at"]),
        end=instants_or_never(told["end_at"]),
    ).loc[lambda rows: rows["row"] >= 0, ["row", "state", "start", "end"]]
    states = pd.concat([_untold(known, issue_events, told), told], ignore_index=True)
    return states.take(order(states["row"].to_numpy(), states["start"].to_numpy())).reset_index(drop=True)


def _untold(known: pd.DataFrame, issue_events: pd.DataFrame, told: pd.DataFrame) -> pd.DataFrame:
    """The time before the first known status."""
    first = np.full(len(known), NEVER)
    np.minimum.at(first, told["row"].to_numpy(), told["start"].to_numpy())
    ever = issue_events.loc[issue_events["field"] == "status_category", "issue"]
    now = known["status_category"].astype("str").where(~keys.is_in(known["id"], ever), "todo")
    created = micros(known["created_at"])
    before = np.flatnonzero(created < first)
    return pd.DataFrame(
        {"row": before, "state": now.take(before).to_numpy(), "start": created[before], "end": first[before]}
    ).astype({"state": "str"})
