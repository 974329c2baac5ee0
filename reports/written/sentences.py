"""Sentences with their evidence, in the order of their weight: what written reports are made of."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from reports import words
from reports.panel import Panel

COLUMNS = {"says": "str", "what": "str", "url": "str"}


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """What is said, what its evidence is called, and where that is. Of several the lowest `rank` comes first."""

    says: str
    what: str
    url: str
    rank: int = 0


@dataclass(frozen=True)
class Chosen:
    """The sentences that are told, and how many more there were."""

    told: list[Sentence]
    n_more: int


def first(sentences: Sequence[Sentence], most: int) -> Chosen:
    """The most important ones; those of one rank stay in their order."""
    ordered = sorted(sentences, key=lambda each: each.rank)
    return Chosen(ordered[:most], max(len(ordered) - most, 0))


def panel(  # noqa: PLR0913 (what a panel says, one argument each)
    key: str, title: str, said: Sequence[Sentence], *, note: str, empty: str, n_more: int = 0
) -> Panel:
    """Sentences as a panel, in the order given; `n_more` is how many were left out for brevity."""
    rows = [(each.says, each.what, each.url) for each in said]
    more = f" {words.count(n_more, 'more is', 'more are')} on the pages." if n_more else ""
    return Panel(
        key=key,
        title=title,
        takeaway="",
        table=pd.DataFrame(rows, columns=list(COLUMNS)).astype(COLUMNS),
        note=f"{note}{more}",
        empty=empty,
        links=("url",),
        wide=True,
        style="sentences",
    )
