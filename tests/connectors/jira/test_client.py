"""Requests, patience and words: what the server's answers and faults become."""

import time

import pandas as pd
import pytest
import requests

from connectors import RateLimitedError
from connectors.jira.client import TIME_OUT, Client, RefusedError, UnansweredError
from fairlead.config import JiraConnection, SyncSettings
from fairlead.errors import ConfigError, SourceError
from tests.connectors.jira.house import CONNECTION, SECRET, Answer, Jira

HTML = Answer(content=b"<html>Roof leaks: sign in</html>", Content_Type="text/html")
EMPTY = Answer(content=b"", X_Seraph_LoginReason="AUTHENTICATED_FAILED")


def client(*faults, wait_minutes=15.0):
    waits = []
    made = Client(CONNECTION, SyncSettings(wait_minutes=wait_minutes), sleep=waits.append)
    made._session = Jira(faults=list(faults))
    return made, waits


def busy(status=429, **headers):
    return Answer(status=status, body={}, **headers)


def test_building_a_client_sends_nothing_and_always_has_a_time_out():
    made = Client(CONNECTION, SyncSettings())
    assert made.requests == 0
    assert made._session.timeout == TIME_OUT
    assert made._session.max_retries == 0


def test_an_api_token_signs_in_with_the_address_of_its_account():
    assert Client(CONNECTION, SyncSettings())._session.auth == ("reader@example.org", SECRET)


def test_a_personal_access_token_is_sent_as_a_bearer():
    connection = JiraConnection(url="https://jira.example.org/jira", projects=("FL",), token_env="HOUSE_TOKEN")  # noqa: S106
    prepared = Client(connection, SyncSettings())._session.auth(requests.Request("GET", "https://x").prepare())
    assert prepared.headers["authorization"] == f"Bearer {SECRET}"


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ({"Retry_After": "3"}, 3.0),
        ({"Retry_After": "1.5"}, 1.5),
        ({"Retry_After": "300"}, 300.0),
        ({"Retry_After": "Fri, 01 Mar 2024 12:00:30 GMT"}, 30.0),
        ({"X_RateLimit_Reset": "2024-03-01T12:01:00Z"}, 60.0),
        ({"X_RateLimit_Reset": "2024-03-01T13:01:00+01:00"}, 60.0),
        ({"X_RateLimit_Reset": "2024-03-01T12:00:00Z"}, 1.0),
        ({"Retry_After": "soon", "X_RateLimit_Reset": "2024-03-01T12:01:00Z"}, 60.0),
        ({"Retry_After": "3", "X_RateLimit_Reset": "2024-03-01T12:01:00Z"}, 3.0),
        ({"Retry_After": "0"}, 1.0),
        ({"X_RateLimit_Reset": "2024-03-01T12:01:00Z", "Date": ""}, 5.0),
        ({}, 5.0),
    ],
)
def test_a_busy_server_is_waited_for_as_long_as_it_asks(header, seconds):
    made, waits = client(busy(**header))
    assert made.get("status")
    assert waits == [seconds]
    assert made.requests == 2


def test_only_the_busy_endpoint_is_asked_more_slowly():
    made, waits = client(busy(Retry_After="2"))
    made.get("status")
    made.get("field")
    assert waits == [2.0]
    made.get("status")
    made.get("status")
    made.get("status")
    assert waits == [2.0, 1.0, 0.5]


def test_503_with_a_time_to_wait_is_busy_too():
    made, waits = client(busy(503, Retry_After="7"))
    made.get("status")
    assert waits[0] == 7.0


def test_without_a_hint_the_waits_grow():
    made, waits = client(*[busy()] * 4)
    made.get("status")
    assert waits == [5.0, 5.0, 10.0, 20.0]


def test_longer_than_the_bound_is_not_waited_but_said():
    made, waits = client(busy(Retry_After="3600"))
    with pytest.raises(RateLimitedError, match="2024-03-01 13:00:00") as caught:
        made.get("status")
    assert caught.value.resume_at.isoformat() == "2024-03-01T13:00:00+00:00"
    assert waits == []


def test_longer_than_the_bound_is_said_in_minutes_where_nobody_knows_the_time():
    made, waits = client(busy(Retry_After="3600", Date=""))
    with pytest.raises(SourceError, match="again in 60 min") as caught:
        made.get("status")
    assert not isinstance(caught.value, RateLimitedError)
    assert waits == []


