"""A sync killed at any moment loses nothing, doubles nothing, and the next one goes on."""

import subprocess
import sys

import pandas as pd

from fairlead import store
from tests.connectors import nursery

TIMES = 100


def test_a_hundred_syncs_killed_at_random_moments_end_like_one_that_was_not(tmp_path):
    killed_at, clean_at = f"sqlite:///{tmp_path}/killed.db", f"sqlite:///{tmp_path}/clean.db"
    command = [sys.executable, "-m", "tests.connectors.nursery", killed_at, str(TIMES), "20261121"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    n_killed, status = map(int, done.stdout.split())
    assert status == 0, done.stderr
    assert n_killed > TIMES / 2
    nursery.run(clean_at)
    with store.open(killed_at) as killed, store.open(clean_at) as clean:
        found, expected = killed.read().tables(), clean.read().tables()
    assert len(expected["issues"]) == len(expected["pull_requests"]) == nursery.N_PAGES * nursery.A_PAGE
    assert len(expected["reviews"]) == 2 * len(expected["pull_requests"])
    for name in set(expected) - {"sync_runs"}:
        pd.testing.assert_frame_equal(_plain(found[name]), _plain(expected[name]), obj=name)


def _plain(table):
    text = table.astype({column: "str" for column in table if isinstance(table[column].dtype, pd.CategoricalDtype)})
    return text.sort_values(list(text), ignore_index=True)
