"""As little of a store as a source can see: rows by identity, children replaced with their issue, cursors."""

from connectors import SyncState
from fairlead import frames


class Store:
    """What the sources of one test have given."""

    def __init__(self):
        self.rows, self.cursors = {}, {}

    def sync(self, source, *, pages=None, **state):
        """Read a source, or only so many of its pages, as if the process had been killed then."""
        told = SyncState(cursors=dict(self.cursors), stored=self.stored, **state)
        reading = source.fetch(told)
        for n, page in enumerate(reading):
            if n == pages:
                reading.close()
                break
            self.put(source.tables([page]))
            if page.cursor is not None:
                self.cursors[page.stream] = page.cursor
        return told

    def put(self, tables):
        parents = set(tables["issues"]["id"]) if "issues" in tables else set()
        for name, table in tables.items():
            held = self.rows.setdefault(name, {})
            if name.startswith("issue_"):
                for key in [key for key in held if key[0] in parents]:
                    del held[key]
            for row in table.to_dict("records"):
                held[tuple(row[column] for column in frames.IDENTITY[name])] = row
        for name in ("issues", "milestones"):
            self._bury(name, tables)

    def _bury(self, name, tables):
        """Tombstones take rows away, and rows that come again take tombstones away."""
        stones, rows = self.rows.get("tombstones", {}), self.rows.get(name, {})
        for own in tables[name]["id"] if name in tables else ():
            stones.pop((own,), None)
        for key in stones:
            rows.pop(key, None)

    def stored(self, table, project):
        return {row["id"] for row in self.table(table) if row.get("project", project) == project}

    def table(self, name):
        return list(self.rows.get(name, {}).values())

    def snapshot(self):
        """Everything, in an order that does not depend on how it came."""
        return {name: sorted(map(str, rows.values())) for name, rows in self.rows.items() if rows}
