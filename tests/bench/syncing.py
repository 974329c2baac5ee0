"""What a full sync costs this side of the network, beside the least it could: parse the same bytes, make the frames.

`python -m tests.bench.syncing PULL_REQUESTS` prints both as JSON, in a process of its own, because the peak of memory
belongs to a process.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pandas as pd
import pyarrow as pa

from connectors.runs import Clock
from connectors.sync import Run, lanes
from fairlead import store
from fairlead.config import GithubConnection, PeopleSettings, Settings, SyncSettings
from tests.connectors.pages import PROJECT

LISTS = ("labels", "closingIssuesReferences", "reviews", "comments", "files", "timelineItems")


@contextmanager
def server(pull_requests: int) -> Iterator[int]:
    """The port of a `tests.bench.server`."""
    command = [sys.executable, "-m", "tests.bench.server", str(pull_requests)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield int(process.stdout.readline() if process.stdout else 0)
        finally:
            process.terminate()


def least(bodies: list[bytes]) -> float:
    """CPU seconds to parse the answers and make an Arrow-backed frame of each kind of thing in them."""
    begin = time.process_time()
    answers = [json.loads(body) for body in bodies]
    pulls = [node for answer in answers for node in _nodes(answer)]
    for name in LISTS:
        rows = [{"pull_request": pull["id"], **_flat(node)} for pull in pulls for node in pull[name]["nodes"]]
        _framed(rows)
    _framed([_flat({key: value for key, value in pull.items() if key not in LISTS}) for pull in pulls])
    return time.process_time() - begin


def _nodes(answer: dict[str, Any]) -> list[dict[str, Any]]:
    return list(((answer["data"].get("repository") or {}).get("pullRequests") or {}).get("nodes") or [])


def _flat(node: dict[str, Any]) -> dict[str, Any]:
    return {key: value["id"] if isinstance(value, dict) and "id" in value else value for key, value in node.items()}


def _framed(rows: list[dict[str, Any]]) -> pd.DataFrame:
    return pa.Table.from_pylist(rows).to_pandas(types_mapper=pd.ArrowDtype)


def peak_megabytes() -> int:
    """The most memory this process has held; `getrusage` begins with what the process that started it held."""
    status = Path("/proc/self/status")
    if not status.is_file():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    (line,) = (line for line in status.read_text("ascii").splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) // 1024


def cost(pull_requests: int) -> dict[str, float]:
    """CPU seconds of a full sync, of the least, requests, and the peak of memory in megabytes."""
    os.environ["FAIRLEAD_BENCH_TOKEN"] = "none"  # noqa: S105 (no secret)
    with server(pull_requests) as port, tempfile.TemporaryDirectory() as folder:
        connection = GithubConnection(
            repos=(PROJECT,),
            base_url=f"http://127.0.0.1:{port}/api/v3",
            token_env="FAIRLEAD_BENCH_TOKEN",  # noqa: S106
        )
        settings = Settings(
            github=(connection,), people=PeopleSettings(file=f"{folder}/people.csv"), sync=SyncSettings()
        )
        with store.open(f"sqlite:///{folder}/bench.db") as opened:
            begin, begun = time.process_time(), time.perf_counter()
            (outcome,) = Run(opened, settings, Clock(lambda: pd.Timestamp.now("UTC"))).read(lanes(settings))
            seconds, wall = time.process_time() - begin, time.perf_counter() - begun
            assert outcome.status == "complete", outcome.state.warnings
            assert len(opened.ids("pull_requests", PROJECT)) == pull_requests
        peak = peak_megabytes()
        with urlopen(f"http://127.0.0.1:{port}/sent") as answer:
            bodies = answer.read().splitlines()
    least_seconds = min(least(bodies) for _ in range(3))
    return {
        "sync cpu seconds": seconds,
        "sync wall seconds": wall,
        "parse and frame cpu seconds": least_seconds,
        "sync / (parse and frame)": seconds / least_seconds,
        "requests": outcome.state.requests,
        "megabytes received": sum(map(len, bodies)) / 1e6,
        "peak megabytes": peak,
    }


if __name__ == "__main__":
    print(json.dumps(cost(int(sys.argv[1])), indent=2))  # noqa: T201
