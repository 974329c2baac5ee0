"""Pace, patience and secrets of a connection, without a server: the requester is replaced, time is made up."""

import json
import logging
import threading

import github
import pytest
import requests

from connectors import RateLimitedError
from connectors.github.client import PAUSE, Client
from connectors.github.faults import TooHeavyError, UnauthorizedError, UnsteadyError
from connectors.github.transport import Transport, rest_address
from fairlead.config import GithubConnection, SyncSettings
from fairlead.errors import ConfigError, SourceError

CONNECTION = GithubConnection(repos=("octo/house",), token_env="HOUSE_TOKEN")  # noqa: S106 (a variable's name)
APP = GithubConnection(repos=("octo/house",), app_id=1, installation_id=2, app_key_env="HOUSE_KEY")
SECRET = "t0ken-0f-the-house"  # noqa: S105 (made up)
GOOD = (200, {}, {"data": {"x": 1}})
SECONDARY = {"message": "You have exceeded a secondary rate limit."}
DATE = {"date": "Mon, 31 Mar 2025 08:00:00 GMT"}


class Requester:
    """Answers with (status, headers, body) in order; exceptions are raised."""

    graphql_url = "https://api.github.com/graphql"

    def __init__(self, *answers):
        self.answers, self.asked = list(answers), []

    def requestJson(self, verb, url, *, input):  # noqa: A002, N802, ARG002 (PyGithub's names)
        self.asked.append(input)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        status, headers, body = answer
        return status, DATE | headers, body if isinstance(body, str) else json.dumps(body)


class Time:
    """A clock that moves only while somebody sleeps."""

    def __init__(self):
        self.now, self.slept = 0.0, []

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.now += seconds

    def long_sleeps(self):
        return [seconds for seconds in self.slept if seconds > PAUSE]


@pytest.fixture
def made(monkeypatch):
    """A client that gets these answers, and its clock."""
    monkeypatch.setenv("HOUSE_TOKEN", SECRET)

    def client(*answers, wait_minutes=15):
        time = Time()
        settings = SyncSettings(wait_minutes=wait_minutes)
        client = Client(CONNECTION, settings, sleep=time.sleep, monotonic=lambda: time.now)
        client.transport._requester = Requester(*answers)
        return client, time

    return client


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("https://api.github.com", "https://api.github.com"),
        ("https://api.github.com/", "https://api.github.com"),
        ("https://github.com", "https://api.github.com"),
        ("https://ghe.example.com", "https://ghe.example.com/api/v3"),
        ("https://ghe.example.com/api/v3", "https://ghe.example.com/api/v3"),
        ("https://ghe.example.com:8443/api/v3/", "https://ghe.example.com:8443/api/v3"),
        ("https://ghe.example.com/api/graphql", "https://ghe.example.com/api/v3"),
        ("https://octo.ghe.com", "https://api.octo.ghe.com"),
        ("https://api.octo.ghe.com", "https://api.octo.ghe.com"),
        ("http://127.0.0.1:8099/api/v3", "http://127.0.0.1:8099/api/v3"),
    ],
)
def test_the_server_may_be_written_in_any_usual_way(written, address):
    assert rest_address(written) == address


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("https://github.com", "https://api.github.com/graphql"),
        ("https://ghe.example.com/", "https://ghe.example.com/api/graphql"),
        ("https://ghe.example.com:8443/api/v3", "https://ghe.example.com:8443/api/graphql"),
        ("https://octo.ghe.com", "https://api.octo.ghe.com/graphql"),
        ("http://localhost:8099/api/v3/", "http://localhost:8099/api/graphql"),
    ],
)
def test_questions_go_to_the_servers_graphql_address(monkeypatch, written, asked):
    monkeypatch.setenv("HOUSE_TOKEN", SECRET)
    assert Transport(CONNECTION.model_copy(update={"base_url": written})).where.address == asked


def test_five_queries_take_less_than_a_second_and_keep_their_distance(made):
    client, time = made(*[GOOD] * 5)
    for _ in range(5):
        client.query("query", {})
    assert time.slept == pytest.approx([PAUSE] * 4)


