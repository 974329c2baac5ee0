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
