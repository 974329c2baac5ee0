"""A replay of GitHub's API over a recorded repository, and reading it into a store.

Only where `FAIRLEAD_REPLAY` names a folder that holds `replay/serve.py` and `data/`: nothing of them is ours to ship.
"""

import json
import os
import time
import urllib.request

import pandas as pd
import pytest

from connectors import SyncState
from connectors.github import GithubLane
from fairlead import frames
from fairlead.config import GithubConnection, SyncSettings
from tests.connectors.replaying import HOME

RECORDING = HOME / "data" / "secp256k1-asof-2025-03-31.jsonl.gz"
HISTORY = HOME / "data" / "secp256k1-milestone-history.json"
PROJECT = "bitcoin-core/secp256k1"
AS_OF = "2025-03-31T00:00:00Z"

needed = pytest.mark.skipif(not RECORDING.is_file(), reason="FAIRLEAD_REPLAY names no recording")


def control(address, what, **body):
    """Tell the server to be at another time, at fault, or changed."""
    data = json.dumps(body).encode() if body or what == "reset" else None
    with urllib.request.urlopen(f"{address.removesuffix('/api/v3')}/_replay/{what}", data) as answer:  # noqa: S310 (ours)
        return json.load(answer)


def read_into(held, address, *, is_sweep=False, sleep=time.sleep):
    """One run into a store, as the sync engine does it; its state."""
    connection = GithubConnection(repos=(PROJECT,), base_url=address, token_env="REPLAY_ACCESS")  # noqa: S106 (a variable's name)
    os.environ["REPLAY_ACCESS"] = "any"
    (source,) = GithubLane(connection, SyncSettings(), sleep=sleep, time_out=5).sources()
    state = SyncState(cursors=held.cursors(source.name), stored=held.ids, is_sweep_due=is_sweep)
    for page in source.fetch(state):
        cursors = {page.stream: page.cursor}
        held.write(source.tables([page]), source=source.name, cursors=cursors, observed_at=state.watermark)
    return state


def plain(held):
    """The tables of a store, ordered, with ids as text."""
    tables = held.read().tables()
    as_text = {name: table.astype(dict.fromkeys(frames.key_columns(name), "str")) for name, table in tables.items()}
    return {name: table.sort_values(list(frames.IDENTITY[name]), ignore_index=True) for name, table in as_text.items()}


OBSERVED = {"milestone_changes", "tombstones", "accounts"}
"""What depends on when somebody looked. Of accounts a clean run has those of now alone."""


def agree(one, other):
    found, expected = plain(one), plain(other)
    for name in found.keys() - OBSERVED:
        pd.testing.assert_frame_equal(found[name], expected[name])
    assert set(expected["accounts"]["id"]) <= set(found["accounts"]["id"])
