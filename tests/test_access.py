"""Who sees what: namesakes are told apart, stakeholders see nobody by name."""

from dataclasses import replace

import pytest

from fairlead.access import LOCAL_LEAD, Viewer, visible_to
from fairlead.scope import Scope, in_projects, of_teams
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


def team_of(frames, name):
    team = frames.teams.loc[frames.teams["name"] == name, "id"].astype("str").iloc[0]
    return set(frames.team_members.loc[frames.team_members["team"].astype("str") == team, "person"].astype("str"))


def test_whoever_runs_it_on_their_own_machine_sees_everybody_closely():
    assert visible_to(LOCAL_LEAD, sample()).closely == set(sample().people["id"].astype("str"))


def test_a_lead_of_a_team_sees_its_members_and_themselves_closely_and_nobody_else():
    frames = sample()
    theirs = team_of(frames, "Berth")
    other = next(person for person in frames.people["id"].astype("str") if person not in theirs)
    seen = visible_to(Viewer("Ann", "lead", person=other, leads=("Berth",)), frames)
    assert seen.closely == theirs | {other}
    assert len(theirs) > 1


@pytest.mark.parametrize("leads", [(), None, ("Berth",)])
def test_a_stakeholder_sees_nobody_closely_whatever_they_are_said_to_lead(leads):
    assert visible_to(Viewer("guest", "stakeholder", leads=leads), sample()).closely == frozenset()


def test_leads_of_teams_and_people_that_are_not_there_see_nobody_closely():
    assert visible_to(Viewer("Ann", "lead", person="gone", leads=("Gone",)), sample()).closely == frozenset()


def test_a_lead_who_is_told_of_no_team_sees_themselves_alone():
    person = sample().people["id"].astype("str").iloc[0]
    assert visible_to(Viewer("Ann", "lead", person=person), sample()).closely == {person}


def test_whom_a_viewer_sees_closely_survives_a_choice_of_teams_and_projects():
    seen = visible_to(LOCAL_LEAD, sample())
    scope = Scope(AS_OF, teams=("Berth",), projects=("CARGO",))
    assert of_teams(in_projects(seen, scope), scope).closely == seen.closely


def test_a_stakeholder_sees_numbers_that_sort_and_no_login():
    seen = visible_to(STAKEHOLDER, sample())
    assert sorted(seen.people["name"])[:2] == ["Person 01", "Person 02"]
    assert seen.people["name"].is_unique
    assert (seen.accounts["login"] == "").all()
    assert seen.accounts["name"].isna().all()
    assert seen.accounts.dtypes.equals(sample().accounts.dtypes)
