"""An issue's past: from what it was at creation, change by change, to what it is now."""

from dataclasses import replace

import pytest

from connectors.jira import changes, fields, meaning
from connectors.jira.history import past
from connectors.jira.meaning import Meaning, instant
from tests.connectors.jira.house import (
    CONNECTION,
    EPIC,
    FIELDS,
    FLAGGED,
    POINTS,
    SPRINT,
    STATUSES,
    history,
    issue,
    item,
    moved,
    status,
    user,
)

ANN, BOB = "jira:house.atlassian.net:acc-ann", "jira:house.atlassian.net:acc-bob"
SITE = "jira:house.atlassian.net"


def reading(connection=CONNECTION, **more):
    found = fields.discovered(FIELDS, connection)
    found = replace(found, points=(POINTS, "Story Points"))
    return Meaning(
        site="house.atlassian.net",
        link="https://house.atlassian.net",
        project="FL",
        fields=found,
        statuses={each["id"]: meaning.said(each, connection) for each in STATUSES},
        dropped=frozenset({"won't do"}),
        kinds=frozenset(connection.milestones),
        **more,
    )


def told(found, field=None, sense=None):
    """The rows as (day and hour, actor, field, old, new)."""
    sense = sense or reading()
    rows = past(found, sense, changes.fields_of_items(sense), first_status="1").told
    shown = [
        (f"{at:%m-%d %H}", who and who.rpartition("acc-")[2], what, old, new) for at, _, who, what, old, new in rows
    ]
    return [row for row in shown if field is None or row[2] == field]


def test_an_issue_without_changes_tells_what_it_was_created_as():
    found = issue(7, assignee=user("bob"), labels=["roof"], fixVersions=[{"id": "90"}], duedate="2024-02-01")
    assert told(found) == [
        ("01-01 09", "ann", "status", None, "To Do"),
        ("01-01 09", "ann", "type", None, "Story"),
        ("01-01 09", "ann", "priority", None, "Major"),
        ("01-01 09", "ann", "assignee", None, BOB),
        ("01-01 09", "ann", "due", None, "2024-02-01"),
        ("01-01 09", "ann", "label", None, "roof"),
        ("01-01 09", "ann", "milestone", None, f"{SITE}:version:90"),
        ("01-01 09", "ann", "status_category", None, "todo"),
    ]


def test_status_is_replayed_from_the_first_to_the_last():
    done = issue(
        7,
        history(1, "2024-01-02T09:00:00.000+0000", moved(1, 3)),
        history(2, "2024-01-05T09:00:00.000+0000", moved(3, 5), by="bob"),
        status=status(5),
    )
    assert told(done, "status") == [
        ("01-01 09", "ann", "status", None, "To Do"),
        ("01-02 09", "ann", "status", "To Do", "In Progress"),
        ("01-05 09", "bob", "status", "In Progress", "Done"),
    ]
    assert [row[3:] for row in told(done, "status_category")] == [
        (None, "todo"),
        ("todo", "active"),
        ("active", "done"),
    ]


def test_a_renamed_status_is_the_same_status():
    """The changelog says `Coding` and `Fertig`; the ids are those of In Progress and Done."""
    old = item("status", "1", "3", ("Open", "Coding"))
    end = item("status", "3", "5", ("Coding", "Fertig"))
    done = issue(
        7,
        history(1, "2024-01-02T09:00:00.000+0000", old),
        history(2, "2024-01-03T09:00:00.000+0000", end),
        status=status(5),
    )
    assert [row[4] for row in told(done, "status")] == ["To Do", "In Progress", "Done"]
    assert [row[4] for row in told(done, "status_category")] == ["todo", "active", "done"]


def test_closed_with_a_resolution_that_means_nothing_was_done_is_dropped_at_once():
    both = history(
        1,
        "2024-01-02T09:00:00.000+0000",
        moved(1, 5),
        item("resolution", None, "20", (None, "Won't Do")),
    )
    dropped = issue(7, both, status=status(5), resolution={"id": "20", "name": "Won't Do"})
    assert [row[3:] for row in told(dropped, "status_category")] == [(None, "todo"), ("todo", "dropped")]
    assert past(dropped, reading(), changes.fields_of_items(reading())).closed_at == instant("2024-01-02T09:00:00Z")


