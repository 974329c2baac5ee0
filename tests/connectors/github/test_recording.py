"""What lands in the tables equals a recorded repository. The oracle reads the recording itself, in plain loops."""

import gzip
import json
import random
from collections import Counter

import pandas as pd
import pytest

from fairlead import store
from tests.connectors.github import replay
from tests.connectors.github.replay import AS_OF, HISTORY, PROJECT, RECORDING, plain, read_into

pytestmark = replay.needed


@pytest.fixture(scope="module")
def recorded():
    with gzip.open(RECORDING, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


@pytest.fixture(scope="module")
def landed(address, tmp_path_factory):
    """What is in the store after a sync, and how the sync went."""
    with store.open(f"sqlite:///{tmp_path_factory.mktemp('store')}/real.db") as opened:
        state = read_into(opened, address)
        read_into(opened, address)  # must change nothing
        return plain(opened), state


@pytest.fixture(scope="module")
def tables(landed):
    return landed[0]


def happened(recorded, kind, *names):
    """How often events of these names occurred on items of this kind; the recording ends some hours after `AS_OF`."""
    events = (e for it in recorded if it["kind"] == kind for e in it["events"] if e["e"] in names)
    return Counter(e["e"] for e in events if e["at"] and e["at"] <= AS_OF)


def test_issues_and_pull_requests(tables, recorded):
    kinds = Counter(it["kind"] for it in recorded)
    assert len(tables["issues"]) == kinds["issue"]
    assert len(tables["pull_requests"]) == kinds["pull"]
    assert tables["pull_requests"]["state"].value_counts().to_dict() == dict(
        Counter("merged" if it["merged_at"] else it["state"] for it in recorded if it["kind"] == "pull")
    )


def test_reviews(tables, recorded):
    assert len(tables["reviews"]) == happened(recorded, "pull", "reviewed")["reviewed"]
    expected = Counter(
        e["state"].lower() for it in recorded for e in it["events"] if e["e"] == "reviewed" and it["kind"] == "pull"
    )
    assert tables["reviews"]["state"].value_counts().to_dict() == dict(expected)


def test_comments(tables, recorded):
    assert len(tables["comments"]) == happened(recorded, "pull", "commented")["commented"]


def test_pull_request_events(tables, recorded):
    ours = {"head_ref_force_pushed": "force_pushed", "ready_for_review": "ready", "convert_to_draft": "draft"}
    same = (
        "closed", "reopened", "merged", "milestoned", "demilestoned", "assigned", "unassigned", "labeled", "unlabeled",
        "review_requested", "review_request_removed",
    )  # fmt: skip
    expected = {ours.get(k, k): n for k, n in happened(recorded, "pull", *ours, *same).items()}
    assert tables["pull_request_events"]["kind"].value_counts().to_dict() == expected


def test_milestone_events(tables, recorded):
    events = tables["issue_events"].query("field == 'milestone'")
    expected = happened(recorded, "issue", "milestoned", "demilestoned")
    assert int(events["new"].notna().sum()) == expected["milestoned"]
    assert int(events["old"].notna().sum()) == expected["demilestoned"]


def test_every_milestone_event_names_a_milestone_of_the_repository(tables):
    """The recording has milestones that were renamed up to twice: their events carry five titles that are gone."""
    events = tables["issue_events"].query("field == 'milestone'")
    assert events["new"].fillna(events["old"]).isin(tables["milestones"]["id"]).all()


def test_milestones_are_observed_once_however_often_they_are_synced(tables):
    changes = tables["milestone_changes"]
    assert changes["old"].isna().all()
    assert not changes.duplicated(["milestone", "field"]).any()


def test_milestone_due_dates_are_those_of_the_history(tables):
    latest = {}
    for _seen, number, title, _state, due, _closed, _open, _done, updated in json.loads(HISTORY.read_text("utf-8")):
        if updated <= AS_OF and updated >= latest.get(number, ("",))[0]:
            latest[number] = (updated, title, due)
    found = tables["milestones"].set_index("id")
    for number, (_, title, due) in latest.items():
        row = found.loc[f"github:{PROJECT}/milestones/{number}"]
        assert row["title"] == title
        assert (None if pd.isna(row["due_on"]) else f"{row['due_on']:%Y-%m-%d}") == (due and due[:10])


def test_replaying_an_issue_ends_in_what_it_is_now(tables):
    events, issues = tables["issue_events"], tables["issues"].set_index("id")
    for field in ("status", "status_category"):
        last = events[events["field"] == field].groupby("issue")["new"].last()
        assert (last.reindex(issues.index) == issues[field]).all()


def test_replaying_members_ends_in_the_members_of_now(tables):
    links = {"label": ("issue_labels", "label"), "assignee": ("issue_assignees", "account")}
    for field, (name, column) in (links | {"milestone": ("issue_milestones", "milestone")}).items():
        held, events = set(), tables["issue_events"]
        for row in events[events["field"] == field].itertuples():
            if pd.notna(row.old):
                held.discard((row.issue, row.old))
            if pd.notna(row.new):
                held.add((row.issue, row.new))
        assert held == set(zip(tables[name]["issue"], tables[name][column], strict=True))


@pytest.mark.parametrize("kind", ["issue", "pull"])
def test_ten_records_field_by_field(tables, recorded, kind):
    login = tables["accounts"].set_index("id")["login"].to_dict()
    table = tables["issues" if kind == "issue" else "pull_requests"].set_index("key")
    sample = random.Random(20250331).sample([it for it in recorded if it["kind"] == kind], 10)  # noqa: S311 (not a secret)
    for it in sample:
        row = table.loc[f"{PROJECT}#{it['number']}"]
        assert row["title"] == it["title"]
        assert login[row["author"]] == it["user"]
        assert _instant(row["created_at"]) == it["created_at"]
        assert _instant(row["closed_at"]) == it["closed_at"]
        if kind == "issue":
            _agrees_as_issue(tables, row, it)
        else:
            _agrees_as_pull_request(tables, row, it, login)


def _instant(at):
    return None if pd.isna(at) else f"{at:%Y-%m-%dT%H:%M:%SZ}"


def _of(tables, name, parent, row, column):
    table = tables[name]
    return sorted(table.loc[table[parent] == row["id"], column])


def _agrees_as_issue(tables, row, it):
    category = "dropped" if it["state_reason"] == "not_planned" else "done"
    opened = "active" if it["assignees"] else "todo"
    assert row["status_category"] == (category if it["state"] == "closed" else opened)
    assert _of(tables, "issue_labels", "issue", row, "label") == sorted(it["labels"])
    assert len(_of(tables, "issue_assignees", "issue", row, "account")) == len(it["assignees"])
    numbers = [int(found.rpartition("/")[2]) for found in _of(tables, "issue_milestones", "issue", row, "milestone")]
    assert numbers == ([it["milestone"]["number"]] if it["milestone"] else [])


def _agrees_as_pull_request(tables, row, it, login):
    assert row["state"] == ("merged" if it["merged_at"] else it["state"])
    assert _instant(row["merged_at"]) == it["merged_at"]
    assert bool(row["is_draft"]) == it["draft"]
    assert row["base"] == it["base"]
    assert (row["additions"], row["deletions"], row["changed_files"]) == (
        it["additions"], it["deletions"], it["changed_files"],
    )  # fmt: skip
    assert _of(tables, "pull_request_labels", "pull_request", row, "label") == sorted(it["labels"])
    reviews = tables["reviews"][tables["reviews"]["pull_request"] == row["id"]]
    found = sorted((login[r.author], _instant(r.at), r.state) for r in reviews.itertuples())
    assert found == sorted((e["by"], e["at"], e["state"].lower()) for e in it["events"] if e["e"] == "reviewed")


def test_the_whole_repository_costs_few_requests(landed):
    """1,095 pull requests and 491 issues, with everything they hold."""
    _, state = landed
    assert state.requests <= 55
    assert state.points < 150
    assert state.warnings == []
