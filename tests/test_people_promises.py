"""What holds of `settle` whatever it is given."""

from itertools import combinations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairlead import frames, keys, people
from fairlead.config import PeopleSettings
from fairlead.frames import Frames
from tests.test_people_settle import email, line, people_map, table

NAMES = [
    "Ann Lee",
    "Lee, Ann",
    "Anna Lee",
    "Ann M. Lee",
    "Alex",
    "Bo von Berg",
    "Bo Berg",
    "王伟明",
    "Łukasz Öz",
    "",
    None,
]
LOGINS = ["annlee", "ann.lee", "AnnLee84", "alee", "alex", "boberg", "bo", "x1", "x2", "ci[bot]"]
PEOPLE = ["Ann Lee", "Bo Berg", None]

accounts_of = st.fixed_dictionaries(
    {
        "source": st.sampled_from(["github", "jira"]),
        "login": st.sampled_from(LOGINS),
        "name": st.sampled_from(NAMES),
        "kind": st.sampled_from(["user", "user", "user", "mannequin", "bot"]),
        "email_hash": st.sampled_from([None, None, email("a@x"), email("b@x")]),
    }
)
lines_of = st.builds(
    line, st.sampled_from(PEOPLE), st.sampled_from(["github", "jira"]), st.sampled_from([*LOGINS, "a@x"])
)


@st.composite
def houses(draw):
    """Accounts with ids, and lines of a map that a file could hold."""
    rows = draw(st.lists(accounts_of, max_size=8))
    lines = draw(st.lists(lines_of, max_size=4, unique_by=lambda each: (each["source"], each["account"].casefold())))
    return [row | {"id": f"{row['source']}:{n}"} for n, row in enumerate(rows)], lines


def settled(accounts, lines, before=None, **how):
    return people.settle(
        accounts,
        people_map(*lines),
        settings=PeopleSettings(bots=("bo",), **how),
        members=before.team_members if before else frames.empty("team_members"),
        teams=before.teams if before else frames.empty("teams"),
        known_people=before.people if before else frames.empty("people"),
    )


def same(one, other):
    for name in ("accounts", "people", "teams", "team_members", "undecided"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name))


@settings(max_examples=20)
@given(houses())
def test_settling_twice_changes_nothing(house):
    rows, lines = house
    once = settled(table("accounts", rows), lines)
    same(settled(once.accounts, lines, once), once)


@settings(max_examples=12)
@given(houses(), st.randoms(use_true_random=False))
def test_the_order_of_rows_and_lines_does_not_matter(house, random):
    rows, lines = house
    once = settled(table("accounts", rows), lines)
    same(settled(table("accounts", random.sample(rows, len(rows))), random.sample(lines, len(lines))), once)


@settings(max_examples=20)
@given(houses())
def test_two_accounts_of_one_source_are_one_person_only_by_the_map_or_by_e_mail(house):
    rows, lines = house
    found = settled(table("accounts", rows), lines).accounts.set_index("id")
    addresses = found["email_hash"].dropna()
    called = {(each["source"], each["account"].casefold()) for each in lines}
    for one, other in combinations(found.index, 2):
        together = found.loc[one, "person"] == found.loc[other, "person"]
        if together and found.loc[one, "source"] == found.loc[other, "source"]:
            shared = one in addresses and other in addresses and addresses[one] == addresses[other]
            mapped = {found.loc[each, "matched_by"] == "manual" for each in (one, other)} & {True}
            assert shared or (mapped and called)


@settings(max_examples=20)
@given(houses())
def test_the_map_always_wins(house):
    rows, lines = house
    found = settled(table("accounts", rows), lines)
    name = found.people.set_index("id")["name"]
    said = {(each["source"], each["account"].casefold()): each["person"] for each in lines}
    for row in found.accounts.to_dict("records"):
        given_to = said.get((row["source"], row["login"].casefold()), "not said")
        if given_to is None:
            assert row["kind"] == "bot"
        elif given_to != "not said" and row["kind"] != "bot":
            assert name[row["person"]] == given_to
    mapped = found.accounts[found.accounts["matched_by"].eq("manual") & found.accounts["person"].notna()]
    assert mapped["person"].map(name).groupby(mapped["person"]).nunique().le(1).all()
    assert name[name.isin(["Ann Lee", "Bo Berg"]) & name.index.isin(mapped["person"])].is_unique


@settings(max_examples=12)
@given(houses(), houses())
def test_every_human_is_somebody_and_everybody_has_an_id_of_his_own(house, later):
    rows, lines = house
    before = settled(table("accounts", rows), lines)
    for found in (before, settled(before.accounts, later[1], before)):
        human = found.accounts["kind"].isin(["user", "mannequin"])
        assert found.accounts["person"].notna().tolist() == human.tolist()
        assert set(found.accounts["person"].dropna()) <= set(found.people["id"])


@settings(max_examples=15)
@given(houses(), houses(), accounts_of)
def test_no_id_of_a_person_ever_goes_to_a_stranger(house, later, joining):
    rows, lines = house
    before = settled(table("accounts", rows), lines)
    row = joining | {"id": f"{joining['source']}:!", "kind": "user"}
    after = settled(pd.concat([before.accounts, table("accounts", [row])]), later[1], before)
    was, now = (found.accounts.dropna(subset="person").groupby("person")["id"].agg(set) for found in (before, after))
    assert all(was[person] & now[person] for person in was.index.intersection(now.index))


@pytest.mark.parametrize(
    "house", [([], []), ([{"source": "github", "login": "a", "id": "github:1", "kind": "user"}], [])]
)
def test_tables_of_the_store_give_what_plain_ones_give_and_are_left_alone(house):
    rows, lines = house
    rows = [*rows, {"source": "jira", "login": "a", "name": "Ann Lee", "id": "jira:1", "kind": "user"}]
    plain = settled(table("accounts", rows), lines)
    tables = {"accounts": plain.accounts, "people": plain.people}
    tables["teams"] = pd.DataFrame([{"id": "github:team:1", "name": "Core"}])
    tables["team_members"] = pd.DataFrame([{"team": "github:team:1", "person": "jira:1"}])
    stored, copy = Frames.of(tables), Frames.of(tables)
    found = [
        people.settle(
            given["accounts"],
            people_map(),
            settings=PeopleSettings(),
            members=given["team_members"],
            teams=given["teams"],
            known_people=given["people"],
        )
        for given in (stored.tables(), {name: frames.conform(name, tables[name]) for name in tables})
    ]
    same(*found)
    assert found[0].team_members["person"].tolist() == ["person:jira:1"]
    for name, left in stored.tables().items():
        pd.testing.assert_frame_equal(left, copy.tables()[name])
    assert keys.is_in(found[0].accounts["person"], found[0].people["id"]).all()
