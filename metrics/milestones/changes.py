"""What happened to the members of milestones, event by event."""

import numpy as np
import pandas as pd

from fairlead import keys
from metrics.actors import named
from metrics.histories import codes, stacked
from metrics.instants import HOUR, Micros, instants, instants_or_never, micros, micros_of
from metrics.intervals import EVER
from metrics.milestones import moved
from metrics.milestones.content import Content, numbered, settled
from metrics.milestones.members import ACTIVE, DONE, DROPPED, TODO
from metrics.milestones.turns import KEY, OUT, Names, acts, became, in_turn, joined, left, turns
from metrics.milestones.weights import points
from metrics.ordering import Flags, Integers, order, repeated, starts_and_counts, text_order

KINDS = ["added", "removed", "moved_in", "moved_out", "dropped", "finished", "reopened", "re_estimated"]
JOINS_AND_LEAVES = KINDS[:4]
COLUMNS = ["milestone", "item", "at", "kind", "other", "old", "new", "actor", "is_after_commitment"]
COUNTS = [f"n_{kind}" for kind in KINDS]


def changes(  # noqa: PLR0913 (three replayed tables, the events that tell who did it, and a window)
    known: pd.DataFrame,
    members: pd.DataFrame,
    stays: pd.DataFrame,
    issue_events: pd.DataFrame,
    pull_request_events: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
    since: pd.Timestamp | None = None,
    zone: str = "UTC",
) -> pd.DataFrame:
    """What happened to the members of each milestone after `since` (default: ever), up to `as_of`, and who did it?

    `known`, `members` and `stays` are what `as_known`, `membership` and `stays` give for the same `as_of`; `members`
    of all milestones, so that moves to others than those in `known` are seen. Kinds: `added`, `removed`; `moved_in`,
    `moved_out` (it left one milestone and joined another of the same kind in the same instant, or within an hour by
    the same actor; `other` is that milestone); `dropped`, `finished`, `reopened` (done or dropped before);
    `re_estimated` (estimated for the first time, too; with `old` and `new`).

    What joins when it is done already is added, not finished. What is dropped is no scope: its coming and going is not
    told. What is split into parts of the same milestone is not told of, as it is not counted (see `leaves`). Nothing is
    told of a milestone after its closing.

    Returns one row per event, by milestone and time: milestone, item (ids), at (UTC), kind, other (milestone; missing
    unless moved), old, new (points; NaN unless re-estimated, or where there was none), actor (account; missing where
    not told), is_after_commitment (see `commitments`). Growth is told by `scope_history`, which compares sets: what
    leaves and comes back counts twice here and not at all there.
    """
    since_at, until = EVER if since is None else micros_of(since), micros_of(as_of)
    names = _names(known, members)
    held, row = numbered(known, stays)
    found = turns(held, row)
    found = found[(found["at"] > since_at) & (found["at"] <= until)].reset_index(drop=True)
    found = found.assign(item=keys.positions(stays["item"], names.items)[found["row"]], what=_what(found))
    done_by = acts(issue_events, pull_request_events, names, since=since_at - HOUR, until=until)
    edges = moved.with_actors(moved.edges(members, names, since=since_at - HOUR), done_by)
    kinds = np.append(codes(known["kind"].astype("category")), -1)[keys.positions(names.milestones, known["id"])]
    edges = edges.assign(other=moved.others(edges, kinds), is_told=True)[[*KEY, "other", "is_told"]]
    told = _kinds(moved.with_actors(found, done_by).merge(edges, on=KEY, how="left"))
    estimated = _re_estimates(_within(issue_events, since_at, until), stays, held, row, names)
    estimated = estimated[estimated["at"] <= instants_or_never(known["closed_at"])[estimated["milestone"]]]
    committed = instants_or_never(settled(known, held, zone=zone)[0])
    return _told([told, estimated], names, committed)


def _names(known: pd.DataFrame, members: pd.DataFrame) -> Names:
    """Those in `known` first and in its order, so that their numbers are their rows."""
    more = members[["milestone"]].drop_duplicates()
    more = more.take(np.argsort(text_order(more["milestone"])))
    ids = stacked([known[["id"]].set_axis(["milestone"], axis=1), more])["milestone"].drop_duplicates()
    return Names(ids.reset_index(drop=True), members["item"].drop_duplicates(ignore_index=True))


def _what(found: pd.DataFrame) -> Integers:
    milestone, was, now = (found[name].to_numpy() for name in ("milestone", "was", "now"))
    return np.select([was == OUT, now == OUT], [joined(milestone), left(milestone)], became(now))


def _kinds(found: pd.DataFrame) -> pd.DataFrame:
    """The turns that are something to tell, and what they are called."""
    was, now = found["was"].to_numpy(), found["now"].to_numpy()
    is_move = found["other"].fillna(moved.NONE).to_numpy() >= 0
    comes, goes = (was == OUT) & (now != DROPPED), (now == OUT) & (was != DROPPED)
    is_edge = found["is_told"].eq(True).to_numpy()
    stays_in = (was != OUT) & (now != OUT)
    is_open_again = np.isin(now, [TODO, ACTIVE]) & np.isin(was, [DONE, DROPPED])
    fits: list[Flags] = [
        comes & is_edge & ~is_move,
        goes & is_edge & ~is_move,
        comes & is_edge & is_move,
        goes & is_edge & is_move,
        stays_in & (now == DROPPED),
        stays_in & (now == DONE),
        stays_in & is_open_again,
    ]
    kind = np.select(fits, np.arange(len(fits)), -1)
    other = np.where(np.isin(kind, [2, 3]), found["other"].fillna(moved.NONE), moved.NONE).astype(np.int64)
    return found.assign(kind=kind, other=other, old=np.nan, new=np.nan)[kind >= 0]


