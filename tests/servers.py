"""Real servers in processes of their own, for tests that need to see what is delivered."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
START_SECONDS = 90
STOP_SECONDS = 20


@dataclass
class Server:
    """A process that answers at `address`, and what it has written so far."""

    process: subprocess.Popen[bytes]
    address: str
    _log: Path

    def said(self) -> str:
        """Its output: what an operator reads."""
        return self._log.read_text("utf-8")


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def surroundings(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of a newcomer: nothing of Fairlead or Streamlit is set but `more`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("FAIRLEAD", "STREAMLIT"))}
    return kept | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"} | dict(more or {})


@contextmanager
def running(
    command: Sequence[str | Path],
    *,
    folder: Path,
    port: int,
    more: Mapping[str, str] | None = None,
) -> Iterator[Server]:
    """Run a command until the block ends; the block begins when the server it starts answers that it is healthy."""
    log = folder / f"server-{port}.log"
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=folder, env=surroundings(more), stdout=out, stderr=subprocess.STDOUT)
    server = Server(process, f"http://localhost:{port}", log)
    try:
        wait_until_healthy(server)
        yield server
    finally:
        process.terminate()
        process.wait(timeout=STOP_SECONDS)


@contextmanager
def serving(
    folder: Path, *options: str, port: int | None = None, more: Mapping[str, str] | None = None
) -> Iterator[Server]:
    """`fairlead serve` in a folder: on the settings file that lies there, or on the sample organisation."""
    at = port or free_port()
    command = [sys.executable, "-m", "fairlead", "serve", "--port", str(at), *options]
    with running(command, folder=folder, port=at, more=more) as server:
        yield server


def wait_until_healthy(server: Server) -> None:
    """Until /_stcore/health answers 200."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        assert server.process.poll() is None, f"the server ended before it answered: {server.said()}"
        try:
            with urllib.request.urlopen(f"{server.address}/_stcore/health", timeout=2):  # noqa: S310 (our own server)
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    pytest.fail(f"the server did not answer within {START_SECONDS} s: {server.said()}")
