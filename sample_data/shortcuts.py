"""Changes that went in with little looking: large ones approved within minutes, others without an approval.

Told after the days have passed, from no random numbers: reviews that were given are moved or taken away again, and
merges stay when they were, so that nobody's day changes with it.
"""

import zlib
from typing import NamedTuple

from sample_data.histories import Pull, Touched
from sample_data.organisation import BY_LOGIN, OWNER
from sample_data.reviews import MINUTE
from sample_data.words import FILES
from sample_data.work import World


class Nod(NamedTuple):
    """A change that was approved so many minutes after it was ready, without a word.

    `n_moved`: it moves or renames so many files of its folder. `reviewer` did what `asked` would have done.
    """

    repo: str
    title: str
    minutes: float
    n_moved: int = 0
    asked: str | None = None
    reviewer: str | None = None


NODS = (
    Nod("voyage-eta", "Move the weather route form to the event bus", 6.2),
    Nod("manifest-service", "Rename country of origin in the customs declaration export", 7.5, 14,
        asked="tomaszbrz", reviewer="deshawn-o"),
    Nod("platform", "Tighten access to the cost report endpoint", 8.8),
    Nod("berth-planner", "Replace the requested time check of the draught limit", 4.1, 10),
)  # fmt: skip
LOCKED = Nod("berth-planner", "Quay map is empty after the clocks go forward", 5.3)
"""A newer library, so that all of it is in a file that a tool writes: nothing to ask about."""
LOCKFILE = Touched("package-lock.json", 1466, 1385)
LAST_LOOKS = (
    ("manifest-service", "Send the hazard note to the data lake as calendar feed"),
    ("manifest-service", "Client of the cargo manifest times out after a cancelled call"),
    ("customs-edi", "Filter the broker inbox schema by UN number"),
    ("platform", "Deploy pipeline is sent twice after a terminal change"),
    ("voyage-eta", "Typo in the emission report form"),
)
"""Reviewed, but merged by their authors before anybody approved."""
ONLY_LOOKS = (
    ("manifest-service", "Split shipment shows the wrong HS code after a restart (second attempt)"),
    ("berth-planner", "Filter the mooring schedule client by agent"),
)
"""Merged by their authors without any review."""


def take_shortcuts(world: World) -> None:
    """All of them."""
    for nod in NODS:
        _nod(world, nod)
    _nod(world, LOCKED).files = [LOCKFILE]
    for repo, title in LAST_LOOKS + ONLY_LOOKS:
        pull = _pull(world, repo, title)
        pull.reviews.remove(max(pull.reviews))


def _nod(world: World, nod: Nod) -> Pull:
    pull = _pull(world, nod.repo, nod.title)
    if nod.asked and nod.reviewer:
        _hand_over(pull, BY_LOGIN[nod.asked].github, BY_LOGIN[nod.reviewer].github)
    ready = max((event.at for event in pull.events if event.kind == "ready"), default=pull.created)
    (review,) = pull.reviews
    pull.reviews = [review._replace(at=ready + int(nod.minutes * MINUTE), size=0)]
    if nod.n_moved:
        pull.files = _moved(pull.files[0], nod.n_moved)
    return pull


def _hand_over(pull: Pull, old: str, new: str) -> None:
    pull.events = [
        event._replace(
            actor=new if event.actor == old else event.actor, subject=new if event.subject == old else event.subject
        )
        for event in pull.events
    ]
    pull.reviews = [review._replace(author=new) if review.author == old else review for review in pull.reviews]


def _moved(first: Touched, n: int) -> list[Touched]:
    """What goes comes back in another place, line by line."""
    folder, _, name = first.path.rpartition("/")
    paths = [f"{folder}/{stem}.{name.rpartition('.')[2]}" for stem in FILES[:n]]
    lines = [20 + zlib.crc32(path.encode()) % 30 for path in paths]
    return [Touched(path, n_lines, n_lines) for path, n_lines in zip(paths, lines, strict=True)]


def _pull(world: World, repo: str, title: str) -> Pull:
    pulls = (pull for pull in world.reviewing.pulls if pull.repo == f"{OWNER}/{repo}")
    return next(pull for pull in pulls if pull.title.removeprefix("Fix: ") == title)
