"""`fairlead calibrate`, and what a sync does of it by itself."""

# ruff: noqa: F811 (fixtures are imported and then named as arguments)

import json

import pandas as pd
import pytest

from connectors import Page
from connectors.runs import Outcome
from fairlead import store
from fairlead.errors import SourceError
from reports import calibration_job, calibration_words
from tests.connectors.test_sync import NOW, Source
from tests.connectors.test_sync import issues as issues_page
from tests.metrics import forecast_world
from tests.test_main import reads, run, settings  # noqa: F401 (fixtures)

WEEK = pd.Timedelta(days=7)
HOUSE = "github octo/house"


def opened(settings):
    return store.open(f"sqlite:///{settings.parent}/house.db")


def calibrated_at(settings):
    """The data's instant of the last calibration; none before the first."""
    with opened(settings) as there:
        return there.cursors(calibration_job.SOURCE).get(calibration_job.AS_OF)


@pytest.fixture
def later(monkeypatch):
    """Make the source's clock show a later instant."""
    return lambda at: monkeypatch.setattr("tests.connectors.test_sync.NOW", at)


@pytest.fixture
def filled(settings):
    """Settings whose store holds a few milestones, closed ones among them."""
    at = forecast_world.TODAY
    done = Outcome(HOUSE, at, status="complete", finished_at=at)
    done.state.watermark = at
    with opened(settings) as there:
        there.write({**forecast_world.organisation(n=4), "sync_runs": done.as_table()}, source=HOUSE)
    return settings


def test_calibrate_says_how_dates_held_next_to_the_usual_ways_and_writes_all_of_it(filled, tmp_path):
    out = tmp_path / "not" / "there" / "c.json"
    result = run("--config", filled, "calibrate", "--json", out)
    assert result.exit_code == 0, result.output
    assert "As of 2026-06-30 00:00 UTC: " in result.output
    for words in ("At parts of each milestone's window", "Week by week", "85 % dates held in ", "pinball", "burn-up"):
        assert words in result.output
    with opened(filled) as there:
        assert len(json.loads(out.read_text("utf-8"))["origins"]) == len(there.read().past_forecasts) > 20
    assert calibrated_at(filled) == forecast_world.TODAY.isoformat()


def test_calibrating_twice_stores_the_same(filled):
    found = []
    for _ in range(2):
        assert run("--config", filled, "calibrate").exit_code == 0
        with opened(filled) as there:
            found.append(there.read().past_forecasts)
    pd.testing.assert_frame_equal(*found)


def test_what_cannot_be_written_is_said_in_words(filled, tmp_path):
    (tmp_path / "file").write_text("", "utf-8")
    result = run("--config", filled, "calibrate", "--json", tmp_path / "file" / "c.json")
    assert result.exit_code == 1
    assert "/file/c.json: cannot be written: " in result.output


def test_an_empty_store_is_said_in_words(settings):
    result = run("--config", settings, "calibrate")
    assert result.exit_code == 1
    assert "The store is empty. Run `fairlead sync`" in result.output


def test_a_store_without_closed_milestones_is_said_in_words(settings, reads):
    reads(Source(HOUSE, issues_page(1)))
    run("--config", settings, "sync")
    result = run("--config", settings, "calibrate")
    assert result.exit_code == 0
    assert "No milestone with dated work has been closed yet" in result.output


def test_a_sync_calibrates_once_and_again_when_its_data_are_a_week_newer(settings, reads, later):
    said = []
    for at in (NOW, NOW + WEEK, NOW + 2 * WEEK):
        later(at)
        reads(Source(HOUSE, issues_page(1)))
        said.append("calibration: " in run("--config", settings, "sync").output)
    assert said == [True, False, True]
    assert calibrated_at(settings) == (NOW + 2 * WEEK).isoformat()


def test_a_sync_that_reads_something_calibrates_although_the_rest_failed(settings, reads):
    reads(Source(HOUSE, issues_page(1), SourceError("github: 500.")))
    assert run("--config", settings, "sync").exit_code == 3
    assert calibrated_at(settings) == NOW.isoformat()


@pytest.mark.parametrize("options", [("--no-calibrate",), ("--dry-run",)])
def test_a_sync_does_not_calibrate_where_it_is_told_not_to(settings, reads, options):
    reads(Source(HOUSE, issues_page(1)))
    assert "calibration" not in run("--config", settings, "sync", *options).output
    assert calibrated_at(settings) is None


def test_a_sync_that_failed_entirely_does_not_calibrate(filled, reads):
    reads(Source(HOUSE, SourceError("github: 500.")))
    assert run("--config", filled, "sync").exit_code == 1
    assert calibrated_at(filled) is None


def test_a_sync_leaves_the_past_forecasts_that_are_there(filled, reads):
    run("--config", filled, "calibrate")
    with opened(filled) as there:
        before = there.read().past_forecasts
    reads(Source(HOUSE, Page("issues", [], context=issues_page(1).context)))
    run("--config", filled, "sync")
    with opened(filled) as there:
        pd.testing.assert_frame_equal(there.read().past_forecasts, before)


def test_who_ends_a_calibration_is_told_that_the_sync_is_kept(settings, reads, monkeypatch):
    def ended(_):
        raise KeyboardInterrupt

    monkeypatch.setattr(calibration_job, "calibrated", ended)
    reads(Source(HOUSE, issues_page(1)))
    result = run("--config", settings, "sync")
    assert result.exit_code == 130
    assert calibration_words.INTERRUPTED in result.output
    with opened(settings) as there:
        assert len(there.read().issues) == 1


def test_a_sync_that_ends_during_a_calibration_finds_the_lock_free(settings, reads, monkeypatch):
    held = []
    calibrate = calibration_job.calibrated

    def looked_at(there):
        with opened(settings) as other, other.sync_lock():
            held.append("nobody")
        return calibrate(there)

    monkeypatch.setattr(calibration_job, "calibrated", looked_at)
    reads(Source(HOUSE, issues_page(1)))
    assert run("--config", settings, "sync").exit_code == 0
    assert held == ["nobody"]


def test_the_sample_is_calibrated_with_its_first_sync(tmp_path):
    path = tmp_path / "fairlead.toml"
    path.write_text('[store]\nurl = "sqlite:///house.db"', "utf-8")
    assert "calibration: week by week, 85 % dates held in " in run("--config", path, "sync").output
    assert "calibration" not in run("--config", path, "sync").output
