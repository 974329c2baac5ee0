"""What the sample organisation gives the Reviews and Workload pages to decide on, measured by plain means."""

import pandas as pd
import pytest

from fairlead.agreements import Agreements
from metrics import reviews as measured
from tests.sample import AS_OF, sample

DAY = pd.Timedelta(days=1)
MINUTE = pd.Timedelta(minutes=1)
BERTH = {"chiamaka": 8, "anjalidev": 1, "kisaragi-h": 1, "mquarv": 1}
MANIFEST = {"tomaszbrz": 8, "meitz": 1, "priyasun": 1}
VOYAGE = {"epapas": 3, "hoshikage": 2, "kwame-as": 1, "nikragh": 1, "rmontei": 1}


def table(name):
    """A table with its ids as plain text."""
    rows = getattr(sample(), name)
    return rows.astype(dict.fromkeys(rows.columns[rows.dtypes == "category"], "str"))


@pytest.fixture(scope="module")
def person_of():
    return table("accounts").dropna(subset="person").set_index("id")["person"].str.removeprefix("person:")


# Assigned and not started ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def given():
    """Assigned issues that nobody has begun, by id: account, due_on and the rest of the issue."""
    issues = table("issues").set_index("id")
    held = table("issue_assignees").set_index("issue")["account"]
    waiting = issues[(issues["status_category"] == "todo") & issues.index.isin(held.index)]
    return waiting.assign(account=held.reindex(waiting.index))


def test_much_was_given_to_those_who_are_full_and_little_to_those_with_room(given, person_of):
    assert given["account"].map(person_of).value_counts().to_dict() == BERTH | MANIFEST | VOYAGE
    assert given["project"].value_counts().to_dict() == {"BERTH": 11, "CARGO": 10, "VOY": 8}


def test_all_of_it_is_due_within_two_weeks(given):
    assert sorted(given["due_on"].dt.strftime("%d %b").unique()) == ["19 Jun", "24 Jun", "26 Jun"]
    assert given["due_on"].between(AS_OF.tz_localize(None), AS_OF.tz_localize(None) + 14 * DAY).all()


def test_it_was_given_by_leads_weeks_ago_and_was_written_down_before(given, person_of):
    events = table("issue_events")
    told = events[events["issue"].isin(given.index) & events["field"].isin(["assignee", "due"])]
    assert told["old"].isna().all()
    assert (len(told), told["issue"].nunique()) == (2 * 29, 29)
    said = told.groupby([told["at"].dt.strftime("%d %b"), told["actor"].map(person_of)])["issue"].nunique()
    assert said.to_dict() == {("27 May", "solveig-t"): 11, ("29 May", "lferrandiz"): 10, ("03 Jun", "aoifeb"): 8}
    assert (told["at"] > told["issue"].map(given["created_at"])).all()


def test_two_of_them_are_with_somebody_who_is_away_until_they_are_due(given, person_of):
    away = table("time_off")
    back_on = away.loc[(away["person"] == "person:hoshikage") & (away["start_on"] == "2026-06-08"), "end_on"].item()
    theirs = given[given["account"].map(person_of) == "hoshikage"]
    assert back_on == pd.Timestamp("2026-07-03")
    assert (len(theirs), bool((theirs["due_on"] < back_on).all())) == (2, True)


# Little looking -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def merged():
    """Pull requests that people opened and that were merged within 90 days, by id: ready_at and the rest of them."""
    people = table("accounts").dropna(subset="person")["id"]
    pulls = table("pull_requests").set_index("id")
    events = table("pull_request_events")
    ready = events[events["kind"] == "ready"].groupby("pull_request")["at"].max().reindex(pulls.index)
    pulls = pulls.assign(ready_at=ready.fillna(pulls["created_at"]))
    return pulls[(pulls["merged_at"] > AS_OF - 90 * DAY) & pulls["author"].isin(people)]


@pytest.fixture(scope="module")
def fast(merged):
    """Those of them whose first review came within ten minutes: minutes and the rest of the review."""
    first = table("reviews").sort_values("at").drop_duplicates("pull_request").set_index("pull_request")
    first = first[first.index.isin(merged.index)]
    minutes = (first["at"] - merged["ready_at"].reindex(first.index)) / MINUTE
    return first.assign(minutes=minutes)[minutes <= 10]


