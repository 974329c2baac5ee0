"""What all figures share."""

import pandas as pd
import plotly.graph_objects as go
import pytest

from charts import style
from tests.metrics.build import day


def test_a_figure_keeps_its_own_template_whatever_the_default_is():
    assert style.figure(go.Bar()).layout.template.layout.colorway == style.SERIES


def test_one_trace_needs_no_legend_and_two_do():
    assert not style.figure(go.Bar()).layout.showlegend
    assert style.figure(go.Bar(), go.Bar()).layout.showlegend


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("<img src=x>", "&lt;img src=x&gt;"),
        ("a & b", "a &amp; b"),
        ("x" * 42, "x" * 42),
        ("x" * 43, "x" * 41 + "…"),
    ],
)
def test_a_label_is_short_and_cannot_hold_markup(text, shown):
    assert style.short(text) == shown


def test_text_is_cut_before_it_is_escaped_so_that_no_half_escape_is_left():
    assert style.short("<" * 50) == "&lt;" * 41 + "…"


def test_colours_repeat_when_there_are_more_series_than_colours():
    colours = style.cycle()
    first = [next(colours) for _ in style.SERIES]
    assert first == list(style.SERIES)
    assert next(colours) == style.SERIES[0]


def test_a_heat_of_weeks_is_by_name_from_the_top_says_its_unit_and_cannot_hold_markup():
    weekly = pd.DataFrame({"name": ["<b>", "Ann"], "week_on": [day("2026-06-01")] * 2, "n": [2.0, 4.0]})
    heat = style.week_heat(weekly, "n", title="items", hover="%{z} items").data[0]
    assert list(heat.y) == ["Ann", "&lt;b&gt;"]  # drawn from below
    assert [row[0] for row in heat.z] == [4.0, 2.0]
    assert heat.zmin == 0
    assert heat.colorbar.title.text == "items"


def test_the_most_of_a_heat_is_in_the_colour_of_what_is_late():
    assert style.HEAT[-1] == [1.0, style.LATE]
