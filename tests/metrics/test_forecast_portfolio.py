"""The portfolio: which milestone needs somebody first, and how far its date moved."""

import math

import pandas as pd
import pytest

from metrics import forecast, milestones
from metrics.forecast import Futures
from metrics.forecast.portfolio import ATTENTION, FORESEEN, STANDING
from metrics.forecast.table import TYPES
from tests.metrics.build import day
from tests.metrics.forecast_world import TODAY, history, organisation

QUICK = Futures(trials=200)
EARLIER = pd.Timedelta(weeks=4)


@pytest.fixture(scope="module")
def parts():
    """Summary, forecasts now and forecasts of four weeks before of the small organisation."""
    world = organisation()
    past = history(world)
    changes = world["issue_events"], world["pull_request_events"]
    members = milestones.membership(world["milestones"], *changes, as_of=TODAY)
    stays = milestones.stays(members, changes[0], world["pull_requests"], changes[1], as_of=TODAY)
    summary = milestones.summary(past.known, stays, world["milestone_changes"], as_of=TODAY)
    now, before = (forecast.forecasts(past, as_of=at, futures=QUICK) for at in (TODAY, TODAY - EARLIER))
    return summary, now, before


def stands(template, name, *, remaining=5, scope=10, due=20.0, **values):
    """A row of the summary: an open milestone, due in so many days."""
    due_on = pd.NaT if math.isnan(due) else day("2026-06-30") + pd.Timedelta(days=due)
    size = {"scope": scope, "remaining": remaining, "idle_days": 1.0}
    row = template.iloc[[0]].assign(milestone=name, title=name, state="open", **size)
    return row.assign(days_to_due=due, due_on=due_on, **values).astype(template.dtypes.to_dict())


def foreseen(name, status="ok", p85="2026-07-10", *, chance=0.9, weeks=None):
    """A row of the forecasts."""
    on = pd.NaT if p85 is None else day(p85)
    took = (math.inf if p85 is None else 2.0) if weeks is None else weeks
    row = dict.fromkeys(TYPES, 0) | {
        "milestone": name, "at": TODAY, "status": status, "way": "own", "p_on_time": chance, "p85_on": on,
        "p85_weeks": took, "drift_status": status,
    }  # fmt: skip
    days = dict.fromkeys(("p50_on", "p95_on", "due_on"), pd.NaT)
    return pd.DataFrame([row | days]).astype(TYPES)


def one(parts, now=None, before=None, **values):
    """The portfolio's row of one milestone."""
    rows = stands(parts[0], "m", **values)
    found = forecast.portfolio(rows, foreseen("m") if now is None else now, foreseen("m") if before is None else before)
    assert len(found) == 1
    return found.iloc[0]


NAN = math.nan


@pytest.mark.parametrize(
    ("status", "values", "now"),
    [
        ("empty", {"scope": 0, "remaining": 0}, foreseen("m", "empty", chance=NAN)),
        ("done", {"remaining": 0}, foreseen("m", "done", chance=1.0)),
        ("overdue", {"due": -1.0}, foreseen("m")),
        ("never", {}, foreseen("m", "never", None, chance=0.1)),
        ("no_throughput", {}, foreseen("m", "no_throughput", None, chance=0.0)),
        ("no_due_date", {"due": NAN}, foreseen("m", chance=NAN)),
        ("too_early", {}, foreseen("m", "no_history", None, chance=NAN, weeks=NAN)),
        ("at_risk", {}, foreseen("m", chance=0.849)),
        ("ok", {}, foreseen("m", chance=0.85)),
        ("ok", {"due": 0.0}, foreseen("m", chance=0.9)),  # the due day itself is not late
    ],
)
def test_each_status_has_a_case_of_its_own(parts, status, values, now):
    assert one(parts, now, **values)["status"] == status


@pytest.mark.parametrize(
    ("status", "values", "now"),
    [
        ("empty", {"scope": 0, "remaining": 0, "due": -5.0}, foreseen("m", "empty", chance=NAN)),
        ("done", {"remaining": 0, "due": -5.0}, foreseen("m", "done", chance=0.0)),
        ("overdue", {"due": -5.0}, foreseen("m", "never", None, chance=0.0)),
        ("overdue", {"due": -5.0}, foreseen("m", "no_history", None, chance=NAN, weeks=NAN)),
        ("no_due_date", {"due": NAN}, foreseen("m", "never", None, chance=NAN)),
        ("no_due_date", {"due": NAN}, foreseen("m", "no_throughput", None, chance=NAN)),
        ("no_due_date", {"due": NAN}, foreseen("m", "no_history", None, chance=NAN, weeks=NAN)),
    ],
)
def test_the_first_status_that_fits_is_told(parts, status, values, now):
    assert one(parts, now, **values)["status"] == status


