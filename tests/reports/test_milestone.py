"""One milestone closely: why it drifts and what changed, in words that are those of the table."""

import re

import pandas as pd
import pytest

from fairlead.scope import Scope
from metrics import milestones
from reports import changing, drifting, foreseen, milestone
from reports.foreseen import One
from tests.metrics.build import added, day, issue, moved, pull_request, removed, utc
from tests.reports.test_small import panel, seen
from tests.reports.worlds import panels_of

AS_OF = utc("2026-06-30")
NONE_GAINED = pd.DataFrame({"at": pd.Series([], dtype="datetime64[us, UTC]"), "kind": pd.Series([], dtype="str")})


def one_of(frames, milestone_id="m", as_of=AS_OF):
    scope = Scope(as_of)
    return One(foreseen.measure(frames, scope), scope, milestone_id)


def closed(*, over="2026-03-12", items=4, late=2, start="2026-01-01", due="2026-03-01", first_due="2026-02-20"):
    """Settled with so many items, two joined later; work began ten days after the plan, all was done on one day."""
    names = [f"i{n}" for n in range(items)] + [f"late{n}" for n in range(late)]
    joined = ["2025-12-20"] * items + ["2026-02-10"] * late
    events = [added(name, at, "m") for name, at in zip(names, joined, strict=True)]
    events += [moved("i0", "2026-01-11", "active", "todo")]
    events += [moved(name, f"{over} 12:00", "done", "todo") for name in names]
    said = [("2025-12-01", None, first_due), ("2026-02-01", first_due, due)]
    return seen(
        milestones=[{
            "id": "m", "title": "v1.0", "project": "o/r", "state": "closed", "closed_at": f"{over} 13:00",
            "created_at": "2025-12-01", "start_on": day(start), "due_on": day(due),
        }],
        issues=[issue(name, title=name, project="o/r", created_at="2025-12-01") for name in names],
        issue_events=events,
        milestone_changes=[
            {"milestone": "m", "observed_at": at, "field": "due_on", "old": old, "new": new} for at, old, new in said
        ],
    )  # fmt: skip


def drift_of(frames):
    one = one_of(frames)
    return drifting.panel(one, changing.gained(changing.changes(one)))


def test_the_drift_of_what_is_over_by_hand():
    """Planned: 4 items in the 50 days to 20 February. It took from 11 January to 12 March, 60 days, for 6 items.

    12.5 and 10 days an item: 2 items more cost 2 × 11.25 days, a quicker pace gained (12.5 − 10) × 5 days.
    """
    found = drift_of(closed())
    rows = found.table.set_index("part")["days"]
    assert rows.to_dict() == pytest.approx(
        {"Late start": 10, "Scope grew": 22.5, "Pace": -12.5, "Due date moved": -9, "It was over": 11}
    )
    assert found.takeaway == (
        "It was over 11 days late. 22 of 32 lost days: scope grew from 4 to 6 items after 10 Feb 2026. 12 days won: "
        "0.7 items a week from start to end, the plan needed 0.6. 10 of 32 lost days: work began on 11 Jan 2026, "
        "planned was 1 Jan 2026. 9 days won: due 1 Mar 2026, at first 20 Feb 2026."
    )
    assert found.note.startswith("n = 4 parts ")
    assert "from its planned start to the first due date" in found.note


def test_early_is_said_to_be_early_and_shrinking_to_be_shrinking():
    frames = closed(over="2026-02-10", late=0, first_due="2026-03-01")
    found = drift_of(frames)
    assert found.takeaway.startswith("It was over 19 days early. ")
    assert found.table["part"].iloc[-1] == "It was over"
    assert found.table["days"].iloc[-1] == -19


@pytest.mark.parametrize("world", ["sample", "one team", "200 days ago", "a repository"])
def test_parts_sum_to_the_total_and_are_what_the_words_say(world):
    found = panels_of(world)["milestone", "drift"]
    table = found.table.set_index("part")["days"]
    total = table["Expected (P50)"]
    parts = table.loc[:"Due date moved"]
    assert parts.sum() == pytest.approx(total)
    assert table["Plan on (P85)"] == pytest.approx(total + table["To be sure"])
    said = [
        int(n) if lost else -int(n)
        for n, lost in re.findall(r"(\d+) (?:(of \d+ lost )?days?)(?: won)?: ", found.takeaway)
    ]
    assert said == [round(days) for days in sorted(parts[parts.abs() >= 0.5], key=abs, reverse=True)]
    lost = round(parts.clip(lower=0).sum())
    assert set(re.findall(r"of (\d+) lost", found.takeaway)) <= {str(lost)}
    assert found.takeaway.startswith(f"It is expected {abs(total):.0f} days {'late' if total > 0 else 'early'}. ")
    case = panels_of(world)["milestone", "what-if"].table.iloc[0]
    assert case["expected_drift_days"] == total
    assert case["plan_drift_days"] == table["Plan on (P85)"]


