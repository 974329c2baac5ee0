"""Every page × every role × strangers: no byte that is delivered tells what the viewer must not see."""

import re
import sys

import pandas as pd
import pytest
from websockets.exceptions import InvalidStatus

from fairlead import links, store
from fairlead.links import Link
from reports.catalogue import ENTRIES, MENU, SHARED
from tests.hosted.house import (
    ACCESS,
    GRANTED,
    LINK_SECRET,
    PEOPLE,
    RESTRICTED,
    STRANGERS,
    Secrets,
    all_names,
    secrets_from,
    spellings,
)
from tests.oidc import provider, signed_in
from tests.sample import sample
from tests.servers import ROOT, free_port, running, serving
from tests.viewers import look

PLACES = [place.key for place in MENU]
CHOICES = {"milestone": f"?milestone={GRANTED[0]}", "reviews": "?team=Berth", "flow": "?team=Berth&window=30"}
SEARCHED = pd.Timestamp("2026-11-21", tz="UTC")


@pytest.fixture(scope="module")
def issuer():
    with provider(*PEOPLE) as given:
        yield given


@pytest.fixture(scope="module")
def settings(issuer, tmp_path_factory):
    """A folder with settings for a server at a port: folder, port, environment."""
    folder, port = tmp_path_factory.mktemp("hosted"), free_port()
    (folder / "fairlead.toml").write_text(issuer.sign_in(f"http://localhost:{port}") + ACCESS, "utf-8")
    return folder, port, issuer.secrets() | {"FAIRLEAD_LINK_SECRET": LINK_SECRET}


@pytest.fixture(scope="module")
def server(settings):
    folder, port, secrets = settings
    with serving(folder, port=port, more=secrets) as running_server:
        yield running_server


@pytest.fixture(scope="module")
def cookies(server, issuer):
    held = {who: signed_in(server.address, issuer, who) for who in ["head", *RESTRICTED, *STRANGERS] if who}
    return held | {None: {}}


def pages_of(who):
    return [(who, key, query) for key in PLACES for query in ("", CHOICES.get(key)) if query is not None]


@pytest.mark.parametrize(("who", "key", "query"), [case for who in RESTRICTED for case in pages_of(who)])
def test_nothing_that_is_not_for_them_is_delivered(server, cookies, who, key, query):
    shown = look(server.address, f"/{key}{query}", cookies=cookies[who])
    assert shown.exceptions == []
    assert secrets_from(who).in_bytes(shown.sent) == []
    assert any(len(text) > 1 for text in shown.texts)


@pytest.mark.parametrize("key", PLACES)
@pytest.mark.parametrize("who", ["board", "customer", "sales", "member"])
def test_who_sees_groups_reads_no_pseudonym(server, cookies, who, key):
    """Beside the same work every day it would soon be known."""
    shown = look(server.address, f"/{key}", cookies=cookies[who])
    assert re.findall(rb"Person [A-Z2-7]{6}", shown.sent) == []


@pytest.mark.parametrize("key", [*PLACES, SHARED.key])
@pytest.mark.parametrize("who", STRANGERS)
def test_strangers_are_delivered_nothing(server, cookies, who, key):
    shown = look(server.address, f"/{key}", cookies=cookies[who])
    assert secrets_from(who).in_bytes(shown.sent) == []
    assert shown.exceptions == []


def test_the_search_finds_what_is_there(server, cookies):
    """Whoever may see everything is sent names, titles and milestones in bytes that the search reads."""
    sent = b"".join(look(server.address, f"/{key}", cookies=cookies["head"]).sent for key in PLACES)
    found = secrets_from(None).in_bytes(sent)
    people = sample().people["name"]
    assert sum(name in found for name in people) > 20
    assert sum(title in found for title in sample().milestones["title"]) > 15
    assert sum(title in found for title in sample().issues["title"]) > 20


