"""The sync engine: what is written when, and what a failure leaves behind."""

from contextlib import contextmanager

import pandas as pd
import pytest

from connectors import Page, progress
from connectors.github.tables import tables
from connectors.sync import INTERRUPTED, Outcome, Step, exit_code, sources, sync, sync_sample
from fairlead import store as stores
from fairlead.config import GithubConnection, JiraConnection, Settings
from fairlead.errors import ConfigError, FrameError, SourceError, StoreError
from tests.connectors.pages import PROJECT, bot, issue, page, user

NOW = pd.Timestamp("2025-03-31T08:00:00Z")
LATER = pd.Timestamp("2025-03-31T08:01:00Z")


class MemoryStore:
    """Remembers every transaction."""

    def __init__(self, cursors=None, *, is_busy=False):
        self.transactions = []
        self.known = cursors or {}
        self.is_busy = is_busy

    @contextmanager
    def sync_lock(self):
        if self.is_busy:
            raise StoreError("another sync is at work")
        yield

    def cursors(self, source):
        return self.known.get(source, {})

    def write(self, tables, *, source, cursors=None, observed_at=None):
        self.transactions.append((source, dict(tables), {k: v for k, v in (cursors or {}).items() if v is not None}))
        self.observed_at = observed_at

    def rows(self, name):
        return pd.concat([tables[name] for _, tables, _ in self.transactions if name in tables], ignore_index=True)


class Source:
    """Gives its pages, raising those that are exceptions; warns and counts as told."""

    def __init__(self, name, *pages):
        self.name, self.pages = name, pages
        self.seen = None

    def fetch(self, state):
        self.seen = dict(state.cursors)
        for each in self.pages:
            if isinstance(each, BaseException):
                raise each
            state.requests, state.points, state.watermark = state.requests + 1, state.points + 2, NOW
            yield each

    def tables(self, pages):
        return tables(pages)


def issues(*numbers, cursor=None, total=None):
    found = page("issues", *[issue(number) for number in numbers])
    return Page(found.stream, found.nodes, cursor=cursor, context=found.context, total=total)


def run(*given, store=None, **more):
    times = iter([NOW, LATER] * len(given))
    return sync(given, store or MemoryStore(), clock=lambda: next(times), **more)


def test_rows_and_cursor_of_a_page_are_one_transaction():
    store = MemoryStore()
    run(Source("github a/b", issues(1, cursor="here"), issues(2, cursor="")), store=store)
    pages = [(set(tables["issues"]["key"]), cursors) for _, tables, cursors in store.transactions if "issues" in tables]
    assert pages == [({f"{PROJECT}#1"}, {"issues": "here"}), ({f"{PROJECT}#2"}, {"issues": ""})]


def test_a_page_without_a_cursor_leaves_the_stored_one_alone():
    store = MemoryStore()
    run(Source("github a/b", issues(1)), store=store)
    assert [cursors for _, tables, cursors in store.transactions if "issues" in tables] == [{}]


def test_a_source_is_told_where_it_stopped():
    source = Source("github a/b")
    run(source, store=MemoryStore({"github a/b": {"issues": "here"}, "github c/d": {"issues": "there"}}))
    assert source.seen == {"issues": "here"}


def test_accounts_arrive_with_their_people_and_bots_without():
    store = MemoryStore()
    source = Source("github a/b", page("issues", issue(1), issue(2, author=bot("ci")), issue(3, author=user("Helper"))))
    run(source, store=store, bots=["helper"])
    kinds = store.rows("accounts").set_index("login")["kind"].to_dict()
    assert kinds == {"ann": "user", "ci": "bot", "Helper": "bot"}
    assert store.rows("people")["name"].tolist() == ["Ann"]


def test_a_run_is_recorded_when_it_starts_and_when_it_ends():
    store = MemoryStore()
    (outcome,) = run(Source("github a/b", issues(1), issues(2)), store=store)
    started, ended = store.rows("sync_runs").to_dict("records")
    assert (started["status"], started["rows"]) == ("running", 0)
    assert pd.isna(started["finished_at"])
    assert (ended["status"], ended["requests"], ended["points"]) == ("complete", 2, 4)
    assert (ended["started_at"], ended["finished_at"], ended["watermark"]) == (NOW, LATER, NOW)
    assert ended["rows"] == outcome.rows == 2 * (1 + 2 + 1 + 1)  # issue, two events, account, person


def test_a_failed_source_leaves_the_others_standing():
    store = MemoryStore()
    down = Source("github down/down", SourceError("github: cannot be reached."))
    outcomes = run(down, Source("github a/b", issues(1)), store=store)
    assert [outcome.status for outcome in outcomes] == ["failed", "complete"]
    assert store.rows("sync_runs").iloc[1]["warnings"] == "github: cannot be reached."
    assert exit_code(outcomes) == 3


