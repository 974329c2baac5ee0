"""Figures of what is to come: dates with their chances, what was said over time, and what a drift is made of."""

import pandas as pd
import plotly.graph_objects as go

from charts import style

COLOURS = {
    "overdue": style.LATE, "never": style.LATE, "no_throughput": style.LATE, "at_risk": style.WARN,
    "no_due_date": style.QUIET, "ok": style.DONE,
}  # fmt: skip
PARTS = {"late": style.LATE, "early": style.DONE, "margin": style.QUIET, "total": style.OPEN}
WEDGE = "rgba(31, 119, 201, {opacity})"
HALF = 0.5
HALF_A_YEAR = pd.Timedelta(days=182)
BEYOND = 1.08
"""What is never done is drawn so far beyond everything else."""


def ranges(rows: pd.DataFrame, *, as_of: pd.Timestamp) -> go.Figure:
    """Each milestone's dates from P50 to P95 with P85 marked, and its due date: whom to worry about, on top.

    `rows` are those of a portfolio, with `label` and `chance_words`. A bar that leaves at the right ends never, as far
    as can be told; where nothing can be told (way none) there is none.
    """
    shown = rows.iloc[::-1].reset_index(drop=True)
    edge = _edge(shown, as_of)
    start = shown["p50_on"].fillna(edge)
    until = shown["p95_on"].fillna(edge)
    colour = shown["status"].map(COLOURS).fillna(style.OPEN)
    bars = go.Bar(
        base=start,
        x=(until - start).dt.total_seconds() * 1000,
        y=shown.index,
        orientation="h",
        name="P50 to P95",
        marker={"color": colour, "opacity": 0.35},
        hoverinfo="skip",
        showlegend=False,
    )
    planned = shown["p85_on"].notna()
    marks = go.Scatter(
        x=shown.loc[planned, "p85_on"], y=shown.index[planned], mode="markers", name="Plan on (P85)",
        marker={"symbol": "line-ns", "size": 22, "line": {"width": 4, "color": style.OPEN}},
        customdata=shown.loc[planned, ["p50_on", "p95_on"]].apply(_in_words),
        hovertemplate="P50 %{customdata[0]}<br>P85 %{x|%d %b %Y}<br>P95 %{customdata[1]}<extra></extra>",
    )  # fmt: skip
    dated = shown["due_on"].notna()
    dues = go.Scatter(
        x=shown.loc[dated, "due_on"], y=shown.index[dated], mode="markers", name="Due",
        marker={"symbol": "diamond-open", "size": 11, "color": style.SLATE, "line": {"width": 2}},
        hovertemplate="due %{x|%d %b %Y}<extra></extra>",
    )  # fmt: skip
    endless = shown["p95_on"].isna() & (shown["way"] != "none")
    beyond = go.Scatter(
        x=[edge] * int(endless.sum()), y=shown.index[endless], mode="markers+text", showlegend=False,
        text=["over 2 years" if pd.isna(day) else "" for day in shown.loc[endless, "p50_on"]],
        textposition="middle left",
        marker={"symbol": "triangle-right", "size": 12, "color": colour[endless]},
        hovertemplate="maybe over 2 years<extra></extra>",
    )  # fmt: skip
    built = style.figure(bars, marks, dues, beyond, x="Date", height=120 + 42 * len(shown))
    labels = [f"{style.short(label, 34)}<br><i>{style.safe(said)}</i>" for label, said in
              zip(shown["label"], shown["chance_words"], strict=True)]  # fmt: skip
    built.update_yaxes(tickvals=list(shown.index), ticktext=labels, rangemode="normal")
    built.update_xaxes(type="date", range=[_soonest(shown, as_of), edge])
    return style.mark_day(built, as_of.tz_localize(None), "today", style.QUIET)


def _in_words(days: pd.Series) -> pd.Series:
    said: pd.Series = days.dt.strftime("%d %b %Y").fillna("over 2 years")
    return said


def _edge(shown: pd.DataFrame, as_of: pd.Timestamp) -> pd.Timestamp:
    """A little beyond the last date that is drawn; half a year ahead where there is none."""
    today = as_of.tz_localize(None)
    latest = pd.concat([shown[name] for name in ("p85_on", "p95_on", "due_on")]).max()
    least = HALF_A_YEAR if shown["p95_on"].isna().any() else pd.Timedelta(days=28)
    latest = today + least if pd.isna(latest) else max(latest, today + least)
    edge: pd.Timestamp = (today + (latest - today) * BEYOND).floor("D")
    return edge


def _soonest(shown: pd.DataFrame, as_of: pd.Timestamp) -> pd.Timestamp:
    days: list[pd.Timestamp] = [*shown["due_on"].dropna(), *shown["p50_on"].dropna()]
    return min([as_of.tz_localize(None), *days]) - pd.Timedelta(days=7)


def fan(built: go.Figure, daily: pd.DataFrame, quantiles: pd.DataFrame) -> go.Figure:
    """A burn-up with wedges to where its forecast ends: half of all futures in the inner one, 90 % in the outer.

    `quantiles` has level and on. What may never end is drawn to the last date that is known, and not at all where most
    futures never end.
    """
    known = quantiles.dropna(subset="on").set_index("level")["on"]
    if HALF not in known.index or daily.empty:
        return built
    now, done, scope = daily["at"].iloc[-1], daily["done"].iloc[-1], daily["scope"].iloc[-1]
    for low, high, opacity, name in ((0.05, 0.95, 0.10, "90 % of futures"), (0.25, 0.75, 0.18, "half of futures")):
        ends = [_at(known, low), _at(known, high)]
        built.add_scatter(
            x=[now, *ends, now], y=[done, scope, scope, done], fill="toself", mode="lines", name=name,
            line={"width": 0}, fillcolor=WEDGE.format(opacity=opacity), hoverinfo="skip",
        )  # fmt: skip
    for level, name in ((0.5, "P50"), (0.85, "P85")):
        if level in known.index:
            built.add_scatter(
                x=[now, known[level]], y=[done, scope], mode="lines+markers", name=name,
                line={"color": style.OPEN, "width": 2, "dash": "solid" if level > 0.5 else "dot"},
                marker={"size": [0, 8]}, hovertemplate=f"{name} %{{x|%d %b %Y}}<extra></extra>",
            )  # fmt: skip
    return built


