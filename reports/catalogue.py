"""Which reports there are, in the order people read them: the menu, the export and the tests go by this list."""

from collections.abc import Callable
from dataclasses import dataclass, field

from fairlead.access import Viewer, VisibleFrames
from fairlead.grants import ROLES, Role
from fairlead.scope import Scope
from reports import flow, looked, milestone, milestones, overview, person, programme, reviews, sources, workload
from reports.panel import Report

Build = Callable[[VisibleFrames, Scope], Report]


@dataclass(frozen=True, kw_only=True)
class Place:
    """One page: its place in the address, its name and picture in the menu, and the roles it is for.

    Whoever sees everything may open every page.
    """

    key: str
    title: str
    icon: str
    question: str
    roles: tuple[Role, ...] = field(default=ROLES)

    @property
    def page(self) -> str:
        """The page script that shows it, relative to `dashboard.py`."""
        return f"pages/{self.key}.py"

    def is_for(self, viewer: Viewer) -> bool:
        """Whether this viewer may open it."""
        if viewer.pages is not None:
            return self.key in viewer.pages
        return viewer.sees_all or viewer.role in self.roles


@dataclass(frozen=True, kw_only=True)
class Entry(Place):
    """One report, and how to build it."""

    build: Build


def _entry(  # noqa: PLR0913 PLR0917 (a line of the list below)
    key: str, title: str, icon: str, question: str, build: Build, roles: tuple[Role, ...] = ROLES
) -> Entry:
    return Entry(key=key, title=title, icon=icon, question=question, build=build, roles=roles)


ENTRIES = (
    _entry("overview", "Overview", "flag", overview.QUESTION, overview.report),
    _entry("milestones", "Milestones", "tour", milestones.QUESTION, milestones.report),
    _entry("milestone", "One milestone", "sailing", milestone.QUESTION, milestone.report),
    _entry("programme", "Programme", "hub", programme.QUESTION, programme.report),
    _entry("reviews", "Reviews", "rate_review", reviews.QUESTION, reviews.report),
    _entry("workload", "Workload", "balance", workload.QUESTION, workload.report),
    _entry("person", "One person", "person", person.QUESTION, person.report, ("lead", "member")),
    _entry("flow", "Flow", "water", flow.QUESTION, flow.report),
    _entry("sources", "Sources", "database", sources.QUESTION, sources.report, ()),
)
SOURCES = ENTRIES[-1]
SHARING = Place(
    key="sharing",
    title="Sharing",
    icon="share",
    question=looked.QUESTION,
    roles=("lead",),
)
SHARED = Place(key="shared", title="A shared report", icon="link", question="", roles=())
"""Where links lead. It is in nobody's menu, and opens to a link alone."""
MENU: tuple[Place, ...] = (*ENTRIES, SHARING)


def open_to(viewer: Viewer) -> list[Place]:
    """The pages this viewer may open, in the order of the menu."""
    return [place for place in MENU if place.is_for(viewer)]
