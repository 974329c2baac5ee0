"""What is in the tables, and what is not: how each source was read, what its history holds, what nobody has decided."""

import numpy as np
import pandas as pd

from fairlead import keys
from fairlead.tables import HUMAN_KINDS, LIKENESS
from metrics.actors import kinds
from metrics.instants import MISSING, NEVER, Micros, instants, micros
from metrics.ordering import Flags


def last_runs(sync_runs: pd.DataFrame) -> pd.DataFrame:
    """How did the last run of each source go, and how far behind the newest source are its data?

    This is about the store as it is, whatever day is looked from, so it takes no `as_of`. The tables do not know
    whether a sync is at work: a run without an end is `interrupted` where a later run of its source has ended,
    `running` otherwise.

    Returns one row per source, by name: source, status (complete, partial, failed, running, interrupted), read_to_at
    (UTC; what its data are as of, which an earlier run may have read; missing where none has read anything),
    behind_hours (older than the newest source's data; NaN where unread), started_at (UTC), seconds (NaN while it has no
    end), rows, requests, points (counts; points missing where there are none), warnings (text, one a line, or missing).
    """
    runs = sync_runs.assign(source=sync_runs["source"].astype("str"))
    by_source = runs["source"]
    read_to = runs["watermark"].where(runs["status"].isin(["complete", "partial"])).groupby(by_source).transform("max")
    ended = runs["started_at"].where(runs["finished_at"].notna()).groupby(by_source).transform("max")
    is_left = (runs["status"] == "running") & (runs["started_at"] < ended)
    last = runs.assign(
        read_to_at=read_to,
        status=runs["status"].mask(is_left, "interrupted"),
        behind_hours=_hours(read_to.max() - read_to),
        seconds=(runs["finished_at"] - runs["started_at"]).dt.total_seconds(),
    )
    last = last.sort_values(["source", "started_at"]).drop_duplicates("source", keep="last", ignore_index=True)
    columns = ["source", "status", "read_to_at", "behind_hours", "started_at", "seconds"]
    return last[[*columns, "rows", "requests", "points", "warnings"]]


def _hours(lengths: pd.Series) -> pd.Series:
    hours: pd.Series = lengths.dt.total_seconds() / 3600
    return hours


def items(  # noqa: PLR0913 (one argument per table it reads)
    issues: pd.DataFrame,
    issue_events: pd.DataFrame,
    pull_requests: pd.DataFrame,
    pull_request_events: pd.DataFrame,
    reviews: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
) -> pd.DataFrame:
    """What does the history of each item hold?

    An issue's history begins with its status, so an issue without any event has lost its history; so has a pull
    request that was closed without one. An issue is estimated as its last change of the estimate says; where none is
    known, as it is now.

    Returns one row per item created by `as_of`: project, kind (issue, pull_request), first_at, last_at (UTC, of its
    events; missing without one), lacks_history, is_estimated, has_assignees (it was ever assigned), is_reviewed (bool;
    the last three are False where the kind has no such thing).
    """
    known, pulls = _known(issues, as_of), _known(pull_requests, as_of)
    changes = issue_events[issue_events["at"] <= as_of]
    happened = pull_request_events[pull_request_events["at"] <= as_of]
    of_issue, of_pull = (
        keys.positions(changes["issue"], known["id"]),
        keys.positions(happened["pull_request"], pulls["id"]),
    )
    assigned = (changes["field"] == "assignee").to_numpy() & changes["new"].notna().to_numpy()
    reviewed = keys.positions(reviews.loc[reviews["at"] <= as_of, "pull_request"], pulls["id"])
    no_event = ~_seen(of_pull, len(pulls))
    parts = [
        _bounds(known, "issue", of_issue, micros(changes["at"])).assign(
            lacks_history=~_seen(of_issue, len(known)),
            is_estimated=_is_estimated(known, changes, of_issue),
            has_assignees=_seen(of_issue[assigned], len(known)),
            is_reviewed=False,
        ),
        _bounds(pulls, "pull_request", of_pull, micros(happened["at"])).assign(
            lacks_history=no_event & (pulls["closed_at"] <= as_of).to_numpy(bool),
            is_estimated=False,
            has_assignees=False,
            is_reviewed=_seen(reviewed, len(pulls)),
        ),
    ]
    return pd.concat(parts, ignore_index=True)


