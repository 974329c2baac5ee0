"""Calendars: which events are absences, when, and whose."""

import time
from datetime import datetime

import pytest

from connectors.time_off.recurring import recurrences
from fairlead.errors import SourceError
from tests.connectors.time_off.calendars import ANNS, NOW, away, days, event, house, ics, left_out, shaped


def at(day):
    return datetime.fromisoformat(day)


# When ---------------------------------------------------------------------------------------------------------------


def test_the_end_of_whole_days_is_the_day_after():
    assert away(ics(days("20260601", "20260603"))) == ["ann 06-01 06-02"]


def test_without_an_end_it_is_one_day():
    assert away(ics(days("20260601"))) == ["ann 06-01 06-01"]


def test_a_length_stands_for_an_end():
    assert away(ics(days("20260601", lines=["DURATION:P1W"]))) == ["ann 06-01 06-07"]


def test_an_end_before_the_start_is_one_day():
    assert away(ics(days("20260601", "20260520"))) == ["ann 06-01 06-01"]


TIMED = [
    ("TZID=Europe/Berlin:20260601T000000", "TZID=Europe/Berlin:20260603T000000", ["ann 06-01 06-02"]),
    ("TZID=Europe/Berlin:20260601T150000", "TZID=Europe/Berlin:20260604T100000", ["ann 06-02 06-03"]),
    ("TZID=Europe/Berlin:20260601T000000", "TZID=Europe/Berlin:20260601T235900", ["ann 06-01 06-01"]),
    ("TZID=Europe/Berlin:20260601T090000", "TZID=Europe/Berlin:20260602T235800", []),
    ("TZID=Europe/Berlin:20260328T000000", "TZID=Europe/Berlin:20260330T000000", ["ann 03-28 03-29"]),  # 47 hours
    ("TZID=Nobody's Own:20260601T000000", "TZID=Nobody's Own:20260602T000000", ["ann 06-01 06-01"]),
    ("VALUE=DATE-TIME:20260601T000000", "VALUE=DATE-TIME:20260602T000000", ["ann 06-01 06-01"]),
    ("VALUE=DATE-TIME:20260531T220000Z", "VALUE=DATE-TIME:20260601T220000Z", ["ann 06-01 06-01"]),  # in Berlin
    ("VALUE=DATE-TIME:20260601T000000Z", "VALUE=DATE-TIME:20260602T000000Z", []),
]


@pytest.mark.parametrize(("start", "end", "found"), TIMED)
def test_of_hours_only_whole_local_days_count(start, end, found):
    content = ics(event(f"DTSTART;{start}", f"DTEND;{end}"))
    assert away(content) == found
    assert left_out(content) == ({} if found else {"shorter than a day": 1})


def test_days_in_utc_are_the_calendar_s_where_nobody_knows_the_person_s():
    content = ics(
        event("DTSTART:20260531T150000Z", "DTEND:20260601T150000Z", title="Max: PTO"), head=["X-WR-TIMEZONE:Asia/Tokyo"]
    )
    assert away(content) == ["max 06-01 06-01"]


def test_days_in_utc_are_the_usual_ones_where_nothing_else_is_known():
    written = event("DTSTART:20260531T150000Z", "DTEND:20260601T150000Z", title="Max: PTO")
    assert away(ics(written), where=house(usual_zone="Asia/Tokyo")) == ["max 06-01 06-01"]
    assert away(ics(written, head=["X-WR-TIMEZONE:No/Where"])) == []


def test_what_was_cancelled_is_left_out_and_counted():
    content = ics(days("20260601", lines=["STATUS:CANCELLED"]), days("20260608", uid="2"))
    assert away(content) == ["ann 06-08 06-08"]
    assert left_out(content) == {"cancelled": 1}


def test_absences_that_overlap_or_follow_each_other_are_one():
    spans = [("20260601", "20260604"), ("20260602", "20260603"), ("20260604", "20260606"), ("20260607", "20260608")]
    written = [days(start, end, uid=start) for start, end in spans]
    assert away(ics(*written)) == ["ann 06-01 06-05", "ann 06-07 06-07"]
    assert away(ics(*reversed(written))) == ["ann 06-01 06-05", "ann 06-07 06-07"]


