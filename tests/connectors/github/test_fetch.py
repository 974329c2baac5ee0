"""Reading a repository to its end, against a server that holds it."""

import pandas as pd
import pytest

from connectors import SyncState
from connectors.github.amount import FULL_PAGE, Amount
from connectors.github.answers import Answer
from connectors.github.fetch import Reading
from fairlead.errors import SourceError
from tests.connectors.github.kept import Kept, clean, day, issues, numbers, pulls, read, run
from tests.connectors.github.server import NOW, Server
from tests.connectors.pages import event, issue, listed, pull, review, user

LATER = NOW + pd.Timedelta(days=2)


def test_an_empty_repository_is_read_with_one_query_per_list():
    server = Server()
    pages = read(server)
    assert server.kinds() == ["Plan", "Capabilities", "Email", "Issues", "PullRequests"]
    assert [page.stream for page in pages] == ["milestones", "releases", "capabilities", "issues", "pull_requests"]
    assert all(page.last for page in pages)


def test_last_page_and_full_pages():
    pages = [page for page in read(Server(issues=issues(60))) if page.stream == "issues"]
    assert [len(page.nodes) for page in pages] == [FULL_PAGE, FULL_PAGE, 10]
    assert [page.last for page in pages] == [False, False, True]
    assert pages[0].total == 60


def test_pages_that_are_too_heavy_shrink_until_they_are_not_and_every_row_arrives():
    server = Server(pull_requests=pulls(31), limit=12)
    assert numbers(read(server), "pull_requests") == list(range(1, 32))
    sizes = [asked["n"] for _, asked in server.asked if "n" in asked]
    assert sizes == [25, 12, 12, 12, 12]  # twice the issues, of which there are none


def test_one_item_that_is_too_heavy_ends_the_run():
    with pytest.raises(SourceError, match="single item"):
        read(Server(limit=0))


def test_amounts_grow_back_slowly_and_never_beyond_full():
    amount = Amount(25)
    amount.was_too_much()
    for _ in range(5):
        amount.went_well(3.0)
    assert amount.now == 24
    for _ in range(5):
        amount.went_well(3.0)
    assert amount.now == 25


def test_pages_grow_beyond_full_while_answers_come_quickly_and_not_again_after_that_was_too_much():
    amount = Amount(25, 50)
    sizes = [amount.now]
    for _ in range(15):
        amount.went_well(1.0)
        sizes.append(amount.now)
    assert sizes[::5] == [25, 37, 50, 50]
    amount.was_too_much()
    for _ in range(15):
        amount.went_well(1.0)
    assert amount.now == 25


def test_a_slow_answer_interrupts_growth():
    amount = Amount(25, 50)
    for seconds in [1.0] * 4 + [2.5] + [1.0] * 4:
        amount.went_well(seconds)
    assert amount.now == 25


def test_a_page_with_unreadable_items_is_never_taken_for_whole():
    class Blank(Server):
        def _issues(self, text, variables, absent):
            data = super()._issues(text, variables, absent)
            found = data["repository"]["issues"]
            if variables["n"] > 6:
                found["nodes"] = [None] * len(found["nodes"])
            return data

    assert numbers(read(Blank(issues=issues(8))), "issues") == list(range(1, 9))


def test_an_answer_with_faults_is_asked_for_again_not_stored_with_gaps():
    class Shaky(Server):
        def answer(self, text, variables):
            if self.kinds().count("Issues") == 1 and self.kinds()[-1] == "Issues":
                return Answer({"repository": None}, at=NOW, faults=frozenset({"UNTYPED"}))
            return super().answer(text, variables)

    server = Shaky(issues=issues(1))
    assert numbers(read(server), "issues") == [1]
    assert server.kinds().count("Issues") == 2


def test_overflow_of_several_lists_is_drained_in_one_batch():
    long = pull(
        2,
        reviews=listed(review(user("bob"), "2024-01-03T00:00:00Z"), after="r1"),
        timelineItems=listed(event("ReadyForReviewEvent", "2024-01-03T00:00:00Z"), after="t1"),
    )
    other = pull(3, files=listed({"path": "a", "additions": 1, "deletions": 0}, after="f1"))
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
    assert server.kinds().count("Rest") == 2


def test_230_files_and_155_reviews_all_arrive():
    def part(make, start, stop, place):
        return listed(*[make(n) for n in range(start, stop)], after=place)

    def file(n):
        return {"path": f"p{n}", "additions": 1, "deletions": 0}

    def given(n):
        return review(user("bob"), day(n + 1)) | {"id": f"PRR_{n}"}

    big = pull(2, files=part(file, 0, 100, "100"), reviews=part(given, 0, 100, "100"))
    rest = {
        ("PR_2", "files", "100"): part(file, 100, 200, "200"),
        ("PR_2", "files", "200"): part(file, 200, 230, None),
        ("PR_2", "reviews", "100"): part(given, 100, 155, None),
    }
    kept = clean(Server(pull_requests=[big], rest=rest))
    assert (len(kept.table("files")), len(kept.table("reviews"))) == (230, 155)


def test_an_item_that_changes_while_its_lists_are_drained_is_read_anew():
    stale = pull(2, title="Before", files=listed({"path": "a", "additions": 1, "deletions": 0}, after="f1"))
    fresh = pull(2, title="After", updatedAt="2024-03-02T09:00:00Z")

    class Changing(Server):
        def _rest(self, *_):
            self.lists["pull_requests"] = [fresh]
            return {"rest0": {"updatedAt": fresh["updatedAt"], "files": listed()}}

    assert clean(Changing(pull_requests=[stale])).table("pull_requests")["title"].tolist() == ["After"]


def test_milestones_that_are_gone_are_said_once():
    entered = event("MilestonedEvent", "2024-01-02T00:00:00Z", milestoneTitle="gone")
    state = SyncState()
    pages = list(Reading(Server(issues=[issue(1, entered), issue(2, entered)]), "octo", "house", state).pages())
    assert numbers(pages, "issues") == [1, 2]
    assert len(state.warnings) == 1
    assert "gone" not in state.warnings[0]


def test_three_reviewers_the_token_may_not_see_cost_no_row_and_are_said_once():
    asked = event("ReviewRequestedEvent", "2024-01-03T00:00:00Z", requestedReviewer=None)
    some = [pull(n, *([asked] if n in {3, 9, 20} else [])) for n in range(1, 26)]
    kept = Kept()
    state = run(Server(pull_requests=some, faults=frozenset({"FORBIDDEN"})), kept)
    assert len(kept.table("pull_requests")) == 25
    assert len(state.warnings) == 1
    assert "Members: read" in state.warnings[0]


def test_an_absent_repository_is_said():
    class Nothing(Server):
        def _plan(self, *_):
            return {"repository": None}

    with pytest.raises(SourceError, match=r"octo/house does not exist or the token may not read it"):
        read(Nothing())


def test_requests_points_and_watermark_are_counted():
    state = run(Server(), Kept())
    assert (state.requests, state.points, state.watermark) == (5, 10, NOW)
