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
from fairlead import config, delivery, forgetting, seeing, serving, store
from fairlead.config import Settings
from fairlead.errors import ConfigError
from fairlead.grants import DeliverySettings
from fairlead.options import DAY, STANDARD_OUTPUT, WHOM, Door, Request, placed, requested, scoped
from fairlead.seeing import Seen
from fairlead.serving import Place
from reports import calibration_job, calibration_words, evaluating, writing
from reports import export as exporting
from reports.calibrating import as_json
from reports.markdown import MARKDOWN, MRKDWN

SERVER = Path(__file__).parents[1] / "server.py"
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
    seen = _seen(ctx, as_of=None, window=90, team=(), project=())
    scope = seen.scope
    rows = evaluating.evaluated(seen.frames, scope)
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
@click.argument("person")
@click.option("--email", "emails", multiple=True, help="An address they signed in with; repeat for more.")
@click.option("--yes", "is_sure", is_flag=True, help="Do not ask.")
@click.pass_context
def forget(ctx: click.Context, person: str, emails: tuple[str, ...], *, is_sure: bool) -> None:
    """Erase a person, given by login, name, e-mail address or id, from the store. No sync brings them back."""
    settings = config.load(ctx.obj)
    with store.open(settings.store.url) as opened:
        found = opened.traces(person, emails=emails)
        if not is_sure:
            click.confirm(forgetting.question(found), abort=True)
        click.echo(forgetting.in_words(opened.forget(person, CLOCK.now(), emails=emails)))


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
@placed
@click.pass_context
def serve(ctx: click.Context, /, place: Place) -> None:
    """Serve the dashboard: of your settings, or of the sample organisation where there are none."""
    _serve(place, config.located(ctx.obj), config.load(ctx.obj))


@main.command()
@placed
def demo(place: Place) -> None:
    """Serve the dashboard of the sample organisation, whatever your settings are."""
    _serve(place, None, config.SAMPLE)


def _serve(place: Place, path: Path | None, settings: Settings) -> None:
    """Become the Streamlit server, so that signals reach it."""
    if not SERVER.is_file():
        raise ConfigError(f"{SERVER} is not there. Run Fairlead from a checkout of its repository.")
    serving.refuse_strangers(place, settings.sign_in)
    if settings.is_sample:
        with store.open(settings.store.url) as opened:
            _fill(opened)
    what = "the sample organisation" if settings.is_sample else f"the store of {path}"
    at = settings.sign_in.address if settings.sign_in else f"http://localhost:{place.port}"
    click.echo(f"Fairlead serves {what} at {at} (Ctrl+C stops it).")
    if place.is_for_anybody:
        click.echo(serving.EVERYBODY_SEES.format(address=place.address, port=place.port), err=True)
    serving.become(SERVER, place, path, settings.sign_in)


def _fill(opened: store.Store) -> None:
    """The sample organisation, with its forecasts calibrated."""
    syncing.sync_sample(opened, clock=CLOCK)
    if calibration_job.is_due(opened):
        calibration_job.calibrated(opened)


@main.command()
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="Folder to write to.")
@click.option("--frames", "as_frames", is_flag=True, help="Write the conformed tables as Parquet instead of CSV.")
@WHOM
@scoped
@click.pass_context
def export(ctx: click.Context, /, out: Path, *, as_frames: bool, whom: str | None, **which: Any) -> None:  # noqa: ANN401 (click's)
    """Write every table of every page as CSV, with a manifest that says what they are."""
    if as_frames and whom not in {None, "lead"}:
        raise click.UsageError("--frames writes the tables themselves, for leads alone. Leave out --for.")
    seen = _seen(ctx, whom, **which)
    n = f"{len(exporting.write_frames(out, seen.frames))} files in {out}" if as_frames else ""
    said = n or writing.document(seen, writing.ALL).save("csv", out)
    click.echo(f"{said}, as of {told.minute(seen.scope.as_of)}")


@main.command()
@requested
@WHOM
@scoped
@click.pass_context
def report(ctx: click.Context, /, request: Request, whom: str | None, **which: Any) -> None:  # noqa: ANN401 (click's options)
    """Write a report for somebody as HTML, Markdown or CSV, or send it; without a kind, all pages."""
    form = request.form or writing.form_of(request.out or Path())
    request.refuse(form)
    writing.refuse(request.kind, request.milestone)
    settings = config.load(ctx.obj).delivery
    delivery.refuse_unset(request.send, settings)
    request.refuse_for_nobody(whom)
    seen = _seen(ctx, whom, **which)
    since = request.since_at(seen.scope)
    made = writing.document(seen, request.kind, since=since, milestone=request.milestone)
    if request.out == STANDARD_OUTPUT:
        click.echo(made.text(), nl=False)
    elif request.out is not None:
        click.echo(f"{made.save(form, request.out)}, as of {told.minute(seen.scope.as_of)}")
    for way in request.send:
        _send(made, way, settings)
        click.echo(f"{made.called}: sent by {way}", err=True)


def _send(made: writing.Document, way: str, settings: DeliverySettings) -> None:
    if way == "webhook":
        delivery.to_webhook(made.text(MRKDWN if delivery.is_slack(settings) else MARKDOWN), settings)
        return
    letter = delivery.Letter(made.called, made.plain(), made.mail(), (made.file_name, made.html()))
    delivery.by_mail(letter, at=CLOCK.now(), settings=settings)


def _seen(ctx: click.Context, whom: str | None = None, **which: Any) -> Seen:  # noqa: ANN401 (click's options)
    settings = config.load(ctx.obj)
    with store.open(settings.store.url) as opened:
        if settings.is_sample:
            _fill(opened)
        return seeing.seen(opened, settings, whom or "lead", **which)


if __name__ == "__main__":
    main()
