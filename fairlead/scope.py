"""What a reader asked to see: teams, projects, a window and the instant the numbers are as of."""

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Scope:
    """Empty `teams` or `projects` mean all of them. The window is half-open, `[start, as_of)`."""

    as_of: pd.Timestamp
    window_days: int = 90
    teams: tuple[str, ...] = ()
    projects: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse an `as_of` without a zone: it would be compared with UTC instants."""
        if self.as_of.tzinfo is None:
            raise ValueError("as_of needs a time zone; give it in UTC")

    @property
    def start(self) -> pd.Timestamp:
        """The window's first instant, UTC."""
        return self.as_of - pd.Timedelta(days=self.window_days)