@pytest.mark.parametrize(
    ("before", "now", "days"),
    [("2026-07-03", "2026-07-10", 7), ("2026-07-10", "2026-07-03", -7), ("2026-07-10", "2026-07-10", 0)],
)
def test_later_is_positive_and_earlier_is_negative(parts, before, now, days):
    assert one(parts, foreseen("m", p85=now), foreseen("m", p85=before))["moved85_days"] == days


def test_what_is_never_done_any_more_moved_endlessly_and_what_is_again_came_back_as_far(parts):
    dated, never = foreseen("m"), foreseen("m", "never", None)
    assert one(parts, never, dated)["moved85_days"] == math.inf
    assert one(parts, dated, never)["moved85_days"] == -math.inf


def test_without_two_dates_nothing_moved(parts):
    unknown, never = foreseen("m", "no_history", None, weeks=NAN), foreseen("m", "never", None)
    for now, before in [(foreseen("m"), unknown), (unknown, foreseen("m")), (never, never), (never, unknown)]:
        assert math.isnan(one(parts, now, before)["moved85_days"])
    assert math.isnan(one(parts, foreseen("m"), foreseen("other"))["moved85_days"])


@pytest.mark.parametrize(
    ("idle_days", "due", "status"),
    [
        (182.0, NAN, "dormant"),
        (181.0, NAN, "no_due_date"),
        (400.0, -183.0, "dormant"),
        (400.0, -182.0, "overdue"),  # it was due within the half year: somebody may still wait for it
        (400.0, 10.0, "at_risk"),
    ],
)
def test_what_nobody_touched_for_half_a_year_is_dormant_unless_it_is_due(parts, idle_days, due, status):
    found = one(parts, foreseen("m", chance=NAN if math.isnan(due) else 0.2), due=due, idle_days=idle_days)
    assert found["status"] == status


def test_who_needs_somebody_comes_first_and_the_less_likely_before_the_likelier(parts):
    given = {
        "fine": ({}, foreseen("fine", chance=0.95)),
        "finer": ({"due": 10.0}, foreseen("finer", chance=0.99)),
        "risky": ({}, foreseen("risky", chance=0.5)),
        "riskier": ({"due": 90.0}, foreseen("riskier", chance=0.1)),
        "late": ({"due": -2.0}, foreseen("late", chance=0.0)),
        "later": ({"due": -9.0}, foreseen("later", chance=0.0)),
        "never": ({}, foreseen("never", "never", None, chance=0.2)),
        "idle": ({}, foreseen("idle", "no_throughput", None, chance=0.0)),
        "undated": ({"due": NAN}, foreseen("undated", chance=NAN)),
        "young": ({}, foreseen("young", "no_history", None, chance=NAN, weeks=NAN)),
        "done": ({"remaining": 0}, foreseen("done", "done", chance=1.0)),
        "empty": ({"scope": 0, "remaining": 0}, foreseen("empty", "empty", chance=NAN)),
        "asleep": ({"idle_days": 200.0, "due": -400.0}, foreseen("asleep", "no_throughput", None, chance=0.0)),
    }
    summary = pd.concat([stands(parts[0], name, **values) for name, (values, _) in given.items()], ignore_index=True)
    now = pd.concat([row for _, row in given.values()], ignore_index=True)
    wanted = [
        "later",
        "late",
        "never",
        "idle",
        "riskier",
        "risky",
        "undated",
        "young",
        "fine",
        "finer",
        "done",
        "empty",
        "asleep",
    ]
    found = forecast.portfolio(summary, now, now)
    assert found["milestone"].tolist() == wanted
    assert found["status"].drop_duplicates().tolist() == list(ATTENTION)
    again = forecast.portfolio(summary.iloc[::-1], now.sample(frac=1, random_state=3), now)
    pd.testing.assert_frame_equal(again, found)


def test_a_row_says_what_stands_and_what_is_foreseen_of_that_milestone(parts):
    summary, now, before = parts
    found = forecast.portfolio(summary, now, before)
    assert list(found.columns) == [*STANDING, *FORESEEN, "moved85_days", "status"]
    assert set(found["milestone"]) == set(summary.loc[summary["state"] == "open", "milestone"])
    for row in found.to_dict("records"):
        known = summary.set_index("milestone").loc[row["milestone"]]
        said = now.set_index("milestone").loc[row["milestone"]]
        was = before.set_index("milestone").loc[row["milestone"]]
        assert [row[name] for name in STANDING[7:12]] == [known[name] for name in STANDING[7:12]]
        assert [row[name] for name in FORESEEN] == [said[name] for name in FORESEEN]
        assert row["remaining"] == said["remaining"]
        assert row["moved85_days"] == (said["p85_on"] - was["p85_on"]).days


def test_nothing_in_gives_typed_nothing_out(parts):
    full, none = forecast.portfolio(*parts), forecast.portfolio(*(part.head(0) for part in parts))
    assert none.empty
    assert none.dtypes.to_dict() == full.dtypes.to_dict()
