"""What is asked of a site as a whole: what it is, its clock, its statuses and fields."""

import json

import pytest

from fairlead.errors import SourceError
from tests.connectors.jira.house import CONNECTION, FIELDS, NOW, Answer, Jira, sources, utc
from tests.connectors.jira.shelf import Store
from tests.connectors.jira.story import issues, redefine


def test_a_site_is_asked_once_for_all_its_projects():
    connection = CONNECTION.model_copy(update={"projects": ("FL", "OPS"), "milestones": ()})
    server, store = Jira(*issues(3)), Store()
    for source in sources(server, connection):
        store.sync(source)
        store.cursors.clear()
    assert [server.paths().count(path) for path in ("serverInfo", "status", "field", "search/jql")] == [1, 0, 1, 2]


def test_a_lane_that_runs_again_asks_for_the_time_again():
    server, store = Jira(*issues(3)), Store()
    (source,) = sources(server)
    store.sync(source)
    server.now = "2024-03-02T12:00:00.000+0000"
    assert store.sync(source).watermark == utc("2024-03-02 12:00")


def test_a_status_that_means_something_else_now_is_read_into_every_issue(is_cloud):
    server, store = Jira(*issues(30), is_cloud=is_cloud), Store()
    store.sync(sources(server)[0])
    redefine(server, "1", "indeterminate")
    store.sync(sources(server)[0])
    assert {row["status_category"] for row in store.table("issues")} == {"active"}
    server.asked.clear()
    store.sync(sources(server)[0])
    assert "updated" in server.asked[-1][1]["jql"]


@pytest.mark.parametrize("status", [400, 403, 404])
def test_a_project_that_cannot_be_read_says_which_setting_to_check(status):
    server = Jira(*issues(3))
    original = server.answer
    server.answer = lambda path, told: (
        Answer(status=status, body={"m": "Roof leaks"}) if "jql" in told else original(path, told)
    )
    with pytest.raises(SourceError, match="project FL cannot be read") as caught:
        Store().sync(sources(server)[0])
    assert "projects" in str(caught.value)
    assert "Roof leaks" not in str(caught.value)


def test_without_server_info_it_is_not_known_which_questions_to_ask():
    server = Jira(*issues(3))
    server._serverinfo = lambda: None
    with pytest.raises(SourceError, match="Cloud or Data Center"):
        Store().sync(sources(server)[0])


@pytest.mark.parametrize(
    ("url", "path"), [("https://house.atlassian.net", "search/jql"), ("https://jira.example.org", "search")]
)
def test_a_server_that_does_not_say_what_it_is_is_read_as_its_address_suggests(url, path):
    server, store = Jira(*issues(3), is_cloud=path == "search/jql"), Store()
    server._serverinfo = lambda: {"serverTime": NOW}
    state = store.sync(sources(server, CONNECTION.model_copy(update={"url": url}))[0])
    assert server.paths()[-1] == path
    assert len(store.table("issues")) == 3
    assert any("Cloud or Data Center" in warning for warning in state.warnings)


ESTIMATE = {"type": "number", "custom": "com.pyxis.greenhopper.jira:jsw-story-points"}
TWO = [*FIELDS, {"id": "customfield_20001", "name": "Story point estimate", "schema": ESTIMATE}]


def points_of(server, project="FL", connection=CONNECTION):
    store = Store()
    state = store.sync(next(each for each in sources(server, connection) if each.name == f"jira {project}"))
    known = json.loads(store.cursors["fields"])["fields"]["points"]
    return known and known[0], state.warnings


def test_two_projects_estimate_in_two_fields():
    connection = CONNECTION.model_copy(update={"projects": ("FL", "OPS"), "milestones": ()})
    server = Jira(fields=TWO, boards={"4": {"points": "customfield_20001", "sprints": []}})
    assert points_of(server, "FL", connection) == ("customfield_20001", [])
    server.boards = {"5": {"points": "customfield_10001", "sprints": []}}
    assert points_of(server, "OPS", connection) == ("customfield_10001", [])


def test_where_no_board_tells_the_person_is_asked():
    found, warnings = points_of(Jira(fields=TWO))
    assert found is None
    assert "customfield_10001, customfield_20001" in warnings[0]
    assert "story_points_field" in warnings[0]


def test_what_the_settings_say_of_story_points_goes_first():
    connection = CONNECTION.model_copy(update={"story_points_field": "customfield_30001"})
    server = Jira(fields=TWO, boards={"4": {"points": "customfield_20001", "sprints": []}})
    assert points_of(server, "FL", connection) == ("customfield_30001", [])


def test_a_field_that_only_may_hold_story_points_is_asked_about():
    odd = {"id": "customfield_7", "name": "Estimate (ideal days)", "schema": {"type": "number", "custom": "x:float"}}
    found, warnings = points_of(Jira(fields=[FIELDS[0], odd]))
    assert found is None
    assert "customfield_7" in warnings[0]
    assert "ideal days" not in warnings[0]


def test_the_fields_are_asked_for_once_and_then_with_every_sweep():
    server, store = Jira(*issues(3)), Store()
    for is_due in (False, False, True):
        store.sync(sources(server)[0], is_sweep_due=is_due)
    assert server.paths().count("field") == 2
