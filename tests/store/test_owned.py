"""Rows that are read whole by owner: what the owner no longer has goes."""

from fairlead import frames
from tests.store.tables import plain, rows


def issue(n, project="a/b"):
    return {"id": f"i{n}", "project": project}


def item(n, board):
    return {"issue": f"i{n}", "board": board}


def boards(opened):
    return plain("board_items", opened.read().board_items)[["issue", "board"]].to_numpy().tolist()


def test_what_an_owner_no_longer_has_goes_and_others_keep_theirs(opened):
    held = [item(1, "a/1"), item(2, "a/1"), item(1, "a/2")]
    opened.write({"board_items": rows("board_items", *held)}, source="s")
    opened.write({"board_items": rows("board_items", item(2, "a/1"))}, source="s", whole={"board_items": "a/1"})
    assert boards(opened) == [["i1", "a/2"], ["i2", "a/1"]]


def test_an_owner_that_has_nothing_keeps_nothing(opened):
    opened.write({"board_items": rows("board_items", item(1, "it's"), item(1, "a/2"))}, source="s")
    opened.write({"board_items": frames.empty("board_items")}, source="s", whole={"board_items": "it's"})
    assert boards(opened) == [["i1", "a/2"]]


def test_what_is_not_all_of_an_owner_s_is_added(opened):
    opened.write({"board_items": rows("board_items", item(1, "a/1"))}, source="s")
    opened.write({"board_items": rows("board_items", item(2, "a/1"))}, source="s")
    assert boards(opened) == [["i1", "a/1"], ["i2", "a/1"]]


def test_an_issue_read_again_stays_on_its_board_and_a_gone_one_leaves_it(opened):
    opened.write({"board_items": rows("board_items", item(1, "a/1"), item(2, "a/1"))}, source="s")
    opened.write({"issues": rows("issues", issue(1))}, source="s")
    assert boards(opened) == [["i1", "a/1"], ["i2", "a/1"]]
    stone = {"id": "i1", "kind": "issues", "project": "a/b", "reason": "deleted"}
    opened.write({"tombstones": rows("tombstones", stone)}, source="s")
    assert boards(opened) == [["i2", "a/1"]]


def test_a_scope_reads_the_board_items_of_its_issues(opened):
    tables = {
        "issues": rows("issues", issue(1), issue(2, project="c/d")),
        "board_items": rows("board_items", item(1, "a/1"), item(2, "a/1")),
    }
    opened.write(tables, source="s")
    assert opened.read(projects=["c/d"]).board_items["issue"].tolist() == ["i2"]
