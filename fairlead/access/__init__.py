"""Who looks, and what they may see. `VisibleFrames` is made only here, so forgetting redaction is a type error."""

import secrets
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from fairlead import frames as house
from fairlead import keys, suppression
from fairlead.access import redaction
from fairlead.access.extent import Extent, extent
from fairlead.access.viewers import (
    IN_GENERAL,
    LOCAL_LEAD,
    Viewer,
    granted,
    person_of,
    seen_as,
    verified_email,
    viewer_of,
)
from fairlead.frames import Frames
from fairlead.scope import of_milestones, with_items

__all__ = [
    "IN_GENERAL", "LOCAL_LEAD", "Viewer", "VisibleFrames", "granted", "person_of", "seen_as", "verified_email",
    "viewer_of", "visible_to",
]  # fmt: skip

UNSALTED = secrets.token_hex(16)
"""The salt of pseudonyms where none is given: they change with every start."""
OF_PROJECTS = ("releases", "tombstones")
OF_MILESTONES = {"milestones": "id", "milestone_changes": "milestone", "past_forecasts": "milestone"}
OF_TEAMS = {"teams": "id", "team_accounts": "team", "team_members": "team"}


@dataclass(frozen=True, kw_only=True)
class VisibleFrames(Frames):
    """What one viewer may see.

    `closely` are the people whose own page they may open: themselves and whom they lead. `smallest` is how many people
    have to be behind a figure. `basis` is what forecasts rest on where that is more than the viewer may see: all
    milestones and what was in them, without a text, name or address; reports list nothing of it.
    """

    closely: frozenset[str] = frozenset()
    smallest: int = suppression.SMALLEST
    basis: Frames | None = None

    @property
    def forecast_on(self) -> Frames:
        """What forecasts rest on: the same for everybody, so that everybody reads the same dates."""
        return self.basis or self


def visible_to(viewer: Viewer, frames: Frames, *, salt: str = UNSALTED) -> VisibleFrames:
    """Restrict the tables to what the viewer may see: rows by team and project, people by pseudonym, titles or none.

    Namesakes are told apart by their login where names are seen. Past forecasts of milestones that are gone since the
    calibration are left out. `salt` makes pseudonyms that nobody can guess: the store's own, so that they are the same
    wherever it is read.
    """
    past = of_milestones(frames.past_forecasts, frames.milestones)
    if viewer.sees_all:
        everybody = frozenset(frames.people["id"].astype("str"))
        seen: dict[str, Any] = frames.tables() | redaction.told_apart(frames) | {"past_forecasts": past}
        return VisibleFrames(**seen, closely=everybody, smallest=1)
    encoded = Frames(**keys.encode(frames.tables() | {"past_forecasts": past}, _key_columns()))
    return _restricted(viewer, encoded, salt)


def _key_columns() -> dict[str, list[str]]:
    return {name: house.key_columns(name) for name in house.TABLES}


def _restricted(viewer: Viewer, frames: Frames, salt: str) -> VisibleFrames:
    seen = extent(viewer, frames)
    hidden = redaction.aliases(frames, seen, salt)
    people = redaction.people(frames, seen, salt)
    worded = redaction.worded(frames, seen, titles=viewer.titles)
    rows = _rows(Frames(**frames.tables() | people | worded), viewer, seen)
    basis = redaction.bare(replace(frames, **worded), seen)
    tables: dict[str, Any] = redaction.renamed(rows, hidden).tables()
    return VisibleFrames(
        **tables,
        closely=seen.named,
        smallest=1 if viewer.role == "lead" else suppression.SMALLEST,
        basis=redaction.renamed(basis, hidden),
    )


def _rows(frames: Frames, viewer: Viewer, seen: Extent) -> Frames:
    """The rows that may be seen."""
    issues, pulls = (table[keys.is_in(table["id"], seen.items)] for table in (frames.issues, frames.pull_requests))
    of_items = with_items(frames, issues, pulls)
    tables = {name: _with(getattr(of_items, name), column, seen.milestones) for name, column in OF_MILESTONES.items()}
    tables |= {name: _with(getattr(of_items, name), column, seen.teams) for name, column in OF_TEAMS.items()}
    if viewer.projects is not None:
        projects = pd.Series(viewer.projects, dtype="str")
        tables |= {name: _with(getattr(of_items, name), "project", projects) for name in OF_PROJECTS}
    return replace(of_items, **tables)


def _with(table: pd.DataFrame, column: str, values: pd.Series) -> pd.DataFrame:
    """The rows that have one of the values."""
    return table[keys.is_in(table[column], values)].reset_index(drop=True)
