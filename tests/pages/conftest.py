"""The dashboard as a script, on a store of its own: nothing is written into the repository."""

from pathlib import Path

import pytest
import streamlit as st
import streamlit.config
from click.testing import CliRunner
from streamlit.testing.v1 import AppTest

from fairlead import config
from fairlead.__main__ import main

ROOT = Path(__file__).parents[2]
SECONDS = 60


@pytest.fixture(scope="session", autouse=True)
def loopback():
    """Pages run as if only this machine could open them; Streamlit's own default is every interface."""
    before = streamlit.config.get_option("server.address")
    streamlit.config.set_option("server.address", "127.0.0.1")
    yield
    streamlit.config.set_option("server.address", before)


@pytest.fixture(scope="session")
def home(tmp_path_factory):
    """A folder in which the sample organisation has been synced."""
    folder = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv(config.CONFIG_VARIABLE, config.NO_FILE)
        assert CliRunner().invoke(main, ["sync"]).exit_code == 0
    return folder


@pytest.fixture
def at_home(home, monkeypatch):
    """Run in that folder, without settings."""
    monkeypatch.chdir(home)
    monkeypatch.setenv(config.CONFIG_VARIABLE, config.NO_FILE)
    return home


@pytest.fixture
def dashboard(at_home):  # noqa: ARG001 (where it runs)
    """What `opened` does, on the sample organisation."""
    return opened


@pytest.fixture
def settled(tmp_path, monkeypatch):
    """Run with a settings file of the given text; caches of other tests' stores are dropped."""

    def settle(text):
        path = tmp_path / "fairlead.toml"
        path.write_text(text, "utf-8")
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv(config.CONFIG_VARIABLE, str(path))

    yield settle
    st.cache_resource.clear()


def opened(page="", **filters):
    """The dashboard at an address, after its first run."""
    app = AppTest.from_file(ROOT / "dashboard.py", default_timeout=SECONDS)
    for name, value in filters.items():
        app.query_params[name] = value
    app.run()
    return app.switch_page(page).run() if page else app


def shown(app):
    """All texts of the main part of a page."""
    parts = [app.title, app.caption, app.subheader, app.markdown, app.info, app.error, app.metric]
    return [str(element.value) for part in parts for element in part]
