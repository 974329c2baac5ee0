"""The screen's part in syncing: start or ask for one, show how far it is, say who is who. It never reads a source."""

import os
import subprocess
import sys
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from fairlead import config, people
from fairlead.access import Viewer
from fairlead.config import Settings
from fairlead.errors import FairleadError, StoreError
from fairlead.people.mapping import DAYS, OF_PERSON, SOURCES
from fairlead.store import Store
from reports import render, words
from reports.headings import heading

EVERY_S = 2
"""How often progress is looked for while a sync is at work."""
PEOPLE_S = 600
SAMPLE = (
    "This is the invented sample organisation, so there is nothing to sync. To read your own, copy "
    "`fairlead.example.toml` to `fairlead.toml`, name your repositories and Jira projects in it and run "
    "`fairlead sync`; docs/sources.md says which token needs what."
)
READ_ELSEWHERE = "Sources are read by the sync job; this view starts none."
NO_START = "The sync that was started here ended before it read anything. Run `fairlead check`: it says why."

Clock = Callable[[], pd.Timestamp]


@dataclass
class Child:
    """The sync this server started last, for all sessions."""

    process: subprocess.Popen[bytes] | None = None
    started_at: pd.Timestamp | None = None

    @property
    def is_alive(self) -> bool:
        """Whether it is at work."""
        return self.process is not None and self.process.poll() is None


@st.cache_resource
def _child() -> Child:
    return Child()


def desk(opened: Store, settings: Settings, viewer: Viewer, now: Clock) -> None:
    """Above the report: how far the sync is that is at work, or when the last one was and a way to another one."""
    if settings.is_sample:
        st.info(SAMPLE, icon=":material/info:")
    elif is_at_work(opened):
        watch(opened)
    else:
        offer(opened, settings, viewer, now)


def is_at_work(opened: Store) -> bool:
    """Whether a sync is at work, here or elsewhere. Raises `StoreError`."""
    return _child().is_alive or bool((opened.last_runs()["status"] == "running").any())


@st.fragment(run_every=EVERY_S)
def watch(opened: Store) -> None:
    """How far each source is, again and again; when the sync is over, the whole page once more."""
    runs = opened.last_runs()
    running = runs[runs["status"] == "running"]
    if running.empty and not _child().is_alive:
        st.rerun()
    with st.container(border=True, key="sync-progress"):
        if running.empty:
            st.markdown(":material/sync: A sync is at work: it begins, goes on to the next source, or matches people.")
        for run in running.to_dict("records"):
            _bar(run)


def _bar(run: dict[Hashable, Any]) -> None:
    """One source: stage, items of all items, rows so far."""
    source, rows = render.plain(str(run["source"])), f"{run['rows']:,} rows so far"
    if pd.isna(run["n_done"]):
        st.progress(0.0, f"**{source}** · asking …")
        return
    stage, done, total = str(run["stage"]).replace("_", " "), int(run["n_done"]), run["n_total"]
    if pd.isna(total) or not total:
        st.progress(0.0, f"**{source}** · {render.plain(stage)}: {done:,} · {rows}")
    else:
        part = min(done / int(total), 1.0)
        st.progress(part, f"**{source}** · {render.plain(stage)}: {min(done, total):,} of {int(total):,} · {rows}")


def offer(opened: Store, settings: Settings, viewer: Viewer, now: Clock) -> None:
    """When the last sync was and, for leads, what the settings say that the screen may do about it."""
    with st.container(horizontal=True, vertical_alignment="center", key="sync-now"):
        if viewer.sees_all and settings.sync.from_screen == "process":
            _start_button(opened, now)
        if viewer.sees_all and settings.sync.from_screen == "request":
            _request_button(opened, now)
        st.caption(_last(opened, now))
    if settings.sync.from_screen == "off":
        st.caption(READ_ELSEWHERE)
    if _child_failed(opened):
        st.warning(render.plain(NO_START), icon=":material/warning:")


def _last(opened: Store, now: Clock) -> str:
    finished = opened.last_runs()["finished_at"].max()
    if pd.isna(finished):
        return "Never synced."
    minutes = (now() - finished).total_seconds() / 60
    ago = words.count(int(max(minutes, 0)), "minute") if minutes < 60 else words.hours(minutes / 60)
    return f"Synced {ago} ago."


