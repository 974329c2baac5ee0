"""Merged without a review, or without an approval."""

import pandas as pd
import pytest

from metrics import reviews
from tests.metrics.build import frame, happened, pull_request, utc
from tests.metrics.review_world import ACCOUNTS

START, AS_OF = utc("2026-01-01"), utc("2026-06-12")
MERGED = "2026-06-08 13:00"


def given_review(author, state, at, item="1", **values):
    return {"pull_request": item, "author": author, "state": state, "at": f"2026-06-08 {at}", **values}


def dismissed(at, subject="bob", item="1"):
    return happened(item, f"2026-06-08 {at}", "dismissed", subject)


def tables(reviewed, events=(), pulls=None, **values):
    """One pull request by ann, opened on 8 June 2026 at 09:00 and merged by zed at 13:00."""
    whole = {"author": "ann", "project": "o/r", "created_at": "2026-06-08 09:00", "merged_at": MERGED, **values}
    return {
        "pull_requests": frame("pull_requests", [pull_request("1", **whole)] if pulls is None else pulls),
        "pull_request_events": frame("pull_request_events", list(events)),
        "reviews": frame("reviews", list(reviewed)),
        "accounts": ACCOUNTS,
    }


def merges(*reviewed, start=START, as_of=AS_OF, **more):
    return reviews.approvals(**tables(reviewed, **more), start=start, as_of=as_of)


def merge(*reviewed, **more):
    told = merges(*reviewed, **more)
    assert len(told) == 1
    return told.iloc[0]


def standing(row):
    return (row.n_approvals, row.n_changes_requested, row.is_unreviewed, row.is_unapproved, row.is_self_merge)


def test_the_latest_verdict_of_each_reviewer_stands_and_comments_cancel_nothing():
    row = merge(
        given_review("bob", "approved", "10:00"),
        given_review("bob", "commented", "11:00"),
        given_review("cy", "approved", "10:00"),
        given_review("cy", "changes_requested", "12:00"),
        merged_by="ann",
    )
    assert standing(row) == (1, 1, False, False, True)
    assert (row.n_reviewers, row.author, row.merged_by) == (2, "Ann", "Ann")


def test_a_dismissed_approval_is_work_done_but_no_approval():
    row = merge(given_review("bob", "approved", "10:00"), given_review("bob", "dismissed", "11:00"), merged_by="cy")
    assert standing(row) == (0, 0, False, True, False)


def test_a_review_after_the_merge_is_none():
    row = merge(given_review("bob", "approved", "15:00"), merged_by="ann")
    assert standing(row) == (0, 0, True, True, True)


def test_a_review_at_the_instant_of_an_automatic_merge_counts():
    assert not merge(given_review("bob", "approved", "13:00")).is_unapproved


def test_the_authors_and_bots_approvals_do_not_count():
    own = [given_review(who, "approved", "10:00") for who in ("ann", "ann-work", "ci[bot]", "ghost")]
    row = merge(*own, merged_by="ci[bot]")
    assert standing(row) == (0, 0, True, True, False)
    assert row.n_reviewers == 0
    assert pd.isna(row.merged_by)


def test_two_accounts_of_one_person_are_one_reviewer():
    row = merge(given_review("cy", "approved", "10:00"), given_review("cy-work", "changes_requested", "11:00"))
    assert (row.n_reviewers, row.n_approvals, row.n_changes_requested) == (1, 0, 1)


def test_a_comment_is_a_review_but_no_approval():
    assert standing(merge(given_review("bob", "commented", "10:00"))) == (0, 0, False, True, False)


@pytest.mark.parametrize("subject", ["bob", "r1"])
@pytest.mark.parametrize(("at", "n"), [("12:00", 0), ("13:00", 0), ("14:00", 1)])
def test_a_verdict_that_is_kept_stands_until_its_dismissal(subject, at, n):
    row = merge(given_review("bob", "approved", "10:00", id="r1"), events=[dismissed(at, subject)])
    assert (row.n_approvals, row.n_reviewers) == (n, 1)


@pytest.mark.parametrize(("at", "n"), [("12:00", 0), ("14:00", 1)])
def test_a_review_stored_as_dismissed_stood_until_then_and_is_taken_for_an_approval(at, n):
    row = merge(given_review("bob", "dismissed", "10:00"), events=[dismissed(at)])
    assert (row.n_approvals, row.n_changes_requested) == (n, 0)


def test_a_dismissed_request_for_changes_stood_at_an_earlier_merge():
    row = merge(given_review("bob", "changes_requested", "10:00", id="r1"), events=[dismissed("14:00", "r1")])
    assert (row.n_approvals, row.n_changes_requested) == (0, 1)


