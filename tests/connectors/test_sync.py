"""The sync engine: what is written when, and what a failure leaves behind."""

import itertools
import threading
from contextlib import contextmanager

import pandas as pd
import pytest

from connectors import Page
from connectors.github.tables import tables
from connectors.runs import INTERRUPTED, Clock, Order, Outcome, Step, exit_code
from connectors.sync import Run, lanes, sync_sample
from fairlead import frames
from fairlead import store as stores
from fairlead.config import GithubConnection, JiraConnection, PeopleSettings, Settings, SyncSettings
from fairlead.errors import ConfigError, FrameError, SourceError, StoreError
from tests.connectors.pages import PROJECT, issue, page

NOW = pd.Timestamp("2025-03-31T08:00:00Z")
LATER = pd.Timestamp("2025-03-31T08:01:00Z")
SETTINGS = Settings(github=(GithubConnection(repos=("a/b",)),), people=PeopleSettings(file="/absent/people.csv"))


class MemoryStore:
    """Remembers every transaction."""

    def __init__(self, cursors=None, *, is_busy=False):
        self.transactions = []
        self.forgotten = []
        self.known = cursors or {}
        self.is_busy = is_busy

    @contextmanager
    def sync_lock(self, **_):
        if self.is_busy:
            raise StoreError("another sync is at work")
        yield

    def cursors(self, source):
        return self.known.get(source, {})

    def ids(self, _table, _project):
        return frozenset()

    def sync_runs(self):
        return frames.empty("sync_runs")

    def read(self, **_):
        return frames.Frames.of({})

    def write(self, tables, *, source, cursors=None, **_):
        self.transactions.append((source, dict(tables), {k: v for k, v in (cursors or {}).items() if v is not None}))

    def forget_accesses(self, before):
        self.forgotten.append(before)

    def rows(self, name):
        return pd.concat([tables[name] for _, tables, _ in self.transactions if name in tables], ignore_index=True)

    def cursors_written(self):
        return [cursors for _, _, cursors in self.transactions if cursors]


class Source:
    """Gives its pages, raising those that are exceptions; counts as told."""

    shape = ""

    def __init__(self, name, *pages, shape=""):
        self.name, self.pages, self.shape = name, pages, shape
        self.seen = None

    def fetch(self, state):
        self.seen = state
        for each in self.pages:
            if isinstance(each, BaseException):
                raise each
            state.requests, state.points, state.watermark = state.requests + 1, state.points + 2, NOW
            yield each

    def tables(self, pages):
        return tables(pages)


class Lane:
    """Its sources, or what is raised instead of telling them."""

    def __init__(self, *sources, name="github here", fault=None):
        self.name, self._sources, self._fault = name, sources, fault

    def sources(self):
        yield from self._sources
        if self._fault is not None:
            raise self._fault


def issues(*numbers, cursor=None, total=None):
    found = page("issues", *[issue(number) for number in numbers])
    return Page(found.stream, found.nodes, cursor=cursor, context=found.context, total=total)


def run(*given, store=None, step=1.0, **more):
    """Sync the sources as one lane; every look at the clock is `step` seconds later, so that pages are not joined."""
    times = itertools.cycle([NOW, LATER])
    ticks = itertools.count(0, step)
    lanes = [Lane(*given)] if all(isinstance(it, Source) for it in given) else list(given)
    clock = Clock(lambda: next(times), lambda: next(ticks))
    return Run(store or MemoryStore(), SETTINGS, clock, **more).read(lanes)


# What is written when ------------------------------------------------------------------------------------------------


def test_rows_and_cursor_of_a_page_are_one_transaction():
    store = MemoryStore()
    run(Source("github a/b", issues(1, cursor="here"), issues(2, cursor="")), store=store)
    pages = [(set(tables["issues"]["key"]), cursors) for _, tables, cursors in store.transactions if "issues" in tables]
    assert pages == [({f"{PROJECT}#1"}, {"issues": "here"}), ({f"{PROJECT}#2"}, {"issues": ""})]


def test_pages_that_come_within_a_second_are_one_transaction_with_the_last_cursor():
    store = MemoryStore()
    run(Source("github a/b", issues(1, cursor="here"), issues(2, cursor="there")), store=store, step=0.01)
    pages = [(len(tables["issues"]), cursors) for _, tables, cursors in store.transactions if "issues" in tables]
    assert pages == [(2, {"issues": "there"})]


