"""What is written down is what is shown: tables as CSV, the frames themselves, one HTML file."""

import csv
import io
import json
import re

import pandas as pd
import pytest

from fairlead.frames import IDENTITY, TABLES, conform
from reports.catalogue import ENTRIES
from reports.export import write_frames, write_tables
from reports.html import to_html
from tests.reports.test_hostile import Page
from tests.reports.worlds import WORLDS, panels_of, reports_of

WORLD = "sample"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("export")
    write_tables(made, reports_of(WORLD).values(), WORLDS[WORLD]().scope)
    return made


@pytest.fixture(scope="module")
def manifest(folder):
    return json.loads((folder / "manifest.json").read_text("utf-8"))


def shown(value):
    """A cell as the screen has it, in the words of a CSV."""
    if pd.isna(value):
        return ""
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%dT%H:%M:%SZ}" if value.tzinfo else f"{value:%Y-%m-%d}"
    return str(value)


@pytest.mark.parametrize("key", panels_of(WORLD), ids="-".join)
def test_each_file_has_the_cells_of_its_panel_in_their_order(folder, key):
    table = panels_of(WORLD)[key].table
    header, *rows = csv.reader(io.StringIO((folder / f"{key[0]}-{key[1]}.csv").read_text("utf-8")))
    assert header == list(table.columns)
    assert rows == [[shown(value) for value in row] for row in table.astype(object).itertuples(index=False)]


def test_the_manifest_lists_every_file_and_what_is_in_it(folder, manifest):
    assert {path.name for path in folder.iterdir()} == {"manifest.json", *(file["file"] for file in manifest["files"])}
    for file, panel in zip(manifest["files"], panels_of(WORLD).values(), strict=True):
        assert (file["rows"], file["columns"]) == (len(panel.table), list(panel.table.columns))
        assert (file["panel"], file["note"], file["says"]) == (
            panel.title,
            panel.note,
            panel.takeaway if len(panel.table) else panel.empty,
        )
        assert list(file["definitions"]) == [term.name for term in panel.terms]
        assert all(term.meaning in said for term, said in zip(panel.terms, file["definitions"].values(), strict=True))


def test_the_manifest_says_from_when_and_of_what(manifest):
    scope = WORLDS[WORLD]().scope
    assert pd.Timestamp(manifest["as_of"]) == scope.as_of
    assert pd.Timestamp(manifest["window"]["start"]) == scope.as_of - pd.Timedelta(days=90)
    assert manifest["window"]["days"] == 90
    assert manifest["teams"] == manifest["projects"] == "all"


def test_where_a_panel_is_empty_its_file_has_the_header_and_the_manifest_its_words(tmp_path):
    write_tables(tmp_path, reports_of("nothing").values(), WORLDS["nothing"]().scope)
    files = json.loads((tmp_path / "manifest.json").read_text("utf-8"))["files"]
    for file, (key, panel) in zip(files, panels_of("nothing").items(), strict=True):
        assert (file["rows"], file["says"]) == (0, panel.empty)
        assert (tmp_path / file["file"]).read_text("utf-8") == ",".join(panels_of(WORLD)[key].table.columns) + "\n"


def test_the_frames_are_written_one_file_each_and_come_back_the_same(tmp_path):
    frames = WORLDS[WORLD]().frames
    write_frames(tmp_path, frames)
    assert {path.stem for path in tmp_path.iterdir()} == set(TABLES)
    for name, table in frames.tables().items():
        again = conform(name, pd.read_parquet(tmp_path / f"{name}.parquet"))
        plain = table.astype(dict.fromkeys(table.select_dtypes("category"), "str"))
        pd.testing.assert_frame_equal(again, plain.astype(again.dtypes.to_dict()))
        assert not again.duplicated(list(IDENTITY[name])).any()


@pytest.fixture(scope="module")
def written():
    return to_html(reports_of(WORLD).values(), WORLDS[WORLD]().scope)


def test_the_html_report_has_every_report_panel_sentence_and_note(written):
    texts = set(Page(written).texts)
    for panel in panels_of(WORLD).values():
        told = {panel.takeaway, panel.note} if len(panel.table) else {panel.empty}
        assert told | {panel.title} <= texts
    assert {entry.title for entry in ENTRIES} <= texts
    assert "As of 15 June 2026 08:00 UTC, window of 90 days." in texts


def test_the_html_report_has_a_heading_per_section_and_one_per_panel_below_it(written):
    panels = panels_of(WORLD).values()
    sections = [panel.section for panel in panels if panel.section]
    headed = Page(written)
    assert headed.tags.count("h4") == len(panels)
    assert headed.tags.count("h3") == len({(key[0], panel.section) for key, panel in panels_of(WORLD).items()
                                           if panel.section})  # fmt: skip
    assert set(sections) <= set(headed.texts)


def test_the_html_report_fetches_nothing(written):
    page = Page(written)
    assert not {"link", "img", "iframe", "object", "embed", "base", "a"} & set(page.tags)
    assert not [attribute for attribute in page.attributes if attribute[1] in {"src", "href", "srcset", "data"}]
    assert not re.search(r"@import|url\(\s*['\"]?http", written.partition("<script>")[0])


def test_the_html_report_draws_every_figure_with_a_place_of_its_own(written):
    ids = [value for tag, name, value in Page(written).attributes if (tag, name) == ("div", "id")]
    drawn = [f"{key[0]}-{key[1]}" for key, panel in panels_of(WORLD).items() if panel.figure is not None]
    assert ids == drawn


def test_long_tables_of_the_html_report_say_how_many_rows_are_left_out(written):
    listed = [panel.table for panel in panels_of(WORLD).values() if panel.figure is None]
    long = [f"{len(table) - 40} more rows are in the CSV export." for table in listed if len(table) > 40]
    assert long
    assert set(long) <= set(Page(written).texts)


def test_an_organisation_without_anything_is_written_in_words():
    page = Page(to_html(reports_of("nothing").values(), WORLDS["nothing"]().scope))
    assert {panel.empty for panel in panels_of("nothing").values()} <= set(page.texts)
    assert "table" not in page.tags
