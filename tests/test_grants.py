"""Who somebody is taken for: grants, identity claims, roles by name, and what settings are refused."""

from dataclasses import replace

import pandas as pd
import pytest

from fairlead import config
from fairlead.access import LOCAL_LEAD, Viewer, granted, person_of, seen_as, verified_email, viewer_of
from fairlead.errors import ConfigError
from fairlead.grants import AccessSettings, Grant
from fairlead.people.emails import email_hash

ANN = Grant(name="Ann", role="lead", emails=(" Ann@Example.org",), teams=("Core",))
BOARD = Grant(name="Board", role="executive", groups=("board",))
GUESTS = Grant(name="Guests", role="stakeholder", everyone=True, milestones=("1.0",))
ACCESS = AccessSettings(grants=(ANN, BOARD))


def said(email="ann@example.org", *, verified=True, **more):
    return {"email": email, "email_verified": verified, **more}


def name_of(grant):
    return None if grant is None else grant.name


@pytest.mark.parametrize("email", ["ann@example.org", "ANN@EXAMPLE.ORG", "  Ann@example.org\n"])
def test_upper_and_lower_case_and_spaces_make_no_other_address(email):
    assert granted(ACCESS, said(email)) is ANN


@pytest.mark.parametrize("verified", [True, "true"])
def test_an_address_counts_where_the_provider_vouches_for_it(verified):
    assert granted(ACCESS, said(verified=verified)) is ANN


@pytest.mark.parametrize(
    "verified", [False, None, "false", "True ", "yes", "", 0, 2, [], [True], {}, {"true": True}, b"true"]
)
def test_an_address_that_nobody_vouches_for_counts_for_nothing(verified):
    assert granted(ACCESS, said(verified=verified)) is None


def test_an_address_without_a_word_of_its_being_verified_counts_for_nothing():
    assert granted(ACCESS, {"email": "ann@example.org"}) is None


@pytest.mark.parametrize("email", [None, 5, ["ann@example.org"], {"ann@example.org": 1}, b"ann@example.org", ""])
def test_what_is_no_text_is_no_address(email):
    assert granted(ACCESS, said(email)) is None
    assert not verified_email(said(email))


def test_no_address_at_all_matches_no_empty_one_in_the_settings():
    careless = AccessSettings(grants=(replace_emails(ANN, "", " "),))
    assert granted(careless, {}) is None
    assert granted(careless, said("")) is None
    assert granted(careless, said("  ")) is None


def replace_emails(grant, *emails):
    return grant.model_copy(update={"emails": emails})


@pytest.mark.parametrize("claim", [["board"], ("x", "board"), {"board"}, "board"])
def test_a_group_counts_in_a_list_and_as_one_text(claim):
    assert granted(ACCESS, {"groups": claim}) is BOARD


@pytest.mark.parametrize(
    "claim",
    [None, 7, 0.5, True, {"board": True}, {"groups": ["board"]}, [["board"]], [{"name": "board"}], b"board", []],
)
def test_what_is_neither_text_nor_a_list_of_texts_names_no_group(claim):
    assert granted(ACCESS, {"groups": claim}) is None


@pytest.mark.parametrize("claim", ["boards", "Board", "board,lead", " board", "b", "o"])
def test_a_group_is_the_whole_text_to_the_letter(claim):
    letters = AccessSettings(grants=(BOARD, Grant(name="B", role="lead", groups=("zb",))))
    assert granted(letters, {"groups": claim}) is None


def test_the_letters_of_a_claim_are_no_groups():
    by_letter = AccessSettings(grants=(Grant(name="B", role="lead", groups=("b",)),))
    assert granted(by_letter, {"groups": "board"}) is None
    assert granted(by_letter, {"groups": "b"}) is not None


def test_groups_stand_in_the_claim_that_the_settings_name():
    elsewhere = AccessSettings(claim="roles", grants=(BOARD,))
    assert granted(elsewhere, {"groups": ["board"]}) is None
    assert granted(elsewhere, {"roles": ["board"]}) is BOARD


