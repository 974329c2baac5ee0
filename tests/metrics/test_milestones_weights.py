"""Scope in points. All figures were worked by hand."""

import pandas as pd
import pytest

from tests.metrics.build import added, encoded, happened, issue, moved, pull_request, removed, shuffled, utc
from tests.metrics.milestone_world import TODAY, estimated, milestone, only, organisation, weights

POINTS = ["scope_points", "done_points", "open_points"]
SHARE = ["n_issues", "n_estimated", "estimated_share"]


def joined(*items: str) -> list[dict]:
    return [added(item, "2026-01-05", "m") for item in items]


def of_sizes(*sizes: str | None) -> list[dict]:
    """One item per size, all in the milestone."""
    told = [estimated(f"i{n}", "2026-01-04", size) for n, size in enumerate(sizes) if size is not None]
    return [*told, *joined(*(f"i{n}" for n in range(len(sizes))))]


def test_what_is_not_estimated_weighs_as_much_as_the_others_usually_do():
    found = only(weights(organisation(*of_sizes("3", "5", None, "8"))))
    assert found["scope_points"] == 21  # 3 + 5 + 8, and the median, 5
    assert found[SHARE].tolist() == [4, 3, 0.75]
    assert found["scope_points"] != 16  # as if it were nothing


def test_done_work_is_weighed_too():
    found = only(weights(organisation(*of_sizes("3", None, "8"), moved("i0", "2026-02-01", "done"))))
    assert found[POINTS].tolist() == [16.5, 3, 13.5]
    unsized = only(weights(organisation(*of_sizes("3", None, "8"), moved("i1", "2026-02-01", "done"))))
    assert unsized["done_points"] == 5.5


def test_nothing_estimated_is_no_zero():
    found = only(weights(organisation(*of_sizes(None, None))))
    assert found[POINTS].isna().all()
    assert found[SHARE].tolist() == [2, 0, 0]
    empty = only(weights(organisation()))
    assert pd.isna(empty["estimated_share"])
    assert empty["n_issues"] == 0


def test_an_estimate_of_nothing_is_one():
    found = only(weights(organisation(*of_sizes("0", "0", None))))
    assert found["scope_points"] == 0
    assert found["n_estimated"] == 2


def test_estimates_are_those_of_then():
    tables = organisation(*of_sizes("3", "5"), estimated("i0", "2026-02-01", "13", "3"))
    at = pd.DatetimeIndex([utc("2026-01-20"), utc("2026-02-10")])
    assert weights(tables, at=at)["scope_points"].tolist() == [8, 18]
    assert only(weights(tables, utc("2026-01-20")))["scope_points"] == 8


def test_before_its_first_change_an_estimate_was_what_that_replaced():
    tables = organisation(*joined("a"), estimated("a", "2026-02-01", "8", "2"))
    assert only(weights(tables, utc("2026-01-20")))["scope_points"] == 2
    cleared = organisation(*joined("a"), estimated("a", "2026-02-01", None, "2"))
    assert pd.isna(only(weights(cleared))["scope_points"])


def test_without_history_the_present_estimate_holds():
    tables = organisation(*joined("a", "b"), issue_list=[issue("a", estimate=4.0), issue("b")])
    assert only(weights(tables))[["scope_points", "estimated_share"]].tolist() == [8, 0.5]


@pytest.mark.parametrize("text", ["much", "nan", "inf", ""])
def test_what_is_no_number_is_no_estimate(text):
    found = only(weights(organisation(*of_sizes("3", text))))
    assert found[["scope_points", "n_estimated"]].tolist() == [6, 1]


def test_dropped_items_and_those_of_others_do_not_count_for_the_median():
    tables = organisation(
        *of_sizes("1", "1", "100", None),
        moved("i2", "2026-02-01", "dropped"),
        added("x", "2026-01-05", "n"),
        estimated("x", "2026-01-05", "50"),
        of=[milestone("m"), milestone("n")],
    )
    assert weights(tables)["scope_points"].tolist() == [3, 50]


def test_pull_requests_have_no_size():
    tables = organisation(
        *of_sizes("3"),
        pulls=[pull_request("p", created_at="2026-01-03")],
        pull_rows=[happened("p", "2026-01-04", "milestoned", "m")],
    )
    assert only(weights(tables))[["scope_points", "n_issues"]].tolist() == [3, 1]


def test_a_parent_is_weighed_by_its_parts():
    part = {"issue": "i1", "at": "2026-01-04", "field": "parent", "new": "i0"}
    assert only(weights(organisation(*of_sizes("13", "5"), part)))["scope_points"] == 5


def test_a_closed_milestone_keeps_its_weight():
    told = [
        *of_sizes("3", "5", None),
        estimated("i0", "2026-02-05", "40", "3"),
        moved("i1", "2026-02-06", "done"),
        removed("i2", "2026-02-07", "m"),
    ]
    tables = organisation(*told, of=[milestone(state="closed", closed_at="2026-02-01")])
    assert only(weights(tables))[POINTS].tolist() == [12, 0, 12]


def test_instants_after_as_of_are_refused():
    with pytest.raises(ValueError, match="after as_of"):
        weights(organisation(), at=pd.DatetimeIndex([utc("2027-01-01")]))


def test_order_and_kind_of_ids_do_not_matter_and_none_gives_the_same_columns():
    tables = organisation(*of_sizes("0.1", "0.2", "0.3", None), *(moved(f"i{n}", "2026-02-01", "done") for n in (0, 1)))
    expected = weights(tables)
    for other in ({name: shuffled(table) for name, table in tables.items()}, encoded(**tables)):
        pd.testing.assert_frame_equal(weights(other), expected, check_exact=True)
    none = weights({name: table.iloc[:0] for name, table in tables.items()}, TODAY)
    assert none.dtypes.to_dict() == expected.dtypes.to_dict()
    assert none.empty
