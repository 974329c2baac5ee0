"""The tables of the house, declared: columns, types, units. They enter through `fairlead.frames`.

Instants end in `_at` (UTC, microseconds), dates end in `_on` (a whole day, no time zone), ids are stable strings
(`github:owner/repo#12`, `jira:SITE:10042`), names and keys are what people see. Columns that name people hold
account ids. Absent values are missing, never zero. `docs/data-model.md` is generated from this file.
"""

from typing import Annotated, Any

import numpy as np
import pandas as pd
import pandera.pandas as pa
from pandera import dtypes
from pandera.engines import pandas_engine

Text = Annotated[pd.StringDtype, "pyarrow", np.nan]
Instant = Annotated[pd.DatetimeTZDtype, "us", "UTC"]
Whole = pd.Int64Dtype


@pandas_engine.Engine.register_dtype(equivalents=["day"])
@dtypes.immutable
class Day(pandas_engine.DataType):
    """A calendar day. Pandera's own naive datetime is nanoseconds, which cannot hold a due date in 9999."""

    type = np.dtype("datetime64[us]")

    def coerce(self, data_container: Any) -> Any:  # noqa: ANN401 (pandera's own signature is wider than ours)
        """Dates, ISO strings or midnights → `datetime64[us]` without a zone."""
        return pd.to_datetime(data_container).astype("datetime64[us]")

    def check(self, pandera_dtype: dtypes.DataType, data_container: Any = None) -> bool:  # noqa: ANN401
        """Whether the column already is what `coerce` makes. Pandera reads any naive datetime as nanoseconds."""
        return str(getattr(data_container, "dtype", pandera_dtype)) == str(self)

    def __str__(self) -> str:
        """The pandas name, so that errors read like pandas' own."""
        return "datetime64[us]"


def ref(description: str, *, optional: bool = False) -> Any:  # noqa: ANN401 (pandera fields are typed Any)
    """An id that names a row of another table; kept dictionary-encoded in `Frames`."""
    return pa.Field(description=description, nullable=optional, metadata={"unit": "id", "key": True})


def col(description: str, *, unit: str = "", optional: bool = False, one_of: tuple[str, ...] = ()) -> Any:  # noqa: ANN401
    """A column with its unit; `one_of` lists the only values allowed."""
    checks: dict[str, Any] = {"isin": one_of} if one_of else {}
    return pa.Field(description=description, nullable=optional, metadata={"unit": unit}, **checks)


class Table(pa.DataFrameModel):
    """Base of all tables: undeclared columns are dropped at the door, values take the declared type."""

    class Config:
        """Pandera's switches."""

        coerce = True
        strict = "filter"


HUMAN_KINDS = ("user", "mannequin")
"""Kinds of accounts that are somebody's; a mannequin stands for a person whose history was imported."""

LIKENESS = ("name", "login")
"""What an account was matched by where nobody said whose it is and no address did."""

STATUS_CATEGORIES = ("todo", "active", "done", "dropped")
PULL_REQUEST_EVENT_KINDS = (
    "ready", "draft", "review_requested", "review_request_removed", "dismissed", "closed", "reopened", "merged",
    "milestoned", "demilestoned", "assigned", "unassigned", "labeled", "unlabeled", "force_pushed", "base_changed",
    "queued", "unqueued",
)  # fmt: skip


class Issues(Table):
    """One row per issue, as it is now; its past is in `issue_events`."""

    id: Text = ref("stable id, `github:owner/repo#12` or `jira:SITE:10042`")
    key: Text = col("what people call it, `owner/repo#12` or `FL-12`")
    source: Text = col("system it comes from", one_of=("github", "jira"))
    project: Text = col("`owner/repo` or Jira project key")
    type: Text = col("Bug, Story, Epic …; missing where the source has no types", optional=True)
    title: Text = col("one line; hostile input, never rendered as markup")
    url: Text = col("where to open it")
    status: Text = col("status name as people see it")
    status_category: Text = col("what the status means", one_of=STATUS_CATEGORIES)
    resolution: Text = col("why it was closed, as the source says", optional=True)
    priority: Text = col("priority name", optional=True)
    author: Text = ref("account that created it", optional=True)
    parent: Text = ref("issue it is part of", optional=True)
    estimate: float = col("size in the team's unit", unit="points", optional=True)
    estimated_hours: float = col("work first estimated", unit="hours", optional=True)
    remaining_hours: float = col("work left, as estimated now", unit="hours", optional=True)
    spent_hours: float = col("work logged", unit="hours", optional=True)
    created_at: Instant = col("created", unit="UTC")
    updated_at: Instant = col("last changed at the source", unit="UTC")
    closed_at: Instant = col("last entered done or dropped; missing while open", unit="UTC", optional=True)
    due_on: Day = col("the issue's own due date", unit="day", optional=True)


