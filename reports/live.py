"""Reports on screen; one of the two modules that read the clock.

A freshly started Streamlit server answers a deep link by running that page's file alone, past `dashboard.py`. So
every page's first statement is `open_view`, which returns to `dashboard.py` and restores the address unless
`run` has let the page in.
"""

import gc
import inspect
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NoReturn

import pandas as pd
import streamlit as st
from streamlit.navigation.page import Page

from fairlead import access, boards, config, store
from fairlead.access import LOCAL_LEAD, Viewer, VisibleFrames
from fairlead.config import Settings
from fairlead.errors import FairleadError
from fairlead.scope import Scope
from metrics import coverage
from reports import controls, render, syncing, words
from reports.catalogue import ENTRIES, Entry
from reports.panel import Report

ASSETS = Path(__file__).parents[1] / "assets"
ICON, LOGO = str(ASSETS / "anchor.svg"), str(ASSETS / "fairlead.svg")
DOOR = "dashboard.py"
PAGES = {entry.key: entry.page for entry in ENTRIES}
ADMITTED = "_fairlead_admitted"
WANTED = "_fairlead_wanted"
DATA_IS_OLD = pd.Timedelta(days=2)
SOURCE_IS_BEHIND_HOURS = 24
SOURCES = "sources"


@dataclass(frozen=True)
class View:
    """What one run of a page works with: which page, what this viewer may see, and what they asked to see of it.

    `source` is what reports are built from: the visible tables, or what has been measured of them.
    """

    entry: Entry
    source: Any
    scope: Scope
    viewer: Viewer
    edition: str
    store: store.Store
    settings: Settings


def pages() -> list[Page]:
    """The menu. The first page answers at `/`; addresses never change."""
    return [
        st.Page(
            entry.page,
            title=entry.title,
            icon=f":material/{entry.icon}:",
            url_path=entry.key,
            default=entry is ENTRIES[0],
            help=entry.question,
        )
        for entry in ENTRIES
    ]


def run(page: Page) -> None:
    """Let the chosen page in with its view, or finish the journey of somebody who came past the door."""
    wanted = st.session_state.pop(WANTED, None)
    if wanted and wanted["key"] in PAGES:
        goto(**wanted)
    try:
        st.session_state[ADMITTED] = _view(_entry(page.url_path))
    except FairleadError as error:
        st.error(f"**Fairlead cannot show this.** {render.plain(str(error))}", icon=":material/error:")
        st.stop()
    page.run()


def open_view() -> View:
    """The view of this run, with the page's title drawn. Must be the first statement of every page."""
    view = st.session_state.pop(ADMITTED, None)
    if not isinstance(view, View):
        filters = {name: st.query_params.get_all(name) for name in st.query_params}
        st.session_state[WANTED] = {"key": _page_that_asks(), "filters": filters}
        goto(DOOR)
    render.title(view.entry.title, view.entry.question)
    return view


def _page_that_asks() -> str:
    """The name of the page file that called `open_view`: past the door Streamlit tells no address in every setting."""
    frame = inspect.currentframe()
    asking = frame.f_back.f_back if frame and frame.f_back else None
    return Path(asking.f_code.co_filename).stem if asking else ""


def _entry(address: str) -> Entry:
    """The report that answers at an address; the first one answers at the empty one."""
    return next((entry for entry in ENTRIES if entry.key == address), ENTRIES[0])


def goto(key: str, filters: Mapping[str, list[str]] | None = None) -> NoReturn:
    """Open another page and keep the filters. A bare `st.switch_page` fails when a bound filter is set."""
    st.switch_page(PAGES.get(key, DOOR), query_params=dict(filters or {}))  # noqa: TID251 (the one wrapper)


def measured(view: View, measure: Callable[[VisibleFrames, Scope], Any]) -> View:
    """The view of what has been measured; pages that name the same measure share it."""
    return replace(view, source=built(view, measure))


def show(view: View, build: Callable[..., Report], **choices: Any) -> None:  # noqa: ANN401
    """Build the report, or take it from the cache, and draw it."""
    render.report(built(view, build, **choices))


def built(view: View, build: Callable[..., Any], **choices: Any) -> Any:  # noqa: ANN401
    """What a function makes of the view's source, its scope and these choices, or has made of them before."""
    name = f"{build.__module__}.{build.__qualname__}"
    return _cached(name, view.edition, view.scope, view.viewer, tuple(sorted(choices.items())), build, view.source)


