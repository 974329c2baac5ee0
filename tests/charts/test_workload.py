"""Figures of the workload family, described in words."""

import math

import pandas as pd

import charts.workload as draw
from charts import style
from tests.charts.describe import described
from tests.metrics.build import day

HELD = pd.DataFrame({"name": ["Ann", "Bo"], "n_in_progress": [2, 9], "n_not_started": [0, 1], "n_reviews_owed": [3, 0]})
WEEKLY = pd.DataFrame(
    {
        "name": ["Ann", "Ann", "Bo"],
        "week_on": [day("2026-06-01"), day("2026-06-08"), day("2026-06-01")],
        "wip": [1.0, 2.5, 4.0],
    }
)
AGES = pd.DataFrame({"name": ["Ann", "Bo"], "key": ["FL-1", "FL-2"], "title": ["<a>", "b"], "age_days": [3.0, 468.0]})


def test_what_people_hold_is_stacked_by_kind():
    figure = draw.held_bars(HELD)
    assert described(figure) == {
        "x": "Items and requests held now",
        "y": "",
        "traces": [
            "bar In progress: 2 points, (9, Bo) … (2, Ann)",
            "bar Assigned, not started: 2 points, (1, Bo) … (0, Ann)",
            "bar Reviews owed: 2 points, (0, Bo) … (3, Ann)",
        ],
        "marks": [],
    }
    assert figure.layout.barmode == "stack"
    assert len(described(draw.held_bars(HELD.head(0)))["traces"]) == 3


def test_work_in_progress_is_a_cell_per_person_and_week_and_an_unknown_week_is_no_zero():
    figure = draw.wip_heat(WEEKLY)
    assert described(figure)["traces"] == ["heatmap: 2 rows × 2 columns, from 4.0 to 2.5"]
    assert list(figure.data[0].y) == ["Bo", "Ann"]  # drawn from below: Ann on top
    assert math.isnan(figure.data[0].z[0][1])
    assert figure.data[0].colorbar.title.text == "items"


def test_no_week_makes_no_cell():
    assert len(draw.wip_heat(WEEKLY.head(0)).data[0].y) == 0


def test_ages_are_a_dot_each_with_hostile_titles_as_text():
    figure = draw.age_dots(AGES)
    assert described(figure) == {
        "x": "Age (days since work started)",
        "y": "",
        "traces": ["scatter: 2 points, (3.0, Ann) … (468.0, Bo)"],
        "marks": [],
    }
    assert figure.data[0].customdata.tolist() == [["FL-1", "&lt;a&gt;"], ["FL-2", "b"]]
    assert described(draw.age_dots(AGES.head(0)))["traces"] == ["scatter: 0 points"]


LOADS = pd.DataFrame(
    {
        "name": ["Ann", "Bo"],
        "in_progress_hours": [10.0, 20.0],
        "not_started_hours": [0.0, 5.0],
        "review_hours": [1.0, 0.5],
        "capacity_hours": [64.0, 32.0],
    }
)


def test_what_is_ahead_is_stacked_by_kind_beside_the_capacity():
    figure = draw.load_bars(LOADS)
    assert described(figure) == {
        "x": "Hours, next two weeks",
        "y": "",
        "traces": [
            "bar In progress: 2 points, (20.0, Bo) … (10.0, Ann)",
            "bar Due, not started: 2 points, (5.0, Bo) … (0.0, Ann)",
            "bar Reviews owed: 2 points, (0.5, Bo) … (1.0, Ann)",
            "scatter Capacity: 2 points, (32.0, Bo) … (64.0, Ann)",
        ],
        "marks": [],
    }
    assert figure.layout.barmode == "stack"
    assert len(described(draw.load_bars(LOADS.head(0)))["traces"]) == 4


def test_the_chosen_step_has_another_colour_and_a_load_without_end_no_place():
    steps = pd.DataFrame(
        {
            "n_moves": [0, 1, 2],
            "highest_ratio": [math.inf, 1.5, 0.8],
            "is_chosen": [False, False, True],
        }
    )
    figure = draw.frontier_steps(steps)
    assert described(figure) == {
        "x": "Moves",
        "y": "Highest load (times capacity)",
        "traces": ["scatter: 2 points, (1, 1.5) … (2, 0.8)"],
        "marks": [],
    }
    assert list(figure.data[0].text) == ["1.5", "0.8"]
    assert list(figure.data[0].marker.color) == [style.BLUE, style.WARN]
    assert described(draw.frontier_steps(steps.head(0)))["traces"] == ["scatter: 0 points"]
