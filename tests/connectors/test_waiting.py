"""What servers say about waiting, and how long one question may wait for them."""

import pandas as pd
import pytest
from requests.structures import CaseInsensitiveDict

from connectors import RateLimitedError
from connectors.waiting import Patience, doubling, retry_after, seconds_until, server_clock, utc
from fairlead.errors import SourceError

EIGHT = "Mon, 31 Mar 2025 08:00:00 GMT"
FAR = "Sat, 21 Nov 99999999999999999999 12:00:00 GMT"
NOW = pd.Timestamp("2025-03-31 08:00:00", tz="UTC")


def lower_case(**headers):
    """As GitHub's exchange keeps them."""
    return {name.replace("_", "-").lower(): value for name, value in headers.items()}


def any_case(**headers):
    """As `requests` gives them, which Jira's library does too."""
    return CaseInsensitiveDict({name.replace("_", "-"): value for name, value in headers.items()})


@pytest.fixture(params=[lower_case, any_case])
def sent(request):
    """Headers in either form."""
    return request.param


@pytest.fixture
def slept():
    return []


def patience(slept, bound):
    return Patience(slept.append, bound)


def asked_too_early():
    raise AssertionError


@pytest.mark.parametrize(
    ("written", "at"),
    [
        (EIGHT, "2025-03-31T08:00:00+00:00"),
        ("Mon, 31 Mar 2025 10:00:00 +0200", "2025-03-31T08:00:00+00:00"),
        ("Mon, 31 Mar 2025 08:00:00 -0000", "2025-03-31T08:00:00+00:00"),
        ("Monday, 31-Mar-25 08:00:00 GMT", "2025-03-31T08:00:00+00:00"),
    ],
)
def test_the_servers_clock_is_told_in_utc(sent, written, at):
    assert server_clock(sent(Date=written)).isoformat() == at


@pytest.mark.parametrize("headers", [{}, {"Date": ""}, {"Date": "now"}, {"Date": "Mon, 31 Mar 2025 08:00:00 +9999"}])
def test_a_server_without_a_clock_has_none(sent, headers):
    assert server_clock(sent(**headers)) is None


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("30", 30.0),
        ("1.5", 1.5),
        (" 7 ", 7.0),
        ("3600", 3600.0),
        ("Mon, 31 Mar 2025 08:00:20 GMT", 20.0),
        ("Mon, 31 Mar 2025 10:01:00 +0200", 60.0),
    ],
)
def test_a_server_asks_for_seconds_or_until_a_date(sent, written, seconds):
    assert retry_after(sent(Retry_After=written, Date=EIGHT)) == seconds


@pytest.mark.parametrize("written", ["0", "0.2", "-5", EIGHT, "Mon, 31 Mar 2025 07:59:00 GMT"])
def test_no_wait_is_shorter_than_a_second(sent, written):
    assert retry_after(sent(Retry_After=written, Date=EIGHT)) == 1.0


@pytest.mark.parametrize("headers", [{}, {"Retry_After": ""}, {"Retry_After": "soon"}])
def test_a_server_that_does_not_say_asks_for_nothing(sent, headers):
    assert retry_after(sent(Date=EIGHT, **headers), now=NOW) is None


@pytest.mark.parametrize("written", ["inf", "-inf", "nan"])
def test_seconds_that_are_no_number_of_seconds_are_not_waited(sent, written):
    assert retry_after(sent(Retry_After=written, Date=EIGHT), now=NOW) is None


def test_a_date_is_compared_with_the_servers_clock_and_with_ours_only_where_it_has_none(sent):
    until = "Mon, 31 Mar 2025 08:05:00 GMT"  # five minutes by the server's clock, two by ours
    ours = NOW + pd.Timedelta(minutes=3)
    assert retry_after(sent(Retry_After=until, Date=EIGHT), now=ours) == 300
    assert retry_after(sent(Retry_After=until), now=ours) == 120
    assert retry_after(sent(Retry_After=until)) is None


