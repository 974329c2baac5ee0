"""The milestones report: which one to worry about, when each will be done, and whether such dates hold."""

from collections.abc import Mapping
from urllib.parse import urlencode

import pandas as pd

import charts.forecast as draw
from fairlead.access import VisibleFrames
from fairlead.scope import Scope
from metrics import terms
from reports import calibration, due_dates, foreseen, words
from reports.foreseen import Measured, told_apart
from reports.panel import Headline, Panel, Report
from reports.records import Record, records

QUESTION = "Which milestones drift, when will they really be done, and which one needs you first?"
GREW = 0.25
FEW = 12
"""So many milestones are drawn; the table has them all."""
STATUS_WORDS = {
    "overdue": "overdue",
    "never": f"{words.BEYOND} off",
    "no_throughput": "nothing gets finished",
    "at_risk": "at risk",
    "no_due_date": "no due date",
    "too_early": "too early to tell",
    "ok": "on track",
    "done": "done, still open",
    "empty": "empty",
    "dormant": "dormant",
    "closed": "closed with work left",
    "due_soon": "due soon",
    "open": "on its way",
}
CLOSED_DONE = "done"
WORRYING = ("overdue", "never", "no_throughput", "at_risk")
PORTFOLIO = {
    "closely": "closely", "title": "title", "status": "status", "owner_name": "owner", "due_on": "due_on",
    "p85_on": "plan_on", "drift85_days": "drift_days", "moved85_days": "moved_in_4_weeks_days",
    "p_on_time": "on_time_share", "remaining": "remaining", "scope": "scope", "added_after": "added",
    "removed_after": "removed", "net_slip_days": "due_date_slip_days", "project": "project", "kind": "kind",
}  # fmt: skip
DATES = {
    "closely": "closely", "title": "title", "status": "status", "due_on": "due_on", "p50_on": "expected_on",
    "p85_on": "plan_on", "p95_on": "commit_on", "p_on_time": "on_time_share", "n_weeks": "n_weeks",
    "n_reference": "n_others", "n_resolved": "n_learned_from", "project": "project",
}  # fmt: skip
EVERYTHING = (
    "title", "kind", "project", "status", "owner_name", "due_on", "days_to_due", "scope", "done", "remaining",
    "added_after", "removed_after", "growth_share", "n_due_changes", "net_slip_days", "idle_days", "url",
)  # fmt: skip


def report(frames: VisibleFrames, scope: Scope) -> Report:
    """All open milestones and where they are heading."""
    return report_of(foreseen.measure(frames, scope), scope)


def report_of(measured: Measured, scope: Scope) -> Report:
    """`report` of what has been measured already."""
    return Report(
        key="milestones",
        title="Milestones",
        question=QUESTION,
        headlines=headlines(measured),
        panels=(
            dates_panel(measured, scope),
            _portfolio(measured, scope),
            calibration.held_panel(measured, scope),
            calibration.baselines_panel(measured, scope),
            calibration.spread_panel(measured, scope),
            due_dates.panel(measured.frames, measured.said, measured.titles, scope),
            _everything(measured, scope),
        ),
    )


def headlines(measured: Measured) -> tuple[Headline, ...]:
    """Counts of open milestones by what is wrong with them."""
    rows, summary = measured.portfolio, measured.open
    overdue = rows[rows["status"] == "overdue"]
    moved = summary[summary["n_due_changes"].fillna(0) > 0]
    return (
        Headline(
            label="Open milestones",
            value=words.number(len(rows)),
            help=terms.SCOPE.meaning,
            delta=f"{words.count(int(rows['remaining'].sum()), 'item')} left",
        ),
        Headline(
            label="Overdue",
            value=words.number(len(overdue)),
            help="Open with work left, after the due date.",
            delta=f"up to {words.days(-overdue['days_to_due'].min())} late" if len(overdue) else "",
        ),
        Headline(
            label="At risk",
            value=words.number(int(rows["status"].isin(WORRYING[1:]).sum())),
            help="Not overdue yet, but less than 85 % likely to be done by its due date, or not to be done at all.",
        ),
        Headline(
            label="Due date moved",
            value=words.number(len(moved)),
            help=terms.SLIP.meaning,
            delta=due_dates.farthest(moved["net_slip_days"]) if len(moved) else "as far as observed",
        ),
        Headline(
            label="Grew ≥ 25 %",
            value=words.number(int((rows["growth_share"] >= GREW).sum())),
            help=terms.SCOPE_GROWTH.meaning,
        ),
        Headline(
            label="No owner or date",
            value=words.number(int((rows["is_unowned"] | rows["due_on"].isna()).sum())),
            help="Nobody answers for a milestone without an owner, and nobody can be late without a date.",
        ),
    )


def dates_panel(measured: Measured, scope: Scope) -> Panel:
    """When each open milestone will be done, beside when it is due; those that need somebody on top."""
    rows = measured.portfolio[measured.portfolio["remaining"] > 0]
    drawn = rows[rows["status"] != "dormant"].head(FEW)
    drawn = drawn.assign(label=told_apart(drawn), chance_words=chances_of(drawn))
    return Panel(
        key="open",
        title="When they will be done",
        takeaway=_worry(rows),
        figure=draw.ranges(drawn, as_of=scope.as_of) if len(drawn) else None,
        table=table_of(rows),
        note=f"n = {words.count(len(rows), 'open milestone')} with work left at {scope.last_day}, "
        f"{words.count(len(drawn), 'is', 'are')} drawn. A bar spans what is expected (P50) to what only one future in "
        "twenty goes beyond (P95); plan on the mark (P85). A bar that runs off the right edge may take over two years.",
        empty="No milestone, version or epic with work left is open in this scope.",
        terms=(terms.FORECAST, terms.DRIFT, terms.ON_TIME),
        links=("closely",),
        wide=True,
    )


