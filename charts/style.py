"""How every figure looks: one template, colours by meaning that read on light and on dark.

Importing Streamlit replaces Plotly's default template with placeholder colours, so figures name this one themselves
and an exported figure looks like the one on screen.
"""

import html
import itertools
import math
from collections.abc import Iterator

import pandas as pd
import plotly.graph_objects as go

BLUE, AMBER, GREEN, VIOLET, ROSE, SLATE = "#1F77C9", "#D97706", "#0E9F7E", "#8B5CF6", "#DB4C77", "#7B8EA3"
SERIES = (BLUE, AMBER, GREEN, VIOLET, ROSE, SLATE)
GRID = "rgba(120, 140, 165, 0.18)"

DONE, OPEN, WARN, LATE, QUIET = GREEN, BLUE, AMBER, ROSE, SLATE

HEAT = [[0.0, "rgba(31, 119, 201, 0.04)"], [0.5, "rgba(31, 119, 201, 0.75)"], [1.0, LATE]]

LOG_DAYS = [0.01, 0.1, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000]
LOG_DAYS_TEXT = ["15 min", "2 h", "½", "1", "2", "5", "10", "20", "50", "100", "200", "500", "1000"]

LINE_PIXELS = 24

_AXIS = {
    "gridcolor": GRID,
    "zerolinecolor": GRID,
    "linecolor": GRID,
    "ticks": "",
    "title": {"font": {"size": 12}, "standoff": 8},
    "automargin": True,
}

TEMPLATE = go.layout.Template(
    layout={
        "colorway": list(SERIES),
        "font": {"family": "Source Sans, Source Sans Pro, system-ui, sans-serif", "size": 13, "color": SLATE},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "margin": {"l": 8, "r": 12, "t": 10, "b": 8},
        "height": 300,
        "hovermode": "closest",
        "bargap": 0.25,
        "legend": {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "title": {"text": ""}},
        "xaxis": _AXIS,
        "yaxis": _AXIS | {"rangemode": "tozero"},
        "dragmode": False,
    }
)


def figure(*traces: go.Scatter | go.Bar, x: str = "", y: str = "", height: int = 300) -> go.Figure:
    """A figure in the house style. `x` and `y` are axis titles and carry the unit."""
    built = go.Figure(data=list(traces))
    built.update_layout(template=TEMPLATE, xaxis_title=x, yaxis_title=y, height=height)
    built.update_layout(showlegend=sum(trace.showlegend is not False for trace in traces) > 1)
    return built


def whole(built: go.Figure, most: float, *, axis: str = "y") -> go.Figure:
    """No fractions on an axis that counts few things, at `most` this many."""
    return built.update_layout({f"{axis}axis_dtick": 1}) if most <= 6 else built


def daily_line(daily: pd.DataFrame, *, y: str, what: str) -> go.Figure:
    """A count day by day, as steps over an area; `daily` has at and n_open, `what` names one in the hover text."""
    line = go.Scatter(
        x=daily["at"],
        y=daily["n_open"],
        mode="lines",
        line={"width": 2.5, "color": BLUE, "shape": "hv"},
        fill="tozeroy",
        fillcolor="rgba(31, 119, 201, 0.12)",
        hovertemplate=f"%{{x|%d %b %Y}}: %{{y:.0f}} {what}<extra></extra>",
    )
    return whole(figure(line, y=y), daily["n_open"].max())


def week_bars(weekly: pd.DataFrame, column: str, *, y: str) -> go.Figure:
    """A bar per week; `weekly` has week_on and the column, `y` names it with its unit."""
    bars = go.Bar(
        x=weekly["week_on"],
        y=weekly[column],
        marker={"color": BLUE},
        hovertemplate="Week of %{x|%d %b %Y}: %{y:.1f}<extra></extra>",
    )
    return figure(bars, y=y, height=240)


def week_heat(weekly: pd.DataFrame, column: str, *, title: str, hover: str) -> go.Figure:
    """A figure per person and week; `weekly` has name, week_on and the column. By name from the top."""
    grid = weekly.pivot(index="name", columns="week_on", values=column).sort_index(ascending=False)
    heat = go.Heatmap(
        z=grid.to_numpy(),
        x=grid.columns,
        y=[short(name) for name in grid.index],
        colorscale=HEAT,
        zmin=0,
        xgap=2,
        ygap=2,
        colorbar={"title": title, "thickness": 10, "outlinewidth": 0},
        hovertemplate=f"%{{y}}, week of %{{x|%d %b %Y}}: {hover}<extra></extra>",
    )
    return figure(heat, height=90 + 22 * len(grid))


def mark(built: go.Figure, value: float, words: str, colour: str = SLATE) -> go.Figure:
    """A labelled horizontal line at `value`; none where the value is not known."""
    if math.isnan(value):
        return built
    built.add_shape(type="line", xref="paper", x0=0, x1=1, y0=value, y1=value, line=_dashed(colour))
    # On a log axis a label's place is given as a power of ten, a line's is not.
    place = math.log10(value) if built.layout.yaxis.type == "log" else value
    return built.add_annotation(xref="paper", x=1, y=place, xanchor="right", yanchor="bottom", **_label(words, colour))


def mark_x(built: go.Figure, value: float, words: str, colour: str = SLATE) -> go.Figure:
    """A labelled vertical line at `value`; none where the value is not known."""
    if math.isnan(value):
        return built
    return _mark_column(built, value, words, colour)


def mark_day(built: go.Figure, day: pd.Timestamp, words: str, colour: str) -> go.Figure:
    """A labelled vertical line at a day of a time axis."""
    return _mark_column(built, day.isoformat(), words, colour)


def _mark_column(built: go.Figure, value: float | str, words: str, colour: str) -> go.Figure:
    built.add_shape(type="line", x0=value, x1=value, yref="paper", y0=0, y1=1, line=_dashed(colour))
    built.add_annotation(x=value, yref="paper", y=1, yanchor="bottom", **_label(words, colour))
    # The legend would lie on the label: it goes one line higher.
    return built.update_layout(margin_t=28, legend_y=1 + LINE_PIXELS / (built.layout.height - 2 * LINE_PIXELS))


def _dashed(colour: str) -> dict[str, object]:
    return {"color": colour, "width": 1.5, "dash": "dash"}


def _label(words: str, colour: str) -> dict[str, object]:
    return {"text": words, "font": {"color": colour, "size": 12}, "showarrow": False}


def cycle() -> Iterator[str]:
    """The series colours, again and again. Give series in a stable order, so that each keeps its colour."""
    return itertools.cycle(SERIES)


def short(text: object, most: int = 42) -> str:
    """`safe` text cut to a label's length."""
    said = str(text)
    return safe(said if len(said) <= most else f"{said[: most - 1]}…")


def safe(text: object) -> str:
    """Tracker text that Plotly shows as it stands: its labels read a subset of HTML, links included."""
    return html.escape(str(text), quote=False)
