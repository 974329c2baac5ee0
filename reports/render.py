"""How a report looks on screen: headlines, then panels as cards with figure, table, note and download."""

import re
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from urllib.parse import parse_qs, urlencode

import pandas as pd
import streamlit as st

from reports import addresses, words
from reports.catalogue import ENTRIES
from reports.csv import to_csv
from reports.headings import formatted, heading
from reports.panel import Headline, Panel, Report
from reports.plaintext import JOINER, flat

PAGES = {entry.key for entry in ENTRIES}
FILTERS = ("team", "project", "window", "as_of", "clock", "as")
"""What pages share in the address; everything else there is a page's own."""
CHART = {"displayModeBar": False, "displaylogo": False, "responsive": True}
ADDRESS = re.compile(r"(https?:/?|ftp:/?|mailto:|xmpp:|www(?=\.)|(?=@))", re.IGNORECASE)
MARKUP = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~$:&])")


def plain(text: str) -> str:
    """Text that Markdown shows as it stands, on one line: titles from a tracker may hold links, HTML or new blocks."""
    unlinked = ADDRESS.sub(rf"\1{JOINER}", flat(text))
    return MARKUP.sub(r"\\\1", unlinked)


def title(text: str, question: str) -> None:
    """The page's name and the question it answers."""
    st.title(text)
    st.caption(question)


def report(built: Report) -> None:
    """The whole report, in reading order."""
    _headlines(built.headlines)
    for section, panels in groupby(built.panels, key=lambda panel: panel.section):
        if section:
            st.header(plain(section), divider="gray", anchor=section.lower().replace(" ", "-"))
        for row in _rows(list(panels)):
            for column, panel in zip(st.columns(len(row)), row, strict=True):
                with column:
                    _panel(built.key, panel)
    if built.note:
        st.caption(plain(built.note))


def _headlines(headlines: Sequence[Headline]) -> None:
    if not headlines:
        return
    with st.grid(len(headlines), min_column_width=140, gap="small"):
        for headline in headlines:
            st.metric(
                headline.label,
                headline.value,
                headline.delta or None,
                delta_color=headline.delta_color,
                delta_arrow="off" if headline.delta_color == "off" else "auto",
                help=headline.help,
                border=True,
                height="stretch",
            )


def _rows(panels: Sequence[Panel]) -> list[list[Panel]]:
    """Wide panels stand alone, the others in pairs."""
    rows: list[list[Panel]] = []
    for panel in panels:
        joins = rows and not panel.wide and len(rows[-1]) == 1 and not rows[-1][0].wide
        if joins:
            rows[-1].append(panel)
        else:
            rows.append([panel])
    return rows


def _panel(report_key: str, panel: Panel) -> None:
    key = f"{report_key}-{panel.key}"
    with st.container(border=True, height="stretch", key=f"panel-{key}"):
        st.subheader(plain(panel.title), help=_help(panel), anchor=panel.key)
        if panel.table.empty:
            st.info(panel.empty, icon=":material/inbox:")
            return
        st.markdown(plain(panel.takeaway))
        if panel.figure is not None:
            st.plotly_chart(panel.figure, key=f"figure-{key}", config=CHART, alt=panel.takeaway)
        elif panel.style == "list":
            st.markdown(_sentences(panel.table))
        elif panel.style == "lines":
            st.markdown(_lines(panel.table))
        elif panel.style == "sentences":
            st.markdown("\n".join(f"- {plain(str(says))}" for says in panel.table["says"]))
        elif panel.style == "table":
            _table(panel, key)
        if panel.copied:
            with st.expander("As text", icon=":material/content_copy:"):
                st.code(panel.copied, language=None, wrap_lines=True)
        st.caption(plain(panel.note))
        _footer(panel, key)


BADGES = {"Now": "red", "Soon": "orange", "Tidy up": "gray"}


def _sentences(lines: pd.DataFrame) -> str:
    """One sentence per line: how urgent, the number, what, why, and where."""
    return "\n".join(_sentence(line) for line in lines.to_dict("records"))


