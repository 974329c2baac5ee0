"""Who is behind each account: the map, then e-mail addresses, then likeness; and what stays when things change."""

from hashlib import sha256

import pandas as pd
import pytest

from fairlead import frames, people
from fairlead.config import PeopleSettings
from fairlead.people.mapping import COLUMNS


def account(source, login, name=None, **more):
    return {"id": f"{source}:{login or 'none'}", "source": source, "login": login, "name": name, "kind": "user"} | more


def gh(login, name=None, **more):
    return account("github", login, name, **more)


def jira(login, name=None, **more):
    return account("jira", login, name, **more)


def email(address):
    return sha256(address.encode()).hexdigest()


def table(name, rows):
    return frames.conform(name, pd.concat([frames.empty(name), pd.DataFrame(list(rows))]))


def line(person, source, account, **more):
    return {"person": person, "source": source, "account": account} | more


def people_map(*lines):
    typed = dict.fromkeys(COLUMNS, "str") | {"share": "float64"}
    days = {"start_on": "datetime64[us]", "leave_on": "datetime64[us]"}
    return pd.DataFrame(lines, columns=list(COLUMNS)).astype(typed | days)


def settle(*rows, lines=(), before=None, members=(), teams=(), listed=None, **how):
    stored = before or people.Settled(*(frames.empty(n) for n in ("accounts", "people", "teams", "team_members")), None)
    kept = stored.accounts[~stored.accounts["id"].isin([row["id"] for row in rows])]
    return people.settle(
        pd.concat([kept, table("accounts", [row | {"login": row["login"] or ""} for row in rows])]),
        people_map(*lines),
        settings=PeopleSettings(teams=listed or {}, **how),
        members=table("team_members", members) if members else stored.team_members,
        teams=table("teams", teams) if teams else stored.teams,
        known_people=stored.people,
    )


def again(settled, lines=(), **how):
    return settle(lines=lines, before=settled, **how)


def persons(settled):
    """Who is who: the accounts of each person, by login, in the order of the ids."""
    logins = settled.accounts.dropna(subset="person").groupby("person")["id"].apply(list)
    return logins.tolist()


def said(settled, account):
    row = settled.accounts.set_index("id").loc[account]
    return row["matched_by"], row["confidence"]


def test_an_account_alone_is_a_person_of_its_own():
    found = settle(gh("ann", "Ann Lee"))
    assert persons(found) == [["github:ann"]]
    assert said(found, "github:ann") == ("single", 1.0)
    assert found.people[["id", "name"]].to_numpy().tolist() == [["person:github:ann", "Ann Lee"]]


def test_one_e_mail_address_is_one_person_even_within_a_source():
    found = settle(
        gh("a", email_hash=email("x@y")), gh("b", email_hash=email("x@y")), jira("c", email_hash=email("x@y"))
    )
    assert persons(found) == [["github:a", "github:b", "jira:c"]]
    assert said(found, "jira:c") == ("email", 1.0)


@pytest.mark.parametrize("address", ["", "noreply@github.com"])
def test_an_address_that_is_nobodys_makes_no_person(address):
    found = settle(gh("a", email_hash=email(address)), jira("b", email_hash=email(address)))
    assert persons(found) == [["github:a"], ["jira:b"]]


def test_full_names_that_agree_are_one_person_across_sources():
    found = settle(gh("al84", "Ann Lee"), jira("557058", "Lee, Ann"))
    assert persons(found) == [["github:al84", "jira:557058"]]
    assert said(found, "github:al84") == said(found, "jira:557058") == ("name", 0.95)


def test_a_login_made_of_the_name_is_one_person():
    found = settle(gh("ann-lee"), jira("557058", "Ann Lee"))
    assert said(found, "jira:557058") == ("login", 0.93)


def test_two_accounts_of_one_source_are_never_one_by_likeness():
    found = settle(jira("ann1", "Ann Lee"), jira("ann2", "Ann Lee"))
    assert persons(found) == [["jira:ann1"], ["jira:ann2"]]


