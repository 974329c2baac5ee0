"""A figure in a few words."""

from typing import Any

import numpy as np
import plotly.graph_objects as go


def described(figure: go.Figure) -> dict[str, Any]:
    """Axis titles, then per trace its kind, name, number of points, and first and last point; marks by their label."""
    assert figure.to_json()  # what is drawn can be sent
    return {
        "x": figure.layout.xaxis.title.text,
        "y": figure.layout.yaxis.title.text,
        "traces": [_trace(trace) for trace in figure.data],
        "marks": [mark.text for mark in figure.layout.annotations],
    }


def _trace(trace: Any) -> str:
    name = f" {trace.name}" if trace.name else ""
    if trace.type == "heatmap":
        return f"heatmap{name}: {len(trace.y)} rows × {len(trace.x)} columns, from {trace.z[0][0]} to {trace.z[-1][-1]}"
    points = list(zip(trace.x, trace.y, strict=True))
    ends = f", ({_pair(points[0])}) … ({_pair(points[-1])})" if points else ""
    return f"{trace.type}{name}: {len(points)} points{ends}"


def _pair(point: tuple[Any, Any]) -> str:
    return ", ".join(_said(value) for value in point)


def _said(value: Any) -> str:
    return str(np.datetime_as_string(value, unit="auto")) if isinstance(value, np.datetime64) else str(value)
