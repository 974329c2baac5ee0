"""Issues without an estimate take their board's."""

import numpy as np
import pandas as pd
import pytest

from fairlead import frames
from fairlead.access import LOCAL_LEAD, VisibleFrames, visible_to
from fairlead.boards import estimated
from fairlead.frames import Frames
from fairlead.scope import Scope, in_projects

EARLY, LATE = "2025-03-01T09:00:00Z", "2025-03-02T09:00:00Z"


def issue(name, estimate=None, project="o/x"):
    given = {"id": name, "key": name, "source": "github", "project": project, "title": "t", "url": "u"}
    state = {"status": "open", "status_category": "todo", "created_at": EARLY, "updated_at": EARLY}
    return given | state | {"estimate": estimate}


def item(name, board, estimate=None, at=EARLY):
    return {"issue": name, "board": board, "estimate": estimate, "updated_at": at}


def world(issues, items) -> Frames:
    return Frames.of(
        {"issues": frames.from_rows("issues", issues), "board_items": frames.from_rows("board_items", items)}
    )


def estimates(found: Frames) -> dict[str, float | None]:
    values = [None if np.isnan(value) else value for value in found.issues["estimate"]]
    return dict(zip(found.issues["id"].astype("str"), values, strict=True))


def test_an_issue_without_an_estimate_takes_its_board_s():
    found = estimated(world([issue("a"), issue("b")], [item("a", "o/1", 3.0)]))
    assert estimates(found) == {"a": 3.0, "b": None}


def test_an_issue_keeps_its_own_estimate_even_zero():
    found = estimated(world([issue("a", 0.0), issue("b", 5.0)], [item("a", "o/1", 3.0), item("b", "o/1", 3.0)]))
    assert estimates(found) == {"a": 0.0, "b": 5.0}


def test_of_several_boards_the_one_changed_last_counts():
    items = [item("a", "o/1", 3.0, LATE), item("a", "o/2", 8.0, EARLY)]
    assert estimates(estimated(world([issue("a")], items))) == {"a": 3.0}


def test_a_board_without_an_estimate_says_nothing_however_late_it_was_changed():
    items = [item("a", "o/1", 3.0, EARLY), item("a", "o/2", None, LATE)]
    assert estimates(estimated(world([issue("a")], items))) == {"a": 3.0}


def test_a_board_that_does_not_say_when_it_was_changed_counts_least():
    items = [item("a", "o/2", 3.0, None), item("a", "o/1", 8.0, EARLY)]
    assert estimates(estimated(world([issue("a")], items))) == {"a": 8.0}


def test_what_lies_on_a_board_and_is_not_stored_changes_nothing():
    assert estimates(estimated(world([issue("a")], [item("elsewhere", "o/1", 3.0)]))) == {"a": None}


def test_without_boards_the_tables_are_what_they_were():
    given = world([issue("a", 2.0)], [])
    assert estimated(given) is given
    assert estimated(Frames.of({})).issues.empty


def test_the_rest_of_the_tables_and_the_types_stay_and_the_input_is_left_alone():
    given = world([issue("a"), issue("b")], [item("a", "o/1", 3.0)])
    before = given.issues.copy()
    found = estimated(given)
    pd.testing.assert_frame_equal(given.issues, before)
    assert found.issues.dtypes.equals(before.dtypes)
    pd.testing.assert_frame_equal(found.issues.drop(columns="estimate"), before.drop(columns="estimate"))
    assert found.board_items is given.board_items


def test_visible_and_scoped_tables_are_estimated_alike():
    given = world([issue("a"), issue("b", project="o/y")], [item("a", "o/1", 3.0), item("b", "o/1", 5.0)])
    visible = visible_to(LOCAL_LEAD, given)
    assert isinstance(estimated(visible), VisibleFrames)
    scope = Scope(pd.Timestamp("2025-04-01T00:00Z"), projects=("o/y",))
    assert estimates(in_projects(estimated(visible), scope)) == {"b": 5.0}
    assert estimates(estimated(in_projects(visible, scope))) == {"b": 5.0}


@pytest.mark.parametrize("seed", range(20))
def test_rows_in_any_order_and_plain_ids_give_what_a_loop_gives(seed):
    rng = np.random.default_rng(seed)
    names = [f"i{n}" for n in range(12)]
    issues = [issue(name, None if rng.random() < 0.7 else 1.0) for name in names]
    items = [
        item(name, f"o/{board}", None if rng.random() < 0.3 else float(rng.integers(2, 99)), at)
        for name in names
        for board in range(3)
        for at in [rng.choice([EARLY, LATE, ""]) or None]
        if rng.random() < 0.6
    ]
    expected = {each["id"]: each["estimate"] for each in issues}
    for name in [name for name, own in expected.items() if own is None]:
        told = [each for each in items if each["issue"] == name and each["estimate"] is not None]
        newest = max(told, key=lambda each: (each["updated_at"] or "", each["board"]), default=None)
        expected[name] = newest["estimate"] if newest else None
    encoded = world(list(rng.permutation(issues)), list(rng.permutation(items)))
    assert estimates(estimated(encoded)) == expected
    plain = {
        name: table.astype(dict.fromkeys(frames.key_columns(name), "str")) for name, table in encoded.tables().items()
    }
    assert estimates(estimated(Frames(**plain))) == expected
