"""Past forecasts as they are stored, handed to others, and told in words: nothing is lost on the way."""

import json

import numpy as np
import pandas as pd
import pytest

from fairlead import frames, store
from fairlead.access import LOCAL_LEAD, visible_to
from fairlead.errors import StoreError
from fairlead.frames import Frames
from metrics import forecast
from metrics.forecast.backtest import QUANTILES, RAW
from reports import calibrating, calibration_job, calibration_words
from tests.metrics import forecast_world
from tests.store.tables import rows as table_rows

TODAY = forecast_world.TODAY
INF, NAN = float("inf"), float("nan")


@pytest.fixture(scope="module")
def rows():
    """A backtest; of its first forecasts one never ends and one says nothing."""
    found = calibrating.backtested(Frames.of(forecast_world.organisation(n=9)), TODAY)
    weeks = [*QUANTILES, *RAW, "p50_weeks", "p85_weeks", "p95_weeks", "linear_p85"]
    never, nothing = found.index == 1, found.index == 2
    filled = {name: found[name].mask(never, INF).mask(nothing, NAN) for name in weeks}
    status = found["status"].mask(never, "never").mask(nothing, "no_history")
    return found.assign(**filled, status=status)


def test_parts_of_windows_and_weeks_are_made_anew(rows):
    assert set(rows["window"]) >= {"planned", "weekly"}
    assert rows["actual_weeks"].notna().any()


def test_a_bar_may_be_drawn_around_the_origins():
    seen = []

    def counted(origins):
        seen.append(len(origins))
        return []

    assert calibrating.backtested(Frames.of(forecast_world.organisation(n=2)), TODAY, counted).empty
    assert seen[0] > 2


def test_what_is_stored_is_told_as_it_was(rows):
    kept = Frames.of({"past_forecasts": calibrating.stored(rows, as_of=TODAY)}).past_forecasts
    pd.testing.assert_frame_equal(calibrating.told(kept)[list(rows)], rows)
    assert set(calibrating.told(kept)) == set(rows)
    assert (kept["calibrated_at"] == TODAY).all()


def test_what_was_in_a_store_is_told_as_it_was(rows, tmp_path):
    with store.open(f"sqlite:///{tmp_path}/s.db") as opened:
        opened.write({"past_forecasts": calibrating.stored(rows, as_of=TODAY)}, source="s")
        kept = opened.read().past_forecasts
    pd.testing.assert_frame_equal(calibrating.told(kept)[list(rows)], rows)


def test_nothing_stored_is_a_backtest_without_rows(rows):
    none = calibrating.told(frames.empty("past_forecasts"))
    pd.testing.assert_frame_equal(none[list(rows)], rows.iloc[:0].reset_index(drop=True))
    assert len(forecast.said(none).actual) == 0
    assert calibrating.stored(rows.iloc[:0], as_of=TODAY).empty


def test_forecasts_and_scores_learn_the_same_from_what_was_stored(rows):
    told = calibrating.told(calibrating.stored(rows, as_of=TODAY).sample(frac=1, random_state=1))
    for name, measure in calibrating.SUMMARIES.items():
        pd.testing.assert_frame_equal(measure(told), measure(rows), obj=name)
    for ours, theirs in zip(vars(forecast.said(told)).values(), vars(forecast.said(rows)).values(), strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_quantiles_at_other_levels_than_today_s_tell_nothing(rows):
    kept = calibrating.stored(rows, as_of=TODAY)
    older = kept.assign(quantiles=kept["quantiles"].where(kept.index > 0, "[1.0, 2.0]"))
    assert len(calibrating.told(older)) == len(rows) - 1


def test_forecasts_of_one_instant_and_window_are_one(rows):
    assert len(calibrating.stored(pd.concat([rows, rows.iloc[:3]]), as_of=TODAY)) == len(rows)


def read(text):
    """Strict: JSON knows neither NaN nor Infinity."""
    return json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))


