"""What a hosted server adds to every answer, hides, and says when something breaks."""

import logging
import sys
from pathlib import Path

import pytest
import requests
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp
from streamlit.runtime.pages_manager import PagesManager
from streamlit.web.server.app_discovery import discover_asgi_app

from fairlead import config
from fairlead.errors import ConfigError
from fairlead.grants import SignInSettings
from reports import hosting
from reports.hosting import Guard, Wordless, auth, hosted
from tests.servers import ROOT, free_port, running
from tests.viewers import finished, look

METADATA = "https://login.example.org/.well-known/openid-configuration"
SECURE = SignInSettings(address="https://fairlead.example.org", metadata_url=METADATA, client_id="fairlead")
PLAIN = SignInSettings(address="http://localhost:8501/", metadata_url=METADATA, client_id="fairlead")
WORDS = "the-secret-of-a-customer"
APP = """
import streamlit as st

from reports import hosting

app = st.App("page.py", **hosting.hosted())
"""
PAGE = """
import streamlit as st

words = "-".join(["the", "secret", "of", "a", "customer"])

def fails():
    raise ValueError(words)

def fails_in_two_steps():
    try:
        raise KeyError(words)
    except KeyError as error:
        raise RuntimeError(words) from error

def fails_in_a_fragment():
    st.fragment(fails)()

def works():
    st.write("Here I am.")

st.navigation([st.Page(works), st.Page(fails), st.Page(fails_in_two_steps), st.Page(fails_in_a_fragment)]).run()
"""


def answered(path, sign_in=None, *, app: ASGIApp | None = None):
    """Status and headers (a list for each name) of an answer."""
    sent = []

    async def send(message):
        sent.append(message)

    async def receive():
        return {"type": "http.request"}

    scope = {"type": "http", "method": "GET", "path": path, "query_string": b"", "headers": []}
    finished(Guard(app or PlainTextResponse("here"), sign_in)(scope, receive, send))
    headers = {}
    for name, value in sent[0]["headers"]:
        headers.setdefault(name.decode(), []).append(value.decode())
    return sent[0]["status"], headers


def with_cookies(*cookies):
    answer = PlainTextResponse("here")
    for cookie in cookies:
        answer.headers.append("set-cookie", cookie)
    return answer


@pytest.mark.parametrize("path", ["/", "/flow", "/media/1.csv", "/static/js/index.js", "/_stcore/health", "/nowhere"])
def test_every_answer_has_each_security_header_once(path):
    _, headers = answered(path, SECURE)
    assert {name: headers[name.lower()] for name in hosting.HEADERS} == {n: [v] for n, v in hosting.HEADERS.items()}
    assert headers["strict-transport-security"] == ["max-age=31536000"]


