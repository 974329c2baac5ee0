"""Figures of the workload family. People stand in the order of their names: this is for balancing, not for ranking."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from charts import style

PARTS = (
    ("n_in_progress", "In progress", style.BLUE),
    ("n_not_started", "Assigned, not started", style.QUIET),
    ("n_reviews_owed", "Reviews owed", style.VIOLET),
)
LOADS = (
    ("in_progress_hours", "In progress", style.BLUE),
    ("not_started_hours", "Due, not started", style.QUIET),
    ("review_hours", "Reviews owed", style.VIOLET),
)


def held_bars(people: pd.DataFrame) -> go.Figure:
    """What each person holds now, by kind; `people` has name and the columns of `PARTS`."""
    shown = people.iloc[::-1]
    bars = [
        go.Bar(
            x=shown[column],
            y=shown["name"].map(style.short),
            name=label,
            orientation="h",
            marker={"color": colour},
            hovertemplate="%{y}: %{x}<extra>%{fullData.name}</extra>",
        )
        for column, label, colour in PARTS
    ]
    built = style.figure(*bars, x="Items and requests held now", height=80 + 24 * len(shown))
    return built.update_layout(barmode="stack")


def wip_heat(weekly: pd.DataFrame) -> go.Figure:
    """Average work in progress by person and week; `weekly` has name, week_on, wip."""
    return style.week_heat(weekly, "wip", title="items", hover="%{z:.1f} items")


def wip_bars(weekly: pd.DataFrame) -> go.Figure:
    """Average work in progress of one person, week by week; `weekly` has week_on, wip."""
    return style.week_bars(weekly, "wip", y="Items in progress")


def load_bars(people: pd.DataFrame) -> go.Figure:
    """What each person is expected to have to do beside the time they have.

    `people` has name, in_progress_hours, not_started_hours, review_hours, capacity_hours.
    """
    shown = people.iloc[::-1]
    name = shown["name"].map(style.short)
    bars = [
        go.Bar(
            x=shown[column],
            y=name,
            name=label,
            orientation="h",
            marker={"color": colour},
            hovertemplate="%{y}: %{x:.0f} h<extra>%{fullData.name}</extra>",
        )
        for column, label, colour in LOADS
    ]
    capacity = go.Scatter(
        x=shown["capacity_hours"],
        y=name,
        name="Capacity",
        mode="markers",
        marker={"symbol": "line-ns", "size": 14, "line": {"width": 3, "color": style.WARN}},
        hovertemplate="%{y}: %{x:.0f} h of capacity<extra></extra>",
    )
    built = style.figure(*bars, capacity, x="Hours, next two weeks", height=90 + 24 * len(shown))
    return built.update_layout(barmode="stack")


def frontier_steps(steps: pd.DataFrame) -> go.Figure:
    """How far the highest load falls with each move more; `steps` has n_moves, highest_ratio, is_chosen.

    Steps with an infinite ratio (work, and no time at all) have no place on the axis.
    """
    steps = steps[np.isfinite(steps["highest_ratio"])]
    line = go.Scatter(
        x=steps["n_moves"],
        y=steps["highest_ratio"],
        mode="lines+markers+text",
        line={"width": 2.5, "color": style.BLUE},
        marker={"size": 11, "color": steps["is_chosen"].map({True: style.WARN, False: style.BLUE})},
        text=[f"{ratio:.1f}" for ratio in steps["highest_ratio"]],
        textposition="top center",
        cliponaxis=False,
        hovertemplate="%{x} moves: highest load %{y:.2f} times capacity<extra></extra>",
    )
    built = style.figure(line, x="Moves", y="Highest load (times capacity)", height=260)
    return built.update_xaxes(dtick=1)


def age_dots(items: pd.DataFrame) -> go.Figure:
    """Age of every held item by person; `items` has name, key, title, age_days."""
    dots = go.Scatter(
        x=items["age_days"],
        y=items["name"].map(style.short),
        mode="markers",
        marker={"size": 9, "color": style.BLUE, "opacity": 0.6},
        customdata=items[["key", "title"]].map(style.safe).to_numpy(),
        hovertemplate="<b>%{customdata[0]}</b> %{customdata[1]}<br>%{x:.0f} days<extra>%{y}</extra>",
    )
    built = style.figure(dots, x="Age (days since work started)", height=90 + 22 * items["name"].nunique())
    built.update_xaxes(rangemode="tozero")
    return built.update_yaxes(categoryorder="category descending")
