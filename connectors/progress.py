"""What a person sees while `fairlead sync` runs: bars on a terminal, plain lines in a log."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from connectors.runs import Step

LINE_EVERY = 500
"""Items between two plain lines of one stream."""


@contextmanager
def shown() -> Iterator[Callable[[Step], None]]:
    """Give the function that is told every step and shows it, as long as the block lasts."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _lines()
        return
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[rate]}"),
    )
    with Progress(*columns, console=console) as bars:
        yield _bars(bars)


def _bars(bars: Progress) -> Callable[[Step], None]:
    tasks: dict[tuple[str, str], TaskID] = {}

    def tell(step: Step) -> None:
        key = (step.source, step.stream)
        if key not in tasks:
            tasks[key] = bars.add_task(f"{step.source}  {step.stream.replace('_', ' ')}", total=step.n_total, rate="")
        rate = "" if step.rate_left is None else f"{step.rate_left} points granted"
        total = step.n_done if step.is_last else step.n_total
        bars.update(tasks[key], completed=min(step.n_done, total or step.n_done), total=total, rate=rate)

    return tell


def _lines() -> Callable[[Step], None]:
    said: dict[tuple[str, str], int] = {}

    def tell(step: Step) -> None:
        key = (step.source, step.stream)
        is_end = step.is_last or (step.n_total is not None and step.n_done >= step.n_total)
        n_new = step.n_done - said.get(key, 0)
        if (is_end and n_new) or n_new >= LINE_EVERY:
            said[key] = step.n_done
            of_all = "" if step.n_total is None else f" of {step.n_total}"
            click.echo(f"{step.source}: {step.stream.replace('_', ' ')} {step.n_done}{of_all}", err=True)

    return tell
