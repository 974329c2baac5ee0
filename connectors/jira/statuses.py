"""What the statuses mean that issues are or were in.

Issues bring their own status along with its category. Jira is asked for all of them only where a change names one that
no issue has brought yet, because most projects never need it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from connectors.jira.meaning import Meaning, Status, guess, instant, said
from connectors.jira.site import Site

Node = Mapping[str, Any]


def listed(site: Site) -> dict[str, Status]:
    """All statuses of the site by id. Raises `SourceError`."""
    return {str(node["id"]): said(node, site.client.connection) for node in site.statuses()}


def differ(known: Mapping[str, Status], site: Site) -> bool:
    """Whether one of these means something else now; new ones change nothing that was read. Raises `SourceError`."""
    now = listed(site)
    return any(now.get(token, each) != each for token, each in known.items())


def are_unknown(issues: Sequence[Node], known: Mapping[str, Status], site: Site) -> bool:
    """Whether a change names a status that neither the site nor any of these issues has told yet."""
    if site.has_told_statuses:
        return False
    own = {_token(issue["fields"]["status"]) for issue in issues}
    return any(
        token not in known and token not in own for issue in issues for _, told in _steps(issue) for token, _ in told
    )


def learn(issues: Sequence[Node], known: dict[str, Status], site: Site) -> None:
    """Add the statuses of these issues, past ones too, to those that are known. Raises `SourceError`.

    What the site said goes before what issues say. Some are gone from the site: the first issue that was in one says
    what it was, as they come by age.
    """
    for issue in issues:
        own = issue["fields"]["status"]
        if own.get("statusCategory") and not site.has_told_statuses:
            known.setdefault(_token(own), said(own, site.client.connection))
    for issue in issues:
        steps = sorted(_steps(issue), key=lambda step: instant(step[0]))
        names = [name for _, told in steps for name in told]
        for n, (token, name) in enumerate([*names, (_token(issue["fields"]["status"]),) * 2]):
            if token not in known:
                known[token] = listed(site).get(token) or guess(token, name, site.client.connection, is_first=n == 0)


def first(issues: Iterable[Node], meaning: Meaning, site: Site) -> str | None:
    """What issues begin in: the first status that is to do. Asked for where a closed issue does not tell itself.

    Raises `SourceError`.
    """
    if not any(_is_silent(issue, meaning) for issue in issues):
        return None
    found = next(((token, status) for token, status in listed(site).items() if status.category == "todo"), None)
    if found:
        meaning.statuses.setdefault(*found)
    return found and found[0]


def _is_silent(issue: Node, meaning: Meaning) -> bool:
    is_closed = meaning.status(_token(issue["fields"]["status"])).category == "done"
    return is_closed and next(_steps(issue), None) is None


def _token(status: Node) -> str:
    return str(status.get("id") or status.get("name"))


def _steps(issue: Node) -> Iterator[tuple[object, list[tuple[str, str]]]]:
    """Each change of status: when, and its two sides as id and name."""
    for history in issue["changelog"]["histories"]:
        for item in history.get("items") or []:
            if item.get("field") == "status" or item.get("fieldId") == "status":
                sides = [(item.get("from"), item.get("fromString")), (item.get("to"), item.get("toString"))]
                told = [(str(number or name), str(name or number)) for number, name in sides if number or name]
                yield history["created"], told
