"""Organisations with milestones, made by hand and at random."""

import functools
import itertools

import numpy as np
import pandas as pd

from metrics import milestones
from tests.metrics.build import (
    added,
    day,
    happened,
    issue,
    issue_events,
    issues,
    milestone_changes,
    moved,
    pull_request,
    pull_request_events,
    pull_requests,
    removed,
    table_of,
    utc,
)
from tests.metrics.build import milestones as milestone_table

COUNTS = ["scope", "done", "open", "committed", "added_after", "removed_after"]
TODAY = utc("2026-06-30")


def milestone(number: str = "m", **values) -> dict:
    """Planned to start on 10 January, unless told otherwise."""
    return {"id": number, "title": number, "created_at": "2026-01-01", "start_on": day("2026-01-10"), **values}


def organisation(
    *issue_rows: dict, of=(), changes=(), pulls=(), pull_rows=(), issue_list=(), links=()
) -> dict[str, pd.DataFrame]:
    """All tables the family reads; without `of` there is one milestone, `m`."""
    return {
        "issues": issues(*issue_list),
        "issue_links": table_of("issue_links")(*links),
        "milestones": milestone_table(*(of or [milestone()])),
        "milestone_changes": milestone_changes(*changes),
        "issue_events": issue_events(*issue_rows),
        "pull_requests": pull_requests(*pulls),
        "pull_request_events": pull_request_events(*pull_rows),
    }


def known(tables: dict[str, pd.DataFrame], as_of: pd.Timestamp) -> pd.DataFrame:
    return milestones.as_known(tables["milestones"], tables["milestone_changes"], as_of=as_of)


def members(tables: dict[str, pd.DataFrame], as_of: pd.Timestamp) -> pd.DataFrame:
    events = tables["issue_events"], tables["pull_request_events"]
    return milestones.membership(tables["milestones"], *events, as_of=as_of)


def stays(tables: dict[str, pd.DataFrame], as_of: pd.Timestamp) -> pd.DataFrame:
    rest = (tables[name] for name in ("issue_events", "pull_requests", "pull_request_events"))
    return milestones.stays(members(tables, as_of), *rest, as_of=as_of, issues=tables["issues"])


def history(tables: dict[str, pd.DataFrame], *days: str, as_of: pd.Timestamp = TODAY) -> pd.DataFrame:
    at = pd.DatetimeIndex([utc(text) for text in days]).as_unit("us")
    return milestones.scope_history(known(tables, as_of), stays(tables, as_of), as_of=as_of, at=at)


def counts(tables: dict[str, pd.DataFrame], *days: str) -> list[list[int]]:
    return history(tables, *days)[COUNTS].astype("int64").to_numpy().tolist()


def summary(tables: dict[str, pd.DataFrame], as_of: pd.Timestamp = TODAY, zone: str = "UTC") -> pd.DataFrame:
    return milestones.summary(
        known(tables, as_of), stays(tables, as_of), tables["milestone_changes"], as_of=as_of, zone=zone
    )


def weights(tables: dict[str, pd.DataFrame], as_of: pd.Timestamp = TODAY, **values) -> pd.DataFrame:
    rest = tables["issues"], tables["issue_events"]
    return milestones.weighted_scope(known(tables, as_of), stays(tables, as_of), *rest, as_of=as_of, **values)


def changes(tables: dict[str, pd.DataFrame], as_of: pd.Timestamp = TODAY, **values) -> pd.DataFrame:
    events = tables["issue_events"], tables["pull_request_events"]
    replayed = known(tables, as_of), members(tables, as_of), stays(tables, as_of)
    return milestones.changes(*replayed, *events, as_of=as_of, **values)


def only(table: pd.DataFrame) -> pd.Series:
    assert len(table) == 1
    return table.iloc[0]


def said(at: str, due: str | None, before: str | None = None, **values) -> dict:
    return {"milestone": "m", "observed_at": at, "field": "due_on", "old": before, "new": due, **values}


def estimated(item: str, at: str, new: str | None, old: str | None = None, **values) -> dict:
    """An issue is estimated."""
    return {"issue": item, "at": at, "field": "estimate", "old": old, "new": new, **values}


@functools.cache
def random_organisation(seed: int) -> dict[str, pd.DataFrame]:
    chance = np.random.default_rng(seed)

    def some_day() -> pd.Timestamp:
        return utc("2026-01-01") + pd.Timedelta(hours=6 * int(chance.integers(240)))

    def some_change() -> dict:
        item, name = f"i{chance.integers(9)}", f"m{chance.integers(3)}"
        state = str(chance.choice(["todo", "active", "done", "dropped"]))
        who = {"actor": f"u{chance.integers(3)}"}
        if chance.random() < 0.1:
            other = f"i{chance.integers(9)}"
            return (added, removed)[chance.integers(2)](item, some_day(), other, field="parent", **who)
        if chance.random() < 0.2:
            old, new = ([None, "1", "2.5", "8", "?"][n] for n in chance.integers(5, size=2))
            return estimated(item, some_day(), new, old, **who)
        kind = chance.integers(3)
        return (moved, added, removed)[kind](item, some_day(), name if kind else state, **who)

    def some_pull(number: int) -> tuple[dict, list[dict]]:
        created, ended = sorted([some_day(), some_day()])
        end = [{}, {"merged_at": ended, "closed_at": ended}, {"closed_at": ended}][chance.integers(3)]
        name = f"p{number}"
        kinds = [str(kind) for kind in chance.choice(["milestoned", "demilestoned"], 4)]
        moves = [happened(name, max(created, some_day()), kind, f"m{chance.integers(3)}", actor="u1") for kind in kinds]
        return pull_request(name, created_at=created, **end), moves

    pulls, moves = zip(*(some_pull(n) for n in range(6)), strict=True)
    of = [
        milestone("m0", start_on=day("2026-01-20")),
        milestone("m1", start_on=None, closed_at="2026-02-10", state="closed"),
        milestone("m2", start_on=None, due_on=day("2026-03-01")),
    ]
    listed = [issue(f"i{n}", estimate=3.0 if n % 2 else None, parent="i0" if n == 8 else None) for n in range(9)]
    rows = [some_change() for _ in range(110)]
    return organisation(*rows, of=of, pulls=pulls, pull_rows=list(itertools.chain(*moves)), issue_list=listed)