def test_dismissing_a_review_that_was_replaced_changes_nothing():
    both = [
        given_review("bob", "changes_requested", "10:00", id="r1"),
        given_review("bob", "approved", "11:00", id="r2"),
    ]
    assert merge(*both, events=[dismissed("12:00", "r1")]).n_approvals == 1
    assert merge(*both, events=[dismissed("12:00", "r2")]).n_approvals == 0
    old = [given_review("bob", "dismissed", "10:00"), given_review("bob", "approved", "11:00")]
    assert merge(*old, events=[dismissed("12:00", "bob")]).n_approvals == 1


def test_approving_again_after_a_dismissal_stands():
    again = [given_review("bob", "approved", "10:00"), given_review("bob", "approved", "12:00")]
    assert merge(*again, events=[dismissed("11:00")]).n_approvals == 1


def test_a_dismissal_elsewhere_or_of_somebody_else_changes_nothing():
    events = [dismissed("12:00", "cy"), dismissed("12:00", "bob", item="2"), dismissed("12:00", None)]
    assert merge(given_review("bob", "approved", "10:00"), events=events).n_approvals == 1


def test_only_merges_of_the_window_are_told_the_earliest_first():
    pulls = [
        pull_request(item, author="ann", created_at="2026-06-01", merged_at=merged)
        for item, merged in [
            ("d", "2026-06-09"),
            ("c", "2026-06-08"),
            ("b", "2026-06-08"),
            ("a", "2026-06-13"),
            ("e", None),
        ]
    ]
    told = merges(pulls=pulls, start=utc("2026-06-08"), as_of=utc("2026-06-12"))
    assert list(told["pull_request"]) == ["b", "c", "d"]
    assert merges(pulls=pulls, start=utc("2026-06-09"), as_of=utc("2026-06-10"))["pull_request"].tolist() == ["d"]


def era():
    """Two changes from before anybody reviewed there, two from after, of which one was reviewed."""
    days = {"1": "2015-01-01", "2": "2015-06-01", "0": "2016-09-14", "3": "2017-01-01", "4": "2017-02-01"}
    pulls = [
        pull_request(item, author="ann", project="o/r", created_at=day, merged_at=None if item == "0" else "2017-03-01")
        for item, day in days.items()
    ]
    first = {"pull_request": "0", "author": "ci[bot]", "state": "commented", "at": "2016-09-14"}
    good = {"pull_request": "3", "author": "bob", "state": "approved", "at": "2017-02-01"}
    return merges(first, good, pulls=pulls, start=utc("2014-01-01"))


def test_changes_from_before_the_first_review_are_not_unreviewed():
    shares = reviews.approval_shares(era()).iloc[0]
    assert (shares.n, shares.n_eligible, shares.n_unreviewed, shares.unreviewed_share) == (4, 2, 1, 0.5)
    assert shares.unapproved_share == 0.5


def test_where_nobody_ever_reviewed_nothing_is_eligible():
    shares = reviews.approval_shares(merges())
    assert shares.loc[0, ["n", "n_eligible", "n_unapproved"]].tolist() == [1, 0, 0]
    assert shares[["unreviewed_share", "unapproved_share"]].isna().all(axis=None)


def test_shares_by_project_leave_out_what_has_none():
    told = pd.DataFrame(
        {
            "project": pd.Series(["a", "b", "a", None], dtype="str"),
            "is_eligible": [True, False, True, True],
            "is_unreviewed": [True, True, False, True],
            "is_unapproved": [True, True, True, True],
        }
    )
    shares = reviews.approval_shares(told, by="project").set_index("project")
    assert shares.loc["a"].tolist() == [2, 2, 1, 2, 0.5, 1.0]
    assert shares.loc["b", ["n", "n_eligible", "n_unreviewed", "n_unapproved"]].tolist() == [1, 0, 0, 0]
    assert reviews.approval_shares(told)["n"].tolist() == [4]


def test_nothing_gives_typed_nothing():
    some, none = merges(given_review("bob", "approved", "10:00")), merges(pulls=[])
    pd.testing.assert_series_equal(none.dtypes, some.dtypes)
    shares = reviews.approval_shares(none)
    assert shares.loc[0, ["n", "n_eligible"]].tolist() == [0, 0]
    assert shares["unreviewed_share"].isna().all()
    by = [reviews.approval_shares(table, by="project").dtypes for table in (some, none)]
    pd.testing.assert_series_equal(*by)
