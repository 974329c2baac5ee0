"""What the panels on reviews share: requests and their waits on both clocks, the queue, and who does how much."""

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from fairlead import keys
from fairlead.access import VisibleFrames
from fairlead.calendar import Calendars
from fairlead.scope import Scope, in_projects, members, of_teams
from metrics import reviews
from reports.before import Before, before_of
from reports.clock import calendars_of, clocks
from reports.names import facts


@dataclass(frozen=True)
class Measured:
    """Requests and first words on pull requests, of the window and of the one before; the queue and the shares.

    `frames` are those of the chosen projects.
    """

    frames: VisibleFrames
    scope: Scope
    calendars: Calendars
    spells: pd.DataFrame
    stretches: pd.DataFrame
    window: pd.DataFrame
    before: pd.DataFrame
    first_words: pd.DataFrame
    first_words_before: pd.DataFrame
    left_out: dict[str, int]
    waiting: pd.DataFrame
    unasked: pd.DataFrame
    share: pd.DataFrame
    compared: Before

    @cached_property
    def stages(self) -> pd.DataFrame:
        """The stages of people's changes that were under way in the window."""
        frames = self.frames
        return reviews.stages(
            peoples(frames, self.scope),
            frames.pull_request_events,
            frames.reviews,
            frames.comments,
            frames.accounts,
            frames.pull_request_issues,
            frames.issue_events,
            self.calendars,
            start=self.scope.start,
            as_of=self.scope.as_of,
        )


def measure(frames: VisibleFrames, scope: Scope) -> Measured:
    """All that the report and the overview need, for the reviewers of the chosen teams, in the chosen projects."""
    chosen = in_projects(frames, scope)
    calendars = calendars_of(frames, scope)
    spells, stretches = _spells(chosen, calendars, scope)
    requested = spells["requested_at"]
    words = _first_words(chosen, calendars, scope)
    first_words = words[words["requested_at"] >= scope.previous_start].reset_index(drop=True)
    return Measured(
        frames=chosen,
        scope=scope,
        calendars=calendars,
        spells=spells,
        stretches=stretches,
        window=spells[requested.between(scope.start, scope.as_of)],
        before=spells[requested.between(scope.previous_start, scope.start, inclusive="left")],
        first_words=first_words[first_words["requested_at"] >= scope.start],
        first_words_before=first_words[first_words["requested_at"] < scope.start],
        left_out=_left_out(chosen, scope),
        waiting=_waiting(chosen, spells, scope),
        unasked=_unasked(chosen, words, spells, scope),
        share=_share(chosen, calendars, scope),
        compared=before_of(chosen, scope),
    )


def _spells(frames: VisibleFrames, calendars: Calendars, scope: Scope) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Requests to the chosen teams and their members with wait_working_hours; and when their clocks ran."""
    spells = reviews.response_spells(
        frames.pull_requests,
        frames.pull_request_events,
        frames.reviews,
        frames.comments,
        frames.accounts,
        frames.team_members,
        as_of=scope.as_of,
        start=scope.previous_start,
    )
    spells = spells[_is_asked_of(spells, frames, scope)].reset_index(drop=True)
    stretches = reviews.waiting_stretches(spells, frames.pull_requests, frames.pull_request_events, as_of=scope.as_of)
    return _with_working_hours(spells, stretches, calendars, scope), stretches


def _with_working_hours(
    spells: pd.DataFrame, stretches: pd.DataFrame, calendars: Calendars, scope: Scope
) -> pd.DataFrame:
    return spells.assign(wait_working_hours=reviews.working_waits(spells, stretches, calendars, as_of=scope.as_of))


def _is_asked_of(spells: pd.DataFrame, frames: VisibleFrames, scope: Scope) -> pd.Series:
    """Whether a request was made to a member of the chosen teams, or to one of the teams."""
    if not scope.teams:
        return pd.Series(True, index=spells.index)
    teams = frames.teams.loc[frames.teams["name"].isin(scope.teams), "id"].astype("str")
    return spells["asked_person"].isin(members(frames, scope)) | spells["team"].isin(teams)


def _waiting(frames: VisibleFrames, spells: pd.DataFrame, scope: Scope) -> pd.DataFrame:
    """Requests waiting now: on people's changes first, the longest first on the clock that leads.

    With is_bots, whether the pull request is a machine's, as a bump of a dependency, and is_over, whether it waits
    longer than agreed.
    """
    waiting = reviews.waiting_requests(spells, frames.pull_requests)
    waiting = waiting.assign(
        is_bots=keys.is_in(waiting["author"], _bots(frames)),
        is_over=waiting["wait_working_hours"] > scope.agreements.answer_within_hours,
    )
    by = ["is_bots", clocks(scope)[0].column]
    return waiting.sort_values(by, ascending=[True, False], kind="stable", ignore_index=True)


def _unasked(frames: VisibleFrames, first_words: pd.DataFrame, spells: pd.DataFrame, scope: Scope) -> pd.DataFrame:
    """People's pull requests that wait for anybody's first word while nobody is asked, the longest first."""
    is_asked = keys.is_in(first_words["pull_request"], spells.loc[spells["is_running"], "pull_request"])
    waiting = first_words[first_words["is_running"] & ~is_asked].reset_index(drop=True)
    shown = facts(frames.pull_requests, waiting["pull_request"], ["key", "title", "url"])
    waiting = pd.concat([waiting, shown], axis=1)
    return waiting.sort_values(clocks(scope)[0].column, ascending=False, kind="stable", ignore_index=True)


def _bots(frames: VisibleFrames) -> pd.Series:
    return frames.accounts.loc[frames.accounts["kind"] == "bot", "id"]


def _left_out(frames: VisibleFrames, scope: Scope) -> dict[str, int]:
    """What no figure of the window counts, of all teams: what → how many."""
    found = reviews.left_out(
        frames.pull_request_events,
        frames.reviews,
        frames.comments,
        frames.accounts,
        frames.team_members,
        start=scope.start,
        as_of=scope.as_of,
    )
    return dict(zip(found["what"], found["n"], strict=True))


def peoples(frames: VisibleFrames, scope: Scope) -> pd.DataFrame:
    """People's pull requests, of the chosen teams."""
    theirs = of_teams(frames, scope).pull_requests
    return theirs[~keys.is_in(theirs["author"], _bots(frames))].reset_index(drop=True)


def _first_words(frames: VisibleFrames, calendars: Calendars, scope: Scope) -> pd.DataFrame:
    """How long people's pull requests, of the chosen teams, waited for the first word of somebody else."""
    pulls = peoples(frames, scope)
    found = reviews.first_human_response(
        pulls,
        frames.pull_request_events,
        frames.reviews,
        frames.comments,
        frames.accounts,
        as_of=scope.as_of,
        start=scope.previous_start,
    )
    stretches = reviews.waiting_stretches(found, pulls, frames.pull_request_events, as_of=scope.as_of)
    return _with_working_hours(found, stretches, calendars, scope)


def _share(frames: VisibleFrames, calendars: Calendars, scope: Scope) -> pd.DataFrame:
    """Review rounds of the window by person, beside what their working hours in it would give them."""
    capacity = calendars.capacity(scope.start, scope.as_of).set_index("person")["capacity_hours"]
    share = reviews.review_share(
        frames.reviews,
        frames.comments,
        frames.pull_requests,
        frames.accounts,
        frames.people,
        start=scope.start,
        as_of=scope.as_of,
        capacity=capacity,
    )
    return share[share["person"].isin(members(frames, scope))] if scope.teams else share
