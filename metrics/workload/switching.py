"""Between how many projects does each person switch?"""

import pandas as pd

from fairlead import keys
from metrics import intervals, sweep
from metrics.actors import named
from metrics.instants import micros_of
from metrics.sweep import Counts


def switching(
    assignments: pd.DataFrame, issues: pd.DataFrame, *, start: pd.Timestamp, as_of: pd.Timestamp
) -> pd.DataFrame:
    """In how many projects at once did each person have work in progress over `[start, as_of)`?

    Takes what `assignments` gives for the same `as_of`. Several items of one project are one project, shared items
    count for each holder.
    Returns one row per person with anything in progress then, by id: person, n_projects (with something in progress at
    `as_of`), mean_projects (time average, area / length), busy_share (part of the window with anything in progress,
    0–1). `mean_projects / busy_share` is the average while there was anything to do.
    """
    is_seen = assignments["is_active"] & (assignments["start_at"] < as_of) & ~(assignments["end_at"] <= start)
    active = assignments.loc[is_seen, ["person", "issue", "start_at", "end_at"]].reset_index(drop=True)
    row = keys.positions(active["issue"], issues["id"].astype("str"))
    active = active.assign(project=named(issues["project"], row))
    in_project = intervals.union(active[active["project"].notna()], by=["person", "project"])
    busy = intervals.union(active, by=["person"])
    people = active["person"].drop_duplicates().sort_values(ignore_index=True)
    now = in_project.loc[in_project["end_at"].isna(), "person"].value_counts()
    return pd.DataFrame(
        {
            "person": people.astype("str"),
            "n_projects": now.reindex(people).fillna(0).astype("int64").to_numpy(),
            "mean_projects": _average(in_project, people, start, as_of),
            "busy_share": _average(busy, people, start, as_of),
        }
    )


def _average(spans: pd.DataFrame, people: pd.Series, start: pd.Timestamp, as_of: pd.Timestamp) -> Counts:
    """How many of the spans of each of the people are open on average."""
    opened, closed = intervals.edges(spans["start_at"], spans["end_at"])
    person = keys.positions(spans["person"], people)
    since, until = micros_of(start), micros_of(as_of)
    return sweep.time_average(person, opened, closed, since=since, until=until, n_groups=len(people))
