"""The questions put to GitHub: the `.graphql` files beside this module, fitted to what the server knows.

A line that ends in `# needs X` is sent where the server has X (or where X is asked for), one that ends in `# lacks X`
where it has not. A query is sent with the fragments it uses and no others: GitHub refuses fragments nobody uses.
`overflow` asks for the rest of several lists at once, each under an alias of its own, which costs one point instead of
one request per list.
"""

import re
from collections.abc import Collection, Mapping, Sequence
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
    "SubIssueRemovedEvent", "IssueTypeAddedEvent", "IssueTypeChangedEvent", "IssueTypeRemovedEvent",
    "BlockedByAddedEvent", "BlockedByRemovedEvent",
)  # fmt: skip

NEEDS = {
    "ParentIssueAddedEvent": "sub_issues",
    "ParentIssueRemovedEvent": "sub_issues",
    "SubIssueAddedEvent": "sub_issues",
    "SubIssueRemovedEvent": "sub_issues",
    "IssueTypeAddedEvent": "issue_types",
    "IssueTypeChangedEvent": "issue_types",
    "IssueTypeRemovedEvent": "issue_types",
    "BlockedByAddedEvent": "dependencies",
    "BlockedByRemovedEvent": "dependencies",
    "AddedToMergeQueueEvent": "merge_queue",
    "RemovedFromMergeQueueEvent": "merge_queue",
}
"""Events that not every server knows, and what it must have."""

Has = Collection[str]


@dataclass(frozen=True)
class Stream:
    """One list of a repository: how we call it, how GitHub calls it and its items, and which lists those carry."""

    name: str
    connection: str
    node_type: str
    single: str
    """The field that gives one item by its number."""
    nested: dict[str, str]
    """Field → fragment of each list inside an item."""
    event_types: tuple[str, ...] = ()

    def kinds(self, has: Has) -> list[str]:
        """The events to ask for."""
        return [_enum_name(kind) for kind in self.event_types if kind not in NEEDS or NEEDS[kind] in has]


