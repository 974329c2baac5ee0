"""Searches are read to their ends, and changelogs are whole."""

import pytest

from connectors.jira import changelogs, fields, search
from connectors.jira.client import Client
from fairlead.config import SyncSettings
from fairlead.errors import SourceError
from tests.connectors.jira.house import CONNECTION, Answer, Jira, history, issue, moved

ALL = 'project = "FL" ORDER BY created ASC, key ASC'


def asking(server):
    client = Client(CONNECTION, SyncSettings(), sleep=lambda _: None)
    client._session = server
    client.api = "rest/api/3" if server.is_cloud else "rest/api/2"
    return client


def numbered(n):
    return [
        issue(number, created=f"2024-01-01T{number // 60:02}:{number % 60:02}:00.000+0000")
        for number in range(1, n + 1)
    ]


def listed(pages):
    return [each["id"] for found, _ in pages for each in found]


def test_cloud_gives_a_hundred_at_once_and_all_are_read():
    server = Jira(*numbered(250))
    assert listed(search.of_cloud(asking(server), ALL, ("summary",))) == [str(n) for n in range(1, 251)]
    assert len(server.asked) == 3


def test_data_center_is_read_to_its_total_past_short_pages():
    server = Jira(*numbered(250), is_cloud=False, hidden={"7"})
    found = listed(search.of_server(asking(server), ALL, ("summary",)))
    assert len(found) == 249
    assert found[-1] == "250"
    assert len(server.asked) == 3


def test_a_server_that_gives_less_than_asked_for_is_asked_more_often():
    server = Jira(*numbered(50), is_cloud=False, page=20)
    assert len(listed(search.of_server(asking(server), ALL, ("summary",)))) == 50


def test_an_issue_deleted_between_two_pages_hides_no_other():
    server = Jira(*numbered(250), is_cloud=False)
    pages = search.of_server(asking(server), ALL, ("summary",))
    found = [each["id"] for each in next(pages)[0]]
    del server.issues[0:3]
    found += listed(pages)
    assert set(found) == {str(n) for n in range(1, 251)}


def test_a_token_that_repeats_ends_in_words():
    server = Jira(*numbered(3))
    body = {"issues": [], "nextPageToken": "again"}
    server.faults = [Answer(body) for _ in range(50)]
    with pytest.raises(SourceError, match="again and again"):
        list(search.of_cloud(asking(server), ALL, ("summary",)))
    assert len(server.asked) == 2


def test_the_last_page_needs_no_flag():
    server = Jira()
    server.faults = [Answer({"issues": []})]
    assert listed(search.of_cloud(asking(server), ALL, ("summary",))) == []


def test_the_fields_asked_for_are_the_same_every_time_and_never_changed():
    asked = fields.Fields(points=("customfield_1", "Story Points")).asked()
    before = tuple(asked)
    server = Jira(*numbered(101))
    for _ in range(2):
        list(search.of_cloud(asking(server), ALL, asked))
    assert asked == before
    assert {told["fields"] for _, told in server.asked} == {",".join(before)}
    assert {told["maxResults"] for _, told in server.asked} == {100}


def test_too_heavy_pages_become_smaller():
    server = Jira(*numbered(60), is_cloud=False)
    server.faults = [Answer(status=504, body={})] * 6
    assert len(listed(search.of_server(asking(server), ALL, ("summary",)))) == 60
    assert [told["maxResults"] for _, told in server.asked] == [100] * 6 + [50, 50]


def test_ids_are_listed_by_the_thousands():
    server = Jira(*numbered(250))
    assert len(search.ids(asking(server), ALL, is_cloud=True)) == 250
    assert len(server.asked) == 1


def test_sprints_and_boards_are_read_past_fifty():
    sprints = [{"id": n, "state": "closed"} for n in range(120)]
    server = Jira(boards={"4": {"sprints": sprints}})
    assert len(search.values(asking(server).agile, "board/4/sprint")) == 120


def long(number, n):
    steps = [
        history(number * 1000 + k, f"2024-01-02T{k // 60:02}:{k % 60:02}:00.000+0000", moved(1, 3)) for k in range(n)
    ]
    return issue(number, *steps)


def cut(found):
    """As a search shows it: the newest 40 changes."""
    log = found["changelog"]
    return found | {"changelog": {"total": log["total"], "histories": log["histories"][::-1][:40]}}


def test_140_changes_are_all_there_after_one_request():
    whole = long(7, 140)
    server = Jira(whole, long(8, 41), issue(9))
    shown = [cut(each) for each in server.issues]
    assert changelogs.complete(asking(server), shown) == 0
    assert [len(each["changelog"]["histories"]) for each in shown] == [140, 41, 0]
    assert {each["id"] for each in shown[0]["changelog"]["histories"]} == {
        each["id"] for each in whole["changelog"]["histories"]
    }
    assert server.paths() == ["changelog/bulkfetch"]
    assert server.asked[0][1]["issueIdsOrKeys"] == ["7", "8"]


def test_where_the_bulk_answer_is_short_the_issue_is_asked_by_itself():
    server = Jira(long(7, 140), bulk={"7": []})
    shown = [cut(server.issues[0])]
    assert changelogs.complete(asking(server), shown) == 0
    assert len(shown[0]["changelog"]["histories"]) == 140
    assert server.paths() == ["changelog/bulkfetch", "issue/7/changelog", "issue/7/changelog"]


def test_what_no_answer_shows_is_counted():
    server = Jira(long(7, 60), bulk={"7": []})
    shown = [cut(server.issues[0])]
    shown[0]["changelog"]["total"] = 61
    assert changelogs.complete(asking(server), shown) == 1
    assert len(shown[0]["changelog"]["histories"]) == 60


def test_without_a_total_forty_changes_are_taken_for_cut():
    server = Jira(long(7, 55))
    shown = [cut(server.issues[0])]
    del shown[0]["changelog"]["total"]
    assert changelogs.complete(asking(server), shown) == 0
    assert len(shown[0]["changelog"]["histories"]) == 55


def test_no_change_is_there_twice():
    """The search writes dates as text and the bulk answer as numbers; the change is the same."""
    shown = [cut(long(7, 41))]
    server = Jira(long(7, 41))
    changelogs.complete(asking(server), shown)
    ids = [each["id"] for each in shown[0]["changelog"]["histories"]]
    assert len(ids) == len(set(ids)) == 41


def test_more_than_a_thousand_cut_changelogs_are_asked_for_in_two_requests():
    server = Jira(*(long(number, 41) for number in range(1, 1101)))
    shown = [cut(each) for each in server.issues]
    assert changelogs.complete(asking(server), shown) == 0
    assert server.paths() == ["changelog/bulkfetch"] * 2
