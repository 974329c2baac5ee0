"""Why one milestone drifts: the parts of its drift in days and in words."""

import math

import pandas as pd

import charts.forecast as draw
from metrics import milestones, terms
from reports import words
from reports.foreseen import One
from reports.panel import Panel
from reports.records import Record, records

COLUMNS = {"part": "str", "days": "float64", "kind": "str", "says": "str"}
OVER = "It was over"
LIMIT_DAYS = 0.5
"""Parts of less than half a day are not told of."""
BEGINNING = {
    "start_on": "its planned start",
    "created": "the day it was created",
    "first_member": "the day its first item joined",
}


def decomposed(one: One, *, finish_on: pd.Series, due_on: pd.Series, is_never: bool, fewer: int = 0) -> pd.DataFrame:
    """The parts of a milestone's drift for a finish and a due date, one row; with so many items fewer in scope.

    Returns the columns of `metrics.milestones.decomposition` beside those of `drift_inputs`.
    """
    known, stays = one.of(one.measured.known, "id"), one.of(one.measured.stays)
    inputs = milestones.drift_inputs(known, stays, as_of=one.scope.as_of)
    rows = inputs.assign(
        scope_now=inputs["scope_now"] - fewer,
        due_current_on=due_on.to_numpy(),
        finish_on=finish_on.to_numpy(),
        is_never=is_never,
    )
    return pd.concat([rows.drop(columns="milestone"), milestones.decomposition(rows)], axis=1)


def panel(one: One, gained: pd.DataFrame) -> Panel:
    """The waterfall of one milestone; `gained` are its members that were added after its scope was settled."""
    row = _row(one)
    table = _parts(row, one.ahead, gained)
    return Panel(
        key="drift",
        title="Why it drifts",
        takeaway=_in_words(table),
        figure=draw.waterfall(table) if len(table) else None,
        table=table.drop(columns="kind"),
        note=f"n = {words.count(int((table['kind'] != 'total').sum()), 'part')} as of {one.scope.last_day}, days "
        f"later than due; they add up exactly. The plan: all of the settled scope from {_beginning(row)} to "
        "the first due date. Where scope and pace both changed, what they did together is halved between them.",
        empty=_missing(row),
        terms=(terms.DRIFT, terms.DRIFT_PARTS, terms.COMMITMENT_POINT),
        wide=True,
    )


def _row(one: One) -> Record:
    """Inputs and parts for the expected finish, or the real one of what is over; empty where there is no milestone."""
    if one.id is None or not one.now:
        return {}
    finish_on = one.ahead["p50_on"] if one.ahead else one.measured.history.over_on(one.id)
    dates = [pd.Series([day], dtype="datetime64[us]") for day in (finish_on, one.now["due_on"])]
    found = decomposed(
        one, finish_on=dates[0], due_on=dates[1], is_never=math.isinf(one.ahead.get("p50_weeks", math.nan))
    )
    return records(found)[0]


def _parts(row: Record, ahead: Record, gained: pd.DataFrame) -> pd.DataFrame:
    """Part, days, what kind of part it is (as `charts.forecast.waterfall` reads it), and what is behind it."""
    if row.get("status") != "ok":
        return pd.DataFrame(columns=list(COLUMNS)).astype(COLUMNS)
    total = row["drift_vs_current_days"]
    lines = [
        ("Late start", row["late_start_days"], _start_words(row)),
        (
            "Scope grew" if row["scope_growth_days"] >= 0 else "Scope shrank",
            row["scope_growth_days"],
            _scope(row, gained),
        ),
        ("Pace", row["throughput_days"], _pace_words(row)),
        ("Due date moved", row["due_change_days"], _due_words(row)),
    ]
    told = [(part, days, "late" if days > 0 else "early", says) for part, days, says in lines if not math.isnan(days)]
    told.append(("Expected (P50)" if ahead else OVER, total, "total", words.day(row["finish_on"])))
    plan = ahead.get("drift85_days", math.nan)
    if math.isfinite(plan):
        told.append(("To be sure", plan - total, "margin", "what is expected comes true in half of all futures only"))
        told.append(("Plan on (P85)", plan, "total", words.day(ahead["p85_on"])))
    return pd.DataFrame(told, columns=list(COLUMNS)).astype(COLUMNS)