def test_alex_alone_is_never_matched_and_not_asked_about():
    found = settle(gh("alex", "Alex"), jira("alex", "Alex"))
    assert persons(found) == [["github:alex"], ["jira:alex"]]
    assert found.undecided.empty


def test_namesakes_stay_apart_and_are_asked_about():
    found = settle(gh("g", "Ann Lee"), jira("j1", "Ann Lee"), jira("j2", "Ann Lee"))
    assert persons(found) == [["github:g"], ["jira:j1"], ["jira:j2"]]
    assert found.undecided.to_numpy().tolist() == [
        ["github:g", "jira:j1", 0.95, "ambiguous"],
        ["github:g", "jira:j2", 0.95, "ambiguous"],
    ]


def test_what_is_alike_but_not_enough_is_asked_about():
    found = settle(gh("g", "Daniel Smith"), jira("j", "Daniela Smith"))
    assert persons(found) == [["github:g"], ["jira:j"]]
    assert found.undecided.to_numpy().tolist() == [["github:g", "jira:j", 0.8143, "alike"]]


def test_the_threshold_decides_what_is_enough():
    rows = gh("g", "Daniel Smith"), jira("j", "Daniela Smith")
    assert persons(settle(*rows, threshold=0.8)) == [["github:g", "jira:j"]]
    assert persons(settle(gh("g", "Ann Lee"), jira("j", "Ann Lee"), threshold=1.0)) == [["github:g"], ["jira:j"]]


def test_at_most_five_pairs_of_one_account_are_listed():
    found = settle(gh("g", "Ann Lee"), *(jira(f"j{n}", "Ann Lee") for n in range(9)))
    assert found.undecided["other"].tolist() == [f"jira:j{n}" for n in range(5)]


def test_the_map_makes_one_person_of_what_nothing_else_would():
    lines = line("Ann Lee", "github", "@Xyz"), line("Ann Lee", "jira", "557058:ab-c")
    found = settle(gh("xyz"), jira("n", id="jira:SITE:557058:ab-c"), lines=lines)
    assert persons(found) == [["github:xyz", "jira:SITE:557058:ab-c"]]
    assert said(found, "github:xyz") == ("manual", 1.0)
    assert found.people["name"].tolist() == ["Ann Lee"]


def test_the_map_takes_apart_what_everything_else_joins():
    both = {"email_hash": email("x@y")}
    lines = line("Ann Lee", "github", "ann.lee"), line("Ann Lee (Docs)", "jira", "ann.lee")
    found = settle(gh("ann.lee", "Ann Lee", **both), jira("ann.lee", "Ann Lee", **both), lines=lines)
    assert persons(found) == [["github:ann.lee"], ["jira:ann.lee"]]
    assert found.undecided.empty


def test_the_map_names_accounts_by_their_e_mail_address():
    lines = line("Ann", "github", "Ann.Lee@X.org"), line("Ann", "jira", "ann.lee@x.org")
    found = settle(gh("g", email_hash=email("ann.lee@x.org")), jira("ann.lee@x.org"), lines=lines)
    assert persons(found) == [["github:g", "jira:ann.lee@x.org"]]
    assert not found.accounts.astype("str").map(lambda cell: "Lee@X" in str(cell)).any(axis=None)


def test_a_person_of_the_map_gains_accounts_by_e_mail_and_likeness():
    rows = gh("g", "Ann Lee", email_hash=email("x")), gh("g2", email_hash=email("x")), jira("j", "Ann Lee")
    found = settle(*rows, lines=[line("A. Lee", "github", "g")])
    assert persons(found) == [["github:g", "github:g2", "jira:j"]]
    assert [said(found, each["id"]) for each in rows] == [("manual", 1.0), ("email", 1.0), ("name", 0.95)]