class IssueLabels(Table):
    """One row per issue and label, now."""

    issue: Text = ref("issue")
    label: Text = col("label name")


class IssueAssignees(Table):
    """One row per issue and assignee, now."""

    issue: Text = ref("issue")
    account: Text = ref("assignee")


class IssueMilestones(Table):
    """One row per issue and milestone it belongs to, now."""

    issue: Text = ref("issue")
    milestone: Text = ref("milestone")


class IssueLinks(Table):
    """One row per link from an issue to another, now. `blocks` means: the other waits for this one."""

    issue: Text = ref("issue")
    other: Text = ref("issue it is linked to; may lie in a project that is not synced")
    kind: Text = col("what the link says", one_of=("blocks", "duplicates", "relates"))


class IssueEvents(Table):
    """One row per change of an issue. `status_category` changes stand beside the `status` changes that cause them.

    Sets (assignee, label, milestone, blocked_by) change one member at a time: an addition has `new` alone, a removal
    `old` alone. `blocked` is a flag somebody sets: its text, or missing.
    """

    issue: Text = ref("issue")
    seq: Whole = col("position in the issue's history; orders changes of one instant", unit="count")
    at: Instant = col("when", unit="UTC")
    actor: Text = ref("account that did it", optional=True)
    field: Text = col("status, status_category, assignee, milestone, label, estimate, due, parent, type, blocked, …")
    old: Text = col("value before; ids for people, milestones and issues", optional=True)
    new: Text = col("value after", optional=True)


class BoardItems(Table):
    """One row per issue on a project board (GitHub Projects v2), now."""

    issue: Text = ref("issue")
    board: Text = col("`owner/number`")
    status: Text = col("column of the board", optional=True)
    iteration: Text = col("iteration it is planned for", optional=True)
    estimate: float = col("size in the team's unit", unit="points", optional=True)
    updated_at: Instant = col("last changed on the board", unit="UTC", optional=True)


class PullRequests(Table):
    """One row per pull request, as it is now; its past is in `pull_request_events`."""

    id: Text = ref("stable id, `github:owner/repo#12`")
    key: Text = col("`owner/repo#12`")
    source: Text = col("system it comes from", one_of=("github", "jira"))
    project: Text = col("`owner/repo`")
    title: Text = col("one line; hostile input")
    url: Text = col("where to open it")
    author: Text = ref("account that opened it", optional=True)
    state: Text = col("open, merged or closed", one_of=("open", "merged", "closed"))
    is_draft: bool = col("not ready for review")
    base: Text = col("branch it goes into", optional=True)
    milestone: Text = ref("milestone it belongs to", optional=True)
    created_at: Instant = col("opened", unit="UTC")
    updated_at: Instant = col("last changed at the source", unit="UTC")
    merged_at: Instant = col("merged", unit="UTC", optional=True)
    closed_at: Instant = col("closed, merged or not", unit="UTC", optional=True)
    merged_by: Text = ref("account that merged it", optional=True)
    additions: Whole = col("lines added", unit="lines", optional=True)
    deletions: Whole = col("lines deleted", unit="lines", optional=True)
    changed_files: Whole = col("files touched", unit="count", optional=True)


class PullRequestLabels(Table):
    """One row per pull request and label, now."""

    pull_request: Text = ref("pull request")
    label: Text = col("label name")


class PullRequestIssues(Table):
    """One row per pull request and issue it closes."""

    pull_request: Text = ref("pull request")
    issue: Text = ref("issue; may lie in a repository that is not synced")


class PullRequestEvents(Table):
    """One row per change of a pull request."""

    pull_request: Text = ref("pull request")
    seq: Whole = col("position in the pull request's history; orders changes of one instant", unit="count")
    at: Instant = col("when", unit="UTC")
    actor: Text = ref("account that did it", optional=True)
    kind: Text = col("what happened", one_of=PULL_REQUEST_EVENT_KINDS)
    subject: Text = ref(
        "account or team asked, milestone, label, or review dismissed (or whose); missing where the kind has none",
        optional=True,
    )


