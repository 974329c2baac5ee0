"""What has gone: everything a project holds now, compared with what is stored."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from connectors import SyncState
from connectors.jira import search
from connectors.jira.client import RefusedError
from connectors.jira.meaning import Meaning
from connectors.jira.site import Site

IDS_AT_ONCE = 100
HIDDEN = "?"


@dataclass(frozen=True)
class Compared:
    """`gone` are issues that are deleted or elsewhere, with their key there; `missing` are ids not stored yet."""

    gone: dict[str, str | None]
    missing: list[str]


def compared(
    site: Site, state: SyncState, meaning: Meaning, listed: set[str] | None, read: set[str]
) -> Compared | None:
    """Ask about every stored issue that is not listed; `None` where nothing is listed at all.

    `listed` are the ids, where they are known already; `read` is what this run has read, which may not be stored yet.
    An empty list may only mean that the right to read was lost. Raises `SourceError`; then nothing is known to have
    gone.
    """
    project, start = meaning.project, meaning.issue_id("")
    jql = f'project = "{project}" ORDER BY created ASC, key ASC'
    held = listed if listed is not None else set(search.ids(site.client, jql, is_cloud=site.is_cloud))
    if not held:
        return None
    stored = {own.removeprefix(start) for own in state.stored("issues", project) if own.startswith(start)}
    asked = {number: _where(site, number) for number in sorted(stored - held, key=_by_number)}
    hidden = {number for number, key in asked.items() if key == HIDDEN}
    if hidden:
        state.warn(f"{len(hidden)} issues of {project} are not listed and may not be looked at; they are left alone.")
        asked = {number: key for number, key in asked.items() if number not in hidden}
    ours = set(site.client.connection.projects)
    gone = {number: key for number, key in asked.items() if key is None or _project(key) not in ours}
    back = {number for number, key in asked.items() if key is not None and _project(key) == project}
    return Compared(gone, sorted((held - stored | back) - read, key=_by_number))


def issues(site: Site, project: str, numbers: list[str], fields: Iterable[str]) -> Iterator[list[dict[str, Any]]]:
    """The issues of these ids, in pages. Raises `SourceError`."""
    read = search.of_cloud if site.is_cloud else search.of_server
    asked = tuple(fields)
    for start in range(0, len(numbers), IDS_AT_ONCE):
        some = ", ".join(numbers[start : start + IDS_AT_ONCE])
        jql = f'project = "{project}" AND id in ({some}) ORDER BY created ASC, key ASC'
        yield from (found for found, _ in read(site.client, jql, asked))


def _where(site: Site, number: str) -> str | None:
    """The key an issue has now, wherever it is; `None` where it is nowhere, `HIDDEN` where that is not ours to know."""
    try:
        return str(site.client.get(f"issue/{number}", {"fields": "project"})["key"])
    except RefusedError as error:
        if error.status == 403:
            return HIDDEN
        if error.status != 404:
            raise
        return None


def _project(key: str) -> str:
    return key.rpartition("-")[0]


def _by_number(number: str) -> tuple[int, str]:
    return len(number), number
