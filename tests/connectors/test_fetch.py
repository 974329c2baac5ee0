"""Reading a repository to its end, against a server that is a function of the query's variables."""

import re

import pandas as pd
import pytest

from connectors import SyncState
from connectors.github import queries
from connectors.github.client import Answer, StaleCursorError, TooHeavyError
from connectors.github.fetch import FULL_PAGE, Amount, Reading
from fairlead.errors import SourceError
from tests.connectors.pages import event, issue, listed, milestone, pull, review, user

NOW = pd.Timestamp("2025-03-31T08:00:00Z")


class Server:
    """Holds a repository's lists and pages them by number; `rest` holds what does not fit into items."""

    def __init__(self, *, name="octo/house", rest=None, limit=100, faults=frozenset(), **lists):
        self.name, self.rest, self.limit, self.faults = name, rest or {}, limit, faults
        self.lists = {stream.connection: lists.get(stream.name, []) for stream in queries.STREAMS}
        self.asked = []

    def query(self, text, variables):
        self.asked.append(variables)
        return Answer(self._answer(text, variables), points=2, at=NOW, faults=self.faults)

    def _answer(self, text, variables):
        if "query Rest" in text:
            return self._rest(text, variables)
        connection = next(name for name in self.lists if f"{name}(first" in text)
        start, nodes = int(variables["after"] or 0), self.lists[connection]
        if variables["n"] > self.limit:
            raise TooHeavyError("too heavy")
        stop = start + variables["n"]
        found = listed(*nodes[start:stop], after=str(stop) if stop < len(nodes) else None)
        return {"repository": {"nameWithOwner": self.name, connection: found | {"totalCount": len(nodes)}}}

    def _rest(self, text, variables):
        count = sum(name.startswith("id") for name in variables)
        fields = re.findall(r"(\w+)\(first: 100, after", text)
        keys = [(variables[f"id{n}"], fields[n], variables[f"after{n}"]) for n in range(count)]
        return {f"rest{n}": {key[1]: self.rest[key]} for n, key in enumerate(keys)}


def read(server, **state):
    return list(Reading(server, "octo", "house", SyncState(**state)).pages())


def numbers(pages, stream):
    return [node["number"] for page in pages if page.stream == stream for node in page.nodes]


def test_empty_repository_is_read_with_one_query_per_stream():
    server = Server()
    pages = read(server)
    assert [page.stream for page in pages] == ["milestones", "releases", "issues", "pull_requests"]
    assert all(page.last and page.cursor == "" for page in pages)
    assert len(server.asked) == 4


def test_last_page_and_full_pages():
    pages = read(Server(issues=[issue(n) for n in range(1, 61)]))
    of_issues = [page for page in pages if page.stream == "issues"]
    assert [len(page.nodes) for page in of_issues] == [FULL_PAGE, FULL_PAGE, 10]
    assert [page.last for page in of_issues] == [False, False, True]
    assert of_issues[0].total == 60
    assert numbers(pages, "issues") == list(range(1, 61))


def test_pages_that_are_too_heavy_shrink_until_they_are_not():
    server = Server(issues=[issue(n) for n in range(1, 31)], limit=10)
    assert numbers(read(server), "issues") == list(range(1, 31))
    sizes = [asked["n"] for asked in server.asked]
    assert sizes[:3] == [25, 12, 6]
    assert set(sizes[2:]) == {6}


def test_one_item_that_is_too_heavy_ends_the_run():
    with pytest.raises(SourceError, match="single item"):
        read(Server(limit=0))


def test_amounts_grow_back_slowly_and_never_beyond_full():
    amount = Amount(25)
    amount.was_too_much()
    for _ in range(10):
        amount.went_well()
    assert amount.now == 24
    for _ in range(10):
        amount.went_well()
    assert amount.now == 25


def test_a_page_with_unreadable_items_is_never_taken_for_whole():
    class Blank(Server):
        def _answer(self, text, variables):
            data = super()._answer(text, variables)
            found = data["repository"].get("issues")
            if found and variables["n"] > 6:
                found["nodes"] = [None] * len(found["nodes"])
            return data

    assert numbers(read(Blank(issues=[issue(n) for n in range(1, 9)])), "issues") == list(range(1, 9))


def test_an_answer_with_faults_is_asked_for_again_not_stored_with_gaps():
    class Shaky(Server):
        def query(self, text, variables):
            answer = super().query(text, variables)
            if len(self.asked) > 3:
                return answer
            return Answer({"repository": None}, points=2, at=NOW, faults=frozenset({"UNTYPED"}))

    server = Shaky(issues=[issue(1)])
    assert numbers(read(server), "issues") == [1]
    assert len(server.asked) == 4 + 3


