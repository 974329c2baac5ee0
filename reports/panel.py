"""A report is a list of panels; a panel is one answered question with the evidence behind it."""

from dataclasses import dataclass, field, replace
from typing import Literal

import pandas as pd
import plotly.graph_objects as go

from metrics.terms import Term


@dataclass(frozen=True, kw_only=True)
class Headline:
    """One number at the top of a report. `value` is ready to read, `help` says what it means.

    `delta` compares with the window before; `delta_color` says whether more of it is good, bad, or neither.
    """

    label: str
    value: str
    help: str
    delta: str = ""
    delta_color: Literal["normal", "inverse", "off"] = "off"


@dataclass(frozen=True, kw_only=True)
class Panel:
    """One question: its answer in a sentence, a figure, the table behind it and what the numbers rest on.

    `key` is stable (file names, widget keys). `takeaway` is the story in words and the figure's text alternative.
    `note` says n and what was left out. `empty` is shown instead of figure and table where `table` has no rows.
    `section` is the heading it stands under. `links` names the columns that hold addresses. A `list` has the columns
    when, area, number, what, reason, url and is shown as sentences; so are `lines`, which say what is in the column
    `says` of what the first column names. Of `sentences` the column `says` is all there is to read; `what` names the
    evidence and `url` leads to it: a web address, `/page?choice` of ours, or nothing. A `folded` table is shown when
    asked for.
    `copied` is the same in lines of plain text, to paste into a message.
    """

    key: str
    title: str
    takeaway: str
    table: pd.DataFrame
    note: str
    empty: str
    figure: go.Figure | None = None
    terms: tuple[Term, ...] = ()
    links: tuple[str, ...] = ()
    section: str = ""
    copied: str = ""
    wide: bool = False
    style: Literal["table", "list", "lines", "sentences", "folded"] = "table"


def under(section: str, *panels: Panel) -> list[Panel]:
    """The panels under a heading."""
    return [replace(panel, section=section) for panel in panels]


@dataclass(frozen=True, kw_only=True)
class Report:
    """What one page shows and one export writes. `note` says what was left out of it for who reads it."""

    key: str
    title: str
    question: str
    panels: tuple[Panel, ...]
    headlines: tuple[Headline, ...] = field(default_factory=tuple)
    note: str = ""
