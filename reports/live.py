"""Reports on screen; one of the two modules that read the clock.

A freshly started Streamlit server answers a deep link by running that page's file alone, past `dashboard.py`. So
every page's first statement is `open_view`, which returns to `dashboard.py` and restores the address unless
`run` has let the page in.
"""

import inspect
import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

import pandas as pd
import streamlit as st
from streamlit.navigation.page import Page

from fairlead import config
from fairlead.access import Viewer, VisibleFrames
from fairlead.errors import FairleadError, LinkError
from fairlead.scope import Scope
from reports import gate, looked, privacy, render, sharing, syncing, views
from reports.catalogue import ENTRIES, MENU, SHARED, Entry, Place, open_to
from reports.panel import Report
from reports.views import View

ASSETS = Path(__file__).parents[1] / "assets"
ICON, LOGO = str(ASSETS / "anchor.svg"), str(ASSETS / "fairlead.svg")
DOOR = "dashboard.py"
PLACES = (*MENU, SHARED)
PAGES = {place.key: place.page for place in PLACES}
ADMITTED = "_fairlead_admitted"
WANTED = "_fairlead_wanted"
LOG = logging.getLogger("fairlead")


def pages() -> list[Page]:
    """The menu. The first page answers at `/`; addresses never change, and all are known to everybody.

    An address that Streamlit does not know covers the page, and the way to sign in, with a message of its own.
    """
    shown = {place.key for place in _menu()}
    return [
        st.Page(
            place.page,
            title=place.title,
            icon=f":material/{place.icon}:",
            url_path=place.key,
            default=place is ENTRIES[0],
            help=place.question,
            visibility="visible" if place.key in shown else "hidden",
        )
        for place in PLACES
    ]


def _menu() -> list[Place]:
    """What this visitor may open; nothing where they may not come in, or nobody can tell."""
    try:
        settings = config.load()
        visitor = gate.visitor(settings, _now())
        viewer = None if visitor is None else gate.as_addressed(visitor.viewer, settings.access)
    except FairleadError:  # `run` says what is wrong
        return []
    return [] if viewer is None else open_to(viewer)


def run(page: Page) -> None:
    """Let the chosen page in with its view, or finish the journey of somebody who came past the door."""
    wanted = st.session_state.pop(WANTED, None)
    if wanted and wanted["key"] in PAGES:
        goto(**wanted)
    place = _place(page.url_path)
    try:
        settings = config.load()
        view = views.of_link(settings, _now) if place is SHARED else views.of_page(place, settings, _now)
    except LinkError as error:
        st.title("Fairlead")
        st.info(render.plain(str(error)), icon=":material/link_off:")
        st.stop()
    except FairleadError as error:
        _say(error)
    _only(view.edition)
    st.session_state[ADMITTED] = view
    page.run()


def _say(error: FairleadError) -> NoReturn:
    """What went wrong: to whoever runs it, on their own machine; others learn that something did, and the log what."""
    LOG.error("a page could not be shown: %s", error)
    told = render.plain(str(error)) if gate.is_on_this_machine() else "Whoever runs it finds the reason in its log."
    st.error(f"**Fairlead cannot show this.** {told}", icon=":material/error:")
    st.stop()


def open_view() -> View:
    """The view of this run, with the page's title drawn. Must be the first statement of every page."""
    view = st.session_state.pop(ADMITTED, None)
    if not isinstance(view, View):
        filters = {name: st.query_params.get_all(name) for name in st.query_params}
        st.session_state[WANTED] = {"key": _page_that_asks(), "filters": filters}
        goto(DOOR)
    render.title(_title(view), view.place.question)
    if view.link is not None:
        st.caption(f"Shared until {view.link.expires_at:%d %b %Y, %H:%M} UTC. This link opens nothing else.")
    elif view.is_previewed:
        gate.say_as_whom(view.viewer)
    return view


def _title(view: View) -> str:
    """The page's name; of a link to one milestone, which has no menu to choose it from, that milestone's."""
    title = view.outline.only_milestone
    is_of_one = view.link is not None and view.place.key == "milestone" and title is not None
    return render.plain(str(title)) if is_of_one else view.place.title


