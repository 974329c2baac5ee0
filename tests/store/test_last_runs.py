"""The last run of each source: how it went, and how old its data are."""

import pandas as pd

from fairlead import store
from tests.store.tables import rows

EARLY, LATE = pd.Timestamp("2025-03-30T08:00:00Z"), pd.Timestamp("2025-03-31T08:00:00Z")


def run(source, started_at, status, watermark=None):
    return {"source": source, "started_at": started_at, "status": status, "watermark": watermark}


def ran(opened, *runs):
    opened.write({"sync_runs": rows("sync_runs", *runs)}, source="s")


def said(opened):
    return opened.last_runs()[["source", "status", "started_at", "watermark"]].to_numpy(dtype="object").tolist()


def test_before_the_first_run_there_is_none(opened):
    assert opened.last_runs().empty
    assert list(opened.last_runs()) == list(opened.sync_runs())


def test_each_source_has_its_last_run_by_name_and_the_newest_data_any_run_read(opened):
    ran(
        opened,
        run("github b/b", LATE, "failed", LATE),
        run("github b/b", EARLY, "partial", EARLY),
        run("github a/a", EARLY, "failed"),
        run("github c/c", EARLY, "complete", EARLY),
        run("github c/c", LATE, "complete", LATE),
    )
    assert said(opened) == [
        ["github a/a", "failed", EARLY, pd.NaT],
        ["github b/b", "failed", LATE, EARLY],
        ["github c/c", "complete", LATE, LATE],
    ]


def test_a_run_without_an_end_is_running_while_a_sync_is_at_work_and_else_interrupted(opened, url):
    ran(opened, run("github a/a", EARLY, "running"), run("github b/b", EARLY, "complete", EARLY))
    with store.open(url) as other, other.sync_lock():
        assert opened.last_runs()["status"].tolist() == ["running", "complete"]
    assert opened.last_runs()["status"].tolist() == ["interrupted", "complete"]
    assert opened.sync_runs()["status"].isin(["running", "complete"]).all()
