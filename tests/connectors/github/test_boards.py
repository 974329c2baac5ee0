"""Project boards: which items become rows, which fields are read, and how a board is read to its end."""

import pandas as pd

from connectors import SyncState
from connectors.github.answers import Answer
from connectors.github.boards import BoardSource, Fields
from connectors.github.faults import TooHeavyError
from fairlead import frames
from tests.connectors.github.board import (
    EARLY,
    FIELDS,
    KINDS,
    LATE,
    Board,
    answered,
    column,
    item,
    iteration,
    number,
    read,
)
from tests.connectors.github.server import NOW


def told(rows):
    return (
        rows[["issue", "status", "iteration", "estimate"]]
        .astype("object")
        .where(rows.notna(), None)
        .to_numpy()
        .tolist()
    )


# What becomes a row --------------------------------------------------------------------------------------------------


def test_an_issue_brings_its_column_its_iteration_and_its_size():
    board = Board(item(7, Status=column("Doing"), Iteration=iteration("Sprint 4"), Estimate=number(3)))
    rows, state = read(board)
    assert told(rows) == [["github:octo/house#7", "Doing", "Sprint 4", 3.0]]
    assert rows["board"].tolist() == ["octo/3"]
    assert (state.watermark, state.requests, state.points) == (NOW, 2, 2)
    assert state.warnings == []


def test_an_issue_of_which_the_board_says_nothing_lies_on_it_all_the_same():
    assert told(read(Board(item(7)))[0]) == [["github:octo/house#7", None, None, None]]


def test_zero_and_halves_are_sizes():
    rows, _ = read(Board(item(1, Estimate=number(0)), item(2, Estimate=number(0.5))))
    assert rows["estimate"].tolist() == [0.0, 0.5]


def test_columns_and_iterations_kept_as_text_or_choice_are_read_too():
    fields = {"Status": "TEXT", "Iteration": "SINGLE_SELECT", "Estimate": "NUMBER"}
    text = {"updatedAt": EARLY, "text": "Doing"}
    rows, _ = read(Board(item(7, Status=text, Iteration=column("Sprint 4")), fields=fields))
    assert told(rows) == [["github:octo/house#7", "Doing", "Sprint 4", None]]


def test_an_item_was_changed_when_it_or_one_of_its_values_was():
    later = item(2, at=EARLY, Estimate=number(3, at=LATE))
    rows, _ = read(Board(item(1, at=LATE, Status=column("Doing")), later, item(3)))
    assert rows["updated_at"].tolist() == [pd.Timestamp(LATE), pd.Timestamp(LATE), pd.Timestamp(EARLY)]


def test_issues_of_several_repositories_lie_on_one_board():
    rows, _ = read(Board(item(7), item(7, project="duo/Boat") | {"id": "other"}))
    assert rows["issue"].tolist() == ["github:octo/house#7", "github:duo/Boat#7"]


def test_drafts_pull_requests_archived_and_hidden_items_are_left_out_and_the_hidden_counted():
    others = [item(n, kind="PULL_REQUEST") for n in (2, 3)]
    hidden = [item(6, kind="REDACTED"), item(7) | {"content": None}]
    rows, state = read(Board(item(1), *others, item(4, kind="DRAFT_ISSUE"), item(5, archived=True), *hidden))
    assert rows["issue"].tolist() == ["github:octo/house#1"]
    assert state.warnings == ["board octo/3: 2 items may not be seen with this token; they are left out."]


def test_an_empty_board_gives_the_table_without_rows():
    rows, state = read(Board())
    assert rows.equals(frames.empty("board_items"))
    assert state.warnings == []


# Fields --------------------------------------------------------------------------------------------------------------


def test_capitals_in_the_settings_do_not_matter_and_the_board_is_asked_as_it_writes_them():
    board = Board(item(7, Estimate=number(3)))
    rows, state = read(board, Fields("sTATUS", "ESTIMATE", "iteration"))
    assert rows["estimate"].tolist() == [3.0]
    assert board.asked[1][1]["status"] == "Status"
    assert state.warnings == []


def test_of_fields_that_differ_in_capitals_alone_the_one_written_so_is_read():
    fields = {"estimate": "NUMBER", "Estimate": "NUMBER"}
    rows, _ = read(Board(item(7, estimate=number(1), Estimate=number(3)), fields=fields))
    assert rows["estimate"].tolist() == [3.0]


