"""Figures of the milestones family, described in words."""

import pandas as pd

import charts.milestones as draw
from charts import style
from tests.charts.describe import described
from tests.metrics.build import day, utc

SUMMARY = pd.DataFrame(
    {
        "title": ["Release 8", "Dry dock"],
        "due_words": ["due 05 Jun 2026, 10 days late", "no due date"],
        "status": ["overdue", "no_due_date"],
        "done": [31, 0],
        "remaining": [10, 4],
    }
)
DAILY = pd.DataFrame({"at": [utc("2026-06-01"), utc("2026-06-02")], "scope": [40, 41], "done": [30, 31]})


def test_the_milestone_due_soonest_stands_on_top_with_done_before_remaining():
    figure = draw.progress_bars(SUMMARY)
    assert described(figure) == {
        "x": "Items",
        "y": "",
        "traces": ["bar Done: 2 points, (0, 0) … (31, 1)", "bar Remaining: 2 points, (4, 0) … (10, 1)"],
        "marks": [],
    }
    assert list(figure.layout.yaxis.ticktext) == [
        "Dry dock<br><i>no due date</i>",
        "Release 8<br><i>due 05 Jun 2026, 10 days late</i>",
    ]
    assert list(figure.data[1].marker.color) == [style.QUIET, style.LATE]


def test_milestones_that_read_alike_are_bars_of_their_own():
    alike = SUMMARY.assign(title="Move every service to the new way of signing in", due_words="no due date")
    assert list(draw.progress_bars(alike).data[0].y) == [0, 1]


def test_no_milestone_makes_no_bar():
    figure = draw.progress_bars(SUMMARY.head(0))
    assert described(figure)["traces"] == ["bar Done: 0 points", "bar Remaining: 0 points"]


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
