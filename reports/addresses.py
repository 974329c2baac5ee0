"""Where written words lead: to web addresses, and to pages of ours where a server is known. Nowhere else."""

import re
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

import pandas as pd

OURS = re.compile(r"/[a-z_]+(\?.*)?")
"""`/milestone?milestone=…`: a page of the dashboard, with what is chosen on it."""
SAFE = ":/?#[]@!$&'*+,;=%~"
ANCHORS = ("key", "title", "what")
"""Which column a row's link is written on, the first that is there."""


def web(url: object) -> str:
    """A web address that can be followed, without a character that ends it; empty where it is none.

    Only http and https with a host: a tracker must not plant a script.
    """
    text = url.strip() if isinstance(url, str) else ""
    if not text.startswith(("https://", "http://")):
        return ""
    try:
        has_host = bool(urlsplit(text).hostname)
    except ValueError:  # brackets that hold no IPv6 address
        return ""
    return quote(text, safe=SAFE) if has_host else ""


def followed(url: object, address: str) -> str:
    """The same, and pages of ours at the address of the server; empty where there is no such address."""
    if not isinstance(url, str) or not OURS.fullmatch(url):
        return web(url)
    return web(address.rstrip("/") + url)


@dataclass(frozen=True)
class Evidence:
    """One row of a panel of sentences: what it says, and what that rests on."""

    says: str
    what: str
    url: str


def evidence(row: dict[Hashable, Any], address: str) -> Evidence:
    """A sentence with the address its evidence can be followed to.

    What only a page of ours shows, and no address leads to, is not named: it would be a word that stands for nothing.
    """
    url = followed(row["url"], address)
    is_ours = isinstance(row["url"], str) and row["url"].startswith("/")
    return Evidence(str(row["says"]), "" if is_ours and not url else _text(row["what"]), url)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def of_rows(table: pd.DataFrame, links: tuple[str, ...], address: str) -> list[str]:
    """Where each row leads; empty where nowhere. Only `closely` may lead to pages of ours."""
    found = [""] * len(table)
    for name in links:
        here = [followed(url, address) if name == "closely" else web(url) for url in table[name]]
        found = [first or second for first, second in zip(found, here, strict=True)]
    return found


def anchor(table: pd.DataFrame, links: tuple[str, ...]) -> str | None:
    """The column that a row's link is written on."""
    return next((name for name in ANCHORS if name in table and name not in links), None) if links else None
