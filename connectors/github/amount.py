"""How many items to ask for at once."""

from fairlead.errors import SourceError

FULL_PAGE = 25
"""Items asked for at first. Pages of 100 pull requests fail on GitHub, 50 take about five seconds, 25 three."""

LARGEST_PAGE = 50

FULL_BATCH = 20
"""Unfinished lists asked for at once: together they cost one point."""

GROW_AFTER = 5
"""Good answers after which a page that had to shrink is doubled again."""

QUICK_S = 2.0
QUICK_AFTER = 5
"""Answers in a row, each quicker than `QUICK_S` seconds, after which a full page grows by half."""

PATIENCE = 3
"""How often a single item is asked for again."""


class Amount:
    """Halves when GitHub cannot cope, and grows back slowly.

    What GitHub limits is its own time (ten seconds a query, a minute of it a minute), not the number of items, and
    that differs between repositories by a factor of ten. So where answers come quickly the page grows beyond the full
    one, up to `largest`. Once a page larger than the full one was too heavy, that is not tried again.
    """

    def __init__(self, full: int, largest: int | None = None) -> None:
        """Start with the full amount."""
        self.now = self._full = full
        self._largest = largest or full
        self._n_good = self._n_quick = self._n_failures = 0

    def went_well(self, seconds: float) -> None:
        """One more good answer, which took so long."""
        self._n_failures = 0
        self._n_good += 1
        self._n_quick = self._n_quick + 1 if seconds < QUICK_S else 0
        if self.now < self._full:
            if self._n_good >= GROW_AFTER:
                self._set(min(2 * self.now, self._full))
        elif self._n_quick >= QUICK_AFTER:
            self._set(min(self.now + self.now // 2, self._largest))

    def was_too_much(self) -> None:
        """Halve. Raises `SourceError` where even one item was too much several times in a row."""
        if self.now == 1:
            self._n_failures += 1
        if self._n_failures > PATIENCE:
            raise SourceError("github: the server cannot answer even for a single item. Run sync again later.")
        if self.now > self._full:
            self._largest = self._full
        self._set(max(self.now // 2, 1))

    def _set(self, amount: int) -> None:
        self.now, self._n_good, self._n_quick = amount, 0, 0
