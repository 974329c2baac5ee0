"""The sample organisation: it is what its generator makes, it is consistent, and its stories are there to be found."""

import hashlib
import json
from collections import defaultdict
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from connectors import SyncState
from connectors.sample import FOLDER, STREAMS, SampleSource
from fairlead import frames
from fairlead.errors import SourceError
from sample_data import generate

TODAY = pd.Timestamp("2026-06-15T08:00:00Z")
DAY = pd.Timedelta(days=1)
REFERENCES = {
    ("issues", "author"): "accounts",
    ("issues", "parent"): "issues",
    ("issue_labels", "issue"): "issues",
    ("issue_assignees", "issue"): "issues",
    ("issue_assignees", "account"): "accounts",
    ("issue_milestones", "issue"): "issues",
    ("issue_milestones", "milestone"): "milestones",
    ("issue_links", "issue"): "issues",
    ("issue_links", "other"): "issues",
    ("issue_events", "issue"): "issues",
    ("issue_events", "actor"): "accounts",
    ("pull_requests", "author"): "accounts",
    ("pull_requests", "merged_by"): "accounts",
    ("pull_requests", "milestone"): "milestones",
    ("pull_request_labels", "pull_request"): "pull_requests",
    ("pull_request_issues", "pull_request"): "pull_requests",
    ("pull_request_issues", "issue"): "issues",
    ("pull_request_events", "pull_request"): "pull_requests",
    ("pull_request_events", "actor"): "accounts",
    ("reviews", "pull_request"): "pull_requests",
    ("reviews", "author"): "accounts",
    ("comments", "pull_request"): "pull_requests",
    ("comments", "author"): "accounts",
    ("files", "pull_request"): "pull_requests",
    ("milestones", "owner"): "accounts",
    ("milestone_changes", "milestone"): "milestones",
    ("accounts", "person"): "people",
    ("team_members", "team"): "teams",
    ("team_members", "person"): "people",
    ("time_off", "person"): "people",
}
NAMED_BY_EVENTS = {"assignee": "accounts", "milestone": "milestones", "parent": "issues", "blocked_by": "issues"}


@pytest.fixture(scope="module")
def tables():
    source = SampleSource()
    return source.tables(source.fetch(SyncState()))


@pytest.fixture(scope="module")
def regenerated():
    return generate.organisation()


# The files and the source ---------------------------------------------------------------------------------------------


def test_the_same_seed_gives_the_committed_tables(tables, regenerated):
    assert set(regenerated) == set(tables)
    for name, table in tables.items():
        pd.testing.assert_frame_equal(regenerated[name], table, obj=name)


def test_the_same_tables_give_the_same_bytes(tmp_path, regenerated):
    one, other = tmp_path / "one", tmp_path / "other"
    for folder in (one, other):
        folder.mkdir()
        generate.write(regenerated, folder)
    assert {it.name: it.read_bytes() for it in one.iterdir()} == {it.name: it.read_bytes() for it in other.iterdir()}


def test_the_manifest_tells_what_the_files_hold(tables):
    manifest = json.loads((FOLDER / "manifest.json").read_text("utf-8"))
    files = sorted(FOLDER.glob("*.parquet"))
    digest = hashlib.sha256(b"".join(it.stem.encode() + it.read_bytes() for it in files)).hexdigest()
    assert manifest["rows"] == {name: len(tables[name]) for name in manifest["rows"]}
    assert (manifest["digest"], pd.Timestamp(manifest["today"])) == (digest, TODAY)
    assert sum(it.stat().st_size for it in files) < 3_000_000


def test_every_table_but_those_made_later_or_of_no_use_here_is_there_and_conforms(tables):
    made_later, of_no_use = {"sync_runs", "tombstones", "past_forecasts"}, {"team_accounts", "board_items"}
    assert set(tables) == set(frames.TABLES) - made_later - of_no_use
    assert len(frames.Frames.of(tables).issues) == len(tables["issues"])


def test_the_source_says_its_today():
    state = SyncState()
    assert [page.stream for page in SampleSource().fetch(state)] == list(STREAMS)
    assert state.watermark == TODAY


def test_what_is_stored_already_is_not_read_again():
    pages = list(SampleSource().fetch(SyncState()))
    cursors = {page.stream: page.cursor for page in pages}
    assert list(SampleSource().fetch(SyncState(cursors=cursors))) == []
    del cursors["issues"]
    assert [page.stream for page in SampleSource().fetch(SyncState(cursors=cursors))] == ["issues"]


