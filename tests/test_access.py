"""Who sees what: rows by team, project and milestone, people by pseudonym, titles or none."""

from dataclasses import replace

import pandas as pd
import pytest

from fairlead import keys
from fairlead.access import LOCAL_LEAD, Viewer, person_of, visible_to
from fairlead.access.redaction import NOT_SHOWN, unnamed
from fairlead.people.emails import email_hash
from fairlead.scope import Scope, in_projects, of_teams
from reports import foreseen
from reports.catalogue import ENTRIES
from tests.sample import AS_OF, sample

STAKEHOLDER = Viewer("guest", "stakeholder", teams=None, milestones=None)
OF_TWO = Viewer("of two", "stakeholder", milestones=("Berth 2025.2", "Cluster upgrade"), titles=False)
SMALLEST_TEAM = sample().teams.set_index("id")["name"].loc["team:platform"]
RESTRICTED = (
    STAKEHOLDER,
    OF_TWO,
    Viewer("executive", "executive", teams=None, milestones=None),
    Viewer("a lead", "lead", teams=("Berth",)),
    Viewer("a member", "member", person="person:bram-oo", teams=("Berth",)),
    Viewer("of a project", "stakeholder", teams=None, projects=("CARGO",), milestones=None),
    Viewer("nothing", "stakeholder"),
)


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
    seen = visible_to(Viewer("Ann", "lead", person=other, teams=("Berth",)), frames)
    assert seen.closely == theirs | {other}
    assert len(theirs) > 1


@pytest.mark.parametrize("teams", [(), None, ("Berth",)])
@pytest.mark.parametrize("role", ["stakeholder", "executive"])
def test_nobody_else_sees_an_individual_closely_whatever_teams_they_see(role, teams):
    assert visible_to(Viewer("guest", role, teams=teams), sample()).closely == frozenset()


def test_leads_of_teams_and_people_that_are_not_there_see_nobody_closely():
    assert visible_to(Viewer("Ann", "lead", person="gone", teams=("Gone",)), sample()).closely == frozenset()


@pytest.mark.parametrize("role", ["lead", "member"])
def test_who_is_told_of_no_team_sees_themselves_alone(role):
    person = sample().people["id"].astype("str").iloc[0]
    assert visible_to(Viewer("Ann", role, person=person), sample()).closely == {person}


def test_whom_a_viewer_sees_closely_survives_a_choice_of_teams_and_projects():
    seen = visible_to(LOCAL_LEAD, sample())
    scope = Scope(AS_OF, teams=("Berth",), projects=("CARGO",))
    assert of_teams(in_projects(seen, scope), scope).closely == seen.closely


def test_by_default_a_viewer_sees_no_row_of_anybody():
    seen = visible_to(Viewer("guest", "stakeholder"), sample())
    tables = {name: len(table) for name, table in seen.tables().items()}
    of_nobody = {"accounts", "people", "time_off", "statuses", "sync_runs", "releases", "tombstones"}
    assert {name for name, n in tables.items() if n} <= of_nobody


def test_a_stakeholder_sees_pseudonyms_and_no_login():
    seen = visible_to(STAKEHOLDER, sample())
    assert seen.people["name"].str.fullmatch(r"Person [A-Z2-7]{6}").all()
    assert seen.people["name"].is_unique
    assert (seen.accounts["login"] == "").all()
    assert seen.accounts["name"].isna().all()
    assert seen.accounts["email_hash"].isna().all()
    assert seen.accounts.dtypes.drop(["id", "person"]).equals(sample().accounts.dtypes.drop(["id", "person"]))


def test_pseudonyms_stay_with_the_salt_and_tell_nothing_without_it():
    names = [visible_to(STAKEHOLDER, sample(), salt=salt).people["name"].tolist() for salt in ("a", "a", "b")]
    assert names[0] == names[1]
    assert not set(names[0]) & set(names[2])


def test_a_pseudonym_does_not_change_when_others_come_or_go():
    fewer = replace(sample(), people=sample().people.iloc[5:].reset_index(drop=True))
    whole, rest = (visible_to(STAKEHOLDER, frames, salt="s").people["name"].tolist() for frames in (sample(), fewer))
    assert rest == whole[5:]


