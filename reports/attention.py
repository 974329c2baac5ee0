"""What needs a leader's attention: one line each, with its number, its reason and a link.

Each family names its own lines from what it has measured; the overview puts them in order. `weight` orders lines: 1 is
work at risk now, 2 is a growing risk, 3 is hygiene. `kind` says what is the matter, for whoever asks for a decision.
"""

from collections.abc import Callable
from typing import Any

import pandas as pd

from reports import privacy, words
from reports.clock import DAY_HOURS
from reports.foreseen import Measured as MeasuredMilestones
from reports.milestones import GREW, closely, why
from reports.names import titled
from reports.reviews import Measured as MeasuredReviews
from reports.workload import Measured as MeasuredWorkload
from reports.workload.held import MANY, STALE_DAYS, stands_out, typical

Row = dict[str, Any]
Says = Callable[[Row], str]

COLUMNS = {"weight": "int64"} | dict.fromkeys(("kind", "area", "number", "what", "reason", "url"), "str")
LONG_WAIT_HOURS = 5 * DAY_HOURS
STILL_DAYS = 2 * STALE_DAYS
SOON_DAYS = 28
FEW = 3
"""Lists of most kinds are cut here: the family's page has the rest."""
PAGES = {"Milestone": "/milestones", "Review": "/reviews", "Workload": "/workload"}
"""Where a line leads that is about no single item with an address."""


def of_milestones(measured: MeasuredMilestones) -> pd.DataFrame:
    """Overdue, at risk, not getting done, grown, slipped twice, without owner or date.

    What lacks an owner or a date is mended where it is kept; the rest is explained on the page of the milestone.
    """
    dormant = measured.portfolio[measured.portfolio["status"] == "dormant"]
    left = measured.open[(measured.open["remaining"] > 0) & ~measured.open["milestone"].isin(dormant["milestone"])]
    kept = left.assign(page=closely(left))
    rows = kept.assign(url=None)
    overdue = rows[rows["status"] == "overdue"]
    ahead = measured.portfolio.assign(url=None, page=closely(measured.portfolio))
    risky = ahead[ahead["status"] == "at_risk"]
    soon = risky["days_to_due"] <= SOON_DAYS
    stuck = ahead[ahead["status"].isin(["never", "no_throughput"])]
    grew = rows[rows["growth_share"] >= GREW]
    slipped = rows[rows["n_due_changes"].fillna(0) >= 2]
    unowned = kept[kept["is_unowned"]]
    undated = kept[kept["due_on"].isna()]
    return _together(
        _lines(
            overdue, "overdue", 1, "Milestone", lambda r: words.count(int(-r["days_to_due"]), "day") + " late", _left
        ),
        _lines(risky[soon], "at_risk", 1, "Milestone", _on_time, _why),
        _lines(stuck.head(FEW), "stuck", 1, "Milestone", _number_left, _why),
        _lines(risky[~soon].head(FEW), "at_risk", 2, "Milestone", _on_time, _why),
        _lines(grew.nlargest(FEW, "growth_share"), "grew", 2, "Milestone", _growth, _grown),
        _lines(slipped, "slipped", 2, "Milestone", lambda r: words.shift(r["net_slip_days"]), _slipped),
        _lines(unowned.head(FEW), "unowned", 3, "Milestone", _number_left, lambda _: "Nobody owns it."),
        _lines(undated.head(FEW), "undated", 3, "Milestone", _number_left, lambda _: "It has no due date."),
        _lines(
            dormant.head(FEW),
            "dormant",
            3,
            "Milestone",
            _number_left,
            lambda _: "Nothing moved for half a year. Close it?",
        ),
    )


def _on_time(row: Row) -> str:
    return f"{words.chance(row['p_on_time'])} on time"


def _why(row: Row) -> str:
    if row["status"] == "at_risk":
        plan: str = f"plan on {words.day(row['p85_on'])}" if pd.notna(row["p85_on"]) else "there is no date to plan on"
        return f"Due {words.day(row['due_on'])}; {plan}."
    said = why(row)
    return f"{words.sentence(said)}."


def _left(row: Row) -> str:
    left = (
        f"{row['remaining']} of {words.count(row['scope'], 'item')} {words.agree(row['remaining'], 'is', 'are')} left"
    )
    return f"{left}; due {row['due_on']:%d %b %Y}."


