"""Processes for the store's tests: `python -m tests.store.worker TASK ADDRESS …` works until it is done or killed."""

import sys

import pandas as pd

from fairlead import store
from tests.store.tables import rows

EVENTS = 300
"""Events of each issue a batch brings."""


ISSUES = rows("issues", {"id": "new"}, {"id": "shared"})
HISTORY = rows("issue_events", *[{"issue": issue, "seq": seq} for issue in ("new", "shared") for seq in range(EVENTS)])


def batch(n: int) -> dict[str, pd.DataFrame]:
    """One new issue with its events, and one that every batch writes again."""
    return {
        "issues": ISSUES.assign(id=ISSUES["id"].replace("new", f"i{n}"), title=f"{n}"),
        "issue_events": HISTORY.assign(issue=HISTORY["issue"].replace("new", f"i{n}"), new=f"{n}"),
    }


def write(url: str, first: str, last: str) -> None:
    """Write the batches from `first` until before `last`, each with its number as the cursor."""
    opened = store.open(url)
    print("ready", flush=True)  # noqa: T201 (tells the test)
    for n in range(int(first), int(last)):
        opened.write(batch(n), source="worker", cursors={"batch": f"{n}"})


def add(url: str, name: str, times: str) -> None:
    """Write one issue so many times."""
    opened = store.open(url)
    for _ in range(int(times)):
        opened.write({"issues": rows("issues", {"id": name})}, source="worker")


def hold(url: str) -> None:
    """Hold the lock of a sync until standard input ends."""
    with store.open(url).sync_lock():
        print("held", flush=True)  # noqa: T201
        sys.stdin.read()


if __name__ == "__main__":
    {"write": write, "add": add, "hold": hold}[sys.argv[1]](*sys.argv[2:])
