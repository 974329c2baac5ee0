"""The command line's door: serve | demo | sync | status | export | report. It and the screen alone read the clock."""

from collections.abc import Sequence
from pathlib import Path

import click
import pandas as pd

from connectors import progress
from connectors import sync as syncing
from fairlead import config, store
from fairlead.errors import FairleadError


class Door(click.Group):
    """Every expected error ends a command with its message alone."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; exit 1 with the message of a `FairleadError`."""
        try:
            return super().invoke(ctx)
        except FairleadError as error:
            raise click.ClickException(str(error)) from None


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
@click.pass_context
def sync(ctx: click.Context) -> None:
    """Read all sources into the store.

    Exit codes: 0 everything was read; 3 some of it, what was read is kept; 1 nothing.
    """
    settings = config.load(ctx.obj)
    sources = syncing.sources(settings)
    with store.open(settings.store.url) as opened, progress.shown() as tell:
        outcomes = syncing.sync(sources, opened, clock=_now, bots=settings.people.bots, tell=tell)
    for outcome in outcomes:
        _say_outcome(outcome)
    ctx.exit(syncing.exit_code(outcomes))


@main.command()
@click.pass_context
def status(ctx: click.Context) -> None:
    """Say when each source was last read and how that went."""
    settings = config.load(ctx.obj)
    with store.open(settings.store.url) as opened:
        runs = opened.sync_runs()
    if runs.empty:
        click.echo("Nothing has been synced yet. Run: fairlead sync")
        return
    last = runs.sort_values("started_at").groupby("source", sort=True).tail(1).sort_values("source")
    for run in last.to_dict("records"):
        _say_run({str(name): value for name, value in run.items()})


def _now() -> pd.Timestamp:
    return pd.Timestamp.now("UTC").floor("us")


def _say_outcome(outcome: syncing.Outcome) -> None:
    seconds = (outcome.finished_at - outcome.started_at).total_seconds() if outcome.finished_at is not None else 0
    cost = f"{outcome.state.requests} requests, {outcome.state.points} points, {seconds:.0f} s"
    click.echo(f"{outcome.source}: {outcome.status}, {outcome.rows} rows, {cost}")
    _say_warnings(outcome.state.warnings)


def _say_run(run: dict[str, object]) -> None:
    as_of = "" if pd.isna(run["watermark"]) else f", data as of {_minute(run['watermark'])}"  # type: ignore[call-overload]
    click.echo(f"{run['source']}: {run['status']}, started {_minute(run['started_at'])}{as_of}, {run['rows']} rows")
    _say_warnings([] if pd.isna(run["warnings"]) else str(run["warnings"]).splitlines())  # type: ignore[call-overload]


def _say_warnings(warnings: Sequence[str]) -> None:
    for warning in warnings:
        click.echo(f"  {warning}")


def _minute(at: object) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"


if __name__ == "__main__":
    main()
