"""The gate: who comes in, through which door, as whom, and what everybody else is told."""

import re
import shutil

import pandas as pd
import pytest
import streamlit as st
import streamlit.config
from streamlit.testing.v1 import AppTest

from fairlead import config, serving
from fairlead.grants import AccessSettings
from reports import gate, live
from reports.catalogue import ENTRIES, MENU
from tests.hosted.house import ACCESS, GRANTED, MEMBER, all_names
from tests.pages.conftest import ROOT, SECONDS, shown
from tests.sample import AS_OF, sample

NOW = pd.Timestamp("2026-11-21 12:00", tz="UTC")
KEYS = [place.key for place in MENU]
FOR_ALL = ["overview", "milestones", "milestone", "programme", "reviews", "workload", "flow"]
OF_MENU = {
    "head": KEYS,
    "berth": ["overview", "milestones", "milestone", "programme", "reviews", "workload", "person", "flow", "sharing"],
    "board": FOR_ALL,
    "customer": FOR_ALL,
    "sales": FOR_ALL,
    "member": ["overview", "milestones", "milestone", "programme", "reviews", "workload", "person", "flow"],
}
SAID = {
    "head": {"email": "head@example.org"},
    "berth": {"email": "berth@example.org"},
    "board": {"email": "chair@example.org", "groups": ["board"]},
    "customer": {"email": "customer@example.org"},
    "sales": {"email": "sales@example.org", "groups": "sales"},
    "member": {"email": MEMBER},
}
SIGN_IN = """
[sign_in]
address = "https://fairlead.example.org"
metadata_url = "https://id.example.org/.well-known/openid-configuration"
client_id = "fairlead"
"""
UNSAFE, NOT_FOR_THEM = "Nothing is shown here", "This page is not part of what is shown to you"


@pytest.fixture(autouse=True)
def pages_need_no_menu(monkeypatch):
    """What knocks is no page of a menu, so that nothing can lead on from it."""
    monkeypatch.setattr(st, "page_link", lambda *_, **__: None)


@pytest.fixture(scope="module")
def hosted(home, tmp_path_factory):
    """A folder with a copy of the sample's store, and settings under which people sign in."""
    folder = tmp_path_factory.mktemp("hosted")
    shutil.copytree(home / ".fairlead", folder / ".fairlead")
    (folder / ".fairlead" / "sample.db").rename(folder / ".fairlead" / "fairlead.db")
    (folder / "fairlead.toml").write_text(SIGN_IN + ACCESS, "utf-8")
    yield folder
    st.cache_resource.clear()


@pytest.fixture
def signing_in(hosted, monkeypatch):
    """People have to sign in, from other machines; the clock stands still."""
    monkeypatch.chdir(hosted)
    monkeypatch.setenv(config.CONFIG_VARIABLE, str(hosted / "fairlead.toml"))
    monkeypatch.setattr(live, "_now", lambda: NOW)
    with listening_at("0.0.0.0"):  # noqa: S104 (nothing listens)
        yield hosted


class listening_at:  # noqa: N801 (reads as a word)
    """Streamlit's own option, put back afterwards."""

    def __init__(self, address):
        self.address, self.before = address, streamlit.config.get_option("server.address")

    def __enter__(self):
        streamlit.config.set_option("server.address", self.address)

    def __exit__(self, *_):
        streamlit.config.set_option("server.address", self.before)


LATELY = NOW.timestamp() - 60


def claims(who, *, iat=LATELY, verified=True, **more):
    return {"is_logged_in": True, "email_verified": verified, "sub": f"sub-{who}", "iat": iat} | SAID[who] | more


def knock(key):
    """What a page does before it shows anything; the view is left where tests find it."""
    import streamlit as st  # noqa: PLC0415 (AppTest runs the text of this function as a script)

    from fairlead import config  # noqa: PLC0415
    from reports import live, views  # noqa: PLC0415

    place = next(place for place in live.PLACES if place.key == key)
    st.session_state["seen"] = views.of_page(place, config.load(), live._now)
    st.title("Let in")


def knocked(key="overview", *, user=None, **address):
    app = AppTest.from_function(knock, default_timeout=SECONDS, args=(key,))
    if user is not None:
        app.user = user
    for name, value in address.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


