"""What a store would hold, and runs that fill it."""

import pandas as pd

from connectors import SyncState
from connectors.github.fetch import Reading
from connectors.github.tables import tables
from fairlead import frames
from tests.connectors.pages import PROJECT, issue, pull


class Kept:
    """What a store would hold after the pages it was given: rows by identity, and the cursors."""

    def __init__(self):
        self.rows, self.cursors = {}, {}

    def take(self, page):
        for name, frame in tables([page]).items():
            held = self.rows.setdefault(name, {})
            parent = {"issues": "issue", "pull_requests": "pull_request"}.get(page.stream)
            if parent in frame:
                gone = {f"github:{PROJECT}#{node['number']}" for node in page.nodes}
                self.rows[name] = held = {key: row for key, row in held.items() if row[parent] not in gone}
            held |= {tuple(row[key] for key in frames.IDENTITY[name]): row for row in frame.to_dict("records")}
        if page.cursor is not None:
            self.cursors[page.stream] = page.cursor

    def ids(self, name, project):
        return {row["id"] for row in self.rows.get(name, {}).values() if row["project"] == project}

    def table(self, name):
        rows = sorted(self.rows.get(name, {}).items(), key=str)
        return frames.from_rows(name, [{k: v for k, v in row.items() if not pd.isna(v)} for _, row in rows])


def run(server, kept, *, pages=None, **state):
    """One run that is killed after so many pages; its state."""
    state = SyncState(cursors=dict(kept.cursors), stored=kept.ids, **state)
    for n, page in enumerate(Reading(server, "octo", "house", state).pages()):
        if n == pages:
            break
        kept.take(page)
    return state


def clean(server, **state):
    kept = Kept()
    run(server, kept, **state)
    return kept


def agree(one, other):
    for name in sorted({*one.rows, *other.rows} - {"accounts", "teams"}):
        pd.testing.assert_frame_equal(one.table(name), other.table(name))


def read(server, **state):
    return list(Reading(server, "octo", "house", SyncState(**state)).pages())


def numbers(pages, stream):
    return [node["number"] for page in pages if page.stream == stream for node in page.nodes]


def day(n):
    """An instant of January 2024, by its day; later days lie in the following months."""
    return f"{pd.Timestamp('2024-01-01T09:00Z') + pd.Timedelta(days=n - 1):%Y-%m-%dT%H:%M:%SZ}"


def pulls(n, **more):
    return [pull(k, createdAt=day(k), updatedAt=day(k), **more) for k in range(1, n + 1)]


def issues(n):
    return [issue(k, createdAt=day(k), updatedAt=day(k)) for k in range(1, n + 1)]
