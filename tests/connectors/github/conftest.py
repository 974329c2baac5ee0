"""A replay server for the tests that need one, and stores to read it into."""

import contextlib
import os
import socket
import subprocess
import sys
import time

import pytest

from fairlead import store
from tests.connectors.github.replay import AS_OF, HISTORY, HOME, PROJECT, RECORDING, control


@pytest.fixture(scope="session")
def address(tmp_path_factory):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable, "serve.py", "--github", f"{RECORDING}={PROJECT}", "--milestone-history", str(HISTORY),
        "--port", str(port), "--as-of", AS_OF,
    ]  # fmt: skip
    cache = os.environ.get("REPLAY_CACHE", str(tmp_path_factory.mktemp("schema")))
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1", "REPLAY_CACHE": cache}
    with subprocess.Popen(command, cwd=HOME / "replay", env=environment, stdout=subprocess.PIPE) as server:
        try:
            _wait_for(port, server)
            yield f"http://127.0.0.1:{port}/api/v3"
        finally:
            server.terminate()


def _wait_for(port, server):
    """Until the server listens; fetching its schema takes a while the first time."""
    for _ in range(600):
        with socket.socket() as caller:
            if caller.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert server.poll() is None, "the replay server ended"
        time.sleep(0.1)
    pytest.fail("the replay server does not listen")


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
