"""One connection to GitHub: PyGithub signs in and carries, the questions are ours.

PyGithub's own defaults send a query that timed out ten more times at once, which GitHub charges for, and hold every
GraphQL query to one a second. Here a timed-out query surfaces as `TooHeavyError`, so that the caller asks for less, and
the pace is ours: one query in flight, none sooner than `PAUSE` after the one before.
"""

import ipaddress
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import github
import pandas as pd
import requests

from fairlead import config
from fairlead.errors import SourceError

PAUSE = 0.1
"""Seconds between two queries. GitHub allows 2,000 points a minute and a page costs up to three."""

TIME_OUT = 30
"""Seconds to wait for an answer; GitHub itself gives up after ten."""

GATEWAY_FAULTS = {502, 504}


class TooHeavyError(SourceError):
    """GitHub could not answer in time: ask for fewer items."""


class StaleCursorError(SourceError):
    """GitHub no longer knows the place where an earlier run stopped."""


@dataclass(frozen=True)
class Answer:
    """What GitHub said: the data, what it cost in points, the server's clock, and the kinds of faults beside it."""

    data: Mapping[str, Any]
    points: int
    at: pd.Timestamp | None
    faults: frozenset[str] = frozenset()


class Client:
    """Sends queries with one token, one after the other."""

    def __init__(
        self,
        connection: config.GithubConnection,
        *,
        sleep: Callable[[float], None] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Raises `ConfigError` where the token's variable is not set."""
        self._connection = connection
        self._sleep, self._monotonic = sleep, monotonic
        self._not_before = 0.0
        self._requester = _requester(rest_address(connection.base_url), config.secret(connection.token_env))

    def query(self, text: str, variables: Mapping[str, object]) -> Answer:
        """Ask once.

        Raises:
            TooHeavyError: time-out or resource limit; the same query would fail again.
            StaleCursorError: a cursor in `variables` is not valid.
            SourceError: anything else; never shows what the server sent.
        """
        self._wait()
        try:
            headers, body = self._requester.graphql_query(text, dict(variables))
        except github.GithubException as error:
            headers, body = self._partial(error)
        except json.JSONDecodeError:
            raise SourceError(self._not_github()) from None
        except requests.Timeout:
            raise TooHeavyError(f"github: no answer within {TIME_OUT} s.") from None
        except requests.RequestException as error:
            host = urlsplit(self._connection.base_url).hostname
            raise SourceError(f"github: {host} cannot be reached ({type(error).__name__}). Run sync again.") from None
        return self._answer(headers, body)

    def _wait(self) -> None:
        now = self._monotonic()
        if now < self._not_before:
            self._sleep(self._not_before - now)
        self._not_before = max(now, self._not_before) + PAUSE

    def _partial(self, error: github.GithubException) -> tuple[dict[str, Any], dict[str, Any]]:
        """PyGithub raises on every error in an answer; the data that came with it are in the exception."""
        body = error.data
        if isinstance(body, dict) and "errors" in body:
            return dict(error.headers or {}), body
        if error.status in GATEWAY_FAULTS:
            raise TooHeavyError(f"github: {error.status}, the query took too long.") from None
        raise SourceError(self._says(error.status)) from None

    def _says(self, status: int) -> str:
        token = self._connection.token_env
        if status == 401:
            return f"github: 401, the token in {token} is not accepted. It may have expired; make a new one."
        if status in {403, 429}:
            return (
                f"github: {status}, refused or asked too often. Run sync again in an hour; if it stays, check what the "
                f"token in {token} may read (docs/sources.md)."
            )
        if status == 404:
            return f"github: 404 at {rest_address(self._connection.base_url)}. Check base_url."
        return f"github: the server answered {status}. Run sync again later."

    def _not_github(self) -> str:
        host = urlsplit(self._connection.base_url).hostname
        return (
            f"github: {host} sent something else than GitHub's data, perhaps a sign-in page. Check base_url and proxy."
        )

    def _answer(self, headers: Mapping[str, Any], body: Mapping[str, Any]) -> Answer:
        faults = frozenset(_kind(fault) for fault in body.get("errors") or [])
        if "TOO_HEAVY" in faults:
            raise TooHeavyError("github: the query exceeds GitHub's resource limits.")
        if "INVALID_CURSOR_ARGUMENTS" in faults:
            raise StaleCursorError("github: the place where the last run stopped is no longer valid.")
        if "RATE_LIMITED" in faults or ("data" not in body and not faults):
            raise SourceError("github: the rate limit is used up. Run sync again in an hour; what was read is kept.")
        data = body.get("data")
        if isinstance(data, str):
            raise SourceError(self._not_github())
        if not data:
            raise SourceError(f"github: the query was refused ({', '.join(sorted(faults))}).")
        points = int((data.get("rateLimit") or {}).get("cost") or 0)
        return Answer(data, points, _server_time(headers), faults)


def rest_address(base_url: str) -> str:
    """The REST address PyGithub wants, however the server was written down.

    github.com and data-residency hosts (`x.ghe.com`) answer at `api.`; an Enterprise Server at `/api/v3`.
    """
    parts = urlsplit(base_url.rstrip("/"))
    host = parts.hostname or ""
    if host in {"github.com", "www.github.com", "api.github.com"}:
        return "https://api.github.com"
    if host.endswith(".ghe.com"):
        return f"{parts.scheme}://api.{host.removeprefix('api.')}"
    return f"{parts.scheme}://{parts.netloc}/api/v3"


def _requester(address: str, token: str) -> Any:  # noqa: ANN401 (PyGithub does not export its type)
    _refuse_clear_text(address)
    retry = github.GithubRetry(
        total=4, read=0, status_forcelist=[429], backoff_factor=1, secondary_rate_wait=60, max_rate_limit_wait=900
    )
    return github.Github(
        base_url=address,
        auth=github.Auth.Token(token),
        retry=retry,
        timeout=TIME_OUT,
        user_agent="fairlead",
        seconds_between_requests=None,
        seconds_between_writes=None,
    ).requester


def _refuse_clear_text(address: str) -> None:
    parts = urlsplit(address)
    if parts.scheme != "https" and not _is_loopback(parts.hostname or ""):
        raise SourceError("github: base_url is http, which would show the token to everyone between. Use https.")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _kind(fault: Mapping[str, Any]) -> str:
    """The fault's type, one word. GitHub says time-outs in prose only."""
    said = str(fault.get("message", ""))
    if fault.get("type") == "RESOURCE_LIMITS_EXCEEDED" or said.startswith(("Something went wrong", "Resource limits")):
        return "TOO_HEAVY"
    return str(fault.get("type") or (fault.get("extensions") or {}).get("code") or "UNTYPED")


def _server_time(headers: Mapping[str, Any]) -> pd.Timestamp | None:
    sent = headers.get("date")
    return pd.Timestamp(parsedate_to_datetime(str(sent))).tz_convert("UTC") if sent else None
