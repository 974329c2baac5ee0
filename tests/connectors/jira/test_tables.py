"""Rows of every table, from answers written down by hand."""

import hashlib

from connectors import Page
from connectors.jira import tables
from fairlead.tables import TABLES
from tests.connectors.jira.house import (
    CONNECTION,
    FIELDS,
    POINTS,
    SPRINT,
    Jira,
    history,
    issue,
    moved,
    sources,
    status,
    user,
    utc,
)
from tests.connectors.jira.shelf import Store
from tests.connectors.jira.test_history import ANN, BOB, SITE, reading


def shaped(*issues, **more):
    context = {"meaning": reading(**more), "first_status": "1", "zone": "UTC"}
    return tables.tables([Page("issues", list(issues), context=context)])


def rows(table, *columns):
    return [tuple(None if value != value else value for value in row) for row in table[list(columns)].values.tolist()]  # noqa: PLR0124


def test_an_issue():
    found = issue(
        10042,
        history(1, "2024-01-02T09:00:00.000+0000", moved(1, 5)),
        key="FL-7",
        summary="Roof\n leaks ",
        status=status(5),
        duedate="2024-02-01",
        assignee=user("bob"),
        labels=["roof"],
        fixVersions=[{"id": "90"}],
        timeoriginalestimate=7200,
        timeestimate=0,
        timespent=5400,
        **{POINTS: 3.0},
    )
    (row,) = shaped(found)["issues"].to_dict("records")
    assert row["id"] == f"{SITE}:10042"
    assert (row["key"], row["project"], row["title"]) == ("FL-7", "FL", "Roof leaks")
    assert row["url"] == "https://house.atlassian.net/browse/FL-7"
    assert (row["status"], row["status_category"], row["type"], row["priority"]) == ("Done", "done", "Story", "Major")
    assert (row["estimate"], row["estimated_hours"], row["remaining_hours"], row["spent_hours"]) == (3.0, 2.0, 0.0, 1.5)
    assert (row["created_at"], row["closed_at"]) == (utc("2024-01-01 09:00"), utc("2024-01-02 09:00"))
    assert (row["author"], str(row["due_on"].date())) == (ANN, "2024-02-01")
    made = shaped(found)
    assert rows(made["issue_labels"], "issue", "label") == [(f"{SITE}:10042", "roof")]
    assert rows(made["issue_assignees"], "account") == [(BOB,)]
    assert rows(made["issue_milestones"], "milestone") == [(f"{SITE}:version:90",)]


def test_what_is_absent_is_missing_and_not_zero():
    (row,) = shaped(issue(7))["issues"].to_dict("records")
    assert all(
        row[name] != row[name] for name in ("estimate", "estimated_hours", "spent_hours", "parent", "resolution")
    )


def test_all_tables_of_a_stream_are_given_even_when_they_are_empty():
    made = shaped(issue(7))
    assert set(made) == set(tables.TABLES_OF_STREAM["issues"])
    assert all(list(table.columns) == list(TABLES[name].to_schema().columns) for name, table in made.items())
    assert made["issue_labels"].empty


def test_an_epic_is_a_milestone_with_an_owner():
    epic = issue(
        50, issuetype={"id": "9", "name": "Epic", "hierarchyLevel": 1}, duedate="2024-06-30", assignee=user("bob"),
        summary="New roof",
    )  # fmt: skip
    (row,) = shaped(epic)["milestones"].to_dict("records")
    assert (row["id"], row["kind"], row["title"], row["owner"]) == (f"{SITE}:epic:50", "epic", "New roof", BOB)
    assert (str(row["due_on"].date()), row["state"]) == ("2024-06-30", "open")


def test_on_data_center_an_epic_is_what_has_an_epics_name(is_cloud):
    """Its type may be called anything."""
    label = "customfield_10009"
    schema = {"custom": "com.pyxis.greenhopper.jira:gh-epic-label"}
    theme = {"id": "9", "name": "Thema", "subtask": False}
    server = Jira(issue(50, issuetype=theme, **{label: "Roof"}), issue(51), is_cloud=is_cloud)
    server.fields = [*FIELDS, {"id": label, "name": "Epos-Name", "schema": schema}]
    store = Store()
    store.sync(sources(server)[0])
    assert [row["id"] for row in store.table("milestones")] == [f"{SITE}:epic:50"]


def test_an_epic_that_data_center_names_by_key_is_found():
    found = issue(7, customfield_10003="FL-50")
    made = shaped(found, epics={"FL-50": f"{SITE}:50"})
    assert rows(made["issue_milestones"], "milestone") == [(f"{SITE}:epic:50",)]
    assert rows(made["issues"], "parent") == [(f"{SITE}:50",)]


