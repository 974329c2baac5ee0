"""Who looks, and what they may see. `VisibleFrames` is made only here, so forgetting redaction is a type error."""

from dataclasses import dataclass
from typing import Literal

from fairlead.frames import Frames


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
    """Restrict the tables to what the viewer may see: stakeholders get numbered people instead of names."""
    tables = frames.tables()
    if not viewer.sees_names:
        people, accounts = tables["people"], tables["accounts"]
        numbers = people["id"].astype("str").rank(method="first").astype("int64").astype("str")
        tables["people"] = people.assign(name="Person " + numbers)
        tables["accounts"] = accounts.assign(login="", name=None)
    return VisibleFrames(**tables)
