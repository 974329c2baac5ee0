"""The command line's door: serve | demo | sync | calibrate | evaluate | status | check | people | export | report.

It and the screen alone read the clock.
"""

import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import click
import pandas as pd

from connectors import Finding, Lane, progress, time_off
from connectors import sync as syncing
from connectors import words as told
from connectors.runs import EXIT_CODES, INTERRUPTED, Clock, Order, Outcome, exit_code
from connectors.settle import settle
from connectors.sync import Run
from fairlead import config, serving, store
from fairlead.access import LOCAL_LEAD, VisibleFrames, visible_to
from fairlead.boards import estimated
from fairlead.errors import ConfigError, StoreError
from fairlead.options import DAY, Door, scoped
from fairlead.scope import Scope
from reports import calibration_job, calibration_words, evaluating
from reports import export as exporting
from reports.calibrating import as_json
from reports.catalogue import ENTRIES
from reports.html import to_html
from reports.panel import Report

DASHBOARD = Path(__file__).parents[1] / "dashboard.py"
FIRST_YEAR = 1970
OF_PROJECTS = ("issues", "pull_requests", "milestones")
"""The tables that say which projects there are."""
CLOCK = Clock(lambda: pd.Timestamp.now("UTC").floor("us"))


@click.group(cls=Door)
@click.version_option(package_name="fairlead")
@click.option(
    "--config",
    "path",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Settings file. Default: FAIRLEAD_CONFIG, else the nearest fairlead.toml upwards.",
)
@click.pass_context
def main(ctx: click.Context, path: Path | None) -> None:
    """Fairlead: milestones, reviews, workload and flow from GitHub and Jira."""
    ctx.obj = path


@main.command()
@click.option("--source", "only", multiple=True, help="Only this source, as `status` names it; repeat for more.")
@click.option("--since", type=DAY, help="Where nothing was read before: leave out what has not changed since this day.")
@click.option("--full", "is_full", is_flag=True, help="Read everything once more.")
@click.option("--sweep", "is_sweep", is_flag=True, help="Look now for what was deleted or moved away.")
@click.option("--dry-run", "is_dry", is_flag=True, help="Read, count, and write nothing.")
@click.option("--when-requested", is_flag=True, help="Only if somebody has asked for it on the Sources page.")
@click.option("--calibrate/--no-calibrate", "calibrates", default=True, help="Calibrate afterwards, where that is due.")
@click.pass_context
def sync(
    ctx: click.Context,
    /,
    *,
    since: datetime | None,
    when_requested: bool,
    calibrates: bool,
    **asked: Any,  # noqa: ANN401 (click's options)
) -> None:
    """Read what is new at all sources into the store; once in a week of theirs, look how forecasts have held.

    Exit codes: 0 everything was read; 3 some of it, what was read is kept; 1 nothing.
    """
    settings = config.load(ctx.obj)
    order = Order(since=None if since is None else pd.Timestamp(since, tz="UTC"), **asked)
    lanes = syncing.lanes(settings)
    with store.open(settings.store.url) as opened:
        if when_requested and not opened.is_sync_requested():
            click.echo("Nobody has asked for a sync since the last one.")
            return
        with progress.shown() as tell:
            run = Run(opened, settings, CLOCK, order, tell)
            outcomes = _read(run, lanes)
        if order.only and not outcomes:
            raise click.BadParameter("no source bears that name; `fairlead status` names them", param_hint="'--source'")
        for outcome in outcomes:
            click.echo(told.outcome(outcome, is_dry=order.is_dry))
        if run.settled is not None:
            click.echo(told.people(run.settled, run.away))
        if calibrates and not order.is_dry and exit_code(outcomes) != EXIT_CODES["failed"]:
            _calibrate_where_due(opened)
    ctx.exit(exit_code(outcomes))


