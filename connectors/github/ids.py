"""What things of GitHub are called here, and the numbers those ids hold."""

from collections.abc import Mapping
from typing import Any

Node = Mapping[str, Any]

GHOST = "github:ghost"
"""The account that stands for every deleted user."""


def issue_id(project: str, number: int) -> str:
    """`github:owner/repo#12`; pull requests share the numbers of issues."""
    return f"github:{project}#{number}"


def elsewhere(issue: Node) -> str:
    """The id of an issue that may lie in another repository."""
    return issue_id(issue["repository"]["nameWithOwner"], issue["number"])


def issue_number(own: str) -> int:
    """The number in the id of an issue or pull request."""
    return int(own.rpartition("#")[2])


def milestone_id(project: str, number: int) -> str:
    """`github:owner/repo/milestones/3`."""
    return f"github:{project}/milestones/{number}"


def milestone_number(own: str) -> int:
    """The number in a milestone's id."""
    return int(own.rpartition("/")[2])


def account_id(actor: Node | None) -> str:
    """The account's id; deleted users, of whom GitHub says nothing, are all one ghost."""
    return f"github:{actor['id']}" if actor else GHOST


def team_id(team: Node) -> str:
    """`github:team:<node id>`."""
    return f"github:team:{team['id']}"


def review_id(review: Node) -> str:
    """`github:<node id>`."""
    return f"github:{review['id']}"
