"""Who is in which team, by whoever says so."""

from tests.test_people_settle import again, email, gh, jira, line, settle


def members_of(settled):
    names = settled.people.set_index("id")["name"]
    joined = settled.team_members.assign(name=settled.team_members["person"].map(names))
    return joined.groupby("team")["name"].apply(sorted).to_dict()


def test_members_named_as_accounts_become_persons_and_bots_drop_out():
    rows = gh("ann", email_hash=email("x")), jira("ann", email_hash=email("x")), gh("ci", kind="bot")
    members = [
        {"team": "github:team:1", "person": each} for each in ("github:ann", "jira:ann", "github:ci", "github:?")
    ]
    found = settle(*rows, members=members, teams=[{"id": "github:team:1", "name": "Core"}])
    assert members_of(found) == {"github:team:1": ["ann"]}
    assert members_of(again(found)) == {"github:team:1": ["ann"]}


def test_a_member_stays_one_when_persons_are_found_to_be_one():
    before = settle(
        gh("a"), jira("b"),
        members=[{"team": "github:team:1", "person": "jira:b"}], teams=[{"id": "github:team:1", "name": "Core"}],
    )  # fmt: skip
    after = again(before, lines=[line("Ann", "github", "a"), line("Ann", "jira", "b")])
    assert after.people["id"].tolist() == ["person:github:a"]
    assert members_of(after) == {"github:team:1": ["Ann"]}


def test_teams_of_one_name_are_one_team_wherever_they_are_written_down():
    found = settle(
        gh("ann"), gh("bo"), gh("cy"), gh("di"),
        members=[{"team": "github:team:1", "person": "github:ann"}],
        teams=[{"id": "github:team:1", "name": "Core"}],
        lines=[line("Bo", "github", "bo", team=" core; Docs ;")],
    )  # fmt: skip
    assert members_of(found) == {"github:team:1": ["Bo", "ann"], "team:docs": ["Bo"]}
    assert found.teams.to_numpy().tolist() == [["github:team:1", "Core"], ["team:docs", "Docs"]]


def test_the_settings_name_members_by_login_or_name_and_warn_of_the_unknown():
    rows = gh("ann"), gh("x1", "Bo Berg"), gh("x2", "Cy Dee"), gh("x3", "Cy Dee"), gh("ci", kind="bot")
    listed = {"The Core": ("ANN", "bo berg", "Cy Dee", "nobody", "ci"), "Empty": ()}
    found = settle(*rows, listed=listed)
    assert members_of(found) == {"team:the-core": ["Bo Berg", "ann"]}
    assert found.warnings == (
        "people.teams.The Core: members 3, 4, 5: nobody's login or name, or several people's. Write a login.",
    )


def test_teams_of_two_organisations_with_one_name_keep_their_ids_and_members():
    found = settle(
        gh("ann"), gh("bo"), gh("cy"),
        members=[{"team": "github:team:1", "person": "github:ann"}, {"team": "github:team:2", "person": "github:bo"}],
        teams=[{"id": "github:team:1", "name": "Docs"}, {"id": "github:team:2", "name": "docs"}],
        lines=[line("Cy", "github", "cy", team="Docs")],
    )  # fmt: skip
    assert members_of(found) == {"github:team:1": ["Cy", "ann"], "github:team:2": ["bo"]}
