"""One milestone closely: when it will be done, why it drifts, what changed, what is left, and what if."""

import math

import pandas as pd

import charts.forecast as draw
import charts.milestones as draw_burn_up
from fairlead import keys
from fairlead.access import VisibleFrames
from fairlead.scope import Scope
from metrics import forecast, milestones, terms
from reports import changing, drifting, foreseen, remaining, whatif, words
from reports.foreseen import Measured, One
from reports.milestones import CLOSED_DONE, STATUS_WORDS, why
from reports.panel import Headline, Panel, Report
from reports.records import Record
from reports.whatif import NOTHING, Scenario

QUESTION = "When will this one really be done, why does it drift, and what would help?"
INSTANT = pd.Timedelta(microseconds=1)
COMMITTED_BY = {
    "start_on": "its planned start",
    "first_work": "the first day of work",
    "planned_window": "a tenth of its planned time",
}
WAYS = {
    "own": "from {n_weeks} of its own and how {n_reference} were closed",
    "reference": "from how long {n_reference} took, because it has fewer than six whole weeks of its own",
}
WEEKS = 26


def report(frames: VisibleFrames, scope: Scope) -> Report:
    """The milestone that needs somebody first."""
    return report_of(foreseen.measure(frames, scope), scope)


def report_of(
    measured: Measured, scope: Scope, *, milestone: str | None = None, scenario: Scenario = NOTHING
) -> Report:
    """One milestone of what has been measured (default: the one that needs somebody first)."""
    one = One(measured, scope, milestone or next(iter(foreseen.choices(measured, scope).values()), None))
    left, said, happened = remaining.items(one), _said(one), changing.changes(one)
    supposed = whatif.panels(one, left, scenario)
    told = (
        _burn_up(one),
        drifting.panel(one, changing.gained(happened)),
        _trend(said, scope),
        changing.panel(one, happened, said),
        remaining.panel(left, title=one.title),
    )
    return Report(
        key="milestone",
        title="One milestone",
        question=QUESTION,
        headlines=_headlines(one),
        panels=(*told, *supposed) if scenario.is_nothing else (*supposed, *told),
    )


def _headlines(one: One) -> tuple[Headline, ...]:
    now, ahead = one.now, one.ahead
    status = ahead.get("status") or (now and ("closed" if now["state"] == "closed" else now["status"]))
    return (
        Headline(
            label="Due",
            value=words.short_day(now.get("due_on")) if now else words.UNKNOWN,
            help="A whole day; late is after it.",
            delta=_moved(now),
        ),
        Headline(label="Expected", value=_date(ahead, "p50"), help="P50: half of all futures are done by then."),
        Headline(label="Plan on", value=_date(ahead, "p85"), help=terms.FORECAST.meaning),
        Headline(label="Commit on", value=_date(ahead, "p95"), help="P95: what to promise to others."),
        Headline(
            label="On time",
            value=words.chance(ahead["p_on_time"]) if ahead else words.UNKNOWN,
            help=f"{terms.ON_TIME.meaning} {_lateness(ahead)}".strip(),
            delta=CLOSED_DONE if _is_closed_done(now) else STATUS_WORDS.get(str(status), ""),
        ),
    )


def _is_closed_done(now: Record) -> bool:
    return bool(now) and now["state"] == "closed" and now["status"] == "done"


def _lateness(ahead: Record) -> str:
    """How late it is on average, over all futures; empty where there is no date to be late by."""
    late_days = 7 * ahead.get("late_weeks", math.nan)
    return f"On average over all futures it is {words.days(late_days)} late." if math.isfinite(late_days) else ""


def _moved(now: Record) -> str:
    slip = now.get("net_slip_days", math.nan)
    return f"moved {words.shift(slip)}" if now.get("n_due_changes") and not math.isnan(slip) else ""


def _date(ahead: Record, level: str) -> str:
    weeks = ahead.get(f"{level}_weeks", math.nan)
    if math.isnan(weeks):
        return words.UNKNOWN
    return words.BEYOND if math.isinf(weeks) else words.short_day(ahead[f"{level}_on"])


def _said(one: One) -> pd.DataFrame:
    """What was forecast at the end of each of the last weeks."""
    history = one.measured.history
    if one.id is None:
        return forecast.forecasts(history, as_of=one.scope.as_of, among=pd.Series(dtype="str"))
    # The last one is the forecast that stands above, the one before is what other reports compare with: one number for
    # one instant.
    as_of, alone = one.scope.as_of, pd.Series([one.id])
    last = [forecast.forecasts(history, as_of=at, among=alone) for at in (as_of - changing.WEEK, as_of)]
    weekly = forecast.forecast_history(history, one.id, as_of=as_of, weeks=WEEKS, futures=foreseen.QUICK)
    found = pd.concat([*(each[each["at"].isin(weekly["at"])] for each in last), weekly], ignore_index=True)
    return found.drop_duplicates("at").sort_values("at", ignore_index=True)