def test_two_states_of_one_item_are_never_one_transaction():
    store = MemoryStore()
    run(Source("github a/b", issues(1, 2), issues(2)), store=store, step=0.01)
    assert [len(tables["issues"]) for _, tables, _ in store.transactions if "issues" in tables] == [2, 1]


def test_many_items_are_written_however_fast_they_come():
    store = MemoryStore()
    given = [issues(*range(start, start + 400)) for start in range(0, 1600, 400)]
    run(Source("github a/b", *given), store=store, step=0.0)
    assert [len(tables["issues"]) for _, tables, _ in store.transactions if "issues" in tables] == [1200, 400]


def test_a_page_without_a_cursor_leaves_the_stored_one_alone():
    store = MemoryStore()
    run(Source("github a/b", issues(1)), store=store)
    assert [cursors for _, tables, cursors in store.transactions if "issues" in tables] == [{}]


def test_a_source_is_told_where_it_stopped():
    source = Source("github a/b")
    run(source, store=MemoryStore({"github a/b": {"issues": "here"}, "github c/d": {"issues": "there"}}))
    assert source.seen.cursors == {"issues": "here"}


def test_how_far_a_run_is_stands_beside_its_rows():
    store = MemoryStore()
    run(Source("github a/b", issues(1, 2, total=3), issues(3, total=3)), store=store)
    told = store.rows("sync_runs")
    assert told["n_done"].dropna().tolist() == [2, 3, 3]  # the last one keeps when the next sweep is due
    assert set(told["stage"].dropna()) == {"issues"}
    assert pd.isna(told["stage"].iloc[-1])


def test_a_run_is_recorded_when_it_starts_and_when_it_ends():
    store = MemoryStore()
    (outcome,) = run(Source("github a/b", issues(1), issues(2)), store=store)
    records = store.rows("sync_runs").to_dict("records")
    started, ended = records[0], records[-1]
    assert (started["status"], started["rows"]) == ("running", 0)
    assert pd.isna(started["finished_at"])
    assert (ended["status"], ended["requests"], ended["points"]) == ("complete", 2, 4)
    assert (ended["started_at"], ended["finished_at"], ended["watermark"]) == (NOW, LATER, NOW)
    assert ended["rows"] == outcome.rows == 2 * (1 + 2 + 1)  # issue, two events, account


# A full cycle, a sweep, an order ------------------------------------------------------------------------------------


KNOWN = {"github a/b": {"issues": "here", "shape": "one", "sweep": "2025-03-30T00:00:00+00:00"}}


def test_what_is_asked_differently_is_read_from_the_start_and_swept():
    store, source = MemoryStore(KNOWN), Source("github a/b", shape="other")
    run(source, store=store)
    assert source.seen.cursors == {}
    assert source.seen.is_sweep_due
    assert store.cursors_written()[0] == {"issues": "", "shape": "other"}


def test_what_is_asked_as_before_goes_on():
    store, source = MemoryStore(KNOWN), Source("github a/b", shape="one")
    run(source, store=store)
    assert source.seen.cursors["issues"] == "here"
    assert not source.seen.is_sweep_due
    assert store.cursors_written() == []


def test_a_full_order_starts_afresh_and_is_not_forgotten_by_a_run_that_is_killed():
    store, source = MemoryStore(KNOWN), Source("github a/b", shape="one")
    run(source, store=store, order=Order(is_full=True))
    assert source.seen.cursors == {}
    assert store.cursors_written()[0] == {"issues": "", "shape": "one"}


@pytest.mark.parametrize(("days", "is_due"), [(6.9, False), (7.1, True)])
def test_a_sweep_is_due_when_the_last_one_is_a_week_old(days, is_due):
    swept = (NOW - pd.Timedelta(days=days)).isoformat()
    store = MemoryStore({"github a/b": {"shape": "", "sweep": swept}})
    source = Source("github a/b")
    run(source, store=store)
    assert source.seen.is_sweep_due == is_due
    assert store.cursors_written() == ([{"sweep": NOW.isoformat()}] if is_due else [])


def test_a_first_run_needs_no_sweep_and_starts_the_week():
    store, source = MemoryStore(), Source("github a/b")
    run(source, store=store)
    assert not source.seen.is_sweep_due
    assert store.cursors_written() == [{"sweep": NOW.isoformat()}]


