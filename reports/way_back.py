"""Where somebody wanted to go before they had to sign in.

Streamlit returns to the first page. So the address of the page somebody opens is kept in a cookie for a few minutes,
and a sign-in that ends meanwhile leads there. What comes back from a browser is checked like any input: it can lead to
pages of ours alone.
"""

from urllib.parse import quote, unquote

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response

from reports.catalogue import MENU

COOKIE = "fairlead_wanted"
SECONDS = 900
CALLBACK, SIGN_OUT = "/oauth2callback", "/auth/logout"
LONGEST = 2000
"""Characters. Browsers drop cookies above 4096 bytes, and no link of ours is nearly as long."""
PATHS = frozenset({"/", *(f"/{place.key}" for place in MENU)})
"""Shared links are not among them: they need no sign-in, and nobody is to keep their tokens."""


def own_page(address: str) -> str | None:
    """The address if it is a page of this server, with its filters; None for another host, a file or a second line."""
    is_plain = address.isascii() and address.isprintable() and not set(address) & set(' \\"<>')
    return address if is_plain and len(address) <= LONGEST and address.partition("?")[0] in PATHS else None


def follow(request: Request, headers: MutableHeaders) -> None:
    """Keep the address of a page that is opened; lead there after a sign-in; forget it when somebody signs out."""
    path = request.scope["path"]
    if path == CALLBACK and headers.get("location") == "/":
        headers["location"] = own_page(unquote(request.cookies.get(COOKIE, ""))) or "/"
    if path in {CALLBACK, SIGN_OUT}:
        headers.append("set-cookie", _cookie("", 0))
    elif request.method == "GET" and path in PATHS:
        query = request.scope["query_string"].decode("latin-1")
        headers.append("set-cookie", _cookie(own_page(f"{path}?{query}".rstrip("?")) or "", SECONDS))


def _cookie(value: str, seconds: int) -> str:
    response = Response()
    response.set_cookie(COOKIE, quote(value, safe=""), max_age=seconds, httponly=True, samesite="lax")
    return response.headers["set-cookie"]
