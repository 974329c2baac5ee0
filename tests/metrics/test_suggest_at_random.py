"""Random worlds: a plain loop finds the same names, and later rows change nothing."""

from collections import defaultdict
from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from fairlead.frames import Frames
from metrics import suggest
from tests.metrics.build import frame, happened, utc
from tests.metrics.suggest_world import AGREED, PEOPLE, changed, said, touched, world

START = utc("2025-06-01")
END = utc("2026-06-01")
LOWER = [name.lower() for name in PEOPLE]
PATHS = ("src/a.py", "src/b.py", "src/c.py", "docs/a.md", "docs/b.md", "x.toml")


def text(at):
    return at.isoformat()[:19]


def random_world(seed, n=40):
    draw = np.random.default_rng(seed)
    pulls, reviewed, files, events = [], [], [], []
    for number in range(n):
        created = START + timedelta(seconds=int(draw.integers(0, 365 * 86_400)))
        author = str(draw.choice(LOWER))
        ended = created + timedelta(hours=int(draw.integers(1, 900)))
        pull = changed(str(number), author=author, created=text(created))
        if draw.random() < 0.7:
            pull |= {"closed_at": text(ended), "state": "closed"}
            pull |= {"merged_at": text(ended), "state": "merged"} if draw.random() < 0.8 else {}
        pulls.append(pull)
        later = [created + timedelta(hours=int(hours)) for hours in draw.integers(0, 500, size=draw.integers(0, 4))]
        reviewed += [said(str(number), str(draw.choice(LOWER)), text(at)) for at in later]
        files += touched(str(number), *map(str, draw.choice(PATHS, size=int(draw.integers(0, 3)), replace=False)))
        if draw.random() < 0.5:
            at = text(created + timedelta(hours=int(draw.integers(0, 300))))
            events.append(happened(str(number), at, "review_requested", str(draw.choice(LOWER))))
    return world(pulls, reviewed, files, events=events)


def rows_of(table):
    return table.astype(dict.fromkeys(table.columns, "object")).to_dict("records")


class Looked:
    """The same world, looked at row by row."""

    def __init__(self, frames, at):
        self.at = at
        self.pulls = {row["id"]: row for row in rows_of(frames.pull_requests) if row["created_at"] <= at}
        self.said = [row for row in rows_of(frames.reviews) if row["at"] <= at and row["pull_request"] in self.pulls
            and row["author"] != self.pulls[row["pull_request"]]["author"]]  # fmt: skip
        self.first = {}
        for row in sorted(self.said, key=lambda row: row["at"]):
            self.first.setdefault((row["pull_request"], row["author"]), row["at"])
        self.files = defaultdict(list)
        for row in rows_of(frames.files):
            self.files[row["pull_request"]].append(row["path"])
        self.requests = rows_of(frames.pull_request_events)

    def weight(self, who, author=None):
        found = 0.0
        for (pull, person), at in self.first.items():
            if person == who and author in (None, self.pulls[pull]["author"]):
                found += 0.5 ** ((self.at - at) / pd.Timedelta(days=90))
        return found

    def is_open(self, pull):
        closed = self.pulls[pull]["closed_at"]
        return pd.isna(closed) or closed > self.at

    def desk(self, who):
        lately = {row["pull_request"] for row in self.said
            if row["author"] == who and self.at - row["at"] < pd.Timedelta(days=30)}  # fmt: skip
        waiting = set()
        for row in self.requests:
            pull = row["pull_request"]
            if row["subject"] != who or pull not in self.pulls or row["at"] > self.at:
                continue
            answered = any(each["pull_request"] == pull and each["author"] == who and each["at"] > row["at"]
                for each in self.said)  # fmt: skip
            if self.pulls[pull]["author"] != who and not answered:
                waiting.add(pull)
        return sum(self.is_open(pull) for pull in lately | waiting), sum(self.is_open(pull) for pull in waiting)

    def deeds(self, is_in):
        """Everybody's work on pull requests with a file that is in the area: person, when."""
        found = []
        for pull, row in self.pulls.items():
            if not any(is_in(path) for path in self.files[pull]):
                continue
            if not pd.isna(row["merged_at"]) and row["merged_at"] <= self.at:
                found.append((row["author"], row["merged_at"]))
            found += [(person, at) for (of, person), at in self.first.items() if of == pull]
        return found

    def expertise(self, who, pull):
        scores, known = [], 0
        for path in self.files[pull]:
            folder = path.rpartition("/")[0]
            deeds = self.deeds(lambda other, path=path: other == path)
            deeds = deeds or self.deeds(lambda other, folder=folder: other.rpartition("/")[0] == folder)
            mine = [at for person, at in deeds if person == who]
            known += bool(mine)
            scores.append(self.share(deeds, mine))
        return (sum(scores) / len(scores) if scores else 0.0), known

    def share(self, deeds, mine):
        if not mine:
            return 0.0
        days, my_days = len({at.date() for _, at in deeds}), len({at.date() for at in mine})
        since = max((self.at - max(mine)) / pd.Timedelta(days=1), 1)
        return (len(mine) / len(deeds) + my_days / days + 1 / since) / 3

    def candidates(self, pull):
        author = self.pulls[pull]["author"]
        year = self.at - pd.Timedelta(days=365)
        seen = {row["author"] for row in self.said if row["at"] > year}
        seen |= {row["author"] for row in self.pulls.values() if row["created_at"] > year}
        return sorted(seen - {author})

    def scores(self, pull):
        people, author = self.candidates(pull), self.pulls[pull]["author"]
        popular, familiar = [self.weight(who) for who in people], [self.weight(who, author) for who in people]
        expert = [self.expertise(who, pull)[0] for who in people]
        total = np.zeros(len(people))
        for part, values in ((1.0, popular), (0.5, familiar), (1.0, expert)):
            if sum(values) > 0:
                total += part * np.array(values) / sum(values)
        return dict(zip(people, total, strict=True))


