"""The sample organisation as a source: its committed files instead of a network, its own today instead of the clock."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from connectors import Finding, Page, SyncState
from fairlead import frames
from fairlead.errors import SourceError

FOLDER = Path(__file__).parents[2] / "sample_data"
STREAMS = {
    "people": ("people", "accounts", "teams", "team_members", "time_off", "statuses"),
    "milestones": ("milestones", "milestone_changes", "releases"),
    "issues": ("issues", "issue_labels", "issue_assignees", "issue_milestones", "issue_links", "issue_events"),
    "pull_requests": (
        "pull_requests", "pull_request_labels", "pull_request_issues", "pull_request_events", "reviews", "comments",
        "files",
    ),
}  # fmt: skip
"""Stream → the tables read with it. An item and what hangs on it come in one page: a store replaces them whole."""


class SampleLane:
    """The one source there is without settings."""

    name = "sample"

    def sources(self) -> list["SampleSource"]:
        """It alone."""
        return [SampleSource()]

    def check(self) -> Iterator[Finding]:
        """Whether its files are there."""
        try:
            next(SampleSource().fetch(SyncState()))
            yield Finding(is_good=True, says="Nothing is connected: the sample organisation is shown.")
        except SourceError as error:
            yield Finding(is_good=False, says=str(error))


class SampleSource:
    """Harbourline: every stream is one page, a node is a table, the cursor is the manifest's digest."""

    name = "sample organisation"
    shape = ""

    def __init__(self, folder: Path = FOLDER) -> None:
        """Nothing is read before `fetch`."""
        self._folder = folder

    def fetch(self, state: SyncState) -> Iterator[Page]:
        """The streams that are not stored yet in this version; none where nothing has changed. Raises `SourceError`."""
        manifest = self._manifest()
        state.watermark = pd.Timestamp(manifest["today"]).as_unit("us")
        for stream, tables in STREAMS.items():
            if state.cursors.get(stream) != manifest["digest"]:
                nodes = [{"table": name, "rows": self._read(name)} for name in tables]
                yield Page(stream, nodes, cursor=manifest["digest"], last=True, total=len(nodes))

    def tables(self, pages: Iterable[Page]) -> dict[str, pd.DataFrame]:
        """Shape pages into tables. Pure."""
        return {node["table"]: frames.conform(node["table"], node["rows"]) for page in pages for node in page.nodes}

    def _manifest(self) -> dict[str, Any]:
        path = self._folder / "manifest.json"
        try:
            return dict(json.loads(path.read_text("utf-8")))
        except (OSError, ValueError):
            raise SourceError(f"sample: {path} cannot be read. Regenerate it: make sample.") from None

    def _read(self, name: str) -> pd.DataFrame:
        path = self._folder / f"{name}.parquet"
        try:
            return pd.read_parquet(path)
        except (OSError, ValueError):  # pyarrow's own error for a damaged file is a ValueError
            raise SourceError(f"sample: {path} cannot be read. Regenerate it: make sample.") from None
