"""How far forecasts can be believed: panels against the scores of what is stored, and nothing known too early."""

import pandas as pd
import pytest

from fairlead.access import LOCAL_LEAD, visible_to
from fairlead.frames import Frames
from fairlead.scope import Scope
from metrics import forecast
from metrics.forecast import scores
from reports import calibrating, calibration, foreseen, words
from tests.reports.worlds import WORLDS, panels_of, synced
from tests.sample import AS_OF, sample

EARLIER = AS_OF - pd.Timedelta(days=200)


@pytest.fixture(scope="module")
def past():
    """The stored rows, as `foreseen.measure` reads them now."""
    return forecast.known_by(calibrating.told(synced().past_forecasts), as_of=AS_OF)


def kinds(past):
    is_weekly = past["window"] == "weekly"
    return {"week by week": past[is_weekly], "on the way": past[~is_weekly]}


def test_shares_that_held_are_those_of_the_scores(past):
    table = panels_of("sample")["milestones", "held"].table.set_index(["said", "level"])
    for said, rows in kinds(past).items():
        for found in scores.coverage(rows).to_dict("records"):
            row = table.loc[(said, found["level"])]
            assert (row["n"], row["n_held"], row["n_milestones"]) == (
                found["n"],
                found["n_held"],
                found["n_milestones"],
            )
            assert row["held_share"] == found["held_share"] == found["n_held"] / found["n"]
            assert (row["low_share"], row["high_share"]) == (found["wilson_low"], found["wilson_high"])
            assert row["low_share"] <= row["held_share"] <= row["high_share"]
    assert len(table) == 6
    assert table.groupby("level")["wanted_share"].first().to_dict() == {"p50": 0.5, "p85": 0.85, "p95": 0.95}


def test_words_on_held_dates_tell_ended_milestones_and_open_ones_apart(past):
    panel = panels_of("sample")["milestones", "held"]
    for said, when in (("week by week", "Said week by week"), ("on the way", "Said at a quarter, half and three")):
        row = panel.table[(panel.table["said"] == said) & (panel.table["level"] == "p85")].iloc[0]
        ended = kinds(past)[said].query("p85_weeks < inf").dropna(subset="actual_weeks")
        n, n_held = len(ended), int((ended["actual_weeks"] <= ended["p85_weeks"]).sum())
        assert n_held == row["n_held"]  # none of the open ones has held
        sentence = panel.takeaway[panel.takeaway.index(when) :]
        assert (
            f"held in {n_held} of {words.count(row['n'], 'case')} ({words.share(row['held_share'])}; likely "
            in sentence
        )
        assert f"), {words.count(row['n_milestones'], 'milestone')}." in sentence
        n_open = int(row["n"]) - n
        assert (f"{words.count(n_open, 'miss', 'misses')} " in sentence) == (n_open > 0)
        assert (f"of those that have ended {words.share(n_held / n)} held." in sentence) == (n_open > 0)
    skill = scores.on_time(kinds(past)["week by week"]).iloc[0]
    assert f"Brier skill {skill['skill']:.2f} over {words.count(skill['n'], 'case')}." in panel.note
    assert f"n = {words.count(past['p85_weeks'].notna().sum(), 'past forecast')} " in panel.note


def test_losses_are_those_of_the_scores_each_way_beside_ours_on_the_same_forecasts(past):
    table = panels_of("sample")["milestones", "baselines"].table.set_index(["said", "level", "way"])
    assert set(table.index.get_level_values("way")) <= set(calibration.METHODS.values())
    for said, rows in kinds(past).items():
        for found in scores.against_baselines(rows).to_dict("records"):
            key = (said, found["level"], calibration.METHODS[found["method"]])
            assert (key in table.index) == (found["n"] > 0)
            if found["n"]:
                row = table.loc[key]
                assert (row["pinball_weeks"], row["ours_weeks"]) == (found["pinball_weeks"], found["ours_weeks"])
                assert (row["n"], row["held_share"]) == (found["n"], found["held_share"])


def test_how_many_usual_ways_were_beaten_is_counted_from_the_table():
    panel = panels_of("sample")["milestones", "baselines"]
    table = panel.table[(panel.table["said"] == "week by week") & (panel.table["level"] == "p85")].set_index("way")
    usual = table.drop(index=["Fairlead", "Fairlead before it learned"])
    beaten = (usual["ours_weeks"] < usual["pinball_weeks"]).sum()
    margin = usual["pinball_weeks"] - usual["ours_weeks"]
    nearest = usual.loc[margin.idxmin()]
    assert panel.takeaway == (
        f"Fairlead's 85 % dates were closer than {beaten} of {words.count(len(usual), 'usual way')}. "
        f"{'Closest to' if margin.min() > 0 else 'Better than'} ours: {margin.idxmin()}, "
        f"{nearest['pinball_weeks']:.1f} weeks of loss against {nearest['ours_weeks']:.1f}."
    )


