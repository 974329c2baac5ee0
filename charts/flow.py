"""Figures of the flow family."""

import pandas as pd
import plotly.graph_objects as go

from charts import style


def cycle_time_scatter(timed: pd.DataFrame, *, sle_days: float) -> go.Figure:
    """One dot per finished item, so that the long ones are seen and can be asked about."""
    dots = go.Scatter(
        x=timed["finished_at"],
        y=timed["cycle_days"],
        mode="markers",
        marker={"size": 7, "color": style.BLUE, "opacity": 0.55},
        customdata=timed[["key", "title"]].map(style.safe).to_numpy(),
        hovertemplate="<b>%{customdata[0]}</b> %{customdata[1]}<br>%{y:.1f} days, done %{x|%d %b %Y}<extra></extra>",
    )
    built = style.figure(dots, y="Cycle time (days, log scale)")
    built.update_yaxes(type="log", rangemode="normal", tickvals=style.LOG_DAYS, ticktext=style.LOG_DAYS_TEXT)
    return style.mark(built, sle_days, f"85 % within {sle_days:.0f} days", style.WARN)


def cycle_time_trend(monthly: pd.DataFrame) -> go.Figure:
    """P85 by month, a line per team; `monthly` has team, month_on, p85_days, n_items."""
    lines = [
        go.Scatter(
            x=rows["month_on"],
            y=rows["p85_days"],
            name=style.safe(team),
            mode="lines+markers",
            line={"width": 2.5, "color": colour},
            customdata=rows[["n_items"]],
            hovertemplate="%{fullData.name}, %{x|%b %Y}: %{y:.1f} days (n = %{customdata[0]})<extra></extra>",
        )
        for (team, rows), colour in zip(monthly.groupby("team", sort=True), style.cycle(), strict=False)
    ]
    return style.figure(*lines, y="85 % finish within (days)")


def throughput_bars(weekly: pd.DataFrame) -> go.Figure:
    """Finished items per week."""
    bars = go.Bar(
        x=weekly["week_on"],
        y=weekly["n_finished"],
        marker={"color": style.BLUE},
        hovertemplate="Week of %{x|%d %b %Y}: %{y} finished<extra></extra>",
    )
    return style.figure(bars, y="Items finished per week")


def wip_line(daily: pd.DataFrame) -> go.Figure:
    """Items in progress, once a day."""
    return style.daily_line(daily, y="Items in progress", what="in progress")


def ageing_bars(aged: pd.DataFrame, *, sle_days: float, most: int = 25) -> go.Figure:
    """The oldest items in progress, those over the service level in another colour."""
    shown = aged.head(most).iloc[::-1]
    bars = go.Bar(
        x=shown["age_days"],
        y=shown["key"].map(style.safe),
        orientation="h",
        marker={"color": shown["is_over_sle"].map({True: style.LATE, False: style.BLUE})},
        customdata=shown[["title"]].map(style.safe).to_numpy(),
        hovertemplate="<b>%{y}</b> %{customdata[0]}<br>%{x:.0f} days old<extra></extra>",
    )
    built = style.figure(bars, x="Age (days)", height=max(220, 60 + 22 * len(shown)))
    built.update_xaxes(minallowed=0)  # on a phone the label of the line would stretch the axis below zero
    return style.mark_x(built, sle_days, f"85 % take ≤ {sle_days:.0f} days", style.WARN)
