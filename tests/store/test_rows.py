"""What is written is read: every table, every awkward value; children go with their parents."""

import numpy as np
import pandas as pd
import pytest

from fairlead import frames, store
from fairlead.errors import FrameError
from tests.store.tables import assert_holds, awkward, plain, rows

WATERMARK = pd.Timestamp("2025-03-31T08:00:00Z")


def issue(n, **more):
    return {"id": f"i{n}", "project": "a/b"} | more


def event(n, seq, new="x"):
    return {"issue": f"i{n}", "seq": seq, "new": new}


def test_every_table_comes_back_as_it_was_conformed(opened):
    expected = {name: awkward(name) for name in frames.TABLES}
    opened.write(expected, source="s")
    found = opened.read()
    for name in frames.TABLES:
        assert len(expected[name]) == 5
        assert_holds(found, name, expected[name])


def test_ids_come_back_over_one_sorted_dictionary_like_those_of_frames(opened):
    tables = {"issues": awkward("issues"), "issue_events": awkward("issue_events")}
    opened.write(tables, source="s")
    found, expected = opened.read(), frames.Frames.of(tables)
    assert found.issues["id"].dtype == expected.issues["id"].dtype == found.issue_events["actor"].dtype


def test_an_empty_store_gives_the_same_types_as_an_empty_frames(opened):
    found, expected = opened.read().tables(), frames.Frames.of({}).tables()
    for name, table in expected.items():
        assert found[name].empty
        assert found[name].dtypes.astype(str).to_dict() == table.dtypes.astype(str).to_dict()


def test_encoded_ids_are_written_like_plain_ones(opened):
    tables = {name: awkward(name) for name in frames.TABLES}
    opened.write(frames.Frames.of(tables).tables(), source="s")
    assert_holds(opened.read(), "issue_events", tables["issue_events"])


def test_a_row_written_again_takes_the_new_values(opened):
    opened.write({"issues": rows("issues", issue(1, title="old", estimate=3.0), issue(2, title="stays"))}, source="s")
    opened.write({"issues": rows("issues", issue(1, title="new"), issue(3, title="added"))}, source="s")
    found = plain("issues", opened.read().issues)
    assert found["title"].tolist() == ["new", "stays", "added"]
    assert found["estimate"].isna().all()


def test_children_are_replaced_whole_with_their_parent_and_others_left_alone(opened):
    both = {
        "issues": rows("issues", issue(1), issue(2)),
        "issue_events": rows("issue_events", event(1, 0), event(1, 1), event(2, 0)),
        "issue_labels": rows("issue_labels", {"issue": "i1", "label": "a"}, {"issue": "i2", "label": "a"}),
    }
    opened.write(both, source="s")
    again = {
        "issues": rows("issues", issue(1)),
        "issue_events": rows("issue_events", event(1, 1, new="changed")),
        "issue_labels": frames.empty("issue_labels"),
    }
    opened.write(again, source="s")
    found = opened.read()
    events = plain("issue_events", found.issue_events)[["issue", "seq", "new"]].to_numpy().tolist()
    assert events == [["i1", 1, "changed"], ["i2", 0, "x"]]
    assert found.issue_labels["issue"].tolist() == ["i2"]


def test_children_of_a_pull_request_are_replaced_whole(opened):
    pull = rows("pull_requests", {"id": "p1"})
    children = [name for name in frames.TABLES if "pull_request" in frames.columns(name)]
    filled = {
        name: awkward(name).assign(pull_request="p1").drop_duplicates(list(frames.IDENTITY[name])) for name in children
    }
    opened.write({"pull_requests": pull} | filled, source="s")
    assert all(len(opened.read().tables()[name]) for name in children)
    opened.write({"pull_requests": pull} | {name: frames.empty(name) for name in children}, source="s")
    assert not any(len(opened.read().tables()[name]) for name in children)
    assert len(children) == 6


def test_children_that_are_not_given_are_left_alone(opened):
    opened.write({"issues": rows("issues", issue(1)), "issue_events": rows("issue_events", event(1, 0))}, source="s")
    opened.write({"issues": rows("issues", issue(1))}, source="s")
    assert len(opened.read().issue_events) == 1


def test_children_without_their_parent_are_added(opened):
    opened.write({"issues": rows("issues", issue(1)), "issue_events": rows("issue_events", event(1, 0))}, source="s")
    opened.write({"issue_events": rows("issue_events", event(1, 1))}, source="s")
    assert len(opened.read().issue_events) == 2


def test_nul_characters_are_replaced_in_text_and_ids_alike(opened):
    tables = {"issues": rows("issues", issue("\0", title="a\0b")), "issue_events": rows("issue_events", event("\0", 0))}
    opened.write(tables, source="s")
    found = opened.read()
    assert found.issues["title"].tolist() == ["a�b"]
    assert found.issues["id"].tolist() == found.issue_events["issue"].tolist() == ["i�"]


