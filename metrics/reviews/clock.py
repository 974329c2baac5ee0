"""When reviewers are waited for: while the pull request is ready (no draft) and open."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from fairlead import keys
from metrics.instants import MISSING, NEVER, Micros, micros, micros_of
from metrics.ordering import Integers, order, repeated, starts_and_counts

UNCHANGED, NO, YES = -1, 0, 1
READY = {"ready": YES, "draft": NO}
OPEN = {"reopened": YES, "closed": NO, "merged": NO}
CREATION = -1
"""The position of a pull request's creation in its history: before everything else."""


@dataclass(frozen=True)
class Clock:
    """The review clock of pull requests, which are named by their row number.

    `row`, `start`, `end`: the stretches in which a clock runs, sorted by row and start; `NEVER` where it still runs.
    `ended`: when each pull request was merged or closed for the last time; `NEVER` while it is open.
    """

    row: Integers
    start: Micros
    end: Micros
    ended: Micros
    is_merged: npt.NDArray[np.bool_]

    def waits(self, row: Integers, start: Micros, end: Micros) -> tuple[Micros, Micros]:
        """For how long the clock of pull request `row` runs within `[start, end)`, and when it first does."""
        firsts, counts = starts_and_counts(self.row, len(self.ended))
        which, nth = repeated(counts[row])
        stretch = firsts[row][which] + nth
        starts, ends = np.maximum(start[which], self.start[stretch]), np.minimum(end[which], self.end[stretch])
        runs = ends > starts
        waited = np.bincount(which[runs], weights=(ends - starts)[runs], minlength=len(row)).astype(np.int64)
        first = np.full(len(row), NEVER)
        np.minimum.at(first, which[runs], starts[runs])
        return waited, first


def review_clock(pull_requests: pd.DataFrame, events: pd.DataFrame, *, as_of: pd.Timestamp) -> Clock:
    """Replay drafts, closings and re-openings up to `as_of` of pull requests created by then."""
    history = _history(pull_requests, events, as_of=as_of)
    row, at, seq = history["row"].to_numpy(), history["at"].to_numpy(), history["seq"].to_numpy()
    sorted_ = order(row, at, seq)
    row, at = row[sorted_], at[sorted_]
    is_ready, is_open = (_carried(history[state].to_numpy()[sorted_]) for state in ("is_ready", "is_open"))
    is_last = np.append(row[1:] != row[:-1], True)[: len(row)]
    until = np.where(is_last, NEVER, np.append(at[1:], NEVER)[: len(at)])
    runs = (is_ready & is_open) & (until > at)
    closes = ~is_open & np.append(False, is_open[:-1])[: len(row)]
    ended = np.full(len(pull_requests), NEVER)
    ended[row[closes]] = at[closes]
    ended[row[is_last & is_open]] = NEVER
    merged = np.zeros(len(pull_requests), dtype=bool)
    merged[history["row"].to_numpy()[history["is_merge"].to_numpy()]] = True
    return Clock(row[runs], at[runs], until[runs], ended, merged)


def _carried(states: Integers) -> npt.NDArray[np.bool_]:
    """The last state known at each row. Each pull request's history starts with its creation, which knows both."""
    known_at = np.maximum.accumulate(np.where(states == UNCHANGED, 0, np.arange(len(states))))
    return states[known_at] == YES


def _history(pull_requests: pd.DataFrame, events: pd.DataFrame, *, as_of: pd.Timestamp) -> pd.DataFrame:
    """Creation, changes and ends of each pull request: row, at, seq, is_ready, is_open, is_merge."""
    changes = events[events["kind"].isin([*READY, *OPEN])]
    changes = changes.assign(row=keys.positions(changes["pull_request"], pull_requests["id"]))
    changes = changes[changes["row"] >= 0]
    seen = changes[changes["at"] <= as_of]
    created = micros(pull_requests["created_at"])
    parts = [_creations(pull_requests, changes), _changes(seen, created), _ends(pull_requests, seen, as_of=as_of)]
    return pd.concat(parts, ignore_index=True)


def _creations(pull_requests: pd.DataFrame, changes: pd.DataFrame) -> pd.DataFrame:
    """Created as a draft: when the first change ever made of it is to ready, or none is and it is a draft now.

    That first change may lie after `as_of`: it tells how the pull request was created, which had happened.
    """
    drafting = changes[changes["kind"].isin(list(READY))]
    row, at, seq = (drafting["row"].to_numpy(), micros(drafting["at"]), drafting["seq"].to_numpy(np.int64))
    latest_first = order(row, at, seq)[::-1]
    is_ready = ~pull_requests["is_draft"].to_numpy(dtype=bool)
    is_ready[row[latest_first]] = (drafting["kind"] == "draft").to_numpy()[latest_first]
    return pd.DataFrame(
        {
            "row": np.arange(len(pull_requests)),
            "at": micros(pull_requests["created_at"]),
            "seq": CREATION,
            "is_ready": is_ready.astype(np.int64),
            "is_open": YES,
            "is_merge": False,
        }
    )


def _changes(seen: pd.DataFrame, created: Micros) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "row": seen["row"],
            "at": np.maximum(micros(seen["at"]), created[seen["row"]]),
            "seq": seen["seq"].to_numpy(np.int64),
            "is_ready": _states(seen["kind"], READY),
            "is_open": _states(seen["kind"], OPEN),
            "is_merge": (seen["kind"] == "merged").to_numpy(),
        }
    )


def _states(kind: pd.Series, meaning: dict[str, int]) -> Integers:
    return kind.map(meaning).fillna(UNCHANGED).to_numpy(np.int64)


def _ends(pull_requests: pd.DataFrame, seen: pd.DataFrame, *, as_of: pd.Timestamp) -> pd.DataFrame:
    """Ends that only the pull requests themselves tell of, because their history lacks the event."""
    merged, closed = micros(pull_requests["merged_at"]), micros(pull_requests["closed_at"])
    at = np.where(merged == MISSING, closed, merged)
    told = np.zeros(len(pull_requests), dtype=bool)
    told[seen.loc[seen["kind"].isin(["merged", "closed"]), "row"]] = True
    row = np.flatnonzero(~told & (at != MISSING) & (at <= micros_of(as_of)))
    return pd.DataFrame(
        {
            "row": row,
            "at": at[row],
            "seq": NEVER // 2,
            "is_ready": UNCHANGED,
            "is_open": NO,
            "is_merge": merged[row] != MISSING,
        }
    )