def view_of(app):
    return app.session_state["seen"] if "seen" in app.session_state else None  # noqa: SIM401 (it has no get)


def door(*, user=None, **address):
    app = AppTest.from_file(ROOT / "dashboard.py", default_timeout=SECONDS)
    app.user = user or {}
    for name, value in address.items():
        app.query_params[name] = value
    return app


def tells_nothing(app):
    """No table, chart, choice or text of the data."""
    read = "\n".join(shown(app) + [text.value for text in app.sidebar.markdown] + [each.value for each in app.warning])
    known = {*all_names(), *sample().milestones["title"], *sample().teams["name"], *sample().issues["project"]}
    drawn = [*app.dataframe, *app.table, *app.selectbox, *app.multiselect, *app.metric, *app.get("plotly_chart")]
    return not drawn and not app.exception and not [text for text in known if text in read.replace("\\", "")]


# Without sign-in


@pytest.mark.parametrize("address", ["127.0.0.1", "localhost", "::1", "127.8.8.8", "LocalHost"])
def test_on_this_machine_alone_whoever_runs_it_leads_everything(at_home, address):  # noqa: ARG001
    with listening_at(address):
        view = view_of(knocked())
    assert view.viewer.sees_all
    assert len(view.frames.issues) == len(sample().issues)


@pytest.mark.parametrize("address", ["0.0.0.0", "::", None, "192.168.1.5", "example.org", "127.0.0.1.example.org"])  # noqa: S104
def test_where_others_reach_it_nothing_is_shown_without_sign_in(at_home, address):  # noqa: ARG001
    with listening_at(address):
        app = knocked()
    assert view_of(app) is None
    assert UNSAFE in app.error[0].value
    assert tells_nothing(app)


@pytest.mark.parametrize("place", [*MENU], ids=lambda place: place.key)
def test_no_page_shows_anything_where_others_reach_it(at_home, place):  # noqa: ARG001
    with listening_at(None):
        app = door().run()
        app.switch_page(place.page).run()
    assert [title.value for title in app.title] == ["Fairlead"]
    assert UNSAFE in app.error[0].value
    assert tells_nothing(app)


@pytest.mark.parametrize(("said", "is_let_in"), [("1", True), ("0", False), ("true", False), ("", False)])
def test_anybody_may_look_where_it_was_told_so_and_only_in_so_many_words(at_home, monkeypatch, said, is_let_in):  # noqa: ARG001
    monkeypatch.setenv(serving.ANYBODY, said)
    with listening_at("0.0.0.0"):  # noqa: S104
        assert (view_of(knocked()) is not None) == is_let_in


@pytest.mark.parametrize(
    ("host", "is_let_in"),
    [
        ("localhost:8501", True), ("127.0.0.1:8501", True), ("[::1]:8501", True), ("localhost", True), ("[::1]", True),
        ("fairlead.example.org", False), ("fairlead.example.org:443", False), ("10.0.0.7:8501", False),
        ("localhost.example.org:8501", False), ("", False), ("[2001:db8::1]:8501", False),
    ],
)  # fmt: skip
def test_who_comes_through_a_proxy_is_not_on_this_machine(at_home, monkeypatch, host, is_let_in):  # noqa: ARG001
    monkeypatch.setattr(type(st.context), "headers", {"Host": host})
    with listening_at("127.0.0.1"):
        assert (view_of(knocked()) is not None) == is_let_in


def test_a_claimed_identity_is_nobodys_where_nobody_signs_in(at_home):  # noqa: ARG001
    with listening_at("0.0.0.0"):  # noqa: S104
        app = knocked(user=claims("head"))
    assert view_of(app) is None
    assert not app.button


# With sign-in


@pytest.mark.usefixtures("signing_in")
@pytest.mark.parametrize(
    ("key", "user"),
    [
        *[(key, {"is_logged_in": False}) for key in KEYS],
        ("flow", {}),
        ("flow", {"is_logged_in": False, "email": "head@example.org", "email_verified": True, "iat": LATELY}),
    ],
)
def test_who_has_not_signed_in_is_asked_to_and_shown_nothing_else(key, user):
    app = knocked(key, user=user)
    assert view_of(app) is None
    assert [button.label for button in app.button] == ["Sign in"]
    assert [title.value for title in app.title] == ["Fairlead"]
    assert tells_nothing(app)


