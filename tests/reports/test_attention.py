"""What the overview calls for, in small organisations made by hand."""

from dataclasses import replace

import pytest

from fairlead.scope import Scope
from reports import attention, milestones, overview, reviews, workload
from tests.metrics.build import happened, pull_request
from tests.reports.test_small import AS_OF, CY, moving, panel, seen, started, together

NAMES = ("Ann", "Bea", "Cy", "Dee")


def lines(frames):
    return panel(overview.report(frames, Scope(AS_OF)), "attention").table


def waiting(author, *asked):
    """One pull request that waits since 1 May, by default for Bo."""
    return seen(
        **CY,
        pull_requests=[pull_request("1", author=author, created_at="2026-05-01", url="https://x/1")],
        pull_request_events=[happened("1", "2026-05-01", "review_requested", who) for who in asked or ("b",)],
    )


def test_a_long_wait_counts_on_a_persons_pull_request_and_not_on_a_bots():
    assert lines(waiting("a"))["url"].tolist() == ["https://x/1"]
    assert lines(waiting("robot")).empty


def test_a_pull_request_that_waits_for_two_people_is_one_line():
    assert len(lines(waiting("a", "b", "c"))) == 1


def test_the_fullest_hands_are_listed_in_the_order_of_names():
    people = [{"id": f"p:{name}", "name": name} for name in (*NAMES, *"uvwxyz")]
    load = dict(zip(NAMES, (3, 5, 4, 9), strict=True)) | dict.fromkeys("uvwxyz", 1)
    held = together(*(started(*(f"{who}{n}" for n in range(many)), who=who) for who, many in load.items()))
    accounts = [{"id": who, "login": who, "kind": "user", "person": f"p:{who}"} for who in load]
    found = lines(seen(**held, people=people, accounts=accounts))
    full = found[found["reason"].str.startswith("In progress at once")]
    assert full["what"].tolist() == ["Bea", "Cy", "Dee"]  # Ann has fewer than these three
    assert full["number"].tolist() == ["5 items", "4 items", "9 items"]
    assert set(full["reason"]) == {"In progress at once; half of all with work in progress hold 1 or fewer."}
    assert set(full["url"]) == {"/workload"}


@pytest.mark.parametrize(
    ("days", "number"),
    [
        (("2026-06-30", "2026-06-20", "2026-07-10"), "10 days later"),
        (("2026-06-30", "2026-07-10", "2026-06-26"), "4.0 days earlier"),
        (("2026-06-30", "2026-07-10", "2026-06-30"), "back where it was"),
    ],
)
def test_a_date_that_moved_twice_is_listed_with_where_it_ended_up(days, number):
    found = lines(moving(*days))
    assert found.loc[found["reason"] == "Its due date moved 2 times.", "number"].tolist() == [number]


@pytest.mark.parametrize("url", [None, "", "/javascript:alert(1)", "//elsewhere.example"])
def test_a_milestone_without_a_web_address_leads_to_its_page(url):
    scope, frames = Scope(AS_OF), moving("2026-06-01")
    measured = milestones.measure(frames, scope)
    bare = replace(measured, summary=measured.summary.assign(url=url))
    assert set(attention.of_milestones(bare)["url"]) == {"/milestones"}
    assert attention.of_milestones(bare)["reason"].iloc[0] == "1 of 1 item is left; due 01 Jun 2026."


def test_reviews_are_measured_once_for_the_overview(monkeypatch):
    measured, measure = [], reviews.measure
    monkeypatch.setattr(reviews, "measure", lambda *args: measured.append(args) or measure(*args))
    overview.report(waiting("a"), Scope(AS_OF))
    assert len(measured) == 1
    workload.report(waiting("a"), Scope(AS_OF))
    assert len(measured) == 2


def test_milestones_are_measured_once_for_their_report(monkeypatch):
    measured, measure = [], milestones.measure
    monkeypatch.setattr(milestones, "measure", lambda *args: measured.append(args) or measure(*args))
    milestones.report(moving("2026-06-30"), Scope(AS_OF))
    assert len(measured) == 1
