"""Past forecasts in the store: never is not nothing, a calibration replaces all of them, a sync none."""

import numpy as np
import pytest
from alembic import command

from fairlead import store
from fairlead.access import LOCAL_LEAD, visible_to
from tests.store.conftest import sql
from tests.store.tables import plain, rows

MILESTONE = {"id": "m1", "project": "a/b", "kind": "version", "state": "open"}
INF, NAN = float("inf"), float("nan")


def past(milestone="m1", window="weekly", **more):
    return {"milestone": milestone, "at": "2025-03-31T08:00:00Z", "window": window} | more


def kept(opened, **projects):
    return plain("past_forecasts", opened.read(**projects).past_forecasts)["milestone"].tolist()


def write(opened, *given, **more):
    opened.write({"past_forecasts": rows("past_forecasts", *given)}, source="s", **more)


def test_never_comes_back_as_never_and_nothing_as_nothing(opened):
    weeks = {"p50_weeks": 0.1, "p85_weeks": INF, "p95_weeks": NAN, "linear_p85": INF, "jira_p85": NAN}
    write(opened, past(**weeks, quantiles='[0.1, "inf", null]'))
    found = opened.read().past_forecasts
    np.testing.assert_array_equal(found[list(weeks)].to_numpy(float)[0], list(weeks.values()))
    assert found["quantiles"].tolist() == ['[0.1, "inf", null]']


def test_a_forecast_is_named_by_its_milestone_instant_and_window(opened):
    write(opened, past(), past(window="planned"), past("m2"))
    write(opened, past(p_on_time=0.5))
    assert kept(opened) == ["m1", "m1", "m2"]
    assert opened.read().past_forecasts["p_on_time"].dropna().tolist() == [0.5]


def test_what_is_replaced_goes_whole_and_shows_in_a_new_edition(opened):
    write(opened, past(), past("m2"))
    before = opened.edition()
    write(opened, past("m3"), replaced=["past_forecasts"], is_edition=True)
    assert kept(opened) == ["m3"]
    assert opened.edition() != before


def test_reading_a_milestone_anew_leaves_what_was_forecast_of_it(opened):
    write(opened, past())
    opened.write({"milestones": rows("milestones", MILESTONE)}, source="s")
    assert kept(opened) == ["m1"]


def test_a_tombstone_of_a_milestone_takes_its_past_forecasts_away(opened):
    write(opened, past(), past("m2"))
    stone = {"id": "m1", "kind": "milestones", "project": "a/b", "reason": "deleted"}
    opened.write({"tombstones": rows("tombstones", stone)}, source="s")
    assert kept(opened) == ["m2"]


def test_those_of_some_projects_are_read_with_their_milestones(opened):
    milestones = rows("milestones", MILESTONE, MILESTONE | {"id": "m2", "project": "c/d"})
    opened.write({"milestones": milestones}, source="s")
    write(opened, past(), past("m2"))
    assert kept(opened, projects=["c/d"]) == ["m2"]


def test_those_of_milestones_that_went_during_the_calibration_are_not_shown(opened):
    opened.write({"milestones": rows("milestones", MILESTONE)}, source="s")
    write(opened, past(), past("gone"))
    seen = visible_to(LOCAL_LEAD, opened.read())
    assert seen.past_forecasts["milestone"].astype("str").tolist() == ["m1"]


def test_a_store_of_the_version_before_is_given_an_empty_table(nowhere, monkeypatch):
    upgrade = command.upgrade
    with monkeypatch.context() as patched:
        patched.setattr(command, "upgrade", lambda settings, _: upgrade(settings, "0002"))
        store.open(nowhere).close()
    with pytest.raises(Exception, match="past_forecasts"):
        sql(nowhere, "select * from past_forecasts")
    with store.open(nowhere) as opened:
        assert opened.read().past_forecasts.empty
        write(opened, past())
        assert kept(opened) == ["m1"]
