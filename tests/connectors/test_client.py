"""What GitHub's answers and faults become, without a server: the requester is replaced."""

import json

import github
import pytest
import requests

from connectors.github.client import PAUSE, Client, StaleCursorError, TooHeavyError, rest_address
from fairlead.config import GithubConnection
from fairlead.errors import ConfigError, SourceError

CONNECTION = GithubConnection(repos=("octo/house",), token_env="HOUSE_TOKEN")  # noqa: S106 (a variable's name)
SECRET = "t0ken-0f-the-house"  # noqa: S105 (made up)


class Requester:
    """Answers with what it was given, in order; exceptions are raised."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.asked = []

    def graphql_query(self, text, variables):
        self.asked.append((text, variables))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return {"date": "Mon, 31 Mar 2025 08:00:00 GMT"}, answer


@pytest.fixture
def client(monkeypatch):
    monkeypatch.setenv("HOUSE_TOKEN", SECRET)

    def made(*answers, **clock):
        made = Client(CONNECTION, **clock)
        made._requester = Requester(*answers)
        return made

    return made


def fault(status, **body):
    return github.GithubException(status, {"message": "Roof leaks", **body}, {}, "Roof leaks")


def errors(*faults, data=None):
    return fault(400, errors=list(faults), data=data)


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


def test_an_answer_tells_its_cost_and_the_servers_clock(client):
    answer = client({"data": {"rateLimit": {"cost": 2}, "x": 1}}).query("query", {"n": 1})
    assert (answer.points, answer.data["x"], answer.faults) == (2, 1, frozenset())
    assert answer.at.isoformat() == "2025-03-31T08:00:00+00:00"


@pytest.mark.parametrize(
    "answer",
    [
        fault(502),
        fault(504),
        requests.ReadTimeout(),
        errors({"type": "RESOURCE_LIMITS_EXCEEDED", "message": "…"}, data={"repository": None}),
        errors({"message": "Something went wrong while executing your query."}),
    ],
)
def test_too_heavy_a_query_asks_for_less(client, answer):
    with pytest.raises(TooHeavyError):
        client(answer).query("query", {})


def test_stale_cursor(client):
    with pytest.raises(StaleCursorError):
        client(errors({"type": "INVALID_CURSOR_ARGUMENTS", "message": "…"})).query("query", {})


def test_data_beside_a_fault_are_kept(client):
    partial = errors({"type": "FORBIDDEN", "message": "…"}, data={"repository": {"a": 1}})
    answer = client(partial).query("query", {})
    assert answer.data == {"repository": {"a": 1}}
    assert answer.faults == {"FORBIDDEN"}


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (fault(401), "HOUSE_TOKEN is not accepted"),
        (fault(403), "HOUSE_TOKEN may read"),
        (fault(404), "Check base_url"),
        (fault(500), "500"),
        (errors({"type": "RATE_LIMITED", "message": "…"}), "rate limit"),
        ({"message": "You have exceeded a secondary rate limit"}, "rate limit"),
        (errors({"message": "…", "extensions": {"code": "undefinedField"}}), "undefinedField"),
        (json.JSONDecodeError("Roof leaks", "Roof leaks", 0), "sign-in page"),
        ({"data": "<html>Roof leaks</html>"}, "sign-in page"),
        (requests.ConnectionError(f"Authorization: {SECRET}"), "cannot be reached (ConnectionError)"),
    ],
)
def test_a_fault_says_what_to_do_and_never_what_the_server_sent(client, answer, says):
    with pytest.raises(SourceError) as caught:
        client(answer).query("query", {})
    assert says in str(caught.value)
    assert "Roof leaks" not in str(caught.value)
    assert SECRET not in str(caught.value)
    assert not isinstance(caught.value, TooHeavyError)


def test_queries_keep_their_distance(client):
    waited = []
    now = iter([100.0, 100.04, 100.2])
    paced = client(*[{"data": {"x": 1}}] * 3, sleep=waited.append, monotonic=lambda: next(now))
    for _ in range(3):
        paced.query("query", {})
    assert waited == pytest.approx([PAUSE - 0.04])


def test_no_token_no_connection(monkeypatch):
    monkeypatch.delenv("HOUSE_TOKEN", raising=False)
    with pytest.raises(ConfigError, match="HOUSE_TOKEN is not set"):
        Client(CONNECTION)


def test_a_token_never_travels_in_the_clear(monkeypatch):
    monkeypatch.setenv("HOUSE_TOKEN", SECRET)
    with pytest.raises(SourceError, match="Use https"):
        Client(CONNECTION.model_copy(update={"base_url": "http://ghe.example.com"}))


def test_the_transport_neither_repeats_timeouts_nor_throttles(monkeypatch):
    monkeypatch.setenv("HOUSE_TOKEN", SECRET)
    requester = Client(CONNECTION)._requester
    retry = requester._Requester__retry
    assert retry.total == 4
    assert not retry.is_retry("POST", 502)
    assert retry.is_retry("POST", 429)
    assert requester._Requester__seconds_between_writes is None