def test_overflow_of_several_lists_is_drained_in_one_batch():
    long = pull(
        2,
        id="PR_2",
        reviews=listed(review(user("bob"), "2024-01-03T00:00:00Z"), after="r1"),
        timelineItems=listed(event("ReadyForReviewEvent", "2024-01-03T00:00:00Z"), after="t1"),
    )
    other = pull(3, id="PR_3", files=listed({"path": "a", "additions": 1, "deletions": 0}, after="f1"))
    rest = {
        ("PR_2", "reviews", "r1"): listed(review(user("cat"), "2024-01-04T00:00:00Z"), after="r2"),
        ("PR_2", "reviews", "r2"): listed(review(user("dan"), "2024-01-05T00:00:00Z")),
        ("PR_2", "timelineItems", "t1"): listed(event("ConvertToDraftEvent", "2024-01-06T00:00:00Z")),
        ("PR_3", "files", "f1"): listed({"path": "b", "additions": 2, "deletions": 0}),
    }
    server = Server(pull_requests=[long, other], rest=rest)
    first, second = next(page.nodes for page in read(server) if page.stream == "pull_requests")
    assert [it["author"]["login"] for it in first["reviews"]["nodes"]] == ["bob", "cat", "dan"]
    assert len(first["timelineItems"]["nodes"]) == 2
    assert [it["path"] for it in second["files"]["nodes"]] == ["a", "b"]
    assert len(server.asked) == 4 + 2


def test_a_renamed_repository_is_known_by_its_present_name():
    pages = read(Server(name="octo/mansion", issues=[issue(1)]))
    assert {page.context["project"] for page in pages} == {"octo/mansion"}


def test_milestones_known_under_an_earlier_title_are_recognised_in_the_end():
    """Issue 1 left "draft plan" before anything said what that was; issue 2 shows that it is today's "plan"."""
    entered = event("MilestonedEvent", "2024-01-02T00:00:00Z", milestoneTitle="draft plan")
    left = event("DemilestonedEvent", "2024-01-03T00:00:00Z", milestoneTitle="draft plan")
    early, late = issue(1, entered, left), issue(2, entered, milestone={"number": 4})
    fillers = [issue(n) for n in range(3, 3 + FULL_PAGE)]
    pages = read(Server(milestones=[milestone(4, "plan")], issues=[early, *fillers, late]))
    assert numbers(pages, "issues").count(1) == 2
    assert pages[-1].context["milestones"]["draft plan"] == "github:octo/house/milestones/4"
    assert pages[-1].cursor is None


def test_milestones_that_are_gone_are_said_once():
    entered = event("MilestonedEvent", "2024-01-02T00:00:00Z", milestoneTitle="gone")
    state = SyncState()
    pages = list(Reading(Server(issues=[issue(1, entered), issue(2, entered)]), "octo", "house", state).pages())
    assert numbers(pages, "issues") == [1, 2]
    assert len(state.warnings) == 1
    assert "gone" not in state.warnings[0]


def test_teams_the_token_may_not_see_are_said_once():
    state = SyncState()
    list(Reading(Server(faults=frozenset({"FORBIDDEN"})), "octo", "house", state).pages())
    assert len(state.warnings) == 1
    assert "Members: read" in state.warnings[0]


def test_an_absent_repository_is_said():
    class Nothing(Server):
        def _answer(self, *_):
            return {"repository": None}

    with pytest.raises(SourceError, match=r"octo/house does not exist or the token may not read it"):
        read(Nothing())


def test_requests_points_and_watermark_are_counted():
    state = SyncState()
    list(Reading(Server(), "octo", "house", state).pages())
    assert (state.requests, state.points, state.watermark) == (4, 8, NOW)


def test_a_stopped_run_goes_on_and_is_as_of_its_first_start():
    server = Server(issues=[issue(n) for n in range(1, 61)])
    stopped = next(page for page in read(server) if page.stream == "issues")
    state = SyncState(cursors={"issues": stopped.cursor.replace(NOW.isoformat(), "2025-03-30T00:00:00+00:00")})
    pages = list(Reading(server, "octo", "house", state).pages())
    assert numbers(pages, "issues") == list(range(26, 61))
    assert state.watermark == pd.Timestamp("2025-03-30T00:00:00Z")


def test_a_stopped_run_whose_place_is_no_longer_known_starts_afresh():
    class Forgetful(Server):
        def _answer(self, text, variables):
            if variables.get("after") == "stale":
                raise StaleCursorError("stale")
            return super()._answer(text, variables)

    state = {"cursors": {"issues": f"{NOW.isoformat()} stale"}}
    assert numbers(read(Forgetful(issues=[issue(1)]), **state), "issues") == [1]


def test_queries_carry_the_fragments_they_use_and_no_others():
    for stream in queries.STREAMS:
        used = set(re.findall(r"\.\.\.(\w+)", stream.text))
        given = set(re.findall(r"^fragment (\w+)", stream.text, re.MULTILINE))
        assert used == given
    assert "REVIEW_REQUEST_REMOVED_EVENT" in queries.PULL_REQUESTS.variables["kinds"]


def test_every_event_asked_for_is_selected():
    for stream in (queries.ISSUES, queries.PULL_REQUESTS):
        for kind in stream.event_types:
            assert f"... on {kind} {{" in stream.text
