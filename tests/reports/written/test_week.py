"""The report on a week, sentence for sentence, in organisations small enough to know what happened."""

from itertools import pairwise

import pandas as pd
import pytest

from tests.metrics.build import added, day, happened, issue, moved, pull_request, removed
from tests.reports.test_milestones import said_due
from tests.reports.test_small import CY
from tests.reports.worlds import STAKEHOLDER
from tests.reports.written.small import MONDAY, WEEK, changed, done, said, world, written

DUE = {"due_on": day("2026-06-10")}
QUIET = "Nothing notable changed since 8 Jun 2026."
BEFORE, WITHIN = "2026-06-03", "2026-06-11"


def test_a_week_in_which_a_milestone_became_overdue_is_told_from_change_to_hurdle():
    frames = world(done("1", BEFORE), done("2", WITHIN), added("4", WITHIN, "m"), items="1235", of=DUE)
    assert said(written(frames)) == {
        "changed": [
            "Alpha became overdue: it was due on 10 Jun 2026 and 3 of 5 items are left; there is no date to plan on.",
            "Over all milestones: 1 item finished, 1 added.",
        ],
        "decisions": [
            (
                "Alpha is 5 days late, with 3 of 5 items left. Cut what is left, or close it with what is done: no "
                "date can be promised."
            )
        ],
        "progress": [
            "1 milestone is open with work left: 1 overdue.",
            "1 issue was finished in the last week; the 5 weeks before had between 0 and 1, half of them 0 or fewer.",
            (
                "Alpha: 2 of 5 items are done (40 %); 1 finished and 1 added in the last week. 5 days late with 3 "
                "items left, no date to plan on. Its scope grew from 4 to 5 items."
            ),
        ],
        "thanks": ["No milestone was reached since 8 Jun 2026."],
    }


def test_a_week_in_which_nothing_happened_is_told_in_words():
    found = said(written(world()))
    assert found["changed"] == [QUIET]
    assert found["decisions"] == ["Nothing needs a decision now."]
    assert found["progress"] == ["1 milestone is open with work left: 1 without a due date."]


def test_what_was_finished_the_week_before_is_no_news():
    assert changed(world(done("1", "2026-06-08 08:00"))) == [QUIET]
    assert changed(world(done("1", "2026-06-08 08:01"))) == ["Over all milestones: 1 item finished, 0 added."]


def test_what_was_finished_and_reopened_was_not_finished():
    assert changed(world(done("1", WITHIN), moved("1", "2026-06-12", "active", "done"))) == [QUIET]


def test_what_came_and_went_was_not_added():
    assert changed(world(added("4", WITHIN, "m"), removed("4", "2026-06-12", "m"))) == [QUIET]


@pytest.mark.parametrize(
    ("came", "says"),
    [
        ("4", ["Over all milestones: 0 items finished, 1 added."]),
        ("45", ["Alpha grew by 2 items to 5.", "Over all milestones: 0 items finished, 2 added."]),
    ],
)
def test_scope_grew_from_two_items_on(came, says):
    assert changed(world(*(added(item, WITHIN, "m") for item in came))) == says


def test_scope_shrank():
    gone = [removed(item, WITHIN, "m") for item in "12"]
    assert changed(world(*gone)) == ["Alpha shrank by 2 items to 1."]


@pytest.mark.parametrize(
    ("was", "now", "says"),
    [
        ("2026-06-30", "2026-07-14", "Alpha: its due date moved 14 days later, to 14 Jul 2026."),
        ("2026-07-14", "2026-06-30", "Alpha: its due date moved 14 days earlier, to 30 Jun 2026."),
        (None, "2026-06-30", "Alpha got a due date, 30 Jun 2026."),
        ("2026-06-30", None, "Alpha: its due date, 30 Jun 2026, was taken away."),
    ],
)
def test_a_due_date_that_moved_is_told_with_its_sign(was, now, says):
    changes = [{**said_due("m", "2026-05-02", was or "", None), "new": was}, said_due("m", WITHIN, now, was)]
    frames = world(of={"due_on": day(now) if now else None}, milestone_changes=changes)
    assert changed(frames) == [says]


