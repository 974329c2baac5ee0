"""Addresses that a token may travel to."""

import ipaddress
from urllib.parse import urlsplit

from fairlead.errors import SourceError


def refuse_clear_text(address: str, *, who: str, setting: str) -> None:
    """Raises `SourceError` where the address is not https, unless it is the machine itself."""
    parts = urlsplit(address)
    if parts.scheme != "https" and not is_loopback(parts.hostname or ""):
        raise SourceError(f"{who}: {setting} is http, which would show the token to everyone between. Use https.")


def is_loopback(host: str) -> bool:
    """Whether the host is the machine itself."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