# What recurs --------------------------------------------------------------------------------------------------------


def test_every_other_friday_but_one():
    rule = ["RRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=4", "EXDATE;VALUE=DATE:20260619"]
    assert away(ics(days("20260605", lines=rule))) == ["ann 06-05 06-05", "ann 07-03 07-03", "ann 07-17 07-17"]


@pytest.mark.parametrize("until", ["20260612", "20260612T235959Z", "20260612T000000"])
def test_the_day_a_rule_ends_on_counts(until):
    assert away(ics(days("20260605", lines=[f"RRULE:FREQ=WEEKLY;UNTIL={until}"]))) == [
        "ann 06-05 06-05",
        "ann 06-12 06-12",
    ]


def test_the_day_after_a_rule_ends_does_not():
    assert away(ics(days("20260605", lines=["RRULE:FREQ=DAILY;UNTIL=20260605"]))) == ["ann 06-05 06-05"]


def test_days_may_be_added_by_hand():
    content = ics(days("20260605", lines=["RDATE;VALUE=DATE:20260611,20260618"]))
    assert away(content) == ["ann 06-05 06-05", "ann 06-11 06-11", "ann 06-18 06-18"]


def test_one_time_that_was_moved_stands_for_itself():
    content = ics(
        days("20260605", lines=["RRULE:FREQ=WEEKLY;COUNT=3"]),
        days("20260610", lines=["RECURRENCE-ID;VALUE=DATE:20260612"]),
    )
    assert away(content) == ["ann 06-05 06-05", "ann 06-10 06-10", "ann 06-19 06-19"]


def test_one_time_that_was_cancelled_is_gone():
    content = ics(
        days("20260605", lines=["RRULE:FREQ=WEEKLY;COUNT=3"]),
        days("20260612", lines=["RECURRENCE-ID;VALUE=DATE:20260612", "STATUS:CANCELLED"]),
    )
    assert away(content) == ["ann 06-05 06-05", "ann 06-19 06-19"]


def test_a_time_of_another_event_is_not_moved():
    content = ics(
        days("20260605", lines=["RRULE:FREQ=WEEKLY;COUNT=2"]),
        days("20260612", uid="2", lines=["RECURRENCE-ID;VALUE=DATE:20260605", "STATUS:CANCELLED"]),
    )
    assert away(content) == ["ann 06-05 06-05", "ann 06-12 06-12"]


def test_a_moved_time_is_found_across_zones_and_summer_time():
    rule = ["RRULE:FREQ=WEEKLY;COUNT=3", "EXDATE:20260326T230000Z"]  # midnight of 27 March in Berlin
    content = ics(
        event("DTSTART;TZID=Europe/Berlin:20260327T000000", "DTEND;TZID=Europe/Berlin:20260328T000000", *rule),
        event("DTSTART;VALUE=DATE:20260402", "RECURRENCE-ID:20260402T220000Z"),  # midnight of 3 April, now summer
    )
    assert away(content) == ["ann 04-02 04-02", "ann 04-10 04-10"]


def test_what_recurs_for_ever_is_looked_at_two_years_both_ways():
    spans = shaped(ics(days("20100604", lines=["RRULE:FREQ=WEEKLY"]))).spans
    assert len(spans) == 208  # 21 June 2024 and 1,449 days, or 207 weeks, more
    assert (str(spans["start_on"].min().date()), str(spans["end_on"].max().date())) == ("2024-06-21", "2028-06-09")


