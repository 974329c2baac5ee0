"""Figures of the reviews family. People stand in the order of their names: this is for balancing, not for ranking."""

import pandas as pd
import plotly.graph_objects as go

from charts import style


def waiting_bars(people: pd.DataFrame) -> go.Figure:
    """Open requests by person, those waiting over a day apart; `people` has name, n_waiting, n_over_a_day."""
    shown = people.iloc[::-1]
    name = shown["name"].map(style.short)
    over = go.Bar(x=shown["n_over_a_day"], y=name, name="Over a day", orientation="h", marker={"color": style.LATE})
    recent = go.Bar(
        x=shown["n_waiting"] - shown["n_over_a_day"],
        y=name,
        name="Up to a day",
        orientation="h",
        marker={"color": style.OPEN},
    )
    for bar in (over, recent):
        bar.hovertemplate = "%{y}: %{x} waiting<extra>%{fullData.name}</extra>"
    built = style.figure(over, recent, x="Review requests waiting", height=80 + 24 * len(shown))
    return style.whole(built.update_layout(barmode="stack"), people["n_waiting"].max(), axis="x")


def queue_line(daily: pd.DataFrame) -> go.Figure:
    """Review requests waiting, once a day."""
    return style.daily_line(daily, y="Review requests waiting", what="waiting")


def waiting_curve(curves: pd.DataFrame, *, x: str) -> go.Figure:
    """What share still waits after so many hours; `curves` has period, time (hours), survival (0–1)."""
    lines = [
        go.Scatter(
            x=rows["time"],
            y=rows["survival"],
            name=period,
            mode="lines",
            line={"shape": "hv", "width": 2.5, "color": colour, "dash": dash},
            hovertemplate="after %{x:.0f} h %{y:.0%} still wait<extra>%{fullData.name}</extra>",
        )
        for (period, rows), colour, dash in zip(
            curves.groupby("period", sort=False), (style.BLUE, style.QUIET), ("solid", "dot"), strict=False
        )
    ]
    built = style.figure(*lines, x=x, y="Share still waiting")
    built.update_xaxes(range=[0, 24 * 7], dtick=24)
    return built.update_yaxes(range=[0, 1], tickformat=".0%")


def share_bars(people: pd.DataFrame) -> go.Figure:
    """Review rounds by person beside the fair share of their capacity; `people` has name, n_rounds, fair."""
    shown = people.iloc[::-1]
    name = shown["name"].map(style.short)
    rounds = go.Bar(
        x=shown["n_rounds"],
        y=name,
        name="Reviewed",
        orientation="h",
        marker={"color": style.BLUE},
        hovertemplate="%{y}: %{x} rounds<extra></extra>",
    )
    fair = go.Scatter(
        x=shown["fair"],
        y=name,
        name="Fair share",
        mode="markers",
        marker={"symbol": "line-ns", "size": 14, "line": {"width": 3, "color": style.WARN}},
        hovertemplate="%{y}: fair share %{x:.1f}<extra></extra>",
    )
    return style.figure(rounds, fair, x="Review rounds in the window", height=80 + 24 * len(shown))