@pytest.mark.parametrize("key", PLACES)
def test_a_deep_link_to_a_fresh_server_tells_a_stranger_nothing(settings, server, key):  # noqa: ARG001 (its store)
    """A new process answers a page's address by running that page's file alone."""
    folder, _, secrets = settings
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", ROOT / "dashboard.py", "--server.port", str(port)]
    more = secrets | {"FAIRLEAD_CONFIG": str(folder / "fairlead.toml")}
    with running(command, folder=folder, port=port, more=more) as fresh:
        shown = look(fresh.address, f"/{key}")
        assert secrets_from(None).in_bytes(shown.sent) == []
        assert shown.texts
        assert secrets_from(None).in_bytes(fresh.said().encode()) == []


@pytest.mark.parametrize("titles", [True, False])
@pytest.mark.parametrize("report", links.REPORTS)
def test_a_link_opens_its_report_and_nothing_else(server, settings, report, titles):
    folder, *_ = settings
    stone = next(str(row["id"]) for row in sample().milestones.to_dict("records") if row["title"] == GRANTED[0])
    with store.open(f"sqlite:///{folder}/.fairlead/fairlead.db") as opened:
        link = made(report, f'["{stone}"]', titles=titles)
        opened.add_link(link)
    token = links.signed(link, LINK_SECRET)
    shown = look(server.address, f"/shared?link={token}")
    assert any(spelling in shown.sent for spelling in spellings(GRANTED[0]))
    if not titles:
        assert secrets_from("customer").in_bytes(shown.sent) == []
    others = set(sample().milestones["title"]) - {GRANTED[0]}
    assert Secrets(frozenset(others | all_names())).in_bytes(shown.sent) == []
    for entry in ENTRIES:
        elsewhere = look(server.address, f"/{entry.key}?link={token}")
        assert secrets_from(None).in_bytes(elsewhere.sent) == []


def test_a_page_of_another_host_opens_no_websocket_and_nothing_is_asked_outside(server, cookies):
    with pytest.raises(InvalidStatus):
        look(server.address, "/", cookies=cookies["head"], origin="https://evil.example")
    assert "external IP" not in server.said()


@pytest.mark.parametrize("token", ["", "x", "WyJhIl0.abc", "%00", "a" * 5000])
def test_what_is_no_link_opens_nothing(server, token):
    shown = look(server.address, f"/shared?link={token}")
    assert secrets_from(None).in_bytes(shown.sent) == []
    assert "not a link of this server" in " ".join(shown.texts)


def test_a_link_that_was_taken_back_opens_nothing(server, settings):
    folder, *_ = settings
    link = made("milestones", "*", titles=True)
    with store.open(f"sqlite:///{folder}/.fairlead/fairlead.db") as opened:
        opened.add_link(link)
        address = f"/shared?link={links.signed(link, LINK_SECRET)}"
        assert any(spelling in look(server.address, address).sent for spelling in spellings(GRANTED[0]))
        opened.revoke_link(link.id, SEARCHED)
    shown = look(server.address, f"/shared?link={links.signed(link, LINK_SECRET)}")
    assert secrets_from(None).in_bytes(shown.sent) == []
    assert "taken back" in " ".join(shown.texts)


def made(report, among, *, titles):
    return Link(
        id=links.new_id(),
        name="a test",
        report=report,
        choices={"milestones": among},
        titles=titles,
        made_by="head@example.org",
        made_at=SEARCHED,
        expires_at=pd.Timestamp("2100-01-01", tz="UTC"),
    )


def test_the_log_says_who_looked_at_what_and_nothing_of_what_they_saw(server, settings, cookies):
    folder, *_ = settings
    look(server.address, "/flow", cookies=cookies["board"])
    with store.open(f"sqlite:///{folder}/.fairlead/fairlead.db") as opened:
        looks = opened.accesses()
    assert ("chair@example.org", "executive", "flow") in set(
        looks[["who", "role", "view"]].itertuples(index=False, name=None)
    )
    assert secrets_from(None).in_bytes(server.said().encode()) == []
