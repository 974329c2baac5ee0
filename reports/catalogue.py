"""Which reports there are, in the order people read them: the menu, the export and the tests go by this list."""

from collections.abc import Callable
from dataclasses import dataclass

from fairlead.access import VisibleFrames
from fairlead.scope import Scope
from reports import flow, milestone, milestones, overview, person, programme, reviews, sources, workload
from reports.panel import Report

Build = Callable[[VisibleFrames, Scope], Report]


@dataclass(frozen=True)
class Entry:
    """One report: its place in the address, its name and picture in the menu, and how to build it."""

    key: str
    title: str
    icon: str
    question: str
    build: Build

    @property
    def page(self) -> str:
        """The page script that shows it, relative to `dashboard.py`."""
        return f"pages/{self.key}.py"


ENTRIES = (
    Entry("overview", "Overview", "flag", overview.QUESTION, overview.report),
    Entry("milestones", "Milestones", "tour", milestones.QUESTION, milestones.report),
    Entry("milestone", "One milestone", "sailing", milestone.QUESTION, milestone.report),
    Entry("programme", "Programme", "hub", programme.QUESTION, programme.report),
    Entry("reviews", "Reviews", "rate_review", reviews.QUESTION, reviews.report),
    Entry("workload", "Workload", "balance", workload.QUESTION, workload.report),
    Entry("person", "One person", "person", person.QUESTION, person.report),
    Entry("flow", "Flow", "water", flow.QUESTION, flow.report),
    Entry("sources", "Sources", "database", sources.QUESTION, sources.report),
)
