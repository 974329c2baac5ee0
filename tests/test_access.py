"""Who sees what: namesakes are told apart, stakeholders see nobody by name."""

from dataclasses import replace

import pytest

from fairlead.access import LOCAL_LEAD, Viewer, visible_to
from fairlead.scope import Scope
from reports.catalogue import ENTRIES
from tests.sample import AS_OF, sample

STAKEHOLDER = Viewer("guest", "stakeholder")


def with_namesakes():
    frames = sample()
    return replace(frames, people=frames.people.assign(name="Ann Lee"), teams=frames.teams.assign(name="Core"))


def test_namesakes_are_told_apart_by_their_login_and_teams_by_their_id():
    seen = visible_to(LOCAL_LEAD, with_namesakes())
    assert seen.people["name"].is_unique
    assert seen.people["name"].str.fullmatch(r"Ann Lee \(.+\)").all()
    assert seen.teams["name"].is_unique


def test_a_name_of_its_own_is_left_alone():
    assert visible_to(LOCAL_LEAD, sample()).people["name"].tolist() == sample().people["name"].tolist()


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.key)
def test_every_report_stands_an_organisation_of_namesakes(entry):
    built = entry.build(visible_to(LOCAL_LEAD, with_namesakes()), Scope(AS_OF))
    filled = [panel for panel in built.panels if len(panel.table)]
    assert filled
    assert [panel.key for panel in filled if not panel.takeaway] == []


def test_namesakes_keep_queues_of_their_own():
    def waiting_for(frames):
        report = next(entry for entry in ENTRIES if entry.key == "reviews").build(frames, Scope(AS_OF))
        return next(panel.table for panel in report.panels if panel.key == "waiting-for")

    everybody, namesakes = visible_to(LOCAL_LEAD, sample()), visible_to(LOCAL_LEAD, with_namesakes())
    assert sorted(waiting_for(namesakes)["n_waiting"]) == sorted(waiting_for(everybody)["n_waiting"])


def test_a_stakeholder_sees_numbers_that_sort_and_no_login():
    seen = visible_to(STAKEHOLDER, sample())
    assert sorted(seen.people["name"])[:2] == ["Person 01", "Person 02"]
    assert seen.people["name"].is_unique
    assert (seen.accounts["login"] == "").all()
    assert seen.accounts["name"].isna().all()
    assert seen.accounts.dtypes.equals(sample().accounts.dtypes)
