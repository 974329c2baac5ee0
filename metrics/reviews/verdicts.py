"""What reviewers said of others' pull requests, and which of their verdicts stood at an instant."""

import numpy as np
import pandas as pd

from fairlead import keys
from metrics.actors import NOBODY, Actors
from metrics.instants import NEVER, Micros, micros
from metrics.ordering import Integers, is_last, order
from metrics.reviews.waits import said_of_others

STATES = pd.Series(["approved", "changes_requested", "dismissed", "commented"], dtype="str")
APPROVED, CHANGES_REQUESTED, DISMISSED, COMMENTED = range(len(STATES))
DISMISSAL = "dismissed"


def reviews_of_others(
    reviews: pd.DataFrame, pull_requests: pd.DataFrame, who: Actors, *, until: Micros
) -> pd.DataFrame:
    """What people said of others' pull requests, up to an instant for each of these, that instant included.

    Returns one row per review: row (of the pull request), person, at, place (in `reviews`), state (a place in
    `STATES`).
    """
    made = said_of_others(reviews, pull_requests, who, until=until)
    return made.assign(state=keys.positions(reviews["state"].take(made["place"].to_numpy()), STATES))


def standing_verdicts(  # noqa: PLR0913 (one argument per table it reads)
    made: pd.DataFrame,
    reviews: pd.DataFrame,
    pull_requests: pd.DataFrame,
    pull_request_events: pd.DataFrame,
    who: Actors,
    *,
    until: Micros,
) -> pd.DataFrame:
    """What each reviewer's verdict was at an instant for each pull request; takes `reviews_of_others` up to then.

    A reviewer's latest verdict replaces the earlier ones, and so does one that was dismissed by then; comments change
    nothing. Of verdicts of one instant the one that approves less counts.

    A dismissal names the review, or in older stores its author alone: then it is about a review that is stored as
    dismissed if the author has one there, else about the author's latest verdict. A review that is stored as dismissed
    was so from the start unless a dismissal later than the instant is known; what its verdict had been is not known.

    Returns one row per pull request and reviewer with a verdict: row, person, at, state (a place in `STATES`; dismissed
    where the verdict did not stand).
    """
    dismissals = pull_request_events[(pull_request_events["kind"] == DISMISSAL).to_numpy()]
    decisive = made[made["state"] != COMMENTED]
    by_review = _dismissed_by_review(dismissals, reviews)[decisive["place"]]
    latest = _latest(decisive.assign(by_review=by_review), n_people=len(who.people))
    by_reviewer = _dismissed_by_reviewer(latest, dismissals, pull_requests, who)
    return latest[["row", "person", "at"]].assign(state=_stood(latest, by_reviewer, until[latest["row"]]))


def _stood(latest: pd.DataFrame, by_reviewer: Micros, until: Micros) -> Integers:
    by_review, is_stored_dismissed = latest["by_review"].to_numpy(), latest["state"].to_numpy() == DISMISSED
    first = np.minimum(by_review, by_reviewer)
    is_later = (first > until) & (first != NEVER)
    is_meant = (by_review <= until) | (by_reviewer <= until) & ~latest["has_dismissed"].to_numpy()
    is_void = np.where(is_stored_dismissed, ~is_later, is_meant)
    # Far more is merged with an approval than against a request for changes, so the verdict that is not kept was one.
    verdict = np.where(is_stored_dismissed, APPROVED, latest["state"].to_numpy())
    return np.where(is_void, DISMISSED, verdict)


def _latest(decisive: pd.DataFrame, *, n_people: int) -> pd.DataFrame:
    """Each reviewer's last verdict; pair (pull request and reviewer), has_dismissed (one is stored as dismissed)."""
    parts = [decisive[key].to_numpy() for key in ("row", "person", "at", "state")]
    in_order = decisive.take(order(*parts, -decisive["by_review"].to_numpy()))
    pair = in_order["row"].to_numpy() * n_people + in_order["person"].to_numpy()
    dismissed = pair[in_order["state"].to_numpy() == DISMISSED]
    ends = is_last(pair)
    last = in_order[ends].reset_index(drop=True).assign(pair=pair[ends])
    return last.assign(has_dismissed=np.isin(last["pair"].to_numpy(), dismissed))


def _dismissed_by_review(dismissals: pd.DataFrame, reviews: pd.DataFrame) -> Micros:
    """When each review was first dismissed by its id; `NEVER` where no dismissal names it."""
    place, at = keys.positions(dismissals["subject"], reviews["id"]), micros(dismissals["at"])
    first = np.full(len(reviews), NEVER)
    np.minimum.at(first, place[place >= 0], at[place >= 0])
    return first


def _dismissed_by_reviewer(
    latest: pd.DataFrame, dismissals: pd.DataFrame, pull_requests: pd.DataFrame, who: Actors
) -> Micros:
    """When, from each verdict on, a dismissal first names its reviewer on its pull request; else `NEVER`."""
    row, person = keys.positions(dismissals["pull_request"], pull_requests["id"]), who.codes(dismissals["subject"])
    pair, at = row * len(who.people) + person, micros(dismissals["at"])
    told = (row >= 0) & (person != NOBODY)
    events = pd.DataFrame({"pair": pair[told], "at": at[told], "dismissed": at[told]}).sort_values("at")
    place = np.flatnonzero(np.isin(latest["pair"].to_numpy(), pair[told]))
    verdicts = latest[["pair", "at"]].take(place).assign(place=place).sort_values("at")
    found = pd.merge_asof(verdicts, events, on="at", by="pair", direction="forward").dropna(subset="dismissed")
    first = np.full(len(latest), NEVER)
    first[found["place"]] = found["dismissed"].astype(np.int64)
    return first
