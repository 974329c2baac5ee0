"""Reading a recorded repository again and again: at other dates, changed, with parts deleted, and beset by faults."""

import time

from tests.connectors.github import replay
from tests.connectors.github.replay import AS_OF, PROJECT, agree, control, plain, read_into

pytestmark = replay.needed


def test_a_thousand_pull_requests_cost_no_more_than_45_requests(server, new):
    control(server, "reset")
    read_into(new(), server)
    asked = control(server, "stats")["graphql_operations"]
    assert sum(asked.values()) - asked["Issues"] <= 45


def test_nothing_new_costs_four_requests_and_ten_changed_items_no_more_than_two_besides(server, new):
    held, clean = new(), new()
    read_into(held, server)
    unchanged = read_into(held, server).requests
    assert unchanged <= 4
    for number in (600, 601, 700, 701, 800, 801, 900, 901, 1000, 1001):
        control(server, "edit", key=f"{PROJECT}#{number}", set={"labels": ["edited"]}, at=AS_OF)
    assert read_into(held, server).requests <= unchanged + 2
    read_into(clean, server)
    agree(held, clean)
    n_edited = sum((plain(held)[name]["label"] == "edited").sum() for name in ("issue_labels", "pull_request_labels"))
    assert n_edited == 10


def test_syncs_at_several_dates_end_equal_to_a_clean_one(server, new):
    held, clean = new(), new()
    for date in ("2023-01-01T00:00:00Z", "2024-06-01T00:00:00Z", AS_OF):
        control(server, "clock", now=date)
        read_into(held, server)
    read_into(clean, server)
    agree(held, clean)


def test_what_was_deleted_is_found_by_a_sweep(server, new):
    held, clean = new(), new()
    read_into(held, server)
    for number in (600, 601):
        control(server, "delete", key=f"{PROJECT}#{number}")
    read_into(held, server)
    assert held.read().tombstones.empty
    read_into(held, server, is_sweep=True)
    stones = plain(held)["tombstones"].set_index("id")["reason"].to_dict()
    assert stones == {f"github:{PROJECT}#600": "deleted", f"github:{PROJECT}#601": "deleted"}
    read_into(clean, server)
    agree(held, clean)


def test_a_sync_beset_by_faults_ends_equal_to_a_clean_one(server, new):
    held, clean, slept = new(), new(), []

    def doze(seconds):
        slept.append(seconds)
        # Long enough for a secondary limit, which a slow machine's smaller pages run into, to be over after a few naps.
        time.sleep(min(seconds, 0.3))

    read_into(clean, server)
    rates = "502=0.05,timeout=0.01,truncate=0.02,429=0.05,html=0.01,partial=0.03"
    control(server, "faults", spec=f"{rates},secondary=200,hang_s=1,secondary_wait=1")
    control(server, "reset")
    read_into(held, server, sleep=doze)
    stats = control(server, "stats")
    assert sum(stats["by_fault"].values()) > 3
    assert stats["max_concurrency"] == 1
    assert slept
    control(server, "faults", spec="")
    agree(held, clean)
