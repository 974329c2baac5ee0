"""Reports written down for somebody: which ones, for whom, and as what."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from fairlead.config import hint
from fairlead.errors import FairleadError
from fairlead.options import Form
from fairlead.scope import Scope
from fairlead.seeing import Seen
from reports import export, privacy
from reports.catalogue import Entry, open_to
from reports.html import to_html, to_mail
from reports.markdown import MARKDOWN, PLAIN, Dialect, to_markdown
from reports.panel import Report
from reports.reader import Reader, reader_of
from reports.written import KINDS

ALL = "all"
TITLE = "Fairlead report"
FORMS: dict[str, Form] = {".md": "md", ".zip": "csv"}
"""What endings stand for; every other one is HTML."""


@dataclass(frozen=True)
class Document:
    """Reports in hand, with whom they are for. A `title` of their own have those of which none is about the others."""

    reports: tuple[Report, ...]
    scope: Scope
    reader: Reader
    address: str
    title: str = ""

    @property
    def called(self) -> str:
        """What it is called, with its last day."""
        return f"{self.title or self.reports[0].title}, {self.scope.last_day}"

    @property
    def file_name(self) -> str:
        """What its file is called where nobody says."""
        return f"fairlead-{self.reports[0].key if not self.title else ALL}-{self.scope.as_of:%Y-%m-%d}.html"

    def html(self) -> str:
        """The whole page."""
        return to_html(self.reports, self.scope, title=self.title, address=self.address, reader=self.reader)

    def mail(self) -> str:
        """The light page, for the body of a letter."""
        return to_mail(self.reports, self.scope, title=self.title, address=self.address, reader=self.reader)

    def text(self, dialect: Dialect = MARKDOWN) -> str:
        """What it says in short."""
        return to_markdown(
            self.reports, self.scope, title=self.title, address=self.address, reader=self.reader, dialect=dialect
        )

    def plain(self) -> str:
        """The same for people whose mail program shows text alone."""
        return self.text(PLAIN)

    def save(self, form: Form, out: Path) -> str:
        """Write it to a file, or as CSV to a folder or a .zip. Says what was written.

        Raises:
            FairleadError: it cannot be written there.
        """
        if form != "csv":
            export.write_text(out, self.html() if form == "html" else self.text())
            return str(out)
        if out.suffix == ".zip":
            return f"{len(export.write_bundle(out, self.reports, self.scope, reader=self.reader))} files in {out}"
        return f"{len(export.write_tables(out, self.reports, self.scope, reader=self.reader))} files in {out}"


def document(seen: Seen, kind: str, *, since: pd.Timestamp | None = None, milestone: str | None = None) -> Document:
    """A written report of a kind, or all pages, as this viewer may have them.

    `since` is what is compared with (default: where the window begins), `milestone` the label of one.

    Raises:
        FairleadError: there is no such kind or milestone, or `since` is no earlier than the scope's instant.
    """
    refuse(kind, milestone)
    frames, scope = seen.frames, seen.scope
    places = open_to(seen.viewer)
    if kind == ALL:
        built = [place.build(frames, scope) for place in places if isinstance(place, Entry)]
    else:
        built = KINDS[kind].build(frames, scope, since=since or scope.start, milestone=milestone)
    pages = {place.key for place in places}
    shown = tuple(privacy.shown(report, frames, scope, pages) for report in built)
    return Document(shown, scope, reader_of(seen.viewer), seen.address, TITLE if kind == ALL else "")


def refuse(kind: str, milestone: str | None) -> None:
    """Say before any work is done that something cannot be written. Raises `FairleadError`."""
    known = [*KINDS, ALL]
    if kind not in known:
        raise FairleadError(f"{kind}: there is no such report{hint(kind, known)} Known are: {', '.join(known)}.")
    if milestone is not None and kind != "milestone":
        raise FairleadError("--milestone names one for `fairlead report milestone`; the others are about all of them.")


def form_of(out: Path) -> Form:
    """What a file's ending stands for."""
    return FORMS.get(out.suffix.lower(), "html")
