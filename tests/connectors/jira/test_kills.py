"""However a run ends, the next one makes the store equal to a clean one."""

import pytest

from tests.connectors.jira.house import Jira, moved, sources, status, utc
from tests.connectors.jira.shelf import Store
from tests.connectors.jira.story import change, clean, house_with_everything, issues, redefine


@pytest.mark.parametrize("pages", range(8))
def test_killed_after_any_page_the_next_run_ends_equal_to_a_clean_one(is_cloud, pages):
    server, store = house_with_everything(is_cloud=is_cloud), Store()
    store.sync(sources(server)[0], pages=pages)
    server.now = "2024-03-01T15:00:00.000+0000"
    store.sync(sources(server)[0])
    assert store.snapshot() == clean(server)


def test_what_was_read_before_a_kill_is_as_of_then():
    server, store = Jira(*issues(250)), Store()
    store.sync(sources(server)[0], pages=4)
    server.now = "2024-03-01T15:00:00.000+0000"
    assert store.sync(sources(server)[0]).watermark == utc("2024-03-01 12:00")
    assert store.sync(sources(server)[0]).watermark == utc("2024-03-01 15:00")


@pytest.mark.parametrize("pages", range(6))
def test_killed_while_reading_changes_the_next_run_ends_equal_to_a_clean_one(is_cloud, pages):
    server, store = house_with_everything(is_cloud=is_cloud), Store()
    store.sync(sources(server)[0])
    for number in range(1, 31):
        change(server, number, "2024-03-01T13:00:00.000+0000", moved(1, 3), status=status(3))
    server.now = "2024-03-01T14:00:00.000+0000"
    store.sync(sources(server)[0], pages=pages)
    server.now = "2024-03-01T15:00:00.000+0000"
    store.sync(sources(server)[0])
    assert store.snapshot() == clean(server)


def test_killed_after_a_status_was_redefined_everything_is_still_read_again():
    server, store = Jira(*issues(30)), Store()
    store.sync(sources(server)[0])
    redefine(server, "1", "indeterminate")
    store.sync(sources(server)[0], pages=2)
    store.sync(sources(server)[0])
    assert {row["status_category"] for row in store.table("issues")} == {"active"}
