"""Which custom field holds story points, sprints, epics and flags? Every Jira site numbers them differently."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from fairlead.config import JiraConnection

SPRINT = "com.pyxis.greenhopper.jira:gh-sprint"
EPIC_LINK = "com.pyxis.greenhopper.jira:gh-epic-link"
EPIC_NAME = "com.pyxis.greenhopper.jira:gh-epic-label"
POINTS = "com.pyxis.greenhopper.jira:jsw-story-points"
POINTS_NAMES = {"story points", "story point estimate"}
FLAGGED = "flagged"
IMPEDIMENT = "impediment"
MOST_FLAGS = 10
"""Boxes to tick that may be the flag, where none is called so."""

SYSTEM = (
    "summary", "issuetype", "status", "priority", "resolution", "resolutiondate", "created", "updated", "duedate",
    "assignee", "reporter", "creator", "labels", "fixVersions", "issuelinks", "parent", "timeoriginalestimate",
    "timeestimate", "timespent",
)  # fmt: skip

Node = Mapping[str, Any]
Named = tuple[str, str]


@dataclass(frozen=True)
class Fields:
    """Id and name of each custom field that is read; `None` where the site has none, or none is chosen.

    `epic_name` is what only epics have. `flags` are the boxes that may flag an issue.
    """

    points: Named | None = None
    sprint: Named | None = None
    epic: Named | None = None
    epic_name: Named | None = None
    flags: tuple[Named, ...] = ()

    def asked(self) -> tuple[str, ...]:
        """The ids of all fields to ask for."""
        custom = (self.points, self.sprint, self.epic, self.epic_name, *self.flags)
        return (*SYSTEM, *(named[0] for named in custom if named))

    def as_json(self) -> dict[str, Any]:
        """To remember them by."""
        return asdict(self)

    @classmethod
    def of_json(cls, found: Mapping[str, Any]) -> Self:
        """What `as_json` gave, after a journey through text."""
        one = {key: named and (named[0], named[1]) for key, named in found.items() if key != "flags"}
        return cls(**one, flags=tuple((each[0], each[1]) for each in found["flags"]))


def is_flag(field: Named, option: str) -> bool:
    """Whether a ticked option flags an issue: any of the field called Flagged, else the one Jira makes for flags."""
    return field[1].casefold() == FLAGGED or option.casefold() == IMPEDIMENT


def of_schema(field: Node) -> str:
    """What kind of custom field it is."""
    return str((field.get("schema") or {}).get("custom") or "")


def discovered(listed: Iterable[Node], connection: JiraConnection) -> Fields:
    """Everything but story points, which may need a question; what the settings say goes first."""
    fields = list(listed)
    boxes = [each for each in fields if "checkbox" in of_schema(each)]
    flags = [each for each in boxes if _name(each) == FLAGGED] or boxes[:MOST_FLAGS]
    return Fields(
        sprint=_chosen(fields, connection.sprint_field) or _first(_of_type(fields, SPRINT)),
        epic=_chosen(fields, connection.epic_field) or _first(_of_type(fields, EPIC_LINK)),
        epic_name=_first(_of_type(fields, EPIC_NAME)),
        flags=tuple(map(_named, flags)),
    )


def points_candidates(listed: Iterable[Node], connection: JiraConnection) -> list[Named]:
    """The fields that may hold story points: the one the settings name, else all that are known to."""
    fields = list(listed)
    chosen = _chosen(fields, connection.story_points_field)
    return [chosen] if chosen else [_named(each) for each in fields if _is_points(each)]


def number_fields(listed: Iterable[Node]) -> list[str]:
    """The ids of custom fields that hold numbers and may be meant, where none is known to hold story points."""
    found = [each for each in listed if (each.get("schema") or {}).get("type") == "number" and of_schema(each)]
    return [str(each["id"]) for each in found if "point" in _name(each) or "estimate" in _name(each)]


def named(listed: Iterable[Node], field: str) -> Named | None:
    """A field by its id."""
    return _first([each for each in listed if each.get("id") == field])


def _is_points(field: Node) -> bool:
    is_number = (field.get("schema") or {}).get("type") == "number"
    return of_schema(field) == POINTS or (is_number and _name(field) in POINTS_NAMES and bool(of_schema(field)))


def _of_type(fields: Iterable[Node], custom: str) -> list[Node]:
    return [each for each in fields if of_schema(each) == custom]


def _chosen(fields: Iterable[Node], field: str | None) -> Named | None:
    return (named(fields, field) or (field, field)) if field else None


def _first(fields: list[Node]) -> Named | None:
    return _named(fields[0]) if fields else None


def _named(field: Node) -> Named:
    return str(field["id"]), str(field.get("name") or field["id"])


def _name(field: Node) -> str:
    return str(field.get("name") or "").casefold()
