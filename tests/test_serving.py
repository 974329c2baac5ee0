"""Where the server listens, for whom, and what it is told about its surroundings."""

import pytest
from click.testing import CliRunner

from fairlead import config, serving
from fairlead.__main__ import main
from fairlead.serving import ANYBODY, is_loopback

EVERYWHERE = "0.0.0.0"  # noqa: S104 (never listened on)
SIGN_IN = """
[[github]]
repos = ["octo/house"]
[sign_in]
address = "{address}"
metadata_url = "https://login.example.org/.well-known/openid-configuration"
client_id = "fairlead"
"""


@pytest.fixture
def became(monkeypatch):
    """What the process became instead of a server: commands and environments."""
    seen = []
    monkeypatch.setattr("os.execve", lambda _, command, environment: seen.append((command, environment)))
    monkeypatch.setenv("FAIRLEAD_CLIENT_SECRET", "of the client")
    monkeypatch.setenv("FAIRLEAD_COOKIE_SECRET", "of the cookies")
    monkeypatch.delenv(config.CONFIG_VARIABLE, raising=False)
    return seen


@pytest.fixture
def open_house(tmp_path, monkeypatch):
    """A folder with settings that let anybody in."""
    return settled(tmp_path, monkeypatch, '[[github]]\nrepos = ["octo/house"]\n')


@pytest.fixture
def locked_house(tmp_path, monkeypatch):
    """A folder with settings that ask everybody to sign in."""
    return settled(tmp_path, monkeypatch, SIGN_IN.format(address="https://fairlead.example.org"))


def settled(folder, monkeypatch, text):
    monkeypatch.chdir(folder)
    (folder / "fairlead.toml").write_text(text, "utf-8")
    return folder


def serve(*options):
    return CliRunner().invoke(main, ["serve", *options])


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.9.1", "localhost", "LOCALHOST", "::1", "[::1]"])
def test_these_addresses_are_this_machine_alone(address):
    assert is_loopback(address)


@pytest.mark.parametrize(
    "address",
    [None, "", EVERYWHERE, "::", "192.168.1.4", "localhost.example.org", "127.0.0.1.nip.io"],
)
def test_these_addresses_can_be_reached_by_others(address):
    assert not is_loopback(address)


@pytest.mark.usefixtures("open_house")
def test_without_sign_in_the_server_is_for_this_machine(became):
    assert serve("--port", "8600").exit_code == 0
    ((command, environment),) = became
    assert command[-4:] == ["--server.address", "127.0.0.1", "--server.port", "8600"]
    assert command[-5].endswith("/server.py")
    assert ANYBODY not in environment


@pytest.mark.usefixtures("open_house")
def test_without_sign_in_another_address_is_refused_with_what_to_do(became):
    refused = serve("--address", EVERYWHERE)
    assert refused.exit_code == 1
    assert "Set up [sign_in] (docs/deploy.md)" in refused.output
    assert "--without-sign-in" in refused.output
    assert became == []


@pytest.mark.usefixtures("open_house")
def test_told_twice_the_server_starts_and_warns_that_everybody_sees_everything(became):
    told = serve("--address", EVERYWHERE, "--without-sign-in")
    assert told.exit_code == 0
    assert "Everybody who can reach 0.0.0.0:8501 sees everything, people by name included." in told.output
    ((_, environment),) = became
    assert environment[ANYBODY] == "1"


@pytest.mark.usefixtures("open_house")
def test_a_leave_of_another_day_does_not_count(became, monkeypatch):
    monkeypatch.setenv(ANYBODY, "1")
    assert serve("--address", EVERYWHERE).exit_code == 1
    assert serve().exit_code == 0
    ((_, environment),) = became
    assert ANYBODY not in environment


def test_the_sample_organisation_is_guarded_alike(tmp_path, monkeypatch, became):
    monkeypatch.chdir(tmp_path)
    assert CliRunner().invoke(main, ["demo", "--address", EVERYWHERE]).exit_code == 1
    assert became == []


@pytest.mark.usefixtures("locked_house")
def test_with_sign_in_the_server_can_listen_anywhere_and_knows_its_public_name(became):
    told = serve("--address", EVERYWHERE)
    assert told.exit_code == 0
    assert "at https://fairlead.example.org" in told.output
    ((command, environment),) = became
    assert command[-4:-2] == ["--server.address", EVERYWHERE]
    assert environment["STREAMLIT_BROWSER_SERVER_ADDRESS"] == "fairlead.example.org"
    assert environment["STREAMLIT_BROWSER_SERVER_PORT"] == "443"
    assert environment["STREAMLIT_SERVER_ALLOWED_HOSTS"] == "fairlead.example.org"
    assert environment["WEBSOCKETS_MAX_LINE_LENGTH"] == "65536"


@pytest.mark.usefixtures("locked_house")
def test_with_sign_in_all_protection_is_on_whatever_the_environment_says(became, monkeypatch):
    monkeypatch.setenv("STREAMLIT_SERVER_ENABLE_XSRF_PROTECTION", "false")
    monkeypatch.setenv("STREAMLIT_SERVER_ENABLE_CORS", "false")
    serve()
    ((_, environment),) = became
    assert environment["STREAMLIT_SERVER_ENABLE_XSRF_PROTECTION"] == "true"
    assert environment["STREAMLIT_SERVER_ENABLE_CORS"] == "true"
    assert environment["STREAMLIT_SERVER_COOKIE_SECRET"] == "of the cookies"  # noqa: S105 (invented)


@pytest.mark.parametrize("variable", ["FAIRLEAD_CLIENT_SECRET", "FAIRLEAD_COOKIE_SECRET"])
@pytest.mark.usefixtures("locked_house")
def test_a_missing_secret_stops_the_start_in_words(became, monkeypatch, variable):
    monkeypatch.delenv(variable)
    stopped = serve()
    assert (stopped.exit_code, became) == (1, [])
    assert f"{variable} is not set" in stopped.output
    assert "Traceback" not in stopped.output


@pytest.mark.usefixtures("locked_house")
def test_no_secret_is_in_the_command_line_where_every_user_of_the_machine_reads_it(became):
    serve()
    ((command, _),) = became
    assert not [word for word in command if "of the c" in word]


@pytest.mark.usefixtures("locked_house")
def test_sign_in_cannot_be_ended_by_an_option(became):
    refused = serve("--without-sign-in")
    assert (refused.exit_code, became) == (1, [])
    assert "Leave out one of them" in refused.output


@pytest.mark.parametrize(
    ("address", "says"),
    [("https://example.org/fairlead", "leave out the path"), ("http://fairlead.example.org", "write https://")],
)
def test_an_address_at_which_sign_in_cannot_work_or_be_safe_is_refused(tmp_path, monkeypatch, became, address, says):
    settled(tmp_path, monkeypatch, SIGN_IN.format(address=address))
    refused = serve()
    assert (refused.exit_code, became) == (1, [])
    assert says in refused.output


def test_on_this_machine_sign_in_can_be_tried_without_tls(tmp_path, monkeypatch, became):
    settled(tmp_path, monkeypatch, SIGN_IN.format(address="http://localhost:8501"))
    assert serve().exit_code == 0
    ((_, environment),) = became
    assert environment["STREAMLIT_BROWSER_SERVER_PORT"] == "8501"


def test_a_default_place_is_this_machine():
    assert is_loopback(serving.Place().address)
