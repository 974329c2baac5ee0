"""Panels as HTML. Everything is escaped; only web addresses, and pages of ours where a server is known, are links."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from html import escape
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from reports import addresses
from reports.headings import formatted, heading
from reports.panel import Headline, Panel

UNSAFE_IN_SCRIPTS = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
BEHIND = 12
"""How many rows of the table behind a figure, or of one that is folded, are written: the figure is what is read."""
UPRIGHT = 9
"""A table of more columns is printed on a page that lies."""
GOOD, BAD = "#0b7a60", "#b3294f"


@dataclass(frozen=True)
class Paper:
    """What can be written on: the address of our server, if there is one; whether it draws and folds; its rows."""

    address: str
    draws: bool
    most_rows: int


def panel(of: Panel, name: str, level: int, paper: Paper, *, anchor: str = "") -> str:
    """A panel under a heading of that level. `name` is the id of its figure, `anchor` that of its heading."""
    place = f' id="{escape(anchor)}"' if anchor else ""
    title = f"<h{level}{place}>{escape(of.title)}</h{level}>"
    if of.table.empty:
        return f'<section>{title}<p class="note">{escape(of.empty)}</p></section>'
    takeaway = f'<p class="takeaway">{escape(of.takeaway)}</p>' if of.takeaway else ""
    note = f'<p class="note">{escape(of.note)}</p>' if of.note else ""
    if of.figure is None:
        wide = ' class="wide"' if of.style == "table" and len(of.table.columns) > UPRIGHT else ""
        return f"<section{wide}>{title}{takeaway}{_evidence(of, paper)}{note}</section>"
    if not paper.draws:
        return f"<section>{title}{takeaway}{note}</section>"
    # What must not be torn apart by a page's end stands together; the table behind it may be.
    drawn = f'<div class="drawing">{title}{takeaway}{_figure(of.figure, name, of.takeaway or of.title)}{note}</div>'
    return f"<section>{drawn}{_folded(of, paper)}</section>"


def headlines(of: tuple[Headline, ...], paper: Paper) -> str:
    """The numbers at the top of a report: cards, or lines where nothing can be laid out."""
    if not of:
        return ""
    if not paper.draws:
        return f"<ul>{''.join(_in_a_line(each) for each in of)}</ul>"
    return f'<dl class="cards">{"".join(_card(each) for each in of)}</dl>'


def _in_a_line(of: Headline) -> str:
    delta = f" ({escape(of.delta)})" if of.delta else ""
    return f"<li>{escape(of.label)}: <b>{escape(of.value)}</b>{delta}</li>"


def _card(of: Headline) -> str:
    delta = f"<dd{_colour(of)}>{escape(of.delta)}</dd>" if of.delta else ""
    return f'<div title="{escape(of.help)}"><dt>{escape(of.label)}</dt><dd>{escape(of.value)}</dd>{delta}</div>'


def _colour(of: Headline) -> str:
    """A change is good, bad or neither; what says so is its sign."""
    if of.delta_color == "off" or of.delta[:1] not in {"+", "-"} or of.delta.startswith(("+0", "-0")):
        return ""
    is_good = (of.delta[0] == "+") == (of.delta_color == "normal")
    return f' style="color: {GOOD if is_good else BAD}"'


def _evidence(of: Panel, paper: Paper) -> str:
    if of.style in SENTENCES:
        said = "".join(f"<li>{SENTENCES[of.style](row, paper)}</li>" for row in of.table.to_dict("records"))
        return f"<ul>{said}</ul>"
    if of.style == "folded":
        return _folded(of, paper)
    return _table(of, paper, paper.most_rows)


def _attention(row: dict[Hashable, Any], paper: Paper) -> str:
    what = _linked(str(row["what"]), addresses.followed(row["url"], paper.address))
    when = str(row["when"])
    badge = f'<span class="when {escape(when.partition(" ")[0].lower())}">{escape(when)}</span>'
    return f"{badge} <b>{what}</b> · {escape(str(row['number']))} · {escape(str(row['reason']))}"


def _line(row: dict[Hashable, Any], _: Paper) -> str:
    about = str(next(iter(row.values())))
    return f"<b>{escape(about)}</b> · {escape(str(row['says']))}"


def _sentence(row: dict[Hashable, Any], paper: Paper) -> str:
    found = addresses.evidence(row, paper.address)
    what = f' <span class="what">{_linked(found.what, found.url)}</span>' if found.what else ""
    return f"{escape(found.says)}{what}"


SENTENCES: dict[str, Callable[[dict[Hashable, Any], Paper], str]] = {
    "list": _attention,
    "lines": _line,
    "sentences": _sentence,
}


def _linked(text: str, url: str) -> str:
    return f'<a href="{escape(url)}" rel="noreferrer">{escape(text)}</a>' if url else escape(text)


def _figure(figure: go.Figure, name: str, says: str) -> str:
    """Its place, as high as it will be, and what to draw there; a screen reader gets the sentence."""
    height = int(figure.layout.height or 300)
    data = figure.to_json().translate(str.maketrans(UNSAFE_IN_SCRIPTS))
    return (
        f'<div class="figure" id="{escape(name)}" role="img" aria-label="{escape(says)}" data-height="{height}" '
        f'style="height: {height}px"></div><script type="application/json" id="{escape(name)}-data">{data}</script>'
    )


def _folded(of: Panel, paper: Paper) -> str:
    if not paper.draws:
        return ""
    n = f"{len(of.table):,} {'row' if len(of.table) == 1 else 'rows'}"
    return f"<details><summary>Table · {n}</summary>{_table(of, paper, BEHIND)}</details>"


def _table(of: Panel, paper: Paper, most: int) -> str:
    rows = of.table.head(most)
    names = [str(name) for name in rows if name not in of.links]
    kinds = [_kind(name, rows[name]) for name in names]
    known = list(zip(names, kinds, strict=True))
    head = "".join(f'<th scope="col"{kind}>{escape(heading(name))}</th>' for name, kind in known)
    columns = [_column(rows, name, kind, of.links, paper) for name, kind in known]
    body = "".join(f"<tr>{''.join(cells)}</tr>" for cells in zip(*columns, strict=True))
    more = len(of.table) - len(rows)
    rest = f'<p class="note">{more:,} more rows are in the CSV export.</p>' if more else ""
    return f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>{rest}'


def _column(rows: pd.DataFrame, name: str, kind: str, linked: tuple[str, ...], paper: Paper) -> list[str]:
    """The cells of a column, those of the one that rows are linked on with their links."""
    texts = formatted(rows[[name]]).iloc[:, 0]
    is_anchor = name == addresses.anchor(rows, linked)
    urls = addresses.of_rows(rows, linked, paper.address) if is_anchor else [""] * len(rows)
    return [f"<td{kind}>{_linked(str(text), url)}</td>" for text, url in zip(texts, urls, strict=True)]


def _kind(name: str, values: pd.Series) -> str:
    """Numbers stand at the right, days stay on one line."""
    if name.endswith(("_on", "_at")):
        return ' class="d"'
    is_number = pd.api.types.is_numeric_dtype(values.dtype) and not pd.api.types.is_bool_dtype(values.dtype)
    return ' class="n"' if is_number else ""
