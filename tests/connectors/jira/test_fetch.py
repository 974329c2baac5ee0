"""A project is read whole, then only what changed, with few requests."""

from tests.connectors.jira.house import CONNECTION, NOW, Jira, history, issue, moved, sources, status, utc
from tests.connectors.jira.shelf import Store
from tests.connectors.jira.story import change, clean, house_with_everything, issues

SITE = "jira:house.atlassian.net"


def test_a_first_run_asks_little_beside_the_issues(is_cloud):
    server, store = Jira(*issues(250), is_cloud=is_cloud), Store()
    state = store.sync(sources(server)[0])
    search = "search/jql" if is_cloud else "search"
    assert server.paths() == ["serverInfo", "field", "project/FL/versions", *[search] * 3]
    assert state.requests == 6
    assert state.watermark == utc(NOW[:23])
    assert len(store.table("issues")) == 250


def test_a_second_run_with_nothing_new_asks_four_times_and_finds_nothing(is_cloud):
    server, store = Jira(*issues(250), is_cloud=is_cloud), Store()
    store.sync(sources(server)[0])
    before = store.snapshot()
    server.asked.clear()
    store.sync(sources(server)[0])
    assert len(server.asked) == 4
    assert store.snapshot() == before


def test_what_changed_is_read_again_and_nothing_else(is_cloud):
    server, store = Jira(*issues(250), is_cloud=is_cloud), Store()
    store.sync(sources(server)[0])
    for number in range(1, 11):
        change(server, number, "2024-03-01T13:00:00.000+0000", moved(1, 3), status=status(3), labels=[])
    server.now = "2024-03-02T12:00:00.000+0000"
    server.asked.clear()
    store.sync(sources(server)[0])
    assert len(server.asked) == 4
    assert store.snapshot() == clean(server)


def test_queries_hold_instants_in_milliseconds_and_never_days(is_cloud):
    server, store = Jira(*issues(3), is_cloud=is_cloud, now="2024-03-01T17:30:00.000+0530"), Store()
    store.sync(sources(server)[0])
    server.asked.clear()
    store.sync(sources(server)[0])
    (query,) = [told["jql"] for _, told in server.asked if "jql" in told]
    # Nothing has changed since the third minute of the year, long before noon in London on the first of March.
    assert query == 'project = "FL" AND updated >= 1704067380001 ORDER BY created ASC, key ASC'


def test_an_issue_that_the_index_shows_late_is_found_by_the_next_run(is_cloud):
    server, store = Jira(*issues(20), is_cloud=is_cloud), Store()
    late = issue(21, created="2024-03-01T11:55:00.000+0000")
    change(server, 20, "2024-03-01T11:58:00.000+0000", moved(1, 3), status=status(3))
    store.sync(sources(server)[0])
    server.issues.append(late)
    server.now = "2024-03-02T12:00:00.000+0000"
    store.sync(sources(server)[0])
    assert store.snapshot() == clean(server)


def test_an_issue_that_changes_while_it_is_read_is_read_again(is_cloud):
    server, store = Jira(*issues(250), is_cloud=is_cloud), Store()
    reading = sources(server)[0]
    store.sync(reading, pages=3)
    change(server, 1, "2024-03-01T12:00:30.000+0000", moved(1, 3), status=status(3))
    server.now = "2024-03-01T12:05:00.000+0000"
    store.sync(sources(server)[0])
    store.sync(sources(server)[0])
    assert store.snapshot() == clean(server)


def test_a_house_with_everything():
    server, store = house_with_everything(is_cloud=False), Store()
    store.sync(sources(server)[0])
    found = {row["id"]: row["parent"] for row in store.table("issues")}
    assert found[f"{SITE}:21"] == f"{SITE}:1"
    assert found[f"{SITE}:31"] == f"{SITE}:key:OPS-404"
    assert {row["id"] for row in store.table("milestones")} == {
        f"{SITE}:version:90", f"{SITE}:epic:1", f"{SITE}:sprint:12", f"{SITE}:sprint:13",
    }  # fmt: skip
    guessed = next(row for row in store.table("statuses") if row["name"] == "Somewhen")
    assert (guessed["category"], guessed["said_by"]) == ("todo", "nobody")


