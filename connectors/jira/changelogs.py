"""Complete changelogs on Cloud, where a search shows the newest 40 changes of an issue only."""

from collections.abc import Iterable
from typing import Any

from connectors.jira import search
from connectors.jira.client import Client
from fairlead.errors import SourceError

Issue = dict[str, Any]

AT_ONCE = 1000
"""Issues whose changes are asked for at once, and changes in one answer: Jira allows no more."""
CHANGES = 10_000
NEWEST = 40
"""Changes of an issue that a search shows at most."""


def is_cut(issue: Issue) -> bool:
    """Whether the issue has more changes than came with it."""
    log = issue.get("changelog") or {}
    n_known, total = len(log.get("histories") or []), log.get("total")
    return n_known >= NEWEST if total is None else n_known < int(total)


def is_lost(issue: Issue) -> bool:
    """Whether an issue is closed and its changelog does not show how it came to that."""
    key = (issue["fields"]["status"].get("statusCategory") or {}).get("key")
    return key == "done" and not issue["changelog"]["histories"]


def complete(client: Client, issues: Iterable[Issue]) -> int:
    """Fill up the changelogs that are cut, in place; how many could not be filled up to what Jira counts.

    Jira's three ways to ask do not always agree, so what any of them tells is kept. Raises `SourceError`.
    """
    cut = [issue for issue in issues if is_cut(issue)]
    for start in range(0, len(cut), AT_ONCE):
        _add_in_bulk(client, cut[start : start + AT_ONCE])
    for issue in cut:
        if issue["changelog"].get("total") is None:
            issue["changelog"]["total"] = len(issue["changelog"]["histories"])
    for issue in filter(is_cut, cut):
        _add(issue, search.values(client.get, f"issue/{issue['id']}/changelog"))
    return sum(map(is_cut, cut))


def _add_in_bulk(client: Client, issues: list[Issue]) -> None:
    by_id = {str(issue["id"]): issue for issue in issues}
    asked: dict[str, Any] = {"issueIdsOrKeys": list(by_id), "maxResults": CHANGES}
    token, seen = None, set[str]()
    while True:
        body = client.post("changelog/bulkfetch", asked | ({"nextPageToken": token} if token else {}))
        for log in body.get("issueChangeLogs") or [] if isinstance(body, dict) else []:
            if str(log.get("issueId")) in by_id:
                _add(by_id[str(log["issueId"])], log.get("changeHistories") or [])
        token = body.get("nextPageToken") if isinstance(body, dict) else None
        if not token:
            return
        if token in seen:
            raise SourceError(f"jira: {client.host} sends the same changes again and again. Run sync again later.")
        seen.add(token)


def _add(issue: Issue, more: list[dict[str, Any]]) -> None:
    """Changes have ids of their own, so the same one from two answers is one."""
    log = issue["changelog"]
    known = {str(each["id"]): each for each in log.get("histories") or []}
    log["histories"] = list(({str(each["id"]): each for each in more} | known).values())