def _known(rows: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    return rows[rows["created_at"] <= as_of].reset_index(drop=True)


def _seen(rows: keys.Positions, n: int) -> Flags:
    """Which of n rows are named."""
    seen = np.zeros(n, dtype=bool)
    seen[rows[rows >= 0]] = True
    return seen


def _bounds(known: pd.DataFrame, kind: str, row: keys.Positions, at: Micros) -> pd.DataFrame:
    """Each item with the first and the last of its events."""
    first, last = np.full(len(known), NEVER), np.full(len(known), MISSING)
    np.minimum.at(first, row[row >= 0], at[row >= 0])
    np.maximum.at(last, row[row >= 0], at[row >= 0])
    bounds = pd.DataFrame({"project": known["project"].astype("str"), "first_at": instants(first)})
    return bounds.assign(last_at=instants(last), kind=pd.Series(kind, known.index, dtype="str"))[
        ["project", "kind", "first_at", "last_at"]
    ]


def _is_estimated(known: pd.DataFrame, changes: pd.DataFrame, row: keys.Positions) -> Flags:
    about = (changes["field"] == "estimate").to_numpy() & (row >= 0)
    told = changes.loc[about, ["at", "seq", "new"]].assign(row=row[about])
    last = told.sort_values(["row", "at", "seq"]).drop_duplicates("row", keep="last")
    estimated = known["estimate"].notna().to_numpy(copy=True)
    estimated[last["row"].to_numpy()] = last["new"].notna().to_numpy()
    return estimated


def projects(items: pd.DataFrame, milestones: pd.DataFrame, *, as_of: pd.Timestamp) -> pd.DataFrame:
    """What is held of each project? Takes what `items` gives.

    Returns one row per project, by name: project, n_issues, n_pull_requests, n_milestones (created by `as_of`, or of
    unknown creation), first_at, last_at (UTC, of all events), estimated_share, assigned_share (of the issues; 0–1),
    reviewed_share (of the pull requests); shares of nothing are NaN.
    """
    is_issue = items["kind"] == "issue"
    issues, pulls = items[is_issue].groupby("project"), items[~is_issue].groupby("project")
    planned = milestones[~(milestones["created_at"] > as_of)]
    found = pd.concat(
        {
            "n_issues": issues.size(),
            "n_pull_requests": pulls.size(),
            "n_milestones": planned.groupby(planned["project"].astype("str")).size(),
            "first_at": items.groupby("project")["first_at"].min(),
            "last_at": items.groupby("project")["last_at"].max(),
            "estimated_share": issues["is_estimated"].mean().astype("float64"),
            "assigned_share": issues["has_assignees"].mean().astype("float64"),
            "reviewed_share": pulls["is_reviewed"].mean().astype("float64"),
        },
        axis=1,
    )
    counts = [name for name in found if str(name).startswith("n_")]
    counted = found.assign(**found[counts].fillna(0).astype("int64"))
    named = counted.set_axis(counted.index.astype("str")).sort_index().rename_axis("project").reset_index()
    return named.astype({"first_at": "datetime64[us, UTC]", "last_at": "datetime64[us, UTC]"})


def removed(tombstones: pd.DataFrame, *, as_of: pd.Timestamp) -> pd.DataFrame:
    """How many items were noticed to be gone at their source by `as_of`?

    Returns one row per project, by name: project, n_deleted, n_transferred.
    """
    found = tombstones[tombstones["found_at"] <= as_of]
    gone = found.assign(
        project=found["project"].astype("str"),
        n_deleted=(found["reason"] == "deleted").astype("int64"),
        n_transferred=(found["reason"] == "transferred").astype("int64"),
    )
    return gone.groupby("project", as_index=False)[["n_deleted", "n_transferred"]].sum()


def missing_history(
    items: pd.DataFrame, milestones: pd.DataFrame, milestone_changes: pd.DataFrame, *, as_of: pd.Timestamp
) -> pd.DataFrame:
    """Of what is the past unknown? Takes what `items` gives.

    No source keeps the past of a milestone's dates: it is known from the first observation in its project on, and
    concerns the milestones that were there before (or of unknown creation).

    Returns one row per project and kind of gap, by both: project, what (issues, milestones, pull_requests), n (without
    a past), n_of (all), since_at (UTC; milestones: the first observation; missing where there was none, and otherwise).
    """
    kind = items["kind"].map({"issue": "issues", "pull_request": "pull_requests"}).astype("str")
    by_kind = items["lacks_history"].groupby([items["project"], kind.rename("what")])
    lost = by_kind.agg(n="sum", n_of="size").reset_index().assign(since_at=pd.Series(dtype="datetime64[us, UTC]"))
    found = pd.concat([lost, _unobserved(milestones, milestone_changes, as_of=as_of)], ignore_index=True)
    gaps = found[found["n"] > 0].sort_values(["project", "what"], ignore_index=True)
    return gaps.astype({"project": "str", "what": "str", "n": "int64", "n_of": "int64"})[
        ["project", "what", "n", "n_of", "since_at"]
    ]


def _unobserved(milestones: pd.DataFrame, changes: pd.DataFrame, *, as_of: pd.Timestamp) -> pd.DataFrame:
    planned = milestones[~(milestones["created_at"] > as_of)].reset_index(drop=True)
    seen = changes[changes["observed_at"] <= as_of]
    row = keys.positions(seen["milestone"], planned["id"])
    first = np.full(len(planned), NEVER)
    np.minimum.at(first, row[row >= 0], micros(seen["observed_at"])[row >= 0])
    told = planned.assign(project=planned["project"].astype("str"), first_at=instants(first))
    told = told.assign(since_at=told.groupby("project")["first_at"].transform("min"))
    is_older = ~(told["created_at"] >= told["since_at"])
    by_project = told.assign(is_older=is_older).groupby("project")
    found = by_project.agg(n=("is_older", "sum"), n_of=("is_older", "size"), since_at=("since_at", "first"))
    return found.reset_index().assign(what=pd.Series("milestones", range(len(found)), dtype="str"))


def statuses(
    statuses: pd.DataFrame, issues: pd.DataFrame, issue_events: pd.DataFrame, *, as_of: pd.Timestamp
) -> pd.DataFrame:
    """What is each status taken to mean, who says so, and how much hangs on it?

    Returns one row per status, by site and name: site, name, category, said_by, n_issues (that ever were in it by
    `as_of`), n_events (moves into it).
    """
    site = statuses["id"].astype("str").str.rsplit(":", n=2).str[0]
    named = statuses.assign(of=site + "\n" + statuses["name"].astype("str"), site=site.str.removeprefix("jira:"))
    known = _known(issues, as_of)
    is_move = (issue_events["field"] == "status") & (issue_events["at"] <= as_of)
    moves = issue_events[is_move & issue_events["new"].isin(named["name"])]
    untold = known[~keys.is_in(known["id"], issue_events.loc[is_move, "issue"]) & known["status"].isin(named["name"])]
    moved = _borne(moves["issue"], moves["new"])
    ever = pd.concat([moved, _borne(untold["id"], untold["status"])]).drop_duplicates()
    counted = named.assign(
        n_issues=named["of"].map(ever["of"].value_counts()).fillna(0).astype("int64"),
        n_events=named["of"].map(moved["of"].value_counts()).fillna(0).astype("int64"),
    )
    columns = {"site": "str", "name": "str", "category": "str", "said_by": "str"}
    ordered = counted.astype(columns).sort_values(["site", "name", "id"], ignore_index=True)
    return ordered[[*columns, "n_issues", "n_events"]]


def _borne(issue: pd.Series, status: pd.Series) -> pd.DataFrame:
    """Issues and the statuses they bore: issue, of (site and name)."""
    ids = issue.astype("str")
    return pd.DataFrame({"issue": ids, "of": ids.str.rsplit(":", n=1).str[0] + "\n" + status.astype("str")})


def accounts_by_kind(accounts: pd.DataFrame) -> pd.DataFrame:
    """How many accounts are of which kind, and how were they matched?

    Returns one row per source, kind and matched_by, by these: source, kind, matched_by (`nobody` where it was not), n.
    """
    by = accounts[["source", "kind"]].astype("str").assign(matched_by=accounts["matched_by"].astype("str"))
    by = by.fillna({"matched_by": "nobody"})
    return by.groupby(["source", "kind", "matched_by"], as_index=False).size().rename(columns={"size": "n"})


def liked_accounts(accounts: pd.DataFrame) -> pd.DataFrame:
    """Which people's accounts were matched by likeness alone?

    Returns one row per account, by id: account, login, name, source, person, confidence (0–1), matched_by.
    """
    is_alike = accounts["matched_by"].isin(LIKENESS) & (accounts["confidence"] < 1)
    found = accounts[accounts["kind"].isin(HUMAN_KINDS) & is_alike]
    text = dict.fromkeys(("account", "login", "name", "source", "person", "matched_by"), "str")
    columns = ["account", "login", "name", "source", "person", "confidence", "matched_by"]
    return found.assign(account=found["id"]).astype(text).sort_values("account", ignore_index=True)[columns]


def requests(
    pull_request_events: pd.DataFrame,
    accounts: pd.DataFrame,
    team_members: pd.DataFrame,
    *,
    start: pd.Timestamp,
    as_of: pd.Timestamp,
) -> tuple[int, int]:
    """How many reviews were requested in `[start, as_of]`, and how many of them of teams nobody is known to be in?"""
    is_asked = (pull_request_events["kind"] == "review_requested") & pull_request_events["at"].between(start, as_of)
    asked = pull_request_events.loc[is_asked, "subject"]
    is_unknown = (kinds(asked, accounts) == "unknown").to_numpy() & ~keys.is_in(asked, team_members["team"])
    return len(asked), int(is_unknown.sum())
