"""The Sharing page: links are made, listed and taken back, and open no more than who made them sees."""

import json
import re

import pandas as pd
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from fairlead import links, store
from fairlead.access import LOCAL_LEAD, Viewer, visible_to
from fairlead.links import Link
from fairlead.scope import Scope
from reports import export, live, looked, views
from tests.hosted.house import GRANTED, LINK_SECRET, all_names
from tests.pages.conftest import ROOT, SECONDS, shown
from tests.pages.test_gate import NOW, claims, door, hosted, signing_in  # noqa: F401 (fixtures)
from tests.reports.worlds import HOSTILE
from tests.sample import AS_OF, sample

ADDRESS = "https://fairlead.example.org/shared?link="
SECRET = "FAIRLEAD_LINK_SECRET"  # noqa: S105 (the name of a variable)


@pytest.fixture
def kept(signing_in):  # noqa: F811
    """The store behind the page, without links."""
    with store.open(f"sqlite:///{signing_in}/.fairlead/fairlead.db") as opened:
        yield opened
        for row in opened.links().to_dict("records"):
            opened.revoke_link(row["id"], NOW)


@pytest.fixture
def secret(kept, monkeypatch):
    monkeypatch.setenv(SECRET, LINK_SECRET)
    return kept


def draw():
    """The page without a menu: AppTest forgets between two runs what was typed on a page of one."""
    from fairlead import config  # noqa: PLC0415 (AppTest runs the text of this function as a script)
    from reports import foreseen, live, views  # noqa: PLC0415
    from reports.catalogue import SHARING  # noqa: PLC0415

    view = views.of_page(SHARING, config.load(), live._now)
    live.sharing_desk(view, live.built(live.measured(view, foreseen.measure), foreseen.choices))


def desk(who="head"):
    app = AppTest.from_function(draw, default_timeout=SECONDS)
    app.user = claims(who)
    app.run()
    assert not app.exception
    return app


@pytest.fixture(autouse=True)
def pages_need_no_menu(monkeypatch):
    monkeypatch.setattr(st, "page_link", lambda *_, **__: None)


@pytest.mark.usefixtures("kept")
def test_the_page_itself_shows_the_desk():
    app = door(user=claims("head")).run()
    app.switch_page("pages/sharing.py").run()
    assert not app.exception
    assert [title.value for title in app.title] == ["Sharing"]
    assert "Links cannot be made yet" in app.info[0].value


def filled(app, report="milestone", name="Steering", **widgets):
    """The form, filled in."""
    app.selectbox(key="link-report").set_value(report)
    app.text_input(key="link-name").set_value(name)
    app.run()
    for kind, (key, value) in widgets.items():
        getattr(app, kind)(key=key).set_value(value)
    return app.run()


def pressed(app):
    app.button(key="make").click().run()
    assert not app.exception
    return app


def links_named(kept, name):
    return [Link.of_row(row) for row in kept.links().to_dict("records") if row["name"] == name]


def token_of(app):
    (code,) = [code.value for code in app.code if code.value.startswith(ADDRESS)]
    return code.removeprefix(ADDRESS)


def followed(token):
    """What somebody without an account sees behind a link."""
    app = AppTest.from_file(ROOT / "dashboard.py", default_timeout=SECONDS)
    app.user = {}
    app.query_params["link"] = token
    app.run()
    return app.switch_page("pages/shared.py").run()


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize("held", [None, "too short"])
def test_without_a_good_secret_the_page_says_how_to_make_one_and_makes_no_link(monkeypatch, held):
    if held is not None:
        monkeypatch.setenv(SECRET, held)
    app = desk()
    if held is not None:
        app = pressed(filled(app))
    assert links.HOW_TO_MAKE in app.info[0].value
    assert "Links cannot be made yet" in app.info[0].value
    assert [code.value for code in app.code] == []