class Reviews(Table):
    """One row per submitted review. Unsubmitted (pending) reviews never enter."""

    id: Text = ref("stable id")
    pull_request: Text = ref("pull request")
    author: Text = ref("reviewer", optional=True)
    at: Instant = col("submitted", unit="UTC")
    state: Text = col(
        "its verdict, before a dismissal where that is known",
        one_of=("approved", "changes_requested", "commented", "dismissed"),
    )
    size: Whole = col("comments made in it", unit="count", optional=True)


class Comments(Table):
    """One row per conversation comment on a pull request; those inside a review are counted in `reviews.size`."""

    id: Text = ref("stable id")
    pull_request: Text = ref("pull request")
    author: Text = ref("who wrote it", optional=True)
    at: Instant = col("written", unit="UTC")


class Files(Table):
    """One row per pull request and file it touches."""

    pull_request: Text = ref("pull request")
    path: Text = col("path in the repository; hostile input")
    additions: Whole = col("lines added", unit="lines", optional=True)
    deletions: Whole = col("lines deleted", unit="lines", optional=True)


class Milestones(Table):
    """One row per GitHub milestone, Jira version, epic or sprint, as it is now."""

    id: Text = ref("stable id, `github:owner/repo/milestones/3`")
    source: Text = col("system it comes from", one_of=("github", "jira"))
    project: Text = col("`owner/repo` or Jira project key")
    kind: Text = col("what it is", one_of=("milestone", "version", "epic", "sprint"))
    title: Text = col("name; hostile input")
    state: Text = col("open or closed", one_of=("open", "closed"))
    start_on: Day = col("planned start", unit="day", optional=True)
    due_on: Day = col("due date, a whole day in the team's zone", unit="day", optional=True)
    owner: Text = ref("account that answers for it", optional=True)
    created_at: Instant = col("created", unit="UTC", optional=True)
    updated_at: Instant = col("last changed at the source; missing where it does not tell", unit="UTC", optional=True)
    closed_at: Instant = col("closed or released", unit="UTC", optional=True)
    url: Text = col("where to open it")


class MilestoneChanges(Table):
    """One row per observed change of a milestone's own fields.

    Neither GitHub nor Jira keeps the history of a milestone's dates: we observe it from the first sync on.
    The change happened after `not_before_at` and at or before `observed_at`. Where the source tells when it last
    changed the milestone, that is the later bound, because its fields have been the same since. The first observation
    of a field has no `old`.
    """

    milestone: Text = ref("milestone")
    not_before_at: Instant = col("the observation before this one", unit="UTC", optional=True)
    observed_at: Instant = col("known to have the new value from then on", unit="UTC")
    field: Text = col("due_on, start_on, title or state", one_of=("due_on", "start_on", "title", "state"))
    old: Text = col("value before, dates as YYYY-MM-DD", optional=True)
    new: Text = col("value after", optional=True)


