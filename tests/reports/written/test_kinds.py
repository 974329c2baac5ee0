"""What every kind of written report promises: true to its day, its viewer and its pages."""

import re
from functools import cache

import pandas as pd
import pytest

from fairlead.access import LOCAL_LEAD, visible_to
from fairlead.errors import FairleadError
from fairlead.frames import Frames
from fairlead.scope import Scope
from reports import privacy
from reports.catalogue import ENTRIES
from reports.written import KINDS
from tests.reports.test_milestones import in_milestones
from tests.reports.test_small import panel, seen
from tests.reports.test_stakeholder import identities, told
from tests.reports.worlds import EMPTY, WORLDS
from tests.reports.written.small import MONDAY, WEEK, done, said, world, written
from tests.sample import AS_OF, sample

__all__ = ["identities"]
TEXT = {
    "weekly": ["changed", "decisions", "progress", "thanks"],
    "milestone": ["changed", "decisions", "progress", "thanks"],
    "portfolio": ["changed", "decisions", "progress", "thanks"],
    "reviews": ["changed", "decisions", "progress"],
    "workload": ["changed", "decisions", "progress"],
}
SEEN_AT = {
    "issues": "created_at", "pull_requests": "created_at", "milestones": "created_at", "issue_events": "at",
    "pull_request_events": "at", "reviews": "at", "comments": "at", "milestone_changes": "observed_at",
}  # fmt: skip


@cache
def built(name, kind):
    of = WORLDS[name]()
    return KINDS[kind].build(of.frames, of.scope, since=of.scope.as_of - WEEK, milestone=None)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["sample", "one team", "hostile", *EMPTY])
def test_text_comes_first_and_every_sentence_leads_to_its_evidence(name, kind):
    head, *rest = built(name, kind)
    assert [each.key for each in head.panels if each.key != "left-out"] == TEXT[kind]
    assert all(each.style == "sentences" and each.links == ("url",) for each in head.panels)
    assert rest
    pages = tuple(f"/{entry.key}" for entry in ENTRIES)
    for each in head.panels:
        assert list(each.table) == ["says", "what", "url"]
        assert len(each.table) <= 10
        for row in each.table.itertuples():
            assert row.says.endswith((".", "?")), row.says
            assert row.url.startswith(("https://", "http://")) or row.url.partition("?")[0] in pages


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_not_seen_is_not_told(kind, identities):
    for report in built("stakeholder", kind):
        for each in report.panels:
            assert told(f"{each.takeaway} {each.note} {each.empty} {each.table.to_csv()}", identities) == []


def test_what_is_left_out_is_said_once():
    head, *rest = built("stakeholder", "workload")
    n = len(built("sample", "workload")[1].panels) - len(rest[0].panels)
    assert panel(head, "left-out").table["says"].tolist() == [privacy.left_out(n)]
    assert "left-out" not in {each.key for each in built("sample", "workload")[0].panels}


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_that_came_later_is_read(kind):
    as_of = AS_OF - pd.Timedelta(days=60)
    tables = sample().tables()
    cut = {name: tables[name][~(tables[name][at] > as_of)] for name, at in SEEN_AT.items()}
    texts = [
        said(KINDS[kind].build(visible_to(LOCAL_LEAD, frames), Scope(as_of), since=as_of - WEEK, milestone=None))
        for frames in (sample(), Frames.of(tables | cut))
    ]
    assert texts[0] == texts[1]


def test_the_panels_that_follow_are_those_of_the_pages():
    of = WORLDS["sample"]()
    page = next(entry for entry in ENTRIES if entry.key == "milestones").build(of.frames, of.scope)
    shown = panel(built("sample", "weekly")[1], "open")
    assert shown.takeaway == panel(page, "open").takeaway
    pd.testing.assert_frame_equal(shown.table, panel(page, "open").table)


def test_how_far_a_date_moved_is_what_the_page_of_its_milestone_says():
    label = "One plan for several terminals"
    head, page = written(WORLDS["sample"]().frames, "milestone", as_of=AS_OF, milestone=label)
    moved = re.search(r"date to plan on moved (\d+ days \w+)", panel(head, "changed").table["says"][0])
    assert f"The date to plan on moved {moved.group(1)}." in panel(page, "changed").takeaway


def two():
    return seen(**in_milestones("v1.0", "v1.0"))


def test_a_milestone_is_chosen_by_its_label_or_a_title_that_only_one_bears():
    assert written(two(), "milestone", milestone="v1.0 · o/m1")[1].panels[0].title == "Burn-up: v1.0"
    alpha = world(done("1", "2026-06-11"))
    for label in (None, "Alpha", "Alpha · o/r"):
        assert said(written(alpha, "milestone", milestone=label))["changed"] == ["1 item finished, 0 added."]


@pytest.mark.parametrize(
    ("label", "says"),
    [
        ("v1.0", "--milestone: several milestones bear that title; did you mean v1.0 · o/m1?"),
        ("v1.1 · o/m1", "--milestone: there is no such milestone; did you mean v1.0 · o/m1?"),
    ],
)
def test_a_label_that_names_no_milestone_is_refused_with_the_nearest(label, says):
    with pytest.raises(FairleadError) as caught:
        written(two(), "milestone", milestone=label)
    assert str(caught.value) == says


def test_a_day_to_compare_with_that_is_not_earlier_is_refused():
    with pytest.raises(FairleadError, match="must lie before"):
        written(world(), since=MONDAY)


def test_two_weeks_are_told_by_their_first_day():
    frames = world(done("1", "2026-06-03"), done("2", "2026-06-11"))
    found = said(written(frames, since=MONDAY - 2 * WEEK))
    assert found["progress"][-1].startswith("Alpha: 2 of 3 items are done (67 %); 2 finished since 1 Jun 2026.")
