"""How well do forecasts hold on recorded projects? Run by hand; nothing of it is a test.

    FAIRLEAD_REPLAY=FOLDER python -m tests.bench.calibration --jira tidev-jira.jsonl.gz --until 2013-07-01
    FAIRLEAD_REPLAY=FOLDER python -m tests.bench.calibration --store sqlite:///synced.db --history owner/name=FILE.json

`--until` splits in time: what was tuned may have been tuned on the first part only, the later part is scored. With
`--tune` the first part alone is measured, for several half-lives and pace drifts.
"""

import os
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import click
import pandas as pd
from rich.console import Console
from rich.progress import track

from fairlead import store
from fairlead.frames import Frames
from metrics import forecast, milestones
from metrics.forecast import scores
from metrics.forecast.backtest import BACKTEST
from metrics.forecast.engine import Futures
from tests.bench.recordings import jira_without_history, observed_due_dates

FOLDER = "FAIRLEAD_REPLAY"
HALF_LIVES = (0.25, 0.5, 1.0, 2.0)
PACE_SDS = (0.03, 0.06, 0.09, 0.12)
MIN_WINDOW_WEEKS = 3
"""Shorter windows leave nothing to forecast: their days are known by heart, and they are many."""


@dataclass(frozen=True)
class World:
    """A recorded organisation and when its record ends."""

    frames: Frames
    as_of: pd.Timestamp

    def history(self) -> forecast.History:
        """Everything replayed once."""
        known, _, stays = milestones.replayed(self.frames, as_of=self.as_of)
        return forecast.replayed(known, stays, self.frames.milestone_changes, as_of=self.as_of)


def recorded(jira: str | None, url: str | None, histories: tuple[str, ...], as_of: pd.Timestamp) -> World:
    """The recording that was asked for."""
    folder = Path(os.environ[FOLDER])
    if jira:
        return World(jira_without_history(folder / jira), as_of)
    with store.open(str(url)) as opened:
        tables = opened.read().tables()
    changes = tables["milestone_changes"]
    for each in histories:
        project, _, name = each.partition("=")
        is_other = ~changes["milestone"].astype("str").str.startswith(f"github:{project}/")
        changes = pd.concat([changes[is_other], observed_due_dates(folder / name, project)], ignore_index=True)
    return World(Frames.of({**tables, "milestone_changes": changes}), as_of)


def told(title: str, rows: pd.DataFrame) -> None:
    """All tables of one part."""
    learned = rows[rows["n_resolved"] > 0]
    console = Console(width=200)
    console.rule(f"{title}: {len(rows):,} forecasts of {rows['milestone'].nunique():,} milestones")
    for name, table in {
        "all, also those before there was enough to learn from": scores.coverage(rows),
        "recalibrated": scores.coverage(learned),
        "next to baselines (recalibrated)": scores.against_baselines(learned),
        "P(on time)": scores.on_time(rows),
        "P(done within), recalibrated": scores.within(learned),
        "where outcomes lay (recalibrated)": scores.spread(learned),
        "without a date": scores.left_out(rows),
    }.items():
        console.print(f"[bold]{name}[/bold]\n{table.round(3).to_string(index=False)}\n", highlight=False)


def tuned(history: forecast.History, as_of: pd.Timestamp, until: pd.Timestamp, least_scope: int) -> None:
    """The first part for every setting: coverage and pinball at .85 of those with weeks of their own."""
    for share, sd in product(HALF_LIVES, PACE_SDS):
        futures = Futures(trials=BACKTEST.trials, half_life_share=share, pace_sd=sd)
        rows = forecast.backtest(history, as_of=as_of, least_scope=least_scope, futures=futures)
        first = rows[(rows["over_at"] < until) & (rows["way"] == "own")]
        found = scores.against_baselines(first).query("method in ['ours', 'as_first_made'] and level == 'p85'")
        shown = found[["method", "n", "held_share", "pinball_weeks", "pinball_share"]].round(3)
        Console().print(f"half-life {share}, pace sd {sd}\n{shown.to_string(index=False)}", highlight=False)


@click.command()
@click.option("--jira", help="a recorded Jira without history, a file in the folder")
@click.option("--store", "url", help="the address of a synced store instead")
@click.option("--history", "histories", multiple=True, help="OWNER/NAME=FILE: due dates as they were seen over time")
@click.option("--as-of", default="2025-03-31", show_default=True)
@click.option("--until", help="score what was forecast from this day on apart from what came before")
@click.option("--least-scope", default=5, show_default=True, help="items a milestone must have had at the time")
@click.option("--weekly/--parts", default=False, help="also a forecast every week")
@click.option("--tune/--score", default=False, help="only compare settings on the first part")
def main(
    jira: str | None,
    url: str | None,
    histories: tuple[str, ...],
    as_of: str,
    until: str | None,
    least_scope: int,
    weekly: bool,
    tune: bool,
) -> None:
    """Print the tables."""
    instant = pd.Timestamp(as_of, tz="UTC").as_unit("us")
    split = pd.Timestamp(until or "1970-01-01", tz="UTC")
    history = recorded(jira, url, histories, instant).history()
    if tune:
        tuned(history, instant, split, least_scope)
        return
    rows = forecast.backtest(history, as_of=instant, weekly=weekly, least_scope=least_scope, progress=track)
    for window in rows["window"].unique():
        part = rows[rows["window"] == window]
        later = part[part["at"] >= split]
        told(f"{window}, first part", part[part["at"] < split])
        told(f"{window}, later part", later)
        told(
            f"{window}, later part, {MIN_WINDOW_WEEKS} weeks or longer",
            later[~(later["window_weeks"] < MIN_WINDOW_WEEKS)],
        )


if __name__ == "__main__":
    main()
