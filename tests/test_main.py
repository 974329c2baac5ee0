"""The command line: what is said, and what it ends with."""

import json

import pandas as pd
import pytest
from click.testing import CliRunner

from connectors import sync as syncing
from connectors.runs import INTERRUPTED, Outcome
from fairlead import config, frames, store
from fairlead.__main__ import main
from fairlead.errors import SourceError
from reports import evaluating
from tests.connectors.pages import issue
from tests.connectors.test_sync import Lane, Source
from tests.connectors.test_sync import issues as issues_page


@pytest.fixture
def settings(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(config.CONFIG_VARIABLE, raising=False)
    path = tmp_path / "fairlead.toml"
    path.write_text('[store]\nurl = "sqlite:///house.db"\n[[github]]\nrepos = ["octo/house"]\n', "utf-8")
    return path


@pytest.fixture
def reads(monkeypatch):
    """Make `sync` read the given sources."""
    return lambda *sources: monkeypatch.setattr(syncing, "lanes", lambda _: [Lane(*sources)])


def run(*arguments):
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def test_a_complete_sync_ends_with_0_and_says_what_it_cost(settings, reads):
    reads(Source("github octo/house", issues_page(1, 2)))
    result = run("--config", settings, "sync")
    assert result.exit_code == 0
    assert "github octo/house: complete, 7 rows, 1 requests, 2 points" in result.output  # 2 issues, 4 events, Ann


def test_a_partial_sync_ends_with_3_and_says_why(settings, reads):
    reads(Source("github octo/house", issues_page(1), SourceError("github: 500. Run sync again later.")))
    result = run("--config", settings, "sync")
    assert result.exit_code == 3
    assert "  github: 500. Run sync again later." in result.output


def test_a_missing_token_ends_with_1_in_words(settings, monkeypatch):
    monkeypatch.delenv("GITHUB_TOKEN", raising=False)
    result = run("--config", settings, "sync")
    assert result.exit_code == 1
    assert "GITHUB_TOKEN is not set" in result.output
    assert "Traceback" not in result.output


def test_a_faulty_settings_file_ends_with_1_in_words(settings):
    settings.write_text("[stoer]", "utf-8")
    result = run("--config", settings, "sync")
    assert result.exit_code == 1
    assert "did you mean store?" in result.output


def test_status_before_the_first_sync(settings):
    result = run("--config", settings, "status")
    assert result.exit_code == 0
    assert "Run: fairlead sync" in result.output


def test_status_says_how_the_last_run_of_each_source_went(settings, reads):
    reads(Source("github octo/house", issues_page(1)))
    run("--config", settings, "sync")
    reads(Source("github octo/house", SourceError("github: 500.")), Source("github octo/plan"))
    run("--config", settings, "sync")
    house, why, plan = run("--config", settings, "status").output.splitlines()
    assert house.startswith("github octo/house: failed, started ")
    assert why == "  github: 500."
    assert plan.startswith("github octo/plan: complete, started ")


def test_syncing_twice_changes_nothing(settings, reads):
    for _ in range(2):
        reads(Source("github octo/house", issues_page(1, 2)))
        run("--config", settings, "sync")
    with store.open(f"sqlite:///{settings.parent}/house.db") as opened:
        tables = opened.read()
    assert len(tables.issues) == 2
    assert len(tables.issue_events) == 4
    assert tables.accounts["person"].astype("str").tolist() == ["person:github:U_ann"]


def test_what_is_gone_at_the_source_is_gone_after_the_next_sync(settings, reads):
    labelled = issues_page(1)
    labelled.nodes[0] |= issue(1, labels={"pageInfo": {"hasNextPage": False}, "nodes": [{"name": "bug"}]})
    for page in (labelled, issues_page(1)):
        reads(Source("github octo/house", page))
        run("--config", settings, "sync")
    with store.open(f"sqlite:///{settings.parent}/house.db") as opened:
        assert opened.read().issue_labels.empty


def test_status_says_which_run_was_interrupted(settings):
    started = Outcome("github octo/house", pd.Timestamp("2025-03-31T08:00Z"))
    with store.open(f"sqlite:///{settings.parent}/house.db") as opened:
        opened.write({"sync_runs": started.as_table()}, source=started.source)
    house, why = run("--config", settings, "status").output.splitlines()
    assert house == "github octo/house: interrupted, started 2025-03-31 08:00 UTC, 0 rows"
    assert why == f"  {INTERRUPTED}"


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    """A settings file whose store is the sample organisation's."""
    path = tmp_path_factory.mktemp("sample") / "fairlead.toml"
    path.write_text('[store]\nurl = "sqlite:///sample.db"', "utf-8")
    return path


def test_export_writes_a_table_per_panel_and_a_manifest(sample, tmp_path):
    result = run("--config", sample, "export", "--out", tmp_path / "a" / "b", "--window", 30)
    assert result.exit_code == 0, result.output
    manifest = json.loads((tmp_path / "a/b/manifest.json").read_text("utf-8"))
    assert manifest["window"]["days"] == 30
    named = {entry["file"] for entry in manifest["files"]} | {"manifest.json"}
    assert named == {path.name for path in (tmp_path / "a/b").iterdir()}
    assert f"{len(named)} files in " in result.output


def test_export_of_frames_writes_every_table(sample, tmp_path):
    result = run("--config", sample, "export", "--frames", "--out", tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert {path.stem for path in (tmp_path / "out").iterdir()} == set(frames.TABLES)


def test_report_makes_its_folder_and_says_what_it_is_as_of(sample, tmp_path):
    out = tmp_path / "not" / "there" / "x.html"
    result = run("--config", sample, "report", "--out", out, "--as-of", "2026-03-01")
    assert result.exit_code == 0, result.output
    assert "as of 2026-03-02 00:00 UTC" in result.output
    assert "<html" in out.read_text("utf-8")[:200]


@pytest.fixture(scope="module")
def evaluated(sample, tmp_path_factory):
    """What the command says of the sample, and the file it writes."""
    out = tmp_path_factory.mktemp("evaluated") / "not there" / "reviewers.json"
    result = run("--config", sample, "evaluate", "reviewers", "--json", out)
    assert result.exit_code == 0, result.output
    return result.output, out.read_text("utf-8")


def people_of(path):
    """Everything by which somebody could be told: names, logins, ids of people and of their accounts."""
    with store.open(f"sqlite:///{path.parent}/sample.db") as opened:
        tables = opened.read()
    users = tables.accounts[tables.accounts["kind"] == "user"]
    return {*tables.people["name"], *tables.people["id"].astype("str"), *users["login"], *users["id"].astype("str")}


def test_evaluate_reviewers_says_how_often_who_was_suggested_really_reviewed(evaluated):
    said, _ = evaluated
    assert said.startswith("As of 2026-06-15 08:00 UTC: ")
    assert "One of three suggested people really reviewed in " in said
    assert "Naming who reviews most finds one of three in " in said
    assert "95 % interval" in said
    assert evaluating.TRUTH in said


def test_evaluate_reviewers_writes_the_same_for_programs(evaluated):
    said, text = evaluated
    found = json.loads(text)
    assert found["as_of"] == "2026-06-15T08:00:00+00:00"
    assert found["enough"]
    assert f" {found['n']:,} pull requests, opened from " in said
    assert set(found["scores"]) == set(evaluating.METHODS)
    assert len(found["pull_requests"]) == found["n"] * len(evaluating.METHODS)


def test_neither_of_them_names_anybody(evaluated, sample):
    for text in evaluated:
        assert [who for who in people_of(sample) if who in text] == []


def test_evaluate_reviewers_of_an_empty_store_ends_with_1_in_words(settings):
    result = run("--config", settings, "evaluate", "reviewers")
    assert result.exit_code == 1
    assert "The store is empty. Run `fairlead sync`" in result.output


@pytest.mark.parametrize("command", [("export",), ("export", "--frames"), ("report",)])
def test_what_cannot_be_written_is_said_in_words(sample, tmp_path, command):
    (tmp_path / "file").write_text("", "utf-8")
    result = run("--config", sample, *command, "--out", tmp_path / "file" / "x")
    assert result.exit_code == 1
    assert "/file/x: cannot be written: " in result.output
    assert isinstance(result.exception, SystemExit)


@pytest.mark.parametrize(
    ("option", "value", "says"),
    [
        ("--window", "-5", "-5 is not in the range"),
        ("--window", "0", "0 is not in the range"),
        ("--window", "99999999", "99999999 is not in the range"),
        ("--as-of", "0001-01-01", "there is nothing to see before 1970"),
        ("--team", "Manifesto", "there is no Manifesto; did you mean Manifest?"),
        ("--project", "harborline/logbook", "there is no harborline/logbook; did you mean "),
    ],
)
def test_arguments_that_name_nothing_end_with_2_and_a_hint(sample, tmp_path, option, value, says):
    result = run("--config", sample, "report", "--out", tmp_path / "x.html", option, value)
    assert result.exit_code == 2
    assert f"Invalid value for '{option}': {says}" in result.output
    assert not (tmp_path / "x.html").exists()


def test_exporting_twice_leaves_the_store_as_it_is(sample, tmp_path):
    versions = []
    for name in "ab":
        assert run("--config", sample, "export", "--frames", "--out", tmp_path / name).exit_code == 0
        with store.open(f"sqlite:///{sample.parent}/sample.db") as opened:
            versions.append(opened.version())
    assert versions[0] == versions[1]


def test_a_name_no_source_bears_is_refused(settings, reads):
    reads(Source("github octo/house"))
    result = run("--config", settings, "sync", "--source", "octo/hose")
    assert result.exit_code == 2
    assert "no source bears that name" in result.output


def test_a_dry_run_says_what_it_would_write_and_writes_nothing(settings, reads):
    reads(Source("github octo/house", issues_page(1)))
    result = run("--config", settings, "sync", "--dry-run")
    assert "complete, 4 rows not written" in result.output
    with store.open(f"sqlite:///{settings.parent}/house.db") as opened:
        assert opened.read().issues.empty
        assert opened.sync_runs().empty


def test_a_sync_job_reads_only_when_somebody_has_asked(settings, reads):
    reads(Source("github octo/house", issues_page(1)))
    assert "Nobody has asked" in run("--config", settings, "sync", "--when-requested").output
    with store.open(f"sqlite:///{settings.parent}/house.db") as opened:
        opened.request_sync(pd.Timestamp.now("UTC"))
    assert "complete" in run("--config", settings, "sync", "--when-requested").output
    assert "Nobody has asked" in run("--config", settings, "sync", "--when-requested").output


def test_a_map_of_people_that_cannot_be_used_stops_a_sync_before_it_reads(settings, reads):
    (settings.parent / "people.csv").write_text("person,source,account\nAnn,svn,ann\n", "utf-8")
    source = Source("github octo/house", issues_page(1))
    reads(source)
    result = run("--config", settings, "sync")
    assert result.exit_code == 1
    assert "people.csv" in result.output
    assert source.seen is None


def test_people_are_matched_again_when_the_map_has_changed(settings, reads):
    reads(Source("github octo/house", issues_page(1)))
    assert "people: 1 behind 1 accounts, 0 pairs to decide" in run("--config", settings, "sync").output
    (settings.parent / "people.csv").write_text("person,source,account,team\nAnn Lee,github,ann,Roof\n", "utf-8")
    assert "people: 1 behind 1 accounts" in run("--config", settings, "people").output
    with store.open(f"sqlite:///{settings.parent}/house.db") as opened:
        tables = opened.read()
    assert tables.people["name"].tolist() == ["Ann Lee"]
    assert tables.accounts["matched_by"].tolist() == ["manual"]
    assert tables.teams["name"].tolist() == ["Roof"]
    assert len(tables.team_members) == 1


def test_check_tries_everything_and_says_what_is_wrong(settings, monkeypatch):
    monkeypatch.delenv("GITHUB_TOKEN", raising=False)
    result = run("--config", settings, "check")
    assert result.exit_code == 1
    lines = result.output.splitlines()
    assert lines[0].startswith("ok     settings: ")
    assert any(line.startswith("wrong  ") and "GITHUB_TOKEN is not set" in line for line in lines)
    assert any(line.startswith("ok     people: 0 accounts are named in people.csv") for line in lines)


def test_check_of_the_sample_finds_nothing_wrong(sample):
    result = run("--config", sample, "check")
    assert (result.exit_code, "wrong" in result.output) == (0, False)


def test_a_sync_that_is_ended_says_that_nothing_is_lost(settings, reads):
    reads(Source("github octo/house", issues_page(1), KeyboardInterrupt()))
    result = run("--config", settings, "sync")
    assert result.exit_code == 130
    assert INTERRUPTED in result.output