def test_an_over_long_path_is_cut_and_stays_apart_from_its_like(opened):
    long = "".join(f"{n:x}/" for n in range(2000))
    file = {"pull_request": "p1", "additions": 1, "deletions": 0}
    paths = [long + "a", long + "b", "roof.c"]
    opened.write({"files": rows("files", *(file | {"path": path} for path in paths))}, source="s")
    found = plain("files", opened.read().files)["path"].tolist()
    assert len(set(found)) == 3
    assert "roof.c" in found
    assert all(len(path.encode()) < 2_100 for path in found)


def test_undeclared_columns_do_not_enter_and_the_caller_s_table_is_left_as_it_was(opened):
    given = rows("issues", issue(1)).assign(undeclared="x")
    before = given.copy()
    opened.write({"issues": given}, source="s")
    assert "undeclared" not in opened.read().issues
    pd.testing.assert_frame_equal(given, before)


def test_a_table_that_does_not_fit_is_refused_and_nothing_of_the_batch_is_written(opened):
    version = opened.version()
    unfit = rows("issues", issue(1)).assign(title=None)
    with pytest.raises(FrameError, match=r"issues\.title: 1 rows are missing a value"):
        opened.write({"milestones": rows("milestones", {"id": "m"}), "issues": unfit}, source="s", cursors={"a": "b"})
    assert opened.read().milestones.empty
    assert opened.cursors("s") == {}
    assert opened.version() == version


def test_a_scope_reads_some_projects_with_what_belongs_to_them(opened):
    tables = {
        "issues": rows("issues", issue(1), issue(2, project="c/d"), issue(3, project="it's")),
        "issue_events": rows("issue_events", event(1, 0), event(2, 0), event(3, 0), event(4, 0)),
        "accounts": rows("accounts", {"id": "u"}),
    }
    opened.write(tables, source="s")
    found = opened.read(projects=["c/d", "it's"])
    assert sorted(found.issues["id"].astype("str")) == ["i2", "i3"]
    assert sorted(found.issue_events["issue"].astype("str")) == ["i2", "i3"]
    assert len(found.accounts) == 1
    assert opened.read(projects=["nowhere"]).issues.empty


def test_every_table_can_be_read_by_scope(opened):
    opened.write({name: awkward(name) for name in frames.TABLES}, source="s")
    projects = awkward("issues")["project"]
    found = opened.read(projects=projects[:1]).tables()
    assert len(found["pull_requests"]) == 2  # the first row, and the fifth that shares its values
    assert len(found["people"]) == 5


def test_only_the_tables_asked_for_are_read(opened):
    opened.write({"issues": rows("issues", issue(1)), "accounts": rows("accounts", {"id": "u"})}, source="s")
    found = opened.read(tables=["accounts"])
    assert (len(found.issues), len(found.accounts)) == (0, 1)


def test_every_write_makes_another_version_and_a_read_does_not(url, opened):
    seen = [opened.version()]
    with store.open(url) as other:
        for writer in (opened, other, opened):
            writer.write({}, source="s")
            seen.append(opened.version())
            assert other.version() == seen[-1]
    opened.read()
    assert seen == [seen[0] + n for n in range(4)]
    assert opened.version() == seen[-1]


def test_cursors_are_kept_by_source_and_stream(opened):
    opened.write({}, source="a", cursors={"issues": "1", "pulls": "2"})
    opened.write({}, source="b", cursors={"issues": "3"})
    opened.write({}, source="a", cursors={"issues": "4", "pulls": None, "files": ""})
    assert opened.cursors("a") == {"issues": "4", "pulls": "2", "files": ""}
    assert opened.cursors("b") == {"issues": "3"}
    assert opened.cursors("c") == {}


def run_of(source, status, watermark, started="2025-03-31T08:00:00Z"):
    return {"source": source, "status": status, "watermark": watermark, "started_at": pd.Timestamp(started)}


def test_the_data_are_as_of_the_newest_run_that_read_something(opened):
    assert opened.as_of() is None
    earlier, later = WATERMARK - pd.Timedelta(days=1), WATERMARK + pd.Timedelta(days=1)
    runs = [run_of("a", "complete", earlier), run_of("b", "partial", WATERMARK), run_of("c", "running", later)]
    opened.write({"sync_runs": rows("sync_runs", *runs, run_of("d", "failed", later))}, source="s")
    assert opened.as_of() == WATERMARK


