"""One connection to a Jira site: the `jira` library signs in and carries, the requests and the patience are ours.

The library's own retries come back too early, fall over a `Retry-After` that is no whole number, and leave gateway
faults and time-outs to the caller; its searches end silently at the first page. So only its session is used.
"""

import json
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import jira
import pandas as pd
import requests
from jira.exceptions import JIRAError

from connectors import addresses, waiting
from fairlead import config
from fairlead.errors import SourceError

TIME_OUT = (10, 60)
"""Seconds to wait for a connection, and for the next byte of an answer."""

PAUSES_S = (1.0, 2.0, 5.0, 10.0, 20.0)
"""Before the second, third … try of what failed; then it has failed."""

SIGN_IN_TRIES = 2
"""How often a sign-in page is asked past: proxies hiccup."""

LONGEST_PAUSE_S = 60.0
"""Where a server does not say how long to wait, the pauses double up to this."""

MOST_DISTANCE_S = 30.0


class RefusedError(SourceError):
    """Jira understood and said no; asking again would not help."""

    def __init__(self, says: str, status: int) -> None:
        """`status` is HTTP's."""
        super().__init__(says)
        self.status = status


class UnansweredError(SourceError):
    """Jira did not manage to answer, several times in a row: asking for less may help."""


@dataclass(frozen=True)
class _Busy:
    """Asked too often. `seconds` to wait, `now` by the server's clock; `None` where it does not tell."""

    seconds: float | None
    now: pd.Timestamp | None


@dataclass(frozen=True)
class _Fault:
    """No answer that can be used; worth `tries` more."""

    says: str
    tries: int = len(PAUSES_S)
    is_refusal: bool = False


