"""Random merges and approvals against plain loops, and promises that hold for all of them."""

from collections import defaultdict

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics import reviews
from tests.metrics.build import frame, happened, pull_request, utc
from tests.metrics.review_world import ACCOUNTS, HOURS

START, AS_OF = utc("2026-01-01"), utc("2026-06-12")
PEOPLE = {"ann": "Ann", "ann-work": "Ann", "bob": "Bob", "cy": "Cy", "cy-work": "Cy"}
RANK = {"approved": 0, "changes_requested": 1, "dismissed": 2}
AUTHORS = [*PEOPLE, "ci[bot]", "ghost"]
STATES = ["approved", "approved", "approved", "commented", "changes_requested", "dismissed"]


def random_world(seed, n_items=8):
    """Pull requests in two projects with quarters of hours as instants, so that ties are frequent."""
    rng = np.random.default_rng(seed)

    def at(since=0, until=40):
        return (utc("2026-06-08 08:00") + int(rng.integers(since, until)) * HOURS / 4).isoformat()[:16]

    def one_of(values):
        return str(rng.choice(values))

    items = [str(n) for n in range(n_items)]
    pulls = [
        pull_request(
            item, author=one_of(AUTHORS), project=one_of(["o/a", "o/b"]), created_at=at(0, 10),
            merged_by=one_of(AUTHORS), merged_at=at(10) if rng.random() < 0.8 else None,
            additions=int(rng.integers(0, 900)),
        )
        for item in items
    ]  # fmt: skip
    given = [
        {
            "id": f"r{n}", "pull_request": one_of(items), "author": one_of(AUTHORS), "at": at(),
            "state": one_of(STATES), "size": int(rng.integers(0, 8)) // 6,
        }
        for n in range(5 * n_items)
    ]  # fmt: skip
    void = [given[n] for n in rng.permutation(len(given))[: 2 * n_items]]
    events = [happened(it["pull_request"], at(), "dismissed", it[one_of(["id", "author"])]) for it in void]
    events += [happened(one_of(items), at(), "ready") for _ in range(n_items)]
    said = [{"pull_request": one_of(items), "author": one_of(AUTHORS), "at": at()} for _ in range(n_items // 2)]
    lines = [(one_of(["a.py", "go.sum", "x/b.py", "x/c.snap"]), item) for item in items for _ in range(2)]
    files = {key: {"pull_request": key[1], "path": key[0], "additions": int(rng.integers(0, 700))} for key in lines}
    return {
        "pull_requests": frame("pull_requests", pulls),
        "pull_request_events": frame("pull_request_events", events),
        "reviews": frame("reviews", given),
        "comments": frame("comments", said),
        "files": frame("files", [row for row in files.values() if row["pull_request"] != "0"]),
        "accounts": ACCOUNTS,
    }


def both(what, **window):
    for_approvals = {name: table for name, table in what.items() if name not in {"comments", "files"}}
    how = {"min_lines": 200, "max_minutes": 240, "generated": ("go.sum", "*.snap")}
    return reviews.approvals(**for_approvals, **window), reviews.fast_approvals(**what, **window, **how)


def by_item(what, table):
    rows = defaultdict(list)
    for row in what[table].itertuples():
        rows[row.pull_request].append(row)
    return rows


def others(rows, author, until):
    """Rows by people other than the author, up to an instant."""
    mine = PEOPLE.get(author)
    return [row for row in rows if PEOPLE.get(row.author, mine) != mine and row.author in PEOPLE and row.at <= until]


def loop_approvals(what, start, as_of):
    """Each merged pull request: reviewers, approvals, requests for changes, whether it is eligible."""
    given, events = by_item(what, "reviews"), by_item(what, "pull_request_events")
    project = dict(zip(what["pull_requests"]["id"], what["pull_requests"]["project"], strict=True))
    told = []
    for item in what["pull_requests"].itertuples():
        if pd.isna(item.merged_at) or not start <= item.merged_at <= as_of:
            continue
        made = others(given[item.id], item.author, item.merged_at)
        dismissals = [event for event in events[item.id] if event.kind == "dismissed"]
        verdicts = [
            verdict([row for row in made if PEOPLE[row.author] == person], dismissals, item.merged_at)
            for person in {PEOPLE[row.author] for row in made}
        ]
        reviewed_there = [row.at for row in what["reviews"].itertuples() if project[row.pull_request] == item.project]
        is_eligible = any(at <= item.created_at for at in reviewed_there)
        told.append(
            (item.id, len(verdicts), verdicts.count("approved"), verdicts.count("changes_requested"), is_eligible)
        )
    return sorted(told)


def verdict(made, dismissals, merged):
    """What one person's verdict was at the merge."""

    def named(row):
        return [event.at for event in dismissals if event.subject == row.id]

    decisive = [row for row in made if row.state != "commented"]
    if not decisive:
        return None
    latest = max(
        decisive, key=lambda row: (row.at, RANK[row.state], -min((at.value for at in named(row)), default=2**62))
    )
    of_person = [
        event.at for event in dismissals if PEOPLE.get(event.subject) == PEOPLE[latest.author] and event.at >= latest.at
    ]
    if latest.state == "dismissed":
        known = sorted(named(latest) + of_person)
        return "approved" if known and known[0] > merged else None
    if any(row.state == "dismissed" for row in decisive):
        of_person = []
    return None if any(at <= merged for at in named(latest) + of_person) else latest.state


def loop_fast(what, start, as_of):
    """Each fast approval: pull request, who approved, lines, lines by tools, minutes."""
    given, events = by_item(what, "reviews"), by_item(what, "pull_request_events")
    said, files = by_item(what, "comments"), by_item(what, "files")
    told = []
    for item in what["pull_requests"].itertuples():
        approving = [row for row in others(given[item.id], item.author, as_of) if row.state == "approved"]
        if not approving or item.author not in PEOPLE:
            continue
        first = min(approving, key=lambda row: (row.at, PEOPLE[row.author]))
        made = others(given[item.id], item.author, first.at)
        words = [row for row in made if row.state != "approved" or row.size > 0]
        words += others(said[item.id], item.author, first.at)
        ready = [event.at for event in events[item.id] if event.kind == "ready" and event.at <= first.at]
        minutes = (first.at - max([item.created_at, *ready])) / pd.Timedelta(minutes=1)
        tools = sum(row.additions for row in files[item.id] if row.path in {"go.sum", "x/c.snap"})
        lines = sum(row.additions for row in files[item.id]) - tools if files[item.id] else item.additions
        if start <= first.at and not words and 0 <= minutes <= 240 and lines >= 200:
            told.append((item.id, PEOPLE[first.author], lines, tools, minutes))
    return sorted(told)


@pytest.mark.parametrize("seed", range(12))
def test_random_worlds_agree_with_a_plain_loop(seed):
    what = random_world(seed)
    for start, as_of in [(START, AS_OF), (utc("2026-06-08 09:00"), utc("2026-06-08 14:00"))]:
        merged, quick = both(what, start=start, as_of=as_of)
        columns = ["pull_request", "n_reviewers", "n_approvals", "n_changes_requested", "is_eligible"]
        assert sorted(merged[columns].itertuples(index=False, name=None)) == loop_approvals(what, start, as_of)
        assert (merged["is_unreviewed"] == (merged["n_reviewers"] == 0)).all()
        assert (merged["is_unapproved"] == (merged["n_approvals"] == 0)).all()
        columns = ["pull_request", "approver", "lines", "generated_lines", "minutes"]
        assert sorted(quick[columns].itertuples(index=False, name=None)) == loop_fast(what, start, as_of)


def test_the_plain_loop_finds_fast_approvals():
    assert sum(len(loop_fast(random_world(seed), START, AS_OF)) for seed in range(25)) > 15


@settings(deadline=None, max_examples=10)
@given(st.integers(0, 1000), st.integers(0, 40))
def test_as_of_equals_the_data_cut_then(seed, quarters):
    what, as_of = random_world(seed), utc("2026-06-08 08:00") + quarters * HOURS / 4
    # A review that is stored as dismissed is so as of now: a cut history needs the later dismissals to undo it.
    events = what["pull_request_events"]
    cut = {name: table[table["at"] <= as_of] if "at" in table else table for name, table in what.items()}
    cut["pull_request_events"] = events[(events["at"] <= as_of) | (events["kind"] == "dismissed")]
    pulls = what["pull_requests"][what["pull_requests"]["created_at"] <= as_of]
    cut["pull_requests"] = pulls.assign(merged_at=pulls["merged_at"].where(pulls["merged_at"] <= as_of))
    for whole, part in zip(both(what, start=START, as_of=as_of), both(cut, start=START, as_of=as_of), strict=True):
        pd.testing.assert_frame_equal(whole, part)


@settings(deadline=None, max_examples=10)
@given(st.integers(0, 1000))
def test_more_bots_change_nothing_but_since_when_there_are_reviews(seed):
    what, window = random_world(seed), {"start": START, "as_of": AS_OF}
    bot = {"author": "ci[bot]", "state": "approved", "at": "2026-06-08 10:00", "size": 4}
    noise = [{"id": f"x{n}", "pull_request": str(n), **bot} for n in range(8)]
    louder = {**what, "reviews": pd.concat([what["reviews"], frame("reviews", noise)])}
    for quiet, loud in zip(both(what, **window), both(louder, **window), strict=True):
        pd.testing.assert_frame_equal(*(t.drop(columns="is_eligible", errors="ignore") for t in (quiet, loud)))
