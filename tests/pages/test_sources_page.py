"""The Sources page: a sync is started or asked for, its progress is shown, people.csv is changed."""

import subprocess
import sys

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from fairlead import people, store
from reports import live, syncing
from reports.render import plain
from tests.metrics.build import frame, issue, moved, utc
from tests.pages.conftest import SECONDS, opened, shown

PAGE = "pages/sources.py"
SETTINGS = '[[github]]\nrepos = ["octo/house"]\n[store]\nurl = "sqlite:///own.db"\n'
NOW = utc("2026-06-12 15:00")


class Started:
    """Stands for the process of a sync: at work until told how it ended."""

    code = None

    def poll(self):
        return self.code


@pytest.fixture
def started(monkeypatch):
    """What was started, instead of starting it: process, command and keyword arguments."""
    calls = []

    def start(command, **options):
        calls.append((Started(), command, options))
        return calls[-1][0]

    monkeypatch.setattr(syncing.subprocess, "Popen", start)
    return calls


@pytest.fixture
def house(settled, monkeypatch, tmp_path):
    """Run on a store of one's own with the given runs, at a fixed time; gives the open store."""
    monkeypatch.setattr(live, "_now", lambda: NOW)
    opens = []

    def build(*runs, settings="", people_map=""):
        settled(f"{SETTINGS}{settings}")
        if people_map:
            (tmp_path / "people.csv").write_text(people_map, "utf-8")
        opens.append(store.open(f"sqlite:///{tmp_path}/own.db"))
        tables = {
            "issues": frame("issues", [issue("1", project="octo/house")]),
            "issue_events": frame("issue_events", [moved("1", "2026-06-01", "todo")]),
            "sync_runs": frame("sync_runs", list(runs)),
        }
        opens[-1].write(tables, source="x", is_edition=True)
        return opens[-1]

    yield build
    for each in opens:
        each.close()


def run(source="github octo/house", started="2026-06-12 12:00", status="complete", **values):
    at = utc(started)
    ended = None if status == "running" else at + pd.Timedelta(minutes=1)
    read_to = at if status in {"complete", "partial"} else None
    return {"source": source, "started_at": at, "finished_at": ended, "status": status, "watermark": read_to, **values}


def parts(role="lead"):
    from fairlead import config, store  # noqa: PLC0415 (AppTest runs the text of this function as a script)
    from fairlead.access import Viewer  # noqa: PLC0415
    from reports import live, syncing  # noqa: PLC0415

    settings, viewer = config.load(), Viewer("somebody", role, teams=None)
    with store.open(settings.store.url) as opened:
        syncing.desk(opened, settings, viewer, live._now)
    syncing.edit_people(settings, viewer)


def drawn(role="lead"):
    """What can be clicked on the page, without the door: AppTest loses clicks on its way past it."""
    return AppTest.from_function(parts, default_timeout=SECONDS, args=(role,)).run()


def buttons(app):
    return [button.label for button in app.button]


def said(app):
    parts = [app.caption, app.info, app.warning, app.error, app.markdown, app.toast]
    return "\n".join(str(element.value) for part in parts for element in part)


def test_the_sample_says_how_to_connect_sources_and_starts_nothing(dashboard):
    app = dashboard(PAGE)
    assert buttons(app) == []
    assert "fairlead.example.toml" in app.info[0].value


def test_the_page_says_when_the_last_sync_was(house):
    house(run())
    assert "Synced 3 h ago." in said(opened(PAGE))


def test_sync_now_starts_a_process_of_its_own_with_these_settings_and_no_shell(house, started, tmp_path, monkeypatch):
    monkeypatch.setenv("GITHUB_TOKEN", "only-here")
    house(run())
    app = drawn()
    app.button(key="start-sync").click().run()
    assert not app.exception
    (_, command, options), *more = started
    assert more == []
    assert command == [sys.executable, "-m", "fairlead", "sync"]
    assert options["start_new_session"]
    assert {options[stream] for stream in ("stdin", "stdout", "stderr")} == {subprocess.DEVNULL}
    assert options["env"]["FAIRLEAD_CONFIG"] == str(tmp_path / "fairlead.toml")
    assert options["env"]["GITHUB_TOKEN"] == "only-here"  # noqa: S105 (no secret)
    assert "shell" not in options


def test_while_the_process_is_at_work_there_is_no_second_button(house, started):
    house(run())
    app = drawn()
    app.button(key="start-sync").click().run()
    assert buttons(app) == []
    assert "A sync is at work" in said(app)
    started[0][0].code = 0
    app.run()
    assert buttons(app) == ["Sync now"]


def test_a_sync_elsewhere_is_told_of_with_who_is_at_work(house, started):
    house_store = house(run())
    app = drawn()
    with house_store.sync_lock():
        app.button(key="start-sync").click().run()
    assert plain("a sync is at work: process") in app.warning[0].value
    assert started == []


def test_a_process_that_ends_without_a_run_sends_to_the_check(house, started):
    house(run())
    app = drawn()
    app.button(key="start-sync").click().run()
    started[0][0].code = 1
    app.run()
    assert plain("fairlead check") in app.warning[0].value