def test_a_run_is_one_row_while_running_and_after(opened):
    opened.write({"sync_runs": rows("sync_runs", run_of("a", "running", None))}, source="a")
    opened.write({"sync_runs": rows("sync_runs", run_of("a", "complete", WATERMARK))}, source="a")
    assert opened.sync_runs()["status"].tolist() == ["complete"]


def test_a_thousand_seeded_writes_of_rows_end_like_a_dictionary(opened):
    rng = np.random.default_rng(5)
    expected: dict[str, str] = {}
    for n in range(10):
        written = {f"i{k}": f"{n}" for k in rng.integers(0, 150, 100)}
        opened.write({"issues": rows("issues", *[{"id": i, "title": t} for i, t in written.items()])}, source="s")
        expected |= written
    found = opened.read().issues
    assert dict(zip(found["id"], found["title"], strict=True)) == expected


def test_a_tombstone_takes_its_item_away_with_all_that_hangs_on_it(opened):
    link = {"issue": "i1", "other": "i2", "kind": "blocks"}
    opened.write(
        {
            "issues": rows("issues", issue(1), issue(2)),
            "issue_events": rows("issue_events", event(1, 0), event(2, 0)),
            "issue_links": rows("issue_links", link),
        },
        source="s",
    )
    stone = {"id": "i1", "kind": "issues", "project": "a/b", "reason": "deleted"}
    opened.write({"tombstones": rows("tombstones", stone)}, source="s")
    found = opened.read()
    assert plain("issues", found.issues)["id"].tolist() == ["i2"]
    assert plain("issue_events", found.issue_events)["issue"].tolist() == ["i2"]
    assert found.issue_links.empty
    assert plain("tombstones", found.tombstones)["id"].tolist() == ["i1"]


def test_an_item_that_comes_back_has_no_tombstone(opened):
    stone = {"id": "i1", "kind": "issues", "project": "a/b", "reason": "deleted"}
    opened.write({"tombstones": rows("tombstones", stone, stone | {"id": "i2"})}, source="s")
    opened.write({"issues": rows("issues", issue(1))}, source="s")
    assert plain("tombstones", opened.read().tombstones)["id"].tolist() == ["i2"]


def test_a_tombstone_of_a_milestone_leaves_what_was_observed_of_it(opened):
    milestone = {"id": "m1", "project": "a/b", "kind": "version", "state": "open"}
    opened.write({"milestones": rows("milestones", milestone)}, source="s", observed_at=WATERMARK)
    stone = {"id": "m1", "kind": "milestones", "project": "a/b", "reason": "deleted"}
    opened.write({"tombstones": rows("tombstones", stone)}, source="s")
    found = opened.read()
    assert found.milestones.empty
    assert len(found.milestone_changes) == 4


def test_columns_that_are_kept_stay_as_they_are_and_new_rows_bring_their_own(opened):
    def account(name, login, person):
        return {"id": name, "login": login, "person": person, "matched_by": "manual"}

    kept = {"accounts": ("person", "matched_by")}
    opened.write({"accounts": rows("accounts", account("a", "old", "ann"))}, source="s")
    given = rows("accounts", account("a", "new", None), account("b", "bob", None)).assign(matched_by=None)
    opened.write({"accounts": given}, source="s", kept=kept)
    found = plain("accounts", opened.read().accounts)
    assert found["login"].tolist() == ["new", "bob"]
    assert found["person"].fillna("").tolist() == ["ann", ""]
    assert found["matched_by"].fillna("").tolist() == ["manual", ""]


def test_of_a_replaced_table_no_row_stays_but_those_given(opened):
    opened.write({"teams": rows("teams", {"id": "t1"}, {"id": "t2"})}, source="s")
    opened.write({"teams": rows("teams", {"id": "t3"})}, source="s", replaced=["teams"])
    assert plain("teams", opened.read().teams)["id"].tolist() == ["t3"]
    opened.write({"teams": frames.empty("teams")}, source="s", replaced=["teams"])
    assert opened.read().teams.empty


def test_an_edition_lasts_until_something_is_finished(opened):
    first = opened.edition()
    opened.write({"issues": rows("issues", issue(1))}, source="s")
    assert opened.edition() == first
    opened.write({}, source="s", is_edition=True)
    assert opened.edition() == first + 1


def test_the_ids_of_a_project_are_told(opened):
    opened.write({"issues": rows("issues", issue(1), issue(2), issue(3, project="c/d"))}, source="s")
    assert opened.ids("issues", "a/b") == {"i1", "i2"}
    assert opened.ids("pull_requests", "a/b") == frozenset()


def test_accounts_belong_to_no_project_and_are_told_all(opened):
    opened.write({"accounts": rows("accounts", {"id": "a"}, {"id": "b"})}, source="s")
    assert opened.ids("accounts", "a/b") == {"a", "b"}
