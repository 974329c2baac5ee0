"""Figures of the reviews family. People stand in the order of their names: this is for balancing, not for ranking."""

import pandas as pd
import plotly.graph_objects as go

from charts import style

CURVE_DAYS = 7
"""How many days a curve is shown of."""


def waiting_bars(people: pd.DataFrame) -> go.Figure:
    """Open requests by person, those waiting longer than agreed apart; `people` has name, n_waiting, n_over."""
    shown = people.iloc[::-1]
    name = shown["name"].map(style.short)
    over = go.Bar(x=shown["n_over"], y=name, name="Longer than agreed", orientation="h", marker={"color": style.LATE})
    recent = go.Bar(
        x=shown["n_waiting"] - shown["n_over"],
        y=name,
        name="Within what is agreed",
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


def waiting_curve(curves: pd.DataFrame, *, unit: str, days: float) -> go.Figure:
    """What share still waits after so many hours, for a week of days of `days` hours.

    `curves` has period, wait_hours, still_waiting_share (0–1); `unit` says which hours.
    """
    lines = [
        go.Scatter(
            x=rows["wait_hours"],
            y=rows["still_waiting_share"],
            name=period,
            mode="lines",
            line={"shape": "hv", "width": 2.5, "color": colour, "dash": dash},
            hovertemplate=f"after %{{x:.0f}}{unit} h %{{y:.0%}} still wait<extra>%{{fullData.name}}</extra>",
        )
        for (period, rows), colour, dash in zip(
            curves.groupby("period", sort=False), (style.BLUE, style.QUIET), ("solid", "dot"), strict=False
        )
    ]
    built = style.figure(*lines, x=f"Hours of waiting ({days:.0f}{unit} h = one day)", y="Share still waiting")
    built.update_xaxes(range=[0, days * CURVE_DAYS], dtick=days)
    return built.update_yaxes(range=[0, 1], tickformat=".0%")


def stage_bars(stages: pd.DataFrame, *, unit: str) -> go.Figure:
    """Half and nine in ten of each stage, the first stage on top; `stages` has stage, half_hours, nine_in_ten_hours."""
    shown = stages.iloc[::-1]
    bars = [
        go.Bar(
            x=shown[column],
            y=shown["stage"].str.capitalize(),
            name=label,
            orientation="h",
            marker={"color": colour},
            hovertemplate=f"%{{y}}: %{{x:.0f}}{unit} h<extra>{label}</extra>",
        )
        for column, label, colour in (
            ("nine_in_ten_hours", "Nine in ten within", style.QUIET),
            ("half_hours", "Half within", style.BLUE),
        )
    ]
    built = style.figure(*bars, x=f"Hours{' of working time' if unit else ''}", height=120 + 44 * len(shown))
    return built.update_layout(legend_traceorder="reversed")


def rounds_heat(weekly: pd.DataFrame) -> go.Figure:
    """Review rounds by person and week; `weekly` has name, week_on, n_rounds."""
    return style.week_heat(weekly, "n_rounds", title="rounds", hover="%{z:.0f} rounds")


def rounds_bars(weekly: pd.DataFrame) -> go.Figure:
    """Review rounds of one person, week by week; `weekly` has week_on, n_rounds."""
    return style.whole(style.week_bars(weekly, "n_rounds", y="Review rounds"), weekly["n_rounds"].max())


def team_matrix(edges: pd.DataFrame) -> go.Figure:
    """Reviews from team to team; `edges` has reviewers, authors (team names), n_reviews."""
    grid = edges.pivot(index="reviewers", columns="authors", values="n_reviews").fillna(0).sort_index(ascending=False)
    heat = go.Heatmap(
        z=grid.to_numpy(),
        x=[style.short(name, most=18) for name in grid.columns],
        y=[style.short(name, most=18) for name in grid.index],
        colorscale=style.HEAT,
        zmin=0,
        xgap=2,
        ygap=2,
        texttemplate="%{z:.0f}",
        showscale=False,
        hovertemplate="%{y} reviewed %{z:.0f} times for %{x}<extra></extra>",
    )
    return style.figure(heat, x="Authors' team", y="Reviewers' team", height=140 + 44 * len(grid))


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
