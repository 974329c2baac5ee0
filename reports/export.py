"""Reports and tables written down: the same builders as the screen, so the same numbers."""

import io
import json
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fairlead.errors import FairleadError
from fairlead.frames import Frames
from fairlead.scope import Scope
from reports.csv import to_csv
from reports.panel import Panel, Report
from reports.reader import Reader

EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The first date a .zip can hold: when something was written is not part of what it says."""
UNIX, READABLE = 3, 0o644 << 16


def write_tables(folder: Path, reports: Iterable[Report], scope: Scope, *, reader: Reader | None = None) -> list[Path]:
    """One CSV per panel, named `<report>-<panel>.csv`, and `manifest.json`, which says what they are.

    The manifest says for whom they were made and what was kept from them, where `reader` says so. Returns the paths
    written. Raises `FairleadError` where they cannot be.
    """
    _make(folder)
    files = _files(reports, scope, reader)
    for name, text in files.items():
        write_text(folder / name, text)
    return [folder / name for name in files]


def write_bundle(path: Path, reports: Iterable[Report], scope: Scope, *, reader: Reader | None = None) -> list[str]:
    """The same files in one .zip; the same tables give the same bytes, whenever it is written.

    Returns the names in it. Raises `FairleadError` where it cannot be written.
    """
    files = _files(reports, scope, reader)
    write_bytes(path, _zipped(files))
    return list(files)


def _zipped(files: dict[str, str]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, text in files.items():
            entry = zipfile.ZipInfo(name, EARLIEST)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, READABLE
            entry.create_system = UNIX
            bundle.writestr(entry, text.encode())
    return packed.getvalue()


def _files(reports: Iterable[Report], scope: Scope, reader: Reader | None) -> dict[str, str]:
    """Each file's text by its name, the manifest last."""
    files: dict[str, str] = {}
    listed: list[dict[str, Any]] = []
    for report in reports:
        for panel in report.panels:
            name = f"{report.key}-{panel.key}.csv"
            files[name] = to_csv(panel.table)
            listed.append({"file": name} | _described(report, panel))
    manifest = _scope(scope) | _reader(reader) | {"files": listed}
    return files | {"manifest.json": json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"}


def _reader(reader: Reader | None) -> dict[str, Any]:
    return {"made_for": reader.whom, "redaction": list(reader.redaction)} if reader else {}


def write_frames(folder: Path, frames: Frames) -> list[Path]:
    """The conformed tables themselves, one Parquet file each, named as they are declared.

    Returns the paths written. Raises `FairleadError` where they cannot be.
    """
    _make(folder)
    written = []
    for name, table in frames.tables().items():
        path = folder / f"{name}.parquet"
        with _in_words(path):
            table.astype(dict.fromkeys(table.select_dtypes("category"), "str")).to_parquet(path, index=False)
        written.append(path)
    return written


def write_text(path: Path, text: str) -> None:
    """A file, in a folder that is made where there is none. Raises `FairleadError` where it cannot be written."""
    write_bytes(path, text.encode())


def write_bytes(path: Path, content: bytes) -> None:
    """The same of bytes."""
    with _in_words(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _make(folder: Path) -> None:
    with _in_words(folder):
        folder.mkdir(parents=True, exist_ok=True)


@contextmanager
def _in_words(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise FairleadError(f"{path}: cannot be written: {error.strerror or 'no reason was given'}.") from None


def _scope(scope: Scope) -> dict[str, Any]:
    return {
        "as_of": scope.as_of.isoformat(),
        "window": {"start": scope.start.isoformat(), "end": scope.as_of.isoformat(), "days": scope.window_days},
        "teams": list(scope.teams) or "all",
        "projects": list(scope.projects) or "all",
    }


def _described(report: Report, panel: Panel) -> dict[str, Any]:
    return {
        "report": report.title,
        "left_out": report.note,
        "panel": panel.title,
        "rows": len(panel.table),
        "columns": [str(column) for column in panel.table],
        "says": panel.takeaway if len(panel.table) else panel.empty,
        "note": panel.note,
        "definitions": {term.name: f"{term.meaning} ({term.unit}; {term.source})" for term in panel.terms},
    }
