"""What fields of issues held at an instant, replayed from their changes."""

import pandas as pd

from fairlead import keys


def as_it_was(
    ids: pd.Series, now: pd.Series, issue_events: pd.DataFrame, *, field: str, as_of: pd.Timestamp
) -> pd.Series:
    """What did a field of each of these issues hold at `as_of`? `now` holds what it is now, as text.

    What the last change up to then set, else what the first change after it replaced, else what it is now.
    Returns text in the order of `ids`, missing where there was nothing.
    """
    changes = issue_events[issue_events["field"] == field]
    row = keys.positions(changes["issue"], ids)
    changes = changes.assign(row=row)[row >= 0].sort_values(["row", "at", "seq"])
    before = changes[changes["at"] <= as_of].drop_duplicates("row", keep="last").set_index("row")["new"]
    after = changes[changes["at"] > as_of].drop_duplicates("row").set_index("row")["old"]
    replayed = now.astype("str").reset_index(drop=True)
    for told in (after, before):
        replayed = replayed.mask(replayed.index.isin(told.index), told.reindex(replayed.index).astype("str"))
    return replayed