def test_a_missing_field_is_named_no_other_is_and_the_rest_is_read():
    fields = {"Status": "SINGLE_SELECT", "Secret plan": "NUMBER", "Iteration": "ITERATION"}
    board = Board(item(7, Status=column("Doing"), Iteration=iteration("Sprint 4")), fields=fields)
    rows, state = read(board)
    assert told(rows) == [["github:octo/house#7", "Doing", "Sprint 4", None]]
    says = "board octo/3 has no number field called Estimate: nothing is read as estimate."
    assert state.warnings == [f'{says} Set estimate_field, to "" where there is none.']
    assert "estimate" not in board.asked[1][1]


def test_a_field_that_cannot_hold_what_is_wanted_is_as_good_as_missing():
    _, state = read(Board(item(7), fields=KINDS | {"Estimate": "SINGLE_SELECT"}))
    assert ["no number field called Estimate" in warning for warning in state.warnings] == [True]


def test_a_field_that_is_not_wanted_is_not_missed():
    board = Board(item(7), fields={"Status": "SINGLE_SELECT"})
    _, state = read(board, Fields("Status", "", ""))
    assert state.warnings == []
    assert board.asked[1][1].keys() == {"owner", "number", "n", "after", "status"}


def test_a_board_without_any_of_the_fields_still_says_which_issues_lie_on_it():
    rows, state = read(Board(item(7), fields={}))
    assert told(rows) == [["github:octo/house#7", None, None, None]]
    assert len(state.warnings) == 3


# Reading to the end --------------------------------------------------------------------------------------------------


def test_a_thousand_items_take_ten_questions_and_one_for_the_fields():
    board = Board(*[item(n) for n in range(1000)])
    rows, state = read(board)
    assert len(rows) == 1000
    assert state.requests == 11
    assert [variables["after"] for _, variables in board.asked[1:4]] == [None, "100", "200"]
    assert board.asked[0] == ("Board", {"owner": "octo", "number": 3})


def test_what_is_too_heavy_is_asked_for_in_smaller_parts():
    heavy = TooHeavyError("github: 502")
    board = Board(*[item(n) for n in range(120)], faults=[heavy, None, heavy])
    rows, _ = read(board)
    assert rows["issue"].nunique() == 120
    assert [variables.get("n") for _, variables in board.asked] == [None, None, 100, 50, 50, 50]


def test_gaps_in_an_answer_are_no_items_that_left():
    gap = answered({"items": {"totalCount": 2, "pageInfo": {"hasNextPage": False}, "nodes": [None, None]}})
    rows, _ = read(Board(item(1), item(2), faults=[None, gap]))
    assert len(rows) == 2


def test_an_item_that_is_moved_while_pages_are_read_is_found_by_a_second_reading():
    def move_last_to_front(items):
        items.insert(0, items.pop())

    board = Board(*[item(n) for n in range(30)], limit=10, meanwhile=move_last_to_front)
    assert read(board)[0]["issue"].nunique() == 30
    assert len(board.asked) == 1 + 3 + 3


def test_a_count_that_is_never_reached_ends_with_the_second_reading():
    class Miscounted(Board):
        def _page(self, variables):
            found = super()._page(variables)
            found["items"]["totalCount"] += 1
            return found

    board = Miscounted(*[item(n) for n in range(30)], limit=10)
    assert len(read(board)[0]) == 30
    assert len(board.asked) == 1 + 3 + 3
    alone = Miscounted(item(1))
    read(alone)
    assert len(alone.asked) == 2


def test_rows_come_with_the_last_page_alone_and_progress_before():
    source = BoardSource(lambda: Board(*[item(n) for n in range(25)], limit=10), "octo/3", FIELDS)
    pages = list(source.fetch(SyncState()))
    assert [(len(page.nodes), page.total, page.last) for page in pages] == [
        (10, 25, False), (10, 25, False), (5, 25, False), (0, None, True),
    ]  # fmt: skip
    assert source.tables(pages[:3]) == {}
    assert [page.whole for page in pages] == [{}, {}, {}, {"board_items": "octo/3"}]


def test_what_github_keeps_to_itself_has_not_left_the_board():
    partial = answered(Board(item(1) | {"content": None}, item(2))._page({"after": None, "n": 100}))
    partial = Answer(partial.data, at=NOW, faults=frozenset({"FORBIDDEN"}))
    source = BoardSource(lambda: Board(faults=[None, partial]), "octo/3", FIELDS)
    state = SyncState()
    last = list(source.fetch(state))[-1]
    assert last.whole == {}
    assert source.tables([last])["board_items"]["issue"].tolist() == ["github:octo/house#2"]
    assert state.warnings[0].startswith("board octo/3: the token may not see all of it.")
