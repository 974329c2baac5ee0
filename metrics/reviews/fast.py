"""Large changes that were approved fast and without a word."""

import re

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from fairlead import keys
from metrics.actors import NOBODY, Actors, actors
from metrics.instants import NEVER, Micros, instants, micros, micros_of
from metrics.ordering import Flags, Integers, order, text_order
from metrics.reviews.verdicts import APPROVED, reviews_of_others
from metrics.reviews.waits import said_of_others

MINUTE = 60_000_000
READY = "ready"
TOLD = ["key", "title", "url", "project"]


def fast_approvals(  # noqa: PLR0913, PLR0917 (one argument per table it reads)
    pull_requests: pd.DataFrame,
    pull_request_events: pd.DataFrame,
    reviews: pd.DataFrame,
    comments: pd.DataFrame,
    files: pd.DataFrame,
    accounts: pd.DataFrame,
    *,
    start: pd.Timestamp,
    as_of: pd.Timestamp,
    min_lines: int,
    max_minutes: float,
    generated: tuple[str, ...],
) -> pd.DataFrame:
    """Which large changes were approved so fast, and without a word, that one may ask how they were read?

    A reason to ask, no verdict: it may have been read over somebody's shoulder. Covers pull requests by people whose
    first approval by another person falls in `[start, as_of]`, at most `max_minutes` after it was ready: since it was
    last taken out of draft by then, else since it was opened. Nobody but the author (bots aside) had said anything by
    then: no comment, no review that is no approval, no comments within a review, the approving one included. The text
    of an approval itself is not stored, and a review whose comments were not counted is taken to have none. Reviews
    stored as dismissed are not taken for approvals.

    Large: at least `min_lines` lines added and deleted in files that match none of `generated`, as the change is now;
    its size then is not kept. How patterns match, `fairlead.agreements.Agreements` says. Where the files are not
    known, the lines of the pull request itself count and nothing is known to be generated.

    Returns one row per pull request, ordered by approved_at and pull_request: pull_request, key, title, url, project,
    author, approver (person ids), lines (not generated), generated_lines, is_by_files, ready_at, approved_at, minutes
    (between the two).
    """
    who = actors(accounts)
    fast = _fast(pull_requests, pull_request_events, reviews, who, start=start, as_of=as_of)
    fast = fast[(fast["minutes"] >= 0) & (fast["minutes"] <= max_minutes)]
    asked = pull_requests.take(fast["row"].to_numpy()).reset_index(drop=True)
    fast = fast.reset_index(drop=True).assign(**_lines(asked, files, generated))
    is_meant = (fast["lines"] >= min_lines).to_numpy() & ~_spoken(asked, reviews, comments, who, fast["approved"])
    chosen = np.flatnonzero(is_meant)
    in_order = chosen[order(fast["approved"].to_numpy()[chosen], text_order(asked["id"].take(chosen)))]
    return _described(fast.take(in_order), asked.take(in_order), who)


def _fast(  # noqa: PLR0913 (one argument per table it reads)
    pull_requests: pd.DataFrame,
    events: pd.DataFrame,
    reviews: pd.DataFrame,
    who: Actors,
    *,
    start: pd.Timestamp,
    as_of: pd.Timestamp,
) -> pd.DataFrame:
    """First approvals within the window: row (pull request), person, approved, ready, minutes."""
    until = np.where(who.codes(pull_requests["author"]) == NOBODY, -NEVER, micros_of(as_of))
    made = reviews_of_others(reviews, pull_requests, who, until=until)
    approving = made[made["state"] == APPROVED]
    in_order = approving.take(order(*(approving[key].to_numpy() for key in ("row", "at", "person"))))
    first = in_order.drop_duplicates("row").rename(columns={"at": "approved"})
    first = first.loc[first["approved"] >= micros_of(start), ["row", "person", "approved"]]
    ready = _ready(first, pull_requests, events)
    return first.assign(ready=ready, minutes=(first["approved"] - ready) / MINUTE)


