"""Titles and file paths that read like work in port logistics: parts are combined, no two of a project are the same."""

import re
from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np

from sample_data.words import (
    AREAS,
    BUGS,
    BUMPED,
    CASES,
    CHORES,
    DOMAINS,
    EVENTS,
    FACTS,
    FILES,
    FORMATS,
    LAYERS,
    PARTNERS,
    STORIES,
    TECHNIQUES,
    TIDYINGS,
    USERS,
)

ROOTS = {
    "quay-api": ("src/quay", "tests", ".py"),
    "berth-planner": ("app", "app", ".tsx"),
    "manifest-service": ("internal", "internal", ".go"),
    "customs-edi": ("src/main/edi", "src/test/edi", ".kt"),
    "voyage-eta": ("eta", "tests", ".py"),
    "platform": ("infra", "checks", ".tf"),
}
"""Repository → folder of the code, folder of the tests, ending."""


@dataclass
class Writer:
    """Invents titles and paths and remembers those used."""

    rng: np.random.Generator
    used: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def issue(self, project: str, team: str, kind: str) -> str:
        """A new title for a Bug, a Story or a Task."""
        templates = {"Bug": BUGS, "Story": STORIES}.get(kind, CHORES)
        return self._new(project, team, templates)

    def chore(self, repo: str, team: str) -> str:
        """A new title for a pull request without an issue."""
        return self._new(repo, team, TIDYINGS)

    def bump(self, repo: str) -> str:
        """A new title for a dependency update."""
        while True:
            major, minor, patch = self.rng.integers(0, (6, 30, 12))
            step = self.rng.integers(1, 4)
            title = f"Bump {self._one(BUMPED)} from {major}.{minor}.{patch} to {major}.{minor + step}.0"
            if self._is_new(repo, title):
                return title

    def fix(self, repo: str, of: str) -> str:
        """A title for the pull request that does what an issue asks for."""
        base = of[0].upper() + of[1:]
        for variant in (f"Fix: {base}", f"{base} (second attempt)", f"{base} (follow-up)"):
            if self._is_new(repo, variant):
                return variant
        return f"{base} (part {len(self.used[repo])})"

    def paths(self, repo: str, favourite: int, n: int) -> list[str]:
        """Files touched together: mostly of one area, which is one of its author's favourites."""
        areas = AREAS[repo]
        weights = 1.0 / (1.0 + (np.arange(len(areas)) - favourite) % len(areas)) ** 1.6
        area = areas[int(self.rng.choice(len(areas), p=weights / weights.sum()))]
        root, tests, ending = ROOTS[repo]
        likely = 1.0 / np.arange(1, len(FILES) + 1) ** 0.8
        names = self.rng.choice(FILES, size=min(n, len(FILES)), replace=False, p=likely / likely.sum())
        paths = [f"{root}/{area}/{name}{ending}" for name in names]
        tested = [f"{tests}/{area}/test_{name}{ending}" for name in names[: 1 + n // 3] if self.rng.random() < 0.6]
        extra = ["CHANGELOG.md"] if self.rng.random() < 0.15 else []
        return list(dict.fromkeys(paths + tested + extra))

    def _new(self, project: str, team: str, templates: tuple[str, ...]) -> str:
        while True:
            title = self._filled(self._one(templates), team)
            if self._is_new(project, title):
                return title

    def _filled(self, template: str, team: str) -> str:
        thing = self._one(DOMAINS[team])
        text = template.format(
            thing=thing,
            event=self._one(EVENTS),
            case=self._one(CASES),
            fact=self._one(FACTS[team]),
            users=self._one(USERS),
            layer=self._one(LAYERS),
            partner=self._one(PARTNERS),
            format=self._one(FORMATS),
            technique=self._one(TECHNIQUES),
        )
        text = re.sub(r"\ba (?=[aeioAEIO]|HS )", "an ", text)
        return text[0].upper() + text[1:]

    def _one(self, among: tuple[str, ...]) -> str:
        return among[int(self.rng.integers(len(among)))]

    def _is_new(self, project: str, title: str) -> bool:
        is_new = title not in self.used[project]
        self.used[project].add(title)
        return is_new
