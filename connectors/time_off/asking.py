"""Files and calendars → what they hold, raw. The address of a calendar is a secret: nothing that is said tells it."""

import logging
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import requests

from connectors.addresses import is_loopback
from fairlead import config
from fairlead.config import TimeOffSource
from fairlead.errors import ConfigError, SourceError

TIME_OUT = (10, 60)
"""Seconds to wait for a connection, and for the next byte of an answer."""
MOST_BYTES = 10_000_000
"""More than the calendar of a thousand people; reading it takes a few seconds."""
PART_BYTES = 65_536
MOST_REDIRECTS = 5
HEADERS = {"User-Agent": "fairlead", "Accept": "text/calendar"}

Get = Callable[[str], requests.Response]


def fetch(source: TimeOffSource, get: Get | None = None) -> bytes:
    """What the file or calendar holds; `get` asks an address for it.

    Raises:
        ConfigError: the file cannot be read; the variable of the address is not set or holds none.
        SourceError: there is no calendar at the address, or none that can be read; or it is too large.
    """
    if source.file is not None:
        return _from_file(source.file)
    address = _address(source.where)
    try:
        return _from_address(address, source.where, get or _get)
    except requests.Timeout:
        raise SourceError(f"{source.where}: the calendar's server did not answer in time. Run again later.") from None
    except requests.RequestException as error:
        # The error's own text holds the address.
        raise SourceError(
            f"{source.where}: the calendar's server cannot be reached ({type(error).__name__}). Run again."
        ) from None


def _from_file(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}.") from None
    _refuse_size(len(content), str(path))
    return content


def _address(variable: str) -> str:
    """The address in an environment variable. Calendars call https `webcal`."""
    found = config.secret(variable)
    scheme, mark, rest = found.partition("://")
    return f"https{mark}{rest}" if scheme.lower() in {"webcal", "webcals"} else found


def _from_address(address: str, variable: str, get: Get) -> bytes:
    for _ in range(MOST_REDIRECTS + 1):
        _refuse_unsafe(address, variable)
        with get(address) as response:
            if response.is_redirect:
                address = urljoin(address, response.headers["Location"])
                continue
            _refuse_status(response.status_code, variable)
            return _body(response, variable)
    raise SourceError(f"{variable}: the address leads in a circle. Copy the calendar's address anew.")


def _refuse_unsafe(address: str, variable: str) -> None:
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        parts, host = urlsplit(""), ""
    if not host or parts.scheme not in {"https", "http"}:
        raise ConfigError(f"{variable}: holds no address that starts with https://. Copy the calendar's address anew.")
    if parts.scheme != "https" and not is_loopback(host):
        raise SourceError(f"{variable}: the address is http, which would show it to everyone between. Use https.")


def _refuse_status(status: int, variable: str) -> None:
    if status in {429, 500, 502, 503, 504}:
        raise SourceError(f"{variable}: the calendar's server answered {status}. Run again later.")
    if status != 200:
        raise SourceError(
            f"{variable}: {status}, there is no calendar at the address. Private addresses change when they are reset: "
            "copy it anew."
        )


def _body(response: requests.Response, variable: str) -> bytes:
    """Part after part, so that what never ends is not kept."""
    content = bytearray()
    for part in response.iter_content(PART_BYTES):
        content += part
        _refuse_size(len(content), variable)
    return bytes(content)


def _refuse_size(n: int, where: str) -> None:
    if n > MOST_BYTES:
        raise SourceError(f"{where}: is larger than {MOST_BYTES // 1_000_000} MB. Leave out what is years old.")


def _get(address: str) -> requests.Response:
    # At its lowest level it logs addresses.
    logging.getLogger("urllib3.connectionpool").setLevel(logging.INFO)
    # A redirect may lead to plain http: each is looked at before it is followed.
    return requests.get(address, headers=HEADERS, timeout=TIME_OUT, stream=True, allow_redirects=False)
