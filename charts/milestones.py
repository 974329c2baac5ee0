"""Figures of the milestones family."""

import pandas as pd
import plotly.graph_objects as go

from charts import style


def burn_up(daily: pd.DataFrame, *, due_on: pd.Timestamp | None, dues_before: list[pd.Timestamp]) -> go.Figure:
    """Scope and done items day by day, with the due date and those it had before."""
    scope = go.Scatter(
        x=daily["at"],
        y=daily["scope"],
        name="Scope",
        line={"color": style.QUIET, "width": 2.5, "shape": "hv"},
        hovertemplate="%{x|%d %b %Y}: scope %{y}<extra></extra>",
    )
    done = go.Scatter(
        x=daily["at"],
        y=daily["done"],
        name="Done",
        fill="tozeroy",
        fillcolor="rgba(14, 159, 126, 0.15)",
        line={"color": style.DONE, "width": 2.5, "shape": "hv"},
        hovertemplate="%{x|%d %b %Y}: %{y} done<extra></extra>",
    )
    built = style.whole(style.figure(scope, done, y="Items", height=340), daily["scope"].max())
    for day in dues_before:
        style.mark_day(built, day, f"was {day:%d %b}", style.QUIET)
    return style.mark_day(built, due_on, f"due {due_on:%d %b %Y}", style.WARN) if due_on is not None else built


def due_date_trend(observed: pd.DataFrame) -> go.Figure:
    """What the due date was, by the day it was said: a rising line is a slip."""
    lines = [
        go.Scatter(
            x=rows["said_at"],
            y=rows["due_on"],
            name=style.short(title),
            mode="lines+markers",
            line={"shape": "hv", "width": 2.5, "color": colour},
            hovertemplate="said %{x|%d %b %Y}: due %{y|%d %b %Y}<extra>%{fullData.name}</extra>",
        )
        for (title, rows), colour in zip(observed.groupby("title", sort=True), style.cycle(), strict=False)
    ]
    built = style.figure(*lines, x="Said on", y="Due date")
    return built.update_yaxes(rangemode="normal")