def test_never_more_than_one_query_in_flight_however_many_threads_share_the_client(made):
    client, _ = made(*[GOOD] * 3)
    meeting, alone = threading.Barrier(2, timeout=0.05), []
    send = client.transport.send

    def slow(text, variables):
        try:
            meeting.wait()  # until somebody else is in flight too
        except threading.BrokenBarrierError:
            alone.append(1)
        return send(text, variables)

    client.transport.send = slow
    threads = [threading.Thread(target=client.query, args=("query", {})) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(alone) == client.sent == 3


def test_a_limit_without_a_time_is_waited_out_longer_each_time(made):
    client, time = made((429, {}, {}), (403, {}, SECONDARY), (200, {}, SECONDARY), GOOD)
    assert client.query("query", {}).data == {"x": 1}
    assert time.long_sleeps() == [60, 120, 240]


def test_a_limit_with_a_time_is_waited_out_as_told_and_longer_where_that_was_not_enough(made):
    client, time = made(*[(403, {"retry-after": "1"}, SECONDARY)] * 3, GOOD)
    client.query("query", {})
    assert time.long_sleeps() == [1, 2, 4]


def test_the_primary_limit_is_waited_out_and_nothing_is_lost(made):
    used_up = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1743408030"}  # 30 s after the server's date
    client, time = made((200, used_up, {"errors": [{"type": "RATE_LIMITED"}]}), GOOD)
    assert client.query("query", {}).data == {"x": 1}
    assert time.long_sleeps() == [31]


def test_a_limit_beyond_our_patience_is_not_slept_through_but_said(made):
    client, time = made((403, {"retry-after": "3600"}, SECONDARY))
    with pytest.raises(RateLimitedError) as caught:
        client.query("query", {})
    assert caught.value.resume_at.isoformat() == "2025-03-31T09:00:00+00:00"
    assert time.long_sleeps() == []


def test_a_limit_beyond_our_patience_on_a_server_without_a_clock_is_said_too(made):
    client, time = made((403, {"retry-after": "3600", "date": ""}, SECONDARY))
    with pytest.raises(UnsteadyError, match="asked too often"):
        client.query("query", {})
    assert time.long_sleeps() == []


def test_patience_is_the_sum_of_all_waits_for_one_question(made):
    client, time = made(*[(429, {}, {})] * 9, wait_minutes=5)
    with pytest.raises(RateLimitedError):
        client.query("query", {})
    assert time.long_sleeps() == [60, 120]  # 240 more would be seven minutes


@pytest.mark.parametrize(
    "hiccup",
    [
        (500, {}, "Roof leaks"),
        (503, {}, "<html>Roof leaks</html>"),
        (200, {}, "<html>sign in</html>"),
        (200, {}, '{"data": {"x": '),
        requests.exceptions.ChunkedEncodingError("Roof leaks"),
        requests.ConnectionError("Roof leaks"),
    ],
)
def test_cut_off_and_muddled_answers_are_asked_for_again_after_growing_pauses(made, hiccup):
    client, time = made(hiccup, hiccup, hiccup, GOOD)
    assert client.query("query", {}).data == {"x": 1}
    assert time.long_sleeps() == [1, 2, 4]


def test_a_server_that_stays_muddled_ends_the_run_in_words(made):
    client, _ = made(*[requests.ConnectionError(f"Authorization: {SECRET}")] * 6)
    with pytest.raises(SourceError, match=r"cannot be reached \(ConnectionError\)") as caught:
        client.query("query", {})
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("heavy", [(502, {}, ""), (504, {}, ""), requests.ReadTimeout()])
def test_too_heavy_a_query_is_not_sent_again_as_it_is(made, heavy):
    client, _ = made(heavy, GOOD)
    with pytest.raises(TooHeavyError):
        client.query("query", {})
    assert client.sent == 1


def test_questions_come_slower_while_a_server_keeps_failing(made):
    client, time = made(*[(502, {}, "")] * 4, GOOD)
    for _ in range(4):
        with pytest.raises(TooHeavyError):
            client.query("query", {})
    client.query("query", {})
    assert time.long_sleeps() == [1, 2, 4]


def test_a_tokens_401_is_final(made):
    client, _ = made((401, {}, {"message": "Bad credentials"}))
    with pytest.raises(UnauthorizedError, match="HOUSE_TOKEN"):
        client.query("query", {})


def test_an_apps_token_that_expires_in_between_is_renewed_once(made, monkeypatch):
    client, _ = made((401, {}, {}), GOOD)
    renewed = []
    monkeypatch.setattr(client.transport, "renew", lambda: renewed.append(1) or True)
    assert client.query("query", {}).data == {"x": 1}
    client.transport._requester.answers = [(401, {}, {}), (401, {}, {})]
    with pytest.raises(UnauthorizedError):
        client.query("query", {})
    assert len(renewed) == 2


def test_an_app_signs_in_with_its_key_whose_line_breaks_may_be_written(monkeypatch):
    monkeypatch.setenv("HOUSE_KEY", "-----BEGIN KEY-----\\nabc\\n-----END KEY-----")
    transport = Transport(APP)
    auth = transport._requester.auth
    assert isinstance(auth, github.Auth.AppInstallationAuth)
    signer = auth._app_auth._sign_func.__self__
    assert signer._private_key_or_func == "-----BEGIN KEY-----\nabc\n-----END KEY-----"
    assert transport.where.token_env == "HOUSE_KEY"  # noqa: S105
    before = transport._requester
    assert transport.renew()
    assert transport._requester is not before


def test_an_apps_key_that_is_none_is_said_without_showing_it(monkeypatch):
    monkeypatch.setenv("HOUSE_KEY", SECRET)
    with pytest.raises(ConfigError, match="HOUSE_KEY holds no private key") as caught:
        Transport(APP).send("query", {})
    assert SECRET not in str(caught.value)


def test_a_token_cannot_be_renewed(monkeypatch):
    monkeypatch.setenv("HOUSE_TOKEN", SECRET)
    assert not Transport(CONNECTION).renew()


def test_no_token_no_connection(monkeypatch):
    monkeypatch.delenv("HOUSE_TOKEN", raising=False)
    with pytest.raises(ConfigError, match="HOUSE_TOKEN is not set"):
        Client(CONNECTION)


def test_a_token_never_travels_in_the_clear(monkeypatch):
    monkeypatch.setenv("HOUSE_TOKEN", SECRET)
    with pytest.raises(SourceError, match="Use https"):
        Client(CONNECTION.model_copy(update={"base_url": "http://ghe.example.com"}))


def test_the_transport_neither_repeats_nor_throttles_nor_hangs(monkeypatch):
    monkeypatch.setenv("HOUSE_TOKEN", SECRET)
    requester = Transport(CONNECTION)._requester
    assert requester._Requester__retry == 0
    assert requester._Requester__seconds_between_writes is None
    assert requester._Requester__timeout == 30


def test_nothing_of_an_answer_and_no_token_is_logged(made, caplog):
    client, _ = made((502, {}, "Roof leaks"), (500, {}, "Roof leaks"), GOOD)
    with caplog.at_level(logging.DEBUG):
        with pytest.raises(TooHeavyError):
            client.query("query", {})
        client.query("query", {})
    assert "Roof leaks" not in caplog.text
    assert SECRET not in caplog.text
    assert not logging.getLogger("github.Requester").isEnabledFor(logging.DEBUG)
