"""What is alike: counting, for many items at once, who has finished how many items like each."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from metrics.ordering import Flags, Integers, order, repeated, starts_and_counts

LIKENESS = ("label", "type", "project")
"""What two items have in common, the closest first."""


@dataclass(frozen=True)
class History:
    """Issues by row: the project and the type within the project of each (numbers, -1: none), and (row, label) pairs.

    `open_row` are the items to find people for; `done_row` was finished by `done_person`, one pair at each place.
    """

    project: Integers
    type: Integers
    labels: Integers
    open_row: Integers
    done_row: Integers
    done_person: Integers


@dataclass(frozen=True)
class Alike:
    """A row (or a class of rows), a person, how many items like it the person has finished, the place in `LIKENESS`."""

    row: Integers
    person: Integers
    n: Integers
    likeness: Integers


def alike(work: History) -> Alike:
    """For each open row the people with the closest likeness that anybody has to offer."""
    labelled, signature = _by_label(work)
    classes = (signature, work.type, work.project)
    tables = (labelled, _counted(work, work.type), _counted(work, work.project))
    found, left = [], work.open_row
    for nth, (class_, table) in enumerate(zip(classes, tables, strict=True)):
        found.append(_matched(left, class_, table, nth))
        left = left[~np.isin(left, found[-1].row)]
    columns = ([getattr(part, name) for part in found] for name in ("row", "person", "n", "likeness"))
    return Alike(*(np.concatenate(column) for column in columns))


def _counted(work: History, class_: Integers) -> Alike:
    """How many items of each class each person has finished, by class; `class_` holds one per row."""
    return _sums(class_[work.done_row], work.done_person, np.ones(len(work.done_row), dtype=np.int64))


def _sums(class_: Integers, person: Integers, n: Integers) -> Alike:
    known = class_ >= 0
    class_, person, n = class_[known], person[known], n[known]
    width = int(person.max(initial=0)) + 1
    pairs, of = np.unique(class_ * width + person, return_inverse=True)
    total = np.zeros(len(pairs), dtype=np.int64)
    np.add.at(total, of, n)
    return Alike(pairs // width, pairs % width, total, np.zeros(len(pairs), dtype=np.int64))


def _matched(rows: Integers, class_: Integers, table: Alike, likeness: int) -> Alike:
    """The rows, each with everybody who has finished work of its class; `table` is by class."""
    rows = rows[class_[rows] >= 0]
    row, place = _joined(class_[rows], table.row)
    return Alike(rows[row], table.person[place], table.n[place], np.full(len(row), likeness, dtype=np.int64))


def _joined(left: Integers, right: Integers) -> tuple[Integers, Integers]:
    """Places of both where the numbers agree; `right` is sorted."""
    firsts, counts = starts_and_counts(right, int(max(left.max(initial=-1), right.max(initial=-1))) + 1)
    place, nth = repeated(counts[left])
    return place, firsts[left][place] + nth


def _by_label(work: History) -> tuple[Alike, Integers]:
    """How many items that share a label with those of each class each person has finished; and the class of each row.

    A class holds all rows with the same labels: an item that shares two labels counts once, and comparing sets instead
    of items keeps this small. Labels are those of a project; what is not on both sides matters nothing.
    """
    n_rows, n_labels = len(work.project), int(work.labels[:, 1].max(initial=0)) + 1
    row, label = work.labels.T
    label = work.project[row] * n_labels + label
    is_open, is_done = (np.isin(row, rows) for rows in (work.open_row, work.done_row))
    on_both = np.isin(label, np.intersect1d(label[is_open], label[is_done]))
    row, label = row[on_both], label[on_both]
    class_ = _classes(row, label, n_rows)
    done = _counted(work, class_)
    ours, theirs = (_members(class_[row], label, np.isin(row, rows)) for rows in (work.open_row, work.done_row))
    sharing = _sharing(ours, theirs)
    at, place = _joined(sharing[:, 1], done.row)
    return _sums(sharing[at, 0], done.person[place], done.n[place]), class_


def _classes(row: Integers, label: Integers, n_rows: int) -> Integers:
    """A number for the set of labels of each row, -1 for none."""
    place, known = pd.factorize(label)
    # Sums of random 64-bit numbers tell sets apart without sorting each of them.
    mark = np.random.default_rng(0).integers(1, 2**63, len(known))
    total = np.zeros(n_rows, dtype=np.int64)
    np.add.at(total, row, mark[place])
    class_ = np.full(n_rows, -1, dtype=np.int64)
    is_marked = np.bincount(row, minlength=n_rows) > 0
    class_[is_marked] = pd.factorize(total[is_marked])[0]
    return class_


def _members(class_: Integers, label: Integers, is_meant: Flags) -> Integers:
    """Rows of label and class, each once, by label."""
    pairs = pd.DataFrame({"label": label[is_meant], "class": class_[is_meant]}).drop_duplicates()
    return pairs.take(order(*pairs.to_numpy().T)).to_numpy()


def _sharing(ours: Integers, theirs: Integers) -> Integers:
    """Rows of our class and their class that share a label, each once."""
    numbers = np.unique(np.concatenate([ours[:, 0], theirs[:, 0]]), return_inverse=True)[1]
    place, other = _joined(numbers[: len(ours)], numbers[len(ours) :])
    return np.unique(np.column_stack([ours[place, 1], theirs[other, 1]]), axis=0)
