"""Who has finished work like what is open? By area and label, from the history, never from what people say."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd

from fairlead import keys
from metrics import intervals
from metrics.actors import NOBODY, named
from metrics.fields import as_it_was
from metrics.instants import MISSING, NEVER, micros, micros_of
from metrics.ordering import Integers, order, text_order
from metrics.rebalance.likeness import LIKENESS, Alike, History, alike
from metrics.states import FINISHED, issue_states

TWO_YEARS = pd.Timedelta(days=730)


@dataclass(frozen=True)
class Held:
    """Who holds what now, and who held what until it ended lately: places in `people` and rows of `known`, ends."""

    people: pd.Series
    known: pd.DataFrame
    person: Integers
    row: Integers
    end: Integers


def fits(  # noqa: PLR0913 (three tables and three limits)
    assignments: pd.DataFrame,
    issues: pd.DataFrame,
    issue_events: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
    since: pd.Timedelta = TWO_YEARS,
    people: Collection[str] | None = None,
) -> pd.DataFrame:
    """Who has finished work like each item that somebody holds? Takes what `workload.assignments` gives for `as_of`.

    A person has finished what they held when it was done for the last time, less than `since` ago; items that were
    reopened do not count. Alike is work in the same project that shares a label with the item, if anybody has finished
    such; else work of the same type there; else any work there. Labels and types are those at `as_of`, projects those
    of today: their past is not told. `people` limits both whose items are looked at and who is asked for.

    Returns one row per item and person who has finished such work, by item and person (who holds the item may be among
    them): item, person, n_alike (items like it that the person finished), likeness (label, type or project).
    """
    held = _held(assignments, issues, as_of=as_of, since=since, people=people)
    history = _history(held, issue_events[keys.is_in(issue_events["issue"], held.known["id"])], as_of=as_of)
    return _described(alike(history), held)


def _held(
    assignments: pd.DataFrame,
    issues: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
    since: pd.Timedelta,
    people: Collection[str] | None,
) -> Held:
    end = micros(assignments["end_at"])
    is_asked = np.ones(len(end), dtype=bool) if people is None else assignments["person"].isin(people).to_numpy()
    counts = is_asked & ((end == MISSING) | (end > micros_of(as_of - since)))
    rows, end = assignments[counts], end[counts]
    in_question = keys.is_in(issues["id"].astype("str"), rows["issue"]) & (issues["created_at"] <= as_of).to_numpy()
    known = issues[in_question].reset_index(drop=True)
    names = rows["person"].drop_duplicates().sort_values(ignore_index=True)
    row = keys.positions(rows["issue"], known["id"].astype("str"))
    return Held(names, known, keys.positions(rows["person"], names), row, end)


def _history(held: Held, events: pd.DataFrame, *, as_of: pd.Timestamp) -> History:
    """What is open, and who finished what is done."""
    states = issue_states(held.known, events, as_of=as_of)
    now = states[states["end"] == NEVER]
    is_done = np.zeros(len(held.known), dtype=bool)
    is_done[now.loc[now["state"] == "done", "row"]] = True
    # From done to dropped and back is no second finish.
    unfinished = states[~states["state"].isin(FINISHED)]
    finished = np.full(len(held.known), MISSING)
    np.maximum.at(finished, unfinished["row"].to_numpy(), unfinished["end"].to_numpy())
    is_last = is_done[held.row] & (held.end == finished[held.row])
    project, type_ = _areas(held.known, events, as_of=as_of)
    return History(
        project=project,
        type=type_,
        labels=_labels(held.known, events, as_of=as_of),
        open_row=np.unique(held.row[held.end == MISSING]),
        done_row=held.row[is_last],
        done_person=held.person[is_last],
    )


def _areas(known: pd.DataFrame, events: pd.DataFrame, *, as_of: pd.Timestamp) -> tuple[Integers, Integers]:
    """Numbers for the project of each issue and for its type within the project, -1 where it has no type."""
    project = pd.factorize(known["project"].astype("str"))[0].astype(np.int64)
    name = as_it_was(known["id"], known["type"], events, field="type", as_of=as_of)
    type_, types = pd.factorize(name)
    return project, np.where(type_ == NOBODY, NOBODY, project * max(len(types), 1) + type_)


def _labels(known: pd.DataFrame, events: pd.DataFrame, *, as_of: pd.Timestamp) -> Integers:
    """Which issue bears which label at `as_of`: rows of issue (row in `known`) and label (a number)."""
    sets = intervals.issue_sets(events, field="label", as_of=as_of)
    borne = sets[sets["end_at"].isna()]
    label = pd.factorize(borne["value"].astype("str"))[0]
    return np.column_stack([keys.positions(borne["item"], known["id"]), label.astype(np.int64)])


def _described(pairs: Alike, held: Held) -> pd.DataFrame:
    by_name = order(text_order(held.known["id"])[pairs.row], pairs.person)
    return pd.DataFrame(
        {
            "item": named(held.known["id"], pairs.row[by_name]),
            "person": named(held.people, pairs.person[by_name]),
            "n_alike": pairs.n[by_name],
            "likeness": named(pd.Series(LIKENESS, dtype="str"), pairs.likeness[by_name]),
        }
    )