def test_a_sweep_that_failed_stays_due():
    store = MemoryStore(KNOWN)
    run(Source("github a/b", SourceError("…"), shape="one"), store=store, order=Order(is_sweep=True))
    assert store.cursors_written() == []


def test_a_dry_run_reads_and_counts_and_writes_nothing():
    store = MemoryStore()
    (outcome,) = run(Source("github a/b", issues(1)), store=store, order=Order(is_dry=True))
    assert (outcome.status, outcome.rows, store.transactions) == ("complete", 4, [])


def test_a_sync_forgets_who_looked_longer_ago_than_the_settings_keep():
    store, dry = MemoryStore(), MemoryStore()
    run(Source("github a/b", issues(1)), store=store)
    run(Source("github a/b", issues(1)), store=dry, order=Order(is_dry=True))
    (before,) = store.forgotten
    assert before in {now - pd.Timedelta(days=180) for now in (NOW, LATER)}
    assert dry.forgotten == []


@pytest.mark.parametrize("named", ["github c/d", "c/d"])
def test_only_the_sources_that_are_named_are_read(named):
    outcomes = run(Source("github a/b"), Source("github c/d"), order=Order(only=(named,)))
    assert [outcome.source for outcome in outcomes] == ["github c/d"]


# Failures ------------------------------------------------------------------------------------------------------------


def test_a_failed_source_leaves_the_others_standing():
    store = MemoryStore()
    down = Source("github down/down", SourceError("github: cannot be reached."))
    outcomes = run(down, Source("github a/b", issues(1)), store=store)
    assert [outcome.status for outcome in outcomes] == ["failed", "complete"]
    assert "github: cannot be reached." in store.rows("sync_runs")["warnings"].tolist()
    assert exit_code(outcomes) == 3


def test_what_was_read_before_a_failure_is_kept_and_called_partial():
    store = MemoryStore()
    (outcome,) = run(Source("github a/b", issues(1), SourceError("github: 500.")), store=store, step=0.01)
    assert outcome.status == "partial"
    assert store.rows("issues")["key"].tolist() == [f"{PROJECT}#1"]
    assert exit_code([outcome]) == 3


def test_a_missing_token_fails_its_source_alone():
    outcomes = run(Source("github a/b", ConfigError("TOKEN is not set.")), Source("github c/d"))
    assert [outcome.status for outcome in outcomes] == ["failed", "complete"]


def test_a_lane_that_cannot_tell_its_sources_fails_under_its_own_name():
    lane = Lane(Source("github a/b"), name="github octo-org", fault=SourceError("github: 404."))
    outcomes = run(lane)
    assert [(outcome.source, outcome.status) for outcome in outcomes] == [
        ("github a/b", "complete"),
        ("github octo-org", "failed"),
    ]


def test_a_lane_that_tells_its_sources_again_has_no_failure_of_its_own_any_more(tmp_path):
    with stores.open(f"sqlite:///{tmp_path}/house.db") as opened:
        run(Lane(Source("github a/b"), name="github octo-org", fault=SourceError("github: 404.")), store=opened)
        assert opened.last_runs()["source"].tolist() == ["github a/b", "github octo-org"]
        run(Lane(Source("github a/b"), name="github octo-org"), store=opened)
        assert opened.last_runs()["source"].tolist() == ["github a/b"]


def test_rows_that_do_not_fit_fail_their_source_alone():
    store = MemoryStore()
    outcomes = run(Source("github a/b", FrameError("issues.title: 1 rows …")), Source("github c/d"), store=store)
    assert [outcome.status for outcome in outcomes] == ["failed", "complete"]


@pytest.mark.parametrize(
    ("pages", "status"), [((KeyboardInterrupt(),), "failed"), ((issues(1), KeyboardInterrupt()), "partial")]
)
def test_an_interrupted_run_is_recorded_and_ends_the_sync(pages, status):
    store = MemoryStore()
    with pytest.raises(KeyboardInterrupt):
        run(Source("github a/b", *pages), Source("github c/d"), store=store)
    ended = store.rows("sync_runs").iloc[-1]
    assert (ended["source"], ended["status"], ended["warnings"]) == ("github a/b", status, INTERRUPTED)
    assert not pd.isna(ended["finished_at"])