def test_an_earlier_version_is_read_anew():
    stale = SyncState(cursors=dict.fromkeys(STREAMS, "another digest"))
    assert len(list(SampleSource().fetch(stale))) == len(STREAMS)


def test_missing_files_are_said(tmp_path):
    with pytest.raises(SourceError, match="make sample"):
        list(SampleSource(tmp_path).fetch(SyncState()))


def test_a_damaged_file_is_said(tmp_path):
    (tmp_path / "manifest.json").write_text((FOLDER / "manifest.json").read_text("utf-8"), "utf-8")
    (tmp_path / "people.parquet").write_bytes(b"not parquet")
    with pytest.raises(SourceError, match="people"):
        list(SampleSource(tmp_path).fetch(SyncState()))


# Consistency ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("table", "column"), list(REFERENCES))
def test_every_id_names_a_row(tables, table, column):
    values = tables[table][column].dropna()
    assert not set(values) - set(tables[REFERENCES[table, column]]["id"])


def test_every_id_column_is_checked(tables):
    own = {(name, "id") for name in tables}
    polymorphic = {("pull_request_events", "subject")}
    columns = {(name, column) for name in tables for column in frames.key_columns(name)}
    assert columns - own - polymorphic == set(REFERENCES)


@pytest.mark.parametrize("field", list(NAMED_BY_EVENTS))
def test_issue_events_name_rows_by_id(tables, field):
    events = tables["issue_events"]
    events = events[events["field"] == field]
    named = set(events["old"].dropna()) | set(events["new"].dropna())
    assert named
    assert not named - set(tables[NAMED_BY_EVENTS[field]]["id"])


def test_subjects_of_pull_request_events_are_of_their_kind(tables):
    events = tables["pull_request_events"].set_index("kind")["subject"]
    people_and_teams = set(tables["accounts"]["id"]) | set(tables["teams"]["id"])
    assert set(events["review_requested"]) <= people_and_teams
    assert set(events["review_request_removed"]) <= people_and_teams
    assert set(events["assigned"]) <= set(tables["accounts"]["id"])
    assert set(events["dismissed"]) <= set(tables["reviews"]["id"])
    assert set(events["milestoned"]) <= set(tables["milestones"]["id"])
    assert events[["merged", "closed", "ready"]].isna().all()


def test_nothing_is_later_than_today(tables):
    for name, table in tables.items():
        for column in table.columns[table.dtypes.astype("str") == "datetime64[us, UTC]"]:
            assert not (table[column] > TODAY).any(), f"{name}.{column}"


def test_issues_change_between_their_creation_and_their_last_update(tables):
    issues = tables["issues"].set_index("id")
    for issue, events in tables["issue_events"].groupby("issue"):
        ordered = events.sort_values("seq")
        assert ordered["at"].is_monotonic_increasing
        assert ordered["at"].iloc[0] == issues.loc[issue, "created_at"]
        assert ordered["at"].iloc[-1] == issues.loc[issue, "updated_at"]


def replayed(events):
    """Issue and field → the members held at the end, by a plain loop."""
    held = defaultdict(list)
    for row in events.sort_values(["issue", "seq"]).itertuples():
        members = held[row.issue, row.field]
        if pd.notna(row.old):
            members.remove(row.old)
        if pd.notna(row.new):
            members.append(row.new)
    return held


def test_replay_of_the_events_gives_the_issues_of_today(tables):
    held = replayed(tables["issue_events"])
    for issue in tables["issues"].itertuples():
        assert held[issue.id, "status"] == [issue.status]
        assert held[issue.id, "status_category"] == [issue.status_category]
        assert held[issue.id, "priority"] == present(issue.priority)
        assert held[issue.id, "parent"] == present(issue.parent)
        assert [float(value) for value in held[issue.id, "estimate"]] == present(issue.estimate)
        assert [pd.Timestamp(value) for value in held[issue.id, "due"]] == present(issue.due_on)


def present(value):
    return [] if pd.isna(value) else [value]


@pytest.mark.parametrize(
    ("table", "column", "field"),
    [
        ("issue_labels", "label", "label"),
        ("issue_assignees", "account", "assignee"),
        ("issue_milestones", "milestone", "milestone"),
    ],
)
def test_replay_of_the_events_gives_the_links_of_today(tables, table, column, field):
    held = replayed(tables["issue_events"])
    expected = {(issue, member) for (issue, of), members in held.items() if of == field for member in members}
    assert set(zip(tables[table]["issue"], tables[table][column], strict=True)) == expected