@pytest.mark.parametrize("report", links.REPORTS)
def test_a_link_of_each_kind_has_an_address_that_opens_it(secret, report):
    name = f"Kind {report}"
    app = pressed(filled(desk(), report, name))
    (link,) = links_named(secret, name)
    assert (link.report, link.made_by, link.titles) == (report, "head@example.org", False)
    assert (link.made_at, link.expires_at) == (NOW, NOW + pd.Timedelta(days=14))
    assert links.opened(token_of(app), secret, LINK_SECRET, NOW) == link
    assert (
        len(json.loads(link.choices["milestones"])) == 1 if report == "milestone" else link.choices["milestones"] == "*"
    )


def test_nothing_can_be_made_for_nobody(secret):
    app = filled(desk(), name="   ")
    assert app.button(key="make").disabled
    assert links_named(secret, "   ") == []


def test_what_is_chosen_is_what_the_link_holds(secret):
    app = desk()
    filled(app, name="Chosen", checkbox=("link-titles", True), number_input=("link-days", 3))
    stone = app.selectbox(key="link-milestone").options[1]
    app.selectbox(key="link-milestone").set_value(stone).run()
    pressed(app)
    (link,) = links_named(secret, "Chosen")
    (chosen,) = json.loads(link.choices["milestones"])
    assert stone.startswith(title_of(chosen))
    assert (link.titles, link.expires_at) == (True, NOW + pd.Timedelta(days=3))


def title_of(stone):
    return next(row["title"] for row in sample().milestones.to_dict("records") if str(row["id"]) == stone)


def test_a_link_is_listed_and_taken_back_and_opens_nothing_then(secret):
    app = pressed(filled(desk(), name="To be taken back"))
    token = token_of(app)
    assert "To be taken back" in app.dataframe[0].value.to_csv()
    (link,) = links_named(secret, "To be taken back")
    app.selectbox(key="link-to-take-back").set_value(link.id).run()
    app.button(key="take").click().run()
    assert not app.exception
    assert links_named(secret, "To be taken back")[0].revoked_at == NOW
    assert not app.code
    read = " ".join(info.value for info in followed(token).info)
    assert "taken back" in read


def test_what_one_tab_takes_back_another_does_no_harm_to(secret):
    one = pressed(filled(desk(), name="In two tabs"))
    other = desk()
    (link,) = links_named(secret, "In two tabs")
    for tab in (one, other):
        tab.selectbox(key="link-to-take-back").set_value(link.id)
        tab.button(key="take").click().run()
        assert not tab.exception
    assert links_named(secret, "In two tabs")[0].revoked_at == NOW


def test_a_restricted_lead_sees_their_own_links_alone(secret):
    secret.add_link(made("head@example.org", "*", name="Of the head"))
    app = pressed(filled(desk("berth"), name="Of Berth"))
    offered = app.selectbox(key="link-to-take-back").options
    assert offered == ["Of Berth · One milestone"]
    read = "\n".join([*shown(app), *(frame.value.to_csv() for frame in app.dataframe)])
    assert "Of the head" not in read
    assert "Who has looked" not in read
    assert "Of the head" in "\n".join(frame.value.to_csv() for frame in desk().dataframe)


@pytest.mark.parametrize("report", ["programme", "milestones"])
def test_a_restricted_lead_shares_the_milestones_they_see_and_never_all(secret, report):
    app = desk("berth")
    pressed(filled(app, report, f"All of Berth {report}"))
    (link,) = links_named(secret, f"All of Berth {report}")
    among = set(json.loads(link.choices["milestones"]))
    own = views_of_berth(secret)
    assert among
    assert among <= set(own.milestones["id"].astype("str"))
    assert len(among) < len(sample().milestones)
    opened = visible_to(views.viewer_of(link), secret.read())
    for name in ("issues", "pull_requests", "milestones"):
        seen, theirs = (set(getattr(frames, name)["id"].astype("str")) for frames in (opened, own))
        assert seen <= theirs
    assert opened.closely == frozenset()


def views_of_berth(kept):
    return visible_to(Viewer("b", "lead", teams=("Berth",)), kept.read())


