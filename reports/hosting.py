"""What a server that others reach needs besides the dashboard: sign-in, headers, the way back, errors without details.

Streamlit has sign-in but sets no security headers, leaves its cookies without `Secure`, returns to the first page
after a sign-in and answers about itself at addresses nobody needs. `hosted` mends that around it.
"""

import base64
import hashlib
import logging
import re
import secrets
import sys
import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import streamlit as st
import streamlit.config
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.runtime.pages_manager import PagesManager

from fairlead import config
from fairlead.errors import FairleadError
from fairlead.grants import SignInSettings
from fairlead.serving import public_place
from reports import way_back

HIDDEN = ("/_stcore/metrics", "/_stcore/agent", "/_stcore/script-health-check")
"""What Streamlit tells about itself, or lets programs do. Monitoring asks /_stcore/health alone."""
LOG = logging.getLogger("fairlead.hosting")
SAID_OF_ERRORS = (
    "**Something went wrong here.** Tell whoever runs Fairlead the reference {reference}: the log has more."
)
SHELL = Path(st.__file__).parent / "static" / "index.html"
INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)


def _hashes() -> str:
    """The scripts that stand in Streamlit's own page, by their hashes: allowed without allowing any other."""
    found = INLINE_SCRIPT.findall(SHELL.read_text("utf-8"))
    return " ".join(f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" for text in found)


CONTENT_POLICY = {
    "default-src": "'self'",
    "script-src": f"'self' {_hashes()}",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data:",
    "font-src": "'self' data:",
    "connect-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in CONTENT_POLICY.items()),
}
A_YEAR = "max-age=31536000"


def hosted() -> dict[str, Any]:
    """What `st.App` is given beside the script. Ends the process in words where settings or secrets are unfit."""
    try:
        sign_in = config.load().sign_in
        given = {} if sign_in is None else {"auth": auth(sign_in)}
    except FairleadError as error:
        sys.exit(f"Error: {error}")
    logging.setLogRecordFactory(Wordless)
    streamlit.config.set_option("logger.enableRich", False)  # it would print the words of errors past the record
    streamlit.config.set_option("client.showErrorDetails", "none")  # what `say_where_to_ask` misses: faults of syntax
    return {
        "secrets": given,
        "middleware": [Middleware(Guard, sign_in=sign_in)],
        "lifespan": _past_no_door,
        "on_script_error": say_where_to_ask,
        "exception_handlers": {Exception: failed},
    }


def auth(sign_in: SignInSettings) -> dict[str, Any]:
    """Streamlit's [auth] table: one provider without a name. Raises `ConfigError` where a secret is missing.

    The provider asks each time who signs in: on a shared machine the one before must not be taken for the next.
    """
    public_place(sign_in)
    return {
        "redirect_uri": sign_in.address.rstrip("/") + way_back.CALLBACK,
        "cookie_secret": config.secret(sign_in.cookie_secret_env),
        "client_id": sign_in.client_id,
        "client_secret": config.secret(sign_in.client_secret_env),
        "server_metadata_url": sign_in.metadata_url,
        "client_kwargs": {"scope": "openid email profile", "prompt": "select_account"},
    }


@asynccontextmanager
async def _past_no_door(_: st.App) -> AsyncIterator[None]:
    """Switch off Streamlit's own menu of `pages/`: with it a fresh server runs a page's file without dashboard.py."""
    PagesManager.uses_pages_directory = False
    yield


class Guard:
    """ASGI middleware: hides what nobody needs, sets headers, and leads back to where somebody wanted to go."""

    def __init__(self, app: ASGIApp, sign_in: SignInSettings | None) -> None:
        """Stand before `app`."""
        self.app, self.is_signed_in_to = app, sign_in is not None
        self.is_secure = sign_in is not None and sign_in.address.startswith("https://")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or let Streamlit answer and put its answer right."""
        if scope["type"] != "http":
            # Streamlit would compare with its own address outside, and ask another host which that is.
            answering = refused if is_from_elsewhere(scope) else self.app
            await answering(scope, receive, send)
            return

        async def put_right(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._put_right(Request(scope), message)
            await send(message)

        answering = PlainTextResponse("Not Found", 404) if scope["path"].startswith(HIDDEN) else self.app
        await answering(scope, receive, put_right)

    def _put_right(self, request: Request, message: Message) -> None:
        headers = MutableHeaders(scope=message)
        if self.is_signed_in_to:
            way_back.follow(request, headers)
        secure(headers, request.url.path, is_secure=self.is_secure)


def is_from_elsewhere(scope: Scope) -> bool:
    """Whether a WebSocket is opened by a page of another host than the one it is opened at."""
    if scope["type"] != "websocket":
        return False
    headers = Headers(scope=scope)
    origin, host = headers.get("origin"), headers.get("host", "")
    return origin is not None and urlsplit(origin).netloc.lower() != host.lower()


async def refused(scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG001 (an ASGI application)
    """Answer a WebSocket with 403."""
    await send({"type": "websocket.close", "code": 1008})


def secure(headers: MutableHeaders, path: str, *, is_secure: bool) -> None:
    """Set our headers; everything but Streamlit's own files may carry data, so nobody is to keep it."""
    headers.update(HEADERS)
    if not path.startswith("/static/"):
        headers["Cache-Control"] = "no-store"
    if is_secure:
        headers["Strict-Transport-Security"] = A_YEAR
        cookies = headers.getlist("set-cookie")
        del headers["set-cookie"]
        for cookie in cookies:
            headers.append("set-cookie", cookie if "; secure" in cookie.lower() else f"{cookie}; Secure")


class Wordless(logging.LogRecord):
    """A record of the log that says what kind an error was and where it came from, never its words: they hold data."""

    def __init__(self, *given: Any, **named: Any) -> None:  # noqa: ANN401 (as logging makes them)
        """As any record, with the words of an error taken out."""
        super().__init__(*given, **named)
        error = self.exc_info[1] if self.exc_info else None
        if error is not None:
            self.msg, self.args, self.exc_info = f"{self.getMessage()}\n{''.join(_trace(error))}".rstrip(), None, None


def _trace(error: BaseException) -> list[str]:
    """The frames of an error and of what led to it, the latest last."""
    before = error.__cause__ or error.__context__
    frames = traceback.format_tb(error.__traceback__)
    return [*(_trace(before) if before else []), *frames, f"{type(error).__name__}\n"]


def say_where_to_ask(error: Exception) -> bool:
    """Show a reference in place of an error, and log the reference. True: Streamlit shows nothing of its own."""
    st.error(SAID_OF_ERRORS.format(reference=_logged(error)), icon=":material/error:")
    return True


async def failed(request: Request, error: Exception) -> Response:
    """The same for what fails before a page runs. Streamlit's outermost layer answers, so headers are set here."""
    response = PlainTextResponse(f"Something went wrong here. Reference: {_logged(error)}", 500)
    secure(response.headers, request.url.path, is_secure=request.url.scheme == "https")
    return response


def _logged(error: Exception) -> str:
    """A new reference, which the log has with kind and place of the error."""
    reference = secrets.token_hex(4)
    LOG.error("Reference %s", reference, exc_info=error)
    return reference
