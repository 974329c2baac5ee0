"""The shipped nginx configuration in front of two replicas, with TLS, in a real browser."""

import http.client
import random
import ssl
import time
import uuid
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
import requests

from reports.hosting import HEADERS
from tests.e2e.conftest import opened_tab
from tests.e2e.test_sign_in import ACCESS, ANN, EVE, NOBODY, STAN, sign_in
from tests.oidc import Person, provider, signed_in
from tests.proxy import NGINX, proxied
from tests.servers import free_port, serving
from tests.viewers import look

SHUFFLED = random.Random(20261121)  # noqa: S311 (names of groups)
JOINER = Person(
    "joiner",
    "joiner@example.org",
    groups=("sales", *(str(uuid.UUID(int=SHUFFLED.getrandbits(128))) for _ in range(199))),
)
"""Somebody whose groups fill several cookies."""

pytestmark = pytest.mark.skipif(NGINX is None, reason="nginx is not installed here")


@pytest.fixture(scope="module")
def issuer():
    with provider(ANN, STAN, EVE, NOBODY, JOINER) as given:
        yield given


@pytest.fixture(scope="module")
def town(issuer, tmp_path_factory):
    """Two replicas on one store, and nginx before them."""
    folder, port, ports = tmp_path_factory.mktemp("town"), free_port(), [free_port(), free_port()]
    (folder / "fairlead.toml").write_text(issuer.sign_in(f"https://localhost:{port}") + ACCESS, "utf-8")
    with (
        serving(folder, port=ports[0], more=issuer.secrets()) as first,
        serving(folder, port=ports[1], more=issuer.secrets()) as second,
        proxied(folder, ports, port=port) as proxy,
    ):
        yield proxy, first, second


@pytest.fixture
def proxy(town):
    return town[0]


@pytest.fixture
def guest(browser):
    """A tab that trusts our certificate."""
    with opened_tab(browser, ignore_https_errors=True) as page:
        page.set_default_timeout(60_000)
        yield page


def headers(proxy, path):
    """Status and all headers of an answer, doubled ones too."""
    connection = http.client.HTTPSConnection(
        urlsplit(proxy.address).netloc, context=ssl.create_default_context(cafile=proxy.certificate), timeout=30
    )
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status, answer.headers


@contextmanager
def trusting(proxy):
    """Requests that trust our certificate, whatever the environment says."""
    with requests.Session() as session:
        session.trust_env, session.verify = False, proxy.certificate
        yield session


def replicas_that_answered(proxy, since, path):
    """Upstream addresses in the log of what was asked for at a path; nginx writes a line after it has answered."""
    deadline = time.monotonic() + 10
    found: set[str] = set()
    while not found and time.monotonic() < deadline:
        time.sleep(0.2)
        found = {line.split()[-2] for line in proxy.log()[since:] if line.split()[3] == path}
    return found


def test_sign_in_and_pages_work_over_tls(guest, proxy):
    guest.goto(f"{proxy.address}/flow?window=365")
    sign_in(guest, "ann")
    guest.get_by_role("heading", name="Flow", level=1).wait_for()
    guest.wait_for_selector(".js-plotly-plot")
    assert guest.url.startswith(f"{proxy.address}/flow?")
    cookies = guest.context.cookies()
    assert {cookie["name"] for cookie in cookies} >= {"_streamlit_user", "_streamlit_xsrf", "fairlead_route"}
    assert all(cookie["secure"] for cookie in cookies)


def test_a_download_comes_through(guest, proxy):
    guest.goto(f"{proxy.address}/flow")
    sign_in(guest, "ann")
    with guest.expect_download() as download:
        guest.get_by_role("button", name="CSV").first.click()
    assert download.value.suggested_filename.endswith(".csv")


@pytest.mark.parametrize("path", ["/", "/flow", "/_stcore/health", "/static/nothing.js", "/auth/login"])
def test_each_security_header_is_there_exactly_once(proxy, path):
    _, found = headers(proxy, path)
    wanted = dict(HEADERS) | {"Strict-Transport-Security": "max-age=31536000"}
    assert {name: found.get_all(name) for name in wanted} == {name: [value] for name, value in wanted.items()}
    assert len(found.get_all("Cache-Control") or []) <= 1
    assert found["Server"] == "nginx"