class PastForecasts(Table):
    """One row per forecast that the last calibration made anew from a past instant, and what became of it.

    The next calibration replaces all of them; no sync does. Weeks are from `at` on: infinite means never, missing that
    nothing was said, or that it is not known yet. Lists of quantiles are JSON, at the levels 0.05, 0.10 … 1.00, with
    `"inf"` for never and `null` for nothing said.
    """

    milestone: Text = ref("milestone")
    at: Instant = col("the forecast knows nothing later than this", unit="UTC")
    window: Text = col("parts of the planned or actual window, or every week", one_of=("planned", "actual", "weekly"))
    part: float = col("part of the window gone; missing where weekly", unit="0–1", optional=True)
    status: Text = col("ok, or why no date could be said: no_history, no_throughput, never …")
    way: Text = col("own weeks, reference class, or none")
    n_weeks: Whole = col("weeks of its own", unit="count")
    n_reference: Whole = col("milestones it was compared with", unit="count")
    n_resolved: Whole = col("earlier forecasts it was recalibrated on; 0: it is as first made", unit="count")
    scope: Whole = col("items in scope then", unit="count")
    remaining: Whole = col("items remaining then", unit="count")
    elapsed_weeks: float = col("since work began", unit="weeks", optional=True)
    over_at: Instant = col("when it was over; missing while open", unit="UTC", optional=True)
    known_at: Instant = col("when that was known", unit="UTC", optional=True)
    actual_weeks: float = col("how long it really took", unit="weeks", optional=True)
    open_weeks: float = col("how long it has been open since; missing where closed", unit="weeks", optional=True)
    window_weeks: float = col("from beginning to end", unit="weeks", optional=True)
    due_at: Instant = col("end of the due date, as observed by then", unit="UTC", optional=True)
    due_weeks: float = col("until then", unit="weeks", optional=True)
    is_on_time: float = col("1 or 0; missing while unknown", unit="0–1", optional=True)
    p_on_time: float = col("chance said to be done by the due date", unit="0–1", optional=True)
    p50_weeks: float = col("done by then with a chance of 50 %", unit="weeks", optional=True)
    p85_weeks: float = col("with 85 %", unit="weeks", optional=True)
    p95_weeks: float = col("with 95 %", unit="weeks", optional=True)
    crps_weeks: float = col("continuous ranked probability score of the outcome", unit="weeks", optional=True)
    pit: float = col("where in the forecast the outcome lay", unit="0–1", optional=True)
    quantiles: Text = col("the forecast as it was said, a JSON list", unit="weeks")
    raw_quantiles: Text = col("the same before recalibration", unit="weeks")
    due_holds_p50: float = col("baseline: the due date holds", unit="weeks", optional=True)
    linear_p50: float = col("baseline: linear burn-up", unit="weeks", optional=True)
    jira_p50: float = col("baseline: velocity as in Jira's version report", unit="weeks", optional=True)
    last_three_p50: float = col("baseline: the last three weeks' pace", unit="weeks", optional=True)
    reference_class_p50: float = col("baseline: as long as others took", unit="weeks", optional=True)
    bootstrap_12_p50: float = col("baseline: plain bootstrap of twelve weeks", unit="weeks", optional=True)
    due_holds_p85: float = col("the same at 85 %: the due date", unit="weeks", optional=True)
    linear_p85: float = col("linear burn-up", unit="weeks", optional=True)
    jira_p85: float = col("velocity less ten percent", unit="weeks", optional=True)
    last_three_p85: float = col("the last three weeks' pace", unit="weeks", optional=True)
    reference_class_p85: float = col("as long as others took", unit="weeks", optional=True)
    bootstrap_12_p85: float = col("plain bootstrap of twelve weeks", unit="weeks", optional=True)
    calibrated_at: Instant = col("what the calibration's data were as of", unit="UTC")


class Releases(Table):
    """One row per published release."""

    id: Text = ref("stable id")
    project: Text = col("`owner/repo`")
    tag: Text = col("tag name")
    url: Text = col("where to open it")
    published_at: Instant = col("published", unit="UTC")
    is_prerelease: bool = col("marked as not for production")


class Accounts(Table):
    """One row per account at a source, and the person it belongs to."""

    id: Text = ref("stable id, `github:<node id>`")
    source: Text = col("system it comes from", one_of=("github", "jira"))
    login: Text = col("login or account name")
    name: Text = col("display name", optional=True)
    kind: Text = col("ghosts are deleted users, one per source", one_of=("user", "bot", "ghost", "mannequin"))
    email_hash: Text = col("SHA-256 of the lower-case e-mail address; the address is not kept", optional=True)
    person: Text = ref("person it belongs to; missing for bots and ghosts", optional=True)
    confidence: float = col("how sure the match is", unit="0–1", optional=True)
    matched_by: Text = col("who or what said so: manual, email, name, login, single", optional=True)


class People(Table):
    """One row per person. Working time is what `fairlead.calendar` reads."""

    id: Text = ref("stable id")
    name: Text = col("display name")
    time_zone: Text = col("IANA zone", optional=True)
    workdays: Text = col("seven flags from Monday, `1111100`", optional=True)
    day_start: Text = col("working day starts, local HH:MM", optional=True)
    day_end: Text = col("working day ends, local HH:MM", optional=True)
    share: float = col("part of full time", unit="0–1", optional=True)
    start_on: Day = col("first day", unit="day", optional=True)
    leave_on: Day = col("last day", unit="day", optional=True)
    country: Text = col("whose public holidays they have, ISO 3166 alpha-2, `DE`", optional=True)
    region: Text = col("region of it with holidays of its own, `BY`", optional=True)


class Teams(Table):
    """One row per team."""

    id: Text = ref("stable id, `github:team:<node id>`")
    name: Text = col("what people call it")


class TeamAccounts(Table):
    """One row per team and account in it, now, as the source says."""

    team: Text = ref("team")
    account: Text = ref("account")