def test_when_most_was_added_and_what_came_from_elsewhere_is_told():
    gained = pd.DataFrame(
        {
            "at": [utc("2026-03-03"), utc("2026-03-10"), utc("2026-03-12"), utc("2026-03-15")],
            "kind": ["added", "moved_in", "added", "added"],
        }
    )
    said = drifting._scope({"scope_committed": 20.0, "scope_now": 24.0}, gained)
    assert said == (
        "scope grew from 20 to 24 items after 3 Mar 2026, 3 of 4 in the week of 9 Mar 2026, 1 from other milestones"
    )
    assert (
        drifting._scope({"scope_committed": 20.0, "scope_now": 20.0}, gained) == "scope is 20 items, as it was settled"
    )
    assert drifting._scope({"scope_committed": 20.0, "scope_now": 1.0}, gained) == "scope shrank from 20 to 1 item"


@pytest.mark.parametrize("status", milestones.drift.STATUSES)
def test_each_reason_to_tell_no_parts_has_words_of_its_own(status):
    said = drifting._missing({"status": status})
    assert said.endswith(".")
    assert said != drifting._missing({})
    assert [drifting._missing({"status": other}) for other in milestones.drift.STATUSES].count(said) == 1


def test_without_a_due_date_there_is_nothing_to_drift_from():
    frames = seen(
        milestones=[{"id": "m", "title": "v1.0", "state": "open", "created_at": "2026-01-01"}],
        issues=[issue("1", created_at="2026-01-01")],
        issue_events=[added("1", "2026-01-02", "m")],
    )
    found = drift_of(frames)
    assert found.table.empty
    assert found.figure is None
    assert found.empty == "Without a due date there is nothing to drift from."


def week_of(**others):
    """A milestone in which much happened within the last week, and something before."""
    names = [f"i{n}" for n in range(8)]
    return {
        "milestones": [
            {"id": "m", "title": "v1.0", "project": "o/r", "state": "open", "created_at": "2026-05-01"},
            {"id": "n", "title": "v2.0", "project": "o/r", "state": "open", "created_at": "2026-05-01"},
        ],
        "issues": [issue(name, title=f"Item {name}", project="o/r", created_at="2026-05-01", url=f"https://x/{name}")
                   for name in names],
        "issue_events": [
            *(added(name, "2026-05-02", "m") for name in names[:5]),
            moved("i0", "2026-06-10", "done", "todo", actor="a"),  # long before
            moved("i1", "2026-06-25", "done", "todo", actor="a"),
            moved("i2", "2026-06-26", "done", "todo", actor="b"),
            added("i5", "2026-06-27", "m", actor="a"),
            removed("i3", "2026-06-28", "m", actor="b"),
            removed("i4", "2026-06-28 10:00", "m", actor="a"), added("i4", "2026-06-28 10:10", "n", actor="a"),
            moved("i0", "2026-06-29", "active", "done", actor="b"),
            added("i6", "2026-07-02", "m"),  # later
        ],
    } | others  # fmt: skip


def changed(frames):
    one = one_of(frames)
    happened = changing.changes(one)
    return changing.panel(one, happened, milestone._said(one))


def test_what_happened_within_seven_days_is_counted_in_a_fixed_order_and_listed_newest_first():
    found = changed(seen(**week_of()))
    counts = "2 finished, 1 added, 1 reopened, 1 removed, 1 moved out."
    assert found.takeaway.startswith(counts)
    rows = found.table[["what", "key", "who", "milestone"]].astype(object)
    rows = rows.where(rows.notna(), None)
    assert rows.to_numpy().tolist() == [
        ["reopened", "i0", "Bo", None], ["moved out", "i4", "Ann", "v2.0"], ["removed", "i3", "Bo", None],
        ["added", "i5", "Ann", None], ["finished", "i2", "Bo", None], ["finished", "i1", "Ann", None],
    ]  # fmt: skip
    assert found.note.startswith("n = 6 changes in the seven days up to 29 Jun 2026")