def test_our_clock_is_asked_where_the_server_has_none():
    made, waits = client(busy(Retry_After="Fri, 01 Mar 2024 13:00:00 GMT", Date=""))
    made._now = lambda: pd.Timestamp("2024-03-01 12:00:00", tz="UTC")
    with pytest.raises(RateLimitedError, match="2024-03-01 13:00:00 UTC"):
        made.get("status")
    assert waits == []


def test_the_bound_holds_for_all_waits_of_one_request_together():
    made, _ = client(*[busy(Retry_After="40")] * 3, wait_minutes=1.5)
    with pytest.raises(RateLimitedError):
        made.get("status")


@pytest.mark.parametrize(
    "fault",
    [
        Answer(status=500, body={}),
        Answer(status=502, content=b"<html>Bad gateway</html>"),
        Answer(status=503, content=b"<html>Unavailable</html>"),
        Answer(content=b'[{"id": "1", "na'),
        Answer(content=b"null"),
        requests.ReadTimeout(),
        requests.exceptions.ChunkedEncodingError(),
        requests.ConnectionError(),
    ],
)
def test_what_fails_once_is_asked_again(fault):
    made, waits = client(fault)
    assert made.get("status")
    assert waits == [1.0]


@pytest.mark.parametrize("fault", [Answer(status=502, body={}), requests.ConnectionError(f"Authorization: {SECRET}")])
def test_what_fails_again_and_again_is_said(fault):
    made, waits = client(*[fault] * 9)
    with pytest.raises(UnansweredError) as caught:
        made.get("status")
    assert SECRET not in str(caught.value)
    assert waits == [1.0, 2.0, 5.0, 10.0, 20.0]


def test_a_server_that_hangs_is_not_waited_for_long():
    made, _ = client(*[requests.ReadTimeout()] * 9)
    with pytest.raises(UnansweredError, match="did not answer in time"):
        made.get("status")
    assert made.requests == 3


@pytest.mark.parametrize("page", [HTML, EMPTY])
def test_a_page_or_nothing_instead_of_data_means_not_signed_in(page):
    made, _ = client(*[page] * 3)
    with pytest.raises(RefusedError, match="not signed in") as caught:
        made.get("status")
    assert "HOUSE_TOKEN" in str(caught.value)
    assert "Roof leaks" not in str(caught.value)
    assert made.requests == 3


@pytest.mark.parametrize("page", [HTML, EMPTY])
def test_a_page_that_comes_once_is_a_hiccup(page):
    made, _ = client(page, page)
    assert made.get("status")


def test_faults_of_different_kinds_do_not_add_up():
    made, _ = client(*[Answer(status=502, body={})] * 5, HTML, HTML, *[requests.ConnectionError()] * 5)
    assert made.get("status")


@pytest.mark.parametrize(
    ("status", "says"),
    [(401, "does not accept .* HOUSE_TOKEN"), (403, "permissions"), (404, "Check url"), (400, "refused"), (302, "url")],
)
def test_a_refusal_says_what_to_do_and_never_what_the_server_sent(status, says, caplog):
    made, _ = client(Answer(status=status, body={"errorMessages": ["Roof leaks"]}))
    with pytest.raises(RefusedError, match=says) as caught:
        made.get("status")
    assert "Roof leaks" not in str(caught.value) + caplog.text
    assert SECRET not in str(caught.value) + caplog.text
    assert made.requests == 1


def test_no_token_no_connection(monkeypatch):
    monkeypatch.delenv("HOUSE_TOKEN")
    with pytest.raises(ConfigError, match="HOUSE_TOKEN is not set"):
        Client(CONNECTION, SyncSettings())


def test_a_token_never_travels_in_the_clear():
    with pytest.raises(SourceError, match="Use https"):
        Client(CONNECTION.model_copy(update={"url": "http://jira.example.org"}), SyncSettings())
    Client(CONNECTION.model_copy(update={"url": "http://127.0.0.1:8080"}), SyncSettings())


def test_the_default_sleep_is_the_real_one():
    assert Client(CONNECTION, SyncSettings())._sleep is time.sleep
