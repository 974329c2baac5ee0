"""Figures of the reviews family, described in words."""

import pandas as pd

import charts.reviews as draw
from tests.charts.describe import described
from tests.metrics.build import utc

PEOPLE = pd.DataFrame({"name": ["Ann", "Bo"], "n_waiting": [3, 5], "n_over_a_day": [1, 5]})
SHARES = pd.DataFrame({"name": ["Ann", "Bo"], "n_rounds": [2, 8], "fair": [5.0, 5.0]})


def test_people_stand_by_name_from_the_top_whoever_waits_for_them():
    assert described(draw.waiting_bars(PEOPLE)) == {
        "x": "Review requests waiting",
        "y": "",
        "traces": ["bar Over a day: 2 points, (5, Bo) … (1, Ann)", "bar Up to a day: 2 points, (0, Bo) … (2, Ann)"],
        "marks": [],
    }
    assert described(draw.waiting_bars(PEOPLE.head(0)))["traces"] == [
        "bar Over a day: 0 points",
        "bar Up to a day: 0 points",
    ]


def test_the_queue_is_one_line():
    daily = pd.DataFrame({"at": [utc("2026-06-01"), utc("2026-06-02")], "n_open": [13, 23]})
    assert described(draw.queue_line(daily)) == {
        "x": "",
        "y": "Review requests waiting",
        "traces": ["scatter: 2 points, (2026-06-01, 13) … (2026-06-02, 23)"],
        "marks": [],
    }
    assert described(draw.queue_line(daily.head(0)))["traces"] == ["scatter: 0 points"]


def test_waiting_is_a_curve_per_period_this_window_first():
    curves = pd.DataFrame(
        {
            "period": ["This window", "This window", "Window before"],
            "time": [0.0, 5.0, 0.0],
            "survival": [1.0, 0.5, 1.0],
        }
    )
    figure = draw.waiting_curve(curves, x="Hours since the request")
    assert described(figure) == {
        "x": "Hours since the request",
        "y": "Share still waiting",
        "traces": [
            "scatter This window: 2 points, (0.0, 1.0) … (5.0, 0.5)",
            "scatter Window before: 1 points, (0.0, 1.0) … (0.0, 1.0)",
        ],
        "marks": [],
    }
    assert {trace.line.shape for trace in figure.data} == {"hv"}  # a step: the share holds until the next answer
    assert described(draw.waiting_curve(curves.head(0), x="Hours"))["traces"] == []


def test_reviewing_stands_beside_the_fair_share():
    assert described(draw.share_bars(SHARES)) == {
        "x": "Review rounds in the window",
        "y": "",
        "traces": [
            "bar Reviewed: 2 points, (8, Bo) … (2, Ann)",
            "scatter Fair share: 2 points, (5.0, Bo) … (5.0, Ann)",
        ],
        "marks": [],
    }
    assert described(draw.share_bars(SHARES.head(0)))["traces"] == [
        "bar Reviewed: 0 points",
        "scatter Fair share: 0 points",
    ]
