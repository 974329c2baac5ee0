"""Hostile titles, names and addresses, drawn on screen."""

import re

import pytest
from streamlit.testing.v1 import AppTest

from reports.catalogue import ENTRIES
from tests.pages.conftest import SECONDS, shown
from tests.pages.test_pages import stands_still, tabled
from tests.reports.worlds import reports_of


def draw(key):
    from reports import render  # noqa: PLC0415 (AppTest runs the text of this function as a script)
    from tests.reports.worlds import reports_of  # noqa: PLC0415

    render.report(reports_of("hostile")[key])


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.key)
def test_no_text_on_screen_is_markup_of_a_tracker(entry):
    app = AppTest.from_function(draw, default_timeout=SECONDS, args=(entry.key,)).run()
    assert not app.exception
    read = "\n".join(re.sub(r"\\[\W_]", "", text) for text in shown(app))
    assert not re.search(
        r"<|\]\((?!(milestones|milestone|reviews|workload)\?)|\$|:red", read.replace(":red-badge[", "[")
    )


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.key)
def test_a_table_links_to_no_script(entry):
    app = AppTest.from_function(draw, default_timeout=SECONDS, args=(entry.key,)).run()
    shown = [panel for panel in reports_of("hostile")[entry.key].panels if panel.figure is None and len(panel.table)]
    panels = [panel for panel in tabled(shown) if not stands_still(panel)]
    assert len(app.dataframe) == len(panels)
    for frame, panel in zip(app.dataframe, panels, strict=True):
        for name in panel.links:
            linked = frame.value[name].dropna()
            assert linked.str.fullmatch(r"milestone\?milestone=[\w%+.=-]+").all()
            assert linked.empty or name == "closely"


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.key)
def test_no_cell_of_a_table_that_stands_still_is_markup_of_a_tracker(entry):
    """Streamlit reads these cells, their index and their headings as Markdown."""
    app = AppTest.from_function(draw, default_timeout=SECONDS, args=(entry.key,)).run()
    for table in app.table:
        cells = [*table.value.columns, *table.value.reset_index().astype("str").to_numpy().ravel()]
        read = "\n".join(re.sub(r"\\[\W_]", "", cell) for cell in cells)
        assert not re.search(r"[<`*\[\]$~|]|:red|\n#|//", read)


def test_tables_that_stand_still_do_show_hostile_names():
    app = AppTest.from_function(draw, default_timeout=SECONDS, args=("workload",)).run()
    assert any("onerror" in name for table in app.table for name in table.value.index)


def choose(drop):
    import streamlit as st  # noqa: PLC0415

    from reports import controls, foreseen, milestone, render, whatif  # noqa: PLC0415
    from tests.reports.worlds import WORLDS  # noqa: PLC0415

    world = WORLDS["hostile"]()
    measured = foreseen.measure(world.frames, world.scope)
    chosen = controls.choose("milestone", foreseen.choices(measured, world.scope))
    if drop:
        st.query_params["drop"] = drop
    scenario = controls.suppose(whatif.options(measured, world.scope, milestone=chosen))
    render.report(milestone.report_of(measured, world.scope, milestone=chosen, scenario=scenario))


def test_hostile_titles_can_be_chosen_and_their_items_left_out():
    app = AppTest.from_function(choose, default_timeout=SECONDS, args=("",)).run()
    assert not app.exception
    options = app.selectbox(key="milestone").options
    assert any("onerror" in option for option in options)
    items = app.multiselect(key="items")
    assert any("HYPERLINK" in option for option in items.options)
    labels = app.multiselect(key="drop_label")
    assert any("onerror" in option for option in labels.options)
    labelled = AppTest.from_function(choose, default_timeout=SECONDS, args=("",)).run()
    labelled.multiselect(key="drop_label").select(labels.options[0]).run()
    assert not labelled.exception
    assert labelled.markdown[0].value.startswith("Without ")
    key = items.options[0].split()[0]
    left_out = AppTest.from_function(choose, default_timeout=SECONDS, args=(key,)).run()
    assert not left_out.exception
    assert left_out.multiselect(key="items").value == [key]
    assert left_out.markdown[0].value.startswith("Without 1 item")
    read = "\n".join(re.sub(r"\\[\W_]", "", text) for text in shown(left_out))
    assert not re.search(r"<|\$|:red", read)
    other = next(option for option in options if option != app.selectbox(key="milestone").value)
    app.selectbox(key="milestone").select(other).run()
    assert not app.exception
    assert app.selectbox(key="milestone").value == other
