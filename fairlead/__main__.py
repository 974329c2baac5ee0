"""The command line's door: serve | sync | status | export | report."""

import click


@click.group()
def main() -> None:
    """Fairlead."""


if __name__ == "__main__":
    main()
