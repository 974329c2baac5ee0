"""Reports as HTML, whole and as the body of a mail: everything is there, nothing is fetched, no text is markup."""

import base64
import gzip
import hashlib
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import pandas as pd
import plotly.graph_objects as go
import pytest
from plotly.offline import get_plotlyjs

from reports.catalogue import ENTRIES
from reports.html import CUT, MAIL_BYTES, to_html, to_mail
from reports.page_assets import DRAW, library
from reports.panel import Headline, Panel, Report
from reports.reader import Reader
from tests.reports.worlds import HOSTILE, SCRIPT, WORLDS, panels_of, reports_of

WORLD = "sample"
SERVED = "https://fairlead.example"
BOARD = Reader("stakeholders (board)", ("People are not named.",))
EXPECTED_TAGS = {
    "html", "head", "meta", "title", "style", "script", "body", "header", "nav", "ol", "ul", "li", "h1", "h2", "h3",
    "h4", "p", "div", "b", "a", "span", "section", "dl", "dt", "dd", "details", "summary", "table", "thead", "tbody",
    "tr", "th", "td",
}  # fmt: skip
EXPECTED_ATTRIBUTES = {
    "class", "id", "style", "lang", "charset", "type", "name", "content", "http-equiv", "title", "scope", "role",
    "href", "rel", "aria-label", "data-height",
}  # fmt: skip