def _sentence(line: dict[Hashable, Any]) -> str:
    badge = f":{BADGES[line['when']]}-badge[{line['when']}]"
    what = f"**{plain(line['what'])}**"
    address = _address(line["url"])
    link = f"[{what}]({address})" if address else what
    return f"- {badge} {link} · **{plain(line['number'])}** · {plain(line['reason'])}"


def _lines(table: pd.DataFrame) -> str:
    """One line per row: what it is about, and what is said of it."""
    about = table.iloc[:, 0]
    said = zip(about, table["says"], strict=True)
    return "\n".join(f"- **{plain(str(what))}** · {plain(str(says))}" for what, says in said)


def _address(url: object) -> str:
    """Where a line leads: to its item, or (`/reviews`) to another page with the same filters; empty where nowhere."""
    path, _, choices = str(url).removeprefix("/").partition("?")
    if str(url).startswith("/") and path in PAGES:
        filters = {name: st.query_params.get_all(name) for name in st.query_params if name in FILTERS}
        return f"{path}?{urlencode(filters | parse_qs(choices), doseq=True)}"
    return addresses.web(url)


def _help(panel: Panel) -> str | None:
    return "\n\n".join(f"**{term.name}** ({term.unit}): {term.meaning}" for term in panel.terms) or None


def _footer(panel: Panel, key: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key=f"footer-{key}"):
        if panel.figure is not None or panel.style == "folded":
            table = st.expander(f"Table · {len(panel.table):,} rows", on_change="rerun", key=f"table-{key}")
            if table.open:
                with table:
                    _table(panel, key)
        st.download_button(
            "CSV",
            data=lambda: to_csv(panel.table),
            file_name=f"fairlead-{key}.csv",
            mime="text/csv",
            on_click="ignore",
            icon=":material/download:",
            type="tertiary",
            key=f"csv-{key}",
            help="Download this table",
        )


def _table(panel: Panel, key: str) -> None:
    if "name" in panel.table and not panel.links:
        # People stand in the order of their names; a table that sorts at a click would rank them.
        # Its cells are Markdown.
        st.table(formatted(panel.table).map(plain).set_index(heading("name")))
        return
    addresses = {name: panel.table[name].map(LINKS[name].address).replace("", None) for name in panel.links}
    st.dataframe(
        # What is endless has no number to show; the dates and the status beside it say so.
        panel.table.assign(**addresses).replace(float("inf"), float("nan")).replace(float("-inf"), float("nan")),
        hide_index=True,
        column_config=_columns(panel),
        column_order=[*panel.links, *(str(name) for name in panel.table if name not in panel.links)],
        key=f"rows-{key}",
        alt=panel.takeaway,
        placeholder=words.UNKNOWN,
    )


@dataclass(frozen=True)
class Link:
    """A column of links: its heading, what is written on each, and where a value leads."""

    label: str
    text: str
    address: Callable[[object], str]


LINKS = {"url": Link("Link", "Open", addresses.web), "closely": Link("Closely", "Look closer", _address)}
"""Only the second kind leads to pages of ours: a tracker's text must not pass for one of them."""


def _columns(panel: Panel) -> dict[str, Any]:
    return {str(name): _column(str(name), panel.table[name], link=name in panel.links) for name in panel.table}


def _column(name: str, values: pd.Series, *, link: bool) -> Any:  # noqa: ANN401 (Streamlit's column types)
    label = heading(name)
    if link:
        return st.column_config.LinkColumn(LINKS[name].label, display_text=LINKS[name].text, width="small")
    if name.endswith("_share"):
        return st.column_config.NumberColumn(label, format="percent")
    if name.endswith("_on"):
        return st.column_config.DateColumn(label, format="YYYY-MM-DD")
    if name.endswith("_at"):
        return st.column_config.DatetimeColumn(label, format="YYYY-MM-DD HH:mm", timezone="UTC")
    if pd.api.types.is_float_dtype(values.dtype):
        return st.column_config.NumberColumn(label, format="%.1f")
    return st.column_config.Column(label)