def test_what_was_read_before_a_failure_is_kept_and_called_partial():
    store = MemoryStore()
    (outcome,) = run(Source("github a/b", issues(1), SourceError("github: 500.")), store=store)
    assert outcome.status == "partial"
    assert store.rows("issues")["key"].tolist() == [f"{PROJECT}#1"]
    assert exit_code([outcome]) == 3


def test_a_missing_token_fails_its_source_alone():
    outcomes = run(Source("github a/b", ConfigError("TOKEN is not set.")), Source("github c/d"))
    assert [outcome.status for outcome in outcomes] == ["failed", "complete"]


def test_rows_that_do_not_fit_fail_their_source_alone():
    store = MemoryStore()
    outcomes = run(Source("github a/b", FrameError("issues.title: 1 rows …")), Source("github c/d"), store=store)
    assert [outcome.status for outcome in outcomes] == ["failed", "complete"]
    assert store.rows("sync_runs")["status"].tolist() == ["running", "failed", "running", "complete"]
    assert store.rows("sync_runs").iloc[1]["warnings"] == "issues.title: 1 rows …"


@pytest.mark.parametrize(
    ("pages", "status"), [((KeyboardInterrupt(),), "failed"), ((issues(1), KeyboardInterrupt()), "partial")]
)
def test_an_interrupted_run_is_recorded_and_ends_the_sync(pages, status):
    store = MemoryStore()
    with pytest.raises(KeyboardInterrupt):
        run(Source("github a/b", *pages), Source("github c/d"), store=store)
    ended = store.rows("sync_runs").iloc[-1]
    assert (ended["source"], ended["status"], ended["warnings"]) == ("github a/b", status, INTERRUPTED)
    assert ended["finished_at"] == LATER


def test_a_page_that_cannot_be_stored_is_recorded_and_ends_the_sync():
    store = MemoryStore()
    with pytest.raises(StoreError, match="disk is full"):
        run(Source("github a/b", StoreError("store: the disk is full.")), Source("github c/d"), store=store)
    assert store.rows("sync_runs")["status"].tolist() == ["running", "failed"]


def test_a_sample_that_is_stored_already_is_not_written_again(tmp_path):
    with stores.open(f"sqlite:///{tmp_path}/sample.db") as opened:
        versions = []
        for _ in range(2):
            sync_sample(opened, clock=lambda: NOW)
            versions.append(opened.version())
        assert versions[0] == versions[1]
        assert opened.sync_runs()["status"].tolist() == ["complete"]


def test_a_sample_whose_run_did_not_record_its_end_is_read_again(tmp_path):
    with stores.open(f"sqlite:///{tmp_path}/sample.db") as opened:
        sync_sample(opened, clock=lambda: NOW)
        opened.write({"sync_runs": Outcome("sample organisation", NOW).as_table()}, source="sample organisation")
        assert opened.as_of() is None
        sync_sample(opened, clock=lambda: LATER)
        assert opened.as_of() is not None


def test_a_fault_of_the_store_is_not_a_fault_of_the_source():
    with pytest.raises(StoreError, match="another sync"):
        run(Source("github a/b"), store=MemoryStore(is_busy=True))


@pytest.mark.parametrize(
    ("statuses", "code"),
    [
        (["complete", "complete"], 0),
        (["failed", "failed"], 1),
        (["complete", "failed"], 3),
        (["partial"], 3),
        (["partial", "failed"], 3),
    ],
)
def test_exit_codes(statuses, code):
    assert exit_code(Outcome("x", NOW, status=status) for status in statuses) == code


def test_one_source_per_repository_and_jira_project():
    settings = Settings(
        github=(GithubConnection(repos=("a/b", "c/d")),),
        jira=(JiraConnection(url="https://j", projects=("FL",)),),
    )
    assert [source.name for source in sources(settings)] == ["github a/b", "github c/d", "jira FL"]


def test_nothing_connected_means_the_sample():
    (source,) = sources(Settings())
    assert "sample" in source.name


def test_jira_is_refused_in_words():
    settings = Settings(jira=(JiraConnection(url="https://j", projects=("FL",)),))
    (outcome,) = run(*sources(settings))
    assert outcome.status == "failed"
    assert outcome.state.warnings == ["jira FL: this version does not read Jira yet; GitHub is read."]


def test_every_page_is_told():
    steps = []
    run(Source("github a/b", issues(1, 2, total=3), issues(3, total=3)), tell=steps.append)
    assert steps == [Step("github a/b", "issues", 2, 3), Step("github a/b", "issues", 3, 3)]


def test_without_a_terminal_progress_is_plain_lines_now_and_then(capsys):
    with progress.shown() as tell:
        for n_done in range(100, 1201, 100):
            tell(Step("github a/b", "pull_requests", n_done, 1200))
    assert capsys.readouterr().err.splitlines() == [
        "github a/b: pull requests 500 of 1200",
        "github a/b: pull requests 1000 of 1200",
        "github a/b: pull requests 1200 of 1200",
    ]
