"""The tools that tests of sharing stand on: the provider, the viewers, and a page between them."""

import sys

import pytest
import requests

from tests.oidc import Person, provider, signed_in
from tests.servers import free_port, running
from tests.viewers import look, together, visit

ANN = Person("ann", "ann@example.org", groups=("leads", "küche"))
EVE = Person("eve", "eve@example.org", is_verified=False)
APP = """
import streamlit as st

from reports import hosting

app = st.App("page.py", **hosting.hosted())
"""
PAGE = """
import streamlit as st

def first():
    verified, groups = str(st.user.get("email_verified")), st.user.get("groups", [])
    st.write("Signed in as", st.user.get("email", "nobody"), verified, *groups)
    st.write("Asked for", *st.query_params.get_all("team"))

def second():
    st.switch_page(pages[0], query_params={"team": ["Led on"]})

pages = [st.Page(first), st.Page(second)]
st.navigation(pages).run()
"""


@pytest.fixture(scope="module")
def issuer():
    with provider(ANN, EVE) as given:
        yield given


@pytest.fixture(scope="module")
def server(issuer, tmp_path_factory):
    """A page that says who looks at it, hosted as ours is."""
    folder, port = tmp_path_factory.mktemp("hosted"), free_port()
    (folder / "server.py").write_text(APP, "utf-8")
    (folder / "page.py").write_text(PAGE, "utf-8")
    (folder / "fairlead.toml").write_text(issuer.sign_in(f"http://localhost:{port}"), "utf-8")
    command = [sys.executable, "-m", "streamlit", "run", "server.py", "--server.headless", "true"]
    options = ["--server.port", str(port), "--server.address", "127.0.0.1", "--browser.gatherUsageStats", "false"]
    more = issuer.secrets() | {"STREAMLIT_SERVER_FILE_WATCHER_TYPE": "none"}
    with running([*command, *options], folder=folder, port=port, more=more) as started:
        yield started


@pytest.fixture(autouse=True)
def no_faults(issuer):
    issuer.faults.clear()
    issuer.asked.clear()


def test_a_stranger_is_nobody(server):
    shown = look(server.address)
    assert b"Signed in as nobody" in shown.sent
    assert (shown.runs, shown.exceptions) == (1, [])


def test_somebody_who_has_signed_in_is_known_with_their_claims(server, issuer):
    shown = look(server.address, "/?team=Harbour&team=Küche", cookies=signed_in(server.address, issuer, "ann"))
    assert "Signed in as ann@example.org True leads küche" in shown.texts
    assert "Asked for Harbour Küche" in shown.texts


def test_the_provider_says_that_an_address_is_not_verified(server, issuer):
    shown = look(server.address, cookies=signed_in(server.address, issuer, "eve"))
    assert "Signed in as eve@example.org False" in shown.texts


def test_where_a_page_leads_on_the_next_one_is_read_as_well(server):
    shown = look(server.address, "/second")
    assert shown.runs >= 2
    assert "Asked for Led on" in shown.texts


def test_many_look_at_once(server, issuer):
    cookies = signed_in(server.address, issuer, "ann")
    seen = together([visit(server.address, cookies=cookies) for _ in range(20)])
    assert all("Signed in as ann@example.org True leads küche" in shown.texts for shown in seen)
    assert all(shown.seconds > 0 for shown in seen)


@pytest.mark.parametrize("fault", ["expired", "nonce", "audience", "signature", "no id_token"])
def test_a_wrong_token_signs_nobody_in(server, issuer, fault):
    issuer.faults.add(fault)
    cookies = signed_in(server.address, issuer, "ann")
    assert "_streamlit_user" not in cookies
    assert b"Signed in as nobody" in look(server.address, cookies=cookies).sent


def test_somebody_who_refuses_at_the_provider_is_nobody(server, issuer):
    assert "_streamlit_user" not in signed_in(server.address, issuer, "")


def test_the_provider_is_asked_with_pkce_and_told_to_come_back_to_the_public_address(server, issuer):
    signed_in(server.address, issuer, "ann")
    (asked,) = issuer.asked
    assert asked["redirect_uri"] == f"{server.address}/oauth2callback"
    assert asked["code_challenge_method"] == "S256"
    assert asked["scope"] == "openid email profile"


def test_a_cookie_that_was_tampered_with_is_nobodys(server, issuer):
    cookies = signed_in(server.address, issuer, "ann")
    cookies["_streamlit_user"] = cookies["_streamlit_user"][:-2] + "AA"
    assert b"Signed in as nobody" in look(server.address, cookies=cookies).sent


def test_identity_counts_only_with_the_token_against_forged_requests(server, issuer):
    cookies = signed_in(server.address, issuer, "ann")
    del cookies["_streamlit_xsrf"]
    assert b"Signed in as nobody" in look(server.address, cookies=cookies).sent


def test_the_provider_refuses_a_client_without_its_secret(issuer):
    answer = requests.post(f"{issuer.address}/token", {"client_id": "fairlead", "client_secret": "guessed"}, timeout=10)
    assert answer.status_code == 400
