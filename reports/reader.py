"""Whom something written is for, and what was kept from them: it is read far from the settings that say so."""

from dataclasses import dataclass

from fairlead.access import IN_GENERAL, LOCAL_LEAD, Viewer
from fairlead.access.extent import OF_TEAMS
from fairlead.suppression import SMALLEST

ROLES = {
    "lead": "leads",
    "executive": "executives",
    "stakeholder": "stakeholders",
    "member": "a member of a team",
}
NOTHING = "Nothing was left out for them."


@dataclass(frozen=True)
class Reader:
    """Whom it was made for, and how it was redacted, in words."""

    whom: str
    redaction: tuple[str, ...]

    @property
    def says(self) -> str:
        """Both as sentences."""
        return " ".join([f"Made for {self.whom}.", *(self.redaction or (NOTHING,))])


def reader_of(viewer: Viewer) -> Reader:
    """Whoever sees what this viewer sees."""
    named = "" if viewer in {LOCAL_LEAD, *IN_GENERAL.values()} else f" ({viewer.name})"
    return Reader(ROLES[viewer.role] + named, tuple(_redaction(viewer)))


def _redaction(viewer: Viewer) -> list[str]:
    granted = (("teams", viewer.teams), ("projects", viewer.projects), ("milestones", viewer.milestones))
    # Who belongs to a team sees its milestones, named or not.
    told = granted[:2] if viewer.role in OF_TEAMS else granted
    said = [_only(what, names) for what, names in told if names is not None] + _unnamed(viewer)
    if viewer.role != "lead":
        said.append(f"Teams of fewer than {SMALLEST} people are left out.")
    if not viewer.titles:
        said.append("Titles and links of single items are left out.")
    return said


def _unnamed(viewer: Viewer) -> list[str]:
    if viewer.role == "lead":
        return [] if viewer.teams is None else ["People of other teams are not named."]
    return ["Nobody but themselves is named." if viewer.role == "member" else "People are not named."]


def _only(what: str, names: tuple[str, ...]) -> str:
    return f"Only these {what}: {', '.join(names)}." if names else f"No {what}."
