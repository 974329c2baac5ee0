"""What has to be known of issues before they can be shaped: whole changelogs, epics' ids, sprints."""

from collections.abc import Iterable
from typing import Any

from connectors.jira import changelogs, search, sprints
from connectors.jira.client import Client, RefusedError
from connectors.jira.fields import Fields, Named
from connectors.jira.meaning import EPIC_LEVEL, Meaning, is_epic
from fairlead.errors import SourceError

Issues = list[dict[str, Any]]

KEYS_AT_ONCE = 50


def checked(issues: Issues, client: Client, fields: Fields) -> Issues:
    """The same issues, mended. Raises `SourceError` where one lacks what every issue has."""
    for issue in issues:
        held = issue.get("fields") or {}
        if not (issue.get("key") and held.get("created") and held.get("updated") and held.get("status")):
            raise SourceError(f"jira: {client.host} sent issues without their fields. Run sync again later.")
        log = issue.get("changelog") or {}
        issue["changelog"] = log | {"histories": log.get("histories") or []}
        # Data Center tells no levels, and the type of epics may have any name; but only epics have an epic's name.
        if fields.epic_name and held.get(fields.epic_name[0]) and held.get("issuetype"):
            held["issuetype"].setdefault("hierarchyLevel", EPIC_LEVEL)
    return issues


def resolve_epics(client: Client, issues: Issues, meaning: Meaning, *, is_cloud: bool) -> None:
    """Learn the ids of the epics that these issues name by key. Raises `SourceError`."""
    known = meaning.epics
    known |= {str(each["key"]): meaning.issue_id(each["id"]) for each in issues if is_epic(each["fields"])}
    wanted = sorted(_epic_keys(issues, meaning.fields.epic) - set(known))
    for start in range(0, len(wanted), KEYS_AT_ONCE):
        keys = wanted[start : start + KEYS_AT_ONCE]
        found = _by_key(client, keys, is_cloud=is_cloud)
        alone = {key: found.get(key) or _alone(client, key) for key in keys}
        known |= {key: meaning.issue_id(number) if number else "" for key, number in alone.items()}


def _epic_keys(issues: Issues, epic: Named | None) -> set[str]:
    if epic is None:
        return set()
    held = (each["fields"].get(epic[0]) for each in issues if not each["fields"].get("parent"))
    return {str(key) for key in held if key}


def _by_key(client: Client, keys: Iterable[str], *, is_cloud: bool) -> dict[str, str]:
    """Nothing where one of the keys does not exist, because Jira refuses the whole question then."""
    try:
        return search.ids_by_key(client, f"key in ({', '.join(keys)})", is_cloud=is_cloud)
    except RefusedError as error:
        if error.status != 400:
            raise
        return {}


def _alone(client: Client, key: str) -> str | None:
    """The id of one issue, also by a key it had before it moved."""
    try:
        return str(client.get(f"issue/{key}", {"fields": "issuetype"})["id"])
    except RefusedError as error:
        if error.status not in {403, 404}:
            raise
        return None


def sprints_of(issues: Issues, sprint: Named | None) -> dict[str, dict[str, Any]]:
    """The sprints that these issues are or were in, by id, as Jira shows them with the issues."""
    if sprint is None:
        return {}
    found = (each for issue in issues for each in sprints.of_field(issue["fields"].get(sprint[0])))
    return {str(each["id"]): dict(each) for each in found}


def fill_up(client: Client, issues: Issues, *, is_cloud: bool) -> int:
    """Complete the changelogs, in place; how many stay shorter than Jira says they are. Raises `SourceError`."""
    return changelogs.complete(client, issues) if is_cloud else sum(map(changelogs.is_cut, issues))


def is_without_history(issue: dict[str, Any]) -> bool:
    """Whether an issue is closed and its changelog does not show how it came to that."""
    key = (issue["fields"]["status"].get("statusCategory") or {}).get("key")
    return key == "done" and not issue["changelog"]["histories"]
