"""Shared links: a token opens its own link, until it ends or is taken back, and nothing else opens anything."""

import json
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from itsdangerous import URLSafeSerializer, URLSafeTimedSerializer

from fairlead import links
from fairlead.errors import ConfigError, LinkError
from fairlead.links import Link, opened, signed

SECRET, OTHER = "s" * 32, "t" * 32
MADE, NOW, ENDS = (pd.Timestamp(f"2025-03-{day}T08:00:00Z") for day in (1, 15, 31))
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."


def link(**more):
    given = {
        "id": "k1",
        "name": "For the board",
        "report": "milestone",
        "choices": {"milestone": "m1"},
        "titles": False,
    }
    return Link(**{**given, "made_by": "ann@example.org", "made_at": MADE, "expires_at": ENDS} | more)


class Kept:
    """A store with these links."""

    def __init__(self, *kept):
        rows = [vars(each) | {"choices": json.dumps(each.choices)} for each in kept]
        self._rows = pd.DataFrame(rows, columns=list(vars(link())))

    def links(self):
        return self._rows


KEPT = Kept(link())


def refused(token, *, kept=KEPT, secret=SECRET, now=NOW):
    with pytest.raises(LinkError) as caught:
        opened(token, kept, secret, now)
    return str(caught.value)


def test_a_token_opens_its_link_and_no_other():
    kept = Kept(link(), link(id="k2", report="milestones", choices={}))
    assert opened(signed(link(id="k2"), SECRET), kept, SECRET, NOW) == link(id="k2", report="milestones", choices={})
    assert opened(signed(link(), SECRET), kept, SECRET, NOW) == link()


def test_the_store_says_what_a_link_opens_not_the_token():
    token = signed(link(report="programme", choices={"milestone": "all"}, titles=True), SECRET)
    assert opened(token, KEPT, SECRET, NOW) == link()


def test_a_token_tells_nothing_of_its_link():
    assert signed(link(), SECRET) == signed(link(name="x", made_by="y", choices={}), SECRET)


def test_every_change_of_any_one_character_is_refused():
    token = signed(link(), SECRET)
    for place in range(len(token)):
        for each in set(ALPHABET) - {token[place]}:
            assert "not a link of this server" in refused(f"{token[:place]}{each}{token[place + 1 :]}")
        assert "not a link of this server" in refused(token[:place] + token[place + 1 :])


@given(st.text(st.characters(categories=None)) | st.binary().map(lambda each: each.decode("latin-1")))
def test_garbage_is_refused(token):
    assert "not a link of this server" in refused(token)


@pytest.mark.parametrize("token", ["", ".", "..", "\0", "\ud800", "é" * 40, "." * 511, "A" * 1_000_000, "IkI.x.y"])
def test_odd_garbage_is_refused(token):
    assert "not a link of this server" in refused(token)


def test_a_token_signed_with_another_secret_is_refused():
    assert "not a link of this server" in refused(signed(link(), OTHER))


def test_a_token_for_another_purpose_is_refused():
    for serializer in (
        URLSafeSerializer(SECRET),
        URLSafeSerializer(SECRET, salt="session"),
        URLSafeTimedSerializer(SECRET),
    ):
        assert "not a link of this server" in refused(serializer.dumps("k1"))


def test_what_is_signed_but_is_no_text_or_spelt_otherwise_is_refused():
    ours = links._signer(SECRET)
    for odd in (["k1"], {"id": "k1"}, 1, None, "k1" + " " * 200):
        assert "not a link of this server" in refused(ours.dumps(odd))


def test_a_link_the_store_does_not_know_is_refused_like_garbage():
    assert refused(signed(link(id="k9"), SECRET)) == refused("garbage")


def test_a_link_opens_until_just_before_its_end():
    token = signed(link(), SECRET)
    assert opened(token, KEPT, SECRET, ENDS - pd.Timedelta(microseconds=1)) == link()
    assert "has ended" in refused(token, now=ENDS)


def test_a_link_that_was_taken_back_says_so_even_after_its_end():
    token, kept = signed(link(), SECRET), Kept(replace(link(), revoked_at=NOW))
    assert "taken back" in refused(token, kept=kept)
    assert "taken back" in refused(token, kept=kept, now=ENDS)


@pytest.mark.parametrize("secret", ["", "s" * 31])
def test_a_short_secret_is_refused_with_the_way_to_make_one(secret):
    with pytest.raises(ConfigError, match=r"fewer than 32 .*secrets\.token_urlsafe\(32\)"):
        signed(link(), secret)
    with pytest.raises(ConfigError):
        opened("x", KEPT, secret, NOW)


@pytest.mark.parametrize("report", ["weekly", "reviews", "workload", "people", "", "/milestone"])
def test_only_milestones_and_programmes_can_be_linked(report):
    with pytest.raises(LinkError, match="milestone, programme, milestones"):
        link(report=report)


def test_choices_are_texts():
    with pytest.raises(LinkError, match="texts by name"):
        link(choices={"days": 90})


def test_ids_are_long_and_differ():
    found = {links.new_id() for _ in range(100)}
    assert len(found) == 100
    assert min(map(len, found)) >= 22


@pytest.mark.parametrize("choices", [{}, {"milestones": ""}, {"milestones": "{"}, {"milestones": "3"}])
def test_a_link_that_does_not_say_which_milestones_opens_none(choices):
    with pytest.raises(LinkError, match="not a link of this server"):
        link(choices=choices).milestones  # noqa: B018


def test_a_link_opens_the_milestones_it_names_or_all():
    assert link(choices={"milestones": '["a", "b"]'}).milestones == ("a", "b")
    assert link(choices={"milestones": "*"}).milestones is None


def test_links_of_one_name_are_told_apart_in_the_log():
    assert link(id="aaaaaaaa").visitor != link(id="bbbbbbbb").visitor
