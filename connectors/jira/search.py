"""Read a search to its end. The `jira` library ends at the first page on Cloud, and at a short page on Data Center."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from connectors.jira.client import Client, UnansweredError
from fairlead.errors import SourceError

Issues = list[dict[str, Any]]
Ask = Callable[..., Any]

CLOUD_PAGE = 100
SERVER_PAGE = 100
SMALLEST_PAGE = 10
CLOUD_IDS = 5000
"""Ids that Cloud lists at once when nothing else is asked for."""
SERVER_IDS = 1000
MOST_PAGES = 100_000


def of_cloud(client: Client, jql: str, fields: Iterable[str]) -> Iterator[tuple[Issues, int | None]]:
    """Pages of issues with their newest 40 changes; Cloud tells no total.

    Raises:
        SourceError: also where the server never comes to an end.
    """
    asked = {"jql": jql, "fields": ",".join(fields), "expand": "changelog", "maxResults": CLOUD_PAGE}
    for issues in _by_token(client, asked):
        yield issues, None


def of_server(client: Client, jql: str, fields: Iterable[str]) -> Iterator[tuple[Issues, int | None]]:
    """Pages of issues with all their changes, and how many issues there are. Raises `SourceError`."""
    asked = {"jql": jql, "fields": ",".join(fields), "expand": "changelog"}
    yield from _by_position(client, asked, SERVER_PAGE)


def checked(client: Client, issues: Issues) -> Issues:
    """The same issues, each with a changelog. Raises `SourceError` where one lacks what every issue has."""
    for issue in issues:
        held = issue.get("fields") or {}
        if not (issue.get("key") and held.get("created") and held.get("updated") and held.get("status")):
            raise SourceError(f"jira: {client.host} sent issues without their fields. Run sync again later.")
        log = issue.get("changelog") or {}
        issue["changelog"] = log | {"histories": log.get("histories") or []}
    return issues


def ids(client: Client, jql: str, *, is_cloud: bool) -> list[str]:
    """The ids of all issues found. Raises `SourceError`."""
    if is_cloud:
        pages = _by_token(client, {"jql": jql, "fields": "id", "maxResults": CLOUD_IDS})
    else:
        pages = (issues for issues, _ in _by_position(client, {"jql": jql, "fields": "id"}, SERVER_IDS))
    return [str(issue["id"]) for issues in pages for issue in issues]


def ids_by_key(client: Client, jql: str, *, is_cloud: bool) -> dict[str, str]:
    """The ids of all issues found, by key. Raises `SourceError`."""
    asked = {"jql": jql, "fields": "issuetype"}
    if is_cloud:
        pages = _by_token(client, {**asked, "maxResults": CLOUD_PAGE})
    else:
        pages = (issues for issues, _ in _by_position(client, asked, SERVER_PAGE))
    return {str(issue["key"]): str(issue["id"]) for issues in pages for issue in issues}


def values(ask: Ask, path: str, asked: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    """All members of a list that comes in pages with `values`: boards, sprints, changelogs. Raises `SourceError`."""
    found: list[dict[str, Any]] = []
    for _ in range(MOST_PAGES):
        body = _holding(ask(path, {**(asked or {}), "startAt": len(found), "maxResults": 100}), "values")
        found += body["values"]
        total = body.get("total")
        if not body["values"] or body.get("isLast") or (total is not None and len(found) >= int(total)):
            return found
    raise SourceError("jira: a list never comes to an end. Run sync again later.")


def _by_token(client: Client, asked: dict[str, Any]) -> Iterator[Issues]:
    token, seen = None, set[str]()
    for _ in range(MOST_PAGES):
        body = _holding(client.get("search/jql", {**asked, **({"nextPageToken": token} if token else {})}), "issues")
        yield body["issues"]
        token = body.get("nextPageToken")
        if not token or body.get("isLast"):
            return
        if token in seen:
            break
        seen.add(token)
    raise SourceError(f"jira: {client.host} sends the same page again and again. Run sync again: it goes on there.")


def _by_position(client: Client, asked: dict[str, Any], size: int) -> Iterator[tuple[Issues, int | None]]:
    """Up to the total. Pages may be short, because what the account may not see is taken out of them afterwards."""
    start, total = 0, None
    while total is None or start < total:
        try:
            body = _holding(client.get("search", {**asked, "startAt": start, "maxResults": size}), "issues")
        except UnansweredError:
            if size <= SMALLEST_PAGE:
                raise
            size = max(size // 2, SMALLEST_PAGE)
            continue
        issues, found = body["issues"], int(body.get("total") or 0)
        yield issues, found
        # What was deleted or has moved away meanwhile lets everything behind it move up, past this page's beginning.
        vanished = max((total or found) - found, 0)
        step = max(int(body.get("maxResults") or 0), len(issues), 1)
        start, total = start + step if not vanished else max(start - vanished, 0), found


def _holding(body: object, key: str) -> dict[str, Any]:
    if not isinstance(body, dict) or not isinstance(body.get(key), list):
        raise SourceError(f"jira: an answer holds no {key}. Check url.")
    return body