@st.cache_resource(max_entries=256, show_spinner="Counting …")
def _cached(
    name: str,  # noqa: ARG001
    edition: str,  # noqa: ARG001
    scope: Scope,
    viewer: Viewer,  # noqa: ARG001
    choices: tuple[tuple[str, Any], ...],
    _build: Callable[..., Any],
    _source: Any,  # noqa: ANN401
) -> Any:  # noqa: ANN401
    return _build(_source, scope, **dict(choices))


def _view(entry: Entry) -> View:
    settings = config.load()
    address = settings.store.url
    opened = _store(address)
    if settings.is_sample and opened.as_of() is None:
        _sync_sample(address)
    known_as_of = opened.as_of()
    if known_as_of is None:
        render.title(entry.title, entry.question)
        _wait_for_the_first_sync(opened, settings)
    # Not the version, which every page of a running sync makes another one.
    edition = f"{address} {opened.edition()}"
    frames = _frames(edition, LOCAL_LEAD, opened)
    scope = _scope(frames, known_as_of, settings)
    if entry.key != SOURCES:
        with st.sidebar:
            st.page_link(PAGES[SOURCES], label="How the data were read", icon=":material/database:")
    return View(entry, frames, scope, LOCAL_LEAD, edition, opened, settings)


def _wait_for_the_first_sync(opened: store.Store, settings: Settings) -> NoReturn:
    """Nothing has been read: show how far the first sync is, or how to start one."""
    if not settings.is_sample and syncing.is_at_work(opened):
        st.info("**The first sync is running.** Pages show what is there when its first source is read.")
        syncing.watch(opened)
    else:
        st.info("**The store is empty.** Run `fairlead sync` to read the sources of your settings.")
        syncing.offer(opened, settings, LOCAL_LEAD, _now)
    st.stop()


def sync_desk(view: View) -> None:
    """How far the sync is, or a way to one."""
    syncing.desk(view.store, view.settings, view.viewer, _now)


def edit_people(view: View) -> None:
    """Who is who, for leads."""
    syncing.edit_people(view.settings, view.viewer)


def _now() -> pd.Timestamp:
    return pd.Timestamp.now("UTC").floor("us")


@st.cache_resource
def _store(address: str) -> store.Store:
    return store.open(address)


@st.cache_resource(max_entries=4, show_spinner="Reading the store …")
def _frames(edition: str, viewer: Viewer, _opened: store.Store) -> VisibleFrames:  # noqa: ARG001 (the cache key)
    visible = access.visible_to(viewer, boards.estimated(_opened.read()))
    # Tables and modules live as long as the server: walking them at each collection is most of a blank page's time.
    gc.collect()
    gc.freeze()
    return visible


@st.cache_resource(show_spinner="Unpacking the sample organisation …")
def _sync_sample(address: str) -> None:  # noqa: ARG001 (the cache key: one visitor unpacks, the others wait for it)
    """Fill the sample organisation's store. The screen never fetches, so this is the sync command, run to its end."""
    done = subprocess.run([sys.executable, "-m", "fairlead", "sync"], capture_output=True, text=True, check=False)
    if done.returncode:
        raise FairleadError(f"The sample organisation could not be unpacked. {done.stderr.strip()[-300:]}")


def _scope(frames: VisibleFrames, known_as_of: pd.Timestamp, settings: Settings) -> Scope:
    """The sidebar: filters, and how fresh the data are."""
    with st.sidebar:
        chosen = controls.scope(frames, known_as_of, settings)
        _say_how_fresh(known_as_of, is_sample=settings.is_sample)
        if not settings.is_sample:
            _say_what_differs(coverage.last_runs(frames.sync_runs))
    return chosen


def _say_how_fresh(known_as_of: pd.Timestamp, *, is_sample: bool) -> None:
    said = f"Data as of {known_as_of:%d %b %Y, %H:%M} UTC."
    if is_sample:
        st.caption(f"{said} You are looking at an invented sample organisation; its today is fixed.")
    elif _now() - known_as_of > DATA_IS_OLD:
        st.caption(f":material/warning: {said} Run `fairlead sync` for newer ones.")
    else:
        st.caption(said)


def _say_what_differs(runs: pd.DataFrame) -> None:
    """Name the source that is older than the others, and those whose last run did not read everything."""
    oldest = runs.sort_values("behind_hours", ascending=False).head(1)
    if (oldest["behind_hours"] > SOURCE_IS_BEHIND_HOURS).any():
        age = words.days((_now() - oldest["read_to_at"].iloc[0]).total_seconds() / 86_400)
        st.caption(f":material/warning: {render.plain(oldest['source'].iloc[0])}: {age} old.")
    failed = runs.loc[runs["status"].isin(["partial", "failed", "interrupted"]), "source"]
    if len(failed):
        st.caption(f":material/warning: Not read completely: {render.plain(', '.join(failed))}.")
