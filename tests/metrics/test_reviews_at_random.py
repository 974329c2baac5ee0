"""Random review histories against a plain loop, and promises that hold for every history."""

from collections import defaultdict

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics import reviews
from tests.metrics import build
from tests.metrics.build import frame, happened, pull_request, shuffled, utc
from tests.metrics.review_world import ACCOUNTS, AS_OF, HOURS, MEMBERS, review

PEOPLE = {"ann": "Ann", "ann-work": "Ann", "bob": "Bob", "cy": "Cy", "cy-work": "Cy"}
WHOM = ["bob", "cy", "cy-work", "core", "ci[bot]", "team-x"]
LIFE = ["ready", "draft", "closed", "reopened", "merged"]


def random_world(seed, n_items=4, n_events=14, n_reviews=10):
    """A few pull requests with hours as instants, so that ties are frequent."""
    rng = np.random.default_rng(seed)

    def hour():
        return (utc("2026-06-08 08:00") + int(rng.integers(0, 60)) * HOURS).isoformat()[:16]

    items = [str(n) for n in range(n_items)]
    events = defaultdict(list)
    for _ in range(n_events * n_items):
        item, is_request = str(rng.choice(items)), rng.random() < 0.5
        kinds = ["review_requested", "review_requested", "review_request_removed"] if is_request else LIFE
        whom = str(rng.choice(WHOM)) if is_request else None
        events[item].append((hour(), str(rng.choice(kinds)), whom))
    words = [review(hour(), str(rng.choice([*PEOPLE, "ci[bot]", "ghost"])), str(rng.choice(items))) for _ in range(60)]
    half = n_reviews * n_items // 2
    return {
        "pull_requests": frame(
            "pull_requests",
            [
                pull_request(item, author="ann", created_at="2026-06-08 09:00", is_draft=bool(rng.random() < 0.5))
                for item in items
            ],
        ),
        "pull_request_events": frame(
            "pull_request_events",
            [happened(item, *event) for item in items for event in sorted(events[item], key=lambda e: e[0])],
        ),
        "reviews": frame("reviews", words[:half]),
        "comments": frame("comments", words[half:]),
        "accounts": ACCOUNTS,
    }


def plain_loop(what, as_of, counts=lambda *_: True):
    """Every request of every pull request, hour by hour: (pull request, subject, start, waited, how it ended).

    An hour is waited where it `counts` for the subject.
    """
    out = []
    for item in what["pull_requests"].itertuples():
        events = [
            e for e in what["pull_request_events"].sort_values(["at", "seq"]).itertuples() if e.pull_request == item.id
        ]
        drafting = [e.kind for e in events if e.kind in {"ready", "draft"}]
        seen = [e for e in events if e.at <= as_of]
        said = [
            (row.at, PEOPLE[row.author])
            for table in (what["reviews"], what["comments"])
            for row in table.itertuples()
            if row.pull_request == item.id and row.at <= as_of and PEOPLE.get(row.author, "Ann") != "Ann"
        ]
        ready_first = drafting[0] == "draft" if drafting else not item.is_draft
        runs, ended, cause = life(seen, ready_first, item.created_at, as_of)
        for subject in ("Bob", "Cy", "core"):
            mine = [e for e in seen if subject_of(e) == subject and e.kind.startswith("review_request")]
            answers = sorted(at for at, who in said if subject in {who, "core"})
            counted = {hour for hour in runs if counts(subject, hour)}
            out += waits_of(item.id, subject, mine, answers, counted, ended, cause, as_of)
    return sorted(out)


def subject_of(event):
    return PEOPLE.get(event.subject, event.subject)


def life(events, ready, created, as_of):
    """The hours in which the clock runs, when it ended for the last time, and how."""
    is_open, at, running, ended = True, created, [], None
    for event in [*events, None]:
        upto = max(event.at, created) if event else as_of
        running += pd.date_range(at, upto, freq="h", inclusive="left").tolist() if ready and is_open else []
        at = upto
        if event is None:
            break
        if event.kind in {"ready", "draft"}:
            ready = event.kind == "ready"
        elif event.kind in {"closed", "merged"} and is_open:
            is_open, ended = False, upto
        elif event.kind == "reopened":
            is_open, ended = True, None
    return set(running), ended, "merged" if any(e.kind == "merged" for e in events) else "closed"