def test_what_does_not_recur_is_kept_however_long_ago():
    assert shaped(ics(days("20100604"))).spans["start_on"].dt.year.tolist() == [2010]


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=HOURLY",
        "FREQ=SECONDLY;COUNT=10",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=MONTHLY;BYDAY=53SA",
        "FREQ=WEEKLY;BYDAY=XX",
        "FREQ=NEVER",
        "FREQ=WEEKLY;BYHOUR=9",
        "FREQ=DAILY;" + "BYMONTHDAY=" + "1," * 200 + "1",
        "FREQ=WEEKLY;UNTIL=soon",
        "INTERVAL=1",
    ],
)
def test_a_rule_that_is_none_of_days_is_left_out_and_counted(rule):
    content = ics(days("20260605", lines=[f"RRULE:{rule}"]), days("20260608", uid="2"))
    assert away(content) == ["ann 06-08 06-08"]
    assert left_out(content) == {"not understood": 1}


@pytest.mark.parametrize(
    "rule",
    ["FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=6"],
)
def test_a_rule_that_never_fits_ends_soon(rule):
    begun = time.process_time()
    assert recurrences(rule, NOW, since=NOW.replace(2024), until=NOW.replace(2028)) == []
    assert time.process_time() - begun < 5


def test_recurrences_are_those_of_a_plain_loop_over_all_days():
    """Last Friday of every second month from January 2024 on."""
    found = recurrences("FREQ=MONTHLY;INTERVAL=2;BYDAY=-1FR", at("2024-01-26"), since=NOW, until=NOW.replace(2027))
    looked_at = [NOW.fromordinal(day) for day in range(NOW.toordinal(), NOW.replace(2027).toordinal() + 1)]
    last_fridays = [
        at for at in looked_at if at.weekday() == 4 and at.fromordinal(at.toordinal() + 7).month != at.month
    ]
    assert found == [at for at in last_fridays if at.month % 2 == 1]


def test_a_leap_day_recurs_in_leap_years():
    found = recurrences("FREQ=YEARLY", at("2024-02-29"), since=at("2024-01-01"), until=at("2033-01-01"))
    assert [each.year for each in found] == [2024, 2028, 2032]


# Whose --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "who"),
    [
        ("Ann Lee – vacation", "ann"),
        ("ann lee: PTO", "ann"),
        ("Ann Lee", "ann"),
        ("  Ann   Lee vacation", "ann"),
        ("Ann Lee's holiday", "ann"),
        ("Ann Lee-Smith – vacation", "smith"),
        ("Ann Lee-Jones – vacation", None),
        ("Ann Leeds: PTO", None),
        ("Vacation Ann Lee", None),
        ("Chris Roy: PTO", None),  # there are two
        ("Max: PTO", "max"),
        ("Max (half days)", "max"),
        ("Max team size reached", None),
        ("", None),
    ],
)
def test_a_title_that_begins_with_one_person_s_name_says_whose_it_is(title, who):
    content = ics(days("20260601", title=title))
    assert away(content) == ([f"{who} 06-01 06-01"] if who else [])
    assert left_out(content) == ({} if who else {"of nobody known": 1})


@pytest.mark.parametrize(
    ("lines", "who"),
    [
        (["ATTENDEE:mailto:BO@x.org"], "bo"),
        (["ORGANIZER;CN=Somebody:MAILTO:bo@X.org"], "bo"),
        (["ORGANIZER:mailto:ann@x.org", "ATTENDEE:mailto:bo@x.org"], "bo"),
        (["ORGANIZER:mailto:bo@x.org", "ATTENDEE:mailto:unknown@x.org"], "max"),  # who made it is not who is away
        (["ATTENDEE:mailto:bo@x.org", "ATTENDEE:mailto:ann@x.org"], "max"),  # told, not away
        (["ATTENDEE;PARTSTAT=DECLINED:mailto:ann@x.org", "ATTENDEE:mailto:bo@x.org"], "bo"),
        (["ATTENDEE;CUTYPE=ROOM:mailto:ann@x.org", "ORGANIZER:mailto:bo@x.org"], "bo"),
        (["ATTENDEE:mailto:Private@y.org"], "bo"),  # as people.csv says
    ],
)
def test_addresses_go_before_the_title_where_they_are_one_person_s(lines, who):
    known = house(("Bo Ek", "github", "private@Y.org"))
    content = ics(days("20260601", title="Max: PTO", lines=lines))
    assert away(content, where=known) == [f"{who} 06-01 06-01"]