def test_seconds_need_no_clock(sent):
    assert retry_after(sent(Retry_After="30")) == 30


def test_the_wait_until_an_instant_counts_fractions_and_is_a_second_at_least():
    assert seconds_until(NOW + pd.Timedelta(milliseconds=2500), NOW) == 2.5
    assert seconds_until(NOW - pd.Timedelta(hours=1), NOW) == 1.0


@pytest.mark.parametrize(
    "written",
    ["2025-03-31T08:00:00", "2025-03-31T08:00:00+00:00", "2025-03-31T10:00:00+02:00", "2025-03-31T00:00-08:00"],
)
def test_an_instant_without_a_zone_is_utc(written):
    at = utc(pd.Timestamp(written).to_pydatetime())
    assert at == NOW
    assert str(at.tz) == "UTC"


def test_pauses_double_from_the_first_on():
    assert [doubling(1.0, nth) for nth in (1, 2, 3, 4, 5)] == [1, 2, 4, 8, 16]
    assert [doubling(60.0, nth) for nth in (1, 2, 3)] == [60, 120, 240]


def test_pauses_double_up_to_the_longest():
    assert [doubling(5.0, nth, most=30.0) for nth in (1, 2, 3, 4, 5)] == [5, 10, 20, 30, 30]
    assert doubling(60.0, 1, most=30.0) == 30


def test_patience_sleeps_as_long_as_it_is_told_and_sums_that(slept):
    one = patience(slept, 100)
    for seconds in (30, 1.5, 60):
        one.wait(seconds, who="github x", now=asked_too_early)
    assert slept == [30, 1.5, 60]
    assert one.waited == 91.5


def test_patience_ends_beyond_the_bound_not_at_it(slept):
    one = patience(slept, 100)
    one.wait(60, who="github x", now=asked_too_early)
    one.wait(40, who="github x", now=asked_too_early)
    with pytest.raises(RateLimitedError):
        one.wait(0.1, who="github x", now=lambda: NOW)
    assert slept == [60, 40]


def test_a_wait_beyond_the_bound_is_not_slept_but_said_with_when_to_resume(slept):
    one = patience(slept, 900)
    with pytest.raises(RateLimitedError, match=r"^jira y: .* Resume at 2025-03-31 09:00:00 UTC") as caught:
        one.wait(3600, who="jira y", now=lambda: NOW)
    assert caught.value.resume_at.isoformat() == "2025-03-31T09:00:00+00:00"
    assert slept == []
    assert one.waited == 0


def test_a_shorter_wait_may_still_be_within_what_is_left(slept):
    one = patience(slept, 100)
    one.wait(60, who="github x", now=asked_too_early)
    with pytest.raises(RateLimitedError):
        one.wait(50, who="github x", now=lambda: NOW)
    one.wait(40, who="github x", now=asked_too_early)
    assert slept == [60, 40]


def test_where_nobody_knows_the_time_the_error_is_the_callers(slept):
    def unknown():
        raise SourceError("Run sync again later.")

    with pytest.raises(SourceError, match="Run sync again later") as caught:
        patience(slept, 1).wait(2, who="github x", now=unknown)
    assert not isinstance(caught.value, RateLimitedError)
    assert slept == []


def test_each_question_has_a_patience_of_its_own(slept):
    for _ in range(3):
        patience(slept, 100).wait(90, who="github x", now=asked_too_early)
    assert slept == [90, 90, 90]


@pytest.mark.parametrize("written", ["1795266305000", "1e300", "inf", "nan", FAR])
def test_what_no_server_can_mean_is_taken_as_not_said(written):
    assert retry_after({"retry-after": written, "date": "Sat, 21 Nov 2026 12:00:00 GMT"}) is None


def test_a_clock_nobody_can_read_is_none():
    assert server_clock({"date": FAR}) is None
