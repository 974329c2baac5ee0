"""Milestones, against going through everything one by one."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics import milestones
from tests.metrics import milestone_oracle as oracle
from tests.metrics.build import encoded, shuffled, utc
from tests.metrics.milestone_world import (
    TODAY,
    changes,
    history,
    known,
    random_organisation,
    stays,
    summary,
    weights,
)

AS_OF = utc("2026-03-05")


def sets_at(tables: oracle.Tables, name: str, now: pd.Timestamp) -> tuple[set, set]:
    """Scope and done items of one milestone, by going through the events one by one."""
    state = oracle.counted(tables, name, now)
    scope = {item for item in state if state[item] != "dropped"}
    return scope, {item for item in scope if state[item] == "done"}


@pytest.mark.parametrize("seed", range(5))
def test_scope_agrees_with_going_through_the_events_one_by_one(seed):
    tables, as_of = random_organisation(seed), AS_OF
    told = oracle.plain(tables)
    at = pd.date_range("2026-01-05", "2026-03-05", freq="5D", tz="UTC").as_unit("us")
    all_known, held = known(tables, as_of), stays(tables, as_of)
    points = milestones.commitments(all_known, held).set_index("milestone")["committed_at"]
    closed = all_known.set_index("id")["closed_at"].fillna(as_of)
    for row in milestones.scope_history(all_known, held, as_of=as_of, at=at).itertuples():
        scope, done = sets_at(told, row.milestone, min(row.at, closed[row.milestone]))
        assert (row.scope, row.done) == (len(scope), len(done))
        if row.at >= points[row.milestone]:
            original, _ = sets_at(told, row.milestone, min(points[row.milestone], closed[row.milestone]))
            assert (row.committed, row.added_after, row.removed_after) == (
                len(original), len(scope - original), len(original - scope),
            )  # fmt: skip


@pytest.mark.parametrize("seed", range(5))
def test_weights_agree_with_going_through_the_events_one_by_one(seed):
    tables, at = random_organisation(seed), pd.date_range("2026-01-05", "2026-03-05", freq="7D", tz="UTC").as_unit("us")
    told, closed = oracle.plain(tables), known(tables, AS_OF).set_index("id")["closed_at"].fillna(AS_OF)
    found = weights(tables, AS_OF, at=at)
    assert found["n_estimated"].between(1, found["n_issues"] - 1).any()
    for row in found.itertuples():
        scope, done, n, n_told = oracle.weights(told, row.milestone, min(row.at, closed[row.milestone]))
        assert (row.n_issues, row.n_estimated) == (n, n_told)
        assert [row.scope_points, row.done_points] == pytest.approx([scope or np.nan, done], nan_ok=True) or not n_told


@pytest.mark.parametrize("seed", range(3))
def test_changes_agree_with_going_through_the_events_one_by_one(seed):
    tables = random_organisation(seed)
    told, closed = oracle.plain(tables), known(tables, AS_OF).set_index("id")["closed_at"].fillna(AS_OF)
    found = changes(tables, AS_OF)
    kinds = {"added": "joined", "moved_in": "joined", "removed": "left", "moved_out": "left"}
    assert set(found["kind"]) >= {"added", "removed", "dropped", "finished", "reopened", "re_estimated"}
    for name, rows in found.assign(what=found["kind"].replace(kinds)).groupby("milestone"):
        listed = sorted(rows[["at", "item", "what"]].itertuples(index=False, name=None))
        assert listed == oracle.what_changed(told, name, closed[name])


def as_they_were(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Issues as a source would have told of them: what only changed later is what it was before."""
    began = {field: oracle.began(oracle.plain(tables), field) for field in ("parent", "estimate")}
    listed = tables["issues"]
    texts = {field: listed["id"].map(values) for field, values in began.items()}
    return listed.assign(parent=texts["parent"].astype("str"), estimate=pd.to_numeric(texts["estimate"], "coerce"))


SEEDS = st.integers(0, 4)
HOURS = st.integers(0, 24 * 80)


@given(SEEDS, HOURS)
@settings(deadline=None, max_examples=25)
def test_scope_is_what_was_committed_and_added_less_what_was_removed(seed, hours):
    tables, then = random_organisation(seed), utc("2026-01-01") + pd.Timedelta(hours=hours)
    all_known, held = known(tables, then), stays(tables, then)
    found = milestones.scope_history(all_known, held, as_of=then)
    assert (found["scope"] == found["done"] + found["open"]).all()
    settled = found.dropna(subset="committed")
    assert (settled["scope"] == settled["committed"] + settled["added_after"] - settled["removed_after"]).all()


@given(SEEDS, HOURS)
@settings(deadline=None, max_examples=15)
def test_as_of_equals_running_on_data_cut_there(seed, hours):
    tables, then = random_organisation(seed), utc("2026-01-01") + pd.Timedelta(hours=hours)

    def cut(name: str, *ends: str) -> pd.DataFrame:
        table = tables[name]
        begins = "at" if "at" in table else "created_at"
        return table.assign(**{end: table[end].where(table[end] <= then) for end in ends})[table[begins] <= then]

    known_then = {
        "milestones": cut("milestones", "closed_at").assign(state="open"),
        "milestone_changes": tables["milestone_changes"],
        "issue_events": cut("issue_events"),
        "issues": as_they_were(tables),
        "pull_requests": cut("pull_requests", "merged_at", "closed_at"),
        "pull_request_events": cut("pull_request_events"),
    }
    for measured in (summary, changes, weights):
        pd.testing.assert_frame_equal(measured(tables, then), measured(known_then, then))


@pytest.mark.parametrize("seed", range(5))
def test_order_of_rows_and_kind_of_ids_do_not_matter_and_inputs_stay(seed):
    tables = random_organisation(seed)
    before = {name: table.copy() for name, table in tables.items()}
    other = encoded(**{name: shuffled(table, seed) for name, table in tables.items()})
    assert isinstance(other["milestones"]["id"].dtype, pd.CategoricalDtype)
    pd.testing.assert_frame_equal(summary(tables), summary(other))
    pd.testing.assert_frame_equal(history(tables, "2026-02-01"), history(other, "2026-02-01"))
    pd.testing.assert_frame_equal(changes(tables), changes(other))
    pd.testing.assert_frame_equal(weights(tables), weights(other))
    daily = [milestones.burn_up(known(these, TODAY), stays(these, TODAY), as_of=TODAY) for these in (tables, other)]
    pd.testing.assert_frame_equal(*daily)
    for name, table in before.items():
        pd.testing.assert_frame_equal(tables[name], table)


@given(SEEDS, st.integers(1, 30))
@settings(deadline=None, max_examples=10)
def test_whole_weeks_later_everything_is_the_same(seed, weeks):
    tables, by = random_organisation(seed), pd.Timedelta(weeks=weeks)
    later = {
        name: table.assign(**{column: table[column] + by for column in table.select_dtypes(["datetime", "datetimetz"])})
        for name, table in tables.items()
    }
    numbers = ["scope", "done", "committed", "added_after", "removed_after", "days_to_due", "idle_days", "status"]
    pd.testing.assert_frame_equal(summary(tables)[numbers], summary(later, TODAY + by)[numbers])