@pytest.mark.parametrize("viewer", RESTRICTED, ids=lambda viewer: viewer.name)
def test_no_id_name_or_login_of_somebody_hidden_is_anywhere_in_the_tables(viewer):
    """The dictionaries of ids included: those hold what rows no longer do."""
    frames = sample()
    seen = visible_to(viewer, frames)
    hidden = ~frames.people["id"].astype("str").isin(seen.closely)
    others = frames.accounts[~frames.accounts["person"].astype("str").isin(seen.closely)]
    known = {*frames.people.loc[hidden, "name"], *frames.people.loc[hidden, "id"].astype("str")}
    humans = others[others["kind"] == "user"]  # a ghost's login is a word like any other
    known |= {*humans["login"], *humans["name"].dropna(), *others["id"].astype("str")}
    assert len(known) > 20
    held = texts_of(seen) | texts_of(seen.basis)
    assert sorted(known & held) == []


@pytest.mark.parametrize("viewer", RESTRICTED, ids=lambda viewer: viewer.name)
def test_no_text_of_an_item_or_milestone_that_is_not_seen_is_anywhere_in_the_tables(viewer):
    frames = sample()
    seen = visible_to(viewer, frames)
    hidden = set()
    for name in ("issues", "pull_requests", "milestones"):
        whole, theirs = getattr(frames, name), set(getattr(seen, name)["id"].astype("str"))
        rows = whole[~whole["id"].astype("str").isin(theirs)]
        hidden |= {*rows["id"].astype("str"), *rows["title"], *rows["url"]}
        hidden -= {*getattr(seen, name)["title"]}
    held = texts_of(seen) | texts_of(seen.basis)
    assert sorted(hidden & held) == []


def texts_of(frames):
    """Every text in every table, and every id in the dictionaries behind them."""
    found = set()
    for table in frames.tables().values():
        for column in table:
            values = table[column]
            if isinstance(values.dtype, pd.CategoricalDtype):
                found |= set(values.cat.categories)
            elif pd.api.types.is_string_dtype(values.dtype):
                found |= set(values.dropna().unique())
    return found


def test_titles_and_links_go_where_they_are_not_granted():
    seen = visible_to(replace(STAKEHOLDER, titles=False), sample())
    for table in (seen.issues, seen.pull_requests):
        assert set(table["title"]) == {NOT_SHOWN}
        assert set(table["url"]) == {""}
    assert seen.milestones["title"].tolist() == sample().milestones["title"].tolist()


def test_names_in_titles_and_labels_become_somebody():
    frames = sample()
    name, login = frames.people["name"].iloc[0], frames.accounts["login"].iloc[0]
    said = f"Ask {name}, or @{login}: {name.upper()} {login}"
    named = replace(
        frames,
        issues=frames.issues.assign(title=said),
        milestones=frames.milestones.assign(title=said),
        issue_labels=frames.issue_labels.assign(label=f"for {name}"),
    )
    seen = visible_to(STAKEHOLDER, named)
    assert set(seen.issues["title"]) == {"Ask somebody, or @somebody: somebody somebody"}
    assert set(seen.milestones["title"]) == set(seen.issues["title"])
    assert set(seen.issue_labels["label"]) == {"for somebody"}


def test_a_word_that_only_holds_a_name_is_left_alone():
    text = pd.Series(["Annotate", "ann-lee-2 fixes it", "Joann Lee", "naïve Ann Leeson", "Ann Lee"], dtype="str")
    assert unnamed(text, ["Ann Lee", "ann"]).tolist() == [
        "Annotate", "somebody-lee-2 fixes it", "Joann Lee", "naïve somebody Leeson", "somebody",
    ]  # fmt: skip


def test_names_with_the_signs_of_patterns_are_names():
    text = pd.Series(["by a.b|c (x) and aXb|c", "Ørjan Ås!"], dtype="str")
    assert unnamed(text, ["a.b|c (x)", "Ørjan Ås", "["]).tolist() == ["by somebody and aXb|c", "somebody!"]


@pytest.mark.parametrize("viewer", RESTRICTED, ids=lambda viewer: viewer.name)
def test_everybody_reads_the_same_forecast_of_a_milestone(viewer):
    """Whatever rows a viewer sees: what forecasts rest on is the same."""
    whole = foreseen.measure(visible_to(LOCAL_LEAD, sample()), Scope(AS_OF)).portfolio.set_index("milestone")
    seen = foreseen.measure(visible_to(viewer, sample()), Scope(AS_OF)).portfolio.set_index("milestone")
    figures = ["p50_on", "p85_on", "p_on_time", "remaining", "scope"]
    assert len(seen) == (0 if viewer.milestones == () and not viewer.teams else len(seen))
    pd.testing.assert_frame_equal(seen[figures], whole.loc[seen.index, figures])


