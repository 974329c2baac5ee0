"""A small Jira, made of dictionaries: it answers the requests of the connector without a network.

`Jira.request` takes the place of the session's; `asked` holds every request, `faults` what to answer instead of the
next ones. What it understands of queries is what the connector asks.
"""

import json
import re
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pandas as pd
from jira.exceptions import JIRAError
from requests.structures import CaseInsensitiveDict

from connectors.jira import JiraLane
from fairlead.config import JiraConnection, SyncSettings

NOW = "2024-03-01T12:00:00.000+0000"
STATUSES = [
    {"id": "1", "name": "To Do", "statusCategory": {"key": "new"}},
    {"id": "3", "name": "In Progress", "statusCategory": {"key": "indeterminate"}},
    {"id": "5", "name": "Done", "statusCategory": {"key": "done"}},
]
NAMES = {each["id"]: each["name"] for each in STATUSES}
POINTS, SPRINT, EPIC, FLAGGED = "customfield_10001", "customfield_10002", "customfield_10003", "customfield_10004"
FIELDS = [
    {"id": "summary", "name": "Summary", "schema": {"type": "string", "system": "summary"}},
    {"id": POINTS, "name": "Story Points", "schema": {"type": "number", "custom": "x:float"}},
    {"id": SPRINT, "name": "Sprint", "schema": {"type": "array", "custom": "com.pyxis.greenhopper.jira:gh-sprint"}},
    {"id": EPIC, "name": "Epic Link", "schema": {"type": "any", "custom": "com.pyxis.greenhopper.jira:gh-epic-link"}},
    {"id": FLAGGED, "name": "Flagged", "schema": {"type": "array", "custom": "x:multicheckboxes"}},
]
SECRET = "t0ken-0f-the-house"  # noqa: S105 (made up)


def user(name, **more):
    return {
        "accountId": f"acc-{name}",
        "displayName": name.capitalize(),
        "active": True,
        "accountType": "atlassian",
    } | more


def status(number):
    return next(each for each in STATUSES if each["id"] == str(number))


def item(field_id, old, new, texts=(None, None), **more):
    """`from` and `to`, and the texts beside them; fields are named by id as on Cloud."""
    return {
        "field": field_id, "fieldId": field_id, "from": old, "fromString": texts[0], "to": new, "toString": texts[1],
    } | more  # fmt: skip


def moved(old, new):
    return item("status", str(old), str(new), (NAMES.get(str(old)), NAMES.get(str(new))))


def history(number, at, *items, by="ann"):
    return {"id": str(number), "created": at, "author": by and user(by), "items": list(items)}


def issue(number, *histories, key=None, created="2024-01-01T09:00:00.000+0000", **fields):
    held = {
        "summary": "Roof leaks",
        "issuetype": {"id": "10", "name": "Story", "subtask": False},
        "status": status(1),
        "priority": {"id": "2", "name": "Major"},
        "resolution": None,
        "resolutiondate": None,
        "created": created,
        "updated": histories[-1]["created"] if histories else created,
        "duedate": None,
        "assignee": None,
        "reporter": user("ann"),
        "creator": user("ann"),
        "labels": [],
        "fixVersions": [],
        "issuelinks": [],
        "parent": None,
    }
    log = {"total": len(histories), "histories": list(histories)}
    return {"id": str(number), "key": key or f"FL-{number}", "fields": held | fields, "changelog": log}


class Answer:
    """What the session gives."""

    def __init__(self, body=None, status=200, content=None, **headers):
        self.status_code = status
        self.content = json.dumps(body).encode() if content is None else content
        self.headers = CaseInsensitiveDict({"Date": "Fri, 01 Mar 2024 12:00:00 GMT"})
        self.headers.update({name.replace("_", "-"): value for name, value in headers.items()})

    def json(self):
        return json.loads(self.content)