class Client:
    """Sends requests with one token, one after the other. Counts them."""

    def __init__(
        self,
        connection: config.JiraConnection,
        settings: config.SyncSettings,
        *,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], pd.Timestamp] | None = None,
    ) -> None:
        """Sends nothing. `now` is asked only where a server that is busy does not tell the time.

        Raises:
            ConfigError: the variable of the token or the user is not set.
            SourceError: the address would show the token to everyone.
        """
        addresses.refuse_clear_text(connection.url, who="jira", setting="url")
        self.connection = connection
        self.host = urlsplit(connection.url).hostname or ""
        self.requests = 0
        self.rate_left: int | None = None
        self.api = "rest/api/2"
        self._longest_wait_s = settings.wait_minutes * 60
        self._sleep, self._now = sleep, now
        self._distance_s: dict[str, float] = {}
        self._jira = _signed_in(connection)  # closes its session when it is collected
        self._session = self._jira._session  # noqa: SLF001 (the library offers no other way to its session)

    def get(self, path: str, params: Mapping[str, Any] | None = None) -> Any:  # noqa: ANN401 (what Jira sends)
        """What Jira sends for a path of its platform API. Raises as `ask`."""
        return self.ask("GET", f"{self.api}/{path}", params=params)

    def post(self, path: str, body: Mapping[str, Any]) -> Any:  # noqa: ANN401
        """As `get`, for questions that do not fit into an address."""
        return self.ask("POST", f"{self.api}/{path}", body=body)

    def agile(self, path: str, params: Mapping[str, Any] | None = None) -> Any:  # noqa: ANN401
        """As `get`, for boards and sprints."""
        return self.ask("GET", f"rest/agile/1.0/{path}", params=params)

    def ask(
        self, method: str, path: str, *, params: Mapping[str, Any] | None = None, body: Mapping[str, Any] | None = None
    ) -> Any:  # noqa: ANN401
        """Ask until there is an answer, or none is to be expected.

        Raises:
            RateLimitedError: the server grants nothing for longer than we wait.
            RefusedError: not signed in, not allowed, not there, not understood.
            UnansweredError: gateway faults, time-outs or cut answers, several times in a row.
        """
        endpoint, failures = _endpoint(method, path), Counter[str]()
        patience = waiting.Patience(self._sleep, self._longest_wait_s)
        if endpoint in self._distance_s:
            self._sleep(self._distance_s[endpoint])
        while True:
            answer = self._once(method, path, params, body)
            if isinstance(answer, _Busy):
                self._wait(answer, patience, endpoint)
            elif isinstance(answer, _Fault):
                failures[answer.says] += 1
                self._pause(answer, failures[answer.says])
            else:
                if not patience.waited:
                    self._ease(endpoint)
                return answer

    def _once(self, method: str, path: str, params: Mapping[str, Any] | None, body: Mapping[str, Any] | None) -> Any:  # noqa: ANN401
        self.requests += 1
        url = f"{self.connection.url.rstrip('/')}/{path}"
        try:
            # A redirect leads to a sign-in page, or to an address that nobody has agreed to send a token to.
            response = self._session.request(method, url, params=params, json=body, allow_redirects=False)
        except JIRAError as error:
            return self._refused(error.response)
        except requests.Timeout:
            return _Fault(f"jira: {self.host} did not answer in time. Run sync again later.", tries=2)
        except requests.RequestException as error:
            return _Fault(f"jira: {self.host} cannot be reached ({type(error).__name__}). Run sync again.")
        return self._read(response)

    def _read(self, response: requests.Response) -> Any:  # noqa: ANN401
        """The body, where it is one."""
        self.rate_left = _whole(response.headers.get("X-RateLimit-Remaining")) or self.rate_left
        if 300 <= response.status_code < 400:
            raise RefusedError(
                f"jira: {self.host} answers with another address, perhaps of a sign-in page. Write the address that "
                "Jira itself answers at into url.",
                response.status_code,
            )
        if _is_page(response):
            return _Fault(self._not_signed_in(), tries=SIGN_IN_TRIES, is_refusal=True)
        try:
            found = response.json()
        except (json.JSONDecodeError, requests.JSONDecodeError, UnicodeDecodeError):
            found = None
        return found if isinstance(found, dict | list) else _Fault(f"jira: {self.host} sent half an answer. Run again.")

    def _refused(self, response: requests.Response | None) -> _Busy | _Fault:
        """What to make of a status that is not good. Raises `RefusedError`."""
        if response is None:
            return _Fault(f"jira: {self.host} sent nothing. Run sync again.")
        status, headers = response.status_code, response.headers
        if status == 429 or (status == 503 and "Retry-After" in headers):
            now = waiting.server_clock(headers) or (self._now and self._now()) or None
            return _Busy(waiting.retry_after(headers, now=now) or _until_reset(headers, now), now)
        if status >= 500:
            return _Fault(f"jira: {self.host} answered {status}. Run sync again later.")
        raise RefusedError(self._says(status), status)

    def _wait(self, busy: _Busy, patience: waiting.Patience, endpoint: str) -> None:
        """Wait as asked, else ever longer; a busy endpoint is asked more slowly for a while, the others are not."""
        seconds = min(max(5.0, patience.waited), LONGEST_PAUSE_S) if busy.seconds is None else busy.seconds
        patience.wait(seconds, who=f"jira {self.host}", now=lambda: self._server_now(busy, seconds))
        distance = self._distance_s.get(endpoint, 0.0)
        self._distance_s[endpoint] = min(max(1.0, 2 * distance), MOST_DISTANCE_S)

    def _server_now(self, busy: _Busy, seconds: float) -> pd.Timestamp:
        if busy.now is None:
            raise SourceError(
                f"jira {self.host}: the rate limit is used up. Run sync again in {seconds / 60:.0f} min; what was "
                "read is kept."
            )
        return busy.now.tz_convert("UTC")

    def _ease(self, endpoint: str) -> None:
        eased = self._distance_s.pop(endpoint, 0.0) / 2
        if eased >= 0.5:
            self._distance_s[endpoint] = eased

    def _pause(self, fault: _Fault, failures: int) -> None:
        if failures > fault.tries and fault.is_refusal:
            raise RefusedError(fault.says, 200)
        if failures > fault.tries:
            raise UnansweredError(fault.says)
        self._sleep(PAUSES_S[failures - 1])

    def _credentials(self) -> str:
        user, token = self.connection.user_env, self.connection.token_env
        return f"the e-mail address in {user} and the API token in {token}" if user else f"the token in {token}"

    def _not_signed_in(self) -> str:
        return (
            f"jira: {self.host} sent a page or nothing instead of data: not signed in. Check url and "
            f"{self._credentials()}"
            + ("." if self.connection.user_env else "; with an Atlassian API token, set user_env too.")
        )

    def _says(self, status: int) -> str:
        if status == 401:
            return (
                f"jira: 401, {self.host} does not accept {self._credentials()}. The token may have expired; make a "
                "new one. API tokens need user_env, personal access tokens must not have it."
            )
        if status == 403:
            return (
                f"jira: 403, {self._credentials()} may not read this. Check the account's permissions and the token's "
                "scopes; after failed sign-ins Jira also asks for a CAPTCHA in the browser."
            )
        if status == 404:
            return f"jira: 404 at {self.host}. Check url, and that the account may see what is asked for."
        return f"jira: {self.host} refused a question ({status}). Check url and projects."


def _signed_in(connection: config.JiraConnection) -> jira.JIRA:
    """The library, told to send nothing by itself."""
    token = config.token(connection.token_env)
    user = config.token(connection.user_env) if connection.user_env else None
    return jira.JIRA(
        options={"server": connection.url, "headers": {"User-Agent": "fairlead"}},
        basic_auth=(user, token) if user else None,
        token_auth=None if user else token,
        get_server_info=False,
        logging=False,  # it would log addresses and bodies
        max_retries=0,
        timeout=TIME_OUT,
    )


def _endpoint(method: str, path: str) -> str:
    """Limits are counted by method and endpoint: `GET rest/api/3/issue/10042/changelog` → `GET issue changelog`."""
    return " ".join([method, *(part for part in path.split("/")[3:] if part.isalpha() and part.islower())])


def _is_page(response: requests.Response) -> bool:
    content = response.content[:80].lstrip()[:1]
    return content in {b"", b"<"} or "html" in response.headers.get("Content-Type", "")


def _until_reset(headers: Mapping[str, str], now: pd.Timestamp | None) -> float | None:
    """Seconds until the limit starts anew, which Jira tells as an ISO instant."""
    try:
        until = waiting.utc(datetime.fromisoformat(headers.get("X-RateLimit-Reset", "").strip()))
    except ValueError:
        return None
    return None if now is None else waiting.seconds_until(until, now)


def _whole(text: str | None) -> int | None:
    return int(text) if text and text.isdigit() else None
