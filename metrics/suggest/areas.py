"""What pull requests touch, in numbers: files and folders of each project, and the work that was done on them."""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import pandas as pd

from fairlead import keys
from metrics.ordering import Flags, Integers, distinct, order, repeated, starts_and_counts
from metrics.suggest.tallies import Tally, tally
from metrics.suggest.work import Deeds, Work, together

MOST_FILES = 100
"""Of a pull request that touches more files, those with the most changed lines tell what it is about."""
FILE_NAME = "[^/]*$"


@dataclass(frozen=True)
class Touches:
    """One row per pull request and file it touches: row, file, folder, source (place in `files`).

    Files and folders share one numbering.
    """

    row: Integers
    file: Integers
    folder: Integers
    source: Integers

    def of_those(self, chosen: Integers | Flags) -> Self:
        """The touches at these places."""
        return type(self)(self.row[chosen], self.file[chosen], self.folder[chosen], self.source[chosen])


@dataclass(frozen=True)
class Areas:
    """What the pull requests asked about touch (`touched`, by row), and the work on these files and folders.

    `n` and `days` count deeds, and days with any, per area; `n_mine` and `days_mine` per area and person (`key`).
    `area` and `person`: who ever worked on what, by area.
    """

    touched: Touches
    n: Tally
    days: Tally
    n_mine: Tally
    days_mine: Tally
    area: Integers
    person: Integers
    n_people: int

    def key(self, area: Integers, person: Integers) -> Integers:
        """The group of a person's work on an area."""
        return area * self.n_people + person

    def workers(self, area: Integers) -> tuple[Integers, Integers]:
        """Everybody who ever worked on each area: the place in `area`, and the person."""
        n = max(int(area.max(initial=-1)), int(self.area.max(initial=-1))) + 1
        firsts, counts = starts_and_counts(self.area, n)
        place, nth = repeated(counts[area])
        return place, self.person[firsts[area][place] + nth]


def areas(work: Work, files: pd.DataFrame, asked: Integers) -> Areas:
    """The files of the pull requests in the rows `asked`, and all work on these files and in their folders.

    Work on a file is one's own merged pull request that touches it, at its merge, and the first review or comment on
    a pull request of somebody else that does. The files of a pull request are those of today: no source tells which
    ones it touched before it was pushed to again.
    """
    everything = _touches(work, files)
    touched = _largest(everything, files, asked)
    n_areas = int(max(everything.file.max(initial=-1), everything.folder.max(initial=-1))) + 1
    is_wanted = np.zeros(n_areas, dtype=bool)
    is_wanted[touched.file] = is_wanted[touched.folder] = True
    deeds, n_people = _deeds_on(everything, is_wanted, work), max(work.n_people, 1)
    n, n_mine = tally(deeds.of, deeds.at), tally(deeds.of * n_people + deeds.person, deeds.at)
    area, person = np.divmod(n_mine.groups, n_people)
    return Areas(touched, n, n.first_of_days(), n_mine, n_mine.first_of_days(), area, person, n_people)


def _touches(work: Work, files: pd.DataFrame) -> Touches:
    """All of them. The same path in two projects is two files."""
    row = keys.positions(files["pull_request"], work.known["id"])
    kept = np.flatnonzero(row >= 0)
    row, path = row[kept], files["path"].take(kept)
    file, paths = pd.factorize(path, sort=True)
    in_folder, _ = pd.factorize(pd.Series(paths, dtype="str").str.replace(FILE_NAME, "", regex=True))
    folder = len(paths) + in_folder.astype(np.int64)[file]
    n_projects, project = int(work.project.max(initial=0)) + 1, work.project[row]
    return Touches(row, file * n_projects + project, folder * n_projects + project, kept)


def _largest(touches: Touches, files: pd.DataFrame, asked: Integers) -> Touches:
    """Those of the pull requests asked about, by row, with `MOST_FILES` each at most."""
    n_rows = int(max(touches.row.max(initial=-1), asked.max(initial=-1))) + 1
    is_asked = np.zeros(n_rows, dtype=bool)
    is_asked[asked] = True
    mine = touches.of_those(is_asked[touches.row])
    changed = files[["additions", "deletions"]].take(mine.source).fillna(0)
    lines = (changed["additions"] + changed["deletions"]).to_numpy(np.int64)
    mine = mine.of_those(order(mine.row, -lines, mine.file))
    firsts, _ = starts_and_counts(mine.row, n_rows)
    return mine.of_those(np.arange(len(mine.row)) - firsts[mine.row] < MOST_FILES)


def _deeds_on(touches: Touches, is_wanted: Flags, work: Work) -> Deeds:
    """The work on the wanted files and folders; a pull request that touches ten files of a folder is one deed there."""
    n_areas, n_rows = max(len(is_wanted), 1), len(work.known)
    parts = [(touches.row * n_areas + area)[is_wanted[area]] for area in (touches.file, touches.folder)]
    row, area = np.divmod(distinct(np.sort(np.concatenate(parts))), n_areas)
    found = []
    for deeds in (work.owned(), work.reviewed):  # both in the order of pull requests
        firsts, counts = starts_and_counts(deeds.of, n_rows)
        touch, nth = repeated(counts[row])
        deed = firsts[row][touch] + nth
        found.append(replace(deeds.of_those(deed), of=area[touch]))
    return together(found)
