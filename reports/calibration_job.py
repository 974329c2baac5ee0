"""The calibration as a job: when it is due, with a bar on a terminal, and into the store.

It holds no lock: it reads the store as it is at one instant, and what it found goes in within one short transaction. A
sync that ends meanwhile loses nothing, and a calibration of slightly older data is as true as of its instant; rows of
milestones that have gone meanwhile are not shown (`fairlead.access`). Under the sync lock, a sync started within the
minutes of a large calibration would be turned away.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pandas as pd
from rich.console import Console
from rich.progress import track

from fairlead.errors import StoreError
from fairlead.store import Store
from metrics.forecast.origins import Origin
from reports import calibrating

SOURCE, AS_OF, METHOD = "calibration", "as of", "method"
"""Under which source and streams the store keeps what the last calibration was."""
LASTS = pd.Timedelta(days=7)
"""By the data's own clock: within a week few milestones are closed."""


@dataclass(frozen=True)
class Calibration:
    """A backtest and the instant its data are as of."""

    rows: pd.DataFrame
    as_of: pd.Timestamp


def is_due(store: Store) -> bool:
    """Whether there are data, and no calibration of the last seven days of theirs made as it would be now.

    Raises `StoreError`.
    """
    as_of, known = store.as_of(), store.cursors(SOURCE)
    if as_of is None:
        return False
    return known.get(METHOD) != _method() or as_of - pd.Timestamp(known[AS_OF]) > LASTS


def calibrated(store: Store) -> Calibration:
    """Make all past forecasts anew and put them into the store in the place of those there are.

    Raises:
        StoreError: nothing has been synced yet, or the store cannot be read or written.
    """
    as_of = store.as_of()
    if as_of is None:
        raise StoreError("The store is empty. Run `fairlead sync` to read the sources of your settings.")
    rows = calibrating.backtested(store.read(tables=calibrating.TABLES), as_of, _with_a_bar)
    store.write(
        {"past_forecasts": calibrating.stored(rows, as_of=as_of)},
        source=SOURCE,
        cursors={AS_OF: as_of.isoformat(), METHOD: _method()},
        replaced=["past_forecasts"],
        is_edition=True,
    )
    return Calibration(rows, as_of)


def _method() -> str:
    return json.dumps(calibrating.method())


def _with_a_bar(origins: list[Origin]) -> Iterable[Origin]:
    """A bar on a terminal; a log gets none."""
    console = Console(stderr=True)
    return _barred(origins, console) if console.is_terminal else origins


def _barred(origins: list[Origin], console: Console) -> Iterator[Origin]:
    yield from track(origins, "Past forecasts", console=console, transient=True)
