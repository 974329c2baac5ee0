"""Who is a bot, and who is a person."""

import pandas as pd
import pytest

from fairlead import frames, people


def account(login, kind="user", name=None):
    return {"id": f"github:{login}", "source": "github", "login": login, "kind": kind, "name": name}


def accounts(*rows):
    return pd.concat([frames.empty("accounts"), pd.DataFrame(rows)], ignore_index=True).astype(
        frames.empty("accounts").dtypes.to_dict()
    )


@pytest.mark.parametrize(
    ("login", "kind"),
    [("DrahtBot", "user"), ("drahtbot", "user"), ("dependabot[bot]", "user"), ("github-actions", "bot")],
)
def test_bots(login, kind):
    assert people.is_bot(accounts(account(login, kind)), bots=["DrahtBot"]).all()


@pytest.mark.parametrize("login", ["robot-dreams", "sabotag3x", "DrahtBotFan", "bot", "[bot]ty"])
def test_a_part_of_a_name_makes_no_bot(login):
    assert not people.is_bot(accounts(account(login)), bots=["DrahtBot"]).any()


def test_each_human_account_is_a_person_of_its_own():
    typed, found = people.matched(accounts(account("ann", name="Ann A."), account("bob")))
    assert typed["person"].tolist() == ["person:github:ann", "person:github:bob"]
    assert typed["matched_by"].tolist() == ["single", "single"]
    assert typed["confidence"].tolist() == [1.0, 1.0]
    assert found[["id", "name"]].to_dict("records") == [
        {"id": "person:github:ann", "name": "Ann A."},
        {"id": "person:github:bob", "name": "bob"},
    ]


def test_bots_and_ghosts_are_nobody_and_mannequins_somebody():
    rows = [account("ci", "bot"), account("ghost", "ghost"), account("old", "mannequin"), account("Helper")]
    typed, found = people.matched(accounts(*rows), bots=["helper"])
    assert typed["kind"].tolist() == ["bot", "ghost", "mannequin", "bot"]
    assert typed["person"].fillna("").tolist() == ["", "", "person:github:old", ""]
    assert found["id"].tolist() == ["person:github:old"]


def test_an_account_without_a_login_is_a_ghost():
    typed, found = people.matched(accounts(account(None) | {"id": "github:x"}))
    assert typed["kind"].tolist() == ["ghost"]
    assert found.empty


def test_the_tables_stay_conformed_and_the_input_is_left_alone():
    given = accounts(account("ann"), account("ci", "bot"))
    before = given.copy(deep=True)
    typed, found = people.matched(given)
    pd.testing.assert_frame_equal(given, before)
    pd.testing.assert_frame_equal(frames.conform("accounts", typed), typed)
    pd.testing.assert_frame_equal(frames.conform("people", found), found)


def test_nobody_in_nobody_out():
    typed, found = people.matched(frames.empty("accounts"))
    pd.testing.assert_frame_equal(frames.conform("accounts", typed), frames.empty("accounts"))
    pd.testing.assert_frame_equal(found, frames.empty("people"))
