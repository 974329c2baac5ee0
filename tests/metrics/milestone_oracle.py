"""Milestones by going through the events one by one: slow, plain, and right."""

from statistics import median

import pandas as pd

Tables = dict[str, list[dict]]


def plain(tables: dict[str, pd.DataFrame]) -> Tables:
    """Tables as lists of rows, `None` for what is missing; events in the order in which they happened."""
    in_order = {
        name: table.sort_values([column for column in ("at", "seq") if column in table]) if "at" in table else table
        for name, table in tables.items()
    }
    records = {name: table.astype("object").where(table.notna(), None) for name, table in in_order.items()}
    return {name: table.to_dict("records") for name, table in records.items()}


def began(tables: Tables, field: str) -> dict[str, str | None]:
    """What each issue held before its first change, or for ever."""
    told = [row for row in tables["issue_events"] if row["field"] == field]
    found = {}
    for issue in tables["issues"]:
        now = None if issue[field] is None else str(issue[field])
        found[issue["id"]] = next((row["old"] for row in told if row["issue"] == issue["id"]), now)
    return found


def held(tables: Tables, field: str, now: pd.Timestamp) -> dict[str, set[str]]:
    """The values of a field that each issue holds, with what it began with."""
    found = {issue: {value} - {None} for issue, value in began(tables, field).items()}
    told = [row for row in tables["issue_events"] if row["field"] == field]
    for row in told:
        if row["at"] <= now:
            holds = found.setdefault(row["issue"], set())
            holds -= {row["old"]}
            holds |= {row["new"]} - {None}
    return found


def members(tables: Tables, name: str, now: pd.Timestamp) -> set[str]:
    """What is in a milestone, split or not."""
    found: set[str] = set()
    for row in tables["issue_events"]:
        if row["at"] <= now and row["field"] == "milestone" and name in (row["new"], row["old"]):
            (found.add if row["new"] == name else found.discard)(row["issue"])
    for row in tables["pull_request_events"]:
        if row["at"] <= now and row["subject"] == name:
            (found.add if row["kind"] == "milestoned" else found.discard)(row["pull_request"])
    return found


def above(item: str, parents: dict[str, set[str]]) -> set[str]:
    """What an item is part of, directly or not."""
    found: set[str] = set()
    todo = [item]
    while todo:
        new = parents.get(todo.pop(), set()) - found
        found |= new
        todo += new
    return found - {item}


def states(tables: Tables, now: pd.Timestamp) -> dict[str, str]:
    """The state of each item; what is not told of is to do."""
    found: dict[str, str] = {}
    for row in tables["issue_events"]:
        if row["at"] <= now and row["field"] == "status_category":
            found[row["issue"]] = row["new"]
    for row in tables["pull_requests"]:
        merged, closed = (row[end] is not None and row[end] <= now for end in ("merged_at", "closed_at"))
        found[row["id"]] = "done" if merged else "dropped" if closed else "active"
    return found


def counted(tables: Tables, name: str, now: pd.Timestamp) -> dict[str, str]:
    """The leaves in a milestone, and their states."""
    inside, parents, state = members(tables, name, now), held(tables, "parent", now), states(tables, now)
    split = set().union(*(above(item, parents) for item in inside))
    return {item: state.get(item, "todo") for item in inside - split}


def number(texts: set[str]) -> float | None:
    """The estimate that is held, if it is a number."""
    try:
        return float(next(iter(texts)))
    except (StopIteration, ValueError):
        return None


def estimate(tables: Tables, item: str, now: pd.Timestamp) -> float | None:
    """What an issue is estimated at: the last value set."""
    told = [row for row in tables["issue_events"] if row["field"] == "estimate" and row["issue"] == item]
    seen = [row["new"] for row in told if row["at"] <= now]
    return number({seen[-1] if seen else began(tables, "estimate").get(item)} - {None})


def weights(tables: Tables, name: str, now: pd.Timestamp) -> tuple[float | None, float | None, int, int]:
    """Scope and done in points, issues, estimated issues."""
    scope = {item: state for item, state in counted(tables, name, now).items() if state != "dropped" and item[0] == "i"}
    size = {item: estimate(tables, item, now) for item in scope}
    told = [each for each in size.values() if each is not None]
    if not told:
        return None, None, len(scope), 0
    filled = {item: median(told) if each is None else each for item, each in size.items()}
    done = sum(each for item, each in filled.items() if scope[item] == "done")
    return sum(filled.values()), done, len(scope), len(told)


def what_changed(tables: Tables, name: str, closed_at: pd.Timestamp) -> list[tuple]:
    """Every change of a milestone but for moves, which are joins and leaves: at, item, what."""
    told = {row["at"] for name in ("issue_events", "pull_request_events") for row in tables[name]}
    ends = {row[end] for row in tables["pull_requests"] for end in ("merged_at", "closed_at")} - {None}
    found: list[tuple] = []
    for now in sorted(told | ends):
        if now <= closed_at:
            before = now - pd.Timedelta(microseconds=1)
            found += _turned(tables, name, before, now)
    return sorted(found)


def _turned(tables: Tables, name: str, before: pd.Timestamp, now: pd.Timestamp) -> list[tuple]:
    was_in, is_in = members(tables, name, before), members(tables, name, now)
    was, now_is = counted(tables, name, before), counted(tables, name, now)
    found = [(now, item, "joined") for item in is_in - was_in if now_is.get(item, "dropped") != "dropped"]
    found += [(now, item, "left") for item in was_in - is_in if was.get(item, "dropped") != "dropped"]
    for item in set(was) & set(now_is):
        old, new = was[item], now_is[item]
        if new != old and new in ("done", "dropped"):
            found.append((now, item, {"done": "finished", "dropped": "dropped"}[new]))
        elif new != old and old in ("done", "dropped"):
            found.append((now, item, "reopened"))
    return found + _estimated(tables, now, set(was) & set(now_is), now_is)


def _estimated(tables: Tables, now: pd.Timestamp, stayed: set[str], state: dict[str, str]) -> list[tuple]:
    found = []
    for row in tables["issue_events"]:
        if row["field"] == "estimate" and row["at"] == now and row["issue"] in stayed:
            old, new = (number({row[side]} - {None}) for side in ("old", "new"))
            if old != new and state[row["issue"]] != "dropped":
                found.append((now, row["issue"], "re_estimated"))
    return found
