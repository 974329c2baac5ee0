"""Who looks, and what they may see. `VisibleFrames` is made only here, so forgetting redaction is a type error."""

from dataclasses import dataclass
from typing import Literal

import pandas as pd

from fairlead import keys
from fairlead.frames import Frames
from fairlead.scope import of_milestones


@dataclass(frozen=True)
class Viewer:
    """Somebody looking. Leads see people by name; stakeholders see them by pseudonym.

    `person` is who they are themselves (id), `leads` the names of the teams they lead; None means all of them, and
    people without a team.
    """

    name: str
    role: Literal["lead", "stakeholder"]
    person: str | None = None
    leads: tuple[str, ...] | None = ()

    @property
    def sees_names(self) -> bool:
        """Whether people appear under their own names."""
        return self.role == "lead"


LOCAL_LEAD = Viewer("local", "lead", leads=None)
"""Whoever runs Fairlead on their own machine: the data were fetched with their own token."""


@dataclass(frozen=True, kw_only=True)
class VisibleFrames(Frames):
    """What one viewer may see. `closely` are the people whose own page they may open: themselves and whom they lead."""

    closely: frozenset[str] = frozenset()


def visible_to(viewer: Viewer, frames: Frames) -> VisibleFrames:
    """Restrict the tables to what the viewer may see, with names that tell people apart.

    Leads see namesakes with their login; stakeholders see numbered people and no logins. Past forecasts of milestones
    that are not to be seen, such as those gone since the calibration, are left out.
    """
    shown = _named(frames) if viewer.sees_names else _numbered(frames)
    past = of_milestones(frames.past_forecasts, frames.milestones)
    seen = frames.tables() | shown | {"past_forecasts": past}
    return VisibleFrames(**seen, closely=_closely(viewer, frames))


def _closely(viewer: Viewer, frames: Frames) -> frozenset[str]:
    """Themselves, and whom they lead."""
    own = {person for person in frames.people["id"].astype("str") if person == viewer.person}
    return frozenset(own | _led(viewer, frames))


def _led(viewer: Viewer, frames: Frames) -> set[str]:
    if viewer.role != "lead":
        return set()
    if viewer.leads is None:
        return set(frames.people["id"].astype("str"))
    teams = frames.teams.loc[frames.teams["name"].isin(viewer.leads), "id"]
    return set(frames.team_members.loc[keys.is_in(frames.team_members["team"], teams), "person"].astype("str"))


def _named(frames: Frames) -> dict[str, pd.DataFrame]:
    logins = frames.accounts.dropna(subset="person").drop_duplicates("person")
    login = logins["login"].set_axis(logins["person"].astype("str"))
    people, teams = frames.people, frames.teams
    mark = people["id"].astype("str").map(login).astype("str").fillna(people["id"].astype("str"))
    return {
        "people": people.assign(name=told_apart(people["name"], mark)),
        "teams": teams.assign(name=told_apart(teams["name"], teams["id"].astype("str"))),
    }


def told_apart(names: pd.Series, marks: pd.Series) -> pd.Series:
    """The names, with the mark behind those that more than one row has: `Ann Lee (ann2)`."""
    return names.where(~names.duplicated(keep=False), names + " (" + marks + ")")


def _numbered(frames: Frames) -> dict[str, pd.DataFrame]:
    people, accounts = frames.people, frames.accounts
    number = people["id"].astype("str").rank(method="first").astype("int64").astype("str")
    blank = pd.Series(None, index=accounts.index, dtype="str")
    return {
        "people": people.assign(name="Person " + number.str.zfill(len(str(len(people))))),
        "accounts": accounts.assign(login=blank.fillna(""), name=blank),
    }
