"""What a reader can choose. Every choice is kept in the address, so that a page change, a reload or a link keeps it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal

import pandas as pd
import streamlit as st

from fairlead.config import Settings
from fairlead.scope import WINDOWS, Scope
from reports import render, whatif
from reports.whatif import NOTHING, Options, Scenario

ADDRESS: Final = "query-params"
CLOCKS: Final[dict[str, Literal["elapsed", "working"]]] = {"elapsed hours": "elapsed", "working hours": "working"}
SUPPOSED = ("drop", "drop_label", "due", "pace", "later")
"""What a scenario has in the address."""
GONE = "_fairlead_gone"
EARLIEST = dt.date(2000, 1, 1)
"""No tracker that is read here is older."""


def scope(teams: Sequence[str], projects: Sequence[str], known_as_of: pd.Timestamp, settings: Settings) -> Scope:
    """The filters. `teams` and `projects` are the names to choose from."""
    chosen_teams = _pick("team", "Team", teams, "All teams")
    chosen_projects = _pick("project", "Project", projects, "All projects")
    days = st.selectbox(
        "Window (days)",
        WINDOWS,
        index=WINDOWS.index(90),
        key="window",
        bind=ADDRESS,
        help="How far back figures reach. Lists of what is open now do not depend on it.",
    )
    day = st.date_input(
        "As of",
        value=known_as_of.date(),
        min_value=EARLIEST,
        max_value=known_as_of.date(),
        key="as_of",
        bind=ADDRESS,
        format="YYYY-MM-DD",
        help="Show the dashboard as it stood at the end of this day. History is replayed from events.",
    )
    agreements = settings.agreements
    clock = st.selectbox(
        "Clock",
        list(CLOCKS),
        index=list(CLOCKS.values()).index(agreements.hours),
        key="clock",
        bind=ADDRESS,
        help="What waits are told in first; the other one stands beside it. Working hours are those of who is waited "
        "for: their week, zone, holidays and time off.",
    )
    return Scope.on(
        day,
        known_as_of=known_as_of,
        window_days=days,
        teams=chosen_teams,
        projects=chosen_projects,
        working_time=settings.working_time,
        agreements=agreements.model_copy(update={"hours": CLOCKS[clock]}),
    )


def _pick(key: str, label: str, options: Sequence[str], everything: str) -> tuple[str, ...]:
    return tuple(st.multiselect(label, options, key=key, bind=ADDRESS, placeholder=everything))


def choose(key: str, options: Mapping[str, Any]) -> Any:  # noqa: ANN401 (whatever the options stand for)
    """One of a report's own options (label → value); None where there are none.

    An address may name what was renamed or filtered out. That is said, and what it supposed is forgotten: a scenario
    made for one must not be shown of another.
    """
    if not options:
        return None
    _forget(key, options)
    if gone := st.session_state.pop(GONE, None):
        st.warning(
            f"{render.plain(gone)} is not here: it was renamed, or the filters leave it out. This is another one."
        )
    return options[st.selectbox(key.capitalize(), list(options), key=key, bind=ADDRESS)]


def _forget(key: str, options: Mapping[str, Any]) -> None:
    """Begin again without what the address names and what it supposes of it, where that is not among the options."""
    asked = st.query_params.get(key)
    if asked is None or asked in options:
        return
    for name in (key, *SUPPOSED):
        st.query_params.pop(name, None)
        st.session_state.pop(name, None)
    st.session_state[GONE] = asked
    st.rerun()


def choose_some(key: str, options: Mapping[str, str], *, everything: str) -> tuple[str, ...]:
    """Some of a report's own options; none chosen means all of them."""
    chosen = st.multiselect(key.capitalize(), list(options), key=key, bind=ADDRESS, placeholder=everything)
    return tuple(options[label] for label in chosen)


def suppose(options: Options) -> Scenario:
    """What if: a scenario for one milestone; nothing supposed where it has nothing left to do."""
    if not options.items:
        return NOTHING
    is_open = any(key in st.query_params for key in SUPPOSED)
    with st.expander(
        "What if … less was in it, it was due later, more people helped?", expanded=is_open, icon=":material/alt_route:"
    ):
        left, right = st.columns(2)
        with left:
            items, labels, cut_first = _less(options)
        with right:
            due_on = st.date_input(
                "Move the due date to",
                value=None,
                key="due",
                bind=ADDRESS,
                format="YYYY-MM-DD",
                help="Empty: it stays where it is.",
            )
            pace, later = _slower_or_faster()
        st.caption("Nothing is written to GitHub or Jira. The address of this page holds what you suppose: send it on.")
    return Scenario(
        items=items, labels=labels, due_on=due_on, pace_percent=pace, later_weeks=later, cut_first=cut_first
    )


def _less(options: Options) -> tuple[tuple[str, ...], tuple[str, ...], str]:
    """Items and labels to leave out, and what could go first."""
    items = _items(options)
    labels = st.multiselect(
        "Leave out all with a label", options.labels, key="drop_label", bind=ADDRESS, placeholder="No label"
    )
    cut_first = st.selectbox(
        "What could go first",
        list(whatif.ORDERS),
        key="cut_first",
        bind=ADDRESS,
        help="The order in which the smallest cut is taken from what is left.",
    )
    return items, tuple(labels), cut_first


def _items(options: Options) -> tuple[str, ...]:
    """Keys of items to leave out. A bound widget would put whole titles into the address; keys outlive those."""
    asked = [key for key in st.query_params.get_all("drop") if key in options.items]
    chosen = st.multiselect(
        "Leave out items",
        list(options.items),
        default=asked,
        key="items",
        placeholder="Everything stays",
        format_func=lambda key: f"{key} {options.items.get(key, '')}",
    )
    if chosen != st.query_params.get_all("drop"):
        st.query_params["drop"] = chosen
    return tuple(chosen)


def _slower_or_faster() -> tuple[int, int]:
    """The pace in percent, and for how many weeks nothing happens."""
    pace = st.slider(
        "Pace (%)",
        whatif.FEW_PERCENT,
        whatif.MANY_PERCENT,
        NOTHING.pace_percent,
        whatif.STEP_PERCENT,
        key="pace",
        bind=ADDRESS,
        help="How much gets finished a week, of what was: people who come or go.",
    )
    later = st.slider(
        "Wait (weeks)",
        0,
        whatif.MOST_LATER_WEEKS,
        NOTHING.later_weeks,
        key="later",
        bind=ADDRESS,
        help="Weeks in which nothing happens before work goes on.",
    )
    return pace, later
