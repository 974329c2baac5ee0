"""Figures of what is to come, described in words."""

import pandas as pd
import pytest

import charts.forecast as draw
from charts import style
from tests.charts.describe import described
from tests.metrics.build import day, utc

AS_OF = utc("2026-06-15")
DAYS = ("p50_on", "p85_on", "p95_on", "due_on")


def row(label, *days, status="ok", way="own"):
    """A row of a portfolio: P50, P85, P95 and the due date, missing where there is none."""
    dates = dict(zip(DAYS, (pd.NaT if each is None else day(each) for each in days), strict=True))
    return {"label": label, "chance_words": f"{label} has a chance", "status": status, "way": way, **dates}


def rows(*given):
    return pd.DataFrame(list(given)).astype(dict.fromkeys(DAYS, "datetime64[us]"))


DATED = row("First", "2026-07-01", "2026-07-15", "2026-08-01", "2026-06-20", status="at_risk")
OPEN_END = row("Second", "2026-07-10", "2026-09-01", None, None, status="no_due_date")
NEVER = row("Third", None, None, None, "2026-06-30", status="never")
UNKNOWN = row("Young", None, None, None, "2026-06-30", status="too_early", way="none")


def test_whom_to_worry_about_stands_on_top_with_a_bar_a_mark_and_a_due_date():
    figure = draw.ranges(rows(DATED, OPEN_END, NEVER), as_of=AS_OF)
    assert described(figure) == {
        "x": "Date",
        "y": "",
        "traces": [
            "bar P50 to P95: 3 points, (0.0, 0) … (2678400000.0, 2)",
            "scatter Plan on (P85): 2 points, (2026-09-01, 1) … (2026-07-15, 2)",
            "scatter Due: 2 points, (2026-06-30, 0) … (2026-06-20, 2)",
            "scatter: 2 points, (2026-12-28 00:00:00, 0) … (2026-12-28 00:00:00, 1)",
        ],
        "marks": ["today"],
    }
    assert [text.partition("<br>")[0] for text in figure.layout.yaxis.ticktext] == ["Third", "Second", "First"]
    assert figure.layout.yaxis.tickvals == (0, 1, 2)
    assert list(figure.data[0].marker.color) == [style.LATE, style.QUIET, style.WARN]


def test_a_bar_spans_p50_to_p95_in_milliseconds():
    figure = draw.ranges(rows(DATED), as_of=AS_OF)
    assert pd.Timestamp(figure.data[0].base[0]) == day("2026-07-01")
    assert figure.data[0].x[0] == 31 * 86_400_000  # July has 31 days


def test_what_may_never_end_runs_off_the_right_edge_and_says_never_where_it_is_likely():
    figure = draw.ranges(rows(DATED, OPEN_END, NEVER), as_of=AS_OF)
    edge = day("2026-12-28")  # half a year of 182 days, and 8 % more are 196
    assert figure.layout.xaxis.range[1] == edge
    ends = [pd.Timestamp(base) + pd.Timedelta(milliseconds=span) for base, span in
            zip(figure.data[0].base, figure.data[0].x, strict=True)]  # fmt: skip
    assert ends == [edge, edge, day("2026-08-01")]
    assert list(figure.data[3].text) == ["over 2 years", ""]
    assert figure.data[1].customdata.tolist() == [
        ["10 Jul 2026", "over 2 years"], ["01 Jul 2026", "01 Aug 2026"],
    ]  # fmt: skip


def test_what_cannot_be_told_yet_is_not_drawn_as_never():
    figure = draw.ranges(rows(DATED, UNKNOWN), as_of=AS_OF)
    assert len(figure.data[3].x) == 0
    assert list(figure.data[1].y) == [1]
    assert list(figure.data[2].y) == [0, 1]


def test_the_axis_begins_a_week_before_whatever_is_first_and_where_no_date_is_known_it_reaches_half_a_year():
    late = row("Late", "2026-07-01", "2026-07-15", "2026-08-01", "2026-05-08", status="overdue")
    assert draw.ranges(rows(late), as_of=AS_OF).layout.xaxis.range[0] == day("2026-05-01")
    assert draw.ranges(rows(DATED), as_of=AS_OF).layout.xaxis.range[0] == day("2026-06-08")
    undated = row("Undated", None, None, None, None, status="never")
    assert draw.ranges(rows(undated), as_of=AS_OF).layout.xaxis.range[1] == day("2026-12-28")  # 182 days × 1.08


def test_no_row_makes_no_bar():
    none = described(draw.ranges(rows(DATED).head(0), as_of=AS_OF))
    assert none["traces"] == [
        "bar P50 to P95: 0 points", "scatter Plan on (P85): 0 points", "scatter Due: 0 points", "scatter: 0 points",
    ]  # fmt: skip