def _start_words(row: Record) -> str:
    return f"work began on {words.day(row['actual_start_on'])}, planned was {words.day(row['planned_start_on'])}"


def _scope(row: Record, gained: pd.DataFrame) -> str:
    then, now = int(row["scope_committed"]), int(row["scope_now"])
    if then == now:
        return f"scope is {words.count(now, 'item')}, as it was settled"
    grew = f"scope {'grew' if now > then else 'shrank'} from {then} to {words.count(now, 'item')}"
    if gained.empty or now < then:
        return grew
    week = gained["at"].dt.tz_convert(None).dt.to_period("W-SUN").dt.start_time
    most, n = week.mode().iloc[0], int((week == week.mode().iloc[0]).sum())
    moved = int((gained["kind"] == "moved_in").sum())
    since = f"{grew} after {words.day(gained['at'].min())}"
    often = f", {n} of {len(gained)} in the week of {words.day(most)}" if 1 < n < len(gained) else ""
    return since + often + (f", {moved} from other milestones" if moved else "")


def _pace_words(row: Record) -> str:
    start = row["planned_start_on"] if row["is_start_folded"] else row["actual_start_on"]
    planned = _rate(row["scope_committed"], row["planned_start_on"], row["due_original_on"])
    achieved = _rate(row["scope_now"], start, row["finish_on"])
    late = " (a late start is in here: work has not begun)" if row["is_start_folded"] else ""
    return f"{achieved} items a week from start to end, the plan needed {planned}{late}"


def _rate(n: float, start: pd.Timestamp, end: pd.Timestamp) -> str:
    """Items a week between two days."""
    days = (end - start) / pd.Timedelta(days=1)
    return words.number(7 * n / days, 1) if days > 0 else words.UNKNOWN


def _due_words(row: Record) -> str:
    before, now = words.day(row["due_original_on"]), words.day(row["due_current_on"])
    return f"due {now}, as at first" if before == now else f"due {now}, at first {before}"


def _in_words(table: pd.DataFrame) -> str:
    """`12 of 31 lost days: scope grew …` for each part that counts, the largest first, and what won days back."""
    if table.empty:
        return ""
    total = next(line for line in records(table) if line["kind"] == "total")
    parts = table[table["kind"].isin(["late", "early"]) & (table["days"].abs() >= LIMIT_DAYS)]
    parts = parts.sort_values("days", key=abs, ascending=False)
    lost = round(parts["days"].clip(lower=0).sum())
    said = [_part(line, lost) for line in records(parts)]
    off = round(abs(total["days"]))
    when = f"{words.count(off, 'day')} {'late' if total['days'] > 0 else 'early'}" if off else "on its day"
    verb = "was over" if total["part"] == OVER else "is expected"
    return " ".join([f"It {verb} {when}.", *said])


def _part(line: Record, lost: int) -> str:
    days = round(abs(line["days"]))
    what = f"{days} of {words.count(lost, 'lost day')}" if line["days"] > 0 else f"{words.count(days, 'day')} won"
    return f"{what}: {line['says']}."


def _beginning(row: Record) -> str:
    return BEGINNING.get(str(row.get("planned_start_rule")), "its beginning")


MISSING = {
    "no_due_date": "Without a due date there is nothing to drift from.",
    "never": "More likely than not it is not done within two years, so there is no date to explain. Look at what is "
    "left, and at the smallest cut.",
    "no_finish": "No finish can be told yet, so there is no drift to explain.",
    "no_planned_start": "When it was to begin is not known.",
    "due_before_start": "Its first due date lies before its planned start: the plan says nothing of pace.",
    "nothing_committed": "No scope was settled before work began, so there is nothing to compare with.",
    "empty": "Nothing is in it.",
    "finish_before_start": "It was over before work on it began.",
}


def _missing(row: Record) -> str:
    return MISSING.get(str(row.get("status")), "Choose a milestone that holds items and has a due date.")
