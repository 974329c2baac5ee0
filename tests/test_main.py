"""The command line: what is said, and what it ends with."""

import pytest
from click.testing import CliRunner

from connectors import sync as syncing
from fairlead import config, store
from fairlead.__main__ import main
from fairlead.errors import SourceError
from tests.connectors.pages import issue
from tests.connectors.test_sync import Source
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
    return lambda *sources: monkeypatch.setattr(syncing, "sources", lambda _: list(sources))


def run(*arguments):
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def test_a_complete_sync_ends_with_0_and_says_what_it_cost(settings, reads):
    reads(Source("github octo/house", issues_page(1, 2)))
    result = run("--config", settings, "sync")
    assert result.exit_code == 0
    assert "github octo/house: complete, 8 rows, 1 requests, 2 points" in result.output  # 2 issues, 4 events, Ann twice


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