def test_labels_are_text():
    hostile = row("<b>x</b>", "2026-07-01", "2026-07-15", "2026-08-01", None)
    figure = draw.ranges(rows(hostile), as_of=AS_OF)
    assert figure.layout.yaxis.ticktext == ("&lt;b&gt;x&lt;/b&gt;<br><i>&lt;b&gt;x&lt;/b&gt; has a chance</i>",)


DAILY = pd.DataFrame({"at": [utc("2026-06-14"), utc("2026-06-15")], "scope": [40, 41], "done": [30, 31]})


def quantiles(**on):
    """`q50="2026-07-01"`: the day by which so many percent of all futures are done."""
    return pd.DataFrame(
        {
            "level": [int(name[1:]) / 100 for name in on],
            "on": pd.Series([pd.NaT if text is None else day(text) for text in on.values()], dtype="datetime64[us]"),
        }
    )


WHOLE = {"q05": "2026-06-20", "q25": "2026-06-25", "q50": "2026-07-01", "q75": "2026-07-09", "q85": "2026-07-15"}


def burn_up():
    return style.figure(y="Items")


def test_a_fan_spreads_from_what_is_done_now_to_all_of_the_scope():
    figure = draw.fan(burn_up(), DAILY, quantiles(**WHOLE, q95="2026-08-01"))
    now = "2026-06-15 00:00:00+00:00"
    assert described(figure)["traces"] == [
        f"scatter 90 % of futures: 4 points, ({now}, 31) … ({now}, 31)",
        f"scatter half of futures: 4 points, ({now}, 31) … ({now}, 31)",
        f"scatter P50: 2 points, ({now}, 31) … (2026-07-01 00:00:00, 41)",
        f"scatter P85: 2 points, ({now}, 31) … (2026-07-15 00:00:00, 41)",
    ]
    outer, inner = figure.data[0], figure.data[1]
    assert list(outer.x[1:3]) == [day("2026-06-20"), day("2026-08-01")]
    assert list(inner.x[1:3]) == [day("2026-06-25"), day("2026-07-09")]
    assert list(outer.y) == [31, 41, 41, 31]


def test_a_fan_of_what_may_never_end_reaches_to_the_last_day_that_is_known():
    figure = draw.fan(burn_up(), DAILY, quantiles(**WHOLE, q95=None))
    assert list(figure.data[0].x[1:3]) == [day("2026-06-20"), day("2026-07-15")]


def test_a_fan_has_no_line_for_a_date_that_is_not_known():
    likely_never = quantiles(q05="2026-06-20", q25="2026-06-25", q50="2026-07-01", q75=None, q85=None, q95=None)
    assert [trace.name for trace in draw.fan(burn_up(), DAILY, likely_never).data][2:] == ["P50"]


@pytest.mark.parametrize(
    ("daily", "ends"), [(DAILY.head(0), quantiles(**WHOLE)), (DAILY, quantiles(q50=None)), (DAILY, quantiles())]
)
def test_where_nothing_is_known_there_is_no_fan(daily, ends):
    assert described(draw.fan(burn_up(), daily, ends))["traces"] == []


SAID = pd.DataFrame(
    {
        "at": [utc("2026-06-01"), utc("2026-06-08")],
        "p85_on": [day("2026-07-01"), pd.NaT],
        "p50_on": [day("2026-06-20"), day("2026-06-27")],
        "due_on": [day("2026-06-15"), day("2026-06-30")],
    }
).astype({"p85_on": "datetime64[us]"})


def test_a_trend_has_what_was_forecast_and_what_was_due_by_the_day_it_was_said():
    figure = draw.trend(SAID)
    assert described(figure) == {
        "x": "Said on",
        "y": "Date",
        "traces": [
            "scatter Plan on (P85): 2 points, (2026-06-01, 2026-07-01) … (2026-06-08, NaT)",
            "scatter Expected (P50): 2 points, (2026-06-01, 2026-06-20) … (2026-06-08, 2026-06-27)",
            "scatter Due: 2 points, (2026-06-01, 2026-06-15) … (2026-06-08, 2026-06-30)",
        ],
        "marks": [],
    }
    assert not figure.data[0].connectgaps  # a week without a date is a gap, not a line through it
    assert figure.layout.yaxis.type == "date"
    assert described(draw.trend(SAID.head(0)))["traces"][0] == "scatter Plan on (P85): 0 points"


def parts(*given):
    return pd.DataFrame(given, columns=["part", "days", "kind"]).assign(says=lambda table: table["part"])


