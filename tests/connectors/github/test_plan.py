"""Milestones by the titles they had, releases, and the repository's own name."""

import pandas as pd
import pytest

from tests.connectors.github.kept import Kept, agree, clean, day, issues, run
from tests.connectors.github.server import NOW, Server
from tests.connectors.pages import MILESTONES, PROJECT, event, issue, milestone

LATER = NOW + pd.Timedelta(days=2)


def test_titles_learned_in_one_run_serve_the_next():
    """v1 was called "first name" once: one issue proves it, another one only shows it later."""
    entered = event("MilestonedEvent", day(2), milestoneTitle="first name")
    left = event("DemilestonedEvent", day(3), milestoneTitle="first name")
    server = Server(issues=[issue(1, entered, milestone={"number": 1})], milestones=[milestone(1, "v1")])
    kept = Kept()
    run(server, kept)
    server.lists["issues"].append(issue(2, entered, left, updatedAt="2025-03-31T08:00:00Z"))
    run(server, kept)
    found = kept.table("issue_events").query("field == 'milestone'")
    assert set(found["new"].fillna(found["old"])) == {MILESTONES["v1"]}
    agree(kept, clean(Server(**server.lists)))


def test_a_milestone_keeps_its_events_when_it_is_renamed_between_two_runs():
    entered, left = (
        event("MilestonedEvent", day(2), milestoneTitle="v1"),
        event("DemilestonedEvent", day(3), milestoneTitle="v1"),
    )
    server, kept = Server(issues=[issue(1)], milestones=[milestone(1, "v1")]), Kept()
    run(server, kept)
    server.lists["milestones"] = [milestone(1, "version one")]
    server.lists["issues"] = [issue(1, entered, left, updatedAt="2025-03-31T08:00:00Z")]
    run(server, kept)
    assert kept.table("issue_events").query("field == 'milestone'")["new"].dropna().tolist() == [MILESTONES["v1"]]


@pytest.mark.parametrize("killed_after", [None, 4, 5, 6])
def test_an_item_whose_milestone_is_found_out_later_is_written_once_more(killed_after):
    left = [
        event("MilestonedEvent", day(2), milestoneTitle="old"),
        event("DemilestonedEvent", day(3), milestoneTitle="old"),
    ]
    first = issue(1, *left, createdAt=day(1), updatedAt=day(1))
    proof = issue(60, left[0], milestone={"number": 1}, createdAt=day(60), updatedAt=day(60))
    server = Server(issues=[first, *issues(59)[1:], proof], milestones=[milestone(1, "v1")])
    kept = Kept()
    if killed_after:
        run(server, kept, pages=killed_after)
    run(server, kept)
    found = kept.table("issue_events").query("field == 'milestone'")
    assert set(found["new"].fillna(found["old"])) == {MILESTONES["v1"]}


def test_a_milestone_that_is_gone_gets_a_tombstone_but_none_where_no_milestone_is_listed():
    server, kept = Server(milestones=[milestone(1, "v1"), milestone(2, "v2")]), Kept()
    run(server, kept)
    server.lists["milestones"] = []
    run(server, kept)
    assert kept.table("tombstones").empty
    server.lists["milestones"] = [milestone(2, "v2")]
    run(server, kept)
    (stone,) = kept.table("tombstones").to_dict("records")
    assert (stone["id"], stone["kind"], stone["reason"]) == (MILESTONES["v1"], "milestones", "deleted")


def test_many_releases_and_milestones_are_read_to_the_end_once():
    many = [milestone(n, f"v{n}", updatedAt=day(300 - n)) for n in range(1, 251)]
    server, kept = Server(milestones=many), Kept()
    run(server, kept)
    assert len(kept.table("milestones")) == 250
    assert server.kinds().count("Plan") == 3
    server.asked.clear()
    run(server, kept)
    assert server.kinds().count("Plan") == 1


def test_a_renamed_repository_is_read_anew_and_what_was_stored_was_transferred():
    server, kept = Server(issues=issues(2)), Kept()
    run(server, kept)
    server.name = "octo/home"
    run(server, kept)
    stones = kept.table("tombstones").set_index("id")["moved_to"].to_dict()
    assert stones == {f"github:{PROJECT}#1": "octo/home#1", f"github:{PROJECT}#2": "octo/home#2"}
    assert kept.ids("issues", "octo/home") == {"github:octo/home#1", "github:octo/home#2"}
    server.asked.clear()
    run(server, kept)
    assert server.kinds() == ["Plan", "Issues", "PullRequests"]


def test_a_server_is_asked_for_its_abilities_anew_when_its_version_changes():
    server, kept = Server(version="3.16.0"), Kept()
    run(server, kept)
    run(server, kept)
    assert server.kinds().count("Capabilities") == 1
    server.version = "3.17.0"
    run(server, kept)
    assert server.kinds().count("Capabilities") == 2
