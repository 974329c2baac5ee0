"""What one token reads, and what `fairlead check` says about it."""

import pytest

from connectors import RateLimitedError, SyncState
from connectors.github import GithubLane, checks, organisation
from connectors.github.answers import Answer
from connectors.github.faults import TooHeavyError, UnauthorizedError
from connectors.github.tables import tables
from fairlead.config import GithubConnection, SyncSettings
from fairlead.errors import ConfigError, SourceError
from tests.connectors.github.server import NOW
from tests.connectors.pages import listed, user


class Owner:
    """Answers with these, in order; exceptions are raised."""

    def __init__(self, *answers):
        self.answers, self.asked, self.sent = list(answers), [], 0

    def query(self, text, variables):
        self.sent += 1
        self.asked.append((text, variables))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, Answer) else Answer(answer, at=NOW)


def connection(**more):
    return GithubConnection(**({"repos": ("octo/house",)} | more))


def made(monkeypatch, client, **more):
    lane = GithubLane(connection(**more), SyncSettings())
    monkeypatch.setitem(lane.__dict__, "client", client)
    return lane


def repository(name, *, archived=False, fork=False):
    return {"name": name, "nameWithOwner": f"octo/{name}", "isArchived": archived, "isFork": fork}


def holds(*nodes, after=None):
    return {"repositoryOwner": {"repositories": listed(*nodes, after=after)}}


def test_named_repositories_are_told_without_a_question_or_a_token(monkeypatch):
    monkeypatch.delenv("GITHUB_TOKEN", raising=False)
    lane = GithubLane(connection(repos=("octo/house", "octo/plan")), SyncSettings())
    assert lane.name == "github api.github.com"
    assert [source.name for source in lane.sources()] == ["github octo/house", "github octo/plan"]


def test_an_organisations_repositories_follow_those_named_each_once(monkeypatch):
    client = Owner(holds(repository("House"), repository("garden"), after="x"), holds(repository("shed")))
    lane = made(monkeypatch, client, org="octo")
    assert lane.name == "github api.github.com octo"
    assert [source.name for source in lane.sources()] == ["github octo/house", "github octo/garden", "github octo/shed"]
    assert [variables["after"] for _, variables in client.asked] == [None, "x"]


@pytest.mark.parametrize(
    ("settings", "chosen"),
    [
        ({}, ["octo/api", "octo/api-docs", "octo/web"]),
        ({"include": ("API*",)}, ["octo/api", "octo/api-docs"]),
        ({"exclude": ("*-docs",)}, ["octo/api", "octo/web"]),
        ({"include": ("old",), "archived": True}, ["octo/old"]),
        ({"include": ("fork",), "forks": True}, ["octo/fork"]),
    ],
)
def test_patterns_choose_by_the_bare_name_and_archives_and_forks_are_off(settings, chosen):
    all_of_them = [
        repository("api"), repository("api-docs"), repository("web"), repository("old", archived=True),
        repository("fork", fork=True),
    ]  # fmt: skip
    assert organisation.repositories(Owner(holds(*all_of_them)), "octo", connection(org="octo", **settings)) == chosen


def test_an_absent_organisation_is_said():
    with pytest.raises(SourceError, match="no organisation octo"):
        organisation.repositories(Owner({"repositoryOwner": None}), "octo", connection(org="octo"))


def test_an_organisation_of_which_nothing_is_chosen_is_a_fault_in_words():
    with pytest.raises(SourceError, match="of the repositories of octo none is chosen"):
        organisation.repositories(Owner(holds()), "octo", connection(org="octo"))


def test_teams_are_a_source_of_their_own_once_an_owner():
    lane = GithubLane(connection(repos=("octo/house", "octo/plan", "duo/x"), teams=True), SyncSettings())
    assert [source.name for source in lane.sources()][3:] == ["github octo teams", "github duo teams"]


def test_teams_and_their_members():
    first = {"id": "T_1", "name": "Roofers", "members": listed(user("ann"), after="m1")}
    rest = {"rest0": {"members": listed(user("bob"))}}
    second = {"id": "T_2", "name": "Empty", "members": listed()}
    client = Owner(
        {"organization": {"teams": listed(first, after="x") | {"totalCount": 2}}},
        rest,
        TooHeavyError("github: 502"),
        {"organization": {"teams": listed(second) | {"totalCount": 2}}},
    )
    state = SyncState()
    shapes = tables(list(organisation.teams(client, "octo", state)))
    assert shapes["teams"]["name"].tolist() == ["Roofers", "Empty"]
    assert shapes["team_accounts"]["account"].tolist() == ["github:U_ann", "github:U_bob"]
    assert set(shapes["accounts"]["login"]) == {"ann", "bob"}
    assert (state.watermark, state.requests) == (NOW, 4)


def test_an_owner_without_teams_is_said_and_is_no_error():
    state = SyncState()
    (page,) = organisation.teams(Owner({"organization": None}), "ann", state)
    assert page.last
    assert "read:org" in state.warnings[0]


def test_a_changed_question_changes_the_shape():
    (source,) = GithubLane(connection(), SyncSettings()).sources()
    assert source.shape == source.shape
    assert len(source.shape) == 14


class Tried(Owner):
    """With the address a client knows."""

    class transport:  # noqa: N801 (an attribute of the client)
        class where:  # noqa: N801
            address = "https://api.github.com/graphql"


def said(client, **more):
    def connect():
        if isinstance(client, Exception):
            raise client
        return client

    return [(finding.is_good, finding.says) for finding in checks.findings(connect, connection(**more), "github x")]


def test_a_good_connection_says_address_scopes_repositories_and_what_is_left():
    first = Answer({"rateLimit": {"cost": 1}}, scopes="repo, read:org", rate_left=4999)
    client = Tried(first, {"r0": {"nameWithOwner": "octo/house"}})
    assert said(client, teams=True) == [
        (True, "github x: https://api.github.com/graphql accepts the token"),
        (True, "github x: the token's scopes are read:org, repo"),
        (True, "github x: octo/house can be read"),
        (True, "github x: 4999 points are left of this hour's limit"),
    ]
    assert not any("viewer" in text for text, _ in client.asked)


def test_what_is_wrong_says_what_to_do():
    first = Answer({"rateLimit": {"cost": 1}}, scopes="repo", rate_left=0)
    client = Tried(first, {"r0": None, "r1": {"nameWithOwner": "octo/home"}})
    found = said(client, repos=("octo/house", "octo/hut"), teams=True)
    assert [is_good for is_good, _ in found] == [True, False, True, False, True, False]
    assert "add that scope" in found[1][1]
    assert "check name and token" in found[3][1]
    assert "octo/home now" in found[4][1]
    assert "wait an hour" in found[5][1]


@pytest.mark.parametrize(
    "fault",
    [
        UnauthorizedError("github: 401, the secret in T is not accepted."),
        RateLimitedError("github x", NOW),
        ConfigError("T is not set."),
    ],
)
def test_a_fault_is_a_finding(fault):
    assert said(fault if isinstance(fault, ConfigError) else Tried(fault)) == [(False, f"github x: {fault}")]
