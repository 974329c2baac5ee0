"""Epics: which issues are some, and the ids of those that issues name by key."""

from collections.abc import Iterable
from typing import Any

from connectors.jira import search
from connectors.jira.client import Client, RefusedError
from connectors.jira.fields import Fields, Named
from connectors.jira.meaning import EPIC_LEVEL, Meaning, is_epic

Issues = list[dict[str, Any]]

KEYS_AT_ONCE = 50


def mark(issues: Issues, fields: Fields) -> None:
    """Give epics the level of epics, in place.

    Data Center tells no levels, and the type of epics may have any name; but only epics have an epic's name.
    """
    for held in (issue["fields"] for issue in issues):
        if fields.epic_name and held.get(fields.epic_name[0]) and held.get("issuetype"):
            held["issuetype"].setdefault("hierarchyLevel", EPIC_LEVEL)


def resolve(client: Client, issues: Issues, meaning: Meaning, *, is_cloud: bool) -> None:
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
