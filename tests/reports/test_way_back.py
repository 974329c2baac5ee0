"""Where somebody is led after a sign-in: to the page they asked for, and never anywhere else."""

from urllib.parse import quote

import pytest
from starlette.datastructures import MutableHeaders
from starlette.requests import Request

from reports.way_back import CALLBACK, COOKIE, SIGN_OUT, follow, own_page


def asked(path, query="", cookie="", method="GET"):
    headers = [(b"cookie", f"{COOKIE}={cookie}".encode())] if cookie else []
    return Request({"type": "http", "method": method, "path": path, "query_string": query.encode(), "headers": headers})


def followed(request, **headers):
    """The headers of the answer to a request."""
    answer = MutableHeaders(headers)
    follow(request, answer)
    return answer


def kept(path, query=""):
    """What the cookie holds after a page was opened."""
    return followed(asked(path, query))["set-cookie"].split(";")[0].removeprefix(f"{COOKIE}=")


def led_to(cookie):
    """Where a sign-in that ends with this cookie leads."""
    return followed(asked(CALLBACK, cookie=cookie), location="/")["location"]


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/flow", ""),
        ("/", "team=Harbour"),
        ("/flow", "team=Harbour&team=B%C3%BCro%20S%C3%BCd&window=90"),
        ("/milestone", "milestone=jira%3ASITE%3A1&of=a%26b%3Bc"),
    ],
)
def test_a_sign_in_leads_to_the_page_that_was_asked_for_with_its_filters(path, query):
    assert led_to(kept(path, query)) == (f"{path}?{query}" if query else path)


@pytest.mark.parametrize(
    "address",
    [
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https://evil.example/flow",
        "javascript:alert(1)",
        "/flow@evil.example",
        "/flow/../../evil",
        "/flow/",
        "/flowing",
        "/auth/logout",
        "/oauth2callback?code=1",
        "/_stcore/health",
        "/media/abc.csv",
        "flow",
        "",
        "?team=Harbour",
        "/flow\r\nSet-Cookie: a=b",
        "/flow?a=b\nLocation: https://evil.example",
        "/flow?\x00",
        "/flow?team=Büro",
        "/flow?a=b c",
        '/flow?"><script>',
        "/flow?" + "a" * 2000,
    ],
)
def test_nothing_but_a_page_of_ours_is_led_to(address):
    assert own_page(address) is None
    assert led_to(quote(address, safe="")) == "/"


def test_without_a_cookie_a_sign_in_leads_to_the_first_page():
    assert followed(asked(CALLBACK), location="/")["location"] == "/"


def test_a_way_to_the_provider_is_left_alone():
    there = "https://login.example.org/authorize"
    assert followed(asked(CALLBACK, cookie=kept("/flow")), location=there)["location"] == there


def test_the_cookie_is_for_the_server_alone_and_short_lived():
    cookie = followed(asked("/flow"))["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Max-Age=900" in cookie


@pytest.mark.parametrize("path", [CALLBACK, SIGN_OUT])
def test_the_cookie_ends_with_a_sign_in_and_with_a_sign_out(path):
    assert "Max-Age=0" in followed(asked(path, cookie=kept("/flow")), location="/")["set-cookie"]


@pytest.mark.parametrize("path", ["/static/js/index.js", "/_stcore/health", "/media/1.csv", "/auth/login", "/nowhere"])
def test_what_is_not_a_page_is_not_kept(path):
    assert "set-cookie" not in followed(asked(path))


def test_only_opening_a_page_keeps_it():
    assert "set-cookie" not in followed(asked("/flow", method="HEAD"))


def test_a_query_that_is_too_long_is_not_kept():
    assert kept("/flow", "a" * 3000) == '""'
