"""All reports as one self-contained HTML file: opens without a network, prints, and goes by mail."""

from collections.abc import Iterable, Iterator
from html import escape
from itertools import groupby

import plotly.graph_objects as go
import plotly.io

from fairlead.scope import Scope
from reports.headings import formatted
from reports.panel import Headline, Panel, Report

MOST_ROWS = 40
STYLE = """
:root { color-scheme: light; }
body { font: 15px/1.5 system-ui, sans-serif; color: #14202e; margin: 2rem auto; max-width: 62rem; padding: 0 1rem; }
h1 { margin-bottom: 0; }
h2 { margin-top: 3rem; border-bottom: 2px solid #dce3ec; }
section { break-inside: avoid; margin: 1.5rem 0; }
.note, .lead { color: #5b7083; }
.cards { display: flex; flex-wrap: wrap; gap: .75rem; }
.card { border: 1px solid #dce3ec; border-radius: 8px; padding: .6rem 1rem; min-width: 9rem; }
.card b { display: block; font-size: 1.4rem; }
table { border-collapse: collapse; font-size: 13px; width: 100%; }
th, td { text-align: left; padding: .25rem .5rem; border-bottom: 1px solid #e8edf3; }
"""


def to_html(reports: Iterable[Report], scope: Scope) -> str:
    """The page as text. Everything from a tracker is escaped; plotly.js is inside, once; nothing is fetched."""
    body = "\n".join(_report(report) for report in reports)
    said = f"As of {scope.as_of:%d %B %Y %H:%M} UTC, window of {scope.window_days} days."
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>Fairlead report</title>'
        f"<style>{STYLE}</style><script>{plotly.offline.get_plotlyjs()}</script></head>"
        f'<body><h1>Fairlead</h1><p class="lead">{said}</p>{body}</body></html>\n'
    )


def _report(report: Report) -> str:
    cards = "".join(_card(headline) for headline in report.headlines)
    panels = "\n".join(_section(report.key, section, panels) for section, panels in _sections(report))
    head = f'<h2>{escape(report.title)}</h2><p class="lead">{escape(report.question)}</p>'
    return f'{head}<div class="cards">{cards}</div>{panels}'


def _sections(report: Report) -> Iterator[tuple[str, Iterator[Panel]]]:
    return groupby(report.panels, key=lambda panel: panel.section)


def _section(report_key: str, section: str, panels: Iterable[Panel]) -> str:
    heading = f"<h3>{escape(section)}</h3>" if section else ""
    return heading + "\n".join(_panel(report_key, panel) for panel in panels)


def _card(headline: Headline) -> str:
    return f'<div class="card">{escape(headline.label)}<b>{escape(headline.value)}</b>{escape(headline.delta)}</div>'


def _panel(report_key: str, panel: Panel) -> str:
    title = f"<h4>{escape(panel.title)}</h4>"
    if panel.table.empty:
        return f'<section>{title}<p class="note">{escape(panel.empty)}</p></section>'
    shown = _figure(panel.figure, f"{report_key}-{panel.key}") if panel.figure is not None else _table(panel)
    return f'<section>{title}<p>{escape(panel.takeaway)}</p>{shown}<p class="note">{escape(panel.note)}</p></section>'


def _figure(figure: go.Figure, name: str) -> str:
    return str(
        plotly.io.to_html(
            figure, include_plotlyjs=False, full_html=False, div_id=name, config={"displayModeBar": False}
        )
    )


def _table(panel: Panel) -> str:
    rows = panel.table.drop(columns=list(panel.links)).head(MOST_ROWS)
    more = len(panel.table) - len(rows)
    rest = f'<p class="note">{more} more rows are in the CSV export.</p>' if more else ""
    return str(formatted(rows).to_html(index=False, escape=True, border=0)) + rest
