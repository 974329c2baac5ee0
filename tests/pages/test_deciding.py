"""Decisions on moves: they stand in the address, come back from it, and are no more than text there."""

import pytest
from streamlit.testing.v1 import AppTest

from reports.render import plain
from reports.workload.moving import BUDGET
from tests.pages.conftest import SECONDS
from tests.reports.worlds import HOSTILE

UNDO = "Undo"


def desk(asked):
    """The workload page of Ann, who has more than time, and of Bo and Cy, who know such work and have nothing to do."""
    import streamlit as st  # noqa: PLC0415 (AppTest runs the text of this function as a script)

    from reports import deciding, render, workload  # noqa: PLC0415
    from tests.reports.test_moving import FIVE, SCOPE, measured  # noqa: PLC0415

    if "asked" not in st.session_state:
        st.session_state["asked"] = asked
        for name, values in asked.items():
            st.query_params[name] = values
    of = measured(FIVE)
    wish, place = deciding.wish(of.frames.closely)
    plan = workload.plan(of, SCOPE, wish=wish)
    deciding.decide(place, plan, wish)
    render.report(workload.report_of(of, SCOPE, wish=wish))


def opened(**asked):
    app = AppTest.from_function(desk, default_timeout=SECONDS, args=(asked,)).run()
    assert not app.exception
    return app


def control(app, key):
    """The control of the move of an item, and to whom it would go."""
    found = [each for each in app.button_group if each.key.startswith(f"decide-{key}-")]
    assert len(found) == 1
    return found[0], found[0].key.removeprefix(f"decide-{key}-")


def decide(app, key, said):
    place, person = control(app, key)
    place.set_value(said).run()
    assert not app.exception
    return person


def moves(app):
    """What the table on screen says: key → decision."""
    return dict(zip(*(app.dataframe[0].value[name] for name in ("key", "decision")), strict=True))


def table_of(app):
    """The rows of the panel on moves, told by its text to copy."""
    return app.code[0].value.split("\n") if app.code else []


def first_key(app):
    return next(each.key.split("-")[1] for each in app.button_group)


def address(app, name):
    """What the address holds; one value comes back without a list."""
    held = app.query_params.get(name, [])
    return [held] if isinstance(held, str) else held


def said(app):
    return [markdown.value for markdown in app.markdown]


def test_nothing_is_decided_at_first_and_the_desk_is_closed():
    app = opened()
    assert len(app.button_group) == 3
    assert all(not each.value for each in app.button_group)
    assert not any(name in app.query_params for name in ("accept", "reject", "keep"))
    assert len(table_of(app)) == 3


def test_accepting_puts_the_move_into_the_address_and_marks_it():
    app = opened()
    key = first_key(app)
    person = decide(app, key, "accept")
    assert address(app, "accept") == [f"{key}>{person}"]
    place, same = control(app, key)
    assert (place.value, same) == ("accept", person)
    assert len(table_of(app)) == 3


def test_accepting_survives_a_new_start_at_the_same_address():
    app = opened(accept=["4>p:c"])
    place, person = control(app, "4")
    assert (place.value, person) == ("accept", "p:c")


def test_taking_an_acceptance_back_takes_it_out_of_the_address():
    app = opened(accept=["4>p:c"])
    place, _ = control(app, "4")
    place.set_value(None).run()
    assert not app.exception
    assert "accept" not in app.query_params


def test_two_acceptances_stand_beside_one_another():
    app = opened(accept=["4>p:c"])
    other = next(each.key.split("-")[1] for each in app.button_group if not each.key.startswith("decide-4-"))
    person = decide(app, other, "accept")
    assert address(app, "accept") == ["4>p:c", f"{other}>{person}"]


def test_a_rejected_move_leaves_the_plan_and_undo_brings_it_back():
    app = opened()
    key = first_key(app)
    person = decide(app, key, "reject")
    assert address(app, "reject") == [f"{key}>{person}"]
    assert f"decide-{key}-{person}" not in [each.key for each in app.button_group]
    name = {"p:b": "Bo", "p:c": "Cy"}[person]
    assert plain(f"{key} does not go to {name}.") in said(app)
    app.button(key=f"undo-reject-{key}>{person}").click().run()
    assert not app.exception
    assert "reject" not in app.query_params
    assert plain(f"{key} does not go to {name}.") not in said(app)


