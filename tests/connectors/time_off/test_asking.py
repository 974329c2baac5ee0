"""How calendars are asked for: with bounds, and without ever telling the address."""

import pytest
import requests

from connectors.time_off import asking
from connectors.time_off.asking import fetch
from fairlead.config import TimeOffSource
from fairlead.errors import ConfigError, FairleadError, SourceError
from tests.connectors.time_off.calendars import TEAM

SECRET = "https://calendar.example/private-s3cret/basic.ics"  # noqa: S105 (nobody's)


@pytest.fixture(autouse=True)
def address(monkeypatch):
    def put(text):
        monkeypatch.setenv("TEAM_CALENDAR", text)

    put(SECRET)
    return put


def answer(body=b"", status=200, **headers):
    found = requests.Response()
    found.status_code, found._content, found._content_consumed = status, body, True
    found.headers.update(headers)
    return found


class Server:
    """Gives its answers in turn, raising those that are exceptions; remembers what it was asked."""

    def __init__(self, *answers):
        self.answers, self.asked = list(answers), []

    def __call__(self, address):
        self.asked.append(address)
        found = self.answers.pop(0)
        if isinstance(found, Exception):
            raise found
        return found


def refusal(server, kind=FairleadError):
    with pytest.raises(kind) as caught:
        fetch(TEAM, server)
    says = str(caught.value)
    assert "TEAM_CALENDAR" in says
    assert not [part for part in ("calendar.example", "s3cret", "basic.ics") if part in says]
    return says


def test_a_calendar_is_what_the_address_answers():
    server = Server(answer(b"BEGIN:VCALENDAR"))
    assert fetch(TEAM, server) == b"BEGIN:VCALENDAR"
    assert server.asked == [SECRET]


def test_webcal_is_https(address):
    address(SECRET.replace("https", "webcal"))
    server = Server(answer(b"x"))
    fetch(TEAM, server)
    assert server.asked == [SECRET]


def test_another_address_is_followed_to_https_alone():
    server = Server(answer(status=302, Location="/s3cret/moved.ics"), answer(b"x"))
    assert fetch(TEAM, server) == b"x"
    assert server.asked[1] == "https://calendar.example/s3cret/moved.ics"
    clear = Server(answer(status=302, Location="http://calendar.example/s3cret"))
    assert "Use https" in refusal(clear)
    assert len(clear.asked) == 1
    assert "holds no address" in refusal(Server(answer(status=302, Location="file:///etc/passwd")))


def test_addresses_that_lead_in_a_circle_are_left():
    assert "leads in a circle" in refusal(Server(*(answer(status=301, Location=SECRET) for _ in range(9))), SourceError)


@pytest.mark.parametrize("written", ["http://127.0.0.1:8/x.ics", "http://localhost/x.ics", "http://[::1]/x.ics"])
def test_the_machine_itself_may_be_asked_in_the_clear(address, written):
    address(written)
    assert fetch(TEAM, Server(answer(b"x"))) == b"x"


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("http://calendar.example/s3cret", "would show it to everyone between. Use https."),
        ("calendar.example/s3cret", "holds no address that starts with https://"),
        ("ftp://calendar.example/s3cret", "holds no address that starts with https://"),
        ("https://[s3cret", "holds no address that starts with https://"),
        ("  ", "is not set. Put the secret into that environment variable; never into a file."),
    ],
)
def test_what_is_no_address_is_not_asked(address, written, says):
    address(written)
    server = Server()
    assert says in refusal(server)
    assert server.asked == []


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (requests.ReadTimeout(f"no answer from {SECRET}"), "did not answer in time"),
        (requests.ConnectionError(f"cannot reach {SECRET}"), "cannot be reached (ConnectionError)"),
        (requests.exceptions.InvalidURL(SECRET), "cannot be reached (InvalidURL)"),
        (answer(status=503), "the calendar's server answered 503. Run again later."),
        (answer(status=429), "the calendar's server answered 429. Run again later."),
        (answer(status=404), "404, there is no calendar at the address. Private addresses change"),
        (answer(status=401), "401, there is no calendar at the address"),
        (answer(status=204), "204, there is no calendar at the address"),
    ],
)
def test_what_goes_wrong_is_told_without_the_address(given, says):
    assert says in refusal(Server(given), SourceError)


def test_what_never_ends_is_not_read_to_its_end(monkeypatch):
    monkeypatch.setattr(asking, "MOST_BYTES", 100_000)
    assert "is larger than" in refusal(Server(answer(b"x" * 100_001)), SourceError)
    assert len(fetch(TEAM, Server(answer(b"x" * 100_000)))) == 100_000


def test_a_file_is_read_as_it_is(tmp_path, monkeypatch):
    path = tmp_path / "away.ics"
    path.write_bytes(b"x" * 101)
    assert fetch(TimeOffSource(file=path)) == b"x" * 101
    monkeypatch.setattr(asking, "MOST_BYTES", 100)
    with pytest.raises(SourceError, match=r"away\.ics: is larger than"):
        fetch(TimeOffSource(file=path))
    with pytest.raises(ConfigError, match=r"absent\.csv: cannot be read: No such file"):
        fetch(TimeOffSource(file=tmp_path / "absent.csv"))
