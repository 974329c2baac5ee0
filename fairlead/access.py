"""Who looks, and what they may see. `VisibleFrames` is made only here, so forgetting redaction is a type error."""

from dataclasses import dataclass
from typing import Literal

import pandas as pd

from fairlead.frames import Frames
from fairlead.scope import of_milestones


@dataclass(frozen=True)
class Viewer:
    """Somebody looking. Leads see people by name; stakeholders see them by pseudonym."""

    name: str
    role: Literal["lead", "stakeholder"]

    @property
    def sees_names(self) -> bool:
        """Whether people appear under their own names."""
        return self.role == "lead"


LOCAL_LEAD = Viewer("local", "lead")
"""Whoever runs Fairlead on their own machine: the data were fetched with their own token."""


class VisibleFrames(Frames):
    """What one viewer may see."""


def visible_to(viewer: Viewer, frames: Frames) -> VisibleFrames:
    """Restrict the tables to what the viewer may see, with names that tell people apart.

    Leads see namesakes with their login; stakeholders see numbered people and no logins. Past forecasts of milestones
    that are not to be seen, such as those gone since the calibration, are left out.
    """
    shown = _named(frames) if viewer.sees_names else _numbered(frames)
    past = of_milestones(frames.past_forecasts, frames.milestones)
    return VisibleFrames(**{**frames.tables(), **shown, "past_forecasts": past})


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
