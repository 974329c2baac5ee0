"""Boards are asked by turns, so that a run stays short, and nobody is forgotten."""

from tests.connectors.jira.house import CONNECTION, SPRINT, Answer, Jira, issue, sources
from tests.connectors.jira.shelf import Store
from tests.connectors.jira.story import issues

SITE = "jira:house.atlassian.net"


def sprint(number, board, state="active", **more):
    return {"id": number, "boardId": board, "state": state, "name": f"Sprint {number}"} | more


def house_with_boards(n):
    """Board k has an open sprint 10 k, in which FL-k is, and a closed one."""
    found = issues(n)
    boards = {str(k): {"sprints": [sprint(10 * k, k), sprint(10 * k + 1, k, "closed")]} for k in range(1, n + 1)}
    for k, each in enumerate(found, start=1):
        each["fields"][SPRINT] = [boards[str(k)]["sprints"][0]]
    return Jira(*found, boards=boards)


def asked_for(server):
    return [path for path in server.paths() if path.startswith(("board/", "sprint/"))]


def test_a_first_run_lists_every_board_whole():
    server, store = house_with_boards(5), Store()
    store.sync(sources(server)[0])
    assert asked_for(server) == [f"board/{k}/sprint" for k in range(1, 6)]
    assert len(store.table("milestones")) == 10


def test_later_runs_ask_two_boards_each_and_all_have_their_turn():
    server, store = house_with_boards(5), Store()
    store.sync(sources(server)[0])
    seen = []
    for _ in range(3):
        server.asked.clear()
        store.sync(sources(server)[0])
        assert len(server.asked) == 6
        seen += asked_for(server)
    assert seen == [*(f"board/{k}/sprint" for k in range(1, 6)), "board/1/sprint"]


def test_of_many_boards_none_is_forgotten_and_the_end_of_each_sprint_is_seen():
    server, store = house_with_boards(5), Store()
    store.sync(sources(server)[0])
    for board in server.boards.values():
        board["sprints"][0] |= {"state": "closed", "completeDate": "2024-03-01T11:00:00.000Z"}
    for _ in range(5):
        store.sync(sources(server)[0])
    assert {row["state"] for row in store.table("milestones")} == {"closed"}


def test_a_board_met_later_goes_first_and_is_listed_whole():
    server, store = house_with_boards(5), Store()
    store.sync(sources(server)[0])
    new = [sprint(60, 6), sprint(61, 6, "closed")]
    server.boards["6"] = {"sprints": new}
    server.issues.append(issue(6, created="2024-03-01T12:00:00.000+0000", **{SPRINT: new[:1]}))
    server.asked.clear()
    store.sync(sources(server)[0])
    assert asked_for(server) == ["board/6/sprint", "board/1/sprint"]
    assert f"{SITE}:sprint:61" in {row["id"] for row in store.table("milestones")}


def test_a_deleted_sprint_is_found_by_a_sweep():
    server, store = house_with_boards(2), Store()
    store.sync(sources(server)[0])
    del server.boards["2"]["sprints"][1]
    store.sync(sources(server)[0])
    assert len(store.table("milestones")) == 4
    store.sync(sources(server)[0], is_sweep_due=True)
    (stone,) = store.table("tombstones")
    assert (stone["id"], stone["kind"], stone["reason"]) == (f"{SITE}:sprint:21", "milestones", "deleted")
    assert len(store.table("milestones")) == 3


def test_no_sprint_is_taken_for_deleted_where_a_board_is_hidden_or_lists_nothing():
    server, store = house_with_boards(2), Store()
    store.sync(sources(server)[0])
    original = server.answer
    server.answer = lambda path, told: Answer(status=403, body={}) if "board/2" in path else original(path, told)
    del server.boards["1"]["sprints"][1]
    store.sync(sources(server)[0], is_sweep_due=True)
    assert store.table("tombstones") == []


def test_a_sprint_of_two_projects_is_the_first_ones_by_name_whichever_is_read_last():
    shared = sprint(10, 1)
    more = {"projects": ("FL", "BA"), "milestones": ("sprint",)}
    server = Jira(
        issue(1, **{SPRINT: [shared]}), issue(2, key="BA-1", **{SPRINT: [shared]}), boards={"1": {"sprints": [shared]}}
    )
    store, cursors, owners = Store(), {}, []
    for _ in range(2):
        for source in sources(server, CONNECTION.model_copy(update=more)):
            store.cursors = cursors.setdefault(source.name, {})
            store.sync(source)
            owners.append(store.table("milestones")[0]["project"])
    assert owners == ["FL", "BA", "BA", "BA"]
