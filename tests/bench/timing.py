"""A stop watch."""

import time
from collections.abc import Callable


def timed(work: Callable[[], object], times: int = 3) -> float:
    """The best of a few runs, in seconds: noise only ever adds."""
    return min(once(work) for _ in range(times))


def once(work: Callable[[], object]) -> float:
    """Seconds of one run."""
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin
