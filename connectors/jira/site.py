"""What all projects of a site share, asked once per run: kind of server, its clock, fields, statuses."""

from dataclasses import replace
from typing import Any

import pandas as pd

from connectors.jira import fields
from connectors.jira.client import Client, RefusedError
from connectors.jira.fields import Fields, Named
from connectors.jira.meaning import GATEWAY
from fairlead import places
from fairlead.errors import SourceError

MOST_BOARDS = 5
"""Boards of a project whose configuration is asked for to find its story points."""

Listed = list[dict[str, Any]]


class Site:
    """The answers are kept while each source asks once: a source that comes again begins another run."""

    def __init__(self, client: Client) -> None:
        """Sends nothing."""
        self.client = client
        self._served: set[str] = set()
        self._kept: dict[str, Any] = {}

    def begin(self, source: str) -> None:
        """A source starts to read."""
        if source in self._served:
            self._served.clear()
            self._kept.clear()
        self._served.add(source)

    @property
    def is_cloud(self) -> bool:
        """Cloud or Data Center? They answer different questions. Raises `SourceError`."""
        told = str(self._server().get("deploymentType") or "").casefold()
        if told:
            return told == "cloud"
        return self.client.host == GATEWAY or self.client.host.endswith(".atlassian.net")

    @property
    def is_known(self) -> bool:
        """Whether the server itself says which of the two it is."""
        return bool(self._server().get("deploymentType"))

    @property
    def clock(self) -> pd.Timestamp:
        """The server's clock at the start of the run. Raises `SourceError`."""
        try:
            return pd.Timestamp(self._server()["serverTime"]).tz_convert("UTC")
        except (KeyError, ValueError, TypeError):
            raise SourceError(f"jira: {self.client.host} does not tell the time in serverInfo. Check url.") from None

    def statuses(self) -> Listed:
        """All statuses of the site. Raises `SourceError`."""
        return self._list("status")

    @property
    def has_told_statuses(self) -> bool:
        """Whether `statuses` costs nothing any more."""
        return "status" in self._kept

    def fields(self) -> Listed:
        """All fields of the site. Raises `SourceError`."""
        return self._list("field")

    def zone(self) -> str:
        """The time zone Jira shows days in to this account; UTC where it is not known."""
        if "zone" not in self._kept:
            told = str(_object(self.client.get("myself")).get("timeZone") or "UTC")
            self._kept["zone"] = told if places.is_zone(told) else "UTC"
        return str(self._kept["zone"])

    def _server(self) -> dict[str, Any]:
        if "server" not in self._kept:
            self._kept["server"] = self._asked_server()
            self.client.api = "rest/api/3" if self.is_cloud else "rest/api/2"
        return dict(self._kept["server"])

    def _asked_server(self) -> dict[str, Any]:
        try:
            found = self.client.ask("GET", "rest/api/2/serverInfo")
        except RefusedError as error:
            if error.status != 404:
                raise
            raise SourceError(
                f"jira: {self.client.host} has no serverInfo, so it is not known whether it is Cloud or Data Center. "
                "Check url: it is where Jira begins, for instance https://HOST/jira."
            ) from None
        return _object(found)

    def _list(self, path: str) -> Listed:
        if path not in self._kept:
            found = self.client.get(path)
            if not isinstance(found, list):
                raise SourceError(f"jira: {self.client.host} sent something else than a list for {path}. Check url.")
            self._kept[path] = found
        return list(self._kept[path])


def project_fields(site: Site, project: str) -> tuple[Fields, str | None]:
    """The fields of a project, and the question a person has to answer, if there is one. Raises `SourceError`."""
    listed, connection = site.fields(), site.client.connection
    found = fields.discovered(listed, connection)
    candidates = fields.points_candidates(listed, connection)
    if len(candidates) > 1:
        chosen = _estimated_by_boards(site, project)
        candidates = [named for named in [fields.named(listed, chosen or "")] if named] or candidates
    if len(candidates) == 1:
        found = replace(found, points=candidates[0])
    return found, _question(project, candidates, listed)


def _question(project: str, candidates: list[Named], listed: Listed) -> str | None:
    if len(candidates) == 1:
        return None
    ids = [number for number, _ in candidates] or fields.number_fields(listed)
    if not ids:
        return None
    return (
        f"Which field holds the story points of {project}? Its boards do not settle it. Set story_points_field to one "
        f"of {', '.join(sorted(ids))}; until then estimates are missing."
    )


def _estimated_by_boards(site: Site, project: str) -> str | None:
    """The field that the project's boards estimate with, where they agree."""
    try:
        boards = _object(site.client.agile("board", {"projectKeyOrId": project, "type": "scrum"})).get("values") or []
        asked = [site.client.agile(f"board/{board['id']}/configuration") for board in boards[:MOST_BOARDS]]
    except RefusedError:
        return None  # no boards, or no right to see them: the person is asked
    told = {((_object(each).get("estimation") or {}).get("field") or {}).get("fieldId") for each in asked} - {None}
    return str(told.pop()) if len(told) == 1 else None


def _object(found: object) -> dict[str, Any]:
    return found if isinstance(found, dict) else {}