@pytest.mark.usefixtures("signing_in")
@pytest.mark.parametrize("address", ["127.0.0.1", "localhost"])
def test_this_machine_is_no_way_around_signing_in(address, monkeypatch):
    monkeypatch.setenv(serving.ANYBODY, "1")
    with listening_at(address):
        assert view_of(knocked(user={})) is None


@pytest.mark.usefixtures("signing_in")
def test_sign_in_that_the_server_was_not_set_up_for_is_said_to_be_missing():
    app = knocked(user={})
    app.button(key="sign-in").click().run()
    assert not app.exception
    assert "Sign-in is not set up on this server" in app.error[0].value


@pytest.mark.usefixtures("signing_in")
@pytest.mark.parametrize("key", KEYS)
def test_whom_no_grant_names_is_told_whom_to_ask(key):
    app = knocked(key, user=claims("head", email="eve@example.org"))
    assert view_of(app) is None
    assert "Ask the platform team for access" in app.warning[0].value
    assert "eve@" in app.warning[0].value.replace("\\", "").replace("\N{WORD JOINER}", "")
    assert [button.label for button in app.button] == ["Sign out"]
    assert tells_nothing(app)


@pytest.mark.usefixtures("signing_in")
def test_whose_address_is_not_verified_is_told_so():
    app = knocked(user=claims("head", verified=False))
    assert view_of(app) is None
    assert any("verified" in caption.value for caption in app.caption)
    assert tells_nothing(app)


@pytest.mark.usefixtures("signing_in")
@pytest.mark.parametrize("email", [None, 7, ["a@b"], "<b>x</b> [a](javascript:alert(1)) :red[x]"])
def test_what_a_provider_says_is_text_to_whom_it_turns_away(email):
    app = knocked(user=claims("head", email=email))
    assert view_of(app) is None
    assert not re.search(r"(?<!\\)[<\[]", app.warning[0].value)


HOUR = 3600
LIFE = AccessSettings().session_hours * HOUR


@pytest.mark.usefixtures("signing_in")
@pytest.mark.parametrize(
    ("iat", "is_let_in"),
    [
        (NOW.timestamp(), True),
        (int(NOW.timestamp()) - 60, True),
        (NOW.timestamp() - LIFE + 1, True),
        (NOW.timestamp() - LIFE, False),
        (NOW.timestamp() - 30 * 24 * HOUR, False),
        (NOW.timestamp() + gate.CLOCKS_DIFFER_SECONDS, True),
        (NOW.timestamp() + gate.CLOCKS_DIFFER_SECONDS + 1, False),
        (NOW.timestamp() + 10 * 365 * 24 * HOUR, False),
        (NOW.timestamp() * 1000, False),
        (float("nan"), False),
        (float("inf"), False),
        (float("-inf"), False),
        (10**400, False),
        (-1, False),
        (True, False),
        (None, False),
        (str(NOW.timestamp()), False),
        ("", False),
        ([NOW.timestamp()], False),
    ],
)
def test_a_sign_in_counts_for_so_many_hours_from_when_it_was_and_never_from_the_future(iat, is_let_in):
    app = knocked(user=claims("head", iat=iat))
    assert (view_of(app) is not None) == is_let_in
    if not is_let_in:
        assert "Your sign-in has ended" in app.info[0].value
        assert [button.label for button in app.button] == ["Sign in"]
        assert tells_nothing(app)


@pytest.mark.usefixtures("signing_in")
def test_a_sign_in_without_its_time_has_ended():
    user = claims("head")
    del user["iat"]
    assert view_of(knocked(user=user)) is None


@pytest.mark.usefixtures("signing_in")
def test_a_sign_in_ends_between_two_clicks(monkeypatch):
    app = knocked(user=claims("head"))
    assert view_of(app)
    del app.session_state["seen"]
    monkeypatch.setattr(live, "_now", lambda: NOW + pd.Timedelta(hours=12))
    app.run()
    assert view_of(app) is None
    assert tells_nothing(app)


