"""The panel on whether suggested reviewers are those who really review."""

from fairlead.scope import Scope
from metrics import terms
from reports import evaluating, words
from reports.panel import Panel
from reports.reviews.measured import Measured

LATEST = 500
"""So many pull requests are judged: what was right years ago says little of today."""

SAID = {
    "top1_share": "first_is_right_share",
    "top3_share": "one_of_three_share",
    "top5_share": "one_of_five_share",
    "named_load": "open_for_the_first",
    "three_load": "open_for_the_three",
    "hoover_after": "to_move_share",
}
"""What the columns are called on the page."""


def panel(measured: Measured, scope: Scope) -> Panel:
    """How often the suggestions would have named who really reviewed, and whom they would have burdened."""
    rows = evaluating.evaluated(measured.frames, scope, limit=LATEST)
    n = rows["pull_request"].nunique()
    return Panel(
        key="suggestions",
        title="Can the suggestions be trusted?",
        takeaway=evaluating.in_a_line(rows),
        table=evaluating.table(rows).rename(columns=SAID),
        note=f"n = {words.count(n, 'pull request')} up to {scope.last_day}, each judged with what was known "
        f"when it was opened; the latest {LATEST:,} at most. Who really reviewed is not always who should have: "
        "agreement is a floor, not a goal.",
        empty="No pull request was reviewed by anybody else yet, so that nothing can be judged.",
        terms=(terms.SUGGESTED_REVIEWERS, terms.HOOVER),
        wide=True,
    )