def test_replay_of_the_events_gives_what_waits_for_what_today(tables):
    held = replayed(tables["issue_events"])
    waits = {(blocker, issue) for (issue, of), members in held.items() if of == "blocked_by" for blocker in members}
    assert set(tables["issue_links"].itertuples(index=False, name=None)) == {(*pair, "blocks") for pair in waits}


def test_issues_begin_with_their_status_and_close_when_they_leave_work(tables):
    events = tables["issue_events"]
    first = events[events["seq"] < 2]
    assert set(first["field"]) == {"status", "status_category"}
    assert first["old"].isna().all()
    assert set(first.loc[first["field"] == "status_category", "new"]) == {"todo"}
    categories = events[events["field"] == "status_category"].sort_values(["issue", "seq"])
    last = categories.groupby("issue")["at"].last()
    issues = tables["issues"].set_index("id")
    is_closed = issues["status_category"].isin(["done", "dropped"])
    assert (issues["closed_at"].notna() == is_closed).all()
    assert (issues.loc[is_closed, "closed_at"] == last[issues.index[is_closed]]).all()
    assert (issues["resolution"].notna() == is_closed).all()


def test_replay_of_the_events_gives_the_pull_requests_of_today(tables):
    events = tables["pull_request_events"].sort_values(["pull_request", "seq"])
    told = {name: list(rows.itertuples()) for name, rows in events.groupby("pull_request")}
    for pull in tables["pull_requests"].itertuples():
        state, milestone, ended_at = "open", None, None
        for event in told.get(pull.id, []):
            assert pull.created_at <= event.at <= pull.updated_at
            assert state != "merged", "nothing happens to a merged pull request"
            if event.kind in {"closed", "reopened", "merged"}:
                state = {"reopened": "open"}.get(event.kind, event.kind)
                ended_at = None if event.kind == "reopened" else event.at
            milestone = event.subject if event.kind == "milestoned" else milestone
        assert (state, milestone) == (pull.state, None if pd.isna(pull.milestone) else pull.milestone)
        assert present(pull.closed_at) == ([] if ended_at is None else [ended_at])
        drafts = [event.kind for event in told.get(pull.id, []) if event.kind in {"ready", "draft"}]
        assert not drafts or pull.is_draft == (drafts[-1] == "draft")


def test_nobody_reviews_their_own_work_or_before_it_was_opened(tables):
    pulls = tables["pull_requests"].set_index("id")
    reviews = tables["reviews"].join(pulls[["author", "created_at"]].add_prefix("of_"), on="pull_request")
    assert (reviews["author"] != reviews["of_author"]).all()
    assert (reviews["at"] > reviews["of_created_at"]).all()


def test_milestone_changes_end_in_the_milestones_of_today(tables):
    changes = tables["milestone_changes"].sort_values("observed_at")
    last = changes.groupby(["milestone", "field"])["new"].last()
    for milestone in tables["milestones"].itertuples():
        assert last[milestone.id, "title"] == milestone.title
        assert last[milestone.id, "state"] == milestone.state
        due = last.get((milestone.id, "due_on"))
        assert (None if due is None else pd.Timestamp(due)) == (None if pd.isna(milestone.due_on) else milestone.due_on)


def test_titles_differ_and_links_lead_nowhere(tables):
    for name in ("issues", "pull_requests"):
        assert not tables[name].duplicated(["project", "title"]).any()
        assert tables[name]["url"].str.match(r"https://[a-z.]+\.example/|https://github\.example/").all()
    assert tables["milestones"]["url"].str.contains(r"\.example/").all()


def test_work_lies_in_each_person_s_working_time(tables):
    """A few things happen outside: labels set with a meeting's delay, a draft taken back late in the day."""
    accounts = tables["accounts"].dropna(subset="person").set_index("id")["person"]
    people = tables["people"].set_index("id")
    written = pd.concat([tables["reviews"], tables["comments"]]).rename(columns={"author": "actor"})
    acts = pd.concat([written, tables["pull_request_events"], tables["issue_events"]], ignore_index=True)
    acts = acts[acts["actor"].isin(accounts.index)]
    assert (
        acts["at"].groupby(acts["actor"].map(accounts)).apply(lambda at: share_at_work(at, people.loc[at.name])).min()
        > 0.9
    )


def share_at_work(instants, person):
    local = instants.dt.tz_convert(ZoneInfo(person["time_zone"]))
    clock = local.dt.strftime("%H:%M")
    is_workday = local.dt.day_of_week.map(lambda day: person["workdays"][day] == "1")
    return (is_workday & clock.between(person["day_start"], person["day_end"])).mean()