def test_each_source_that_is_read_has_a_bar_with_its_stage_and_count(house):
    house_store = house(
        run(),
        run("jira FL", "2026-06-12 14:59", "running", stage="pull_requests", n_done=30, n_total=120, rows=4_000),
        run("jira GO", "2026-06-12 14:59", "running", stage="issues", n_done=7, rows=9),
        run("jira NO", "2026-06-12 14:59", "running"),
    )
    with house_store.sync_lock():
        app = opened(PAGE)
    bars = [(bar.proto.value, bar.proto.text) for bar in app.get("progress")]
    assert bars == [
        (25, "**jira FL** · pull requests: 30 of 120 · 4,000 rows so far"),
        (0, "**jira GO** · issues: 7 · 9 rows so far"),
        (0, "**jira NO** · asking …"),
    ]
    assert buttons(app) == []


def test_a_run_that_was_killed_is_not_waited_for(house):
    house(run(), run("jira FL", "2026-06-12 14:59", "running"))
    app = opened(PAGE)
    assert buttons(app) == ["Sync now"]
    assert not app.get("progress")


def test_hosted_the_button_leaves_a_request(house, started):
    house_store = house(run(), settings='[sync]\nfrom_screen = "request"\n')
    app = drawn()
    assert buttons(app) == ["Ask for a sync"]
    app.button(key="ask-sync").click().run()
    assert house_store.is_sync_requested()
    assert "asked for" in said(app)
    assert "people.csv, on the machine where the sync job runs" in said(app)
    assert started == []


def test_stakeholders_start_nothing_and_change_nobody(house):
    house(run(), people_map="person,source,account\nAnn,github,ann\n")
    app = drawn("stakeholder")
    assert buttons(app) == []
    assert not app.expander
    assert "Synced 3 h ago." in said(app)


def test_where_the_screen_may_do_nothing_it_says_who_does(house):
    house(run(), settings='[sync]\nfrom_screen = "off"\n')
    app = opened(PAGE)
    assert buttons(app) == []
    assert syncing.READ_ELSEWHERE in said(app)


def test_while_the_first_sync_runs_every_page_shows_how_far_it_is(house):
    house_store = house(run(started="2026-06-12 14:59", status="running", stage="issues", n_done=1, n_total=4))
    with house_store.sync_lock():
        app = opened("pages/flow.py")
    assert not app.error
    assert "The first sync is running" in app.info[0].value
    assert [bar.proto.value for bar in app.get("progress")] == [25]
    assert not app.metric


def test_a_running_sync_changes_no_page_until_a_source_is_read(house, monkeypatch):
    house_store, reads = house(run()), []
    read = store.Store.read
    monkeypatch.setattr(store.Store, "read", lambda self, **which: reads.append(which) or read(self, **which))
    app = opened("pages/flow.py")
    house_store.write({"issues": frame("issues", [issue("2")])}, source="x")
    app.run()
    assert reads.count({}) == 1
    house_store.write({}, source="x", is_edition=True)
    app.run()
    assert reads.count({}) == 2


def test_every_page_names_the_source_that_is_older_than_the_others_and_leads_to_the_page(house):
    house(run(), run("jira FL", "2026-06-09 15:00"), run("jira FL", "2026-06-12 13:00", "failed"))
    app = opened("pages/flow.py")
    captions = [caption.value for caption in app.sidebar.caption]
    assert ":material/warning: jira FL: 3 days old." in captions
    assert ":material/warning: Not read completely: jira FL." in captions
    assert [link.proto.label for link in app.sidebar.get("page_link")] == ["How the data were read"]


def test_sources_of_one_age_are_not_told_apart(house):
    house(run(), run("jira FL", "2026-06-12 01:00"))
    assert "old." not in "".join(caption.value for caption in opened("pages/flow.py").sidebar.caption)


MAP = "person,source,account,team\nAnn Lee,github,ann,Quay\n"


def open_editor(app):
    app.session_state["edit-people"] = True
    return app.run()


def test_people_csv_is_shown_when_asked_for(house):
    house(run(), people_map=MAP)
    app = drawn()
    assert "Save and match people again" not in buttons(app)
    assert "Save and match people again" in buttons(open_editor(app))


def test_a_faulty_people_csv_is_told_of_by_its_line_and_not_by_what_is_in_it(house):
    house(run(), people_map="person,source,account\nAnn Lee,gitlab,ann\n")
    app = open_editor(drawn())
    assert not app.exception
    assert plain("line 2: source: expected github or jira") in said(app)
    assert "gitlab" not in said(app)


def test_saving_writes_the_map_and_matches_people(house, monkeypatch, tmp_path):
    ran = []

    def ran_to_its_end(command, **options):
        ran.append((command, options["env"]["FAIRLEAD_CONFIG"]))
        return subprocess.CompletedProcess(command, 0, "", "")

    house(run(), people_map=MAP)
    app = open_editor(drawn())
    monkeypatch.setattr(syncing.subprocess, "run", ran_to_its_end)
    app.button(key="save-people").click().run()
    assert not app.exception
    assert ran == [([sys.executable, "-m", "fairlead", "people"], str(tmp_path / "fairlead.toml"))]
    assert people.load_map(tmp_path / "people.csv")["account"].tolist() == ["ann"]


def test_saved_but_not_matched_is_said_so(house, monkeypatch):
    failed = subprocess.CompletedProcess([], 1, "", "Error: a sync is at work")
    house(run(), people_map=MAP)
    app = open_editor(drawn())
    monkeypatch.setattr(syncing.subprocess, "run", lambda *_, **__: failed)
    app.button(key="save-people").click().run()
    assert "saved, but not matched yet" in app.warning[0].value


def test_no_secret_and_no_address_of_the_store_is_on_the_page(house, monkeypatch):
    monkeypatch.setenv("GITHUB_TOKEN", "secret-token")
    house(run())
    app = opened(PAGE)
    assert "secret-token" not in "\n".join(shown(app))