def _burn_up(one: One) -> Panel:
    measured, scope, row, ahead = one.measured, one.scope, one.now, one.ahead
    daily = milestones.burn_up(one.of(measured.known, "id"), one.of(measured.stays), as_of=scope.as_of)
    daily = daily.drop(columns="milestone")
    said = one.of(measured.said)["due_on"]
    due_on = row.get("due_on")
    due = due_on if isinstance(due_on, pd.Timestamp) else None
    figure = draw_burn_up.burn_up(daily, due_on=due, dues_before=[day for day in said.unique() if day != due])
    if one.id is not None and ahead:
        ends = forecast.distribution(measured.history, one.id, as_of=scope.as_of)
        figure = draw.fan(figure, daily, ends)
    return Panel(
        key="burn-up",
        title=f"Burn-up: {one.title}",
        takeaway=f"{_burn_up_words(row, ahead)} {_in_points(one)}".strip(),
        figure=figure,
        table=daily,
        note=f"n = {words.count(len(daily), 'day')}, counted at day's end (UTC), replayed from events: who "
        f"was in when. {_rests_on(ahead)}"
        + (
            "Due dates as observed by Fairlead or its source."
            if row.get("due_is_observed")
            else "The due date is today's: its earlier history was not observed."
        ),
        empty="Choose a milestone that holds items.",
        terms=(terms.FORECAST, terms.SCOPE, terms.SCOPE_GROWTH, terms.WEIGHTED_SCOPE, terms.ESTIMATED_SHARE),
        wide=True,
    )


def _rests_on(ahead: Record) -> str:
    """What the forecast rests on."""
    words_of = WAYS.get(str(ahead.get("way")))
    if not words_of:
        return ""
    weeks = words.count(ahead["n_weeks"], "week")
    others = words.count(ahead["n_reference"], "other milestone")
    learned = ahead["n_resolved"]
    from_own = (
        f"corrected by {words.count(learned, 'earlier forecast')} whose end is known"
        if learned
        else "not corrected: too few milestones have ended to learn from"
    )
    return f"The forecast is {words_of.format(n_weeks=weeks, n_reference=others)}; {from_own}. "


def _burn_up_words(row: Record, ahead: Record) -> str:
    if not row:
        return ""
    done = f"{row['done']} of {_items(row['scope'])} {words.agree(row['done'], 'is', 'are')} done."
    if ahead:
        done += f" {words.sentence(why(ahead))}."
    rule = COMMITTED_BY.get(str(row["commitment_rule"]))
    if rule is None or row["added_after"] is pd.NA:
        return f"{done} When its scope was settled is not known."
    # The scope is settled at the end of that day, which is the first instant of the next.
    return (
        f"{done} Since {rule} ({_day_before(row['committed_at'])}) scope went from {row['committed']} to "
        f"{_items(row['scope'])}: {row['added_after']} added, {row['removed_after']} removed."
    )


def _in_points(one: One) -> str:
    """How far it is by estimates, where there are any."""
    frames, stays = one.measured.frames, one.of(one.measured.stays)
    issues = frames.issues[keys.is_in(frames.issues["id"], stays["item"])]
    events = frames.issue_events[keys.is_in(frames.issue_events["issue"], stays["item"])]
    found = milestones.weighted_scope(one.of(one.measured.known, "id"), stays, issues, events, as_of=one.scope.as_of)
    if found["scope_points"].isna().all():
        return ""
    row = found.iloc[0]
    return (
        f"In points: {words.number(row['done_points'])} of {words.number(row['scope_points'])}; "
        f"{words.share(row['estimated_share'])} of its issues are estimated, the others count as their median."
    )


def _items(n: object) -> str:
    return words.count(int(str(n)), "item")


def _day_before(instant: object) -> str:
    return words.day(instant - INSTANT) if isinstance(instant, pd.Timestamp) else words.UNKNOWN


def _trend(said: pd.DataFrame, scope: Scope) -> Panel:
    table = said[
        ["at", "due_on", "p50_on", "p85_on", "p95_on", "p_on_time", "drift85_days", "remaining", "scope", "way"]
    ]
    table = table.rename(
        columns={
            "at": "said_at",
            "p50_on": "expected_on",
            "p85_on": "plan_on",
            "p95_on": "commit_on",
            "p_on_time": "on_time_share",
            "drift85_days": "drift_days",
        }
    )
    return Panel(
        key="said",
        title="What we said each week",
        takeaway=_trend_words(said),
        figure=draw.trend(said) if said["p85_on"].notna().any() else None,
        table=table,
        note=f"n = {words.count(len(said), 'week')} up to {scope.last_day}; each forecast knows only what was "
        "known then. A line that rises means that the end moves away; where it meets the diagonal, it is there.",
        empty="Nothing was forecast for it: it is over, or held no work.",
        terms=(terms.DRIFT, terms.SLIP),
    )


def _trend_words(said: pd.DataFrame) -> str:
    dated = said.dropna(subset="p85_on")
    if len(dated) < 2:
        return "There are not two weeks with a date to plan on, so it cannot be said how it moved."
    first, last = dated.iloc[0], dated.iloc[-1]
    moved = (last["p85_on"] - first["p85_on"]).days
    weeks = round((last["at"] - first["at"]).days / 7)
    due = (said["due_on"].iloc[-1] - said["due_on"].iloc[0]).days if said["due_on"].notna().all() else 0
    dues = f", the due date {words.shift(float(due))}" if due else ""
    said_in_all = f"In {words.count(weeks, 'week')} the date to plan on moved {words.shift(float(moved))}{dues}."
    return " ".join([said_in_all, *_way_words(dated)])


def _way_words(dated: pd.DataFrame) -> list[str]:
    """When it began to be forecast from its own weeks: its date may jump there, though nothing happened."""
    is_own = dated["way"] == "own"
    since = dated.loc[is_own & ~is_own.shift(fill_value=True), "at"]
    return [
        f"Since {words.day(at)} it is forecast from its own weeks; before, from how long others took."
        for at in since.tail(1)
    ]
