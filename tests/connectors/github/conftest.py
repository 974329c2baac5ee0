"""A replay server for the tests that need one, and stores to read it into."""

import contextlib
import time

import pytest

from fairlead import store
from tests.connectors.github.replay import AS_OF, HISTORY, PROJECT, RECORDING, control
from tests.connectors.replaying import serving


@pytest.fixture(scope="session")
def address(tmp_path_factory):
    options = ("--github", f"{RECORDING}={PROJECT}", "--milestone-history", str(HISTORY), "--as-of", AS_OF)
    with serving(tmp_path_factory.mktemp("schema"), *options) as found:
        yield f"{found}/api/v3"


@pytest.fixture
def server(address):
    """The address of a server that is as it was, before and after."""
    yield address
    control(address, "faults", spec="")
    control(address, "clock", now=AS_OF)
    control(address, "reset", data=True)


@pytest.fixture
def new(tmp_path):
    """New stores."""
    with contextlib.ExitStack() as opened:
        yield lambda: opened.enter_context(store.open(f"sqlite:///{tmp_path}/{time.monotonic_ns()}.db"))
