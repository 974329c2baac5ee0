"""Every measure of every family, as a function of the tables: the shared promises and the benchmark go by it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from fairlead.frames import Frames
from metrics import coverage, flow, forecast, milestones, reviews, workload


@dataclass
class Given:
    """The tables, the instant and the window; and what measures are made of, made once."""

    frames: Frames
    as_of: pd.Timestamp
    days: int = 90

    @property
    def start(self) -> pd.Timestamp:
        return self.as_of - pd.Timedelta(days=self.days)

    @cached_property
    def items(self) -> pd.DataFrame:
        return MEASURES["flow.issue_items"](self)

    @cached_property
    def read(self) -> pd.DataFrame:
        return MEASURES["coverage.items"](self)

    @cached_property
    def timed(self) -> pd.DataFrame:
        return MEASURES["flow.cycle_times"](self)

    @cached_property
    def spans(self) -> pd.DataFrame:
        return MEASURES["flow.issue_spans"](self)

    @cached_property
    def known(self) -> pd.DataFrame:
        return MEASURES["milestones.as_known"](self)

    @cached_property
    def members(self) -> pd.DataFrame:
        return MEASURES["milestones.membership"](self)

    @cached_property
    def stays(self) -> pd.DataFrame:
        return MEASURES["milestones.stays"](self)

    @cached_property
    def history(self) -> forecast.History:
        return forecast.replayed(self.known, self.stays, self.frames.milestone_changes, as_of=self.as_of)

    @cached_property
    def forecasts(self) -> pd.DataFrame:
        return MEASURES["forecast.forecasts"](self)

    @cached_property
    def spells(self) -> pd.DataFrame:
        return MEASURES["reviews.response_spells"](self)

    @cached_property
    def stretches(self) -> pd.DataFrame:
        return MEASURES["reviews.waiting_stretches"](self)

    @cached_property
    def assignments(self) -> pd.DataFrame:
        return MEASURES["workload.assignments"](self)

    @cached_property
    def held(self) -> pd.DataFrame:
        return MEASURES["workload.items_held"](self)

    @property
    def days_of_window(self) -> pd.DatetimeIndex:
        return pd.date_range(self.start, self.as_of, freq="D").as_unit("us")

    @property
    def weeks_of_window(self) -> pd.DatetimeIndex:
        return pd.date_range(self.start, self.as_of, freq="7D").as_unit("us")[:-1]


FEW = forecast.Futures(trials=500)
"""Promises hold for any number of trials."""
LESS = forecast.Supposed(n_dropped=2, pace=1.5, later_weeks=1.0)


def _supposed(given: Given) -> pd.DataFrame:
    """Every open milestone with the same supposed."""
    nothing = forecast.forecasts(given.history, as_of=given.as_of, among=pd.Series(dtype="str"))
    known = given.history.known
    rows = [
        forecast.what_if(given.history, each, LESS, as_of=given.as_of, futures=FEW)
        for each in sorted(known.loc[known["state"] == "open", "id"].astype("str"))
    ]
    return pd.concat([nothing, *rows], ignore_index=True)


def _portfolio(given: Given) -> pd.DataFrame:
    """The portfolio beside that of four weeks before."""
    summary = MEASURES["milestones.summary"](given)
    before = given.as_of - pd.Timedelta(weeks=4)
    return forecast.portfolio(summary, given.forecasts, forecast.forecasts(given.history, as_of=before, futures=FEW))


MEASURES: dict[str, Callable[[Given], pd.DataFrame]] = {
    "coverage.items": lambda g: coverage.items(
        g.frames.issues, g.frames.issue_events, g.frames.pull_requests, g.frames.pull_request_events, g.frames.reviews,
        as_of=g.as_of,
    ),
    "coverage.projects": lambda g: coverage.projects(g.read, g.frames.milestones, as_of=g.as_of),
    "coverage.missing_history": lambda g: coverage.missing_history(
        g.read, g.frames.milestones, g.frames.milestone_changes, as_of=g.as_of
    ),
    "coverage.statuses": lambda g: coverage.statuses(
        g.frames.statuses, g.frames.issues, g.frames.issue_events, as_of=g.as_of
    ),
    "coverage.accounts_by_kind": lambda g: coverage.accounts_by_kind(g.frames.accounts),
    "coverage.liked_accounts": lambda g: coverage.liked_accounts(g.frames.accounts),
    "flow.issue_items": lambda g: flow.issue_items(g.frames.issues, g.frames.issue_events, as_of=g.as_of),
    "flow.pull_request_items": lambda g: flow.pull_request_items(
        g.frames.pull_requests, g.frames.pull_request_events, as_of=g.as_of
    ),
    "flow.cycle_times": lambda g: flow.cycle_times(g.items, start=g.start, as_of=g.as_of),
    "flow.monthly_cycle_times": lambda g: flow.monthly_cycle_times(g.timed),
    "flow.throughput": lambda g: flow.throughput(g.items, start=g.start, as_of=g.as_of),
    "flow.issue_spans": lambda g: flow.issue_spans(g.frames.issue_events, as_of=g.as_of),
    "flow.pull_request_spans": lambda g: flow.pull_request_spans(
        g.frames.pull_requests, g.frames.pull_request_events, as_of=g.as_of
    ),
    "flow.wip_over_time": lambda g: flow.wip_over_time(g.spans, start=g.start, as_of=g.as_of),
    "flow.ageing": lambda g: flow.ageing(g.items, as_of=g.as_of, sle_days=10.0),
    "forecast.forecasts": lambda g: forecast.forecasts(g.history, as_of=g.as_of, futures=FEW),
    "forecast.backtest": lambda g: forecast.backtest(g.history, as_of=g.as_of, futures=FEW),
    "forecast.portfolio": _portfolio,
    "forecast.what_if": _supposed,
    "forecast.together": lambda g: forecast.together(g.history, g.forecasts, as_of=g.as_of, futures=FEW).without,
    "milestones.as_known": lambda g: milestones.as_known(
        g.frames.milestones, g.frames.milestone_changes, as_of=g.as_of
    ),
    "milestones.membership": lambda g: milestones.membership(
        g.frames.milestones, g.frames.issue_events, g.frames.pull_request_events, as_of=g.as_of
    ),
    "milestones.stays": lambda g: milestones.stays(
        g.members, g.frames.issue_events, g.frames.pull_requests, g.frames.pull_request_events, as_of=g.as_of,
        issues=g.frames.issues,
    ),
    "milestones.blockers": lambda g: milestones.blockers(
        g.frames.issues, g.frames.issue_events, g.frames.issue_links, as_of=g.as_of
    ),
    "milestones.commitments": lambda g: milestones.commitments(g.known, g.stays),
    "milestones.scope_history": lambda g: milestones.scope_history(g.known, g.stays, as_of=g.as_of),
    "milestones.burn_up": lambda g: milestones.burn_up(g.known, g.stays, as_of=g.as_of),
    "milestones.due_dates": lambda g: milestones.due_dates(g.frames.milestone_changes, as_of=g.as_of),
    "milestones.leaves": lambda g: milestones.leaves(
        g.members, g.frames.issue_events, as_of=g.as_of, issues=g.frames.issues
    ),
    "milestones.weighted_scope": lambda g: milestones.weighted_scope(
        g.known, g.stays, g.frames.issues, g.frames.issue_events, as_of=g.as_of
    ),
    "milestones.changes": lambda g: milestones.changes(
        g.known, g.members, g.stays, g.frames.issue_events, g.frames.pull_request_events, as_of=g.as_of
    ),
    "milestones.drift_inputs": lambda g: milestones.drift_inputs(g.known, g.stays, as_of=g.as_of),
    "milestones.due_date_history": lambda g: milestones.due_date_history(g.frames.milestone_changes, as_of=g.as_of),
    "milestones.summary": lambda g: milestones.summary(g.known, g.stays, g.frames.milestone_changes, as_of=g.as_of),
    "reviews.response_spells": lambda g: reviews.response_spells(
        g.frames.pull_requests, g.frames.pull_request_events, g.frames.reviews, g.frames.comments, g.frames.accounts,
        g.frames.team_members, as_of=g.as_of, start=g.start - pd.Timedelta(days=g.days),
    ),
    "reviews.first_human_response": lambda g: reviews.first_human_response(
        g.frames.pull_requests, g.frames.pull_request_events, g.frames.reviews, g.frames.comments, g.frames.accounts,
        as_of=g.as_of,
    ),
    "reviews.response_times": lambda g: reviews.response_times(g.spells, by="asked_person"),
    "reviews.waiting_requests": lambda g: reviews.waiting_requests(g.spells, g.frames.pull_requests),
    "reviews.waiting_stretches": lambda g: reviews.waiting_stretches(
        g.spells, g.frames.pull_requests, g.frames.pull_request_events, as_of=g.as_of
    ),
    "reviews.open_requests": lambda g: reviews.open_requests(g.stretches, at=g.days_of_window),
    "reviews.review_share": lambda g: reviews.review_share(
        g.frames.reviews, g.frames.pull_requests, g.frames.accounts, g.frames.people, start=g.start, as_of=g.as_of
    ),
    "reviews.left_out": lambda g: reviews.left_out(
        g.frames.pull_request_events, g.frames.reviews, g.frames.comments, g.frames.accounts, g.frames.team_members,
        start=g.start, as_of=g.as_of,
    ),
    "workload.assignments": lambda g: workload.assignments(
        g.frames.issues, g.frames.issue_events, g.frames.accounts, as_of=g.as_of
    ),
    "workload.items_held": lambda g: workload.items_held(
        g.assignments, g.frames.issues, g.frames.issue_events, as_of=g.as_of
    ),
    "workload.held_by_absent": lambda g: workload.held_by_absent(
        g.held, g.frames.people, g.frames.time_off, as_of=g.as_of
    ),
    "workload.unassigned_urgent": lambda g: workload.unassigned_urgent(
        g.frames.issues, g.frames.issue_events, g.assignments, as_of=g.as_of
    ),
    "workload.wip_over_time": lambda g: workload.wip_over_time(g.assignments, at=g.days_of_window),
    "workload.weekly_wip": lambda g: workload.weekly_wip(g.assignments, weeks=g.weeks_of_window, as_of=g.as_of),
    "workload.average_wip": lambda g: workload.average_wip(g.assignments, start=g.start, as_of=g.as_of),
    "workload.left_out": lambda g: workload.left_out(g.frames.issue_events, g.frames.accounts, as_of=g.as_of),
}  # fmt: skip

COUNTED_ELSEWHERE = {
    "coverage.removed": "the sample has lost nothing; tested in test_coverage",
    "coverage.requests": "two numbers, tested in test_coverage",
    "flow.unknown_starts": "a number, tested in test_flow",
    "flow.quarter_moves": "takes what a report has put together, tested in test_flow",
    "flow.daily_finishes": "a count by day for a word of caution, tested in test_flow",
    "forecast.distribution": "one milestone's quantiles, tested in test_forecast_whatif",
    "forecast.smallest_cut": "a number, tested in test_forecast_whatif",
    "forecast.forecast_history": "one milestone of those in forecasts, tested in test_forecast",
    "forecast.replayed": "what forecasts are made of, tested in test_forecast",
    "forecast.known_by": "takes a backtest, tested in test_forecast_calibration",
    "milestones.replayed": "three tables, each a measure of its own",
    "reviews.queue_age": "takes a single column, tested in test_reviews",
    "workload.priorities": "a column of items_held",
}
"""Public functions with `as_of` that are no measure of their own, and why."""
