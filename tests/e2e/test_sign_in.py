"""Signing in with OpenID Connect, in a real browser, at a real provider of our own."""

import re

import pytest

from tests.e2e.conftest import opened_tab
from tests.oidc import Person, provider, signed_in
from tests.servers import free_port, serving
from tests.viewers import look

CONTACT = "the platform team"
ANN = Person("ann", "ann@example.org")
STAN = Person("stan", "stan@example.org", groups=("sales",))
EVE = Person("eve", "ann@example.org", is_verified=False)
NOBODY = Person("nobody-in-particular", "norma@example.org")
ACCESS = f"""
[access]
contact = "{CONTACT}"
[[access.grants]]
name = "Leads"
role = "lead"
emails = ["ann@example.org"]
teams = ["*"]
milestones = ["*"]
[[access.grants]]
name = "Sales"
role = "stakeholder"
groups = ["sales"]
teams = ["*"]
milestones = ["*"]
"""


@pytest.fixture(scope="module")
def issuer():
    with provider(ANN, STAN, EVE, NOBODY) as given:
        yield given


@pytest.fixture(scope="module")
def house(issuer, tmp_path_factory):
    """Fairlead on the sample organisation, for two kinds of people."""
    folder, port = tmp_path_factory.mktemp("house"), free_port()
    (folder / "fairlead.toml").write_text(issuer.sign_in(f"http://localhost:{port}") + ACCESS, "utf-8")
    with serving(folder, port=port, more=issuer.secrets()) as server:
        yield server


@pytest.fixture
def guest(browser):
    """A tab of somebody who is not signed in."""
    with opened_tab(browser) as page:
        page.set_default_timeout(60_000)
        yield page


def sign_in(page, who):
    """From the page that asks to sign in to wherever that leads."""
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="Who are you?").wait_for()
    page.get_by_role("button", name=who, exact=True).click()


def test_a_stranger_with_a_deep_link_lands_there_after_signing_in(guest, house):
    guest.goto(f"{house.address}/flow?window=365&team=B%C3%BCro+S%C3%BCd&team=x%26y")
    sign_in(guest, "ann")
    guest.wait_for_url(re.compile(r"/flow\?"))
    guest.get_by_role("heading", name="Flow", level=1).wait_for()
    assert guest.evaluate("() => new URLSearchParams(location.search).get('window')") == "365"
    cookies = {cookie["name"]: cookie for cookie in guest.context.cookies()}
    assert cookies["_streamlit_user"]["httpOnly"]


def test_who_signs_out_sees_nothing_until_signing_in_again(guest, house):
    guest.goto(f"{house.address}/flow")
    sign_in(guest, "ann")
    guest.get_by_role("heading", name="Flow", level=1).wait_for()
    guest.get_by_role("button", name="Sign out").first.click()
    guest.get_by_role("button", name="Sign in").wait_for()
    assert "_streamlit_user" not in {cookie["name"] for cookie in guest.context.cookies()}
    guest.goto(f"{house.address}/reviews")
    guest.get_by_role("button", name="Sign in").wait_for()
    assert guest.locator("h3").count() == 0


def test_a_stakeholder_signs_in_by_group(guest, house):
    guest.goto(f"{house.address}/milestones")
    sign_in(guest, "stan")
    guest.get_by_role("heading", name="Milestones", level=1).wait_for()
    guest.locator("h3").first.wait_for()


@pytest.mark.parametrize("who", ["eve", "nobody-in-particular"])
def test_who_has_no_grant_or_no_verified_address_is_told_whom_to_ask(guest, house, who):
    guest.goto(f"{house.address}/flow")
    sign_in(guest, who)
    guest.get_by_text(CONTACT).first.wait_for()
    assert guest.locator("h3").count() == 0
    assert guest.locator(".js-plotly-plot").count() == 0


def test_who_refuses_at_the_provider_stays_a_stranger(guest, house):
    guest.goto(f"{house.address}/flow")
    sign_in(guest, "nobody")
    guest.get_by_role("button", name="Sign in").wait_for()


@pytest.mark.parametrize("who", [None, "eve", "nobody-in-particular"])
def test_no_byte_of_data_reaches_who_may_see_nothing(house, issuer, who):
    cookies = signed_in(house.address, issuer, who) if who else None
    shown = look(house.address, "/flow", cookies=cookies)
    assert shown.exceptions == []
    for word in (b"throughput", b"cycle time", b"Data as of", b"Harbour"):
        assert word not in shown.sent


def test_who_may_see_is_shown_data_over_the_same_connection(house, issuer):
    shown = look(house.address, "/flow", cookies=signed_in(house.address, issuer, "ann"))
    assert shown.exceptions == []
    assert b"Data as of" in shown.sent
