"""A project with issues that change, and a store that a clean run has filled."""

from tests.connectors.jira.house import CONNECTION, EPIC, SPRINT, Jira, history, issue, item, sources
from tests.connectors.jira.shelf import Store


def at(minutes):
    return f"2024-01-{1 + minutes // 1440:02}T{minutes // 60 % 24:02}:{minutes % 60:02}:00.000+0000"


def issues(n):
    return [issue(k, created=at(k), labels=[f"l{k}"]) for k in range(1, n + 1)]


def change(server, number, when, *items, **fields):
    """An issue changes, as Jira would have it."""
    found = next(each for each in server.issues if each["id"] == str(number))
    found["fields"] |= fields | {"updated": when}
    found["changelog"]["histories"].append(history(number * 100 + len(server.asked), when, *items))
    found["changelog"]["total"] += 1


def redefine(server, number, category):
    """A status means something else from now on, in all answers."""
    told = {each["id"]: each for each in server.statuses}
    told[number] = told[number] | {"statusCategory": {"key": category}}
    server.statuses = list(told.values())
    for each in server.issues:
        each["fields"]["status"] = told[each["fields"]["status"]["id"]]


def clean(server, connection=CONNECTION, **state):
    store = Store()
    store.sync(sources(server, connection)[0], **state)
    return store.snapshot()


def house_with_everything(*, is_cloud):
    sprint = {"id": 12, "boardId": 4, "state": "active", "name": "One", "endDate": "2024-03-08T22:00:00.000Z"}
    planned = {"id": 13, "originBoardId": 4, "state": "future", "name": "Two"}
    server = Jira(*issues(50), is_cloud=is_cloud, page=20, boards={"4": {"sprints": [sprint, planned]}})
    server.versions = [{"id": "90", "name": "1.0", "releaseDate": "2024-04-01"}]
    server.issues[0]["fields"] |= {"issuetype": {"id": "9", "name": "Epic", "subtask": False}}
    server.issues[20]["fields"] |= {EPIC: "FL-1", SPRINT: [sprint]}
    server.issues[30]["fields"] |= {EPIC: "OPS-404"}
    gone = item("status", "77", "1", ("Somewhen", "To Do"))
    server.issues[40]["changelog"] = {"total": 1, "histories": [history(9, at(40), gone)]}
    return server