def test_a_group_is_no_address_and_an_address_no_group():
    assert granted(ACCESS, {"groups": ["ann@example.org"]}) is None
    assert granted(ACCESS, said("board")) is None


def test_the_first_grant_that_names_somebody_counts():
    claims = said(groups=["board"])
    assert granted(AccessSettings(grants=(ANN, BOARD)), claims) is ANN
    assert granted(AccessSettings(grants=(BOARD, ANN)), claims) is BOARD
    assert granted(AccessSettings(grants=(GUESTS, ANN)), claims) is GUESTS


def test_everyone_is_whoever_can_sign_in_and_no_grant_is_nobody():
    assert granted(AccessSettings(grants=(ANN, GUESTS)), {}) is GUESTS
    assert granted(AccessSettings(grants=(ANN, GUESTS)), said(verified=False)) is GUESTS
    assert granted(AccessSettings(), said(groups=["board"])) is None


def test_a_grant_without_teams_and_milestones_shows_none_and_a_star_shows_all():
    none = viewer_of(Grant(name="x", role="stakeholder", everyone=True), "guest")
    assert (none.teams, none.projects, none.milestones) == ((), None, ())
    every = viewer_of(Grant(name="x", role="stakeholder", everyone=True, teams=("*",), milestones=("*",)), "guest")
    assert (every.teams, every.milestones) == (None, None)


def test_a_star_among_names_is_a_name():
    assert viewer_of(ANN.model_copy(update={"teams": ("*", "Core")}), "ann").teams == ("*", "Core")


def test_executives_see_all_teams_and_milestones_whatever_stands_in_their_grant():
    listed = BOARD.model_copy(update={"teams": ("Core",), "milestones": ("1.0",), "projects": ("CARGO",)})
    viewer = viewer_of(listed, "chair@example.org")
    assert (viewer.teams, viewer.milestones, viewer.projects) == (None, None, ("CARGO",))
    assert not viewer.sees_names


def test_a_viewer_bears_the_name_they_came_with_and_the_rights_of_their_grant():
    viewer = viewer_of(ANN.model_copy(update={"titles": False}), "ann@example.org", "p:ann")
    assert viewer == Viewer("ann@example.org", "lead", person="p:ann", teams=("Core",), titles=False)


def test_rights_are_the_viewer_without_their_name():
    one, other = (viewer_of(GUESTS, name) for name in ("a", "b"))
    assert one != other
    assert one.rights == other.rights
    assert one.rights != replace(one, person="p:a").rights
    for change in ({"role": "lead"}, {"teams": None}, {"projects": ()}, {"titles": False}, {"pages": ()}):
        assert replace(one, **change).rights != one.rights


@pytest.mark.parametrize(
    "less", [{"role": "executive"}, {"teams": ("Core",)}, {"teams": ()}, {"projects": ("CARGO",)}, {"titles": False}]
)
def test_only_a_lead_of_everything_with_titles_sees_everything(less):
    assert LOCAL_LEAD.sees_all
    assert not replace(LOCAL_LEAD, **less).sees_all


def test_by_default_nobody_sees_anything():
    assert (Viewer("x", "lead").teams, Viewer("x", "lead").milestones) == ((), ())
    assert not Viewer("x", "lead").sees_all


@pytest.mark.parametrize("role", ["lead", "executive", "stakeholder"])
def test_a_role_by_its_name_is_that_role_over_everything(role):
    viewer = seen_as(role, ACCESS)
    assert (viewer.role, viewer.teams, viewer.milestones, viewer.person) == (role, None, None, None)
    assert viewer.titles == (role != "stakeholder")


def test_a_grant_by_its_name_is_what_it_grants():
    assert seen_as("Ann", ACCESS) == viewer_of(ANN, "Ann")


def test_a_grant_that_bears_the_name_of_a_role_is_meant():
    named = AccessSettings(grants=(GUESTS.model_copy(update={"name": "lead"}),))
    assert seen_as("lead", named).role == "stakeholder"


