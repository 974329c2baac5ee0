"""What a repository holds no longer is found by listing everything, and by asking about what is not listed."""

import pytest

from connectors.github.answers import Answer
from connectors.github.faults import UnsteadyError
from fairlead.errors import SourceError
from tests.connectors.github.kept import Kept, issues, pulls, run
from tests.connectors.github.server import NOW, Server
from tests.connectors.pages import PROJECT, issue


def swept(server, kept):
    run(server, kept, is_sweep_due=True)
    return {
        row["id"]: (row["kind"], row["reason"], row["moved_to"]) for row in kept.table("tombstones").to_dict("records")
    }


def filled(**lists):
    server, kept = Server(**lists), Kept()
    run(server, kept)
    return server, kept


def test_two_deleted_of_a_hundred_get_tombstones_and_98_are_kept():
    server, kept = filled(issues=issues(100))
    server.lists["issues"] = server.lists["issues"][2:]
    server.asked.clear()
    found = swept(server, kept)
    assert set(found) == {f"github:{PROJECT}#1", f"github:{PROJECT}#2"}
    assert {kind[:2] for kind in found.values()} == {("issues", "deleted")}
    assert server.kinds() == ["Plan", "Issues", "PullRequests", "Census", "Whereabouts"]


def test_a_transferred_issue_says_where_it_went():
    server, kept = filled(issues=issues(3))
    server.lists["issues"].pop(0)
    server.elsewhere[1] = {"number": 77, "repository": {"nameWithOwner": "octo/plan"}}
    assert swept(server, kept) == {f"github:{PROJECT}#1": ("issues", "transferred", "octo/plan#77")}


def test_what_is_still_there_though_not_listed_is_left_alone():
    server, kept = filled(issues=issues(3))
    server.lists["issues"].pop(0)
    server.elsewhere[1] = {"number": 1, "repository": {"nameWithOwner": PROJECT}}
    assert swept(server, kept) == {}


def test_what_may_not_be_seen_is_left_alone():
    class Hidden(Server):
        def _whereabouts(self, *_):
            return self._repository({"n1": None})

    server, kept = Hidden(issues=issues(3)), Kept()
    run(server, kept)
    server.lists["issues"].pop(0)
    assert swept(server, kept) == {}


def test_an_empty_list_proves_nothing():
    server, kept = filled(issues=issues(3), pull_requests=pulls(3))
    server.lists["issues"] = []
    assert swept(server, kept) == {}


@pytest.mark.parametrize("kind", ["Census", "Whereabouts"])
def test_an_error_proves_nothing(kind):
    class Failing(Server):
        def answer(self, text, variables):
            if self.kinds()[-1] == kind:
                raise UnsteadyError("github: 500.")
            return super().answer(text, variables)

    server, kept = Failing(issues=issues(3)), Kept()
    run(server, kept)
    server.lists["issues"].pop(0)
    with pytest.raises(SourceError):
        swept(server, kept)
    assert kept.table("tombstones").empty
    assert "sweep" not in kept.cursors


def test_a_gap_in_the_answer_proves_nothing():
    class Gap(Server):
        def answer(self, text, variables):
            if self.kinds()[-1] == "Whereabouts" and self.kinds().count("Whereabouts") == 1:
                return Answer({"repository": {"nameWithOwner": PROJECT}}, at=NOW, faults=frozenset({"UNTYPED"}))
            return super().answer(text, variables)

    server, kept = Gap(issues=issues(3)), Kept()
    run(server, kept)
    server.lists["issues"].pop(0)
    assert len(swept(server, kept)) == 1
    assert server.kinds().count("Whereabouts") == 2


def test_what_is_listed_but_not_stored_is_fetched():
    server, kept = filled(issues=issues(3))
    server.lists["issues"].append(issue(9, updatedAt="2023-01-01T00:00:00Z"))  # moved here, its change lies far back
    run(server, kept)
    assert f"github:{PROJECT}#9" not in kept.ids("issues", PROJECT)
    assert swept(server, kept) == {}
    assert f"github:{PROJECT}#9" in kept.ids("issues", PROJECT)
    assert kept.cursors["sweep"] == "2025-03-31T08:00:00Z"