def test_a_page_that_cannot_be_stored_is_recorded_and_ends_the_sync():
    store = MemoryStore()
    with pytest.raises(StoreError, match="disk is full"):
        run(Source("github a/b", StoreError("store: the disk is full.")), Source("github c/d"), store=store)
    assert set(store.rows("sync_runs")["source"]) == {"github a/b"}
    assert store.rows("sync_runs")["status"].tolist()[-1] == "failed"


def test_a_fault_of_the_store_is_not_a_fault_of_the_source():
    with pytest.raises(StoreError, match="another sync"):
        run(Source("github a/b"), store=MemoryStore(is_busy=True))


# Lanes ---------------------------------------------------------------------------------------------------------------


class Meeting(Source):
    """Goes on only when somebody else has come as far."""

    def __init__(self, name, barrier, *pages):
        super().__init__(name, *pages)
        self._barrier = barrier

    def fetch(self, state):
        self._barrier.wait(timeout=30)
        yield from super().fetch(state)


def test_lanes_are_read_beside_one_another_and_their_sources_one_after_the_other():
    barrier = threading.Barrier(2)
    store = MemoryStore()
    one, two = Meeting("github a/b", barrier, issues(1)), Meeting("jira FL", barrier, issues(2))
    outcomes = run(Lane(one, Source("github c/d")), Lane(two), store=store)
    assert {outcome.source: outcome.status for outcome in outcomes} == {
        "github a/b": "complete", "github c/d": "complete", "jira FL": "complete",
    }  # fmt: skip
    names = [outcome.source for outcome in outcomes]
    assert names.index("github a/b") < names.index("github c/d")


def test_a_lane_that_fails_leaves_the_other_standing():
    outcomes = run(Lane(Source("github a/b", SourceError("…"))), Lane(Source("jira FL", issues(1))))
    assert {outcome.source: outcome.status for outcome in outcomes} == {"github a/b": "failed", "jira FL": "complete"}


def test_a_name_that_two_lanes_have_is_read_once_and_the_other_refused():
    store = MemoryStore()
    lanes = Lane(Source("github a/b", issues(1))), Lane(Source("github A/B", issues(2)))
    outcomes = run(*lanes, store=store)
    assert sorted(outcome.status for outcome in outcomes) == ["complete", "failed"]
    assert len(store.rows("issues")) == 1
    assert len(set(store.rows("sync_runs")["source"])) == 1


class Endless(Source):
    """Has always one more page."""

    def fetch(self, state):
        state.watermark = NOW
        for number in itertools.count(1):
            yield issues(number)


def test_a_store_that_breaks_in_one_lane_ends_the_others_at_their_next_page():
    with pytest.raises(StoreError, match="disk is full"):
        run(Lane(Source("github a/b", StoreError("store: the disk is full."))), Lane(Endless("jira FL")))


# The sample, settings, progress -------------------------------------------------------------------------------------


def test_a_sample_that_is_stored_already_is_not_written_again(tmp_path):
    with stores.open(f"sqlite:///{tmp_path}/sample.db") as opened:
        versions = []
        for _ in range(2):
            sync_sample(opened, clock=Clock(lambda: NOW))
            versions.append(opened.version())
        assert versions[0] == versions[1]
        assert opened.sync_runs()["status"].tolist() == ["complete"]


def test_a_sample_whose_run_did_not_record_its_end_is_read_again(tmp_path):
    with stores.open(f"sqlite:///{tmp_path}/sample.db") as opened:
        sync_sample(opened, clock=Clock(lambda: NOW))
        opened.write({"sync_runs": Outcome("sample organisation", NOW).as_table()}, source="sample organisation")
        assert opened.as_of() is None
        sync_sample(opened, clock=Clock(lambda: LATER))
        assert opened.as_of() is not None


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


def test_one_lane_per_token():
    settings = Settings(
        github=(GithubConnection(repos=("a/b", "c/d")), GithubConnection(repos=("e/f",), token_env="OTHER")),  # noqa: S106
        jira=(JiraConnection(url="https://j.example", projects=("FL",)),),
        sync=SyncSettings(),
    )
    assert [len(list(lane.sources())) for lane in lanes(settings)] == [2, 1, 1]


def test_nothing_connected_means_the_sample():
    (lane,) = lanes(Settings())
    assert "sample" in lane.name


def test_every_page_is_told():
    steps = []
    run(Source("github a/b", issues(1, 2, total=3), issues(3, total=3)), tell=steps.append)
    assert steps == [Step("github a/b", "issues", 2, 3), Step("github a/b", "issues", 3, 3)]