def number(value):
    return NAN if value is None else float(value)


def test_the_file_holds_every_origin_with_forecast_outcome_and_baselines(rows):
    found = read(calibrating.as_json(rows, as_of=TODAY))
    assert found["as_of"] == "2026-06-30T00:00:00+00:00"
    assert found["method"]["levels"][:2] == [0.05, 0.1]
    assert len(found["origins"]) == len(rows)
    for origin, row in zip(found["origins"], rows.to_dict("records"), strict=True):
        assert (origin["milestone"], origin["at"]) == (row["milestone"], row["at"].isoformat())
        np.testing.assert_array_equal([number(each) for each in origin["quantiles"]], [row[name] for name in QUANTILES])
        np.testing.assert_array_equal([number(each) for each in origin["raw_quantiles"]], [row[name] for name in RAW])
        for name in ("actual_weeks", "open_weeks", "due_weeks", "p_on_time", "p85_weeks"):
            np.testing.assert_equal(number(origin[name]), row[name])
        assert len(origin["baselines"]) == 12
        np.testing.assert_equal(number(origin["baselines"]["linear_p85"]), row["linear_p85"])


def test_in_the_file_never_is_inf_and_unknown_is_null(rows):
    origins = read(calibrating.as_json(rows, as_of=TODAY))["origins"]
    assert [origins[n][name] for n in (1, 2) for name in ("p85_weeks", "p85_at")] == ["inf", "inf", None, None]
    dated = int(np.flatnonzero(np.isfinite(rows["p85_weeks"]))[0])
    later = pd.Timestamp(origins[dated]["p85_at"]) - pd.Timestamp(origins[dated]["at"])
    assert later / pd.Timedelta(weeks=1) == pytest.approx(rows["p85_weeks"].iloc[dated], abs=1e-5)


def test_the_summary_of_the_file_is_what_its_origins_amount_to(rows):
    found = read(calibrating.as_json(rows, as_of=TODAY))
    for kind, windows in {"parts": ("planned", "actual"), "weekly": ("weekly",)}.items():
        said = [each for each in found["origins"] if each["window"] in windows and each["p85_weeks"] is not None]
        dated = [each for each in said if each["p85_weeks"] != "inf"]
        is_held = [number(each["actual_weeks"]) <= number(each["p85_weeks"]) for each in dated]
        is_case = [
            each["over_at"] is not None or number(each["open_weeks"]) > number(each["p85_weeks"]) for each in dated
        ]
        p85 = found["summary"][kind]["coverage"][1]
        assert (p85["level"], p85["n"], p85["n_held"]) == ("p85", sum(is_case), sum(is_held))
        assert p85["n_never"] == sum(each["over_at"] is not None for each in said if each not in dated)
        silent = [each for each in found["origins"] if each["window"] in windows and each not in said]
        assert sum(each["n"] for each in found["summary"][kind]["left_out"]) == len(silent)


def test_a_file_of_nothing_is_valid_too(rows):
    found = read(calibrating.as_json(rows.iloc[:0], as_of=TODAY))
    assert found["origins"] == []
    assert found["summary"]["weekly"]["coverage"][1]["n"] == 0


def case(rows, milestone, actual, p85, **more):
    """One weekly forecast of the given weeks."""
    is_open = np.isnan(actual)
    return rows[rows["window"] == "weekly"].iloc[[0]].assign(
        milestone=milestone, status="ok", actual_weeks=actual, open_weeks=3.0 if is_open else NAN, p85_weeks=p85,
        over_at=pd.NaT if is_open else TODAY, **more,
    )  # fmt: skip


