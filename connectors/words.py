"""Runs of a sync as people read them on a terminal."""

from collections.abc import Mapping, Sequence

import pandas as pd

from connectors.runs import INTERRUPTED, Outcome
from connectors.time_off import Away
from fairlead.people import Settled


def outcome(ended: Outcome, *, is_dry: bool) -> str:
    """How the run of a source went and what it cost, with its warnings below."""
    seconds = (ended.finished_at - ended.started_at).total_seconds() if ended.finished_at is not None else 0
    cost = f"{ended.state.requests} requests, {ended.state.points} points, {seconds:.0f} s"
    first = f"{ended.source}: {ended.status}, {ended.rows} rows{' not written' * is_dry}, {cost}"
    return _with_warnings(first, ended.state.warnings)


def people(settled: Settled, away: Away | None) -> str:
    """How many people the accounts turned out to be, and when they are away where the settings say so."""
    n_accounts = int(settled.accounts["person"].notna().sum())
    first = f"people: {len(settled.people)} behind {n_accounts} accounts, {len(settled.undecided)} pairs to decide"
    first = _with_warnings(first, settled.warnings)
    return first if away is None else f"{first}\n{_with_warnings(f'time off: {away.says}', away.warnings)}"


def run(row: Mapping[str, object]) -> str:
    """A row of `Store.last_runs`."""
    as_of = "" if pd.isna(row["watermark"]) else f", data as of {minute(row['watermark'])}"  # type: ignore[call-overload]
    first = f"{row['source']}: {row['status']}, started {minute(row['started_at'])}{as_of}, {row['rows']} rows"
    warnings = [] if pd.isna(row["warnings"]) else str(row["warnings"]).splitlines()  # type: ignore[call-overload]
    return _with_warnings(first, [*[INTERRUPTED] * (row["status"] == "interrupted"), *warnings])


def minute(at: object) -> str:
    """`2026-06-15 08:00 UTC`."""
    return f"{at:%Y-%m-%d %H:%M} UTC"


def _with_warnings(first: str, warnings: Sequence[str]) -> str:
    return "\n".join([first, *(f"  {warning}" for warning in warnings)])
