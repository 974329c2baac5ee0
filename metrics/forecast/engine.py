"""The simulation: how many weeks until nothing remains, over many possible futures.

Weeks to come look like weeks that were (Bayesian bootstrap: also which weeks were typical is uncertain), their pace
drifts, and scope keeps arriving as it did, less and less. Times are weeks from now; a trial that does not end within
the horizon is infinite, because leaving it out would be optimistic.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

Weeks = npt.NDArray[np.float32]

TRIALS = 10_000
HORIZON = 104
"""Weeks. Two years ahead nobody knows; what takes longer is "never" here."""
SHORTEST_HALF_LIFE = 0.5
"""Weeks: on its first days a milestone's arrivals do not stop at once."""


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


def weeks_to_finish(  # noqa: PLR0913 (a past has that many parts)
    finished: npt.ArrayLike,
    arrived: npt.ArrayLike,
    remaining: float,
    *,
    elapsed_weeks: float,
    seed: int,
    futures: Futures = DEFAULT,
) -> Weeks:
    """After how many weeks does nothing remain, in each trial? Sorted; infinite where not within the horizon.

    `finished` and `arrived` are the items finished and the net arrivals of scope in the same past weeks. Within its
    last week a trial ends where a steady pace takes it. The same seed draws the same futures whatever remains, so that
    more remaining work never ends earlier.
    """
    remains = np.full(futures.trials, remaining, dtype=np.float32)
    ends = np.full(futures.trials, np.inf if remaining > 0 else 0, dtype=np.float32)
    weeks = _futures(np.asarray(finished), np.asarray(arrived), elapsed_weeks, np.random.default_rng(seed), futures)
    if remaining <= 0 or not np.any(finished):
        return ends
    for week, (done, came) in enumerate(weeks):
        net = done - came
        is_end = (remains <= net) & (remains > 0)
        ends[is_end] = week + remains[is_end] / net[is_end]
        remains -= net
        remains[ends < np.inf] = 0
        if week % 4 == 3 and not remains.any():
            break
    ends.sort()
    return ends


def _futures(
    finished: npt.NDArray[np.number],
    arrived: npt.NDArray[np.number],
    elapsed_weeks: float,
    rng: np.random.Generator,
    futures: Futures,
) -> Iterator[tuple[Weeks, Weeks]]:
    """Week after week, what is finished and what arrives in each trial."""
    done, came = finished.astype(np.float32), arrived.astype(np.float32)
    trial, pace = np.arange(futures.trials), np.zeros(futures.trials, dtype=np.float32)
    half_life = max(futures.half_life_share * elapsed_weeks, SHORTEST_HALF_LIFE)
    n = len(done)
    # A Bayesian bootstrap without drawing its weights: each week to come is one of the past or of those drawn before
    # it (Pólya's urn), which gives the same futures.
    urn = np.empty((n + futures.horizon, futures.trials), dtype=np.int16)
    urn[:n] = np.arange(n, dtype=np.int16)[:, None]
    flat = urn.reshape(-1)
    for week in range(futures.horizon):
        drawn = flat.take(_below(n + week, rng, futures.trials) * futures.trials + trial)
        urn[n + week] = drawn
        # A coin decides whether pace rises or falls: after some weeks as good as a normal step, at a tenth of its cost.
        pace += np.where(_coins(rng, futures.trials), futures.pace_sd, -futures.pace_sd).astype(np.float32)
        yield done.take(drawn) * np.exp(pace), came.take(drawn) * np.float32(0.5 ** ((week + 0.5) / half_life))


def _below(size: int, rng: np.random.Generator, n: int) -> npt.NDArray[np.int64]:
    """Evenly drawn whole numbers from 0 to `size` - 1, of which there are far fewer than 65,536."""
    sixteen_bits = np.frombuffer(rng.bytes(2 * n), dtype="<u2")
    return sixteen_bits.astype(np.int64) * size >> 16


def _coins(rng: np.random.Generator, n: int) -> npt.NDArray[np.uint8]:
    return np.unpackbits(np.frombuffer(rng.bytes((n + 7) // 8), dtype=np.uint8), count=n)