def test_a_stakeholder_of_two_milestones_sees_those_and_all_that_was_ever_in_them():
    frames = sample()
    seen = visible_to(OF_TWO, frames)
    assert set(seen.milestones["title"]) == set(OF_TWO.milestones)
    known = {*seen.milestones["id"].astype("str"), *hidden_of(seen)}
    assert set(seen.issue_milestones["milestone"].astype("str")) <= known
    held = frames.issue_milestones[keys.is_in(frames.issue_milestones["milestone"], seen.milestones["id"])]
    assert set(held["issue"].astype("str")) <= set(seen.issues["id"].astype("str"))
    assert len(seen.issues) < len(frames.issues) / 2


def hidden_of(frames):
    ids = frames.issue_milestones["milestone"].cat.categories
    return {each for each in ids if each.startswith("hidden:")}


def test_a_project_that_is_not_granted_is_not_there():
    seen = visible_to(Viewer("x", "executive", teams=None, milestones=None, projects=("CARGO",)), sample())
    for name in ("issues", "pull_requests", "milestones", "releases"):
        assert set(getattr(seen, name)["project"]) <= {"CARGO"}
    assert set(seen.basis.issues["project"]) & {"BERTH", "VOY", "harbourline/platform"} == set()


def test_a_team_of_four_is_not_told_of_and_neither_is_the_next_one():
    frames = sample()
    team = frames.teams.loc[frames.teams["name"] == SMALLEST_TEAM, "id"].astype("str").iloc[0]
    members = frames.team_members
    small = members[(members["team"].astype("str") != team) | (members.groupby("team", observed=True).cumcount() < 4)]
    left = set(members["person"].astype("str")) - set(small["person"].astype("str"))
    gone = replace(frames, people=frames.people[~frames.people["id"].astype("str").isin(left)])
    seen = visible_to(STAKEHOLDER, replace(gone, team_members=small.reset_index(drop=True)))
    assert SMALLEST_TEAM not in set(seen.teams["name"])
    assert len(seen.teams) == 2
    assert set(seen.team_members["team"].astype("str")) == set(seen.teams["id"].astype("str"))
    lead = visible_to(Viewer("x", "lead", teams=(SMALLEST_TEAM,)), replace(frames, team_members=small))
    assert lead.teams["name"].tolist() == [SMALLEST_TEAM]


def test_who_is_in_no_team_cannot_be_had_by_subtraction():
    """All teams less each of them would leave the one who is in none."""
    frames = sample()
    alone = replace(frames, team_members=frames.team_members.iloc[1:].reset_index(drop=True))
    seen = visible_to(STAKEHOLDER, alone)
    sizes = alone.team_members.groupby("team", observed=True).size()
    assert set(frames.teams["id"].astype("str")) - set(seen.teams["id"].astype("str")) == {str(sizes.idxmin())}
    of_some = visible_to(replace(STAKEHOLDER, teams=("Berth", "Voyage")), alone)
    assert len(of_some.teams) == 2


def test_a_lead_sees_what_their_team_does_elsewhere_and_nobody_elses_name():
    frames = sample()
    seen = visible_to(Viewer("x", "lead", teams=("Berth",)), frames)
    reviewers = frames.accounts.loc[frames.accounts["person"].astype("str").isin(seen.closely), "id"]
    reviewed = frames.reviews.loc[keys.is_in(frames.reviews["author"], reviewers), "pull_request"].astype("str")
    assert set(reviewed) <= set(seen.pull_requests["id"].astype("str"))
    named = seen.people.loc[~seen.people["name"].str.startswith("Person "), "id"].astype("str")
    assert set(named) == set(seen.closely)


def test_a_person_is_who_their_account_bears_the_address_of():
    accounts = pd.DataFrame(
        {
            "login": ["ann", "bo@example.org", "cy", "cy2"],
            "email_hash": [
                email_hash("Ann@example.org"),
                None,
                email_hash("cy@example.org"),
                email_hash("cy@example.org"),
            ],
            "person": ["p:a", "p:b", "p:c", "p:d"],
        }
    ).astype("str")
    assert person_of("ann@example.org", accounts) == "p:a"
    assert person_of("bo@example.org", accounts) == "p:b"
    assert person_of("cy@example.org", accounts) is None
    assert person_of("", accounts) is None
    assert person_of(None, accounts) is None
