"""What one run of a page works with: who looks, what they may see, and what they asked to see of it."""

import gc
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, NoReturn

import pandas as pd
import streamlit as st

from fairlead import access, boards, config, links, store
from fairlead.access import Viewer, VisibleFrames
from fairlead.config import Settings
from fairlead.errors import FairleadError, LinkError
from fairlead.frames import Frames
from fairlead.links import Link
from fairlead.scope import Scope
from metrics import coverage
from reports import controls, gate, render, syncing, words
from reports.catalogue import ENTRIES, SOURCES, Place

Clock = Callable[[], pd.Timestamp]

LOOKED = "_fairlead_looked"
LOOKED_AGAIN = pd.Timedelta(minutes=10)
"""Every click runs a page anew: somebody who stays on a page has looked at it once in so long."""
TOKEN = "link"  # noqa: S105 (the name of a parameter)
DATA_IS_OLD = pd.Timedelta(days=2)
SOURCE_IS_BEHIND_HOURS = 24


@dataclass(frozen=True)
class View:
    """What one run of a page works with: which page, what this viewer may see, and what they asked to see of it.

    `viewer` is through whose eyes they look, `own` who looks. `read` gives the visible tables, `made` what has been
    measured of them. Both are kept for a few rights alone, so a page asks for them only where its report is not kept
    either.
    """

    place: Place
    read: Callable[[], VisibleFrames]
    outline: "Outline"
    scope: Scope
    viewer: Viewer
    own: Viewer
    edition: str
    store: store.Store
    settings: Settings
    link: Link | None = None
    made: Callable[[], Any] | None = None

    @property
    def is_previewed(self) -> bool:
        """Whether a lead looks through somebody else's eyes."""
        return self.viewer != self.own

    @property
    def frames(self) -> VisibleFrames:
        """The visible tables."""
        return self.read()

    @property
    def source(self) -> Any:  # noqa: ANN401 (whatever a page measures)
        """What reports are built from: the visible tables, or what has been measured of them."""
        return self.read() if self.made is None else self.made()


@dataclass(frozen=True)
class Outline:
    """The little of the visible tables that every run needs.

    `runs` are the last ones of each source, `closely` the people whose page this viewer may open, `only_milestone` is
    the title of the milestone where there is one alone.
    """

    teams: tuple[str, ...]
    projects: tuple[str, ...]
    runs: pd.DataFrame
    closely: frozenset[str]
    only_milestone: str | None


def of_page(place: Place, settings: Settings, now: Clock) -> View:
    """The view of a page of the menu. Strangers, and those whom it is not for, are turned away in words."""
    visitor = gate.visitor(settings, now()) or gate.turn_away(settings, now())
    opened = _store(settings.store.url)
    if settings.is_sample and _as_of(settings, opened) is None:
        _sync_sample(settings.store.url)
    known_as_of = _as_of(settings, opened)
    if known_as_of is None:
        _wait_for_the_first_sync(place, opened, settings, visitor.viewer, now)
    edition, whole = _read(settings, opened)
    own = replace(visitor.viewer, person=access.person_of(visitor.email, whole.accounts))
    filters = st.sidebar.container()
    with st.sidebar:
        viewer = gate.as_chosen(own, settings.access, lambda: _ids(_visible(edition, own, opened, whole)))
        if settings.sign_in is not None:
            st.caption(f"Signed in as {render.plain(own.name)}.")
            gate.sign_out_button()
    if not place.is_for(viewer):
        gate.refuse(place)
    read = partial(_visible, edition, viewer, opened, whole)
    outline = _outline(edition, viewer.rights, read)
    with filters:
        scope = controls.scope(outline.teams, outline.projects, known_as_of, settings)
        _say_how_fresh(outline.runs, known_as_of, settings, now)
        if place is not SOURCES and SOURCES.is_for(viewer):
            st.page_link(SOURCES.page, label="How the data were read", icon=":material/database:")
    view = View(place, read, outline, scope, viewer, own, edition, opened, settings)
    _log(view, own.name, f"{own.role} as {viewer.name}" if view.is_previewed else own.role, now())
    return view


def of_link(settings: Settings, now: Clock) -> View:
    """The view of the report that the link in the address opens.

    Raises:
        LinkError: the link opens nothing; says why.
    """
    opened, token = _store(settings.store.url), st.query_params.get(TOKEN, "")
    link = links.opened(token, opened, _link_secret(settings), now())
    known_as_of = _as_of(settings, opened)
    if known_as_of is None:
        raise LinkError("There is nothing to show yet. Try again after the first sync.")
    edition, whole = _read(settings, opened)
    viewer = viewer_of(link)
    read = partial(_visible, edition, viewer, opened, whole)
    place = next(entry for entry in ENTRIES if entry.key == link.report)
    agreed = {"working_time": settings.working_time, "agreements": settings.agreements}
    scope = Scope.on(known_as_of.date(), known_as_of=known_as_of, window_days=90, **agreed)
    outline = _outline(edition, viewer.rights, read)
    view = View(place, read, outline, scope, viewer, viewer, edition, opened, settings, link=link)
    _log(view, link.visitor, "link", now())
    return view


def viewer_of(link: Link) -> Viewer:
    """Whoever has a link: they see its report of its milestones, and nothing else."""
    return Viewer(
        link.visitor,
        "stakeholder",
        milestones=link.milestones,
        titles=link.titles,
        pages=(link.report,),
    )


