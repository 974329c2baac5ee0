"""The lane of a site: its sources, what names them, and what `fairlead check` says of it."""

import pytest

from connectors import SyncState
from connectors.jira import JiraLane, JiraSource
from fairlead.config import JiraConnection, SyncSettings
from fairlead.errors import ConfigError
from tests.connectors.jira.house import CONNECTION, SECRET, Answer, Jira, issue, sources
from tests.connectors.jira.shelf import Store
from tests.connectors.jira.test_site import TWO

PROJECTS = CONNECTION.model_copy(update={"projects": ("FL", "OPS")})
GATEWAY = "https://api.atlassian.com/ex/jira/11223344-a1b2"


def test_one_source_for_each_project():
    assert [source.name for source in sources(Jira(), PROJECTS)] == ["jira FL", "jira OPS"]
    assert JiraLane(PROJECTS, SyncSettings()).name == "jira house.atlassian.net"


@pytest.mark.parametrize(
    ("change", "is_other"),
    [
        ({"dropped_resolutions": ("Nope",)}, True),
        ({"statuses": {"To Do": "active"}}, True),
        ({"milestones": ("epic",)}, True),
        ({"story_points_field": "customfield_1"}, True),
        ({"token_env": "OTHER"}, False),
        ({"projects": ("FL", "OPS")}, False),
    ],
)
def test_what_changes_rows_changes_the_shape(change, is_other):
    before, same, other = (shape_of(CONNECTION.model_copy(update=more)) for more in ({}, {}, change))
    assert before == same
    assert (other != before) is is_other


def shape_of(connection):
    return JiraSource(None, connection, "FL").shape


def test_a_scoped_address_needs_the_one_people_open():
    connection = CONNECTION.model_copy(update={"url": GATEWAY})
    (source,) = JiraLane(connection, SyncSettings()).sources()
    with pytest.raises(ConfigError, match="site is missing"):
        list(source.fetch(SyncState()))


def test_a_missing_token_fails_each_project_under_its_own_name(monkeypatch):
    monkeypatch.delenv("HOUSE_TOKEN", raising=False)
    found = list(JiraLane(PROJECTS, SyncSettings()).sources())
    assert [source.name for source in found] == ["jira FL", "jira OPS"]
    for source in found:
        with pytest.raises(ConfigError, match="HOUSE_TOKEN is not set"):
            list(source.fetch(SyncState()))


def test_behind_a_scoped_address_ids_and_links_name_the_site():
    connection = JiraConnection(
        url=GATEWAY,
        site="https://house.atlassian.net/",
        projects=("FL",),
        user_env="HOUSE_USER",
        token_env="HOUSE_TOKEN",  # noqa: S106
    )
    server, store = Jira(issue(7)), Store()
    server.request = through_gateway(server.request)
    store.sync(sources(server, connection)[0])
    (row,) = store.table("issues")
    assert (row["id"], row["url"]) == ("jira:house.atlassian.net:7", "https://house.atlassian.net/browse/FL-7")


def through_gateway(request):
    def passed(method, url, **more):
        assert url.startswith(f"{GATEWAY}/rest/")
        return request(method, url.replace("/ex/jira/11223344-a1b2", ""), **more)

    return passed


def findings(server, connection=CONNECTION):
    lane = JiraLane(connection, SyncSettings(), sleep=lambda _: None)
    made = lane._client()
    made._session = server
    lane._client = lambda: made
    return list(lane.check())


def test_a_check_says_one_line_for_each_thing():
    found = findings(Jira(), PROJECTS)
    assert [(each.is_good, each.says.partition(",")[0]) for each in found] == [
        (True, "jira: house.atlassian.net is Jira Cloud."),
        (True, "jira: signed in at house.atlassian.net."),
        (True, "jira: 5 fields and 3 statuses can be read."),
        (True, "jira: project FL can be read."),
        (False, "jira: project OPS cannot be read (404). Check projects"),
    ]


def test_a_check_never_names_the_account_or_its_secret():
    said = " ".join(each.says for each in findings(Jira()))
    assert "Reader" not in said
    assert SECRET not in said


def test_a_check_tells_data_center():
    assert "Data Center" in findings(Jira(is_cloud=False))[0].says


@pytest.mark.parametrize("status", [401, 403])
def test_a_check_ends_where_nothing_further_can_be_told(status):
    found = findings(Jira(faults=[Answer(status=status, body={})]))
    assert [each.is_good for each in found] == [False]
    assert "HOUSE_TOKEN" in found[0].says


def test_a_check_asks_the_question_a_sync_would_ask():
    assert "story_points_field" in findings(Jira(fields=TWO))[-1].says


def test_a_check_without_a_token_says_so(monkeypatch):
    monkeypatch.delenv("HOUSE_TOKEN")
    (found,) = JiraLane(CONNECTION, SyncSettings()).check()
    assert not found.is_good
    assert "HOUSE_TOKEN is not set" in found.says
