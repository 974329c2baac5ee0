"""A figure in a few words."""

import json
from typing import Any

import plotly.graph_objects as go


def described(figure: go.Figure) -> dict[str, Any]:
    """Axis titles, then per trace its kind, name, number of points, and first and last point; marks by their label.

    Made from the figure as it is sent to the browser.
    """
    sent = json.loads(figure.to_json())  # numbers of pandas tables come as base64 there
    layout = sent["layout"]
    return {
        "x": layout["xaxis"]["title"].get("text"),
        "y": layout["yaxis"]["title"].get("text"),
        "traces": [_trace(trace) for trace in figure.data],
        "marks": [mark.text for mark in figure.layout.annotations],
    }


def _trace(trace: Any) -> str:
    name = f" {trace.name}" if trace.name else ""
    if trace.type == "heatmap":
        shape = f"{len(trace.y)} rows × {len(trace.x)} columns"
        return f"{trace.type}{name}: {shape}, from {_said(trace.z[0][0])} to {_said(trace.z[-1][-1])}"
    points = list(zip(trace.x, trace.y, strict=True))
    ends = f", ({_pair(points[0])}) … ({_pair(points[-1])})" if points else ""
    return f"{trace.type}{name}: {len(points)} points{ends}"


def _pair(point: tuple[Any, Any]) -> str:
    return ", ".join(_said(value) for value in point)


def _said(value: Any) -> str:
    text = value.isoformat() if hasattr(value, "isoformat") else str(value)
    return text.replace("T00:00:00", "").replace("+00:00", "").replace(".000000000", "")
