"""What commands share: how errors end them, and the sidebar's filters as options."""

from collections.abc import Callable

import click

from fairlead.errors import FairleadError

DAYS = click.IntRange(1, 3650)
DAY = click.DateTime(["%Y-%m-%d"])


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