@pytest.mark.usefixtures("signing_in")
def test_a_grant_that_is_taken_away_counts_at_the_next_click(hosted):
    app = knocked(user=claims("board"))
    assert view_of(app).viewer.role == "executive"
    del app.session_state["seen"]
    before = (hosted / "fairlead.toml").read_text("utf-8")
    try:
        (hosted / "fairlead.toml").write_text(before.replace('groups = ["board"]', 'groups = ["council"]'), "utf-8")
        app.run()
        assert view_of(app) is None
        assert tells_nothing(app)
    finally:
        (hosted / "fairlead.toml").write_text(before, "utf-8")


# Roles


@pytest.mark.usefixtures("signing_in")
@pytest.mark.parametrize(("who", "menu"), OF_MENU.items())
def test_the_menu_lists_what_a_role_may_open_and_every_other_page_is_refused(who, menu):
    for key in KEYS:
        app = knocked(key, user=claims(who))
        assert (view_of(app) is not None) == (key in menu), key
        if key not in menu:
            assert NOT_FOR_THEM in app.info[0].value
            assert [*app.main.dataframe, *app.main.selectbox, *app.main.metric] == []


@pytest.fixture
def menus(monkeypatch):
    """The pages that each run shows in the menu, by key."""
    seen, pages = [], live.pages

    def told():
        found = pages()
        seen.append([page.url_path or "overview" for page in found if page.visibility == "visible"])
        return found

    monkeypatch.setattr(live, "pages", told)
    return seen


@pytest.mark.usefixtures("signing_in")
@pytest.mark.parametrize(("who", "menu"), OF_MENU.items())
def test_what_is_not_for_somebody_is_not_in_their_menu(menus, monkeypatch, who, menu):
    monkeypatch.setattr(live, "run", lambda page: None)  # noqa: ARG005
    app = door(user=claims(who)).run()
    assert not app.exception
    assert menus == [menu]


@pytest.mark.usefixtures("signing_in")
@pytest.mark.parametrize(
    "user", [{}, claims("head", email="eve@example.org"), claims("head", iat=0), claims("head", verified=False)]
)
def test_strangers_have_no_menu(menus, monkeypatch, user):
    monkeypatch.setattr(live, "run", lambda page: None)  # noqa: ARG005
    door(user=user).run()
    assert menus == [[]]


@pytest.mark.usefixtures("signing_in")
@pytest.mark.parametrize(("who", "key"), [("board", "person"), ("customer", "sources"), ("member", "sharing")])
def test_the_door_opens_what_is_not_for_them_to_nobody(who, key):
    through = door(user=claims(who)).run()
    through.switch_page(f"pages/{key}.py").run()
    assert NOT_FOR_THEM in through.info[0].value
    assert not [*through.main.dataframe, *through.main.metric, *through.main.subheader]


@pytest.mark.usefixtures("signing_in")
@pytest.mark.parametrize("who", OF_MENU)
def test_filters_offer_no_team_or_project_that_somebody_does_not_see(who):
    app = knocked(user=claims(who))
    view = view_of(app)
    assert app.multiselect(key="team").options == sorted(view.frames.teams["name"])
    frames = view.frames
    known = {*frames.issues["project"], *frames.pull_requests["project"], *frames.milestones["project"]}
    assert set(app.multiselect(key="project").options) == known


@pytest.mark.usefixtures("signing_in")
def test_what_the_grants_say_is_what_is_seen():
    views = {who: view_of(knocked(user=claims(who))) for who in OF_MENU}
    assert views["head"].viewer.sees_all
    assert views["berth"].frames.teams["name"].tolist() == ["Berth"]
    assert len(views["board"].frames.teams) == len(sample().teams)
    assert views["board"].frames.closely == frozenset()
    assert set(views["customer"].frames.milestones["title"]) == set(GRANTED)
    assert views["customer"].frames.teams.empty
    assert not views["sales"].viewer.titles
    assert {who: view.viewer.name for who, view in views.items()} == {who: SAID[who]["email"] for who in OF_MENU}


