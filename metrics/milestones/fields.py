"""What fields of issues held over time, also where their history is short or was never told."""

import numpy as np
import pandas as pd

from fairlead import keys
from metrics.histories import codes, stacked
from metrics.instants import instants, micros
from metrics.intervals import EVER
from metrics.ordering import is_first, order

COLUMNS = ["issue", "seq", "at", "field", "old", "new"]


def with_beginnings(
    issue_events: pd.DataFrame, field: str, *, about: pd.Series | None = None, now: pd.DataFrame | None = None
) -> pd.DataFrame:
    """The events of one field, with what it held before the first of them, to be replayed by `metrics.intervals`.

    An issue began with what its first change replaced, even where that change came after the instant in question: it
    was so until then. `now` (columns issue, value as text) speaks for issues of which no change is told at all. `about`
    are the issues asked for (default: all).

    Returns issue, seq, at, field, old, new. Beginnings lie at the beginning of time.
    """
    events = issue_events.loc[issue_events["field"] == field, COLUMNS]
    events = events if about is None else events[keys.is_in(events["issue"], about)]
    by_time = order(codes(events["issue"]), micros(events["at"]), events["seq"].to_numpy(np.int64))
    first = events.iloc[by_time[is_first(codes(events["issue"])[by_time])]]
    parts = [events, _beginnings(first["issue"], first["old"], field)]
    if now is not None:
        untold = now[~keys.is_in(now["issue"], events["issue"])]
        parts.append(_beginnings(untold["issue"], untold["value"], field))
    return stacked(parts)


def _beginnings(issue: pd.Series, value: pd.Series, field: str) -> pd.DataFrame:
    """An event for each issue that held something."""
    issue, value = issue[value.notna()], value[value.notna()]
    rows = pd.DataFrame({"issue": issue.array, "new": value.astype("str").array})
    nothing = pd.Series(None, index=rows.index, dtype="str")
    seq = pd.Series(-1, index=rows.index, dtype="Int64")
    at = instants(np.full(len(rows), EVER))
    return rows.assign(seq=seq, at=at, field=pd.Series(field, index=rows.index, dtype="str"), old=nothing)[COLUMNS]
