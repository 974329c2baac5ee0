"""Reports for a chat, a comment or a letter's plain text: short, and nothing in them but text and links of ours.

Titles and names come from trackers, where anybody may write. Chats read far more than Markdown in a text: mentions,
references, addresses, emoji. Each way of writing therefore has its own `Dialect`, and every text goes through it.
"""

import re
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from fairlead.scope import Scope
from reports import addresses
from reports.headings import formatted, heading
from reports.html import Whole, over, when
from reports.panel import Headline, Panel, Report
from reports.plaintext import JOINER, flat
from reports.reader import Reader

MOST_CHARACTERS = 12_000
"""Mattermost takes 16,383 and GitHub 65,536; Slack shows 40,000 and asks for much less."""
MOST_LINES = 12
MOST_ROWS, MOST_COLUMNS = 6, 6
JOINED = re.compile(r"[@#~:](?=\S)|(?<=\w)\.(?=[^\W\d_])|\bGH-(?=\d)", re.IGNORECASE)
"""Where a mention, a reference, a channel, an emoji, a scheme or the name of a server would go on."""
MARKUP = re.compile(r"([\\`*_\[\]|~#!{}])")
BLOCK = re.compile(r"^()([-+=])|^(\d{1,9})([.)])(?=\s|$)")
"""What begins a list, a quote or a heading where a line begins with it."""
ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "$": "&#36;"})
OF_SLACK = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
LOOKALIKES = str.maketrans({"*": "∗", "_": "ˍ", "~": "∼", "`": "ˋ"})
"""Slack has no way to write these four so that they stand for themselves."""


def commonmark(text: object) -> str:
    """Text that CommonMark, GitHub and Mattermost show as it stands."""
    marked = BLOCK.sub(r"\1\3\\\2\4", MARKUP.sub(r"\\\1", flat(text)))
    return _joined(marked).translate(ENTITIES)


def mrkdwn(text: object) -> str:
    """Text that Slack shows as it stands, four characters replaced by some that look alike."""
    said = _joined(flat(text).translate(LOOKALIKES))
    quoted = f"{JOINER}{said}" if said.startswith(">") else said
    return quoted.translate(OF_SLACK)


def _joined(text: str) -> str:
    return JOINED.sub(lambda found: found[0] + JOINER, text)


@dataclass(frozen=True)
class Dialect:
    """How text, a heading of a level, what is strong and a link are written, and whether there are tables."""

    text: Callable[[object], str]
    heading: Callable[[str, int], str]
    strong: str
    link: Callable[[str, str], str]
    has_tables: bool = False


def _ampersands(url: str) -> str:
    return url.replace("&", "&amp;")


def _underlined(text: str, level: int) -> str:
    return f"{text}\n{('=' if level == 1 else '-') * len(text)}" if level < 3 else text


MARKDOWN = Dialect(
    commonmark,
    lambda text, level: f"{'#' * level} {text}",
    "**{}**",
    lambda text, url: f"[{text}](<{_ampersands(url)}>)",
    has_tables=True,
)
MRKDWN = Dialect(mrkdwn, lambda text, _: f"*{text}*", "*{}*", lambda text, url: f"<{_ampersands(url)}|{text}>")
PLAIN = Dialect(flat, _underlined, "{}", lambda text, url: f"{text} ({url})")


def to_markdown(  # noqa: PLR0913 (what is written, for whom, and how)
    reports: Iterable[Report],
    scope: Scope,
    *,
    title: str = "",
    address: str = "",
    reader: Reader | None = None,
    dialect: Dialect = MARKDOWN,
    most: int = MOST_CHARACTERS,
) -> str:
    """The reports in short, at most that many characters: what they say, and their evidence as links.

    Called `title`; without one, as the first report, whose parts the others are.

    Tables stand there only where they are small and `dialect` has any. What did not fit is counted in the last line.
    """
    blocks = list(_blocks(Whole(list(reports), title), scope, reader, _Pen(dialect, address)))
    kept = _fitting(blocks, most)
    left_out = len(blocks) - len(kept)
    if left_out:
        kept.append(f"Left out here: {left_out} more lines. The whole report and the CSV export have them.")
    return "\n\n".join(kept) + "\n"


