"""What shaping needs to know of a site: how ids are made, which field is which, what a status means."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from connectors.jira.fields import Fields
from fairlead.config import JiraConnection
from fairlead.errors import ConfigError

Node = Mapping[str, Any]

CATEGORY_OF_KEY = {"new": "todo", "undefined": "todo", "indeterminate": "active", "done": "done"}
"""Jira's status categories, whose keys are never translated → ours."""

CLOSED = frozenset({"done", "dropped"})
EPIC = "Epic"
EPIC_LEVEL = 1
GATEWAY = "api.atlassian.com"


class Status(NamedTuple):
    """What a status means, and who says so."""

    name: str
    category: str
    said_by: str


@dataclass(frozen=True)
class Meaning:
    """What one project's answers are read with.

    `site` stands in ids, `link` before what people open. `statuses` are those that issues are or were in, by id or,
    where only old changes know them, perhaps by name. `epics` are the ids of epics that Data Center names by their
    keys. Both grow while issues are read.
    """

    site: str
    link: str
    project: str
    fields: Fields
    statuses: dict[str, Status]
    dropped: frozenset[str]
    kinds: frozenset[str]
    epics: dict[str, str] = field(default_factory=dict)

    def issue_id(self, number: object) -> str:
        """`jira:SITE:10042`: stays when the issue moves to another project."""
        return f"jira:{self.site}:{number}"

    def issue_by_key(self, key: str) -> str:
        """The id of an issue of which only the key is known: a made-up one where nobody can tell it."""
        return self.epics.get(key) or self.unknown_issue(key)

    def unknown_issue(self, key: str) -> str:
        """A made-up id, the same whatever else was read."""
        return f"jira:{self.site}:key:{key}"

    def milestone_id(self, kind: str, number: object) -> str:
        """`jira:SITE:version:10101`."""
        return f"jira:{self.site}:{kind}:{number}"

    def status_id(self, token: str) -> str:
        """`jira:SITE:status:3`."""
        return f"jira:{self.site}:status:{token}"

    def epic_of(self, issue: str) -> str:
        """The milestone that an epic is, by the epic's id as an issue."""
        return issue.replace(f"jira:{self.site}:", f"jira:{self.site}:epic:", 1)

    def account_id(self, user: Node | None) -> str | None:
        """Stable whatever the person is called: `accountId` on Cloud, else the key, which renaming leaves alone."""
        if not user:
            return None
        found = user.get("accountId") or user.get("key") or user.get("name")
        return self.account_of(str(found)) if found else None

    def account_of(self, found: str) -> str:
        """As `account_id`, for what changes hold."""
        return f"jira:{self.site}:{'ghost' if found == 'unknown' else found}"

    def status(self, token: str) -> Status:
        """What a status means, by id or by the name that stands for it."""
        return self.statuses.get(token) or Status(token, "active", "nobody")

    def category(self, status: str, resolution: str | None) -> str:
        """What a status means beside a resolution: closed without result is dropped."""
        found = self.status(status).category
        is_dropped = found == "done" and resolution is not None and resolution.casefold() in self.dropped
        return "dropped" if is_dropped else found


def site_of(connection: JiraConnection) -> str:
    """The host that people open, which stands in every id. Raises `ConfigError`."""
    host = urlsplit(connection.site or connection.url).hostname or ""
    if host == GATEWAY:
        raise ConfigError(
            "jira: site is missing. Where url is an address at api.atlassian.com, add "
            'site = "https://NAME.atlassian.net", the address people open.'
        )
    return host


def said(node: Node, connection: JiraConnection) -> Status:
    """What the site says of a status; what the settings say of its name or id goes first."""
    name = str(node["name"])
    chosen = _chosen(connection, str(node.get("id")), name)
    key = str((node.get("statusCategory") or {}).get("key"))
    is_said = key in CATEGORY_OF_KEY
    found = Status(name, CATEGORY_OF_KEY.get(key, "active"), "source" if is_said else "nobody")
    return Status(name, chosen, "settings") if chosen else found


def guess(token: str, name: str, connection: JiraConnection, *, is_first: bool) -> Status:
    """A status that the site no longer has: what issues began in was to do, the rest was work."""
    chosen = _chosen(connection, token, name)
    return Status(name, chosen or ("todo" if is_first else "active"), "settings" if chosen else "nobody")


def _chosen(connection: JiraConnection, *names: str) -> str | None:
    categories = {key.casefold(): category for key, category in connection.statuses.items()}
    return next((categories[name.casefold()] for name in names if name.casefold() in categories), None)


def instant(value: object) -> datetime:
    """ISO text with a zone, or seconds or milliseconds since 1970, which `bulkfetch` sends."""
    if isinstance(value, str) and not value.isdigit():
        return datetime.fromisoformat(value).astimezone(UTC)
    seconds = float(str(value))
    # Seconds reach this number in the year 5138, milliseconds in 1973.
    return datetime.fromtimestamp(seconds / 1000 if seconds > 1e11 else seconds, UTC)


def is_subtask(node: Node) -> bool:
    """Whether the issue is part of another that is no epic."""
    kind = node["fields"].get("issuetype") or {}
    return bool(kind.get("subtask")) or kind.get("hierarchyLevel") == -1


def is_epic(fields: Node) -> bool:
    """Whether an issue with these fields is an epic: Cloud tells levels, Data Center has a type of that name."""
    kind = fields.get("issuetype") or {}
    level = kind.get("hierarchyLevel")
    return level == EPIC_LEVEL if level is not None else kind.get("name") == EPIC