def test_held_dates_are_counted_in_words_open_ones_past_them_as_missed(rows):
    given = [
        case(rows, "a", actual=4.0, p85=5.0),
        case(rows, "b", actual=4.0, p85=3.9),
        case(rows, "c", NAN, p85=2.0),
        case(rows, "d", NAN, p85=8.0),
        case(rows, "e", 1.0, p85=NAN).assign(status="no_history"),
    ]
    said = calibration_words.in_words(pd.concat(given, ignore_index=True).astype({"over_at": rows["over_at"].dtype}))
    # Design effect 3/2 of three milestones: Wilson for 1/3 of 2 cases is 0.443 ± 0.398.
    assert "85 % dates held in 1 of 3 cases (33 %; 95 % interval 5–84 %), 3 milestones." in said
    assert "5 forecasts made anew with what was known then, 5 milestones." in said
    assert "At parts of each milestone's window\n  no forecast could be made anew." in said
    assert "No date in 1 case of 1 milestone: fewer than six whole weeks of its own" in said


def test_the_table_stands_beside_the_baselines_with_a_verdict(rows):
    # Pinball at .85 of 4 weeks: said 5 → 0.15, said 8 → 0.6, said 2 → 1.7.
    given = case(rows, "a", actual=4.0, p85=5.0, linear_p85=2.0, due_holds_p85=4.0, jira_p85=NAN)
    said = calibration_words.in_words(given)
    linear = next(line for line in said.splitlines() if "Linear burn-up" in line)
    assert linear.split() == ["Linear", "burn-up", "1", "0", "%", "1.70", "0.15"]
    assert "velocity" not in said
    assert "Closer than ours: " in said
    assert "The due date holds" in said.rpartition("Closer than ours: ")[2]


def test_without_a_closed_milestone_there_is_nothing_to_say(rows):
    assert calibration_words.in_words(rows[rows["over_at"].isna()]).startswith("No milestone with dated work has been")
    assert "no milestone" in calibration_words.in_a_line(rows.iloc[:0])


def synced(opened, at, status="complete"):
    run = {"source": "s", "status": status, "watermark": at, "started_at": at}
    opened.write({"sync_runs": table_rows("sync_runs", run)}, source="s")


@pytest.fixture
def opened(tmp_path):
    with store.open(f"sqlite:///{tmp_path}/s.db") as opened:
        yield opened


def test_a_calibration_is_due_before_the_first_and_after_seven_days_of_the_data(opened):
    assert not calibration_job.is_due(opened)
    synced(opened, TODAY)
    assert calibration_job.is_due(opened)
    calibration_job.calibrated(opened)
    assert not calibration_job.is_due(opened)
    synced(opened, TODAY + pd.Timedelta(days=7))
    assert not calibration_job.is_due(opened)
    synced(opened, TODAY + pd.Timedelta(days=7, seconds=1))
    assert calibration_job.is_due(opened)


def test_a_calibration_by_another_method_is_due_again(opened, monkeypatch):
    synced(opened, TODAY)
    calibration_job.calibrated(opened)
    monkeypatch.setattr(calibrating, "method", lambda: {"trials": 3})
    assert calibration_job.is_due(opened)


def test_a_calibration_is_seen_by_pages_and_is_the_only_one_there(opened):
    synced(opened, TODAY)
    opened.write(forecast_world.organisation(n=3), source="s")
    gone = {"milestone": "m00", "at": "2020-01-01T00:00:00Z", "window": "weekly"}
    opened.write({"past_forecasts": table_rows("past_forecasts", gone)}, source="s")
    before = opened.edition()
    made = calibration_job.calibrated(opened)
    assert opened.edition() != before
    seen = visible_to(LOCAL_LEAD, opened.read())
    pd.testing.assert_frame_equal(calibrating.told(seen.past_forecasts)[list(made.rows)], made.rows)


def test_a_store_without_data_cannot_be_calibrated(opened):
    with pytest.raises(StoreError, match="Run `fairlead sync`"):
        calibration_job.calibrated(opened)


def test_a_sync_may_be_at_work_meanwhile(opened):
    synced(opened, TODAY)
    with opened.sync_lock():
        calibration_job.calibrated(opened)
    assert not calibration_job.is_due(opened)
