"""What is written down is what is shown: tables as CSV, in a folder or a bundle, and the frames themselves."""

import csv
import io
import json
import zipfile

import pandas as pd
import pytest

from fairlead.errors import FairleadError
from fairlead.frames import IDENTITY, TABLES, conform
from reports.export import write_bundle, write_frames, write_tables
from reports.reader import Reader
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


BOARD = Reader("stakeholders (board)", ("People are not named, and groups of fewer than five are left out.",))


def test_the_manifest_says_for_whom_it_was_made_and_what_was_kept_from_them(tmp_path):
    write_tables(tmp_path, [], WORLDS["nothing"]().scope, reader=BOARD)
    manifest = json.loads((tmp_path / "manifest.json").read_text("utf-8"))
    assert (manifest["made_for"], manifest["redaction"]) == (BOARD.whom, list(BOARD.redaction))


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    path = tmp_path_factory.mktemp("bundle") / "not there" / "report.zip"
    write_bundle(path, reports_of(WORLD).values(), WORLDS[WORLD]().scope)
    return path


def test_a_bundle_holds_the_files_a_folder_would(folder, bundle):
    with zipfile.ZipFile(bundle) as packed:
        assert {name: packed.read(name) for name in packed.namelist()} == {
            path.name: path.read_bytes() for path in folder.iterdir()
        }


def test_a_bundle_is_the_same_bytes_whenever_it_is_written(bundle, tmp_path):
    write_bundle(tmp_path / "again.zip", reports_of(WORLD).values(), WORLDS[WORLD]().scope)
    assert (tmp_path / "again.zip").read_bytes() == bundle.read_bytes()
    with zipfile.ZipFile(bundle) as packed:
        assert {entry.date_time for entry in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {entry.external_attr >> 16 for entry in packed.infolist()} == {0o644}


def test_the_names_in_a_bundle_of_hostile_reports_are_names_of_ours(tmp_path):
    names = write_bundle(tmp_path / "x.zip", reports_of("hostile").values(), WORLDS["hostile"]().scope)
    assert all(name == "manifest.json" or name.replace("-", "").removesuffix(".csv").isalpha() for name in names)


def test_a_bundle_that_cannot_be_written_is_said_in_words(tmp_path):
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(FairleadError, match=r"x\.zip: cannot be written"):
        write_bundle(tmp_path / "file" / "x.zip", [], WORLDS["nothing"]().scope)