def _within(issue_events: pd.DataFrame, since: int, until: int) -> pd.DataFrame:
    at = micros(issue_events["at"])
    return issue_events[(issue_events["field"] == "estimate").to_numpy() & (at > since) & (at <= until)]


def _re_estimates(
    events: pd.DataFrame, stays: pd.DataFrame, held: Content, row: Integers, names: Names
) -> pd.DataFrame:
    """Estimates that changed while their issue was scope. One set in the instant of joining is part of joining."""
    sized = pd.DataFrame({"item": keys.positions(events["issue"], names.items), "at": micros(events["at"])})
    sized = sized.assign(old=points(events["old"]).to_numpy(), new=points(events["new"]).to_numpy())
    sized = sized.assign(actor=events["actor"].array)
    is_change = (sized["old"] != sized["new"]) & (sized["old"].notna() | sized["new"].notna())
    sized = sized[is_change & (sized["item"] >= 0)].reset_index(drop=True)
    held, row, goes_on = in_turn(held, row)
    item = keys.positions(stays["item"], names.items)[row]
    by_item = order(item)
    firsts, counts = starts_and_counts(item[by_item], len(names.items))
    event, nth = repeated(counts[sized["item"]])
    stay = by_item[firsts[sized["item"].to_numpy()[event]] + nth]
    at = sized["at"].to_numpy()[event]
    is_in = ((held.start[stay] < at) | ((held.start[stay] == at) & goes_on[stay])) & (at < held.end[stay])
    found = is_in & (held.state[stay] != DROPPED)
    told = sized.take(event[found]).assign(milestone=held.milestone[stay[found]], row=row[stay[found]])
    return told.assign(kind=KINDS.index("re_estimated"), other=moved.NONE)


def _told(parts: list[pd.DataFrame], names: Names, committed: Micros) -> pd.DataFrame:
    """Numbers as ids, in the order of milestone and time."""
    columns = ["milestone", "item", "at", "kind", "other", "old", "new", "actor"]
    found = stacked([part[columns] for part in parts])
    found = found.take(_in_order(found, names)).reset_index(drop=True)
    milestone, at = found["milestone"].to_numpy(), found["at"].to_numpy()
    return found.assign(
        milestone=named(names.milestones, milestone).astype("str"),
        item=named(names.items, found["item"].to_numpy()).astype("str"),
        at=instants(at),
        kind=pd.Series(KINDS, dtype="str").take(found["kind"].to_numpy()).array,
        other=named(names.milestones, found["other"].to_numpy()).astype("str"),
        actor=found["actor"].astype("str"),
        is_after_commitment=at > committed[milestone],
    )[COLUMNS]


def _in_order(found: pd.DataFrame, names: Names) -> Integers:
    """By milestone and time; for what happens at once a further order that does not depend on that of the events."""
    place = {"milestone": text_order(names.milestones), "item": text_order(names.items)}
    ids = (place["milestone"][found["milestone"]], found["at"], place["item"][found["item"]])
    sizes = (np.asarray(pd.factorize(found[name], sort=True)[0]) for name in ("old", "new"))
    return order(*(np.asarray(key, dtype=np.int64) for key in (*ids, found["kind"], found["other"], *sizes)))


def change_counts(known: pd.DataFrame, changes: pd.DataFrame) -> pd.DataFrame:
    """How much happened to each milestone? `changes` is what `changes` gives.

    Churn counts every joining and leaving since the scope was settled, also of what came back; growth, which does not,
    is told by `scope_history`.

    Returns one row per milestone in `known`: milestone (id), n_added, n_removed, n_moved_in, n_moved_out, n_dropped,
    n_finished, n_reopened, n_re_estimated (events), re_estimated_points (by how much estimates rose; of those that had
    one before and after), churn (events).
    """
    row = keys.positions(changes["milestone"], known["id"].astype("str"))
    kind = keys.positions(changes["kind"], pd.Series(KINDS, dtype="str"))
    told = row >= 0
    counted = np.bincount(row[told] * len(KINDS) + kind[told], minlength=len(known) * len(KINDS))
    table = pd.DataFrame(counted.reshape(len(known), len(KINDS)), columns=COUNTS)
    is_churn = told & (kind < len(JOINS_AND_LEAVES)) & changes["is_after_commitment"].to_numpy()
    rise = (changes["new"] - changes["old"]).fillna(0.0).to_numpy()
    return table.assign(
        milestone=known["id"].astype("str").array,
        re_estimated_points=np.bincount(row[told], weights=rise[told], minlength=len(known)).astype(np.float64),
        churn=np.bincount(row[is_churn], minlength=len(known)),
    )[["milestone", *COUNTS, "re_estimated_points", "churn"]]