def test_what_leaves_for_a_milestone_of_another_kind_was_removed_and_has_not_moved():
    tables = week_of()
    tables["milestones"][1] |= {"kind": "sprint"}
    tables["milestones"][0] |= {"kind": "version"}
    assert "moved out" not in changed(seen(**tables)).takeaway


def test_counts_in_words_are_those_of_the_table():
    for world in ("sample", "200 days ago"):
        found = panels_of(world)["milestone", "changed"]
        counts = found.table["what"].value_counts().to_dict()
        said = dict(reversed(part.split(" ", 1)) for part in found.takeaway.split(".")[0].split(", "))
        assert {what: int(n) for what, n in said.items()} == counts


def said_of(*days):
    return pd.DataFrame(
        {"p85_on": pd.Series([pd.NaT if text is None else day(text) for text in days], dtype="datetime64[us]")}
    )


@pytest.mark.parametrize(
    ("days", "says"),
    [
        (("2026-07-01", "2026-07-15"), "The date to plan on moved 14 days later."),
        (("2026-09-01", "2026-07-15", "2026-07-12"), "The date to plan on moved 3 days earlier."),
        (("2026-07-01", "2026-07-01"), "The date to plan on did not move."),
        ((None, "2026-07-01"), ""),
        (("2026-07-01",), ""),
        ((), ""),
    ],
)
def test_how_the_date_to_plan_on_moved_is_said(days, says):
    assert changing._moved(said_of(*days)) == says


def test_a_quiet_week_is_said_to_be_quiet():
    quiet = week_of()
    quiet["issue_events"] = quiet["issue_events"][:6]
    found = changed(seen(**quiet))
    assert found.table.empty
    assert found.empty.startswith("Nothing happened in it within the last seven days.")


def test_what_is_held_up_by_something_unfinished_says_by_what():
    tables = week_of()
    tables["issues"] += [issue("b1", key="B-1"), issue("b2", key="B-2")]
    tables["issue_events"] = [*tables["issue_events"][:5], added("i3", "2026-05-05", "b1", "blocked_by")]
    tables["issue_events"] += [added("i4", "2026-05-05", "b2", "blocked_by"), moved("b2", "2026-05-06", "done")]
    tables["issue_events"] += [added("i0", "2026-05-05", "true", "blocked")]
    left = panel(milestone.report(seen(**tables), Scope(AS_OF)), "remaining")
    held = left.table.set_index("key")["held_up_by"].dropna()
    assert held.to_dict() == {"i3": "B-1", "i0": "flagged as blocked"}  # B-2 is done
    assert left.takeaway.endswith("2 held up by something else.")


def test_a_pull_request_that_was_merged_in_it_is_finished():
    frames = seen(
        milestones=[{"id": "m", "title": "v1.0", "state": "open", "created_at": "2026-05-01"}],
        pull_requests=[pull_request("1", author="b", created_at="2026-05-01", milestone="m", merged_at="2026-06-29")],
        pull_request_events=[
            {"pull_request": "1", "at": "2026-05-02", "kind": "milestoned", "subject": "m"},
            {"pull_request": "1", "at": "2026-06-29", "kind": "merged", "actor": "a"},
        ],
    )
    assert changed(frames).takeaway.startswith("1 finished.")


def test_when_it_began_to_be_forecast_from_its_own_weeks_is_told():
    said = pd.DataFrame(
        {
            "at": [utc("2026-03-02"), utc("2026-03-09"), utc("2026-03-16")],
            "p85_on": [day("2026-06-01"), day("2026-06-01"), day("2026-06-03")],
            "due_on": [day("2026-05-01")] * 3,
            "way": ["reference", "own", "own"],
        }
    )
    told = milestone._trend_words(said)
    assert told == (
        "In 2 weeks the date to plan on moved 2 days later. Since 9 Mar 2026 it is forecast from its own weeks; "
        "before, from how long others took."
    )
    assert "own weeks" not in milestone._trend_words(said.assign(way="own"))
    assert "own weeks" not in milestone._trend_words(said.assign(way="reference"))
