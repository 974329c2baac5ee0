"""When reviewers are waited for: while the pull request is ready (no draft) and open."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from fairlead import keys
from metrics.instants import MISSING, NEVER, Micros, micros, micros_of
from metrics.ordering import Integers, is_last, order
from metrics.sweep import Stretches

KINDS = pd.Series(["ready", "draft", "closed", "merged", "reopened"], dtype="str")
READY, DRAFT, CLOSED, MERGED, REOPENED = range(len(KINDS))
UNCHANGED, NO, YES = -1, 0, 1
MAKES_READY = np.array([YES, NO, UNCHANGED, UNCHANGED, UNCHANGED])
MAKES_OPEN = np.array([UNCHANGED, UNCHANGED, NO, NO, YES])
COLUMNS = ["id", "project", "author", "is_draft", "created_at", "merged_at", "closed_at"]
CREATION = -1
"""The position of a pull request's creation in its history: before everything else."""


@dataclass(frozen=True)
class Clock:
    """The review clock of pull requests, which are named by their row number.

    `stretches`: when the clock runs, by pull request and start; they end `NEVER` where it still runs.
    `ended`: when each pull request was merged or closed for the last time; `NEVER` while it is open.
    """

    stretches: Stretches
    ended: Micros
    is_merged: npt.NDArray[np.bool_]

    def waits(self, row: Integers, start: Micros, end: Micros) -> tuple[Micros, Micros]:
        """For how long the clock of pull request `row` runs within `[start, end]`; when it first does, or `NEVER`."""
        met = self.stretches.within(row, start, end)
        waited = np.bincount(met.first, weights=met.end - met.start, minlength=len(row)).astype(np.int64)
        first = np.full(len(row), NEVER)
        np.minimum.at(first, met.first, met.start)
        return waited, first

    def runs_now(self) -> npt.NDArray[np.bool_]:
        """Whether each pull request's clock runs at `as_of`."""
        running = np.zeros(len(self.ended), dtype=bool)
        running[self.stretches.of[self.stretches.end == NEVER]] = True
        return running

    def first_starts(self) -> Micros:
        """When each pull request was first ready and open; `NEVER` where it has not been."""
        first = np.full(len(self.ended), NEVER)
        np.minimum.at(first, self.stretches.of, self.stretches.start)
        return first


def known_by(pull_requests: pd.DataFrame, *, as_of: pd.Timestamp, start: pd.Timestamp | None = None) -> pd.DataFrame:
    """Pull requests created by `as_of` and not closed before `start`, with the columns that the family needs."""
    known = pull_requests["created_at"] <= as_of
    if start is not None:
        known &= ~(pull_requests["closed_at"] < start)
    return pull_requests.loc[known, COLUMNS].reset_index(drop=True)


def review_clock(pull_requests: pd.DataFrame, events: pd.DataFrame, *, as_of: pd.Timestamp) -> Clock:
    """Replay drafts, closings and re-openings up to `as_of` of pull requests created by then."""
    changes = _changes(pull_requests, events)
    seen = changes[changes["at"] <= micros_of(as_of)]
    history = _history(pull_requests, changes, seen, as_of=as_of)
    is_merged = (pull_requests["merged_at"] <= as_of).to_numpy(copy=True)
    is_merged[seen.loc[seen["kind"] == MERGED, "row"]] = True
    return _replayed(history, is_merged)


def _changes(pull_requests: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    """The changes ever made: row (pull request), at (not before its creation), seq, kind (a place in `KINDS`)."""
    kind = keys.positions(events["kind"], KINDS)
    row = keys.positions(events["pull_request"], pull_requests["id"])
    kept = np.flatnonzero((kind >= 0) & (row >= 0))
    created = micros(pull_requests["created_at"])
    return pd.DataFrame(
        {
            "row": row[kept],
            "at": np.maximum(micros(events["at"])[kept], created[row[kept]]),
            "seq": events["seq"].to_numpy(np.int64)[kept],
            "kind": kind[kept],
        }
    )


def _replayed(history: pd.DataFrame, is_merged: npt.NDArray[np.bool_]) -> Clock:
    row, at = history["row"].to_numpy(), history["at"].to_numpy()
    is_ready, is_open = _carried(history["is_ready"].to_numpy()), _carried(history["is_open"].to_numpy())
    ends = is_last(row)
    until = np.where(ends, NEVER, np.append(at[1:], NEVER)[: len(at)])
    runs = is_ready & is_open & (until > at)
    closes = ~is_open & np.append(False, is_open[:-1])[: len(row)]
    ended = np.full(len(is_merged), NEVER)
    ended[row[closes]] = at[closes]
    ended[row[ends & is_open]] = NEVER
    return Clock(Stretches(row[runs], at[runs], until[runs]), ended, is_merged)


def _carried(states: Integers) -> npt.NDArray[np.bool_]:
    """The last state known at each row. Each pull request's history starts with its creation, which knows both."""
    known_at = np.maximum.accumulate(np.where(states == UNCHANGED, 0, np.arange(len(states))))
    return np.equal(states[known_at], YES)


def _history(
    pull_requests: pd.DataFrame, changes: pd.DataFrame, seen: pd.DataFrame, *, as_of: pd.Timestamp
) -> pd.DataFrame:
    """Creation, changes and ends of each pull request, in order: row, at, is_ready, is_open."""
    told = seen[["row", "at", "seq"]].assign(is_ready=MAKES_READY[seen["kind"]], is_open=MAKES_OPEN[seen["kind"]])
    parts = [_creations(pull_requests, changes), told, _ends(pull_requests, seen, as_of=as_of)]
    history = pd.concat(parts, ignore_index=True)
    sorted_ = order(*(history[key].to_numpy() for key in ("row", "at", "seq")))
    return history[["row", "at", "is_ready", "is_open"]].take(sorted_)


def _creations(pull_requests: pd.DataFrame, changes: pd.DataFrame) -> pd.DataFrame:
    """Created as a draft: when the first change ever made of it is to ready, or none is and it is a draft now.

    That first change may lie after `as_of`: it tells how the pull request was created, which had happened.
    """
    drafting = changes[changes["kind"] <= DRAFT]
    row, at, seq, kind = (drafting[column].to_numpy() for column in ("row", "at", "seq", "kind"))
    latest_first = order(row, at, seq)[::-1]
    is_ready = ~pull_requests["is_draft"].to_numpy(dtype=bool)
    is_ready[row[latest_first]] = kind[latest_first] == DRAFT
    return pd.DataFrame(
        {
            "row": np.arange(len(pull_requests)),
            "at": micros(pull_requests["created_at"]),
            "seq": CREATION,
            "is_ready": is_ready.astype(np.int64),
            "is_open": YES,
        }
    )


def _ends(pull_requests: pd.DataFrame, seen: pd.DataFrame, *, as_of: pd.Timestamp) -> pd.DataFrame:
    """Ends that only the pull requests themselves tell of, because their history lacks the event."""
    merged, closed = micros(pull_requests["merged_at"]), micros(pull_requests["closed_at"])
    at = np.where(merged == MISSING, closed, merged)
    told = np.zeros(len(pull_requests), dtype=bool)
    told[seen.loc[seen["kind"].isin([CLOSED, MERGED]), "row"]] = True
    row = np.flatnonzero(~told & (at != MISSING) & (at <= micros_of(as_of)))
    return pd.DataFrame(
        {
            "row": row,
            "at": at[row],
            "seq": CREATION + 1,
            "is_ready": UNCHANGED,
            "is_open": NO,
        }
    )
