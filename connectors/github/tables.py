"""GitHub's pages → the tables of `fairlead.frames`. Pure: the same pages give the same rows."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from connectors import Page
from connectors.github import accounts
from connectors.github.history import Node
from connectors.github.rows import Rows, add_issue, add_pull_request, milestone, release
from fairlead import frames

TABLES_OF_STREAM: dict[str, tuple[str, ...]] = {
    "capabilities": (),
    "milestones": ("milestones",),
    "releases": ("releases",),
    "issues": ("issues", "issue_labels", "issue_assignees", "issue_milestones", "issue_links", "issue_events"),
    "pull_requests": (
        "pull_requests",
        "pull_request_labels",
        "pull_request_issues",
        "pull_request_events",
        "reviews",
        "comments",
        "files",
    ),
    "teams": ("teams", "team_accounts"),
    "sweep": (),
}
"""Stream → the tables its pages fill; all of them are given even when empty, so that what is gone can go."""

NAMING = {"issues", "pull_requests", "teams"}
"""Streams whose items name accounts and teams."""


def tables(pages: Iterable[Page]) -> dict[str, pd.DataFrame]:
    """Shape pages into tables. Accounts and teams are those the pages mention."""
    rows: Rows = defaultdict(list)
    mentioned = accounts.Mentioned()
    filled: dict[str, None] = {}
    for page in pages:
        filled |= dict.fromkeys(TABLES_OF_STREAM[page.stream])
        for node in page.nodes:
            _add(rows, page.stream, node, page.context)
        if page.stream in NAMING:
            filled |= {"accounts": None, "teams": None}
            mentioned.see(page.stream, page.nodes)
        if page.context.get("gone"):
            filled |= {"tombstones": None}
            rows["tombstones"] += [{"project": page.context["project"], **gone} for gone in page.context["gone"]]
    rows["accounts"], rows["teams"] = mentioned.accounts(), [*rows["teams"], *mentioned.teams()]
    return {name: frames.from_rows(name, rows[name]) for name in filled}


def _add(rows: Rows, stream: str, node: Node, context: Mapping[str, Any]) -> None:
    titles: Mapping[str, str] = context.get("milestones", {})
    if stream == "issues":
        add_issue(rows, node, context["project"], titles)
    elif stream == "pull_requests":
        add_pull_request(rows, node, context["project"], titles)
    elif stream == "milestones":
        rows["milestones"].append(milestone(node, context["project"]))
    elif stream == "releases" and node["publishedAt"]:
        rows["releases"].append(release(node, context["project"]))
    elif stream == "teams":
        accounts.add_team(rows, node)
