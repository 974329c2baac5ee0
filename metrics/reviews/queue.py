"""Who has how many review requests waiting, now and over time."""

import numpy as np
import pandas as pd

from fairlead import keys
from metrics.instants import instants, instants_or_never, micros
from metrics.quantiles import nearest_rank
from metrics.reviews.stretches import ASKED
from metrics.sweep import open_counts

WAITS = ["wait_hours", "wait_working_hours"]
WAITING_COLUMNS = ["pull_request", "key", "title", "url", "project", "author", *ASKED, "requested_at", *WAITS]


def waiting_requests(spells: pd.DataFrame, pull_requests: pd.DataFrame) -> pd.DataFrame:
    """Which requests wait now? Takes what `response_spells` gives; those whose clock is paused are left out.

    Returns one row per request, longest wait first: pull_request, key, title, url, project, author, asked,
    asked_person, team, requested_at, wait_hours (elapsed hours on the clock), wait_working_hours (`working_waits`;
    only where `spells` has it).
    """
    waiting = spells[spells["is_running"]].reset_index(drop=True)
    row = keys.positions(waiting["pull_request"], pull_requests["id"].astype("str"))
    shown = pull_requests[["key", "title", "url"]].astype("str").take(row).reset_index(drop=True)
    listed = pd.concat([waiting, shown], axis=1)
    listed = listed[[column for column in WAITING_COLUMNS if column in listed]]
    return listed.sort_values(["wait_hours", "pull_request", "asked"], ascending=[False, True, True], ignore_index=True)


def open_requests(stretches: pd.DataFrame, *, at: pd.DatetimeIndex) -> pd.DataFrame:
    """How many requests waited for each person and each team at the instants `at`? Takes `waiting_stretches`.

    A team's requests stand in its own queue; `shared_requests` splits them among its members.
    Returns one row per instant and queue that was ever filled: at, asked_person, team (one of the two is missing),
    n_open; teams after people, by id.
    """
    instant = np.sort(micros(at.to_series()))
    person, people = pd.factorize(stretches["asked_person"], sort=True)
    team, teams = pd.factorize(stretches["team"], sort=True)
    queue = np.where(person >= 0, person, team + len(people))
    counts = open_counts(
        queue,
        micros(stretches["start_at"]),
        instants_or_never(stretches["end_at"]),
        at=instant,
        n_groups=len(people) + len(teams),
    )
    filled = np.flatnonzero(counts.any(axis=1))
    names = pd.DataFrame(
        {
            "asked_person": pd.Series([*people, *[None] * len(teams)], dtype="str"),
            "team": pd.Series([*[None] * len(people), *teams], dtype="str"),
        }
    )
    return (
        names.take(np.repeat(filled, len(instant)))
        .assign(at=instants(np.tile(instant, len(filled))).array, n_open=counts[filled].astype(np.int64).ravel())[
            ["at", "asked_person", "team", "n_open"]
        ]
        .reset_index(drop=True)
    )


def shared_requests(counts: pd.DataFrame, team_members: pd.DataFrame) -> pd.DataFrame:
    """How many requests waited for each person, with a team's requests split evenly among its members?

    The total stays the number of requests. Takes `open_requests`. Returns one row per instant and person: at, person,
    n_own, n_team_share (a fraction), n_requests (their sum).
    """
    members = team_members[["team", "person"]].astype("str").drop_duplicates()
    size = members.groupby("team")["person"].transform("size")
    own = counts.dropna(subset="asked_person").rename(columns={"asked_person": "person", "n_open": "n_own"})
    teams = counts.dropna(subset="team").merge(members.assign(part=1 / size), on="team")
    teams = teams.assign(n_team_share=teams["n_open"] * teams["part"])
    parts = pd.concat([own[["at", "person", "n_own"]], teams[["at", "person", "n_team_share"]]])
    totals = parts.fillna({"n_own": 0, "n_team_share": 0.0}).groupby(["at", "person"], as_index=False).sum()
    totals = totals.astype({"n_own": "int64", "n_team_share": float})
    return totals.assign(n_requests=totals["n_own"] + totals["n_team_share"])


def queue_age(wait_hours: pd.Series) -> pd.DataFrame:
    """How old is what waits? Takes the hours that the waiting requests have been on the clock, elapsed or working.

    Open ages are biased towards long ones, because a long wait is open on more days; read them beside `response_times`.
    Returns one row: n, p50_hours, p90_hours (nearest rank: ages that really occur), max_hours; NaN for an empty queue.
    """
    return pd.DataFrame(
        {
            "n": [len(wait_hours)],
            "p50_hours": [nearest_rank(wait_hours, 0.5)],
            "p90_hours": [nearest_rank(wait_hours, 0.9)],
            "max_hours": [float(wait_hours.max())],
        }
    )
