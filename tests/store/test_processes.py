"""Several processes and one store: killed at any moment, read while written, one sync at a time."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from fairlead import store
from fairlead.errors import StoreError
from tests.store.tables import rows
from tests.store.worker import EVENTS

ROOT = Path(__file__).parents[2]


def started(*task) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.store.worker", *map(str, task)]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def said(worker) -> str:
    """The next line the worker prints."""
    return worker.stdout.readline().strip()


def ended(worker) -> int:
    worker.communicate()
    return worker.returncode


def killed_after(worker, seconds) -> None:
    assert said(worker) == "ready"
    try:
        worker.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        worker.kill()
    ended(worker)


def assert_whole(opened) -> int:
    """Every batch is there with all its rows and the cursor of the last one; the number of the next batch."""
    found = opened.read()
    counts = found.issue_events.groupby("issue", observed=True).size()
    last = int(opened.cursors("worker").get("batch", -1))
    expected = {f"i{n}" for n in range(last + 1)} | ({"shared"} if last >= 0 else set())
    assert set(found.issues["id"].astype("str")) == set(counts.index.astype("str")) == expected
    assert (counts == EVENTS).all()
    shared = found.issue_events.loc[found.issue_events["issue"] == "shared", "new"]
    assert set(shared) == ({f"{last}"} if last >= 0 else set())
    return last + 1


@pytest.mark.parametrize("seed", [11])
def test_a_writer_killed_at_any_moment_leaves_each_batch_whole_or_absent(url, opened, seed):
    rng, following, progress = np.random.default_rng(seed), 0, set()
    kills = 10 if url.startswith("sqlite") else 4
    for seconds in rng.uniform(0.0, 0.6, kills):
        killed_after(started("write", url, following, following + 100), seconds)
        following = assert_whole(opened)
        progress.add(following)
    assert len(progress) > 2  # it was killed at work, not before or after it
    opened.write({"issues": rows("issues", {"id": "after"})}, source="s")
    assert "after" in set(opened.read().issues["id"])


def test_a_reader_sees_whole_batches_while_another_process_writes(url, opened):
    before, seen = opened.version(), set()
    worker = started("write", url, 0, 40)
    assert said(worker) == "ready"
    while worker.poll() is None:
        seen.add(assert_consistent(opened))
    assert ended(worker) == 0
    assert assert_consistent(opened) == "39"
    assert opened.version() == before + 40
    assert len(seen) > 2


def assert_consistent(opened) -> str | None:
    """All tables of one reading are of the same moment; which batch that was."""
    found = opened.read(tables=["issues", "issue_events"])
    title = found.issues.loc[found.issues["id"] == "shared", "title"]
    events = found.issue_events.loc[found.issue_events["issue"] == "shared", "new"]
    assert set(events) == set(title)
    assert len(events) in {0, EVENTS}
    return None if title.empty else title.item()


def test_processes_that_make_a_store_and_write_at_once_wait_for_each_other(nowhere):
    workers = [started("add", nowhere, name, 15) for name in ("a", "b")]
    assert [ended(worker) for worker in workers] == [0, 0]
    with store.open(nowhere) as opened:
        assert sorted(opened.read().issues["id"].astype("str")) == ["a", "b"]


def test_a_second_sync_is_told_who_holds_the_lock_and_a_killed_holder_lets_go(url, opened):
    worker = started("hold", url)
    assert said(worker) == "held"
    says = (
        rf"a sync is at work: process {worker.pid}\b.*, since \d{{4}}-\d\d-\d\d \d\d:\d\d:\d\d UTC\. Wait for it or end"
    )
    with pytest.raises(StoreError, match=says), opened.sync_lock():
        pass
    opened.write({}, source="s")  # the lock is about syncing, not about single writes
    worker.kill()
    ended(worker)
    with opened._database.sync_lock(patience_ms=10_000):  # a server may need a moment to notice
        pass


def test_the_lock_is_free_again_after_a_sync_that_failed(opened):
    with pytest.raises(ZeroDivisionError), opened.sync_lock():
        1 / 0  # noqa: B018
    with opened.sync_lock():
        pass


def test_a_process_does_not_let_itself_sync_twice(url, opened):
    with store.open(url) as other, opened.sync_lock(), pytest.raises(StoreError), other.sync_lock():
        pass
