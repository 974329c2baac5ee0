"""Which changes were merged without a review, or without an approval."""

import numpy as np
import pandas as pd

from fairlead import keys
from metrics.actors import NOBODY, Codes, actors, named
from metrics.instants import MISSING, NEVER, instants, micros, micros_of
from metrics.ordering import Flags, distinct, order, text_order
from metrics.reviews.verdicts import APPROVED, CHANGES_REQUESTED, reviews_of_others, standing_verdicts


def approvals(  # noqa: PLR0913 (one argument per table it reads)
    pull_requests: pd.DataFrame,
    pull_request_events: pd.DataFrame,
    reviews: pd.DataFrame,
    accounts: pd.DataFrame,
    *,
    start: pd.Timestamp,
    as_of: pd.Timestamp,
) -> pd.DataFrame:
    """Was each change reviewed and approved by somebody else before it was merged?

    Covers pull requests merged within `[start, as_of]`. Reviews up to the merge count (those of its very instant
    included: automatic merges follow the approval within the second) by people other than the author; a person's
    several accounts are one reviewer, bots and deleted users are none. Each reviewer's latest verdict stands; a later
    comment cancels nothing; a dismissed review was work done, but is no approval. Merging one's own change is fine in
    itself. Only pull requests opened since their project's first review at all are eligible for shares: before, there
    was nothing a review could have been recorded with.

    What cannot be known: sources tell the state of a review as it is now. Where the store has what a dismissed review
    had said, it is used up to the dismissal. Where it has not (synced by an older version), a review that was dismissed
    after the merge is taken for the approval it most likely was, and dismissals later than `as_of` are read to see that
    it stood. A review that is stored as dismissed without any dismissal is taken as void from the start.

    Returns one row per merged pull request, ordered by merged_at and pull_request: pull_request, project, author and
    merged_by (person ids; missing for bots and deleted users), merged_at, n_reviewers, n_approvals,
    n_changes_requested (both standing at the merge), is_unreviewed (no review at all), is_unapproved (no standing
    approval; true for the unreviewed as well), is_self_merge, is_eligible.
    """
    who, merged = actors(accounts), micros(pull_requests["merged_at"])
    is_merged = (merged != MISSING) & (merged >= micros_of(start)) & (merged <= micros_of(as_of))
    until = np.where(is_merged, merged, MISSING)
    made = reviews_of_others(reviews, pull_requests, who, until=until)
    stood = standing_verdicts(made, reviews, pull_requests, pull_request_events, who, until=until)
    n = len(pull_requests)
    row = np.flatnonzero(is_merged)
    row = row[order(merged[row], text_order(pull_requests["id"].take(row)))]
    counts = {
        "n_reviewers": _n_reviewers(made, n, n_people=len(who.people)),
        "n_approvals": np.bincount(stood.loc[stood["state"] == APPROVED, "row"], minlength=n),
        "n_changes_requested": np.bincount(stood.loc[stood["state"] == CHANGES_REQUESTED, "row"], minlength=n),
    }
    author, merged_by = (who.codes(pull_requests[column])[row] for column in ("author", "merged_by"))
    return pd.DataFrame(
        {
            "pull_request": named(pull_requests["id"], row),
            "project": named(pull_requests["project"], row),
            "author": who.ids(author),
            "merged_by": who.ids(merged_by),
            "merged_at": instants(merged[row]),
            **{name: each[row].astype(np.int64) for name, each in counts.items()},
            "is_unreviewed": counts["n_reviewers"][row] == 0,
            "is_unapproved": counts["n_approvals"][row] == 0,
            "is_self_merge": (author != NOBODY) & (author == merged_by),
            "is_eligible": _is_eligible(reviews, pull_requests)[row],
        }
    )


def _n_reviewers(made: pd.DataFrame, n: int, *, n_people: int) -> Codes:
    """By how many people each pull request was reviewed."""
    pairs = np.sort(made["row"].to_numpy() * n_people + made["person"].to_numpy())
    return np.bincount(distinct(pairs) // max(n_people, 1), minlength=n)


def _is_eligible(reviews: pd.DataFrame, pull_requests: pd.DataFrame) -> Flags:
    """Opened since the project's first review, whoever gave it: then it was known how to review there."""
    project, names = pd.factorize(pull_requests["project"])
    row = keys.positions(reviews["pull_request"], pull_requests["id"])
    known = row >= 0
    first = np.full(len(names), NEVER)
    np.minimum.at(first, project[row[known]], micros(reviews["at"])[known])
    return micros(pull_requests["created_at"]) >= first[project]


def approval_shares(approvals: pd.DataFrame, by: str | None = None) -> pd.DataFrame:
    """Which share of the changes was merged without a review, and without an approval? Takes `approvals`.

    Only eligible ones count. Unapproved includes unreviewed. `by` is a column of `approvals` (project); rows in which
    it is missing are left out.

    Returns one row per value of `by`, in its order (one row in all without `by`): n (merged), n_eligible, n_unreviewed,
    n_unapproved, unreviewed_share, unapproved_share (of the eligible, 0–1; NaN where there are none).
    """
    counted = pd.DataFrame(
        {
            "n": 1,
            "n_eligible": approvals["is_eligible"],
            "n_unreviewed": approvals["is_eligible"] & approvals["is_unreviewed"],
            "n_unapproved": approvals["is_eligible"] & approvals["is_unapproved"],
        }
    ).astype("int64")
    sums = counted.sum().to_frame().T if by is None else counted.groupby(approvals[by]).sum().reset_index()
    eligible = sums["n_eligible"].where(sums["n_eligible"] > 0)
    return sums.assign(
        unreviewed_share=sums["n_unreviewed"] / eligible, unapproved_share=sums["n_unapproved"] / eligible
    )
