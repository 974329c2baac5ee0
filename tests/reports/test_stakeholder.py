"""A stakeholder sees teams' numbers and numbered people, never who they are."""

import re

import pytest

from reports.catalogue import ENTRIES
from reports.csv import to_csv
from reports.html import to_html
from tests.reports.worlds import WORLDS, panels_of, reports_of, words_of
from tests.sample import sample


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


def test_numbers_are_those_of_a_lead():
    for entry in ENTRIES:
        seen, lead = reports_of("stakeholder")[entry.key], reports_of("sample")[entry.key]
        numbers = [
            {headline.label: headline.value for headline in report.headlines if headline.label != "Accounts to decide"}
            | {panel.key: len(panel.table) for panel in report.panels if panel.key != "accounts"}
            for report in (seen, lead)
        ]
        assert numbers[0] == numbers[1]
