"""A hosted Fairlead on the sample organisation, the people who may look at it, and what each must not see."""

import json
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from html import escape
from urllib.parse import quote, quote_plus

import numpy as np

from charts.style import safe
from reports.render import plain
from tests.oidc import Person
from tests.sample import sample

MEMBER = "bram-oo@harbourline.example"
GRANTED = ("Berth 2026.1", "Cost guardrails")
LINK_SECRET = "the secret that links of the tests are signed with"  # noqa: S105
ACCESS = f"""
[access]
contact = "the platform team"
[[access.grants]]
name = "Heads"
role = "lead"
emails = ["head@example.org"]
teams = ["*"]
milestones = ["*"]
[[access.grants]]
name = "Lead of Berth"
role = "lead"
emails = ["berth@example.org"]
teams = ["Berth"]
[[access.grants]]
name = "Board"
role = "executive"
groups = ["board"]
[[access.grants]]
name = "Customer"
role = "stakeholder"
emails = ["customer@example.org"]
milestones = {json.dumps(GRANTED)}
titles = false
[[access.grants]]
name = "Sales"
role = "stakeholder"
groups = ["sales"]
teams = ["*"]
milestones = ["*"]
titles = false
[[access.grants]]
name = "Members of Berth"
role = "member"
emails = ["{MEMBER}"]
teams = ["Berth"]
"""
PEOPLE = (
    Person("head", "head@example.org"),
    Person("berth", "berth@example.org"),
    Person("board", "chair@example.org", groups=("board",)),
    Person("customer", "customer@example.org"),
    Person("sales", "sales@example.org", groups=("sales",)),
    Person("member", MEMBER),
    Person("unverified", "head@example.org", is_verified=False),
    Person("nobody", "nobody@example.org"),
)
RESTRICTED = ("berth", "board", "customer", "sales", "member")
STRANGERS = ("unverified", "nobody", None)


@dataclass(frozen=True)
class Secrets:
    """Texts that a viewer must not be sent."""

    texts: frozenset[str]

    def in_bytes(self, sent: bytes) -> list[str]:
        """Those that were sent after all, however they are written."""
        told, ends = _ends(self.texts)
        found = _eights(sent)
        candidates = [told[place] for place in np.flatnonzero(np.isin(ends, found) | (ends == 0))]
        return sorted({text for text, spelling in candidates if spelling in sent})


@cache
def _ends(texts: frozenset[str]) -> tuple[list[tuple[str, bytes]], np.ndarray]:
    """Every spelling of every text, and its last eight bytes as a number; 0 where it is shorter.

    A report of megabytes is searched for tens of thousands of spellings: most are ruled out by their ends, all at once.
    """
    told = [(text, spelling) for text in sorted(texts) for spelling in spellings(text)]
    ends = [int.from_bytes(spelling[-8:], "little") if len(spelling) >= 8 else 0 for _, spelling in told]
    return told, np.array(ends, dtype="<u8")