def test_an_address_that_two_persons_of_the_map_share_is_asked_about():
    shared = {"email_hash": email("team@x")}
    lines = line("Ann", "github", "a"), line("Bo", "github", "b")
    found = settle(gh("a", **shared), gh("b", **shared), jira("c", **shared), lines=lines)
    assert persons(found) == [["github:a"], ["github:b"], ["jira:c"]]
    assert found.undecided[["account", "other", "reason"]].to_numpy().tolist() == [
        ["jira:c", "github:a", "shared e-mail"],
        ["jira:c", "github:b", "shared e-mail"],
    ]


def test_where_the_map_names_one_account_twice_the_login_counts_and_a_warning_says_so():
    lines = line("Ann", "github", "a"), line("Bo", "github", "a@x")
    found = settle(gh("a", email_hash=email("a@x")), lines=lines)
    assert found.people["name"].tolist() == ["Ann"]
    assert "two persons" in found.warnings[0]
    assert "Ann" not in found.warnings[0]


def test_once_the_map_has_decided_one_namesake_the_other_follows():
    rows = gh("g1", "Ann Lee"), gh("g2", "Ann Lee"), jira("j1", "Ann Lee"), jira("j2", "Ann Lee")
    assert len(persons(settle(*rows))) == 4
    found = settle(*rows, lines=[line("Ann Lee", "github", "g1"), line("Ann Lee", "jira", "j2")])
    assert persons(found) == [["github:g1", "jira:j2"], ["github:g2", "jira:j1"]]


def test_a_line_taken_out_of_the_map_is_undone():
    lines = line("Ann", "github", "a"), line("Ann", "jira", "b", team="Core", share=0.5)
    joined = settle(gh("a"), jira("b"), lines=lines)
    apart = again(joined)
    assert persons(apart) == [["github:a"], ["jira:b"]]
    assert said(apart, "jira:b") == ("single", 1.0)
    assert apart.people["name"].tolist() == ["a", "b"]
    assert apart.people["share"].isna().all()
    assert apart.team_members.empty
    assert apart.teams.empty


def test_an_account_of_the_map_that_is_nobodys_is_a_bot_until_the_line_goes():
    found = settle(gh("ci"), gh("ann"), lines=[line(None, "github", "CI")])
    assert found.accounts["kind"].tolist() == ["user", "bot"]
    assert found.people["name"].tolist() == ["ann"]
    assert again(found, lines=[line(None, "github", "CI")]).accounts["kind"].tolist() == ["user", "bot"]
    assert again(found).accounts["kind"].tolist() == ["user", "user"]


def test_a_bot_of_the_settings_is_one_until_it_is_taken_off_the_list():
    found = settle(gh("DrahtBot"), bots=("drahtbot",))
    assert found.people.empty
    assert again(found, bots=("drahtbot",)).people.empty
    assert again(found).people["name"].tolist() == ["DrahtBot"]


def test_the_map_goes_before_the_list_of_bots_but_not_before_the_source():
    rows = gh("helper"), gh("renovate[bot]"), gh("app", kind="bot"), gh(None)
    lines = [line("Ann", "github", login) for login in ("helper", "renovate[bot]", "app", "ghost")]
    found = settle(*rows, lines=lines, bots=("helper",))
    assert persons(found) == [["github:helper"]]
    assert found.warnings == (
        "people.csv: bots or deleted users are given to somebody; they stay nobody's: 2.",
        "people.csv: lines name no account that was seen yet: 1.",
    )


def test_ghosts_are_nobody_and_mannequins_somebody():
    found = settle(gh(None), gh("old", kind="mannequin"), gh("gone", kind="ghost"), gh("robot-dreams"), gh("sabotag3x"))
    assert found.accounts.set_index("id")["kind"].to_dict() == {
        "github:gone": "ghost",
        "github:none": "ghost",
        "github:old": "mannequin",
        "github:robot-dreams": "user",
        "github:sabotag3x": "user",
    }
    assert found.people["name"].tolist() == ["old", "robot-dreams", "sabotag3x"]


