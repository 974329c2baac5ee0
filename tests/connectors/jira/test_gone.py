"""What was deleted or has left is found, and nothing else is taken for it."""

import pytest

from connectors import SyncState
from fairlead.errors import SourceError
from tests.connectors.jira.house import CONNECTION, Answer, Jira, issue, item, moved, sources, status, utc
from tests.connectors.jira.shelf import Store
from tests.connectors.jira.story import at, change, issues

SITE = "jira:house.atlassian.net"


def test_since_leaves_out_what_was_quiet_before_and_a_sweep_does_not_bring_it_back():
    server, store = Jira(*issues(30)), Store()
    store.sync(sources(server)[0], since=utc("2024-01-01 00:21"))
    assert len(store.table("issues")) == 10
    store.sync(sources(server)[0], is_sweep_due=True)
    assert len(store.table("issues")) == 10
    change(server, 3, "2024-03-01T13:00:00.000+0000", moved(1, 3), status=status(3))
    store.sync(sources(server)[0])
    assert len(store.table("issues")) == 11


def test_a_moved_issue_is_the_same_issue(is_cloud):
    """FL-3 goes to OPS as OPS-1; both projects are read."""
    connection = CONNECTION.model_copy(update={"projects": ("FL", "OPS"), "milestones": ()})
    server, store = Jira(*issues(5), is_cloud=is_cloud), Store()

    def run(**state):
        for source in sources(server, connection):
            own = Store()
            own.rows, own.cursors = store.rows, cursors.setdefault(source.name, {})
            own.sync(source, **state)

    cursors = {}
    run()
    server.issues[2]["key"] = "OPS-1"
    change(server, 3, "2024-03-01T13:00:00.000+0000", item("Key", None, None, ("FL-3", "OPS-1"), fieldId=None))
    run(is_sweep_due=True)
    row = next(row for row in store.table("issues") if row["id"] == f"{SITE}:3")
    assert (row["key"], row["project"], len(store.table("issues"))) == ("OPS-1", "OPS", 5)
    moves = [(row["old"], row["new"]) for row in store.table("issue_events") if row["field"] == "key"]
    assert moves == [("FL-3", "OPS-1")]
    assert store.table("tombstones") == []


def test_a_sweep_finds_what_was_deleted_or_has_left(is_cloud):
    server, store = Jira(*issues(20), is_cloud=is_cloud), Store()
    store.sync(sources(server)[0])
    del server.issues[4]
    server.issues[7]["key"] = "ELSE-1"
    server.asked.clear()
    store.sync(sources(server)[0], is_sweep_due=True)
    found = {row["id"]: (row["reason"], row["moved_to"]) for row in store.table("tombstones")}
    assert found[f"{SITE}:5"][0] == "deleted"
    assert found[f"{SITE}:9"] == ("transferred", "ELSE-1")
    assert len(store.table("issues")) == 18
    assert store.cursors["sweep"] == "2024-03-01T12:00:00+00:00"
    assert [path for path in server.paths() if path.startswith("issue/")] == ["issue/5", "issue/9"]


def test_a_sweep_fetches_what_was_never_stored(is_cloud):
    server, store = Jira(*issues(20), is_cloud=is_cloud), Store()
    store.sync(sources(server)[0])
    server.issues.append(issue(21, created=at(15)))
    store.sync(sources(server)[0])
    assert len(store.table("issues")) == 20
    store.sync(sources(server)[0], is_sweep_due=True)
    assert len(store.table("issues")) == 21


def test_nothing_is_taken_for_deleted_where_nothing_is_listed(is_cloud):
    server, store = Jira(*issues(20), is_cloud=is_cloud), Store()
    store.sync(sources(server)[0])
    server.issues.clear()
    state = store.sync(sources(server)[0], is_sweep_due=True)
    assert len(store.table("issues")) == 20
    assert "sweep" not in store.cursors
    assert any("nothing was taken for deleted" in warning for warning in state.warnings)


def refusing(server, code):
    """The server, which refuses to tell of single issues."""
    original = server.answer
    server.answer = lambda path, told: Answer(status=code, body={}) if "/issue/" in path else original(path, told)


