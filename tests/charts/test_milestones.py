"""Figures of the milestones family, described in words."""

import pandas as pd

import charts.milestones as draw
from tests.charts.describe import described
from tests.metrics.build import day, utc

DAILY = pd.DataFrame({"at": [utc("2026-06-01"), utc("2026-06-02")], "scope": [40, 41], "done": [30, 31]})


def test_a_burn_up_shows_the_due_date_and_those_before():
    figure = draw.burn_up(DAILY, due_on=day("2026-07-03"), dues_before=[day("2026-06-05")])
    assert described(figure) == {
        "x": "",
        "y": "Items",
        "traces": [
            "scatter Scope: 2 points, (2026-06-01, 40) … (2026-06-02, 41)",
            "scatter Done: 2 points, (2026-06-01, 30) … (2026-06-02, 31)",
        ],
        "marks": ["was 05 Jun", "due 03 Jul 2026"],
    }
    assert [shape.x0 for shape in figure.layout.shapes] == ["2026-06-05T00:00:00", "2026-07-03T00:00:00"]


def test_a_burn_up_without_days_or_due_date_is_empty():
    figure = draw.burn_up(DAILY.head(0), due_on=None, dues_before=[])
    assert described(figure)["traces"] == ["scatter Scope: 0 points", "scatter Done: 0 points"]
    assert described(figure)["marks"] == []


def test_due_dates_are_a_line_per_milestone_over_the_days_they_were_said():
    said = pd.DataFrame(
        {
            "title": ["<i>A</i>", "<i>A</i>"],
            "said_at": [utc("2026-01-01"), utc("2026-03-01")],
            "due_on": [day("2026-02-01"), day("2026-05-01")],
        }
    )
    assert described(draw.due_date_trend(said)) == {
        "x": "Said on",
        "y": "Due date",
        "traces": ["scatter &lt;i&gt;A&lt;/i&gt;: 2 points, (2026-01-01, 2026-02-01) … (2026-03-01, 2026-05-01)"],
        "marks": [],
    }
    assert described(draw.due_date_trend(said.head(0)))["traces"] == []
