"""The simulation: how many weeks until nothing remains, over many possible futures.

Weeks to come look like weeks that were (Bayesian bootstrap: also which weeks were typical is uncertain), their pace
drifts, and scope keeps arriving as it did, less and less. Times are weeks from now; a trial that does not end within
the horizon is infinite, because leaving it out would be optimistic.
"""

from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

from metrics.forecast.standing import Standing
from metrics.ordering import Integers

Weeks = npt.NDArray[np.float32]

TRIALS = 10_000
HORIZON = 104
"""Weeks. Two years ahead nobody knows; what takes longer is "never" here."""
SHORTEST_HALF_LIFE = 0.5
"""Weeks: on its first days a milestone's arrivals do not stop at once."""
WORTH_LEAVING_OUT = 0.1
"""Trials that ended are left out of the arithmetic once they are such a share of it."""


@dataclass(frozen=True, kw_only=True)
class Futures:
    """How futures are drawn. The defaults were tuned on the first part, in time, of one real history (Titanium, Jira).

    `pace_sd` is how far the logarithm of pace steps each week, up or down; `half_life_share` is after which
    part of the time that has passed so far half as much scope arrives.
    """

    trials: int = TRIALS
    horizon: int = HORIZON
    pace_sd: float = 0.06
    half_life_share: float = 0.5


DEFAULT = Futures()


def seed_of(milestone: str, as_of: int) -> int:
    """The same milestone at the same instant (micros) always draws the same futures, on every machine."""
    text = f"{milestone}\n{as_of}"
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")


def trials_to_finish(stands: Standing, *, seed: int, futures: Futures = DEFAULT) -> Weeks:
    """After how many weeks does nothing remain, in each trial? Infinite where not within the horizon.

    Within its last week a trial ends where a steady pace takes it. The same seed draws the same futures whatever
    remains, so that more remaining work never ends earlier.
    """
    remaining = stands.remaining
    ends = np.full(futures.trials, np.inf if remaining > 0 else 0, dtype=np.float32)
    done, came = (weekly.astype(np.float32) for weekly in (stands.finished, stands.arrived))
    if remaining <= 0 or not done.any():
        return ends
    urn = _Urn(len(done), futures, seed)
    half_life = max(futures.half_life_share * stands.elapsed_weeks, SHORTEST_HALF_LIFE)
    running, remains = np.arange(futures.trials), np.full(futures.trials, remaining, dtype=np.float32)
    pace, n_ended = np.ones(futures.trials, dtype=np.float32), 0
    for week in range(futures.horizon):
        drawn, step = urn.draw(week, running)
        pace *= step
        net = done.take(drawn) * pace - came.take(drawn) * np.float32(0.5 ** ((week + 0.5) / half_life))
        ended = np.flatnonzero(remains <= net)
        ends[running[ended]] = week + remains[ended] / net[ended]
        remains -= net
        remains[ended] = np.inf
        n_ended += len(ended)
        if n_ended >= WORTH_LEAVING_OUT * len(running):
            is_running = remains < np.inf
            running, remains, pace, n_ended = running[is_running], remains[is_running], pace[is_running], 0
        if len(running) == 0:
            break
    return ends


class _Urn:
    """Which of the past weeks each week to come is like, and how pace steps from week to week, in each trial.

    A Bayesian bootstrap without drawing its weights: each week to come is one of the past or of those drawn before it
    (Pólya's urn), which gives the same futures. What a trial draws does not depend on which others still run.
    """

    def __init__(self, n_past: int, futures: Futures, seed: int) -> None:
        self._n_past, self._trials = n_past, futures.trials
        self._bits = np.random.PCG64(seed)
        self._weeks = np.empty((n_past + futures.horizon, futures.trials), dtype=np.int16)
        self._weeks[:n_past] = np.arange(n_past, dtype=np.int16)[:, None]
        self._steps = np.exp([-futures.pace_sd, futures.pace_sd]).astype(np.float32)

    def draw(self, week: int, running: Integers) -> tuple[npt.NDArray[np.int16], Weeks]:
        """The past week that each running trial draws for a week to come, and the factor on its pace."""
        words = -(-self._trials // 4)
        random = self._bits.random_raw(words).astype("<u8", copy=False).view("<u2")[: self._trials]
        if len(running) < self._trials:
            random = random.take(running)
        n = self._n_past + week
        # Evenly drawn from fewer than a thousand by the upper of sixteen bits; the lowest is left for a coin.
        drawn = self._weeks.reshape(-1).take((random.astype(np.int64) * n >> 16) * self._trials + running)
        self._weeks[n, running] = drawn
        # The coin decides whether pace rises or falls: after some weeks as good as a normal step, and far cheaper.
        return drawn, self._steps.take(random & 1)
