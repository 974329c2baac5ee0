"""Titles, names and addresses that want to be code: nowhere are they more than text."""

import csv
import io
import json
import re
from urllib.parse import parse_qs, urlencode

import pandas as pd
import pytest

from reports import foreseen, render, whatif
from reports.addresses import web
from reports.csv import to_csv
from tests.reports.worlds import FORMULA, HOSTILE, SCRIPT, WORLDS, panels_of

RUN_BY_SPREADSHEETS = ("=", "+", "-", "@", "\t", "\r", "\n")


def unescaped(markdown):
    """The characters Markdown reads as markup: those without a backslash before them."""
    return re.sub(r"\\[\W_]", "", markdown)


def strings(value):
    """All texts of a figure."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from strings(key)
            yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)


@pytest.fixture(scope="module")
def panels():
    return panels_of("hostile")


def test_the_hostile_texts_are_really_shown(panels):
    tables = "".join(to_csv(panel.table) for panel in panels.values())
    assert all(part in tables for part in ("onerror=alert(1)", "=HYPERLINK", SCRIPT))


@pytest.mark.parametrize("text", [HOSTILE, FORMULA, "a\n\n    code", "1. one\n2. two", "- [ ] x", "~~x~~", "a|b\n-|-"])
def test_plain_text_has_no_character_that_markdown_reads_and_stays_on_its_line(text):
    shown = render.plain(text)
    assert not set(unescaped(shown)) & set("\\`*_{}[]()#+-.!|<>~$:&\n\r\t")
    assert re.sub(r"\\(\W|_)", r"\1", shown).replace(render.JOINER, "") == " ".join(text.split())


def test_each_line_of_the_attention_list_is_one_line_with_no_link_but_to_pages_of_ours(panels):
    lines = panels["overview", "attention"].table
    said = render._sentences(lines).split("\n")
    assert len(said) == len(lines)
    assert all(re.match(r"- :(red|orange|gray)-badge\[[A-Z][a-z ]+\] \[?\*\*", line) for line in said)
    assert not [
        line for line in said if re.search(r"(?<!\\)\]\((?!/?(milestones|milestone|reviews|workload)[?)])", line)
    ]


def test_a_web_address_is_linked_and_cannot_end_the_link():
    line = {"when": "Now", "what": "x", "number": "1", "reason": "r", "url": 'https://h/a) [y](http://z "t") <b>\n# h'}
    said = render._sentence(line)
    assert re.findall(r"(?<!\\)\]\(([^)]*)\)", said) == [
        "https://h/a%29%20[y]%28http://z%20%22t%22%29%20%3Cb%3E%0A#%20h"
    ]
    assert "\n" not in said


@pytest.mark.parametrize("address", [SCRIPT, "data:text/html,x", "//x", "HTTPS//x", None, float("nan"), 3])
def test_only_web_addresses_can_be_followed(address):
    assert web(address) == ""


def test_figures_hold_no_markup_of_a_tracker(panels):
    drawn = {key: json.loads(panel.figure.to_json()) for key, panel in panels.items() if panel.figure is not None}
    for figure in drawn.values():
        figure["layout"].pop("template")
    texts = [text for figure in drawn.values() for text in strings(figure)]
    tags = {tag for text in texts for tag in re.findall(r"<[^>]*>", text)}
    assert tags <= {"<br>", "<i>", "</i>", "<b>", "</b>", "<extra>", "</extra>"}
    assert any("&lt;img" in text for text in texts)
    hovers = [
        text for figure in drawn.values() for text in strings([d.get("hovertemplate", "") for d in figure["data"]])
    ]
    assert not [text for text in hovers if "onerror" in text or "HYPERLINK" in text]


@pytest.mark.parametrize("key", [("milestones", "open"), ("milestone", "drift"), ("milestone", "what-if"),
                                 ("programme", "dates"), ("milestones", "held"), ("milestones", "baselines"),
                                 ("milestone", "burn-up"), ("milestone", "said")], ids="-".join)  # fmt: skip
def test_figures_of_milestones_are_drawn_of_hostile_ones_too(panels, key):
    figure = json.loads(panels[key].figure.to_json())
    texts = list(strings(figure["data"])) + list(strings(figure["layout"].get("yaxis", {})))
    assert texts
    assert not [text for text in texts if "<img" in text or "</script" in text]


def test_addresses_of_milestones_hold_titles_in_letters_that_end_nothing(panels):
    columns = [panel.table["closely"] for panel in panels.values() if "closely" in panel.table]
    assert len(columns) >= 3
    for addresses in columns:
        assert addresses.str.fullmatch(r"/milestone\?milestone=[\w%+.-]+").all()
    assert any("onerror" in address for address in columns[0])


def test_what_can_be_chosen_and_supposed_keeps_its_text_and_is_looked_up_by_it():
    world = WORLDS["hostile"]()
    measured = foreseen.measure(world.frames, world.scope)
    chosen = foreseen.choices(measured, world.scope)
    assert len(set(chosen.values())) == len(chosen)
    for label, milestone in chosen.items():
        address = urlencode({"milestone": label})
        assert chosen[parse_qs(address)["milestone"][0]] == milestone
    offered = whatif.options(measured, world.scope, milestone=next(iter(chosen.values())))
    assert any("onerror" in title for title in offered.items.values())


def test_no_cell_of_any_csv_is_run_by_a_spreadsheet_and_no_cell_begins_a_new_row(panels):
    for panel in panels.values():
        # Spreadsheets end a row at a bare carriage return too.
        rows = list(csv.reader(io.StringIO(to_csv(panel.table), newline="")))
        assert {len(row) for row in rows} == {len(panel.table.columns)}
        assert len(rows) == len(panel.table) + 1
        texts = [cell for row in rows for cell in row if not re.fullmatch(r"-?\d+(\.\d+)?(e-?\d+)?", cell)]
        assert not [cell for cell in texts if cell.startswith(RUN_BY_SPREADSHEETS)]


def test_a_carriage_return_inside_a_cell_begins_no_new_one():
    table = pd.DataFrame({"title": ["a\r=1+1", "b\r\n=1+1", "\r=1"]})
    assert list(csv.reader(io.StringIO(to_csv(table), newline=""))) == [
        ["title"], ["a\n=1+1"], ["b\n=1+1"], ["'\n=1"],
    ]  # fmt: skip
