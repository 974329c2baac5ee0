"""One connection to GitHub: its pace, its patience, and its account of what is left.

One query is in flight at a time, because GitHub's real limit is a minute of its own time a minute. Rate limits are
waited out up to a bound; answers that were cut off or muddled are asked for again; what was too heavy is the caller's
to ask for in smaller parts.
"""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace

import pandas as pd

from connectors.github.answers import Answer, Exchange, answer
from connectors.github.faults import LimitedError, TooHeavyError, UnauthorizedError, UnsteadyError
from connectors.github.transport import TIME_OUT, Transport
from connectors.waiting import LEAST, Patience, doubling, server_clock
from fairlead import config

PAUSE = 0.1
"""Seconds between two queries. GitHub allows 2,000 points a minute and a page costs up to three."""

UNSAID_WAIT = 60.0
"""Seconds to wait when GitHub asks to be left alone and does not say for how long; doubled each time."""

ATTEMPTS = 6
"""How often a question is sent whose answer is cut off or muddled; the pauses between double from a second on."""

LONGEST_PAUSE = 30.0


class Client:
    """Sends queries with one token, one after the other, whoever asks."""

    def __init__(
        self,
        connection: config.GithubConnection,
        settings: config.SyncSettings | None = None,
        *,
        sleep: Callable[[float], None] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
        time_out: float = TIME_OUT,
    ) -> None:
        """Sends nothing yet. Raises `ConfigError` where the secret's variable is not set."""
        self.transport = Transport(connection, time_out=time_out)
        self.sent = 0
        self._sleep, self._monotonic = sleep, monotonic
        self._bound = 60.0 * (settings or config.SyncSettings()).wait_minutes
        self._lock = threading.Lock()
        self._not_before, self._n_heavy = 0.0, 0
        self._server: tuple[pd.Timestamp, float] | None = None

    def query(self, text: str, variables: Mapping[str, object]) -> Answer:
        """The answer, however often that takes.

        Raises:
            TooHeavyError: time-out or resource limit; the same query would fail again.
            StaleCursorError: a cursor in `variables` is not valid.
            RateLimitedError: the rate limit lasts longer than the settings let us wait.
            SourceError: anything else; never shows what the server sent.
        """
        patience = Patience(self._sleep, self._bound)
        n_limited, n_muddled, is_renewed = 0, 0, False
        with self._lock:
            while True:
                try:
                    return self._once(text, variables)
                except LimitedError as limit:
                    n_limited += 1
                    self._wait_out(limit, n_limited, patience)
                except UnsteadyError:
                    n_muddled += 1
                    if n_muddled == ATTEMPTS:
                        raise
                    self._sleep(doubling(LEAST, n_muddled, most=LONGEST_PAUSE))
                except UnauthorizedError:
                    if is_renewed or not self.transport.renew():
                        raise
                    is_renewed = True

    def _once(self, text: str, variables: Mapping[str, object]) -> Answer:
        self._keep_distance()
        self.sent += 1
        began = self._monotonic()
        try:
            exchange = self.transport.send(text, variables)
            self._look_at_clock(exchange)
            found = answer(exchange, self.transport.where)
        except TooHeavyError:
            self._n_heavy += 1
            raise
        self._n_heavy = 0
        return replace(found, seconds=self._monotonic() - began)

    def _keep_distance(self) -> None:
        """Wait for our turn; longer while GitHub keeps failing, which more questions would not mend."""
        now = self._monotonic()
        if now < self._not_before:
            self._sleep(self._not_before - now)
        if self._n_heavy > 1:
            self._sleep(doubling(LEAST, self._n_heavy - 1, most=LONGEST_PAUSE))
        self._not_before = max(now, self._not_before) + PAUSE

    def _wait_out(self, limit: LimitedError, nth: int, patience: Patience) -> None:
        """Sleep until the limit is over. Raises `RateLimitedError` beyond the bound."""
        # Also where GitHub says how long: being refused again and again means that it was not long enough.
        wait = doubling(UNSAID_WAIT, nth) if limit.seconds is None else max(limit.seconds, doubling(LEAST, nth))
        patience.wait(wait, who=f"github {self.transport.where.host}", now=self._server_now)

    def _look_at_clock(self, exchange: Exchange) -> None:
        at = server_clock(exchange.headers)
        if at is not None:
            self._server = (at, self._monotonic())

    def _server_now(self) -> pd.Timestamp:
        """The server's clock, as far as it ever told; our own is nobody's business."""
        if self._server is None:
            raise UnsteadyError("github: asked too often, and the server does not say for how long. Run sync later.")
        at, seen = self._server
        return at + pd.Timedelta(seconds=round(self._monotonic() - seen))
