"""Which issues and pull requests were in a milestone when, and in which state."""

import numpy as np
import pandas as pd

from fairlead import keys
from metrics import intervals
from metrics.histories import stacked
from metrics.instants import MISSING, instants
from metrics.intervals import SPAN
from metrics.milestones.leaves import leaves

STATES = pd.CategoricalDtype(["todo", "active", "done", "dropped"])
TODO, ACTIVE, DONE, DROPPED = range(4)


def membership(
    milestones: pd.DataFrame,
    issue_events: pd.DataFrame,
    pull_request_events: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
) -> pd.DataFrame:
    """Which issues and pull requests were in which milestone when?

    Replayed from the events that put them in and took them out, up to `as_of`. Events about other milestones are
    left out, and so is a removal of what was never seen to enter: since when it was in is unknown.

    Returns one row per stay: milestone, item (ids as they came), start_at, end_at (UTC; missing while it lasts).
    """
    of_issues = intervals.issue_sets(issue_events, field="milestone", as_of=as_of)
    of_pulls = intervals.pull_request_sets(pull_request_events, added="milestoned", removed="demilestoned", as_of=as_of)
    sets = [of_issues, of_pulls]
    row = np.concatenate([keys.positions(part["value"], milestones["id"]) for part in sets])
    items = stacked([part[["item", *SPAN]] for part in sets])
    milestone = milestones["id"].take(row[row >= 0]).reset_index(drop=True)
    return pd.concat([milestone.rename("milestone"), items[row >= 0].reset_index(drop=True)], axis=1)


def stays(  # noqa: PLR0913 (what two sources tell, and parents where events do not)
    members: pd.DataFrame,
    issue_events: pd.DataFrame,
    pull_requests: pd.DataFrame,
    pull_request_events: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
    issues: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """In which state was each member while it was in its milestone? `members` is what `membership` gives.

    Only leaves are told of: what is split into parts of the same milestone is counted by them (see `leaves`; `issues`
    gives parents where histories tell of none).

    Done is a state, not an event: what is reopened is not done. A pull request is active while open, done when
    merged, dropped when closed unmerged. An issue is to do until its history says otherwise.

    Returns one row per member and stretch of one state: milestone, item (ids as they came), state (todo, active,
    done, dropped), start_at, end_at (UTC; missing while it lasts).
    """
    members = leaves(members, issue_events, as_of=as_of, issues=issues)
    pulls = pull_requests[keys.is_in(pull_requests["id"], members["item"])]
    told = [
        intervals.states(issue_events, field="status_category", as_of=as_of),
        intervals.pull_request_states(pulls, pull_request_events, as_of=as_of),
    ]
    fitted = [part.assign(state=part["state"].astype(STATES)) for part in told]
    known = stacked([part[["item", "state", *SPAN]] for part in fitted])
    timeline = stacked([_before(members, known), known.fillna({"state": "todo"})])
    return intervals.intersect(members, timeline, on="item")[["milestone", "item", "state", *SPAN]]


def _before(members: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """Every member is to do until the first state that is known of it, which is for ever where none is."""
    items = members[["item"]].drop_duplicates(ignore_index=True)
    first = known.drop_duplicates("item", ignore_index=True)
    end_at = first["start_at"].reindex(keys.positions(items["item"], first["item"])).reset_index(drop=True)
    todo = pd.Series(pd.Categorical.from_codes(np.full(len(items), TODO), dtype=STATES))
    return items.assign(state=todo, start_at=instants(np.full(len(items), MISSING)), end_at=end_at)
