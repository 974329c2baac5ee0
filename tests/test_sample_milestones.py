"""What the milestones of the sample organisation tell: chances that are worth a look, waits, and a week of changes."""

import pandas as pd
import pytest

from fairlead import access, boards
from fairlead.access import LOCAL_LEAD
from fairlead.scope import Scope
from metrics import milestones
from reports import foreseen
from tests.sample import AS_OF, sample

DAY = pd.Timedelta(days=1)


@pytest.fixture(scope="module")
def measured():
    return foreseen.measure(access.visible_to(LOCAL_LEAD, boards.estimated(sample())), Scope(AS_OF.as_unit("us")))


@pytest.fixture(scope="module")
def issues():
    rows = sample().issues
    return rows.assign(id=rows["id"].astype("str")).set_index("id")


def events(field):
    rows = sample().issue_events
    return rows[rows["field"] == field].astype({"issue": "str", "actor": "str", "old": "str", "new": "str"})


def inside(title):
    """The issues that are in a milestone today."""
    of = sample().milestones.set_index("title").loc[title, "id"]
    rows = sample().issue_milestones
    return set(rows.loc[rows["milestone"].astype("str") == of, "issue"].astype("str"))


def account(title):
    return sample().milestones.set_index("title").loc[title, "owner"]


def is_unfinished(issues, ids):
    return bool(issues.loc[list(ids), "status_category"].isin(["todo", "active"]).all())


# Chances --------------------------------------------------------------------------------------------------------------


def test_the_portfolio_has_something_of_everything(measured):
    statuses = dict(zip(measured.portfolio["title"], measured.portfolio["status"], strict=True))
    assert statuses == {
        "Release 8": "overdue",
        "Berth 2026.1": "at_risk",
        "Quay API v2": "at_risk",
        "One plan for several terminals": "at_risk",
        "Emission reports per voyage": "at_risk",
        "ETA 3.1": "at_risk",
        "Electronic bill of lading": "no_due_date",
        "Cost guardrails": "ok",
        "ETA 4.0": "ok",
        "Zero-trust access": "empty",
    }


def test_some_are_lost_and_some_may_still_be_made(measured):
    at_risk = measured.portfolio[measured.portfolio["status"] == "at_risk"].set_index("title")["p_on_time"]
    assert set(at_risk.index[at_risk < 0.05]) == {"Berth 2026.1", "Quay API v2"}
    assert set(at_risk.index[at_risk.between(0.3, 0.8)]) == {
        "One plan for several terminals",
        "Emission reports per voyage",
        "ETA 3.1",
    }


# Waits ----------------------------------------------------------------------------------------------------------------


def waits(issues):
    """Who waits for which unfinished issue, by a plain loop: pairs of ids."""
    return {
        (row.issue, row.new) for row in events("blocked_by").itertuples() if is_unfinished(issues, [row.issue, row.new])
    }


def test_two_items_of_one_wait_for_one_of_another(issues):
    found = {pair for pair in waits(issues) if pair[0] in inside("ETA 3.1")}
    blocking = {blocker for _, blocker in found}
    assert (len(found), len(blocking)) == (2, 1)
    assert blocking <= inside("Release 8")


def test_an_item_of_an_epic_waits_for_one_of_a_version(issues):
    [(_, blocker)] = [pair for pair in waits(issues) if pair[0] in inside("One plan for several terminals")]
    assert blocker in inside("Berth 2026.1") - inside("One plan for several terminals")


def test_one_no_longer_waits_since_the_other_is_done(issues):
    told = events("blocked_by")
    [over] = told[told["issue"].isin(inside("Emission reports per voyage"))].itertuples()
    assert is_unfinished(issues, [over.issue])
    assert issues.loc[over.new, "status_category"] == "done"
    assert issues.loc[over.new, "closed_at"] > over.at
    assert len(waits(issues)) == len(told) - 1


def test_milestones_wait_for_one_another(measured):
    frames = measured.frames
    blocked = milestones.blockers(frames.issues, frames.issue_events, frames.issue_links, as_of=AS_OF)
    found = milestones.dependencies(measured.known, measured.members, blocked)
    pairs = zip(
        found["milestone"].map(measured.titles), found["waits_for"].map(measured.titles), found["n_items"], strict=True
    )
    assert set(pairs) == {("ETA 3.1", "Release 8", 2), ("One plan for several terminals", "Berth 2026.1", 1)}


def test_one_unfinished_item_is_flagged_by_who_holds_it(issues):
    [flag] = events("blocked").itertuples()
    holders = sample().issue_assignees.astype("str")
    assert flag.new == "Impediment"
    assert is_unfinished(issues, [flag.issue])
    assert flag.issue in inside("Berth 2026.1")
    assert set(holders.loc[holders["issue"] == flag.issue, "account"]) == {flag.actor}


# The last seven days --------------------------------------------------------------------------------------------------


def of_last_week(measured, kind):
    frames = measured.frames
    told = milestones.changes(
        measured.known,
        measured.members,
        measured.stays,
        frames.issue_events,
        frames.pull_request_events,
        as_of=AS_OF,
        since=AS_OF - 7 * DAY,
    )
    told = told.assign(title=told["milestone"].map(measured.titles), other=told["other"].map(measured.titles))
    return told[told["kind"] == kind].set_index("title")


def test_the_owner_put_something_off_to_the_next_version(measured, issues):
    gone, come = of_last_week(measured, "moved_out"), of_last_week(measured, "moved_in")
    assert dict(gone["other"]) == {"ETA 3.1": "ETA 4.0"}
    assert dict(come["other"]) == {"ETA 4.0": "ETA 3.1"}
    assert (
        gone.loc["ETA 3.1", ["item", "at", "actor"]].tolist() == come.loc["ETA 4.0", ["item", "at", "actor"]].tolist()
    )
    assert gone.loc["ETA 3.1", "actor"] == account("ETA 3.1")
    assert is_unfinished(issues, [gone.loc["ETA 3.1", "item"]])


def test_something_of_the_backlog_was_added(measured, issues):
    added = of_last_week(measured, "added").loc[["Berth 2026.1"]]
    old = added[added["item"].map(issues["created_at"]) < AS_OF - 60 * DAY].iloc[0]
    assert old["actor"] == account("Berth 2026.1")
    assert is_unfinished(issues, [old["item"]])


def test_what_others_wait_for_turned_out_to_be_large(measured, issues):
    larger = of_last_week(measured, "re_estimated").loc["Release 8"]
    assert (larger["old"], larger["new"]) == (3, 13)
    assert larger["item"] in {blocker for _, blocker in waits(issues)}


def test_some_estimates_came_or_grew_earlier(issues):
    told = events("estimate").merge(issues[["created_at"]], left_on="issue", right_index=True)
    later = told[(told["at"] - told["created_at"] > 10 * DAY) & (told["at"] < AS_OF - 7 * DAY)]
    assert (later["old"].isna() & later["issue"].isin(inside("Berth 2026.1"))).sum() == 1
    assert (later["old"].notna() & later["issue"].isin(inside("ETA 3.1"))).sum() >= 1