def _page_that_asks() -> str:
    """The name of the page file that called `open_view`: past the door Streamlit tells no address in every setting."""
    frame = inspect.currentframe()
    asking = frame.f_back.f_back if frame and frame.f_back else None
    return Path(asking.f_code.co_filename).stem if asking else ""


def _place(address: str) -> Place:
    """What answers at an address; the first report answers at the empty one."""
    return next((place for place in PLACES if place.key == address), ENTRIES[0])


def goto(key: str, filters: Mapping[str, list[str]] | None = None) -> NoReturn:
    """Open another page and keep the filters. A bare `st.switch_page` fails when a bound filter is set."""
    st.switch_page(PAGES.get(key, DOOR), query_params=dict(filters or {}))  # noqa: TID251 (the one wrapper)


def measured(view: View, measure: Callable[[VisibleFrames, Scope], Any]) -> View:
    """The view of what has been measured; pages that name the same measure share it."""
    made = partial(_measured, _key(measure), view.edition, view.scope, view.viewer.rights, measure, view)
    return replace(view, made=made)


def show(view: View, build: Callable[..., Report], **choices: Any) -> None:  # noqa: ANN401
    """Build the report, or take it from the cache, and draw what of it this viewer may have."""
    render.report(_shown(_key(build), view.edition, view.scope, view.viewer.rights, _sorted(choices), build, view))


def show_shared(view: View) -> None:
    """Draw the report that a link opens."""
    if isinstance(view.place, Entry):
        show(view, view.place.build)


def built(view: View, build: Callable[..., Any], **choices: Any) -> Any:  # noqa: ANN401
    """What a function makes of the view's source, its scope and these choices, or has made of them before."""
    rights = view.viewer.rights
    return _built(_key(build), view.edition, view.scope, rights, _sorted(choices), build, view)


@st.cache_resource(max_entries=1, show_spinner=False)
def _only(edition: str) -> None:  # noqa: ARG001 (the cache key)
    """Let go of what was kept of the edition before: nobody can ask for it, and it holds the tables it was made of."""
    for kept in (_built, _measured, _shown):
        kept.clear()


def _key(build: Callable[..., Any]) -> str:
    return f"{build.__module__}.{build.__qualname__}"


def _sorted(choices: Mapping[str, Any]) -> tuple[tuple[str, Any], ...]:
    return tuple(sorted(choices.items()))


@st.cache_resource(max_entries=512, show_spinner="Counting …")
def _built(
    name: str,  # noqa: ARG001
    edition: str,  # noqa: ARG001
    scope: Scope,
    rights: Viewer,  # noqa: ARG001
    choices: tuple[tuple[str, Any], ...],
    _build: Callable[..., Any],
    _view: View,
) -> Any:  # noqa: ANN401
    return _build(_view.source, scope, **dict(choices))


# Few: each holds the tables of its rights, and what was replayed of them.
@st.cache_resource(max_entries=16, show_spinner="Counting …")
def _measured(
    name: str,  # noqa: ARG001
    edition: str,  # noqa: ARG001
    scope: Scope,
    rights: Viewer,  # noqa: ARG001
    _measure: Callable[[VisibleFrames, Scope], Any],
    _view: View,
) -> Any:  # noqa: ANN401
    return _measure(_view.frames, scope)


@st.cache_resource(max_entries=512, show_spinner="Counting …")
def _shown(
    name: str,  # noqa: ARG001
    edition: str,  # noqa: ARG001
    scope: Scope,
    rights: Viewer,
    choices: tuple[tuple[str, Any], ...],
    _build: Callable[..., Report],
    _view: View,
) -> Report:
    report = _build(_view.source, scope, **dict(choices))
    return privacy.shown(report, _view.frames, scope, [place.key for place in open_to(rights)])


def sync_desk(view: View) -> None:
    """How far the sync is, or a way to one."""
    syncing.desk(view.store, view.settings, view.viewer, _now)


def edit_people(view: View) -> None:
    """Who is who, for leads."""
    syncing.edit_people(view.settings, view.viewer)


def sharing_desk(view: View, milestones: Mapping[str, str]) -> None:
    """Links to single reports, and who has looked at what. `milestones` are those that can be shared, label → id."""
    sharing.desk(view, milestones, _now)
    render.report(looked.report(view.store.links(), view.store.accesses(), view.viewer, _now()))


def _now() -> pd.Timestamp:
    return pd.Timestamp.now("UTC").floor("us")
