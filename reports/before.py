"""The window before: what a headline compares with, and whether there was anything to compare with."""

from dataclasses import dataclass

import pandas as pd

from fairlead.access import VisibleFrames
from fairlead.scope import Scope
from reports import words


@dataclass(frozen=True)
class Before:
    """The window before, in `days`; `is_known` where the data reach back to its start."""

    days: int
    is_known: bool

    def change(self, now: float, before: float, unit: str = "") -> str:
        """The difference in words; empty where a window that lies partly before the data would be compared with."""
        return words.change(now, before, unit) if self.is_known else ""

    def help(self, meaning: str) -> str:
        """What a headline means, and what its change compares with."""
        return f"{meaning} Compared with the {words.count(self.days, 'day')} before." if self.is_known else meaning


def before_of(frames: VisibleFrames, scope: Scope) -> Before:
    """The window before that of `scope`, known when some item was created by its start."""
    first = pd.concat([frames.issues["created_at"], frames.pull_requests["created_at"]]).min()
    return Before(scope.window_days, bool(first <= scope.previous_start))
