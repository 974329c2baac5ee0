"""`fairlead forget`: what is asked, what is said, and that a sync afterwards does not bring anybody back."""

import sqlite3
from contextlib import closing

import pandas as pd
import pytest
from click.testing import CliRunner

from connectors import sync as syncing
from connectors.runs import Clock
from connectors.settle import settle
from fairlead import config, forgetting, store
from fairlead.__main__ import main
from fairlead.config import PeopleSettings
from fairlead.people import email_hash
from tests.connectors.test_sync import Lane, Source
from tests.connectors.test_sync import issues as issues_page

NOW = pd.Timestamp("2025-04-01T08:00:00Z")


@pytest.fixture
def house(tmp_path, monkeypatch):
    """A store into which a sync has read two issues by Ann."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(config.CONFIG_VARIABLE, raising=False)
    (tmp_path / "fairlead.toml").write_text(
        '[store]\nurl = "sqlite:///house.db"\n[[github]]\nrepos = ["octo/house"]\n', "utf-8"
    )
    monkeypatch.setattr(syncing, "lanes", lambda _: [Lane(Source("github octo/house", issues_page(1, 2)))])
    assert run("sync").exit_code == 0
    return f"sqlite:///{tmp_path}/house.db"


def run(*arguments, **more):
    return CliRunner().invoke(main, [*arguments], **more)


def logins(url):
    with store.open(url) as opened:
        return sorted(opened.read().accounts["login"])


def test_it_asks_first_and_a_no_changes_nothing(house):
    result = run("forget", "ann", input="n\n")
    assert result.exit_code == 1
    assert "Erase one person with 1 accounts from the store? This cannot be undone. [y/N]" in result.output
    assert logins(house) == ["ann"]


def test_it_says_what_was_erased_and_what_could_not_be(house):
    result = run("forget", "ann", "--yes")
    assert result.exit_code == 0
    assert result.output.startswith("Erased: one person, 1 accounts. Places that named them: issues 2, issue_events 4,")
    for left in ("people.csv", "fairlead.toml", "titles", "backups", "exported", "trackers"):
        assert left in result.output
    assert logins(house) == ["ghost"]


def test_the_next_sync_does_not_bring_anybody_back(house):
    run("forget", "ann", input="y\n")
    assert run("sync", "--full").exit_code == 0
    assert run("people").exit_code == 0
    assert logins(house) == ["ghost"]
    with store.open(house) as opened:
        found = opened.read()
        assert found.people.empty
        assert found.issues["author"].astype("str").tolist() == ["github:ghost"] * 2


def test_somebody_unknown_ends_it_in_words(house):
    result = run("forget", "bob", "--yes")
    assert result.exit_code == 1
    assert "Error: store: nobody is known by that." in result.output
    assert logins(house) == ["ann"]


def test_addresses_that_only_the_access_log_knows_are_given_as_options(house):
    with store.open(house) as opened:
        opened.log_access(at=NOW, who="ann@private.example", role="lead", view="/")
    result = run("forget", "ann", "--yes", "--email", "x@y.example", "--email", "Ann@Private.example")
    assert "access log 1, shared links 0" in result.output
    with store.open(house) as opened:
        assert opened.accesses()["who"].tolist() == ["forgotten"]


def test_a_person_of_the_sample_organisation_is_gone_and_stays_gone(tmp_path):
    url, clock = f"sqlite:///{tmp_path}/s.db", Clock(lambda: NOW)
    with store.open(url) as opened:
        syncing.sync_sample(opened, clock=clock)
        before = opened.read()
        opened.forget("solveig-t", NOW)
        opened.write(before.tables(), source="sample organisation")
        settle(opened, PeopleSettings(bots=("harbour-ci",)))
        after = opened.read()
    assert_nobody_is_called(tmp_path / "s.db", "solveig", "tarnbrekke", "U_kgHL9aa7e33f", "acc-b6c13a0a")
    assert len(after.people) == len(before.people) - 1
    for name in ("issues", "issue_events", "pull_requests", "pull_request_events", "reviews", "comments"):
        assert len(getattr(after, name)) == len(getattr(before, name))


def assert_nobody_is_called(path, *words):
    with closing(sqlite3.connect(path)) as connection:
        dumped = "\n".join(connection.iterdump()).casefold()
    assert [word for word in words if word.casefold() in dumped] == []


@pytest.mark.parametrize(
    ("account", "expected"),
    [
        ("github:U_kgDOAB", "github:ghost"),
        ("jira:site.example:557058:1234", "jira:site.example:ghost"),
        ("jira:site.example:key:FL-1", "jira:site.example:ghost"),
        ("odd", "unknown:ghost"),
    ],
)
def test_a_ghost_is_named_as_the_connectors_name_it(account, expected):
    assert forgetting.ghost(account) == expected


def test_two_stores_keep_different_digests_of_one_id():
    assert forgetting.digest("github:U_a", "1") != forgetting.digest("github:U_a", "2")
    assert forgetting.digest("github:U_a", "") != email_hash("github:U_a")


def test_what_is_not_known_to_name_something_else_is_searched_for_people():
    assert forgetting.of_accounts("pull_requests") == ["author", "merged_by"]
    assert forgetting.of_accounts("pull_request_events") == ["actor", "subject"]
    assert forgetting.of_accounts("issue_events") == ["actor", "old", "new"]
    assert forgetting.of_accounts("milestones") == ["owner"]
    assert forgetting.of_accounts("accounts") == ["id"]
    assert forgetting.of_people("accounts") == ["person"]
    assert forgetting.of_accounts("issue_links") == []
