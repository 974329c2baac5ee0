"""How well does somebody know what a pull request touches? After cHRev (Zanjani et al., TSE 2016)."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from metrics.instants import DAY, Micros
from metrics.ordering import Flags, Integers, Numbers, distinct, repeated, starts_and_counts
from metrics.suggest.areas import Areas

FACTS = ["n", "n_mine", "days", "days_mine", "days_since_last"]


@dataclass(frozen=True)
class Knowledge:
    """Who knows what queries touch: `pair` (query and person as one number, sorted), score (0–1), n_known (files).

    A file that is new is known by its folder. `near`: pairs, sorted, of who ever worked in one of the folders.
    """

    pair: Integers
    score: Numbers
    n_known: Integers
    near: Integers


def expertise(files: pd.DataFrame) -> float:
    """How well does somebody know these files, from 0 to 1? cHRev's score, averaged over all of them.

    Takes one row per file: n (work on it, of everybody), n_mine, days (with any work), days_mine, days_since_last
    (since mine). The score of a file is the mean of the share of the work, the share of the days, and one over the days
    since the last of mine. Files that the person never touched count 0: left out, they would make an expert of somebody
    who knows one of twenty. NaN without files.
    """
    return float(file_scores(*(files[name].to_numpy(float) for name in FACTS)).mean()) if len(files) else np.nan


def file_scores(n: Numbers, n_mine: Numbers, days: Numbers, days_mine: Numbers, since: Numbers) -> Numbers:
    """The same per file."""
    knows = n_mine > 0
    shares = n_mine / np.where(knows, n, 1) + days_mine / np.where(knows, days, 1) + 1 / np.maximum(since, 1)
    return np.where(knows, shares / 3, 0.0)


def knowledge(areas: Areas, row: Integers, at: Micros) -> Knowledge:
    """Who knows what the pull requests in these rows touch, each at its instant? One query per row and instant."""
    query, touch = _touched(areas, row)
    file, folder = areas.touched.file[touch], areas.touched.folder[touch]
    is_new = areas.n.count(file, at[query]) == 0
    area = np.where(is_new, folder, file)
    place, person = areas.workers(area)
    when = at[query][place]
    facts = _facts(areas, area[place], person, when)
    pair, total, n_known = _summed(query[place] * areas.n_people + person, file_scores(*facts), facts[1] > 0)
    n_files = np.bincount(query, minlength=len(row))[pair // areas.n_people]
    return Knowledge(pair, total / n_files, n_known, _near(areas, query, folder, at))


def _touched(areas: Areas, row: Integers) -> tuple[Integers, Integers]:
    """Each query with each of its files: the query, and the place in `areas.touched`, which is sorted by row."""
    n = max(int(row.max(initial=-1)), int(areas.touched.row.max(initial=-1))) + 1
    firsts, counts = starts_and_counts(areas.touched.row, n)
    query, nth = repeated(counts[row])
    return query, firsts[row][query] + nth


def _facts(areas: Areas, area: Integers, person: Integers, at: Micros) -> list[Numbers]:
    """What `file_scores` takes."""
    mine = areas.key(area, person)
    last = areas.n_mine.last(mine, at)
    counts = [areas.n.count(area, at), areas.n_mine.count(mine, at)]
    days = [areas.days.count(area, at), areas.days_mine.count(mine, at), (at - last) / DAY]
    return [np.asarray(each, dtype=float) for each in (*counts, *days)]


def _summed(pairs: Integers, score: Numbers, knows: Flags) -> tuple[Integers, Numbers, Integers]:
    """Per pair that knows anything: the pair, the sum of scores, and of how many files."""
    pair = distinct(np.sort(pairs[knows]))
    place = np.searchsorted(pair, pairs[knows])
    n_known: Integers = np.bincount(place, minlength=len(pair)).astype(np.int64)
    return pair, np.bincount(place, score[knows], len(pair)).astype(np.float64), n_known


def _near(areas: Areas, query: Integers, folder: Integers, at: Micros) -> Integers:
    """Who had worked in a folder of the query by then, as pairs."""
    n = int(folder.max(initial=0)) + 1
    query, folder = np.divmod(distinct(np.sort(query * n + folder)), n)
    place, person = areas.workers(folder)
    near = areas.n_mine.count(areas.key(folder[place], person), at[query][place]) > 0
    return distinct(np.sort((query[place] * areas.n_people + person)[near]))
