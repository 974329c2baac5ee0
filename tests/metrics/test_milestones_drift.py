"""What drift is made of. Positive days = later; all figures were worked by hand."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics import milestones
from tests.metrics.build import added, day, moved, utc
from tests.metrics.milestone_world import TODAY, known, milestone, only, organisation, said, stays

DAYS = ["planned_start_on", "actual_start_on", "due_original_on", "due_current_on", "finish_on"]
PARTS = ["late_start_days", "scope_growth_days", "throughput_days", "due_change_days"]
DRIFTS = ["drift_vs_original_days", "drift_vs_current_days"]


def rows(*given_rows: dict) -> pd.DataFrame:
    """Milestones that were planned for 40 days and 20 items, unless told otherwise."""
    plan = {
        "planned_start_on": "2026-01-01", "actual_start_on": "2026-01-06", "due_original_on": "2026-02-10",
        "due_current_on": "2026-02-24", "scope_committed": 20, "scope_now": 26, "finish_on": "2026-03-12",
    }  # fmt: skip
    table = pd.DataFrame([plan | row for row in given_rows], columns=list(plan))
    table = table.assign(**{name: pd.to_datetime(table[name]).astype("datetime64[us]") for name in DAYS})
    return table.astype({"scope_committed": "Int64", "scope_now": "Int64"})


def drift(**values) -> pd.Series:
    return only(milestones.decomposition(rows(values)))


def test_the_parts_of_drift_add_up_to_all_of_it():
    # 26 items at 0.4 a day from 6 January: done on 12 March. Planned: 2 days an item; it came to 2.5.
    found = drift()
    assert found[PARTS].tolist() == [5, 13.5, 11.5, -14]  # 5; 6 × 2.25; 0.5 × 23; two weeks more were given
    assert found[DRIFTS].tolist() == [30, 16]
    assert sum(found[PARTS[:3]]) == 30
    one_at_a_time = 5 + 6 * 2 + 20 * 0.5
    assert one_at_a_time == 27  # and three days unexplained
    assert found["status"] == "ok"


def test_early_is_negative():
    found = drift(actual_start_on="2025-12-30", scope_now=15, finish_on="2026-01-14")
    assert found[PARTS[:3]].tolist() == [-2, -7.5, -17.5]  # 1 day an item; -5 × 1.5; -1 × 17.5
    assert found["drift_vs_original_days"] == -27


def test_where_the_start_is_unknown_a_late_start_is_part_of_throughput():
    found = drift(actual_start_on=None)
    assert pd.isna(found["late_start_days"])
    assert found["is_start_folded"]
    assert found["scope_growth_days"] + found["throughput_days"] == pytest.approx(30)
    assert not drift()["is_start_folded"]


def test_what_never_ends_drifts_without_end():
    table = rows({"finish_on": None}, {"finish_on": None}).assign(is_never=[True, False])
    never, unforeseen = (row for _, row in milestones.decomposition(table).iterrows())
    assert never["status"] == "never"
    assert never[DRIFTS].tolist() == [np.inf, np.inf]
    assert never[PARTS].isna().all()
    assert unforeseen["status"] == "no_finish"
    assert unforeseen[PARTS + DRIFTS].isna().all()


@pytest.mark.parametrize(
    ("values", "status"),
    [
        ({"scope_committed": 0}, "nothing_committed"),
        ({"scope_committed": None}, "nothing_committed"),
        ({"scope_now": 0}, "empty"),
        ({"due_original_on": "2025-12-31"}, "due_before_start"),
        ({"planned_start_on": None}, "no_planned_start"),
        ({"finish_on": "2026-01-05"}, "finish_before_start"),
    ],
)
def test_parts_that_are_undefined_are_not_told_but_the_drift_is(values, status):
    found = drift(**values)
    assert found["status"] == status
    assert found[PARTS].isna().all()
    assert found[DRIFTS].notna().all()


def test_without_a_due_date_there_is_no_drift():
    found = drift(due_original_on=None, due_current_on=None)
    assert found["status"] == "no_due_date"
    assert found[PARTS + DRIFTS].isna().all()
    taken_away = drift(due_current_on=None)
    assert taken_away[PARTS[:3]].notna().all()
    assert taken_away[["due_change_days", "drift_vs_current_days"]].isna().all()


def test_no_rows_give_the_same_typed_columns():
    full, none = milestones.decomposition(rows({})), milestones.decomposition(rows({}).iloc[:0])
    assert none.empty
    assert none.dtypes.to_dict() == full.dtypes.to_dict()


OFFSETS = st.integers(-60, 400)


@given(st.lists(st.tuples(*[OFFSETS] * 5, st.integers(0, 90), st.integers(0, 90)), min_size=1, max_size=20))
@settings(deadline=None, max_examples=100)
def test_parts_always_sum_to_drift(told):
    given_rows = [
        dict(zip(DAYS, [utc("2026-01-01").tz_localize(None) + pd.Timedelta(days=n) for n in each[:5]], strict=True))
        | {"scope_committed": each[5], "scope_now": each[6]}
        for each in told
    ]
    found = milestones.decomposition(rows(*given_rows)).query("status == 'ok'")
    np.testing.assert_allclose(found[PARTS[:3]].sum(axis=1), found["drift_vs_original_days"], atol=1e-9)
    np.testing.assert_allclose(found[PARTS].sum(axis=1), found["drift_vs_current_days"], atol=1e-9)


def test_rows_do_not_depend_on_one_another_and_stay_as_they_are():
    table = rows({}, {"scope_now": 0}, {"actual_start_on": None}).set_axis(["x", "y", "z"])
    before = table.copy()
    together = milestones.decomposition(table)
    assert together.index.tolist() == ["x", "y", "z"]
    for name in table.index:
        pd.testing.assert_frame_equal(milestones.decomposition(table.loc[[name]]), together.loc[[name]])
    pd.testing.assert_frame_equal(table, before)


# What goes in.


def inputs(*issue_rows: dict, zone: str = "UTC", **values) -> pd.Series:
    changes = values.pop("changes", ())
    tables = organisation(*issue_rows, of=[milestone(**values)], changes=changes)
    return only(milestones.drift_inputs(known(tables, TODAY), stays(tables, TODAY), as_of=TODAY, zone=zone))


def test_the_plan_and_what_became_of_it():
    found = inputs(
        added("a", "2026-01-05", "m"),
        moved("a", "2026-01-13 10:00", "active"),
        added("b", "2026-02-05", "m"),
        added("c", "2026-02-06", "m"),
        changes=[said("2026-01-02", "2026-03-01"), said("2026-02-02", "2026-03-31", "2026-03-01")],
    )
    dates = [str(found[name].date()) for name in DAYS[:4]]
    assert dates == ["2026-01-10", "2026-01-13", "2026-03-01", "2026-03-31"]
    assert found[["planned_start_rule", "scope_committed", "scope_now"]].tolist() == ["start_on", 1, 3]


def test_the_plan_begins_when_the_milestone_was_created_unless_it_says_otherwise():
    by_creation = inputs(start_on=None, created_at="2026-01-01 03:00", zone="America/New_York")
    assert by_creation["planned_start_rule"] == "created"
    assert by_creation["planned_start_on"] == day("2025-12-31")
    by_member = inputs(added("a", "2026-01-04", "m"), start_on=None, created_at=None)
    assert by_member[["planned_start_rule", "planned_start_on"]].tolist() == ["first_member", day("2026-01-04")]
    assert inputs(start_on=None, created_at=None)["planned_start_rule"] == "none"


def test_what_nobody_worked_on_has_not_begun():
    assert pd.isna(inputs(added("a", "2026-01-05", "m"))["actual_start_on"])


def test_inputs_and_parts_fit_together():
    tables = organisation(
        *(added(item, "2026-01-05", "m") for item in "abcd"),
        moved("a", "2026-01-12", "done"),
        of=[milestone(due_on=day("2026-01-30"))],
    )
    told = milestones.drift_inputs(known(tables, TODAY), stays(tables, TODAY), as_of=TODAY)
    found = only(milestones.decomposition(told.assign(finish_on=day("2026-02-05"))))
    assert found[PARTS].tolist() == [2, 0, 4, 0]  # planned: 20 days for 4 items; it took 24 from the 12th on
    assert found["drift_vs_current_days"] == 6