def test_closing_counts_from_the_last_time():
    times = [(1, 5), (5, 3), (3, 5)]
    reopened = issue(
        7,
        *(history(n, f"2024-01-0{n + 1}T09:00:00.000+0000", moved(*pair)) for n, pair in enumerate(times, start=1)),
        status=status(5),
    )
    assert past(reopened, reading(), changes.fields_of_items(reading())).closed_at == instant("2024-01-04T09:00:00Z")


def test_changes_may_come_newest_first_and_from_other_time_zones():
    """Half past one in Kolkata is before ten in the evening the day before in New York."""
    first = history(1, "2024-01-03T01:30:00.000+0530", moved(1, 3))
    second = history(2, "2024-01-02T22:00:00.000-0500", moved(3, 5))
    assert told(issue(7, second, first, status=status(5)), "status")[1:] == [
        ("01-02 20", "ann", "status", "To Do", "In Progress"),
        ("01-03 03", "ann", "status", "In Progress", "Done"),
    ]


@pytest.mark.parametrize("written", ["2024-01-02T09:00:00.000+0000", 1704186000, 1704186000000, "1704186000000"])
def test_an_instant_may_be_text_seconds_or_milliseconds(written):
    assert instant(written).isoformat() == "2024-01-02T09:00:00+00:00"


def test_every_kind_of_change_has_its_word():
    changed = history(
        1,
        "2024-01-02T09:00:00.000+0000",
        item("assignee", "acc-ann", "acc-bob", ("Ann", "Bob")),
        item("priority", "2", "1", ("Major", "Blocker")),
        item("issuetype", "10", "11", ("Story", "Bug")),
        item("duedate", "2024-02-01", "2024-02-09", ("2024-02-01 00:00:00.0", "2024-02-09 00:00:00.0")),
        item("labels", None, None, ("roof wet", "roof dry")),
        item(POINTS, None, None, ("3", "5.5"), field="Story Points"),
        item(FLAGGED, None, "[10019]", ("", "Impediment"), field="Flagged"),
        item("Key", None, None, ("OPS-3", "FL-7"), fieldId=None),
        item("description", None, None, ("a", "b")),
    )
    after = issue(
        7,
        changed,
        assignee=user("bob"),
        priority={"id": "1", "name": "Blocker"},
        issuetype={"id": "11", "name": "Bug"},
        duedate="2024-02-09",
        labels=["roof", "dry"],
        **{POINTS: 5.5, FLAGGED: [{"id": "10019", "value": "Impediment"}]},
    )
    assert [row[2:] for row in told(after) if row[0] == "01-02 09"] == [
        ("key", "OPS-3", "FL-7"),
        ("type", "Story", "Bug"),
        ("priority", "Major", "Blocker"),
        ("assignee", ANN, None),
        ("assignee", None, BOB),
        ("estimate", "3", "5.5"),
        ("due", "2024-02-01", "2024-02-09"),
        ("blocked", None, "Impediment"),
        ("label", "wet", None),
        ("label", None, "dry"),
    ]
    began = {row[2]: row[4] for row in told(after) if row[0] == "01-01 09" and row[2] != "label"}
    assert began["estimate"] == "3"
    assert began["assignee"] == ANN
    assert "blocked" not in began
    assert [row[4] for row in told(after, "label") if row[0] == "01-01 09"] == ["roof", "wet"]


def test_older_servers_name_fields_by_name_only():
    points = item(None, None, None, (None, "3"), field="Story Points")
    version = item(None, None, "90", (None, "1.0"), field="Fix Version")
    after = issue(
        7, history(1, "2024-01-02T09:00:00.000+0000", points, version), fixVersions=[{"id": "90"}], **{POINTS: 3}
    )
    assert [row[2:] for row in told(after) if row[0] == "01-02 09"] == [
        ("estimate", None, "3"),
        ("milestone", None, f"{SITE}:version:90"),
    ]


def test_sprints_are_told_as_whole_lists_and_become_single_changes():
    moves = history(1, "2024-01-02T09:00:00.000+0000", item(SPRINT, "12", "12, 13", ("S 12", "S 12, S 13")))
    after = issue(7, moves, **{SPRINT: [{"id": 12, "name": "S 12"}, {"id": 13, "name": "S 13"}]})
    assert told(after, "milestone") == [
        ("01-01 09", "ann", "milestone", None, f"{SITE}:sprint:12"),
        ("01-02 09", "ann", "milestone", None, f"{SITE}:sprint:13"),
    ]


