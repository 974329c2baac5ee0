"""Reports and tables written down: the same builders as the screen, so the same numbers."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fairlead.errors import FairleadError
from fairlead.frames import Frames
from fairlead.scope import Scope
from reports.csv import to_csv
from reports.panel import Panel, Report


def write_tables(folder: Path, reports: Iterable[Report], scope: Scope) -> list[Path]:
    """One CSV per panel, named `<report>-<panel>.csv`, and `manifest.json`, which says what they are.

    Returns the paths written. Raises `FairleadError` where they cannot be.
    """
    _make(folder)
    files: list[dict[str, Any]] = []
    for report in reports:
        for panel in report.panels:
            name = f"{report.key}-{panel.key}.csv"
            write_text(folder / name, to_csv(panel.table))
            files.append({"file": name} | _described(report, panel))
    manifest = folder / "manifest.json"
    write_text(manifest, json.dumps(_scope(scope) | {"files": files}, indent=2, ensure_ascii=False) + "\n")
    return [*(folder / str(entry["file"]) for entry in files), manifest]


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
    with _in_words(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


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
        "panel": panel.title,
        "rows": len(panel.table),
        "columns": [str(column) for column in panel.table],
        "says": panel.takeaway if len(panel.table) else panel.empty,
        "note": panel.note,
        "definitions": {term.name: f"{term.meaning} ({term.unit}; {term.source})" for term in panel.terms},
    }
