"""Absences in the store: what is replaced, what is kept, and what is said."""

import pandas as pd
import pytest

from connectors import time_off
from connectors import words as told
from connectors.runs import Clock
from connectors.settle import check, settle
from connectors.sync import Run
from fairlead import frames
from fairlead import store as stores
from fairlead.config import GithubConnection, PeopleSettings, Settings, TimeOffSource
from tests.connectors.test_sync import Lane, Source
from tests.connectors.test_sync import issues as issues_page
from tests.connectors.time_off.calendars import days, ics
from tests.connectors.time_off.test_asking import Server, answer

NOW = pd.Timestamp("2026-06-15T08:00Z")
HEAD = "person,start_on,end_on\n"


@pytest.fixture
def house(tmp_path, monkeypatch):
    """A store with Ann and Bo; the settings read `away.csv` and a calendar."""
    monkeypatch.setenv("CALENDAR", "https://calendar.example/s3cret.ics")
    (tmp_path / "away.csv").write_text(HEAD + "ann,2026-06-01,2026-06-03\n", "utf-8")
    people = [{"id": f"p:{who}", "name": name} for who, name in (("ann", "Ann Lee"), ("bo", "Bo Ek"))]
    accounts = [
        {"id": f"github:{who}", "source": "github", "login": who, "kind": "user", "person": f"p:{who}"}
        for who in ("ann", "bo")
    ]
    tables = {"people": people, "accounts": accounts}
    with stores.open(f"sqlite:///{tmp_path}/house.db") as opened:
        opened.write({name: frames.from_rows(name, rows) for name, rows in tables.items()}, source="test")
        yield opened


@pytest.fixture
def settings(tmp_path):
    def of(*sources):
        people = PeopleSettings(file=tmp_path / "people.csv")
        return Settings(github=(GithubConnection(repos=("a/b",)),), people=people, time_off=sources)

    return of


@pytest.fixture
def csv(tmp_path):
    return TimeOffSource(file=tmp_path / "away.csv")


CALENDAR = TimeOffSource(address_env="CALENDAR")


def read(house, settings, *answers):
    return time_off.read(house, settings, now=NOW, get=Server(*answers))


def stored(house):
    table = house.read(tables=["time_off"]).time_off.astype({"person": "str"}).sort_values(["person", "start_on"])
    return [f"{row.person[2:]} {row.start_on:%m-%d} {row.end_on:%m-%d}" for row in table.itertuples()]


def bo(start, end):
    return answer(ics(days(start, end, title="Bo Ek – s3cret illness")))


def test_files_and_calendars_together_are_the_absences(house, settings, csv):
    found = read(house, settings(csv, CALENDAR), bo("20260610", "20260612"))
    assert stored(house) == ["ann 06-01 06-03", "bo 06-10 06-11"]
    assert found.says == "2 absences of 2 people"


def test_one_absence_in_two_places_is_one(house, settings, csv):
    shared = answer(ics(days("20260602", "20260606", title="Ann Lee")))
    assert read(house, settings(csv, CALENDAR), shared).says == "1 absence of 1 person"
    assert stored(house) == ["ann 06-01 06-05"]


def test_reading_twice_writes_once(house, settings, csv):
    read(house, settings(csv))
    before = house.version(), house.edition()
    read(house, settings(csv))
    assert (house.version(), house.edition()) == before


def test_what_is_no_longer_said_is_gone(house, settings, csv):
    read(house, settings(csv, CALENDAR), bo("20260610", "20260612"))
    csv.file.write_text(HEAD + "ann,2026-07-01,\n", "utf-8")
    before = house.edition()
    read(house, settings(csv, CALENDAR), bo("20260611", "20260612"))
    assert stored(house) == ["ann 07-01 07-01", "bo 06-11 06-11"]
    assert house.edition() != before


def test_what_cannot_be_read_takes_nothing_away(house, settings, csv):
    read(house, settings(csv, CALENDAR), bo("20260610", "20260612"))
    csv.file.write_text(HEAD + "ann,2026-07-01,\n", "utf-8")
    found = read(house, settings(csv, CALENDAR), answer(status=503))
    assert stored(house) == ["ann 06-01 06-03", "ann 07-01 07-01", "bo 06-10 06-11"]
    assert found.warnings == (
        "CALENDAR: the calendar's server answered 503. Run again later. What was read of absences before is kept.",
    )
    read(house, settings(csv, CALENDAR), bo("20260610", "20260612"))
    assert stored(house) == ["ann 07-01 07-01", "bo 06-10 06-11"]


