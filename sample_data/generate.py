"""Regenerates the sample organisation: `python -m sample_data.generate` (or `make sample`)."""

import datetime as dt
import hashlib
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from sample_data import assigning, replanning, shortcuts, stories, surroundings, tables
from sample_data.hours import Hours, time_off
from sample_data.organisation import BY_LOGIN, FIRST_DAY, PEOPLE, TODAY
from sample_data.plan import goals
from sample_data.planning import Planning
from sample_data.reviews import Reviewing
from sample_data.titles import Writer
from sample_data.work import World

SEED = 149
FOLDER = Path(__file__).parent
MANIFEST = "manifest.json"


def organisation(seed: int = SEED) -> dict[str, pd.DataFrame]:
    """The tables that have rows here. The same seed, the same tables."""
    rng = np.random.default_rng(seed)
    absences = time_off(rng)
    world = _world(rng, {login: Hours(BY_LOGIN[login], spans) for login, spans in absences.items()})
    _live(world)
    replanning.replan(world)
    assigning.give_out(world)
    shortcuts.take_shortcuts(world)
    tables.number(world.issues, world.reviewing.pulls, world.goals)
    rows = surroundings.people(absences) | surroundings.milestones(world.goals)
    rows |= {"releases": surroundings.releases(rng)} | surroundings.statuses()
    return tables.framed(rows | tables.of_issues(world.issues) | tables.of_pulls(world.reviewing.pulls))


def _world(rng: np.random.Generator, hours: dict[str, Hours]) -> World:
    writer = Writer(rng)
    return World(rng, hours, writer, Reviewing(rng, hours, writer), goals(), held={p.login: [] for p in PEOPLE})


def _live(world: World) -> None:
    """Every day from the first to today."""
    plans = [Planning(world, goal) for goal in world.goals]
    for past in range((TODAY.date() - FIRST_DAY).days + 1):
        day = FIRST_DAY + dt.timedelta(days=past)
        for plan in plans:
            plan.step(day)
        world.return_reviewed(day)
        stories.all_teams(world, day)
        stories.forget(world, day)
        stories.take_before_leave(world, day)
        stories.all_people(world, day)
        stories.bump(world, day)
    stories.urgent_bug(world)


def write(organisation: dict[str, pd.DataFrame], folder: Path, *, seed: int = SEED) -> None:
    """One Parquet file per table, and the manifest: seed, today, row counts, and a digest of all files."""
    digest = hashlib.sha256()
    for name, table in sorted(organisation.items()):
        path = folder / f"{name}.parquet"
        bare = pa.Table.from_pandas(table, preserve_index=False).replace_schema_metadata()
        pq.write_table(bare, path, compression="zstd", compression_level=19)
        digest.update(name.encode() + path.read_bytes())
    manifest = {
        "seed": seed,
        "today": f"{TODAY:%Y-%m-%dT%H:%M:%SZ}",
        "rows": {name: len(table) for name, table in organisation.items()},
        "digest": digest.hexdigest(),
    }
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    write(organisation(), FOLDER)