@pytest.mark.parametrize("seed", range(6))
def test_the_evidence_is_what_a_plain_loop_finds(seed):
    frames = random_world(seed)
    asked = frames.pull_requests["id"].astype("str")
    table = suggest.suggestions(frames, asked, as_of=END, most_requests=99, zone="UTC")
    look = Looked(frames, END)
    assert len(table) > 60
    for row in table.to_dict("records"):
        who, pull = row["person"].lower(), row["pull_request"]
        assert who in look.candidates(pull)
        assert row["n_files_known"] == look.expertise(who, pull)[1]
        assert (row["n_open"], row["n_requests"]) == look.desk(who)
        assert row["score"] == pytest.approx(look.scores(pull)[who], abs=1e-8)


@pytest.mark.parametrize("seed", range(3))
def test_a_plain_loop_over_pull_requests_judges_popularity_alike(seed):
    frames = random_world(seed)
    rows = suggest.evaluate(frames, as_of=END, **AGREED)
    rows = rows[rows["method"] == "popularity"].set_index("pull_request")
    now, n = Looked(frames, END), 0
    for pull, row in now.pulls.items():
        truth = {person for of, person in now.first if of == pull}
        look = Looked(frames, row["created_at"] - pd.Timedelta(microseconds=1))
        look.pulls[pull] = row  # it is asked about, though it is not there yet
        people = [who for who in look.candidates(pull) if who != row["author"]]
        del look.pulls[pull]
        if not truth or not people:
            continue
        n += 1
        order = sorted(people, key=lambda who, look=look: (-round(look.weight(who), 7), who))
        places = [place for place, who in enumerate(order, start=1) if who in truth]
        assert rows.loc[pull, "n_candidates"] == len(people)
        assert rows.loc[pull, "reciprocal_rank"] == pytest.approx(1 / places[0] if places else 0.0)
        assert rows.loc[pull, "first_open"] == look.desk(order[0])[0]
    assert len(rows) == n > 10


@pytest.mark.parametrize("seed", range(3))
def test_nothing_after_the_instant_is_known(seed):
    frames, at = random_world(seed), utc("2026-01-15")
    asked = frames.pull_requests["id"].astype("str")
    cut = _cut(frames, at)
    pd.testing.assert_frame_equal(
        suggest.suggestions(frames, asked, as_of=at, **AGREED), suggest.suggestions(cut, asked, as_of=at, **AGREED)
    )
    pd.testing.assert_frame_equal(
        suggest.evaluate(frames, as_of=at, **AGREED), suggest.evaluate(cut, as_of=at, **AGREED)
    )


def _cut(frames, at):
    """The tables as they were then."""
    pulls = frames.pull_requests[frames.pull_requests["created_at"] <= at]
    later = pulls["closed_at"] > at
    pulls = pulls.assign(
        closed_at=pulls["closed_at"].mask(later),
        merged_at=pulls["merged_at"].mask(later),
        state=pulls["state"].mask(later, "open"),
    )
    known = {"pull_requests": pulls}
    for name in ("reviews", "comments", "pull_request_events"):
        table = getattr(frames, name)
        known[name] = table[table["at"] <= at]
    known["files"] = frames.files[frames.files["pull_request"].astype("str").isin(pulls["id"].astype("str"))]
    plain = {name: table.astype({c: "str" for c, d in table.dtypes.items() if str(d) == "category"})
        for name, table in (frames.tables() | known).items()}  # fmt: skip
    return Frames.of(plain)


@pytest.mark.parametrize("seed", range(3))
def test_a_bot_that_reviews_everything_changes_nothing(seed):
    frames = random_world(seed)
    asked = frames.pull_requests["id"].astype("str")
    by_bot = [{"id": f"bot{n}", **said(str(n), "ci[bot]", text(END))} for n in range(20)]
    bots = frame("reviews", by_bot)
    plain = {name: table.astype({c: "str" for c, d in table.dtypes.items() if str(d) == "category"})
        for name, table in frames.tables().items()}  # fmt: skip
    noisy = Frames.of(plain | {"reviews": pd.concat([plain["reviews"], bots], ignore_index=True)})
    pd.testing.assert_frame_equal(
        suggest.suggestions(frames, asked, as_of=END, **AGREED), suggest.suggestions(noisy, asked, as_of=END, **AGREED)
    )
