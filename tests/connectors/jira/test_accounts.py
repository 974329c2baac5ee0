"""Everybody whom an event names has a row, also those whom only a change names."""

from tests.connectors.jira.house import Jira, history, issue, item, sources, user
from tests.connectors.jira.shelf import Store
from tests.connectors.jira.story import change, clean

SITE = "jira:house.atlassian.net"


def given(old, new, *, names=(None, None)):
    return item("assignee", old and f"acc-{old}", new and f"acc-{new}", names)


def accounts(store):
    return {
        row["id"].rpartition("acc-")[2]: (row["login"], row["name"], row["kind"]) for row in store.table("accounts")
    }


def test_a_past_assignee_has_a_row_with_the_name_the_change_tells():
    passed = history(1, "2024-01-02T09:00:00.000+0000", given("zoe", "bob", names=("Zoe Zimt", "Bob")))
    server, store = Jira(issue(7, passed, assignee=user("bob"))), Store()
    store.sync(sources(server)[0])
    assert accounts(store) == {
        "ann": ("acc-ann", "Ann", "user"), "bob": ("acc-bob", "Bob", "user"), "zoe": ("acc-zoe", "Zoe Zimt", "user"),
    }  # fmt: skip


def test_of_two_names_the_later_counts():
    first = history(1, "2024-01-02T09:00:00.000+0000", given(None, "zoe", names=(None, "Zoe Zimt")))
    later = history(2, "2024-01-03T09:00:00.000+0000", given("zoe", None, names=("Zoe Anis", None)))
    store = Store()
    store.sync(sources(Jira(issue(7, later, first)))[0])
    assert accounts(store)["zoe"][1] == "Zoe Anis"


def test_who_is_known_whole_stays_so_whatever_comes_later(is_cloud):
    """Zoe reports FL-1 with an address; FL-2, on the next page and changed in the next run, names her only."""
    whole = user("zoe", emailAddress="zoe@example.org")
    named = history(1, "2024-01-02T09:00:00.000+0000", given("zoe", None, names=("Z.", None)))
    server = Jira(issue(1, reporter=whole), issue(2, named), is_cloud=is_cloud, page=1)
    store = Store()
    store.sync(sources(server)[0])
    change(server, 2, "2024-03-01T13:00:00.000+0000", given(None, "zoe", names=(None, "Z.")), given("zoe", None))
    store.sync(sources(server)[0])
    assert accounts(store)["zoe"] == ("acc-zoe", "Zoe", "user")
    assert store.snapshot() == clean(server)


def test_who_is_shown_whole_later_becomes_so():
    named = history(1, "2024-01-02T09:00:00.000+0000", given("zoe", None, names=("Z.", None)))
    server, store = Jira(issue(1, named), issue(2, reporter=user("zoe")), page=1), Store()
    store.sync(sources(server)[0])
    assert accounts(store)["zoe"] == ("acc-zoe", "Zoe", "user")


def test_an_account_whose_id_holds_a_colon_is_called_by_all_of_it():
    told = item("assignee", "557058:f1-zoe", None, ("Zoe Zimt", None))
    store = Store()
    store.sync(sources(Jira(issue(7, history(1, "2024-01-02T09:00:00.000+0000", told))))[0])
    assert [row["login"] for row in store.table("accounts") if row["name"] == "Zoe Zimt"] == ["557058:f1-zoe"]


def test_a_change_that_names_nobody_or_somebody_forgotten():
    nameless = history(
        1, "2024-01-02T09:00:00.000+0000", given("yan", None), given("zoe", None, names=("Former user", None))
    )
    store = Store()
    store.sync(sources(Jira(issue(7, nameless)))[0])
    assert accounts(store) == {"ann": ("acc-ann", "Ann", "user"), "zoe": ("acc-zoe", "Former user", "ghost")}
    assert all(row["id"].startswith(SITE) for row in store.table("accounts"))
