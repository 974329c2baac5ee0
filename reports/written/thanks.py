"""Thanks for milestones that were reached: how much was done, whether in time, and by how many people."""

import math

import pandas as pd

from fairlead import keys
from fairlead.suppression import SMALLEST
from reports import words
from reports.milestones import closely
from reports.names import named
from reports.records import Record, records
from reports.written.compared import Compared
from reports.written.sentences import Sentence


def told(compared: Compared) -> list[Sentence]:
    """Milestones closed since then with nothing left in them, in the order of their closing."""
    measured = compared.now
    rows = measured.summary
    is_reached = (rows["closed_at"] > compared.since) & (rows["remaining"] == 0) & (rows["scope"] > 0)
    rows = rows[is_reached].sort_values(["closed_at", "title"], ignore_index=True)
    rows = rows.assign(url=closely(rows), called=rows["milestone"].map(measured.titles).astype("str"))
    return [Sentence(says=_thanks(row, compared), what=row["called"], url=row["url"]) for row in records(rows)]


def _thanks(row: Record, compared: Compared) -> str:
    done = f"{row['called']} was reached on {words.day(row['closed_at'])} with {words.count(row['done'], 'item')} done"
    return " ".join([f"{done}, {_when(row)}.", *_whom(row, compared)])


def _when(row: Record) -> str:
    """In time or not, by the last due date; and by the first one, where that was another."""
    if not isinstance(row["due_on"], pd.Timestamp):
        return "without a due date"
    days = int(row["days_to_due"])
    due = (
        "on its due date"
        if not days
        else f"{words.count(abs(days), 'day')} {'before' if days > 0 else 'after'} its due date"
    )
    slip = row["net_slip_days"]
    moved = f", which had moved {words.shift(slip)}" if slip and not math.isnan(slip) else ""
    return f"{due}{moved}"


def _whom(row: Record, compared: Compared) -> list[str]:
    """Names in their order for whoever may look at all of them closely; else how many, where those are enough."""
    people = _people(row, compared)
    if len(people) and people.isin(compared.frames.closely).all():
        names = sorted(named(compared.frames, people))
        return [f"Thanks to {words.all_of(names)}."]
    return (
        [f"Thanks to the {words.count(len(people), 'person', 'people')} who took part."]
        if len(people) >= SMALLEST
        else []
    )


def _people(row: Record, compared: Compared) -> pd.Series:
    """Who was assigned to its issues, wrote its pull requests or those linked to its issues, or reviewed them: ids."""
    frames, as_of = compared.frames, compared.scope.as_of
    stays = compared.now.stays
    was_in = (stays["start_at"] <= row["closed_at"]) & ~(stays["end_at"] <= row["closed_at"])
    items = stays.loc[(stays["milestone"] == row["milestone"]) & (stays["state"] == "done") & was_in, "item"]
    linked = frames.pull_request_issues.loc[keys.is_in(frames.pull_request_issues["issue"], items), "pull_request"]
    pulls = frames.pull_requests
    pulls = pulls[(keys.is_in(pulls["id"], items) | keys.is_in(pulls["id"], linked)) & (pulls["merged_at"] <= as_of)]
    events, reviews = frames.issue_events, frames.reviews
    is_assigned = (events["field"] == "assignee") & (events["at"] <= as_of) & keys.is_in(events["issue"], items)
    is_reviewed = keys.is_in(reviews["pull_request"], pulls["id"]) & (reviews["at"] <= as_of)
    accounts = pd.concat(
        [
            part.astype("str")
            for part in (events.loc[is_assigned, "new"], pulls["author"], reviews.loc[is_reviewed, "author"])
        ]
    ).dropna()
    known = frames.accounts[
        (frames.accounts["kind"] == "user") & keys.is_in(frames.accounts["id"].astype("str"), accounts)
    ]
    return known["person"].astype("str").dropna().drop_duplicates(ignore_index=True)
