"""What the overview calls for, in small organisations made by hand."""

from dataclasses import replace
from urllib.parse import parse_qs

import pytest

from fairlead.scope import Scope
from reports import attention, foreseen, milestone, milestones, overview, person, programme, reviews, workload
from tests.metrics.build import added, day, happened, moved, pull_request
from tests.reports.test_milestones import in_milestones, moving
from tests.reports.test_small import AS_OF, CY, panel, seen, started, together
from tests.reports.worlds import WORLDS

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
        (("2026-06-30", "2026-07-10", "2026-06-26"), "4 days earlier"),
        (("2026-06-30", "2026-07-10", "2026-06-30"), "back where it was"),
    ],
)
def test_a_date_that_moved_twice_is_listed_with_where_it_ended_up(days, number):
    found = lines(moving(*days))
    assert found.loc[found["reason"] == "Its due date moved 2 times.", "number"].tolist() == [number]


@pytest.mark.parametrize("url", [None, "", "/javascript:alert(1)", "//elsewhere.example"])
def test_a_milestone_without_a_web_address_leads_to_its_page(url):
    scope, frames = Scope(AS_OF), moving("2026-06-01")
    measured = foreseen.measure(frames, scope)
    bare = replace(measured, summary=measured.summary.assign(url=url))
    assert set(attention.of_milestones(bare)["url"]) == {"/milestone?milestone=v1.0+%C2%B7+o%2Fm0"}
    assert attention.of_milestones(bare)["reason"].iloc[0] == "1 of 1 item is left; due 01 Jun 2026."


def test_what_lacks_an_owner_is_mended_where_it_is_kept_and_the_rest_explained_on_its_page():
    frames = seen(**in_milestones("v1.0", due_on=day("2026-06-01"), url="https://x/m"))
    found = attention.of_milestones(foreseen.measure(frames, Scope(AS_OF))).set_index("reason")["url"]
    assert found["Nobody owns it."] == "https://x/m"
    assert found["1 of 1 item is left; due 01 Jun 2026."] == "/milestone?milestone=v1.0+%C2%B7+o%2Fm0"


@pytest.mark.parametrize("world", ["sample", "one team", "200 days ago", "hostile", "a repository"])
def test_the_address_of_a_line_chooses_a_milestone_that_can_be_chosen(world):
    given = WORLDS[world]()
    measured = foreseen.measure(given.frames, given.scope)
    asked = [url for url in attention.of_milestones(measured)["url"] if url.startswith("/milestone?")]
    assert asked
    for url in asked:
        (label,) = parse_qs(url.partition("?")[2])["milestone"]
        assert label in foreseen.choices(measured, given.scope)


def test_two_of_one_title_and_project_one_of_them_closed_have_addresses_of_their_own():
    tables = in_milestones("v1.0", "v1.0", due_on=day("2026-06-01"))
    tables["milestones"] = [row | {"project": "o/r"} for row in tables["milestones"]]
    tables["milestones"][1] |= {"state": "closed", "closed_at": "2026-06-02"}
    measured = foreseen.measure(seen(**tables), Scope(AS_OF))
    assert foreseen.choices(measured, Scope(AS_OF)) == {"v1.0 · o/r · m0": "m0", "v1.0 · o/r · m1": "m1"}
    assert set(attention.of_milestones(measured)["url"]) == {"/milestone?milestone=v1.0+%C2%B7+o%2Fr+%C2%B7+m0"}


STUCK = "1 item left, and nothing was finished for weeks"


@pytest.mark.parametrize(
    ("due_on", "reason", "says"),
    [
        (day("2026-12-01"), f"{STUCK}.", f"1 of 1 open milestone needs somebody. First v1.0: {STUCK}."),
        (None, "It has no due date.", "Nothing here is urgent. Open: 1 no due date."),
    ],
    ids=["dated", "undated"],
)
def test_a_milestone_in_which_nothing_is_finished_is_told_of_with_and_without_a_due_date(due_on, reason, says):
    """Six whole weeks without a finish, after the day on which work began."""
    tables = in_milestones("v1.0", due_on=due_on)
    tables["issue_events"] = [added("im0", "2026-03-01", "m0"), moved("im0", "2026-04-01", "active")]
    found = attention.of_milestones(foreseen.measure(seen(**tables), Scope(AS_OF)))
    assert reason in found["reason"].tolist()
    assert panel(milestones.report(seen(**tables), Scope(AS_OF)), "open").takeaway == says


@pytest.mark.parametrize("report", [overview.report, workload.report, reviews.report, person.report])
def test_reviews_are_measured_once_for_each_report(monkeypatch, report):
    """Both places that ask for it are watched: the package's own and the one workload asks by."""
    measured, measure = [], reviews.measure
    for module in (reviews, workload.measured):
        name = "measure" if module is reviews else "measure_reviews"
        monkeypatch.setattr(module, name, lambda *args: measured.append(args) or measure(*args))
    report(waiting("a"), Scope(AS_OF))
    assert len(measured) == 1


@pytest.mark.parametrize("report", [milestones.report, milestone.report, programme.report, overview.report])
def test_milestones_are_measured_once_for_their_reports(monkeypatch, report):
    measured, measure = [], foreseen.measure
    monkeypatch.setattr(foreseen, "measure", lambda *args: measured.append(args) or measure(*args))
    report(moving("2026-06-30"), Scope(AS_OF))
    assert len(measured) == 1