def _number_left(row: Row) -> str:
    return words.count(row["remaining"], "item")


def _growth(row: Row) -> str:
    return f"{words.share(row['growth_share'])} more"


def _grown(row: Row) -> str:
    added = f"{words.count(row['added_after'], 'item')} {words.agree(row['added_after'], 'was', 'were')} added"
    return f"Scope grew: {added} to the {row['committed']} it was settled with."


def _slipped(row: Row) -> str:
    return f"Its due date moved {row['n_due_changes']} times."


def of_reviews(measured: MeasuredReviews, queues: pd.DataFrame) -> pd.DataFrame:
    """The longest waits of people's pull requests, and a queue that holds far more than the others."""
    is_long = measured.waiting["wait_hours"] > LONG_WAIT_HOURS
    waiting = measured.waiting[is_long & ~measured.waiting["is_bots"]].drop_duplicates("pull_request").head(FEW)
    long = _lines(
        _titled(waiting),
        "long_wait",
        2,
        "Review",
        lambda r: words.hours(r["wait_hours"]),
        lambda _: "A requested review has not been answered.",
    )
    half = queues["n_waiting"].median()
    full = queues[(queues["n_waiting"] >= MANY * half) & (queues["n_waiting"] > FEW)]
    return _together(
        _lines(
            full.nlargest(1, "n_waiting").rename(columns={"name": "title"}).assign(url=None),
            "full_queue",
            1,
            "Review",
            lambda r: f"{r['n_waiting']} waiting",
            lambda _: f"Half of the queues hold {words.number(half)} or fewer. See who else can review.",
        ),
        long,
    )


def of_workload(measured: MeasuredWorkload) -> pd.DataFrame:
    """Work of people who are away, urgent work of nobody, full hands, and what stands still."""
    active = measured.people["n_in_progress"]
    full = (
        privacy.closely(measured.frames, measured.people[stands_out(active)])
        .nlargest(FEW, "n_in_progress")
        .sort_values("name")
    )
    half = words.number(typical(active))
    absent = privacy.closely(measured.frames, measured.absent[measured.absent["is_active"]]).head(FEW)
    still = measured.held[measured.held["is_active"]].drop_duplicates("issue").nlargest(FEW, "days_since_change")
    urgent = measured.urgent.head(FEW)
    return _together(
        _lines(
            _titled(urgent),
            "urgent",
            1,
            "Workload",
            lambda r: words.days(r["age_days"]),
            lambda _: "Urgent, and nobody has it.",
        ),
        _lines(
            _titled(absent),
            "absent",
            1,
            "Workload",
            lambda r: words.days(r["age_days"]),
            lambda r: f"In progress, but {r['name']} is away. Hand it over or say that it waits.",
        ),
        _lines(
            full.rename(columns={"name": "title"}).assign(url=None),
            "full_hands",
            1,
            "Workload",
            lambda r: words.count(r["n_in_progress"], "item"),
            lambda _: f"In progress at once; half of all with work in progress hold {half} or fewer.",
        ),
        _lines(
            _titled(still[still["days_since_change"] > STILL_DAYS]),
            "still",
            2,
            "Workload",
            lambda r: words.days(r["days_since_change"]),
            lambda _: "In progress without any change since then. Is it still wanted?",
        ),
    )


def _titled(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(title=titled(rows))


def _lines(  # noqa: PLR0913, PLR0917 (what a line says, one argument each)
    rows: pd.DataFrame, kind: str, weight: int, area: str, number: Says, reason: Says
) -> pd.DataFrame:
    """One line per row, with its title, and its url or the page of its area."""
    records = [{str(name): value for name, value in row.items()} for row in rows.to_dict("records")]
    lines = [
        {
            "weight": weight,
            "kind": kind,
            "area": area,
            "number": number(row),
            "what": row["title"],
            "reason": reason(row),
            "url": _address(row["url"], row.get("page", PAGES[area])),
        }
        for row in records
    ]
    return pd.DataFrame(lines, columns=list(COLUMNS)).astype(COLUMNS)


def _address(url: object, page: str) -> str:
    """Only web addresses: a tracker's text must not pass for one of our pages."""
    return url if isinstance(url, str) and url.startswith(("https://", "http://")) else page


def _together(*parts: pd.DataFrame) -> pd.DataFrame:
    return pd.concat(parts, ignore_index=True)