def _eights(sent: bytes) -> np.ndarray:
    """Every run of eight bytes, as a number."""
    whole = [
        np.frombuffer(sent, "<u8", (len(sent) - start) // 8, start) for start in range(8) if len(sent) - start >= 8
    ]
    return np.unique(np.concatenate(whole)) if whole else np.empty(0, dtype="<u8")


@cache
def spellings(text: str) -> frozenset[bytes]:
    """A text as it stands, and as Markdown, Plotly, HTML, addresses and JSON write it."""
    told = {text, plain(text), safe(text), escape(text), escape(safe(text)), quote(text), quote_plus(text)}
    return frozenset(each.encode() for said in told for each in (said, json.dumps(said)[1:-1]))


@cache
def names() -> dict[str, set[str]]:
    """Person → every name, login and id that tells who it is; accounts of nobody have their own login as key."""
    frames = sample()
    found = defaultdict(set)
    for person in frames.people.to_dict("records"):
        found[str(person["id"])] |= {person["name"], str(person["id"])}
    for account in frames.accounts.to_dict("records"):
        if account["kind"] == "user":
            texts = {account["login"], account["name"], str(account["id"])}
            found[str(account["person"])] |= {text for text in texts if isinstance(text, str)}
    return dict(found)


@cache
def of_team(team: str) -> frozenset[str]:
    """The people of a team."""
    frames = sample()
    ids = {str(row["id"]) for row in frames.teams.to_dict("records") if row["name"] == team}
    return frozenset(str(row["person"]) for row in frames.team_members.to_dict("records") if str(row["team"]) in ids)


WHO_HAS_A_HAND = (
    ("issues", "id", "author"), ("pull_requests", "id", "author"), ("issue_assignees", "issue", "account"),
    ("reviews", "pull_request", "author"), ("comments", "pull_request", "author"),
    ("pull_request_events", "pull_request", "subject"),
)  # fmt: skip
"""Table, its column that names the item, and the one that names who created it, has it, reviewed or wrote on it."""


@cache
def handled(people: frozenset[str]) -> frozenset[str]:
    """Items that one of these people created, was assigned or asked to review, reviewed or wrote on, one by one."""
    frames = sample()
    theirs = {str(row["id"]) for row in frames.accounts.to_dict("records") if str(row["person"]) in people}
    found = set()
    for table, item, who in WHO_HAS_A_HAND:
        found |= {str(row[item]) for row in getattr(frames, table).to_dict("records") if str(row[who]) in theirs}
    for row in frames.issue_events.to_dict("records"):
        if row["field"] == "assignee" and row["new"] in theirs:
            found.add(str(row["issue"]))
    return frozenset(found)


@cache
def ever_held() -> dict[str, frozenset[str]]:
    """Milestone → the items that are or ever were in it."""
    frames = sample()
    found = defaultdict(set)
    for row in frames.issue_milestones.to_dict("records"):
        found[str(row["milestone"])].add(str(row["issue"]))
    for row in frames.issue_events.to_dict("records"):
        if row["field"] == "milestone":
            for side in (row["old"], row["new"]):
                found[str(side)].add(str(row["issue"]))
    for row in frames.pull_requests.to_dict("records"):
        found[str(row["milestone"])].add(str(row["id"]))
    for row in frames.pull_request_events.to_dict("records"):
        if row["kind"] in {"milestoned", "demilestoned"}:
            found[str(row["subject"])].add(str(row["pull_request"]))
    return {milestone: frozenset(items) for milestone, items in found.items()}


def titles(items: frozenset[str], milestones: frozenset[str], *, are_shown: bool) -> set[str]:
    """Titles and addresses of all items and milestones but those given; of all items where none are shown.

    A title or address that is part of one which may be seen (`Fix: …`, `/pull/26` of `/pull/267`) is no secret.
    """
    frames = sample()
    told, hidden = set(), set()
    for row in [*frames.issues.to_dict("records"), *frames.pull_requests.to_dict("records")]:
        is_told = are_shown and str(row["id"]) in items
        (told if is_told else hidden).update({row["title"], row["url"]})
    for row in frames.milestones.to_dict("records"):
        is_told = str(row["id"]) in milestones
        (told if is_told else hidden).add(row["title"])
        (told if is_told and are_shown else hidden).add(row["url"])
    said = "\n".join(sorted(told))
    return {text for text in hidden if text not in said}


def all_names(but: frozenset[str] = frozenset()) -> set[str]:
    return set().union(*(texts for person, texts in names().items() if person not in but))


@cache
def secrets_from(who: str | None) -> Secrets:
    """What somebody must not be sent."""
    frames = sample()
    every = frozenset(str(each) for table in (frames.issues, frames.pull_requests) for each in table["id"])
    stones = {str(row["id"]): row["title"] for row in frames.milestones.to_dict("records")}
    berth = handled(of_team("Berth"))
    of_berth = frozenset(stone for stone in stones if ever_held().get(stone, frozenset()) & berth)
    in_berth = berth.union(*(ever_held()[stone] for stone in of_berth))
    named = frozenset(stone for stone, title in stones.items() if title in GRANTED)
    if who == "berth":
        texts = all_names(of_team("Berth")) | titles(in_berth, of_berth, are_shown=True)
    elif who == "member":
        texts = all_names(frozenset({"person:bram-oo"})) | titles(in_berth, of_berth, are_shown=True)
    elif who == "board":
        texts = all_names() | titles(every, frozenset(stones), are_shown=True)
    elif who == "customer":
        texts = all_names() | titles(frozenset(), named, are_shown=False)
    elif who == "sales":
        texts = all_names() | titles(frozenset(), frozenset(stones), are_shown=False)
    else:
        projects = {*frames.issues["project"], *frames.pull_requests["project"]}
        texts = all_names() | titles(frozenset(), frozenset(), are_shown=False) | set(frames.teams["name"]) | projects
    return Secrets(frozenset(texts))
