"""Files and calendars → the `time_off` table, after it is known who is who.

`fetch` talks, `absences` shapes and is pure. What is read replaces what was read before, as a whole.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from connectors import Finding
from connectors.time_off.asking import Get, fetch
from connectors.time_off.shaping import Absences, House, absences, merged
from fairlead import people
from fairlead.config import Settings, TimeOffSource
from fairlead.errors import FairleadError
from fairlead.people.called import register
from fairlead.store import Store

SOURCE, READ = "time off", "read"
"""Under which source and stream it is kept that the rows of `time_off` come from the settings."""
KEPT = "What was read of absences before is kept."


@dataclass(frozen=True)
class Away:
    """What was read of absences: how many of how many people, how many entries were left out why, and what failed."""

    n_absences: int
    n_people: int
    left_out: Counter[str]
    warnings: tuple[str, ...] = ()

    @property
    def says(self) -> str:
        """`12 absences of 5 people; left out: 3 shorter than a day`."""
        what = f"{_counted(self.n_absences, 'absence', 'absences')} of {_counted(self.n_people, 'person', 'people')}"
        left_out = [f"{n} {why}" for why, n in sorted(self.left_out.items()) if n]
        return f"{what}; left out: {', '.join(left_out)}" if left_out else what


def read(store: Store, settings: Settings, *, now: pd.Timestamp, get: Get | None = None) -> Away | None:
    """Read everybody's absences anew, and write them where they have changed.

    What recurs is looked at around what the data are as of; around `now` before the first sync. Where a file or
    calendar cannot be read nothing is taken away: what was known stays, and what could be read comes to it. Settings
    that name nothing any more leave no absences behind; those that did not come from settings stay as they are.
    Returns `None` where the settings name nothing.

    Raises:
        ConfigError: the map of people cannot be used.
        StoreError: the store cannot be read or written.
    """
    was_read = bool(store.cursors(SOURCE).get(READ))
    if not settings.time_off:
        if was_read:
            store.write({}, source=SOURCE, cursors={READ: ""}, replaced=("time_off",), is_edition=True)
        return None
    house, at = _house(store, settings), store.as_of() or now
    found, failed = [], []
    for source in settings.time_off:
        try:
            found.append(_read(source, house, at, get))
        except FairleadError as error:
            failed.append(f"{error} {KEPT}")
    known = merged([store.read(tables=["time_off"]).time_off])
    table = merged([each.spans for each in found] + [known] * bool(failed))
    if found and not (was_read and table.equals(known)):
        store.write(
            {"time_off": table}, source=SOURCE, cursors={READ: "settings"}, replaced=("time_off",), is_edition=True
        )
    return _away(found, table, failed)


def check(store: Store, settings: Settings, *, now: pd.Timestamp, get: Get | None = None) -> Iterator[Finding]:
    """Try every file and calendar; nothing is written. Raises as `read`."""
    if not settings.time_off:
        return
    house, at = _house(store, settings), store.as_of() or now
    for source in settings.time_off:
        try:
            found = _read(source, house, at, get)
        except FairleadError as error:
            yield Finding(is_good=False, says=f"time off: {error}")
        else:
            says = f"time off: {source.where}: {_away([found]).says}"
            yield Finding(is_good=not found.warnings, says="; ".join([says, *found.warnings]))


def _away(found: list[Absences], table: pd.DataFrame | None = None, failed: Sequence[str] = ()) -> Away:
    absences = merged([each.spans for each in found]) if table is None else table
    left_out = sum((each.left_out for each in found), Counter[str]())
    warnings = (*failed, *(warning for each in found for warning in each.warnings))
    return Away(len(absences), absences["person"].nunique(), left_out, warnings)


def _read(source: TimeOffSource, house: House, at: pd.Timestamp, get: Get | None) -> Absences:
    return absences(fetch(source, get), source, house, now=at.tz_convert("UTC").tz_localize(None).to_pydatetime())


def _house(store: Store, settings: Settings) -> House:
    known = store.read(tables=["accounts", "people"])
    who = known.people.astype({"id": "str"})
    accounts = known.accounts.astype({"id": "str", "person": "str"})
    zoned = who.dropna(subset="time_zone")
    zones = dict(zip(zoned["id"], zoned["time_zone"], strict=True))
    called = register(who, accounts, people.load_map(settings.people.file))
    return House(called, zones, settings.working_time.time_zone)


def _counted(n: int, one: str, many: str) -> str:
    return f"{n} {one if n == 1 else many}"