class Jira:
    """One site. `page` is the most it gives at once."""

    def __init__(self, *issues, is_cloud=True, page=100, boards=(), **more):
        self.issues, self.is_cloud, self.page = list(issues), is_cloud, page
        self.versions, self.statuses, self.fields = [], list(STATUSES), list(FIELDS)
        self.boards = dict(boards)
        self.now = NOW
        self.asked, self.faults = [], []
        self.bulk = {}
        self.hidden = set()
        self.__dict__ |= more

    def request(self, _method, url, *, params=None, json=None, allow_redirects=True):
        assert not allow_redirects
        path = urlsplit(url).path.removeprefix("/jira")
        told = dict(params or json or {})
        self.asked.append((path, told))
        fault = self.faults.pop(0) if self.faults else None
        if isinstance(fault, Exception):
            raise fault
        answer = fault or self.answer(path, told)
        if answer.status_code >= 400:
            raise JIRAError("Roof leaks", status_code=answer.status_code, response=answer)
        return answer

    def paths(self):
        return [re.sub(r"/rest/\w+/[\d.]+/", "", path) for path, _ in self.asked]

    def answer(self, path, told):
        parts = path.strip("/").split("/")
        name = "_" + re.sub(r"[^a-z]+", "_", "/".join(part for part in parts[3:] if part.isalpha() and part.islower()))
        found = getattr(self, name)(parts, told) if hasattr(self, name) else None
        return Answer(status=404, body={"errorMessages": ["Roof leaks"]}) if found is None else Answer(found)

    def _serverinfo(self):
        return {"deploymentType": "Cloud" if self.is_cloud else "Server", "serverTime": self.now}

    def __getattr__(self, name):
        plain = {
            "_server": lambda *_: None,
            "_status": lambda *_: self.statuses,
            "_field": lambda *_: self.fields,
            "_myself": lambda *_: user("reader", timeZone="America/New_York"),
            "_board": lambda *_: {"values": [{"id": int(number)} for number in self.boards], "isLast": True},
        }
        if name in plain:
            return plain[name]
        raise AttributeError(name)

    def _(self, parts, _told):
        """Names with capitals: `serverInfo`."""
        return self._serverinfo() if parts[-1] == "serverInfo" else None

    def _project(self, parts, _told):
        return {"key": parts[-1]} if parts[-1] == "FL" else None

    def _project_versions(self, parts, _told):
        return self.versions if parts[4] == "FL" else None

    def _issue(self, parts, _told):
        found = [each for each in self.issues if parts[-1] in {each["id"], each["key"]}]
        return {"id": found[0]["id"], "key": found[0]["key"]} if found else None

    def _issue_changelog(self, parts, told):
        found = next(each for each in self.issues if each["id"] == parts[4])["changelog"]["histories"]
        start = int(told["startAt"])
        return {"values": found[start : start + 100], "total": len(found)}

    def _board_sprint(self, parts, told):
        wanted = told.get("state", "active,future,closed").split(",")
        held = [each for each in self.boards[parts[4]]["sprints"] if each["state"] in wanted]
        start = int(told["startAt"])
        return {"values": held[start : start + 50], "isLast": start + 50 >= len(held)}

    def _sprint(self, parts, _told):
        held = [each for board in self.boards.values() for each in board["sprints"]]
        return next((each for each in held if str(each["id"]) == parts[-1]), None)

    def _board_configuration(self, parts, _told):
        return {"estimation": {"field": {"fieldId": self.boards[parts[4]]["points"]}}}

    def _search_jql(self, _parts, told):
        if not self.is_cloud:
            return None
        found, start = self.found(told["jql"]), int(told.get("nextPageToken", 0))
        size = min(int(told["maxResults"]), 5000 if told["fields"] == "id" else self.page)
        body = {"issues": [self.shown(each, told, newest=40) for each in found[start : start + size]]}
        return body | ({"nextPageToken": str(start + size)} if start + size < len(found) else {"isLast": True})

    def _search(self, _parts, told):
        if self.is_cloud:
            return None
        found, start = self.found(told["jql"]), int(told["startAt"])
        size = min(int(told["maxResults"]), 1000 if told["fields"] == "id" else self.page)
        part = [each for each in found[start : start + size] if each["id"] not in self.hidden]
        shown = [self.shown(each, told) for each in part]
        return {"issues": shown, "total": len(found), "startAt": start, "maxResults": size}

    def _changelog_bulkfetch(self, _parts, told):
        asked = [each for each in self.issues if each["id"] in told["issueIdsOrKeys"]]
        logs = [
            {"issueId": each["id"], "changeHistories": self.bulk.get(each["id"], self.numbered(each))} for each in asked
        ]
        return {"issueChangeLogs": logs}

    def numbered(self, found):
        """Bulk answers hold dates as numbers."""
        logs = found["changelog"]["histories"]
        return [log | {"created": int(instant(log["created"]).timestamp() * 1000)} for log in logs]

    def found(self, jql):
        """The issues of a query, oldest first."""
        bounds = {name: int(value) for name, value in re.findall(r"(updated|created) >= (\d+)", jql)}
        ids, keys = re.search(r"\bid in \(([^)]*)\)", jql), re.search(r"\bkey in \(([^)]*)\)", jql)
        project = re.search(r'project = "(\w+)"', jql)
        found = [
            each
            for each in self.issues
            if all(instant(each["fields"][name]).timestamp() * 1000 >= at for name, at in bounds.items())
            and (not ids or each["id"] in ids[1].split(", "))
            and (not keys or each["key"] in keys[1].split(", "))
            and (not project or each["key"].startswith(f"{project[1]}-"))
        ]
        return sorted(found, key=lambda each: (instant(each["fields"]["created"]), int(each["id"])))

    @staticmethod
    def shown(found, told, newest=None):
        if told["fields"] == "id":
            return {"id": found["id"]}
        asked = told["fields"].split(",")
        body = {
            "id": found["id"],
            "key": found["key"],
            "fields": {k: v for k, v in found["fields"].items() if k in asked},
        }
        if "changelog" in told.get("expand", ""):
            logs = found["changelog"]["histories"]
            kept = logs[::-1][:newest] if newest else logs
            body["changelog"] = {"total": len(logs), "histories": kept}
        return body


def instant(text):
    return datetime.fromisoformat(text).astimezone(UTC)


CONNECTION = JiraConnection(
    url="https://house.atlassian.net", projects=("FL",), user_env="HOUSE_USER", token_env="HOUSE_TOKEN"  # noqa: S106
)  # fmt: skip


def sources(server, connection=CONNECTION, *, sleep=lambda _: None, wait_minutes=15.0):
    """The sources of a lane whose session is the small Jira."""
    lane = JiraLane(connection, SyncSettings(wait_minutes=wait_minutes), sleep=sleep)
    lane.site.client._session = server
    return list(lane.sources())


def utc(text):
    return pd.Timestamp(text, tz="UTC")
