"""Panels on changes that may want a second look: merged without review, approved fast. Questions, never verdicts."""

import pandas as pd

from fairlead.scope import Scope, of_teams
from metrics import reviews, terms
from reports import words
from reports.names import facts
from reports.panel import Panel
from reports.records import Record, said_of
from reports.reviews.measured import Measured

WITHOUT = "No review by somebody else"
UNAPPROVED = "Reviewed, not approved"


def merges_panel(measured: Measured, scope: Scope) -> Panel:
    """What was merged without the review or the approval of somebody else."""
    found = merges(measured, scope)
    shares = reviews.approval_shares(found).iloc[0]
    unapproved = shares["unapproved_share"] - shares["unreviewed_share"]
    bare = found[found["is_eligible"] & found["is_unapproved"]]
    columns = ["url", "key", "title", "merged_at", "project", "additions", "deletions"]
    shown = facts(measured.frames.pull_requests, bare["pull_request"], columns)
    table = shown[["url", "key", "title", "merged_at"]].assign(
        what=bare["is_unreviewed"].map({True: WITHOUT, False: UNAPPROVED}).to_numpy(),
        n_lines=shown["additions"] + shown["deletions"],
        project=shown["project"],
    )
    table = table.astype({"what": "str"})[["url", "key", "what", "n_lines", "title", "merged_at", "project"]]
    return Panel(
        key="merged-bare",
        title="Merged without a second pair of eyes",
        takeaway=f"{words.share(shares['unreviewed_share'])} of {words.count(int(shares['n_eligible']), 'merge')} "
        f"had no review by somebody else, another {words.share(unapproved)} no approval that still stood. Was that "
        "meant to be so?",
        table=table.sort_values(["merged_at", "key"], ascending=[False, True], ignore_index=True),
        note=f"n = {words.count(int(shares['n_eligible']), 'merge')} of people's pull requests since "
        f"{scope.first_day}, opened since the project has had reviews at all. Newest first. Merging one's own "
        "change after somebody's approval is fine.",
        empty="Every change merged in this window was reviewed and approved by somebody else, or none was merged.",
        terms=(terms.UNREVIEWED,),
        links=("url",),
    )


def merges(measured: Measured, scope: Scope) -> pd.DataFrame:
    """Merges of the window, of the chosen teams' people, with what was approved of them."""
    frames = of_teams(measured.frames, scope)
    found = reviews.approvals(
        frames.pull_requests,
        frames.pull_request_events,
        frames.reviews,
        frames.accounts,
        start=scope.start,
        as_of=scope.as_of,
    )
    return found[found["author"].notna()].reset_index(drop=True)  # a bot's change is nobody's own


def fast_panel(measured: Measured, scope: Scope) -> Panel:
    """Large changes approved within minutes and without a word, each with the question to ask."""
    frames, agreed = of_teams(measured.frames, scope), scope.agreements
    found = reviews.fast_approvals(
        frames.pull_requests,
        frames.pull_request_events,
        frames.reviews,
        frames.comments,
        frames.files,
        frames.accounts,
        start=scope.start,
        as_of=scope.as_of,
        min_lines=agreed.large_change_lines,
        max_minutes=agreed.fast_approval_minutes,
        generated=agreed.generated,
    )
    table = found.assign(question=said_of(found, _question))
    return Panel(
        key="fast-approvals",
        title="Worth a question",
        takeaway=f"{words.count(len(table), 'large change')} {words.agree(len(table), 'was', 'were')} approved within "
        f"{words.number(agreed.fast_approval_minutes)} minutes and without a word. Often there is a good reason: read "
        "together, or split off from something known.",
        table=table[
            ["url", "key", "question", "title", "lines", "generated_lines", "minutes", "approved_at", "project"]
        ],
        note=f"n = {len(table)}. Large is {agreed.large_change_lines:,} changed lines or more, generated files left "
        "out. A question to ask, no finding about anybody.",
        empty="No large change was approved within minutes and without a word.",
        terms=(terms.FAST_APPROVAL,),
        links=("url",),
    )


def _question(row: Record) -> str:
    lines, minutes = row["lines"], round(row["minutes"])
    after = f"{words.count(minutes, 'minute')}" if minutes else "less than a minute"
    return f"{lines:,} lines, approved {after} after they were ready: had they been looked at before?"