def test_a_lead_who_reads_no_titles_shares_none(secret, signing_in):  # noqa: F811
    path = signing_in / "fairlead.toml"
    before = path.read_text("utf-8")
    try:
        path.write_text(before.replace('teams = ["Berth"]', 'teams = ["Berth"]\ntitles = false', 1), "utf-8")
        app = desk("berth")
        assert not app.checkbox
        pressed(filled(app, name="Without titles"))
        assert not links_named(secret, "Without titles")[0].titles
    finally:
        path.write_text(before, "utf-8")


def made(by, among, *, name, report="milestones", days=14, titles=False):
    return Link(
        id=links.new_id(), name=name, report=report, choices={"milestones": among}, titles=titles, made_by=by,
        made_at=NOW, expires_at=NOW + pd.Timedelta(days=days),
    )  # fmt: skip


def test_a_link_outlives_the_rights_of_who_made_it_until_it_is_taken_back(secret):
    """Links belong to the house: whoever sees everything finds them in the list and takes them back."""
    link = made(
        "gone@example.org", json.dumps([stone_called(GRANTED[0])]), name="Of somebody who left", report="milestone"
    )
    secret.add_link(link)
    token = links.signed(link, LINK_SECRET)
    assert GRANTED[0] in " ".join(title.value for title in followed(token).title).replace("\\", "")
    assert "Of somebody who left · One milestone" in desk().selectbox(key="link-to-take-back").options


def stone_called(title):
    return next(str(row["id"]) for row in sample().milestones.to_dict("records") if row["title"] == title)


def test_a_shared_page_says_until_when_and_names_nobody(secret):
    link = made("head@example.org", json.dumps([stone_called(GRANTED[0])]), name="Until", report="milestone", days=2)
    secret.add_link(link)
    app = followed(links.signed(link, LINK_SECRET))
    assert not app.exception
    assert "Shared until 23 Nov 2026, 12:00 UTC. This link opens nothing else." in [each.value for each in app.caption]
    read = "\n".join([*shown(app), *(frame.value.to_csv() for frame in app.dataframe)]).replace("\\", "")
    assert [name for name in all_names() if name in read] == []
    assert not [*app.sidebar.selectbox, *app.sidebar.multiselect]


def test_an_ended_link_says_so(secret, monkeypatch):
    link = made("head@example.org", "*", name="Ended", days=1)
    secret.add_link(link)
    monkeypatch.setattr(live, "_now", lambda: NOW + pd.Timedelta(days=1))
    app = followed(links.signed(link, LINK_SECRET))
    assert "This link has ended" in app.info[0].value
    assert not app.dataframe


@pytest.mark.parametrize("report", links.REPORTS)
def test_a_link_to_what_is_gone_is_an_empty_report_and_no_other_milestone(secret, report):
    link = made("head@example.org", '["gone"]', name=f"Gone {report}", report=report)
    secret.add_link(link)
    app = followed(links.signed(link, LINK_SECRET))
    assert not app.exception
    assert not app.dataframe
    read = "\n".join(shown(app)).replace("\\", "")
    assert [title for title in sample().milestones["title"] if title in read] == []


def test_a_link_to_a_closed_milestone_still_opens_it(secret):
    closed = next(row for row in sample().milestones.to_dict("records") if row["state"] == "closed")
    link = made("head@example.org", json.dumps([str(closed["id"])]), name="Closed", report="milestone")
    secret.add_link(link)
    app = followed(links.signed(link, LINK_SECRET))
    assert not app.exception
    assert closed["title"] in " ".join(title.value for title in app.title).replace("\\", "")


def test_a_hostile_name_is_text_on_the_page_and_no_formula_in_the_csv(secret, tmp_path):
    name = f"=1+1 {HOSTILE}"[:80]
    secret.add_link(made("head@example.org", "*", name=name))
    app = desk()
    assert any(name in frame.value.to_numpy() for frame in app.dataframe)
    assert not re.search(r"(?<!\\)<img", "\n".join(shown(app)))
    export.write_tables(tmp_path, [looked.report(secret.links(), secret.accesses(), LOCAL_LEAD, NOW)], Scope(AS_OF))
    said = "\n".join(path.read_text("utf-8-sig") for path in tmp_path.rglob("*.csv"))
    assert "1+1" in said
    assert not re.search(r"(^|[,\n])\"?=", said)
