"""Stages of random changes against a plain loop, and promises that hold for every history."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics import reviews
from tests.metrics.build import frame, moved, utc
from tests.metrics.review_world import AS_OF, HOURS, review, working
from tests.metrics.test_reviews_at_random import PEOPLE, life, random_world

VERDICTS = ["approved", "changes_requested", "commented"]
STAGES = ["coding", "pickup", "review", "merge"]
BEFORE = utc("2026-06-01")
CLOCKS = working({"id": "Ann", "time_zone": "Europe/Berlin"})


def random_changes(seed):
    """A random world with verdicts, and work on issues that began before, or after."""
    rng, what = np.random.default_rng(seed), random_world(seed)
    items = what["pull_requests"]["id"].tolist()
    links = [{"pull_request": item, "issue": f"i{n}"} for n, item in enumerate(rng.choice(items, 6))]
    starts = [f"2026-06-{day:02} 09:00" for day in rng.integers(4, 11, 6)]
    moves = [moved(f"i{n}", at, str(rng.choice(["active", "done"]))) for n, at in enumerate(starts)]
    return what | {
        "reviews": what["reviews"].assign(state=pd.Series(rng.choice(VERDICTS, len(what["reviews"])), dtype="str")),
        "pull_request_issues": frame("pull_request_issues", links).drop_duplicates(),
        "issue_events": frame("issue_events", moves),
    }


def staged(what, as_of=AS_OF):
    return reviews.stages(**what, calendars=CLOCKS, start=BEFORE, as_of=as_of)


def plain_loop(what):
    """Every stage of every change: (pull request, stage, start, end, hours, working hours, whether it is over)."""
    told = []
    for item in what["pull_requests"].itertuples():
        events = [e for e in what["pull_request_events"].itertuples() if e.pull_request == item.id]
        events.sort(key=lambda e: (e.at, e.seq))
        drafting = [e.kind for e in events if e.kind in {"ready", "draft"}]
        ready_first = drafting[0] == "draft" if drafting else not item.is_draft
        runs, ended, cause = life(events, ready_first, item.created_at, AS_OF)
        for stage, start, own_end in marks(what, item, runs, ended, is_merged=cause == "merged"):
            end = min((at for at in (own_end, ended) if at is not None), default=None)
            hours = hours_of(stage, start, end or AS_OF, runs)
            is_over = own_end is not None and (ended is None or own_end <= ended)
            told.append((item.id, stage, start, end, len(hours), sum(map(is_worked, hours)), is_over))
    return sorted(told)


def hours_of(stage, start, end, runs):
    if stage == "coding":
        return pd.date_range(start, end, freq="h", inclusive="left").tolist()
    return [hour for hour in runs if start <= hour < end]


def is_worked(hour):
    there = hour.tz_convert("Europe/Berlin")
    return there.day_of_week < 5 and 9 <= there.hour < 17


def marks(what, item, runs, ended, *, is_merged):
    """The stages it entered: name, start, and when it came to its own end."""
    ready, merged = min(runs, default=None), ended if is_merged else None
    issues = {row.issue for row in what["pull_request_issues"].itertuples() if row.pull_request == item.id}
    starts = [row.at for row in what["issue_events"].itertuples() if row.issue in issues and row.new == "active"]
    begun = min([item.created_at, *starts])
    if ready is None or begun < ready:
        yield "coding", begun, ready
    if ready is None:
        return
    words = [row for name in ("reviews", "comments") for row in what[name].itertuples() if row.pull_request == item.id]
    words = [row for row in words if PEOPLE.get(row.author, "Ann") != "Ann" and row.at <= (ended or AS_OF)]
    answered = min((row.at for row in words if row.at > ready), default=None)
    yield "pickup", ready, answered
    if answered is None:
        return
    approved = last_approval(words, is_merged=is_merged)
    approved = None if approved is None or approved < answered else approved
    yield "review", answered, approved or merged
    if approved is not None:
        yield "merge", approved, merged


def last_approval(words, *, is_merged):
    """The last one that stands; none while an unmerged change has changes requested."""
    verdicts = {}
    for row in sorted((row for row in words if hasattr(row, "state")), key=lambda row: (row.at, row.state)):
        if row.state != "commented":
            verdicts[PEOPLE[row.author]] = (row.state, row.at)
    if not is_merged and any(state == "changes_requested" for state, _ in verdicts.values()):
        return None
    return max((at for state, at in verdicts.values() if state == "approved"), default=None)


def told(found):
    columns = ["pull_request", "stage", "start_at", "end_at", "hours", "working_hours", "is_over"]
    return sorted((*row[:3], None if pd.isna(row[3]) else row[3], *row[4:]) for row in found[columns].to_numpy())


@pytest.mark.parametrize("seed", range(20))
def test_random_changes_agree_with_a_plain_loop(seed):
    what = random_changes(seed)
    assert told(staged(what)) == plain_loop(what)


def test_the_random_changes_reach_every_stage_and_every_end():
    found = pd.concat([staged(random_changes(seed)) for seed in range(25)])
    ends = found.assign(lasts=found["end_at"].isna()).groupby(["stage", "is_over", "lasts"]).size()
    assert {(stage, True, False) for stage in STAGES} <= set(ends.index)
    assert {(stage, False, lasts) for stage in STAGES for lasts in (True, False)} <= set(ends.index)


@settings(deadline=None, max_examples=8)
@given(st.integers(0, 1000))
def test_bots_change_nothing(seed):
    what = random_changes(seed)
    plain = staged(what)
    noise = [review(f"2026-06-0{n} 10:00", "ci[bot]", "0") | {"id": f"x{n}", "state": "approved"} for n in (8, 9)]
    louder = what | {"reviews": pd.concat([what["reviews"], frame("reviews", noise)])}
    pd.testing.assert_frame_equal(plain, staged(louder))


@settings(deadline=None, max_examples=8)
@given(st.integers(0, 1000), st.integers(0, 70))
def test_as_of_equals_the_data_cut_then(seed, hours):
    what = random_changes(seed)
    as_of = utc("2026-06-08 08:00") + hours * HOURS
    cut = {name: table[table["at"] <= as_of] if "at" in table else table for name, table in what.items()}
    # Whether it is a draft is told as of now by the source: a cut history needs the drafts of later than the cut.
    events = what["pull_request_events"]
    later = events[events["kind"].isin(["ready", "draft"]) & (events["at"] > as_of)]
    cut["pull_request_events"] = pd.concat([cut["pull_request_events"], later])
    pd.testing.assert_frame_equal(staged(what, as_of), staged(cut, as_of))


@pytest.mark.parametrize("seed", range(5))
def test_stages_follow_one_another(seed):
    found = staged(random_changes(seed))
    for _, stages in found.groupby("pull_request"):
        assert stages["stage"].tolist() == STAGES[STAGES.index(stages["stage"].iloc[0]) :][: len(stages)]
        assert stages["end_at"].iloc[:-1].tolist() == stages["start_at"].iloc[1:].tolist()
        assert stages["is_over"].iloc[:-1].all()
