"""Figures of the workload family. People stand in the order of their names: this is for balancing, not for ranking."""

import pandas as pd
import plotly.graph_objects as go

from charts import style

PARTS = (
    ("n_in_progress", "In progress", style.BLUE),
    ("n_not_started", "Assigned, not started", style.QUIET),
    ("n_reviews_owed", "Reviews owed", style.VIOLET),
)
HEAT = [[0.0, "rgba(31, 119, 201, 0.04)"], [0.5, "rgba(31, 119, 201, 0.75)"], [1.0, style.LATE]]


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
    grid = weekly.pivot(index="name", columns="week_on", values="wip").sort_index(ascending=False)
    heat = go.Heatmap(
        z=grid.to_numpy(),
        x=grid.columns,
        y=[style.short(name) for name in grid.index],
        colorscale=HEAT,
        zmin=0,
        xgap=2,
        ygap=2,
        colorbar={"title": "items", "thickness": 10, "outlinewidth": 0},
        hovertemplate="%{y}, week of %{x|%d %b %Y}: %{z:.1f} items<extra></extra>",
    )
    return style.figure(heat, height=90 + 22 * len(grid))


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
