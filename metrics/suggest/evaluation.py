"""Were the right people named? Every pull request is asked about with what was known just before it was opened."""

from dataclasses import replace

import numpy as np
import pandas as pd

from fairlead import keys
from fairlead.frames import Frames
from metrics import intervals
from metrics.instants import MISSING, NEVER, micros
from metrics.ordering import Integers, distinct, is_among, order, text_order
from metrics.reviews.waits import first_after
from metrics.suggest.adoption import Judged
from metrics.suggest.areas import areas
from metrics.suggest.candidates import Past, candidates
from metrics.suggest.desks import loads
from metrics.suggest.judging import COLUMNS, Asked, of_chance, of_method
from metrics.suggest.methods import ORDERED
from metrics.suggest.naming import score
from metrics.suggest.suggestions import Limits, can_be_asked
from metrics.suggest.teaching import teaching
from metrics.suggest.work import Work, work_on

CHUNK = 500
"""So many pull requests at once: pairs of them and candidates have to fit in memory."""


def evaluate(
    frames: Frames, *, as_of: pd.Timestamp, most_requests: int, zone: str, limit: int | None = None
) -> pd.DataFrame:
    """Would the names have been right? Judges pull requests opened by `as_of` in the order of time.

    Right is everybody who had reviewed or commented by `as_of` without being the author: many projects review in the
    conversation. Pull requests without any such person are left out, and those opened before anybody could be asked;
    where `limit` is given, only the newest are looked at. Each is asked about with what was known a moment before it
    was opened. Who really reviewed need not be who should have: this says whether names are sensible, not whether
    others were wrong.

    Methods: ours; popularity (recency-weighted reviews in the project); popularity_familiarity (the share of reviews of
    this author added); divided_by_load (popularity over one more than is open); random (what drawing would give on
    average). Only ours leaves out who is away or has too much, as `suggestions` does.

    Returns one row per pull request and method, by at, pull_request and method: pull_request, at (opened), author
    (person; missing for bots), method, n_candidates, n_reviewers (really), hit_1, hit_3, hit_5 (somebody right among
    the first names; 0 or 1, a chance for random), reciprocal_rank (0 where nobody right was ranked), first_open (pull
    requests on the desk of the first name), three_open (mean of the first three; NaN both where nobody was named),
    named (who would have been named first had all pull requests so far gone to the first name; drawn for random),
    actual (who said the first word).
    """
    work = work_on(frames, as_of=as_of)
    row = _judged(work, limit)
    load = loads(frames, as_of=as_of, since=work.known["created_at"].take(row[:1]).min())
    past = Past.of(work, areas(work, frames.files, row), load, row)
    parts = [row[first : first + CHUNK] for first in range(0, len(row), CHUNK)]
    asked = [_asked(past, part, frames, Limits(most_requests, zone)) for part in parts]
    judged = _facts(work, frames.pull_request_events, np.concatenate([row[:0], *(each.row for each in asked)]))
    tables = [*(of_method(name, asked, judged, work) for name in ORDERED), of_chance(asked, judged, work)]
    by = np.argsort(np.tile(np.arange(len(judged.row)), len(tables)), kind="stable")
    return pd.concat(tables, ignore_index=True).take(by).reset_index(drop=True)[COLUMNS]


def _judged(work: Work, limit: int | None) -> Integers:
    """The pull requests that somebody reviewed, in the order of time and ids; the newest `limit`."""
    row = distinct(work.reviewed.of)
    row = row[order(work.created[row], text_order(work.known["id"])[row])]
    return row[max(len(row) - limit, 0) :] if limit is not None else row


def _asked(past: Past, row: Integers, frames: Frames, limits: Limits) -> Asked:
    """The candidates for these pull requests; those without any are left out."""
    work, found = past.work, candidates(past, row, past.work.created[row] - 1)
    kept = np.unique(found.query)
    found, row = replace(found, query=np.searchsorted(kept, found.query)), row[kept]
    may = can_be_asked(found, work.who, frames, work.created[row] - 1, limits)
    is_set, _ = teaching(found, score(found, len(row)), may, work.who, frames.team_members)
    really = work.reviewed.of * work.n_people + work.reviewed.person
    is_right = is_among(row[found.query] * work.n_people + found.person, really)
    return Asked(row, found, may, is_set, is_right)


def _facts(work: Work, pull_request_events: pd.DataFrame, row: Integers) -> Judged:
    """What became of the pull requests in these rows."""
    states = intervals.pull_request_states(work.known, pull_request_events, as_of=work.as_of)
    over = states[states["is_last"] & (states["state"] != "active")]
    ended = np.full(len(work.known), NEVER)
    ended[keys.positions(over["item"], work.known["id"])] = micros(over["start_at"])
    said = work.reviewed
    at, person = first_after(np.full(len(work.known), MISSING), said.of, said.at, said.person)
    return Judged(row, work.created[row], ended[row], person[row], at[row])