DRIFT = parts(
    ("Late start", 5.0, "late"), ("Scope grew", 12.0, "late"), ("Pace", -3.0, "early"),
    ("Due date moved", -4.0, "early"), ("Expected (P50)", 10.0, "total"), ("To be sure", 8.0, "margin"),
    ("Plan on (P85)", 18.0, "total"),
)  # fmt: skip


def test_each_part_begins_where_the_one_before_ended_and_totals_stand_on_the_ground():
    figure = draw.waterfall(DRIFT)
    assert described(figure) == {
        "x": "",
        "y": "Days late",
        "traces": ["bar: 7 points, (Late start, 5.0) … (Plan on (P85), 18.0)"],
        "marks": [],
    }
    bars = figure.data[0]
    assert list(bars.base) == [0, 5, 17, 14, 0, 10, 0]
    ends = [base + days for base, days in zip(bars.base, bars.y, strict=True)]
    assert ends[3] == ends[4] == 10  # the parts end where the first total stands
    assert ends[5] == ends[6] == 18
    assert list(bars.text) == ["+5", "+12", "-3", "-4", "+10", "+8", "+18"]


def test_what_makes_it_earlier_hangs_down_in_another_colour():
    figure = draw.waterfall(
        parts(("Pace", -6.0, "early"), ("Scope grew", 2.0, "late"), ("Expected (P50)", -4.0, "total"))
    )
    bars = figure.data[0]
    assert list(zip(bars.base, bars.y, strict=True)) == [(0, -6), (-6, 2), (0, -4)]
    assert list(bars.marker.color) == [style.DONE, style.LATE, style.OPEN]


def test_what_is_said_of_a_part_is_text_and_no_part_makes_no_bar():
    figure = draw.waterfall(parts(("<i>a</i>", 1.0, "late")))
    assert figure.data[0].customdata[0] == "&lt;i&gt;a&lt;/i&gt;"
    assert figure.data[0].x[0] == "&lt;i&gt;a&lt;/i&gt;"
    assert described(draw.waterfall(DRIFT.head(0)))["traces"] == ["bar: 0 points"]


COVERAGE = pd.DataFrame(
    {
        "name": ["P50 week by week", "P85 week by week"],
        "wanted": [0.5, 0.85],
        "held_share": [0.55, 0.8],
        "wilson_low": [0.4, 0.7],
        "wilson_high": [0.7, 0.9],
    }
)


def test_how_often_dates_held_stands_beside_how_often_they_should_in_percent():
    figure = draw.held(COVERAGE)
    found = described(figure)
    assert (found["x"], found["marks"]) == ("Held (%, with 95 % interval)", [])
    held, wanted = figure.data
    assert (list(held.x), list(held.y)) == (pytest.approx([55, 80]), ["P50 week by week", "P85 week by week"])
    assert (held.name, wanted.name) == ("held", "should hold")
    assert list(held.error_x.arrayminus) == pytest.approx([15, 10])
    assert list(held.error_x.array) == pytest.approx([15, 10])
    assert list(wanted.x) == pytest.approx([50, 85])
    assert figure.layout.yaxis.autorange == "reversed"  # the first row on top
    assert described(draw.held(COVERAGE.head(0)))["traces"] == [
        "scatter held: 0 points",
        "scatter should hold: 0 points",
    ]


def test_outcomes_stand_beside_an_even_spread():
    spread = pd.DataFrame({"low": [0.0, 0.5], "high": [0.5, 1.0], "n": [3, 1]})
    figure = draw.outcomes(spread)
    assert described(figure)["traces"] == ["bar: 2 points, (0–50, 3) … (50–100, 1)"]
    assert described(figure)["marks"] == ["even"]
    assert figure.layout.shapes[0].y0 == 2


def test_losses_stand_beside_ours_on_the_same_forecasts():
    against = pd.DataFrame(
        {"way": ["The <b>date</b> holds", "Straight burn-up"], "pinball_weeks": [4.0, 2.0], "ours_weeks": [1.0, 1.5]}
    )
    figure = draw.losses(against)
    assert described(figure) == {
        "x": "Loss (weeks, less is better)",
        "y": "",
        "traces": [
            "bar they: 2 points, (4.0, The &lt;b&gt;date&lt;/b&gt; holds) … (2.0, Straight burn-up)",
            "bar ours, same forecasts: 2 points, (1.0, The &lt;b&gt;date&lt;/b&gt; holds) … (1.5, Straight burn-up)",
        ],
        "marks": [],
    }
    assert figure.layout.yaxis.autorange == "reversed"
    assert described(draw.losses(against.head(0)))["traces"] == [
        "bar they: 0 points",
        "bar ours, same forecasts: 0 points",
    ]
