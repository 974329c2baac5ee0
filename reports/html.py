"""Reports as one self-contained HTML file: opens without a network and prints; and a light one for a mail's body."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby

from fairlead.scope import Scope
from reports import markup, words
from reports.markup import Paper
from reports.page_assets import DRAW, PLAIN_STYLE, STYLE, library, policy
from reports.panel import Panel, Report
from reports.reader import Reader

MOST_ROWS = 40
MAIL_ROWS = 10
MAIL_BYTES = 95_000
"""Mail services clip what is longer than 102 KB, and hide the rest behind a link."""
UNDRAWN = "This browser does not draw the charts; the tables below each of them hold the numbers."
CUT = "The rest is in the attached report."


@dataclass(frozen=True)
class Whole:
    """A document: what it is called, the report it is about, if any, and those that are its parts."""

    reports: list[Report]
    title: str

    @property
    def first(self) -> Report | None:
        """The report the document is about; none where it has a title of its own."""
        return self.reports[0] if self.reports and not self.title else None

    @property
    def parts(self) -> list[Report]:
        """The others."""
        return self.reports[1:] if self.first else self.reports

    @property
    def called(self) -> str:
        """Its title."""
        return self.first.title if self.first else self.title

    @property
    def draws(self) -> bool:
        """Whether there is a figure."""
        panels = [panel for report in self.reports for panel in report.panels]
        return any(panel.figure is not None and len(panel.table) for panel in panels)


def to_html(
    reports: Iterable[Report], scope: Scope, *, title: str = "", address: str = "", reader: Reader | None = None
) -> str:
    """The whole document. Everything from a tracker is escaped; plotly.js is inside, once, where something is drawn.

    It is called `title`; without one the first report is what it is about, and the others are its parts.

    The page forbids itself every network access. Links lead to the web addresses of items and, where `address` says
    where the dashboard is served, to its pages. `reader` is named at the top with what was kept from them.
    """
    whole = Whole(list(reports), title)
    paper = Paper(address, draws=True, most_rows=MOST_ROWS)
    undrawn = f'<p class="note undrawn">{UNDRAWN}</p>' if whole.draws else ""
    body = [_head(whole, scope, reader), undrawn, _contents(whole), *_bodies(whole, paper), _terms(whole.reports)]
    return _document("\n".join(body), whole)


def to_mail(
    reports: Iterable[Report], scope: Scope, *, title: str = "", address: str = "", reader: Reader | None = None
) -> str:
    """The same without charts, scripts and long tables, short enough that no mail service clips it."""
    whole = Whole(list(reports), title)
    kept, room = [], MAIL_BYTES
    for piece in [_head(whole, scope, reader), *_bodies(whole, Paper(address, draws=False, most_rows=MAIL_ROWS))]:
        room -= len(piece.encode()) + 1
        if room < 0:
            kept.append(f'<p class="note">{CUT}</p>')
            break
        kept.append(piece)
    page = "\n".join(kept)
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{escape(whole.called)}</title>'
        f"<style>{PLAIN_STYLE}</style></head><body>{page}</body></html>\n"
    )


def _document(body: str, whole: Whole) -> str:
    script = f"<script>{DRAW}</script>" if whole.draws else ""
    packed = f'<script type="application/gzip" id="library">{library()}</script>' if whole.draws else ""
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy(draws=whole.draws)}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="referrer" content="no-referrer">'
        f"<title>{escape(whole.called)}</title><style>{STYLE}</style>{script}</head>"
        f"<body>{body}{packed}</body></html>\n"
    )


def _head(whole: Whole, scope: Scope, reader: Reader | None) -> str:
    """What this is, as of when, over what and for whom."""
    question = f'<p class="lead">{escape(whole.first.question)}</p>' if whole.first else ""
    about = [when(scope), over(scope), *([reader.says] if reader else [])]
    lines = "".join(f"<p>{escape(line)}</p>" for line in about)
    return f'<header><h1>{escape(whole.called)}</h1>{question}<div class="about">{lines}</div></header>'


def when(scope: Scope) -> str:
    """As of when the numbers are, and how far back they look."""
    return f"As of {scope.as_of:%d %B %Y %H:%M} UTC, window of {words.count(scope.window_days, 'day')}."


def over(scope: Scope) -> str:
    """Over which teams and projects they are."""
    teams = f"Teams: {', '.join(scope.teams)}." if scope.teams else "All teams."
    projects = f"Projects: {', '.join(scope.projects)}." if scope.projects else "All projects."
    return f"{teams} {projects}"


def _contents(whole: Whole) -> str:
    """A short list of what is here, where there is more than fits on a screen."""
    entries = [(report.key, report.title) for report in whole.parts]
    if whole.first:
        own = [(_place(whole.first, n), section or panels[0].title) for n, section, panels in _sections(whole.first)]
        entries = [*own, *entries]
    if len(entries) < 2:
        return ""
    items = "".join(f'<li><a href="#{escape(place)}">{escape(title)}</a></li>' for place, title in entries)
    return f'<nav aria-label="Contents"><ol>{items}</ol></nav>'


def _place(report: Report, n: int) -> str:
    return f"{report.key}-{n}"


def _sections(report: Report) -> Iterator[tuple[int, str, list[Panel]]]:
    """Panels by the heading they stand under; those under none are each for themselves."""
    grouped = groupby(enumerate(report.panels), key=lambda each: each[1].section or str(each[0]))
    for n, (_, panels) in enumerate(grouped):
        listed = [panel for _, panel in panels]
        yield n, listed[0].section, listed


def _bodies(whole: Whole, paper: Paper) -> Iterator[str]:
    """Pieces, each of them complete, so that a document may end behind any."""
    if whole.first:
        yield _note(whole.first) + markup.headlines(whole.first.headlines, paper)
        yield from _panels(whole.first, paper, level=2)
    for report in whole.parts:
        yield _opening(report, paper, starts_page=not whole.first)
        yield from _panels(report, paper, level=3)


def _opening(report: Report, paper: Paper, *, starts_page: bool) -> str:
    kind = "report page" if starts_page else "report"
    head = f'<h2 class="{kind}" id="{escape(report.key)}">{escape(report.title)}</h2>'
    lead = f'<p class="lead">{escape(report.question)}</p>{_note(report)}'
    return f"{head}{lead}{markup.headlines(report.headlines, paper)}"


def _note(report: Report) -> str:
    return f'<p class="note">{escape(report.note)}</p>' if report.note else ""


def _panels(report: Report, paper: Paper, *, level: int) -> Iterator[str]:
    for of in _sections(report):
        yield from _section(report, of, paper, level=level)


def _section(report: Report, of: tuple[int, str, list[Panel]], paper: Paper, *, level: int) -> Iterator[str]:
    n, section, panels = of
    place = _place(report, n)
    if section:
        yield f'<h{level} id="{escape(place)}">{escape(section)}</h{level}>'
    for panel in panels:
        anchor = "" if section else place
        yield markup.panel(panel, f"{report.key}-{panel.key}", level + bool(section), paper, anchor=anchor)


def _terms(reports: Sequence[Report]) -> str:
    """What the words of the field mean, each once."""
    panels = [panel for report in reports for panel in report.panels if len(panel.table)]
    terms = {term.name: term for panel in panels for term in panel.terms}
    said = "".join(
        f"<div><dt>{escape(name)} ({escape(term.unit)})</dt>"
        f"<dd>{escape(term.meaning)} Source: {escape(term.source)}.</dd></div>"
        for name, term in sorted(terms.items())
    )
    return f'<h2>What the words mean</h2><dl class="terms">{said}</dl>' if said else ""
