"""What an exchange with GitHub means: an answer, or one of the faults of `faults`. Pure.

GitHub says "not now" in several ways. Both rate limits come as HTTP 403, as 429, or as 200 with an error or a bare
message where the data should be; a query that took too long as 502, as 504, or as 200 with prose and gaps in the data.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from connectors import waiting
from connectors.github.faults import (
    LimitedError,
    NotAllowedError,
    RefusedError,
    StaleCursorError,
    TooHeavyError,
    UnauthorizedError,
    UnsteadyError,
)

RIGHTS = frozenset({"FORBIDDEN", "NOT_FOUND", "INSUFFICIENT_SCOPES"})
"""Faults that concern what the token may see."""

RESOURCE = "graphql"
"""The rate limit that counts for us; other interfaces of GitHub have limits, and headers, of their own."""

Fault = Mapping[str, Any]


@dataclass(frozen=True)
class Where:
    """Who is asked with which secret: what a message about a fault may name."""

    host: str
    address: str
    token_env: str


@dataclass(frozen=True)
class Exchange:
    """What came back: status, headers by lower-case name, and the body as JSON, `None` where it is none."""

    status: int
    headers: Mapping[str, str]
    body: Any


@dataclass(frozen=True)
class Answer:
    """What GitHub said.

    The data, what they cost in points, the server's clock, the kinds of faults beside the data, the names under which
    something was asked for that does not exist, what the headers tell (points left, the token's scopes where it is a
    classic one, the version of an Enterprise Server), and how many seconds the server took.
    """

    data: Mapping[str, Any]
    points: int = 0
    at: pd.Timestamp | None = None
    faults: frozenset[str] = frozenset()
    absent: frozenset[str] = frozenset()
    rate_left: int | None = None
    scopes: str | None = None
    version: str = ""
    seconds: float = math.inf


def answer(exchange: Exchange, where: Where) -> Answer:
    """The answer in an exchange. Raises the faults of `faults`."""
    _refuse_status(exchange, where)
    body = exchange.body
    if not isinstance(body, dict):
        raise UnsteadyError(_not_github(where))
    errors = [fault for fault in body.get("errors") or [] if isinstance(fault, dict)]
    kinds = frozenset(_kind(fault) for fault in errors)
    _refuse_kinds(kinds, exchange)
    data = body.get("data")
    if not errors and "message" in body and not data:
        raise LimitedError(_wait(exchange.headers))
    if not kinds and not isinstance(data, dict):
        raise UnsteadyError(_not_github(where))
    if not data:
        refused = NotAllowedError if kinds <= RIGHTS else RefusedError
        raise refused(f"github: the query was refused ({', '.join(sorted(kinds))}).")
    return _told(data, errors, kinds, exchange.headers)


def _told(
    data: Mapping[str, Any], errors: Iterable[Fault], kinds: frozenset[str], headers: Mapping[str, str]
) -> Answer:
    return Answer(
        data,
        points=int((data.get("rateLimit") or {}).get("cost") or 0),
        at=waiting.server_clock(headers),
        faults=kinds,
        absent=frozenset(_place(fault) for fault in errors if _kind(fault) == "NOT_FOUND"),
        rate_left=_rate_left(headers),
        scopes=headers.get("x-oauth-scopes"),
        version=headers.get("x-github-enterprise-version", ""),
    )


def _refuse_status(exchange: Exchange, where: Where) -> None:
    """Raise what the HTTP status says, if it is not success."""
    status, said = exchange.status, _message(exchange.body)
    if status in {502, 504}:
        raise TooHeavyError(f"github: {status}, the query took too long.")
    if status in {403, 429} and _is_limit(exchange, said):
        raise LimitedError(_wait(exchange.headers))
    if status == 401:
        raise UnauthorizedError(
            f"github: 401, the secret in {where.token_env} is not accepted. It may have expired; make a new one."
        )
    if status == 403:
        raise RefusedError(
            f"github: 403, refused. Check what the token in {where.token_env} may read (docs/sources.md), and whether "
            "it is approved for single sign-on."
        )
    if status == 404:
        raise RefusedError(f"github: 404 at {where.address}. Check base_url.")
    if status >= 500:
        raise UnsteadyError(f"github: the server answered {status}. Run sync again later.")
    if not 200 <= status < 300:
        raise RefusedError(f"github: the server answered {status}. Check base_url and proxy.")


def _refuse_kinds(kinds: frozenset[str], exchange: Exchange) -> None:
    """Raise what faults in the body say, where nothing beside them can be used."""
    if "TOO_HEAVY" in kinds:
        raise TooHeavyError("github: the query exceeds GitHub's resource limits.")
    if "INVALID_CURSOR_ARGUMENTS" in kinds:
        raise StaleCursorError("github: the place where the last run stopped is no longer valid.")
    if kinds & {"RATE_LIMITED", "RATE_LIMIT"}:
        raise LimitedError(_until_reset(exchange.headers) or _wait(exchange.headers))


def _is_limit(exchange: Exchange, said: str) -> bool:
    has_run_out = exchange.headers.get("x-ratelimit-remaining") == "0"
    return exchange.status == 429 or has_run_out or "retry-after" in exchange.headers or "rate limit" in said


def _wait(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait, where the server says."""
    asked = waiting.retry_after(headers)
    if asked is None and headers.get("x-ratelimit-remaining") == "0":
        return _until_reset(headers)
    return asked


def _until_reset(headers: Mapping[str, str]) -> float | None:
    """Seconds until the primary limit starts anew, by the server's own clock; one more, as it says whole seconds."""
    now, reset = waiting.server_clock(headers), headers.get("x-ratelimit-reset", "")
    if now is None or not reset.isdigit():
        return None
    return max(int(reset) - now.timestamp(), 0.0) + 1


def _rate_left(headers: Mapping[str, str]) -> int | None:
    left = headers.get("x-ratelimit-remaining", "")
    return int(left) if left.isdigit() and headers.get("x-ratelimit-resource", RESOURCE) == RESOURCE else None


def _message(body: object) -> str:
    return str(body.get("message", "")).lower() if isinstance(body, dict) else ""


def _kind(fault: Fault) -> str:
    """The fault's type, one word. GitHub says time-outs in prose only."""
    said = str(fault.get("message", ""))
    if fault.get("type") == "RESOURCE_LIMITS_EXCEEDED" or said.startswith(("Something went wrong", "Resource limits")):
        return "TOO_HEAVY"
    return str(fault.get("type") or (fault.get("extensions") or {}).get("code") or "UNTYPED")


def _place(fault: Fault) -> str:
    """The name under which something was asked for: the end of the fault's path."""
    return str((fault.get("path") or [""])[-1])


def _not_github(where: Where) -> str:
    return (
        f"github: {where.host} sent something else than GitHub's data, perhaps a sign-in page. "
        "Check base_url and proxy; if both are right, run sync again later."
    )