ISSUES = Stream(
    "issues",
    "issues",
    "Issue",
    "issue",
    {
        "labels": "Labels",
        "assignees": "Assignees",
        "blocking": "Blocking",
        "timelineItems": "IssueEvents",
    },
    ISSUE_EVENTS,
)
PULL_REQUESTS = Stream(
    "pull_requests",
    "pullRequests",
    "PullRequest",
    "pullRequest",
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
STREAMS = (ISSUES, PULL_REQUESTS)


@dataclass(frozen=True)
class Rest:
    """What is still to be read of one list of one item."""

    node_id: str
    field: str
    after: str


def text(name: str, has: Has = ()) -> str:
    """A query by its file's name, with its fragments."""
    return _text(name, frozenset(has))


def overflow(stream: Stream, rests: Sequence[Rest], has: Has) -> tuple[str, dict[str, object]]:
    """The query and its variables for the next hundred of each of `rests`, the n-th under the alias `rest<n>`."""
    ids = [f"$id{n}: ID!, $after{n}: String!" for n in range(len(rests))]
    asks_events = any(rest.field == "timelineItems" for rest in rests)
    kinds = [f"$kinds: [{stream.node_type}TimelineItemsItemType!]"] if asks_events else []
    parts = [_rest_of(stream, rest, n) for n, rest in enumerate(rests)]
    query = f"query Rest({', '.join(ids + kinds)}) {{\n" + "\n".join(parts) + "\nrateLimit { cost }\n}\n"
    variables: dict[str, object] = {"kinds": stream.kinds(has)} if asks_events else {}
    for n, rest in enumerate(rests):
        variables |= {f"id{n}": rest.node_id, f"after{n}": rest.after}
    return with_fragments(query, has), variables


def by_number(stream: Stream, numbers: Sequence[int], has: Has) -> tuple[str, dict[str, object]]:
    """The query and its variables for whole items by number, each under the alias `n<number>`."""
    kinds = f"$kinds: [{stream.node_type}TimelineItemsItemType!]"
    query = _of_repository("Items", _each(numbers, stream.single, f"...{stream.node_type}Item"), kinds)
    return with_fragments(query, has), {"kinds": stream.kinds(has)}


def whereabouts(numbers: Sequence[int]) -> str:
    """The query for where items are now, each under the alias `n<number>`."""
    return with_fragments(_of_repository("Whereabouts", _each(numbers, "issueOrPullRequest", "...Whereabouts")))


def milestones(numbers: Sequence[int]) -> str:
    """The query for whether milestones exist, each under the alias `n<number>`."""
    return _of_repository("Milestones", _each(numbers, "milestone", "number"))


def repositories(names: Sequence[tuple[str, str]]) -> tuple[str, Mapping[str, object]]:
    """The query and its variables for whether repositories may be read, the n-th under the alias `r<n>`."""
    asked = ", ".join(f"$owner{n}: String!, $name{n}: String!" for n in range(len(names)))
    parts = [f"r{n}: repository(owner: $owner{n}, name: $name{n}) {{ nameWithOwner }}" for n in range(len(names))]
    query = "\n".join([f"query Repositories{asked and f'({asked})'} {{", *parts, "rateLimit { cost }", "}"])
    owners = {f"owner{n}": owner for n, (owner, _) in enumerate(names)}
    return query, owners | {f"name{n}": name for n, (_, name) in enumerate(names)}


def with_fragments(query: str, has: Has = ()) -> str:
    """The query and the fragments it uses, directly or through others."""
    known, used, unread = _fragments(frozenset(has)), {}, [query]
    while unread:
        for name in re.findall(r"\.\.\.(\w+)", unread.pop()):
            if name not in used:
                used[name] = known[name]
                unread.append(known[name])
    return "\n".join([query, *used.values()])


def _each(numbers: Sequence[int], field: str, wanted: str) -> str:
    return "\n".join(f"n{number}: {field}(number: {number}) {{ {wanted} }}" for number in numbers)


def _of_repository(name: str, parts: str, *variables: str) -> str:
    asked = ", ".join(["$owner: String!", "$name: String!", *variables])
    inner = f"repository(owner: $owner, name: $name) {{\n{parts}\n}}"
    return f"query {name}({asked}) {{\n{inner}\nrateLimit {{ cost }}\n}}\n"


def _rest_of(stream: Stream, rest: Rest, n: int) -> str:
    kinds = ", itemTypes: $kinds" if rest.field == "timelineItems" else ""
    wanted = f"{rest.field}(first: 100, after: $after{n}{kinds}) {{ ...{stream.nested[rest.field]} }}"
    return f"rest{n}: node(id: $id{n}) {{ ... on {stream.node_type} {{ updatedAt {wanted} }} }}"


def _enum_name(event_type: str) -> str:
    """`ReadyForReviewEvent` → `READY_FOR_REVIEW_EVENT`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", event_type).upper()


@cache
def _text(name: str, has: frozenset[str]) -> str:
    return with_fragments(_fitted(_read(f"{name}.graphql"), has), has)


@cache
def _fragments(has: frozenset[str]) -> dict[str, str]:
    parts = re.split(r"^(?=fragment )", _fitted(_read("fragments.graphql"), has), flags=re.MULTILINE)[1:]
    return {part.split()[1]: part for part in parts}


def _fitted(source: str, has: frozenset[str]) -> str:
    """The lines this server understands, without comments."""
    lines = (line.partition("#") for line in source.splitlines())
    return "\n".join(line.rstrip() for line, _, condition in lines if line.strip() and _holds(condition, has)) + "\n"


def _holds(condition: str, has: frozenset[str]) -> bool:
    verb, _, what = condition.strip().partition(" ")
    return {"needs": what in has, "lacks": what not in has}.get(verb, True)


@cache
def _read(file_name: str) -> str:
    return resources.files("connectors.github").joinpath("queries", file_name).read_text("utf-8")