def test_nothing_is_taken_for_deleted_after_an_error():
    server, store = Jira(*issues(20)), Store()
    store.sync(sources(server)[0])
    del server.issues[4]
    refusing(server, 400)
    with pytest.raises(SourceError):
        store.sync(sources(server)[0], is_sweep_due=True)
    assert store.table("tombstones") == []


def test_an_issue_that_may_not_be_looked_at_is_left_alone_and_the_sweep_goes_on():
    server, store = Jira(*issues(20)), Store()
    store.sync(sources(server)[0])
    del server.issues[4]
    refusing(server, 403)
    state = store.sync(sources(server)[0], is_sweep_due=True)
    assert store.table("tombstones") == []
    assert len(store.table("issues")) == 20
    assert any("1 issues of FL are not listed and may not be looked at" in warning for warning in state.warnings)


def test_what_a_run_has_just_read_is_not_read_again_by_its_sweep():
    server, store = Jira(*issues(20)), Store()
    store.sync(sources(server)[0], since=utc("2024-01-01 00:11"))
    (source,) = sources(server)
    told = SyncState(is_sweep_due=True, stored=store.stored)  # a full cycle, of which nothing is stored as yet
    read = [node["id"] for page in source.fetch(told) if page.stream == "issues" for node in page.nodes]
    assert sorted(read, key=int) == [str(number) for number in range(1, 21)]


def test_a_full_cycle_needs_no_list_of_its_own_for_the_sweep():
    server, store = Jira(*issues(20)), Store()
    store.sync(sources(server)[0], is_sweep_due=True)
    assert server.paths().count("search/jql") == 1
    assert "sweep" in store.cursors


def house_with_versions():
    server = Jira(*issues(3))
    server.versions = [{"id": "90", "name": "1.0"}, {"id": "91", "name": "2.0"}]
    return server


def test_a_deleted_version_is_found_by_every_run():
    server, store = house_with_versions(), Store()
    store.sync(sources(server)[0])
    back = server.versions.pop()
    store.sync(sources(server)[0])
    assert [(row["id"], row["kind"]) for row in store.table("tombstones")] == [(f"{SITE}:version:91", "milestones")]
    assert [row["id"] for row in store.table("milestones")] == [f"{SITE}:version:90"]
    server.versions.append(back)
    store.sync(sources(server)[0])
    assert (store.table("tombstones"), len(store.table("milestones"))) == ([], 2)


def test_no_version_is_taken_for_deleted_where_none_is_listed():
    server, store = house_with_versions(), Store()
    store.sync(sources(server)[0])
    server.versions.clear()
    store.sync(sources(server)[0])
    assert (store.table("tombstones"), len(store.table("milestones"))) == ([], 2)


EPIC_TYPE = {"id": "9", "name": "Epic", "hierarchyLevel": 1}


def test_an_epic_that_becomes_a_story_is_no_milestone_any_more():
    server, store = Jira(issue(1, issuetype=EPIC_TYPE), issue(2)), Store()
    store.sync(sources(server)[0])
    kinds = item("issuetype", "9", "10", ("Epic", "Story"))
    change(server, 1, "2024-03-01T13:00:00.000+0000", kinds, issuetype={"id": "10", "name": "Story"})
    store.sync(sources(server)[0])
    assert store.table("milestones") == []
    assert [row["id"] for row in store.table("tombstones")] == [f"{SITE}:epic:1"]
    assert len(store.table("issues")) == 2


def test_a_deleted_epic_goes_as_an_issue_and_as_a_milestone():
    server, store = Jira(issue(1, issuetype=EPIC_TYPE), issue(2)), Store()
    store.sync(sources(server)[0])
    del server.issues[0]
    store.sync(sources(server)[0], is_sweep_due=True)
    assert sorted((row["id"], row["kind"]) for row in store.table("tombstones")) == [
        (f"{SITE}:1", "issues"), (f"{SITE}:epic:1", "milestones"),
    ]  # fmt: skip
    assert store.table("milestones") == []
