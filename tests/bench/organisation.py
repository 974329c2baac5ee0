"""A seeded organisation of any size, as tables: shaped like real repositories, not meant to tell a story.

Per pull request about 3 reviews, 5 events and 3 issue events (on half as many issues); durations are log-normal,
activity per person and repository is skewed. Everything is vectorised, so that a million pull requests take a minute.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from fairlead.frames import Frames, empty, from_rows

AS_OF = pd.Timestamp("2026-06-15T08:00:00Z")
YEARS = 3
MINUTE = 60 * 1_000_000
Whole = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Size:
    """How many of what, from the number of pull requests."""

    pull_requests: int

    @property
    def issues(self) -> int:
        """Issues."""
        return self.pull_requests // 2

    @property
    def people(self) -> int:
        """People, each with one account."""
        return max(24, int(self.pull_requests**0.5) * 2)

    @property
    def projects(self) -> int:
        """Repositories."""
        return max(6, self.pull_requests // 2_000)

    @property
    def milestones(self) -> int:
        """Milestones."""
        return max(12, self.pull_requests // 500)

    @property
    def teams(self) -> int:
        """Teams of about eight."""
        return self.people // 8


def organisation(pull_requests: int, *, seed: int = 7) -> Frames:
    """All tables for about that many pull requests; the same seed gives the same tables."""
    size, rng = Size(pull_requests), np.random.default_rng(seed)
    people = _people(size)
    milestones = _milestones(size, rng)
    issues, issue_tables = _issues(size, rng, people["accounts"]["id"], milestones)
    pulls, pull_tables = _pull_requests(size, rng, people["accounts"]["id"], milestones)
    run = {"source": "bench", "started_at": AS_OF, "finished_at": AS_OF, "status": "complete", "watermark": AS_OF}
    runs = from_rows("sync_runs", [run | dict.fromkeys(("rows", "requests"), 0)])
    return Frames.of(
        people | issue_tables | pull_tables
        | {"issues": issues, "pull_requests": pulls, "milestones": milestones, "sync_runs": runs}
    )  # fmt: skip


def _named(prefix: str, n: int) -> pd.Series:
    return prefix + pd.Series(np.arange(n)).astype("str")


def _skewed(rng: np.random.Generator, n: int, among: int) -> Whole:
    """Row numbers below `among`, a few of them far more often than the rest."""
    return np.minimum((rng.pareto(1.2, n) * among / 8).astype(np.int64), rng.integers(0, among, n))


def _instants(micros: npt.NDArray[np.int64]) -> pd.Series:
    return pd.Series(pd.to_datetime(micros, unit="us", utc=True).as_unit("us"))


def _before_today(rng: np.random.Generator, n: int) -> Whole:
    end = AS_OF.value // 1_000
    return end - rng.integers(0, YEARS * 365 * 24 * 60, n) * MINUTE


def _later(rng: np.random.Generator, at: Whole, days: float) -> Whole:
    """Some log-normal time after `at`, with the given median."""
    return at + (rng.lognormal(np.log(days * 1440), 1.1, len(at)) * MINUTE).astype(np.int64)


def _people(size: Size) -> dict[str, pd.DataFrame]:
    people = pd.DataFrame({"id": _named("person:", size.people), "name": _named("Person ", size.people)})
    blank = {
        "time_zone": "Europe/Berlin",
        "workdays": "1111100",
        "day_start": "09:00",
        "day_end": "17:00",
        "share": 1.0,
        "country": "DE",
        "region": "BE",
    }
    people = people.assign(**blank, start_on=pd.NaT, leave_on=pd.NaT)
    accounts = pd.DataFrame({"id": _named("github:U_", size.people), "login": _named("login-", size.people)})
    accounts = accounts.assign(
        source="github",
        name=None,
        kind="user",
        email_hash=None,
        person=people["id"],
        confidence=1.0,
        matched_by="single",
    )
    teams = pd.DataFrame({"id": _named("team:", size.teams), "name": _named("Team ", size.teams)})
    members = pd.DataFrame(
        {"team": teams["id"].take(np.arange(size.people) % size.teams).to_numpy(), "person": people["id"]}
    )
    return {
        "people": people,
        "accounts": accounts,
        "teams": teams,
        "team_members": members,
        "time_off": empty("time_off"),
    }


def _project(numbers: Whole) -> pd.Series:
    return "bench/repository-" + pd.Series(numbers).astype("str")


def _milestones(size: Size, rng: np.random.Generator) -> pd.DataFrame:
    project = _project(np.arange(size.milestones) % size.projects)
    created = _before_today(rng, size.milestones)
    due = _instants(_later(rng, created, 90)).dt.tz_localize(None).dt.normalize()
    is_closed = due < AS_OF.tz_localize(None)
    ids = "github:" + project + "/milestones/" + pd.Series(np.arange(size.milestones)).astype("str")
    return pd.DataFrame(
        {"id": ids, "source": "github", "project": project, "kind": "milestone",
         "title": _named("Milestone ", size.milestones), "state": np.where(is_closed, "closed", "open"),
         "start_on": pd.NaT, "due_on": due, "owner": None, "created_at": _instants(created),
         "updated_at": _instants(created), "closed_at": due.dt.tz_localize("UTC").where(is_closed),
         "url": "https://bench.example/m"}
    )  # fmt: skip


def _base(kind: str, size: Size, n: int, rng: np.random.Generator, created: Whole) -> pd.DataFrame:
    project = _project(_skewed(rng, n, size.projects))
    key = project + "#" + pd.Series(np.arange(n)).astype("str")
    return pd.DataFrame(
        {"id": f"github:{kind}/" + key, "key": key, "source": "github", "project": project,
         "title": _named("Change number ", n), "url": "https://bench.example/i", "created_at": _instants(created)}
    )  # fmt: skip


def _events(parent: str, ids: pd.Series, parts: list[Mapping[str, object]]) -> pd.DataFrame:
    """Parts hold row (of the parent), at (microseconds), and further columns; out comes the table with `seq`."""
    rows = pd.concat([pd.DataFrame(part) for part in parts], ignore_index=True)
    rows = rows[rows["at"] <= AS_OF.value // 1_000].sort_values(["row", "at"], kind="stable")
    seq = rows.groupby("row").cumcount()
    return rows.assign(
        **{parent: ids.take(rows["row"]).to_numpy(), "seq": seq, "at": _instants(rows["at"].to_numpy()).to_numpy()}
    )


def _issues(
    size: Size, rng: np.random.Generator, accounts: pd.Series, milestones: pd.DataFrame
) -> tuple[pd.DataFrame, dict[str, pd.DataFrame]]:
    n = size.issues
    created = _before_today(rng, n)
    started, who = _later(rng, created, 10), accounts.take(_skewed(rng, n, len(accounts))).to_numpy()
    finished = _later(rng, started, 6)
    base = _base("issue", size, n, rng, created)
    state = np.select([finished <= AS_OF.value // 1_000, started <= AS_OF.value // 1_000], ["done", "active"], "todo")
    chosen = milestones["id"].take(rng.integers(0, len(milestones), n)).to_numpy()
    row = np.arange(n)
    change = {"actor": who, "old": None}
    events = _events(
        "issue", base["id"],
        [
            {"row": row, "at": created, "field": "status_category", "new": "todo", **change},
            {"row": row, "at": created + MINUTE, "field": "milestone", "new": chosen, **change},
            {"row": row, "at": started, "field": "assignee", "new": who, **change},
            {"row": row, "at": started, "field": "status_category", "new": "active", "actor": who, "old": "todo"},
            {"row": row, "at": started + MINUTE, "field": "label", "new": "bug", **change},
            {"row": row, "at": finished, "field": "status_category", "new": "done", "actor": who, "old": "active"},
        ],
    )  # fmt: skip
    issues = base.assign(
        type="Task", status=state, status_category=state, resolution=None, priority=None, author=who, parent=None,
        estimate=1.0,
        **dict.fromkeys(("estimated_hours", "remaining_hours", "spent_hours"), np.nan),
        updated_at=base["created_at"], closed_at=_instants(finished).where(state == "done"), due_on=pd.NaT,
    )  # fmt: skip
    tables = {
        "issue_events": events,
        "issue_assignees": pd.DataFrame({"issue": base["id"], "account": who})[state != "todo"],
        "issue_milestones": pd.DataFrame({"issue": base["id"], "milestone": chosen}),
    }
    return issues, tables


def _pull_requests(
    size: Size, rng: np.random.Generator, accounts: pd.Series, milestones: pd.DataFrame
) -> tuple[pd.DataFrame, dict[str, pd.DataFrame]]:
    n = size.pull_requests
    created = _before_today(rng, n)
    merged = _later(rng, created, 2)
    author = _skewed(rng, n, len(accounts))
    base = _base("pull", size, n, rng, created)
    is_merged = (merged <= AS_OF.value // 1_000) & (rng.random(n) < 0.85)
    is_closed = is_merged | (merged <= AS_OF.value // 1_000) & (rng.random(n) < 0.5)
    name = accounts.take(author).to_numpy()
    pulls = base.assign(
        author=name, state=np.select([is_merged, is_closed], ["merged", "closed"], "open"), is_draft=False, base="main",
        milestone=None, updated_at=base["created_at"], merged_at=_instants(merged).where(is_merged),
        closed_at=_instants(merged).where(is_closed), merged_by=None, additions=10, deletions=5, changed_files=2,
    )  # fmt: skip
    asked = [_skewed(rng, n, len(accounts)) for _ in range(3)]
    row = np.arange(n)
    parts = [
        {
            "row": row,
            "at": created + 5 * k * MINUTE,
            "kind": "review_requested",
            "actor": name,
            "subject": accounts.take(who).to_numpy(),
        }
        for k, who in enumerate(asked, start=1)
    ]
    ended = {"row": row[is_closed], "at": merged[is_closed], "actor": name[is_closed], "subject": None}
    parts += [ended | {"kind": np.where(is_merged, "merged", "closed")[is_closed]}]
    parts += [{"row": row, "at": created + MINUTE, "kind": "labeled", "actor": name, "subject": "bug"}]
    chosen = milestones["id"].take(rng.integers(0, len(milestones), n)).to_numpy()
    parts += [{"row": row[::4], "at": created[::4], "kind": "milestoned", "actor": name[::4], "subject": chosen[::4]}]
    return pulls, {
        "pull_request_events": _events("pull_request", base["id"], parts),
        "reviews": _reviews(rng, base, created, asked, accounts),
    }


def _reviews(
    rng: np.random.Generator, base: pd.DataFrame, created: Whole, asked: list[Whole], accounts: pd.Series
) -> pd.DataFrame:
    rows = np.tile(np.arange(len(base)), len(asked))
    at = _later(rng, np.tile(created, len(asked)) + 20 * MINUTE, 0.6)
    known = np.flatnonzero(at <= AS_OF.value // 1_000)
    return pd.DataFrame(
        {"id": _named("github:R_", len(known)), "pull_request": base["id"].take(rows[known]).to_numpy(),
         "author": accounts.take(np.concatenate(asked)[known]).to_numpy(), "at": _instants(at[known]).to_numpy(),
         "state": np.where(rng.random(len(known)) < 0.6, "approved", "commented"), "size": 1}
    )  # fmt: skip
