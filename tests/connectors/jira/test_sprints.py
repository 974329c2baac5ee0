"""Sprints in both forms, and what becomes of them."""

from zoneinfo import ZoneInfo

import pytest

from connectors.jira import sprints
from tests.connectors.jira.test_history import reading

PRINTED = (
    "com.atlassian.greenhopper.service.sprint.Sprint@1f3c[id={id},rapidViewId=4,state={state},name={name},"
    "goal=keep, it [dry],startDate=2024-01-08T09:00:00.000-05:00,endDate=2024-01-19T22:00:00.000-05:00,"
    "completeDate={complete},sequence=12]"
)


@pytest.mark.parametrize(
    "name", ["Sprint 3", "Harbour, part 2", "Roof [north], 2024", "a=b, id=9", "x]y", "2015 Sprint 3 API", ","]
)
def test_a_printed_sprint_keeps_its_name_whatever_is_in_it(name):
    (found,) = sprints.of_field([PRINTED.format(id=12, state="ACTIVE", name=name, complete="<null>")])
    assert found["id"] == "12"
    assert found["name"] == name
    assert found["state"] == "active"
    assert found["boardId"] == "4"
    assert found["endDate"] == "2024-01-19T22:00:00.000-05:00"
    assert "completeDate" not in found


def test_an_older_server_prints_no_goal():
    text = (
        "com.x.Sprint@7[id=1,rapidViewId=2,state=CLOSED,name=One,startDate=<null>,endDate=<null>,completeDate=<null>]"
    )
    (found,) = sprints.of_field(text)
    assert (found["id"], found["name"], found["state"]) == ("1", "One", "closed")


@pytest.mark.parametrize("empty", [None, [], "", ["nonsense"], [None]])
def test_no_sprint(empty):
    assert sprints.of_field(empty) == []


def test_both_forms_become_the_same_row():
    printed = PRINTED.format(id=12, state="CLOSED", name="One", complete="2024-01-20T10:00:00.000-05:00")
    shown = {
        "id": 12,
        "boardId": 4,
        "state": "closed",
        "name": "One",
        "startDate": "2024-01-08T14:00:00.000Z",
        "endDate": "2024-01-20T03:00:00.000Z",
        "completeDate": "2024-01-20T15:00:00.000Z",
    }
    rows = [
        sprints.row(*sprints.of_field([each]), reading(), ZoneInfo("America/New_York"), "FL")
        for each in (printed, shown)
    ]
    assert rows[0] == rows[1]
    assert rows[0]["id"] == "jira:house.atlassian.net:sprint:12"
    assert (rows[0]["start_on"], rows[0]["due_on"], rows[0]["state"]) == ("2024-01-08", "2024-01-19", "closed")
    assert rows[0]["closed_at"].isoformat() == "2024-01-20T15:00:00+00:00"
    assert rows[0]["url"].endswith("rapidView=4")