def test_a_store_from_before_is_settled():
    single = {"confidence": 1.0, "matched_by": "single"}
    before = [
        gh("a", "Ann Lee") | single | {"person": "person:github:a"},
        jira("b", "Ann Lee") | single | {"person": "person:jira:b"},
        gh("ci", kind="bot"),
    ]
    accounts = table("accounts", before)
    known = table("people", [{"id": f"person:{each}", "name": "Ann Lee"} for each in ("github:a", "jira:b")])
    none = people_map()
    teams, members = frames.empty("teams"), frames.empty("team_members")
    found = people.settle(
        accounts.drop(columns="email_hash"),
        none,
        settings=PeopleSettings(),
        members=members,
        teams=teams,
        known_people=known,
    )
    assert persons(found) == [["github:a", "jira:b"]]
    assert found.people["id"].tolist() == ["person:github:a"]


def test_people_take_their_working_time_from_the_map():
    hours = {"time_zone": "Asia/Tokyo", "workdays": "1111000", "day_start": "10:00", "day_end": "18:00", "share": 0.8}
    lines = line("Ann", "github", "a"), line("Ann", "jira", "b", start_on=pd.Timestamp("2024-02-29"), **hours)
    found = settle(gh("a"), jira("b"), gh("c"), lines=lines)
    ann = found.people.set_index("id").loc["person:github:a"]
    assert ann[list(hours)].to_dict() == hours
    assert ann["start_on"] == pd.Timestamp("2024-02-29")
    assert found.people.set_index("id").loc["person:github:c"].drop("name").isna().all()


def test_a_person_of_the_map_without_an_account_is_one_only_with_a_team():
    lines = line("Ann", "github", "a", team="Core"), line("Bo", "github", "b")
    found = settle(lines=lines)
    assert found.people["name"].tolist() == ["Ann"]
    assert found.team_members["person"].tolist() == found.people["id"].tolist()


def test_a_full_display_name_goes_before_a_short_one():
    found = settle(gh("a", "annie", email_hash=email("x")), jira("b", "Ann Lee", email_hash=email("x")))
    assert found.people["name"].tolist() == ["Ann Lee"]


def test_nobody_in_nobody_out_with_types():
    found = settle()
    for name in ("accounts", "people", "teams", "team_members"):
        pd.testing.assert_frame_equal(getattr(found, name), frames.empty(name))
    assert list(found.undecided) == ["account", "other", "confidence", "reason"]
    assert found.undecided["confidence"].dtype == "float64"
    assert found.warnings == ()


def test_what_is_alike_and_was_not_joined_waits_for_a_decision():
    settled = settle(gh("a-lee", "A. Lee"), jira("ann.lee", "Ann Lee"), gh("bo", "Bo Berg"), jira("bo.berg", "Bo Berg"))
    found = people.undecided(settled.accounts)
    assert found[["account", "other", "reason"]].to_numpy().tolist() == [["github:a-lee", "jira:ann.lee", "alike"]]


def test_two_namesakes_of_one_are_ambiguous():
    settled = settle(gh("ann", "Ann Lee"), gh("ann2", "Ann Lee"), jira("ann.lee", "Ann Lee"))
    assert people.undecided(settled.accounts)["reason"].tolist() == ["ambiguous", "ambiguous"]


def test_whom_the_map_tells_apart_waits_for_no_decision():
    lines = [line("Ann Lee", "github", "ann"), line("Ann Lee (Oslo)", "jira", "ann.lee")]
    settled = settle(gh("ann", "Ann Lee"), jira("ann.lee", "Ann Lee"), lines=lines)
    assert people.undecided(settled.accounts).empty


def test_nothing_waits_where_nobody_is():
    assert people.undecided(frames.empty("accounts")).empty


def test_who_is_one_by_the_map_and_an_address_waits_for_no_decision():
    same = {"email_hash": email("ann@house.example")}
    settled = settle(
        gh("ann", "Ann Lee", **same), jira("ann.lee", "Ann Lee", **same), lines=[line("Ann", "github", "ann")]
    )
    assert len(settled.people) == 1
    assert people.undecided(settled.accounts).empty