def _ready(first: pd.DataFrame, pull_requests: pd.DataFrame, events: pd.DataFrame) -> Micros:
    """Since when each was ready when it was approved."""
    known = pull_requests.take(first["row"].to_numpy()).reset_index(drop=True)
    told = events[(events["kind"] == READY).to_numpy()]
    place, at = keys.positions(told["pull_request"], known["id"]), micros(told["at"])
    by_then = (place >= 0) & (at <= np.append(first["approved"].to_numpy(), 0)[place])
    ready = micros(known["created_at"]).copy()
    np.maximum.at(ready, place[by_then], at[by_then])
    return ready


def _spoken(
    asked: pd.DataFrame, reviews: pd.DataFrame, comments: pd.DataFrame, who: Actors, approved: pd.Series
) -> Flags:
    """Whether anybody but the author and bots had said something by the approval."""
    until = approved.to_numpy()
    made = reviews_of_others(reviews, asked, who, until=until)
    size = reviews["size"].take(made["place"].to_numpy()).fillna(0).to_numpy(np.int64)
    spoken = made["row"][(made["state"] != APPROVED).to_numpy() | (size > 0)]
    return np.isin(
        np.arange(len(asked)), np.concatenate([spoken, said_of_others(comments, asked, who, until=until)["row"]])
    )


def _lines(asked: pd.DataFrame, files: pd.DataFrame, generated: tuple[str, ...]) -> dict[str, Integers | Flags]:
    """Lines written by people and by tools; whether the files tell."""
    row = keys.positions(files["pull_request"], asked["id"])
    place = np.flatnonzero(row >= 0)
    touched, row = files[["path", "additions", "deletions"]].take(place), row[place]
    is_generated = _matches(touched["path"], generated)
    changed = _changed(touched)
    of_files, of_tools = (
        np.bincount(row[part], changed[part], minlength=len(asked)).astype(np.int64)
        for part in (np.ones(len(row), dtype=bool), is_generated)
    )
    is_by_files = np.isin(np.arange(len(asked)), row)
    return {
        "lines": np.where(is_by_files, of_files - of_tools, _changed(asked)),
        "generated_lines": of_tools,
        "is_by_files": is_by_files,
    }


def _changed(table: pd.DataFrame) -> Integers:
    """Lines added and deleted; none where they are not told."""
    return (table["additions"].fillna(0) + table["deletions"].fillna(0)).to_numpy(np.int64)


def _matches(paths: pd.Series, patterns: tuple[str, ...]) -> Flags:
    """Whether each path matches a pattern; matched once per distinct path, in time linear in its length."""
    if not patterns:
        return np.zeros(len(paths), dtype=bool)
    code, distinct = pd.factorize(paths)
    one_of = f"(?s)^(?:{'|'.join(_expression(pattern) for pattern in patterns)})$"
    found = pc.match_substring_regex(pa.array(distinct, pa.large_string()), one_of)
    return np.asarray(found, dtype=bool)[code]


def _expression(pattern: str) -> str:
    text = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return text if "/" in pattern else f"(?:.*/)?{text}"


def _described(fast: pd.DataFrame, asked: pd.DataFrame, who: Actors) -> pd.DataFrame:
    """Numbers back to ids and instants."""
    return pd.DataFrame(
        {
            "pull_request": asked["id"].astype("str").array,
            **{name: asked[name].array for name in TOLD},
            "author": who.ids(who.codes(asked["author"])),
            "approver": who.ids(fast["person"].to_numpy()),
            **{name: fast[name].to_numpy() for name in ("lines", "generated_lines", "is_by_files")},
            "ready_at": instants(fast["ready"].to_numpy()),
            "approved_at": instants(fast["approved"].to_numpy()),
            "minutes": fast["minutes"].to_numpy(),
        }
    )
