"""Syncs that are killed: `python -m tests.connectors.nursery ADDRESS TIMES SEED` prints how many were killed midway.

Every sync is a forked child, so that a hundred of them do not import the world a hundred times. The parent opens no
store.
"""

import itertools
import os
import random
import signal
import sys
import time

import pandas as pd

from connectors import Page
from connectors.github.tables import tables
from connectors.runs import Clock
from connectors.sync import Run
from fairlead import store
from fairlead.config import GithubConnection, PeopleSettings, Settings
from tests.connectors.pages import event, issue, listed, page, pull, review, user

N_PAGES, A_PAGE = 8, 3
SETTINGS = Settings(github=(GithubConnection(repos=("octo/house",)),), people=PeopleSettings(file="/absent/people.csv"))


def issues(n):
    """One page of issues, each with events and a label."""
    numbers = range(n * A_PAGE + 1, (n + 1) * A_PAGE + 1)
    told = [event("ClosedEvent", "2024-02-01T09:00:00Z"), event("ReopenedEvent", "2024-02-02T09:00:00Z")]
    return [issue(number, *told, labels=listed({"name": "bug"}), author=user(f"u{number % 7}")) for number in numbers]


def pulls(n):
    """One page of pull requests, each with two reviews and a file."""
    numbers = range(1000 + n * A_PAGE, 1000 + (n + 1) * A_PAGE)
    return [
        pull(
            number,
            reviews=listed(
                review(user("bob"), f"2024-02-01T09:00:00.{number:06}Z"),
                review(user("cy"), f"2024-02-02T09:00:00.{number:06}Z"),
            ),
            files=listed({"path": "roof.c", "additions": 1, "deletions": 2}),
        )
        for number in numbers
    ]


class Source:
    """Two streams, each resumed at the page its cursor names."""

    name = "github octo/house"
    shape = "1"

    def fetch(self, state):
        state.watermark = pd.Timestamp("2025-03-31T08:00:00Z")
        for stream, nodes in (("issues", issues), ("pull_requests", pulls)):
            for n in range(int(state.cursors.get(stream) or 0), N_PAGES):
                cursor = str(n + 1) if n + 1 < N_PAGES else ""
                yield Page(stream, nodes(n), cursor=cursor, context=page(stream).context, total=N_PAGES * A_PAGE)

    def tables(self, pages):
        return tables(pages)


class Lane:
    name = "github here"

    def sources(self):
        return [Source()]


def run(url):
    """Sync to the end, every page in a transaction of its own."""
    ticks = itertools.count()
    with store.open(url) as opened:
        clock = Clock(lambda: pd.Timestamp.now("UTC"), lambda: float(next(ticks)))
        Run(opened, SETTINGS, clock).read([Lane()])


def child(url):
    pid = os.fork()
    if pid == 0:
        run(url)
        os._exit(0)
    return pid


def main(url, times, seed):
    chance = random.Random(seed)  # noqa: S311 (not a secret)
    begun = time.monotonic()
    os.waitpid(child(f"{url}.first"), 0)
    whole = time.monotonic() - begun
    killed = 0
    for _ in range(times):
        pid = child(url)
        time.sleep(chance.uniform(0, whole))
        os.kill(pid, signal.SIGKILL)
        killed += os.WIFSIGNALED(os.waitpid(pid, 0)[1])
    status = os.waitpid(child(url), 0)[1]
    print(killed, status)  # noqa: T201 (tells the test)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