def test_release_dates_are_seen_at_every_run_though_no_issue_changed(is_cloud):
    server, store = house_with_everything(is_cloud=is_cloud), Store()
    store.sync(sources(server)[0])
    server.versions[0]["releaseDate"] = "2024-05-01"
    server.boards["4"]["sprints"][1]["endDate"] = "2024-03-22T22:00:00.000Z"
    store.sync(sources(server)[0])
    due = {row["id"]: str(row["due_on"])[:10] for row in store.table("milestones")}
    assert due[f"{SITE}:version:90"] == "2024-05-01"
    assert due[f"{SITE}:sprint:13"] == "2024-03-22"
    assert due[f"{SITE}:sprint:12"] == "2024-03-08"


def test_only_sprints_that_are_not_over_are_listed_again_and_one_that_ended_is_asked_for():
    server, store = house_with_everything(is_cloud=True), Store()
    store.sync(sources(server)[0])
    server.asked.clear()
    server.boards["4"]["sprints"][0] |= {"state": "closed", "completeDate": "2024-03-01T11:00:00.000Z"}
    store.sync(sources(server)[0])
    assert server.paths()[-2:] == ["board/4/sprint", "sprint/12"]
    assert server.asked[-2][1]["state"] == "active,future"
    assert len(server.asked) == 6
    ended = next(row for row in store.table("milestones") if row["id"] == f"{SITE}:sprint:12")
    assert (ended["state"], str(ended["closed_at"])) == ("closed", "2024-03-01 11:00:00+00:00")
    server.asked.clear()
    store.sync(sources(server)[0])
    assert len(server.asked) == 5


def test_kinds_of_milestones_that_are_not_wanted_are_not_asked_for():
    connection = CONNECTION.model_copy(update={"milestones": ("epic",)})
    server, store = house_with_everything(is_cloud=True), Store()
    store.sync(sources(server, connection)[0])
    assert not {"project/FL/versions", "board/4/sprint", "myself"} & set(server.paths())
    assert {row["kind"] for row in store.table("milestones")} == {"epic"}


def test_changes_that_jira_counts_but_does_not_show_are_said():
    server = Jira(*issues(2), is_cloud=False)
    shown = server.shown
    server.shown = lambda found, told, **_: shown(found, told) | {"changelog": {"total": 3, "histories": []}}
    state = Store().sync(sources(server)[0])
    assert "2 issues have changes that Jira counts but does not show; they are missing." in state.warnings


def test_cut_changelogs_of_a_thousand_issues_cost_one_request():
    steps = [history(k, f"2024-02-01T{k // 60:02}:{k % 60:02}:00.000+0000", moved(1, 3)) for k in range(41)]
    server, store = Jira(*issues(1000)), Store()
    for each in server.issues:
        own = [step | {"id": f"{each['id']}{step['id']:0>3}"} for step in steps]
        each["changelog"] = {"total": 41, "histories": own}
    server.issues[-1]["fields"]["status"] = status(3)
    store.sync(sources(server)[0])
    assert server.paths().count("changelog/bulkfetch") == 1
    assert server.paths().count("search/jql") == 10
    assert len(server.asked) == 14


def test_what_a_status_means_is_not_asked_where_a_later_issue_tells_it(is_cloud):
    """FL-1 was in progress; only FL-150, two pages on, still is."""
    server, store = Jira(*issues(250), is_cloud=is_cloud), Store()
    change(server, 1, "2024-02-01T09:00:00.000+0000", moved(3, 1))
    server.issues[149]["fields"]["status"] = status(3)
    store.sync(sources(server)[0])
    assert "status" not in server.paths()
    assert {row["name"]: row["category"] for row in store.table("statuses")} == {
        "To Do": "todo",
        "In Progress": "active",
    }


def test_what_a_status_means_is_asked_once_where_no_issue_tells_it(is_cloud):
    server, store = Jira(*issues(250), is_cloud=is_cloud), Store()
    for number in (1, 200):
        change(server, number, "2024-02-01T09:00:00.000+0000", moved(3, 1))
    store.sync(sources(server)[0])
    assert server.paths().count("status") == 1
    assert {row["name"]: row["said_by"] for row in store.table("statuses")} == {
        "To Do": "source",
        "In Progress": "source",
    }


def test_what_issues_begin_in_is_asked_where_a_closed_one_does_not_tell(is_cloud):
    closed = issue(7, status=status(5), resolutiondate="2024-01-20T09:00:00.000+0000")
    server, store = Jira(closed, is_cloud=is_cloud), Store()
    store.sync(sources(server)[0])
    assert server.paths().count("status") == 1
    assert [row["new"] for row in store.table("issue_events") if row["field"] == "status"] == ["To Do", "Done"]