def test_members_have_no_view_in_general():
    with pytest.raises(ConfigError, match=r"^member: what a member sees depends on who it is\. Name a grant"):
        seen_as("member", ACCESS)


@pytest.mark.parametrize(
    ("name", "hint"), [("Bord", "; did you mean Board?"), ("stakeholders", "; did you mean stakeholder?"), ("", "")]
)
def test_who_is_neither_role_nor_grant_is_told_the_nearest(name, hint):
    with pytest.raises(ConfigError) as caught:
        seen_as(name, ACCESS)
    assert str(caught.value).startswith(f"{name}: there is neither such a role nor such a grant{hint}")


def accounts(*rows):
    named = [{"login": "", "email_hash": None, "person": None, **row} for row in rows]
    return pd.DataFrame(named, columns=["login", "email_hash", "person"]).astype("str")


def test_two_accounts_of_one_person_are_that_person():
    found = accounts(
        {"email_hash": email_hash("ann@example.org"), "person": "p:a"},
        {"login": "Ann@Example.org", "person": "p:a"},
    )
    assert person_of("ann@example.org", found) == "p:a"


def test_an_account_of_nobody_makes_nobody():
    assert person_of("ann@example.org", accounts({"login": "ann@example.org"})) is None
    assert person_of("ann@example.org", accounts()) is None


def test_an_account_without_an_address_is_nobodys_who_has_none():
    assert person_of("", accounts({"person": "p:a"})) is None
    assert person_of("none", accounts({"person": "p:a"})) is None


GRANT = '[[access.grants]]\nname = "x"\nrole = "lead"\n'


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            '[[access.grants]]\nname = "x"\nrole = "boss"\neveryone = true',
            "access.grants.0.role: input should be 'lead', 'executive', 'stakeholder' or 'member'",
        ),
        (GRANT, "access.grants.0: name emails, groups or everyone = true"),
        (GRANT + "emails = []", "access.grants.0: name emails, groups or everyone = true"),
        (GRANT + "everyone = true", "access.grants.0: everyone cannot be a lead: name emails or groups"),
        (
            GRANT + 'emails = ["a@b"]\neveryone = true',
            "access.grants.0: everyone cannot be a lead: name emails or groups",
        ),
        ((GRANT + 'emails = ["a@b"]\n') * 2, "access: two grants bear one name"),
        (GRANT + 'emails = "a@b"', "access.grants.0.emails: write a list, in brackets: [ ]"),
        (GRANT + 'mails = ["a@b"]', "access.grants.0.mails: there is no such key; did you mean emails?"),
        ('[[access.grants]]\nrole = "lead"\nemails = ["a@b"]', "access.grants.0.name: "),
        ('[delivery.mail]\nhots = "x"', "delivery.mail.hots: there is no such key; did you mean host?"),
        ("[access]\nsession_hours = 0", "access.session_hours: input should be greater than 0"),
        ("[access]\nsession_hours = nan", "access.session_hours: "),
        ("[access]\nsession_hours = 10000", "access.session_hours: input should be less than or equal to 720"),
        ("[access]\nlog_days = 0", "access.log_days: input should be greater than or equal to 1"),
        ("[[access]]", "access: write [access], in single brackets"),
        ('[access]\ngrant = "x"', "access.grant: there is no such key; did you mean grants?"),
        ("[sharing]\nlongest_days = 400", "sharing.longest_days: input should be less than or equal to 365"),
    ],
)
def test_faults_in_access_are_told_by_place_and_without_what_they_hold(tmp_path, text, says):
    path = tmp_path / config.FILE_NAME
    path.write_text(text, "utf-8")
    with pytest.raises(ConfigError) as caught:
        config.load(path)
    assert says in str(caught.value)
    assert "a@b" not in str(caught.value)


def test_a_member_may_be_everyone(tmp_path):
    path = tmp_path / config.FILE_NAME
    path.write_text('[[access.grants]]\nname = "All"\nrole = "member"\neveryone = true\nteams = ["*"]', "utf-8")
    (grant,) = config.load(path).access.grants
    assert viewer_of(grant, "x").teams is None
