"""Figures of the flow family, described in words."""

import math

import pandas as pd

import charts.flow as draw
from charts import style
from tests.charts.describe import described
from tests.metrics.build import day, utc

TIMED = pd.DataFrame(
    {
        "key": ["FL-1", "FL-2"],
        "title": ["Paint the hull", "<b>Sink</b>"],
        "finished_at": [utc("2026-06-01"), utc("2026-06-03")],
        "cycle_days": [0.5, 12.0],
    }
)
AGED = pd.DataFrame(
    {"key": ["FL-9", "FL-8"], "title": ["Old", "New"], "age_days": [40.0, 2.0], "is_over_sle": [True, False]}
)


def test_cycle_times_are_one_dot_each_with_the_85_percent_line():
    figure = draw.cycle_time_scatter(TIMED, sle_days=12.0)
    assert described(figure) == {
        "x": "",
        "y": "Cycle time (days, log scale)",
        "traces": ["scatter: 2 points, (2026-06-01, 0.5) … (2026-06-03, 12.0)"],
        "marks": ["85 % within 12 days"],
    }
    assert figure.layout.yaxis.type == "log"
    assert figure.layout.shapes[0].y0 == 12.0
    assert math.isclose(figure.layout.annotations[0].y, math.log10(12))


def test_titles_in_hovers_are_text():
    figure = draw.cycle_time_scatter(TIMED, sle_days=12.0)
    assert figure.data[0].customdata.tolist() == [["FL-1", "Paint the hull"], ["FL-2", "&lt;b&gt;Sink&lt;/b&gt;"]]


def test_no_line_is_drawn_where_no_service_level_is_known():
    assert described(draw.cycle_time_scatter(TIMED.head(0), sle_days=math.nan)) == {
        "x": "",
        "y": "Cycle time (days, log scale)",
        "traces": ["scatter: 0 points"],
        "marks": [],
    }


def test_trends_are_one_line_per_team_in_the_order_of_names():
    monthly = pd.DataFrame(
        {
            "team": ["Voyage", "Berth", "Berth"],
            "month_on": [day("2026-05-01"), day("2026-04-01"), day("2026-05-01")],
            "p85_days": [9.0, 20.0, 30.0],
            "n_items": [4, 5, 6],
        }
    )
    figure = draw.cycle_time_trend(monthly)
    assert described(figure) == {
        "x": "",
        "y": "85 % finish within (days)",
        "traces": [
            "scatter Berth: 2 points, (2026-04-01, 20.0) … (2026-05-01, 30.0)",
            "scatter Voyage: 1 points, (2026-05-01, 9.0) … (2026-05-01, 9.0)",
        ],
        "marks": [],
    }
    assert figure.layout.showlegend
    assert described(draw.cycle_time_trend(monthly.head(0)))["traces"] == []


def test_throughput_is_a_bar_per_week():
    weekly = pd.DataFrame({"week_on": [day("2026-06-01"), day("2026-06-08")], "n_finished": [3, 0]})
    assert described(draw.throughput_bars(weekly)) == {
        "x": "",
        "y": "Items finished per week",
        "traces": ["bar: 2 points, (2026-06-01, 3) … (2026-06-08, 0)"],
        "marks": [],
    }
    assert described(draw.throughput_bars(weekly.head(0)))["traces"] == ["bar: 0 points"]


def test_work_in_progress_is_a_line_that_starts_at_zero():
    daily = pd.DataFrame({"at": [utc("2026-06-01"), utc("2026-06-02")], "n_open": [4, 7]})
    figure = draw.wip_line(daily)
    assert described(figure) == {
        "x": "",
        "y": "Items in progress",
        "traces": ["scatter: 2 points, (2026-06-01, 4) … (2026-06-02, 7)"],
        "marks": [],
    }
    assert figure.layout.template.layout.yaxis.rangemode == "tozero"
    assert described(draw.wip_line(daily.head(0)))["traces"] == ["scatter: 0 points"]


def test_the_oldest_item_stands_on_top_and_late_ones_have_another_colour():
    figure = draw.ageing_bars(AGED, sle_days=12.0)
    assert described(figure) == {
        "x": "Age (days)",
        "y": "",
        "traces": ["bar: 2 points, (2.0, FL-8) … (40.0, FL-9)"],
        "marks": ["85 % take ≤ 12 days"],
    }
    assert list(figure.data[0].marker.color) == [style.BLUE, style.LATE]


def test_only_so_many_old_items_are_drawn():
    assert described(draw.ageing_bars(AGED, sle_days=math.nan, most=1))["traces"] == [
        "bar: 1 points, (40.0, FL-9) … (40.0, FL-9)"
    ]
    assert described(draw.ageing_bars(AGED.head(0), sle_days=math.nan))["traces"] == ["bar: 0 points"]
