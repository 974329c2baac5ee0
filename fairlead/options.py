"""What commands share: how errors end them, and the sidebar's filters as options."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import Any, Literal, get_args

import click
import pandas as pd

from fairlead.config import Settings, hint
from fairlead.errors import FairleadError
from fairlead.frames import Frames
from fairlead.scope import Scope
from fairlead.serving import LOOPBACK, Place

DAYS = click.IntRange(1, 3650)
DAY = click.DateTime(["%Y-%m-%d"])
FIRST_YEAR = 1970
OF_PROJECTS = ("issues", "pull_requests", "milestones")
"""The tables that say which projects there are."""
Form = Literal["html", "md", "csv"]
A_WEEK = pd.Timedelta(days=7)
STANDARD_OUTPUT = Path("-")


class Door(click.Group):
    """Every expected error ends a command with its message alone."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; exit 1 with the message of a `FairleadError`."""
        try:
            return super().invoke(ctx)
        except FairleadError as error:
            raise click.ClickException(str(error)) from None


def scoped(command: Callable[..., None]) -> Callable[..., None]:
    """The sidebar's filters as options."""
    options = (
        click.option("--as-of", type=DAY, help="Day to look from. Default: the data's newest."),
        click.option("--window", type=DAYS, default=90, show_default=True, help="How many days figures reach back."),
        click.option("--team", multiple=True, help="Only this team; repeat for more."),
        click.option("--project", multiple=True, help="Only this project; repeat for more."),
    )
    for option in reversed(options):
        command = option(command)
    return command


def placed(command: Callable[..., None]) -> Callable[..., None]:
    """Where to listen, and for whom, as options; the command gets a `serving.Place`."""

    @wraps(command)
    def given(*arguments: object, address: str, port: int, without_sign_in: bool, **more: object) -> None:
        command(*arguments, place=Place(address, port, is_for_anybody=without_sign_in), **more)

    decorated: Callable[..., None] = given
    for option in reversed(
        (
            click.option("--port", default=8501, show_default=True, help="Where to listen on this machine."),
            click.option("--address", default=LOOPBACK, show_default=True, help="On which of its addresses."),
            click.option(
                "--without-sign-in", is_flag=True, help="Let anybody who reaches that address see everything."
            ),
        )
    ):
        decorated = option(decorated)
    return decorated


def scope_of(  # noqa: PLR0913 (the options of `scoped`)
    frames: Frames,
    settings: Settings,
    known_as_of: pd.Timestamp,
    *,
    as_of: datetime | None,
    window: int,
    team: tuple[str, ...],
    project: tuple[str, ...],
) -> Scope:
    """The scope that the options name. Raises `click.BadParameter` for names nobody has."""
    _refuse_unknown("--team", team, frames.teams["name"])
    _refuse_unknown("--project", project, pd.concat([getattr(frames, name)["project"] for name in OF_PROJECTS]))
    day = (as_of or known_as_of).date()
    if day.year < FIRST_YEAR:
        raise click.BadParameter(f"there is nothing to see before {FIRST_YEAR}", param_hint="'--as-of'")
    agreed = {"working_time": settings.working_time, "agreements": settings.agreements}
    return Scope.on(day, known_as_of=known_as_of, window_days=window, teams=team, projects=project, **agreed)


def _refuse_unknown(option: str, given: Sequence[str], known: pd.Series) -> None:
    """A name nobody has would give empty reports that look like news."""
    names = sorted(known.unique())
    for name in given:
        if name not in names:
            raise click.BadParameter(f"there is no {name}{hint(name, names)}", param_hint=f"'{option}'")


@dataclass(frozen=True, kw_only=True)
class Request:
    """What written report is asked for, for whom, as what, and where it goes."""

    kind: str
    since: datetime | None
    milestone: str | None
    form: Form | None
    out: Path | None
    send: tuple[str, ...]

    def since_at(self, scope: Scope) -> pd.Timestamp:
        """The instant to compare with: when that day began (UTC), else a week before the report's own."""
        return scope.as_of - A_WEEK if self.since is None else pd.Timestamp(self.since, tz="UTC")

    def refuse_for_nobody(self, whom: str | None) -> None:
        """What is sent is for somebody: a lead's report names everybody. Raises `click.UsageError`."""
        if self.send and whom is None:
            raise click.UsageError("say --for whom a report is that is sent: a lead's names everybody.")

    def refuse(self, form: Form) -> None:
        """Raises `click.UsageError` where it would go nowhere, or where it cannot."""
        if self.out is None and not self.send:
            raise click.UsageError("Say where it goes: --out FILE, --send webhook or --send mail.")
        if self.out == STANDARD_OUTPUT and form != "md":
            raise click.UsageError("Only Markdown can be written to standard output: --format md --out -")


WHOM = click.option("--for", "whom", help="lead (default), executive, stakeholder, or a grant of the settings.")


def requested(command: Callable[..., None]) -> Callable[..., None]:
    """What `report` is asked for, as an argument and options; the command gets a `Request`."""

    @wraps(command)
    def given(*arguments: object, **options: Any) -> None:  # noqa: ANN401 (click's options)
        request = Request(**{name: options.pop(name) for name in Request.__dataclass_fields__})
        command(*arguments, request=request, **options)

    decorated: Callable[..., None] = given
    for option in reversed((
        click.argument("kind", default="all", metavar="[weekly|milestone|portfolio|reviews|workload|all]"),
        click.option("--since", type=DAY, help="Compare with how this day began. Default: a week before."),
        click.option("--milestone", metavar="NAME", help="Which one `report milestone` is about."),
        click.option("--format", "form", type=click.Choice(get_args(Form)), help="Default: by the ending of --out."),
        click.option("--out", type=click.Path(path_type=Path, allow_dash=True),
                     help="File to write; with csv a folder or a .zip; - writes Markdown to standard output."),
        click.option("--send", multiple=True, type=click.Choice(["webhook", "mail"]),
                     help="Send it as settings say; repeat for both."),
    )):  # fmt: skip
        decorated = option(decorated)
    return decorated