def test_what_stays_leaves_the_plan_and_undo_lets_it_go():
    app = opened()
    key = first_key(app)
    decide(app, key, "keep")
    assert address(app, "keep") == [key]
    assert plain(f"{key} stays where it is.") in said(app)
    assert not [each for each in app.button_group if each.key.startswith(f"decide-{key}-")]
    app.button(key=f"undo-keep-{key}").click().run()
    assert "keep" not in app.query_params


def test_an_accepted_move_may_be_rejected_after_all():
    app = opened(accept=["4>p:c"])
    decide(app, "4", "reject")
    assert "accept" not in app.query_params
    assert address(app, "reject") == ["4>p:c"]


def test_what_cannot_be_followed_is_said_and_can_be_taken_back():
    app = opened(accept=["9>p:c", "1>p:gone"])
    told = said(app)
    assert plain("9 does not go to Cy after all: nobody here holds the item alone any more.") in told
    assert plain("1 does not go to somebody who is not here after all: the person is unknown.") in told
    app.button(key="undo-accept-9>p:c").click().run()
    assert address(app, "accept") == ["1>p:gone"]


def test_the_same_decision_twice_is_one():
    app = opened(accept=["4>p:c"] * 2, reject=["1>p:b"] * 2, keep=["2"] * 2)
    assert len([each for each in app.button if each.label == UNDO]) == 2
    assert len([each for each in app.button_group if each.value]) == 1


@pytest.mark.parametrize("name", ["accept", "reject", "keep"])
def test_hostile_text_in_the_address_is_shown_as_text_and_changes_nothing(name):
    untouched = opened()
    text = HOSTILE if name == "keep" else f"{HOSTILE}>{HOSTILE}"
    app = opened(**{name: [text]})
    assert table_of(app) == table_of(untouched)
    key = HOSTILE if name == "keep" else HOSTILE.partition(">")[0]
    shown = [value for value in said(app) if plain(key) in value]
    assert len(shown) == 1
    app.button(key=f"undo-{name}-{text}").click().run()
    assert not app.exception
    assert name not in app.query_params


@pytest.mark.parametrize("text", ["", ">", "4", "4>", ">p:c", "=1+1>x", "4>>p:c"])
def test_half_a_decision_changes_nothing(text):
    untouched = opened()
    app = opened(accept=[text], reject=[text])
    assert table_of(app) == table_of(untouched)


def test_fewer_moves_may_be_asked_for():
    app = opened()
    app.slider(key="moves").set_value(1).run()
    assert not app.exception
    assert len(table_of(app)) == 1


@pytest.mark.parametrize("nonsense", ["0", "99", "-1", "many", "1.5"])
def test_a_number_of_moves_that_cannot_be_is_dropped(nonsense):
    app = opened(moves=[nonsense])
    assert app.slider(key="moves").value == BUDGET


def test_started_items_are_let_move_by_a_switch():
    app = opened()
    assert app.toggle(key="started").value is False
    app.toggle(key="started").set_value(True).run()
    assert not app.exception
    assert any("Started items may move too" in caption.value for caption in app.caption)


def test_the_page_of_the_sample_keeps_what_is_chosen_and_decided_in_the_address(dashboard):
    app = dashboard("pages/workload.py")
    app.toggle(key="started").set_value(True).run()
    app.slider(key="moves").set_value(2).run()
    assert not app.exception
    assert (address(app, "started"), address(app, "moves")) == (["true"], ["2"])
    place = app.button_group[0]
    key, person = place.key.removeprefix("decide-").split("-person:")
    place.set_value("accept").run()
    assert not app.exception
    assert address(app, "accept") == [f"{key}>person:{person}"]
    assert [each.value for each in app.button_group if each.key == place.key] == ["accept"]
