"""A stakeholder sees teams' numbers and numbered people, never who they are."""

import re
from html import escape

import pytest

from fairlead.access import Viewer, visible_to
from fairlead.scope import Scope
from reports import privacy, workload
from reports.catalogue import ENTRIES
from reports.csv import to_csv
from reports.html import to_html
from tests.reports.worlds import STAKEHOLDER, WORLDS, panels_of, reports_of, words_of
from tests.sample import AS_OF, sample


@pytest.fixture(scope="module")
def identities():
    """All names and logins, and the parts of names and ids that would tell who somebody is."""
    frames = sample()
    humans = frames.accounts[frames.accounts["kind"] == "user"]
    parts = [part for name in frames.people["name"] for part in name.split()]
    ids = [*frames.people["id"].astype("str"), *frames.accounts["id"].astype("str")]
    return {*frames.people["name"], *parts, *humans["login"], *humans["name"].dropna(), *ids}


def told(text, identities):
    return sorted(who for who in identities if re.search(rf"\b{re.escape(who)}\b", text))


@pytest.mark.parametrize("key", panels_of("stakeholder"), ids="-".join)
def test_no_panel_tells_who_somebody_is(key, identities):
    panel = panels_of("stakeholder")[key]
    assert told(words_of(panel), identities) == []
    assert told(to_csv(panel.table), identities) == []
    assert told(panel.figure.to_json() if panel.figure is not None else "", identities) == []


def test_no_headline_and_no_written_report_tells_who_somebody_is(identities):
    reports = reports_of("stakeholder")
    assert told(str([report.headlines for report in reports.values()]), identities) == []
    page = to_html(reports.values(), WORLDS["stakeholder"]().scope)
    assert told(page[page.index("<body>") :], identities) == []


def test_a_lead_does_see_names(identities):
    assert told(panels_of("sample")["workload", "held"].takeaway, identities)


def test_nobody_is_nameless():
    for key, panel in panels_of("stakeholder").items():
        for column in {"name", "owner", "waits_for", "assigned_to"} & set(panel.table):
            assert (panel.table[column].dropna() != "").all(), (key, column)


OF_LEADS = {"Accounts to decide", "accounts", "attention", "frontier"}
"""Headlines and panels that are of use to leads alone, or have lines that are."""


THEIRS = [entry for entry in ENTRIES if entry.is_for(STAKEHOLDER)]


@pytest.mark.parametrize("entry", THEIRS, ids=lambda entry: entry.key)
def test_numbers_are_those_of_a_lead_but_for_those_of_individuals(entry):
    seen, lead = reports_of("stakeholder")[entry.key], reports_of("sample")[entry.key]
    numbers = [
        {headline.label: headline.value for headline in report.headlines if headline.label not in OF_LEADS}
        | {panel.key: len(panel.table) for panel in report.panels if not is_of_people(panel)}
        for report in (seen, lead)
    ]
    assert numbers[0] == numbers[1]


def is_of_people(panel):
    return "name" in panel.table or panel.key in OF_LEADS


@pytest.mark.parametrize("key", [key for key, panel in panels_of("stakeholder").items() if "name" in panel.table])
def test_no_row_is_of_an_individual_and_what_is_left_out_for_that_is_said(key):
    """Pseudonyms protect nobody who has a task of their own."""
    panel = panels_of("stakeholder")[key]
    people = set(WORLDS["stakeholder"]().frames.people["name"])
    assert not set(panel.table["name"]) & people
    if panel.table.empty and len(panels_of("sample")[key].table):
        assert "shown to" in panel.empty


def test_no_attention_is_called_to_an_individual():
    lines = panels_of("stakeholder")["overview", "attention"].table
    people = WORLDS["stakeholder"]().frames.people["name"]
    assert not [name for name in people if lines["what"].str.contains(name, regex=False).any()]


def test_a_stakeholder_sees_no_persons_own_page_and_is_told_why():
    page = reports_of("stakeholder")["person"]
    assert [panel.key for panel in page.panels if len(panel.table)] == []
    assert {panel.empty for panel in page.panels} == {privacy.FOR_LEADS}
    assert [headline.value for headline in page.headlines] == ["–", "–", "–"]
    assert [headline.delta for headline in page.headlines] == ["", "", ""]


def test_a_written_report_has_no_persons_own_page_for_a_stakeholder():
    page = to_html([reports_of("stakeholder")["person"]], WORLDS["stakeholder"]().scope)
    assert page.count(escape(privacy.FOR_LEADS)) == len(reports_of("stakeholder")["person"].panels)


ONE_TEAM = Viewer("Ann", "lead", teams=("Berth",))
"""A lead of one team of the sample: they see names, and their own team closely."""


@pytest.fixture(scope="module")
def lead_of_one():
    frames = visible_to(ONE_TEAM, sample())
    return frames, workload.report(frames, Scope(AS_OF))


def test_a_lead_of_one_team_reads_no_figure_of_anybody_elses_team(lead_of_one):
    frames, report = lead_of_one
    others = set(frames.people.loc[~frames.people["id"].isin(frames.closely), "name"])
    assert others
    for panel in report.panels:
        figure = panel.figure.to_json() if panel.figure is not None else ""
        said = "\n".join([words_of(panel), panel.copied, to_csv(panel.table), figure])
        assert told(said, others) == [], panel.key


def test_a_lead_of_one_team_is_told_of_moves_among_their_own(lead_of_one):
    frames, report = lead_of_one
    plan = next(panel.table for panel in report.panels if panel.key == "moves")
    theirs = set(frames.people.loc[frames.people["id"].isin(frames.closely), "name"])
    assert set(plan["name"]) | set(plan["to"]) <= theirs


def test_a_lead_of_one_team_sees_all_of_theirs(lead_of_one):
    frames, report = lead_of_one
    held = next(panel.table for panel in report.panels if panel.key == "held")
    theirs = set(frames.people.loc[frames.people["id"].isin(frames.closely), "name"])
    everybody = panels_of("sample")["workload", "held"].table
    assert held["name"].tolist() == [name for name in everybody["name"] if name in theirs]