def test_a_calendar_of_one_person_needs_no_names():
    content = ics(days("20260601", title="Dentist"), days("20260605", uid="2", title="Bo Ek – vacation"))
    assert away(content, ANNS) == ["ann 06-01 06-01", "ann 06-05 06-05"]


def test_whose_calendar_it_is_must_be_known():
    found = shaped(ics(days("20260601")), ANNS.model_copy(update={"person": "Chris Roy"}))
    assert found.spans.empty
    assert found.warnings == (
        "ANNS_CALENDAR: person is nobody's login, name or address, or several people's. Write a login.",
    )


# Hostile ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("content", [b"", b"<html><body>Sign in</body></html>", b"BEGIN:VEVENT\r\nEND:VEVENT\r\n"])
def test_what_is_no_calendar_is_said_by_the_name_of_its_place_alone(content):
    with pytest.raises(SourceError, match=r"^TEAM_CALENDAR: is no iCalendar file") as caught:
        shaped(content)
    assert "html" not in str(caught.value)


@pytest.mark.parametrize("n_lines", [3, 5, 7])
def test_a_calendar_that_breaks_off_is_refused_rather_than_believed(n_lines):
    lines = ics(days("20260601"), days("20260608")).split(b"\r\n")
    with pytest.raises(SourceError, match=r"^TEAM_CALENDAR: the calendar breaks off or is damaged"):
        shaped(b"\r\n".join(lines[:n_lines]))


def test_a_broken_line_costs_at_most_its_own_event():
    content = ics(
        event("DTSTART:2026-broken"),
        event("no colon in here", "DTSTART;VALUE=DATE:20260601", uid="2"),
        event(uid="3"),
        days("20260608", uid="4", lines=["EXDATE:garbage"]),
        days("99991231", uid="5"),
        days("20260610", "99991231", uid="6"),
        days("20260612", uid="7", lines=["RECURRENCE-ID:never"]),
        days("20260614", uid="8", lines=["BEGIN:VALARM", "TRIGGER:-PT5M", "END:VALARM"]),
        event("DTSTART;TZID=Europe:20260616T000000", uid="9"),
        head=["garbage before all events"],
    )
    assert away(content) == ["ann 06-01 06-01", "ann 06-12 06-12", "ann 06-14 06-14"]
    assert left_out(content) == {"not understood": 6}


def test_markup_in_a_title_is_a_title_and_goes_nowhere():
    found = shaped(ics(days("20260601", title="Ann Lee – <script>alert(1)</script>"), days("20260604", title="<b>")))
    assert found.spans.to_dict("list").keys() == {"person", "start_on", "end_on"}
    assert "script" not in repr(found)


def test_ten_thousand_days_and_ten_thousand_events_are_read_in_time():
    every_day = days("20240101", lines=["RRULE:FREQ=DAILY;COUNT=10000"])
    single = [
        days(f"20260{month}{day:02}", uid=f"{n}") for n in range(40) for month in range(1, 10) for day in (1, 9, 20)
    ]
    begun = time.process_time()
    found = shaped(ics(every_day, *single))
    assert found.spans[["start_on", "end_on"]].astype("str").to_numpy().tolist() == [["2024-06-15", "2028-06-15"]]
    assert time.process_time() - begun < 10


def test_a_zone_of_the_calendar_s_own_with_an_endless_rule_is_not_followed():
    own = [
        "BEGIN:VTIMEZONE", "TZID:Own", "BEGIN:STANDARD", "DTSTART:19000101T000000", "RRULE:FREQ=SECONDLY",
        "TZOFFSETFROM:+0200", "TZOFFSETTO:+0200", "END:STANDARD", "END:VTIMEZONE",
    ]  # fmt: skip
    content = ics(event("DTSTART;TZID=Own:20260601T000000", "DTEND;TZID=Own:20260602T000000"), head=own)
    assert away(content) == ["ann 06-01 06-01"]
