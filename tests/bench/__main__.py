"""`make bench`: how long each measure and each page takes on an organisation of any size.

Seconds are absolute and differ between machines: compare runs of one machine. Tests never look at them.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table
from streamlit.testing.v1 import AppTest

from fairlead import config, store
from fairlead.access import LOCAL_LEAD, visible_to
from fairlead.frames import Frames
from fairlead.scope import Scope
from reports.catalogue import ENTRIES
from tests.bench import forecasting, viewers
from tests.bench.organisation import AS_OF, organisation
from tests.bench.timing import once, timed
from tests.measures import MEASURES, Given

ROOT = Path(__file__).parents[2]
PAGE_ROWS = 100_000
"""Pages are run only up to this many pull requests: a person does not look at a million at once."""

SYNC_ROWS = 20_000
"""Pull requests of the larger sync: reading more takes minutes and tells nothing new."""


def measures(frames: Frames) -> dict[str, float]:
    """Seconds of each measure; what it is made of is made before and has a line of its own."""
    given = Given(frames, AS_OF)
    seconds = {}
    for name, measure in MEASURES.items():
        measure(given)
        seconds[name] = timed(lambda measure=measure: measure(given))
    return seconds


def reports(frames: Frames) -> dict[str, float]:
    """Seconds to build each report anew, nothing cached."""
    seen, scope = visible_to(LOCAL_LEAD, frames), Scope(AS_OF)
    return {f"report {entry.key}": timed(lambda entry=entry: entry.build(seen, scope), 2) for entry in ENTRIES}


def pages(frames: Frames) -> dict[str, float]:
    """Seconds of each page's script run from a store, cold (first run) and warm (best of the next ones)."""
    seconds = {}
    with tempfile.TemporaryDirectory() as folder:
        settings = Path(folder) / config.FILE_NAME
        settings.write_text('[store]\nurl = "sqlite:///bench.db"\n[[github]]\nrepos = ["bench/bench"]\n', "utf-8")
        with store.open(config.load(settings).store.url) as opened:
            seconds["store write"] = once(lambda: opened.write(frames.tables(), source="bench"))
            seconds["store read"] = timed(opened.read)
            seconds["store version"] = timed(opened.version)
        os.environ[config.CONFIG_VARIABLE] = str(settings)
        for entry in ENTRIES:
            app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=600).run()
            app.switch_page(entry.page)
            seconds[f"page {entry.key} cold"] = once(app.run)
            seconds[f"page {entry.key} warm"] = timed(app.run)
            assert not app.exception, app.exception
            assert not app.error, app.error
            assert app.title[0].value == entry.title
    return seconds


def sync(pull_requests: int) -> dict[str, float]:
    """What a full sync costs; in a process of its own, as the peak of memory belongs to a process."""
    command = [sys.executable, "-m", "tests.bench.syncing", str(pull_requests)]
    said = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT).stdout
    return dict(json.loads(said))


@click.command()
@click.option("--pull-requests", default=20_000, show_default=True)
@click.option("--json", "out", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--many", is_flag=True, help="let 50 look at that organisation at once; else at the sample organisation")
def main(pull_requests: int, out: Path | None, *, many: bool) -> None:
    """Print a table and, if asked, write JSON."""
    frames = organisation(pull_requests)
    rows = {name: len(table) for name, table in frames.tables().items() if len(table)}
    seconds = measures(frames) | reports(frames) | forecasting.seconds()
    if pull_requests <= PAGE_ROWS:
        seconds |= pages(frames)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    syncs = {f"{size:,} pull requests": sync(size) for size in sorted({1_000, min(pull_requests, SYNC_ROWS)})}
    _print(rows, seconds, peak)
    _print_syncs(syncs)
    looks = viewers.figures(pull_requests if many else None)
    Console().print_json(data={"viewers": looks})
    if out:
        found = {"rows": rows, "seconds": seconds, "peak_megabytes": peak, "sync": syncs, "viewers": looks}
        out.write_text(json.dumps(found, indent=2) + "\n", "utf-8")


def _print(rows: dict[str, int], seconds: dict[str, float], peak: int) -> None:
    console = Console()
    console.print(", ".join(f"{n:,} {name}" for name, n in rows.items()))
    table = Table("what", "seconds")
    for name, value in seconds.items():
        table.add_row(name, f"{value:.3f}")
    console.print(table)
    console.print(f"peak memory {peak:,} MB")


def _print_syncs(syncs: dict[str, dict[str, float]]) -> None:
    table = Table("full sync", *syncs)
    for what in next(iter(syncs.values())):
        table.add_row(what, *(f"{found[what]:,.2f}" for found in syncs.values()))
    Console().print(table)


if __name__ == "__main__":
    main()
