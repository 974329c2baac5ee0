"""Jira: the projects of one site as sources. `fetch` talks (`client`, `search`), `tables` shapes (`history`)."""

from connectors.jira.lane import JiraLane, JiraSource

__all__ = ["JiraLane", "JiraSource"]