def _worry(rows: pd.DataFrame) -> str:
    worrying = rows[rows["status"].isin(WORRYING)]
    if rows.empty:
        return ""
    if worrying.empty:
        counts = rows["status"].map(STATUS_WORDS).value_counts()
        return f"Nothing here is urgent. Open: {', '.join(f'{n} {status}' for status, n in counts.items())}."
    first = records(worrying)[0]
    return (
        f"{len(worrying)} of {words.count(len(rows), 'open milestone')} {words.agree(len(worrying), 'needs', 'need')} "
        f"somebody. First {first['title']}: {why(first)}."
    )


def why(row: Record) -> str:
    """What is the matter with an open milestone, in half a sentence."""
    left = words.count(row["remaining"], "item") + " left"
    plan = f"plan on {words.day(row['p85_on'])}" if isinstance(row["p85_on"], pd.Timestamp) else "no date to plan on"
    late = f"{words.count(int(-row['days_to_due']), 'day')} late" if row["status"] == "overdue" else ""
    said = {
        "overdue": f"{late} with {left}, {plan}",
        "never": f"{left}, and at its pace more likely than not they are not done within two years",
        "no_throughput": f"{left}, and nothing was finished for weeks",
        "at_risk": f"{_by_due(row)}; {plan}",
        "no_due_date": f"{left}, {plan}",
        "too_early": f"{left}; too few weeks of its own and too few closed ones to tell",
        "ok": f"{_by_due(row)}; {plan}",
        "dormant": f"{left}, and nothing moved for {words.days(row['idle_days'])}",
    }
    return said.get(str(row["status"]), left)


def _by_due(row: Record) -> str:
    return f"{words.chance(row['p_on_time'])} to be done by {words.day(row['due_on'])}"


def status_words(rows: pd.DataFrame) -> pd.Series:
    """The status of rows of the summary in words; what is done and closed is no longer open."""
    said = rows["status"].map(STATUS_WORDS).astype("str")
    return said.mask((rows["state"] == "closed") & (rows["status"] == "done"), CLOSED_DONE)


def chances_of(rows: pd.DataFrame) -> pd.Series:
    """Status, and the chance to be on time where there is one."""
    status = rows["status"].map(STATUS_WORDS)
    on_time = rows["p_on_time"].map(words.chance).astype("str") + " on time"
    return status.where(rows["p_on_time"].isna() | (rows["status"] == "overdue"), status + ", " + on_time).astype("str")


def table_of(rows: pd.DataFrame, columns: Mapping[str, str] = DATES) -> pd.DataFrame:
    """Rows of the portfolio as people read them."""
    told = rows.assign(status=rows["status"].map(STATUS_WORDS).astype("str"), closely=closely(rows))
    return told[list(columns)].rename(columns=columns).reset_index(drop=True)


def closely(rows: pd.DataFrame) -> pd.Series:
    """The address of the page that looks at each milestone closely."""
    return ("/milestone?" + rows["choice"].map(lambda text: urlencode({"milestone": text}))).astype("str")


def _portfolio(measured: Measured, scope: Scope) -> Panel:
    rows = measured.portfolio
    moved = rows["moved85_days"]
    later, earlier = int((moved > 0).sum()), int((moved < 0).sum())
    return Panel(
        key="portfolio",
        title="Portfolio",
        takeaway=f"In four weeks the date to plan on moved later for {later}, earlier for {earlier} "
        f"of {words.count(len(rows), 'open milestone')}.",
        table=table_of(rows, PORTFOLIO),
        note=f"n = {len(rows)} open at {scope.last_day}, those that need somebody first. Without a date to plan "
        "on more than one future in seven takes over two years. Drift is the date to plan on (P85) "
        "minus the due date, late is positive; so is what moved later. Items are issues and pull requests; those "
        "closed as not planned are out of scope, and what has parts counts by its parts.",
        empty="No milestone, version or epic is open in this scope.",
        terms=(terms.FORECAST, terms.DRIFT, terms.ON_TIME, terms.SCOPE, terms.SCOPE_GROWTH),
        links=("closely",),
        wide=True,
    )


def _everything(measured: Measured, scope: Scope) -> Panel:
    rows = measured.summary.sort_values(["state", "due_on", "title"], ascending=[False, False, True], ignore_index=True)
    closed = rows[rows["state"] == "closed"]
    dated = closed[closed["days_to_due"].notna()]
    late = int((dated["days_to_due"] - dated["net_slip_days"].fillna(0) < 0).sum())
    table = rows[list(EVERYTHING)].rename(columns={"owner_name": "owner"})
    return Panel(
        key="all",
        title="All milestones",
        takeaway=f"{late} of {words.count(len(dated), 'closed milestone')} with a due date closed after the "
        "first date that was said."
        if len(dated)
        else "No milestone with a due date has been closed yet.",
        table=table.assign(status=status_words(rows)),
        note=f"n = {len(rows)} known at {scope.last_day}. Closed ones stand as they were at their closing. "
        "Days to due count to the last due date; where earlier ones were not observed, it is taken for the first.",
        empty="No milestone, version or epic is known in this scope.",
        terms=(terms.SCOPE, terms.SLIP, terms.SCOPE_GROWTH),
        links=("url",),
        wide=True,
        style="folded",
    )
