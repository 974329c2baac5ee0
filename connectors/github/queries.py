"""The questions put to GitHub: the `.graphql` files beside this module, and the ones that fetch what did not fit.

A pull request's page holds the first 40 reviews, 60 events and so on. `overflow` asks for the rest of several items
at once, each by its node id under an alias of its own, which costs one point instead of one request per item.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

PULL_REQUEST_EVENTS = {
    "ReadyForReviewEvent": "ready",
    "ConvertToDraftEvent": "draft",
    "ReviewRequestedEvent": "review_requested",
    "ReviewRequestRemovedEvent": "review_request_removed",
    "ReviewDismissedEvent": "dismissed",
    "ClosedEvent": "closed",
    "ReopenedEvent": "reopened",
    "MergedEvent": "merged",
    "MilestonedEvent": "milestoned",
    "DemilestonedEvent": "demilestoned",
    "AssignedEvent": "assigned",
    "UnassignedEvent": "unassigned",
    "LabeledEvent": "labeled",
    "UnlabeledEvent": "unlabeled",
    "HeadRefForcePushedEvent": "force_pushed",
    "BaseRefChangedEvent": "base_changed",
    "AddedToMergeQueueEvent": "queued",
    "RemovedFromMergeQueueEvent": "unqueued",
}
"""GitHub's event types → the kinds of `pull_request_events`."""

ISSUE_EVENTS = (
    "MilestonedEvent", "DemilestonedEvent", "AssignedEvent", "UnassignedEvent", "LabeledEvent", "UnlabeledEvent",
    "ClosedEvent", "ReopenedEvent", "ParentIssueAddedEvent", "ParentIssueRemovedEvent", "SubIssueAddedEvent",
    "SubIssueRemovedEvent",
)  # fmt: skip


@dataclass(frozen=True)
class Stream:
    """One list of a repository: how we call it, how GitHub calls it, and which lists its items carry."""

    name: str
    connection: str
    node_type: str
    nested: dict[str, str]
    """Field → fragment of each list inside an item."""
    event_types: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The query for one page, with its fragments."""
        return with_fragments(_read(f"{self.name}.graphql"))

    @property
    def variables(self) -> dict[str, object]:
        """What the query needs beside repository, page size and cursor."""
        return {"kinds": [_enum_name(kind) for kind in self.event_types]} if self.event_types else {}


MILESTONES = Stream("milestones", "milestones", "Milestone", {})
RELEASES = Stream("releases", "releases", "Release", {})
ISSUES = Stream(
    "issues",
    "issues",
    "Issue",
    {"labels": "Labels", "assignees": "Assignees", "timelineItems": "IssueEvents"},
    ISSUE_EVENTS,
)
PULL_REQUESTS = Stream(
    "pull_requests",
    "pullRequests",
    "PullRequest",
    {
        "labels": "Labels",
        "closingIssuesReferences": "ClosingIssues",
        "reviews": "Reviews",
        "comments": "Comments",
        "files": "Files",
        "timelineItems": "PullRequestEvents",
    },
    tuple(PULL_REQUEST_EVENTS),
)
STREAMS = (MILESTONES, RELEASES, ISSUES, PULL_REQUESTS)
"""In this order: milestones first, because events name milestones by title alone."""


@dataclass(frozen=True)
class Rest:
    """What is still to be read of one list of one item."""

    node_id: str
    field: str
    after: str


def overflow(stream: Stream, rests: Sequence[Rest]) -> tuple[str, dict[str, object]]:
    """The query and its variables for the next hundred of each of `rests`, the n-th under the alias `rest<n>`."""
    ids = [f"$id{n}: ID!, $after{n}: String!" for n in range(len(rests))]
    kinds = [f"$kinds: [{stream.node_type}TimelineItemsItemType!]"] if _asks_events(rests) else []
    parts = [_rest_of(stream, rest, n) for n, rest in enumerate(rests)]
    text = f"query Rest({', '.join(ids + kinds)}) {{\n" + "\n".join(parts) + "\nrateLimit { cost }\n}\n"
    variables: dict[str, object] = stream.variables if kinds else {}
    for n, rest in enumerate(rests):
        variables |= {f"id{n}": rest.node_id, f"after{n}": rest.after}
    return with_fragments(text), variables


def _asks_events(rests: Sequence[Rest]) -> bool:
    return any(rest.field == "timelineItems" for rest in rests)


def _rest_of(stream: Stream, rest: Rest, n: int) -> str:
    kinds = ", itemTypes: $kinds" if rest.field == "timelineItems" else ""
    wanted = f"{rest.field}(first: 100, after: $after{n}{kinds}) {{ ...{stream.nested[rest.field]} }}"
    return f"rest{n}: node(id: $id{n}) {{ ... on {stream.node_type} {{ {wanted} }} }}"


def _enum_name(event_type: str) -> str:
    """`ReadyForReviewEvent` → `READY_FOR_REVIEW_EVENT`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", event_type).upper()


def with_fragments(text: str) -> str:
    """The query and the fragments it uses, directly or through others; GitHub refuses fragments that nobody uses."""
    known, used, unread = _fragments(), {}, [text]
    while unread:
        for name in re.findall(r"\.\.\.(\w+)", unread.pop()):
            if name not in used:
                used[name] = known[name]
                unread.append(known[name])
    return "\n".join([text, *used.values()])


@cache
def _fragments() -> dict[str, str]:
    parts = re.split(r"^(?=fragment )", _read("fragments.graphql"), flags=re.MULTILINE)[1:]
    return {part.split()[1]: re.sub(r"^#.*\n", "", part, flags=re.MULTILINE) for part in parts}


@cache
def _read(file_name: str) -> str:
    return resources.files("connectors.github").joinpath("queries", file_name).read_text("utf-8")
