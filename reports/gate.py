"""Who is looking: decided on every run, by what the identity provider says and what the settings grant now."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, NoReturn

import pandas as pd
import streamlit as st
from streamlit.errors import StreamlitAuthError

from fairlead import access
from fairlead.access import LOCAL_LEAD, Viewer
from fairlead.config import Settings
from fairlead.grants import AccessSettings
from fairlead.serving import ANYBODY, is_loopback
from reports import render
from reports.catalogue import Place

MYSELF = "Myself"
PREVIEW = "as"
CLOCKS_DIFFER_SECONDS = 300
"""By how much the provider's clock may be ahead of ours."""
OF_PROXIES = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "Via")
"""What a proxy adds to a request that it passes on."""
UNSAFE = (
    "**Nothing is shown here.** Nobody has to sign in, and this address can be reached from other machines. Start "
    "Fairlead with `fairlead serve`, set up `[sign_in]` as docs/deploy.md says, or open it on the machine it runs on."
)


@dataclass(frozen=True)
class Visitor:
    """Somebody who may come in, and the e-mail address they signed in with; none where nobody has to."""

    viewer: Viewer
    email: str | None = None


def visitor(settings: Settings, now: pd.Timestamp) -> Visitor | None:
    """Who looks; none where they are a stranger. Raises nothing: whoever is not known sees nothing."""
    if settings.sign_in is None:
        return Visitor(LOCAL_LEAD) if is_on_this_machine() else None
    claims = _claims()
    if not claims or is_over(claims, settings.access, now):
        return None
    grant = access.granted(settings.access, claims)
    if grant is None:
        return None
    email = access.verified_email(claims)
    return Visitor(access.viewer_of(grant, email or f"id {claims.get('sub', 'unknown')}"), email)


def is_over(claims: Mapping[str, Any], settings: AccessSettings, now: pd.Timestamp) -> bool:
    """Whether the sign-in is older than it may be: Streamlit's cookie lasts for 30 days whatever the provider says.

    One from the future would not end for as long as it lies ahead; so only as much of it counts as clocks may differ.
    """
    issued, at = claims.get("iat"), now.timestamp()
    if not isinstance(issued, int | float):
        return True
    return not at - settings.session_hours * 3600 < issued <= at + CLOCKS_DIFFER_SECONDS


def _claims() -> Mapping[str, Any]:
    """What the provider said of who signed in; nothing of who has not."""
    return st.user.to_dict() if st.user.get("is_logged_in", False) else {}


def is_on_this_machine() -> bool:
    """Whether only this machine can look, or whoever started the server has said that anybody may."""
    if os.environ.get(ANYBODY) == "1":
        return True
    return is_loopback(st.get_option("server.address")) and _is_asked_here()


def _is_asked_here() -> bool:
    """Whether the address in the browser is this machine's: a proxy in front would let others in."""
    if any(st.context.headers.get(name) for name in OF_PROXIES):
        return False
    host = st.context.headers.get("Host")
    if not isinstance(host, str):  # tests of pages have no browser
        return True
    name = host.rpartition(":")[0] if host.rpartition("]")[2].count(":") == 1 else host
    return is_loopback(name)


def turn_away(settings: Settings, now: pd.Timestamp) -> NoReturn:
    """What a stranger sees: a way to sign in, or whom to ask. Nothing else has been read for them."""
    st.title("Fairlead")
    claims = _claims() if settings.sign_in else {}
    if settings.sign_in is None:
        st.error(UNSAFE, icon=":material/lock:")
    elif not claims:
        st.markdown("Milestones, reviews and workload of your teams. Sign in to see what is shown to you.")
        _sign_in_button()
    elif is_over(claims, settings.access, now):
        st.info("**Your sign-in has ended.** Sign in again to go on.", icon=":material/schedule:")
        _sign_in_button()
    else:
        _say_whom_to_ask(claims, settings.access.contact)
    st.stop()


def _sign_in_button() -> None:
    if st.button("Sign in", type="primary", icon=":material/login:", key="sign-in"):
        try:
            st.login()
        except StreamlitAuthError:
            st.error("**Sign-in is not set up on this server.** Start it with `fairlead serve`.")


def _say_whom_to_ask(claims: Mapping[str, Any], contact: str) -> None:
    email = claims.get("email")
    who = f" as {render.plain(email)}" if isinstance(email, str) else ""
    st.warning(
        f"**Nothing is shown to you yet.** You are signed in{who}. Ask {render.plain(contact)} for access.",
        icon=":material/lock:",
    )
    if email is not None and access.verified_email(claims) is None:
        st.caption("Your provider does not say that this e-mail address is verified, so it does not count.")
    sign_out_button()


def sign_out_button() -> None:
    """A way out, which ends the cookie and the page's data."""
    if st.button("Sign out", icon=":material/logout:", key="sign-out", type="tertiary"):
        st.logout()


def refuse(place: Place) -> NoReturn:
    """What somebody sees who opens a page that is not for them."""
    st.title(place.title)
    st.info(
        "This page is not part of what is shown to you. The menu lists what is.",
        icon=":material/lock:",
    )
    st.stop()


def as_chosen(viewer: Viewer, settings: AccessSettings, milestones: Callable[[], tuple[str, ...]]) -> Viewer:
    """For leads: themselves, or somebody else whose view they want to see; never more than they see themselves.

    `milestones` gives the ids of those the lead sees.
    """
    if viewer.role != "lead":
        return viewer
    st.selectbox(
        "See it as",
        [MYSELF, *_previews(viewer, settings)],
        key=PREVIEW,
        bind="query-params",
        help="What somebody else sees of this: the same figures, without what is not for them.",
    )
    seen = as_addressed(viewer, settings)
    if seen is viewer or viewer.sees_all:
        return seen
    titles = seen.titles and viewer.titles
    return replace(seen, teams=viewer.teams, projects=viewer.projects, milestones=milestones(), titles=titles)


def as_addressed(viewer: Viewer, settings: AccessSettings) -> Viewer:
    """Through whose eyes the address asks to look, as far as this viewer may."""
    chosen = st.session_state.get(PREVIEW, st.query_params.get(PREVIEW, MYSELF))
    return access.seen_as(chosen, settings) if chosen in _previews(viewer, settings) else viewer


def _previews(viewer: Viewer, settings: AccessSettings) -> list[str]:
    """Only who sees everything can look through everybody's eyes; other leads see a stakeholder of their own teams."""
    if viewer.role != "lead":
        return []
    if not viewer.sees_all:
        return ["stakeholder"]
    return ["executive", "stakeholder", *(grant.name for grant in settings.grants if grant.name != MYSELF)]


def say_as_whom(viewer: Viewer) -> None:
    """Above a page that is shown as somebody else sees it."""
    st.info(
        f"You see this as **{render.plain(viewer.name)}**. Choose {MYSELF} in the sidebar to go back.",
        icon=":material/visibility:",
    )
