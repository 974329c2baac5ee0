"""Reading what has changed since, and going on where a run was stopped."""

import json

import pandas as pd
import pytest

from connectors import SyncState
from connectors.github.faults import StaleCursorError
from connectors.github.fetch import Reading
from tests.connectors.github.kept import Kept, agree, clean, issues, numbers, pulls, read, run
from tests.connectors.github.server import NOW, Server
from tests.connectors.pages import milestone

LATER = NOW + pd.Timedelta(days=2)


def test_an_unchanged_repository_costs_three_requests_and_gives_nothing():
    server, kept = Server(issues=issues(30), pull_requests=pulls(30)), Kept()
    run(server, kept)
    server.asked.clear()
    state = SyncState(cursors=kept.cursors)
    pages = list(Reading(server, "octo", "house", state).pages())
    assert server.kinds() == ["Plan", "Issues", "PullRequests"]
    assert numbers(pages, "issues") == numbers(pages, "pull_requests") == []


def test_a_late_change_of_an_old_merged_pull_request_appears():
    """Listed by creation it lies before everything that is new: stopping there by its date would miss it."""
    server, kept = Server(pull_requests=pulls(60)), Kept()
    run(server, kept)
    server.lists["pull_requests"][3] |= {"title": "Late", "updatedAt": "2025-03-30T00:00:00Z"}
    server.asked.clear()
    run(server, kept)
    agree(kept, clean(Server(pull_requests=server.lists["pull_requests"])))
    assert server.kinds().count("PullRequests") == 1


def test_what_changes_between_two_pages_is_picked_up_by_the_next_run():
    class Busy(Server):
        def _pullrequests(self, text, variables, absent):
            data = super()._pullrequests(text, variables, absent)
            if variables["after"] == "25":  # the first page has been read
                self.lists["pull_requests"][0] |= {"title": "Changed", "updatedAt": "2025-03-31T08:00:01Z"}
            return data

    server, kept = Busy(pull_requests=pulls(60)), Kept()
    run(server, kept)
    assert "Changed" not in set(kept.table("pull_requests")["title"])
    run(server, kept)
    agree(kept, clean(Server(pull_requests=server.lists["pull_requests"])))


@pytest.mark.parametrize("killed_after", range(12))
def test_a_run_killed_after_any_page_ends_equal_to_a_clean_one(killed_after):
    server, kept = Server(issues=issues(60), pull_requests=pulls(90), milestones=[milestone(1, "v1")]), Kept()
    run(server, kept, pages=killed_after)
    for changed in (server.lists["issues"][2], server.lists["pull_requests"][5]):
        changed |= {"title": "Changed in between", "updatedAt": "2025-03-31T09:00:00Z"}
    server.at = LATER
    state = run(server, kept)
    agree(kept, clean(Server(**server.lists)))
    assert state.watermark == LATER


@pytest.mark.parametrize("killed_after", range(9))
def test_a_later_run_killed_after_any_page_ends_equal_too(killed_after):
    server, kept = Server(issues=issues(60), pull_requests=pulls(60)), Kept()
    run(server, kept)
    for n, item in enumerate([*server.lists["issues"], *server.lists["pull_requests"]]):
        item |= {"title": "Changed", "updatedAt": f"2025-04-01T08:{n // 60:02}:{n % 60:02}Z"}
    server.at = LATER
    run(server, kept, pages=killed_after)
    run(server, kept)
    agree(kept, clean(Server(**server.lists)))


def test_a_run_that_goes_on_and_is_stopped_again_is_as_of_its_first_start():
    server, kept = Server(issues=issues(90)), Kept()
    run(server, kept, pages=4)
    server.at = LATER
    state = SyncState(cursors=dict(kept.cursors))
    reading = Reading(server, "octo", "house", state).pages()
    for _ in range(3):
        next(reading)
    reading.close()
    assert state.watermark == NOW


def test_a_stopped_run_whose_place_is_no_longer_known_starts_afresh():
    class Forgetful(Server):
        def _issues(self, text, variables, absent):
            if variables["after"] == "stale":
                raise StaleCursorError("stale")
            return super()._issues(text, variables, absent)

    cursors = {"issues": json.dumps({"after": "stale", "started": "2025-03-30T00:00:00Z"})}
    assert numbers(read(Forgetful(issues=issues(1)), cursors=cursors), "issues")[0] == 1


def test_a_clock_that_runs_ahead_loses_nothing():
    """The server's clock says 2026, the last change was long before: reading goes on behind that change."""
    server, kept = Server(issues=issues(3), at=pd.Timestamp("2026-11-21T00:00Z")), Kept()
    run(server, kept)
    run(server, kept)
    server.lists["issues"][0] |= {"title": "Changed", "updatedAt": "2025-01-01T00:00:00Z"}
    run(server, kept)
    assert "Changed" in set(kept.table("issues")["title"])


def test_a_first_reading_can_be_bounded_in_any_time_zone():
    server, kept = Server(issues=issues(60), pull_requests=pulls(60)), Kept()
    since = pd.Timestamp("2024-02-10T14:30:00+05:30")  # day 41, 09:00 in UTC
    run(server, kept, since=since)
    asked = next(variables for kind, variables in server.asked if kind == "Issues")
    assert asked["since"] == "2024-02-10T09:00:00Z"
    assert len(kept.table("issues")) == len(kept.table("pull_requests")) == 20
    run(server, kept)
    assert len(kept.table("pull_requests")) == 20


def test_what_lies_before_the_bound_is_not_fetched_by_a_sweep_but_is_once_it_changes():
    server, kept = Server(pull_requests=pulls(60)), Kept()
    run(server, kept, since=pd.Timestamp("2024-02-10T09:00Z"))
    run(server, kept, is_sweep_due=True)
    assert len(kept.table("pull_requests")) == 20
    server.lists["pull_requests"][0] |= {"updatedAt": "2025-03-31T08:00:00Z"}
    run(server, kept)
    assert len(kept.table("pull_requests")) == 21