def test_an_epic_that_nobody_knows_keeps_its_key():
    assert rows(shaped(issue(7, customfield_10003="FL-50"))["issues"], "parent") == [(f"{SITE}:key:FL-50",)]


def test_sprints_of_an_issue():
    found = issue(7, **{SPRINT: [{"id": 12, "name": "One"}, {"id": 13, "name": "Two"}]})
    assert rows(shaped(found)["issue_milestones"], "milestone") == [(f"{SITE}:sprint:12",), (f"{SITE}:sprint:13",)]


def versions(*nodes):
    return tables.tables([Page("versions", list(nodes), context={"meaning": reading()})])["milestones"]


def test_versions():
    made = versions(
        {
            "id": "90",
            "name": "1.0",
            "released": True,
            "archived": False,
            "startDate": "2024-01-01",
            "releaseDate": "2024-02-01",
        },
        {"id": "91", "name": "2.0", "released": False, "archived": False, "releaseDate": "2024-05-01"},
        {"id": "92", "name": "0.9", "released": False, "archived": True},
    )
    assert rows(made, "id", "state") == [
        (f"{SITE}:version:90", "closed"), (f"{SITE}:version:91", "open"), (f"{SITE}:version:92", "closed"),
    ]  # fmt: skip
    assert [str(day)[:10] for day in made["due_on"]] == ["2024-02-01", "2024-05-01", "NaT"]
    assert [str(at)[:10] for at in made["closed_at"]] == ["2024-02-01", "NaT", "NaT"]
    assert made["url"][0] == "https://house.atlassian.net/projects/FL/versions/90"


def kinds(*users):
    made = shaped(*(issue(n, creator=each, reporter=each) for n, each in enumerate(users, start=1)))["accounts"]
    return rows(made, "id", "login", "kind")


def test_people_are_keyed_by_what_renaming_leaves_alone():
    server = {"key": "JIRAUSER10100", "name": "ann", "displayName": "Ann", "active": True}
    assert kinds(user("ann"), server) == [
        (ANN, "acc-ann", "user"),
        (f"{SITE}:JIRAUSER10100", "ann", "user"),
    ]


def test_apps_are_bots():
    assert kinds(user("ci", accountType="app"))[0][2] == "bot"


def test_forgotten_people_are_ghosts_but_not_all_the_same():
    former = user("a", displayName="Former user", active=False)
    renamed = {"key": "JIRAUSER7", "name": "jirauser7", "displayName": "user-57a90", "active": False}
    unknown = {"accountId": "unknown", "displayName": "Former user"}
    assert kinds(former, renamed, unknown) == [
        (f"{SITE}:acc-a", "acc-a", "ghost"),
        (f"{SITE}:JIRAUSER7", "jirauser7", "ghost"),
        (f"{SITE}:ghost", "unknown", "ghost"),
    ]


def test_somebody_who_left_is_still_somebody():
    assert kinds(user("zoe", active=False))[0][2] == "user"


def test_an_issue_whose_author_is_gone_has_none():
    made = shaped(
        issue(7, history(1, "2024-01-02T09:00:00.000+0000", moved(1, 3), by=None), creator=None, reporter=None)
    )
    assert made["issues"]["author"].isna().all()
    assert made["issue_events"]["actor"].isna().all()


def test_of_an_address_only_a_hash_is_kept():
    made = shaped(issue(7, creator=user("ann", emailAddress="Ann@Example.org ")))
    assert made["accounts"]["email_hash"][0] == hashlib.sha256(b"ann@example.org").hexdigest()
    assert not made["accounts"].astype("str").apply(lambda column: column.str.contains("@")).any(axis=None)


def test_statuses_say_who_says_what_they_mean():
    connection = CONNECTION.model_copy(update={"statuses": {"in progress": "todo", "5": "active"}})
    page = Page("issues", [], context={"meaning": reading(connection)})
    assert rows(tables.tables([page])["statuses"], "id", "name", "category", "said_by") == [
        (f"{SITE}:status:1", "To Do", "todo", "source"),
        (f"{SITE}:status:3", "In Progress", "todo", "settings"),
        (f"{SITE}:status:5", "Done", "active", "settings"),
    ]


def test_rows_do_not_depend_on_how_issues_come_in_pages():
    issues = [
        issue(n, history(n, f"2024-01-{n + 1:02}T09:00:00.000+0000", moved(1, 3)), status=status(3))
        for n in range(1, 9)
    ]
    context = {"meaning": reading(), "first_status": "1"}
    pages = [Page("issues", [each], context=context) for each in issues]
    one, many = tables.tables(pages), shaped(*issues)
    assert all(one[name].equals(many[name]) for name in many)