def waits_of(item, subject, events, answers, runs, ended, cause, as_of):
    out, pending = [], None
    moments = [(at, 0, "answered") for at in answers]
    moments += [(e.at, 1 + e.seq, "asked" if e.kind == "review_requested" else "removed") for e in events]
    for at, _, what in sorted(moments):
        if what == "asked":
            pending = at if pending is None else pending
        elif pending is not None:
            out.append((pending, at, what))
            pending = None
    if pending is not None:
        out.append((pending, None, "waiting"))
    told = []
    for start, stop, what in out:
        is_cut = ended is not None and (stop is None or stop > ended)
        end, how = (max(ended, start), cause) if is_cut else (stop or as_of, what)
        told.append((item, subject, start, float(sum(start <= hour < end for hour in runs)), how))
    return told


def told(table, hours="wait_hours"):
    subject = table["asked_person"].fillna(table["team"])
    return sorted(
        zip(table["pull_request"], subject, table["requested_at"], table[hours], table["ended_by"], strict=True)
    )


@pytest.mark.parametrize("seed", range(25))
def test_random_histories_agree_with_a_plain_loop(seed):
    what = random_world(seed)
    for as_of in (utc("2026-06-09 12:00"), utc("2026-06-12")):
        found = reviews.response_spells(**what, team_members=MEMBERS, as_of=as_of)
        assert told(found) == plain_loop(what, as_of)


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 1000))
def test_row_order_and_encoding_do_not_matter(seed):
    what = random_world(seed)
    plain = reviews.response_spells(**what, team_members=MEMBERS, as_of=AS_OF)
    mixed = {name: shuffled(table, seed) for name, table in what.items()}
    pd.testing.assert_frame_equal(plain, reviews.response_spells(**mixed, team_members=shuffled(MEMBERS), as_of=AS_OF))
    coded = build.encoded(**what, team_members=MEMBERS)
    pd.testing.assert_frame_equal(plain, reviews.response_spells(**coded, as_of=AS_OF))
    del coded["team_members"]
    pd.testing.assert_frame_equal(
        reviews.first_human_response(**what, as_of=AS_OF), reviews.first_human_response(**coded, as_of=AS_OF)
    )


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 1000), st.integers(0, 70))
def test_as_of_equals_the_data_cut_then(seed, hours):
    what = random_world(seed)
    as_of = utc("2026-06-08 08:00") + hours * HOURS
    cut = {name: table[table["at"] <= as_of] if "at" in table else table for name, table in what.items()}
    drafting = what["pull_request_events"]["kind"].isin(["ready", "draft"])
    # Whether it is a draft is told as of now by the source: a cut history needs the drafts of later than the cut.
    later = what["pull_request_events"][drafting & (what["pull_request_events"]["at"] > as_of)]
    cut["pull_request_events"] = pd.concat([cut["pull_request_events"], later])
    for metric, more in ((reviews.response_spells, {"team_members": MEMBERS}), (reviews.first_human_response, {})):
        pd.testing.assert_frame_equal(metric(**what, **more, as_of=as_of), metric(**cut, **more, as_of=as_of))


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 1000))
def test_more_bots_change_nothing_human(seed):
    what = random_world(seed)
    noise = [review(at, "ci[bot]", item) for item in ("0", "1") for at in ("2026-06-08 10:00", "2026-06-09 10:00")]
    louder = pd.concat([what["reviews"], frame("reviews", [{**row, "id": f"x{n}"} for n, row in enumerate(noise)])])
    for metric, more in ((reviews.response_spells, {"team_members": MEMBERS}), (reviews.first_human_response, {})):
        pd.testing.assert_frame_equal(
            metric(**what, **more, as_of=AS_OF), metric(**{**what, "reviews": louder}, **more, as_of=AS_OF)
        )


@pytest.mark.parametrize("seed", range(5))
def test_the_queue_over_time_adds_up_to_the_running_clocks(seed):
    what = random_world(seed)
    found = reviews.response_spells(**what, team_members=MEMBERS, as_of=AS_OF)
    stretches = reviews.waiting_stretches(found, what["pull_requests"], what["pull_request_events"], as_of=AS_OF)
    at = pd.date_range(utc("2026-06-08"), AS_OF, freq="h").as_unit("us")
    queue = reviews.open_requests(stretches, at=at)
    area = queue["n_open"].sum() - queue.loc[queue["at"] == AS_OF, "n_open"].sum()
    assert area == found["wait_hours"].sum()
    assert queue.loc[queue["at"] == AS_OF, "n_open"].sum() == found["is_running"].sum()
    assert reviews.shared_requests(queue, MEMBERS)["n_requests"].sum() == pytest.approx(queue["n_open"].sum())