class Page(HTMLParser):
    """The elements, attributes and texts of an HTML page, and the scripts in it."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.tags, self.attributes, self.texts, self.scripts = [], [], [], {}
        self.in_script = None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes.extend((tag, name, value) for name, value in attrs)
        self.in_script = dict(attrs).get("id", "ours") if tag == "script" else None

    def handle_endtag(self, _):
        self.in_script = None

    def handle_data(self, data):
        if self.in_script is None:
            self.texts.append(data)
        else:
            self.scripts[self.in_script] = self.scripts.get(self.in_script, "") + data

    def values(self, tag, name):
        return [value for of, called, value in self.attributes if (of, called) == (tag, name)]


def panel(**given):
    usual = {"key": "k", "title": "T", "takeaway": "S.", "table": pd.DataFrame({"key": ["A-1"], "n": [1]}), "note": "",
             "empty": "None."}  # fmt: skip
    return Panel(**(usual | given))


def report(*panels, **given):
    return Report(**({"key": "r", "title": "R", "question": "Q?", "panels": panels} | given))


def sentences(*rows):
    table = pd.DataFrame(rows, columns=["says", "what", "url"], dtype="str")
    return panel(table=table, links=("url",), style="sentences", takeaway="")


def scope(world=WORLD):
    return WORLDS[world]().scope


@pytest.fixture(scope="module")
def text():
    return to_html(reports_of(WORLD).values(), scope(), title="Everything", address=SERVED, reader=BOARD)


@pytest.fixture(scope="module")
def written(text):
    return Page(text)


def test_it_has_every_report_panel_sentence_and_note(written):
    texts = set(written.texts)
    for shown in panels_of(WORLD).values():
        told = {shown.takeaway, shown.note} - {""} if len(shown.table) else {shown.empty}
        assert told | {shown.title} <= texts
    assert {entry.title for entry in ENTRIES} <= texts


def test_its_head_says_what_as_of_when_of_what_and_for_whom(written):
    assert "Everything" in written.texts
    assert "As of 15 June 2026 08:00 UTC, window of 90 days." in written.texts
    assert "All teams. All projects." in written.texts
    assert "Made for stakeholders (board). People are not named." in written.texts
    chosen = Page(to_html([], replace(scope(), teams=("Berth",), projects=("CARGO", "VOY")), title="X"))
    assert "Teams: Berth. Projects: CARGO, VOY." in chosen.texts


def test_a_document_about_its_first_report_bears_its_name_and_has_the_others_as_parts():
    page = Page(to_html([report(panel(title="A")), report(panel(title="B"), key="p", title="Part")], scope()))
    assert page.tags.count("h1") == 1
    assert "R" in page.texts
    assert (page.tags.count("h2"), page.tags.count("h3")) == (2, 1)  # A and Part; B


def test_headings_skip_no_level(written):
    levels = [int(tag[1]) for tag in written.tags if re.fullmatch(r"h\d", tag)]
    assert levels[0] == 1
    assert max(after - before for before, after in pairwise(levels)) == 1


def test_the_contents_lead_to_what_is_there(written):
    places = [href for href in written.values("a", "href") if href.startswith("#")]
    assert places == [f"#{entry.key}" for entry in ENTRIES]
    assert {place[1:] for place in places} <= set(written.values("h2", "id"))


def test_no_id_stands_twice(text):
    ids = [value for _, name, value in Page(text).attributes if name == "id"]
    assert len(ids) == len(set(ids))


def test_each_figure_has_a_place_its_data_and_its_sentence_as_text_alternative(written):
    drawn = {f"{key[0]}-{key[1]}": shown for key, shown in panels_of(WORLD).items() if shown.figure is not None}
    assert [place for place in written.values("div", "id") if place] == list(drawn)
    assert written.values("div", "aria-label") == [shown.takeaway for shown in drawn.values()]
    assert written.values("div", "role") == ["img"] * len(drawn)
    for name, shown in drawn.items():
        assert json.loads(written.scripts[f"{name}-data"]) == json.loads(shown.figure.to_json())


def test_plotly_is_inside_once_and_comes_out_as_it_was(text, written):
    assert written.scripts["library"] == library()
    assert text.count(library()) == 1
    assert gzip.decompress(base64.b64decode(library())).decode() == get_plotlyjs()


def test_without_a_figure_there_is_no_script_at_all():
    page = Page(to_html([report(panel())], scope()))
    assert "script" not in page.tags
    assert "script-src" not in page.values("meta", "content")[0]


def test_the_page_forbids_itself_the_network_and_every_script_but_the_two_of_ours(written):
    policy = written.values("meta", "content")[0]
    allowed = {name: rest for name, _, rest in (part.strip().partition(" ") for part in policy.split(";"))}
    hashes = [base64.b64encode(hashlib.sha256(code.encode()).digest()).decode() for code in (DRAW, get_plotlyjs())]
    assert allowed == {
        "default-src": "'none'",
        "script-src": " ".join(f"'sha256-{each}'" for each in hashes),
        "img-src": "data:",
        "style-src": "'unsafe-inline'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    assert written.scripts["ours"] == DRAW


@pytest.mark.parametrize("write", [to_html, to_mail])
def test_it_fetches_nothing(write):
    page = Page(write(reports_of(WORLD).values(), scope(), title="X", address=SERVED))
    assert not {"link", "img", "iframe", "object", "embed", "base", "form", "input"} & set(page.tags)
    assert not {"src", "srcset", "data", "poster", "action"} & {name for _, name, _ in page.attributes}
    assert "url(" not in "".join(page.texts[:5])


def test_tables_have_headings_with_a_scope_and_numbers_at_the_right():
    page = Page(to_html([report(panel())], scope()))
    assert page.values("th", "scope") == ["col", "col"]
    assert page.values("td", "class") == ["n"]


def test_long_tables_say_how_many_rows_are_left_out():
    table = pd.DataFrame({"key": [f"A-{n}" for n in range(1_045)]})
    page = Page(to_html([report(panel(table=table))], scope()))
    assert "1,005 more rows are in the CSV export." in page.texts
    assert page.tags.count("tr") == 1 + 40


def test_behind_a_figure_a_few_rows_can_be_unfolded_without_a_script():
    shown = panel(table=pd.DataFrame({"n": range(20)}), figure=go.Figure(go.Bar(y=[1])))
    page = Page(to_html([report(shown)], scope()))
    assert "Table · 20 rows" in page.texts
    assert page.tags.count("tr") == 1 + 12
    assert "8 more rows are in the CSV export." in page.texts


def test_items_are_linked_on_their_key_by_web_addresses_alone():
    table = pd.DataFrame({"url": ["https://h/1?a=1&b=2", SCRIPT, "/reviews", "//h/1", ""], "key": list("ABCDE")})
    page = Page(to_html([report(panel(table=table, links=("url",)))], scope(), address=SERVED))
    assert page.values("a", "href") == ["https://h/1?a=1&b=2"]
    assert page.values("a", "rel") == ["noreferrer"]
    assert {"A", "B", "C", "D", "E"} <= set(page.texts)


def test_milestones_are_linked_to_our_pages_only_where_the_server_is_known():
    table = pd.DataFrame({"closely": ["/milestone?milestone=R+8"], "title": ["R 8"]})
    shown = report(panel(table=table, links=("closely",)))
    linked = Page(to_html([shown], scope(), address=f"{SERVED}/"))
    assert linked.values("a", "href") == ["https://fairlead.example/milestone?milestone=R+8"]
    assert Page(to_html([shown], scope())).values("a", "href") == []


def test_sentences_are_a_list_with_their_evidence():
    rows = [
        ("Ann waits.", "A-1", "https://h/1"),
        ("All is well.", "", ""),
        ("It slips.", "R 8", "/milestone?milestone=R"),
    ]
    page = Page(to_html([report(sentences(*rows))], scope(), address=SERVED))
    assert page.tags.count("li") == 3
    assert page.values("a", "href") == ["https://h/1", "https://fairlead.example/milestone?milestone=R"]
    alone = Page(to_html([report(sentences(*rows))], scope()))
    assert alone.values("a", "href") == ["https://h/1"]
    assert "R 8" not in alone.texts


def test_changes_are_good_or_bad_only_where_that_is_known():
    change = {"label": "L", "value": "1", "help": "H", "delta": "+2 days"}
    colours = [
        Page(to_html([report(headlines=(Headline(**change, delta_color=colour),))], scope())).values("dd", "style")
        for colour in ("normal", "inverse", "off")
    ]
    assert colours == [["color: #0b7a60"], ["color: #b3294f"], []]


def test_an_organisation_without_anything_is_written_in_words():
    page = Page(to_html(reports_of("nothing").values(), scope("nothing"), title="X"))
    assert {shown.empty for shown in panels_of("nothing").values()} <= set(page.texts)
    assert not {"table", "script"} & set(page.tags)


def test_a_mail_has_no_script_no_chart_and_no_long_table_and_is_not_clipped():
    body = to_mail(reports_of(WORLD).values(), scope(), title="X", address=SERVED, reader=BOARD)
    page = Page(body)
    assert len(body.encode()) < 102_000
    assert not {"script", "details", "nav"} & set(page.tags)
    assert page.values("div", "role") == []
    assert page.tags.count("tr") <= 11 * page.tags.count("table")


def test_what_does_not_fit_into_a_mail_is_said_and_no_element_is_left_open():
    table = pd.DataFrame({"says": ["x" * 500] * 400, "what": [""] * 400, "url": [""] * 400})
    body = to_mail([report(*[panel(table=table.head(100), style="sentences")] * 4)], scope())
    assert MAIL_BYTES * 0.4 < len(body.encode()) < 102_000
    assert CUT in Page(body).texts
    for tag in ("section", "ul", "li", "p", "div"):
        assert len(re.findall(rf"<{tag}[ >]", body)) == body.count(f"</{tag}>")


@pytest.fixture(scope="module", params=[to_html, to_mail], ids=["whole", "mail"])
def hostile(request):
    return request.param(reports_of("hostile").values(), scope("hostile"), title="X", address=SERVED)


def test_of_hostile_text_comes_no_element_and_no_attribute(hostile):
    page = Page(hostile)
    assert set(page.tags) <= EXPECTED_TAGS
    assert {name for _, name, _ in page.attributes} <= EXPECTED_ATTRIBUTES
    assert page.tags.count("script") in {0, 2 + len(page.values("div", "aria-label"))}


def test_hostile_addresses_lead_nowhere(hostile):
    page = Page(hostile)
    hrefs = [href for href in page.values("a", "href") if not href.startswith("#")]
    assert hrefs
    assert all(href.startswith(f"{SERVED}/") for href in hrefs)
    assert not [value for _, _, value in page.attributes if value and value.lower().startswith("javascript")]


def test_hostile_text_is_shown_as_text(hostile):
    said = " ".join(Page(hostile).texts)
    assert "<img src=x onerror=alert(1)>" in said
    assert "<img" not in hostile


def test_hostile_figures_cannot_end_their_script(hostile):
    data = [code for name, code in Page(hostile).scripts.items() if name.endswith("-data")]
    assert not [code for code in data if set(code) & set("<>&")]
    assert "</script><b>" not in hostile


def test_a_hostile_title_in_the_head_is_text():
    page = Page(
        to_html([report(panel(), title=HOSTILE, question=HOSTILE)], scope(), reader=Reader(HOSTILE, (HOSTILE,)))
    )
    assert not {"img", "b"} & set(page.tags)
    assert page.tags.count("title") == 1