@pytest.mark.usefixtures("signing_in")
def test_a_member_is_who_bears_their_address_and_sees_themselves_closely():
    view = view_of(knocked("person", user=claims("member")))
    assert view.viewer.person == "person:bram-oo"
    assert view.frames.closely == {"person:bram-oo"}


@pytest.mark.usefixtures("signing_in")
def test_nobody_is_a_person_by_an_address_that_is_not_verified():
    view = view_of(knocked(user=claims("member", verified=False, groups=["board"])))
    assert view.viewer.role == "executive"
    assert view.viewer.person is None


@pytest.mark.usefixtures("signing_in")
def test_a_person_in_the_address_does_not_open_their_page_to_a_member():
    other = next(name for name in sample().people["name"] if name != name_of("person:bram-oo"))
    app = door(user=claims("member"), person=other).run()
    app.query_params["person"] = other
    app.switch_page("pages/person.py").run()
    assert not app.exception
    assert app.selectbox(key="person").options == [name_of("person:bram-oo")]
    assert other not in "\n".join(shown(app)[1:]) or "is not here" in app.warning[0].value


def name_of(person):
    return next(row["name"] for row in sample().people.to_dict("records") if str(row["id"]) == person)


# Looking through somebody else's eyes


@pytest.mark.usefixtures("signing_in")
def test_a_head_may_look_through_everybodys_eyes():
    app = knocked(user=claims("head"))
    options = app.selectbox(key="as").options
    assert options[:3] == ["Myself", "executive", "stakeholder"]
    assert set(options[3:]) == {"Heads", "Lead of Berth", "Board", "Customer", "Sales", "Members of Berth"}


@pytest.mark.usefixtures("signing_in")
def test_a_preview_in_the_address_shows_what_they_would_see():
    view = view_of(knocked(user=claims("head"), **{"as": "Customer"}))
    theirs = view_of(knocked(user=claims("customer")))
    assert view.is_previewed
    assert view.viewer.rights == theirs.viewer.rights
    assert view.frames is theirs.frames


@pytest.mark.usefixtures("signing_in")
def test_a_preview_closes_the_pages_that_are_closed_to_them(menus, monkeypatch):
    app = knocked("sharing", user=claims("head"), **{"as": "stakeholder"})
    assert view_of(app) is None
    assert NOT_FOR_THEM in app.info[0].value
    assert app.selectbox(key="as").value == "stakeholder"
    monkeypatch.setattr(live, "run", lambda page: None)  # noqa: ARG005
    door(user=claims("head"), **{"as": "stakeholder"}).run()
    assert menus == [FOR_ALL]


@pytest.mark.usefixtures("signing_in")
@pytest.mark.parametrize("who", ["board", "customer", "sales", "member"])
def test_who_does_not_lead_gains_nothing_by_the_address(who):
    usual = view_of(knocked(user=claims(who)))
    for asked in ("lead", "executive", "stakeholder", "Heads", "Myself", ""):
        asking = view_of(knocked(user=claims(who), **{"as": asked}))
        assert asking.viewer == usual.viewer
        assert asking.frames is usual.frames
        assert not asking.is_previewed


@pytest.mark.usefixtures("signing_in")
@pytest.mark.parametrize("asked", ["executive", "Heads", "Board", "Customer", "Sales", "lead", "nobody"])
def test_a_lead_of_some_teams_cannot_look_through_eyes_that_see_more(asked):
    usual, asking = (view_of(knocked(user=claims("berth"), **address)) for address in ({}, {"as": asked}))
    assert asking.viewer == usual.viewer


@pytest.mark.usefixtures("signing_in")
def test_a_lead_of_some_teams_sees_a_stakeholder_of_those_and_not_a_row_more():
    own = view_of(knocked(user=claims("berth")))
    view = view_of(knocked(user=claims("berth"), **{"as": "stakeholder"}))
    assert (view.viewer.role, view.viewer.teams, view.viewer.titles) == ("stakeholder", ("Berth",), False)
    assert view.frames.closely == frozenset()
    for name in ("issues", "pull_requests", "milestones", "teams"):
        seen, known = (set(getattr(each.frames, name)["id"].astype("str")) for each in (view, own))
        assert seen <= known
        assert seen


