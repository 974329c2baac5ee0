"""Small organisations at random, and who sees what of them: the rule of `fairlead.access.extent` in plain loops."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from fairlead.access import Viewer
from fairlead.frames import Frames
from fairlead.grants import ROLES
from fairlead.suppression import SMALLEST
from tests.metrics.build import added, frame, happened, issue, pull_request, removed, utc

PEOPLE, TEAMS, PROJECTS, STONES, ISSUES, PULLS = 16, 4, 3, 5, 14, 12
AT = utc("2026-03-02")


def texts(letter: str, n: int) -> list[str]:
    """Ids that no other id is a part of."""
    return [f"{letter}{number:02}{letter}" for number in range(n)]


PERSONS, PROJECT_NAMES, TEAM_NAMES = texts("p", PEOPLE), texts("project", PROJECTS), texts("Team", TEAMS)
STONE_IDS, STONE_TITLES = texts("stone", STONES), texts("Goal", STONES)
ISSUE_IDS, PULL_IDS = texts("issue", ISSUES), texts("pull", PULLS)


@dataclass
class Chance:
    """Draws with one seed."""

    rng: np.random.Generator

    def one(self, among):
        return among[int(self.rng.integers(len(among)))]

    def some(self, among, most):
        n = min(int(self.rng.integers(most + 1)), len(among))
        return [among[place] for place in self.rng.choice(len(among), n, replace=False)]

    def maybe(self, value, share=0.5):
        return value if self.rng.random() < share else None


@cache
def viewer(seed: int) -> Viewer:
    """Somebody with some rights, of an organisation with the same seed."""
    by = Chance(np.random.default_rng([seed, 1]))

    def names(among: list[str]) -> tuple[str, ...] | None:
        return by.maybe(tuple(by.some(among, len(among))), 0.7)

    return Viewer(
        "x",
        ROLES[seed % len(ROLES)],
        person=by.maybe(by.one([*PERSONS, "gone"])),
        teams=names(TEAM_NAMES),
        projects=names(PROJECT_NAMES),
        milestones=names([*STONE_IDS[:2], *STONE_TITLES[2:]]),
        titles=by.maybe(value=True) is not None,
    )


@cache
def organisation(seed: int) -> Frames:
    """People of four teams, some too small, in three projects, with all that is done and said there."""
    by = Chance(np.random.default_rng(seed))
    accounts = [{"id": f"acc-{person}", "login": f"login-{person}", "name": f"Called {person}", "kind": "user",
                 "person": person, "email_hash": f"hash-{person}"} for person in PERSONS]  # fmt: skip
    accounts.append({"id": "acc-bot", "login": "robot", "kind": "bot"})
    who = [account["id"] for account in accounts]
    tables = {
        "accounts": accounts,
        "people": [{"id": person, "name": f"Dr {person}"} for person in PERSONS],
        "teams": [{"id": f"team-{name}", "name": name} for name in TEAM_NAMES],
        "team_members": _members(by),
        "time_off": [{"person": person} for person in by.some(PERSONS, 4)],
        "milestones": [
            {"id": each, "title": title, "project": by.one(PROJECT_NAMES), "url": f"https://x/{each}"}
            for each, title in zip(STONE_IDS, STONE_TITLES, strict=True)
        ],
        "milestone_changes": [
            {"milestone": each, "field": "title", "new": f"Once {each} by Dr {by.one(PERSONS)}", "observed_at": AT}
            for each in by.some(STONE_IDS, STONES)
        ],
        "past_forecasts": [{"milestone": each} for each in by.some(STONE_IDS, STONES)],
        "releases": [{"id": f"release-{name}", "project": name, "tag": "v1"} for name in PROJECT_NAMES],
        "sync_runs": [{"source": f"github {name}", "started_at": AT} for name in PROJECT_NAMES],
    }
    tables["team_accounts"] = [
        {"team": row["team"], "account": f"acc-{row['person']}"} for row in tables["team_members"]
    ]
    tables |= _issues(by, who) | _pulls(by, who)
    return Frames.of({name: frame(name, rows) for name, rows in tables.items()})


def _members(by: Chance) -> list[dict]:
    """Most are in one team, a few in two or in none; some teams are too small, and one may be empty."""
    weights = by.rng.dirichlet(np.full(TEAMS, 1.2))
    pairs = set()
    for person in PERSONS:
        for _ in range(by.one([0, 1, 1, 1, 1, 1, 1, 2])):
            pairs.add((TEAM_NAMES[int(by.rng.choice(TEAMS, p=weights))], person))
    return [{"team": f"team-{team}", "person": person} for team, person in sorted(pairs)]


def _issues(by: Chance, who: list[str]) -> dict:
    named = [
        issue(each, title=f"Title {each} for Dr {by.one(PERSONS)}", url=f"https://x/{each}",
              author=by.maybe(by.one(who)), project=by.one(PROJECT_NAMES), parent=by.maybe(by.one(ISSUE_IDS), 0.3))
        for each in ISSUE_IDS
    ]  # fmt: skip
    events = []
    for each in ISSUE_IDS:
        made = [
            added(each, "2026-02-01", by.one(who), "assignee"),
            removed(each, "2026-02-02", by.one(who), "assignee"),
            added(each, "2026-02-03", by.one(STONE_IDS)),
            removed(each, "2026-02-04", by.one(STONE_IDS)),
            added(each, "2026-02-05", by.one(ISSUE_IDS), "blocked_by", actor=by.one(who)),
            added(each, "2026-02-06", f"Dr {by.one(PERSONS)} waits", "blocked"),
            added(each, "2026-02-07", f"for login-{by.one(PERSONS)}", "label"),
            added(each, "2026-02-08", f"Title {by.one(ISSUE_IDS)}", "summary"),
        ]
        events += by.some(made, 4)
    return {
        "issues": named,
        "issue_events": events,
        "issue_assignees": [{"issue": each, "account": by.one(who)} for each in by.some(ISSUE_IDS, 8)],
        "issue_milestones": [{"issue": each, "milestone": by.one(STONE_IDS)} for each in by.some(ISSUE_IDS, 8)],
        "issue_links": [{"issue": each, "other": by.one(ISSUE_IDS)} for each in by.some(ISSUE_IDS, 6)],
        "issue_labels": [{"issue": each, "label": f"Dr {by.one(PERSONS)}"} for each in by.some(ISSUE_IDS, 6)],
    }


def _pulls(by: Chance, who: list[str]) -> dict:
    named = [
        pull_request(each, title=f"Title {each}, @login-{by.one(PERSONS)}", url=f"https://x/{each}", author=by.one(who),
                     project=by.one(PROJECT_NAMES), milestone=by.maybe(by.one(STONE_IDS), 0.3),
                     merged_by=by.maybe(by.one(who)))
        for each in PULL_IDS
    ]  # fmt: skip
    events = []
    for each in PULL_IDS:
        made = [
            happened(each, "2026-02-01", "review_requested", by.one(who)),
            happened(each, "2026-02-02", "review_requested", f"team-{by.one(TEAM_NAMES)}"),
            happened(each, "2026-02-03", by.one(["milestoned", "demilestoned"]), by.one(STONE_IDS)),
            happened(each, "2026-02-04", "labeled", f"Dr {by.one(PERSONS)} asks", actor=by.one(who)),
        ]
        events += by.some(made, 3)
    return {
        "pull_requests": named,
        "pull_request_events": events,
        "pull_request_issues": [{"pull_request": each, "issue": by.one(ISSUE_IDS)} for each in by.some(PULL_IDS, 8)],
        "reviews": [{"id": f"review-{n}", "pull_request": by.one(PULL_IDS), "author": by.one(who)} for n in range(6)],
        "comments": [{"id": f"comment-{n}", "pull_request": by.one(PULL_IDS), "author": by.one(who)} for n in range(6)],
        "files": [{"pull_request": each, "path": f"src/{each}.py"} for each in PULL_IDS],
    }


@dataclass
class Sight:
    """Ids of what somebody sees."""

    items: set
    milestones: set
    teams: set
    named: set


def rows(frames: Frames, name: str) -> list[dict]:
    """The rows of a table as plain values, None where missing."""
    table = getattr(frames, name).astype("object")
    return table.where(table.notna(), None).to_dict("records")


def sight(viewer: Viewer, frames: Frames) -> Sight:
    """Who sees what, one by one."""
    members = {row["id"]: set() for row in rows(frames, "teams")}
    for row in rows(frames, "team_members"):
        members[row["team"]].add(row["person"])
    granted = {row["id"] for row in rows(frames, "teams") if viewer.teams is None or row["name"] in viewer.teams}
    sizes = {team: len(members[team]) for team in granted}
    if viewer.teams is None:  # where all teams are told of, so is everybody in none
        sizes["no team"] = len({row["id"] for row in rows(frames, "people")}.difference(*members.values()))
    teams = granted - hidden_teams(sizes, viewer)
    theirs = _items(viewer, frames, {team: members[team] for team in teams})
    holds = _holds(frames)
    milestones = _milestones(viewer, frames, theirs, holds)
    items = theirs | {item for stone in milestones for item in holds.get(stone, ())}
    return Sight(items, milestones, teams, _named(viewer, frames, granted, members))


def hidden_teams(sizes: dict, viewer: Viewer) -> set:
    """Teams of too few, and the next smallest until two are hidden that hold enough; nobody hides an empty one."""
    if viewer.role == "lead":
        return set()
    left = sorted((n, "" if team == "no team" else team) for team, n in sizes.items() if n)
    hidden = [(n, team) for n, team in left if n < SMALLEST]
    left = [pair for pair in left if pair not in hidden]
    while hidden and left and (len(hidden) < 2 or sum(n for n, _ in hidden) < SMALLEST):
        hidden.append(left.pop(0))
    return {team for _, team in hidden}


def _named(viewer: Viewer, frames: Frames, granted: set, members: dict) -> set:
    people = {row["id"] for row in rows(frames, "people")}
    led = set()
    if viewer.role == "lead":
        led = people if viewer.teams is None else {person for team in granted for person in members[team]}
    return led | ({viewer.person} & people)


def _items(viewer: Viewer, frames: Frames, members: dict) -> set:
    """Those of the granted projects that belong to a granted team, or that a member or the viewer has had a hand in."""
    person = {row["id"]: row["person"] for row in rows(frames, "accounts")}
    theirs = {someone for team in members.values() for someone in team} | ({viewer.person} - {None})
    hands = _hands(frames)
    found = set()
    for row in [*rows(frames, "issues"), *rows(frames, "pull_requests")]:
        is_granted = viewer.projects is None or row["project"] in viewer.projects
        touched = {person.get(account) for account in hands.get(row["id"], ())} - {None}
        if is_granted and (viewer.teams is None or touched & theirs):
            found.add(row["id"])
    return found


def _hands(frames: Frames) -> dict:
    """Item → accounts that created it, were assigned or asked to review, reviewed, or wrote on it."""
    found = {}
    for name in ("issues", "pull_requests"):
        for row in rows(frames, name):
            found.setdefault(row["id"], set()).add(row["author"])
    for row in rows(frames, "issue_assignees"):
        found[row["issue"]].add(row["account"])
    for row in rows(frames, "issue_events"):
        if row["field"] == "assignee":
            found[row["issue"]].add(row["new"])
    for row in rows(frames, "pull_request_events"):
        found[row["pull_request"]].add(row["subject"])
    for row in [*rows(frames, "reviews"), *rows(frames, "comments")]:
        found[row["pull_request"]].add(row["author"])
    return found


def _holds(frames: Frames) -> dict:
    """Milestone → items that are, or ever were, in it."""
    found = {}
    for row in rows(frames, "issue_milestones"):
        found.setdefault(row["milestone"], set()).add(row["issue"])
    for row in rows(frames, "issue_events"):
        if row["field"] == "milestone":
            for side in (row["old"], row["new"]):
                found.setdefault(side, set()).add(row["issue"])
    for row in rows(frames, "pull_requests"):
        found.setdefault(row["milestone"], set()).add(row["id"])
    for row in rows(frames, "pull_request_events"):
        if row["kind"] in {"milestoned", "demilestoned"}:
            found.setdefault(row["subject"], set()).add(row["pull_request"])
    return found


def _milestones(viewer: Viewer, frames: Frames, theirs: set, holds: dict) -> set:
    found = set()
    for row in rows(frames, "milestones"):
        if viewer.projects is not None and row["project"] not in viewer.projects:
            continue
        is_named = viewer.milestones is None or row["id"] in viewer.milestones or row["title"] in viewer.milestones
        is_held = viewer.role in {"lead", "member"} and bool(holds.get(row["id"], set()) & theirs)
        if is_named or is_held:
            found.add(row["id"])
    return found
