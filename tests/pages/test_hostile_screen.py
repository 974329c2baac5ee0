"""Hostile titles, names and addresses, drawn on screen."""

import re

import pytest
from streamlit.testing.v1 import AppTest

from reports.catalogue import ENTRIES
from tests.pages.conftest import SECONDS, shown
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
    assert not re.search(r"<|\]\((?!(milestones|milestone|reviews|workload)\?)|\$|:red", read.replace(":red-badge[", "["))


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.key)
def test_a_table_links_to_no_script(entry):
    app = AppTest.from_function(draw, default_timeout=SECONDS, args=(entry.key,)).run()
    shown = [panel for panel in reports_of("hostile")[entry.key].panels if panel.figure is None and len(panel.table)]
    panels = [panel for panel in shown if panel.style == "table"]
    assert len(app.dataframe) == len(panels)
    for frame, panel in zip(app.dataframe, panels, strict=True):
        assert ("url" in frame.value) == bool(panel.links)
        assert all(frame.value[name].isna().all() for name in panel.links)
