"""Viewers without a browser: Streamlit's own protocol over a real WebSocket, so that every delivered byte can be read.

    shown = look("http://localhost:8501", "/flow?team=Harbour", cookies=signed_in(...))
    assert b"Ann" not in shown.sent
    fifty = together([visit(address, "/flow", cookies=cookies) for _ in range(50)])

A viewer connects, asks for a run of a page as the browser's client does, and reads until the run is over and no other
has begun. Where the server leads on (`st.rerun`, `st.switch_page`), the runs that follow are read too.
"""

import asyncio
import ssl
import time
from collections.abc import Awaitable, Coroutine, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import urlsplit

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

T = TypeVar("T")
SECONDS = 90
QUIET_SECONDS = 0.3
"""How long after the end of a run the next one may begin."""
LARGEST = 200 * 2**20


@dataclass
class Shown:
    """What a viewer was sent: every frame as it came, read, and how long the first run took."""

    frames: list[bytes] = field(default_factory=list)
    messages: list[ForwardMsg] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def sent(self) -> bytes:
        """All bytes, in order. Strings in them stand as UTF-8."""
        return b"".join(self.frames)

    @property
    def runs(self) -> int:
        """How many runs of the script ended."""
        return sum(message.WhichOneof("type") == "script_finished" for message in self.messages)

    @property
    def texts(self) -> list[str]:
        """Headings, markdown, alerts, labels: what elements say, in order."""
        return [text for message in self.messages for text in _texts(message)]

    @property
    def exceptions(self) -> list[str]:
        """The messages of exceptions that were shown."""
        return [
            message.delta.new_element.exception.message
            for message in self.messages
            if message.delta.new_element.WhichOneof("type") == "exception"
        ]

    @property
    def media(self) -> list[str]:
        """Addresses of files that were offered, such as downloads."""
        return [
            message.delta.new_element.download_button.url
            for message in self.messages
            if message.delta.new_element.WhichOneof("type") == "download_button"
        ]


def _texts(message: ForwardMsg) -> Iterable[str]:
    """The strings of an element that people read."""
    kind = message.delta.new_element.WhichOneof("type")
    element = getattr(message.delta.new_element, kind) if kind else None
    for name in ("body", "label", "title"):
        said = getattr(element, name, "")
        if isinstance(said, str) and said:
            yield said


def look(address: str, page: str = "/", *, cookies: dict[str, str] | None = None, **more: Any) -> Shown:
    """What somebody is sent who opens a page, as `visit`, to be called from tests that are not asynchronous."""
    return together([visit(address, page, cookies=cookies, **more)])[0]


def together(visits: Sequence[Awaitable[Shown]]) -> list[Shown]:
    """Several viewers at once, as `several`."""
    return finished(several(visits))


def finished(work: Coroutine[Any, Any, T]) -> T:
    """What asynchronous work comes to; in a thread, as Playwright keeps a loop running in the one of the tests."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


async def several(visits: Iterable[Awaitable[Shown]]) -> list[Shown]:
    """Several viewers at once; raises what any of them raised."""
    return list(await asyncio.gather(*visits))


async def visit(
    address: str,
    page: str = "/",
    *,
    cookies: dict[str, str] | None = None,
    origin: str | None = None,
    stay_seconds: float = 0.0,
    verify: str | None = None,
) -> Shown:
    """Open a page and read all that comes until its run is over.

    `page` is a path with its query, `origin` what the browser says it comes from (default: `address`), `stay_seconds`
    how long to stay connected afterwards, `verify` the certificate of a server with TLS. Raises `TimeoutError` where no
    run ends, `websockets.exceptions.WebSocketException` where the server does not let us in.
    """
    connection = connect(address, cookies=cookies, origin=origin, verify=verify)
    async with connection as socket:
        shown = await run(socket, address, page)
        await asyncio.sleep(stay_seconds)
    return shown


def connect(
    address: str, *, cookies: dict[str, str] | None = None, origin: str | None = None, verify: str | None = None
) -> websockets.connect:
    """A connection as Streamlit's client opens it: its cookies, and the XSRF token of one of them as a subprotocol."""
    held = cookies or {}
    host = address.replace("http", "ws", 1)
    more: dict[str, Any] = {"ssl": ssl.create_default_context(cafile=verify)} if verify else {}
    return websockets.connect(
        f"{host}/_stcore/stream",
        origin=origin or address,
        subprotocols=["streamlit", *([held["_streamlit_xsrf"]] if "_streamlit_xsrf" in held else [])],
        additional_headers={"Cookie": "; ".join(f"{name}={value}" for name, value in held.items())} if held else None,
        max_size=LARGEST,
        compression=None,
        open_timeout=SECONDS,
        proxy=None,
        **more,
    )


async def run(socket: Any, address: str, page: str = "/") -> Shown:
    """Ask an open connection for a run of a page, and read it."""
    parts = urlsplit(page)
    asked = BackMsg()
    asked.rerun_script.query_string = parts.query
    asked.rerun_script.page_name = parts.path.strip("/")
    asked.rerun_script.context_info.url = address + parts.path
    asked.rerun_script.context_info.timezone = "UTC"
    begin = time.monotonic()
    await socket.send(asked.SerializeToString())
    shown = Shown()
    async with asyncio.timeout(SECONDS):
        while not await _is_over(socket, shown):
            if shown.runs and not shown.seconds:
                shown.seconds = time.monotonic() - begin
    shown.seconds = shown.seconds or time.monotonic() - begin
    return shown


async def _is_over(socket: Any, shown: Shown) -> bool:
    """Read one message; true once runs have ended and for a while nothing came."""
    patience = QUIET_SECONDS if shown.runs and not _is_running(shown) else None
    try:
        async with asyncio.timeout(patience):
            frame = await socket.recv(decode=False)
    except TimeoutError:
        return True
    message = ForwardMsg()
    message.ParseFromString(frame)
    shown.frames.append(frame)
    shown.messages.append(message)
    return False


def _is_running(shown: Shown) -> bool:
    """Whether a run has begun that has not ended, or the last one ended for another to begin."""
    begun = sum(message.WhichOneof("type") == "new_session" for message in shown.messages)
    ends = [message.script_finished for message in shown.messages if message.WhichOneof("type") == "script_finished"]
    return begun > len(ends) or ends[-1:] == [ForwardMsg.FINISHED_EARLY_FOR_RERUN]