def _read(run: Run, lanes: Sequence[Lane]) -> list[Outcome]:
    """Read; somebody who ends it, by Ctrl+C or as a service manager does, is told that nothing is lost."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with _saying_when_ended(INTERRUPTED):
        return run.read(lanes)


def _calibrate_where_due(opened: store.Store) -> None:
    if calibration_job.is_due(opened):
        with _saying_when_ended(calibration_words.INTERRUPTED):
            click.echo(calibration_words.in_a_line(calibration_job.calibrated(opened).rows))


@contextmanager
def _saying_when_ended(words: str) -> Iterator[None]:
    try:
        yield
    except KeyboardInterrupt:
        click.echo(words, err=True)
        sys.exit(130)


@main.command()
@click.option("--json", "out", type=click.Path(path_type=Path, dir_okay=False), help="File for all past forecasts.")
@click.pass_context
def calibrate(ctx: click.Context, out: Path | None) -> None:
    """Say how often forecasts held, next to the usual ways. Makes past ones anew with what was known then."""
    settings = config.load(ctx.obj)
    with store.open(settings.store.url) as opened:
        if settings.is_sample:
            syncing.sync_sample(opened, clock=CLOCK)
        made = calibration_job.calibrated(opened)
    if out is not None:
        exporting.write_text(out, as_json(made.rows, as_of=made.as_of))
    click.echo(f"As of {told.minute(made.as_of)}: {calibration_words.in_words(made.rows)}")


@main.group()
def evaluate() -> None:
    """Say how good what Fairlead suggests would have been."""


@evaluate.command()
@click.option("--json", "out", type=click.Path(path_type=Path, dir_okay=False), help="File for every pull request.")
@click.pass_context
def reviewers(ctx: click.Context, out: Path | None) -> None:
    """Say how often suggested reviewers are those who reviewed, and how loaded they were, next to simple ways."""
    frames, scope = _seen(ctx, as_of=None, window=90, team=(), project=())
    rows = evaluating.evaluated(frames, scope)
    if out is not None:
        exporting.write_text(out, evaluating.as_json(rows, as_of=scope.as_of))
    click.echo(f"As of {told.minute(scope.as_of)}: {evaluating.in_words(rows)}")


@main.command()
@click.pass_context
def check(ctx: click.Context) -> None:
    """Try settings, store, tokens and rights against the real addresses. Exit code 1 where something does not work."""
    settings = config.load(ctx.obj)
    found = config.located(ctx.obj)
    findings = [Finding(is_good=True, says=f"settings: {found or 'none, so the sample organisation is shown'}")]
    with store.open(settings.store.url) as opened:
        findings.append(Finding(is_good=True, says=f"store: {settings.store.shown}"))
        for finding in (*findings, *syncing.check(opened, settings, clock=CLOCK)):
            click.echo(f"{'ok   ' if finding.is_good else 'wrong'}  {finding.says}")
            findings.append(finding)
    ctx.exit(0 if all(finding.is_good for finding in findings) else 1)


@main.command()
@click.pass_context
def people(ctx: click.Context) -> None:
    """Match accounts to people and read absences again, after people.csv, these or the settings have changed."""
    settings = config.load(ctx.obj)
    with store.open(settings.store.url) as opened, opened.sync_lock(patience_ms=syncing.LOOK_MS):
        settled = settle(opened, settings.people)
        click.echo(told.people(settled, time_off.read(opened, settings, now=CLOCK.now())))


@main.command()
@click.pass_context
def status(ctx: click.Context) -> None:
    """Say when each source was last read and how that went."""
    settings = config.load(ctx.obj)
    with store.open(settings.store.url) as opened:
        runs = opened.last_runs()
    if runs.empty:
        click.echo("Nothing has been synced yet. Run: fairlead sync")
    for run in runs.to_dict("records"):
        click.echo(told.run({str(name): value for name, value in run.items()}))


@main.command()
@click.option("--port", default=8501, show_default=True, help="Where to listen on this machine.")
@click.pass_context
def serve(ctx: click.Context, port: int) -> None:
    """Serve the dashboard: of your settings, or of the sample organisation where there are none."""
    settings = config.load(ctx.obj)
    _serve(port, config.located(ctx.obj), is_sample=settings.is_sample)


@main.command()
@click.option("--port", default=8501, show_default=True, help="Where to listen on this machine.")
def demo(port: int) -> None:
    """Serve the dashboard of the sample organisation, whatever your settings are."""
    _serve(port, None, is_sample=True)


def _serve(port: int, path: Path | None, *, is_sample: bool) -> None:
    """Become the Streamlit server, so that signals reach it."""
    if not DASHBOARD.is_file():
        raise ConfigError(f"{DASHBOARD} is not there. Run Fairlead from a checkout of its repository.")
    if is_sample:
        with store.open(config.SAMPLE.store.url) as opened:
            _fill(opened)
    what = "the sample organisation" if is_sample else f"the store of {path}"
    click.echo(f"Fairlead serves {what} at http://localhost:{port} (Ctrl+C stops it).")
    serving.become(DASHBOARD, port, path)


def _fill(opened: store.Store) -> None:
    """The sample organisation, with its forecasts calibrated."""
    syncing.sync_sample(opened, clock=CLOCK)
    if calibration_job.is_due(opened):
        calibration_job.calibrated(opened)


@main.command()
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="Folder to write to.")
@click.option("--frames", "as_frames", is_flag=True, help="Write the conformed tables as Parquet instead of CSV.")
@scoped
@click.pass_context
def export(ctx: click.Context, /, out: Path, *, as_frames: bool, **which: Any) -> None:  # noqa: ANN401 (click's options)
    """Write every table of every page as CSV, with a manifest that says what they are."""
    frames, scope = _seen(ctx, **which)
    reports = [] if as_frames else _reports(frames, scope)
    written = exporting.write_frames(out, frames) if as_frames else exporting.write_tables(out, reports, scope)
    click.echo(f"{len(written)} files in {out}, as of {told.minute(scope.as_of)}")


@main.command()
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="File to write.")
@scoped
@click.pass_context
def report(ctx: click.Context, /, out: Path, **which: Any) -> None:  # noqa: ANN401 (click's options)
    """Write all pages as one HTML file that needs no network."""
    frames, scope = _seen(ctx, **which)
    exporting.write_text(out, to_html(_reports(frames, scope), scope))
    click.echo(f"{out}, as of {told.minute(scope.as_of)}")


def _reports(frames: VisibleFrames, scope: Scope) -> list[Report]:
    return [entry.build(frames, scope) for entry in ENTRIES]


def _seen(
    ctx: click.Context, *, as_of: datetime | None, window: int, team: tuple[str, ...], project: tuple[str, ...]
) -> tuple[VisibleFrames, Scope]:
    """The tables of the store and the scope the options name."""
    settings = config.load(ctx.obj)
    with store.open(settings.store.url) as opened:
        if settings.is_sample:
            _fill(opened)
        known_as_of = opened.as_of()
        if known_as_of is None:
            raise StoreError("The store is empty. Run `fairlead sync` to read the sources of your settings.")
        frames = visible_to(LOCAL_LEAD, estimated(opened.read()))
    _refuse_unknown("--team", team, frames.teams["name"])
    _refuse_unknown("--project", project, pd.concat([getattr(frames, name)["project"] for name in OF_PROJECTS]))
    day = (as_of or known_as_of).date()
    if day.year < FIRST_YEAR:
        raise click.BadParameter(f"there is nothing to see before {FIRST_YEAR}", param_hint="'--as-of'")
    agreed = {"working_time": settings.working_time, "agreements": settings.agreements}
    return frames, Scope.on(day, known_as_of=known_as_of, window_days=window, teams=team, projects=project, **agreed)


def _refuse_unknown(option: str, given: Sequence[str], known: pd.Series) -> None:
    """A name nobody has would give empty reports that look like news. Raises `click.BadParameter`."""
    names = sorted(known.unique())
    for name in given:
        if name not in names:
            raise click.BadParameter(f"there is no {name}{config.hint(name, names)}", param_hint=f"'{option}'")


if __name__ == "__main__":
    main()