def _fitting(blocks: list[str], most: int) -> list[str]:
    """As many as there is room for, with the line that says how many more there are."""
    if sum(len(block) + 2 for block in blocks) <= most:
        return blocks
    kept, room = [], most - 120
    for block in blocks:
        room -= len(block) + 2
        if room < 0:
            break
        kept.append(block)
    return kept


@dataclass(frozen=True)
class _Pen:
    """Writes parts of a report in a dialect."""

    dialect: Dialect
    address: str

    def strong(self, text: object) -> str:
        return self.dialect.strong.format(self.dialect.text(text))

    def heading(self, text: str, level: int) -> str:
        return self.dialect.heading(self.dialect.text(text), level)

    def linked(self, text: object, url: str) -> str:
        said = self.dialect.text(text)
        return self.dialect.link(said, url) if url and said else said


def _blocks(whole: Whole, scope: Scope, reader: Reader | None, pen: _Pen) -> Iterator[str]:
    yield pen.heading(whole.called, 1)
    yield pen.dialect.text(" ".join([when(scope), over(scope), *([reader.says] if reader else [])]))
    for report in whole.reports:
        if report is not whole.first:
            yield pen.heading(report.title, 2)
        if report.headlines:
            yield " · ".join(_headline(each, pen) for each in report.headlines)
        for panel in report.panels:
            yield from _panel(panel, pen)
        if report.note:
            yield pen.dialect.text(report.note)


def _headline(of: Headline, pen: _Pen) -> str:
    delta = f" ({pen.dialect.text(of.delta)})" if of.delta else ""
    return f"{pen.dialect.text(of.label)}: {pen.strong(of.value)}{delta}"


def _panel(of: Panel, pen: _Pen) -> Iterator[str]:
    """Its name with what it says; then its sentences, or its table where that is small."""
    if of.table.empty:
        yield f"{pen.strong(of.title)}: {pen.dialect.text(of.empty)}"
        return
    yield f"{pen.strong(of.title)}: {pen.dialect.text(of.takeaway)}" if of.takeaway else pen.strong(of.title)
    if of.style in SENTENCES:
        yield from _lines(of, pen)
    elif pen.dialect.has_tables and of.figure is None and _is_small(of):
        yield _table(of, pen)


def _lines(of: Panel, pen: _Pen) -> Iterator[str]:
    rows = of.table.head(MOST_LINES).to_dict("records")
    yield "\n".join(f"- {SENTENCES[of.style](row, pen)}" for row in rows)
    more = len(of.table) - len(rows)
    if more:
        yield f"{more} more are in the whole report."


def _attention(row: dict[Hashable, Any], pen: _Pen) -> str:
    what = pen.linked(row["what"], addresses.followed(row["url"], pen.address))
    return f"{pen.strong(row['when'])} {what}: {pen.dialect.text(row['number'])}. {pen.dialect.text(row['reason'])}"


def _line(row: dict[Hashable, Any], pen: _Pen) -> str:
    return f"{pen.strong(next(iter(row.values())))}: {pen.dialect.text(row['says'])}"


def _sentence(row: dict[Hashable, Any], pen: _Pen) -> str:
    found = addresses.evidence(row, pen.address)
    what = pen.linked(found.what, found.url)
    return f"{pen.dialect.text(found.says)} {what}".rstrip()


SENTENCES: dict[str, Callable[[dict[Hashable, Any], _Pen], str]] = {
    "list": _attention,
    "lines": _line,
    "sentences": _sentence,
}


def _is_small(of: Panel) -> bool:
    return of.style == "table" and len(of.table) <= MOST_ROWS and len(of.table.columns) - len(of.links) <= MOST_COLUMNS


def _table(of: Panel, pen: _Pen) -> str:
    shown = of.table.drop(columns=list(of.links))
    columns = [formatted(shown[[name]]).iloc[:, 0].map(pen.dialect.text) for name in shown]
    head = [pen.dialect.text(heading(str(name))) for name in shown]
    lines = [head, ["---"] * len(head), *zip(*columns, strict=True)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