@pytest.mark.parametrize("content", [b"BEGIN:VCALENDAR\r\n", b"<html>", b""])
def test_a_calendar_that_is_none_takes_nothing_away(house, settings, content):
    read(house, settings(CALENDAR), bo("20260610", "20260612"))
    before = house.version()
    assert len(read(house, settings(CALENDAR), answer(content)).warnings) == 1
    assert stored(house) == ["bo 06-10 06-11"]
    assert house.version() == before


def test_a_calendar_that_is_empty_says_that_nobody_is_away(house, settings):
    read(house, settings(CALENDAR), bo("20260610", "20260612"))
    assert read(house, settings(CALENDAR), answer(ics())).says == "0 absences of 0 people"
    assert stored(house) == []


def test_settings_that_name_nothing_any_more_leave_nothing_behind(house, settings, csv):
    read(house, settings(csv))
    assert read(house, settings()) is None
    assert stored(house) == []
    before = house.version()
    read(house, settings())
    assert house.version() == before


def test_absences_that_settings_never_said_stay_where_they_name_nothing(house, settings):
    house.write({"time_off": frames.from_rows("time_off", [
        {"person": "p:ann", "start_on": "2026-01-01", "end_on": "2026-01-02"}
    ])}, source="sample")  # fmt: skip
    assert read(house, settings()) is None
    assert stored(house) == ["ann 01-01 01-02"]


def test_nothing_of_a_title_is_stored_or_said(house, settings, tmp_path):
    found = read(house, settings(CALENDAR), bo("20260610", "20260612"))
    house.close()
    assert b"s3cret" not in b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert "s3cret" not in repr(found)


def test_what_recurs_is_looked_at_around_what_the_data_are_as_of(house, settings):
    weekly = days("20100604", title="Bo Ek", lines=["RRULE:FREQ=WEEKLY"])
    house.write({"sync_runs": frames.from_rows("sync_runs", [
        {"source": "github a/b", "started_at": NOW, "finished_at": NOW, "status": "complete", "rows": 1, "requests": 1,
         "watermark": pd.Timestamp("2014-08-01T00:00Z")}
    ])}, source="github a/b")  # fmt: skip
    read(house, settings(CALENDAR), answer(ics(weekly)))
    start_on = house.read(tables=["time_off"]).time_off["start_on"]
    assert (start_on.dt.year.min(), start_on.dt.year.max()) == (2012, 2016)


# Where it is done and told ------------------------------------------------------------------------------------------


def test_a_sync_reads_absences_once_it_is_known_who_is_who(tmp_path, settings, csv):
    csv.file.write_text(HEAD + "ann,2026-06-01,\nnobody,2026-06-01,\n", "utf-8")
    with stores.open(f"sqlite:///{tmp_path}/new.db") as opened:
        run = Run(opened, settings(csv), Clock(lambda: NOW))
        run.read([Lane(Source("github a/b", issues_page(1)))])
        table = opened.read(tables=["time_off"]).time_off
        assert table["person"].astype("str").tolist() == ["person:github:U_ann"]
        assert told.people(run.settled, run.away).splitlines() == [
            "people: 1 behind 1 accounts, 0 pairs to decide",
            "time off: 1 absence of 1 person; left out: 1 of nobody known",
        ]


def test_a_list_with_a_fault_does_not_stop_a_sync(tmp_path, settings, csv):
    csv.file.write_text(HEAD + "ann,soon,\n", "utf-8")
    with stores.open(f"sqlite:///{tmp_path}/new.db") as opened:
        run = Run(opened, settings(csv), Clock(lambda: NOW))
        (outcome,) = run.read([Lane(Source("github a/b", issues_page(1)))])
    assert outcome.status == "complete"
    assert run.away.warnings == (
        f"{csv.where}: line 2: start_on: expected a day, such as 2024-02-29. {time_off.KEPT}",
    )  # fmt: skip


def test_without_absences_in_the_settings_nothing_is_said_of_them(house, settings):
    settled = settle(house, settings().people)
    assert "time off" not in told.people(settled, read(house, settings()))


def test_a_check_tries_each_and_writes_nothing(house, settings, csv):
    before = house.version()
    absent = TimeOffSource(file=csv.file.with_name("absent.ics"))
    found = list(check(house, settings(csv, absent), now=NOW))
    assert [(each.is_good, each.says) for each in found[1:]] == [
        (True, f"time off: {csv.where}: 1 absence of 1 person"),
        (False, f"time off: {absent.where}: cannot be read: No such file or directory."),
    ]
    assert house.version() == before


def test_a_check_says_whose_calendar_nobody_knows(house, settings):
    whose = CALENDAR.model_copy(update={"person": "nobody"})
    (found,) = time_off.check(house, settings(whose), now=NOW, get=Server(bo("20260610", "20260612")))
    assert not found.is_good
    assert found.says.startswith("time off: CALENDAR: 0 absences of 0 people; left out: 1 of nobody known; CALENDAR: ")