def _start_button(opened: Store, now: Clock) -> None:
    if st.button("Sync now", icon=":material/sync:", key="start-sync", help="Read what is new at all sources."):
        try:
            start(opened, now)
        except StoreError as error:
            st.warning(render.plain(str(error)), icon=":material/warning:")
        else:
            st.rerun()


def start(opened: Store, now: Clock) -> None:
    """Start `fairlead sync` as a process of its own, which lives on when the server ends.

    Raises:
        StoreError: one is at work; says who.
    """
    child = _child()
    if child.is_alive:
        raise StoreError("A sync that was started here is at work.")
    with opened.sync_lock():  # refused here, where somebody reads it
        pass
    child.started_at = now()
    child.process = subprocess.Popen(
        [sys.executable, "-m", "fairlead", "sync"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        env=_environment(),
    )


def _environment() -> dict[str, str]:
    """Ours, tokens included, with the settings file that is in force here."""
    found = config.located()
    return os.environ | {config.CONFIG_VARIABLE: str(found.resolve()) if found else config.NO_FILE}


def _child_failed(opened: Store) -> bool:
    """Whether the sync started here ended without leaving a run."""
    child = _child()
    if child.process is None or child.process.poll() in {None, 0}:
        return False
    runs = opened.sync_runs()
    return runs.empty or bool(runs["started_at"].max() < child.started_at)


def _request_button(opened: Store, now: Clock) -> None:
    if st.button("Ask for a sync", icon=":material/sync:", key="ask-sync", help="The sync job reads the sources."):
        opened.request_sync(now())
    if opened.is_sync_requested():
        st.caption("A sync was asked for; the sync job has not begun it yet.")


def edit_people(settings: Settings, viewer: Viewer) -> None:
    """Below the report, for leads: people.csv as a table that can be changed, or where else to change it."""
    if settings.is_sample or not viewer.sees_all:
        return
    if settings.sync.from_screen != "process":
        st.caption("Who is who is said in people.csv, on the machine where the sync job runs.")
        return
    box = st.expander("Who is who: people.csv", icon=":material/group:", on_change="rerun", key="edit-people")
    if box.open:
        with box:
            _editor(settings.people.file)


def _editor(path: Path) -> None:
    try:
        known = people.load_map(path)
    except FairleadError as error:
        st.error(render.plain(str(error)), icon=":material/error:")
        return
    st.caption(
        "One line per person and account: a login, a Jira account id or an e-mail address. Lines with one person are "
        "one person; without a person the account is nobody's. What stands here always counts."
    )
    # An editor keeps what was changed under its key: with a new file, a new one, or saved lines would come twice.
    written = path.stat().st_mtime_ns if path.is_file() else 0
    changed = st.data_editor(
        known,
        key=f"people-map-{written}",
        num_rows="dynamic",
        hide_index=True,
        column_config=_columns(),
        placeholder="",
        alt="people.csv",
    )
    if st.button("Save and match people again", key="save-people", icon=":material/save:"):
        save_people(path, changed)


def _columns() -> dict[str, Any]:
    config_of = st.column_config
    named = {name: config_of.TextColumn(heading(name)) for name in ("person", "account", "team", *OF_PERSON)}
    days = {name: config_of.DateColumn(heading(name), format="YYYY-MM-DD") for name in DAYS}
    share = config_of.NumberColumn("Share of full time", min_value=0.01, max_value=1.0)
    source = config_of.SelectboxColumn("Source", options=list(SOURCES), required=True)
    return named | days | {"share": share, "source": source}


def save_people(path: Path, changed: pd.DataFrame) -> None:
    """Write people.csv, match people again as a process of its own, and draw the page anew; or say what is wrong."""
    try:
        people.write_map(path, changed.reset_index(drop=True))
    except FairleadError as error:
        st.error(render.plain(str(error)), icon=":material/error:")
        return
    done = subprocess.run(
        [sys.executable, "-m", "fairlead", "people"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=PEOPLE_S,
        env=_environment(),
    )
    if done.returncode:
        st.warning(f"people.csv is saved, but not matched yet. {render.plain(done.stderr.strip()[-300:])}")
    else:
        st.toast("people.csv is saved, people are matched.", icon=":material/check:")
        st.rerun()