def test_a_due_date_that_moved_and_moved_back_is_no_news():
    days = ["2026-06-30", "2026-07-14", "2026-06-30"]
    changes = [said_due("m", f"2026-06-{9 + n:02}", new, old) for n, (old, new) in enumerate(pairwise(days))]
    assert changed(world(of={"due_on": day("2026-06-30")}, milestone_changes=changes)) == [QUIET]


def test_a_milestone_with_nothing_left_asks_to_be_closed():
    frames = world(*(done(item, WITHIN) for item in "123"))
    assert changed(frames)[0] == "Alpha has nothing left to do and is still open: close it, or say what is missing."


def test_a_new_milestone_is_told_of_once_it_holds_work():
    late = [added(item, WITHIN, "m") for item in "12"]
    assert changed(world(*late, items="", of={"created_at": "2026-06-10"})) == [
        "Alpha is new, with 2 items, without a due date.",
        "Over all milestones: 0 items finished, 2 added.",
    ]
    assert changed(world(items="", of={"created_at": "2026-06-10"})) == [QUIET]


CLOSED = {"state": "closed", "closed_at": "2026-06-12 12:00"}


def reached(due, *, viewer=None, who="ab", **values):
    """Alpha, closed on Friday with an item done by each of these."""
    held = [added(item, "2026-05-20", account, "assignee") for item, account in enumerate_items(who)]
    finished = [done(item, WITHIN) for item, _ in enumerate_items(who)]
    items = tuple(item for item, _ in enumerate_items(who))
    tables = {"viewer": viewer} if viewer else {}
    return world(*held, *finished, items=items, of=CLOSED | {"due_on": due and day(due)}, **tables, **values)


def enumerate_items(who):
    return [(str(number), account) for number, account in enumerate(who, start=1)]


@pytest.mark.parametrize(
    ("due", "says"),
    [
        ("2026-06-10", "2 days after its due date"),
        ("2026-06-12", "on its due date"),
        ("2026-06-13", "1 day before its due date"),
        (None, "without a due date"),
    ],
)
def test_a_milestone_that_was_reached_is_thanked_for_with_how_late_it_was(due, says):
    thanks = said(written(reached(due)))["thanks"]
    assert thanks == [f"Alpha was reached on 12 Jun 2026 with 2 items done, {says}. Thanks to Ann and Bo."]


def test_a_date_that_had_moved_is_told_beside_the_one_that_was_kept():
    changes = [said_due("m", "2026-05-02", "2026-06-01"), said_due("m", "2026-05-20", "2026-06-12", "2026-06-01")]
    thanks = said(written(reached("2026-06-12", milestone_changes=changes)))["thanks"]
    assert "on its due date, which had moved 11 days later." in thanks[0]


def test_what_was_reached_before_is_not_thanked_for_again():
    thanks = said(written(reached("2026-06-10"), as_of=MONDAY + WEEK))["thanks"]
    assert thanks == ["No milestone was reached since 15 Jun 2026."]


def test_what_was_closed_with_work_left_is_told_of_and_not_thanked_for():
    frames = world(done("1", WITHIN), of=CLOSED)
    found = said(written(frames))
    assert found["changed"][0] == "Alpha was closed with 2 of 3 items left."
    assert found["thanks"] == ["No milestone was reached since 8 Jun 2026."]


def many(n):
    """So many people and their accounts, a, b, c …"""
    letters = "abcdefgh"[:n]
    return {
        "people": [{"id": f"p:{each}", "name": f"Name {each}"} for each in letters],
        "accounts": [{"id": each, "login": each, "kind": "user", "person": f"p:{each}"} for each in letters],
    }