def test_plain_http_leads_to_https_with_path_and_query(proxy):
    answer = requests.get(f"{proxy.plain_address}/flow?team=a%20b", allow_redirects=False, timeout=10)
    assert answer.status_code == 301
    assert answer.headers["Location"] == f"{proxy.address}/flow?team=a%20b"


def test_the_health_check_answers_and_metrics_do_not(proxy):
    assert headers(proxy, "/healthz")[0] == 200
    assert headers(proxy, "/_stcore/metrics")[0] == 404
    assert headers(proxy, "/_stcore/agent/openapi.json")[0] == 404


def test_another_name_gets_no_answer(proxy):
    context = ssl.create_default_context(cafile=proxy.certificate)
    context.check_hostname = False
    connection = http.client.HTTPSConnection("127.0.0.1", urlsplit(proxy.address).port, context=context, timeout=10)
    with pytest.raises(ssl.SSLError):
        connection.connect()


def test_scripts_are_compressed_and_come_from_the_cache_with_their_headers(proxy):
    with trusting(proxy) as session:
        page = session.get(f"{proxy.address}/", timeout=10).text
        script = "/static/" + page.split('src="./static/')[1].split('"')[0]
        session.get(proxy.address + script, timeout=10)
        since = len(proxy.log())
        again = session.get(proxy.address + script, timeout=10)
    assert again.headers["Content-Encoding"] == "gzip"
    assert again.headers["X-Content-Type-Options"] == "nosniff"
    assert "max-age=31536000" in again.headers["Cache-Control"]
    assert "Set-Cookie" not in again.headers
    assert replicas_that_answered(proxy, since, script) == {"-"}


def test_a_visitor_stays_with_one_replica(proxy, issuer):
    cookies = signed_in(proxy.address, issuer, "ann", verify=proxy.certificate)
    since = len(proxy.log())
    for _ in range(4):
        shown = look(proxy.address, "/flow", cookies=cookies, verify=proxy.certificate)
        assert b"Data as of" in shown.sent
    assert len(replicas_that_answered(proxy, since, "/_stcore/stream")) == 1


def test_somebody_in_two_hundred_groups_gets_in(proxy, issuer):
    cookies = signed_in(proxy.address, issuer, "joiner", verify=proxy.certificate)
    assert sum(len(value) for value in cookies.values()) > 8192
    assert b"Data as of" in look(proxy.address, "/flow", cookies=cookies, verify=proxy.certificate).sent


def test_visitors_are_shared_among_replicas(proxy):
    since = len(proxy.log())
    for n in range(16):
        look(proxy.address, "/", cookies={"fairlead_route": f"visitor-{n}"}, verify=proxy.certificate)
    assert len(replicas_that_answered(proxy, since, "/_stcore/stream")) == 2


def test_a_websocket_from_another_site_is_refused(proxy):
    with pytest.raises(Exception, match="403"):
        look(proxy.address, "/", origin="https://evil.example", verify=proxy.certificate)


def test_the_log_holds_no_query_and_no_referrer(proxy):
    referrer = {"Referer": f"{proxy.address}/shared?link=another-token"}
    with trusting(proxy) as session:
        session.get(f"{proxy.address}/shared?link=a-token-of-a-link", headers=referrer, timeout=10)
    assert len(replicas_that_answered(proxy, 0, "/shared")) == 1
    said = "\n".join(proxy.log())
    assert "link=" not in said
    assert "another-token" not in said


def test_when_a_replica_ends_its_visitors_go_on_with_the_other(town, issuer):
    """The last test: it ends a replica."""
    proxy, _, second = town
    second.process.terminate()
    second.process.wait(timeout=20)
    for n in range(8):
        shown = look(proxy.address, "/", cookies={"fairlead_route": f"visitor-{n}"}, verify=proxy.certificate)
        assert shown.runs >= 1
    cookies = signed_in(proxy.address, issuer, "ann", verify=proxy.certificate)
    assert b"Data as of" in look(proxy.address, "/flow", cookies=cookies, verify=proxy.certificate).sent
