"""Pull requests waiting now: for whom, since when in their working hours, how large, and who else could look."""

import pandas as pd
import pytest

from fairlead.agreements import Agreements, WorkingTime
from fairlead.scope import Scope
from reports import reviews
from tests.metrics.build import day, happened, pull_request
from tests.reports.test_small import AS_OF, panel, seen
from tests.reports.worlds import WORLDS, panels_of

SCOPE = Scope(AS_OF)
"""As of Friday 12 June 2026, 00:00 UTC: the last full working day is Thursday."""
WHO = ("Ann", "Bo", "Cy", "Di", "Ed")
ACCOUNTS = [{"id": name[0].lower(), "login": name.lower(), "kind": "user", "person": name} for name in WHO]
BOT = {"id": "robot", "login": "robot[bot]", "kind": "bot"}


def waits(*asked, past=(), people=(), scope=SCOPE, **tables):
    """The panel. `asked` are pull request (by Ann unless `pulls` says otherwise), instant and who is asked."""
    told = {row["id"]: row for row in people}
    pulls = {item: {"author": "a", "created_at": at, "project": "o/r"} for item, at, *_ in reversed(asked)}
    for item, values in tables.pop("pulls", {}).items():
        pulls[item] |= values
    frames = seen(
        accounts=[*ACCOUNTS, BOT],
        people=[{"id": name, "name": name} | told.get(name, {}) for name in WHO],
        pull_requests=[*(pull_request(item, **values) for item, values in pulls.items()), *(row for row, _ in past)],
        pull_request_events=[happened(item, at, "review_requested", who) for item, at, who in asked],
        reviews=[row for _, row in past],
        **tables,
    )
    return panel(reviews.report(frames, scope), "waiting-now")


def reviewed(number, by, author="a"):
    """A pull request of May that somebody reviewed, so that they can be suggested."""
    item = f"past{number}"
    row = pull_request(item, author=author, project="o/r", created_at="2026-05-04", merged_at="2026-05-06")
    return row, {"pull_request": item, "author": by, "at": "2026-05-05"}


def only(shown):
    assert len(shown.table) == 1
    return shown.table.iloc[0]


def test_a_weekend_is_no_working_time():
    """Friday 5 June 15:00 to 17:00, and Monday to Thursday: 2 + 4 × 8."""
    row = only(waits(("1", "2026-06-05 15:00", "b")))
    assert (row["waits_for"], row["wait_working_hours"]) == ("Bo", 34)
    assert row["wait_days"] == pytest.approx(6 + 9 / 24)  # until Friday 12 June, 00:00


def test_leave_is_no_working_time_of_theirs():
    """Away from Monday to Wednesday: 2 hours on Friday, 8 on Thursday."""
    off = [{"person": "Bo", "start_on": day("2026-06-08"), "end_on": day("2026-06-10")}]
    assert only(waits(("1", "2026-06-05 15:00", "b"), time_off=off))["wait_working_hours"] == 10


def test_hours_are_those_of_the_zone_of_who_is_asked():
    """15:00 UTC is 11:00 in New York, so that six hours of Friday are left; until 20:00 on Thursday, UTC."""
    new_york = {"id": "Bo", "time_zone": "America/New_York"}
    assert only(waits(("1", "2026-06-05 15:00", "b"), people=[new_york]))["wait_working_hours"] == 6 + 4 * 8


def test_where_nothing_else_is_known_the_usual_week_counts():
    usual = WorkingTime(time_zone="Asia/Jerusalem", workdays="1111001")
    scope = Scope(AS_OF, working_time=usual)
    # Friday and Saturday are free, Sunday to Thursday 9 to 17 Jerusalem time.
    assert only(waits(("1", "2026-06-05 15:00", "b"), scope=scope))["wait_working_hours"] == 5 * 8


def test_longer_than_agreed_goes_by_working_hours():
    asked = (("1", "2026-06-11 09:00", "b"), ("2", "2026-06-11 10:00", "c"))
    assert waits(*asked).takeaway.startswith("0 of 2 requests wait longer than agreed.")  # eight hours are not over
    strict = Scope(AS_OF, agreements=Agreements(answer_within_hours=7.5))
    assert waits(*asked, scope=strict).takeaway.startswith("1 of 2 requests waits longer than agreed.")


def test_the_size_is_the_changed_lines_and_missing_where_it_is_not_known():
    shown = waits(
        ("1", "2026-06-08", "b"), ("2", "2026-06-09", "b"), pulls={"1": {"additions": 40, "deletions": 2}}
    ).table.set_index("key")
    assert shown.loc["1", "n_lines"] == 42
    assert pd.isna(shown.loc["2", "n_lines"])


def test_who_reviewed_before_could_look_as_well_the_least_loaded_first():
    shown = waits(("1", "2026-06-08", "b"), past=[reviewed(1, "c"), reviewed(2, "d"), reviewed(3, "d")])
    row = only(shown)
    assert row["also_ask"] == "Di, Cy"
    assert row["because"].split("; ") == [
        "reviewed 2 changes of this author, has nothing open",
        "reviewed 1 change of this author, has nothing open",
    ]
    assert shown.takeaway == (
        "1 of 1 request waits longer than agreed. The longest on a person's change is 1, which has waited 4.0 days "
        "(4.0 working days) for Bo: Di could look at it (reviewed 2 changes of this author, has nothing open)."
    )