@pytest.mark.usefixtures("signing_in")
def test_a_grant_called_stakeholder_opens_no_titles_to_a_lead_who_sees_none(hosted):
    before = (hosted / "fairlead.toml").read_text("utf-8")
    named = before.replace('name = "Sales"', 'name = "stakeholder"').replace(
        'teams = ["*"]\nmilestones = ["*"]\ntitles = false', 'teams = ["*"]\nmilestones = ["*"]\ntitles = true'
    )
    untitled = named.replace('teams = ["Berth"]', 'teams = ["Berth"]\ntitles = false', 1)
    assert untitled != named != before
    try:
        (hosted / "fairlead.toml").write_text(untitled, "utf-8")
        assert not view_of(knocked(user=claims("berth"), **{"as": "stakeholder"})).viewer.titles
    finally:
        (hosted / "fairlead.toml").write_text(before, "utf-8")


@pytest.mark.usefixtures("signing_in")
def test_a_page_that_is_previewed_says_so_and_how_to_go_back():
    app = door(user=claims("head"), **{"as": "Board"}).run()
    assert not app.exception
    assert "You see this as **Board**" in app.info[0].value
    del app.query_params["as"]  # as the browser does for a first option
    app.selectbox(key="as").set_value("Myself").run()
    assert not any("You see this as" in info.value for info in app.info)


@pytest.mark.usefixtures("signing_in")
def test_looks_are_kept_under_the_name_of_who_looked_also_through_other_eyes(hosted):
    from fairlead import store  # noqa: PLC0415

    with store.open(f"sqlite:///{hosted}/.fairlead/fairlead.db") as opened:
        opened.forget_accesses(NOW + pd.Timedelta(days=1))
        knocked(user=claims("head"), **{"as": "Board"})
        app = knocked("flow", user=claims("customer"))
        app.run()
        knocked("sharing", user=claims("customer"))
        knocked("flow", user={})
        looks = opened.accesses()[["who", "role", "view"]]
    assert sorted(looks.itertuples(index=False, name=None)) == [
        ("customer@example.org", "stakeholder", "flow"),
        ("head@example.org", "lead as Board", "overview"),
    ]


# Ways out, and what goes wrong


@pytest.mark.usefixtures("signing_in")
@pytest.mark.parametrize("who", OF_MENU)
def test_who_has_signed_in_reads_as_whom_and_can_sign_out(who):
    app = knocked(user=claims(who))
    read = [caption.value.replace("\\", "").replace("\N{WORD JOINER}", "") for caption in app.sidebar.caption]
    assert f"Signed in as {SAID[who]['email']}." in read
    app.button(key="sign-out").click().run()
    assert not app.exception
    assert not app.user["is_logged_in"]
    del app.session_state["seen"]
    app.run()
    assert view_of(app) is None
    assert tells_nothing(app)


@pytest.mark.usefixtures("signing_in")
def test_who_is_known_by_a_group_alone_can_sign_out_as_well():
    app = knocked(user=claims("board", verified=False))
    assert view_of(app).viewer.role == "executive"
    assert [button.label for button in app.sidebar.button] == ["Sign out"]


@pytest.fixture
def broken(settled):
    settled('[stoer]\nurl = "x"')


@pytest.mark.usefixtures("broken")
def test_faulty_settings_are_told_in_full_on_this_machine():
    with listening_at("127.0.0.1"):
        app = door().run()
    assert not app.exception
    assert "did you mean store" in app.error[0].value


@pytest.mark.usefixtures("broken")
@pytest.mark.parametrize("address", ["0.0.0.0", None])  # noqa: S104
def test_elsewhere_faulty_settings_are_no_news_but_that_something_is_wrong(address, caplog):
    with listening_at(address):
        app = door(user=claims("head")).run()
    assert not app.exception
    assert "Whoever runs it finds the reason in its log" in app.error[0].value
    assert "store" not in app.error[0].value
    assert "did you mean store" in caplog.text
    assert tells_nothing(app)


def test_every_page_and_role_is_tried_here():
    assert [entry.key for entry in ENTRIES] + ["sharing"] == KEYS
    assert sample().people["id"].astype("str").isin(["person:bram-oo"]).any()
    assert AS_OF < NOW