class TeamMembers(Table):
    """One row per team and member, now: the people behind the accounts, and those your settings name."""

    team: Text = ref("team")
    person: Text = ref("member")


class TimeOff(Table):
    """One row per absence. The reason is nobody's business and is not kept."""

    person: Text = ref("who is away")
    start_on: Day = col("first day away", unit="day")
    end_on: Day = col("last day away", unit="day")


class Statuses(Table):
    """One row per status of a Jira site, and what it means."""

    id: Text = ref("stable id, `jira:SITE:status:3`")
    name: Text = col("status name as people see it")
    category: Text = col("what it is taken to mean", one_of=("todo", "active", "done"))
    said_by: Text = col("who says so; `nobody` is our guess", one_of=("source", "settings", "nobody"))


class Tombstones(Table):
    """One row per item that its source no longer holds. The item itself is not kept."""

    id: Text = ref("the item's id")
    kind: Text = col("the table it was in", one_of=("issues", "pull_requests", "milestones"))
    project: Text = col("`owner/repo` or Jira project key")
    reason: Text = col("what became of it", one_of=("deleted", "transferred"))
    moved_to: Text = col("key or project it has now, where it was transferred", optional=True)
    found_at: Instant = col("noticed", unit="UTC")


class SyncRuns(Table):
    """One row per source and run of `fairlead sync`."""

    source: Text = col("source and what was read, `github owner/repo`")
    started_at: Instant = col("started", unit="UTC")
    finished_at: Instant = col("finished; missing while running or killed", unit="UTC", optional=True)
    status: Text = col("how it ended", one_of=("running", "complete", "partial", "failed"))
    stage: Text = col("what is being read, while running", optional=True)
    n_done: Whole = col("items read of it", unit="count", optional=True)
    n_total: Whole = col("items it holds, where the source tells", unit="count", optional=True)
    rows: Whole = col("rows written", unit="count")
    requests: Whole = col("requests sent", unit="count")
    points: Whole = col("rate-limit points used", unit="count", optional=True)
    warnings: Text = col("what a person should know, one a line", optional=True)
    watermark: Instant = col("the source's own clock at the start: the data are as of then", unit="UTC", optional=True)


TABLES: dict[str, type[Table]] = {
    "issues": Issues,
    "issue_labels": IssueLabels,
    "issue_assignees": IssueAssignees,
    "issue_milestones": IssueMilestones,
    "issue_links": IssueLinks,
    "issue_events": IssueEvents,
    "board_items": BoardItems,
    "pull_requests": PullRequests,
    "pull_request_labels": PullRequestLabels,
    "pull_request_issues": PullRequestIssues,
    "pull_request_events": PullRequestEvents,
    "reviews": Reviews,
    "comments": Comments,
    "files": Files,
    "milestones": Milestones,
    "milestone_changes": MilestoneChanges,
    "past_forecasts": PastForecasts,
    "releases": Releases,
    "accounts": Accounts,
    "people": People,
    "teams": Teams,
    "team_accounts": TeamAccounts,
    "team_members": TeamMembers,
    "time_off": TimeOff,
    "statuses": Statuses,
    "tombstones": Tombstones,
    "sync_runs": SyncRuns,
}

IDENTITY: dict[str, tuple[str, ...]] = {
    "issues": ("id",),
    "issue_labels": ("issue", "label"),
    "issue_assignees": ("issue", "account"),
    "issue_milestones": ("issue", "milestone"),
    "issue_links": ("issue", "other", "kind"),
    "issue_events": ("issue", "seq"),
    "board_items": ("issue", "board"),
    "pull_requests": ("id",),
    "pull_request_labels": ("pull_request", "label"),
    "pull_request_issues": ("pull_request", "issue"),
    "pull_request_events": ("pull_request", "seq"),
    "reviews": ("id",),
    "comments": ("id",),
    "files": ("pull_request", "path"),
    "milestones": ("id",),
    "milestone_changes": ("milestone", "observed_at", "field"),
    "past_forecasts": ("milestone", "at", "window"),
    "releases": ("id",),
    "accounts": ("id",),
    "people": ("id",),
    "teams": ("id",),
    "team_accounts": ("team", "account"),
    "team_members": ("team", "person"),
    "time_off": ("person", "start_on"),
    "statuses": ("id",),
    "tombstones": ("id",),
    "sync_runs": ("source", "started_at"),
}
"""The columns that name a row of each table: two rows that agree in all of them are the same row."""
