"""The desk on the Sharing page: make a link to one report, take one back."""

import json
from collections.abc import Callable, Mapping

import pandas as pd
import streamlit as st

from fairlead import config, links
from fairlead.errors import FairleadError
from fairlead.links import Link
from reports import looked, render
from reports.views import TOKEN, View

Clock = Callable[[], pd.Timestamp]
USUAL_DAYS = 14
LONGEST_NAME = 80
MADE = "_fairlead_made"


def desk(view: View, milestones: Mapping[str, str], now: Clock) -> None:
    """Make and take back links; `milestones` are those this viewer sees, label → id."""
    try:
        secret = config.secret(view.settings.sharing.secret_env)
        _maker(view, milestones, secret, now)
    except FairleadError as error:
        st.info(
            f"**Links cannot be made yet.** {render.plain(str(error))} With `{links.HOW_TO_MAKE}` one can be made.",
            icon=":material/link_off:",
        )
    _taker(view, now())


def _maker(view: View, milestones: Mapping[str, str], secret: str, now: Clock) -> None:
    with st.container(border=True, key="make-link"):
        st.subheader("Make a link", anchor="make-link")
        left, right = st.columns(2)
        with left:
            report = st.selectbox("Report", list(looked.NAMES), format_func=looked.NAMES.__getitem__, key="link-report")
            among = _among(view, report, milestones)
        with right:
            name = st.text_input("For whom", max_chars=LONGEST_NAME, key="link-name", placeholder="Steering committee")
            days = st.number_input(
                "Ends after (days)", 1, view.settings.sharing.longest_days, USUAL_DAYS, key="link-days"
            )
            titles = view.viewer.titles and st.checkbox(
                "Show titles of single issues and pull requests", key="link-titles", help="People are never named."
            )
        is_ready = bool(name.strip() and among)
        if st.button("Make the link", type="primary", icon=":material/add_link:", key="make", disabled=not is_ready):
            made = _made(view, report, among, name.strip(), int(days), titles=titles, at=now())
            view.store.add_link(made)
            st.session_state[MADE] = f"{_base(view)}/shared?{TOKEN}={links.signed(made, secret)}"
        if MADE in st.session_state:
            st.success("Whoever has this link sees the report until it ends. It is shown this once.")
            st.code(st.session_state[MADE], language=None, wrap_lines=True)


def _among(view: View, report: str, milestones: Mapping[str, str]) -> str:
    """Which milestones the link opens, as `Link.choices` holds them; empty while none is chosen."""
    if report == "milestone":
        chosen = st.selectbox("Milestone", list(milestones), key="link-milestone")
        return json.dumps([milestones[chosen]]) if chosen else ""
    some = st.multiselect("Milestones", list(milestones), key="link-milestones", placeholder="All that you see")
    if not some and view.viewer.sees_all:
        return links.EVERYTHING
    return json.dumps([milestones[label] for label in some or milestones])


def _made(  # noqa: PLR0913 (what a link says)
    view: View, report: str, among: str, name: str, days: int, *, titles: bool, at: pd.Timestamp
) -> Link:
    return Link(
        id=links.new_id(),
        name=name,
        report=report,
        choices={"milestones": among},
        titles=titles,
        made_by=view.own.name,
        made_at=at,
        expires_at=at + pd.Timedelta(days=days),
    )


def _base(view: View) -> str:
    """Where this server is to be found."""
    if view.settings.sign_in is not None:
        return view.settings.sign_in.address.rstrip("/")
    return str(st.context.url or "").rpartition("/")[0]


def _taker(view: View, now: pd.Timestamp) -> None:
    rows = looked.theirs(view.store.links(), view.viewer).to_dict("records")
    still_open = {link.id: link for link in map(Link.of_row, rows) if link.status(now) == "open"}
    if not still_open:
        return
    with st.container(horizontal=True, vertical_alignment="bottom", key="take-back"):
        chosen = st.selectbox(
            "Take back",
            list(still_open),
            format_func=lambda each: f"{still_open[each].name} · {looked.NAMES[still_open[each].report]}",
            key="link-to-take-back",
        )
        if st.button("Take back", icon=":material/link_off:", key="take"):
            view.store.revoke_link(chosen, now)
            st.session_state.pop(MADE, None)
            st.rerun()