def _at(known: pd.Series, level: float) -> pd.Timestamp:
    """The date at a level, or the last one known below it."""
    at_or_below = known[known.index <= level + 1e-9]
    found: pd.Timestamp = known.iloc[0] if at_or_below.empty else at_or_below.iloc[-1]
    return found


def trend(said: pd.DataFrame) -> go.Figure:
    """Milestone trend analysis: the date forecast and the due date, by the day it was said. Rising = later."""
    lines = [
        go.Scatter(x=said["at"], y=said[column], name=name, mode="lines+markers", connectgaps=False,
                   line={"color": colour, "width": width, "dash": dash, "shape": shape}, marker={"size": 5},
                   hovertemplate=f"said %{{x|%d %b %Y}}: {name} %{{y|%d %b %Y}}<extra></extra>")
        for column, name, colour, width, dash, shape in (
            ("p85_on", "Plan on (P85)", style.OPEN, 2.5, "solid", "linear"),
            ("p50_on", "Expected (P50)", style.OPEN, 1.5, "dot", "linear"),
            ("due_on", "Due", style.WARN, 2.5, "dash", "hv"),
        )
    ]  # fmt: skip
    built = style.figure(*lines, x="Said on", y="Date", height=320)
    return built.update_yaxes(rangemode="normal", type="date")


def waterfall(parts: pd.DataFrame) -> go.Figure:
    """From no drift to the drift there is, part by part (days; later is positive).

    `parts` has part, days and kind: late, early (what adds to the drift, and what takes from it), margin, total.
    """
    is_total = parts["kind"] == "total"
    before = parts["days"].where(~is_total, 0).cumsum() - parts["days"].where(~is_total, 0)
    bars = go.Bar(
        x=[style.short(part, 24) for part in parts["part"]],
        base=before.where(~is_total, 0),
        y=parts["days"],
        marker={"color": parts["kind"].map(PARTS)},
        text=[f"{days:+.0f}" for days in parts["days"]],
        textposition="outside",
        cliponaxis=False,
        customdata=parts["says"].map(style.safe),
        hovertemplate="%{x}: %{y:.1f} days<br>%{customdata}<extra></extra>",
    )
    built = style.figure(bars, y="Days late", height=320)
    return built.update_layout(margin_t=28)


def held(coverage: pd.DataFrame) -> go.Figure:
    """How often dates held, with what chance would give, beside how often they should."""
    names = coverage["name"].map(style.short)
    share, low, high = (coverage[name] * 100 for name in ("held_share", "wilson_low", "wilson_high"))
    found = go.Scatter(
        x=share, y=names, mode="markers", name="held", marker={"size": 12, "color": style.OPEN},
        error_x={"type": "data", "symmetric": False, "array": high - share, "arrayminus": share - low, "width": 6},
        hovertemplate="%{y} held: %{x:.0f} %<extra></extra>",
    )  # fmt: skip
    wanted = go.Scatter(
        x=coverage["wanted"] * 100, y=names, mode="markers", name="should hold",
        marker={"symbol": "line-ns", "size": 24, "line": {"width": 3, "color": style.WARN}},
        hovertemplate="%{y} should hold: %{x:.0f} %<extra></extra>",
    )  # fmt: skip
    built = style.figure(found, wanted, x="Held (%, with 95 % interval)", height=120 + 32 * len(coverage))
    built.update_xaxes(range=[0, 102], tickvals=[0, 25, 50, 75, 100])
    return built.update_yaxes(autorange="reversed", rangemode="normal")


def losses(against: pd.DataFrame) -> go.Figure:
    """What dates of each kind cost at P85 (pinball loss, weeks), next to ours on the same forecasts."""
    names = [style.short(name) for name in against["way"]]
    theirs = go.Bar(y=names, x=against["pinball_weeks"], name="they", orientation="h", marker={"color": style.QUIET})
    ours = go.Bar(y=names, x=against["ours_weeks"], name="ours, same forecasts", orientation="h",
                  marker={"color": style.OPEN})  # fmt: skip
    for bar in (theirs, ours):
        bar.hovertemplate = "%{y}: %{x:.1f} weeks<extra>%{fullData.name}</extra>"
    built = style.figure(theirs, ours, x="Loss (weeks, less is better)", height=90 + 46 * len(against))
    return built.update_yaxes(autorange="reversed", rangemode="normal")


def outcomes(spread: pd.DataFrame) -> go.Figure:
    """How many outcomes lay in each part of their forecasts, beside an even spread; `spread` has low, high (0–1), n."""
    names = [f"{low * 100:.0f}–{high * 100:.0f}" for low, high in zip(spread["low"], spread["high"], strict=True)]
    bars = go.Bar(
        x=names, y=spread["n"], marker={"color": style.OPEN}, showlegend=False,
        hovertemplate="%{x} %: %{y}<extra></extra>",
    )  # fmt: skip
    built = style.figure(bars, x="Futures that had ended (%)", y="Forecasts", height=260)
    return style.mark(built, float(spread["n"].mean()), "even", style.WARN)
