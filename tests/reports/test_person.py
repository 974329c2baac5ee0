"""One person's own page: for themselves and those who lead them, and of nobody else."""

import pytest

from fairlead.access import LOCAL_LEAD, Viewer
from fairlead.scope import Scope
from reports import person, privacy, workload
from reports.csv import to_csv
from tests.metrics.build import added, happened, issue, moved, pull_request
from tests.reports.test_small import AS_OF, seen
from tests.reports.worlds import panels_of

SCOPE = Scope(AS_OF)
NAMES = {"p:a": "Ann", "p:b": "Bo", "p:c": "Cy", "p:d": "Di"}
TEAMS = {"t:c": ("p:a", "p:b"), "t:o": ("p:c",)}
"""Core is Ann and Bo, Other is Cy; Di is in no team."""


def organisation(viewer=LOCAL_LEAD):
    """Everybody holds an item of their own, and each is asked for a review once."""
    who = [key[2] for key in NAMES]
    return seen(
        viewer,
        accounts=[{"id": each, "login": f"{each}-login", "kind": "user", "person": f"p:{each}"} for each in who],
        people=[{"id": key, "name": name} for key, name in NAMES.items()],
        teams=[{"id": "t:c", "name": "Core"}, {"id": "t:o", "name": "Other"}],
        team_members=[{"team": team, "person": each} for team, members in TEAMS.items() for each in members],
        issues=[issue(f"I-{each}", title=f"work of {each}", status_category="active") for each in who],
        issue_events=[
            event
            for each in who
            for event in (
                added(f"I-{each}", "2026-06-01", each, "assignee"),
                moved(f"I-{each}", "2026-06-01", "active", "todo"),
            )
        ],
        pull_requests=[
            pull_request(f"PR-{each}", title=f"review for {each}", author="a" if each != "a" else "b") for each in who
        ],
        pull_request_events=[happened(f"PR-{each}", "2026-06-10 09:00", "review_requested", each) for each in who],
        reviews=[{"pull_request": f"PR-{each}", "author": each, "at": "2026-06-10 08:00"} for each in who],
    )


def may_see(viewer):
    return list(person.choices(workload.measure(organisation(viewer), SCOPE), SCOPE))


def page(viewer, of):
    return person.report_of(workload.measure(organisation(viewer), SCOPE), SCOPE, person=of)


def told(report):
    """Everything on the page."""
    parts = [str(report.headlines)]
    for panel in report.panels:
        figure = panel.figure.to_json() if panel.figure is not None else ""
        parts += [panel.takeaway, panel.note, panel.empty, panel.copied, to_csv(panel.table), figure]
    return "\n".join(parts)


def lead(*teams, who="p:a"):
    return Viewer("somebody", "lead", person=who, teams=teams)


@pytest.mark.parametrize(
    ("viewer", "sees"),
    [
        (LOCAL_LEAD, ["Ann", "Bo", "Cy", "Di"]),
        (lead("Core", who="p:a"), ["Ann", "Bo"]),
        (lead("Core", who="p:d"), ["Ann", "Bo", "Di"]),  # themselves, whatever team they are in
        (lead("Core", "Other", who="p:a"), ["Ann", "Bo", "Cy"]),
        (lead(who="p:c"), ["Cy"]),
        (lead("Nowhere", who=None), []),
        (Viewer("board", "stakeholder"), []),
        (Viewer("board", "stakeholder", teams=("Core",)), []),
        (Viewer("board", "stakeholder", teams=None), []),
    ],
)
def test_who_may_be_looked_at_closely_in_the_order_of_names(viewer, sees):
    assert may_see(viewer) == sees


def test_a_team_that_is_chosen_narrows_the_choice():
    measured = workload.measure(organisation(), Scope(AS_OF, teams=("Core",)))
    assert dict(person.choices(measured, measured.scope)) == {"Ann": "p:a", "Bo": "p:b"}


def test_the_page_holds_what_is_theirs():
    report = page(LOCAL_LEAD, "p:b")
    tables = {panel.key: panel.table for panel in report.panels}
    assert tables["owed"]["key"].tolist() == ["PR-b"]
    assert tables["owed"]["wait_working_hours"].tolist() == [16]  # 10 and 11 June
    assert tables["held"]["key"].tolist() == ["I-b"]
    assert [headline.value for headline in report.headlines[1:]] == ["1", "1"]
    assert tables["rounds"]["n_rounds"].sum() == 1


@pytest.mark.parametrize("who", NAMES)
def test_nothing_of_anybody_else_is_on_it(who):
    """Nor an item, nor a name, nor a figure to compare with; the title of what they review is somebody's."""
    said = told(page(LOCAL_LEAD, who))
    others = {key: name for key, name in NAMES.items() if key != who}
    assert [name for name in others.values() if name in said] == []
    assert [key for key in others if key in said or f"I-{key[2]}" in said or f"PR-{key[2]}" in said] == []
    assert [f"{key[2]}-login" for key in others if f"{key[2]}-login" in said] == []


def test_the_page_does_not_change_with_what_others_do():
    alone = organisation()
    busier = alone.tables() | {
        "issue_events": alone.issue_events[alone.issue_events["issue"].astype("str") != "I-c"],
        "reviews": alone.reviews[alone.reviews["author"].astype("str") != "c"],
    }
    frames = type(alone)(**busier, closely=alone.closely)
    pages = [person.report_of(workload.measure(each, SCOPE), SCOPE, person="p:b") for each in (alone, frames)]
    assert told(pages[0]) == told(pages[1])


@pytest.mark.parametrize("compares", ["half", "others", "team", "average person", "median", "more than", "less than"])
def test_nobody_is_compared_with(compares):
    report = page(LOCAL_LEAD, "p:b")
    said = [panel.takeaway + panel.note for panel in report.panels]
    said += [headline.delta + headline.value for headline in report.headlines]
    assert [text for text in said if compares in text.lower()] == []


@pytest.mark.parametrize(
    ("viewer", "of"),
    [
        (lead("Core"), "p:c"),
        (lead("Core"), "p:d"),
        (lead(who="p:c"), "p:a"),
        (Viewer("board", "stakeholder"), "p:a"),
        (LOCAL_LEAD, "p:nobody"),
        (LOCAL_LEAD, None),
    ],
)
def test_who_may_not_be_looked_at_is_not_shown_whatever_is_asked_for(viewer, of):
    report = page(viewer, of)
    assert [panel.key for panel in report.panels if len(panel.table)] == []
    assert {panel.empty for panel in report.panels} == {privacy.FOR_LEADS}
    assert {headline.value for headline in report.headlines} == {"–"}
    assert {headline.delta for headline in report.headlines} == {""}


def test_a_lead_of_one_team_sees_their_own_members_page():
    assert page(lead("Core"), "p:b").panels[1].table["key"].tolist() == ["I-b"]


def test_somebody_who_holds_nothing_is_told_so_in_words_of_their_own():
    frames = seen(people=[{"id": "p:a", "name": "Ann"}], accounts=[])
    report = person.report(frames, SCOPE)
    assert [panel.empty for panel in report.panels] == [
        "No review waits for them.",
        "They hold nothing.",
        "They had nothing in progress in this window.",
        "They reviewed nothing in this window.",
    ]


def test_the_report_is_of_the_first_who_may_be_seen():
    sample = panels_of("sample")
    names = {name for key, panel in sample.items() if key[0] == "person" for name in panel.table.get("name", ())}
    assert len(names) <= 1
