"""What lands in the tables equals a recorded Jira, read through a replay of Cloud's and Data Center's API.

Runs only where `FAIRLEAD_REPLAY` names a folder that holds `replay/serve.py` and `data/`, as nothing of them is ours
to ship. The oracle reads the recording itself, in plain loops.
"""

import gzip
import json
import os
import random
import urllib.request
from collections import Counter

import pytest

from connectors.jira import JiraLane
from fairlead.config import JiraConnection, SyncSettings
from tests.connectors.jira.house import instant
from tests.connectors.jira.shelf import Store
from tests.connectors.replaying import HOME, serving

RECORDING = HOME / "data" / "duraspace-jira.jsonl.gz"
PROJECTS = ("FCREPO", "DURACLOUD", "DS")
THOUSAND = "FCREPO"

pytestmark = pytest.mark.skipif(not RECORDING.is_file(), reason="FAIRLEAD_REPLAY names no recording")


@pytest.fixture(scope="module")
def recorded():
    with gzip.open(RECORDING, "rt", encoding="utf-8") as lines:
        found = [json.loads(line) for line in lines]
    return {each["key"]: each for each in found if each["project"] in PROJECTS}


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("schema"), "--jira", str(RECORDING)) as found:
        yield found


def control(address, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    asked = urllib.request.Request(f"{address}/_replay/{path}", data, {"Content-Type": "application/json"})  # noqa: S310
    with urllib.request.urlopen(asked) as answer:  # noqa: S310 (our own server)
        return json.load(answer)


def sync(address, flavour, store, projects=PROJECTS, cursors=None):
    """Requests by project, as the server counts them."""
    connection = JiraConnection(
        url=f"{address}/{flavour}", projects=projects, user_env="HOUSE_USER", token_env="HOUSE_TOKEN"  # noqa: S106
    )  # fmt: skip
    counts = {}
    for source in JiraLane(connection, SyncSettings()).sources():
        control(address, "reset", {})
        store.cursors = (cursors if cursors is not None else {}).setdefault(source.name, {})
        store.sync(source)
        counts[source.name.split()[1]] = control(address, "stats")["requests"]
    return counts


@pytest.fixture(scope="module", params=["cloud", "server"])
def landed(request, address):
    os.environ |= {"HOUSE_USER": "reader", "HOUSE_TOKEN": "any"}
    store = Store()
    return store, sync(address, request.param, store), request.param


def keyed(store):
    return {row["key"]: row for row in store.table("issues")}


def events(store):
    found = {}
    for row in sorted(store.table("issue_events"), key=lambda row: (row["issue"], row["seq"])):
        found.setdefault(row["issue"], []).append(row)
    return found


def test_a_thousand_issues_cost_few_requests(landed):
    _, counts, flavour = landed
    assert counts[THOUSAND] <= {"cloud": 14, "server": 22}[flavour]


def test_a_second_run_costs_four_requests_and_ten_changes_no_more(address, landed):
    _, _, flavour = landed
    store, cursors = Store(), {}
    sync(address, flavour, store, (THOUSAND,), cursors)
    before = store.snapshot()
    assert sync(address, flavour, store, (THOUSAND,), cursors)[THOUSAND] <= 6
    assert store.snapshot() == before
    keys = sorted(row["key"] for row in store.table("issues"))[:10]
    for key in keys:
        control(address, "edit", {"key": key, "set": {"status": "In Progress"}, "at": "2025-06-01T00:00:00Z"})
    try:
        assert sync(address, flavour, store, (THOUSAND,), cursors)[THOUSAND] <= 8
        assert {keyed(store)[key]["status"] for key in keys} == {"In Progress"}
        clean = Store()
        sync(address, flavour, clean, (THOUSAND,))
        assert store.snapshot() == clean.snapshot()
    finally:
        control(address, "reset", {"data": True})


def test_every_issue_is_there(landed, recorded):
    store = landed[0]
    assert set(keyed(store)) == set(recorded)
    assert Counter(row["status"] for row in store.table("issues")) == Counter(it["status"] for it in recorded.values())
    assert Counter(row["type"] for row in store.table("issues")) == Counter(it["type"] for it in recorded.values())


def test_every_change_of_status_is_there(landed, recorded):
    """Nothing is left out and nothing made up: the recording's changes of status have no gaps."""
    changed = (row for row in landed[0].table("issue_events") if row["field"] == "status" and absent(row["old"]))
    expected = Counter(
        (old, new)
        for it in recorded.values()
        for change in it["history"]
        for field, old, new in whole(change)
        if field == "status" and old != new
    )
    assert Counter((row["old"], row["new"]) for row in changed) == expected


def whole(change):
    return [item for item in change["items"] if len(item) == 3]


def test_the_history_of_ten_issues_field_by_field(landed, recorded):
    store = landed[0]
    longest = sorted(recorded.values(), key=lambda it: -len(it["history"]))[:40]
    for it in random.Random(3).sample(longest, 10):  # noqa: S311
        told = events(store)[keyed(store)[it["key"]]["id"]]
        changes = sorted(it["history"], key=lambda change: instant(change["at"]))
        for field, name in (("status", "status"), ("priority", "priority"), ("resolution", "resolution")):
            expected = [
                (instant(change["at"]), old or None, new or None)
                for change in changes
                for what, old, new in whole(change)
                if what == name and old != new
            ]
            created = instant(it["created"])
            shown = [
                (row["at"].to_pydatetime(), absent(row["old"]), absent(row["new"]))
                for row in told
                if row["field"] == field and row["at"] > created and row["actor"] == row["actor"]
            ]
            assert shown == expected, (it["key"], field)


def absent(value):
    return None if value != value else value  # noqa: PLR0124


def test_replaying_an_issue_ends_in_what_it_is(landed):
    """A plain loop over every event of every issue."""
    store = landed[0]
    labels, milestones, people = ({} for _ in range(3))
    for table, column, into in (
        ("issue_labels", "label", labels),
        ("issue_milestones", "milestone", milestones),
        ("issue_assignees", "account", people),
    ):
        for row in store.table(table):
            into.setdefault(row["issue"], set()).add(row[column])
    told = events(store)
    for row in store.table("issues"):
        one, many = {}, {"label": set(), "milestone": set(), "assignee": set(), "blocked_by": set()}
        for event in told[row["id"]]:
            old, new = absent(event["old"]), absent(event["new"])
            if event["field"] in many:
                many[event["field"]] = (many[event["field"]] - {old}) | ({new} - {None})
            else:
                assert event["field"] == "key" or one.get(event["field"]) == old
                one[event["field"]] = new
        assert many["label"] == labels.get(row["id"], set())
        assert many["milestone"] == milestones.get(row["id"], set())
        assert many["assignee"] == people.get(row["id"], set())
        assert [
            one.get(name) for name in ("status", "status_category", "type", "priority", "resolution", "parent")
        ] == [absent(row[name]) for name in ("status", "status_category", "type", "priority", "resolution", "parent")]


def test_versions(landed, recorded):
    expected = {(it["project"], version["name"]) for it in recorded.values() for version in it["fixVersions"]}
    found = {(row["project"], row["title"]) for row in landed[0].table("milestones") if row["kind"] == "version"}
    assert expected <= found
    held = Counter(it["key"] for it in recorded.values() for _ in it["fixVersions"])
    keys = {row["id"]: row["key"] for row in landed[0].table("issues")}
    shown = (row for row in landed[0].table("issue_milestones") if ":version:" in row["milestone"])
    assert Counter(keys[row["issue"]] for row in shown) == held


def test_moved_issues_tell_their_old_keys(landed, recorded):
    expected = Counter(
        old for it in recorded.values() for c in it["history"] for what, old, _ in whole(c) if what == "Key"
    )
    assert Counter(row["old"] for row in landed[0].table("issue_events") if row["field"] == "key") == expected
