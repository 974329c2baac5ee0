"""Every measure of every family, as a function of the tables: the shared promises and the benchmark go by it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

from fairlead.agreements import Agreements, WorkingTime
from fairlead.calendar import Calendars, calendars
from fairlead.frames import Frames
from metrics import coverage, flow, forecast, milestones, rebalance, reviews, suggest, workload


@dataclass
class Given:
    """The tables, the instant and the window; and what measures are made of, made once."""

    frames: Frames
    as_of: pd.Timestamp
    days: int = 90
    cache: dict[str, pd.DataFrame] = field(default_factory=dict)

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

    @cached_property
    def calendars(self) -> Calendars:
        return calendars(self.frames.people, self.frames.time_off, self.frames.team_members, WorkingTime())

    @cached_property
    def owed(self) -> pd.Series:
        return self.spells.loc[self.spells["is_running"], "asked_person"].dropna().value_counts()

    def made(self, name: str) -> pd.DataFrame:
        """What a measure gives, made once."""
        if name not in self.cache:
            self.cache[name] = MEASURES[name](self)
        return self.cache[name]

    @property
    def days_of_window(self) -> pd.DatetimeIndex:
        return pd.date_range(self.start, self.as_of, freq="D").as_unit("us")

    @property
    def weeks_of_window(self) -> pd.DatetimeIndex:
        return pd.date_range(self.start, self.as_of, freq="7D").as_unit("us")[:-1]


AGREED = Agreements()
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
    "reviews.response_times": lambda g: reviews.response_times(
        g.spells, within=24, horizon=120, by="asked_person"
    ),
    "reviews.waiting_requests": lambda g: reviews.waiting_requests(g.spells, g.frames.pull_requests),
    "reviews.waiting_stretches": lambda g: reviews.waiting_stretches(
        g.spells, g.frames.pull_requests, g.frames.pull_request_events, as_of=g.as_of
    ),
    "reviews.open_requests": lambda g: reviews.open_requests(g.stretches, at=g.days_of_window),
    "reviews.working_waits": lambda g: reviews.working_waits(
        g.spells, g.stretches, g.calendars, as_of=g.as_of
    ).to_frame("working_hours"),
    "reviews.review_share": lambda g: reviews.review_share(
        g.frames.reviews, g.frames.comments, g.frames.pull_requests, g.frames.accounts, g.frames.people,
        start=g.start, as_of=g.as_of,
        capacity=g.calendars.capacity(g.start, g.as_of).set_index("person")["capacity_hours"],
    ),
    "reviews.review_rounds": lambda g: reviews.review_rounds(
        g.frames.reviews, g.frames.comments, g.frames.pull_requests, g.frames.accounts, start=g.start, as_of=g.as_of
    ),
    "reviews.weekly_rounds": lambda g: reviews.weekly_rounds(
        g.frames.reviews, g.frames.comments, g.frames.pull_requests, g.frames.accounts, weeks=g.weeks_of_window,
        as_of=g.as_of,
    ),
    "reviews.stages": lambda g: reviews.stages(
        g.frames.pull_requests, g.frames.pull_request_events, g.frames.reviews, g.frames.comments, g.frames.accounts,
        g.frames.pull_request_issues, g.frames.issue_events, g.calendars, start=g.start, as_of=g.as_of,
    ),
    "reviews.stage_times": lambda g: reviews.stage_times(g.made("reviews.stages"), by="project"),
    "reviews.approvals": lambda g: reviews.approvals(
        g.frames.pull_requests, g.frames.pull_request_events, g.frames.reviews, g.frames.accounts, start=g.start,
        as_of=g.as_of,
    ),
    "reviews.approval_shares": lambda g: reviews.approval_shares(g.made("reviews.approvals"), by="project"),
    "reviews.fast_approvals": lambda g: reviews.fast_approvals(
        g.frames.pull_requests, g.frames.pull_request_events, g.frames.reviews, g.frames.comments, g.frames.files,
        g.frames.accounts, start=g.start, as_of=g.as_of, min_lines=50, max_minutes=300.0,
        generated=AGREED.generated,
    ),
    "reviews.network": lambda g: reviews.network(
        g.frames.reviews, g.frames.pull_requests, g.frames.accounts, start=g.start, as_of=g.as_of
    ),
    "reviews.islands": lambda g: reviews.islands(g.made("reviews.network"), g.frames.people),
    "reviews.team_reviews": lambda g: reviews.team_reviews(g.made("reviews.network"), g.frames.team_members),
    "reviews.left_out": lambda g: reviews.left_out(
        g.frames.pull_request_events, g.frames.reviews, g.frames.comments, g.frames.accounts, g.frames.team_members,
        start=g.start, as_of=g.as_of,
    ),
    "rebalance.fits": lambda g: rebalance.fits(
        g.assignments, g.frames.issues, g.frames.issue_events, as_of=g.as_of
    ),
    "suggest.suggestions": lambda g: suggest.suggestions(
        g.frames, g.frames.pull_requests.loc[~(g.frames.pull_requests["merged_at"] <= g.as_of), "id"].astype("str"),
        as_of=g.as_of, most_requests=AGREED.most_requests, zone="UTC",
    ),
    "suggest.evaluate": lambda g: suggest.evaluate(
        g.frames, as_of=g.as_of, most_requests=AGREED.most_requests, zone="UTC", limit=300
    ),
    "suggest.scores": lambda g: suggest.scores(g.made("suggest.evaluate")),
    "workload.assignments": lambda g: workload.assignments(
        g.frames.issues, g.frames.issue_events, g.frames.accounts, as_of=g.as_of
    ),
    "workload.items_held": lambda g: workload.items_held(
        g.assignments, g.frames.issues, g.frames.issue_events, as_of=g.as_of
    ),
    "workload.held_by_absent": lambda g: workload.held_by_absent(
        g.held, g.frames.people, g.frames.time_off, as_of=g.as_of, zone="UTC"
    ),
    "workload.unassigned_urgent": lambda g: workload.unassigned_urgent(
        g.frames.issues, g.frames.issue_events, g.assignments, as_of=g.as_of
    ),
    "workload.wip_over_time": lambda g: workload.wip_over_time(g.assignments, at=g.days_of_window),
    "workload.weekly_wip": lambda g: workload.weekly_wip(g.assignments, weeks=g.weeks_of_window, as_of=g.as_of),
    "workload.attention": lambda g: workload.attention(
        g.assignments, g.calendars, as_of=g.as_of, support_share=AGREED.support_share
    ),
    "workload.efforts": lambda g: workload.efforts(
        g.made("workload.attention"), g.frames.issues, g.frames.issue_events, as_of=g.as_of
    ),
    "workload.remaining": lambda g: workload.remaining(
        g.made("workload.efforts"), g.assignments, g.frames.issues, g.frames.issue_events, as_of=g.as_of, weeks=2
    ),
    "workload.parts": lambda g: workload.parts(g.made("workload.remaining"), g.held),
    "workload.load": lambda g: workload.load(
        g.made("workload.remaining"), g.held, g.owed, g.calendars, as_of=g.as_of, weeks=2,
        review_hours=AGREED.review_hours, support_share=AGREED.support_share, limit=AGREED.overload_ratio,
    ),
    "workload.daily_wip": lambda g: workload.daily_wip(g.assignments, g.calendars, as_of=g.as_of),
    "workload.overloads": lambda g: workload.overloads(
        g.made("workload.load"), g.made("workload.daily_wip"), g.frames.team_members,
        limit=AGREED.overload_ratio,
    ),
    "workload.causes": lambda g: workload.causes(g.made("workload.overloads"), g.made("workload.remaining"), g.held),
    "workload.imbalance": lambda g: workload.imbalance(g.made("workload.load"), g.frames.team_members),
    "workload.switching": lambda g: workload.switching(
        g.assignments, g.frames.issues, start=g.start, as_of=g.as_of
    ),
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
    "workload.priorities": "a column of items_held",
}
"""Public functions with `as_of` that are no measure of their own, and why."""