def test_neither_the_author_nor_who_is_asked_already_is_suggested():
    past = [reviewed(1, "b"), reviewed(2, "c"), reviewed(3, "d", author="b"), reviewed(4, "a", author="b")]
    shown = waits(("1", "2026-06-08", "b"), ("1", "2026-06-09", "c"), past=past).table
    assert shown["waits_for"].tolist() == ["Bo", "Cy"]
    assert set(shown["also_ask"]) == {"Di"}


def test_nobody_who_is_away_is_suggested():
    off = [{"person": "Di", "start_on": day("2026-06-08"), "end_on": day("2026-06-30")}]
    past = [reviewed(1, "c"), reviewed(2, "d")]
    assert only(waits(("1", "2026-06-08", "b"), past=past, time_off=off))["also_ask"] == "Cy"


def test_where_nobody_else_is_known_it_says_what_can_be_done():
    shown = waits(("1", "2026-06-08", "b"))
    assert pd.isna(only(shown)["also_ask"])
    assert shown.takeaway.endswith(" for Bo. Answer, hand over, or take the request back.")


def test_three_people_are_named_at_most():
    past = [reviewed(number, who) for number, who in enumerate("cde")] + [reviewed(9, "robot")]
    assert only(waits(("1", "2026-06-08", "b"), past=past))["also_ask"].count(",") == 2


def test_changes_of_bots_come_last_however_long_they_wait():
    asked = (("bump", "2026-05-04", "b"), ("new", "2026-06-10", "b"), ("old", "2026-06-08", "c"))
    shown = waits(*asked, pulls={"bump": {"author": "robot"}})
    assert shown.table["key"].tolist() == ["old", "new", "bump"]
    assert "The longest on a person's change is old, " in shown.takeaway


def test_where_only_bots_changes_wait_the_longest_of_them_is_told():
    shown = waits(("bump", "2026-05-04", "b"), pulls={"bump": {"author": "robot"}})
    assert "The longest is bump, " in shown.takeaway


def test_a_draft_waits_for_nobody():
    assert waits(("1", "2026-06-08", "b"), pulls={"1": {"is_draft": True}}).table.empty


def test_a_team_that_is_asked_waits_on_its_own_calendar():
    team = {
        "teams": [{"id": "t", "name": "Core"}],
        "team_members": [{"team": "t", "person": "Bo"}, {"team": "t", "person": "Cy"}],
    }
    row = only(waits(("1", "2026-06-05 15:00", "t"), **team))
    assert (row["waits_for"], row["wait_working_hours"]) == ("Core", 34)


def test_who_sees_no_individual_is_told_of_nobody_who_could_look():
    shown = panels_of("stakeholder")["reviews", "waiting-now"].table
    assert shown["also_ask"].isna().all()
    assert shown["because"].isna().all()
    assert shown["waits_for"].str.fullmatch(r"Somebody in \w+|Berth|Manifest|Voyage|Platform").all()


@pytest.mark.parametrize("world", ["sample", "working hours", "one team"])
def test_nobody_is_suggested_for_their_own_change_or_for_what_they_are_asked_already(world):
    frames = WORLDS[world]().frames
    shown = panels_of(world)["reviews", "waiting-now"].table
    name = dict(zip(frames.people["id"].astype("str"), frames.people["name"], strict=True))
    person = frames.accounts.astype({"id": "str", "person": "str"}).set_index("id")["person"]
    author = frames.pull_requests.set_index(frames.pull_requests["key"].astype("str"))["author"].astype("str")
    asked = shown.groupby("key")["waits_for"].agg(set)
    assert shown["also_ask"].notna().any()
    for key, also in shown.dropna(subset="also_ask")[["key", "also_ask"]].itertuples(index=False):
        others = set(also.split(", "))
        assert 1 <= len(others) <= 3
        assert name.get(person.get(author[key])) not in others
        assert not others & asked[key]


@pytest.mark.parametrize("world", ["sample", "working hours", "one team", "200 days ago"])
def test_what_waits_is_in_the_order_of_the_leading_clock_but_for_bots(world):
    given = WORLDS[world]()
    shown = panels_of(world)["reviews", "waiting-now"].table
    kind = given.frames.accounts.set_index(given.frames.accounts["id"].astype("str"))["kind"]
    pulls = given.frames.pull_requests
    author = pulls.set_index(pulls["key"].astype("str"))["author"].astype("str")
    is_bots = shown["key"].map(author).map(kind) == "bot"
    assert is_bots.is_monotonic_increasing
    column = "wait_days" if given.scope.agreements.hours == "elapsed" else "wait_working_hours"
    for _, rows in shown.groupby(is_bots):
        assert rows[column].is_monotonic_decreasing


def test_a_change_nobody_is_asked_about_is_listed_apart_with_who_could_be():
    frames = seen(
        accounts=[*ACCOUNTS, BOT],
        people=[{"id": name, "name": name} for name in WHO],
        pull_requests=[
            pull_request("1", author="a", project="o/r", created_at="2026-06-08 09:00"),
            pull_request("bump", author="robot", project="o/r", created_at="2026-06-08"),
            pull_request("asked", author="a", project="o/r", created_at="2026-06-08"),
            reviewed(1, "c")[0],
        ],
        pull_request_events=[happened("asked", "2026-06-08", "review_requested", "b")],
        reviews=[reviewed(1, "c")[1]],
    )
    row = only(panel(reviews.report(frames, SCOPE), "unasked"))
    assert (row["key"], row["could_ask"], row["wait_working_hours"]) == ("1", "Cy", 4 * 8)
