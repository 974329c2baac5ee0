"""Figures of the reviews family, described in words."""

import math

import pandas as pd

import charts.reviews as draw
from tests.charts.describe import described
from tests.metrics.build import day, utc

PEOPLE = pd.DataFrame({"name": ["Ann", "Bo"], "n_waiting": [3, 5], "n_over": [1, 5]})
SHARES = pd.DataFrame({"name": ["Ann", "Bo"], "n_rounds": [2, 8], "fair": [5.0, 5.0]})


def test_people_stand_by_name_from_the_top_whoever_waits_for_them():
    assert described(draw.waiting_bars(PEOPLE)) == {
        "x": "Review requests waiting",
        "y": "",
        "traces": [
            "bar Longer than agreed: 2 points, (5, Bo) … (1, Ann)",
            "bar Within what is agreed: 2 points, (0, Bo) … (2, Ann)",
        ],
        "marks": [],
    }
    assert described(draw.waiting_bars(PEOPLE.head(0)))["traces"] == [
        "bar Longer than agreed: 0 points",
        "bar Within what is agreed: 0 points",
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


CURVES = pd.DataFrame(
    {
        "period": ["This window", "This window", "Window before"],
        "wait_hours": [0.0, 5.0, 0.0],
        "still_waiting_share": [1.0, 0.5, 1.0],
    }
)


def test_waiting_is_a_curve_per_period_this_window_first():
    figure = draw.waiting_curve(CURVES, unit="", days=24)
    assert described(figure) == {
        "x": "Hours of waiting (24 h = one day)",
        "y": "Share still waiting",
        "traces": [
            "scatter This window: 2 points, (0.0, 1.0) … (5.0, 0.5)",
            "scatter Window before: 1 points, (0.0, 1.0) … (0.0, 1.0)",
        ],
        "marks": [],
    }
    assert {trace.line.shape for trace in figure.data} == {"hv"}  # a step: the share holds until the next answer
    assert described(draw.waiting_curve(CURVES.head(0), unit="", days=24))["traces"] == []


def test_a_curve_of_working_hours_says_so_and_shows_a_week_of_its_own_days():
    figure = draw.waiting_curve(CURVES, unit=" working", days=8)
    assert figure.layout.xaxis.title.text == "Hours of waiting (8 working h = one day)"
    assert figure.layout.xaxis.range == (0, 7 * 8)
    assert figure.layout.xaxis.dtick == 8
    assert "%{x:.0f} working h" in figure.data[0].hovertemplate


def test_stages_stand_in_their_order_from_the_top_with_half_and_nine_in_ten():
    stages = pd.DataFrame(
        {"stage": ["coding", "merge"], "half_hours": [20.0, 1.0], "nine_in_ten_hours": [90.0, math.nan]}
    )
    figure = draw.stage_bars(stages, unit=" working")
    found = described(figure)
    assert [trace.partition(":")[0] for trace in found["traces"]] == [f"bar {trace.name}" for trace in figure.data]
    assert {tuple(trace.y) for trace in figure.data} == {("Merge", "Coding")}
    assert {tuple(trace.x)[1] for trace in figure.data} == {20.0, 90.0}
    assert found["x"] == "Hours of working time"
    assert "working h" in figure.data[0].hovertemplate


ROUNDS = pd.DataFrame({"name": ["Ann", "Bo"], "week_on": [day("2026-06-01"), day("2026-06-08")], "n_rounds": [3, 5]})


def test_rounds_are_a_cell_per_person_and_week_ann_on_top():
    figure = draw.rounds_heat(ROUNDS)
    assert described(figure)["traces"] == ["heatmap: 2 rows × 2 columns, from nan to nan"]
    assert list(figure.data[0].y) == ["Bo", "Ann"]
    assert figure.data[0].z[1][0] == 3
    assert len(draw.rounds_heat(ROUNDS.head(0)).data[0].y) == 0


def test_reviews_between_teams_are_a_matrix_with_hostile_names_as_text():
    between = pd.DataFrame({"reviewers": ["<b>", "Core"], "authors": ["Core", "Core"], "n_reviews": [4, 7]})
    figure = draw.team_matrix(between)
    assert (figure.layout.xaxis.title.text, figure.layout.yaxis.title.text) == ("Authors' team", "Reviewers' team")
    cells = {
        (row, column): figure.data[0].z[place][across]
        for place, row in enumerate(figure.data[0].y)
        for across, column in enumerate(figure.data[0].x)
    }
    assert cells == {("&lt;b&gt;", "Core"): 4, ("Core", "Core"): 7}
    assert draw.team_matrix(between.head(0)).to_json()


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
