"""Without sign-in only this machine is served: by where the server listens, and by what a request says of its way."""

from types import SimpleNamespace

import pytest
import streamlit as st
import streamlit.config

from fairlead.serving import ANYBODY
from reports import gate


@pytest.fixture
def asked(monkeypatch):
    """A request with headers, at a server that listens on an address."""

    def ask(address="127.0.0.1", **headers):
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        monkeypatch.setattr(st, "context", SimpleNamespace(headers=told))
        monkeypatch.delenv(ANYBODY, raising=False)
        before = streamlit.config.get_option("server.address")
        streamlit.config.set_option("server.address", address)
        try:
            return gate.is_on_this_machine()
        finally:
            streamlit.config.set_option("server.address", before)

    return ask


@pytest.mark.parametrize("host", ["localhost:8501", "127.0.0.1:8501", "[::1]:8501", "localhost", "127.0.0.2"])
def test_a_browser_on_this_machine_is_let_in(asked, host):
    assert asked(Host=host)


@pytest.mark.parametrize("host", ["fairlead.example.org", "10.0.0.5:8501", "localhost.evil.example:8501", "[fe80::1]"])
def test_a_name_that_others_use_is_not(asked, host):
    assert not asked(Host=host)


@pytest.mark.parametrize("name", gate.OF_PROXIES)
def test_nor_is_what_a_proxy_passes_on_under_our_own_name(asked, name):
    assert not asked(Host="127.0.0.1:8501", **{name: "8.8.8.8"})


@pytest.mark.parametrize("address", [None, "0.0.0.0", "192.168.1.4", "fairlead.example.org"])  # noqa: S104
def test_nor_is_anybody_where_the_server_listens_elsewhere(asked, address):
    assert not asked(address, Host="localhost:8501")