def test_without_a_calibration_panels_say_how_to_get_one():
    panels = panels_of("nothing")
    for key in ("held", "baselines"):
        assert panels["milestones", key].table.empty
        assert "`fairlead calibrate`" in panels["milestones", key].empty


@pytest.mark.parametrize("as_of", [AS_OF, EARLIER, EARLIER - pd.Timedelta(days=100)], ids=str)
def test_what_was_not_known_by_then_is_hidden(as_of):
    """Against a plain loop over what is stored."""
    stored = calibrating.told(synced().past_forecasts)
    seen = forecast.known_by(stored, as_of=as_of).set_index(["milestone", "at", "window", "part"]).sort_index()
    n = 0
    for row in stored.to_dict("records"):
        key = (row["milestone"], row["at"], row["window"], row["part"])
        is_known = pd.notna(row["known_at"]) and row["known_at"] <= as_of
        if row["at"] >= as_of or (row["window"] == "actual" and not is_known):
            assert key not in seen.index
            continue
        n += 1
        shown = seen.loc[key]
        shown = shown.iloc[0] if isinstance(shown, pd.DataFrame) else shown
        outcome = ["actual_weeks", "over_at", "known_at", "is_on_time"]
        if is_known:
            for name in outcome:
                assert shown[name] == row[name] or (pd.isna(shown[name]) and pd.isna(row[name]))
            assert pd.isna(shown["open_weeks"])
        else:
            assert shown[["actual_weeks", "over_at", "known_at"]].isna().all()
            is_late = row["due_on_at"] <= as_of
            assert shown["is_on_time"] == 0 if is_late else pd.isna(shown["is_on_time"])
            assert shown["open_weeks"] == pytest.approx((as_of - row["at"]) / pd.Timedelta(weeks=1))
    assert n == len(seen) > 0


def test_a_miss_that_was_known_before_the_end_stays_known():
    stored = calibrating.told(synced().past_forecasts)
    late = stored[(stored["due_on_at"] < EARLIER) & (stored["known_at"] > EARLIER) & (stored["at"] < EARLIER)]
    late = late[late["window"] != "actual"]
    assert len(late)
    assert (forecast.known_by(late, as_of=EARLIER)["is_on_time"] == 0).all()


def test_coverage_of_an_earlier_day_is_not_that_of_today():
    now, then = (panels_of(name)["milestones", "held"].table for name in ("sample", "200 days ago"))
    assert then["n"].sum() < now["n"].sum()


CHOICES = [
    {"teams": ("Berth",)},
    {"teams": ("Voyage",)},
    {"projects": ("CARGO",)},
    {"projects": ("harbourline/platform", "VOY")},
    {"teams": ("Berth",), "projects": ("BERTH",)},
]


@pytest.mark.parametrize("chosen", CHOICES, ids=str)
def test_a_filter_chooses_milestones_and_changes_no_forecast_of_them(chosen):
    frames = WORLDS["sample"]().frames
    whole = foreseen.measure(frames, Scope(AS_OF)).portfolio.set_index("milestone")
    some = foreseen.measure(frames, Scope(AS_OF, **chosen)).portfolio.set_index("milestone")
    assert 0 < len(some) < len(whole)
    pd.testing.assert_frame_equal(some, whole.loc[some.index])


@pytest.mark.parametrize("days", [30, 365])
def test_the_window_changes_no_forecast(days):
    frames = WORLDS["sample"]().frames
    whole = foreseen.measure(frames, Scope(AS_OF)).portfolio
    pd.testing.assert_frame_equal(foreseen.measure(frames, Scope(AS_OF, days)).portfolio, whole)


def test_a_filter_chooses_the_milestones_that_hold_or_held_something_of_it():
    frames = WORLDS["sample"]().frames
    measured = foreseen.measure(frames, Scope(AS_OF, projects=("CARGO",)))
    assert set(measured.portfolio["project"]) == {"CARGO"}
    assert set(measured.known["project"]) == {"CARGO"}
    whole = foreseen.measure(frames, Scope(AS_OF))
    assert len(measured.members) == len(whole.members)
    assert len(measured.past) == len(whole.past)


def test_a_calibration_of_last_week_is_judged_as_of_last_week():
    last_week = AS_OF - pd.Timedelta(days=7)
    stored = calibrating.stored(calibrating.backtested(sample(), last_week), as_of=last_week)
    frames = visible_to(LOCAL_LEAD, Frames.of(sample().tables() | {"past_forecasts": stored}))
    past = foreseen.measure(frames, Scope(AS_OF)).past
    pd.testing.assert_frame_equal(past, forecast.known_by(calibrating.told(stored), as_of=last_week))
    # Nobody looked since: an open milestone has not been waited for any longer than until then.
    since = (last_week - past["at"]).dt.total_seconds() / (7 * 86_400)
    assert (past["open_weeks"].dropna() <= since[past["open_weeks"].notna()] + 1e-9).all()
    assert past["open_weeks"].notna().any()