@pytest.mark.parametrize(("n", "says"), [(4, []), (5, ["Thanks to the 5 people who took part."])])
def test_whoever_sees_no_individuals_reads_how_many_took_part_if_they_are_enough(n, says):
    frames = reached("2026-06-12", viewer=STAKEHOLDER, who="abcdefgh"[:n], **many(n))
    thanks = said(written(frames))["thanks"][0]
    assert thanks.partition("on its due date. ")[2] == "".join(says)


def test_bots_and_reviewers_who_came_later_are_not_thanked():
    pulls = [pull_request("p", author="robot", created_at="2026-06-01", merged_at="2026-06-10")]
    later = [{"pull_request": "p", "author": "c", "at": "2026-06-20", "state": "approved"}]
    linked = [{"pull_request": "p", "issue": "1"}]
    tables = {"pull_requests": pulls, "reviews": later, "pull_request_issues": linked, **CY}
    assert said(written(reached(None, who="ab", **tables)))["thanks"][0].endswith("Thanks to Ann and Bo.")


def merged(*counts):
    """So many pull requests merged in each week of seven days up to Monday, the last one first."""
    at = [MONDAY - WEEK * place - pd.Timedelta(hours=1) for place, n in enumerate(counts) for _ in range(n)]
    rows = [
        pull_request(f"p{number}", author="a", created_at="2026-03-01", merged_at=when, closed_at=when)
        for number, when in enumerate(at)
    ]
    return {"pull_requests": rows, "milestones": [], "issues": [], "issue_events": []}


@pytest.mark.parametrize(
    ("week", "news", "says"),
    [
        (5, False, "5 pull requests were merged in the last week; the 8 weeks before had {range}."),
        (7, False, "7 pull requests were merged in the last week, more than in any of the 8 weeks before ({range})."),
        (8, True, "8 pull requests were merged in the last week, more than in any of the 8 weeks before ({range})."),
        (1, True, "1 pull request was merged in the last week, fewer than in any of the 8 weeks before ({range})."),
    ],
)
def test_a_week_is_news_beyond_all_weeks_before_by_a_quarter_and_three_items(week, news, says):
    says = says.format(range="between 4 and 6, half of them 5 or fewer")
    found = said(written(world(**merged(week, 4, 5, 6, 5, 4, 6, 5, 5))))
    assert found["changed" if news else "progress"] == [says]
    assert found["progress" if news else "changed"] != [says]


def test_of_too_few_weeks_nothing_is_said_to_be_usual():
    rows = merged(3, 2)
    rows["pull_requests"] = [row | {"created_at": "2026-05-26"} for row in rows["pull_requests"]]
    assert said(written(world(**rows)))["progress"] == [
        "3 pull requests were merged in the last week; it is too early to say whether that is usual."
    ]


def test_requests_that_wait_are_compared_with_those_that_waited_then():
    pulls = [pull_request(f"p{n}", author="a", created_at="2026-06-01") for n in range(4)]
    asked = [happened(f"p{n}", f"2026-06-{2 if n < 1 else 12:02}", "review_requested", "b") for n in range(4)]
    found = said(written(world(items=(), pull_requests=pulls, pull_request_events=asked)))
    assert "4 review requests wait for an answer (1 a week ago), 1 of them longer than agreed." in found["changed"]


def test_an_item_that_waits_for_another_is_a_hurdle():
    waits = {"issue": "1", "at": "2026-06-09", "field": "blocked_by", "old": None, "new": "2"}
    found = said(written(world(waits, done("3", WITHIN))))
    assert found["progress"][-1].endswith("1 item left waits for something else.")


def test_urgent_work_that_nobody_has_is_a_decision():
    urgent = [issue("9", title="Fix it", priority="Highest", created_at="2026-06-13", url="https://x/9")]
    frames = world(items=(), milestones=[], issues=urgent)
    assert said(written(frames))["decisions"] == ["9 Fix it (2.3 days old) is urgent and nobody’s. Who takes it?"]