def test_an_epic_is_parent_and_milestone_at_once():
    linked = history(1, "2024-01-02T09:00:00.000+0000", item("IssueParentAssociation", None, "50", (None, "FL-50")))
    twice = item(EPIC, None, "50", ("", "FL-50"), field="Epic Link")
    linked["items"].append(twice)
    after = issue(7, linked, parent={"id": "50", "key": "FL-50", "fields": {"issuetype": {"hierarchyLevel": 1}}})
    assert [row[2:] for row in told(after) if row[0] == "01-02 09"] == [
        ("parent", None, f"{SITE}:50"),
        ("milestone", None, f"{SITE}:epic:50"),
    ]


def test_the_parent_of_a_subtask_is_no_milestone():
    part = issue(7, issuetype={"id": "5", "name": "Sub-task", "subtask": True}, parent={"id": "6", "key": "FL-6"})
    assert told(part, "milestone") == []
    assert told(part, "parent") == [("01-01 09", "ann", "parent", None, f"{SITE}:6")]


def test_milestones_of_a_kind_can_be_left_out():
    connection = CONNECTION.model_copy(update={"milestones": ("epic",)})
    found = issue(7, fixVersions=[{"id": "90"}])
    assert told(found, "milestone", reading(connection)) == []


def test_what_left_no_trace_is_added_without_actor_at_the_last_instant():
    """Version 91 was deleted and label `dry` set by an import; the last word came on the third."""
    added = history(1, "2024-01-02T09:00:00.000+0000", item("fixVersions", None, "91", (None, "gone")))
    seen = history(2, "2024-01-03T09:00:00.000+0000", moved(1, 3))
    found = issue(7, added, seen, status=status(5), labels=["dry"], resolutiondate="2024-01-03T08:00:00.000+0000")
    assert told(found, "milestone")[-1] == ("01-03 09", None, "milestone", f"{SITE}:version:91", None)
    assert told(found, "status")[-1] == ("01-03 09", None, "status", "In Progress", "Done")
    assert told(found, "status_category")[-1] == ("01-03 09", None, "status_category", "active", "done")


def test_a_gap_between_two_changes_is_filled_before_the_second():
    gap = [
        history(1, "2024-01-02T09:00:00.000+0000", moved(1, 3)),
        history(2, "2024-01-05T09:00:00.000+0000", moved(1, 5)),
    ]
    assert told(issue(7, *gap, status=status(5)), "status")[1:] == [
        ("01-02 09", "ann", "status", "To Do", "In Progress"),
        ("01-05 09", None, "status", "In Progress", "To Do"),
        ("01-05 09", "ann", "status", "To Do", "Done"),
    ]


def test_a_closed_issue_without_history_was_open_until_it_was_resolved():
    found = issue(
        7, status=status(5), resolution={"id": "21", "name": "Done"}, resolutiondate="2024-01-20T09:00:00.000+0000"
    )
    assert told(found, "status") == [
        ("01-01 09", "ann", "status", None, "To Do"),
        ("01-20 09", None, "status", "To Do", "Done"),
    ]
    assert past(found, reading(), changes.fields_of_items(reading()), first_status="1").is_supposed


def test_replaying_ends_in_what_the_issue_is_now_whatever_was_told():
    """A plain loop over the rows, for an issue whose changelog contradicts itself in every field."""
    wild = [
        history(3, "2024-01-04T09:00:00.000+0000", moved(5, 1), item("labels", None, None, ("a b", "c"))),
        history(1, "2024-01-02T09:00:00.000+0000", item("assignee", "acc-zoe", None, ("Zoe", None)), moved(3, 5)),
        history(2, "2024-01-02T09:00:00.000+0000", item("fixVersions", "1", None), item("fixVersions", None, "2")),
    ]
    found = issue(7, *wild, status=status(3), labels=["b", "d"], fixVersions=[{"id": "1"}], assignee=user("bob"))
    one, many = {}, {"assignee": set(), "label": set(), "milestone": set()}
    for _, _, field, old, new in told(found):
        if field in many:
            assert (old is None) != (new is None)
            many[field] = (many[field] - {old}) | ({new} - {None})
        else:
            assert one.get(field) == old
            one[field] = new
    assert many == {"assignee": {BOB}, "label": {"b", "d"}, "milestone": {f"{SITE}:version:1"}}
    assert (one["status"], one["status_category"]) == ("In Progress", "active")


def test_rows_never_go_back_in_time():
    early = history(1, "2023-12-01T09:00:00.000+0000", moved(1, 3))
    rows = told(issue(7, early, status=status(3), updated="2024-01-01T09:00:00.000+0000"))
    assert [row[0] for row in rows] == sorted(row[0] for row in rows)