def test_no_other_host_may_be_loaded_from_asked_or_frame_us():
    policy = hosting.HEADERS["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "http" not in policy
    assert "unsafe-eval" not in policy
    assert "'unsafe-inline'" not in policy.split("script-src")[1].split(";")[0]


def test_browsers_keep_no_data_but_streamlits_own_files():
    assert answered("/flow")[1]["cache-control"] == ["no-store"]
    assert answered("/media/1.csv")[1]["cache-control"] == ["no-store"]
    assert "cache-control" not in answered("/static/js/index.js")[1]


def test_https_is_promised_only_where_it_is_spoken():
    assert "strict-transport-security" not in answered("/", PLAIN)[1]
    assert "strict-transport-security" not in answered("/")[1]


@pytest.mark.parametrize(
    "path",
    ["/_stcore/metrics", "/_stcore/agent/openapi.json", "/_stcore/agent/interact", "/_stcore/script-health-check"],
)
def test_what_the_server_tells_of_itself_is_hidden(path):
    status, headers = answered(path, SECURE)
    assert status == 404
    assert headers["x-content-type-options"] == ["nosniff"]


def test_over_https_every_cookie_is_secure_once():
    app = with_cookies("a=1; Path=/; HttpOnly", "b=2; Path=/; Secure")
    cookies = answered("/static/x", SECURE, app=app)[1]["set-cookie"]
    assert cookies == ["a=1; Path=/; HttpOnly; Secure", "b=2; Path=/; Secure"]


def test_over_http_cookies_stay_as_they_are():
    assert answered("/static/x", PLAIN, app=with_cookies("a=1; Path=/"))[1]["set-cookie"] == ["a=1; Path=/"]


def test_where_nobody_signs_in_no_address_is_kept():
    assert "set-cookie" not in answered("/flow")[1]
    assert answered("/flow", SECURE)[1]["set-cookie"][0].startswith("fairlead_wanted=%2Fflow;")


def test_streamlit_is_told_of_one_provider_and_where_to_come_back_to(monkeypatch):
    monkeypatch.setenv("FAIRLEAD_CLIENT_SECRET", "of the client")
    monkeypatch.setenv("FAIRLEAD_COOKIE_SECRET", "of the cookies")
    told = auth(PLAIN)
    assert told["redirect_uri"] == "http://localhost:8501/oauth2callback"
    assert (told["client_id"], told["client_secret"]) == ("fairlead", "of the client")
    assert told["cookie_secret"] == "of the cookies"  # noqa: S105 (invented)
    assert told["server_metadata_url"] == METADATA
    assert told["client_kwargs"]["scope"] == "openid email profile"


def test_a_missing_secret_is_named(monkeypatch):
    monkeypatch.setenv("FAIRLEAD_COOKIE_SECRET", "of the cookies")
    monkeypatch.delenv("FAIRLEAD_CLIENT_SECRET", raising=False)
    with pytest.raises(ConfigError, match="FAIRLEAD_CLIENT_SECRET is not set"):
        auth(PLAIN)


def test_a_missing_secret_ends_the_server_in_words(monkeypatch, tmp_path):
    text = f'[sign_in]\naddress = "https://a.example"\nmetadata_url = "{METADATA}"\nclient_id = "x"\n'
    (tmp_path / "fairlead.toml").write_text(text, "utf-8")
    monkeypatch.setenv(config.CONFIG_VARIABLE, str(tmp_path / "fairlead.toml"))
    monkeypatch.delenv("FAIRLEAD_COOKIE_SECRET", raising=False)
    with pytest.raises(SystemExit, match="Error: FAIRLEAD_COOKIE_SECRET is not set"):
        hosted()


def test_streamlit_finds_our_application_by_reading_the_file():
    assert discover_asgi_app(ROOT / "server.py").import_string == "server:app"


def test_streamlit_still_has_the_switch_that_lets_page_files_run_alone():
    """`hosted` sets an internal name of Streamlit's. Where it is gone, the way past dashboard.py is open again."""
    assert "uses_pages_directory" in vars(PagesManager)
    source = Path(sys.modules[PagesManager.__module__].__file__).read_text("utf-8")
    assert "if PagesManager.uses_pages_directory is None:" in source


def test_the_log_says_what_kind_of_error_and_where_but_not_its_words():
    with pytest.raises(ValueError, match=WORDS) as failing:
        raise ValueError(WORDS) from KeyError(WORDS)
    given = (failing.type, failing.value, failing.tb)
    record = Wordless("x", logging.ERROR, __file__, 1, "It failed in %s", ("a page",), given)
    said = logging.Formatter().format(record)
    assert said.startswith("It failed in a page\n")
    assert "KeyError\n" in said
    assert said.endswith("ValueError")
    assert "test_hosting.py" in said
    assert WORDS not in said


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A server of pages that fail, and one that works."""
    folder, port = tmp_path_factory.mktemp("failing"), free_port()
    (folder / "server.py").write_text(APP, "utf-8")
    (folder / "page.py").write_text(PAGE, "utf-8")
    (folder / "pages").mkdir()
    (folder / "pages" / "alone.py").write_text("import streamlit as st\nst.write('Past the door.')\n", "utf-8")
    options = {"server.port": port, "server.address": "127.0.0.1", "server.headless": True}
    given = [word for name, value in options.items() for word in (f"--{name}", str(value).lower())]
    command = [sys.executable, "-m", "streamlit", "run", "server.py", *given, "--browser.gatherUsageStats", "false"]
    more = {config.CONFIG_VARIABLE: config.NO_FILE, "STREAMLIT_SERVER_FILE_WATCHER_TYPE": "none"}
    with running(command, folder=folder, port=port, more=more) as started:
        yield started


def test_a_fresh_server_runs_no_page_file_past_the_door(server):
    assert b"Past the door." not in look(server.address, "/alone").sent


@pytest.mark.parametrize("page", ["/fails", "/fails_in_two_steps", "/fails_in_a_fragment"])
def test_a_viewer_reads_a_reference_and_nothing_of_the_error(server, page):
    shown = look(server.address, page)
    assert WORDS.encode() not in shown.sent
    assert b"Traceback" not in shown.sent
    assert b", line " not in shown.sent
    assert not [kind for kind in (b"ValueError", b"RuntimeError", b"KeyError") if kind in shown.sent]
    (said,) = [text for text in shown.texts if "Something went wrong here." in text]
    reference = said.split("reference ")[1].split(":")[0]
    assert f"Reference {reference}" in server.said()
    assert WORDS not in server.said()


def test_a_page_that_works_is_left_alone(server):
    shown = look(server.address)
    assert "Here I am." in shown.texts


def test_what_fails_before_a_page_runs_is_told_without_details():
    asked = Request({"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": []})
    answer = finished(hosting.failed(asked, ValueError(WORDS)))
    assert answer.status_code == 500
    assert WORDS.encode() not in answer.body
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_the_page_itself_carries_the_headers(server):
    answer = requests.get(f"{server.address}/anywhere", timeout=10)
    assert answer.headers["Content-Security-Policy"] == hosting.HEADERS["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert requests.get(f"{server.address}/_stcore/metrics", timeout=10).status_code == 404