def lines(ids):
    files = table("files")
    files = files[files["pull_request"].isin(ids)]
    return (files["additions"] + files["deletions"]).groupby(files["pull_request"]).sum().to_dict()


FAST = {
    "github:harbourline/berth-planner#193": 808,
    "github:harbourline/manifest-service#220": 894,
    "github:harbourline/platform#543": 829,
    "github:harbourline/voyage-eta#282": 1143,
}
LOCKED = "github:harbourline/berth-planner#171"


def test_five_large_changes_were_approved_within_minutes_and_without_a_word(fast, merged, person_of):
    assert lines(fast.index) == FAST | {LOCKED: 2851}
    assert set(zip(fast["state"], fast["size"], strict=True)) == {("approved", 0)}
    assert fast["minutes"].between(4, 9).all()
    comments = table("comments")
    comments = comments[comments["pull_request"].isin(fast.index) & comments["author"].isin(person_of.index)]
    assert (comments["author"] == comments["pull_request"].map(merged["author"])).all()


def test_one_of_them_changed_nothing_but_a_lock_file():
    files = table("files")
    assert list(files.loc[files["pull_request"] == LOCKED, "path"]) == ["package-lock.json"]


def test_so_four_of_them_are_asked_about():
    names = ("pull_requests", "pull_request_events", "reviews", "comments", "files", "accounts")
    agreed = Agreements()
    found = measured.fast_approvals(
        *map(table, names),
        start=AS_OF - 90 * DAY,
        as_of=AS_OF,
        min_lines=agreed.large_change_lines,
        max_minutes=agreed.fast_approval_minutes,
        generated=agreed.generated,
    )
    assert dict(zip(found["pull_request"], found["lines"], strict=True)) == FAST


@pytest.fixture(scope="module")
def last_verdict(merged):
    """Each pull request's last review that is no comment, or `commented`; missing without any review."""
    reviews = table("reviews").sort_values("at")
    reviews = reviews.assign(is_verdict=reviews["state"] != "commented").sort_values(["is_verdict", "at"])
    return reviews.groupby("pull_request")["state"].last().reindex(merged.index)


def test_three_changes_of_people_were_merged_without_a_review(merged, last_verdict):
    assert sorted(merged.loc[last_verdict.isna(), "key"]) == [
        "harbourline/berth-planner#179",
        "harbourline/manifest-service#195",
        "harbourline/quay-api#236",
    ]


def test_five_were_reviewed_and_merged_by_their_authors_without_an_approval(merged, last_verdict):
    unapproved = last_verdict[last_verdict.isin(["changes_requested", "commented"])]
    assert dict(zip(merged.loc[unapproved.index, "key"], unapproved, strict=True)) == {
        "harbourline/customs-edi#139": "commented",
        "harbourline/manifest-service#191": "changes_requested",
        "harbourline/manifest-service#196": "changes_requested",
        "harbourline/platform#520": "commented",
        "harbourline/voyage-eta#274": "changes_requested",
    }
    theirs = merged.loc[unapproved.index]
    assert (theirs["author"] == theirs["merged_by"]).all()


def test_files_add_up_to_their_pull_requests():
    files = table("files").groupby("pull_request").agg({"path": "size", "additions": "sum", "deletions": "sum"})
    pulls = table("pull_requests").set_index("id")[["changed_files", "additions", "deletions"]]
    assert (files == pulls.loc[files.index].to_numpy()).all(axis=None)
    assert (pulls.drop(files.index) == 0).all(axis=None)


def test_dismissals_name_reviews_that_keep_the_verdict_they_had():
    events = table("pull_request_events")
    dismissed = events[events["kind"] == "dismissed"].set_index("subject")
    reviews = table("reviews").set_index("id")
    void = reviews.loc[dismissed.index]
    assert (dismissed["pull_request"] == void["pull_request"]).all()
    assert (dismissed["at"] >= void["at"]).all()
    assert void["state"].value_counts().to_dict() == {"changes_requested": 13, "approved": 2}
    assert set(reviews["state"]) == {"approved", "changes_requested", "commented"}