def _link_secret(settings: Settings) -> str:
    try:
        return config.secret(settings.sharing.secret_env)
    except FairleadError:
        raise LinkError("Links are not set up on this server.") from None


def _ids(frames: VisibleFrames) -> tuple[str, ...]:
    return tuple(frames.milestones["id"].astype("str"))


def _log(view: View, who: str, role: str, at: pd.Timestamp) -> None:
    """Keep who looked at what, where others than whoever runs it can look."""
    if view.settings.sign_in is None and view.link is None:
        return
    what = (who, role, view.place.key)
    last, before = st.session_state.get(LOOKED, (None, at))
    if what == last and at - before < LOOKED_AGAIN:
        return
    view.store.log_access(at=at, who=who, role=role, view=view.place.key)
    st.session_state[LOOKED] = (what, at)


def _wait_for_the_first_sync(
    place: Place, opened: store.Store, settings: Settings, viewer: Viewer, now: Clock
) -> NoReturn:
    """Nothing has been read: show how far the first sync is, or how to start one."""
    render.title(place.title, place.question)
    if not settings.is_sample and syncing.is_at_work(opened):
        st.info("**The first sync is running.** Pages show what is there when its first source is read.")
        syncing.watch(opened)
    else:
        st.info("**The store is empty.** Run `fairlead sync` to read the sources of your settings.")
        syncing.offer(opened, settings, viewer, now)
    st.stop()


@st.cache_resource
def _store(address: str) -> store.Store:
    return store.open(address)


def _as_of(settings: Settings, opened: store.Store) -> pd.Timestamp | None:
    return _read_to(f"{settings.store.url} {opened.version()}", opened)


@st.cache_resource(max_entries=2, show_spinner=False)
def _read_to(version: str, _opened: store.Store) -> pd.Timestamp | None:  # noqa: ARG001 (the cache key)
    return _opened.as_of()


def _read(settings: Settings, opened: store.Store) -> tuple[str, Frames]:
    """The tables, and the key under which what is made of them may be kept."""
    # Not the version, which every page of a running sync makes another one.
    edition = f"{settings.store.url} {opened.edition()}"
    return edition, _whole(edition, opened)


@st.cache_resource(max_entries=2, show_spinner="Reading the store …")
def _whole(edition: str, _opened: store.Store) -> Frames:  # noqa: ARG001 (the cache key)
    read = boards.estimated(_opened.read())
    # Tables and modules live as long as the server: walking them at each collection is most of a blank page's time.
    # What was set aside before may be gone by now: tables of the last edition, and sessions that were open then.
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    return read


def _visible(edition: str, viewer: Viewer, opened: store.Store, whole: Frames) -> VisibleFrames:
    return _restricted(edition, viewer.rights, opened, whole)


@st.cache_resource(max_entries=16, show_spinner="Reading the store …")
def _restricted(edition: str, rights: Viewer, _opened: store.Store, _whole: Frames) -> VisibleFrames:  # noqa: ARG001
    return access.visible_to(rights, _whole, salt=_opened.salt())


@st.cache_resource(max_entries=1024, show_spinner="Reading the store …")
def _outline(edition: str, rights: Viewer, _read: Callable[[], VisibleFrames]) -> Outline:  # noqa: ARG001
    frames = _read()
    tables = (frames.issues, frames.pull_requests, frames.milestones)
    titles = frames.milestones["title"]
    return Outline(
        teams=tuple(sorted(frames.teams["name"])),
        projects=tuple(sorted(pd.concat([table["project"] for table in tables]).unique())),
        runs=coverage.last_runs(frames.sync_runs),
        closely=frames.closely,
        only_milestone=str(titles.iloc[0]) if len(titles) == 1 else None,
    )


@st.cache_resource(show_spinner="Unpacking the sample organisation …")
def _sync_sample(address: str) -> None:  # noqa: ARG001 (the cache key: one visitor unpacks, the others wait for it)
    """Fill the sample organisation's store. The screen never fetches, so this is the sync command, run to its end."""
    done = subprocess.run([sys.executable, "-m", "fairlead", "sync"], capture_output=True, text=True, check=False)
    if done.returncode:
        said = (done.stderr or done.stdout).strip()[-300:]
        raise FairleadError(f"The sample organisation could not be unpacked. {said}")


def _say_how_fresh(runs: pd.DataFrame, known_as_of: pd.Timestamp, settings: Settings, now: Clock) -> None:
    said = f"Data as of {known_as_of:%d %b %Y, %H:%M} UTC."
    if settings.is_sample:
        st.caption(f"{said} You are looking at an invented sample organisation; its today is fixed.")
        return
    st.caption(f":material/warning: {said}" if now() - known_as_of > DATA_IS_OLD else said)
    _say_what_differs(runs, now())


def _say_what_differs(runs: pd.DataFrame, now: pd.Timestamp) -> None:
    """Name the source that is older than the others, and those whose last run did not read everything."""
    oldest = runs.sort_values("behind_hours", ascending=False).head(1)
    if (oldest["behind_hours"] > SOURCE_IS_BEHIND_HOURS).any():
        age = words.days((now - oldest["read_to_at"].iloc[0]).total_seconds() / 86_400)
        st.caption(f":material/warning: {render.plain(oldest['source'].iloc[0])}: {age} old.")
    failed = runs.loc[runs["status"].isin(["partial", "failed", "interrupted"]), "source"]
    if len(failed):
        st.caption(f":material/warning: Not read completely: {render.plain(', '.join(failed))}.")
