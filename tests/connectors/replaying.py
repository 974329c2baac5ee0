"""A server of its own that replays recorded sources.

Only where `FAIRLEAD_REPLAY` names a folder that holds `replay/serve.py` and `data/`: nothing of them is ours to ship.
"""

import contextlib
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

HOME = Path(os.environ.get("FAIRLEAD_REPLAY", "absent"))


@contextlib.contextmanager
def serving(cache, *options):
    """The server's address, as long as the block lasts; `cache` is a folder for what it fetches once."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "serve.py", *options, "--port", str(port)]
    kept = os.environ.get("REPLAY_CACHE", str(cache))
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1", "REPLAY_CACHE": kept}
    with subprocess.Popen(command, cwd=HOME / "replay", env=environment, stdout=subprocess.PIPE) as server:
        try:
            _wait_for(port, server)
            yield f"http://127.0.0.1:{port}"
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
